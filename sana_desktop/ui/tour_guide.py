"""The steps of the tour: what is pressed, what must come of it, and the picture that is taken."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QBuffer, QIODevice, QPoint, Qt
from PySide6.QtGui import QCursor, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QPlainTextEdit, QWidget

from sana_desktop.reports.records.transfer import TransferRecord, TransferState
from sana_desktop.store.private import write_private
from sana_desktop.ui.models.records import RECORD_ROLE
from sana_desktop.ui.shell import Shell
from sana_desktop.workspace.demo_server import DemoServer

STEP_SECONDS = 60.0
"""Longest wait for what a step leads to; a cold start of the demo workspace takes a few seconds."""
LOOK_SECONDS = 0.05
SET = 5
"""Exercises that the tour asks for at once."""
SETTLE_TURNS = 6
"""Turns of the loop before a picture, so that layouts and style sheets have been applied."""
MEANING_TURNS = 14
"""The same for a session, whose pictures follow it one after the other."""

Found = TypeVar("Found")
Modifier = Qt.KeyboardModifier

CURL = """\
curl -X POST '{url}/api/v1/reports/query' \\
-H 'Content-Type: application/json' \\
-H 'Authorization: Bearer {token}' \\
-d '{{ "query": "SELECT \\"department\\", COUNT(*) AS \\"learners\\" FROM \\"analytics\\".\\"users\\" \
GROUP BY \\"department\\" ORDER BY \\"department\\"", "format": "xlsx" }}'
"""


class TourFailed(Exception):
    """A step did not lead to what it must lead to."""


class Guide:
    """Leads through the window.

    Args:
        shell: the window and its parts.
        server: the demo workspace, once the window has started it.
        folder: where pictures and the record go, and the reports too.
        tell: prints a line.
    """

    def __init__(self, shell: Shell, server: DemoServer, folder: Path, tell: Callable[[str], None]) -> None:
        self._shell = shell
        self._window = shell.window
        self._server = server
        self._folder = folder
        self._tell = tell
        self._pictures: list[str] = []

    async def lead(self) -> int:
        """Take all steps, then close the window as a person does; return the exit code."""
        try:
            await self._begin()
            first = await self._get_the_example()
            second = await self._paste_a_command()
            await self._practise()
            await self._look_around()
            await self._after_dark()
            self._write_record([first, second])
        except TourFailed as failure:
            await self._picture("failed")
            self._tell(f"The tour stopped: {failure}")
            return 1
        finally:
            self._window.close()
        self._tell(f"The window works: two reports were ordered, fetched and checked in {self._folder}")
        for name in (*self._pictures, Path(first.name), Path(second.name), Path("tour.json")):
            self._tell(f"  {name}")
        return 0

    # -- the steps

    async def _begin(self) -> None:
        self._window.activateWindow()
        await self._until("the welcome page", lambda: self._shell.reports.showing() == "welcome")
        await self._picture("welcome")

    async def _get_the_example(self) -> TransferRecord:
        self._press("tryExampleButton")
        await self._until("the example query", lambda: "user_course_instance_progress" in self._query())
        await self._until("the button to get ready", lambda: self._widget("getReportButton").isEnabled())
        await self._picture("query")
        self._press("getReportButton")
        await self._until("a row for the job", lambda: self._rows("jobsTable") == 1)
        await self._picture("job")
        record = await self._until("the finished file", lambda: self._finished(0))
        await self._picture("file")
        self._check(record)
        return record

    async def _paste_a_command(self) -> TransferRecord:
        address = self._server.address
        if address is None:
            raise TourFailed("the demo workspace has no address")
        QGuiApplication.clipboard().setText(CURL.format(url=address.insights_url, token=address.token.reveal()))
        self._keys(Qt.Key.Key_V, Modifier.ControlModifier | Modifier.ShiftModifier)
        await self._until("the card", lambda: self._shell.reports.showing() == "card")
        await self._picture("understood")
        QGuiApplication.clipboard().clear()
        self._press("acceptPasteButton")
        await self._until("the pasted query", lambda: "GROUP BY" in self._query())
        if address.token.reveal() in self._query():
            raise TourFailed("the pass is in the editor")
        form = self._widget("formatChoice")
        if not isinstance(form, QComboBox) or form.currentData() != "xlsx":
            raise TourFailed("the format was not taken over")
        await self._until("the button to get ready", lambda: self._widget("getReportButton").isEnabled())
        edit = self._widget("editor")
        edit.setFocus()
        self._keys(Qt.Key.Key_Return, Modifier.ControlModifier)
        record = await self._until("the second file", lambda: self._finished(1))
        self._check(record)
        return record

    async def _practise(self) -> None:
        self._press("railPractice")
        await self._until("the Practice place", self._shell.practice_room.has_arrived)
        await self._until("the button to get ready", lambda: self._widget("nextExercisesButton").isEnabled())
        count = self._widget("practiceCount")
        count.setFocus()
        for _ in range(SET - 1):
            self._keys(Qt.Key.Key_Up)
        await self._picture("practice")
        self._press("nextExercisesButton")
        await self._until("the exercises", lambda: self._rows("recommendations") == SET)
        self._press("answerCorrect")
        for key in (Qt.Key.Key_2, Qt.Key.Key_3):
            self._keys(key)
        await self._until("three answers", lambda: self._rows("practiceHistory") == 4)
        await self._picture("practice-session", MEANING_TURNS)
        self._press("answerSkipped")
        self._press("answerCorrect")
        await self._until("the end of the set", lambda: self._widget("practiceDone").isVisible())
        self._press("practiceDone-next")
        await self._until("the next set", lambda: self._rows("practiceHistory") == 7)
        await self._picture("practice-next-set", MEANING_TURNS)

    async def _look_around(self) -> None:
        self._press("railReports")
        await self._until("the reports", lambda: self._window.place == "reports")
        jobs = self._table("jobsTable")
        jobs.setFocus()
        jobs.setCurrentIndex(jobs.model().index(1, 0))
        self._keys(Qt.Key.Key_Return)
        await self._until("the details", lambda: self._shell.jobs_panel.details.isVisible())
        row = jobs.visualRect(jobs.model().index(0, 0)).center()
        # Not `QTest.mouseMove`: it turns Qt's loop within this task, and a task that should go on then is lost.
        QCursor.setPos(self._table("downloadsTable").viewport().mapToGlobal(QPoint(60, row.y())))
        await self._picture("details")
        self._press("railConnections")
        await self._until("the connections", lambda: self._window.place == "connections")
        await self._picture("connections")
        self._press("railSettings")
        await self._until("the settings", lambda: self._window.place == "settings")
        await self._picture("settings")

    async def _after_dark(self) -> None:
        self._keys(Qt.Key.Key_2, Modifier.ControlModifier | Modifier.AltModifier)
        await self._until("the dark colours", lambda: self._shell.theme.scheme == "dark")
        await self._picture("settings-dark")
        self._press("railConnections")
        await self._picture("connections-dark")
        self._press("railPractice")
        await self._picture("practice-dark")
        self._press("railReports")
        await self._until("the reports", lambda: self._window.place == "reports")
        await self._picture("file-dark")
        self._keys(Qt.Key.Key_W, Modifier.ControlModifier | Modifier.ShiftModifier)
        await self._until("the welcome page", lambda: self._shell.reports.showing() == "welcome")
        await self._picture("welcome-dark")

    # -- hands and eyes

    async def _until(self, what: str, look: Callable[[], Found | bool | None]) -> Found:
        try:
            async with asyncio.timeout(STEP_SECONDS):
                while not (seen := look()):  # noqa: ASYNC110 - a widget has no event for what a person sees
                    await asyncio.sleep(LOOK_SECONDS)
        except TimeoutError:
            raise TourFailed(f"{what} did not come within {STEP_SECONDS:.0f} s") from None
        return seen  # type: ignore[return-value]

    def _widget(self, name: str) -> QWidget:
        found = self._window.findChild(QWidget, name)
        if found is None:
            raise TourFailed(f"there is no {name}")
        return found

    def _table(self, name: str) -> QAbstractItemView:
        found = self._widget(name)
        if not isinstance(found, QAbstractItemView):
            raise TourFailed(f"{name} is no table")
        return found

    def _press(self, name: str) -> None:
        button = self._widget(name)
        if not button.isVisible() or not button.isEnabled():
            raise TourFailed(f"{name} can't be pressed")
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def _keys(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Modifier.NoModifier) -> None:
        QTest.keyClick(self._window.focusWidget() or self._window, key, modifiers)

    def _query(self) -> str:
        edit = self._widget("editor")
        return edit.toPlainText() if isinstance(edit, QPlainTextEdit) else ""

    def _rows(self, name: str) -> int:
        return self._table(name).model().rowCount()

    def _finished(self, already: int) -> TransferRecord | None:
        model = self._table("downloadsTable").model()
        records = [model.index(row, 0).data(RECORD_ROLE) for row in range(model.rowCount())]
        done = [record for record in records if record.state is TransferState.DONE]
        failed = [record for record in records if record.state in {TransferState.FAILED, TransferState.LINK_ENDED}]
        if failed:
            raise TourFailed(failed[0].error_message)
        return done[0] if len(done) > already else None

    def _check(self, record: TransferRecord) -> None:
        content = (Path(record.folder) / record.name).read_bytes()
        if len(content) != record.received or hashlib.sha256(content).hexdigest() != record.sha256:
            raise TourFailed(f"{record.name} is not what was recorded")

    async def _picture(self, name: str, turns: int = SETTLE_TURNS) -> None:
        for _ in range(turns):
            await asyncio.sleep(LOOK_SECONDS)
        number = len(self._pictures) + 1
        file = f"{number:02d}-{name}.png"
        taken = QBuffer()
        taken.open(QIODevice.OpenModeFlag.WriteOnly)
        self._window.grab().save(taken, "PNG")
        try:
            write_private(self._folder / file, bytes(taken.data().data()))
        except OSError as error:
            raise TourFailed(f"{file} can't be written into {self._folder}") from error
        self._pictures.append(file)

    def _write_record(self, records: list[TransferRecord]) -> None:
        story = {
            "pictures": self._pictures,
            "files": [
                {
                    "name": record.name,
                    "bytes": record.received,
                    "sha256": record.sha256,
                    "rows": record.rows,
                    "columns": record.columns,
                }
                for record in records
            ],
        }
        write_private(self._folder / "tour.json", (json.dumps(story, indent=2) + "\n").encode())
