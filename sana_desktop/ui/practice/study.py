"""The frame of each question on the Compare page: what it finds out, what it takes, run, progress, stop, outcome."""

from __future__ import annotations

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
from sana_desktop.ui.practice.announce import announce
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import column, frame, label, line, set_property, set_tone, text_button

SENTENCE_CHARACTERS = 600
BODY_WIDTH = 1040
TONE_LOOKS = {
    "good": ("good", "good"),
    "warn": ("warning", "warn"),
    "bad": ("error", "bad"),
    "": ("info", "text_quiet"),
}


class Banner(QWidget):
    """A sentence with an icon on a tinted ground; hidden while it has nothing to say."""

    def __init__(self, name: str, icons: Icons) -> None:
        super().__init__()
        self._icons = icons
        self._frame = frame("banner", name)
        self._mark = QLabel()
        self._words = label("", wrap=True, selectable=True, name=f"{name}Words")
        row = QHBoxLayout(self._frame)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(10)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._words, 1)
        self.row = row
        column(self).addWidget(self._frame)
        self.hide()

    def say(self, sentence: str, tone: str = "", *, aloud: bool = False) -> None:
        """Show `sentence`; an empty one hides it. `tone` is "", "good", "warn" or "bad"; `aloud` announces it."""
        self._words.setText(one_line(sentence, SENTENCE_CHARACTERS))
        set_property(self._frame, "tone", tone)
        icon, role = TONE_LOOKS[tone]
        self._icons.bind_label(self._mark, icon, role)
        self._frame.setAccessibleName(one_line(sentence, SENTENCE_CHARACTERS))
        self.setVisible(bool(sentence))
        if aloud:
            announce(self._words, self._words.text())

    def text(self) -> str:
        """Return the sentence."""
        return self._words.text()


class Study(QWidget):
    """One question. Its controls, and what came out, are put in by the view that builds on it.

    Args:
        key: short name; part of the object names.
        title: the question.
        explanation: what is found out by it, in one or two sentences.
        verb: words of the button that runs it.

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
        self.verdict = Banner(f"{key}Verdict", icons)
        self.result = QVBoxLayout()
        self.result.setSpacing(12)
        self._lay_out(explanation)
        self.run.clicked.connect(self.run_wanted)
        self.stop.clicked.connect(self.stop_wanted)

    def add_control(self, words: str, control: QWidget, *, tall: bool = False) -> None:
        """Put a control below the others, with its words at the left; `tall` if it has several lines."""
        row = self.controls.rowCount()
        name = self._names[control] = label(words, role="quiet")
        side = Qt.AlignmentFlag.AlignTop if tall else Qt.AlignmentFlag.AlignVCenter
        self.controls.addWidget(name, row, 0, side | Qt.AlignmentFlag.AlignLeft)
        self.controls.addWidget(control, row, 1, Qt.AlignmentFlag.AlignLeft)

    def show_control(self, control: QWidget, shown: bool) -> None:
        """Show or hide a control with its words."""
        control.setVisible(shown)
        self._names[control].setVisible(shown)

    def show_question(self, words: str) -> None:
        """Say what is asked: the set-up in words."""
        self.asked_of.setText(one_line(words, SENTENCE_CHARACTERS))

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
        had_focus = self.run.hasFocus() or self.stop.hasFocus()
        self.run.setVisible(not self._running)
        self.run.setEnabled(not self._reason)
        self.stop.setVisible(self._running)
        if not self._running:
            self.bar.hide()
        if had_focus:
            (self.stop if self._running else self.run).setFocus()

    def _say(self, words: str, tone: str = "") -> None:
        self.progress.setText(one_line(words, SENTENCE_CHARACTERS))
        self.progress.setVisible(bool(words))
        set_tone(self.progress, tone)

    def _lay_out(self, explanation: str) -> None:
        content = QWidget()
        content.setMaximumWidth(BODY_WIDTH)
        box = column(content, spacing=8)
        box.addWidget(label(self.title, role="title", wrap=True))
        box.addWidget(label(explanation, role="quiet", wrap=True))
        box.addSpacing(4)
        box.addWidget(self.asked_of)
        box.addLayout(self.controls)
        box.addWidget(self.plan)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.run)
        row.addWidget(self.stop)
        row.addWidget(self.progress, 1)
        row.addStretch()
        box.addLayout(row)
        box.addWidget(self.bar)
        box.addSpacing(4)
        box.addWidget(line())
        box.addSpacing(4)
        box.addWidget(self.verdict)
        box.addLayout(self.result)
        box.addStretch()
        inner = QWidget()
        inner.setProperty("kind", "page")
        across = QHBoxLayout(inner)
        across.setContentsMargins(32, 20, 32, 24)
        across.addWidget(content, 100)
        across.addStretch(1)
        area = QScrollArea()
        area.setObjectName(f"{self.key}Scroll")
        area.setAccessibleName(self.title)
        area.setWidgetResizable(True)
        area.setWidget(inner)
        column(self).addWidget(area)
