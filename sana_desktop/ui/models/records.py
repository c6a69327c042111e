"""What both tables of records share: rows keyed by id, newest first, changed in place, never reset."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import IntEnum
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from sana_desktop.base.text import bounded
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


RECORDS_A_STEP = 20
"""So many are looked at in one step of a search; the first time each takes 20 to 50 µs."""
TOLD_CHARACTERS = 20_000
"""What can be found of one record; a query may be endless."""

Wanted = tuple[str, ...]
"""Words that are looked for, in small letters."""


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

    Signals:
        counted: how many records or rows there are may be another number now.
        shown_anew: other rows, or the same in another order, took the place of those that were shown.
    """

    counted = Signal()
    shown_anew = Signal()

    FIGURES: ClassVar[frozenset[IntEnum]] = frozenset()
    """Columns of figures, which stand at the right."""
    SORTS: ClassVar[Mapping[IntEnum, bool]] = {}
    """Columns by which the rows can be sorted; whether the first click shows the last ones first."""

    def __init__(self, columns: type[Column], parent: QObject | None = None) -> None:
        super().__init__(parent)
        # Looked up, not made: a table asks for seven roles of each cell that it paints.
        self._columns = tuple(columns)
        self._alignments = tuple(self._alignment_of(column) for column in self._columns)
        self._rows: list[Record] = []
        # Positions counted from the end of the list stay right when newer rows are put in front.
        self._from_end: dict[str, int] = {}
        self._aside: dict[str, Record] = {}
        """Those that are not looked for."""
        self._wanted: Wanted = ()
        self._order: tuple[Column, bool] | None = None
        self._told: dict[str, tuple[tuple[object, ...], str]] = {}

    def add_earlier(self, records: Iterable[Record]) -> None:
        """Put older records below those that are shown; one that is there already is left as it is."""
        fresh = [record for record in records if self.find(record.id) is None]
        if not fresh:
            return
        fresh.sort(key=lambda record: record.created_at, reverse=True)
        shown = self._put_aside(fresh)
        if shown and self._order is not None:
            self._show(self._in_order([*self._rows, *shown]))
        elif shown:
            first = len(self._rows)
            self.beginInsertRows(QModelIndex(), first, first + len(shown) - 1)
            self._rows += shown
            self._reindex()
            self.endInsertRows()
        self._count(came=fresh, went=())

    def put(self, record: Record) -> None:
        """Show a new record on top, or the changed one where it stands. A row that is shown stays, also where it is not
        what is looked for any more: nothing moves under a person's hand.
        """
        row = self.row_of(record.id)
        if row is not None:
            before = self._rows[row]
            self._rows[row] = record
            self._rows_changed(came=(record,), went=(before,))
            self._repaint(row)
            return
        aside = self._aside.pop(record.id, None)
        if self._put_aside([record]):
            is_newest = aside is None and self._order is None
            self._insert(0 if is_newest else self._place_of(record), record)
        self._count(came=(record,), went=() if aside is None else (aside,))

    def put_back(self, record: Record) -> None:
        """Show a record again that was taken away, in its place among the others."""
        if self.find(record.id) is not None:
            self.put(record)
            return
        if self._put_aside([record]):
            self._insert(self._place_of(record), record)
        self._count(came=(record,), went=())

    def remove(self, identity: str) -> None:
        """Take a record away; an unknown id is ignored."""
        row = self.row_of(identity)
        if row is None:
            if (aside := self._aside.pop(identity, None)) is not None:
                self._count(came=(), went=(aside,))
            return
        self.beginRemoveRows(QModelIndex(), row, row)
        gone = self._rows.pop(row)
        self._reindex()
        self.endRemoveRows()
        self._count(came=(), went=(gone,))

    def look_for(self, text: str) -> Iterator[None]:
        """Show only the records that tell of every word of `text`, all of them if it has none; step by step, for the
        window's thread has other things to do. Until the last step nothing changes.
        """
        words = tuple(text.casefold().split())
        found: set[str] = set()
        seen: dict[str, Record] = {}
        for number, record in enumerate(self.records()):
            seen[record.id] = record
            if self._tells_of(record, words):
                found.add(record.id)
            if number % RECORDS_A_STEP == 0:
                yield
        known = self.records()
        self._wanted = words
        # Some came or changed since their step.
        late = {record.id for record in known if seen.get(record.id) is not record and self._tells_of(record, words)}
        shown = self._in_order([record for record in known if record.id in found or record.id in late])
        if [record.id for record in shown] != [record.id for record in self._rows]:
            self._show(shown)
            there = self._from_end
            self._aside = {record.id: record for record in known if record.id not in there}
        self.counted.emit()

    def sort_by(self, column: int | None, *, descending: bool = False) -> None:
        """Show the rows in the order of a column that sorts, None: newest first. A row that changes keeps its place
        until they are sorted again.
        """
        order = None if column is None or column not in self.SORTS else (self._columns[column], descending)
        if order != self._order:
            self._order = order
            self._show(self._in_order(sorted(self._rows, key=lambda record: record.created_at, reverse=True)))

    @property
    def total(self) -> int:
        """How many records there are, with those that are not looked for."""
        return len(self._rows) + len(self._aside)

    @property
    def is_narrowed(self) -> bool:
        """Whether only what is looked for is shown."""
        return bool(self._wanted)

    def find(self, identity: str) -> Record | None:
        """Return a record by its id, also one that is not looked for."""
        row = self.row_of(identity)
        return self._aside.get(identity) if row is None else self._rows[row]

    def row_of(self, identity: str) -> int | None:
        """Return the row of a record's id, None if it is not shown."""
        position = self._from_end.get(identity)
        return None if position is None else len(self._rows) - position

    def record(self, row: int) -> Record:
        """Return the record of a row."""
        return self._rows[row]

    def records(self) -> list[Record]:
        """Return all records, newest first, also those that are not looked for."""
        if not self._aside and self._order is None:
            return list(self._rows)
        return sorted((*self._rows, *self._aside.values()), key=lambda record: record.created_at, reverse=True)

    def _in_order(self, newest_first: list[Record]) -> list[Record]:
        if self._order is None:
            return newest_first
        column, descending = self._order
        return sorted(newest_first, key=lambda record: self._rank(record, column), reverse=descending)

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

    def _rank(self, record: Record, column: Column) -> Any:
        """Return what a column that sorts is sorted by."""
        raise NotImplementedError

    def _tells(self, record: Record) -> Iterable[str]:
        """Return all that a person may remember of a record."""
        raise NotImplementedError

    def _told_from(self, record: Record) -> tuple[object, ...]:
        """Return all that this follows from."""
        return (record,)

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

    def _tells_of(self, record: Record, words: Wanted) -> bool:
        if not words:
            return True
        source = self._told_from(record)
        told = self._told.get(record.id)
        if told is None or told[0] != source:
            text = bounded("\n".join(self._tells(record)), TOLD_CHARACTERS).casefold()
            told = self._told[record.id] = source, text
        return all(word in told[1] for word in words)

    def _count(self, came: Sequence[Record], went: Sequence[Record]) -> None:
        for identity in {record.id for record in went} - {record.id for record in came}:
            self._told.pop(identity, None)
        self._rows_changed(came, went)
        self.counted.emit()

    def _put_aside(self, records: Iterable[Record]) -> list[Record]:
        """Return those that are looked for; the others are kept, and not shown."""
        shown = [record for record in records if self._tells_of(record, self._wanted)]
        there = {record.id for record in shown}
        self._aside |= {record.id: record for record in records if record.id not in there}
        return shown

    def _place_of(self, record: Record) -> int:
        if self._order is None:
            later = (n for n, other in enumerate(self._rows) if other.created_at < record.created_at)
        else:
            column, descending = self._order
            rank = self._rank(record, column)
            ranks = ((n, self._rank(other, column)) for n, other in enumerate(self._rows))
            later = (n for n, other in ranks if (other < rank if descending else other > rank))
        return next(later, len(self._rows))

    def _insert(self, row: int, record: Record) -> None:
        self.beginInsertRows(QModelIndex(), row, row)
        self._rows.insert(row, record)
        if row == 0:
            self._from_end[record.id] = len(self._rows)
        else:
            self._reindex()
        self.endInsertRows()

    def _show(self, records: list[Record]) -> None:
        """Show these rows in place of others."""
        if self._rows:
            self.beginRemoveRows(QModelIndex(), 0, len(self._rows) - 1)
            self._rows = []
            self._from_end = {}
            self.endRemoveRows()
        if records:
            self.beginInsertRows(QModelIndex(), 0, len(records) - 1)
            self._rows = records
            self._reindex()
            self.endInsertRows()
        self.shown_anew.emit()

    def _repaint(self, row: int) -> None:
        self.dataChanged.emit(self.index(row, 0), self.index(row, len(self._columns) - 1))

    def _in_sight(self, first: int, last: int) -> range:
        return range(max(first, 0), min(last, len(self._rows) - 1) + 1)

    def _reindex(self) -> None:
        count = len(self._rows)
        self._from_end = {record.id: count - row for row, record in enumerate(self._rows)}
