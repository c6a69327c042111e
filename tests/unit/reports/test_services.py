"""All services on one data folder: open, hold together, stop in order, and open again."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from sana_desktop.bootstrap import open_services
from sana_desktop.reports.services import Services
from sana_desktop.store.paths import Paths
from tests.support.records import job


async def test_they_open_hold_together_and_stop(tmp_path: Path) -> None:
    paths = Paths.below(tmp_path)
    paths.ensure()
    async with open_services(paths, adopts_others=True) as services:
        assert [one.name for one in fields(Services) if getattr(services, one.name) is None] == []
        assert services.open_report.created
        await services.ledger.save_job(job("j1"))
        (paths.processes / f"{'0' * 32}.lock").touch()
        assert services.downloads.list() == ()
    async with open_services(paths, adopts_others=True) as again:
        assert not again.open_report.created
        assert not again.open_report.unclean
        assert [one.id for one in await again.ledger.jobs()] == ["j1"]
        # What a killed process left is gone.
        assert [entry.stem for entry in paths.processes.iterdir()] == [again.owner]
