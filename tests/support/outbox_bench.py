"""What tests of delivery stand on: a clock that never waits, the app's tables in memory, a service that keeps count."""

from __future__ import annotations

import asyncio
import math
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from sana_desktop.api.errors import NotSent, throttled
from sana_desktop.api.origin import Origin
from sana_desktop.api.practice_errors import key_refused, outcomes_unknown
from sana_desktop.api.practice_models import (
    Exchange,
    Exercise,
    ExerciseOutcome,
    NextQuery,
    Outcome,
    Recommendation,
    Result,
)
from sana_desktop.api.practice_split import split_outcomes
from sana_desktop.base.backoff import RetryQuota
from sana_desktop.base.clock import Clock
from sana_desktop.base.errors import OutcomesRefused, SanaError
from sana_desktop.base.tasks import Supervisor
from sana_desktop.practice.database import Database
from sana_desktop.practice.learners import LearnerStore
from sana_desktop.practice.outcomes.delivery import Delivery
from sana_desktop.practice.outcomes.delivery_policy import DeliveryPolicy
from sana_desktop.practice.outcomes.outbox import OutboxEntry, OutboxLedger
from sana_desktop.store import database as store
from sana_desktop.store.schema import load_migrations, migrate

T = TypeVar("T")
START = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
SITE = "site"
FAR = Origin("https", "api.example.com", 443)
HERE = Origin("http", "127.0.0.1", 8080)


class SwiftClock:
    """A clock on which every sleep is over at once, and has taken its time."""

    def __init__(self) -> None:
        self.passed = 1_000.0

    def now(self) -> datetime:
        return START + timedelta(seconds=self.passed)

    def monotonic(self) -> float:
        return self.passed

    async def sleep(self, seconds: float) -> None:
        due = self.passed + max(seconds, 0.0)
        await asyncio.sleep(0)
        self.passed = max(self.passed, due)


class MemoryDatabase:
    """SQLite with the app's own tables, in memory, on the loop's thread. `image` is what a kill would leave."""

    def __init__(self, image: bytes | None = None) -> None:
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        if image is None:
            migrate(self.connection, load_migrations())
        else:
            self.connection.deserialize(image)

    def image(self) -> bytes:
        return self.connection.serialize()

    async def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        return work(self.connection)

    async def write(self, work: Callable[[sqlite3.Connection], T], *, patience_seconds: float | None = None) -> T:
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            result = work(self.connection)
            self.connection.execute("COMMIT")
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        return result


def an_outcome(name: str, *, minute: int = 0, metadata: str | None = None) -> ExerciseOutcome:
    exercise = Exercise(name, "/IB/math/vectors/", ("tag1", "tag2"), 1.0, 1.0, metadata)
    return ExerciseOutcome(exercise, Outcome(START + timedelta(minutes=minute), Result.CORRECT, 2_000, 1.0))


def some_outcomes(count: int, start: int = 0) -> list[ExerciseOutcome]:
    return [an_outcome(f"e{number:05d}", minute=number) for number in range(start, start + count)]


def an_exchange(path: str = "/v1/exercise-outcomes") -> Exchange:
    return Exchange(path, START, "{}", 200, "", 0.01)


def not_sent() -> SanaError:
    return NotSent("It can't be reached.", code="E-NET-CONNECT", retryable=True)


def busy(seconds: float) -> SanaError:
    return throttled("api.example.com", 429, seconds)


def no_key() -> SanaError:
    return key_refused("api.example.com", 401, "")


def lost() -> SanaError:
    return outcomes_unknown()


def refused(status: int = 400) -> SanaError:
    return OutcomesRefused("It did not take the answers.", code="E-OUT-REFUSED", http_status=status)


@dataclass
class Fault:
    """What the next request meets: `error` is raised, after the outcomes took effect if `taken`.

    `on_wire` is called while the request is under way.
    """

    error: Callable[[], BaseException] | None = None
    taken: bool = False
    on_wire: Callable[[], None] = lambda: None


