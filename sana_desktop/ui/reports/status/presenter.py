"""Keeps the status line true: what is going on, and for a few seconds what was just said."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple, cast

from PySide6.QtCore import QObject

from sana_desktop.base.words import Words
from sana_desktop.reports.records.job import OPEN_STATES, JobRecord
from sana_desktop.reports.records.transfer import OPEN_TRANSFERS, TransferRecord, TransferState
from sana_desktop.ui.reports.status.status_text import StatusText, StoreState, ending_of, endings_together, truth_of
from sana_desktop.ui.status_line import Tone
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import after
from sana_desktop.ui.window import MainWindow

SAID_FOR_MS = 8_000
"""How long an answer to an act stays before the line says again what is going on."""
GATHER_MS = 40
"""Changes that come together are told once."""


class _End(NamedTuple):
    """How a job or its download ended, and which job it was."""

    job: str
    truth: StatusText


class StatusPresenter(QObject):
    """Follows jobs and downloads.

    Args:
        site: returns the name of the chosen site; empty if none is chosen, None if none is connected.

    Attributes:
        elsewhere: returns what is true of the place in sight where that is not about reports, else None. It gives way
            to reports that need the person.
    """

    def __init__(self, window: MainWindow, site: Callable[[], str | None]) -> None:
        super().__init__(window)
        self._window = window
        self._site = site
        self._jobs: dict[str, JobRecord] = {}
        self._transfers: dict[str, TransferRecord] = {}
        self._ended: dict[str, _End] = {}
        self._ended_told = False
        self._care: dict[str, str] = {}
        self._ended_is_newer = False
        self._store: StoreState = "good"
        self._notice = ""
        self._told: StatusText | None = None
        self._urgent = False
        self._ready = False
        self.elsewhere: Callable[[], StatusText | None] = lambda: None
        self.beside: Callable[[], str] = lambda: ""
        self._gather = after(self, GATHER_MS, self._tell_news)
        self._said = after(self, SAID_FOR_MS, self._tell)
        self._fresh = after(self, SAID_FOR_MS, self.refresh)
        window.show_truth(tr("Status line", "Getting ready…"), "busy")

    def ready(self) -> None:
        """What earlier sessions left is known now: from here on the line can tell the truth."""
        self._ready = True
        self.refresh()

    def know(self, transfers: Iterable[TransferRecord]) -> None:
        """Take the downloads of earlier sessions: a paused one still waits for the person."""
        for record in transfers:
            if _is_open(record):
                self._transfers[record.id] = record
        self.refresh()

    def job_changed(self, record: JobRecord) -> None:
        """A job has a new state."""
        if record.order.rerun_of is not None:
            # It was taken up again: what went wrong with the run before waits for nobody any more.
            self._ended = {key: end for key, end in self._ended.items() if end.job != record.order.rerun_of}
            self._forget_care(record.order.rerun_of)
        if record.state in OPEN_STATES:
            self._note_need(record, self._jobs.get(record.id))
            self._jobs[record.id] = record
        else:
            self._jobs.pop(record.id, None)
        self._note_end(record)
        self.refresh()

    def job_removed(self, job: str) -> None:
        """A job was forgotten."""
        self._jobs.pop(job, None)
        self._forget_end(job)
        self._forget_care(job)
        self.refresh()

    def transfer_changed(self, record: TransferRecord) -> None:
        """A download has a new state."""
        if _is_open(record):
            self._note_need(record, self._transfers.get(record.id))
            self._transfers[record.id] = record
        elif self._transfers.pop(record.id, None) is not None:
            # One that had ended before is only looked at again: no news.
            self._note_end(record)
        elif record.state is TransferState.DONE and record.lost_at is None:
            self._note_care(record.id, record.job, needed=record.verified_ok is False)
        self.refresh()

    def transfer_removed(self, transfer: str) -> None:
        """A download was taken off the list."""
        self._transfers.pop(transfer, None)
        self._forget_end(transfer)
        self.refresh()

    def store_changed(self, state: StoreState) -> None:
        """The app's own store can be written to, or can't."""
        self._store = state
        self.refresh()

    def tell_notices(self, notices: Iterable[Words]) -> None:
        """Say what the person should know about the store and the last run, and keep it on the line whenever nothing
        else is to be told.
        """
        said = [words.say(lambda template: tr("Store", template)) for words in notices]
        if said:
            self._notice = " ".join(filter(None, [self._notice, *said]))
            self.say(" ".join(said), "warn")
            self.refresh()

    def refresh(self) -> None:
        """Say what is true now, soon. What was just said gives way to news only, and a warning stays its time."""
        if not self._gather.isActive():
            self._gather.start()

    def say(self, text: str, tone: str = "quiet") -> None:
        """Say something for some seconds, and to a screen reader once."""
        self._told = self._truth()
        self._urgent = tone in {"warn", "bad"}
        self._window.show_truth(text, cast("Tone", tone), announce=True)
        self._said.start()

    def _tell_news(self) -> None:
        if self._said.isActive() and (self._urgent or not self._is_news()):
            return
        self._said.stop()
        self._tell()

    def _tell(self) -> None:
        if self._ready and self._window.isEnabled():
            before, self._told = self._told, self._truth()
            end = self._end()
            if not self._ended_told and end is not None and self._told.text.startswith(end.text):
                self._ended_told = True
                self._fresh.start()
            # What needs the person is also spoken, once.
            spoken = self._told != before and self._told.tone in {"warn", "bad"}
            self._window.show_truth(self._told.text, self._told.tone, announce=spoken)

    def _is_news(self) -> bool:
        truth = self._truth()
        # Elsewhere what is true changes with each act of the person, and what was said is the answer to that act.
        return truth != self._told and (truth.tone in {"warn", "bad"} or self.elsewhere() is None)

    def _truth(self) -> StatusText:
        elsewhere = self.elsewhere()
        own = truth_of(
            self._jobs.values(),
            self._transfers.values(),
            ended=self._end() if elsewhere is None else None,
            ended_is_newer=self._ended_is_newer,
            ended_is_fresh=not self._ended_told or self._fresh.isActive(),
            care=len(set(self._care.values())) if elsewhere is None else 0,
            site=self._site(),
            store=self._store,
            notice=self._notice if elsewhere is None else "",
            beside=self.beside() if elsewhere is None else "",
        )
        if elsewhere is None or own.tone in {"warn", "bad"}:
            return own
        if own.tone == "busy" and elsewhere.tone in {"quiet", "busy"}:
            # What is under way is said wherever one is; first that of the place in sight.
            return StatusText(f"{elsewhere.text.removesuffix('.')} · {own.text}", "busy")
        return elsewhere

    def _end(self) -> StatusText | None:
        return endings_together([end.truth for end in self._ended.values()]) if self._ended else None

    def _note_need(self, record: JobRecord | TransferRecord, before: JobRecord | TransferRecord | None) -> None:
        """What needs the person from now on is newer than what has ended."""
        if record.state.value == "paused" and (before is None or before.state is not record.state):
            self._ended_is_newer = False

    def _note_end(self, record: JobRecord | TransferRecord) -> None:
        end = ending_of(record)
        if end is not None:
            end_of = _End(record.id if isinstance(record, JobRecord) else record.job, end)
            if self._ended.get(record.id) == end_of:
                return  # only looked at again
            if self._ended_told:
                self._ended, self._ended_told = {}, False
            self._forget_end(record.id)
            self._ended[record.id] = end_of
            self._note_care(record.id, end_of.job, needed=end.tone in {"warn", "bad"})
            self._ended_is_newer = True
        elif isinstance(record, JobRecord):
            # What went wrong with it is over when it goes on, or when the person gave it up.
            self._forget_end(record.id)

    def _forget_end(self, identity: str) -> None:
        self._ended.pop(identity, None)
        self._care.pop(identity, None)

    def _note_care(self, identity: str, job: str, *, needed: bool) -> None:
        if needed:
            self._care[identity] = job
        else:
            self._care.pop(identity, None)

    def _forget_care(self, job: str) -> None:
        self._care = {identity: owner for identity, owner in self._care.items() if owner != job}


def _is_open(record: TransferRecord) -> bool:
    return record.state in OPEN_TRANSFERS or record.state is TransferState.PAUSED
