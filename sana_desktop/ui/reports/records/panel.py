"""What the Jobs and Downloads panels share: the table, remembered columns, and what empty says."""

from __future__ import annotations

from typing import Any, Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QStackedWidget, QVBoxLayout, QWidget

from sana_desktop.ui.icons import Icons
from sana_desktop.ui.models.records import Listed, RecordsModel
from sana_desktop.ui.reports.records.filter_field import FilterField
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
        words = tr("records", "No row tells of it. Escape shows the whole list again.")
        self._none_found = _empty_page(icons, "search", tr("records", "Nothing found"), words)
        self._has_arrived = False
        self._current = ""
        self.takes_back: TakesBack | None = None
        self._stack.addWidget(self._reading)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._none_found)
        self._body = QVBoxLayout(self)
        self._body.setContentsMargins(0, 0, 0, 0)
        self._body.setSpacing(0)
        self._body.addWidget(self._stack, 1)

    def hold(self, table: RecordTable, model: RecordsModel[Any, Any], filter_name: str, filter_words: str) -> None:
        """Show `table` whenever `model` has rows; its rows decide from then on. They can be narrowed by a field."""
        self._table = table
        self._model = model
        self.filter = FilterField(filter_name, filter_words, model, self)
        model.shown_anew.connect(self._come_back_to_row)
        table.columns().set_sorts({int(column): last_first for column, last_first in model.SORTS.items()})
        table.columns().sorted.connect(lambda column, descending: model.sort_by(column, descending=descending))
        self.filter.left.connect(self._go_to_table)
        table.find_wanted.connect(self.filter.enter)
        table.left.connect(self._leave)
        table.current_changed.connect(self._remember_row)
        self._stack.addWidget(table)
        self.setFocusProxy(table)
        model.rowsInserted.connect(self._rows_changed)
        model.counted.connect(self._rows_changed)
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
        if self._model.rowCount():
            shown: QWidget = self._table
        elif self._model.total:
            shown = self._none_found
        else:
            shown = self._empty if self._has_arrived else self._reading
        was_here = self._table.hasFocus()
        self._stack.setCurrentWidget(shown)
        if was_here and shown is self._none_found:
            self.filter.enter()  # Escape, of which the page tells, is heard there

    def _leave(self) -> None:
        """The person is done with what stands beside the rows: Escape takes one thing away at a time."""
        if self._model.is_narrowed:
            self.filter.clear()

    def _remember_row(self, record: Listed | None) -> None:
        if record is not None:
            self._current = record.id

    def _come_back_to_row(self) -> None:
        """The row that was the current one is so again, where it is among those that were found."""
        row = self._model.row_of(self._current)
        if row is not None and row != self._table.currentIndex().row():
            self._table.setCurrentIndex(self._model.index(row, 0))

    def _go_to_table(self) -> None:
        if self._model.rowCount():
            self._table.setFocus()


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
