"""What tests of the job queue stand on: a hasty clock, a bench of real parts, and one for travels through time."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from sana_desktop.api.insights import InsightsClient
from sana_desktop.api.models import DownloadLink, JobSnapshot, Phase, ReportFormat
from sana_desktop.base.clock import Clock, ServerClock
from sana_desktop.base.errors import SanaError
from sana_desktop.base.redaction import Secret
from sana_desktop.base.tasks import Supervisor
from sana_desktop.reports.queue.job_queue import ConnectionPaused, Insights, JobQueue
from sana_desktop.reports.queue.policy import OrderPolicy
from sana_desktop.reports.records.job import JobRecord, JobState, Order
from sana_desktop.reports.records.ledger import Ledger
from sana_desktop.store.database import Database
from sana_desktop.store.schema import load_migrations, migrate
from tests.support.clock import ManualClock

Result = TypeVar("Result")
HASTE = 25.0


class HastyClock:
    """The computer's clock, running `HASTE` times as fast: a test of real parts need not wait as long as a person."""

    def __init__(self) -> None:
        self._start = time.monotonic()
        self._wall = datetime.now(UTC)

    def now(self) -> datetime:
        return self._wall + timedelta(seconds=self.monotonic() - 1_000.0)

    def monotonic(self) -> float:
        return 1_000.0 + (time.monotonic() - self._start) * HASTE

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(max(seconds, 0.0) / HASTE)


