"""What support is told: versions, states, places; no query, no site, no secret (A52)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QApplication

from sana_desktop.api.origin import parse_workspace
from sana_desktop.base.redaction import Secret
from sana_desktop.bootstrap import open_services
from sana_desktop.store.paths import Paths
from sana_desktop.ui.diagnostics import diagnostics_text, versions
from sana_desktop.workspace.connections import Access, Mark
from tests.support.records import job


async def test_nothing_of_the_person_is_in_it(qapp: QApplication, tmp_path: Path) -> None:
    paths = Paths.below(tmp_path)
    paths.ensure()
    async with open_services(paths, adopts_others=True) as services:
        entry = await services.book.add(
            parse_workspace("canary-site"), name="Canary name", access=Access.PASTED, mark=Mark.TEST
        )
        services.clients.give_token(entry.id, Secret("canary-pass-0123456789"))
        record = job("j1")
        await services.ledger.save_job(replace(record, order=replace(record.order, sql="SELECT canary FROM t")))
        text = diagnostics_text(services)
    assert "canary" not in text.lower()
    assert "Connections by kind: test 1" in text
    assert "Downloads by state: none" in text
    assert str(paths.log_file) in text
    for name, version in versions():
        assert f"{name}: {version}" in text
