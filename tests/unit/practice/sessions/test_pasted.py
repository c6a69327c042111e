"""Pasted answers kept: in outbox and session together, or nowhere; a real person's with a consent alone (B26)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sana_desktop.api.practice_models import ExerciseOutcome
from sana_desktop.base.errors import UserError
from sana_desktop.practice.learners import Consent
from sana_desktop.practice.sessions.pasted import keep_pasted, requests_for
from sana_desktop.practice.sessions.session import Answered, Mode, SessionRecord, Setup
from sana_desktop.practice.sessions.sessions import SessionStore
from tests.support.outbox_bench import (
    SITE,
    CountingService,
    MemoryDatabase,
    OutboxBench,
    SwiftClock,
    an_outcome,
    make_bench,
    some_outcomes,
)

MARIA = "maria@acme.example"


async def bench_of() -> tuple[OutboxBench, SessionStore]:
    database, clock = MemoryDatabase(), SwiftClock()
    return await make_bench(database, CountingService(clock), clock), SessionStore(database, clock)


async def keep(
    bench: OutboxBench,
    sessions: SessionStore,
    user_id: str,
    outcomes: list[ExerciseOutcome],
    consent: Consent | None = None,
) -> SessionRecord:
    return await keep_pasted(
        bench.delivery, sessions, bench.learners, (SITE, user_id), Setup(Mode.BATCH, user_id), "Pasted", outcomes,
        consent=consent,
    )  # fmt: skip


async def test_they_are_lines_of_a_session_and_wait_in_their_order() -> None:
    bench, sessions = await bench_of()
    learner = (await bench.learners.make(SITE)).user_id
    record = await keep(bench, sessions, learner, some_outcomes(3))
    assert record.title == "Pasted"
    assert list(record.outcomes) == some_outcomes(3)
    entries = await bench.delivery.entries()
    assert [event.entry for event in record.events if isinstance(event, Answered)] == [each.number for each in entries]
    assert all(event.from_report for event in record.events if isinstance(event, Answered))
    assert bench.service.requests == [], "nothing is sent yet"
    assert (await bench.delivery.flush(SITE, learner)).accepted == 3
    await bench.close()


async def test_a_real_persons_need_a_consent_and_a_refusal_leaves_no_session_behind() -> None:
    bench, sessions = await bench_of()
    learner = (await bench.learners.make(SITE)).user_id
    too_long = an_outcome("e", metadata="x" * 17_000)
    for user_id, outcomes, code in (
        (MARIA, some_outcomes(1), "E-LEARNER-LOCKED"),
        (learner, [too_long], "E-OUT-TOOBIG"),
        (learner, [replace(too_long, exercise=replace(too_long.exercise, id=""))], "E-PRACTICE-VALUE"),
    ):
        with pytest.raises(UserError) as caught:
            await keep(bench, sessions, user_id, outcomes)
        assert caught.value.code == code
    bench.learners.lock(SITE, False)
    with pytest.raises(UserError) as caught:
        await keep(bench, sessions, MARIA, some_outcomes(1))
    assert caught.value.code == "E-LEARNER-REAL"
    assert await sessions.list() == ()
    await keep(bench, sessions, MARIA, some_outcomes(1), bench.learners.consent(SITE, MARIA))
    assert (await bench.delivery.flush(SITE, MARIA)).accepted == 1, "the hold was the leave to send as well"
    await bench.close()


def test_in_how_many_requests_they_travel() -> None:
    assert requests_for("u", some_outcomes(3)) == 1
    assert requests_for("u", [an_outcome(f"e{n}", metadata="x" * 7_000) for n in range(3)]) == 2
