"""Delivery in a process that is killed from outside: `python -m tests.support.dying_outbox HOME URL KEY COUNT`.

It makes a test learner the first time, puts outcomes into the outbox one by one while it sends them, and prints what is
done for good: `learner ID` and `put NUMBER`. A later life first restores what the last one left, and then goes on. With
COUNT outcomes put it flushes, prints `done`, and ends. With a CSV as a fifth argument it replays that, instead, and
prints `replayed NUMBER`.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sana_desktop.api.origin import parse_workspace
from sana_desktop.api.practice import PracticeClient
from sana_desktop.base.clock import SystemClock
from sana_desktop.base.redaction import Redactor, Secret
from sana_desktop.base.tasks import Supervisor
from sana_desktop.practice.compare.repeatability import RepeatabilityStore
from sana_desktop.practice.learners import LearnerStore
from sana_desktop.practice.outcomes.delivery import Delivery
from sana_desktop.practice.outcomes.delivery_policy import DeliveryPolicy
from sana_desktop.practice.outcomes.outbox import OutboxLedger
from sana_desktop.practice.replay.columns import guess_mapping
from sana_desktop.practice.replay.progress import ReplayProgress, ReplayState
from sana_desktop.practice.replay.service import ReplayService
from sana_desktop.practice.sessions.sessions import SessionStore
from sana_desktop.store.database import Database
from sana_desktop.store.ownership import ProcessMark
from tests.support.outbox_bench import SITE, an_outcome
from tests.support.project import ROOT


class OneClient:
    """Gives the same client for every connection."""

    def __init__(self, client: PracticeClient) -> None:
        self._client = client

    async def client(self, connection_id: str) -> PracticeClient:
        return self._client


@dataclass
class Parts:
    """The parts of practice that deliver, open on one data folder."""

    delivery: Delivery
    learners: LearnerStore
    sessions: SessionStore
    replays: ReplayService


@asynccontextmanager
async def open_parts(home: Path, url: str, key: str) -> AsyncIterator[Parts]:
    """Open them as the app does, against a service on this computer."""
    clock, supervisor = SystemClock(), Supervisor("test")
    database, mark = Database(home / "sana.db"), ProcessMark(home / "processes")
    await database.open()
    client = PracticeClient(parse_workspace(url), Secret(key), clock=clock, redactor=Redactor())
    learners = LearnerStore(database, clock)
    await learners.load()
    delivery = Delivery(
        OutboxLedger(database),
        OneClient(client),
        learners,
        clock,
        supervisor,
        owner=mark.acquire(),
        is_alive=mark.is_alive,
        policy=DeliveryPolicy(rest_seconds=0.2),
    )
    try:
        sessions = SessionStore(database, clock)
        replays = ReplayService(database, delivery, learners, sessions, clock, supervisor, RepeatabilityStore())
        yield Parts(delivery, learners, sessions, replays)
    finally:
        await delivery.stop()
        await supervisor.stop()
        await client.aclose()
        await database.close()
        mark.release()


def start(home: Path, url: str, key: str, count: int, *tables: Path) -> subprocess.Popen[str]:
    """Start a life."""
    command = [sys.executable, "-m", "tests.support.dying_outbox", str(home), url, key, str(count), *map(str, tables)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


async def live(home: Path, url: str, key: str, count: int) -> None:
    """One life."""
    async with open_parts(home, url, key) as parts:
        await parts.delivery.restore()
        known = parts.learners.list(SITE)
        learner = known[0] if known else await parts.learners.make(SITE)
        print("learner", learner.user_id, flush=True)
        there = await parts.delivery.entries(open_only=False, limit=100_000)
        for number in range(len(there), count):
            await parts.delivery.put(SITE, learner.user_id, [an_outcome(f"e{number:05d}", minute=number)])
            print("put", number, flush=True)
            parts.delivery.deliver(SITE, learner.user_id)
        while not (await parts.delivery.flush(SITE, learner.user_id)).all_answered:
            pass
        print("done", flush=True)


async def replay(home: Path, url: str, key: str, table: Path) -> None:
    """One life of a replay."""
    async with open_parts(home, url, key) as parts:
        await parts.delivery.restore()
        over = asyncio.Event()

        def tell(progress: ReplayProgress) -> None:
            print("replayed", progress.record.done, flush=True)
            if progress.state is not ReplayState.RUNNING:
                assert progress.state is ReplayState.FINISHED, progress.error
                over.set()

        parts.replays.progress.subscribe(tell)
        known = await parts.replays.unfinished()
        if known:
            record = known[0]
        else:
            learner = await parts.learners.make(SITE)
            columns = await parts.replays.columns(table)
            mapping = guess_mapping(columns.names)
            dry = await parts.replays.dry_run(table, mapping)
            record = await parts.replays.begin(table, mapping, SITE, learner.user_id, dry)
        print("learner", record.user_id, flush=True)
        parts.replays.start(record.id)
        await over.wait()


if __name__ == "__main__":
    if len(sys.argv) > 5:
        asyncio.run(replay(Path(sys.argv[1]), sys.argv[2], sys.argv[3], Path(sys.argv[5])))
    else:
        asyncio.run(live(Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])))
