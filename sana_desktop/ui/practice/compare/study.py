"""The frame of each question on the Compare page: what it finds out, what it takes, run, progress, stop, outcome."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from sana_desktop.base.text import one_line
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.compare.evidence import Evidence
from sana_desktop.ui.practice.compare.hand_on import HandOn
from sana_desktop.ui.practice.parts.announce import announce
from sana_desktop.ui.practice.parts.plain_table import PlainTable
from sana_desktop.ui.practice.parts.strips import Strip
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import column, label, line, set_tone, text_button

SENTENCE_CHARACTERS = 600
BODY_WIDTH = 1040


class ComparisonPanel(QWidget):
    """One question. Its controls, and what came out, are put in by the view that builds on it.

    Args:
        key: short name; part of the object names.
        title: the question.
        explanation: what is found out by it, in one or two sentences.
        verb: words of the button that runs it.

    Attributes:
        parts: makes one part of what is missing with each step, in a view that was not made at once.

    Signals:
        run_wanted: begin.
        stop_wanted: end it now; what was found so far stays.
        ended: it runs no more.
    """

    run_wanted = Signal()
    stop_wanted = Signal()
    ended = Signal()

    def __init__(self, key: str, title: str, explanation: str, verb: str, theme: Theme, icons: Icons) -> None:
        super().__init__()
        self.setObjectName(f"{key}Study")
        self.setAccessibleName(title)
        self.key = key
        self.title = title
        self.parts: Iterator[None] = iter(())
        self.theme = theme
        self.icons = icons
        self._running = False
        self._reason = ""
        self._names: dict[QWidget, QLabel] = {}
        self.asked_of = label("", role="quiet", name=f"{key}AskedOf", wrap=True)
        self.controls = QGridLayout()
        self.controls.setHorizontalSpacing(12)
        self.controls.setVerticalSpacing(8)
        self.controls.setColumnStretch(1, 1)
        self.plan = label("", name=f"{key}Plan", wrap=True)
        self.run = text_button(verb, f"{key}RunButton", kind="primary")
        self.stop = text_button(tr("Practice", "Stop"), f"{key}StopButton")
        self.stop.hide()
        self.bar = QProgressBar()
        self.bar.setObjectName(f"{key}Progress")
        self.bar.setAccessibleName(tr("Practice", "Progress"))
        self.bar.setTextVisible(False)
        self.bar.hide()
        self.progress = label("", role="caption", name=f"{key}ProgressWords")
        self.progress.hide()
        self.verdict = Strip(icons, f"{key}Verdict", most_acts=0)
        self._stale = Strip(icons, f"{key}Stale", most_acts=0)
        self._subject: object = None
        self._found: tuple[object, str] | None = None
        self._found_choice: object = None
        self._has_found = False
        self._found_for = ""
        self.hand_on = HandOn(key)
        self.save, self.copy = self.hand_on.save, self.hand_on.copy
        self.result = QVBoxLayout()
        self.result.setSpacing(12)
        self._lay_out(explanation)
        self.run.clicked.connect(self.run_wanted)
        self.stop.clicked.connect(self.stop_wanted)

    def finish(self) -> None:
        """Make now what is missing."""
        for _ in self.parts:
            pass

    def add_control(self, words: str, control: QWidget, *, tall: bool = False, wide: bool = False) -> None:
        """Put a control below the others, with its words at the left.

        Args:
            tall: it has several lines.
            wide: it takes the room that there is.
        """
        row = self.controls.rowCount()
        name = self._names[control] = label(words, role="quiet")
        side = Qt.AlignmentFlag.AlignTop if tall else Qt.AlignmentFlag.AlignVCenter
        self.controls.addWidget(name, row, 0, side | Qt.AlignmentFlag.AlignLeft)
        self.controls.addWidget(control, row, 1, Qt.AlignmentFlag(0) if wide else Qt.AlignmentFlag.AlignLeft)

    def show_control(self, control: QWidget, shown: bool) -> None:
        """Show or hide a control with its words."""
        control.setVisible(shown)
        self._names[control].setVisible(shown)

    def show_question(self, words: str, subject: object = None) -> None:
        """Say what is asked: the set-up in words.

        Args:
            subject: what tells this question from another. What was found for another one stays, and says so.
        """
        self.asked_of.setText(one_line(words, SENTENCE_CHARACTERS))
        self._subject = subject
        self.look_again()

    def show_asks(self, asks: bool) -> None:
        """Say the question only where it is asked."""
        self.asked_of.setVisible(asks)

    def choice(self) -> object:
        """Return what is chosen here, which tells one question of this study from another; for the views that build on
        it."""
        return None

    def subject(self) -> object:
        """Return what tells the question shown from another."""
        return self._subject

    def show_found_for(self, subject: object, words: str, choice: object = None) -> None:
        """What is shown was found for this question, put in words; with None it holds whatever is set up.

        Args:
            choice: what was chosen here when it was asked; None for what is chosen now.
        """
        self._found = (subject, words) if subject is not None else None
        self._found_for = words
        self._found_choice = self.choice() if choice is None else choice
        self._has_found = True
        self.look_again()

    def evidence(self) -> Evidence:
        """Return what is shown, to be handed on."""
        said = (self._found_for, self.verdict.text(), *self.found_sentences())
        table = self.found_table()
        headers, rows = table.contents() if table is not None else ((), ())
        return Evidence(self.title, tuple(filter(None, said)), headers, rows)

    def found_sentences(self) -> Sequence[str]:
        """Return what was found besides the verdict; for the views that build on it."""
        return ()

    def found_table(self) -> PlainTable | None:
        """Return the table of what was found; for the views that build on it."""
        return None

    def look_again(self) -> None:
        """Show what was found only beside the question that it is of: another one that is chosen here hides it, another
        set-up is said."""
        of_another = self._has_found and self._found_choice != self.choice()
        self._outcome.setVisible(not of_another)
        if of_another:
            self._stale.say(
                tr(
                    "Practice",
                    "Another question is chosen now. Choose the one before again to see what was found.",
                )
            )
        elif self._found is None or self._found[0] == self._subject:
            self._stale.say("")
        elif _same_but_for_the_place(self._found[0], self._subject):
            words = tr(
                "Practice",
                "Another site is chosen now, or this one has another address or key since. This was found for: {was}",
                was=self._found[1],
            )
            self._stale.say(words, "warn")
        else:
            self._stale.say(
                tr("Practice", "Something else is set up now. This was found for: {was}", was=self._found[1]), "warn"
            )

    def show_plan(self, words: str) -> None:
        """Say what running it takes, before it runs."""
        self.plan.setText(one_line(words, SENTENCE_CHARACTERS))

    def set_reason(self, reason: str) -> None:
        """Say why it can't run now; empty if it can."""
        self._reason = reason
        self._offer()
        if not self._running:
            self._say(reason, "warn" if reason else "")

    def progress_words(self, done: int, total: int | None) -> str:
        """Return how far it is, in words."""
        if total:
            return tr("Practice", "{done} of {n} requests", done=done, n=total)
        return tr("Practice", "1 request") if done == 1 else tr("Practice", "{done} requests", done=done)

    def show_note(self, words: str) -> None:
        """Say something beside the button."""
        self._say(words, "warn")

    def show_running(self, done: int, total: int | None) -> None:
        """Show how far it is; `total` None where nobody knows."""
        self._running = True
        self._offer()
        self.bar.setVisible(bool(total))  # one that only runs to and fro says nothing
        self.bar.setRange(0, total or 1)
        self.bar.setValue(done)
        self._say(self.progress_words(done, total))

    def show_ended(self, words: str = "", tone: str = "") -> None:
        """It runs no more; `words` say how it ended where that is not the result itself."""
        self._running = False
        self._offer()
        self._say(words, tone)
        announce(self.progress, words)
        self.ended.emit()

    def is_running(self) -> bool:
        """Return whether it runs."""
        return self._running

    def _offer(self) -> None:
        here, gone = (self.stop, self.run) if self._running else (self.run, self.stop)
        self.run.setEnabled(not self._reason)
        here.show()
        if gone.hasFocus():
            # Before it is hidden: Qt would hand the keyboard on, and scroll to wherever that is.
            here.setFocus()
        gone.hide()
        if not self._running:
            self.bar.hide()

    def _say(self, words: str, tone: str = "") -> None:
        self.progress.setText(one_line(words, SENTENCE_CHARACTERS))
        self.progress.setVisible(bool(words))
        set_tone(self.progress, tone)

    def _lay_out(self, explanation: str) -> None:
        # From the outside in: what is moved later, Qt dresses anew with all that is in it.
        area = QScrollArea()
        area.setObjectName(f"{self.key}Scroll")
        area.setAccessibleName(self.title)
        area.setWidgetResizable(True)
        column(self).addWidget(area)
        inner = QWidget()
        inner.setProperty("kind", "page")
        area.setWidget(inner)
        across = QHBoxLayout(inner)
        across.setContentsMargins(32, 20, 32, 24)
        content = QWidget()
        content.setMaximumWidth(BODY_WIDTH)
        across.addWidget(content, 100)
        across.addStretch(1)
        box = column(content, spacing=8)
        box.addWidget(label(self.title, role="title", wrap=True))
        box.addWidget(label(explanation, role="quiet", wrap=True))
        box.addSpacing(4)
        box.addWidget(self.asked_of)
        box.addLayout(self.controls)
        box.addWidget(self.plan)
        row = QHBoxLayout()
        row.setSpacing(12)
        box.addLayout(row)
        row.addWidget(self.run)
        row.addWidget(self.stop)
        row.addWidget(self.progress, 1)
        row.addStretch()
        box.addWidget(self.bar)
        box.addSpacing(4)
        box.addWidget(line())
        box.addSpacing(4)
        box.addWidget(self._stale)
        self._outcome = QWidget()
        box.addWidget(self._outcome)
        found = column(self._outcome, spacing=8)
        found.addWidget(self.verdict)
        found.addLayout(self.result)
        found.addWidget(self.hand_on)
        box.addStretch()


def requests_words(calls: int, seconds: float, *, at_most: bool = False) -> str:
    """Return how much is asked and how long that takes, said before it is done."""
    time = max(round(seconds), 1)
    if calls == 1:
        return tr("Practice", "This makes 1 request, about {s} s. No answers are sent.", s=time)
    if at_most:
        return tr("Practice", "This makes at most {n} requests, about {s} s. No answers are sent.", n=calls, s=time)
    return tr("Practice", "This makes {n} requests, about {s} s. No answers are sent.", n=calls, s=time)


def _same_but_for_the_place(found: object, now: object) -> bool:
    """Return whether two subjects differ in their first part alone: where it was asked."""
    return isinstance(found, tuple) and isinstance(now, tuple) and found[1:] == now[1:]
