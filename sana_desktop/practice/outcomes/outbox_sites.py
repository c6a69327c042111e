"""Outcomes on their way by the site that they are for: what waits elsewhere, and what a site that is gone leaves."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from sana_desktop.base.errors import UserError
from sana_desktop.base.timestamps import format_utc
from sana_desktop.practice.database import Database
from sana_desktop.practice.outcomes.dropped import note_dropped
from sana_desktop.practice.outcomes.outbox import OutboxCounts

MOVED = "E-OUT-MOVED"


class OutboxSites:
    """The table of outcomes, asked site by site; `OutboxLedger` has it learner by learner.

    Every method raises `StorageError` if the disk does not serve.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def counts(self) -> dict[str, OutboxCounts]:
        """Return how many outcomes are on their way, by the id of their connection."""
        statement = (
            "SELECT connection_id, state, count(*) FROM practice_outbox WHERE state <> 'accepted'"
            " GROUP BY connection_id, state"
        )
        rows = await self._database.read(lambda connection: connection.execute(statement).fetchall())
        found: dict[str, dict[str, int]] = {}
        for site, state, count in rows:
            found.setdefault(site, {})[state] = count
        return {site: OutboxCounts(**states) for site, states in found.items()}

    async def park(self, connection_id: str, at: datetime) -> tuple[int, ...]:
        """Let what waits for a site that is another place now go nowhere by itself; return the numbers.

        Sending them again is a person's choice, as with everything that is parked.
        """
        error = moved()
        values = (format_utc(at), error.code, error.message, connection_id)

        def work(connection: sqlite3.Connection) -> tuple[int, ...]:
            numbers = _numbers(connection, "state = 'waiting' AND connection_id = ?", connection_id)
            connection.execute(
                "UPDATE practice_outbox SET state = 'parked', held = 0, changed_at = ?, error_code = ?,"
                " error_message = ? WHERE state <> 'accepted' AND state = 'waiting' AND connection_id = ?",
                values,
            )
            return numbers

        return await self._database.write(work)

    async def put_aside(self, connection_id: str) -> tuple[int, ...]:
        """Take out what waits for a forgotten connection or is not known of it; return the numbers.

        The sessions keep the lines, with what was known of each. What is being sent at this moment stays until its
        answer has come: `put_aside_forgotten` finds it at the next start.
        """
        return await self._put_aside("connection_id = ?", connection_id)

    async def put_aside_forgotten(self, lent: str) -> tuple[int, ...]:
        """Take out what is left of connections that are not there any more, but for one that is lent to a session."""
        return await self._put_aside("connection_id <> ? AND connection_id NOT IN (SELECT id FROM connections)", lent)

    async def _put_aside(self, which: str, value: str) -> tuple[int, ...]:
        def work(connection: sqlite3.Connection) -> tuple[int, ...]:
            numbers = _numbers(connection, f"state IN ('waiting', 'unknown', 'parked') AND {which}", value)
            for number in numbers:
                note_dropped(connection, number)
            connection.executemany("DELETE FROM practice_outbox WHERE number = ?", [(number,) for number in numbers])
            return numbers

        return await self._database.write(work)


def moved() -> UserError:
    """Return why an outcome goes nowhere by itself any more: its site is another place now (B26)."""
    return UserError(
        "The address of this site was changed after they were given.",
        code=MOVED,
        next_step="Send them to the new address, or put them aside.",
    )


def _numbers(connection: sqlite3.Connection, which: str, value: str) -> tuple[int, ...]:
    # `which` is this module's own; whatever comes from outside is bound.
    statement = f"SELECT number FROM practice_outbox WHERE state <> 'accepted' AND {which} ORDER BY number"  # noqa: S608
    return tuple(int(row[0]) for row in connection.execute(statement, (value,)))
