"""A replay as a row: what is kept of it while it is needed, and what earlier versions kept."""

from __future__ import annotations

import contextlib
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sana_desktop.practice.replay.columns import Mapping
from sana_desktop.practice.replay.record import COLUMNS, INSERT, ReplayRecord, advance, record_of, row_of
from sana_desktop.store.schema import load_migrations, migrate

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
BEGUN = ReplayRecord("r", "c", "u", Path("maria.csv"), "00", Mapping(), 3, 0, 80, NOON, NOON, "s")
FORGOTTEN_BY = 5
"""The migration that forgets what is not needed."""


def stored(connection: sqlite3.Connection) -> list[ReplayRecord]:
    rows = connection.execute(f"SELECT {', '.join(COLUMNS)} FROM practice_replays ORDER BY id")
    return [record_of(row) for row in rows]


def test_a_row_says_what_the_record_says_until_it_is_finished() -> None:
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection, load_migrations())
        connection.execute(INSERT, row_of(BEGUN))
        assert stored(connection) == [BEGUN]
        half = BEGUN.advanced(50, NOON + timedelta(seconds=1), "ab")
        assert (half.done, half.path, half.person, half.read) == (50, BEGUN.path, 3, "ab")
        assert advance(connection, BEGUN, half)
        assert stored(connection) == [half]
        assert not advance(connection, BEGUN, half), "another run was there"
        done = half.advanced(30, NOON + timedelta(seconds=2), "cd")
        assert (done.finished, done.path, done.person, done.read) == (True, None, 0, "")
        assert advance(connection, half, done)
        assert stored(connection) == [done]


def test_what_earlier_versions_kept_of_people_is_forgotten() -> None:
    rows = (("a", "x.csv", "ab" * 32, 80), ("b", "x.csv", "ab" * 32, 5), ("c", "x.csv", "", 5), ("d", "x.csv", "", 80))
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection, load_migrations()[: FORGOTTEN_BY - 1])
        for name, path, person, done in rows:
            values = {"id": name, "path": path, "person": person, "done": done}
            old = [values.get(column, value) for column, value in zip(COLUMNS, row_of(BEGUN), strict=True)][:-1]
            assert COLUMNS[-1] == "read_sha256", "which was not there then"
            marks = ", ".join("?" * len(old))
            connection.execute(f"INSERT INTO practice_replays ({', '.join(COLUMNS[:-1])}) VALUES ({marks})", old)
        migrate(connection, load_migrations())
        assert [(each.id, each.path, each.person) for each in stored(connection)] == [
            ("a", None, 0),
            ("c", Path("x.csv"), 0),
            ("d", None, 0),
        ]
