"""A held key as X11 repeats it: let go and pressed again at the same time, not always marked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
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
        self.bar.answered.connect(lambda result, _score, _time: self.given.append(result))
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
    qtbot.waitUntil(lambda: answers.given == [Result.PARTIALLY_CORRECT], timeout=3_000)
    assert answers.early == 0


def test_the_key_that_sent_one_answer_does_not_begin_with_the_next(answers: Answers, qtbot: QtBot) -> None:
    answers.bar.set_held(True)
    button = answers.bar.buttons[Result.PARTIALLY_CORRECT]
    answers.bar.press(pressed(1_000))
    qtbot.waitUntil(lambda: len(answers.given) == 1, timeout=3_000)
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
    qtbot.waitUntil(lambda: len(answers.given) == 2, timeout=3_000)


def test_a_key_let_go_early_sends_nothing_and_says_so(answers: Answers, qtbot: QtBot) -> None:
    answers.bar.set_held(True)
    answers.bar.press(pressed(1_000))
    answers.bar.release(released(1_050))
    qtbot.waitUntil(lambda: answers.early == 1, timeout=3_000)
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
