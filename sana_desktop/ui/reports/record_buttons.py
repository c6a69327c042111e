"""The quick acts of one row of a record table, as real buttons over its right end."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from sana_desktop.ui.icons import Icons
from sana_desktop.ui.reports.actions import Act

BUTTON_SPACE = 8
"""Pixels between the text of the row and the first button."""


class RowButtons(QWidget):
    """One widget that moves from row to row.

    Signals:
        pressed: name of the act.
    """

    pressed = Signal(str)

    def __init__(self, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        self._icons = icons
        self._shown: list[Act] = []
        self._icon_pixels = 0
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 1, 0, 1)
        self._row.setSpacing(0)
        self._background = QColor()
        self.hide()

    def offer(self, acts: list[Act], background: QColor, icon_pixels: int) -> None:
        """Show these acts over a row of this colour."""
        if background != self._background:
            self._background = background
            self.update()
        if (acts, icon_pixels) == (self._shown, self._icon_pixels):
            return
        self._shown, self._icon_pixels = acts, icon_pixels
        while (item := self._row.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                # The one being pressed is still at work: it goes when the event loop is reached.
                widget.hide()
                widget.deleteLater()
        for act in acts:
            button = self._button(act)
            self._row.addWidget(button)
            button.show()  # a layout counts only what is shown, and the width is asked for at once
        self._row.activate()

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._background)
        painter.end()

    def _button(self, act: Act) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(f"rowAction-{act.name}")
        key = act.key.toString(act.key.SequenceFormat.NativeText)
        button.setToolTip(f"{act.words} ({key})" if key else act.words)
        button.setAccessibleName(act.words)
        button.setEnabled(act.enabled)
        # The table keeps the focus; every act is in its menu and has the key that the tooltip tells.
        button.setFocusPolicy(button.focusPolicy().NoFocus)
        button.setIconSize(QSize(self._icon_pixels, self._icon_pixels))
        self._icons.bind(button, act.icon)
        button.clicked.connect(lambda: self.pressed.emit(act.name))
        return button
