"""What is narrow shows whole words where there is room: chips, and what was sent beside what came back."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.session.answer_bar import AnswerBar
from sana_desktop.ui.practice.session.exchange_fold import ExchangeFold
from sana_desktop.ui.practice.setup.path_picker import PathPicker
from sana_desktop.ui.theme.theme import Theme

PLACE = "/health-and-safety/working-at-height"
WHOLE = "health-and-safety › working-at-height"


def test_a_chip_is_shortened_only_where_the_row_has_no_room(qtbot: QtBot, icons: Icons) -> None:
    picker = PathPicker(icons)
    qtbot.addWidget(picker)
    picker.choose([PLACE])
    picker.resize(420, 200)
    picker.show()
    (chip,) = picker.findChildren(QPushButton, "practicePathsChip")
    assert chip.text() == WHOLE
    picker.resize(160, 200)
    qtbot.waitUntil(lambda: chip.text() != WHOLE)
    assert chip.text().endswith("height")
    assert chip.width() <= picker.width()


def test_what_came_back_stands_below_what_was_sent_where_it_is_narrow(qtbot: QtBot, theme: Theme, icons: Icons) -> None:
    fold = ExchangeFold(theme, icons)
    qtbot.addWidget(fold)
    fold.fold.set_open(True)
    fold.resize(1_200, 500)
    fold.show()
    qtbot.waitUntil(lambda: fold.response.x() > fold.request.geometry().right())
    fold.resize(420, 500)
    qtbot.waitUntil(lambda: fold.response.y() > fold.request.geometry().bottom())
    assert fold.request.width() > 300


@pytest.mark.parametrize(("width", "lines"), [(700, 1), (444, 2), (230, 4)])
def test_the_four_answers_stand_in_lines_of_equal_length(
    qtbot: QtBot, theme: Theme, icons: Icons, width: int, lines: int
) -> None:
    bar = AnswerBar(theme, icons)
    qtbot.addWidget(bar)
    bar.resize(width, 300)
    bar.show()
    places = [button.geometry() for button in bar.buttons.values()]
    assert len({place.y() for place in places}) == lines
    assert len({place.x() for place in places}) == 4 // lines
    assert all(button.width() >= button.sizeHint().width() for button in bar.buttons.values())
    assert max(place.right() for place in places) < width
