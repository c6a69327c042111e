"""What sending holds to, whatever it is given: rows that never fit, an address that is wrong."""

from __future__ import annotations

import sqlite3
from functools import partial
from pathlib import Path

import pytest

from sana_desktop.api.practice_wire import encode_outcome
from sana_desktop.practice.outcomes.delivery_policy import DeliveryPolicy
from sana_desktop.practice.outcomes.outbox import OutboxState
from sana_desktop.practice.outcomes.sending import ABOUT_AN_ITEM, Flushed, closing
from tests.support.outbox_bench import SITE, Fault, an_outcome, lost, outbox_bench, refused, some_outcomes


def _change(body: str, number: int, connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE practice_outbox SET outcome = ? WHERE number = ?", (body, number))


def test_a_flush_says_whether_the_next_question_may_be_asked() -> None:
    assert Flushed(accepted=2, unknown=1, parked=1).all_answered
    assert not Flushed(waiting=1, error=closing()).all_answered


async def test_a_row_that_can_never_be_sent_is_parked_and_the_rest_goes(tmp_path: Path) -> None:
    """Such a row can't be put; one may come from a later version, or from a hand in the database."""
    async with outbox_bench(tmp_path) as (bench, service, _):
        user = (await bench.learners.make(SITE)).user_id
        entries = await bench.delivery.put(SITE, user, some_outcomes(4))
        body = encode_outcome(an_outcome("huge", metadata="x" * 20_000)).decode()
        for entry in (entries[0], entries[2]):
            await bench.ledger._database.write(partial(_change, body, entry.number))
        flushed = await bench.delivery.flush(SITE, user)
        assert (flushed.accepted, flushed.parked) == (2, 2)
        assert service.taken[user] == ["e00001", "e00003"]
        parked = await bench.delivery.entries()
        assert {(entry.state, entry.error_code) for entry in parked} == {(OutboxState.PARKED, "E-OUT-TOOBIG")}


@pytest.mark.parametrize("status", [400, 404, 405, 413, 422])
async def test_only_what_may_be_about_an_item_parks_it(tmp_path: Path, status: int) -> None:
    async with outbox_bench(tmp_path) as (bench, service, _):
        user = (await bench.learners.make(SITE)).user_id
        await bench.delivery.put(SITE, user, some_outcomes(1))
        service.faults = [Fault(lambda: refused(status))]
        flushed = await bench.delivery.flush(SITE, user)
        assert (flushed.parked == 1) == (flushed.waiting == 0) == (status in ABOUT_AN_ITEM)


async def test_o03_a_service_that_answers_nothing_usable_costs_one_request_at_a_time(tmp_path: Path) -> None:
    """What waits behind an outcome whose fate is unknown waits on, longer each time."""
    async with outbox_bench(tmp_path) as (bench, service, _):
        sending = bench.delivery._sending
        sending._policy = DeliveryPolicy(rest_seconds=60.0, longest_rest_seconds=200.0)
        user = (await bench.learners.make(SITE)).user_id
        long = [an_outcome(f"e{number:05d}", metadata="x" * 7_000) for number in range(10)]
        await bench.delivery.put(SITE, user, long)
        service.always = lost
        rests = []
        for sent in range(1, 5):
            flushed = await sending.flush((SITE, user))
            assert (flushed.unknown, flushed.all_answered, len(service.requests)) == (2, False, sent)
            assert flushed.error is not None
            assert flushed.error.code == "E-OUT-UNKNOWN"
            rests.append(flushed.again_in)
        assert rests == [60.0, 120.0, 200.0, 200.0]
        service.always = None
        flushed = await sending.flush((SITE, user))
        assert (flushed.accepted, flushed.error) == (2, None)
        assert (await bench.delivery.counts()).unknown == 8
        # An answer that came ends the growing.
        await bench.delivery.put(SITE, user, long)
        service.faults = [Fault(lost)]
        assert (await sending.flush((SITE, user))).again_in == 60.0
