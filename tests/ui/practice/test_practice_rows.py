"""Ten thousand steps and long sequences: rows are added and changed, never reset, and each costs little."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sana_desktop.api.practice_models import Exercise, Result
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.session.exercise_list import Card, ExerciseList
from sana_desktop.ui.practice.session.history import HistoryModel, HistoryTable
from sana_desktop.ui.practice.session.steps import Fate, Step
from sana_desktop.ui.theme.theme import Theme
from tests.support.shots import settle

AT = datetime(2025, 4, 2, 10, 12, tzinfo=UTC)
MANY = 10_000


def step(number: int) -> Step:
    at = AT + timedelta(seconds=number)
    return Step(number, at, f"exercise {number}", "IB", Result.CORRECT, Fate.WAITING, number)


@pytest.fixture
def table(qtbot: QtBot, theme: Theme, icons: Icons) -> HistoryTable:
    made = HistoryTable(theme, icons)
    qtbot.addWidget(made)
    made.resize(460, 300)
    made.show()
    return made


def test_the_newest_step_is_on_top_and_a_fate_changes_one_row(table: HistoryTable) -> None:
    resets = QSignalSpy(table.steps.modelReset)
    table.steps.add([step(number) for number in range(MANY)])
    changed = QSignalSpy(table.steps.dataChanged)
    table.steps.show_fate(3, Fate.UNKNOWN)
    table.steps.add([step(MANY)])
    assert table.steps.index(0, 1).data() == f"exercise {MANY}"
    assert changed.count() == 1
    assert changed.at(0)[0].row() == MANY - 1 - 3
    assert table.steps.step(MANY - 3).fate is Fate.UNKNOWN
    assert resets.count() == 0


def test_one_more_step_below_ten_thousand_others_asks_for_what_is_in_sight_alone(
    qtbot: QtBot, theme: Theme, icons: Icons, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    step_in = HistoryModel.step

    def counted(model: HistoryModel, row: int) -> Step:
        asked.append(row)
        return step_in(model, row)

    monkeypatch.setattr(HistoryModel, "step", counted)
    table = HistoryTable(theme, icons)
    qtbot.addWidget(table)
    table.resize(460, 300)
    table.show()
    table.steps.add([step(number) for number in range(MANY)])
    settle(qapp)
    asked.clear()
    table.steps.add([step(MANY)])
    settle(qapp)
    assert 0 < len(set(asked)) < 50


def test_a_step_is_spoken_value_first(table: HistoryTable) -> None:
    table.steps.add([step(1)])
    spoken = [str(table.steps.index(0, column).data(11)) for column in (1, 2, 3)]  # AccessibleTextRole
    assert spoken == ["exercise 1", "Correct", "Waits"]


def test_a_new_sequence_takes_the_place_of_the_old_one_without_a_reset(
    qtbot: QtBot, theme: Theme, icons: Icons
) -> None:
    cards = ExerciseList(theme, icons)
    qtbot.addWidget(cards)
    resets = QSignalSpy(cards.exercises.modelReset)
    five = [Card(Exercise(str(n), "/a/b", ("tag",) * n), None, n == 0) for n in range(5)]
    cards.show_cards(five)
    cards.show_cards(five[2:4])
    assert [card.exercise.id for card in cards.exercises.cards()] == ["2", "3"]
    cards.show_cards([])
    assert cards.exercises.rowCount() == 0
    assert resets.count() == 0


def test_a_card_says_all_it_shows(qtbot: QtBot, theme: Theme, icons: Icons) -> None:
    cards = ExerciseList(theme, icons)
    qtbot.addWidget(cards)
    cards.show_cards([Card(Exercise("v-1", "/IB/math/", ("exam",), 2.5), None, True)])
    spoken = cards.exercises.index(0).data(11)
    assert spoken == "v-1, to answer now, IB › math, exam, difficulty 2.5, 1 of 1"
