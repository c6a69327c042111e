"""A session replayed to another learner is written with its answers: a kill at any moment leaves both or neither."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sana_desktop.api.practice_models import ExerciseOutcome, NextQuery, Recommendation
from sana_desktop.base.errors import SanaError
from sana_desktop.practice.sessions.rerun import rerun
from sana_desktop.practice.sessions.rerun_asker import RerunAsker
from sana_desktop.practice.sessions.session import Answered, Asked, Event, Mode, SessionRecord, Setup
from sana_desktop.practice.sessions.sessions import SessionBook
from tests.support.outbox_bench import (
    SITE,
    START,
    CountingService,
    Fault,
    MemoryDatabase,
    SwiftClock,
    an_exchange,
    lost,
    make_bench,
    outbox_bench,
    some_outcomes,
)

A, B, C, D, E = some_outcomes(5)


def question(*aboard: ExerciseOutcome) -> Asked:
    return Asked(START, NextQuery("u", 2, outcomes=aboard), Recommendation((A.exercise,), an_exchange()))


def answer(of: ExerciseOutcome, asked: int | None) -> Answered:
    return Answered(of.outcome.timestamp, of.exercise, of.outcome, asked, persona=None if asked is None else "rusty")


RECORD = SessionRecord(
    "old", SITE, "t", Setup(Mode.COMBINED, "u"),
    (
        answer(A, None),
        question(),  # nobody answered it
        question(),
        answer(B, 2),
        answer(C, 2),
        question(C),  # the last answer is on board
        answer(D, 2),  # late, to the question before
        answer(B, 5),
        question(),
        answer(E, 8),
    ),
    START, START,
)  # fmt: skip


def told(events: tuple[Event, ...]) -> list[tuple[str, int | None]]:
    """Return what each event is: of an answer the exercise, and where its question stands."""
    return [
        ("ask", None) if isinstance(event, Asked) else (event.exercise.id, event.asked)
        for event in events
    ]  # fmt: skip


async def test_i2_a_kill_at_any_moment_leaves_an_answer_in_outbox_and_session_or_in_neither() -> None:
    clock, images = SwiftClock(), list[bytes]()

    class Watched(MemoryDatabase):
        async def write(self, work: Any, *, patience_seconds: float | None = None) -> Any:
            result = await super().write(work, patience_seconds=patience_seconds)
            images.append(self.image())
            return result

    bench = await make_bench(Watched(), CountingService(clock), clock)
    sessions = SessionBook(bench.ledger._database, clock)
    user = (await bench.learners.make(SITE)).user_id
    made = await sessions.begin(SITE, replace(RECORD.setup, user_id=user))
    images.clear()
    asker = RerunAsker(bench.delivery, sessions, RECORD, made)
    assert [step.number async for step in rerun(asker, RECORD, user)] == [1, 2, 3, 4]
    for image in images:
        left = MemoryDatabase(image)
        after = await make_bench(left, CountingService(clock), clock)
        events = (await SessionBook(left, clock).load(made.id)).events
        lines = [event.entry for event in events if isinstance(event, Answered)]
        assert lines == [entry.number for entry in await after.delivery.entries(open_only=False)]
        assert told(events) == told(RECORD.events)[: len(events)]
        await after.close()
    again = await sessions.load(made.id)
    assert told(again.events) == told(RECORD.events), "with the questions that nobody answered"
    assert {event.query.user_id for event in again.events if isinstance(event, Asked)} == {user}
    assert again.outcomes == RECORD.outcomes
    who = [[event.persona for event in each if isinstance(event, Answered)] for each in (again.events, RECORD.events)]
    assert who[0] == who[1], "who answered then"
    await bench.close()


async def test_what_was_sent_before_a_trouble_is_there(tmp_path: Path) -> None:
    async with outbox_bench(tmp_path) as (bench, service, clock):
        sessions = SessionBook(bench.ledger._database, clock)
        user = (await bench.learners.make(SITE)).user_id
        made = await sessions.begin(SITE, replace(RECORD.setup, user_id=user))
        asker = RerunAsker(bench.delivery, sessions, RECORD, made)
        service.faults = [Fault(), Fault(), Fault(), Fault(lost)]
        with pytest.raises(SanaError):
            async for _ in rerun(asker, RECORD, user):
                pass
        lines = (await sessions.load(made.id)).events
        assert told(lines) == told(RECORD.events)[:4]
        assert isinstance(lines[-1], Answered)
        assert [entry.number for entry in await bench.delivery.entries()] == [lines[-1].entry], "its fate is unknown"
