"""The models of the Practice place keep Qt's rules (U08), and what comes from outside is literal in them (U05, M13)."""

from __future__ import annotations

import random

import pytest
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtTest import QAbstractItemModelTester

from sana_desktop.api.practice_models import Exercise, Result
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.parts.plain_table import Cell, CellsModel, number_cell
from sana_desktop.ui.practice.session.exercise_list import Card, ExerciseModel
from sana_desktop.ui.practice.session.history import HistoryModel, HistoryTable
from sana_desktop.ui.practice.session.steps import Fate, Step, Steps
from sana_desktop.ui.theme.theme import Theme
from tests.support.practice_scenes import AT

EVIL = "<img src='file:///etc/passwd'><a href='x'>\n\x1b[31m\u202eevil"
FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal


def exercise(name: str) -> Exercise:
    return Exercise(name, f"/math/{name}", ("tag",), 1.0)


def said(model: QAbstractItemModel, *roles: Qt.ItemDataRole) -> list[str]:
    """Return what the cells say in these roles."""
    columns = range(1 if isinstance(model, ExerciseModel) else model.columnCount())
    places = [(row, column) for row in range(model.rowCount()) for column in columns]
    return [str(model.index(*place).data(role) or "") for place in places for role in roles]


@pytest.mark.no_cover
def test_U08_cards_are_silent_under_random_changes() -> None:
    chance = random.Random(7)
    model = ExerciseModel()
    tester = QAbstractItemModelTester(model, FATAL)
    for _ in range(300):
        cards = [Card(exercise(str(chance.randrange(9)))) for _ in range(chance.randrange(8))]
        model.show_cards(cards)
        assert list(model.cards()) == cards
        if cards:
            model.put(chance.randrange(len(cards)), Card(exercise("x"), chance.choice(list(Result)), True))
    assert tester.model() is model


@pytest.mark.no_cover
def test_U08_steps_are_silent_under_random_changes(theme: Theme, icons: Icons) -> None:
    chance = random.Random(7)
    model = HistoryModel(theme, icons)
    tester = QAbstractItemModelTester(model, FATAL)
    entry = 0
    for _ in range(300):
        match chance.randrange(9):
            case 0:
                model.show(Steps([Step(0, AT, "first", entry=0)] * chance.randrange(2)))
            case 8 if entry:
                # What was written before others that are shown already comes later.
                model.add([Step(chance.randrange(entry), AT, "late")])
            case 1 | 2 | 3:
                fresh = []
                for _ in range(chance.randrange(4)):
                    entry += 1
                    result = chance.choice([None, *Result])
                    fresh.append(Step(entry, AT, f"e{entry}", "/math", result, entry=entry, from_report=entry % 9 == 0))
                model.add(fresh)
            case _:
                model.show_fate(chance.randrange(entry + 1), chance.choice(list(Fate)))
        numbers = [model.step(row).number for row in range(model.rowCount())]
        assert numbers == sorted(numbers, reverse=True)
    assert tester.model() is model


def test_a_long_session_is_shown_without_a_look_at_each_step(theme: Theme, icons: Icons) -> None:
    class Watched(Steps):
        looks = 0

        def __getitem__(self, place: int) -> Step:
            self.looks += 1
            return super().__getitem__(place)

    table = HistoryTable(theme, icons)
    steps = Watched(Step(number, AT, f"e{number}", entry=number) for number in range(10_000))
    table.steps.show(steps)
    assert table.steps.rowCount() == 10_000
    table.steps.show_fate(9_999, Fate.UNKNOWN)
    assert table.steps.step(0).fate is Fate.UNKNOWN
    assert steps.looks < 100


@pytest.mark.no_cover
def test_U08_cells_are_silent_under_random_changes(theme: Theme, icons: Icons) -> None:
    chance = random.Random(7)
    model = CellsModel(theme, icons)
    tester = QAbstractItemModelTester(model, FATAL)
    for _ in range(200):
        width = chance.randrange(1, 5)
        rows = [[number_cell(chance.randrange(9)) for _ in range(width)] for _ in range(chance.randrange(7))]
        names = [f"row {number}" for number in range(len(rows))] if chance.randrange(2) else []
        model.show_rows([f"column {number}" for number in range(width)], rows, names)
        assert (model.rowCount(), model.columnCount()) == (len(rows), width)
    assert tester.model() is model


def test_U05_text_from_outside_is_one_harmless_line_or_an_escaped_tip(theme: Theme, icons: Icons) -> None:
    cards, steps, cells = ExerciseModel(), HistoryModel(theme, icons), CellsModel(theme, icons)
    cards.show_cards([Card(Exercise(EVIL, f"/{EVIL}", (EVIL,), None))])
    steps.add([Step(1, AT, EVIL, EVIL, Result.CORRECT)])
    cells.show_rows([EVIL], [[Cell(EVIL)]])
    for model in (cards, steps, cells):
        lines = said(model, Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
        tips = said(model, Qt.ItemDataRole.ToolTipRole)
        assert any("evil" in text for text in lines)
        assert not any({"\x1b", "\u202e"} & set(text) for text in (*lines, *tips))
        assert not any("\n" in text for text in lines)
        # A tip is markup, and holds nothing but escaped text.
        assert not any("<img" in text or "<a " in text for text in tips)
