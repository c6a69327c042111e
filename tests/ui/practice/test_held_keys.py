"""A held key as X11 repeats it: let go and pressed again at the same time, not always marked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from sana_desktop.api.practice_models import Result
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.parts import hold_button
from sana_desktop.ui.practice.parts.held_keys import GRACE_MS
from sana_desktop.ui.practice.session.answer_bar import AnswerBar
from sana_desktop.ui.theme.theme import Theme
from tests.support.practice_askers import exercise

KEY = Qt.Key.Key_2
HOLD_MS = 150


def pressed(at: int, *, repeated: bool = False) -> QKeyEvent:
    return made(QEvent.Type.KeyPress, at, repeated=repeated)


def released(at: int, *, repeated: bool = False) -> QKeyEvent:
    return made(QEvent.Type.KeyRelease, at, repeated=repeated)


def made(kind: QEvent.Type, at: int, *, repeated: bool) -> QKeyEvent:
    event = QKeyEvent(kind, KEY, Qt.KeyboardModifier.NoModifier, "2", repeated)
    event.setTimestamp(at)
    return event


class Answers:
    """An answer bar, what it answered, and how often it said that it was let go too early."""

    def __init__(self, theme: Theme, icons: Icons) -> None:
        self.bar = AnswerBar(theme, icons)
        self.given: list[Result] = []
        self.early = 0
        self.bar.answered.connect(lambda result, *_: self.given.append(result))
        self.bar.let_go.connect(self._let_go)
        self.bar.show_exercise(exercise("a"))
        self.bar.show()

    def _let_go(self) -> None:
        self.early += 1

    def repeat(self, at: int) -> None:
        """What X11 sends for a key that is held on."""
        self.bar.release(released(at))
        self.bar.press(pressed(at))


@pytest.fixture
def answers(qapp: QApplication, theme: Theme, icons: Icons, monkeypatch: pytest.MonkeyPatch) -> Iterator[Answers]:
    monkeypatch.setattr(hold_button, "HOLD_MS", HOLD_MS)
    one = Answers(theme, icons)
    yield one
    one.bar.deleteLater()


def test_a_held_key_whose_repetitions_are_not_marked_is_held(answers: Answers, qtbot: QtBot) -> None:
    answers.bar.set_held(True)
    answers.bar.press(pressed(1_000))
    for at in range(1_010, 1_100, 10):
        answers.repeat(at)
    qtbot.waitUntil(lambda: answers.given == [Result.PARTIALLY_CORRECT])
    assert answers.early == 0


def test_the_key_that_sent_one_answer_does_not_begin_with_the_next(answers: Answers, qtbot: QtBot) -> None:
    answers.bar.set_held(True)
    button = answers.bar.buttons[Result.PARTIALLY_CORRECT]
    answers.bar.press(pressed(1_000))
    qtbot.waitUntil(lambda: len(answers.given) == 1)
    answers.bar.show_exercise(exercise("b"))
    answers.repeat(1_500)
    answers.bar.release(released(1_540))
    qtbot.wait(3 * GRACE_MS)
    answers.bar.press(pressed(1_540))  # of the same repetition, read after a stall
    assert button.progress() == 0.0
    answers.bar.release(released(1_600))
    qtbot.wait(3 * GRACE_MS)
    answers.bar.press(pressed(2_000))
    assert button._holding, "after a real release it counts anew"
    qtbot.waitUntil(lambda: len(answers.given) == 2)


def test_a_key_let_go_early_sends_nothing_and_says_so(answers: Answers, qtbot: QtBot) -> None:
    answers.bar.set_held(True)
    answers.bar.press(pressed(1_000))
    answers.bar.release(released(1_050))
    qtbot.waitUntil(lambda: answers.early == 1)
    qtbot.wait(2 * HOLD_MS)
    assert answers.given == []


def test_a_test_learner_gets_one_answer_a_stroke_however_long_it_is_and_however_quick_the_next(
    answers: Answers,
) -> None:
    answers.bar.press(pressed(1_000))
    for at in range(1_010, 1_100, 10):
        answers.repeat(at)
    answers.bar.press(pressed(1_110, repeated=True))
    assert len(answers.given) == 1
    answers.bar.release(released(1_120))
    answers.bar.press(pressed(1_130))
    assert len(answers.given) == 2


def test_of_two_answers_held_at_once_neither_counts(answers: Answers, qtbot: QtBot) -> None:
    answers.bar.set_held(True)
    both: list[bool] = []
    answers.bar.both_held.connect(lambda: both.append(True))
    correct, partly = (answers.bar.buttons[each] for each in (Result.CORRECT, Result.PARTIALLY_CORRECT))
    QTest.mousePress(correct, Qt.MouseButton.LeftButton)
    assert correct.is_holding()
    answers.bar.press(pressed(1_000))
    assert both == [True]
    assert not correct.is_holding()
    assert not partly.is_holding()
    answers.bar.release(released(1_050))
    QTest.mouseRelease(correct, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not answers.bar._keys._leaving[KEY].isActive())
    assert answers.given == []
    answers.bar.press(pressed(2_000))
    qtbot.waitUntil(lambda: answers.given == [Result.PARTIALLY_CORRECT])


def test_while_the_site_is_locked_no_answer_can_be_held(answers: Answers) -> None:
    hint = answers.bar.findChild(QLabel, "answerHint")
    assert isinstance(hint, QLabel)
    answers.bar.set_held(True)
    answers.bar.press(pressed(1_000))
    answers.bar.set_held(True, locked=True)
    assert not any(button.isEnabled() or button.is_holding() for button in answers.bar.buttons.values())
    assert "locked for real people" in hint.text()
    answers.bar.show_exercise(exercise("b"))
    assert not any(button.isEnabled() for button in answers.bar.buttons.values())
    answers.bar.set_held(True)
    assert all(button.isEnabled() for button in answers.bar.buttons.values())


def test_what_holding_an_answer_of_a_set_does_is_said_before(answers: Answers) -> None:
    hint = answers.bar.findChild(QLabel, "answerHint")
    assert isinstance(hint, QLabel)
    answers.bar.show_set(3, 3)
    assert hint.isHidden(), "a test learner's answers are not held"
    answers.bar.set_held(True)
    assert "holding the last one of the set sends all 3" in hint.text()
    answers.bar.show_set(3, 1)
    assert "holding this answer sends all 3" in hint.text()
    answers.bar.show_set(0, 0)
    assert hint.text().endswith("until it is full. It can't be taken back.")
