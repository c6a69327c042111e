"""The panels of jobs and downloads on the screen, with rows in every state, and a person's mouse on them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QMenu, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.reports.records.job import JobRecord, JobState
from sana_desktop.reports.records.transfer import TransferRecord, TransferState
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.models.downloads import DownloadsModel
from sana_desktop.ui.models.jobs import JobsModel
from sana_desktop.ui.reports.records.downloads_panel import DownloadsPanel
from sana_desktop.ui.reports.records.jobs_panel import JobsPanel
from sana_desktop.ui.reports.table.record_table import RecordTable
from sana_desktop.ui.reports.words.site_words import SiteWords
from sana_desktop.ui.theme.theme import Theme
from tests.support.records import START, job, transfer

NOW = START + timedelta(seconds=47)
PANEL_SIZE = (595, 300)


@dataclass
class JobRegistry:
    """What a test of panels needs at hand."""

    qtbot: QtBot
    theme: Theme
    icons: Icons
    _held: list[QWidget] = field(default_factory=list)

    def jobs(self, records: Iterable[JobRecord] = ()) -> JobsPanel:
        """Show a panel of jobs, in the order given."""
        model = JobsModel(lambda: NOW, lambda connection: connection.title(), lambda record: (38.0, 42.0))
        model.add_earlier(replace(record, created_at=START - timedelta(seconds=n)) for n, record in enumerate(records))
        panel = JobsPanel(model, self.theme, self.icons)
        self._show(panel)
        return panel

    def downloads(self, records: Iterable[TransferRecord] = ()) -> DownloadsPanel:
        """Show a panel of downloads, in the order given."""
        model = DownloadsModel(
            lambda: NOW, lambda record: NOW, lambda job: SiteWords(f"Site of {job}", f"Site of {job}", "")
        )
        model.add_earlier(replace(record, created_at=START - timedelta(seconds=n)) for n, record in enumerate(records))
        panel = DownloadsPanel(model, self.theme, self.icons)
        self._show(panel)
        return panel

    def point(self, table: RecordTable, row: int, x: int = 60) -> QPoint:
        """Return a place in a row, in the viewport."""
        return QPoint(x, table.rowViewportPosition(row) + table.rowHeight(row) // 2)

    def rest(self, table: RecordTable) -> None:
        """Leave a table without focus, current row and selection."""
        table.clearFocus()
        table.setCurrentIndex(table.model().index(-1, -1))
        table.clearSelection()

    def hover(self, table: RecordTable, row: int) -> None:
        """Move the mouse over a row. A mouse that rests there already, from an earlier test, would move nothing."""
        place = self.point(table, row)
        self.qtbot.mouseMove(table.viewport(), place + QPoint(1, 1))
        self.qtbot.mouseMove(table.viewport(), place)

    def click(self, table: RecordTable, row: int) -> None:
        """Click a row."""
        self.qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=self.point(table, row))

    def _show(self, panel: JobsPanel | DownloadsPanel) -> None:
        panel.arrived()
        self._held.append(panel)
        self.qtbot.addWidget(panel)
        panel.resize(*PANEL_SIZE)
        with self.qtbot.waitActive(panel):
            panel.show()
            panel.activateWindow()


def row_buttons(table: RecordTable) -> dict[str, QToolButton]:
    """Return the buttons that can be pressed on a row, by the name of their act."""
    every = table.viewport().findChildren(QToolButton)
    acts = (button for button in every if button.objectName().startswith("rowAction-"))
    found = (button for button in acts if button.isVisible() and button.isEnabled())
    return {button.objectName().removeprefix("rowAction-"): button for button in found}


def open_menu(table: RecordTable) -> QMenu:
    """Return the menu that is open over a table."""
    menus = [menu for menu in table.findChildren(QMenu) if menu.isVisible()]
    assert len(menus) == 1, menus
    return menus[0]


def spoken_cells(table: RecordTable) -> list[str]:
    """Return what a screen reader says of each cell, row by row."""
    interface = QAccessible.queryAccessibleInterface(table)
    children = (interface.child(position) for position in range(interface.childCount()))
    return [child.text(QAccessible.Text.Name) for child in children if child.role() == QAccessible.Role.Cell]


def every_job() -> list[JobRecord]:
    """Return a job in each state."""
    return [job(state.value, state, error_message="It said no." if "fail" in state else "") for state in JobState]


def every_transfer() -> list[TransferRecord]:
    """Return a download in each state."""
    return [transfer(state.value, state, name=f"{state.value}.csv", job=state.value) for state in TransferState]
