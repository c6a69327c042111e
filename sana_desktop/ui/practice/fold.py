"""A fold: one line that opens and closes what is below it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from sana_desktop.ui.icons import Icons
from sana_desktop.ui.widgets import column, text_button


class Fold(QWidget):
    """Closed at first.

    Signals:
        opened(bool): the person opened (True) or closed it.
    """

    opened = Signal(bool)

    def __init__(self, words: str, name: str, icons: Icons, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._content = content
        self.toggle = text_button(words, name, kind="link")
        self.toggle.setCheckable(True)
        box = column(self, spacing=4)
        box.addWidget(self.toggle, 0, Qt.AlignmentFlag.AlignLeft)
        box.addWidget(content)
        content.hide()
        icons.bind(self.toggle, "chevron-right", "accent")
        self.toggle.toggled.connect(self._turn)

    def is_open(self) -> bool:
        """Return whether what is inside is to be seen."""
        return self.toggle.isChecked()

    def set_open(self, opened: bool) -> None:
        """Open or close it."""
        self.toggle.setChecked(opened)

    def set_words(self, words: str) -> None:
        """Change the line."""
        self.toggle.setText(words)
        self.toggle.setAccessibleName(words.replace("&", ""))

    def _turn(self, opened: bool) -> None:
        self._content.setVisible(opened)
        self._icons.bind(self.toggle, "chevron-down" if opened else "chevron-right", "accent")
        self.opened.emit(opened)
