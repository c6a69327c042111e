"""An answer is in the outbox and in its session, or in neither."""

from __future__ import annotations

from pathlib import Path

import pytest

from sana_desktop.api.practice_models import NextQuery, Recommendation
from sana_desktop.base.errors import UserError
from sana_desktop.practice.outcomes.outbox import OutboxState
from sana_desktop.practice.sessions.answering import Kept, keep_answers
from sana_desktop.practice.sessions.session import Answered, Asked, Mode, Setup
from sana_desktop.practice.sessions.sessions import SessionStore
from tests.support.outbox_bench import (
    SITE,
    START,
    CountingService,
    MemoryDatabase,
    SwiftClock,
    an_exchange,
    make_bench,
    outbox_bench,
    some_outcomes,
)

OUTCOMES = some_outcomes(3)
ASKED = Asked(START, NextQuery("u1"), Recommendation(tuple(each.exercise for each in OUTCOMES), an_exchange()))
ANSWERS = tuple(Answered(each.outcome.timestamp, each.exercise, each.outcome, 0) for each in OUTCOMES)


async def test_answers_are_in_the_outbox_and_in_their_session(tmp_path: Path) -> None:
    async with outbox_bench(tmp_path) as (bench, _, clock):
        sessions = SessionStore(bench.ledger._database, clock)
        lane = SITE, (await bench.learners.make(SITE)).user_id
        record = await sessions.begin(SITE, Setup(Mode.BATCH, lane[1]))
        await sessions.append(record.id, ASKED)
        changed: list[str] = []
        sessions.changed.subscribe(changed.append)
        kept = (await keep_answers(bench.delivery, sessions, lane, record.id, ANSWERS)).answers
        entries = await bench.delivery.entries()
        assert [entry.number for entry in entries] == [answer.entry for answer in kept]
        assert {(entry.state, entry.session) for entry in entries} == {(OutboxState.WAITING, record.id)}
        assert (await sessions.load(record.id)).events == (ASKED, *kept)
        assert changed == [record.id]
        assert await keep_answers(bench.delivery, sessions, lane, record.id, ()) == Kept(0, ())
        assert changed == [record.id]


async def test_what_else_is_done_is_done_with_them_or_nothing_is(tmp_path: Path) -> None:
    async with outbox_bench(tmp_path) as (bench, _, clock):
        sessions = SessionStore(bench.ledger._database, clock)
        lane = SITE, (await bench.learners.make(SITE)).user_id
        record = await sessions.begin(SITE, Setup(Mode.BATCH, lane[1]))
        await sessions.append(record.id, ASKED)
        told: list[list[int]] = []
        kept = await keep_answers(
            bench.delivery,
            sessions,
            lane,
            record.id,
            ANSWERS,
            also=lambda _, numbers: told.append(list(numbers)),
        )
        assert kept.first == 1, "behind the question"
        assert told[-1] == [answer.entry for answer in kept.answers]

        def fails(connection: object, numbers: object) -> None:
            raise UserError("No.", code="E-NO")

        with pytest.raises(UserError):
            await keep_answers(bench.delivery, sessions, lane, record.id, ANSWERS, also=fails)
        assert (await sessions.load(record.id)).events == (ASKED, *kept.answers)
        assert len(await bench.delivery.entries()) == len(kept.answers)


async def test_where_one_can_not_be_written_the_other_is_not(tmp_path: Path) -> None:
    async with outbox_bench(tmp_path) as (bench, _, clock):
        sessions = SessionStore(bench.ledger._database, clock)
        lane = SITE, (await bench.learners.make(SITE)).user_id
        with pytest.raises(UserError) as gone:
            await keep_answers(bench.delivery, sessions, lane, "never begun", ANSWERS)
        assert gone.value.code == "E-SESSION-GONE"
        assert await bench.delivery.entries() == ()
        record = await sessions.begin(SITE, Setup(Mode.BATCH, "somebody-real"))
        with pytest.raises(UserError) as locked:
            await keep_answers(bench.delivery, sessions, (SITE, "somebody-real"), record.id, ANSWERS)
        assert locked.value.code == "E-LEARNER-LOCKED"
        assert (await sessions.load(record.id)).events == ()


async def test_a_kill_at_any_moment_leaves_both_or_neither() -> None:
    """What a kill leaves is the store as it was after the last commit: there is no commit between the two."""
    clock, images = SwiftClock(), list[bytes]()

    class Watched(MemoryDatabase):
        async def write(self, work, *, patience_seconds=None):  # type: ignore[no-untyped-def]
            result = await super().write(work, patience_seconds=patience_seconds)
            images.append(self.image())
            return result

    database = Watched()
    bench = await make_bench(database, CountingService(clock), clock)
    sessions = SessionStore(database, clock)
    lane = SITE, (await bench.learners.make(SITE)).user_id
    record = await sessions.begin(SITE, Setup(Mode.BATCH, lane[1]))
    await sessions.append(record.id, ASKED)
    images.clear()
    for answer in ANSWERS:
        await keep_answers(bench.delivery, sessions, lane, record.id, (answer,))
    assert images
    for image in images:
        left = MemoryDatabase(image)
        after = await make_bench(left, CountingService(clock), clock)
        events = (await SessionStore(left, clock).load(record.id)).events
        told = [event.entry for event in events if isinstance(event, Answered)]
        assert told == [entry.number for entry in await after.delivery.entries()]
        await after.close()
    await bench.close()
