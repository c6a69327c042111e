"""Rows of finished files stay true: looked at when seen, again when the person comes back, and one at a time (A27)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from sana_desktop.base.errors import UserError
from sana_desktop.base.tasks import Supervisor
from sana_desktop.reports.records.transfer import TransferRecord, TransferState
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.models.downloads import DownloadColumn
from sana_desktop.ui.reports.records.missing_files import MissingFiles
from sana_desktop.ui.theme.theme import Theme
from tests.support.panels import JobRegistry, row_buttons
from tests.support.records import START, transfer
from tests.support.waiting import is_idle, until


class Disk:
    """Says which files are gone."""

    def __init__(self) -> None:
        self.gone: set[str] = set()
        self.looked: list[str] = []
        self.at_once = self.most = 0
        self.changed: Callable[[TransferRecord], None] = lambda record: None

    async def look(self, identity: str) -> TransferRecord:
        self.looked.append(identity)
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        await asyncio.sleep(0)
        self.at_once -= 1
        if identity == "removed":
            raise UserError("It is no longer in the list.", code="E-TEST")
        record = transfer(identity, TransferState.DONE, lost_at=START if identity in self.gone else None)
        if identity in self.gone:
            self.changed(record)
        return record


@pytest.fixture
async def tasks() -> AsyncIterator[Supervisor]:
    made = Supervisor("test")
    yield made
    await made.stop()


async def test_a_file_that_went_is_shown_so_with_the_way_on(
    qtbot: QtBot, theme: Theme, icons: Icons, tasks: Supervisor
) -> None:
    desk, disk = JobRegistry(qtbot, theme, icons), Disk()
    kept = [transfer(f"t{n}", TransferState.DONE, name=f"{n}.csv") for n in range(3)]
    panel = desk.downloads([*kept, transfer("removed", TransferState.DONE), transfer("on", TransferState.FETCHING)])
    files = MissingFiles(panel, disk, tasks)
    disk.changed = panel.model.put
    files.look()
    await until(lambda: len(disk.looked) == 4)
    assert sorted(disk.looked) == ["removed", "t0", "t1", "t2"]
    assert disk.most == 1
    await until(lambda: is_idle(tasks))
    files.look()
    await until(lambda: is_idle(tasks))
    assert len(disk.looked) == 4, "what is known is not asked again each second"

    disk.gone.add("t1")
    app = QGuiApplication.instance()
    assert isinstance(app, QGuiApplication)
    app.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    row = panel.model.row_of("t1")
    assert row is not None
    await until(lambda: panel.model.record(row).lost_at is not None)
    assert panel.model.index(row, DownloadColumn.STATE).data() == "Not found"
    assert not panel.model.mimeData([panel.model.index(row, 0)]).urls(), "what is not there can't be dragged out"
    desk.click(panel.table, row)
    assert {"locate", "runAgain"} <= row_buttons(panel.table).keys()
