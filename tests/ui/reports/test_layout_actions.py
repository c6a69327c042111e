"""The panels are moved, resized and given other columns with the keyboard alone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDockWidget, QLineEdit, QMenu, QTableView
from pytestqt.qtbot import QtBot

from sana_desktop.reports.records.job import JobState
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.models.jobs import JobColumn
from sana_desktop.ui.rail import Place
from sana_desktop.ui.reports.editor.editor import EditorArea
from sana_desktop.ui.reports.layout_actions import add_layout_actions
from sana_desktop.ui.reports.page import ReportsPage
from sana_desktop.ui.reports.records.jobs_panel import JobsPanel
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.window import MainWindow
from tests.support.records import job, order
from tests.ui.scenes import make_panels

ALT_SHIFT = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def window(qtbot: QtBot, theme: Theme, icons: Icons) -> MainWindow:
    made = MainWindow(theme, icons)
    qtbot.addWidget(made, before_close_func=lambda _: made.close_for_good())
    jobs, downloads = make_panels(theme, icons, filled=True)
    page = ReportsPage(theme, icons, EditorArea(theme, icons), jobs, downloads)
    made.add_place(Place("reports", "railReports", "reports", "Reports", page))
    add_layout_actions(made.actions_by_name, page, jobs, downloads)
    page.show_work()
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    return made


def dock(window: MainWindow, name: str) -> QDockWidget:
    found = window.findChild(QDockWidget, name)
    assert isinstance(found, QDockWidget)
    return found


def press(window: MainWindow, key: Qt.Key) -> None:
    QTest.keyClick(window, key, ALT_SHIFT)
    QApplication.sendPostedEvents()


def test_panels_change_places(qtbot: QtBot, window: MainWindow) -> None:
    jobs, downloads = dock(window, "jobsDock"), dock(window, "downloadsDock")
    assert jobs.x() < downloads.x()
    press(window, Qt.Key.Key_S)
    qtbot.waitUntil(lambda: downloads.x() < jobs.x())
    press(window, Qt.Key.Key_U)
    qtbot.waitUntil(lambda: jobs.x() < downloads.x())


def test_panels_take_more_or_less_of_the_page(qtbot: QtBot, window: MainWindow) -> None:
    jobs = dock(window, "jobsDock")
    height, width = jobs.height(), jobs.width()
    press(window, Qt.Key.Key_Up)
    qtbot.waitUntil(lambda: jobs.height() > height)
    taller = jobs.height()
    press(window, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: jobs.height() < taller)
    press(window, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: jobs.width() > width)
    wider = jobs.width()
    press(window, Qt.Key.Key_Left)
    qtbot.waitUntil(lambda: jobs.width() < wider)


def test_columns_are_chosen_from_a_menu(qtbot: QtBot, window: MainWindow) -> None:
    table = window.findChild(QTableView, "jobsTable")
    assert isinstance(table, QTableView)
    press(window, Qt.Key.Key_J)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    shown = next(entry for entry in menu.actions() if entry.isChecked() and entry.isEnabled())
    column = int(shown.objectName().rpartition("-")[2])
    shown.trigger()
    menu.close()
    assert table.isColumnHidden(column)
    press(window, Qt.Key.Key_U)
    assert not table.isColumnHidden(column)


def test_a_taller_window_gives_the_panels_their_part(qtbot: QtBot, window: MainWindow) -> None:
    jobs = dock(window, "jobsDock")
    window.resize(1_100, 700)
    QApplication.processEvents()
    height = jobs.height()
    for _ in range(3):
        window.resize(1_100, 1_000)
        qtbot.waitUntil(lambda: jobs.height() >= height + 120)
        assert jobs.height() <= height + 200, "the editor has its part, too"
        window.resize(1_100, 700)
        qtbot.waitUntil(lambda: abs(jobs.height() - height) <= 4)


@pytest.mark.parametrize("steps", [0, 1])
def test_a_layout_that_comes_back_in_a_smaller_window_takes_its_part_from_both_panels(
    window: MainWindow, steps: int
) -> None:
    jobs, downloads = dock(window, "jobsDock"), dock(window, "downloadsDock")
    page = window.findChild(ReportsPage)
    assert isinstance(page, ReportsPage)
    window.resize(1_280, 800)
    QApplication.processEvents()
    for _ in range(steps):
        press(window, Qt.Key.Key_Left)  # more room for downloads, which the person wants to keep
    part = jobs.width() / (jobs.width() + downloads.width())
    kept = page.save_layout()
    for width, height in ((900, 600), (1_280, 800), (1_000, 600)):
        window.resize(width, height)
        QApplication.processEvents()
        assert page.restore_layout(kept)
        QApplication.processEvents()
        assert jobs.width() / (jobs.width() + downloads.width()) == pytest.approx(part, abs=0.02), width


def test_two_sites_in_a_small_window_leave_report_time_and_site_in_sight(window: MainWindow) -> None:
    jobs = window.findChild(JobsPanel)
    assert isinstance(jobs, JobsPanel)
    for number, site in enumerate(("acme", "lab")):
        jobs.model.put(job(f"new{number}", JobState.READY, order=order("Users", site), site_name=f"Acme {site}"))
    for size in ((1_280, 800), (900, 600)):
        window.resize(*size)
        QApplication.processEvents()
        header = jobs.table.columns()
        kept = {JobColumn.REPORT, JobColumn.STARTED, JobColumn.STATE, JobColumn.SITE}
        assert kept <= set(header.shown())
        assert not jobs.table.horizontalScrollBar().isVisible()
        assert header.length() == jobs.table.viewport().width()


def test_the_key_of_a_search_looks_through_the_list_that_has_the_focus(qtbot: QtBot, window: MainWindow) -> None:
    for name, field in (("jobsTable", "jobsFilter"), ("downloadsTable", "downloadsFilter")):
        table, filter_ = window.findChild(QTableView, name), window.findChild(QLineEdit, field)
        assert isinstance(table, QTableView)
        assert isinstance(filter_, QLineEdit)
        assert filter_.isVisible()
        assert filter_.accessibleName()
        table.setFocus()
        qtbot.keyClick(table, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
        assert filter_.hasFocus()
        qtbot.keyClick(filter_, Qt.Key.Key_Escape)
        assert table.hasFocus()
