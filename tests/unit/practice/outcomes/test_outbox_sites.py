"""Outcomes by site: counted, parked where the site moved, put aside where it is gone; what is on the wire is left."""

from __future__ import annotations

from sana_desktop.practice.outcomes.outbox import OutboxCounts, OutboxLedger, OutboxState
from sana_desktop.practice.outcomes.outbox_sites import MOVED, OutboxSites
from tests.support.outbox_bench import SITE, START, MemoryDatabase, some_outcomes


async def test_each_site_is_by_itself_and_what_is_being_sent_is_left_alone() -> None:
    database = MemoryDatabase()
    ledger, sites = OutboxLedger(database), OutboxSites(database)
    mine = await ledger.add((SITE, "u"), some_outcomes(3), START, held=True)
    await ledger.add(("other", "u"), some_outcomes(1), START)
    await ledger.claim(mine[:1], "me", START)
    assert await sites.counts() == {SITE: OutboxCounts(waiting=2, sending=1), "other": OutboxCounts(waiting=1)}
    assert await sites.park(SITE, START) == tuple(entry.number for entry in mine[1:])
    entries = await ledger.entries(SITE)
    assert [entry.state for entry in entries] == [OutboxState.SENDING, OutboxState.PARKED, OutboxState.PARKED]
    assert {entry.error_code for entry in entries[1:]} == {MOVED}
    assert not any(entry.held for entry in entries[1:]), "sent again, it waits for no set"
    assert await sites.put_aside(SITE) == tuple(entry.number for entry in mine[1:])
    assert await sites.counts() == {SITE: OutboxCounts(sending=1), "other": OutboxCounts(waiting=1)}
    assert await sites.park("nobody", START) == await sites.put_aside("nobody") == ()
