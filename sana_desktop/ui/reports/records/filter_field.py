"""The field that narrows a list to what is looked for, in the title of its panel, and how many rows that leaves."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from sana_desktop.ui.models.records import RecordsModel
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import after, label

PAUSE_MS = 120
"""So long after the last key the list is looked through."""
TURN_SECONDS = 0.004
"""After so long the window has its turn: of 10,000 records each tells something."""
FIELD_WIDTH = 150
MAX_CHARACTERS = 200


class FilterField(QWidget):
    """Hidden until somebody gives it a place and the list has something in it.

    Signals:
        done: the list shows what is looked for.
        left: the person goes back to the list; what is looked for stays, if it was not cleared.
    """

    done = Signal()
    left = Signal()

    def __init__(self, name: str, words: str, model: RecordsModel[Any, Any], parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self._placed = False
        self._steps: Iterator[None] = iter(())
        self.field = QLineEdit()
        self.field.setObjectName(name)
        self.field.setProperty("kind", "filter")
        self.field.setAccessibleName(words)
        self.field.setPlaceholderText(tr("records", "Filter"))
        self.field.setToolTip(tr("records", "Report, site, state, file, job id or query (Ctrl+F in the list)"))
        self.field.setMaxLength(MAX_CHARACTERS)
        self.field.setMaximumWidth(FIELD_WIDTH)
        self.field.installEventFilter(self)
        self._count = label("", role="caption", name=f"{name}Count")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addStretch(1)
        row.addWidget(self._count)
        row.addWidget(self.field)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._pause = after(self, PAUSE_MS, self._begin)
        self._turns = QTimer(self)
        self._turns.timeout.connect(self._turn)
        self.field.textChanged.connect(lambda: self._pause.start())
        model.counted.connect(self._show_count)
        self._show_count()

    def place(self) -> None:
        """It stands where it can be seen now."""
        self._placed = True
        self._show_count()

    def enter(self) -> None:
        """Go to the field, to look for something else."""
        if self.isVisible():
            self.field.setFocus()
            self.field.selectAll()

    def clear(self) -> None:
        """Show the whole list, now."""
        self.field.clear()
        self._begin()
        for _ in self._steps:
            pass
        self._end()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is not QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        # Keys of the number pad, and on a Mac the arrows, come with a modifier of their own.
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
        elif event.key() not in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down}:
            return False
        self.left.emit()
        return True

    def _begin(self) -> None:
        self._pause.stop()
        self._steps = self._model.look_for(self.field.text())
        self._turns.start(0)

    def _turn(self) -> None:
        began = time.perf_counter()
        for _ in self._steps:
            if time.perf_counter() - began >= TURN_SECONDS:
                return
        self._end()

    def _end(self) -> None:
        self._turns.stop()
        self._show_count()
        self.done.emit()

    def _show_count(self) -> None:
        shown, total = self._model.rowCount(), self._model.total
        words = tr("records", "{n} of {all}", n=f"{shown:,}", all=f"{total:,}") if self._model.is_narrowed else ""
        self._count.setText(words)
        self.field.setAccessibleDescription(words)
        self.setVisible(self._placed and bool(total or self.field.text()))
