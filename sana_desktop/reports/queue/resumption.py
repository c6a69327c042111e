"""Letting paused jobs go on: by a click, after a sign-in, or because a later order of their site was let in (S02)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sana_desktop.base.errors import AuthError, NetworkError
from sana_desktop.base.tasks import Supervisor
from sana_desktop.reports.queue import steps
from sana_desktop.reports.queue.poller import JobPoller
from sana_desktop.reports.queue.registry import JobRegistry, TrackedJob
from sana_desktop.reports.queue.submission import Submission
from sana_desktop.reports.records.job import JobState

LET_IN = "by itself: the site has let a later order in"
"""What the story says of a job that goes on because signing in works again."""


class Resumption:
    """Brings PAUSED jobs back to where they were."""

    def __init__(
        self, registry: JobRegistry, watching: JobPoller, submission: Submission, supervisor: Supervisor
    ) -> None:
        self._registry = registry
        self._watching = watching
        self._submission = submission
        self._supervisor = supervisor
        registry.let_in.subscribe(self._let_in)

    async def resume(self, watches: Sequence[TrackedJob], why: str = "") -> None:
        """Let these go on now; `why` is told where no person asked for it."""
        at = self._registry.clock.now()
        for watch in watches:
            watch.tries = watch.throttles = watch.failures = 0
            watch.unreached = False
            watch.last_failure = None
            self._registry.watches[watch.id] = watch
        # Ours from now on: under a dead process's name another one could take it over, too.
        mine = [replace(watch.record, owner=self._registry.owner) for watch in watches]
        await self._registry.commit_all(
            [(watch, steps.resumed(record, at, why)) for watch, record in zip(watches, mine, strict=True)]
        )
        self.plan_anew(watches)

    async def resume_paused(self, connection_id: str) -> None:
        """See `JobQueue.resume_paused`."""
        self._registry.admit(connection_id)
        for watch in self._registry.of(connection_id, {JobState.QUEUED}):
            watch.hinted_at = float("-inf")  # a person's act does not wait for its turn among the site's answers
        self._registry.heard.publish(connection_id)
        await self.resume(
            [
                watch
                for watch in self._registry.of(connection_id, {JobState.PAUSED})
                if watch.record.job_id
                or watch.record.error_kind != NetworkError.kind
                or watch.record.error_http_status == 407
            ]
        )

    def plan_anew(self, watches: Sequence[TrackedJob]) -> None:
        """Give each its next turn, now."""
        self._watching.look_now([watch for watch in watches if self._registry.has(watch, JobState.WATCHING)])
        for watch in watches:
            if self._registry.has(watch, JobState.QUEUED):
                self._submission.plan(watch)

    def _let_in(self, connection_id: str) -> None:
        """An order was let in: those that wait for a sign-in need none any more. What a pass may not do stays so."""
        if any(_wants_sign_in(watch) for watch in self._registry.of(connection_id, {JobState.PAUSED})):
            work = self._resume_signed_in(connection_id)
            self._supervisor.start("go on after a sign-in", work)

    async def _resume_signed_in(self, connection_id: str) -> None:
        paused = self._registry.of(connection_id, {JobState.PAUSED})
        await self.resume([watch for watch in paused if _wants_sign_in(watch)], LET_IN)


def _wants_sign_in(watch: TrackedJob) -> bool:
    return watch.record.error_kind == AuthError.kind and watch.record.error_code != "E-SCOPE"
