"""Strips across the Practice place: who is real, what could not be done, what waits to be sent. Word, icon, one act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import zip_longest
from types import MappingProxyType

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from sana_desktop.base.text import one_line
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.parts.announce import announce
from sana_desktop.ui.practice.parts.flow import FlowRow
from sana_desktop.ui.practice.parts.hold_button import HoldButton
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import label, set_property

MAX_SENTENCE_LENGTH = 600
MAX_ACTS = 4
MAX_REASONS = 3
"""Why answers can't be delivered; of more, the number is said."""
NO_REASONS: Mapping[str, int] = MappingProxyType({})
CLOSE = "close"
"""The act that only takes the strip away."""
_ICONS = {
    "": ("info", "text_quiet"),
    "good": ("good", "good"),
    "warn": ("warning", "warn"),
    "bad": ("error", "bad"),
}


@dataclass(frozen=True, slots=True)
class StripAct:
    """One button of a strip: `key` is handed back, `words` are the verb on it; `held` must be held until it is full."""

    key: str
    words: str
    kind: str = ""
    held: bool = False


class Strip(QFrame):
    """A sentence with its icon and buttons on a tinted ground; hidden while it has nothing to say.

    Args:
        most_acts: how many buttons it may have at a time.

    Signals:
        wanted(str): key of the button that was pressed.
        let_go: a button that has to be held was let go too early.
    """

    wanted = Signal(str)
    let_go = Signal()

    def __init__(self, icons: Icons, name: str, parent: QWidget | None = None, *, most_acts: int = MAX_ACTS) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setProperty("kind", "banner")
        self._icons = icons
        self._mark = QLabel()
        self._heading = label("", role="heading", wrap=True)
        self._words = label("", wrap=True, selectable=True, name=f"{name}Words")
        self._acts = FlowRow()
        # Made once: a button that is made later stands at the end of the Tab order, wherever it is seen.
        self._buttons = [HoldButton(icons.theme) for _ in range(most_acts)]
        for button in self._buttons:
            button.done.connect(lambda button=button: self.wanted.emit(str(button.property("act"))))
            button.let_go.connect(self.let_go)
            button.hide()
            self._acts.add(button)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(10)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self._heading)
        words.addWidget(self._words)
        words.addWidget(self._acts)
        row.addLayout(words, 1)
        self._row = row
        self.hide()

    def add_beside(self, widget: QWidget) -> None:
        """Put a widget beside the sentence, which is one line then, for as long as there is one."""
        self._row.setAlignment(self._mark, Qt.AlignmentFlag.AlignVCenter)
        self._row.addWidget(widget)

    def say(
        self,
        sentence: str,
        tone: str = "",
        *acts: StripAct,
        heading: str = "",
        icon: str = "",
        aloud: bool = False,
    ) -> None:
        """Say something, with buttons; an empty sentence hides the strip.

        Args:
            tone: "", "good", "warn" or "bad".
            icon: another one than the tone's.
            aloud: a screen reader says it.
        """
        self.setVisible(bool(sentence))
        if not sentence:
            return
        own, role = _ICONS[tone]
        self._icons.bind_label(self._mark, icon or own, role)
        set_property(self, "tone", tone)
        self._heading.setText(one_line(heading, 120))
        self._heading.setVisible(bool(heading))
        self._words.setText(one_line(sentence, MAX_SENTENCE_LENGTH))
        self.setAccessibleName(f"{heading} {sentence}".strip()[:MAX_SENTENCE_LENGTH])
        self._show_acts(acts)
        self._acts.setVisible(bool(acts))
        if aloud:
            announce(self._words, self._words.text())

    def text(self) -> str:
        """Return the sentence, "" while hidden."""
        return "" if self.isHidden() else self._words.text()

    def offers(self, act: str) -> bool:
        """Return whether this act is offered."""
        return not self.isHidden() and any(button.property("act") == act for button in self.buttons())

    def withdraw(self, act: str) -> None:
        """Say nothing any more, if this act is what is offered."""
        if self.offers(act):
            self.say("")

    def buttons(self) -> list[HoldButton]:
        """Return the buttons that can be seen."""
        return [button for button in self._buttons if not button.isHidden()]

    def _show_acts(self, acts: tuple[StripAct, ...]) -> None:
        for button, act in zip_longest(self._buttons, acts):
            button.setVisible(act is not None)
            key = act.key if act is not None else ""
            if button.property("act") != key:
                button.cancel()  # a finger on it meant another act
            button.setProperty("act", key)
            button.set_held(act is not None and act.held)
            button.setObjectName(f"{self.objectName()}-{act.key if act is not None else ''}")
            if act is not None:
                button.setText(act.words)
                button.setAccessibleName(tr("Practice", "Hold: {words}", words=act.words) if act.held else act.words)
                set_property(button, "kind", act.kind)
        self._acts.updateGeometry()