@dataclass
class CountingService:
    """A practice service that keeps what it took, in order. An exercise whose id starts with "bad" makes a 400.

    Attributes:
        taken: ids of the exercises answered, per learner, in the order in which they took effect.
        requests: how many outcomes each request carried; questions without any count as 0.
        faults: what the next requests meet, in order.
        gate: requests wait for it while it is not set.
        recommends: the answer to every question.
    """

    clock: Clock
    origin: Origin = FAR
    taken: dict[str, list[str]] = field(default_factory=dict)
    requests: list[int] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    always: Callable[[], BaseException] | None = None
    gate: asyncio.Event | None = None
    recommends: tuple[Exercise, ...] = (Exercise("next", "/p"),)

    async def client(self, connection_id: str) -> CountingService:
        return self

    async def post_outcomes(self, user_id: str, outcomes: Sequence[ExerciseOutcome]) -> Exchange:
        assert len(split_outcomes(user_id, outcomes)) == 1, "too long a request"
        await self._meet(user_id, outcomes)
        return an_exchange()

    async def next_exercises(self, query: NextQuery) -> Recommendation:
        await self._meet(query.user_id, query.outcomes)
        return Recommendation(self.recommends, an_exchange("/v1/next-exercises"))

    async def _meet(self, user_id: str, outcomes: Sequence[ExerciseOutcome]) -> None:
        self.requests.append(len(outcomes))
        self.times.append(self.clock.monotonic())
        fault = self.faults.pop(0) if self.faults else Fault(self.always)
        if self.gate is not None:
            await self.gate.wait()
        ids = [outcome.exercise.id for outcome in outcomes]
        if fault.error is not None and not fault.taken:
            fault.on_wire()
            raise fault.error()
        if any(name.startswith("bad") for name in ids):
            raise refused()
        self.taken.setdefault(user_id, []).extend(ids)
        fault.on_wire()
        if fault.error is not None:
            raise fault.error()


@dataclass
class OutboxBench:
    """Delivery on a bench, with everything that it published."""

    delivery: Delivery
    learners: LearnerStore
    ledger: OutboxLedger
    service: Any
    supervisor: Supervisor
    seen: list[OutboxEntry] = field(default_factory=list)
    failures: list[BaseException] = field(default_factory=list)

    async def states(self) -> list[str]:
        return [entry.state.value for entry in await self.delivery.entries(open_only=False)]

    async def close(self) -> None:
        await self.delivery.stop()
        await self.supervisor.stop()
        assert not self.failures


async def make_bench(
    database: Database,
    service: Any,
    clock: Any,
    *,
    owner: str = "me",
    is_alive: Callable[[str], bool] = lambda owner: False,
    policy: DeliveryPolicy | None = None,
) -> OutboxBench:
    failures: list[BaseException] = []
    supervisor = Supervisor("test", lambda name, error: failures.append(error))
    learners, ledger = LearnerStore(database, clock), OutboxLedger(database)
    await learners.load()
    delivery = Delivery(
        ledger,
        service,
        learners,
        clock,
        supervisor,
        owner=owner,
        is_alive=is_alive,
        # What waits in the background would come round at once on a swift clock.
        policy=policy or DeliveryPolicy(rest_seconds=math.inf),
        quota=RetryQuota(clock, tokens=1e9),
        uniform=lambda: 0.5,
    )
    bench = OutboxBench(delivery, learners, ledger, service, supervisor, failures=failures)
    delivery.changed.subscribe(bench.seen.append)
    return bench


@asynccontextmanager
async def outbox_bench(folder: Path, **changes: Any) -> AsyncIterator[tuple[OutboxBench, CountingService, SwiftClock]]:
    """Yield delivery on the app's real database, against a counting service, with time that does not wait."""
    clock = SwiftClock()
    service = CountingService(clock, **changes)
    database = store.Database(folder / "sana.db")
    await database.open()
    bench = await make_bench(database, service, clock, owner=database.owner_id)
    try:
        yield bench, service, clock
    finally:
        await bench.close()
        await database.close()
