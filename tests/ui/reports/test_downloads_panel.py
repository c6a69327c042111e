"""The panel of downloads: files dragged and copied out, progress in the row it belongs to."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sana_desktop.reports.records.transfer import TransferProgress, TransferState
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.models.downloads import DownloadColumn
from sana_desktop.ui.models.records import SHORTER_ROLE
from sana_desktop.ui.reports.records.downloads_panel import DownloadsPanel
from sana_desktop.ui.reports.table.actions import DownloadAction
from sana_desktop.ui.reports.table.cells import fitting
from sana_desktop.ui.reports.wrapped_text import WrappedText
from sana_desktop.ui.theme.theme import Theme
from tests.support.panels import NOW, JobRegistry, every_transfer, spoken_cells
from tests.support.records import transfer


@pytest.fixture
def desk(qtbot: QtBot, theme: Theme, icons: Icons) -> JobRegistry:
    return JobRegistry(qtbot, theme, icons)


def drag(desk: JobRegistry, panel: DownloadsPanel, row: int) -> list[list[QUrl]]:
    """Pull a row out with the mouse; return the addresses of what was picked up.

    A real drag runs a loop of its own until something is dropped: it is caught where Qt would start it.
    """
    table = panel.table
    picked: list[list[QUrl]] = []

    def begin(_actions: object) -> None:
        picked.append(panel.model.mimeData(table.selectedIndexes()).urls())

    table.startDrag = begin  # type: ignore[method-assign]
    start = desk.point(table, row)
    desk.qtbot.mousePress(table.viewport(), Qt.MouseButton.LeftButton, pos=start)
    for step in (10, 30, 60):
        place = QPointF(start.x() + step, start.y())
        button, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        move = QMouseEvent(QMouseEvent.Type.MouseMove, place, table.viewport().mapToGlobal(place), button, button, none)
        QApplication.sendEvent(table.viewport(), move)
    desk.qtbot.mouseRelease(table.viewport(), Qt.MouseButton.LeftButton, pos=start)
    return picked


def test_a_finished_row_is_dragged_out_as_its_file(desk: JobRegistry, tmp_path: Path) -> None:
    done = transfer("a", TransferState.DONE, folder=str(tmp_path), name="report.csv")
    panel = desk.downloads([done, transfer("b", job="j2")])
    picked = drag(desk, panel, 0)
    assert picked
    assert picked[0] == [QUrl.fromLocalFile(str(tmp_path / "report.csv"))]
    assert drag(desk, panel, 1) == [], "half a file is no file"


def test_a_file_is_copied_as_a_file(desk: JobRegistry, tmp_path: Path) -> None:
    record = transfer("a", TransferState.DONE, folder=str(tmp_path), name="report.csv")
    panel = desk.downloads([record])
    spy = QSignalSpy(panel.requested)
    panel.table.requested.emit(DownloadAction.COPY_FILE, "a")
    clipboard = QGuiApplication.clipboard().mimeData()
    assert clipboard is not None
    assert clipboard.urls() == [QUrl.fromLocalFile(str(tmp_path / "report.csv"))]
    assert spy.at(0) == [DownloadAction.COPY_FILE, "a"]


def test_progress_changes_one_cell_and_only_while_bytes_arrive(desk: JobRegistry) -> None:
    panel = desk.downloads([transfer("a"), transfer("b", TransferState.PAUSED, job="j2")])
    changed = QSignalSpy(panel.model.dataChanged)
    for name in ("a", "b", "nobody"):
        panel.model.progress(TransferProgress(name, 5, 10, 1.0, 5.0))
    assert changed.count() == 1
    first, last = changed.at(0)[0], changed.at(0)[1]
    assert (first.row(), first.column(), last.row(), last.column()) == (0, DownloadColumn.SIZE, 0, DownloadColumn.SIZE)


def test_a_tick_repaints_only_links_in_use_in_sight(desk: JobRegistry) -> None:
    states = list(TransferState)
    records = [transfer(str(n), states[n % len(states)], job=str(n)) for n in range(700)]
    panel = desk.downloads(records)
    changed = QSignalSpy(panel.model.dataChanged)
    first, last = panel.table.rows_in_sight()
    panel.model.tick(first, last)
    rows = [changed.at(n)[0].row() for n in range(changed.count())]
    alive = {TransferState.WAITING, TransferState.FETCHING, TransferState.PAUSED, TransferState.FINALIZING}
    assert rows == [row for row in range(first, last + 1) if records[row].state in alive]


def test_a_cell_is_heard_value_first(desk: JobRegistry) -> None:
    panel = desk.downloads(every_transfer())
    assert spoken_cells(panel.table)[:4] == ["waiting.csv", "Waiting", "empty", "empty"]


def test_the_rows_of_a_finished_file_are_readable_beside_the_link_of_another(desk: JobRegistry) -> None:
    done = transfer("a", TransferState.DONE, received=61_400_000, total=61_400_000, rows=88_204)
    panel = desk.downloads([done, transfer("b", job="j2", link_expires_at=NOW + timedelta(minutes=18))])
    table, cell = panel.table, panel.model.index(0, DownloadColumn.SIZE)
    with_link = []
    for width in range(440, 840, 20):
        panel.resize(width, 300)
        desk.rest(table)
        room = table.columnWidth(DownloadColumn.SIZE) - sum(table.margins(DownloadColumn.SIZE))
        words = fitting((cell.data(), *cell.data(SHORTER_ROLE)), table.fontMetrics(), room)
        if not table.isColumnHidden(DownloadColumn.LINK):
            with_link.append(width)
            assert words == "61.4 MB · 88,204 rows", width
    assert len(with_link) > 5


def test_L24_why_there_is_no_file_is_said_in_the_row_and_whole_below_it(desk: JobRegistry) -> None:
    why = {
        "error_code": "E-LINK-EXPIRED",
        "error_message": "The link ended, no new one.",
        "error_next_step": "Run again",
    }
    dead = transfer("a", TransferState.LINK_ENDED, **why)
    panel = desk.downloads([dead, transfer("b", job="j2")])
    note = panel.findChild(WrappedText, "downloadNote")
    assert note is not None
    row = panel.model.row_of("a") or 0
    cell = panel.model.index(row, DownloadColumn.SIZE)
    assert (cell.data(), cell.data(SHORTER_ROLE)) == ("The link ended, no new one.", ["no new link"])
    panel.table.setCurrentIndex(cell)
    assert note.isVisibleTo(panel)
    assert note.text() == "The link ended, no new one."
    other = panel.model.row_of("b") or 0
    panel.table.setCurrentIndex(panel.model.index(other, 0))
    assert not note.isVisibleTo(panel)
    stuck = {"error_message": "There is too little room", "error_next_step": "Free some room"}
    panel.model.put(transfer("b", TransferState.PAUSED, job="j2", **stuck))
    assert note.text() == "There is too little room. Free some room."
    panel.model.put(transfer("b", TransferState.DONE, job="j2", notices=("Saved as .csv.",)))
    assert note.text() == "Saved as .csv."
    panel.model.remove("b")
    assert note.text() in {"", "The link ended, no new one."}