def offer_undo(strip: Strip, sentence: str, act: str) -> None:
    """Say what was taken away, and offer to bring it back."""
    strip.say(sentence, "", StripAct(act, tr("Practice", "Undo")), icon="trash")


def say_real(strip: Strip, name: str, *, locked: bool) -> None:
    """Mark a real person, all the time that they are chosen (B26)."""
    heading = tr("Practice", "Real person: {name}", name=name)
    test = StripAct("test", tr("Practice", "Use a test learner"))
    if locked:
        sentence = tr(
            "Practice",
            "This is not one of your test learners, and this site is locked for real people: nothing is sent to them.",
        )
        strip.say(
            sentence,
            "warn",
            test,
            StripAct("unlock", tr("Practice", "Unlock this site…"), "plain"),
            heading=heading,
            icon="lock",
        )
        return
    sentence = tr(
        "Practice",
        "This is not one of your test learners. Answers you send change what this person is offered, and cannot be "
        "taken back: to send one, hold its button until it is full. The site is unlocked until the app is closed.",
    )
    strip.say(
        sentence,
        "warn",
        test,
        StripAct("lock", tr("Practice", "Lock this site again"), "plain"),
        heading=heading,
        icon="person",
    )


def say_unlocked(strip: Strip, site: str) -> None:
    """Say that answers could go to real people, also while a test learner is chosen (B26)."""
    sentence = tr(
        "Practice",
        "{site} is unlocked for real people until the app is closed. Lock it again when you are done with them.",
        site=site,
    )
    strip.say(sentence, "warn", StripAct("lock", tr("Practice", "Lock this site again"), "plain"), icon="person")


def say_outbox(
    strip: Strip,
    *,
    waiting: int,
    unknown: int,
    parked: int,
    apart: int = 0,
    reasons: Mapping[str, int] = NO_REASONS,
    again: bool = False,
) -> None:
    """Say what is on its way, what nobody knows the fate of, and what can't be delivered.

    Args:
        apart: answers that wait for their set to be done, or for somebody to send them.
        reasons: why answers can't be delivered, and how many for each.
        again: what can't be delivered can be sent again from here.
    """
    sentences = []
    acts = []
    if unknown:
        sentences.append(
            tr("Practice", "1 answer: not known whether it arrived.")
            if unknown == 1
            else tr("Practice", "{n} answers: not known whether they arrived.", n=unknown)
        )
        acts += [
            StripAct("again", tr("Practice", "Send again")),
            StripAct("leave", tr("Practice", "Leave it") if unknown == 1 else tr("Practice", "Leave them"), "plain"),
        ]
    if parked:
        sentences.append(
            tr("Practice", "1 answer can't be delivered.")
            if parked == 1
            else tr("Practice", "{n} answers can't be delivered.", n=parked)
        )
        sentences += reason_words(reasons)
        if again:
            words = tr("Practice", "Send undelivered again") if unknown else tr("Practice", "Send again")
            acts.append(StripAct("again-parked", words, "plain" if unknown else ""))
        acts.append(StripAct("drop", tr("Practice", "Put aside what can't be delivered"), "plain"))
    if waiting:
        sentences.append(
            tr("Practice", "1 answer waits to be sent; it is safe on this computer.")
            if waiting == 1
            else tr("Practice", "{n} answers wait to be sent; they are safe on this computer.", n=waiting)
        )
    if apart:
        sentences.append(
            tr("Practice", "1 answer waits for its set to be done; it is safe on this computer.")
            if apart == 1
            else tr("Practice", "{n} answers wait for their set to be done; they are safe on this computer.", n=apart)
        )
    if waiting or apart:
        acts.append(StripAct("send", tr("Practice", "Send now"), "plain" if unknown else ""))
    strip.say(
        " ".join(sentences), "warn" if unknown or parked else "", *acts, icon="" if unknown or parked else "outbox"
    )


def reason_words(reasons: Mapping[str, int]) -> list[str]:
    """Return why answers can't be delivered, each reason once; with how many it holds for where there are several."""
    if len(reasons) == 1:
        return list(reasons)
    said = [tr("Practice", "{n}: {reason}", n=n, reason=reason) for reason, n in list(reasons.items())[:MAX_REASONS]]
    more = len(reasons) - MAX_REASONS
    if more > 0:
        said.append(
            tr("Practice", "And 1 more reason.") if more == 1 else tr("Practice", "And {n} more reasons.", n=more)
        )
    return said
