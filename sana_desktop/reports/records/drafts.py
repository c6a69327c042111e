"""Drafts: every query tab as it was last typed, so that nothing that happens to the app loses it (A03)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, TypeVar

from sana_desktop.base.timestamps import format_utc

if TYPE_CHECKING:
    # The window names Draft before its first paint, which waits for nothing else.
    import sqlite3

    from sana_desktop.base.clock import Clock

T = TypeVar("T")

Format = Literal["csv", "xlsx"]

CLOSED_KEPT = 50
"""How many closed tabs can be reopened; older ones are deleted."""
MAX_TEXT_LENGTH = 5_000_000
"""Characters of one draft; beyond it a text is no query and saving it at each pause would stall the disk."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One query tab.

    Attributes:
        id: stable, made by the window.
        position: place among the tabs, from 0.
        title: the name the person gave it; "" means it is named after its query.
        text: what is typed.
        cursor: place of the caret, in characters.
        connection_id: the site it is for, None if none was chosen.
        format: what the report is asked as.
    """

    id: str
    position: int
    text: str
    title: str = ""
    cursor: int = 0
    connection_id: str | None = None
    format: Format = "csv"


class DraftDatabase(Protocol):
    """What drafts need of the store."""

    def read(self, work: Callable[[sqlite3.Connection], T]) -> Awaitable[T]: ...

    def write(self, work: Callable[[sqlite3.Connection], T]) -> Awaitable[T]: ...


class DraftStore:
    """The drafts on disk. A call that returned is durable; errors are the store's (StorageError)."""

    def __init__(self, database: DraftDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def load(self) -> list[Draft]:
        """Return the open tabs in their order."""
        return await self._database.read(_load)

    async def save(self, drafts: Sequence[Draft]) -> None:
        """Write `drafts` as open tabs, all or none; one that was closed is open again.

        Raises:
            ValueError: if a text is longer than MAX_TEXT_LENGTH.
        """
        if any(len(draft.text) > MAX_TEXT_LENGTH for draft in drafts):
            raise ValueError("a draft is too long to be kept")
        now = format_utc(self._clock.now())
        rows = [(d.id, d.position, d.title, d.text, d.cursor, d.connection_id, d.format, now) for d in drafts]
        await self._database.write(lambda connection: _save(connection, rows))

    async def close(self, draft_id: str) -> None:
        """Take a tab out of the open ones; it can be reopened, unless it was blank. An unknown id does nothing."""
        now = format_utc(self._clock.now())
        await self._database.write(lambda connection: _close(connection, draft_id, now))

    async def reopen(self) -> Draft | None:
        """Return the tab closed last, open again; None if there is none."""
        now = format_utc(self._clock.now())
        return await self._database.write(lambda connection: _reopen(connection, now))

    async def has_closed(self) -> bool:
        """Return whether there is a closed tab to reopen."""
        return await self._database.read(_has_closed)


_COLUMNS = "id, position, title, text, cursor, connection_id, format"


def _draft(row: tuple[str, int, str, str, int, str | None, str]) -> Draft:
    key, position, title, text, cursor, connection_id, wanted = row
    form: Format = "xlsx" if wanted == "xlsx" else "csv"
    return Draft(key, position, text, title, cursor, connection_id, form)


def _load(connection: sqlite3.Connection) -> list[Draft]:
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM drafts WHERE closed_at IS NULL ORDER BY position, changed_at, id"  # noqa: S608
    )
    return [_draft(row) for row in rows.fetchall()]


def _save(connection: sqlite3.Connection, rows: Sequence[tuple[object, ...]]) -> None:
    connection.executemany(
        "INSERT INTO drafts (id, position, title, text, cursor, connection_id, format, changed_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET position = excluded.position, title = excluded.title, text = excluded.text,"
        " cursor = excluded.cursor, connection_id = excluded.connection_id, format = excluded.format,"
        " changed_at = excluded.changed_at, closed_at = NULL",
        rows,
    )


def _close(connection: sqlite3.Connection, draft_id: str, now: str) -> None:
    connection.execute("DELETE FROM drafts WHERE id = ? AND trim(text, ' ' || char(9, 10, 13)) = ''", (draft_id,))
    connection.execute("UPDATE drafts SET closed_at = ? WHERE id = ? AND closed_at IS NULL", (now, draft_id))
    connection.execute(
        "DELETE FROM drafts WHERE closed_at IS NOT NULL AND id NOT IN"
        " (SELECT id FROM drafts WHERE closed_at IS NOT NULL ORDER BY closed_at DESC, id LIMIT ?)",
        (CLOSED_KEPT,),
    )


def _has_closed(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM drafts WHERE closed_at IS NOT NULL LIMIT 1").fetchone() is not None


def _reopen(connection: sqlite3.Connection, now: str) -> Draft | None:
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM drafts WHERE closed_at IS NOT NULL ORDER BY closed_at DESC, rowid DESC LIMIT 1"  # noqa: S608
    ).fetchone()
    if row is None:
        return None
    connection.execute("UPDATE drafts SET closed_at = NULL, changed_at = ? WHERE id = ?", (now, row[0]))
    return _draft(row)
