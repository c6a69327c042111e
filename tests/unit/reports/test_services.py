"""All services on one data folder: open, hold together, stop in order, and open again."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from sana_desktop.api.models import ReportFormat
from sana_desktop.api.origin import parse_workspace
from sana_desktop.bootstrap import open_services
from sana_desktop.reports.queue.steps import SITE_FORGOTTEN
from sana_desktop.reports.records.job import JobState, Order
from sana_desktop.reports.records.transfer import TransferRecord, TransferState
from sana_desktop.reports.services import Services
from sana_desktop.store.paths import Paths
from sana_desktop.store.person import person_here
from sana_desktop.workspace.connections import Access
from tests.support.records import job, transfer
from tests.support.waiting import until


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


async def test_a_site_that_is_forgotten_ends_what_is_open_of_it_and_its_reports_keep_its_name(tmp_path: Path) -> None:
    paths = Paths.below(tmp_path)
    paths.ensure()
    async with open_services(paths, adopts_others=True) as services:
        site = await services.book.add(parse_workspace("http://127.0.0.1:9"), name="Acme", access=Access.PASTED)
        record = await services.queue.order(Order(site.id, "Completions", "SELECT 1", ReportFormat.CSV))
        assert record.ordered_by == person_here()
        waiting = await waiting_download(services, site.id)
        await services.book.forget(site.id, leave_secret=True)
        await until(lambda: not services.queue.open_orders(site.id))
        await until(lambda: services.downloads.list()[0].state is TransferState.FAILED)
        ended = await services.ledger.job(record.id)
        assert ended is not None
        assert (ended.state, ended.error_code, ended.error_next_step) == (JobState.STOPPED, SITE_FORGOTTEN, "")
        assert (ended.site_name, ended.site_address) == ("Acme", "http://127.0.0.1:9")
        failed = await services.ledger.transfer(waiting.id)
        assert failed is not None
        assert failed.error_message == "Its site was forgotten before the file was here."


async def waiting_download(services: Services, site: str) -> TransferRecord:
    """A download of a ready job that waits for a person."""
    ready = job("ready", JobState.READY, order=Order(site, "Users", "SELECT 2", ReportFormat.CSV), owner=services.owner)
    record = transfer("t1", TransferState.PAUSED, job="ready", folder=str(services.paths.downloads))
    await services.ledger.save_job(ready)
    await services.ledger.save_transfer(record)
    await services.downloads.restore()
    return record


async def test_P12_a_window_says_what_the_command_before_it_found_damaged(tmp_path: Path) -> None:
    paths = Paths.below(tmp_path)
    paths.ensure()
    paths.database.write_bytes(b"no database at all")
    async with open_services(paths, adopts_others=False) as command:
        assert [notice.code for notice in command.open_report.notices] == ["W-DB-EMPTIED"]
    for told in (["W-DB-EMPTIED"], []):
        async with open_services(paths, adopts_others=True) as window:
            assert [notice.code for notice in window.open_report.notices] == told
