"""Hands what changes in the core to the rows of the window some times a second, the newest of each record."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject

from sana_desktop.reports.records.job import OPEN_STATES, JobRecord, JobState
from sana_desktop.reports.records.transfer import OPEN_TRANSFERS, TransferProgress, TransferRecord
from sana_desktop.ui.widgets import after

GATHER_MS = 80
"""States on the way follow each other within milliseconds. Each one would be laid out and painted before the next
request goes out, and nobody could read it."""

MAX_AT_ONCE = 20
"""So many are handed on without waiting for more: some milliseconds of work, which nobody feels."""

_ON_THE_WAY = (OPEN_STATES - {JobState.PAUSED}) | {JobState.READY}
"""States of a job that are seldom its last: those in which the app goes on by itself."""


class Rows(Protocol):
    """What shows the records: `RecordsPresenter`."""

    def job_changed(self, record: JobRecord) -> None: ...

    def job_removed(self, job: str) -> None: ...

    def transfer_changed(self, record: TransferRecord) -> None: ...

    def progressed(self, progress: TransferProgress) -> None: ...

    def transfer_removed(self, transfer: str) -> None: ...

    def job(self, job: str) -> JobRecord | None: ...


class Gathering(QObject):
    """Stands between the topics of the core and the rows.

    A state in which something goes on by itself is handed on with others after `GATHER_MS`, unless a newer one of the
    same record came meanwhile. One that ends something, or that needs the person, is handed on at once, after what came
    before it. So the rows see a part of the events, in their order, and no end is missed or late.
    """

    def __init__(self, rows: Rows, parent: QObject) -> None:
        super().__init__(parent)
        self._rows = rows
        self._waiting: dict[tuple[str, str], Callable[[], None]] = {}
        self._jobs: dict[str, JobRecord] = {}
        self._timer = after(self, GATHER_MS, self.hand_on)

    def job_changed(self, record: JobRecord) -> None:
        """A job has a new state."""
        self._jobs[record.id] = record
        self._add("job", record.id, partial(self._rows.job_changed, record))
        if record.state not in _ON_THE_WAY:
            self.hand_on()

    def job_removed(self, job: str) -> None:
        """A job was forgotten."""
        self.hand_on()
        self._rows.job_removed(job)

    def transfer_changed(self, record: TransferRecord) -> None:
        """A download has a new state."""
        self._add("transfer", record.id, partial(self._rows.transfer_changed, record))
        if record.state not in OPEN_TRANSFERS or record.error_message:
            self.hand_on()

    def progressed(self, progress: TransferProgress) -> None:
        """More of a file has arrived."""
        self._add("progress", progress.id, partial(self._rows.progressed, progress))

    def transfer_removed(self, transfer: str) -> None:
        """A download was taken off the list."""
        self.hand_on()
        self._rows.transfer_removed(transfer)

    def job(self, job: str) -> JobRecord | None:
        """Return a job as it is now, whether or not its row says so yet; None if it is not listed."""
        return self._jobs.get(job) or self._rows.job(job)

    def hand_on(self) -> None:
        """Let the rows show all that has changed."""
        self._timer.stop()
        try:
            while self._waiting:
                self._waiting.pop(next(iter(self._waiting)))()
            self._jobs.clear()
        finally:
            if self._waiting:
                self._timer.start()

    def _add(self, kind: str, identity: str, act: Callable[[], None]) -> None:
        # What is newer goes behind: the rows see a part of the events, but never another order.
        self._waiting.pop((kind, identity), None)
        self._waiting[kind, identity] = act
        if len(self._waiting) >= MAX_AT_ONCE:
            self.hand_on()
        elif not self._timer.isActive():
            self._timer.start()
