"""How fast a simulated learner plays against the demo workspace, a process of its own: steps a second by mode."""

from __future__ import annotations

import asyncio
import http.client
import itertools
import json
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

from sana_desktop.api.practice import PracticeClient
from sana_desktop.api.practice_hosts import parse_practice_origin
from sana_desktop.base.clock import SystemClock
from sana_desktop.base.redaction import Redactor
from sana_desktop.practice.asker import ClientAsker
from sana_desktop.practice.meaning.meaning import Meaning
from sana_desktop.practice.sessions.session import Mode, Setup
from sana_desktop.practice.simulate.personas import STEADY, SimulatedLearner
from sana_desktop.practice.simulate.player import Player
from sana_desktop.workspace.demo_server import DemoAddress
from tests.benchmarks.live import sandbox_process
from tests.benchmarks.table import Row, show

STEPS, RUNS = 10_000, 5
"""Steps a mode, in so many runs; each begins with a learner who has answered nothing."""
PER_CALL = {Mode.SINGLE: 1, Mode.BATCH: 10, Mode.COMBINED: 1}
WARM_UP = 50
USERS = (f"benchmark-{number}" for number in itertools.count())


@asynccontextmanager
async def practice_sandbox(folder: Path) -> AsyncIterator[tuple[PracticeClient, DemoAddress]]:
    """Start a sandbox process and yield a client of it, and where it is."""
    server = sandbox_process(folder)
    address = await server.start()
    origin = parse_practice_origin(address.practice_url)
    client = PracticeClient(origin, address.api_key, clock=SystemClock(), redactor=Redactor())
    try:
        yield client, address
    finally:
        await client.aclose()
        await server.stop()


async def play(client: PracticeClient, mode: Mode, steps: int) -> float:
    """Play with everything that a session has on it, and return the seconds."""
    clock, meaning = SystemClock(), Meaning()
    setup = Setup(mode, next(USERS), PER_CALL[mode], challenge_level=0.4)
    player = Player(ClientAsker(client, clock), SimulatedLearner(STEADY, 1), setup, clock)
    played, began = 0, time.perf_counter()
    async for step in player.play(steps):
        played += 1
        meaning.offered([step.exercise])
        meaning.answered(step.exercise, step.outcome, step.query.challenge_level)
    assert played == steps
    return time.perf_counter() - began


def bare(address: DemoAddress, steps: int) -> float:
    """The same two requests a step with the standard library and nothing else, a new connection each; the seconds."""
    user, where = next(USERS), urlsplit(address.practice_url)
    assert where.hostname is not None
    headers = {"X-API-KEY": address.api_key.reveal(), "Content-Type": "application/json"}

    def post(path: str, body: object) -> bytes:
        connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=30)
        connection.request("POST", path, json.dumps(body), headers)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        assert answer.status == 200
        return text

    began = time.perf_counter()
    for _ in range(steps):
        question = {"user_id": user, "num_exercises": 1, "target": {"challenge_level": 0.4}}
        exercise = json.loads(post("/v1/next-exercises", question))["exercises"][0]
        outcome = {"timestamp": "2026-01-01T00:00:00Z", "result": "correct"}
        answer = {"user_id": user, "exercise_outcomes": [{"exercise": exercise, "outcome": outcome}]}
        post("/v1/exercise-outcomes", answer)
    return time.perf_counter() - began


async def pace(run: Callable[[int], Awaitable[float]]) -> float:
    """Return the steps a second, the median of the runs."""
    await run(WARM_UP)
    a_run = STEPS // RUNS
    return statistics.median([a_run / await run(a_run) for _ in range(RUNS)])


async def test_steps_a_second(tmp_path: Path) -> None:
    async with practice_sandbox(tmp_path) as (client, address):
        peer = await pace(lambda steps: asyncio.to_thread(bare, address, steps))
        rows = [
            Row(f"{mode}, {PER_CALL[mode]} a request", await pace(lambda steps: play(client, mode, steps)), "/s", peer)  # noqa: B023
            for mode in Mode
        ]
    show(
        f"{STEPS:,} simulated steps a mode, median of {RUNS} runs",
        rows,
        "the peer: one at a time with the standard library alone, no learner and no figures",
    )
    assert all(row.ours > 0 for row in rows)
