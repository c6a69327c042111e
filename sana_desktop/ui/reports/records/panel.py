"""What the Jobs and Downloads panels share: the table, remembered columns, and what empty says."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QStackedWidget, QVBoxLayout, QWidget

from sana_desktop.ui.icons import Icons
from sana_desktop.ui.reports.table.record_table import RecordTable
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import frame, label

EMPTY_WIDTH = 380


class TakesBack(Protocol):
    """What can bring back what was removed from a list."""

    def can_undo(self) -> bool: ...

    def undo_last(self) -> None: ...


class RecordPanel(QWidget):
    """A table, or the sentence for when it is empty. Its title stands on the dock that holds it."""

    def __init__(
        self, title: str, icons: Icons, icon: str, empty_title: str, empty_text: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(title)
        self._stack = QStackedWidget()
        # Until the store is read nobody knows whether there is nothing.
        self._reading = _empty_page(icons, icon, tr("records", "Reading the list…"), "")
        self._empty = _empty_page(icons, icon, empty_title, empty_text)
        self._has_arrived = False
        self.takes_back: TakesBack | None = None
        self._stack.addWidget(self._reading)
        self._stack.addWidget(self._empty)
        self._body = QVBoxLayout(self)
        self._body.setContentsMargins(0, 0, 0, 0)
        self._body.setSpacing(0)
        self._body.addWidget(self._stack, 1)

    def hold(self, table: RecordTable) -> None:
        """Show `table` whenever it has rows; its rows decide from then on."""
        self._table = table
        self._stack.addWidget(table)
        self.setFocusProxy(table)
        model = table.model()
        model.rowsInserted.connect(self._rows_changed)
        model.rowsRemoved.connect(self._rows_changed)
        self._rows_changed()

    def can_undo(self) -> bool:
        """Return whether something that was removed can still come back: asked by the window's own “Undo”."""
        return self.takes_back is not None and self.takes_back.can_undo()

    def undo(self) -> None:
        """Bring back what was removed last."""
        if self.takes_back is not None:
            self.takes_back.undo_last()

    def column_state(self) -> str:
        """Return what the person chose about the columns, to be remembered; empty if nothing."""
        return self._table.columns().choices_text()

    def restore_columns(self, state: str) -> None:
        """Bring remembered columns back; what can't be read is ignored."""
        self._table.columns().restore(state)

    def columns_menu(self) -> QMenu:
        """Return a menu of the columns; it deletes itself when it closes."""
        return self._table.columns().columns_menu()

    def usual_columns(self) -> None:
        """Forget what the person chose about the columns."""
        self._table.columns().usual_columns()

    def arrived(self) -> None:
        """What earlier sessions left is in the table: where it has no rows, there is nothing."""
        self._has_arrived = True
        self._rows_changed()

    def _rows_changed(self) -> None:
        rows = self._table.model().rowCount()
        nothing = self._empty if self._has_arrived else self._reading
        self._stack.setCurrentWidget(self._table if rows else nothing)


def _empty_page(icons: Icons, icon: str, title: str, text: str) -> QWidget:
    page = frame("surface")
    picture = QLabel()
    picture.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    icons.bind_label(picture, icon, "line_strong", 32)
    heading = label(title, role="heading")
    heading.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    words = label(text, role="quiet", wrap=True)
    words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    words.setMaximumWidth(EMPTY_WIDTH)
    box = QVBoxLayout(page)
    box.setContentsMargins(24, 8, 24, 16)
    box.setSpacing(4)
    box.addStretch()
    box.addWidget(picture)
    box.addWidget(heading)
    row = QHBoxLayout()
    row.addStretch()
    row.addWidget(words, 10)
    row.addStretch()
    box.addLayout(row)
    box.addStretch()
    return page
