"""How far the replays of sessions have come that are not through: on disk, so that a kill leaves no half one unsaid.

What is sent again and how far it is are written in one transaction; a replay that is through has no mark any more.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sana_desktop.practice.database import Database
from sana_desktop.practice.sessions.session import SessionRecord
from sana_desktop.practice.sessions.sessions import Begun

Advancing = Callable[[sqlite3.Connection], object]


@dataclass(frozen=True, slots=True)
class RerunMark:
    """A session that is the replay of another one, and has not all of it.

    Attributes:
        session: its id; `source` is the id of the other one, which may be gone, and `title` what that was called.
        done: questions and answers that were sent again, the first of `total`.
        is_left: a person wants it left as it is.
    """

    session: str
    source: str
    title: str
    done: int
    total: int
    is_left: bool = False


class RerunMarks:
    """The table; every method raises `StorageError` if the disk does not serve."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def beginning(self, source: SessionRecord) -> Begun:
        """Return the marking of a replay as work of the transaction that begins its session."""
        total = len(source.events)

        def work(connection: sqlite3.Connection, session_id: str) -> None:
            if total:
                connection.execute(_INSERT, (session_id, source.id, source.title, total))

        return work

    def advancing(self, session_id: str, count: int) -> Advancing:
        """Return, as work of the transaction that writes them, that so many events more were sent again."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute("UPDATE practice_reruns SET done = done + ? WHERE session = ?", (count, session_id))
            connection.execute("DELETE FROM practice_reruns WHERE session = ? AND done >= total", (session_id,))

        return work

    async def get(self, session_id: str) -> RerunMark | None:
        """Return the mark of a session; None if it is no replay, or all of one."""
        return (await self._select("WHERE session = ?", session_id)).get(session_id)

    async def all(self) -> Mapping[str, RerunMark]:
        """Return the mark of each session that has one."""
        return await self._select("")

    async def leave(self, session_id: str) -> None:
        """Leave a replay as it is: it is not offered any more to go on with it."""
        statement = "UPDATE practice_reruns SET is_left = 1 WHERE session = ?"
        await self._database.write(lambda connection: connection.execute(statement, (session_id,)).rowcount)

    async def _select(self, clause: str, *values: str) -> dict[str, RerunMark]:
        statement = f"SELECT session, source, title, done, total, is_left FROM practice_reruns {clause}"  # noqa: S608
        rows = await self._database.read(lambda connection: connection.execute(statement, values).fetchall())
        return {
            session: RerunMark(session, source, title, done, total, bool(is_left))
            for session, source, title, done, total, is_left in rows
        }


_INSERT = "INSERT INTO practice_reruns (session, source, title, done, total) VALUES (?, ?, ?, 0, ?)"
