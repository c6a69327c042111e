"""Tells through the system that a long report has ended, if the person is not looking at the window (A16)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sana_desktop.base.text import one_line
from sana_desktop.reports.job import OPEN_STATES, JobRecord, JobState
from sana_desktop.reports.transfer import OPEN_TRANSFERS, TransferRecord, TransferState
from sana_desktop.store import settings as keys
from sana_desktop.store.settings import Settings
from sana_desktop.ui.reports.state_words import span
from sana_desktop.ui.tr import tr

NAME_CHARACTERS = 120


class Front(Protocol):
    """What it needs of the window."""

    def is_in_front(self) -> bool: ...

    def notify(self, title: str, text: str, tag: str = "") -> bool: ...


@dataclass(frozen=True, slots=True)
class Ending:
    """How a report ended: what is said, and when it began and ended."""

    title: str
    text: str
    began: datetime
    ended: datetime

    @property
    def seconds(self) -> float:
        """How long it took."""
        return (self.ended - self.began).total_seconds()


class Notifier:
    """Follows jobs and downloads; the end of each is told once.

    Args:
        job_of: returns the job of a local id, None if it is not listed.
    """

    def __init__(self, window: Front, settings: Settings, job_of: Callable[[str], JobRecord | None]) -> None:
        self._window = window
        self._settings = settings
        self._job_of = job_of
        self._under_way: set[str] = set()

    def job_changed(self, record: JobRecord) -> None:
        """A job has a new state."""
        self._tell(record.id, job_ending(record), record.state in OPEN_STATES)

    def transfer_changed(self, record: TransferRecord) -> None:
        """A download has a new state."""
        job = self._job_of(record.job)
        if job is not None:
            self._tell(job.id, transfer_ending(record, job), record.state in OPEN_TRANSFERS)

    def _tell(self, job: str, ending: Ending | None, under_way: bool) -> None:
        if under_way:
            self._under_way.add(job)
        if ending is None or job not in self._under_way:
            return  # what ended before this session is no news, also when it is looked at again
        self._under_way.discard(job)
        least = self._settings.get(keys.NOTIFY_AFTER_SECONDS)
        wanted = self._settings.get(keys.NOTIFY) and least > 0
        if wanted and ending.seconds >= least and not self._window.is_in_front():
            self._window.notify(ending.title, ending.text, tag=job)


def job_ending(job: JobRecord) -> Ending | None:
    """Return how a job ended without a file; None if it has not, or if it never began."""
    if job.state not in {JobState.FAILED, JobState.GONE} or job.submitted_at is None:
        return None
    name = one_line(job.order.title, NAME_CHARACTERS)
    words = tr("Notification", "“{name}” failed. {why}", name=name, why=one_line(job.error_message, 200))
    return Ending(tr("Notification", "Your report failed"), words.strip(), job.submitted_at, job.changed_at)


def transfer_ending(record: TransferRecord, job: JobRecord) -> Ending | None:
    """Return how the download of a job ended; None if it has not."""
    if job.submitted_at is None:
        return None
    name = one_line(record.name, NAME_CHARACTERS)
    if record.state is TransferState.DONE:
        ended = record.finished_at or record.changed_at
        took = span((ended - job.submitted_at).total_seconds())
        words = tr("Notification", "{name} is complete and checked. It took {time}.", name=name, time=took)
        return Ending(tr("Notification", "Your report is ready"), words, job.submitted_at, ended)
    stuck = record.state is TransferState.PAUSED and record.error_message
    if stuck or record.state in {TransferState.LINK_ENDED, TransferState.FAILED}:
        why = one_line(record.error_message, 200)
        words = tr("Notification", "{name} was not fetched. {why}", name=name, why=why).strip()
        return Ending(tr("Notification", "Your report needs you"), words, job.submitted_at, record.changed_at)
    return None
