"""The downloads as a table model: one row a file, newest first, changed row by row and never reset."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from enum import IntEnum
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QUrl,
    Signal,
)

from sana_desktop.base.text import one_line
from sana_desktop.reports.transfer import OPEN_TRANSFERS, TransferProgress, TransferRecord, TransferState
from sana_desktop.ui.models.jobs import ICON_ROLE, KEEP_ROLE, RECORD_ROLE, SHORTER_ROLE, TONE_ROLE
from sana_desktop.ui.reports import state_words
from sana_desktop.ui.reports.state_words import Tone
from sana_desktop.ui.tr import tr

Index = QModelIndex | QPersistentModelIndex
FRACTION_ROLE = Qt.ItemDataRole.UserRole + 4
"""Part of the whole that has arrived, 0 to 1; None when the size is not known, so no bar is drawn."""
FRACTION_TONE_ROLE = Qt.ItemDataRole.UserRole + 5
"""Tone of the bar for that part."""
NAME_CHARACTERS = 200


class DownloadColumn(IntEnum):
    """The columns, in the order they are first shown."""

    FILE = 0
    STATE = 1
    SIZE = 2
    LINK = 3
    FINISHED = 4


class DownloadsModel(QAbstractTableModel):
    """Rows of `TransferRecord`, keyed by its id.

    Args:
        now: the local time in UTC.
        server_now: the time by the clock of the service that a download belongs to (B9).

    Signals:
        unfinished_count_changed: how many downloads still depend on their link.
    """

    unfinished_count_changed = Signal(int)

    def __init__(
        self,
        now: Callable[[], datetime],
        server_now: Callable[[TransferRecord], datetime],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._now = now
        self._server_now = server_now
        self._rows: list[TransferRecord] = []
        self._from_end: dict[str, int] = {}
        self._progress: dict[str, TransferProgress] = {}
        self._missing: set[str] = set()
        self._unfinished = 0

    @property
    def unfinished_count(self) -> int:
        """How many downloads still depend on their link."""
        return self._unfinished

    def fill(self, records: Iterable[TransferRecord]) -> None:
        """Take the downloads of an earlier session, newest first; called once, on the empty model."""
        rows = sorted(records, key=lambda record: record.created_at, reverse=True)
        if not rows:
            return
        self.beginInsertRows(QModelIndex(), 0, len(rows) - 1)
        self._rows = rows
        self._reindex()
        self.endInsertRows()
        self._count(sum(_needs_link(record) for record in rows))

    def add_earlier(self, records: Iterable[TransferRecord]) -> None:
        """Put older downloads below those that are shown; one that is shown already is left as it is."""
        fresh = [record for record in records if record.id not in self._from_end]
        if not fresh:
            return
        fresh.sort(key=lambda record: record.created_at, reverse=True)
        first = len(self._rows)
        self.beginInsertRows(QModelIndex(), first, first + len(fresh) - 1)
        self._rows += fresh
        self._reindex()
        self.endInsertRows()
        self._count(sum(_needs_link(record) for record in fresh))

    def put(self, record: TransferRecord) -> None:
        """Show a new record on top, or the changed one where it stands."""
        if record.state is not TransferState.FETCHING:
            self._progress.pop(record.id, None)
        row = self.row_of(record.id)
        if row is None:
            self.beginInsertRows(QModelIndex(), 0, 0)
            self._rows.insert(0, record)
            self._from_end[record.id] = len(self._rows)
            self.endInsertRows()
            self._count(_needs_link(record))
            return
        self._count(_needs_link(record) - _needs_link(self._rows[row]))
        self._rows[row] = record
        self.dataChanged.emit(self.index(row, 0), self.index(row, len(DownloadColumn) - 1))

    def progress(self, progress: TransferProgress) -> None:
        """Show a live figure in the row it belongs to."""
        row = self.row_of(progress.id)
        if row is None or self._rows[row].state is not TransferState.FETCHING:
            return
        self._progress[progress.id] = progress
        cell = self.index(row, DownloadColumn.SIZE)
        self.dataChanged.emit(cell, cell)

    def remove(self, transfer: str) -> None:
        """Take a row away; an unknown id is ignored."""
        row = self.row_of(transfer)
        if row is None:
            return
        self.beginRemoveRows(QModelIndex(), row, row)
        gone = self._rows.pop(row)
        self._progress.pop(transfer, None)
        self._missing.discard(transfer)
        self._reindex()
        self.endRemoveRows()
        self._count(-_needs_link(gone))

    def show_missing(self, transfer: str, missing: bool) -> None:
        """Show whether a finished file is still where it was put (A27); an unknown id is ignored."""
        row = self.row_of(transfer)
        if row is None or missing == self.is_missing(transfer):
            return
        (self._missing.add if missing else self._missing.discard)(transfer)
        self.dataChanged.emit(self.index(row, 0), self.index(row, len(DownloadColumn) - 1))

    def is_missing(self, transfer: str) -> bool:
        """Return whether a finished file was found moved or deleted."""
        return transfer in self._missing

    def row_of(self, transfer: str) -> int | None:
        """Return the row of a download's id, None if it is not shown."""
        position = self._from_end.get(transfer)
        return None if position is None else len(self._rows) - position

    def record(self, row: int) -> TransferRecord:
        """Return the record of a row."""
        return self._rows[row]

    def records(self) -> list[TransferRecord]:
        """Return all records, newest first."""
        return list(self._rows)

    def tick(self, first: int, last: int) -> None:
        """Repaint the link's remaining life of the open downloads among the rows in sight."""
        for row in range(max(first, 0), min(last, len(self._rows) - 1) + 1):
            if _needs_link(self._rows[row]):
                cell = self.index(row, DownloadColumn.LINK)
                self.dataChanged.emit(cell, cell)

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(DownloadColumn)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Vertical:
            return section + 1 if role == Qt.ItemDataRole.DisplayRole else None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(DownloadColumn(section))
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return {
            DownloadColumn.FILE: tr("downloads", "File"),
            DownloadColumn.STATE: tr("downloads", "State"),
            DownloadColumn.SIZE: tr("downloads", "Size"),
            DownloadColumn.LINK: tr("downloads", "Link"),
            DownloadColumn.FINISHED: tr("downloads", "When"),
        }[DownloadColumn(section)]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        record = self._rows[index.row()]
        column = DownloadColumn(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(record, column)
        if role == RECORD_ROLE:
            return record
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tooltip(record, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._text(record, column) or tr("downloads", "empty")
        if role == FRACTION_ROLE:
            return self._fraction(record) if column is DownloadColumn.SIZE else None
        if role == FRACTION_TONE_ROLE:
            return Tone.BUSY if record.state is TransferState.FETCHING else Tone.QUIET
        if role == KEEP_ROLE and column is DownloadColumn.FILE:
            parts = state_words.file_words(record.name, self._now())
            return parts[1] if parts else None
        if role == SHORTER_ROLE:
            return self._shorter(record, column)
        if role in {ICON_ROLE, TONE_ROLE}:
            return self._mark(record, column, role)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        if index.isValid() and self._is_there(self._rows[index.row()]):
            flags |= Qt.ItemFlag.ItemIsDragEnabled
        return flags

    def mimeTypes(self) -> list[str]:
        return ["text/uri-list"]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """Return the finished files of the rows as file addresses, so a row can be dragged to a mail or a folder."""
        rows = sorted({index.row() for index in indexes})
        done = [self._rows[row] for row in rows if self._is_there(self._rows[row])]
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(Path(record.folder) / record.name)) for record in done])
        return data

    def supportedDragActions(self) -> Qt.DropAction:
        return Qt.DropAction.CopyAction

    def _is_there(self, record: TransferRecord) -> bool:
        return record.state is TransferState.DONE and record.id not in self._missing

    def _words(self, record: TransferRecord) -> state_words.StateWords:
        if record.state is TransferState.DONE and record.id in self._missing:
            return state_words.missing_words()
        return state_words.transfer_words(record)

    def _text(self, record: TransferRecord, column: DownloadColumn) -> str:
        match column:
            case DownloadColumn.FILE:
                return one_line(record.name, NAME_CHARACTERS)
            case DownloadColumn.STATE:
                return self._words(record).word
            case DownloadColumn.SIZE:
                return state_words.progress_lines(record, self._progress.get(record.id))[0]
            case DownloadColumn.LINK:
                return state_words.link_life(record, self._server_now(record)).text
            case DownloadColumn.FINISHED:
                moment = record.finished_at or record.created_at
                return state_words.ago(moment, self._now())

    def _shorter(self, record: TransferRecord, column: DownloadColumn) -> list[str]:
        if column is DownloadColumn.FILE:
            return ["".join(parts)] if (parts := state_words.file_words(record.name, self._now())) else []
        if column is DownloadColumn.SIZE:
            return state_words.progress_lines(record, self._progress.get(record.id))[1:]
        if column is DownloadColumn.LINK:
            return [state_words.link_life(record, self._server_now(record)).short]
        return []

    def _mark(self, record: TransferRecord, column: DownloadColumn, role: int) -> str | None:
        if column is DownloadColumn.STATE:
            words = self._words(record)
            return words.icon if role == ICON_ROLE else words.tone
        if column is DownloadColumn.LINK and role == TONE_ROLE:
            return state_words.link_life(record, self._server_now(record)).tone
        return None

    def _fraction(self, record: TransferRecord) -> float | None:
        if record.state not in {TransferState.FETCHING, TransferState.PAUSED, TransferState.WAITING}:
            return None
        progress = self._progress.get(record.id)
        received, total = (progress.received, progress.total) if progress else (record.received, record.total)
        return min(received / total, 1.0) if total and received else None

    def _tooltip(self, record: TransferRecord, column: DownloadColumn) -> str | None:
        match column:
            case DownloadColumn.FILE:
                return str(Path(record.folder) / record.name)
            case DownloadColumn.STATE:
                return "\n".join((self._words(record).sentence, *record.notices))
            case DownloadColumn.FINISHED:
                moment = record.finished_at or record.created_at
                return moment.astimezone().isoformat(sep=" ", timespec="seconds")
            case DownloadColumn.LINK if record.link_expires_at is not None:
                return record.link_expires_at.astimezone().isoformat(sep=" ", timespec="seconds")
            case DownloadColumn.SIZE:
                return self._size_tip(record)
            case _:
                return None

    def _size_tip(self, record: TransferRecord) -> str:
        size = tr("downloads", "{n} bytes", n=f"{record.total or record.received:,}")
        if record.state is not TransferState.DONE or not record.sha256:
            return size
        return "\n".join((size, tr("downloads", "Check number (SHA-256): {hash}", hash=record.sha256)))

    def _count(self, difference: int) -> None:
        if difference:
            self._unfinished += difference
            self.unfinished_count_changed.emit(self._unfinished)

    def _reindex(self) -> None:
        count = len(self._rows)
        self._from_end = {record.id: count - row for row, record in enumerate(self._rows)}


def _needs_link(record: TransferRecord) -> bool:
    return record.state in OPEN_TRANSFERS or record.state is TransferState.PAUSED


def _alignment(column: DownloadColumn) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column is DownloadColumn.SIZE else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
