"""Rows of words and fields; in several such forms, one below the other, the fields begin at one line."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QGridLayout, QWidget

WORDS, FIELDS, REST = range(3)
"""The columns: what stands beside a field takes the room that is left."""


class FormGrid(QGridLayout):
    """A form as a layout of `parent`."""

    def __init__(self, parent: QWidget, row_gap: int) -> None:
        super().__init__(parent)
        self._words: list[QWidget] = []
        self.setContentsMargins(0, 0, 0, 0)
        self.setHorizontalSpacing(16)
        self.setVerticalSpacing(row_gap)
        self.setColumnStretch(REST, 1)

    def add_pair(self, row: int, words: QWidget, field: QWidget) -> None:
        """Put a field with its words into a row."""
        self._words.append(words)
        self.addWidget(words, row, WORDS)
        self.addWidget(field, row, FIELDS)

    def words_width(self) -> int:
        """Return the pixels that the words need; those that are hidden count as well."""
        for words in self._words:
            words.ensurePolished()
        return max((words.sizeHint().width() for words in self._words), default=0)


def align(forms: Sequence[FormGrid]) -> None:
    """Let the fields of all forms begin at one line: call it when the text has another size."""
    width = max(form.words_width() for form in forms)
    for form in forms:
        form.setColumnMinimumWidth(WORDS, width)
