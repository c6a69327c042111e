"""Outcomes on their way, on disk: a row is there before anything is sent, and says what became of it (O03, O04, O07).

    waiting ──claim──> sending ──> accepted   the service took it
       ^                  ├──────> unknown    it was sent, and what came back was lost; only a person sends it again
       │                  ├──────> parked     the service does not take it
       └──────────────────┴ surely not taken

A method that writes returns when the change is durable, and raises `StorageError` if the disk does not serve.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sana_desktop.api.practice_models import ExerciseOutcome
from sana_desktop.api.practice_wire import encode_outcome
from sana_desktop.base.errors import SanaError
from sana_desktop.base.text import bounded
from sana_desktop.base.timestamps import format_utc
from sana_desktop.practice.database import Database
from sana_desktop.practice.outcomes.dropped import dropped_of, note_dropped
from sana_desktop.practice.outcomes.outbox_rows import COLUMNS, NO_OUTCOME, Lane, OutboxEntry, OutboxState, entry_of

__all__ = ["NO_OUTCOME", "Also", "Claim", "Lane", "OutboxCounts", "OutboxEntry", "OutboxLedger", "OutboxState"]

ACCEPTED_KEPT = 1_000
"""How many accepted outcomes stay in the table to be looked at; sessions keep their own."""
MAX_MESSAGE_LENGTH = 500

Also = Callable[[sqlite3.Connection, Sequence[int]], object]
"""Work of the transaction that writes outcomes; told their numbers. It may be run a second time."""


class Claim(Enum):
    """What came of a claim; only after MINE may a request go out."""

    MINE = "mine"
    BUSY = "busy"
    """Another process sends for this learner: two at once could not keep the order."""
    CHANGED = "changed"
    """The outcomes are not the first ones that wait any more: look again."""


@dataclass(frozen=True, slots=True)
class OutboxCounts:
    """How many outcomes are in each state that is not the end; `held` are those of the waiting ones that are held."""

    waiting: int = 0
    sending: int = 0
    unknown: int = 0
    parked: int = 0
    held: int = 0

    @property
    def open(self) -> int:
        """How many are not accepted."""
        return self.waiting + self.sending + self.unknown + self.parked


class OutboxLedger:
    """The table of outcomes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self,
        lane: Lane,
        outcomes: Sequence[ExerciseOutcome],
        at: datetime,
        *,
        session: str | None = None,
        consented: bool = False,
        held: bool = False,
        frees: bool = False,
        also: Also | None = None,
    ) -> tuple[OutboxEntry, ...]:
        """Write outcomes as waiting, in order and all at once; `also` is done in the same transaction.

        Args:
            held: they are of a set that is not done.
            frees: what is held of their session is not held any more.

        Raises:
            UserError: E-PRACTICE-VALUE if one holds what the API does not take.
        """
        now = format_utc(at)

        def work(connection: sqlite3.Connection) -> list[int]:
            numbers = []
            for outcome in outcomes:
                row = (*lane, encode_outcome(outcome).decode(), consented, held, session, now, now)
                numbers.append(int(connection.execute(_INSERT, row).lastrowid or 0))
            if frees:
                connection.execute(_FREE, (*lane, session))
            if also is not None:
                also(connection, numbers)
            return numbers

        numbers = await self._database.write(work)
        return tuple(
            OutboxEntry(number, *lane, outcome, OutboxState.WAITING, session, at, at, consented=consented, held=held)
            for number, outcome in zip(numbers, outcomes, strict=True)
        )

    async def waiting(self, lane: Lane, limit: int) -> tuple[OutboxEntry, ...]:
        """Return the first waiting outcomes of a learner."""
        return await self._select(
            "state <> 'accepted' AND connection_id = ? AND user_id = ? AND state = 'waiting' ORDER BY number LIMIT ?",
            (*lane, limit),
        )

    async def count_waiting(self, lane: Lane) -> int:
        """Return how many outcomes of a learner are waiting."""
        return len(await self.numbers_waiting(lane))

    async def numbers_waiting(self, lane: Lane, session: str | None = None) -> tuple[int, ...]:
        """Return the numbers of what is waiting for a learner, of one session or all."""
        statement = (
            "SELECT number FROM practice_outbox WHERE state <> 'accepted' AND connection_id = ? AND user_id = ?"
            " AND state = 'waiting' AND (? IS NULL OR session = ?)"
        )
        values = (*lane, session, session)
        return await self._database.read(
            lambda connection: tuple(int(row[0]) for row in connection.execute(statement, values))
        )

    async def free(self, lane: Lane) -> None:
        """Hold nothing of a learner's any more: a person wants it sent."""
        await self._database.write(lambda connection: connection.execute(_FREE, (*lane, None)).rowcount)

    async def claim(self, entries: Sequence[OutboxEntry], owner: str, at: datetime) -> Claim:
        """Mark the first waiting outcomes of a learner as being sent by `owner`; the last step before the request.

        Returns:
            MINE if all of them are; with anything else nothing was changed.
        """
        now, numbers, lane = format_utc(at), [entry.number for entry in entries], entries[0].lane

        def work(connection: sqlite3.Connection) -> Claim:
            first = connection.execute(
                "SELECT number, state FROM practice_outbox WHERE state <> 'accepted' AND connection_id = ?"
                " AND user_id = ? AND state IN ('waiting', 'sending') ORDER BY number LIMIT ?",
                (*lane, len(numbers)),
            ).fetchall()
            if any(state == OutboxState.SENDING for _, state in first):
                return Claim.BUSY
            if [number for number, _ in first] != numbers:
                return Claim.CHANGED
            connection.executemany(
                "UPDATE practice_outbox SET state = 'sending', owner = ?, changed_at = ?, error_code = '',"
                " error_message = '' WHERE number = ?",
                [(owner, now, number) for number in numbers],
            )
            return Claim.MINE

        return await self._database.write(work)

    async def settle(
        self,
        numbers: Collection[int],
        state: OutboxState,
        at: datetime,
        error: SanaError | None = None,
        *,
        owner: str,
    ) -> int:
        """Say what became of outcomes, all in one transaction.

        What the service said must not be dropped: while the store is locked or full this goes on trying (D16).

        Args:
            owner: the process that was sending them; "" for outcomes that were waiting.

        Returns:
            How many were there to be settled.
        """
        now = format_utc(at)
        origin = OutboxState.SENDING if owner else OutboxState.WAITING
        rows = [(state.value, now, *_words(error), number, origin.value, owner) for number in numbers]

        def work(connection: sqlite3.Connection) -> int:
            moved = connection.executemany(_SETTLE, rows).rowcount
            if state is OutboxState.ACCEPTED:
                connection.execute(_THIN_OUT, (ACCEPTED_KEPT,))
            return moved

        return await self._database.write(work, patience_seconds=math.inf)

    async def owners(self) -> tuple[str, ...]:
        """Return the ids of the processes that are sending anything, or died while they did."""
        statement = "SELECT DISTINCT owner FROM practice_outbox WHERE state <> 'accepted' AND state = 'sending'"
        return await self._database.read(lambda connection: tuple(row[0] for row in connection.execute(statement)))

    async def lose(self, owner: str, at: datetime, error: SanaError) -> tuple[OutboxEntry, ...]:
        """Mark what a dead process was sending as unknown, and return it as it is now."""
        now, words = format_utc(at), _words(error)

        def work(connection: sqlite3.Connection) -> list[int]:
            statement = (
                "SELECT number FROM practice_outbox WHERE state <> 'accepted' AND state = 'sending' AND owner = ?"
            )
            numbers = [int(row[0]) for row in connection.execute(statement, (owner,))]
            rows = [(OutboxState.UNKNOWN.value, now, *words, number, "sending", owner) for number in numbers]
            connection.executemany(_SETTLE, rows)
            return numbers

        numbers = await self._database.write(work)
        if not numbers:
            return ()
        marks = ", ".join("?" * len(numbers))
        return await self._select(f"number IN ({marks}) ORDER BY number", tuple(numbers))

    async def lanes_waiting(self, connection_id: str | None = None) -> tuple[Lane, ...]:
        """Return the learners for whom something waits that can go by itself, who has waited longest first."""
        where, values = ("AND connection_id = ?", (connection_id,)) if connection_id is not None else ("", ())
        statement = (
            "SELECT connection_id, user_id FROM practice_outbox WHERE state <> 'accepted' AND state = 'waiting'"  # noqa: S608
            f" AND NOT held {where} GROUP BY connection_id, user_id ORDER BY min(number)"
        )
        return await self._database.read(
            lambda connection: tuple((row[0], row[1]) for row in connection.execute(statement, values))
        )

    async def get(self, number: int) -> OutboxEntry | None:
        """Return one outcome, None if there is none of this number."""
        found = await self._select("number = ?", (number,))
        return found[0] if found else None

    async def again(self, number: int, at: datetime, *, consented: bool) -> bool:
        """Let an unknown or parked outcome wait once more; False if it is in another state by now."""
        statement = (
            "UPDATE practice_outbox SET state = 'waiting', consented = ?, changed_at = ?, error_code = '',"
            " error_message = '' WHERE number = ? AND state IN ('unknown', 'parked')"
        )
        values = (consented, format_utc(at), number)
        return await self._database.write(lambda connection: connection.execute(statement, values).rowcount == 1)

    async def remove(self, number: int) -> bool:
        """Delete an outcome that is waiting, unknown or parked; False if it is in another state by now."""
        statement = "DELETE FROM practice_outbox WHERE number = ? AND state IN ('waiting', 'unknown', 'parked')"

        def work(connection: sqlite3.Connection) -> bool:
            note_dropped(connection, number)
            return connection.execute(statement, (number,)).rowcount == 1

        return await self._database.write(work)

    async def dropped(self, session: str) -> dict[int, OutboxState]:
        """Return in which state each removed outcome of a session was, by its number."""
        found = await self._database.read(lambda connection: dropped_of(connection, session))
        return {number: OutboxState(was) for number, was in found.items()}

    async def entries(
        self, connection_id: str | None = None, *, session: str | None = None, open_only: bool = True, limit: int = 500
    ) -> tuple[OutboxEntry, ...]:
        """Return outcomes in order, the oldest `limit` of them; without `open_only` also accepted ones."""
        terms, values = ["1"], []
        if open_only:
            terms.append("state <> 'accepted'")
        if connection_id is not None:
            terms.append("connection_id = ?")
            values.append(connection_id)
        if session is not None:
            terms.append("session = ?")
            values.append(session)
        return await self._select(f"{' AND '.join(terms)} ORDER BY number LIMIT ?", (*values, limit))

    async def has_open(self) -> bool:
        """Return whether any outcome is not accepted."""
        statement = "SELECT 1 FROM practice_outbox WHERE state <> 'accepted' LIMIT 1"
        return await self._database.read(lambda connection: connection.execute(statement).fetchone() is not None)

    async def counts(self, connection_id: str | None = None) -> OutboxCounts:
        """Return how many outcomes are on their way, at one connection or all."""
        where, values = ("AND connection_id = ?", (connection_id,)) if connection_id is not None else ("", ())
        statement = (
            "SELECT state, count(*), sum(held) FROM practice_outbox WHERE state <> 'accepted'"  # noqa: S608
            f" {where} GROUP BY state"
        )
        return _counts(await self._database.read(lambda connection: connection.execute(statement, values).fetchall()))

    async def counts_of_each(self, connection_id: str) -> dict[str, OutboxCounts]:
        """Return how many outcomes of each learner of a connection are on their way, whose is oldest first."""
        statement = (
            "SELECT user_id, state, count(*), sum(held) FROM practice_outbox WHERE state <> 'accepted'"
            " AND connection_id = ? GROUP BY user_id, state ORDER BY min(number)"
        )
        rows = await self._database.read(lambda connection: connection.execute(statement, (connection_id,)).fetchall())
        found: dict[str, list[tuple[str, int, int]]] = {}
        for user_id, *counted in rows:
            found.setdefault(user_id, []).append((counted[0], counted[1], counted[2]))
        return {user_id: _counts(states) for user_id, states in found.items()}

    async def reasons(self, connection_id: str) -> dict[str, int]:
        """Return why outcomes of a connection are parked, and how many for each reason."""
        statement = (
            "SELECT error_message, count(*) FROM practice_outbox WHERE state <> 'accepted' AND connection_id = ?"
            " AND state = 'parked' GROUP BY error_message ORDER BY min(number)"
        )
        return await self._database.read(lambda connection: dict(connection.execute(statement, (connection_id,))))

    async def _select(self, clause: str, values: tuple[object, ...]) -> tuple[OutboxEntry, ...]:
        # Clauses are this module's own; whatever comes from outside is bound.
        statement = f"SELECT {COLUMNS} FROM practice_outbox WHERE {clause}"  # noqa: S608
        return await self._database.read(
            # Made here, on the store's thread: hundreds of them take longer than a frame.
            lambda connection: tuple(entry_of(row) for row in connection.execute(statement, values))
        )


