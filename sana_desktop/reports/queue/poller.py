"""Looking at jobs that the service took, until they are ready, failed or gone, and asking for fresh links (B8, L24)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace

from sana_desktop.api.errors import NotSent, Throttled
from sana_desktop.api.models import DownloadLink, JobSnapshot, Phase
from sana_desktop.api.retry import RequestKind, RetryAfter, decide
from sana_desktop.base.backoff import BACKOFF_CAP_SECONDS, RetryQuota
from sana_desktop.base.clock import Countdown
from sana_desktop.base.errors import AuthError, JobGone, NetworkError, SanaError, ServiceError
from sana_desktop.reports.queue import schedule, steps
from sana_desktop.reports.queue.registry import Clients, Insights, JobRegistry, TrackedJob, Uniform
from sana_desktop.reports.queue.scheduler import STARTS_PER_SECOND, Kind, RequestScheduler
from sana_desktop.reports.records.job import JobState

log = logging.getLogger(__name__)

GONE_BORNE_SECONDS = 60.0
"""A job this young may not be known everywhere at the service yet (S14)."""
SAVE_EVERY_POLLS = 20
"""An unchanged job is saved after so many looks, for their count."""
MAX_SHOWN_AT_ONCE = 50
"""When more jobs than this are planned at once, their new times are not published: it would hold up the window."""
LINK_LOOKS = 2
"""Most looks made for one fresh link (L24)."""
ANOTHER_JOB = "E-PROTO-JOB"
PROXY_SIGN_IN = "E-PROXY-AUTH"


def wants_a_person(error: SanaError) -> bool:
    """Return whether nothing of a connection can go on until a person acts: sign in, to the site or the proxy (N12)."""
    return isinstance(error, AuthError) or error.code == PROXY_SIGN_IN


class JobPoller:
    """Looks at WATCHING jobs, one request each when the agenda gives them their turn."""

    def __init__(
        self, registry: JobRegistry, clients: Clients, scheduler: RequestScheduler, quota: RetryQuota, uniform: Uniform
    ) -> None:
        self._registry = registry
        self._clients = clients
        self._scheduler = scheduler
        self._quota = quota
        self._uniform = uniform
        self._renewals: dict[str, asyncio.Future[DownloadLink]] = {}

    async def begin(self, watch: TrackedJob) -> None:
        """Watch a job whose order was just taken."""
        await self.remember(watch)
        if self._registry.has(watch, JobState.WATCHING):
            self._plan(watch, self._next_due(watch))

    async def remember(self, watch: TrackedJob) -> None:
        """Plan the looks of a job in the light of earlier runs."""
        expected = schedule.expectation(await self._registry.durations(watch.record.order))
        watch.planned = schedule.gathered_looks(expected) if expected else ()

    def look_now(self, watches: Collection[TrackedJob], spread_seconds: float = 0.0) -> None:
        """Look at these at once, or spread over some seconds."""
        now = self._scheduler.now()
        spread = min(spread_seconds, len(watches) / STARTS_PER_SECOND)
        # A thousand looks take minutes at the pace that is polite: what a person orders meanwhile goes before them.
        many = len(watches) > MAX_SHOWN_AT_ONCE
        for watch in watches:
            self._plan(watch, now + spread * self._uniform(), prompt=not many, quiet=many)

    def look_at_all(self, connection_id: str | None = None) -> None:
        """Look at every watched job soon, without a burst: after a suspend or an outage (B9, N09)."""
        watches = [
            watch
            for watch in self._registry.watches.values()
            if watch.record.state is JobState.WATCHING and connection_id in {None, watch.connection_id}
        ]
        self.look_now(watches, schedule.WAKE_SPREAD_SECONDS)

    async def fresh_link(
        self, identity: str, find: Callable[[str], Awaitable[TrackedJob]], *, refused: bool
    ) -> DownloadLink:
        """See `JobQueue.fresh_link`; calls at the same time share one answer."""
        shared = self._renewals.get(identity)
        if shared is None:
            shared = self._renewals[identity] = asyncio.get_running_loop().create_future()
            # Whoever waited may be gone: an unread exception is no news then.
            shared.add_done_callback(lambda done: done.cancelled() or done.exception())
            shared.add_done_callback(lambda _: self._renewals.pop(identity, None))
            try:
                self._plan_renewal(await find(identity), refused, shared)
            except BaseException as error:
                if isinstance(error, SanaError):
                    shared.set_exception(error)
                else:
                    shared.cancel()
                raise
        return await asyncio.shield(shared)

    def stop(self) -> None:
        """Nobody waits for a fresh link any more."""
        for shared in list(self._renewals.values()):
            shared.cancel()

    def _age(self, watch: TrackedJob) -> float:
        return max(self._scheduler.now() - watch.began, 0.0)

    def _next_due(self, watch: TrackedJob, at_least: float = 0.0) -> float:
        if watch.record.phase is Phase.UNKNOWN:
            at_least = max(at_least, schedule.UNKNOWN_WORD_GAP_SECONDS)
        in_view = watch.id in self._registry.in_view
        age = self._age(watch)
        return watch.began + schedule.next_look(age, watch.planned, self._uniform, in_view=in_view, at_least=at_least)

    def _plan(self, watch: TrackedJob, due: float, *, prompt: bool | None = None, quiet: bool = False) -> None:
        if prompt is None:
            gathered = bool(watch.planned) and self._age(watch) <= watch.planned[-1]
            prompt = gathered or self._age(watch) < schedule.EARLY_SECONDS or watch.id in self._registry.in_view
        due = self._scheduler.plan(
            watch.id, watch.connection_id, Kind.LOOK, due, lambda: self._look(watch), prompt=prompt
        )
        if quiet:
            return
        failures = max(watch.failures, self._scheduler.lane(watch.connection_id).misses)
        note = steps.note(watch.record, failures, watch.last_failure, self._age(watch), watch.note_from)
        if not note and watch.is_twin:
            note = steps.TWIN_NOTE
        self._registry.show(watch, next_look_at=self._registry.wall(self._scheduler, due), trouble=note)

    async def _look(self, watch: TrackedJob) -> None:
        record = watch.record
        if not self._registry.has(watch, JobState.WATCHING) or record.job_id is None:
            return
        try:
            client = await self._clients.client(watch.connection_id)
            snapshot = await client.poll(record.job_id)
        except SanaError as error:
            await self._unanswered(watch, error)
        except Exception:
            if self._registry.has(watch, JobState.WATCHING):
                self._plan(watch, self._next_due(watch, BACKOFF_CAP_SECONDS))
            raise
        else:
            await self._described(watch, snapshot, client.server_clock.ahead_seconds())

    async def _described(self, watch: TrackedJob, snapshot: JobSnapshot, ahead_seconds: int | None) -> None:
        registry, at = self._registry, self._registry.clock.now()
        self._reached(watch.connection_id)
        if not registry.has(watch, JobState.WATCHING):
            return
        if snapshot.job_id not in {"", watch.record.job_id}:
            await self._about_another(watch)
            return
        recovered = watch.failures >= steps.TROUBLE_AFTER_FAILURES
        watch.failures = watch.strangers = 0
        watch.last_failure = None
        watch.unsaved_polls += 1
        step = steps.by_site_clock(steps.looked(watch.record, snapshot, at), ahead_seconds)
        without_link = step.record.state is JobState.WATCHING and step.record.phase is Phase.READY
        watch.linkless = watch.linkless + 1 if without_link else 0
        if watch.linkless >= steps.LOOKS_WITHOUT_LINK:
            step = steps.ended(step.record, at, JobState.FAILED, steps.no_link_error(watch.record))
        if recovered and not step.event:
            step = replace(step, event="recovered")
        if step.event or watch.unsaved_polls >= SAVE_EVERY_POLLS:
            await registry.commit(watch, step)
        else:
            watch.record = step.record
        if watch.record.state is JobState.READY:
            await registry.durations(watch.record.order, afresh=True)
        elif registry.has(watch, JobState.WATCHING):
            gap = steps.LINKLESS_GAP_SECONDS if without_link else None
            self._plan(watch, self._next_due(watch) if gap is None else self._scheduler.now() + gap)

    async def _unanswered(self, watch: TrackedJob, error: SanaError) -> None:
        registry, at = self._registry, self._registry.clock.now()
        if not isinstance(error, NotSent):
            self._reached(watch.connection_id)
        if not registry.has(watch, JobState.WATCHING):
            return
        if not isinstance(error, (NotSent, AuthError)):
            # A request was made, whatever came of it.
            watch.unsaved_polls += 1
            watch.record = replace(watch.record, polls=watch.record.polls + 1)
        if wants_a_person(error):
            await registry.pause_connection(watch, self._scheduler, error, _paused_with(error))
        elif isinstance(error, JobGone):
            if registry.clock.monotonic() - watch.awake_since < GONE_BORNE_SECONDS:
                self._plan(watch, self._next_due(watch))
            else:
                await registry.commit(watch, steps.ended(watch.record, at, JobState.GONE, error))
        elif error.code == ANOTHER_JOB:
            await self._about_another(watch)
        elif isinstance(error, NetworkError):
            await self._later(watch, error)
        elif isinstance(error, ServiceError):
            await registry.commit(watch, steps.ended(watch.record, at, JobState.FAILED, error))
        else:
            await registry.commit(watch, steps.paused(watch.record, at, error))

    async def _later(self, watch: TrackedJob, error: NetworkError) -> None:
        """Nothing is known of the job without an answer: only its next look changes (N06 to N08, S13)."""
        now = self._scheduler.now()
        decision = decide(RequestKind.POLL, error, watch.failures, self._uniform)
        delay = decision.delay_seconds if isinstance(decision, RetryAfter) else BACKOFF_CAP_SECONDS
        if isinstance(error, Throttled):
            self._scheduler.hold(watch.connection_id, Kind.LOOK, now + delay)
            self._plan(watch, now + delay)
            return
        watch.failures += 1
        watch.last_failure = error
        if isinstance(error, NotSent):
            due = self._scheduler.missed(watch.connection_id, self._uniform)
            if self._scheduler.lane(watch.connection_id).misses == steps.TROUBLE_AFTER_FAILURES:
                await self._tell_all(watch.connection_id)
        else:
            due = now + (delay if self._quota.take() else max(delay, BACKOFF_CAP_SECONDS * self._uniform()))
        if watch.failures == steps.TROUBLE_AFTER_FAILURES:
            await self._registry.commit(watch, steps.Step(watch.record, "trouble", error.message))
        if self._registry.has(watch, JobState.WATCHING):
            self._plan(watch, due)

    async def _tell_all(self, connection_id: str) -> None:
        """Note the trouble on every job of a site that can't be reached, as only one of them tries."""
        for watch in self._registry.of(connection_id, {JobState.WATCHING}):
            if self._registry.has(watch, JobState.WATCHING):
                self._registry.show(watch, trouble=steps.CONNECTION_NOTE)
            await asyncio.sleep(0)

    async def _about_another(self, watch: TrackedJob) -> None:
        watch.strangers += 1
        log.warning("the site answered about another job than the one asked for")
        if watch.strangers >= steps.STRANGERS_BORNE:
            error = steps.stranger_error(watch.record)
            step = steps.ended(watch.record, self._registry.clock.now(), JobState.FAILED, error)
            await self._registry.commit(watch, step)
        else:
            self._plan(watch, self._next_due(watch))

    def _reached(self, connection_id: str) -> None:
        if self._scheduler.reached(connection_id):
            self.look_at_all(connection_id)
        self._registry.heard.publish(connection_id)

    def _plan_renewal(self, watch: TrackedJob, refused: bool, shared: asyncio.Future[DownloadLink]) -> None:
        if watch.record.job_id is None:
            raise steps.link_ended(watch.record)
        self._scheduler.plan(
            f"link {watch.id}",
            watch.connection_id,
            Kind.LOOK,
            self._scheduler.now(),
            lambda: self._renew(watch, refused, shared),
            prompt=True,
        )

    async def _renew(self, watch: TrackedJob, refused: bool, shared: asyncio.Future[DownloadLink]) -> None:
        try:
            link = await self._ask_for_link(watch, refused)
        except SanaError as error:
            if isinstance(error, JobGone) and watch.record.state is JobState.READY:
                step = steps.ended(watch.record, self._registry.clock.now(), JobState.GONE, error)
                await self._registry.commit(watch, step)
            if not shared.done():
                shared.set_exception(error)
        except BaseException:
            shared.cancel()
            raise
        else:
            if not shared.done():
                shared.set_result(link)

    async def _ask_for_link(self, watch: TrackedJob, refused: bool) -> DownloadLink:
        client = await self._clients.client(watch.connection_id)
        snapshot = await self._look_for_link(client, watch)
        self._reached(watch.connection_id)
        before = watch.record.link
        step = steps.relinked(watch.record, snapshot, self._registry.clock.now())
        # Where the link is only asked about, the same one again is no news.
        told = refused or step.event != steps.SAME_LINK
        await self._registry.commit(watch, step if told else steps.Step(step.record))
        link = snapshot.link
        if link is None:
            raise steps.link_ended(watch.record)
        if before is not None and link.url == before.url:
            over = link.expires_at is not None and link.expires_at <= client.server_clock.now()
            if refused or over:
                raise steps.link_ended(watch.record)
        return link

    async def _look_for_link(self, client: Insights, watch: TrackedJob) -> JobSnapshot:
        job_id = watch.record.job_id
        if job_id is None:
            raise steps.link_ended(watch.record)
        for attempt in range(LINK_LOOKS):
            try:
                return await client.poll(job_id)
            except NetworkError as error:
                decision = decide(RequestKind.POLL, error, attempt, self._uniform)
                if attempt + 1 == LINK_LOOKS or isinstance(error, Throttled) or not isinstance(decision, RetryAfter):
                    raise
                await Countdown(self._registry.clock, decision.delay_seconds).wait()
        raise AssertionError("unreachable")


def _paused_with(error: SanaError) -> set[JobState]:
    """Return which jobs an error stops; a pass that may not look at reports may still order them."""
    return {JobState.WATCHING} if error.code == "E-SCOPE" else {JobState.QUEUED, JobState.WATCHING}
