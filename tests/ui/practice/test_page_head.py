"""The head of the Practice place in a small window with large text: the tabs stay whole, the title gives way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QLabel, QTabBar
from pytestqt.qtbot import QtBot

from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.page import PracticePage
from sana_desktop.ui.practice.setup.learner_picker import LearnerView
from sana_desktop.ui.theme.theme import Theme

TITLE = "Replay of answers.csv, 22 Nov 02:08"


@pytest.fixture
def sized(theme: Theme) -> Iterator[Theme]:
    yield theme
    theme.set_scale(1.0)  # the application is every test's


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_the_tabs_stay_whole_and_the_title_gives_way(qtbot: QtBot, sized: Theme, icons: Icons, scale: float) -> None:
    sized.set_scale(scale)
    page = PracticePage(sized, icons)
    qtbot.addWidget(page)
    page.offer_compare(QLabel)
    page.mount_meaning(QLabel())
    page.sessions.show_current(TITLE, True)
    page.setup.learner.show_learners([LearnerView("a", f"Replay of {TITLE}")], "a")
    page.resize(880, 560)
    with qtbot.waitExposed(page):
        page.show()
    tabs = page.findChild(QTabBar, "practiceTabs")
    assert tabs is not None
    assert tabs.width() >= tabs.sizeHint().width()
    assert page.width() == 880
    assert page.sessions.geometry().right() < 880
    shown = page.sessions.text()
    assert shown == TITLE or (shown.endswith("…") and TITLE in page.sessions.toolTip())
    assert scale < 2.0 or shown != TITLE
    edit = page.setup.learner.choice.lineEdit()
    assert edit is not None
    assert edit.cursorPosition() == 0
