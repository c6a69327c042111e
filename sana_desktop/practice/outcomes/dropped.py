"""Answers that a person put aside or discarded: their sessions keep the lines, and must not call them sent."""

from __future__ import annotations

import sqlite3


def note_dropped(connection: sqlite3.Connection, number: int) -> None:
    """Keep what is known of an answer, as part of the transaction that takes it out of the outbox."""
    connection.execute(
        "INSERT OR REPLACE INTO practice_dropped (number, session, was)"
        " SELECT number, session, state FROM practice_outbox WHERE number = ?"
        " AND state IN ('waiting', 'unknown', 'parked') AND session IN (SELECT id FROM practice_sessions)",
        (number,),
    )


def dropped_of(connection: sqlite3.Connection, session: str) -> dict[int, str]:
    """Return the state that each dropped answer of a session was in, by its number in the outbox."""
    rows = connection.execute("SELECT number, was FROM practice_dropped WHERE session = ?", (session,))
    return {int(number): str(was) for number, was in rows}
