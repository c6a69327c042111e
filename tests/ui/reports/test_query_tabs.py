"""The bar of query tabs: by keys, with many of them, and while one is renamed."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QTabBar
from pytestqt.qtbot import QtBot

from sana_desktop.reports.records.drafts import Draft
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.reports.editor.editor import EditorArea
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.window import MainWindow
from tests.support.shots import settle
from tests.ui.scenes import make_window

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
LONG = "User course instance progress, by department and course"


@pytest.fixture
def window(qtbot: QtBot, theme: Theme, icons: Icons) -> MainWindow:
    made, page = make_window(theme, icons)
    qtbot.addWidget(made, before_close_func=lambda _: made.close_for_good())
    titles = ["Users", LONG, "Users", "Courses", LONG, "Users", "Users", "Users", "Users", "Users"]
    page.editor.restore([Draft(f"t{n}", n, "SELECT 1", title=title) for n, title in enumerate(titles)], "t0")
    page.editor.close_query(page.editor.tabs.ids()[0])
    page.show_work()
    made.resize(1_280, 800)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    return made


@pytest.fixture
def area(window: MainWindow) -> EditorArea:
    found = window.findChild(EditorArea)
    assert isinstance(found, EditorArea)
    found.tabs.select("t0")
    found.on_current(lambda edit: edit.setFocus())
    return found


@pytest.mark.skipif(sys.platform == "darwin", reason="a Mac has other keys for this")
def test_keys_go_from_query_to_query_and_write_nothing(area: EditorArea) -> None:
    for key, modifiers, there in (
        (Qt.Key.Key_Tab, CTRL, "t1"),
        (Qt.Key.Key_PageDown, CTRL, "t2"),
        (Qt.Key.Key_Backtab, CTRL | SHIFT, "t1"),
        (Qt.Key.Key_PageUp, CTRL, "t0"),
        (Qt.Key.Key_PageUp, CTRL, "t9"),
        (Qt.Key.Key_Tab, CTRL, "t0"),
    ):
        edit = area.current_edit()
        assert edit is not None
        QTest.keyClick(edit, key, modifiers)
        assert area.current_id() == there
        assert area.current_edit() is QApplication.focusWidget()
    assert {area.draft(key).text for key in area.tabs.ids()} == {"SELECT 1"}


def test_a_short_name_is_whole_and_long_ones_give_way_first(area: EditorArea) -> None:
    bar = area.findChild(QTabBar, "queryTabs")
    assert isinstance(bar, QTabBar)
    QApplication.processEvents()
    widths = {bar.tabText(index): bar.tabRect(index).width() for index in range(bar.count())}
    whole = {bar.tabText(index): bar.tabSizeHint(index).width() for index in range(bar.count())}
    assert (widths["Users"], widths["Courses"]) == (whole["Users"], whole["Courses"])
    assert widths["Users"] < widths[LONG] < whole[LONG]


def test_a_name_is_typed_in_a_field_that_holds_one_and_then_the_query_goes_on(area: EditorArea) -> None:
    QApplication.processEvents()
    for name, last in ((" done", Qt.Key.Key_Return), (" not", Qt.Key.Key_Escape)):
        area.tabs.select("t9")
        area.tabs.rename()
        field = area.findChild(QLineEdit, "renameField")
        assert isinstance(field, QLineEdit)
        assert field.width() >= 240
        assert area.tabs.rect().contains(field.geometry())
        QTest.keyClicks(field, name)
        QTest.keyClick(field, last)
        assert area.current_edit() is QApplication.focusWidget()
    assert area.shown_title("t9") == "done"


def test_a_menu_greys_what_cannot_be_done_and_its_key_still_answers(window: MainWindow, area: EditorArea) -> None:
    area.closed_before = False
    for menu_name, name in (("file", "file.reopen"), ("edit", "edit.undo"), ("edit", "edit.redo")):
        menu: QMenu = window.actions_by_name.menu(menu_name)
        action = window.actions_by_name.action(name)
        menu.aboutToShow.emit()
        assert not action.isEnabled(), name
        menu.aboutToHide.emit()
        assert action.isEnabled()
    area.on_current(lambda edit: QTest.keyClicks(edit, "x"))
    window.actions_by_name.menu("edit").aboutToShow.emit()
    assert window.actions_by_name.action("edit.undo").isEnabled()
    assert not window.actions_by_name.action("edit.redo").isEnabled()


def test_tabs_that_do_not_fit_fill_the_bar_to_its_end(
    qtbot: QtBot, qapp: QApplication, theme: Theme, icons: Icons
) -> None:
    made, page = make_window(theme, icons)
    qtbot.addWidget(made, before_close_func=lambda _: made.close_for_good())
    titles = [LONG] * 3 + ["Users"] * 7
    page.editor.restore([Draft(f"t{n}", n, "SELECT 1", title=title) for n, title in enumerate(titles)], "t4")
    page.show_work()
    made.resize(1_024, 700)
    made.show()
    bar = page.editor.findChild(QTabBar, "queryTabs")
    assert isinstance(bar, QTabBar)
    chosen = QSignalSpy(page.editor.current_changed)
    settle(qapp)
    assert bar.width() > 600, "tabs that came while the bar was hidden have no room"
    first, last = bar.tabRect(0), bar.tabRect(bar.count() - 1)
    assert first.left() >= 0 or last.right() >= bar.width() - 60, (first, last, bar.width())
    current = bar.tabRect(bar.currentIndex())
    assert 0 <= current.left() < current.right() <= bar.width()
    assert chosen.count() == 0
