"""The job queue: every report that was wanted, from the click to a link, whatever dies in between (A11 to A17, B09)."""

from __future__ import annotations

import asyncio
import random
import uuid
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime

from sana_desktop import __version__
from sana_desktop.api.models import DownloadLink
from sana_desktop.base.backoff import RetryQuota
from sana_desktop.base.clock import Clock
from sana_desktop.base.errors import StorageError, UserError
from sana_desktop.base.events import Topic
from sana_desktop.base.tasks import Supervisor
from sana_desktop.reports.queue import schedule, steps
from sana_desktop.reports.queue.policy import OrderPolicy
from sana_desktop.reports.queue.poller import JobPoller
from sana_desktop.reports.queue.recovery import Recovery
from sana_desktop.reports.queue.registry import Clients, ConnectionPaused, Insights, JobRegistry, TrackedJob, Uniform
from sana_desktop.reports.queue.resumption import Resumption
from sana_desktop.reports.queue.scheduler import RequestScheduler
from sana_desktop.reports.queue.submission import Submission
from sana_desktop.reports.records.job import OPEN_STATES, ORDERED_BY, JobRecord, JobState, Order, TimelineEntry
from sana_desktop.reports.records.ledger import Ledger

__all__ = ["Clients", "ConnectionPaused", "Insights", "JobQueue"]

DOUBLE_CLICK_SECONDS = 1.0
"""Equal orders this close together are one order (U01)."""
CLICK_SECONDS = 600.0
"""So long after its last use the id of an act is known: far longer than presses of one act are apart."""
STOP_GRACE_SECONDS = 1.5
"""How long a stop waits for the answer to an order under way: a known number is worth more than the time (P07)."""


