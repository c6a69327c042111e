"""A session replayed to another learner is written with its answers: a kill at any moment leaves both or neither."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sana_desktop.api.practice_models import ExerciseOutcome, NextQuery, Recommendation
from sana_desktop.base.errors import SanaError
from sana_desktop.practice.sessions.rerun import goes_on, rerun, steps_before
from sana_desktop.practice.sessions.rerun_asker import RerunAsker
from sana_desktop.practice.sessions.rerun_marks import RerunMark, RerunMarks
from sana_desktop.practice.sessions.session import Answered, Asked, Event, Mode, SessionRecord, Setup
from sana_desktop.practice.sessions.sessions import SessionStore
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
    sessions = SessionStore(bench.ledger._database, clock)
    user = (await bench.learners.make(SITE)).user_id
    marks = RerunMarks(bench.ledger._database)
    made = await sessions.begin(SITE, replace(RECORD.setup, user_id=user), also=marks.beginning(RECORD))
    images.clear()
    asker = RerunAsker(bench.delivery, sessions, marks, RECORD, made)
    assert [step.number async for step in rerun(asker, RECORD, user)] == [1, 2, 3, 4]
    for image in images:
        left = MemoryDatabase(image)
        after = await make_bench(left, CountingService(clock), clock)
        events = (await SessionStore(left, clock).load(made.id)).events
        lines = [event.entry for event in events if isinstance(event, Answered)]
        assert lines == [entry.number for entry in await after.delivery.entries(open_only=False)]
        assert told(events) == told(RECORD.events)[: len(events)]
        mark = await RerunMarks(left).get(made.id)
        assert (mark.done if mark is not None else len(RECORD.events)) == len(events), "and how far it is"
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
        sessions = SessionStore(bench.ledger._database, clock)
        user = (await bench.learners.make(SITE)).user_id
        marks = RerunMarks(bench.ledger._database)
        made = await sessions.begin(SITE, replace(RECORD.setup, user_id=user), also=marks.beginning(RECORD))
        asker = RerunAsker(bench.delivery, sessions, marks, RECORD, made)
        service.faults = [Fault(), Fault(), Fault(), Fault(lost)]
        with pytest.raises(SanaError):
            async for _ in rerun(asker, RECORD, user):
                pass
        lines = (await sessions.load(made.id)).events
        assert told(lines) == told(RECORD.events)[:4]
        assert isinstance(lines[-1], Answered)
        assert [entry.number for entry in await bench.delivery.entries()] == [lines[-1].entry], "its fate is unknown"


async def test_o07_one_that_was_killed_anywhere_is_gone_on_with_to_the_same_end() -> None:
    """From whatever a kill left: each answer is sent once, each question is put once, and what was found is whole."""
    clock, images = SwiftClock(), list[bytes]()

    class Watched(MemoryDatabase):
        async def write(self, work: Any, *, patience_seconds: float | None = None) -> Any:
            result = await super().write(work, patience_seconds=patience_seconds)
            images.append(self.image())
            return result

    bench = await make_bench(Watched(), CountingService(clock), clock)
    sessions, marks = SessionStore(bench.ledger._database, clock), RerunMarks(bench.ledger._database)
    user = (await bench.learners.make(SITE)).user_id
    made = await sessions.begin(SITE, replace(RECORD.setup, user_id=user), also=marks.beginning(RECORD))
    assert await marks.all() == {made.id: RerunMark(made.id, "old", "t", 0, len(RECORD.events))}
    images.clear()
    said: list[int] = []
    whole = [step async for step in rerun(RerunAsker(bench.delivery, sessions, marks, RECORD, made, said.append),
        RECORD, user)]  # fmt: skip
    assert (said, await marks.get(made.id)) == ([1, 2, 3, 4, 5, 6, 8, 9, 10], None), "of one that is through, no mark"
    seen = set[int]()
    for image in images:
        left = MemoryDatabase(image)
        after = await make_bench(left, CountingService(clock), clock, owner="next")
        await after.delivery.restore()  # what was under way is unknown, and never sent again
        book, kept = SessionStore(left, clock), RerunMarks(left)
        mark, so_far = await kept.get(made.id), await book.load(made.id)
        if mark is None:
            await after.close()
            continue
        seen.add(mark.done)
        assert goes_on(RECORD, so_far, mark.done)
        asker = RerunAsker(after.delivery, book, kept, RECORD, so_far)
        steps = steps_before(RECORD, so_far)
        steps += [step async for step in rerun(asker, RECORD, user, mark.done)]
        assert [(step.number, step.total, step.then) for step in steps] == [
            (step.number, step.total, step.then) for step in whole
        ]
        events = (await book.load(made.id)).events
        assert told(events) == told(RECORD.events)
        numbers = [event.entry for event in events if isinstance(event, Answered)]
        assert numbers == [entry.number for entry in await after.delivery.entries(open_only=False)], "each once"
        assert await kept.get(made.id) is None
        await after.close()
    assert len(seen) > 6
    await bench.close()


async def test_one_that_a_person_went_on_with_is_not_gone_on_with(tmp_path: Path) -> None:
    async with outbox_bench(tmp_path) as (bench, service, clock):
        sessions, marks = SessionStore(bench.ledger._database, clock), RerunMarks(bench.ledger._database)
        user = (await bench.learners.make(SITE)).user_id
        made = await sessions.begin(SITE, replace(RECORD.setup, user_id=user), also=marks.beginning(RECORD))
        service.faults = [Fault(), Fault(lost)]
        with pytest.raises(SanaError):
            async for _ in rerun(RerunAsker(bench.delivery, sessions, marks, RECORD, made), RECORD, user):
                pass
        mark = await marks.get(made.id)
        assert mark is not None
        assert goes_on(RECORD, await sessions.load(made.id), mark.done)
        await sessions.append(made.id, answer(E, None))
        assert not goes_on(RECORD, await sessions.load(made.id), mark.done)
        assert await marks.get(made.id) == mark
        await marks.leave(made.id)
        assert (await marks.all())[made.id].is_left


async def test_many_answers_are_sent_again_a_handful_at_a_time(tmp_path: Path) -> None:
    async with outbox_bench(tmp_path) as (bench, _service, clock):
        sessions, marks = SessionStore(bench.ledger._database, clock), RerunMarks(bench.ledger._database)
        user = (await bench.learners.make(SITE)).user_id
        many = replace(RECORD, events=tuple(answer(each, None) for each in some_outcomes(120)))
        made = await sessions.begin(SITE, replace(RECORD.setup, user_id=user), also=marks.beginning(many))
        said: list[int] = []
        async for _ in rerun(RerunAsker(bench.delivery, sessions, marks, many, made, said.append), many, user):
            pass
        assert said == [50, 100, 120]
