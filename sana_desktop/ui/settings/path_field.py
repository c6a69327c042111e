"""A path to be read and copied: cut in its middle where there is no room, whole under the keyboard and on hover."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QStyle, QStyleOptionFrame

from sana_desktop.ui.widgets import plain_tip

TEXT_MARGIN = 2
"""Pixels that Qt leaves beside the text of a field."""


class PathField(QLineEdit):
    """A field that is not typed in. Its text is the whole path, whatever is painted of it."""

    def __init__(self, name: str, words: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(words)
        self.setReadOnly(True)

    def show_path(self, path: str) -> None:
        """Show a path, from its beginning."""
        self.setText(path)
        self.setCursorPosition(0)
        self.setToolTip(plain_tip(path))

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        room = self.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, self)
        room.adjust(TEXT_MARGIN, 0, -TEXT_MARGIN, 0)
        if self.hasFocus() or self.fontMetrics().horizontalAdvance(self.text()) <= room.width():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_PanelLineEdit, option, painter, self)
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, room.width())
        side = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        self.style().drawItemText(
            painter, room, side.value, self.palette(), self.isEnabled(), shown, self.foregroundRole()
        )
        painter.end()
