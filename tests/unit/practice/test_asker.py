"""Asking through one client: what is repeated and what never is (B7), and the pace (B8)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

import pytest

from sana_desktop.api.origin import Origin
from sana_desktop.api.practice import PracticeClient
from sana_desktop.api.practice_models import NextQuery, Recommendation
from sana_desktop.base.clock import SystemClock
from sana_desktop.base.errors import AuthError, NetworkError, OutcomesRefused, OutcomesUnknown
from sana_desktop.practice.asker import MAX_TRIES, MAX_WAIT_SECONDS, ClientAsker
from sana_desktop.practice.outcomes.pace import REQUESTS_PER_SECOND
from tests.support.clock import ManualClock
from tests.support.fake_server import FakeServer, Reply, Script
from tests.support.practice_askers import exchange
from tests.support.practice_client import ASK, EMPTY, NEXT, OUTCOMES, errors, outcome, practice_of, recommended

WAIT = Reply(429, headers=[("Retry-After", "3")])


class Hurried(SystemClock):
    """Does not wait: time has passed at once. Keeps how long it should have waited."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return super().monotonic() + sum(self.slept)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(0)


@asynccontextmanager
async def asking(next_replies: tuple[Script, ...] = (), posts: tuple[Script, ...] = ()) -> AsyncIterator[
    tuple[ClientAsker, FakeServer, Hurried]
]:  # fmt: skip
    clock = Hurried()
    async with FakeServer() as server, practice_of(server) as client:
        server.on("POST", NEXT, *next_replies or (recommended("a"),))
        server.on("POST", OUTCOMES, *posts or (EMPTY,))
        yield ClientAsker(client, clock, lambda: 0.0), server, clock


async def test_it_asks_and_posts() -> None:
    async with asking() as (asker, server, clock):
        answer = await asker.next(ASK)
        carried = await asker.post("user", [outcome(1), outcome(2)])
        assert [each.id for each in answer.exercises] == ["a"]
        assert carried is not None
        assert carried.status == 200
        assert server.count("POST", OUTCOMES) == 1
        assert clock.slept == []


async def test_outcomes_go_in_as_many_requests_as_they_need() -> None:
    async with asking() as (asker, server, _):
        await asker.post("user", [outcome(number, metadata="x" * 5_000) for number in range(7)])
        assert server.count("POST", OUTCOMES) == 3


async def test_a_question_is_repeated_and_only_so_often() -> None:
    async with asking((errors(500), errors(503), recommended("a"))) as (asker, server, clock):
        assert (await asker.next(ASK)).exercises
        assert clock.slept == pytest.approx([0.5, 1.0], abs=0.01)
        server.on("POST", NEXT, errors(500))
        with pytest.raises(NetworkError):
            await asker.next(ASK)
        assert server.count("POST", NEXT) == 3 + MAX_TRIES


async def test_o03_outcomes_whose_answer_is_lost_are_never_sent_again() -> None:
    async with asking((errors(500),), (errors(500),)) as (asker, server, _):
        with pytest.raises(OutcomesUnknown):
            await asker.post("user", [outcome()])
        with pytest.raises(OutcomesUnknown):
            await asker.next(NextQuery("user", outcomes=(outcome(),)))
        assert (server.count("POST", OUTCOMES), server.count("POST", NEXT)) == (1, 1)


async def test_what_was_surely_not_taken_is_sent_again_after_the_time_asked_for() -> None:
    async with asking(posts=(WAIT, EMPTY)) as (asker, server, clock):
        await asker.post("user", [outcome()])
        assert server.count("POST", OUTCOMES) == 2
        assert clock.slept == pytest.approx([3.0], abs=0.01)


async def test_nobody_waits_for_hours() -> None:
    long = Reply(429, headers=[("Retry-After", str(MAX_WAIT_SECONDS + 1))])
    async with asking((long,)) as (asker, server, _):
        with pytest.raises(NetworkError):
            await asker.next(ASK)
        assert server.count("POST", NEXT) == 1


async def test_a_no_is_a_no() -> None:
    async with asking((errors(401),), (errors(400, "bad"),)) as (asker, server, _):
        with pytest.raises(AuthError):
            await asker.next(ASK)
        with pytest.raises(OutcomesRefused, match="bad"):
            await asker.post("user", [outcome()])
        assert len(server.requests) == 2


async def test_b08_the_pace_away_from_this_computer() -> None:
    class Elsewhere:
        """A client of a site that no test may call."""

        origin = Origin("https", "api.example.com", 443)

        async def next_exercises(self, query: NextQuery) -> Recommendation:
            return Recommendation((), exchange())

    clock = ManualClock()
    asker = ClientAsker(cast(PracticeClient, Elsewhere()), clock)
    done: list[float] = []

    async def many() -> None:
        for _ in range(3 * REQUESTS_PER_SECOND):
            await asker.next(ASK)
            done.append(clock.monotonic())

    async with asyncio.TaskGroup() as group:
        group.create_task(many())
        await clock.advance(0.99)
        assert len(done) == REQUESTS_PER_SECOND
        await clock.advance(5)
    assert all(later - earlier >= 0.999 for earlier, later in zip(done, done[REQUESTS_PER_SECOND:], strict=False))
