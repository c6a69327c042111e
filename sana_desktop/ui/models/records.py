"""What both tables of records share: rows keyed by id, newest first, changed in place, never reset."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import IntEnum
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from sana_desktop.ui.tr import tr

Index = QModelIndex | QPersistentModelIndex

RECORD_ROLE = Qt.ItemDataRole.UserRole + 1
TONE_ROLE = Qt.ItemDataRole.UserRole + 2
ICON_ROLE = Qt.ItemDataRole.UserRole + 3
FRACTION_ROLE = Qt.ItemDataRole.UserRole + 4
"""Part of the whole that has arrived, 0 to 1; None when the size is not known, so no bar is drawn."""
FRACTION_TONE_ROLE = Qt.ItemDataRole.UserRole + 5
"""Tone of the bar for that part."""
SHORTER_ROLE = Qt.ItemDataRole.UserRole + 6
"""Shorter wordings of a cell, longest first, for when the whole one does not fit."""
KEEP_ROLE = Qt.ItemDataRole.UserRole + 7
"""The end of the shortest wording that must be read, whatever else is cut; None if there is no such end."""


class Listed(Protocol):
    """A record that can be a row."""

    @property
    def id(self) -> str:
        """Ours; it never changes."""

    @property
    def created_at(self) -> datetime:
        """When it was made; the newest is on top."""


Record = TypeVar("Record", bound=Listed)
Column = TypeVar("Column", bound=IntEnum)


class RecordsModel(QAbstractTableModel, Generic[Record, Column]):
    """Rows of records; what a cell says is for the model of each kind to tell.

    Args:
        columns: the columns, in the order they are first shown.
    """

    FIGURES: ClassVar[frozenset[IntEnum]] = frozenset()
    """Columns of figures, which stand at the right."""

    def __init__(self, columns: type[Column], parent: QObject | None = None) -> None:
        super().__init__(parent)
        # Looked up, not made: a table asks for seven roles of each cell that it paints.
        self._columns = tuple(columns)
        self._alignments = tuple(self._alignment_of(column) for column in self._columns)
        self._rows: list[Record] = []
        # Positions counted from the end of the list stay right when newer rows are put in front.
        self._from_end: dict[str, int] = {}

    def add_earlier(self, records: Iterable[Record]) -> None:
        """Put older records below those that are shown; one that is shown already is left as it is."""
        fresh = [record for record in records if record.id not in self._from_end]
        if not fresh:
            return
        fresh.sort(key=lambda record: record.created_at, reverse=True)
        first = len(self._rows)
        self.beginInsertRows(QModelIndex(), first, first + len(fresh) - 1)
        self._rows += fresh
        self._reindex()
        self.endInsertRows()
        self._rows_changed(came=fresh, went=())

    def put(self, record: Record) -> None:
        """Show a new record on top, or the changed one where it stands."""
        row = self.row_of(record.id)
        if row is None:
            self.beginInsertRows(QModelIndex(), 0, 0)
            self._rows.insert(0, record)
            self._from_end[record.id] = len(self._rows)
            self.endInsertRows()
            self._rows_changed(came=(record,), went=())
            return
        before = self._rows[row]
        self._rows[row] = record
        self._rows_changed(came=(record,), went=(before,))
        self._repaint(row)

    def put_back(self, record: Record) -> None:
        """Show a record again that was taken away, in its place among the others."""
        if self.row_of(record.id) is not None:
            self.put(record)
            return
        row = next((n for n, other in enumerate(self._rows) if other.created_at < record.created_at), len(self._rows))
        self.beginInsertRows(QModelIndex(), row, row)
        self._rows.insert(row, record)
        self._reindex()
        self.endInsertRows()
        self._rows_changed(came=(record,), went=())

    def remove(self, identity: str) -> None:
        """Take a row away; an unknown id is ignored."""
        row = self.row_of(identity)
        if row is None:
            return
        self.beginRemoveRows(QModelIndex(), row, row)
        gone = self._rows.pop(row)
        self._reindex()
        self.endRemoveRows()
        self._rows_changed(came=(), went=(gone,))

    def row_of(self, identity: str) -> int | None:
        """Return the row of a record's id, None if it is not shown."""
        position = self._from_end.get(identity)
        return None if position is None else len(self._rows) - position

    def record(self, row: int) -> Record:
        """Return the record of a row."""
        return self._rows[row]

    def records(self) -> list[Record]:
        """Return all records, newest first."""
        return list(self._rows)

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Vertical:
            return section + 1 if role == Qt.ItemDataRole.DisplayRole else None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignments[section]
        return self._title(self._columns[section]) if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        record = self._rows[index.row()]
        column = self._columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(record, column)
        if role == RECORD_ROLE:
            return record
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignments[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tooltip(record, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._text(record, column) or tr("records", "empty")
        if role == SHORTER_ROLE:
            return self._shorter(record, column)
        return self._look(record, column, role)

    def _title(self, column: Column) -> str:
        """Return the header of a column."""
        raise NotImplementedError

    def _text(self, record: Record, column: Column) -> str:
        """Return what a cell says."""
        raise NotImplementedError

    def _shorter(self, record: Record, column: Column) -> list[str] | None:
        """Return shorter wordings of a cell, longest first; None or an empty list where there are none."""
        raise NotImplementedError

    def _tooltip(self, record: Record, column: Column) -> str | None:
        """Return the exact thing behind a cell."""
        raise NotImplementedError

    def _look(self, record: Record, column: Column, role: int) -> Any:
        """Return tone, icon, bar and whatever else a cell is drawn with; None where there is none."""
        raise NotImplementedError

    def _alignment_of(self, column: Column) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignRight if column in self.FIGURES else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter

    def _rows_changed(self, came: Sequence[Record], went: Sequence[Record]) -> None:
        """What a model counts follows here; a record that changed is in both."""

    def _repaint(self, row: int) -> None:
        self.dataChanged.emit(self.index(row, 0), self.index(row, len(self._columns) - 1))

    def _in_sight(self, first: int, last: int) -> range:
        return range(max(first, 0), min(last, len(self._rows) - 1) + 1)

    def _reindex(self) -> None:
        count = len(self._rows)
        self._from_end = {record.id: count - row for row, record in enumerate(self._rows)}
