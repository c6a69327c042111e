"""Delivery: each outcome to the service once, in order, over kills and outages, and the questions between (O01 to O07).

What a person answered is put into the outbox first, and is safe from then on. Sending is another step: it goes on by
itself after an outage, and after a restart. What was being sent when the app died is marked as unknown at the next
start, and only a person sends that again.
"""

from __future__ import annotations

import asyncio
import logging
import math
import random
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sana_desktop.api.practice_errors import outcomes_unknown
from sana_desktop.api.practice_models import ExerciseOutcome, NextQuery, Recommendation
from sana_desktop.api.practice_split import split_outcomes
from sana_desktop.base.backoff import RetryQuota
from sana_desktop.base.clock import Clock, Countdown
from sana_desktop.base.errors import SanaError
from sana_desktop.base.events import Topic
from sana_desktop.base.tasks import Supervisor
from sana_desktop.practice.learners import Consent, LearnerStore
from sana_desktop.practice.outcomes.delivery_policy import DeliveryPolicy
from sana_desktop.practice.outcomes.outbox import Also, Lane, OutboxCounts, OutboxEntry, OutboxLedger, OutboxState
from sana_desktop.practice.outcomes.sending import Client, Clients, Flushed, Sending, closing

__all__ = ["Client", "Clients", "Delivery", "Flushed", "RestoredOutbox"]

log = logging.getLogger(__name__)

