"""Sessions on disk: written event by event, listed by their heads, put into a bin before they are gone (A45, B40)."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sana_desktop.base.clock import Clock
from sana_desktop.base.errors import StorageError, UserError
from sana_desktop.base.events import Topic
from sana_desktop.base.text import one_line
from sana_desktop.base.timestamps import format_utc, parse_timestamp
from sana_desktop.practice.database import Database, T
from sana_desktop.practice.outcomes.outbox import Also
from sana_desktop.practice.sessions.event_rows import event_from_json, event_to_json, setup_from_json, setup_to_json
from sana_desktop.practice.sessions.session import Event, PlayedBy, SessionHead, SessionRecord, Setup, players, tally

Begun = Callable[[sqlite3.Connection, str], object]
"""Work of the transaction that begins a session; told its id. It may be run a second time."""
MAX_TITLE_LENGTH = 120
DELETED_KEPT = 50
"""How many deleted sessions can be brought back; older ones are gone."""


class SessionStore:
    """All sessions. A call that returned is durable; every method raises `StorageError` if the disk does not serve.

    Attributes:
        changed: the id of each session that was begun, appended to, renamed, deleted or brought back.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self.changed: Topic[str] = Topic("session changed")
        self._database = database
        self._clock = clock

    async def begin(
        self, connection_id: str, setup: Setup, title: str = "", *, also: Begun = lambda connection, session_id: None
    ) -> SessionRecord:
        """Begin a session; without a title it is called by its time.

        Args:
            also: work of the same transaction.
        """
        now = self._clock.now()
        return await self._add(SessionRecord("", connection_id, title, setup, (), now, now), also)

    async def bring_in(self, record: SessionRecord, connection_id: str) -> SessionRecord:
        """Take in a session from a file as a new one of this connection."""
        return await self._add(
            SessionRecord("", connection_id, record.title, record.setup, record.events, record.created_at, self._now())
        )

    async def append(
        self, session_id: str, event: Event, *, also: Callable[[sqlite3.Connection], object] = lambda connection: None
    ) -> int:
        """Add an event; return its index. See `append_many`."""
        return await self.append_many(session_id, (event,), also=also)

    async def append_many(
        self,
        session_id: str,
        events: Sequence[Event],
        *,
        also: Callable[[sqlite3.Connection], object] = lambda connection: None,
    ) -> int:
        """Add events in one transaction; return the index of the first.

        Args:
            also: more work of the same transaction.

        Raises:
            UserError: E-SESSION-GONE; E-PRACTICE-VALUE if an event holds what the API does not take.
        """
        now = format_utc(self._clock.now())

        def work(connection: sqlite3.Connection) -> int | None:
            index = _append(connection, session_id, events, now)
            if index is not None:
                also(connection)
            return index

        first = await self._database.write(work)
        if first is None:
            raise _gone()
        self.changed.publish(session_id)
        return first

    def adding(
        self,
        session_id: str,
        events: Callable[[Sequence[int]], Sequence[Event]],
        *,
        first: Callable[[int], object] = lambda index: None,
    ) -> Also:
        """Return the adding of events as work of the transaction that puts their outcomes into the outbox.

        Whoever has it done tells `changed` afterwards.

        Args:
            events: called with the numbers of the outcomes; returns what to add.
            first: told the index of the first event; again if the work is run again.

        Raises (the work):
            UserError: E-SESSION-GONE; nothing of the transaction is done then.
        """
        now = format_utc(self._clock.now())

        def work(connection: sqlite3.Connection, numbers: Sequence[int]) -> None:
            index = _append(connection, session_id, events(numbers), now)
            if index is None:
                raise _gone()
            first(index)

        return work

    async def rename(self, session_id: str, title: str) -> None:
        """Give another title; an empty one is ignored. Raises UserError E-SESSION-GONE."""
        shown = one_line(title.strip(), MAX_TITLE_LENGTH)
        if shown:
            await self._update("title = ?, changed_at = ?", session_id, (shown, format_utc(self._clock.now())))

    async def change_setup(self, session_id: str, setup: Setup) -> None:
        """Keep what is asked for now: it is shown when the session is opened again. Raises UserError E-SESSION-GONE."""
        told = json.dumps(setup_to_json(setup), ensure_ascii=False)
        await self._update("setup = ?, changed_at = ?", session_id, (told, format_utc(self._clock.now())))

    async def delete(self, session_id: str) -> None:
        """Put a session into the bin, where the latest `DELETED_KEPT` are kept. Raises UserError E-SESSION-GONE."""
        await self._update("deleted_at = ?", session_id, (format_utc(self._clock.now()),))
        await self._database.write(_empty_bin)

    async def undelete(self, session_id: str) -> None:
        """Take a session out of the bin. Raises UserError E-SESSION-GONE."""
        await self._update("deleted_at = NULL", session_id, ())

    async def list(self, limit: int = 200) -> tuple[SessionHead, ...]:
        """Return the sessions that are not in the bin, changed last first; no event is read.

        One whose row makes no sense is left out: it must not keep the others from being listed.
        """
        return await self._heads("deleted_at IS NULL ORDER BY changed_at DESC", limit)

    async def bin(self) -> tuple[SessionHead, ...]:
        """Return the sessions in the bin, deleted last first."""
        return await self._heads("deleted_at IS NOT NULL ORDER BY deleted_at DESC", DELETED_KEPT)

    async def load(self, session_id: str) -> SessionRecord:
        """Return a session with its events.

        Raises:
            UserError: E-SESSION-GONE.
            StorageError: E-SESSION-DAMAGED: it makes no sense.
        """
        record = await self._sound(lambda connection: _load(connection, session_id))
        if record is None:
            raise _gone()
        return record

    async def since(self, session_id: str, first: int) -> tuple[Event, ...]:
        """Return the events from this index on; none if there are none, or the session is gone.

        Raises:
            StorageError: E-SESSION-DAMAGED, as `load`.
        """
        return await self._sound(lambda connection: _events(connection, session_id, first))

    async def _sound(self, work: Callable[[sqlite3.Connection], T]) -> T:
        try:
            return await self._database.read(work)
        except ValueError as error:
            raise StorageError(
                "This session can't be read: what is stored of it makes no sense.",
                code="E-SESSION-DAMAGED",
                next_step="Begin a new one. The other sessions are not affected.",
                detail=str(error),
            ) from None

    async def _add(self, record: SessionRecord, also: Begun = lambda connection, session_id: None) -> SessionRecord:
        title = one_line(record.title.strip(), MAX_TITLE_LENGTH) or f"{record.created_at:%Y-%m-%d %H:%M} UTC"
        added = SessionRecord(
            uuid.uuid4().hex, record.connection_id, title, record.setup, record.events, record.created_at, self._now()
        )
        setup = json.dumps(setup_to_json(added.setup), ensure_ascii=False)
        times = (format_utc(added.created_at), format_utc(added.changed_at))
        row = (added.id, added.connection_id, added.setup.user_id, added.title, setup, *times)

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(_INSERT, row)
            _append(connection, added.id, added.events, times[1])
            also(connection, added.id)

        await self._database.write(work)
        self.changed.publish(added.id)
        return added

    async def _update(self, what: str, session_id: str, values: tuple[object, ...]) -> None:
        # `what` is this module's own; whatever comes from outside is bound.
        statement = f"UPDATE practice_sessions SET {what} WHERE id = ?"  # noqa: S608
        found = await self._database.write(
            lambda connection: connection.execute(statement, (*values, session_id)).rowcount
        )
        if not found:
            raise _gone()
        self.changed.publish(session_id)

    async def _heads(self, clause: str, limit: int) -> tuple[SessionHead, ...]:
        statement = f"SELECT {_HEAD_COLUMNS} FROM practice_sessions WHERE {clause}, rowid DESC LIMIT ?"  # noqa: S608

        def work(connection: sqlite3.Connection) -> tuple[SessionHead, ...]:
            found = []
            for row in connection.execute(statement, (limit,)):
                with contextlib.suppress(ValueError):
                    found.append(_head(row))
            return tuple(found)

        return await self._database.read(work)

    def _now(self) -> datetime:
        return self._clock.now()


