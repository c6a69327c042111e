"""A password store that hangs does not keep the window from work."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from sana_desktop.reports.records.transfer import TransferRecord
from sana_desktop.sandbox.server import SandboxServer, running_sandbox
from sana_desktop.store import secrets
from sana_desktop.store.secrets import Choice
from sana_desktop.ui.models.downloads import DownloadColumn
from tests.support.live_window import live_window


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxServer]:
    with running_sandbox(rows=50, min_job_seconds=0.1) as server:
        yield server


async def test_K04_a_store_that_hangs_at_the_start_holds_nothing_up(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, let_go = threading.Event(), threading.Event()

    def hang() -> Choice | None:
        asked.set()
        let_go.wait()
        return None

    monkeypatch.setattr(secrets, "choose_store", hang)
    try:
        async with live_window(tmp_path, sandbox) as window:
            await window.until("the question to the store", asked.is_set)
            await window.ready()
            window.press("getReportButton")
            await window.until("the file", lambda: "Saved and checked" in window.truth())
            assert not let_go.is_set()
            let_go.set()
    finally:
        let_go.set()


async def test_P12_after_a_loss_the_reports_in_the_folder_are_back_in_the_list(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        await window.ready()
        window.press("getReportButton")
        await window.until("the file", lambda: "Saved and checked" in window.truth())
        (before,) = window.records("downloadsTable")
    for backup in (window.paths.data / "backups").iterdir():
        backup.unlink()
    window.paths.database.write_bytes(b"no database any more")
    async with live_window(tmp_path, sandbox, demo=False) as window:
        await window.until("the row", lambda: window.records("downloadsTable"))
        (after,) = window.records("downloadsTable")
        assert isinstance(before, TransferRecord)
        assert isinstance(after, TransferRecord)
        assert (after.folder, after.name, after.total) == (before.folder, before.name, before.total)
        assert window.cell("downloadsTable", 0, DownloadColumn.STATE) == "Found again"
        assert window.records("jobsTable") == []
        await window.until("the notice", lambda: "I found 1 report again" in window.truth())
