"""The whole window on a real sandbox: from a click to a checked file, by mouse and keys."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QComboBox

from sana_desktop.api.origin import parse_workspace
from sana_desktop.reports.records.job import JobRecord, JobState
from sana_desktop.reports.records.transfer import TransferRecord, TransferState
from sana_desktop.sandbox.server import SandboxServer, running_sandbox
from sana_desktop.store.settings import THEME
from sana_desktop.ui.models.downloads import DownloadColumn
from sana_desktop.ui.models.jobs import JobColumn
from tests.support.live_window import CTRL, SHIFT, LiveWindow, live_window


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxServer]:
    with running_sandbox(rows=300, min_job_seconds=0.1) as server:
        yield server


@pytest.fixture(autouse=True)
def _app(qapp: QApplication, sandbox: SandboxServer) -> None:
    sandbox.faults.clear()


def done(window: LiveWindow) -> list[TransferRecord]:
    records = window.records("downloadsTable")
    return [r for r in records if isinstance(r, TransferRecord) and r.state is TransferState.DONE]


def job(window: LiveWindow, row: int = 0) -> JobRecord:
    record = window.records("jobsTable")[row]
    assert isinstance(record, JobRecord)
    return record


async def test_one_click_from_the_example_to_a_checked_file(tmp_path: Path, sandbox: SandboxServer) -> None:
    async with live_window(tmp_path, sandbox) as window:
        await window.ready()
        window.press("getReportButton")
        await window.until("the file", lambda: done(window))
        record = done(window)[0]
        content = (Path(record.folder) / record.name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == record.sha256
        assert len(list(csv.reader(content.decode().splitlines()))) == 301
        assert record.rows == 300
        assert window.cell("downloadsTable", 0, DownloadColumn.STATE) == "Complete"
        assert window.cell("jobsTable", 0, JobColumn.STATE) == "Ready"
        await window.until("the truth", lambda: record.name in window.truth())


async def test_the_window_is_dressed_in_the_whole_style_sheet(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox):
        assert 'QPushButton[kind="primary"]' in qapp.styleSheet()


async def test_first_run_offers_three_ways_and_the_example_is_one_click(tmp_path: Path, sandbox: SandboxServer) -> None:
    async with live_window(tmp_path, sandbox, demo=False) as window:
        assert window.shell.reports.showing() == "welcome"
        assert window.truth() == "Nothing under way. No site is connected yet."
        window.press("tryExampleButton")
        await window.until("the work", lambda: window.shell.reports.showing() == "work")
        await window.ready()
        assert "user_course_instance_progress" in window.text()


async def test_who_connects_a_site_on_the_first_run_comes_back_to_the_work(
    tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox, demo=False) as window:
        window.shell.window.go_to("connections")
        await window.core.book.add(parse_workspace(sandbox.describe()["insights_url"]), client_id="x")
        await window.until("the work", lambda: window.shell.reports.showing() == "work")


async def test_a_pasted_command_is_said_in_words_and_nothing_is_sent_before_a_click(
    tmp_path: Path, sandbox: SandboxServer
) -> None:
    told = sandbox.describe()
    curl = (
        f"curl -X POST '{told['insights_url']}/api/v1/reports/query' -H 'Authorization: Bearer {told['token']}' "
        '-d \'{"query": "SELECT \\"user\\" FROM \\"analytics\\".\\"user_course_instance_progress\\"",'
        ' "format": "xlsx"}\''
    )
    sandbox.requests.clear()
    async with live_window(tmp_path, sandbox, demo=False) as window:
        QGuiApplication.clipboard().setText(curl)
        window.find("welcomePasteBox").setFocus()
        window.key(Qt.Key.Key_V, CTRL)
        await window.until("the card", lambda: window.shell.reports.showing() == "card")
        words = window.find("understoodCard").accessibleDescription()
        assert "Excel" in words
        assert "User course instance progress" in words
        assert told["token"] not in words
        assert not sandbox.requests.records()
        window.press("acceptPasteButton")
        await window.until("the query", lambda: "analytics" in window.text())
        assert told["token"] not in window.text()
        form = window.find("formatChoice")
        assert isinstance(form, QComboBox)
        assert form.currentData() == "xlsx"
        await window.ready()
        window.press("getReportButton")
        await window.until("the file", lambda: done(window))
        assert done(window)[0].name.endswith(".xlsx")
    assert told["token"].encode() not in everything_in(tmp_path)


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


async def test_U01_ten_clicks_order_one_report(tmp_path: Path, sandbox: SandboxServer) -> None:
    async with live_window(tmp_path, sandbox) as window:
        await window.ready()
        before = len(sandbox.job_queries())
        for _ in range(10):
            window.press("getReportButton")
        await window.until("the file", lambda: done(window))
        assert len(sandbox.job_queries()) - before == 1
        assert len(window.records("jobsTable")) == 1


async def test_what_was_typed_and_done_is_there_after_a_restart(tmp_path: Path, sandbox: SandboxServer) -> None:
    async with live_window(tmp_path, sandbox) as window:
        await window.ready()
        window.write("SELECT 42 AS answer")
        await window.ready()
        window.key(Qt.Key.Key_Return, CTRL)
        await window.until("the file", lambda: done(window))
        window.key(Qt.Key.Key_N, CTRL)
        await window.until("an empty tab", lambda: window.text() == "")
    async with live_window(tmp_path, sandbox) as window:
        titles = window.shell.editor.tabs.bar.count()
        assert titles == 2
        assert len(done(window)) == 1
        assert job(window).order.sql == "SELECT 42 AS answer"


async def test_stop_watching_and_watch_again(tmp_path: Path, sandbox: SandboxServer) -> None:
    async with live_window(tmp_path, sandbox) as window:
        await window.ready()
        window.write("/* sandbox: slow 600 */ SELECT 1 AS one")
        await window.ready()
        window.press("getReportButton")
        await window.until("a watched job", lambda: window.records("jobsTable") and job(window).state == "watching")
        await window.press_on_first_row("jobsTable", "stopWatching")
        await window.until("stopped", lambda: job(window).state is JobState.STOPPED)
        assert window.cell("jobsTable", 0, JobColumn.STATE) == "Not watched"
        await window.press_on_first_row("jobsTable", "watchAgain")
        await window.until("watched", lambda: job(window).state is JobState.WATCHING)


async def test_a_failed_job_says_why_in_the_services_words(tmp_path: Path, sandbox: SandboxServer) -> None:
    async with live_window(tmp_path, sandbox) as window:
        await window.ready()
        window.write("/* sandbox: fail the moon was in the way */ SELECT 1 AS one")
        await window.ready()
        window.press("getReportButton")
        await window.until("failure", lambda: window.records("jobsTable") and job(window).state is JobState.FAILED)
        assert "the moon was in the way" in window.cell("jobsTable", 0, JobColumn.NEXT)


async def test_the_sites_page_tests_a_connection_and_places_are_reached_by_keys(
    tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        await window.ready()
        window.key(Qt.Key.Key_3, CTRL)
        assert window.shell.window.place == "connections"
        await window.until("the demo's row", lambda: window.shell.connections.row("demo"))
        row = window.shell.connections.row("demo")
        assert row is not None
        window.shell.connections.test_wanted.emit("demo")
        await window.until("checks", lambda: "order" in words(row))
        window.key(Qt.Key.Key_4, CTRL)
        assert window.shell.window.place == "settings"
        window.key(Qt.Key.Key_1, CTRL)
        assert window.shell.window.place == "reports"


def words(widget: object) -> str:
    from PySide6.QtWidgets import QLabel, QWidget

    assert isinstance(widget, QWidget)
    return " ".join(label.text().lower() for label in widget.findChildren(QLabel))


async def test_a_theme_chosen_by_keys_is_remembered(tmp_path: Path, sandbox: SandboxServer) -> None:
    async with live_window(tmp_path, sandbox) as window:
        window.key(Qt.Key.Key_2, CTRL | Qt.KeyboardModifier.AltModifier)
        await window.until("dark", lambda: window.shell.theme.scheme == "dark")
        assert window.shell.current_look().theme == "dark"
        await window.until("saved", lambda: window.core.settings.get(THEME) == "dark")
        window.key(Qt.Key.Key_1, CTRL | Qt.KeyboardModifier.AltModifier)
        await window.until("light", lambda: window.shell.theme.scheme == "light")


async def test_a_blank_in_the_query_is_filled_in_before_anything_is_sent(
    tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        await window.ready()
        sandbox.requests.clear()
        window.write("SELECT * FROM users WHERE country = '{{country}}'")
        window.key(Qt.Key.Key_Return, CTRL)
        await window.until("a reason", lambda: "{{country}}" in window.truth() or not enabled(window))
        assert window.records("jobsTable") == []
        assert [record for record in sandbox.requests.records() if record.path.endswith("/query")] == []


def enabled(window: LiveWindow) -> bool:
    return window.find("getReportButton").isEnabled()


async def test_text_that_is_nothing_is_said_to_be_nothing(tmp_path: Path, sandbox: SandboxServer) -> None:
    async with live_window(tmp_path, sandbox) as window:
        await window.ready()
        QGuiApplication.clipboard().setText("just a sentence about lunch")
        window.key(Qt.Key.Key_V, CTRL | SHIFT)
        await window.until("the card", lambda: window.shell.reports.showing() == "card")
        assert not window.find("acceptPasteButton").isVisible()
        window.key(Qt.Key.Key_Escape)
        await window.until("the work", lambda: window.shell.reports.showing() == "work")