class InlineDatabase:
    """SQLite with the app's own tables, on the loop's thread: virtual time does not wait for other threads."""

    def __init__(self) -> None:
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        migrate(self.connection, load_migrations())
        self.writes = 0
        self.broken: Callable[[], SanaError] | None = None

    async def read(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        return work(self.connection)

    async def write(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        if self.broken is not None:
            raise self.broken()
        self.writes += 1
        with self.connection:
            return work(self.connection)


@dataclass
class Call:
    """One request a site saw: what it was and when, in monotonic seconds."""

    kind: str
    job_id: str
    at: float


@dataclass
class VirtualSite:
    """A site in virtual time: jobs that take `takes` seconds, and whatever failure is set.

    Attributes:
        failing: raises what each look meets while it is set; `refusing` the same for orders.
    """

    clock: Clock
    takes: float = 10.0
    word: str = "pending"
    failing: Callable[[], Exception] | None = None
    refusing: Callable[[], Exception] | None = None
    calls: list[Call] = field(default_factory=list)
    orders: dict[str, float] = field(default_factory=dict)
    links: int = 1

    def __post_init__(self) -> None:
        self.server_clock = ServerClock(self.clock)

    async def client(self, connection_id: str) -> Insights:
        return self

    @property
    def access(self) -> str:
        return "client abc"

    async def submit(self, sql: str, report_format: ReportFormat) -> JobSnapshot:
        self.calls.append(Call("submit", "", self.clock.monotonic()))
        if self.refusing is not None:
            raise self.refusing()
        job_id = f"r{len(self.orders) + 1}"
        self.orders[job_id] = self.clock.monotonic()
        return JobSnapshot(job_id, "pending", Phase.PENDING, created_at=self.clock.now())

    async def poll(self, job_id: str) -> JobSnapshot:
        self.calls.append(Call("poll", job_id, self.clock.monotonic()))
        if self.failing is not None:
            raise self.failing()
        began = self.orders.setdefault(job_id, self.clock.monotonic())
        if self.clock.monotonic() - began < self.takes:
            known = self.word == "pending"
            return JobSnapshot(job_id, self.word, Phase.PENDING if known else Phase.UNKNOWN)
        created = self.clock.now() - timedelta(seconds=self.clock.monotonic() - began)
        link = DownloadLink(Secret(f"https://store.example/{job_id}?sig={self.links}"), None)
        finished = created + timedelta(seconds=self.takes)
        return JobSnapshot(job_id, "successful", Phase.READY, created_at=created, finished_at=finished, link=link)

    def times(self, kind: str) -> list[float]:
        return [call.at for call in self.calls if call.kind == kind]


@dataclass
class Bench:
    """A queue on a bench, with everything that it published."""

    queue: JobQueue
    ledger: Ledger
    supervisor: Supervisor
    failures: list[BaseException] = field(default_factory=list)
    seen: list[JobRecord] = field(default_factory=list)
    notices: list[ConnectionPaused] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.queue.changed.subscribe(self.seen.append)
        self.queue.paused.subscribe(self.notices.append)

    def latest(self, identity: str) -> JobRecord:
        return next(record for record in reversed(self.seen) if record.id == identity)

    def states(self, identity: str) -> list[JobState]:
        """Return the states a job went through, each once in a row."""
        states: list[JobState] = []
        for record in self.seen:
            if record.id == identity and states[-1:] != [record.state]:
                states.append(record.state)
        return states

    async def until(self, condition: Callable[[JobRecord], bool], identity: str, seconds: float = 60.0) -> JobRecord:
        """Wait until the latest record of a job fulfils `condition`, in real seconds."""
        found = [record for record in self.seen if record.id == identity][-1:]
        if found and condition(found[0]):
            return found[0]
        arrived: asyncio.Future[JobRecord] = asyncio.get_running_loop().create_future()

        def look(record: JobRecord) -> None:
            if record.id == identity and condition(record) and not arrived.done():
                arrived.set_result(record)

        unsubscribe = self.queue.changed.subscribe(look)
        try:
            async with asyncio.timeout(seconds):
                return await arrived
        finally:
            unsubscribe()

    async def until_state(self, state: JobState, identity: str) -> JobRecord:
        return await self.until(lambda record: record.state is state, identity)


class OneClient:
    """Gives the same client for every connection."""

    def __init__(self, client: Insights | InsightsClient) -> None:
        self._client = client

    async def client(self, connection_id: str) -> Insights:
        return self._client


def an_order(title: str = "Completions", sql: str = "SELECT 1", connection_id: str = "acme") -> Order:
    return Order(connection_id, title, sql, ReportFormat.CSV)


@asynccontextmanager
async def real_bench(
    path: Path,
    client: Insights,
    *,
    owner: str = "me",
    is_alive: Callable[[str], bool] = lambda owner: False,
    person: str = "",
    policy: OrderPolicy | None = None,
) -> AsyncIterator[Bench]:
    """Yield a queue on the app's real database and a real client, in hasty time."""
    clock = HastyClock()
    database = Database(path / "sana.sqlite3")
    await database.open()
    failures: list[BaseException] = []
    supervisor = Supervisor("test", lambda name, error: failures.append(error))
    ledger = Ledger(database)
    queue = JobQueue(
        ledger, OneClient(client), clock, supervisor, owner=owner, is_alive=is_alive, person=person, policy=policy
    )
    bench = Bench(queue, ledger, supervisor, failures)
    try:
        yield bench
    finally:
        await queue.stop()
        await supervisor.stop()
        await database.close()
    assert not failures


def place_of(connection: str) -> tuple[str, str, str]:
    """Return name, address and mark of a connection's site."""
    return connection.title(), f"https://{connection}.sana.ai", "test"


@asynccontextmanager
async def virtual_bench(
    site: VirtualSite, clock: ManualClock, database: InlineDatabase | None = None, *, owner: str = "me"
) -> AsyncIterator[Bench]:
    """Yield a queue in virtual time."""
    failures: list[BaseException] = []
    supervisor = Supervisor("test", lambda name, error: failures.append(error))
    ledger = Ledger(database or InlineDatabase())
    queue = JobQueue(ledger, site, clock, supervisor, owner=owner, uniform=lambda: 0.5, place=place_of)
    bench = Bench(queue, ledger, supervisor, failures)
    try:
        yield bench
    finally:
        await queue.stop()
        await supervisor.stop()
    assert not failures