_INSERT = """
    INSERT INTO practice_sessions (id, connection_id, user_id, title, setup, created_at, changed_at)
    VALUES (?, ?, ?, ?, ?, ?, ?)
"""
_HEAD_COLUMNS = (
    "id, connection_id, user_id, title, setup, created_at, changed_at, asked, answered, correct, deleted_at, players"
)


def _append(connection: sqlite3.Connection, session_id: str, events: Sequence[Event], now: str) -> int | None:
    # Made to JSON here, on the store's thread: a thousand events take longer than a frame.
    counts = tally(events)
    changed = connection.execute(
        "UPDATE practice_sessions SET changed_at = ?, asked = asked + ?, answered = answered + ?,"
        " correct = correct + ? WHERE id = ?",
        (now, counts.asked, counts.answered, counts.correct, session_id),
    ).rowcount
    if not changed:
        return None
    _keep_players(connection, session_id, events)
    statement = "SELECT coalesce(max(number) + 1, 0) FROM practice_events WHERE session = ?"
    (first,) = connection.execute(statement, (session_id,)).fetchone()
    rows = []
    for number, event in enumerate(events, first):
        told = event_to_json(event)
        at, kind = told.pop("at"), told.pop("kind")
        rows.append((session_id, number, at, kind, json.dumps(told, ensure_ascii=False, separators=(",", ":"))))
    connection.executemany("INSERT INTO practice_events VALUES (?, ?, ?, ?, ?)", rows)
    return int(first)


