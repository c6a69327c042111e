"""The middle of the place: the cards have the room there is, and the fold tells whose exchange it shows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from sana_desktop.api.practice_models import Exchange, Result
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.session.exercise_list import Card
from sana_desktop.ui.practice.session.panel import SessionPanel
from sana_desktop.ui.practice.session.steps import Fate, Step
from sana_desktop.ui.theme.theme import Theme
from tests.support.practice_scenes import AT, exercises


@pytest.fixture
def panel(qtbot: QtBot, theme: Theme, icons: Icons) -> SessionPanel:
    made = SessionPanel(theme, icons)
    qtbot.addWidget(made)
    made.resize(505, 712)
    made.show_work()
    made.show()
    return made


def exchange(name: str) -> Exchange:
    return Exchange("/v1/next-exercises", AT, f'{{"user_id":"{name}"}}', 200, "{}", 0.04)


def step(number: int, *, of: Exchange | None = None) -> Step:
    at = AT + timedelta(seconds=number)
    return Step(number, at, f"exercise-{number}", "", Result.CORRECT, Fate.SENT, number, of)


def about(panel: SessionPanel) -> str:
    found = panel.findChild(QLabel, "practiceAbout")
    assert isinstance(found, QLabel)
    return "" if found.isHidden() else found.text()


def test_while_the_first_exercises_are_on_their_way_that_is_said(panel: SessionPanel) -> None:
    panel.show_asking(True)
    assert "on their way" in about(panel)
    panel.show_asking(False)  # none came
    assert about(panel) == ""
    panel.show_cards(cards(2), "2 exercises")
    panel.show_asking(True)  # the last list stays while the next one is asked for
    assert about(panel) == "2 exercises"
    panel.show_asking(False)
    assert about(panel) == "2 exercises"


def shown(panel: SessionPanel) -> str:
    found = panel.exchange.exchange()
    return "" if found is None else found.request


def named(panel: SessionPanel) -> str:
    label = panel.findChild(QLabel, "exchangeOf")
    assert isinstance(label, QLabel)
    return label.text()


def cards(count: int) -> list[Card]:
    return [Card(one, None, at == 0) for at, one in enumerate(exercises(count))]


def whole_cards(panel: SessionPanel) -> int:
    area, model = panel.list.viewport().rect(), panel.list.model()
    boxes = [panel.list.visualRect(model.index(row, 0)) for row in range(model.rowCount())]
    return sum(area.contains(box) for box in boxes)


def test_the_cards_have_the_room_that_the_steps_do_not_need(qtbot: QtBot, panel: SessionPanel) -> None:
    panel.show_cards(cards(3), "")
    qtbot.waitUntil(lambda: whole_cards(panel) == 3)
    least = panel.history.minimumSizeHint().height()
    assert panel.history.height() >= least
    panel.show_cards(cards(12), "")
    qtbot.waitUntil(lambda: panel.history.height() == least)
    assert whole_cards(panel) >= 3
    panel.resize(505, 430)
    qtbot.waitUntil(lambda: panel.list.height() == panel.list.minimumSizeHint().height())
    assert whole_cards(panel) >= 2, "below that all of it scrolls, not the cards alone"


def test_the_fold_follows_the_newest_until_a_step_is_chosen(panel: SessionPanel) -> None:
    panel.history.steps.add([step(1, of=exchange("one")), step(2, of=exchange("two"))])
    panel.show_last_exchange(exchange("two"))
    assert ("two" in shown(panel), named(panel)) == (True, "The newest request")
    panel.history.selectRow(1)
    assert "one" in shown(panel)
    assert named(panel).startswith("Of ")
    assert named(panel).endswith("exercise-1, Correct")
    assert not panel.exchange.newest.isHidden()
    panel.history.steps.add([step(3)])
    panel.show_last_exchange(exchange("three"))
    assert "one" in shown(panel), "it was chosen"
    panel.exchange.newest.click()
    assert ("three" in shown(panel), named(panel)) == (True, "The newest request")
    assert panel.exchange.newest.isHidden()
    assert not panel.history.currentIndex().isValid()


def test_who_stands_on_the_newest_step_stays_on_the_newest(panel: SessionPanel) -> None:
    panel.history.steps.add([step(1, of=exchange("one"))])
    panel.history.selectRow(0)
    assert named(panel).endswith("exercise-1, Correct")
    assert panel.exchange.newest.isHidden()
    panel.history.steps.add([step(2)])
    panel.show_last_exchange(exchange("two"))
    assert "two" in shown(panel)
    assert panel.history.currentIndex().row() == 0


def test_another_session_begins_with_its_newest(panel: SessionPanel) -> None:
    panel.history.steps.add([step(1, of=exchange("one")), step(2)])
    panel.history.selectRow(1)
    panel.history.steps.clear()
    panel.history.setCurrentIndex(QModelIndex())
    panel.show_last_exchange(exchange("other"))
    assert ("other" in shown(panel), named(panel)) == (True, "The newest request")


def test_what_is_said_of_a_long_session_asks_for_no_more_room(panel: SessionPanel) -> None:
    """Else the sides move, and everything on the page is laid out and painted anew."""
    before = panel.minimumSizeHint().width()
    panel.show_count(50_000, 50_000)
    assert panel.minimumSizeHint().width() == before
