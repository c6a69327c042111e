"""All sessions in one list, by keys: Enter opens what was searched for, and never deletes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from sana_desktop.ui.practice.sessions.dialog import SessionsDialog
from sana_desktop.ui.practice.sessions.menu import SessionView


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