CANCEL_SECONDS = 0.5
"""How long an outcome that is cut off at a stop may take to be marked as unknown."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RestoredOutbox:
    """What a start found: outcomes whose fate is not known since the app died, and learners with outcomes that wait."""

    unknown: int
    waiting_learners: int


class Delivery:
    """Sends outcomes and asks for exercises.

    Args:
        ledger: where outcomes are written before anything is done about them.
        clients: gives the client of a connection.
        learners: the guard (B26).
        supervisor: owns all tasks.
        owner: id of this process, written on what it is sending; `is_alive` tells whether that of another still runs.
        policy: how fast and how patiently.
        quota: the process's retry quota (B7).
        uniform: returns a number in [0, 1).

    Attributes:
        changed: every outcome as it changes, after it was saved.
        removed: the number of each outcome that was dropped.
    """

    def __init__(
        self,
        ledger: OutboxLedger,
        clients: Clients,
        learners: LearnerStore,
        clock: Clock,
        supervisor: Supervisor,
        *,
        owner: str,
        is_alive: Callable[[str], bool] = lambda owner: False,
        policy: DeliveryPolicy | None = None,
        quota: RetryQuota | None = None,
        uniform: Callable[[], float] = random.random,
    ) -> None:
        self.changed: Topic[OutboxEntry] = Topic("outcome changed")
        self.removed: Topic[int] = Topic("outcome dropped")
        self._policy = policy or DeliveryPolicy()
        self._ledger = ledger
        self._learners = learners
        self._clock = clock
        self._supervisor = supervisor
        self._owner = owner
        self._is_alive = is_alive
        self._sending = Sending(
            ledger, clients, learners, clock, self._policy, quota or RetryQuota(clock), uniform, owner, self.changed
        )
        self._locks: dict[Lane, asyncio.Lock] = {}
        self._places = asyncio.Semaphore(self._policy.at_once)
        self._running: set[asyncio.Task[Any]] = set()
        self._resting: dict[Lane, asyncio.Task[None]] = {}
        """What sends a learner's outcomes later."""

    async def put(
        self,
        connection_id: str,
        user_id: str,
        outcomes: Sequence[ExerciseOutcome],
        session: str | None = None,
        *,
        consent: Consent | None = None,
        release: bool = False,
        held: bool = False,
        also: Also | None = None,
    ) -> tuple[OutboxEntry, ...]:
        """Write outcomes down to be sent, in order. Durable when it returns; nothing is sent.

        Args:
            session: the session that they belong to.
            consent: what a real person's outcomes need; used up by this call.
            release: it is the leave to send them as well, with what else of the session waits; without it a real
                person's outcomes stay here until `send`.
            held: they are of a set that is not done: what goes by itself, as at a start, leaves them, and what comes
                after them, until one of their session is put with `release`, or somebody asks for more.
            also: work of the same transaction.

        Raises:
            UserError: E-LEARNER-LOCKED, E-LEARNER-REAL; E-OUT-TOOBIG with the size and the field to blame,
                E-PRACTICE-VALUE. Nothing was written then.
            StorageError: nothing was written.
        """
        if not outcomes:
            return ()
        # First what costs no consent.
        split_outcomes(user_id, outcomes)
        consented = self._learners.admit(connection_id, user_id, consent)
        lane = (connection_id, user_id)
        added = await self._ledger.add(
            lane,
            outcomes,
            self._clock.now(),
            session=session,
            consented=consented,
            held=held,
            frees=release and session is not None,
            also=also,
        )
        for entry in added:
            self.changed.publish(entry)
        if consented and release:
            self._learners.release(connection_id, await self._ledger.numbers_waiting(lane, session))
        return added

    async def flush(self, connection_id: str, user_id: str) -> Flushed:
        """Send what waits for a learner, held or not, and return what became of it.

        A caller that gives up does not stop it.

        Raises:
            StorageError: the outbox can't be read or written.
        """
        found = await self._in_task("deliver outcomes", self._flush((connection_id, user_id), held_too=True))
        if isinstance(found, SanaError):
            raise found
        return found

    def deliver(self, connection_id: str, user_id: str) -> None:
        """Send what waits for a learner and is not held, in the background; what fails is tried again by itself."""
        self._start("deliver outcomes", self._flush((connection_id, user_id)))

    async def send(self, connection_id: str, user_id: str, *, consent: Consent | None = None) -> None:
        """Send what waits for a learner, because a person wants it; a real person's goes only after this.

        Raises:
            UserError: E-LEARNER-LOCKED, E-LEARNER-REAL.
            StorageError: the outbox can't be read.
        """
        lane = (connection_id, user_id)
        if self._learners.admit(connection_id, user_id, consent):
            self._learners.release(connection_id, await self._ledger.numbers_waiting(lane))
        await self._ledger.free(lane)
        self.deliver(connection_id, user_id)

    async def next(
        self,
        connection_id: str,
        query: NextQuery,
        *,
        combined: bool = False,
        session: str | None = None,
        consent: Consent | None = None,
    ) -> Recommendation:
        """Ask for exercises, after the answer to the learner's last outcome has come.

        Args:
            query: outcomes in it are written down first, as by `put`.
            combined: let the learner's waiting outcomes travel in the same request, if they fit.

        Raises:
            SanaError: why nothing could be asked, or what the service said. Outcomes are safe whatever it is.
        """
        lane = (connection_id, query.user_id)
        if query.outcomes:
            await self.put(*lane, query.outcomes, session, consent=consent, release=True)
        question = NextQuery(query.user_id, query.num_exercises, query.constraints, query.challenge_level)
        found = await self._in_task("ask for exercises", self._ask(lane, question, combined))
        if isinstance(found, SanaError):
            raise found
        return found

    async def send_again(self, number: int, *, consent: Consent | None = None) -> None:
        """Send an unknown or parked outcome once more, because a person wants it; it goes out at once, if it can.

        Raises:
            UserError: E-LEARNER-LOCKED, E-LEARNER-REAL.
        """
        entry = await self._ledger.get(number)
        if entry is None or entry.state not in {OutboxState.UNKNOWN, OutboxState.PARKED}:
            return
        consented = self._learners.admit(*entry.lane, consent)
        if await self._ledger.again(number, self._clock.now(), consented=consented):
            if consented:
                self._learners.release(entry.connection_id, [number])
            await self._publish(number)
            self.deliver(*entry.lane)

    async def drop(self, number: int) -> OutboxEntry | None:
        """Forget an outcome that is waiting, unknown or parked; return it as it was, None if it could not be."""
        entry = await self._ledger.get(number)
        if entry is None or not await self._ledger.remove(number):
            return None
        self.removed.publish(number)
        return entry

    async def dropped(self, session: str) -> dict[int, OutboxState]:
        """Return in which state each dropped outcome of a session was, by its number."""
        return await self._ledger.dropped(session)

    async def restore(self) -> RestoredOutbox:
        """Do what a start has to: mark what dead processes were sending as unknown, send on what waits.

        Raises:
            StorageError: the outbox can't be read or written.
        """
        lost = 0
        error = outcomes_unknown(detail="The app ended between the answers and the reply.")
        for owner in await self._ledger.owners():
            if owner != self._owner and not self._is_alive(owner):
                for entry in await self._ledger.lose(owner, self._clock.now(), error):
                    self.changed.publish(entry)
                    lost += 1
        lanes = await self._ledger.lanes_waiting()
        for lane in lanes:
            self.deliver(*lane)
        return RestoredOutbox(lost, len(lanes))

    async def resume(self, connection_id: str) -> None:
        """Send on what waits at a connection: a person has put right what kept it."""
        for lane in await self._ledger.lanes_waiting(connection_id):
            self.deliver(*lane)

    async def entries(
        self, connection_id: str | None = None, *, session: str | None = None, open_only: bool = True, limit: int = 500
    ) -> tuple[OutboxEntry, ...]:
        """Return outcomes in order, of one connection or all, of one session or all, the oldest `limit` of them."""
        return await self._ledger.entries(connection_id, session=session, open_only=open_only, limit=limit)

    async def counts(self, connection_id: str | None = None) -> OutboxCounts:
        """Return how many outcomes are on their way."""
        return await self._ledger.counts(connection_id)

    async def counts_of_each(self, connection_id: str) -> dict[str, OutboxCounts]:
        """Return how many outcomes are on their way for each learner of a connection who has any."""
        return await self._ledger.counts_of_each(connection_id)

    async def stop(self) -> None:
        """Send no more; wait a moment for the answer to what was sent, and mark as unknown what has none."""
        self._sending.ending = True
        for task in self._running - self._sending.at_it:
            task.cancel()
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=self._policy.stop_seconds)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=CANCEL_SECONDS)

    async def _flush(self, lane: Lane, *, held_too: bool = False) -> Flushed | SanaError:
        async with self._lock(lane), self._places:
            try:
                flushed = await self._sending.flush(lane, held_too=held_too)
            except SanaError as error:
                return error
        if flushed.again_in is not None:
            self._plan(lane, flushed.again_in)
        return flushed

    async def _ask(self, lane: Lane, query: NextQuery, combined: bool) -> Recommendation | SanaError:
        async with self._lock(lane), self._places:
            try:
                return await self._sending.ask(lane, query, combined=combined)
            except SanaError as error:
                failure = error
        again_in = self._sending.again_in(lane, failure)
        if again_in is not None and await self._ledger.count_waiting(lane):
            self._plan(lane, again_in)
        return failure

    def _plan(self, lane: Lane, seconds: float) -> None:
        """Send what waits of a learner after so long, instead of when it was to be sent before.

        What was learned last of the service counts: whether it needs a longer rest, or is worth an earlier try.
        """
        if not math.isfinite(seconds) or self._sending.ending:
            return
        if (before := self._resting.pop(lane, None)) is not None:
            before.cancel()
        task = self._supervisor.start("deliver outcomes later", self._later(lane, seconds))
        if task is not None:
            self._resting[lane] = task

    async def _later(self, lane: Lane, seconds: float) -> None:
        await Countdown(self._clock, seconds).wait()
        self._resting.pop(lane, None)
        self.deliver(*lane)

    async def _in_task(self, name: str, work: Coroutine[Any, Any, T]) -> T:
        """Run `work` in a task of its own: its caller may be cancelled, a request under way must not be."""
        task = self._start(name, work)
        if task is None:
            raise closing()
        return await asyncio.shield(task)

    def _start(self, name: str, work: Coroutine[Any, Any, T]) -> asyncio.Task[T] | None:
        if self._sending.ending:
            work.close()
            return None
        task = self._supervisor.start(name, work)
        if task is not None:
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        return task

    def _lock(self, lane: Lane) -> asyncio.Lock:
        return self._locks.setdefault(lane, asyncio.Lock())

    async def _publish(self, number: int) -> None:
        entry = await self._ledger.get(number)
        if entry is not None:
            self.changed.publish(entry)
