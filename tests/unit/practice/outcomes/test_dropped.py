"""What a person dropped stays known as such: a session must not call it sent."""

from __future__ import annotations

from pathlib import Path

from sana_desktop.practice.outcomes.outbox import OutboxState
from sana_desktop.practice.sessions.session import Mode, Setup
from sana_desktop.practice.sessions.sessions import SessionStore
from tests.support.outbox_bench import SITE, Fault, lost, outbox_bench, some_outcomes


async def test_what_was_dropped_is_known_with_the_state_it_was_in(tmp_path: Path) -> None:
    async with outbox_bench(tmp_path) as (bench, service, clock):
        sessions = SessionStore(bench.ledger._database, clock)
        user = (await bench.learners.make(SITE)).user_id
        record = await sessions.begin(SITE, Setup(Mode.BATCH, user, 2), "One")
        (unknown,) = await bench.delivery.put(SITE, user, some_outcomes(1), record.id)
        service.faults = [Fault(lost)]
        await bench.delivery.flush(SITE, user)
        (waiting,) = await bench.delivery.put(SITE, user, some_outcomes(1, 1), record.id)
        (elsewhere,) = await bench.delivery.put(SITE, user, some_outcomes(1, 2))
        for entry in (unknown, waiting, elsewhere):
            assert await bench.delivery.drop(entry.number) is not None
        assert await bench.delivery.drop(waiting.number) is None
        assert await bench.delivery.dropped(record.id) == {
            unknown.number: OutboxState.UNKNOWN,
            waiting.number: OutboxState.WAITING,
        }
        assert await bench.delivery.dropped("another") == {}
