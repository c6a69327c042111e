"""A line below a list that says what was taken off it, for as long as it can come back."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import ElidedLabel, after, text_button

UNDO_MS = 10_000
"""How long something can come back (B40)."""


class UndoBar(QFrame):
    """Hidden unless there is something to bring back.

    Signals:
        undo_wanted: the person wants it back.
        over: nobody wanted it back in time.
    """

    undo_wanted = Signal()
    over = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setProperty("kind", "banner")
        self._words = ElidedLabel(f"{name}Words")
        self._words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._undo = text_button(
            tr("records", "Undo"),
            f"{name}Undo",
            description=tr("records", "Brings what was removed back into the list"),
        )
        self._undo.clicked.connect(self.undo_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 8, 4)
        row.setSpacing(12)
        row.addWidget(self._words, 1)
        row.addWidget(self._undo, 0, Qt.AlignmentFlag.AlignRight)
        self._time = after(self, UNDO_MS, self.over.emit)
        self.hide()

    def offer(self, words: str) -> None:
        """Say what was removed and offer to bring it back, from now on for the whole time."""
        self._words.show_text(words)
        self.setAccessibleName(words)
        self.show()
        self._time.start()

    def withdraw(self) -> None:
        """There is nothing to bring back any more."""
        self._time.stop()
        self.hide()
