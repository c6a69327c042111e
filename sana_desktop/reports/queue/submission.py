"""Sending an order: written down before it is sent, never sent twice without a click (BEHAVIOUR.md B7, I3)."""

from __future__ import annotations

import logging

from sana_desktop.api.errors import NotSent, Throttled, submit_unknown
from sana_desktop.api.retry import FateUnknown, RequestKind, RetryAfter, decide
from sana_desktop.base.backoff import RetryQuota
from sana_desktop.base.errors import AuthError, NetworkError, SanaError, ServiceError, StorageError
from sana_desktop.reports.queue import steps
from sana_desktop.reports.queue.poller import JobPoller, wants_a_person
from sana_desktop.reports.queue.registry import Clients, JobRegistry, TrackedJob, Uniform
from sana_desktop.reports.queue.scheduler import Kind, RequestScheduler
from sana_desktop.reports.records.job import JobState

log = logging.getLogger(__name__)

DISK_GAP_SECONDS = 15.0
"""How long an order waits when it could not be written down first."""


class Submission:
    """Sends QUEUED jobs.

    An order that surely did not arrive is tried three times and is then PAUSED: its row stays, "not sent", with a
    button that sends it (N01). FAILED would have no way back.
    """

    def __init__(
        self,
        registry: JobRegistry,
        clients: Clients,
        scheduler: RequestScheduler,
        watching: JobPoller,
        quota: RetryQuota,
        uniform: Uniform,
    ) -> None:
        self._registry = registry
        self._clients = clients
        self._scheduler = scheduler
        self._watching = watching
        self._quota = quota
        self._uniform = uniform

    def plan(self, watch: TrackedJob, delay_seconds: float = 0.0) -> None:
        """Send it when its turn comes, at the earliest after `delay_seconds`."""
        due = self._scheduler.now() + delay_seconds
        due = self._scheduler.plan(
            watch.id, watch.connection_id, Kind.ORDER, due, lambda: self._send(watch), prompt=True
        )
        self._registry.show(watch, next_look_at=self._registry.wall(self._scheduler, due))

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
        try:
            await registry.save_first(watch, steps.sending(watch.record, registry.clock.now(), client.access))
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
            await self._not_taken(watch, error)
        except Exception:
            at = registry.clock.now()
            await registry.commit(watch, steps.ended(watch.record, at, JobState.SUBMIT_UNKNOWN, submit_unknown()))
            raise
        else:
            watch.began, watch.awake_since = self._scheduler.now(), registry.clock.monotonic()
            step = steps.answered(watch.record, snapshot, registry.clock.now())
            await registry.commit(watch, steps.by_site_clock(step, client.server_clock.ahead_seconds()))
            registry.admit(watch.connection_id)
            await self._taken(watch)

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

    async def _not_taken(self, watch: TrackedJob, error: SanaError) -> None:
        registry, at = self._registry, self._registry.clock.now()
        if watch.record.state is not JobState.SUBMITTING:
            await registry.commit(watch, steps.ended(watch.record, at, JobState.STOPPED, error))
            return
        asked_to_wait = isinstance(error, Throttled)
        decision = decide(RequestKind.SUBMIT, error, watch.throttles if asked_to_wait else watch.tries, self._uniform)
        if isinstance(decision, FateUnknown):
            await registry.commit(watch, steps.ended(watch.record, at, JobState.SUBMIT_UNKNOWN, error))
        elif isinstance(decision, RetryAfter) and (asked_to_wait or self._quota.take()):
            due = self._scheduler.now() + decision.delay_seconds
            if asked_to_wait:
                watch.throttles += 1
                self._scheduler.hold(watch.connection_id, Kind.ORDER, due)
            else:
                watch.tries += 1
            again_at = registry.wall(self._scheduler, due)
            await registry.commit(watch, steps.not_sent(watch.record, at, again_at, error))
            if registry.has(watch, JobState.QUEUED):
                self.plan(watch, due - self._scheduler.now())
        elif isinstance(error, (ServiceError, NetworkError)) and not isinstance(error, (NotSent, Throttled)):
            await registry.commit(watch, steps.ended(watch.record, at, JobState.FAILED, error))
        else:
            await self._pause(watch, error)

    async def _pause(self, watch: TrackedJob, error: SanaError) -> None:
        watch.tries = watch.throttles = 0
        if isinstance(error, AuthError) and error.code == "E-SCOPE":
            await self._registry.pause_connection(watch, self._scheduler, error, {JobState.QUEUED})
        elif wants_a_person(error):
            states = {JobState.QUEUED, JobState.WATCHING}
            await self._registry.pause_connection(watch, self._scheduler, error, states)
        else:
            await self._registry.commit(watch, steps.paused(watch.record, self._registry.clock.now(), error))
