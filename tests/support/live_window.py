"""The real window, with its session on the test's loop and the sandbox as its demo workspace."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPlainTextEdit, QTableView, QWidget

from sana_desktop.base.redaction import Secret
from sana_desktop.base.tasks import Supervisor
from sana_desktop.bootstrap import open_practice, open_services
from sana_desktop.reports.services import Services
from sana_desktop.sandbox.server import SandboxServer
from sana_desktop.store.first_look import FirstLook
from sana_desktop.store.paths import Paths
from sana_desktop.ui.app import read_site
from sana_desktop.ui.frame import Frame
from sana_desktop.ui.lifetime import run_session
from sana_desktop.ui.models.records import RECORD_ROLE
from sana_desktop.ui.reports.table.menu import RECORD_MENU
from sana_desktop.ui.shell import Shell
from sana_desktop.workspace.demo_server import DemoAddress

WAIT_SECONDS = 60.0
FRESH = FirstLook(theme="light")
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier

Found = TypeVar("Found")


class SandboxAsDemo:
    """A sandbox that runs already, offered as the demo workspace."""

    def __init__(self, sandbox: SandboxServer) -> None:
        self._sandbox = sandbox
        self.starts = 0

    async def start(self) -> DemoAddress:
        self.starts += 1
        told = self._sandbox.describe()
        return DemoAddress(
            told["insights_url"],
            told["practice_url"],
            told["client_id"],
            Secret(told["client_secret"]),
            Secret(told["token"]),
            Secret(told["api_key"]),
        )

    async def stop(self) -> None:
        """The test that started the sandbox stops it."""


@dataclass
class LiveWindow:
    """What a test needs of a living window: find, press, type, wait."""

    shell: Shell
    paths: Paths
    services: list[Services]

    @property
    def core(self) -> Services:
        """The open services."""
        return self.services[0]

    def find(self, name: str) -> QWidget:
        found = self.shell.window.findChild(QWidget, name)
        assert found is not None, f"there is no {name}"
        return found

    def table(self, name: str) -> QTableView:
        found = self.find(name)
        assert isinstance(found, QTableView)
        return found

    def press(self, name: str) -> None:
        button = self.find(name)
        assert button.isVisible(), f"{name} can't be seen"
        assert button.isEnabled(), f"{name} can't be pressed"
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    async def press_on_first_row(self, table: str, act: str) -> None:
        """Go to the first row of a table by keys, and choose an act from its menu once it is offered."""
        rows = self.table(table)
        rows.setFocus()
        QTest.keyClick(rows, Qt.Key.Key_Home)

        def offered() -> QMenu | None:
            menu = next((one for one in rows.findChildren(QMenu, RECORD_MENU) if one.isVisible()), None)
            if menu is None:
                QTest.keyClick(rows, Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
            elif not any(entry.objectName() == f"menuAction-{act}" for entry in menu.actions()):
                menu.close()  # the row has another state by and by, and another menu
            else:
                return menu
            return None

        menu = await self.until(act, offered)
        assert menu is not None
        entry = next(one for one in menu.actions() if one.objectName() == f"menuAction-{act}")
        QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(entry).center())

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.shell.window.focusWidget() or self.shell.window, key, modifiers)

    def text(self) -> str:
        edit = self.find("editor")
        assert isinstance(edit, QPlainTextEdit)
        return edit.toPlainText()

    def write(self, sql: str) -> None:
        """Replace the query as a person does: select all, type."""
        edit = self.find("editor")
        edit.setFocus()
        QTest.keyClick(edit, Qt.Key.Key_A, CTRL)
        QTest.keyClicks(edit, sql)

    def records(self, name: str) -> list[object]:
        model = self.table(name).model()
        return [model.index(row, 0).data(RECORD_ROLE) for row in range(model.rowCount())]

    def cell(self, name: str, row: int, column: int) -> str:
        return str(self.table(name).model().index(row, column).data())

    def truth(self) -> str:
        return self.shell.window.status.text()

    async def until(self, what: str, look: Callable[[], Found]) -> Found:
        """Wait until `look` returns something true, and return it."""
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                while not (seen := look()):  # noqa: ASYNC110 - a widget has no event for what a person sees
                    await asyncio.sleep(0.01)
        except TimeoutError:
            raise AssertionError(f"{what} did not come; the status line says: {self.truth()}") from None
        return seen

    async def ready(self) -> None:
        """Wait until the editor can order."""
        await self.until("the button", lambda: self.find("getReportButton").isEnabled())


@asynccontextmanager
async def live_window(
    home: Path, sandbox: SandboxServer, *, demo: bool = True, look: FirstLook = FRESH
) -> AsyncIterator[LiveWindow]:
    """Open the window on a data folder, as it looked last, and close it in order at the end."""
    paths = Paths.below(home)
    paths.ensure()
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    shell = Shell(Frame(app, look), read_site)
    shell.window.resize(1280, 800)
    shell.window.show()
    shell.window.activateWindow()
    opened: list[Services] = []

    @asynccontextmanager
    async def open_here() -> AsyncIterator[Services]:
        async with open_services(paths, adopts_others=True) as services:
            opened.append(services)
            yield services

    owner = Supervisor("test")
    session = owner.start(
        "session", run_session(shell, open_here, SandboxAsDemo(sandbox), demo=demo, open_practice=open_practice)
    )
    assert session is not None
    window = LiveWindow(shell, paths, opened)
    try:
        await window.until("the session", lambda: opened and not window.truth().startswith("Getting ready"))
        yield window
    finally:
        shell.window.close()
        assert await asyncio.wait_for(session, WAIT_SECONDS)
        shell.window.close_for_good()
        # Places that were never gone to have no parent yet, and would be dressed anew with every later window.
        for widget in (shell.reports, shell.connections, shell.settings, shell.window):
            widget.deleteLater()
