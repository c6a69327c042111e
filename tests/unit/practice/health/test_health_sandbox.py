"""Health check and sweep against the sandbox's real recommender, sound and with each of its flaws."""

from __future__ import annotations

import itertools
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from sana_desktop.api.practice import PracticeClient, sandbox_catalogue
from sana_desktop.api.practice_hosts import parse_practice_origin
from sana_desktop.api.practice_models import Constraints, NextQuery
from sana_desktop.base.clock import SystemClock
from sana_desktop.base.redaction import Redactor, Secret
from sana_desktop.practice.asker import ClientAsker
from sana_desktop.practice.compare import sweep
from sana_desktop.practice.compare.sweep_result import SweepVerdict
from sana_desktop.practice.compare.why import why_empty
from sana_desktop.practice.exercises.catalogue import Catalogue
from sana_desktop.practice.health.check import TESTS, HealthCheck
from sana_desktop.practice.health.report import HealthVerdict
from sana_desktop.sandbox.flaws import FLAWS, Flaw
from sana_desktop.sandbox.server import SandboxServer, running_sandbox

FRESH = itertools.count()
CAUGHT_BY: dict[Flaw, str] = {
    "random": "stable",
    "constant": "adapts",
    "ignores_tags": "constraints",
    "ignores_paths": "constraints",
    "ignores_count": "count",
    "ignores_challenge": "challenge",
    "ignores_answers": "adapts",
    "repeats": "repeats",
    "harder_after_wrong": "all_wrong",
    "review_unseen": "review",
    "empty_when_hard": "empty",
}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxServer]:
    with running_sandbox(rows=200) as server:
        yield server


@asynccontextmanager
async def client_of(server: SandboxServer) -> AsyncIterator[PracticeClient]:
    told = server.describe()
    origin, key = parse_practice_origin(told["practice_url"]), Secret(told["api_key"])
    client = PracticeClient(origin, key, clock=SystemClock(), redactor=Redactor())
    try:
        yield client
    finally:
        await client.aclose()


async def fresh() -> str:
    return f"sana-desktop-test-{next(FRESH)}"


async def verdicts(server: SandboxServer, flaw: Flaw | None) -> dict[str, HealthVerdict]:
    server.flaw = flaw
    try:
        async with client_of(server) as client:
            report = await HealthCheck(ClientAsker(client, SystemClock()), fresh, SystemClock()).run()
    finally:
        server.flaw = None
    return {line.name: line.verdict for line in report.lines}


async def test_the_sound_one_passes_every_test(sandbox: SandboxServer) -> None:
    assert await verdicts(sandbox, None) == {test.name: HealthVerdict.PASS for test in TESTS}


@pytest.mark.parametrize("flaw", FLAWS)
async def test_its_flaw_is_caught(sandbox: SandboxServer, flaw: Flaw) -> None:
    assert (await verdicts(sandbox, flaw))[CAUGHT_BY[flaw]] is HealthVerdict.FAIL


@pytest.mark.parametrize(
    ("flaw", "verdict"),
    [
        (None, SweepVerdict.DIFFERENCE),
        ("constant", SweepVerdict.NO_DIFFERENCE),
        ("random", SweepVerdict.NO_DIFFERENCE),
        ("ignores_challenge", SweepVerdict.NO_DIFFERENCE),
    ],
)
async def test_a_sweep_of_the_challenge(sandbox: SandboxServer, flaw: Flaw | None, verdict: SweepVerdict) -> None:
    sandbox.flaw = flaw
    random.seed(1)  # a difference that chance makes in one of 20 runs counts as one: these are not among them
    try:
        async with client_of(sandbox) as client:
            plan = sweep.plan(sweep.challenge_levels(NextQuery(await fresh(), 10)))
            found = await sweep.Sweep(ClientAsker(client, SystemClock()), plan, SystemClock()).run()
    finally:
        sandbox.flaw = None
    assert found.verdict is verdict


async def test_why_it_is_empty_and_what_there_would_be(sandbox: SandboxServer) -> None:
    async with client_of(sandbox) as client:
        catalogue = Catalogue(await sandbox_catalogue(client))
        path = min(catalogue.exercises, key=lambda each: each.id).path
        inside = catalogue.matching(Constraints(paths=(path,)))
        query = NextQuery(await fresh(), 5, Constraints(paths=(path,), tags=("no-such-tag",)))
        found = await why_empty(ClientAsker(client, SystemClock()), query)
    assert found.words()[1] == f"Without the tag no-such-tag there would be {len(inside)}."
