"""The window when something is wrong: it says what, for as long as it is so, and the way on works."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLineEdit

from sana_desktop.api.models import ReportFormat
from sana_desktop.api.origin import parse_workspace
from sana_desktop.base.errors import StorageError
from sana_desktop.base.redaction import Secret
from sana_desktop.base.tasks import Supervisor
from sana_desktop.reports.records.job import JobRecord, JobState, Order
from sana_desktop.reports.records.transfer import TransferRecord, TransferState
from sana_desktop.reports.services import Services
from sana_desktop.sandbox.server import SandboxServer, running_sandbox
from sana_desktop.store.database import StoreHealth
from sana_desktop.store.first_look import FirstLook
from sana_desktop.ui.app import read_site
from sana_desktop.ui.dialogs import QuestionDialog
from sana_desktop.ui.frame import Frame
from sana_desktop.ui.lifetime import run_session
from sana_desktop.ui.models.downloads import DownloadColumn
from sana_desktop.ui.models.jobs import JobColumn
from sana_desktop.ui.shell import Shell
from tests.support.live_window import CTRL, SHIFT, WAIT_SECONDS, LiveWindow, SandboxAsDemo, live_window
from tests.support.waiting import until


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxServer]:
    with running_sandbox(rows=200, min_job_seconds=0.1) as server:
        yield server


@pytest.fixture(autouse=True)
def _app(qapp: QApplication, sandbox: SandboxServer) -> None:
    sandbox.faults.clear()


def job(window: LiveWindow, row: int = 0) -> JobRecord:
    record = window.records("jobsTable")[row]
    assert isinstance(record, JobRecord)
    return record


def done(window: LiveWindow) -> list[TransferRecord]:
    records = window.records("downloadsTable")
    return [r for r in records if isinstance(r, TransferRecord) and r.state is TransferState.DONE]


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def field(window: LiveWindow, name: str) -> QLineEdit:
    found = window.find(name)
    assert isinstance(found, QLineEdit)
    return found


async def test_a_refused_pass_then_credentials_pasted_then_the_report_goes_on(
    tmp_path: Path, sandbox: SandboxServer
) -> None:
    told = sandbox.describe()
    wrong = f"curl '{told['insights_url']}/api/v1/reports/query' -H 'Authorization: Bearer nobody-knows-this-pass-00'"
    body = ' -d \'{"query": "SELECT 1 AS one", "format": "csv"}\''
    async with live_window(tmp_path, sandbox, demo=False) as window:
        window.shell.window.pasted.emit(wrong + body)
        await window.until("the card", lambda: window.shell.reports.showing() == "card")
        window.press("acceptPasteButton")
        await window.ready()
        window.press("getReportButton")
        await window.until("a pause", lambda: window.records("jobsTable") and job(window).state is JobState.PAUSED)
        assert window.cell("jobsTable", 0, JobColumn.STATE) == "Needs you"
        await window.until("its reason on the line", lambda: window.truth() == job(window).error_message)

        secret = told["client_secret"]
        QGuiApplication.clipboard().setText(f"Client ID: {told['client_id']}\nClient secret: {secret}")
        window.key(Qt.Key.Key_V, CTRL | SHIFT)
        await window.until("the card", lambda: window.shell.reports.showing() == "card")
        assert secret not in window.find("understoodCard").accessibleDescription()
        window.press("acceptPasteButton")
        await window.until("the form", lambda: window.shell.connections.showing() == "form")
        assert field(window, "clientIdField").text() == told["client_id"]
        assert field(window, "secretField").text() == secret
        assert field(window, "secretField").echoMode() is QLineEdit.EchoMode.Password
        QGuiApplication.clipboard().clear()
        # The paste named no site, so the form asks for it; the person leaves, and changes the one that is there.
        assert window.shell.window.focusWidget() is field(window, "siteField")
        window.key(Qt.Key.Key_Escape)
        assert field(window, "secretField").text() == ""
        row = window.shell.connections.row(job(window).order.connection_id)
        assert row is not None
        window.shell.connections.begin_form(row.view, "client")
        window.shell.connections.form.prefill("", told["client_id"], Secret(secret))
        window.press("saveConnectionButton")
        await window.until("the file", lambda: done(window))
        await window.until("the truth", lambda: window.truth() == f"Saved and checked: {done(window)[0].name}")
    assert secret.encode() not in everything_in(tmp_path)


async def test_the_line_goes_from_trouble_to_under_way_to_done(tmp_path: Path, sandbox: SandboxServer) -> None:
    async with live_window(tmp_path, sandbox) as window:
        await window.ready()
        window.write("/* sandbox: slow 1.5 */ SELECT 1 AS one")
        await window.ready()
        window.press("getReportButton")
        await window.until("under way", lambda: window.truth().startswith(("The site is preparing", "Ordering")))
        await window.until("the job", lambda: window.records("jobsTable") and job(window).job_id)
        window.core.queue.changed.publish(replace(job(window), trouble="Connection trouble, still trying."))
        await window.until("trouble", lambda: window.truth().endswith("Connection trouble, still trying."))
        await window.until("the end", lambda: window.truth().startswith("Saved and checked: "))


async def test_a_store_that_can_not_be_written_is_said_for_as_long_as_it_is_so(
    tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        await window.ready()
        window.core.database.health.publish(StoreHealth.FULL)
        await window.until("the sentence", lambda: window.truth().startswith("The disk is full"))
        window.core.database.health.publish(StoreHealth.LOCKED)
        await window.until("the other", lambda: window.truth().startswith("Another program holds"))
        window.core.database.health.publish(StoreHealth.GOOD)
        await window.until("relief", lambda: window.truth().startswith("Nothing under way"))


async def test_a_bug_is_said_to_be_one(tmp_path: Path, sandbox: SandboxServer) -> None:
    async def fail() -> None:
        raise ZeroDivisionError

    async with live_window(tmp_path, sandbox) as window:
        await window.ready()
        window.core.supervisor.start("a task with a mistake in it", fail())
        await window.until("the sentence", lambda: "in the app itself (ZeroDivisionError)" in window.truth())


async def test_a_report_of_the_example_goes_on_when_the_example_is_started_again(
    tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        await window.ready()
        window.write("/* sandbox: slow 2 */ SELECT 1 AS one")
        await window.ready()
        window.press("getReportButton")
        await window.until("a watched job", lambda: window.records("jobsTable") and job(window).state == "watching")
    async with live_window(tmp_path, sandbox, demo=False) as window:
        assert window.shell.reports.showing() == "work"
        await window.until("a pause", lambda: job(window).state is JobState.PAUSED)
        await window.press_on_first_row("jobsTable", "signIn")
        await window.until("the file", lambda: done(window))


async def test_a_report_without_a_way_in_leads_to_the_form_and_one_of_a_forgotten_site_back_to_it(
    tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        await window.ready()
        core, page = window.core, window.shell.connections
        site = await core.book.add(parse_workspace("acme"), name="Acme", client_id="c")
        await core.queue.order(Order(site.id, "Users", "SELECT 1", ReportFormat.CSV))
        needs = "E-AUTH-MISSING"
        await window.until("a pause", lambda: window.records("jobsTable") and job(window).error_code == needs)
        await window.press_on_first_row("jobsTable", "signIn")
        await window.until("the form, not a test that must fail", lambda: page.form.secret.field.hasFocus())
        await core.book.forget(site.id)
        window.shell.window.go_to("reports")
        state = "Not ordered"
        await window.until("the end", lambda: window.cell("jobsTable", 0, JobColumn.STATE) == state)
        await window.press_on_first_row("jobsTable", "runAgain")
        await window.until("the question", lambda: window.shell.window.findChildren(QuestionDialog))
        window.press("answer-connect")
        await window.until("the form", lambda: page.form.isVisible() and page.form.site.text() == str(site.origin))
        again = await core.book.add(site.origin, client_id="c")
        assert core.queue.can_order_anew(job(window))
        new = await core.queue.run_again(job(window).id)
        assert new.order.connection_id == again.id


async def test_a_moved_file_is_noticed_and_found_again(tmp_path: Path, sandbox: SandboxServer) -> None:
    async with live_window(tmp_path, sandbox) as window:
        await window.ready()
        window.press("getReportButton")
        await window.until("the file", lambda: done(window))
        record = done(window)[0]
        here = Path(record.folder) / record.name
        there = here.rename(tmp_path / "elsewhere.csv")
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        app.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
        await window.until("notice", lambda: window.cell("downloadsTable", 0, DownloadColumn.STATE) == "Not found")
        assert window.cell("jobsTable", 0, JobColumn.STATE) == "File not found", "the job never contradicts its file"
        await window.press_on_first_row("downloadsTable", "locate")
        await window.until("the dialog", lambda: window.shell.window.findChildren(QFileDialog))
        dialog = window.shell.window.findChildren(QFileDialog)[0]
        name = dialog.findChild(QLineEdit, "fileNameEdit")
        assert isinstance(name, QLineEdit)
        name.setText(str(there))
        dialog.accept()
        await window.until("found", lambda: window.cell("downloadsTable", 0, DownloadColumn.STATE) == "Complete")
        assert window.cell("jobsTable", 0, JobColumn.STATE) == "Ready"
        assert window.cell("downloadsTable", 0, DownloadColumn.FILE) == "elsewhere.csv"
        assert window.truth() == "Found: elsewhere.csv is the file that was downloaded."


async def test_M2_a_dead_link_is_told_with_its_reason_and_a_new_run_is_offered_beside_it(
    tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        await window.ready()
        window.write("-- sandbox: dead")
        window.key(Qt.Key.Key_Return)
        QTest.keyClicks(window.find("editor"), "SELECT 1 AS x")
        window.press("getReportButton")
        await window.until("its state", lambda: window.cell("jobsTable", 0, JobColumn.STATE) == "Link ended")
        assert "Run it again?" in window.cell("jobsTable", 0, JobColumn.NEXT)
        await window.until("the word", lambda: "was not fetched" in window.truth())
        await window.press_on_first_row("jobsTable", "details")
        await window.until("the offer", lambda: window.shell.jobs_panel.details.isVisible())
        assert "could not give a new one" in window.shell.jobs_panel.details.as_text()
        first = job(window)
        assert first.site_name == "Example data"
        assert first.site_address.startswith("http://127.0.0.1:")
        window.press("jobDetailsRunAgain")
        await window.until("the question", lambda: window.shell.window.findChildren(QuestionDialog))
        window.press("answer-again")
        await window.until("a new run", lambda: job(window).order.rerun_of == first.id)


async def test_a_start_that_fails_is_said_and_the_window_can_be_closed(tmp_path: Path, sandbox: SandboxServer) -> None:
    @asynccontextmanager
    async def broken() -> AsyncIterator[Services]:
        raise StorageError("The app's own store is damaged.", code="E-DB-DAMAGED")
        yield

    app = QApplication.instance()
    assert isinstance(app, QApplication)
    shell = Shell(Frame(app, FirstLook(theme="light")), read_site)
    shell.window.show()
    owner = Supervisor("test")
    session = owner.start("session", run_session(shell, broken, SandboxAsDemo(sandbox), demo=False))
    assert session is not None
    await until(lambda: shell.window.findChild(QDialog, "questionDialog"))
    shell.window.close()
    assert await asyncio.wait_for(session, WAIT_SECONDS) is False
    shell.window.close_for_good()
    shell.window.deleteLater()
