"""The downloads as a table model: one row a file, newest first, changed row by row and never reset."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from enum import IntEnum
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtCore import QMimeData, QModelIndex, QObject, Qt, QUrl, Signal

from sana_desktop.base.text import one_line
from sana_desktop.reports.records.transfer import OPEN_TRANSFERS, TransferProgress, TransferRecord, TransferState
from sana_desktop.ui.models.records import (
    FRACTION_ROLE,
    FRACTION_TONE_ROLE,
    ICON_ROLE,
    KEEP_ROLE,
    TONE_ROLE,
    Index,
    RecordsModel,
)
from sana_desktop.ui.reports.words import file_names, state_words
from sana_desktop.ui.reports.words.file_note import why_no_file
from sana_desktop.ui.reports.words.site_words import SiteWords
from sana_desktop.ui.reports.words.state_words import Tone
from sana_desktop.ui.tr import tr

NAME_CHARACTERS = 200


class DownloadColumn(IntEnum):
    """The columns, in the order they are first shown."""

    FILE = 0
    STATE = 1
    SIZE = 2
    LINK = 3
    FINISHED = 4
    SITE = 5


class DownloadsModel(RecordsModel[TransferRecord, DownloadColumn]):
    """Rows of `TransferRecord`, keyed by its id.

    Args:
        now: the local time in UTC.
        server_now: the time by the clock of the service that a download belongs to (B9).
        site: what is said of the site that the report of this job, by its local id, came from.
        report_at: when the report of this job was ready, None where that is not known.
        order: what a person may remember of that job.

    Signals:
        unfinished_count_changed: how many downloads still depend on their link.
    """

    FIGURES = frozenset({DownloadColumn.SIZE})
    SORTS: ClassVar = {
        DownloadColumn.FILE: False,
        DownloadColumn.SIZE: True,
        DownloadColumn.FINISHED: True,
        DownloadColumn.SITE: False,
    }
    unfinished_count_changed = Signal(int)

    def __init__(
        self,
        now: Callable[[], datetime],
        server_now: Callable[[TransferRecord], datetime],
        site: Callable[[str], SiteWords],
        parent: QObject | None = None,
        *,
        report_at: Callable[[str], datetime | None] = lambda job: None,
        order: Callable[[str], Iterable[str]] = lambda _job: (),
    ) -> None:
        super().__init__(DownloadColumn, parent)
        self._now = now
        self._server_now = server_now
        self._site = site
        self._report_at = report_at
        self._ordered_with = order
        self._progress: dict[str, TransferProgress] = {}
        self._unfinished = 0
        self._alike: Counter[tuple[str, str] | None] = Counter()

    @property
    def unfinished_count(self) -> int:
        """How many downloads still depend on their link."""
        return self._unfinished

    def progress(self, progress: TransferProgress) -> None:
        """Show a live figure in the row it belongs to."""
        row = self.row_of(progress.id)
        if row is None or self._rows[row].state is not TransferState.FETCHING:
            return
        self._progress[progress.id] = progress
        cell = self.index(row, DownloadColumn.SIZE)
        self.dataChanged.emit(cell, cell)

    def tick(self, first: int, last: int) -> None:
        """Repaint the link's remaining life of the open downloads among the rows in sight."""
        for row in self._in_sight(first, last):
            if _needs_link(self._rows[row]):
                cell = self.index(row, DownloadColumn.LINK)
                self.dataChanged.emit(cell, cell)

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

    def _rank(self, record: TransferRecord, column: DownloadColumn) -> Any:
        match column:
            case DownloadColumn.FILE:
                return "".join(self._wordings(record)[0] or [record.name]).casefold()
            case DownloadColumn.SIZE:
                return record.total or record.received
            case DownloadColumn.SITE:
                return self._site(record.job).name.casefold()
            case _:
                return record.finished_at or record.created_at

    def _tells(self, record: TransferRecord) -> Iterable[str]:
        yield from (record.name, *self._wordings(record)[0], state_words.transfer_words(record).word)
        yield from (*self._site(record.job), *self._ordered_with(record.job))

    def _title(self, column: DownloadColumn) -> str:
        return {
            DownloadColumn.FILE: tr("downloads", "File"),
            DownloadColumn.STATE: tr("downloads", "State"),
            DownloadColumn.SIZE: tr("downloads", "Size"),
            DownloadColumn.LINK: tr("downloads", "Link"),
            DownloadColumn.FINISHED: tr("downloads", "When"),
            DownloadColumn.SITE: tr("downloads", "Site"),
        }[column]

    def _look(self, record: TransferRecord, column: DownloadColumn, role: int) -> Any:
        if role == FRACTION_ROLE:
            return self._fraction(record) if column is DownloadColumn.SIZE else None
        if role == FRACTION_TONE_ROLE:
            return Tone.BUSY if record.state is TransferState.FETCHING else Tone.QUIET
        if role == KEEP_ROLE and column is DownloadColumn.FILE:
            return self._wordings(record)[1] or None
        if role in {ICON_ROLE, TONE_ROLE}:
            return self._mark(record, column, role)
        return None

    def _wordings(self, record: TransferRecord) -> tuple[list[str], str]:
        """Return shorter names of a file, and the end that none of them may lose."""
        numbered = self._alike[file_names.likeness(record.name)] > 1
        # Told anew: the time in the name is that of the zone in which the computer was when it was made.
        moment = self._report_at(record.job) or record.created_at
        parts = file_names.file_words(record.name, moment, self._now(), numbered=numbered)
        return ([], "") if parts is None else (["".join(parts)], parts[1])

    def _is_there(self, record: TransferRecord) -> bool:
        return record.state is TransferState.DONE and record.lost_at is None

    def _text(self, record: TransferRecord, column: DownloadColumn) -> str:
        match column:
            case DownloadColumn.FILE:
                return one_line(record.name, NAME_CHARACTERS)
            case DownloadColumn.STATE:
                return state_words.transfer_words(record).word
            case DownloadColumn.SIZE:
                return self._amount(record)[0]
            case DownloadColumn.LINK:
                return state_words.link_life(record, self._server_now(record)).text
            case DownloadColumn.FINISHED:
                moment = record.finished_at or record.created_at
                return state_words.ago(moment, self._now())
            case DownloadColumn.SITE:
                return self._site(record.job).marked

    def _shorter(self, record: TransferRecord, column: DownloadColumn) -> list[str] | None:
        if column is DownloadColumn.FILE:
            return self._wordings(record)[0]
        if column is DownloadColumn.SIZE:
            return self._amount(record)[1:]
        if column is DownloadColumn.LINK:
            return [state_words.link_life(record, self._server_now(record)).short]
        if column is DownloadColumn.SITE:
            return [self._site(record.job).name]
        return []

    def _amount(self, record: TransferRecord) -> list[str]:
        """Return how much there is; of a download that ended without a file, why."""
        return why_no_file(record) or state_words.progress_lines(record, self._progress.get(record.id))

    def _mark(self, record: TransferRecord, column: DownloadColumn, role: int) -> str | None:
        if column is DownloadColumn.STATE:
            words = state_words.transfer_words(record)
            return words.icon if role == ICON_ROLE else words.tone
        if column is DownloadColumn.SIZE and role == TONE_ROLE and record.state is TransferState.DONE:
            # A report without rows looks like any other from outside.
            return Tone.WARN if record.is_empty else None
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
                return "\n".join((state_words.transfer_words(record).sentence, *record.notices))
            case DownloadColumn.FINISHED:
                moment = record.finished_at or record.created_at
                return moment.astimezone().isoformat(sep=" ", timespec="seconds")
            case DownloadColumn.LINK if record.link_expires_at is not None:
                until = record.link_expires_at.astimezone().isoformat(sep=" ", timespec="seconds")
                return tr("downloads", "{time}, by the site's clock", time=until)
            case DownloadColumn.SIZE:
                return self._size_tip(record)
            case DownloadColumn.SITE:
                return self._site(record.job).tip or None
            case _:
                return None

    def _size_tip(self, record: TransferRecord) -> str:
        size = tr("downloads", "{n} bytes", n=f"{record.total or record.received:,}")
        if record.state is not TransferState.DONE or not record.sha256:
            return size
        return "\n".join((size, tr("downloads", "Check number (SHA-256): {hash}", hash=record.sha256)))

    def _rows_changed(self, came: Sequence[TransferRecord], went: Sequence[TransferRecord]) -> None:
        for record in came:
            if record.state is not TransferState.FETCHING:
                self._progress.pop(record.id, None)
        for identity in {record.id for record in went} - {record.id for record in came}:
            self._progress.pop(identity, None)
        self._alike.update(file_names.likeness(record.name) for record in came)
        self._alike.subtract(file_names.likeness(record.name) for record in went)
        more = sum(map(_needs_link, came)) - sum(map(_needs_link, went))
        if more:
            self._unfinished += more
            self.unfinished_count_changed.emit(self._unfinished)


def _needs_link(record: TransferRecord) -> bool:
    return record.state in OPEN_TRANSFERS or record.state is TransferState.PAUSED
