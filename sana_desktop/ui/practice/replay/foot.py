"""The foot of the replay's dialog: how far it is, and what can be done about it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from sana_desktop.base.text import one_line
from sana_desktop.ui.practice.parts.announce import announce
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import column, label, set_tone, text_button

SENTENCE_CHARACTERS = 400


class ReplayFoot(QWidget):
    """A bar, a sentence and the buttons; those that mean nothing now are not there."""

    def __init__(self) -> None:
        super().__init__()
        self.send = text_button(tr("Replay", "Send them"), "replaySendButton", kind="primary")
        self.pause = text_button(tr("Replay", "Pause"), "replayPauseButton")
        self.compare = text_button(tr("Replay", "Compare then and now"), "replayCompareButton")
        self.resume = text_button(tr("Replay", "Go on"), "replayResumeButton", kind="primary")
        self.close_button = text_button(tr("Replay", "Close"), "replayCloseButton")
        self.bar = QProgressBar()
        self.bar.setObjectName("replayProgress")
        self.bar.setAccessibleName(tr("Replay", "Answers sent"))
        self.bar.setTextVisible(False)
        self.words = label("", role="caption", name="replayWords", wrap=True)
        self._price = label("", role="caption", name="replayPrice", wrap=True)
        box = column(self, (24, 12, 24, 16), spacing=12)
        box.addWidget(self.bar)
        box.addWidget(self._price)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.words, 1, Qt.AlignmentFlag.AlignVCenter)
        for button in (self.close_button, self.pause, self.compare, self.resume, self.send):
            row.addWidget(button)
        box.addLayout(row)

    def show_progress(self, done: int, total: int) -> None:
        """Show how far it is."""
        self.bar.setRange(0, max(total, 1))
        self.bar.setValue(done)

    def show_price(self, words: str) -> None:
        """Say what a comparison asks, and what it costs, for as long as one can be made."""
        self._price.setText(words)
        self.compare.setAccessibleDescription(words)

    def say(self, words: str, tone: str = "", *, aloud: bool = False) -> None:
        """Say how it goes."""
        self.words.setText(one_line(words, SENTENCE_CHARACTERS))
        set_tone(self.words, tone)
        if aloud:
            announce(self.words, words)

    def name_resume(self, words: str) -> None:
        """Say what it is to go on."""
        self.resume.setText(words)
        self.resume.setAccessibleName(words)

    def offer(self, *, ready: bool, sending: bool, paused: bool, ended: bool, busy: bool) -> None:
        """Offer what can be done.

        Args:
            ready: there is something to send.
            ended: everything was sent.
            busy: something is being asked about it.
        """
        begun = sending or paused
        buttons = (self.send, self.pause, self.compare, self.resume)
        had_focus = next((button for button in buttons if button.hasFocus()), None)
        self.send.setVisible(not begun and not ended)
        self.send.setEnabled(ready)
        self.pause.setVisible(sending)
        self.compare.setVisible(paused or ended)
        # Behind the end of the file there is no then.
        words = tr("Replay", "See what is recommended now") if ended else tr("Replay", "Compare then and now")
        self.compare.setText(words)
        self.compare.setAccessibleName(words)
        self._price.setVisible(paused or ended)
        self.compare.setEnabled(not busy)
        self.resume.setVisible(paused)
        self.resume.setEnabled(not busy)
        self.bar.setVisible(begun or ended)
        default: QPushButton = self.send
        if begun or ended:
            default = self.pause if sending else self.resume if paused else self.close_button
        default.setDefault(True)
        if had_focus is not None and not (had_focus.isVisibleTo(self) and had_focus.isEnabled()):
            (default if default.isEnabled() else self.close_button).setFocus()
