"""What was deleted is said over the foot of the page: nothing moves, and Esc or the cross takes it away."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.page import PracticePage
from sana_desktop.ui.practice.parts.strips import offer_undo
from sana_desktop.ui.theme.theme import Theme

SENTENCE = "“Learner 1, 22 Nov 05:00” was deleted. Answers that were sent stay sent."


@pytest.fixture
def page(qtbot: QtBot, theme: Theme, icons: Icons) -> PracticePage:
    made = PracticePage(theme, icons)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    with qtbot.waitExposed(made):
        made.show()
    return made


def places(page: PracticePage) -> list[QPoint]:
    return [part.mapTo(page, QPoint()) for part in (page.setup, page.session, page.setup.next, page.sessions)]


@pytest.mark.parametrize("width", [900, 1100, 1600])
def test_it_lies_over_the_foot_and_moves_nothing(qtbot: QtBot, page: PracticePage, width: int) -> None:
    page.resize(width, 700)
    before = places(page)
    offer_undo(page.undo, SENTENCE, "undo")
    qtbot.waitUntil(lambda: page.undo.isVisible() and page.undo.height() > 20)
    assert places(page) == before
    assert page.rect().contains(page.undo.geometry())
    assert page.undo.geometry().bottom() > page.height() - 40
    button = page.setup.next
    asked_for = button.rect().translated(button.mapTo(page, QPoint()))
    assert not page.undo.geometry().intersects(asked_for)
    page.resize(width - 100, 600)
    assert page.rect().contains(page.undo.geometry())


def test_escape_and_the_cross_close_it_and_nothing_else(qtbot: QtBot, page: PracticePage) -> None:
    heard: list[str] = []
    page.undo.wanted.connect(heard.append)
    offer_undo(page.undo, SENTENCE, "undo")
    page.session.list.setFocus()
    QTest.keyClick(page.session.list, Qt.Key.Key_Escape)
    assert page.undo.isHidden()
    offer_undo(page.undo, SENTENCE, "undo")
    QTest.mouseClick(page.undo.close_button, Qt.MouseButton.LeftButton)
    assert page.undo.isHidden()
    assert heard == []
    assert page.undo._escape is not None
    assert not page.undo._escape.isEnabled(), "Esc is for others then"
    offer_undo(page.undo, SENTENCE, "undo")
    QTest.mouseClick(page.undo.buttons()[0], Qt.MouseButton.LeftButton)
    assert heard == ["undo"]
