"""The outbox's table: claims, counts, thinning out, and what is done in the same transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import pytest

from sana_desktop.base.errors import UserError
from sana_desktop.practice.outcomes import outbox
from sana_desktop.practice.outcomes.outbox import Claim, OutboxCounts, OutboxLedger, OutboxState
from tests.support.outbox_bench import SITE, START, MemoryDatabase, an_outcome, lost, refused, some_outcomes

LANE = (SITE, "u1")


@pytest.fixture
def ledger() -> OutboxLedger:
    return OutboxLedger(MemoryDatabase())


async def test_an_outcome_comes_back_as_it_was_put(ledger: OutboxLedger) -> None:
    whole = an_outcome("é😀\u2028", metadata='{"a": "b"}')
    (added,) = await ledger.add(LANE, [whole], START, session="s", consented=True)
    assert await ledger.entries() == (added,)
    assert (added.outcome, added.session, added.consented, added.lane) == (whole, "s", True, LANE)


async def test_a_claim_is_for_the_first_that_wait_and_for_one_process(ledger: OutboxLedger) -> None:
    assert not await ledger.has_open()
    first, second, third = await ledger.add(LANE, some_outcomes(3), START)
    assert await ledger.claim([second], "me", START) is Claim.CHANGED
    assert await ledger.claim([first, second], "me", START) is Claim.MINE
    assert await ledger.claim([third], "me", START) is Claim.BUSY
    assert await ledger.settle([first.number, second.number], OutboxState.WAITING, START, owner="other") == 0
    assert await ledger.settle([first.number], OutboxState.UNKNOWN, START, lost(), owner="me") == 1
    assert await ledger.settle([second.number], OutboxState.ACCEPTED, START, owner="me") == 1
    assert await ledger.claim([third], "me", START) is Claim.MINE
    # Another learner's are another line.
    (other,) = await ledger.add((SITE, "u2"), some_outcomes(1), START)
    assert await ledger.claim([other], "me", START) is Claim.MINE
    assert await ledger.counts() == OutboxCounts(sending=2, unknown=1)
    assert (await ledger.counts("elsewhere")).open == 0
    assert await ledger.has_open()
    assert await ledger.owners() == ("me",)
    assert [entry.number for entry in await ledger.lose("me", START, lost())] == [third.number, other.number]
    assert await ledger.lose("me", START, lost()) == ()


async def test_what_also_fails_undoes_the_outcomes(ledger: OutboxLedger) -> None:
    def fails(connection: sqlite3.Connection, numbers: Sequence[int]) -> None:
        raise UserError("No.", code="E-X")

    with pytest.raises(UserError):
        await ledger.add(LANE, some_outcomes(2), START, also=fails)
    assert await ledger.entries() == ()


async def test_accepted_ones_are_thinned_out(ledger: OutboxLedger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "ACCEPTED_KEPT", 3)
    for start in range(0, 10, 2):
        entries = await ledger.add(LANE, some_outcomes(2, start), START)
        await ledger.claim(entries, "me", START)
        await ledger.settle([entry.number for entry in entries], OutboxState.ACCEPTED, START, owner="me")
    kept = await ledger.entries(open_only=False)
    assert [entry.outcome.exercise.id for entry in kept] == ["e00007", "e00008", "e00009"]
    # Numbers are never used again: they are the order.
    (next_one,) = await ledger.add(LANE, some_outcomes(1), START)
    assert next_one.number == 11


async def test_only_what_is_not_being_sent_can_be_dropped_or_sent_again(ledger: OutboxLedger) -> None:
    (entry,) = await ledger.add(LANE, some_outcomes(1), START)
    assert not await ledger.again(entry.number, START, consented=False)
    await ledger.claim([entry], "me", START)
    assert not await ledger.remove(entry.number)
    await ledger.settle([entry.number], OutboxState.PARKED, START, lost(), owner="me")
    assert await ledger.again(entry.number, START, consented=False)
    assert await ledger.lanes_waiting() == (LANE,)
    assert await ledger.count_waiting(LANE) == 1
    assert await ledger.remove(entry.number)
    assert await ledger.get(entry.number) is None
    assert await ledger.lanes_waiting("elsewhere") == ()


async def test_the_open_ones_are_found_by_their_index(ledger: OutboxLedger) -> None:
    """A hundred thousand accepted rows must not slow down each flush."""
    plan = await ledger._database.read(
        lambda connection: connection.execute(
            "EXPLAIN QUERY PLAN SELECT number FROM practice_outbox WHERE state <> 'accepted' AND connection_id = ?"
            " AND user_id = ? AND state = 'waiting' ORDER BY number LIMIT ?",
            (*LANE, 10),
        ).fetchall()
    )
    assert "practice_outbox_open" in plan[0][3]


async def test_what_is_held_and_why_things_are_parked_is_counted_by_learner_who_waits_longest_first(
    ledger: OutboxLedger,
) -> None:
    other = (SITE, "u0")
    await ledger.add(LANE, some_outcomes(2), START, session="s", held=True)
    await ledger.add(other, some_outcomes(3), START, session="t")
    (held,) = await ledger.add(LANE, some_outcomes(1), START, session="t", held=True)
    for entry in (*await ledger.entries(session="t"),)[:2]:
        await ledger.settle([entry.number], OutboxState.PARKED, START, refused(), owner="")
    each = await ledger.counts_of_each(SITE)
    assert list(each.items()) == [("u1", OutboxCounts(3, held=3)), ("u0", OutboxCounts(1, parked=2))]
    assert await ledger.counts() == OutboxCounts(4, parked=2, held=3)
    assert await ledger.reasons(SITE) == {"It did not take the answers.": 2}
    assert await ledger.reasons("elsewhere") == {}
    assert [entry.session for entry in await ledger.entries(SITE, session="t", limit=3)] == ["t"] * 3
    assert held.number in {entry.number for entry in await ledger.entries(SITE, session="t")}
    await ledger.settle([held.number], OutboxState.PARKED, START, refused(), owner="")
    assert (await ledger.counts()).held == 2, "of what waits alone"
