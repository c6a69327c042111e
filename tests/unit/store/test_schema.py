from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from sana_desktop.store.schema import Migration, load_migrations, migrate, statements
from sana_desktop.store.sqlite import user_version


@pytest.fixture
def memory() -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        yield connection


def tables(connection: sqlite3.Connection) -> set[str]:
    return {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def test_the_packages_own_migrations_make_the_schema(memory: sqlite3.Connection) -> None:
    migrations = load_migrations()
    migrate(memory, migrations)
    migrate(memory, migrations)
    assert user_version(memory) == len(migrations)
    assert {"connections", "jobs", "job_timeline", "transfers", "drafts", "settings"} <= tables(memory)
    assert memory.execute("PRAGMA foreign_keys").fetchone() == (1,)


def test_M5_jobs_from_before_get_the_site_of_their_connection(memory: sqlite3.Connection) -> None:
    migrations = load_migrations()
    migrate(memory, migrations[:5])
    memory.execute(
        "INSERT INTO connections (id, name, origin, colour, mark, access, created_at)"
        " VALUES ('c', 'Acme', 'https://acme.sana.ai', 'blue', 'live', 'client', '2026')"
    )
    for connection in ("c", "demo", "forgotten"):
        memory.execute(
            "INSERT INTO jobs (id, connection_id, title, sql, sql_sha256, format, state, created_at, changed_at)"
            " VALUES (?, ?, 't', 'SELECT 1', '', 'csv', 'ready', '2026', '2026')",
            (connection, connection),
        )
    migrate(memory, migrations)
    kept = memory.execute("SELECT id, site_name, site_address FROM jobs ORDER BY id").fetchall()
    assert kept == [("c", "Acme", "https://acme.sana.ai"), ("demo", "Example data", ""), ("forgotten", "", "")]


def test_what_was_not_kept_then_is_not_known_now(memory: sqlite3.Connection) -> None:
    migrations = load_migrations()
    migrate(memory, migrations[:12])
    memory.execute(
        "INSERT INTO connections (id, name, origin, colour, mark, access, created_at)"
        " VALUES ('c', 'Acme', 'https://acme.sana.ai', 'blue', 'test', 'client', '2026')"
    )
    for connection in ("c", "demo"):
        memory.execute(
            "INSERT INTO jobs (id, connection_id, title, sql, sql_sha256, format, state, created_at, changed_at)"
            " VALUES (?, ?, 't', 'SELECT 1', '', 'csv', 'ready', '2026', '2026')",
            (connection, connection),
        )
    migrate(memory, migrations)
    kept = memory.execute("SELECT id, site_mark, site_ahead_seconds FROM jobs ORDER BY id").fetchall()
    assert kept == [("c", "", None), ("demo", "demo", None)], "a mark may have been changed since"
    assert memory.execute("SELECT secret_stored FROM connections").fetchall() == [(None,)]


def test_sessions_from_before_name_everybody_who_played(memory: sqlite3.Connection) -> None:
    migrations = load_migrations()
    migrate(memory, migrations[:10])
    for session in ("played", "by a person"):
        memory.execute(
            "INSERT INTO practice_sessions (id, connection_id, user_id, title, setup, created_at, changed_at)"
            " VALUES (?, 'c', 'u', 't', '{}', '2026', '2026')",
            (session,),
        )
    bodies = ['{"persona": "tires", "seed": 2}', '{"persona": "guesser"}', '{"persona": "tires", "seed": 2}', "{}"]
    for number, body in enumerate(bodies):
        memory.execute("INSERT INTO practice_events VALUES ('played', ?, '2026', 'answered', ?)", (number, body))
    memory.execute("INSERT INTO practice_events VALUES ('by a person', 0, '2026', 'answered', '{}')")
    migrate(memory, migrations)
    kept = memory.execute("SELECT id, players FROM practice_sessions ORDER BY id").fetchall()
    assert kept == [("by a person", "[]"), ("played", '[["tires",2],["guesser",null]]')]


def test_only_missing_steps_are_taken(memory: sqlite3.Connection) -> None:
    first, second = Migration(1, "CREATE TABLE a (x);"), Migration(2, "CREATE TABLE b (x);\nDROP TABLE a;")
    migrate(memory, (first,))
    memory.execute("INSERT INTO a VALUES (1)")
    migrate(memory, (first, second))
    assert (tables(memory), user_version(memory)) == ({"b"}, 2)


@pytest.mark.parametrize(
    "broken",
    [
        "CREATE TABLE b (x);\nCREATE TABLE b (x);",
        "CREATE TABLE b (x REFERENCES a (x));\nINSERT INTO b VALUES (99);",
    ],
    ids=["a statement fails", "a row without its parent"],
)
def test_a_step_that_fails_leaves_nothing_behind(memory: sqlite3.Connection, broken: str) -> None:
    first = Migration(1, "CREATE TABLE a (x INTEGER PRIMARY KEY);")
    with pytest.raises(sqlite3.Error):
        migrate(memory, (first, Migration(2, broken)))
    assert (tables(memory), user_version(memory)) == ({"a"}, 1)
    assert not memory.in_transaction


def test_a_script_is_cut_where_statements_end() -> None:
    script = """
    -- a comment; with a semicolon
    CREATE TABLE a (x);  -- another
    CREATE TRIGGER t AFTER INSERT ON a BEGIN
        DELETE FROM a;
        INSERT INTO a VALUES (';');
    END;
    INSERT INTO a VALUES (1)"""
    parts = [part.strip() for part in statements(script)]
    assert len(parts) == 3
    assert parts[1].endswith("END;")
    assert parts[2].endswith("(1)")


@pytest.mark.parametrize(
    "names", [["0002_b.sql"], ["0001_a.sql", "0003_c.sql"], ["0001_a.sql", "0001_b.sql"], ["x.sql"]]
)
def test_migrations_count_without_a_gap(tmp_path: Path, names: list[str]) -> None:
    for name in names:
        (tmp_path / name).write_text("")
    with pytest.raises(ValueError, match="migration"):
        load_migrations(tmp_path)
