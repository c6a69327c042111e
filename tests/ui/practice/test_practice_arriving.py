"""What is made part by part is neither seen nor laid out before it is whole, whatever Qt does in between."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.ui.arriving import ArrivingPage
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.compare.page import ComparePage
from sana_desktop.ui.practice.meaning.panel import MeaningPanel
from sana_desktop.ui.practice.page import PracticePage
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.turns import InParts


@pytest.mark.parametrize("kind", [PracticePage, MeaningPanel, ComparePage])
def test_half_a_page_is_not_shown_with_what_it_stands_in(
    qtbot: QtBot, qapp: QApplication, theme: Theme, icons: Icons, kind: type[InParts]
) -> None:
    room = ArrivingPage("Practice")
    qtbot.addWidget(room)
    page = kind(theme, icons, room, at_once=False)  # type: ignore[call-arg, arg-type]
    # Only what stands in it while it is hidden is shown with it: the person went elsewhere meanwhile, and comes back.
    for number, _ in enumerate(page.parts):
        room.resize(1280 - number, 800)
        room.show()
        qapp.processEvents()  # an exception in an event of Qt fails the test
        assert [each for each in page.findChildren(QWidget) if each.isVisible()] == []
    assert page.whole
    room.addWidget(page)
    room.setCurrentWidget(page)
    qapp.processEvents()
    assert page.isVisible()
    assert any(each.isVisible() for each in page.findChildren(QWidget))


def test_side_comes_after_side_and_all_stand_as_if_they_had_come_at_once(
    qtbot: QtBot, qapp: QApplication, theme: Theme, icons: Icons
) -> None:
    places = []
    for at_once in (True, False):
        page = PracticePage(theme, icons, at_once=at_once)
        qtbot.addWidget(page)
        page.finish()
        page.mount_meaning(MeaningPanel(theme, icons))
        page.resize(1280, 800)
        page.show()
        sides = (page.setup, page.session, *page.findChildren(MeaningPanel))
        assert sum(side.isVisible() for side in sides) == (3 if at_once else 0)
        shown = [sum(side.isVisible() for side in sides) for _ in page.come()]
        assert shown == ([3] if at_once else [1, 2, 3, 3])
        qapp.processEvents()
        places.append([side.geometry() for side in sides])
    assert places[0] == places[1]
