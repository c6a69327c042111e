"""All sessions in one list, by keys: Enter opens what was searched for, and never deletes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from sana_desktop.ui.practice.sessions.dialog import SessionsDialog
from sana_desktop.ui.practice.sessions.menu import SessionView
from sana_desktop.ui.practice.sessions.rows import ABOUT_ROLE, shares


@pytest.fixture
def dialog(qtbot: QtBot) -> SessionsDialog:
    made = SessionsDialog([SessionView(key, f"Session {key}", "1 answer") for key in ("a", "b", "c")])
    qtbot.addWidget(made)
    made.show()
    return made


def test_enter_in_the_search_box_opens_what_is_chosen(dialog: SessionsDialog) -> None:
    opened: list[str] = []
    deleted: list[str] = []
    dialog.open_wanted.connect(opened.append)
    dialog.delete_wanted.connect(deleted.append)
    QTest.keyClick(dialog.search, Qt.Key.Key_Down)
    QTest.keyClick(dialog.search, Qt.Key.Key_Down)
    QTest.keyClick(dialog.search, Qt.Key.Key_Down)
    QTest.keyClick(dialog.search, Qt.Key.Key_Up)
    QTest.keyClick(dialog.search, Qt.Key.Key_Return)
    assert (opened, deleted) == (["b"], [])
    dialog.show()
    QTest.keyClicks(dialog.search, "n c")
    QTest.keyClick(dialog.search, Qt.Key.Key_Return)
    assert (opened, deleted) == (["b", "c"], [])


def test_a_long_title_is_cut_before_when_and_how_much() -> None:
    assert shares(100, 80, 500) == (404, 80)
    assert shares(900, 80, 500) == (404, 80)
    # Where neither has room, the title keeps its beginning.
    assert shares(900, 900, 516) == (200, 300)
    assert shares(50, 900, 516) == (50, 450)


def test_what_a_row_says_is_told_whole_on_hover_and_found_by_its_words(dialog: SessionsDialog) -> None:
    dialog.show_sessions([SessionView("a", "A title " * 9, "2 answers")])
    index = dialog.list.model().index(0, 0)
    assert index.data(ABOUT_ROLE) == "2 answers"
    assert "2 answers" in index.data(Qt.ItemDataRole.ToolTipRole)
    QTest.keyClicks(dialog.search, "2 ANSW")
    assert dialog.list.model().rowCount() == 1


def test_where_nothing_is_found_that_is_said_and_nothing_can_be_done(dialog: SessionsDialog) -> None:
    deleted: list[str] = []
    dialog.delete_wanted.connect(deleted.append)
    QTest.keyClicks(dialog.search, "nobody")
    words = dialog.findChild(QLabel, "noSessions")
    assert words is not None
    assert words.isVisible()
    assert not dialog.open_button.isEnabled()
    QTest.keyClick(dialog.search, Qt.Key.Key_Return)
    assert not deleted
    dialog.show()
    dialog.search.clear()
    assert not words.isVisible()
    assert dialog.open_button.isEnabled()