class JobQueue:
    """Orders reports and watches them, one scheduler for all.

    Args:
        ledger: where jobs are written before anything is done about them.
        clients: gives the Insights client of a connection.
        supervisor: owns all tasks.
        owner: id of this process, written on its jobs; `is_alive` tells whether that of another one still runs.
        quota: the process's retry quota (B7).
        place: returns name, address and mark of a connection's site, which are kept with each job.
        now_at: returns by id and address the connection that what was ordered at one is ordered at today; "" for none.
        policy: how patient it is.

    Attributes:
        changed: every job as it changes.
        removed: ids of jobs that were deleted.
        paused: one notice when a connection's jobs wait for a person.
    """

    def __init__(
        self,
        ledger: Ledger,
        clients: Clients,
        clock: Clock,
        supervisor: Supervisor,
        *,
        owner: str = "",
        is_alive: Callable[[str], bool] = lambda owner: False,
        quota: RetryQuota | None = None,
        uniform: Uniform = random.random,
        place: Callable[[str], tuple[str, str, str]] = lambda connection: ("", "", ""),
        now_at: Callable[[str, str], str] = lambda connection, address: connection,
        person: str = "",
        policy: OrderPolicy | None = None,
    ) -> None:
        quota = quota or RetryQuota(clock)
        self._ledger = ledger
        self._clock = clock
        self._place = place
        self._now_at = now_at
        self._person = person
        self._registry = JobRegistry(ledger, clock, supervisor, owner)
        self._scheduler = RequestScheduler(clock, supervisor, woke=self.look_at_all, postponed=self._postponed)
        self._watching = JobPoller(self._registry, clients, self._scheduler, quota, uniform)
        self._submission = Submission(
            self._registry, clients, self._scheduler, self._watching, quota, uniform, policy, place
        )
        self._recovery = Recovery(self._registry, self._scheduler, self._watching, self._submission, is_alive)
        self._resumption = Resumption(self._registry, self._watching, self._submission, supervisor)
        self._clicks: dict[object, tuple[float, asyncio.Future[JobRecord]]] = {}
        self._stopped = False
        self.changed: Topic[JobRecord] = self._registry.changed
        self.removed: Topic[str] = Topic("job removed")
        self.paused: Topic[ConnectionPaused] = self._registry.paused

    async def order(self, order: Order, *, click: str = "", told: str = "") -> JobRecord:
        """Order a report: written down now, sent when its turn comes.

        Args:
            click: an id of the act. The same one does not order again within `CLICK_SECONDS` of its last use; without
                it, an equal order within a second is taken for the same one.
            told: what its story says beside the wish.

        Raises:
            StorageError: it could not be written down, so nothing will be sent.
        """
        if self._stopped:
            raise UserError("The app is being closed.", code="E-CLOSING")
        now = self._scheduler.now()
        key = click or order
        self._clicks = {
            old: entry
            for old, entry in self._clicks.items()
            if not entry[1].done() or now - entry[0] < (CLICK_SECONDS if isinstance(old, str) else DOUBLE_CLICK_SECONDS)
        }
        if key in self._clicks:
            used, known = self._clicks[key]
            self._clicks[key] = now if click else used, known
            return await asyncio.shield(known)
        future: asyncio.Future[JobRecord] = asyncio.get_running_loop().create_future()
        future.add_done_callback(lambda done: done.cancelled() or done.exception())
        self._clicks[key] = now, future
        try:
            record = await self._write_down(order, told)
        except BaseException as error:
            del self._clicks[key]
            if isinstance(error, Exception):
                future.set_exception(error)
            else:
                future.cancel()
            raise
        future.set_result(record)
        return record

    async def run_again(self, identity: str, *, click: str = "") -> JobRecord:
        """Order the same report anew: a new job with its own as-of time.

        Raises:
            UserError: there is no such job, or its site is not connected any more.
            StorageError: it could not be written down.
        """
        watch = await self._find(identity)
        return await self.order(self._anew(watch.record), click=click)

    def can_order_anew(self, record: JobRecord) -> bool:
        """Return whether its site, or the same site by another connection, is there to order it at."""
        return bool(self._now_at(record.order.connection_id, record.site_address))

    async def order_again(self, identity: str) -> JobRecord:
        """Order a SUBMIT_UNKNOWN report again, which the person decided; the old row says so and is closed.

        Raises:
            UserError: there is no such job, its fate is known, or its site is not connected any more.
            StorageError: it could not be written down.
        """
        watch = await self._find(identity)
        click = f"order again {identity}"
        if click not in self._clicks and watch.record.state is not JobState.SUBMIT_UNKNOWN:
            raise UserError("This report was not lost; look at its row.", code="E-JOB-STATE")
        record = await self.order(self._anew(watch.record), click=click)
        if watch.record.state is JobState.SUBMIT_UNKNOWN:
            step = steps.stopped(watch.record, self._clock.now())
            await self._registry.commit(watch, replace(step, event="ordered again"))
        return record

    async def stop_watching(self, identity: str) -> None:
        """Look at it no more; it may go on at the service. An order under way still leaves its number here (U02).

        Raises:
            UserError: there is no such job.
        """
        watch = await self._find(identity)
        states = {JobState.QUEUED, JobState.SUBMITTING, JobState.WATCHING, JobState.PAUSED, JobState.SUBMIT_UNKNOWN}
        if watch.record.state in states:
            self._scheduler.drop(identity)
            await self._registry.commit(watch, steps.stopped(watch.record, self._clock.now()))

    def open_orders(self, connection_id: str) -> list[JobRecord]:
        """Return the jobs of a connection with which there is still something to do, oldest first."""
        return sorted(
            (watch.record for watch in self._registry.of(connection_id, OPEN_STATES)),
            key=lambda record: record.created_at,
        )

    async def let_go(self, connection_id: str) -> None:
        """A connection was forgotten: what is open of it ends here, and says so."""
        watches = self._registry.of(connection_id, OPEN_STATES)
        for watch in watches:
            self._scheduler.drop(watch.id)
        at = self._clock.now()
        await self._registry.commit_all([(watch, steps.site_forgotten(watch.record, at)) for watch in watches])

    async def check_now(self, identity: str) -> None:
        """Do now what is planned for later: look, or send (not before a time the site asked for, S08); resume what is
        paused; watch again what was stopped.

        Raises:
            UserError: there is no such job, or nothing can be done about it.
        """
        watch = await self._find(identity)
        state = watch.record.state
        if state is JobState.WATCHING:
            self._watching.look_now([watch])
        elif state is JobState.QUEUED:
            self._submission.plan(watch)
        elif state is JobState.PAUSED or (state is JobState.STOPPED and watch.record.job_id is not None):
            self._start()
            await self._resumption.resume([watch])
        elif state is not JobState.SUBMITTING:
            raise UserError("There is nothing to check any more.", code="E-JOB-STATE")

    async def keep_watching(self, identity: str) -> None:
        """Take back the note about the long wait; it comes again after as long a time (A13)."""
        watch = self._registry.watches.get(identity)
        if watch is not None:
            watch.note_from = self._scheduler.now() - watch.began + steps.LONG_WAIT_SECONDS
            self._registry.show(watch, trouble="")

    async def resume_paused(self, connection_id: str) -> None:
        """Let the jobs of a connection go on, now that the person has done what they waited for.

        Orders that nobody kept trying for want of a network stay: sending them late is for a click (N01). Those that
        are still tried are tried now.
        """
        self._start()
        await self._resumption.resume_paused(connection_id)

    async def remove(self, identity: str) -> None:
        """Forget a job: its row, its story and its download's row; files stay.

        Raises:
            UserError: it is being ordered this very moment, and its number would be lost.
            StorageError: it could not be deleted; it goes on as before.
        """
        watch = await self._registry.find(identity, self._scheduler.now())
        if watch is not None and watch.record.state is JobState.SUBMITTING:
            raise UserError("It is being ordered this very moment.", code="E-JOB-BUSY", next_step="Wait a few seconds.")
        try:
            await self._registry.remove(identity)
        except StorageError:
            if watch is not None:
                self._resumption.plan_anew([watch])  # its turn may have come and gone meanwhile
            raise
        self._scheduler.drop(identity)
        self.removed.publish(identity)

    async def restore(self) -> list[JobRecord]:
        """Take over what dead processes left, and go on where they were; call once, at the start (P01 to P04).

        Returns the jobs that were under way, as they go on: those to be sent or looked at, those that wait for the
        person, and finished reports that wait for their download (B09). Orders whose fate is not known are not among
        them.

        Raises:
            StorageError: the disk does not serve.
        """
        self._start()
        return await self._recovery.restore()

    async def take_over(self, order: Order, since: datetime) -> JobRecord | None:
        """Go on with this very order where a process that died left it, so that one wish is not ordered twice.

        An order that was being sent then is SUBMIT_UNKNOWN from now on, and returned as such.

        Args:
            order: all of it must be the same; whether a file may be replaced is part of the wish.
            since: what was ordered before is an older wish.

        Raises:
            StorageError: the disk does not serve.
        """
        self._start()
        return await self._recovery.take_over(order, since)

    async def fresh_link(self, identity: str, *, refused: bool = True) -> DownloadLink:
        """Look at a READY job again for a link that works, by at most two polls (B9, L21 to L26).

        Args:
            refused: the link we have does not work, so the same one again is no answer. False only asks for a longer
                lease: then the same link is returned as long as it has not ended.

        Raises:
            LinkError: there is no new link; the report must be run again.
            JobGone, NetworkError, AuthError, UserError: as from a poll.
        """
        self._start()
        return await self._watching.fresh_link(identity, self._find, refused=refused)

    def typical(self, record: JobRecord) -> tuple[float, float] | None:
        """Return how many seconds earlier runs of this query took, low and high; None if history is too short (A17).

        Known for jobs in hand; of others only if a run of the same query was in hand since the start.
        """
        return schedule.typical_range(self._registry.known_durations(record.order))

    async def timeline(self, identity: str) -> list[TimelineEntry]:
        """Return a job's story, oldest line first."""
        return await self._ledger.timeline(identity)

    def attend(self, identities: Collection[str]) -> None:
        """Say which rows a person is looking at: they are looked at more often (A12)."""
        new = frozenset(identities) - self._registry.in_view
        self._registry.in_view = frozenset(identities)
        watches = [self._registry.watches[identity] for identity in new if identity in self._registry.watches]
        now = self._clock.now()
        self._watching.look_now(
            [
                watch
                for watch in watches
                if watch.record.state is JobState.WATCHING
                and not watch.failures
                and watch.record.next_look_at is not None
                and (watch.record.next_look_at - now).total_seconds() > schedule.IN_VIEW_GAP_SECONDS
            ]
        )

    def look_at_all(self) -> None:
        """Look at every watched job within seconds: the network is back, or the computer woke (N09, C05)."""
        self._watching.look_at_all()

    async def stop(self) -> None:
        """Stop in order: no new requests, a moment for an order under way, everything saved (P07, I10)."""
        self._stopped = True
        self._watching.stop()
        await self._scheduler.stop(STOP_GRACE_SECONDS)
        await self._registry.save_all()

    def _start(self) -> None:
        self._scheduler.start()

    def _anew(self, record: JobRecord) -> Order:
        connection = self._now_at(record.order.connection_id, record.site_address)
        if not connection:
            raise steps.site_missing(record)
        return replace(record.order, connection_id=connection, rerun_of=record.id)

    async def _write_down(self, order: Order, told: str) -> JobRecord:
        at = self._clock.now()
        site, address, mark = self._place(order.connection_id)
        record = JobRecord(
            uuid.uuid4().hex,
            order,
            JobState.QUEUED,
            at,
            at,
            owner=self._registry.owner,
            site_name=site,
            site_address=address,
            site_mark=mark,
            app_version=__version__,
            ordered_by=self._person,
        )
        detail = f"again, after {order.rerun_of}" if order.rerun_of else told
        story = [TimelineEntry(at, "wanted", detail)]
        if self._person:
            story.append(TimelineEntry(at, ORDERED_BY, self._person))
        await self._ledger.save_job(record, *story)
        watch = self._registry.take(record, self._scheduler.now())
        self._start()
        self._submission.plan(watch)
        await self._registry.durations(order)
        return watch.record

    async def _find(self, identity: str) -> TrackedJob:
        watch = await self._registry.find(identity, self._scheduler.now())
        if watch is None:
            raise UserError("This report is no longer in the list.", code="E-JOB-NONE")
        return watch

    def _postponed(self, identity: str, due: float) -> None:
        watch = self._registry.watches.get(identity)
        if watch is not None:
            self._registry.show(watch, next_look_at=self._registry.wall(self._scheduler, due))
