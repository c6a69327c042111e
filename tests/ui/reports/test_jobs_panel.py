"""The panel of jobs: details that fold and follow, clocks that tick where somebody looks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QLineEdit, QToolButton
from pytestqt.qtbot import QtBot

from sana_desktop.reports.records.job import JobState
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.models.jobs import JobColumn
from sana_desktop.ui.models.records import SHORTER_ROLE
from sana_desktop.ui.reports.records.jobs_panel import JobsPanel
from sana_desktop.ui.reports.table.buttons import RowButtons
from sana_desktop.ui.reports.table.cells import fitting
from sana_desktop.ui.theme.theme import Theme
from tests.support.panels import NOW, JobRegistry, every_job, row_buttons, spoken_cells
from tests.support.records import START, job, order


@pytest.fixture
def desk(qtbot: QtBot, theme: Theme, icons: Icons) -> JobRegistry:
    return JobRegistry(qtbot, theme, icons)


def show_details(panel: JobsPanel, row: int = 0) -> None:
    panel.table.setCurrentIndex(panel.model.index(row, 0))
    panel.details.show_job(panel.model.record(row), (), None, None)
    panel.show_details()
    QApplication.processEvents()


def wanted(spy: QSignalSpy) -> list[object]:
    return [spy.at(position)[0] for position in range(spy.count())]


def test_details_unfold_below_and_leave_the_current_row_in_sight(desk: JobRegistry) -> None:
    panel = desk.jobs([job(str(n), JobState.READY) for n in range(30)])
    assert not panel.details.isVisible()
    show_details(panel, row=8)
    assert panel.details.isVisible()
    first, last = panel.table.rows_in_sight()
    assert first <= 8 <= last
    assert panel.details.height() >= panel.height() // 2


def test_details_follow_the_current_row_only_while_unfolded(desk: JobRegistry) -> None:
    panel = desk.jobs([job("a"), job("b"), job("c")])
    spy = QSignalSpy(panel.details_wanted)
    desk.click(panel.table, 1)
    assert spy.count() == 0
    show_details(panel, row=1)
    desk.click(panel.table, 2)
    desk.qtbot.keyClick(panel.table, Qt.Key.Key_Up)
    assert wanted(spy) == ["c", "b"]
    panel.hide_details()
    desk.click(panel.table, 0)
    assert spy.count() == 2


def test_the_cross_folds_details_away(desk: JobRegistry) -> None:
    panel = desk.jobs([job("a")])
    show_details(panel)
    spy = QSignalSpy(panel.details_wanted)
    close = panel.details.findChild(QToolButton, "closeJobDetails")
    assert isinstance(close, QToolButton)
    desk.qtbot.mouseClick(close, Qt.MouseButton.LeftButton)
    assert wanted(spy) == [None]


def test_folding_gives_a_focus_inside_back_to_the_table(desk: JobRegistry) -> None:
    panel = desk.jobs([job("a")])
    show_details(panel)
    close = panel.details.findChild(QToolButton, "closeJobDetails")
    assert isinstance(close, QToolButton)
    close.setFocus()
    panel.hide_details()
    assert panel.table.hasFocus()


def test_folding_takes_the_focus_from_nobody_else(desk: JobRegistry) -> None:
    panel = desk.jobs([job("a")])
    editor = QLineEdit(panel)
    editor.show()
    show_details(panel)
    editor.setFocus()
    panel.hide_details()
    assert editor.hasFocus()


def test_unfolding_again_keeps_the_size_that_was_dragged(desk: JobRegistry) -> None:
    panel = desk.jobs([job("a")])
    show_details(panel)
    panel.resize(595, 500)
    QApplication.processEvents()
    before = panel.details.height()
    panel.show_details()
    assert panel.details.height() == before


def test_sites_are_named_as_soon_as_there_are_two_of_them(desk: JobRegistry) -> None:
    panel = desk.jobs([job("a"), job("b")])
    panel.resize(900, 300)
    header = panel.table.columns()
    assert header.isSectionHidden(JobColumn.SITE)
    panel.model.put(job("c", order=order(connection_id="beta")))
    assert not header.isSectionHidden(JobColumn.SITE)
    panel.model.remove("c")
    assert header.isSectionHidden(JobColumn.SITE)
    panel.model.add_earlier([job("d", order=order(connection_id="beta"))])
    assert not header.isSectionHidden(JobColumn.SITE)


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_what_comes_next_can_be_read_on_a_row_that_was_just_ordered(
    desk: JobRegistry, theme: Theme, scale: float
) -> None:
    theme.set_scale(scale)
    panel = desk.jobs([job("a", next_look_at=NOW + timedelta(seconds=4))])
    panel.resize(int(630 * scale), 300)
    panel.table.selectRow(0)
    panel.table.setFocus()
    QApplication.processEvents()
    assert row_buttons(panel.table) == {}
    cell = panel.model.index(0, JobColumn.NEXT)
    words = [cell.data(), *cell.data(SHORTER_ROLE)]
    left, right = panel.table.margins(JobColumn.NEXT)
    room = panel.table.columnWidth(JobColumn.NEXT) - left - right
    assert "next look in 4 s" in (fitting(words, panel.table.fontMetrics(), room) or "")


@pytest.mark.parametrize("width", [380, 428, 500, 640])
@pytest.mark.parametrize("state", [JobState.WATCHING, JobState.FAILED, JobState.READY])
def test_buttons_lie_behind_all_words_of_a_row(desk: JobRegistry, width: int, state: JobState) -> None:
    panel = desk.jobs([job("a", state, error_message="The site could not run this query.")])
    panel.resize(width, 300)
    QApplication.processEvents()
    table, header = panel.table, panel.table.columns()
    desk.rest(table)
    desk.hover(table, 0)
    assert not table.isColumnHidden(JobColumn.STATE)
    assert not table.isColumnHidden(JobColumn.STARTED)
    last = max(header.shown(), key=header.sectionViewportPosition)
    end = header.sectionViewportPosition(last) + header.sectionSize(last)
    assert end == table.viewport().width(), "the table is scrolled sideways"
    buttons = table.viewport().findChild(RowButtons)
    assert isinstance(buttons, RowButtons)
    assert buttons.isVisible()
    assert end - table.margins(last)[1] <= buttons.geometry().left()
    assert buttons.geometry().right() < table.viewport().width()


@pytest.mark.parametrize("inside", [False, True])
def test_escape_folds_the_details_away_and_leaves_the_focus_on_the_row(desk: JobRegistry, inside: bool) -> None:
    panel = desk.jobs([job("a"), job("b")])
    panel.details_wanted.connect(lambda job: None if job else panel.hide_details())
    show_details(panel, row=1)
    close = panel.details.findChild(QToolButton, "closeJobDetails")
    assert isinstance(close, QToolButton)
    start = close if inside else panel.table
    start.setFocus()
    spy = QSignalSpy(panel.details_wanted)
    desk.qtbot.keyClick(start, Qt.Key.Key_Escape)
    assert wanted(spy) == [None]
    assert not panel.details.isVisible()
    assert panel.table.hasFocus()
    assert panel.table.currentIndex().row() == 1
    desk.qtbot.keyClick(panel.table, Qt.Key.Key_Escape)
    assert spy.count() == 1, "there is nothing to fold away"


def test_f6_goes_through_the_list_and_the_details(desk: JobRegistry) -> None:
    panel = desk.jobs([job("a")])
    show_details(panel)
    assert [pane for pane in panel.panes() if pane.isVisible()] == [panel.table, panel.details]
    panel.hide_details()
    assert [pane for pane in panel.panes() if pane.isVisible()] == [panel.table]


def test_a_long_title_does_not_widen_the_panel(desk: JobRegistry) -> None:
    panel = desk.jobs([job("a", order=order("Long title " * 60))])
    show_details(panel)
    assert panel.minimumSizeHint().width() < 400
    assert panel.width() == 595


def test_a_tick_repaints_the_clocks_of_open_rows_in_sight_only(desk: JobRegistry) -> None:
    states = [JobState.WATCHING, JobState.READY, JobState.QUEUED, JobState.FAILED]
    panel = desk.jobs([job(str(n), states[n % 4]) for n in range(10_000)])
    changed = QSignalSpy(panel.model.dataChanged)
    first, last = panel.table.rows_in_sight()
    panel.model.tick(first, last)
    rows = [(changed.at(n)[0].row(), changed.at(n)[1].row()) for n in range(changed.count())]
    assert rows == [(row, row) for row in range(first, last + 1) if row % 2 == 0]
    columns = {(changed.at(n)[0].column(), changed.at(n)[1].column()) for n in range(changed.count())}
    assert columns == {(JobColumn.ELAPSED, JobColumn.NEXT)}


def test_a_cell_is_heard_value_first_and_an_empty_one_is_said_to_be_empty(desk: JobRegistry) -> None:
    panel = desk.jobs([replace(each, order=order(f"Report {each.id}")) for each in every_job()])
    said = spoken_cells(panel.table)
    clock = START.astimezone().strftime("%H:%M:%S")
    assert said[:4] == ["Report queued", clock, "Not sent yet", "0:00"]
    assert "empty" in said
    assert all(said)