_INSERT = """
    INSERT INTO practice_outbox
        (connection_id, user_id, outcome, state, consented, held, session, created_at, changed_at)
    VALUES (?, ?, ?, 'waiting', ?, ?, ?, ?, ?)
"""
_FREE = """
    UPDATE practice_outbox SET held = 0 WHERE state <> 'accepted' AND connection_id = ?1 AND user_id = ?2 AND held
    AND (?3 IS NULL OR session = ?3)
"""
_SETTLE = """
    UPDATE practice_outbox SET state = ?, owner = '', changed_at = ?, error_code = ?, error_message = ?
    WHERE number = ? AND state = ? AND owner = ?
"""
_THIN_OUT = """
    DELETE FROM practice_outbox WHERE state = 'accepted' AND number <= (
        SELECT number FROM practice_outbox WHERE state = 'accepted' ORDER BY number DESC LIMIT 1 OFFSET ?
    )
"""


def _counts(states: Iterable[tuple[str, int, int]]) -> OutboxCounts:
    """Return counts of states, and of what is held in each, as one."""
    counts = {state: (count, held) for state, count, held in states}
    return OutboxCounts(
        **{state: count for state, (count, _) in counts.items()}, held=counts.get(OutboxState.WAITING, (0, 0))[1]
    )


def _words(error: SanaError | None) -> tuple[str, str]:
    return ("", "") if error is None else (error.code, bounded(error.message, MAX_MESSAGE_LENGTH))
