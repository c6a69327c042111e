"""What plays by itself writes its session with its answers: a kill at any moment leaves both or neither."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from sana_desktop.api.practice_models import NextQuery
from sana_desktop.base.errors import SanaError
from sana_desktop.practice.outcomes.outbox import OutboxState
from sana_desktop.practice.sessions.session import Answered, Asked, Event, Mode, Setup
from sana_desktop.practice.sessions.session_asker import SessionAsker
from sana_desktop.practice.sessions.sessions import SessionStore
from sana_desktop.practice.simulate.personas import PERSONAS, SimulatedLearner
from sana_desktop.practice.simulate.player import Player
from tests.support.outbox_bench import (
    SITE,
    CountingService,
    Fault,
    MemoryDatabase,
    SwiftClock,
    lost,
    make_bench,
    outbox_bench,
    some_outcomes,
)


def shape(events: Sequence[Event]) -> list[str]:
    """Return "ask" for each question, and for each answer how many events before it its question stands."""
    return [
        "ask" if isinstance(event, Asked) else str(at - event.asked) if event.asked is not None else "?"
        for at, event in enumerate(events)
    ]


@pytest.mark.parametrize("mode", Mode)
async def test_i2_a_kill_at_any_moment_leaves_an_answer_in_outbox_and_session_or_in_neither(mode: Mode) -> None:
    clock, images = SwiftClock(), list[bytes]()

    class Watched(MemoryDatabase):
        async def write(self, work: Any, *, patience_seconds: float | None = None) -> Any:
            result = await super().write(work, patience_seconds=patience_seconds)
            images.append(self.image())
            return result

    database = Watched()
    bench = await make_bench(database, CountingService(clock), clock)
    sessions = SessionStore(database, clock)
    learner = await bench.learners.make(SITE)
    setup = Setup(mode, learner.user_id)
    record = await sessions.begin(SITE, setup)
    told: list[Event] = []

    def written(first: int, events: Sequence[Event]) -> None:
        assert first == len(told)
        told.extend(events)

    asker = SessionAsker(bench.delivery, sessions, SITE, record.id, written=written, plays=lambda: ("guesser", 7))
    player = Player(asker, SimulatedLearner(PERSONAS[0], 1), setup, clock)
    images.clear()
    steps = [step async for step in player.play(3)]
    for image in images:
        left = MemoryDatabase(image)
        after = await make_bench(left, CountingService(clock), clock)
        events = (await SessionStore(left, clock).load(record.id)).events
        who = {(event.persona, event.seed) for event in events if isinstance(event, Answered)}
        assert who <= {("guesser", 7)}, "each answer says who gave it"
        lines = [event.entry for event in events if isinstance(event, Answered)]
        assert lines == [entry.number for entry in await after.delivery.entries(open_only=False)]
        assert shape(events) == ["ask", "1"] * (len(events) // 2)
        await after.close()
    events = (await sessions.load(record.id)).events
    assert events == tuple(told)
    assert [event.outcome for event in events if isinstance(event, Answered)] == [step.outcome for step in steps]
    assert shape(events) == ["ask", "1"] * 3
    assert (await sessions.list())[0].answered == 3
    await bench.close()


async def test_answers_point_at_their_question_whatever_else_is_written_meanwhile(tmp_path: Path) -> None:
    async with outbox_bench(tmp_path) as (bench, _, clock):
        sessions = SessionStore(bench.ledger._database, clock)
        user = (await bench.learners.make(SITE)).user_id
        record = await sessions.begin(SITE, Setup(Mode.BATCH, user))
        asker = SessionAsker(bench.delivery, sessions, SITE, record.id)
        recommendation = await asker.next(NextQuery(user))
        assert (await sessions.load(record.id)).events == (), "a question that nobody answered is no line"
        await sessions.append(record.id, Asked(clock.now(), NextQuery(user), recommendation))
        await asker.post(user, some_outcomes(2))
        await asker.post(user, some_outcomes(1, start=2))
        assert shape((await sessions.load(record.id)).events) == ["ask", "ask", "1", "2", "3"]


async def test_an_answer_of_unknown_fate_is_a_line_too(tmp_path: Path) -> None:
    async with outbox_bench(tmp_path) as (bench, service, clock):
        sessions = SessionStore(bench.ledger._database, clock)
        user = (await bench.learners.make(SITE)).user_id
        record = await sessions.begin(SITE, Setup(Mode.SINGLE, user))
        asker = SessionAsker(bench.delivery, sessions, SITE, record.id)
        await asker.next(NextQuery(user))
        service.faults = [Fault(lost)]
        with pytest.raises(SanaError):
            await asker.post(user, some_outcomes(1))
        (entry,) = await bench.delivery.entries()
        _, line = (await sessions.load(record.id)).events
        assert isinstance(line, Answered)
        assert (line.entry, entry.state, entry.session) == (entry.number, OutboxState.UNKNOWN, record.id)


async def test_answers_to_nothing_are_a_mistake_of_ours(tmp_path: Path) -> None:
    async with outbox_bench(tmp_path) as (bench, _, clock):
        sessions = SessionStore(bench.ledger._database, clock)
        user = (await bench.learners.make(SITE)).user_id
        record = await sessions.begin(SITE, Setup(Mode.SINGLE, user))
        with pytest.raises(RuntimeError):
            await SessionAsker(bench.delivery, sessions, SITE, record.id).post(user, some_outcomes(1))
        assert await bench.delivery.entries() == ()
