"""The table of steps: where it is narrow, what was done is still to be read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sana_desktop.api.practice_models import Result
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.session.history import HistoryTable
from sana_desktop.ui.practice.session.history_cells import ANSWER, STATE, WHAT
from sana_desktop.ui.practice.session.steps import Fate, Step
from sana_desktop.ui.theme.theme import Theme
from tests.support.shots import settle

AT = datetime(2026, 11, 22, 8, tzinfo=UTC)


@pytest.fixture
def table(qtbot: QtBot, theme: Theme, icons: Icons, qapp: QApplication) -> HistoryTable:
    made = HistoryTable(theme, icons)
    qtbot.addWidget(made)
    made.steps.add([Step(0, AT, "Asked for 3: nothing came, nothing at all"), _answer()])
    made.resize(320, 200)
    made.show()
    settle(qapp)
    return made


def _answer() -> Step:
    return Step(1, AT, "customer-service-04", "customer-service", Result.INCORRECT, Fate.SENT, 1)


def test_of_an_answer_that_was_not_given_here_it_is_said_that_nothing_is_known(table: HistoryTable) -> None:
    table.steps.add([replace(_answer(), number=2, entry=None, fate=Fate.NONE)])
    cell = table.steps.index(0, STATE)
    assert cell.data() == "–"
    said = "Not given here: whether it was sent is not known."
    assert cell.data(Qt.ItemDataRole.AccessibleTextRole) == said
    assert said in str(cell.data(Qt.ItemDataRole.ToolTipRole))
    assert table.steps.index(2, STATE).data() == "", "of a question there is nothing to say"


def test_in_a_narrow_column_the_mark_tells_the_answer_so_that_the_step_can_be_read(
    table: HistoryTable, qapp: QApplication
) -> None:
    words = table.fontMetrics().horizontalAdvance
    letter = words("x")
    assert table.columnWidth(WHAT) >= 12 * letter
    assert table.columnWidth(ANSWER) < words("Incorrect") + 20
    assert table.columnWidth(ANSWER) > table.horizontalHeader().fontMetrics().horizontalAdvance("Answer") + 24
    table.resize(700, 200)
    settle(qapp)
    assert table.columnWidth(ANSWER) > table.fontMetrics().horizontalAdvance("Incorrect")
    assert table.columnWidth(WHAT) > 24 * letter


def test_beside_an_open_fold_the_answer_is_told_in_a_word(table: HistoryTable, qapp: QApplication) -> None:
    table.resize(440, 200)  # what a window of 1280 pixels leaves beside two scroll bars
    settle(qapp)
    assert table.columnWidth(ANSWER) > table.fontMetrics().horizontalAdvance("Incorrect") + 40


def test_a_discarded_answer_has_room_for_its_word(table: HistoryTable, qapp: QApplication) -> None:
    before = table.columnWidth(STATE)
    table.resize(700, 200)
    table.steps.show_fate(1, Fate.DISCARDED)
    settle(qapp)
    assert table.columnWidth(STATE) > table.fontMetrics().horizontalAdvance("Discarded") + 40
    assert before < table.columnWidth(STATE)


def test_a_step_that_is_no_answer_takes_the_room_of_the_answer(table: HistoryTable) -> None:
    asked = table.visualRect(table.steps.index(1, STATE))
    image = table.viewport().grab().toImage()
    ground = image.pixelColor(asked.right() - 2, asked.top() + 2)
    middle = range(asked.top() + 6, asked.bottom() - 6)
    inked = [x for x in range(asked.left(), asked.right()) if any(image.pixelColor(x, y) != ground for y in middle)]
    assert inked, "the words go on there"