def _keep_players(connection: sqlite3.Connection, session_id: str, events: Sequence[Event]) -> None:
    """Add the simulated learners who are new in a session to those that its line names."""
    new = players(events)
    if not new:
        return
    (told,) = connection.execute("SELECT players FROM practice_sessions WHERE id = ?", (session_id,)).fetchone()
    known = _players_of(told)
    if not set(new) <= set(known):
        all_of_them = json.dumps(list(dict.fromkeys((*known, *new))), ensure_ascii=False)
        connection.execute("UPDATE practice_sessions SET players = ? WHERE id = ?", (all_of_them, session_id))


def _players_of(told: str) -> tuple[PlayedBy, ...]:
    try:
        return tuple((str(persona), seed if isinstance(seed, int) else None) for persona, seed in json.loads(told))
    except (ValueError, TypeError):
        return ()  # names beside a session: it must not be lost for them


def _load(connection: sqlite3.Connection, session_id: str) -> SessionRecord | None:
    statement = f"SELECT {_HEAD_COLUMNS} FROM practice_sessions WHERE id = ?"  # noqa: S608
    row = connection.execute(statement, (session_id,)).fetchone()
    if row is None:
        return None
    head = _head(row)
    setup, events = setup_from_json(json.loads(row[4])), _events(connection, session_id, 0)
    return SessionRecord(head.id, head.connection_id, head.title, setup, events, head.created_at, head.changed_at)


def _events(connection: sqlite3.Connection, session_id: str, first: int) -> tuple[Event, ...]:
    rows = connection.execute(
        "SELECT at, kind, body FROM practice_events WHERE session = ? AND number >= ? ORDER BY number",
        (session_id, first),
    )
    return tuple(event_from_json(json.loads(body) | {"at": at, "kind": kind}) for at, kind, body in rows)


def _head(row: Sequence[Any]) -> SessionHead:
    """Return a row of _HEAD_COLUMNS as what it says; raises ValueError if it makes no sense."""
    key, connection_id, user_id, title, setup, created_at, changed_at, asked, answered, correct, deleted_at, told = row
    created, changed = parse_timestamp(created_at), parse_timestamp(changed_at)
    if created is None or changed is None:
        raise ValueError("no time")
    meant = setup_from_json(json.loads(setup))
    deleted = parse_timestamp(deleted_at)
    return SessionHead(
        key, connection_id, user_id, title, meant.mode, created, changed, asked, answered, correct, deleted,
        _players_of(told) or (((meant.persona, meant.seed),) if meant.persona is not None else ()),
    )  # fmt: skip


def _empty_bin(connection: sqlite3.Connection) -> None:
    connection.execute(
        "DELETE FROM practice_sessions WHERE deleted_at IS NOT NULL AND id NOT IN (SELECT id FROM practice_sessions"
        " WHERE deleted_at IS NOT NULL ORDER BY deleted_at DESC, rowid DESC LIMIT ?)",
        (DELETED_KEPT,),
    )


def _gone() -> UserError:
    return UserError(
        "This session is not there any more.",
        code="E-SESSION-GONE",
        next_step="Open another one, or begin a new one.",
    )
