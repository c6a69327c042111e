"""The one line at the foot of the window that is always true, with its meaning as icon and word, never colour alone."""

from __future__ import annotations

from typing import Literal

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from sana_desktop.base.text import one_line
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.qt_numbers import PLAIN_TEXT
from sana_desktop.ui.tr import tr

Tone = Literal["quiet", "busy", "good", "warn", "bad"]

_LOOKS: dict[Tone, tuple[str, str]] = {
    "quiet": ("ring", "text_quiet"),
    "busy": ("clock", "accent"),
    "good": ("good", "good"),
    "warn": ("warning", "warn"),
    "bad": ("error", "bad"),
}
LONGEST = 300
MAX_WORD_LENGTH = 24
"""Characters; what is longer is the name of a file."""


class StatusLine(QFrame):
    """Icon, sentence, and at the right a quieter word (`objectName` of the sentence: statusLine)."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "bar")
        self.setObjectName("statusBar")
        self._icons = icons
        self._tone: Tone = "quiet"
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 5, 16, 5)
        row.setSpacing(8)
        self._mark = QLabel()
        self._text = _named(_Sentence(), "statusLine")
        self._text.setAccessibleName(tr("Status line", "What is going on"))
        self._text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._aside = _named(QLabel(), "statusAside")
        self._aside.setProperty("role", "quiet")
        row.addWidget(self._mark)
        row.addWidget(self._text, 1)
        row.addWidget(self._aside)
        self.show_truth(tr("Status line", "Getting ready…"), "busy")

    def text(self) -> str:
        """Return the sentence shown."""
        return self._text.text()

    def tone(self) -> Tone:
        """Return the tone shown."""
        return self._tone

    def show_truth(self, text: str, tone: Tone = "quiet", *, announce: bool = False) -> None:
        """Say what is so now; with `announce` a screen reader says it once, politely."""
        text = one_line(text, LONGEST)
        self._tone = tone
        icon, role = _LOOKS[tone]
        self._icons.bind_label(self._mark, icon, role)
        self._show_tone(tone if tone in {"warn", "bad"} else "")
        self._text.setText(text)
        self._text.setToolTip(text)
        self._text.setAccessibleDescription(text)
        if announce:
            # Loaded here: nothing is announced before the first paint.
            from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._text, text))

    def _show_tone(self, tone: str) -> None:
        if tone != (self._text.property("tone") or ""):
            # Loaded here: the first sentence has no tone.
            from sana_desktop.ui.widgets import set_tone

            set_tone(self._text, tone)

    def show_aside(self, text: str) -> None:
        """Say something that is true all the time, such as which connection is chosen."""
        self._aside.setText(one_line(text, 80))


class _Sentence(QLabel):
    """Its text is whole, also where there is no room to paint all of it."""

    def paintEvent(self, event: QPaintEvent) -> None:
        text, room = self.text(), self.contentsRect()
        if self.fontMetrics().horizontalAdvance(text) <= room.width():
            super().paintEvent(event)
            return
        # Loaded here: the first sentence fits.
        from PySide6.QtCore import Qt

        # Of a file at the end of a sentence, the end of its name is what it is known by.
        names_a_file = len(text.rpartition(" ")[2]) > MAX_WORD_LENGTH
        mode = Qt.TextElideMode.ElideMiddle if names_a_file else Qt.TextElideMode.ElideRight
        shown = self.fontMetrics().elidedText(text, mode, room.width())
        side = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter = QPainter(self)
        self.style().drawItemText(
            painter, room, side.value, self.palette(), self.isEnabled(), shown, self.foregroundRole()
        )
        painter.end()


def _named(made: QLabel, name: str) -> QLabel:
    made.setProperty("textFormat", PLAIN_TEXT)
    made.setObjectName(name)
    return made
