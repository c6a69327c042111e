"""The jobs as a table model: one row a job, newest first, changed row by row, never reset (ARCHITECTURE.md, law 3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from enum import IntEnum
from typing import Any, ClassVar

from PySide6.QtCore import QObject, Signal

from sana_desktop.base.text import bounded, one_line
from sana_desktop.reports.queue.steps import is_unreached
from sana_desktop.reports.records.job import OPEN_STATES, JobRecord, JobState
from sana_desktop.reports.records.transfer import TransferProgress, TransferRecord, TransferState
from sana_desktop.ui.models.records import ICON_ROLE, KEEP_ROLE, TONE_ROLE, RecordsModel
from sana_desktop.ui.reports.words import next_words, report_words, state_words
from sana_desktop.ui.reports.words.site_words import NO_SITE, SiteWords, mark_words, marked, site_line
from sana_desktop.ui.tr import tr

TITLE_CHARACTERS = 120
TIP_CHARACTERS = 600
"""Of a query, on hover: enough to tell it from another one."""


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
        site_count_changed: how many sites the jobs in the list are of.
    """

    FIGURES = frozenset({JobColumn.ELAPSED})
    SORTS: ClassVar = {JobColumn.REPORT: False, JobColumn.STARTED: True, JobColumn.STATE: False, JobColumn.SITE: False}
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
        self._sites: Counter[tuple[str, str]] = Counter()
        self._files: dict[str, TransferRecord] = {}
        self._progress: dict[str, TransferProgress] = {}
        self._names: Counter[str] = Counter()
        self._run_again: Counter[str] = Counter()
        self._said: dict[str, tuple[JobRecord, TransferRecord | None, state_words.StateWords]] = {}

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
        if file.state is not TransferState.FETCHING:
            self._progress.pop(file.id, None)
        if (record := self.find(file.job)) is not None:
            self.put(record)  # its file is part of what it tells: it may be what is looked for now

    def show_progress(self, job: str, progress: TransferProgress) -> None:
        """Show how far the file of a ready job is."""
        if (row := self.row_of(job)) is not None and job in self._files:
            self._progress[progress.id] = progress
            cell = self.index(row, JobColumn.NEXT)
            self.dataChanged.emit(cell, cell)

    def forget_file(self, job: str) -> None:
        """The download of a job was taken off the list."""
        if self._files.pop(job, None) is not None and (row := self.row_of(job)) is not None:
            self._repaint(row)

    def file_of(self, job: str) -> TransferRecord | None:
        """Return the download of a job, None if it has none."""
        return self._files.get(job)

    def site_of(self, job: str) -> SiteWords:
        """Return what is said of the site that a job was ordered at, as it was then; nothing of one not here."""
        record = self.find(job)
        return NO_SITE if record is None else self._site_words(record)

    def report_at(self, job: str) -> datetime | None:
        """Return when the report of a job was ready, as the name of its file tells; None where that is not known."""
        record = self.find(job)
        return None if record is None else record.report_at

    def told_of(self, job: str) -> Iterable[str]:
        """Return what a person may remember of the order that a file came from."""
        if (record := self.find(job)) is None:
            return ()
        return report_words.report_name(record.order), record.order.title, record.job_id or "", record.order.sql

    def tick(self, first: int, last: int) -> None:
        """Repaint the clocks of the open jobs among the rows in sight."""
        for row in self._in_sight(first, last):
            file = self._files.get(self._rows[row].id)
            if self._rows[row].state in OPEN_STATES or (file is not None and file.is_away):
                self.dataChanged.emit(self.index(row, JobColumn.ELAPSED), self.index(row, JobColumn.NEXT))

    def _site_words(self, record: JobRecord) -> SiteWords:
        # Of the record itself: one that is just coming is not in the list yet, and is sorted and looked through first.
        name = one_line(record.site_name or self._site_name(record.order.connection_id), TITLE_CHARACTERS)
        name = name or tr("jobs", "(forgotten)")
        tip = " · ".join(filter(None, (record.site_address, mark_words(record.site_mark))))
        return SiteWords(name, marked(name, record.site_mark), one_line(tip, TITLE_CHARACTERS))

    def _rank(self, record: JobRecord, column: JobColumn) -> Any:
        match column:
            case JobColumn.REPORT:
                return report_words.report_name(record.order).casefold()
            case JobColumn.STATE:
                return self._words(record).word.casefold()
            case JobColumn.SITE:
                return self._site_words(record).name.casefold()
            case _:
                return record.created_at

    def _tells(self, record: JobRecord) -> Iterable[str]:
        order, file = record.order, self._files.get(record.id)
        yield from (report_words.report_name(order), order.title, *self._site_words(record), self._words(record).word)
        yield from (file.name if file is not None else "", record.job_id or "", order.format.value, order.sql)

    def _told_from(self, record: JobRecord) -> tuple[object, ...]:
        return record, self._files.get(record.id)

    def _title(self, column: JobColumn) -> str:
        return {
            JobColumn.REPORT: tr("jobs", "Report"),
            JobColumn.STATE: tr("jobs", "State"),
            JobColumn.ELAPSED: tr("jobs", "Time"),
            JobColumn.NEXT: tr("jobs", "Next"),
            JobColumn.SITE: tr("jobs", "Site"),
            JobColumn.STARTED: tr("jobs", "Ordered"),
        }[column]

    def _shorter(self, record: JobRecord, column: JobColumn) -> list[str] | None:
        if column is JobColumn.NEXT:
            return self._next(record)[1:]
        if column is JobColumn.STARTED:
            return self._started(record)[1:]
        return [self._site_words(record).name] if column is JobColumn.SITE else None

    def _look(self, record: JobRecord, column: JobColumn, role: int) -> Any:
        if column is JobColumn.STATE and role in {ICON_ROLE, TONE_ROLE}:
            words = self._words(record)
            return words.icon if role == ICON_ROLE else words.tone
        if column is JobColumn.NEXT and role == TONE_ROLE and (self._came_otherwise(record) or self._is_empty(record)):
            return state_words.Tone.WARN
        if column is JobColumn.REPORT and role == KEEP_ROLE:
            return self._kind(record) or None
        return None

    def _came_otherwise(self, record: JobRecord) -> bool:
        return bool(report_words.other_format(record, self._files.get(record.id)))

    def _is_empty(self, record: JobRecord) -> bool:
        file = self._files.get(record.id)
        return file is not None and file.state is TransferState.DONE and file.is_empty

    def _kind(self, record: JobRecord) -> str:
        """Return what is said beside a name that other rows have, too; beside it stands when each was ordered."""
        name = report_words.report_name(record.order)
        if self._names[name] < 2 or name != one_line(record.order.title, report_words.NAME_CHARACTERS):
            return ""  # one without a name of its own is told by its query
        return f" · {record.order.format.value.upper()}"

    def _text(self, record: JobRecord, column: JobColumn) -> str:
        match column:
            case JobColumn.REPORT:
                return report_words.report_name(record.order) + self._kind(record)
            case JobColumn.STATE:
                return self._words(record).word
            case JobColumn.ELAPSED:
                seconds = state_words.elapsed_seconds(record, self._now())
                return "" if seconds is None else state_words.clock_face(seconds)
            case JobColumn.NEXT:
                return self._next(record)[0]
            case JobColumn.SITE:
                return self._site_words(record).marked
            case JobColumn.STARTED:
                return self._started(record)[0]

    def _started(self, record: JobRecord) -> list[str]:
        """Return when a job was ordered; the seconds tell two of the same minute apart."""
        wordings = state_words.day_and_time(record.created_at, self._now())
        today = len(wordings) == 1
        return [record.created_at.astimezone().strftime("%H:%M:%S"), *wordings] if today else wordings

    def _words(self, record: JobRecord) -> state_words.StateWords:
        # Three roles of a cell ask for it each time it is painted, and it follows from these two alone.
        file = self._files.get(record.id)
        said = self._said.get(record.id)
        if said is None or said[0] is not record or said[1] is not file:
            said = self._said[record.id] = record, file, report_words.report_words(record, file)
        return said[2]

    def _next(self, record: JobRecord) -> list[str]:
        """Return what comes next, in wordings from the longest to the shortest."""
        again = record.id in self._run_again
        file = self._files.get(record.id)
        if wordings := next_words.fetching(record, file, self._progress.get(file.id) if file is not None else None):
            return wordings
        if wordings := report_words.what_now(record, self._files.get(record.id), again=again):
            soon = state_words.next_try(file, self._now()) if file is not None else ""
            said = wordings[0].removesuffix(".")
            return [_joined(said, soon), said, soon] if soon else wordings
        unsent = record.state is JobState.QUEUED
        if (record.error_message and not unsent) or record.state not in OPEN_STATES:
            return [one_line(wording, TITLE_CHARACTERS) for wording in next_words.refusal(record.error_message)]
        trouble = one_line(record.trouble, TITLE_CHARACTERS).removesuffix(".")
        usual = state_words.usual_time(self._typical(record))
        look = state_words.next_look(record, self._now())
        if trouble:
            return [_joined(trouble, look), trouble, *([look] if look and is_unreached(record) else [])]
        return [_joined(usual, look), look or usual]

    def _tooltip(self, record: JobRecord, column: JobColumn) -> str | None:
        if column is JobColumn.STARTED:
            exact = record.created_at.astimezone().isoformat(sep=" ", timespec="seconds")
            return f"{exact} ({state_words.ago(record.created_at, self._now())})"
        if column is JobColumn.STATE:
            return self._words(record).sentence
        if column is JobColumn.SITE:
            return self._site_words(record).tip or None
        if column is JobColumn.REPORT:
            return self._report_tip(record)
        if column is JobColumn.NEXT:
            return record.error_message or self._text(record, column)
        return None

    def _report_tip(self, record: JobRecord) -> str:
        name = f"{report_words.report_name(record.order)} · {record.order.format.value.upper()}"
        ordered = tr("jobs", "Ordered {time}", time=report_words.exact(record.created_at))
        query = bounded(record.order.sql.strip(), TIP_CHARACTERS)
        return "\n".join((name, *filter(None, (one_line(site_line(record), TITLE_CHARACTERS),)), ordered, "", query))

    def _rows_changed(self, came: Sequence[JobRecord], went: Sequence[JobRecord]) -> None:
        self._run_again.update(record.order.rerun_of for record in came if record.order.rerun_of)
        self._run_again.subtract(record.order.rerun_of for record in went if record.order.rerun_of)
        self._run_again = +self._run_again
        for first in {record.order.rerun_of for record in (*came, *went)}:
            if first is not None and (row := self.row_of(first)) is not None:
                self._repaint(row)
        for gone in {record.id for record in went} - {record.id for record in came}:
            self._said.pop(gone, None)
        self._count_names(came, went)
        sites = len(self._sites)
        self._sites.update(map(_site_key, came))
        self._sites.subtract(map(_site_key, went))
        self._sites = +self._sites
        if len(self._sites) != sites:
            self.site_count_changed.emit(len(self._sites))

    def _count_names(self, came: Sequence[JobRecord], went: Sequence[JobRecord]) -> None:
        before = {name for name, count in self._names.items() if count > 1}
        self._names.update(report_words.report_name(record.order) for record in came)
        self._names.subtract(report_words.report_name(record.order) for record in went)
        self._names = +self._names
        other = before ^ {name for name, count in self._names.items() if count > 1}
        if other and self._rows:
            self.dataChanged.emit(self.index(0, JobColumn.REPORT), self.index(len(self._rows) - 1, JobColumn.REPORT))


def _site_key(record: JobRecord) -> tuple[str, str]:
    # A site that is for something else since then is another one for the person: the rows must tell them apart.
    return record.order.connection_id, record.site_mark


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
