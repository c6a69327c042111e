"""A field that shows a text of the technical layer, to be read and copied."""

from __future__ import annotations

from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QPlainTextEdit

from sana_desktop.ui.theme.theme import Theme


class MonoField(QPlainTextEdit):
    """Read-only, in the fixed-pitch face; Tab goes past it. The wheel turns it only for whoever went into it: else it
    would stop the column in which it stands.
    """

    def __init__(self, theme: Theme, name: str, words: str, height: int) -> None:
        super().__init__()
        self._theme = theme
        self.setObjectName(name)
        self.setAccessibleName(words)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setProperty("kind", "field")
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setFixedHeight(height)
        self.setMinimumWidth(80)
        theme.changed.connect(self._dress)
        self._dress()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def _dress(self) -> None:
        self.setFont(self._theme.mono("caption"))
