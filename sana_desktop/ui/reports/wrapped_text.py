"""Text that wraps at any width, also inside a path or a check number, and can be selected without changing a letter."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import (
    QColor,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
    QTextFrameFormat,
    QTextLength,
    QTextOption,
    QTextTable,
    QTextTableFormat,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextEdit

from sana_desktop.ui.theme.theme import Theme

MIN_WIDTH = 80
"""Pixels: a pane that is narrower is of no use to anybody."""
NAME_SPACE = 16
LINE_SPACE = 2
"""Pixels between a name and its value, and above and below each of them."""


class WrappedText(QTextEdit):
    """Plain text, as high as it needs to be at the width it has.

    A label breaks a line between words only, so that a long one (a path, a check number, a name in a query) widens all
    that stands around it; and a mark that lets it break would be copied along.
    """

    def __init__(self, name: str, words: str, role: str = "") -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(words)
        self.setProperty("kind", "words")
        if role:
            self.setProperty("role", role)
        self.setReadOnly(True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAcceptDrops(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.document().setDocumentMargin(0)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def text(self) -> str:
        """Return all of it."""
        return self.toPlainText()

    def show_text(self, text: str) -> None:
        """Show `text`, to the letter; what is selected stays so where nothing has changed."""
        if text != self.toPlainText():
            self.setPlainText(text)
            self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        document = self.document()
        before = document.textWidth()
        if before != width:
            document.setTextWidth(width)
        height = math.ceil(document.size().height())
        if before != width:
            document.setTextWidth(before)
        return height

    def sizeHint(self) -> QSize:
        return QSize(max(self.width(), MIN_WIDTH), self.heightForWidth(max(self.width(), MIN_WIDTH)))

    def minimumSizeHint(self) -> QSize:
        return QSize(MIN_WIDTH, self.heightForWidth(max(self.width(), MIN_WIDTH)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != self.width():
            self.updateGeometry()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # it shows all it has; what scrolls is the page around it


class FactTable(WrappedText):
    """Names and values in two columns; a value of several lines begins beside its name."""

    def __init__(self, name: str, words: str, theme: Theme) -> None:
        super().__init__(name, words)
        self._theme = theme
        self._facts: list[tuple[str, str]] = []
        theme.changed.connect(self._fill)

    def show_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Show these, in their order."""
        if list(facts) != self._facts:
            self._facts = list(facts)
            self._fill()

    def _fill(self) -> None:
        self.setFont(self._theme.tabular())
        self.clear()
        if self._facts:
            table = self._table()
            for row, (name, value) in enumerate(self._facts):
                _write(table, row, 0, name, self._theme.colour("text_quiet"))
                _write(table, row, 1, value, self._theme.colour("text"))
        self.updateGeometry()

    def _table(self) -> QTextTable:
        widest = max(self.fontMetrics().horizontalAdvance(name) for name, _ in self._facts)
        form = QTextTableFormat()
        form.setBorder(0)
        form.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_None)
        form.setCellSpacing(0)
        form.setCellPadding(LINE_SPACE)
        form.setLeftMargin(-LINE_SPACE)
        names = QTextLength(QTextLength.Type.FixedLength, widest + NAME_SPACE)
        form.setColumnWidthConstraints([names, QTextLength(QTextLength.Type.PercentageLength, 100)])
        form.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
        return QTextCursor(self.document()).insertTable(len(self._facts), 2, form)


def _write(table: QTextTable, row: int, column: int, text: str, colour: QColor) -> None:
    form = QTextCharFormat()
    form.setForeground(colour)
    table.cellAt(row, column).firstCursorPosition().insertText(text, form)
