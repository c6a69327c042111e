"""What a session leaves for the next one: site, format, columns, panels; and ten thousand reports of earlier ones."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QComboBox, QMainWindow

from sana_desktop.api.origin import parse_workspace
from sana_desktop.base.clock import SystemClock
from sana_desktop.base.redaction import Redactor
from sana_desktop.reports.records.job import JobState
from sana_desktop.reports.records.ledger import JobChange, Ledger
from sana_desktop.reports.records.transfer import TransferState
from sana_desktop.sandbox.server import SandboxServer, running_sandbox
from sana_desktop.store import settings as keys
from sana_desktop.store.database import Database
from sana_desktop.store.first_look import load_first_look
from sana_desktop.store.paths import Paths
from sana_desktop.store.secrets import SecretStore
from sana_desktop.ui import look_keeper
from sana_desktop.ui.layout_memory import PANELS, TAB
from sana_desktop.ui.models.jobs import JobColumn
from sana_desktop.workspace.connections import Access, ConnectionStore
from tests.support.live_window import LiveWindow, live_window
from tests.support.records import START, job, transfer

MANY = 10_000


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxServer]:
    with running_sandbox(rows=200, min_job_seconds=0.1) as server:
        yield server


@pytest.fixture(autouse=True)
def _app(qapp: QApplication) -> None:
    """Every test here has a window."""


async def prepare(home: Path, *sites: str) -> list[str]:
    """Connect sites in a data folder that no window has open; return their ids."""
    paths = Paths.below(home)
    paths.ensure()
    database = Database(paths.database)
    await database.open()
    book = ConnectionStore(database, SecretStore(Redactor()), SystemClock())
    made = [await book.add(parse_workspace(site), access=Access.PASTED) for site in sites]
    await database.close()
    return [one.id for one in made]


def site_shown(window: LiveWindow) -> str:
    choice = window.find("connectionChoice")
    assert isinstance(choice, QComboBox)
    return choice.currentText()


async def test_the_site_shown_is_the_site_ordered_from(tmp_path: Path, sandbox: SandboxServer) -> None:
    first, second = await prepare(tmp_path, "acme", "beta")
    async with live_window(tmp_path, sandbox, demo=False) as window:
        choice = window.find("connectionChoice")
        assert isinstance(choice, QComboBox)
        assert window.shell.editor.draft(window.shell.editor.current_id()).connection_id == first
        choice.setFocus()
        window.key(Qt.Key.Key_B)
        assert site_shown(window).startswith("beta")
        assert window.shell.editor.draft(window.shell.editor.current_id()).connection_id == second
        await window.until("the choice kept", lambda: window.core.settings.get(keys.LAST_CONNECTION) == second)
    async with live_window(tmp_path, sandbox, demo=False) as window:
        assert site_shown(window).startswith("beta"), "a blank tab takes the site that was chosen last"
        window.write("SELECT 1")
        await window.core.book.forget(second, leave_secret=True)
        await window.until("no choice", lambda: site_shown(window) == "")
        assert not window.find("getReportButton").isEnabled(), "no other site is put in the place of one that is gone"
        await window.until(
            "the truth", lambda: window.truth() == "Nothing under way. No site is chosen for this query."
        )


async def test_columns_panels_and_format_come_back(tmp_path: Path, sandbox: SandboxServer) -> None:
    async with live_window(tmp_path, sandbox) as window:
        await window.ready()
        header = window.shell.jobs_panel.table.columns()
        header.resizeSection(JobColumn.REPORT, 231)
        window.shell.reports.swap_panels()
        chosen, layout = window.shell.jobs_panel.column_state(), window.shell.reports.save_layout()
        choice = window.find("formatChoice")
        choice.setFocus()
        window.key(Qt.Key.Key_X)
        window.press("getReportButton")
        await window.until("the format kept", lambda: window.core.settings.get(keys.DEFAULT_FORMAT) == "xlsx")
    assert layout
    async with live_window(tmp_path, sandbox) as window:
        assert window.shell.jobs_panel.column_state() == chosen
        docks = window.shell.reports.save_layout()
        window.shell.reports.reset_layout()
        assert docks != window.shell.reports.save_layout(), "the panels were swapped, not as at first"
        window.shell.editor.new_query()
        choice = window.find("formatChoice")
        assert isinstance(choice, QComboBox)
        assert choice.currentData() == "xlsx"


async def test_A49_a_kill_finds_the_window_as_it_was_left(
    tmp_path: Path, sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(look_keeper, "QUIET_MS", 10)
    async with live_window(tmp_path, sandbox, demo=False) as window:
        config, shell = window.paths.config, window.shell
        shell.window.showMaximized()
        shell.window.go_to("settings")
        shell.reports.swap_panels()
        # What is on disk while the window lives is what a kill leaves.
        await window.until("the file", lambda: load_first_look(config).place == "settings")
        kept = load_first_look(config)
        other = QMainWindow()
        assert other.restoreGeometry(kept.geometry)
        assert other.isMaximized()
        shell.window.showNormal()
        await window.until("the size", lambda: load_first_look(config).geometry != kept.geometry)
        states = window.core.settings.get(keys.VIEW_STATES)
        assert base64.b64decode(states[PANELS]) == shell.reports.save_layout()
        front = shell.editor.new_query("SELECT 2")
        shell.editor.new_query("SELECT 3")
        shell.editor.tabs.select(front)
        await window.until("the tab", lambda: window.core.settings.get(keys.VIEW_STATES).get(TAB) == front)


async def test_ten_thousand_reports_hold_nothing_up(tmp_path: Path, sandbox: SandboxServer) -> None:
    paths = Paths.below(tmp_path)
    paths.ensure()
    database = Database(paths.database)
    await database.open()
    ledger = Ledger(database)
    old = [
        replace(job(f"j{n}", JobState.FAILED), created_at=START + timedelta(seconds=n), error_message="It failed.")
        for n in range(MANY)
    ]
    await ledger.save_jobs([JobChange(record) for record in old])
    await ledger.save_transfer(transfer("t1", TransferState.PAUSED, job="j0", error_message="The disk was full."))
    await database.close()
    began = time.process_time()
    async with live_window(tmp_path, sandbox, demo=False) as window:
        usable = time.process_time() - began
        model = window.table("jobsTable").model()
        assert isinstance(model, QAbstractItemModel)
        resets = QSignalSpy(model.modelReset)
        assert model.rowCount() < MANY, "the first rows are there before the others are read"
        assert window.cell("jobsTable", 0, JobColumn.STATE) == "Failed"
        await window.until("all of them", lambda: model.rowCount() == MANY)
        assert resets.count() == 0
        ids = [getattr(record, "id", "") for record in window.records("jobsTable")]
        assert ids == [f"j{n}" for n in reversed(range(MANY))]
        await window.until("the paused one", lambda: window.truth() == "The disk was full.")
    assert usable < 5.0
