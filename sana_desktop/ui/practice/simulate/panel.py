"""The simulated learner: who plays, from which seed, how far; with progress and a way out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from sana_desktop.base.text import one_line
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.parts.announce import announce
from sana_desktop.ui.practice.parts.collapsible import bring_into_view
from sana_desktop.ui.practice.parts.number_box import NumberBox
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import after, icon_button, label, set_tone, text_button

UNTIL_STOPPED = 0
TEN = 10
MAX_SEED = 999_999
SENTENCE_CHARACTERS = 300
NO_WORDS = "\N{NO-BREAK SPACE}"
"""Keeps the line, so that the first words do not move what stands around them."""
INDENT = 26
"""Pixels: the words of a persona begin below those of its button."""


@dataclass(frozen=True, slots=True)
class PersonaView:
    """One persona: its key, what it is called, and a sentence about how it answers."""

    key: str
    name: str
    sentence: str


class SimulatePanel(QFrame):
    """A card. Nothing in it moves while one plays: the button that was pressed keeps its place and the keyboard.

    Signals:
        play_wanted(int): so many steps; UNTIL_STOPPED for no end.
        stop_wanted: after the step under way. Its button is always there, beside the others.
        playing_changed(bool): one begins to play (True), or plays no more.
        chosen(str, int): another persona or seed.
        seed_wanted: any other seed.
    """

    play_wanted = Signal(int)
    stop_wanted = Signal()
    playing_changed = Signal(bool)
    chosen = Signal(str, int)
    seed_wanted = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("simulatePanel")
        self.setProperty("kind", "card")
        self.setAccessibleName(tr("Practice", "Simulated learner"))
        self._group = QButtonGroup(self)
        self._personas: list[QRadioButton] = []
        self._reason = ""
        self._playing = False
        self._list = QVBoxLayout()
        self._list.setSpacing(2)
        self.seed = NumberBox("simulateSeed", tr("Practice", "Seed"), 0, MAX_SEED, 0)
        self._seed_words = tr("Practice", "Chance follows this number: the same one gives the same answers again.")
        self.seed.setAccessibleDescription(self._seed_words)
        self.new_seed = icon_button(icons, "refresh", tr("Practice", "Another seed"), "simulateNewSeed")
        self.one = text_button(tr("Practice", "Play one step"), "playOneButton")
        self.ten = text_button(tr("Practice", "Play ten"), "playTenButton")
        self.on = text_button(tr("Practice", "Play until stopped"), "playOnButton")
        self.stop = text_button(tr("Practice", "Stop"), "stopPlayButton", kind="primary")
        self.bar = QProgressBar()
        self.bar.setObjectName("simulateProgress")
        self.bar.setAccessibleName(tr("Practice", "Steps played"))
        self.bar.setTextVisible(False)
        self._pressed = self.one
        kept = self.bar.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self.bar.setSizePolicy(kept)
        self.words = label(NO_WORDS, role="caption", name="simulateWords", wrap=True)
        self.bar.hide()
        self._later = after(self, 0, lambda: bring_into_view(self.words))
        self._lay_out()
        for button, steps in ((self.one, 1), (self.ten, TEN), (self.on, UNTIL_STOPPED)):
            button.clicked.connect(lambda _=False, button=button, steps=steps: self._press(button, steps))
        self.stop.clicked.connect(self.stop_wanted)
        self.new_seed.clicked.connect(self.seed_wanted)
        self.seed.valueChanged.connect(self._told)
        self._group.idClicked.connect(self._told)
        self._offer()

    def show_personas(self, personas: Sequence[PersonaView]) -> None:
        """Offer these; the first is chosen."""
        for position, persona in enumerate(personas):
            button = QRadioButton(one_line(persona.name, 60))
            button.setObjectName(f"persona-{persona.key}")
            button.setProperty("key", persona.key)
            button.setAccessibleDescription(persona.sentence)
            button.setChecked(position == 0)
            self._group.addButton(button, position)
            self._personas.append(button)
            self._list.addWidget(button)
            words = label(one_line(persona.sentence, SENTENCE_CHARACTERS), role="caption", wrap=True)
            row = QHBoxLayout()
            row.setContentsMargins(INDENT, 0, 0, 4)
            row.addWidget(words)
            self._list.addLayout(row)

    def persona(self) -> str:
        """Return the key of the chosen persona; empty while there is none."""
        checked = self._group.checkedButton()
        return str(checked.property("key")) if checked is not None else ""

    def choose(self, persona: str, seed: int) -> None:
        """Show another choice; nothing is told of."""
        for button in self._personas:
            if button.property("key") == persona:
                button.setChecked(True)
        with QSignalBlocker(self.seed):
            self.seed.setValue(seed)

    def set_reason(self, reason: str) -> None:
        """Say why nobody may play now; empty if one may."""
        if reason == self._reason:
            return
        self._reason = reason
        self._offer()
        if not self._playing:
            self._say(reason, "warn" if reason else "")

    def show_playing(self, done: int, total: int | None, a_second: float) -> None:
        """Show how far it is; `total` None while it plays until stopped, `a_second` 0 while nobody knows."""
        if not self._playing:
            self._playing = True
            self._offer()
            self.playing_changed.emit(self._playing)
        self.bar.setVisible(bool(total))  # one that only runs to and fro says nothing
        self.bar.setRange(0, total or 1)
        self.bar.setValue(done)
        self._say(progress_words(done, total, a_second))

    def show_stopping(self) -> None:
        """It ends after the step under way; pressed again, the button ends it at once."""
        self.stop.setText(tr("Practice", "Stop at once"))
        self.stop.setAccessibleName(tr("Practice", "Stop at once"))
        self._say(tr("Practice", "Stopping after the step under way…"))

    def show_ended(self, words: str, tone: str = "") -> None:
        """Nobody plays any more; `words` say how it ended."""
        self._playing = False
        self.stop.setText(tr("Practice", "Stop"))
        self.stop.setAccessibleName(tr("Practice", "Stop"))
        self._offer()
        self._say(words, tone)
        self.playing_changed.emit(self._playing)
        self._later.start(0)
        announce(self.words, words)

    def show_nothing_played(self) -> None:
        """Say no more how it ended: another learner, or another session, is in view."""
        if not self._playing:
            self._say(self._reason, "warn" if self._reason else "")

    def _told(self) -> None:
        self.chosen.emit(self.persona(), self.seed.value())

    def _press(self, button: QPushButton, steps: int) -> None:
        if self._playing:
            return  # it is what plays
        self._pressed = button
        self.play_wanted.emit(steps)

    def _offer(self) -> None:
        playing = self._playing
        offered: dict[QWidget, bool] = dict.fromkeys((*self._personas, self.seed, self.new_seed), not playing)
        for button in (self.one, self.ten, self.on):
            # One that plays a few steps keeps the keyboard, to be pressed again; of no end there is no again.
            offered[button] = button is self._pressed is not self.on if playing else not self._reason
        offered[self.stop] = playing
        for control, on in offered.items():
            if on:
                control.setEnabled(True)
        if any(control.hasFocus() for control, on in offered.items() if not on):
            # Before it can't be pressed any more: Qt would hand the keyboard on, and scroll to wherever that is.
            heir = self.seed if self._reason else self._pressed
            if playing:
                heir = self.stop if self._pressed is self.on else self._pressed
            heir.setFocus()
        for control, on in offered.items():
            if not on:
                control.setEnabled(False)
        self.bar.hide()

    def _say(self, words: str, tone: str = "") -> None:
        self.words.setText(one_line(words, SENTENCE_CHARACTERS) or NO_WORDS)
        set_tone(self.words, tone)

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 14, 16, 16)
        box.setSpacing(8)
        box.addWidget(label(tr("Practice", "Simulated learner"), role="heading"))
        hint = tr("Practice", "Answers by itself, so that you see what would be recommended next.")
        box.addWidget(label(hint, role="quiet", wrap=True))
        box.addLayout(self._list)
        row = QHBoxLayout()
        row.setSpacing(4)
        words = label(tr("Practice", "Seed"), role="quiet")
        words.setBuddy(self.seed)
        row.addWidget(words)
        row.addSpacing(8)
        row.addWidget(self.seed)
        row.addWidget(self.new_seed)
        row.addStretch()
        box.addLayout(row)
        box.addWidget(label(self._seed_words, role="caption", wrap=True, name="simulateSeedWords"))
        buttons = QGridLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.one, 0, 0)
        buttons.addWidget(self.ten, 0, 1)
        buttons.addWidget(self.on, 1, 0)
        buttons.addWidget(self.stop, 1, 1)
        box.addLayout(buttons)
        box.addWidget(self.bar)
        box.addWidget(self.words)
        self.setTabOrder(self.seed, self.new_seed)


def progress_words(done: int, total: int | None, a_second: float) -> str:
    """Return how far a simulation is, in words."""
    if total:
        far = tr("Practice", "{done} of {total} steps", done=f"{done:,}", total=f"{total:,}")
    else:
        # Of this run: the session may have answers from before.
        one, many = tr("Practice", "1 step in this run"), tr("Practice", "{done} steps in this run", done=f"{done:,}")
        far = one if done == 1 else many
    if a_second <= 0:
        return far
    speed = f"{a_second:,.0f}" if a_second >= 10 else f"{a_second:.1f}"
    return tr("Practice", "{far}, {speed} a second", far=far, speed=speed)
