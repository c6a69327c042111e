"""A replay as it is stored: whose answers go where, and how far it has come (B34); and the lines that it writes."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sana_desktop.base.timestamps import format_utc, parse_timestamp
from sana_desktop.practice.replay.columns import Mapping
from sana_desktop.practice.sessions.session import Event


@dataclass(frozen=True, slots=True)
class ReplayRecord:
    """One row of the table.

    Of a finished one, where the file lies and whose rows were meant is forgotten: it is needed to go on, and for
    nothing else.

    Attributes:
        user_id: the test learner who gets the answers.
        path: of the file; None once it is finished.
        person: the first row of the person whose answers they are, from 1; 0 if all rows are meant. Nothing that is
            made of their id is stored, not even a digest: a short id can be guessed from one.
        done: answers put into the outbox so far, of `total`.
        session: the session whose lines they are; "" if it is from before there was one.
        read: a digest of the `done` answers as they were read from the file, in their order: the same bytes may be read
            otherwise by another version of the app. "" while there is none, and where nobody kept it.
    """

    id: str
    connection_id: str
    user_id: str
    path: Path | None
    file_sha256: str
    mapping: Mapping
    person: int
    done: int
    total: int
    created_at: datetime
    changed_at: datetime
    session: str = ""
    read: str = ""

    @property
    def finished(self) -> bool:
        """Whether every answer was put into the outbox."""
        return self.done >= self.total

    def advanced(self, count: int, at: datetime, read: str) -> ReplayRecord:
        """Return it with so many more answers in the outbox, `read` being the digest of all, as the row is then."""
        after = replace(self, done=self.done + count, changed_at=at, read=read)
        return replace(after, path=None, person=0, read="") if after.finished else after


@dataclass(frozen=True, slots=True)
class ReplayLines:
    """What a replay wrote into its session, in one piece.

    Attributes:
        first: index of the first of the events among the session's.
    """

    session: str
    first: int
    events: tuple[Event, ...]


COLUMNS = (
    "id", "connection_id", "user_id", "path", "file_sha256", "mapping", "person", "done", "total", "created_at",
    "changed_at", "session", "read_sha256",
)  # fmt: skip
INSERT = f"INSERT INTO practice_replays ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608
_ADVANCE = (
    "UPDATE practice_replays SET done = ?1, changed_at = ?2, path = iif(?1 < total, path, ''),"
    " person = iif(?1 < total, person, ''), read_sha256 = ?5 WHERE id = ?3 AND done = ?4"
)


def advance(connection: sqlite3.Connection, before: ReplayRecord, after: ReplayRecord) -> bool:
    """Write how far it is; False, and nothing changed, if another run has advanced it since `before`."""
    values = (after.done, format_utc(after.changed_at), before.id, before.done, after.read)
    return connection.execute(_ADVANCE, values).rowcount == 1


def select(connection: sqlite3.Connection, clause: str, values: tuple[object, ...]) -> tuple[ReplayRecord, ...]:
    """Return the replays that a clause of ours means; what comes from outside is in `values`."""
    found = []
    for row in connection.execute(f"SELECT {', '.join(COLUMNS)} FROM practice_replays WHERE {clause}", values):  # noqa: S608
        # One whose row makes no sense is left out: it must not keep the others from being gone on with.
        with contextlib.suppress(ValueError):
            found.append(record_of(row))
    return tuple(found)


def row_of(record: ReplayRecord) -> tuple[object, ...]:
    """Return a record as a row of COLUMNS."""
    return (
        record.id, record.connection_id, record.user_id, str(record.path or ""), record.file_sha256,
        record.mapping.to_json(), str(record.person or ""), record.done, record.total, format_utc(record.created_at),
        format_utc(record.changed_at), record.session, record.read,
    )  # fmt: skip


def record_of(row: Sequence[Any]) -> ReplayRecord:
    """Return a row of COLUMNS as what it says; raises ValueError if it makes no sense."""
    key, connection_id, user_id, path, sha256, mapping, person, done, total, created_at, changed_at, session, read = row
    created, changed = parse_timestamp(created_at), parse_timestamp(changed_at)
    if created is None or changed is None:
        raise ValueError("no time")
    return ReplayRecord(
        key, connection_id, user_id, Path(path) if path else None, sha256, Mapping.from_json(mapping),
        int(person or 0), done, total, created, changed, session, read,
    )  # fmt: skip
