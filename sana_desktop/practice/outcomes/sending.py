"""One learner's outcomes, sent in order and each once: claimed before the request, settled after it (O02 to O05).

Each function is called by one task at a time for a learner, and not cancelled without need: an outcome whose request is
cut off is unknown from then on.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any, Protocol, TypeVar

from sana_desktop.api.origin import Origin
from sana_desktop.api.practice_errors import outcomes_unknown
from sana_desktop.api.practice_models import Exchange, ExerciseOutcome, NextQuery, Recommendation
from sana_desktop.api.practice_split import split_outcomes
from sana_desktop.api.practice_wire import MAX_REQUEST_BYTES, size_of
from sana_desktop.api.retry import RequestKind
from sana_desktop.base.backoff import RetryQuota
from sana_desktop.base.clock import Clock
from sana_desktop.base.errors import NetworkError, OutcomesRefused, OutcomesUnknown, SanaError, UserError
from sana_desktop.base.events import Topic
from sana_desktop.practice.learners import LearnerStore
from sana_desktop.practice.outcomes.delivery_policy import DeliveryPolicy
from sana_desktop.practice.outcomes.outbox import Claim, Lane, OutboxEntry, OutboxLedger, OutboxState
from sana_desktop.practice.outcomes.pace import Pace
from sana_desktop.practice.outcomes.repeats import Failures, Repeats

log = logging.getLogger(__name__)

ABOUT_AN_ITEM = frozenset({400, 413, 422})
"""Answers that may be about one outcome of a request; 404 and 405 are about the address, which no outcome can mend."""

T = TypeVar("T")
Entries = Sequence[OutboxEntry]


class Client(Protocol):
    """The calls of the practice service; see `api.practice.PracticeClient`."""

    @property
    def origin(self) -> Origin: ...

    async def post_outcomes(self, user_id: str, outcomes: Sequence[ExerciseOutcome]) -> Exchange: ...

    async def next_exercises(self, query: NextQuery) -> Recommendation: ...


class Clients(Protocol):
    """Gives the client of a connection."""

    async def client(self, connection_id: str) -> Client:
        """Return it; raises SanaError if there is no key or no such connection."""


@dataclass(frozen=True, slots=True)
class Flushed:
    """What became of a learner's outcomes.

    Attributes:
        accepted, unknown, parked: how many came to that in this flush.
        waiting: how many still wait, because of `error`.
        error: why it stopped; None if nothing waits.
        again_in: seconds after which it is worth another try; None if a person must act first.
        exchange: the latest request that was accepted; None if none was.
    """

    accepted: int = 0
    unknown: int = 0
    parked: int = 0
    waiting: int = 0
    error: SanaError | None = None
    again_in: float | None = None
    exchange: Exchange | None = None

    @property
    def all_answered(self) -> bool:
        """Whether nothing waits: the next exercises may be asked for."""
        return self.waiting == 0


class _Changed(Exception):
    """The outcomes in hand are not the first ones that wait any more."""


class Sending:
    """Sends outcomes and asks for exercises; `changed` is told each outcome as it changes.

    Attributes:
        ending: no further request is begun.
        at_it: the tasks that have claimed outcomes and not settled them yet.
    """

    def __init__(
        self,
        ledger: OutboxLedger,
        clients: Clients,
        learners: LearnerStore,
        clock: Clock,
        policy: DeliveryPolicy,
        quota: RetryQuota,
        uniform: Callable[[], float],
        owner: str,
        changed: Topic[OutboxEntry],
    ) -> None:
        self.ending = False
        self.at_it: set[asyncio.Task[Any]] = set()
        self.pace = Pace(clock, policy.per_second)
        self._lost: dict[Lane, int] = {}  # requests in a row whose fate is unknown
        self._ledger = ledger
        self._clients = clients
        self._learners = learners
        self._clock = clock
        self._policy = policy
        self._repeats = Repeats(clock, self.pace, quota, uniform, policy.patience_seconds)
        self._owner = owner
        self._changed = changed

    async def flush(self, lane: Lane, *, held_too: bool = True) -> Flushed:
        """Send what waits for a learner, until nothing does or it can't go on. Raises StorageError alone.

        Args:
            held_too: also what is held, which is not held from then on; without it, what lies before that.
        """
        counted = Flushed()
        failures = Failures(RequestKind.OUTCOME)
        while not self.ending and (entries := await self._waiting(lane, held_too=held_too)):
            batch, unfit = _first_batch(lane[1], entries)
            if unfit is not None:
                await self._settle(batch, OutboxState.PARKED, unfit, sent=False)
                counted = replace(counted, parked=counted.parked + len(batch))
                continue
            try:
                batch = self._allowed(lane, batch)
                client = await self._clients.client(lane[0])
            except SanaError as error:
                return await self._stopped(lane, counted, error)
            counted, trouble = await self._send(client, lane, batch, counted)
            if trouble is None:
                failures = Failures(RequestKind.OUTCOME)
            elif not await self._repeats.wait(lane[0], trouble, failures):
                return await self._stopped(lane, counted, trouble)
        if not self.ending:
            return counted
        return await self._stopped(lane, counted, closing())

    async def ask(self, lane: Lane, query: NextQuery, *, combined: bool) -> Recommendation:
        """Ask for exercises once every earlier outcome has its answer.

        Args:
            combined: let the waiting outcomes travel in the same request, if they fit.

        Raises:
            SanaError: why it can't be asked, or was not answered.
        """
        if combined and (answer := await self._ask_combined(lane, query)) is not None:
            return answer
        flushed = await self.flush(lane)
        if not flushed.all_answered:
            raise flushed.error or closing()
        failures = Failures(RequestKind.NEXT, self._policy.asks)
        while True:
            client = await self._clients.client(lane[0])
            await self._turn(lane, client)
            self._learners.check_question(*lane)
            try:
                return await client.next_exercises(query)
            except NetworkError as error:
                if not await self._repeats.wait(lane[0], error, failures):
                    raise

    async def _waiting(self, lane: Lane, *, held_too: bool = True) -> Entries:
        entries = await self._ledger.waiting(lane, self._policy.read_at_once)
        if not held_too:
            return tuple(takewhile(lambda entry: not entry.held, entries))
        if any(entry.held for entry in entries):
            # Should it fail, what was asked for is tried again by itself.
            await self._ledger.free(lane)
        return entries

    async def _ask_combined(self, lane: Lane, query: NextQuery) -> Recommendation | None:
        """Return None if there is nothing to take along, it does not fit, or the service does not like it."""
        failures = Failures(RequestKind.OUTCOME)
        while True:
            entries = await self._waiting(lane)
            full = replace(query, outcomes=tuple(entry.outcome for entry in entries))
            if not entries or len(entries) == self._policy.read_at_once or not _fits(full):
                return None
            self._check(lane, entries)
            client = await self._clients.client(lane[0])
            try:
                return await self._attempt(lane, client, entries, client.next_exercises(full))
            except _Changed:
                continue
            except OutcomesRefused as error:
                if error.http_status in ABOUT_AN_ITEM:
                    return None
                raise
            except NetworkError as error:
                if not await self._repeats.wait(lane[0], error, failures):
                    raise

    async def _send(
        self, client: Client, lane: Lane, batch: Entries, counted: Flushed
    ) -> tuple[Flushed, SanaError | None]:
        """Send a batch, halving it where the service refuses it, down to the outcome that it means (O05)."""
        parts = deque([batch])
        while parts and not self.ending:
            part = parts.popleft()
            outcomes = tuple(entry.outcome for entry in part)
            try:
                exchange = await self._attempt(lane, client, part, client.post_outcomes(lane[1], outcomes))
            except _Changed:
                break  # the caller looks again
            except OutcomesUnknown as error:
                # The next ones might share its fate: they wait until the service has had a rest.
                return replace(counted, unknown=counted.unknown + len(part)), error
            except OutcomesRefused as error:
                if error.http_status not in ABOUT_AN_ITEM:
                    return counted, error
                if len(part) > 1:
                    parts.extendleft((part[len(part) // 2 :], part[: len(part) // 2]))
                    continue
                await self._settle(part, OutboxState.PARKED, error, sent=False)
                counted = replace(counted, parked=counted.parked + 1)
            except SanaError as error:
                return counted, error
            else:
                counted = replace(counted, accepted=counted.accepted + len(part), exchange=exchange)
        return counted, None

    async def _attempt(self, lane: Lane, client: Client, entries: Entries, post: Coroutine[Any, Any, T]) -> T:
        """Claim outcomes, send them once, settle them by what comes back, and pass that on.

        The guard is asked once more at the last moment: whatever was waited for, the site may be locked by now (B26).

        Raises:
            SanaError: of the request.
            _Changed: nothing was sent.
        """
        task = asyncio.current_task()
        try:
            await self._turn(lane, client)
            if task is not None:
                self.at_it.add(task)
            self._check(lane, entries)
            await self._claim(entries)
            return await self._sent(entries, post)
        finally:
            post.close()  # one that never began; done to another it does nothing
            self.at_it.discard(task)

    async def _claim(self, entries: Entries) -> None:
        try:
            claim = await self._ledger.claim(entries, self._owner, self._clock.now())
        except asyncio.CancelledError:
            # A write is carried out though its caller is gone; this one comes after it.
            await self._settle(entries, OutboxState.WAITING)
            raise
        if claim is Claim.BUSY:
            raise _busy()
        if claim is Claim.CHANGED:
            raise _Changed
        self._tell(entries, OutboxState.SENDING)

    async def _sent(self, entries: Entries, post: Coroutine[Any, Any, T]) -> T:
        try:
            self._check(entries[0].lane, entries)
            answer = await post
        except OutcomesUnknown as error:
            await self._settle(entries, OutboxState.UNKNOWN, error)
            self._lost[entries[0].lane] = self._lost.get(entries[0].lane, 0) + 1
            raise
        except SanaError:
            # Every other error of the client says that nothing was taken.
            await self._settle(entries, OutboxState.WAITING)
            raise
        except BaseException:
            await self._settle(entries, OutboxState.UNKNOWN, outcomes_unknown(detail="The app was stopped meanwhile."))
            raise
        await self._settle(entries, OutboxState.ACCEPTED)
        self._lost.pop(entries[0].lane, None)
        return answer

    async def _turn(self, lane: Lane, client: Client) -> None:
        if self.pace.held_for(lane[0]) > self._policy.patience_seconds:
            raise _held(client.origin.host)
        await self.pace.turn(lane[0], paced=not client.origin.is_loopback)

    def _check(self, lane: Lane, entries: Entries) -> None:
        """Ask the guard: a connection may have been locked since these were written (B26)."""
        consented = all(entry.consented for entry in entries)
        self._learners.check(*lane, [entry.number for entry in entries], consented=consented)

    def _allowed(self, lane: Lane, entries: Entries) -> Entries:
        """Return those of the first entries that may go; raises UserError if the first may not."""
        self._check(lane, entries[:1])
        if self._learners.is_test(*lane):
            return entries
        return tuple(takewhile(lambda entry: self._learners.is_released(entry.number), entries))

    async def _stopped(self, lane: Lane, counted: Flushed, error: SanaError) -> Flushed:
        waiting = await self._ledger.count_waiting(lane)
        if not waiting:
            return counted
        return replace(counted, waiting=waiting, error=error, again_in=self.again_in(lane, error))

    def again_in(self, lane: Lane, error: SanaError) -> float | None:
        """Return the seconds after which what waits is worth another try; None if a person must act first."""
        if isinstance(error, OutcomesUnknown):
            rest = self._policy.rest_seconds * 2.0 ** min(self._lost.get(lane, 1) - 1, 16)
            return max(min(rest, self._policy.longest_rest_seconds), self._policy.rest_seconds)
        return max(self._policy.rest_seconds, self.pace.held_for(lane[0])) if error.retryable else None

    async def _settle(
        self,
        entries: Entries,
        state: OutboxState,
        error: SanaError | None = None,
        *,
        sent: bool = True,
    ) -> None:
        numbers = [entry.number for entry in entries]
        owner = self._owner if sent else ""
        moved = await self._ledger.settle(numbers, state, self._clock.now(), error, owner=owner)
        if moved != len(entries):
            log.warning("%d of %d outcomes were not where they should have been", len(entries) - moved, len(entries))
        self._tell(entries, state, error)

    def _tell(self, entries: Entries, state: OutboxState, error: SanaError | None = None) -> None:
        code, message = (error.code, error.message) if error is not None else ("", "")
        at = self._clock.now()
        for entry in entries:
            after = replace(entry, state=state, changed_at=at, error_code=code, error_message=message)
            self._changed.publish(after)


def _fits(query: NextQuery) -> bool:
    """Return whether a request can hold all of it; what can't be written down at all fits nowhere."""
    try:
        return size_of(query) <= MAX_REQUEST_BYTES
    except UserError:
        return False


