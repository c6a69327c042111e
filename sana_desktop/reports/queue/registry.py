"""The jobs in hand: each one's record in memory and on disk, published after every change."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from sana_desktop.api.models import JobSnapshot, ReportFormat
from sana_desktop.base.clock import Clock, ServerClock
from sana_desktop.base.errors import SanaError, StorageError
from sana_desktop.base.events import Topic
from sana_desktop.base.tasks import Supervisor
from sana_desktop.reports.queue import steps
from sana_desktop.reports.queue.scheduler import RequestScheduler
from sana_desktop.reports.queue.steps import LONG_WAIT_SECONDS, Step
from sana_desktop.reports.records.job import OPEN_STATES, JobRecord, JobState, Order, TimelineEntry
from sana_desktop.reports.records.ledger import JobChange, Ledger
from sana_desktop.reports.records.rows import sql_digest

log = logging.getLogger(__name__)

Uniform = Callable[[], float]

QUICK_TRIES = 3
"""So often an order that surely did not arrive is tried within seconds (B7); after that more and more rarely."""
SAVE_AGAIN_SECONDS = 15.0
"""How long after a failed save it is tried again (D16)."""


class Insights(Protocol):
    """One workspace's Insights API, as `api.insights.InsightsClient` speaks it."""

    @property
    def server_clock(self) -> ServerClock:
        """The site's time."""

    @property
    def access(self) -> str:
        """What lets it in, for the record; no secret."""

    async def submit(self, sql: str, report_format: ReportFormat, /) -> JobSnapshot:
        """Order a report."""

    async def poll(self, job_id: str, /) -> JobSnapshot:
        """Look at a job once."""


class Clients(Protocol):
    """Where the client of a connection comes from."""

    async def client(self, connection_id: str, /) -> Insights:
        """Return it, made when it is first needed."""


@dataclass(frozen=True, slots=True)
class ConnectionPaused:
    """One notice for all jobs of a connection that can't go on until a person acts (S02, N12).

    Attributes:
        jobs: how many were paused with it.
    """

    connection_id: str
    error: SanaError
    jobs: int


@dataclass(slots=True, eq=False)
class TrackedJob:
    """A job in hand: its record, and what is only worth remembering while the process lives.

    Attributes:
        began: when its order was taken, in the agenda's seconds.
        awake_since: the same in monotonic seconds, which stand still in a suspend.
        planned: looks that history suggests, as ages in seconds.
        failures, last_failure: looks in a row without an answer, and why the last one had none.
        tries, throttles: orders in a row that did not arrive, or that were asked to wait.
        unreached: the quick tries are used up; it goes on being tried by itself (N01).
        hinted_at: when it was last tried ahead of its time, because the site had answered something else.
        linkless, strangers: answers in a row without the link (S18), or about another job (S22).
        unsaved_polls: looks since the record was last saved.
        note_from: age in seconds from which the long wait is mentioned (A13).
        is_twin: another job carries the same number (S23).
    """

    record: JobRecord
    began: float
    awake_since: float
    planned: tuple[float, ...] = ()
    failures: int = 0
    last_failure: SanaError | None = None
    tries: int = 0
    throttles: int = 0
    unreached: bool = False
    hinted_at: float = float("-inf")
    linkless: int = 0
    strangers: int = 0
    unsaved_polls: int = 0
    note_from: float = LONG_WAIT_SECONDS
    is_twin: bool = False

    @property
    def id(self) -> str:
        """Our id of the job."""
        return self.record.id

    @property
    def connection_id(self) -> str:
        """The connection it was ordered from: its lane."""
        return self.record.order.connection_id


@dataclass(frozen=True, slots=True)
class _Unsaved:
    """A job whose row on disk is behind its record, and the lines of its story that are missing there."""

    watch: TrackedJob
    entries: tuple[TimelineEntry, ...] = ()

    def change(self) -> JobChange:
        # As it stands when it is saved: an older record would bring a state back that was left (I3).
        return JobChange(self.watch.record, self.entries)


