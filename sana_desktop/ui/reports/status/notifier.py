"""Tells through the system that long reports have ended, if the person is not looking at the window (A16, U12)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Protocol

from sana_desktop.base.clock import Clock
from sana_desktop.base.tasks import Supervisor
from sana_desktop.base.text import one_line
from sana_desktop.reports.records.job import OPEN_STATES, JobRecord, JobState
from sana_desktop.reports.records.transfer import OPEN_TRANSFERS, TransferRecord, TransferState
from sana_desktop.store import settings as keys
from sana_desktop.store.settings import Settings
from sana_desktop.ui.reports.words.state_words import span
from sana_desktop.ui.tr import tr

NAME_CHARACTERS = 120
REASON_CHARACTERS = 200
QUIET_SECONDS = 2.0
"""What ends closer together than this is told together, so that many at once are one notice (U12)."""
MAX_SECONDS = 120.0
"""After this the person is told, whether or not more is still to come."""
NAMES_IN_A_NOTICE = 2


class Front(Protocol):
    """What it needs of the window."""

    def is_in_front(self) -> bool: ...

    def notify(self, title: str, text: str, tag: str = "") -> bool: ...


class Outcome(IntEnum):
    """How a report ended; the higher, the more it concerns the person."""

    READY = 0
    NEEDS_PERSON = 1
    FAILED = 2


@dataclass(frozen=True, slots=True)
class Ending:
    """How a report ended, when it began and when it ended.

    Attributes:
        name: of the file, or of the report in quotation marks.
        why: the reason, where it did not end well.
    """

    outcome: Outcome
    name: str
    why: str
    began: datetime
    ended: datetime

    @property
    def seconds(self) -> float:
        """How long it took."""
        return (self.ended - self.began).total_seconds()


@dataclass(frozen=True, slots=True)
class Notice:
    """What the system shows, and the job that a click on it opens."""

    title: str
    text: str
    job: str


class Notifier:
    """Follows jobs and downloads; the end of each is told once, and of those that end together in one notice.

    Args:
        job_of: returns the job of a local id, None if it is not listed.
    """

    def __init__(
        self,
        window: Front,
        settings: Settings,
        job_of: Callable[[str], JobRecord | None],
        clock: Clock,
        supervisor: Supervisor,
    ) -> None:
        self._window = window
        self._settings = settings
        self._job_of = job_of
        self._clock = clock
        self._supervisor = supervisor
        self._under_way: set[str] = set()
        self._untold: dict[str, Ending] = {}
        self._gathering = False

    def job_changed(self, record: JobRecord) -> None:
        """A job has a new state."""
        self._note(record.id, job_ending(record), record.state in OPEN_STATES)

    def transfer_changed(self, record: TransferRecord) -> None:
        """A download has a new state."""
        job = self._job_of(record.job)
        if job is not None:
            self._note(job.id, transfer_ending(record, job), record.state in OPEN_TRANSFERS)

    def _note(self, job: str, ending: Ending | None, under_way: bool) -> None:
        if under_way:
            self._under_way.add(job)
            self._untold.pop(job, None)  # it goes on: what is not told yet is no longer so
        if ending is None or job not in self._under_way:
            return  # what ended before this session is no news, also when it is looked at again
        self._under_way.discard(job)
        least = self._settings.get(keys.NOTIFY_AFTER_SECONDS)
        wanted = self._settings.get(keys.NOTIFY) and least > 0
        if wanted and ending.seconds >= least and not self._window.is_in_front():
            self._untold[job] = ending
            if not self._gathering:
                self._gathering = True
                self._supervisor.start("tell what has ended", self._tell_when_quiet())

    async def _tell_when_quiet(self) -> None:
        begun = self._clock.monotonic()
        seen = 0
        while seen != len(self._untold) and self._clock.monotonic() - begun < MAX_SECONDS:
            seen = len(self._untold)
            await self._clock.sleep(QUIET_SECONDS)
        endings, self._untold, self._gathering = self._untold, {}, False
        if endings and not self._window.is_in_front():
            notice = notice_of(endings)
            self._window.notify(notice.title, notice.text, tag=notice.job)


def job_ending(job: JobRecord) -> Ending | None:
    """Return how a job ended without a file; None if it has not, or if it never began."""
    if job.state not in {JobState.FAILED, JobState.GONE} or job.submitted_at is None:
        return None
    name = tr("Notification", "“{name}”", name=one_line(job.order.title, NAME_CHARACTERS))
    why = one_line(job.error_message, REASON_CHARACTERS)
    return Ending(Outcome.FAILED, name, why, job.submitted_at, job.changed_at)


def transfer_ending(record: TransferRecord, job: JobRecord) -> Ending | None:
    """Return how the download of a job ended; None if it has not."""
    if job.submitted_at is None:
        return None
    name = one_line(record.name, NAME_CHARACTERS)
    if record.state is TransferState.DONE:
        return Ending(Outcome.READY, name, "", job.submitted_at, record.finished_at or record.changed_at)
    stuck = record.state is TransferState.PAUSED and record.error_message
    if stuck or record.state in {TransferState.LINK_ENDED, TransferState.FAILED}:
        why = one_line(record.error_message, REASON_CHARACTERS)
        return Ending(Outcome.NEEDS_PERSON, name, why, job.submitted_at, record.changed_at)
    return None


def notice_of(endings: Mapping[str, Ending]) -> Notice:
    """Return the one notice of what has ended, by job, oldest first; a click opens the last of those that matter most.

    Args:
        endings: at least one.
    """
    worst = max(ending.outcome for ending in endings.values())
    job = next(job for job in reversed(list(endings)) if endings[job].outcome is worst)
    told = list(endings.values())
    if len(told) == 1:
        return Notice(_title_of_one(worst), _text_of_one(told[0]), job)
    if any(ending.outcome is not worst for ending in told):
        return Notice(tr("Notification", "{n} reports have ended", n=len(told)), _text_of_a_mixture(told), job)
    return Notice(_title_of_many(worst, len(told)), _text_of_many(told), job)


def _title_of_one(outcome: Outcome) -> str:
    match outcome:
        case Outcome.FAILED:
            return tr("Notification", "Your report failed")
        case Outcome.NEEDS_PERSON:
            return tr("Notification", "Your report needs you")
        case Outcome.READY:
            return tr("Notification", "Your report is ready")


def _text_of_one(ending: Ending) -> str:
    name, why = ending.name, ending.why
    match ending.outcome:
        case Outcome.FAILED:
            words = tr("Notification", "{name} failed. {why}", name=name, why=why)
        case Outcome.NEEDS_PERSON:
            words = tr("Notification", "{name} was not fetched. {why}", name=name, why=why)
        case Outcome.READY:
            took = span(ending.seconds)
            words = tr("Notification", "{name} is complete and checked. It took {time}.", name=name, time=took)
    return words.strip()


def _title_of_many(outcome: Outcome, count: int) -> str:
    match outcome:
        case Outcome.FAILED:
            return tr("Notification", "{n} reports failed", n=count)
        case Outcome.NEEDS_PERSON:
            return tr("Notification", "{n} reports need you", n=count)
        case Outcome.READY:
            return tr("Notification", "{n} reports are ready", n=count)


def _text_of_many(endings: list[Ending]) -> str:
    reasons = {ending.why for ending in endings}
    if len(reasons) == 1 and (why := reasons.pop()):
        return tr("Notification", "All for the same reason: {why}", why=why)
    names = ", ".join(ending.name for ending in endings[:NAMES_IN_A_NOTICE])
    more = len(endings) - NAMES_IN_A_NOTICE
    return tr("Notification", "{names} and {n} more", names=names, n=more) if more > 0 else names


def _text_of_a_mixture(endings: list[Ending]) -> str:
    counts = {outcome: sum(ending.outcome is outcome for ending in endings) for outcome in Outcome}
    parts = [
        tr("Notification", "Failed: {n}", n=counts[Outcome.FAILED]) if counts[Outcome.FAILED] else "",
        tr("Notification", "Need you: {n}", n=counts[Outcome.NEEDS_PERSON]) if counts[Outcome.NEEDS_PERSON] else "",
        tr("Notification", "Complete and checked: {n}", n=counts[Outcome.READY]) if counts[Outcome.READY] else "",
    ]
    return " · ".join(filter(None, parts))
