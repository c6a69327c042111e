"""One quiet line with a button at its end: something that is not here, and the way there."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from sana_desktop.base.text import one_line
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.widgets import label, text_button

MAX_SENTENCE_LENGTH = 300


class ElsewhereLine(QWidget):
    """The line; hidden while it has nothing to say.

    Signals:
        wanted: the button was pressed.
    """

    wanted = Signal()

    def __init__(self, icons: Icons, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        mark = QLabel()
        icons.bind_label(mark, "outbox", "text_quiet")
        self._words = label("", role="caption", wrap=True, name=f"{name}Words")
        self.go = text_button("", f"{name}Button", kind="link")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._words, 1)
        row.addWidget(self.go, 0, Qt.AlignmentFlag.AlignVCenter)
        self.go.clicked.connect(self.wanted)
        self.hide()

    def say(self, sentence: str, go: str = "") -> None:
        """Say something, with the words of the button; an empty sentence hides the line."""
        self._words.setText(one_line(sentence, MAX_SENTENCE_LENGTH))
        self.go.setText(go)
        self.go.setAccessibleName(go)
        self.setAccessibleName(self._words.text())
        self.setVisible(bool(sentence))

    def text(self) -> str:
        """Return the sentence, "" while hidden."""
        return "" if self.isHidden() else self._words.text()
