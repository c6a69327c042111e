"""The four answers: one key each, and held down where the learner is a real person (B26)."""

from __future__ import annotations

import math

from PySide6.QtCore import QElapsedTimer, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from sana_desktop.api.practice_models import Exercise, Result
from sana_desktop.base.errors import UserError
from sana_desktop.practice.metadata import read_metadata
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.naming import RESULT_LOOKS, result_words
from sana_desktop.ui.practice.parts.collapsible import CollapsibleSection, bring_into_view
from sana_desktop.ui.practice.parts.flow import FlowRow
from sana_desktop.ui.practice.parts.held_keys import HeldKeys
from sana_desktop.ui.practice.parts.hold_button import HoldButton
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import error_text, tr
from sana_desktop.ui.widgets import after, label, plain_tip, set_property, set_tone

NAMES = {
    Result.CORRECT: ("answerCorrect", Qt.Key.Key_1),
    Result.PARTIALLY_CORRECT: ("answerPartly", Qt.Key.Key_2),
    Result.INCORRECT: ("answerIncorrect", Qt.Key.Key_3),
    Result.SKIPPED: ("answerSkipped", Qt.Key.Key_4),
}
MAX_TIME_SECONDS = 86_400
MAX_METADATA_LENGTH = 4_000
"""Characters; a request has 16 KB for all that is in it."""