def _first_batch(user_id: str, entries: Entries) -> tuple[Entries, UserError | None]:
    """Return as many of the first entries as fit into one request, or the first alone with why it never will."""
    if entries[0].damaged:
        return entries[:1], _damaged()
    try:
        return entries[: len(split_outcomes(user_id, [entry.outcome for entry in entries])[0])], None
    except UserError:
        pass
    for index, entry in enumerate(entries):
        try:
            split_outcomes(user_id, [entry.outcome])
        except UserError as error:
            return (entries[:1], error) if index == 0 else _first_batch(user_id, entries[:index])
    raise AssertionError("each fits alone, and all together do not")


def closing() -> NetworkError:
    """Return the error of an app that is about to end."""
    return NetworkError(
        "The app is closing. The answers wait and are sent at its next start.",
        code="E-OUT-CLOSING",
        next_step="Nothing to do: nothing is lost.",
    )


def _damaged() -> UserError:
    return UserError(
        "This answer can't be read any more: what is stored of it makes no sense. It can't be sent.",
        code="E-OUT-DAMAGED",
        next_step="Put it aside. The other answers are not affected.",
    )


def _busy() -> NetworkError:
    return NetworkError(
        "Another window of the app is sending answers of this learner.",
        code="E-OUT-BUSY",
        next_step="Nothing to do: it goes on by itself.",
        retryable=True,
    )


def _held(host: str) -> NetworkError:
    return NetworkError(
        "{host} asked us to slow down.",
        code="E-BUSY",
        next_step="Nothing to do: it is tried again by itself.",
        values={"host": host},
        retryable=True,
    )
