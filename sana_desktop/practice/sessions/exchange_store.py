"""What was sent for the answers of sessions and what came back, kept over a restart: bounded, and never with a key.

An answer's fate is told right after the exchange that decided it, one learner's exchanges one after the other: that is
how the two are brought together. They are written in handfuls, a moment later: a kill loses the latest of these
details, never an answer.
"""

from __future__ import annotations

import logging
import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sana_desktop.api.origin import Origin
from sana_desktop.api.practice_models import Exchange
from sana_desktop.api.practice_wire import MAX_REQUEST_BYTES, encode_outcome
from sana_desktop.base.clock import Clock
from sana_desktop.base.errors import SanaError, UserError
from sana_desktop.base.tasks import Supervisor
from sana_desktop.base.text import bounded
from sana_desktop.base.timestamps import format_utc, parse_timestamp
from sana_desktop.practice.database import Database
from sana_desktop.practice.outcomes.outbox_rows import OutboxEntry, OutboxState

log = logging.getLogger(__name__)

SOON_SECONDS = 0.5
MAX_RESPONSE = 4_000
"""Characters of an answer that are kept; to answers posted alone the service says hardly anything."""
MAX_OF_A_SESSION = 500
"""Exchanges that are kept of one session, the newest."""
MAX_LEARNERS = 64
"""Learners whose latest exchange is remembered until the fate of its answers is told."""
_DECIDED = frozenset({OutboxState.ACCEPTED, OutboxState.UNKNOWN, OutboxState.PARKED})


@dataclass(slots=True)
class _Kept:
    session: str
    exchange: Exchange
    numbers: list[int] = field(default_factory=list)


class ExchangeStore:
    """Hears exchanges and fates, and keeps what belongs together.

    Args:
        place: returns where the practice service of a connection is, None if it has none.
    """

    def __init__(
        self, database: Database, clock: Clock, supervisor: Supervisor, place: Callable[[str], Origin | None]
    ) -> None:
        self._database = database
        self._clock = clock
        self._supervisor = supervisor
        self._place = place
        self._latest: OrderedDict[tuple[Origin | None, str], Exchange] = OrderedDict()
        self._to_write: list[_Kept] = []
        self._writing: list[_Kept] = []

    def exchanged(self, heard: tuple[Origin, Exchange]) -> None:
        """Take an exchange with the service at an address."""
        origin, exchange = heard
        self._latest[origin, exchange.user_id] = exchange
        self._latest.move_to_end((origin, exchange.user_id))
        while len(self._latest) > MAX_LEARNERS:
            self._latest.popitem(last=False)

    def settled(self, entry: OutboxEntry) -> None:
        """Take what became of an answer."""
        if entry.session is None or entry.state not in _DECIDED:
            return
        exchange = self._latest.get((self._place(entry.connection_id), entry.user_id))
        if exchange is None or not _carries(exchange, entry):
            return
        last = self._to_write[-1] if self._to_write else None
        if last is None or last.exchange is not exchange or last.session != entry.session:
            last = _Kept(entry.session, exchange)
            self._to_write.append(last)
        last.numbers.append(entry.number)
        self._supervisor.start("keep exchanges", self._later(), key="keep exchanges")

    async def of(self, number: int) -> Exchange | None:
        """Return the exchange that decided an answer's fate, by its number in the outbox; None if it is not kept.

        Raises:
            StorageError: the store can't be read.
        """
        for kept in reversed((*self._writing, *self._to_write)):
            if number in kept.numbers:
                return kept.exchange
        return await self._database.read(lambda connection: _read_one(connection, _SELECT, number))

    async def newest(self, session: str) -> Exchange | None:
        """Return the newest exchange that decided the fate of an answer of a session; None if none is kept.

        Raises:
            StorageError: the store can't be read.
        """
        for kept in reversed((*self._writing, *self._to_write)):
            if kept.session == session:
                return kept.exchange
        return await self._database.read(lambda connection: _read_one(connection, _NEWEST, session))

    async def write(self) -> None:
        """Write down what is not written yet; what can't be saved is lost, as it is told in the log."""
        batch, self._to_write = self._to_write, []
        self._writing += batch
        try:
            await self._database.write(lambda connection: _write(connection, batch))
        except SanaError as error:
            log.warning("what was sent for %d answers can't be kept: %s", len(batch), error.code)
        self._writing = self._writing[len(batch) :]

    async def _later(self) -> None:
        while self._to_write:
            await self._clock.sleep(SOON_SECONDS)
            await self.write()


def _carries(exchange: Exchange, entry: OutboxEntry) -> bool:
    try:
        return encode_outcome(entry.outcome).decode() in exchange.request
    except UserError:
        return False


def _write(connection: sqlite3.Connection, batch: Sequence[_Kept]) -> None:
    for kept in batch:
        exchange = kept.exchange
        row = (
            format_utc(exchange.at),
            exchange.path,
            bounded(exchange.request, MAX_REQUEST_BYTES),
            exchange.status,
            bounded(exchange.response, MAX_RESPONSE),
            exchange.latency_seconds,
            exchange.trouble,
            kept.session,
        )
        made = connection.execute(_INSERT, row)
        if made.rowcount != 1:
            continue  # the session is gone for good
        numbers = [(number, made.lastrowid) for number in kept.numbers]
        connection.executemany("INSERT OR REPLACE INTO practice_exchanged (number, exchange) VALUES (?, ?)", numbers)
    for session in {kept.session for kept in batch}:
        connection.execute(_THIN_OUT, (session, session, MAX_OF_A_SESSION))


def _read_one(connection: sqlite3.Connection, select: str, key: int | str) -> Exchange | None:
    row = connection.execute(select, (key,)).fetchone()
    if row is None:
        return None
    path, at, request, status, response, latency, trouble = row
    moment = parse_timestamp(at)
    return None if moment is None else Exchange(path, moment, request, status, response, latency, trouble)


_INSERT = """
    INSERT INTO practice_exchanges (at, path, request, status, response, latency_seconds, trouble, session)
    SELECT ?, ?, ?, ?, ?, ?, ?, id FROM practice_sessions WHERE id = ?
"""
_SELECT = """
    SELECT path, at, request, status, response, latency_seconds, trouble FROM practice_exchanges
    WHERE id = (SELECT exchange FROM practice_exchanged WHERE number = ?)
"""
_NEWEST = """
    SELECT path, at, request, status, response, latency_seconds, trouble FROM practice_exchanges
    WHERE session = ? ORDER BY id DESC LIMIT 1
"""
_THIN_OUT = """
    DELETE FROM practice_exchanges WHERE session = ? AND id <= (
        SELECT id FROM practice_exchanges WHERE session = ? ORDER BY id DESC LIMIT 1 OFFSET ?
    )
"""
