"""A replay as it is stored: whose answers go where, and how far it has come (B34)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sana_desktop.base.timestamps import format_utc, parse_timestamp
from sana_desktop.practice.replay_map import Mapping


@dataclass(frozen=True, slots=True)
class ReplayRecord:
    """One row of the table.

    Attributes:
        user_id: the test learner who gets the answers.
        person: SHA-256 of the id whose answers they were; "" if all.
        done: answers put into the outbox so far, of `total`.
        session: the session whose lines they are; "" if it is from before there was one.
    """

    id: str
    connection_id: str
    user_id: str
    path: Path
    file_sha256: str
    mapping: Mapping
    person: str
    done: int
    total: int
    created_at: datetime
    changed_at: datetime
    session: str = ""

    @property
    def finished(self) -> bool:
        """Whether every answer was put into the outbox."""
        return self.done >= self.total


COLUMNS = (
    "id", "connection_id", "user_id", "path", "file_sha256", "mapping", "person", "done", "total", "created_at",
    "changed_at", "session",
)  # fmt: skip
INSERT = f"INSERT INTO practice_replays ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608
ADVANCE = "UPDATE practice_replays SET done = ?, changed_at = ? WHERE id = ? AND done = ?"
"""How far it is; no row is changed if another run has advanced it."""


def row_of(record: ReplayRecord) -> tuple[object, ...]:
    """Return a record as a row of COLUMNS."""
    return (
        record.id, record.connection_id, record.user_id, str(record.path), record.file_sha256,
        record.mapping.to_json(), record.person, record.done, record.total, format_utc(record.created_at),
        format_utc(record.changed_at), record.session,
    )  # fmt: skip


def record_of(row: Sequence[Any]) -> ReplayRecord:
    """Return a row of COLUMNS as what it says; raises ValueError if it makes no sense."""
    key, connection_id, user_id, path, sha256, mapping, person, done, total, created_at, changed_at, session = row
    created, changed = parse_timestamp(created_at), parse_timestamp(changed_at)
    if created is None or changed is None:
        raise ValueError("no time")
    return ReplayRecord(
        key, connection_id, user_id, Path(path), sha256, Mapping.from_json(mapping), person, done, total, created,
        changed, session,
    )  # fmt: skip