class AnswerBar(QWidget):
    """The answers, with an optional score, time and metadata.

    Signals:
        answered(Result, object, object, object): result, score or None, milliseconds or None, metadata or None.
        let_go: an answer that has to be held was let go too early.
        both_held: two answers were held at once, so that neither counts.
    """

    answered = Signal(object, object, object, object)
    let_go = Signal()
    both_held = Signal()

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("answerBar")
        self.setAccessibleName(tr("Practice", "Answer"))
        self._held = self._locked = False
        self._current: Exercise | None = None
        self._total = self._open = 0
        self._highest: float | None = None
        self._watch = QElapsedTimer()
        self._keys = HeldKeys(self)
        self._keys.down.connect(lambda key: self._of(key).begin())
        self._keys.up.connect(lambda key: self._of(key).end())
        self.buttons: dict[Result, HoldButton] = {}
        row = FlowRow(even=True)
        for result, (name, _key) in NAMES.items():
            button = HoldButton(theme)
            button.setObjectName(name)
            set_property(button, "kind", "answer")
            icon, role = RESULT_LOOKS[result]
            icons.bind(button, icon, role)
            button.done.connect(lambda result=result: self._answer(result))
            button.let_go.connect(self.let_go)
            button.began.connect(lambda result=result: self._began(result))
            self.buttons[result] = button
            row.add(button)
        self.score = _field("answerScore", tr("Practice", "Score"))
        self.time = _field("answerTime", tr("Practice", "Seconds it took"))
        self.measure = QCheckBox(tr("Practice", "Send the time it took me"))
        self.measure.setObjectName("answerMeasured")
        self.metadata = _field("answerMetadata", tr("Practice", "Metadata"))
        self.metadata.setMaxLength(MAX_METADATA_LENGTH)
        self.metadata.setFixedWidth(2 * self.metadata.width())
        tip = tr("Practice", "Anything to send along: JSON, or names with values, such as attempt = 2, mood = fine.")
        self.metadata.setToolTip(plain_tip(tip))
        self.metadata.setAccessibleDescription(tip)
        self._most = label("", role="caption")
        self._problem = label("", tone="bad", wrap=True, name="answerProblem")
        self._problem.hide()
        self._hint = label("", role="caption", wrap=True, name="answerHint")
        self._hint.hide()
        self._show_all = after(self, 0, lambda: bring_into_view(self))
        self._fold = CollapsibleSection(
            tr("Practice", "Add a score, a time or metadata"), "answerMore", icons, self._more()
        )
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        box.addWidget(row)
        box.addWidget(self._hint)
        box.addWidget(self._fold)
        box.addWidget(self._problem)  # last: what is to be put right does not move
        self.measure.toggled.connect(lambda on: self.time.setEnabled(not on))
        self._name_buttons()

    def show_exercise(self, exercise: Exercise | None) -> None:
        """Take answers for this exercise; None takes none."""
        if exercise != self._current:
            self._cancel()  # a finger on a button meant the one before
        self._current = exercise
        self._enable()
        most = self._highest = exercise.max_score if exercise is not None else None
        self._most.setText(tr("Practice", "of {most}", most=f"{most:g}") if most is not None else "")
        self._show_problem("")
        for field in (self.score, self.time, self.metadata):
            field.clear()
        self._watch.start()

    def set_held(self, held: bool, *, locked: bool = False) -> None:
        """Choose whether answers must be held down, as for a real person; while `locked` none can be given."""
        if (held, locked) == (self._held, self._locked):
            return
        self._held = self._keys.patient = held
        self._locked = locked
        self._cancel()
        for button in self.buttons.values():
            button.set_held(held)
        self._enable()
        self._name_buttons()
        self._show_hint()

    def show_set(self, total: int, left: int) -> None:
        """Say what the answers of a set wait for: `left` of `total` have none yet. 0 where each goes at once."""
        if (total, left) != (self._total, self._open):
            self._total, self._open = total, left
            self._show_hint()

    def press(self, event: QKeyEvent) -> None:
        """A key of an answer went down."""
        self._keys.press(event)

    def release(self, event: QKeyEvent) -> None:
        """A key of an answer went up."""
        self._keys.release(event)

    # -- inside

    def _of(self, key: int) -> HoldButton:
        return next(self.buttons[result] for result, (_, its) in NAMES.items() if its == key)

    def _more(self) -> QWidget:
        more = QWidget()
        box = QVBoxLayout(more)
        box.setContentsMargins(0, 0, 0, 4)
        box.setSpacing(6)
        row = FlowRow(16)
        for words, field, beside in (
            (tr("Practice", "&Score"), self.score, self._most),
            (tr("Practice", "Seconds it &took"), self.time, None),
            (tr("Practice", "&Metadata"), self.metadata, None),
        ):
            pair = QWidget()
            inner = QHBoxLayout(pair)
            inner.setContentsMargins(0, 0, 0, 0)
            inner.setSpacing(8)
            title = QLabel(words)
            title.setBuddy(field)
            inner.addWidget(title)
            inner.addWidget(field)
            if beside is not None:
                inner.addWidget(beside)
            row.add(pair)
        box.addWidget(row)
        box.addWidget(self.measure, 0, Qt.AlignmentFlag.AlignLeft)
        return more

    def _name_buttons(self) -> None:
        for number, (result, button) in enumerate(self.buttons.items(), 1):
            words = result_words(result)
            button.setText(f"{words}   {number}")
            button.setAccessibleName(tr("Practice", "Hold: {words}", words=words) if self._held else words)
            button.setAccessibleDescription(tr("Practice", "Key {n}", n=number))

    def _enable(self) -> None:
        for button in self.buttons.values():
            button.setEnabled(self._current is not None and not self._locked)

    def _show_hint(self) -> None:
        self._hint.setText(self._hint_words())
        self._hint.setVisible(self._held)

    def _hint_words(self) -> str:
        if not self._held:
            return ""
        if self._locked:
            return tr("Practice", "This site is locked for real people: no answer can be given or sent.")
        if self._total <= 1:
            return tr("Practice", "Real person: hold the button or its key until it is full. It can't be taken back.")
        if self._open > 1:
            return tr(
                "Practice",
                "Real person: hold the button or its key until it is full. The answers are kept here; holding the last "
                "one of the set sends all {n}.",
                n=self._total,
            )
        return tr(
            "Practice",
            "Real person, last of the set: holding this answer sends all {n}. That can't be taken back.",
            n=self._total,
        )

    def _began(self, result: Result) -> None:
        """Of two answers that are held at once nobody knows which one is meant."""
        if any(button.is_holding() for other, button in self.buttons.items() if other is not result):
            self._cancel()
            self.both_held.emit()

    def _cancel(self) -> None:
        for button in self.buttons.values():
            button.cancel()

    def _answer(self, result: Result) -> None:
        try:
            score, seconds = _number(self.score), _number(self.time)
        except ValueError:
            wrong = self.score if _is_wrong(self.score) else self.time
            self._show_problem(tr("Practice", "Score and time are numbers, such as 1.5; nothing was sent."), wrong)
            return
        if seconds is not None and not 0 <= seconds <= MAX_TIME_SECONDS:
            self._show_problem(tr("Practice", "The time must be from 0 seconds to a day; nothing was sent."), self.time)
            return
        if score is not None and self._highest is not None and not 0 <= score <= self._highest:
            words = tr("Practice", "The score must be from 0 to {most}; nothing was sent.", most=f"{self._highest:g}")
            self._show_problem(words, self.score)
            return
        try:
            metadata = read_metadata(self.metadata.text())
        except UserError as error:
            self._show_problem(tr("Practice", "{why} Nothing was sent.", why=error_text(error)), self.metadata)
            return
        self._show_problem("")
        spent = round(seconds * 1000) if seconds is not None else None
        if self.measure.isChecked():
            spent = self._watch.elapsed()
        self.answered.emit(result, score, spent, metadata)

    def _show_problem(self, sentence: str, wrong: QLineEdit | None = None) -> None:
        """Say what is wrong, and put the keyboard where it can be put right."""
        for field in (self.score, self.time, self.metadata):
            set_tone(field, "bad" if field is wrong else "")
        if wrong is not None:
            self._fold.set_open(True)
            wrong.setFocus(Qt.FocusReason.OtherFocusReason)
            wrong.selectAll()
            self._show_all.start()
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))


def _field(name: str, words: str) -> QLineEdit:
    made = QLineEdit()
    made.setObjectName(name)
    made.setAccessibleName(words)
    made.setMaxLength(12)
    made.setPlaceholderText(tr("Practice", "not sent"))
    made.setFixedWidth(made.fontMetrics().horizontalAdvance("0" * 12))
    return made


def _is_wrong(field: QLineEdit) -> bool:
    try:
        _number(field)
    except ValueError:
        return True
    return False


def _number(field: QLineEdit) -> float | None:
    """Return the number in a field, with either decimal mark; None where it is empty."""
    text = field.text().strip().replace(",", ".")
    if not text:
        return None
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value
