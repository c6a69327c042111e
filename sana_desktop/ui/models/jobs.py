"""The jobs as a table model: one row a job, newest first, changed row by row, never reset (ARCHITECTURE.md, law 3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QObject, Signal

from sana_desktop.base.text import one_line
from sana_desktop.reports.job import OPEN_STATES, JobRecord
from sana_desktop.reports.transfer import TransferRecord
from sana_desktop.ui.models.records import ICON_ROLE, TONE_ROLE, RecordsModel
from sana_desktop.ui.reports import report_words, state_words
from sana_desktop.ui.tr import tr

TITLE_CHARACTERS = 120


class JobColumn(IntEnum):
    """The columns, in the order they are first shown."""

    REPORT = 0
    STARTED = 1
    STATE = 2
    ELAPSED = 3
    NEXT = 4
    SITE = 5


class JobsModel(RecordsModel[JobRecord, JobColumn]):
    """Rows of `JobRecord`, keyed by its id; what a row says of a finished job is how its file is now.

    Args:
        now: the local time in UTC; used for clocks only, asked when a cell is painted.
        site_name: the name of a connection, by id; for jobs that do not know theirs.
        typical: the usual duration of a record's query in seconds, low and high, if history knows it.

    Signals:
        open_count_changed: how many jobs are under way.
        site_count_changed: how many sites the jobs in the list are of.
    """

    FIGURES = frozenset({JobColumn.ELAPSED})
    open_count_changed = Signal(int)
    site_count_changed = Signal(int)

    def __init__(
        self,
        now: Callable[[], datetime],
        site_name: Callable[[str], str],
        typical: Callable[[JobRecord], tuple[float, float] | None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(JobColumn, parent)
        self._now = now
        self._site_name = site_name
        self._typical = typical
        self._open = 0
        self._sites: Counter[str] = Counter()
        self._files: dict[str, TransferRecord] = {}
        self._run_again: Counter[str] = Counter()

    @property
    def open_count(self) -> int:
        """How many jobs are under way."""
        return self._open

    @property
    def site_count(self) -> int:
        """How many sites the jobs in the list are of."""
        return len(self._sites)

    def know_files(self, files: Iterable[TransferRecord]) -> None:
        """Take the downloads of earlier sessions; what is known of one already is newer."""
        self._files = {file.job: file for file in files} | self._files
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(JobColumn) - 1))

    def show_file(self, file: TransferRecord) -> None:
        """Show how the file of a job is now."""
        self._files[file.job] = file
        if (row := self.row_of(file.job)) is not None:
            self._repaint(row)

    def forget_file(self, job: str) -> None:
        """The download of a job was taken off the list."""
        if self._files.pop(job, None) is not None and (row := self.row_of(job)) is not None:
            self._repaint(row)

    def file_of(self, job: str) -> TransferRecord | None:
        """Return the download of a job, None if it has none."""
        return self._files.get(job)

    def tick(self, first: int, last: int) -> None:
        """Repaint the clocks of the open jobs among the rows in sight."""
        for row in self._in_sight(first, last):
            if self._rows[row].state in OPEN_STATES:
                self.dataChanged.emit(self.index(row, JobColumn.ELAPSED), self.index(row, JobColumn.NEXT))

    def _title(self, column: JobColumn) -> str:
        return {
            JobColumn.REPORT: tr("jobs", "Report"),
            JobColumn.STATE: tr("jobs", "State"),
            JobColumn.ELAPSED: tr("jobs", "Time"),
            JobColumn.NEXT: tr("jobs", "What comes next"),
            JobColumn.SITE: tr("jobs", "Site"),
            JobColumn.STARTED: tr("jobs", "Ordered"),
        }[column]

    def _shorter(self, record: JobRecord, column: JobColumn) -> list[str] | None:
        if column is JobColumn.NEXT:
            return self._next(record)[1:]
        if column is JobColumn.STARTED:
            return self._started(record)[1:]
        return None

    def _look(self, record: JobRecord, column: JobColumn, role: int) -> Any:
        if column is JobColumn.STATE and role in {ICON_ROLE, TONE_ROLE}:
            words = self._words(record)
            return words.icon if role == ICON_ROLE else words.tone
        return None

    def _text(self, record: JobRecord, column: JobColumn) -> str:
        match column:
            case JobColumn.REPORT:
                return report_words.report_name(record.order)
            case JobColumn.STATE:
                return self._words(record).word
            case JobColumn.ELAPSED:
                seconds = state_words.elapsed_seconds(record, self._now())
                return "" if seconds is None else state_words.clock_face(seconds)
            case JobColumn.NEXT:
                return self._next(record)[0]
            case JobColumn.SITE:
                name = record.site_name or self._site_name(record.order.connection_id)
                return one_line(name, TITLE_CHARACTERS) or tr("jobs", "(forgotten)")
            case JobColumn.STARTED:
                return self._started(record)[0]

    def _started(self, record: JobRecord) -> list[str]:
        """Return when a job was ordered; the seconds tell two of the same minute apart."""
        wordings = state_words.day_and_time(record.created_at, self._now())
        today = len(wordings) == 1
        return [record.created_at.astimezone().strftime("%H:%M:%S"), *wordings] if today else wordings

    def _words(self, record: JobRecord) -> state_words.StateWords:
        return report_words.report_words(record, self._files.get(record.id))

    def _next(self, record: JobRecord) -> list[str]:
        """Return what comes next, in wordings from the longest to the shortest."""
        again = record.id in self._run_again
        if wordings := report_words.what_now(record, self._files.get(record.id), again=again):
            return wordings
        if record.error_message or record.state not in OPEN_STATES:
            return [one_line(record.error_message, TITLE_CHARACTERS)]
        trouble = one_line(record.trouble, TITLE_CHARACTERS).removesuffix(".")
        usual = state_words.usual_time(self._typical(record))
        look = state_words.next_look(record, self._now())
        late = state_words.late_words(record, self._now())
        if trouble or late:
            return [_joined(trouble, late, look), _joined(trouble, look if late else "") or late, trouble or late]
        return [_joined(usual, look), look or usual]

    def _tooltip(self, record: JobRecord, column: JobColumn) -> str | None:
        if column is JobColumn.STARTED:
            exact = record.created_at.astimezone().isoformat(sep=" ", timespec="seconds")
            return f"{exact} ({state_words.ago(record.created_at, self._now())})"
        if column is JobColumn.STATE:
            return self._words(record).sentence
        if column is JobColumn.SITE:
            return one_line(record.site_address, TITLE_CHARACTERS) or None
        if column in {JobColumn.REPORT, JobColumn.NEXT}:
            return self._text(record, column)
        return None

    def _rows_changed(self, came: Sequence[JobRecord], went: Sequence[JobRecord]) -> None:
        more = sum(record.state in OPEN_STATES for record in came) - sum(record.state in OPEN_STATES for record in went)
        if more:
            self._open += more
            self.open_count_changed.emit(self._open)
        self._run_again.update(record.order.rerun_of for record in came if record.order.rerun_of)
        self._run_again.subtract(record.order.rerun_of for record in went if record.order.rerun_of)
        self._run_again = +self._run_again
        for first in {record.order.rerun_of for record in (*came, *went)}:
            if first is not None and (row := self.row_of(first)) is not None:
                self._repaint(row)
        sites = len(self._sites)
        self._sites.update(record.order.connection_id for record in came)
        self._sites.subtract(record.order.connection_id for record in went)
        self._sites = +self._sites
        if len(self._sites) != sites:
            self.site_count_changed.emit(len(self._sites))


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
