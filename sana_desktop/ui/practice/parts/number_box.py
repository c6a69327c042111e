"""A field for a whole number, with arrows; its figure begins where the words of other fields do."""

from __future__ import annotations

from PySide6.QtWidgets import QSpinBox

from sana_desktop.ui.widgets import let_wheel_pass

TEXT_MARGIN = 8
"""Pixels before the figure: the style sheet's padding does not reach the field inside."""


class NumberBox(QSpinBox):
    """A number from `least` to `most`."""

    def __init__(self, name: str, words: str, least: int, most: int, value: int) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(words)
        self.setRange(least, most)
        self.setValue(value)
        self.lineEdit().setTextMargins(TEXT_MARGIN, 0, 0, 0)
        let_wheel_pass(self)