class JobRegistry:
    """All jobs in hand, by id.

    Attributes:
        watches: jobs in `OPEN_STATES` that belong to this process.
        in_view: ids of jobs whose rows a person is looking at.
        changed: every record as it changes, after it was saved.
        paused: one notice when a connection's jobs are paused; not again until they were resumed.
        heard: the connection whose site has just answered something; let_in: whose site has just taken an order.
    """

    def __init__(self, ledger: Ledger, clock: Clock, supervisor: Supervisor, owner: str) -> None:
        self.ledger = ledger
        self.clock = clock
        self.owner = owner
        self.watches: dict[str, TrackedJob] = {}
        self.in_view: frozenset[str] = frozenset()
        self.changed: Topic[JobRecord] = Topic("job changed")
        self.paused: Topic[ConnectionPaused] = Topic("connection paused")
        self.heard: Topic[str] = Topic("site answered")
        self.let_in: Topic[str] = Topic("order let in")
        self._supervisor = supervisor
        self._unsaved: dict[str, _Unsaved] = {}
        self._removed: set[str] = set()
        self._barred: set[str] = set()
        self._history: dict[tuple[str, str, str], list[float]] = {}

    def take(self, record: JobRecord, agenda_now: float) -> TrackedJob:
        """Take a job in hand, as old as its record says."""
        watch = self.watches[record.id] = self._as_old_as_it_says(record, agenda_now)
        return watch

    def has(self, watch: TrackedJob, state: JobState) -> bool:
        """Return whether `watch` is still in hand, not being removed, and in `state`."""
        there = self.watches.get(watch.id) is watch and watch.id not in self._removed
        return there and watch.record.state is state

    def of(self, connection_id: str, states: Collection[JobState]) -> list[TrackedJob]:
        """Return the jobs of a connection that are in one of `states`."""
        return [
            watch
            for watch in self.watches.values()
            if watch.connection_id == connection_id and watch.record.state in states
        ]

    def of_all(self, state: JobState) -> list[TrackedJob]:
        """Return the jobs in hand that are in `state`, whatever their connection."""
        return [watch for watch in self.watches.values() if watch.record.state is state]

    async def find(self, identity: str, agenda_now: float) -> TrackedJob | None:
        """Return a job, in hand or from the ledger."""
        if (watch := self.watches.get(identity)) is not None:
            return watch
        if (unsaved := self._unsaved.get(identity)) is not None:
            return unsaved.watch
        record = await self.ledger.job(identity)
        if record is None:
            return None
        return self.watches.get(identity) or self._as_old_as_it_says(record, agenda_now)

    async def commit(self, watch: TrackedJob, step: Step) -> None:
        """Make `step` the truth: in memory at once, then on disk, then published.

        A disk that does not serve does not undo what happened: the change is kept in memory and saved later (D16).
        """
        await self.commit_all([(watch, step)])

    async def commit_all(self, changes: list[tuple[TrackedJob, Step]]) -> None:
        """Do so with several in one transaction; what was removed stays removed."""
        at = self.clock.now()
        unsaved = []
        for watch, step in changes:
            watch.record = step.record
            watch.unsaved_polls = 0
            if step.record.state not in OPEN_STATES and self.watches.get(watch.id) is watch:
                del self.watches[watch.id]
            earlier = self._unsaved.pop(watch.id, _Unsaved(watch))
            unsaved.append(_Unsaved(watch, (*earlier.entries, *step.entries(at))))
        try:
            await self._save(unsaved)
        except StorageError:
            log.warning("%d changed jobs could not be saved; kept in memory", len(unsaved))
            self._keep(unsaved)
        for watch, step in changes:
            if watch.id not in self._removed:
                self.changed.publish(step.record)

    async def save_first(self, watch: TrackedJob, step: Step) -> None:
        """Make `step` the truth only if it reached the disk: what must be written before it is done (law 2).

        Raises:
            StorageError: it did not; the record is as before.
        """
        before = watch.record
        earlier = self._unsaved.pop(watch.id, None)
        watch.record = step.record
        entries = (*(earlier.entries if earlier else ()), *step.entries(self.clock.now()))
        try:
            await self.ledger.save_job(step.record, *entries)
        except StorageError:
            if watch.record is step.record:
                watch.record = before
            if earlier is not None:
                self._keep([earlier])
            raise
        if watch.record is step.record:
            self.changed.publish(step.record)

    async def remove(self, identity: str) -> None:
        """Delete a job's row and let go of it: nothing that is under way for it writes or tells of it any more.

        Raises:
            StorageError: it is still there, and in hand as before.
        """
        watch = self.watches.get(identity)
        self._removed.add(identity)
        try:
            await self.ledger.remove_job(identity)
        except StorageError:
            self._removed.discard(identity)
            if watch is not None:  # what became of it meanwhile was neither saved nor told
                self._keep([_Unsaved(watch)])
                self.changed.publish(watch.record)
            raise
        self.watches.pop(identity, None)
        self._unsaved.pop(identity, None)

    def show(self, watch: TrackedJob, **changes: object) -> None:
        """Change what need not survive a restart (the next look, a quiet note), and publish it without saving."""
        after = replace(watch.record, **changes)  # type: ignore[arg-type]
        if after != watch.record:
            watch.record = after
            self.changed.publish(after)

    def wall(self, scheduler: RequestScheduler, due: float) -> datetime:
        """Return the time of day of a moment of the agenda."""
        return self.clock.now() + timedelta(seconds=due - scheduler.now())

    async def pause_connection(
        self,
        watch: TrackedJob,
        scheduler: RequestScheduler,
        error: SanaError,
        states: Collection[JobState],
        untold: tuple[TimelineEntry, ...] = (),
    ) -> None:
        """Pause `watch` and all other jobs of its connection that are in `states`; one notice (S02).

        Args:
            untold: what the story of `watch` owes of before.
        """
        name = watch.connection_id
        others = [other for other in self.of(name, states) if other is not watch]
        both = [watch, *others]
        at = self.clock.now()
        for other in both:
            scheduler.drop(other.id)
        paused = [(other, steps.paused(other.record, at, error)) for other in both]
        await self.commit_all([(watch, replace(paused[0][1], before=untold)), *paused[1:]])
        if name not in self._barred:
            self._barred.add(name)
            self.paused.publish(ConnectionPaused(name, error, len(both)))

    def admit(self, connection_id: str) -> None:
        """Let the next pause of this connection be told again."""
        self._barred.discard(connection_id)

    async def durations(self, order: Order, *, afresh: bool = False) -> list[float]:
        """Return the seconds of earlier runs of this query, newest first; empty if the disk does not tell.

        `afresh` reads them again: another run is over.
        """
        key = _query_key(order)
        if afresh or key not in self._history:
            try:
                self._history[key] = await self.ledger.durations(*key)
            except StorageError:
                return []
        return self._history[key]

    def known_durations(self, order: Order) -> list[float]:
        """Return the same if it was read before; else nothing."""
        return self._history.get(_query_key(order), [])

    def _as_old_as_it_says(self, record: JobRecord, agenda_now: float) -> TrackedJob:
        age = 0.0
        if record.submitted_at is not None:
            age = max((self.clock.now() - record.submitted_at).total_seconds(), 0.0)
        watch = TrackedJob(record, agenda_now - age, self.clock.monotonic() - age)
        if steps.is_unreached(record):
            watch.tries = record.submits
            watch.unreached = record.submits >= QUICK_TRIES
        return watch

    async def _save(self, unsaved: list[_Unsaved]) -> None:
        changes = [one.change() for one in unsaved if one.watch.id not in self._removed]
        if changes:
            await self.ledger.save_jobs(changes)

    def _keep(self, unsaved: list[_Unsaved]) -> None:
        for one in unsaved:
            later = self._unsaved.get(one.watch.id, _Unsaved(one.watch))
            self._unsaved[one.watch.id] = _Unsaved(later.watch, (*one.entries, *later.entries))
        self._supervisor.start("save later", self._save_later(), key="jobs: save later")

    async def _save_later(self) -> None:
        while self._unsaved:
            await self.clock.sleep(SAVE_AGAIN_SECONDS)
            waiting, self._unsaved = list(self._unsaved.values()), {}
            try:
                await self._save(waiting)
            except StorageError:
                self._keep(waiting)

    async def save_all(self) -> None:
        """Save what is newer in memory than on disk; part of stopping.

        Raises:
            StorageError: the disk does not serve.
        """
        stale = [_Unsaved(watch) for watch in self.watches.values() if watch.unsaved_polls]
        waiting = list(self._unsaved.values())
        self._unsaved.clear()
        await self._save([*waiting, *stale])


def _query_key(order: Order) -> tuple[str, str, str]:
    return order.connection_id, sql_digest(order.sql), order.format.value
