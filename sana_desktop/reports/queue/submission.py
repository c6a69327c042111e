"""Sending an order: written down before it is sent, never sent twice without a click (BEHAVIOUR.md B7, I3)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

from sana_desktop.api.errors import NotSent, Throttled, submit_unknown
from sana_desktop.api.retry import FateUnknown, RequestKind, RetryAfter, decide
from sana_desktop.base.backoff import RetryQuota, backoff_seconds
from sana_desktop.base.errors import AuthError, NetworkError, SanaError, ServiceError, StorageError
from sana_desktop.reports.queue import schedule, steps
from sana_desktop.reports.queue.policy import OrderPolicy
from sana_desktop.reports.queue.poller import JobPoller, wants_a_person
from sana_desktop.reports.queue.registry import QUICK_TRIES, Clients, JobRegistry, TrackedJob, Uniform
from sana_desktop.reports.queue.scheduler import STARTS_PER_SECOND, Kind, RequestScheduler
from sana_desktop.reports.records.job import UNREACHED, JobState, TimelineEntry
from sana_desktop.workspace.connection import Mark

log = logging.getLogger(__name__)

DISK_GAP_SECONDS = 15.0
"""How long an order waits when it could not be written down first."""


class Submission:
    """Sends QUEUED jobs.

    An order that surely did not arrive is tried three times within seconds, and then by itself at gaps that grow to a
    minute: its row stays "not sent yet" (N01). It is tried at once when its site answers anything else. Where nobody
    keeps trying it is PAUSED; FAILED would have no way back.

    Args:
        place: returns name, address and mark of a connection's site as they are now.
    """

    def __init__(
        self,
        registry: JobRegistry,
        clients: Clients,
        scheduler: RequestScheduler,
        watching: JobPoller,
        quota: RetryQuota,
        uniform: Uniform,
        policy: OrderPolicy | None = None,
        place: Callable[[str], tuple[str, str, str]] = lambda connection: ("", "", ""),
    ) -> None:
        self._registry = registry
        self._clients = clients
        self._scheduler = scheduler
        self._watching = watching
        self._quota = quota
        self._uniform = uniform
        self._policy = policy or OrderPolicy()
        self._place = place
        self._unreached: set[str] = set()
        registry.heard.subscribe(self._try_unreached)

    def plan(self, watch: TrackedJob, delay_seconds: float = 0.0) -> None:
        """Send it when its turn comes, at the earliest after `delay_seconds`."""
        if watch.unreached:
            self._unreached.add(watch.connection_id)
        due = self._scheduler.now() + delay_seconds
        due = self._scheduler.plan(
            watch.id, watch.connection_id, Kind.ORDER, due, lambda: self._send(watch), prompt=True
        )
        self._registry.show(watch, next_look_at=self._registry.wall(self._scheduler, due))

    def _try_unreached(self, connection_id: str) -> None:
        """A site answered: try what it could not be reached for, without a burst (B8)."""
        if connection_id not in self._unreached:
            return
        now = self._scheduler.now()
        waiting = [watch for watch in self._registry.of(connection_id, {JobState.QUEUED}) if watch.unreached]
        if not waiting:
            self._unreached.discard(connection_id)
        soon = [watch for watch in waiting if now - watch.hinted_at >= self._policy.hint_seconds]
        spread = min(schedule.WAKE_SPREAD_SECONDS, (len(soon) - 1) / STARTS_PER_SECOND)
        for watch in soon:
            watch.hinted_at = now
            self.plan(watch, spread * self._uniform())

    async def _send(self, watch: TrackedJob) -> None:
        registry = self._registry
        if not registry.has(watch, JobState.QUEUED):
            return
        try:
            client = await self._clients.client(watch.connection_id)
        except SanaError as error:
            if registry.has(watch, JobState.QUEUED):
                await self._pause(watch, error)
            return
        if not registry.has(watch, JobState.QUEUED):
            return
        if self._leads_elsewhere(watch):
            await registry.commit(watch, steps.site_changed(watch.record, registry.clock.now()))
            return
        step = steps.sending(watch.record, registry.clock.now(), client.access)
        # One line a minute would bury the story: of these tries only the one that arrives is told.
        untold = step.entries(registry.clock.now()) if watch.unreached else ()
        try:
            await registry.save_first(watch, replace(step, event="", detail="") if untold else step)
        except StorageError as error:
            if registry.has(watch, JobState.QUEUED):
                registry.show(watch, trouble=error.message)
                self.plan(watch, DISK_GAP_SECONDS)
            return
        if not registry.has(watch, JobState.SUBMITTING):
            return
        order = watch.record.order
        try:
            snapshot = await client.submit(order.sql, order.format)
        except SanaError as error:
            await self._not_taken(watch, error, untold)
        except Exception:
            step = steps.ended(watch.record, registry.clock.now(), JobState.SUBMIT_UNKNOWN, submit_unknown())
            await registry.commit(watch, replace(step, before=untold))
            raise
        else:
            watch.began, watch.awake_since = self._scheduler.now(), registry.clock.monotonic()
            step = steps.answered(watch.record, snapshot, registry.clock.now())
            step = steps.by_site_clock(step, client.server_clock.ahead_seconds())
            await registry.commit(watch, replace(step, before=untold))
            registry.admit(watch.connection_id)
            registry.heard.publish(watch.connection_id)
            registry.let_in.publish(watch.connection_id)
            await self._taken(watch)

    def _leads_elsewhere(self, watch: TrackedJob) -> bool:
        """Return whether its connection has another address than when it was ordered: an order may wait for long."""
        _, address, mark = self._place(watch.connection_id)
        # The example is at another port after each start, and is the same.
        return mark != Mark.DEMO and bool(address) and watch.record.site_address not in {"", address}

    async def _taken(self, watch: TrackedJob) -> None:
        record = watch.record
        if record.state is JobState.WATCHING:
            await self._watching.begin(watch)
        elif record.state is JobState.READY:
            await self._registry.durations(record.order, afresh=True)
        twin = await self._registry.ledger.twin_of(record)
        if twin is None:
            return
        log.warning("the site gave two orders the same job id")
        watch.is_twin = True
        if self._registry.has(watch, JobState.WATCHING):
            detail = f"the site gave it the number of “{twin.order.title}”"
            await self._registry.commit(watch, steps.Step(watch.record, "odd answer", detail))

    async def _not_taken(self, watch: TrackedJob, error: SanaError, untold: tuple[TimelineEntry, ...]) -> None:
        registry, at = self._registry, self._registry.clock.now()
        if not isinstance(error, NotSent):
            watch.unreached, watch.tries = False, 0
        if watch.record.state is not JobState.SUBMITTING:
            step = steps.ended(watch.record, at, JobState.STOPPED, error)
            await registry.commit(watch, replace(step, before=untold))
            return
        asked_to_wait = isinstance(error, Throttled)
        decision = decide(RequestKind.SUBMIT, error, watch.throttles if asked_to_wait else watch.tries, self._uniform)
        if isinstance(decision, FateUnknown):
            step = steps.ended(watch.record, at, JobState.SUBMIT_UNKNOWN, error)
            await registry.commit(watch, replace(step, before=untold))
        elif isinstance(decision, RetryAfter) and (asked_to_wait or self._quota.take()):
            due = self._scheduler.now() + decision.delay_seconds
            if asked_to_wait:
                watch.throttles += 1
                self._scheduler.hold(watch.connection_id, Kind.ORDER, due)
            else:
                watch.tries += 1
            await self._later(watch, due, error, "not sent", untold)
        elif isinstance(error, NotSent) and error.retryable and self._policy.keeps_trying:
            # Where no quick tries were left to the process, what follows is as far apart as if they had been made.
            watch.tries = max(watch.tries, QUICK_TRIES - 1)
            due = self._scheduler.now() + backoff_seconds(watch.tries, self._uniform)
            watch.tries += 1
            first, watch.unreached = not watch.unreached, True
            await self._later(watch, due, error, UNREACHED if first else "", ())
        elif isinstance(error, (ServiceError, NetworkError)) and not isinstance(error, (NotSent, Throttled)):
            step = steps.ended(watch.record, at, JobState.FAILED, error)
            await registry.commit(watch, replace(step, before=untold))
        else:
            await self._pause(watch, error, untold)

    async def _later(
        self, watch: TrackedJob, due: float, error: SanaError, event: str, untold: tuple[TimelineEntry, ...]
    ) -> None:
        registry = self._registry
        again_at = registry.wall(self._scheduler, due)
        step = steps.not_sent(watch.record, registry.clock.now(), again_at, error, event)
        await registry.commit(watch, replace(step, before=untold))
        if registry.has(watch, JobState.QUEUED):
            self.plan(watch, due - self._scheduler.now())

    async def _pause(self, watch: TrackedJob, error: SanaError, untold: tuple[TimelineEntry, ...] = ()) -> None:
        watch.tries = watch.throttles = 0
        watch.unreached = False
        if isinstance(error, AuthError) and error.code == "E-SCOPE":
            await self._registry.pause_connection(watch, self._scheduler, error, {JobState.QUEUED}, untold)
        elif wants_a_person(error):
            states = {JobState.QUEUED, JobState.WATCHING}
            await self._registry.pause_connection(watch, self._scheduler, error, states, untold)
        else:
            step = steps.paused(watch.record, self._registry.clock.now(), error)
            await self._registry.commit(watch, replace(step, before=untold))
