"""The database's schema: numbered SQL files beside this module, each applied in one transaction (B11, P06)."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sana_desktop.store.sqlite import user_version

MIGRATIONS_FOLDER = Path(__file__).with_name("migrations")

_NAME = re.compile(r"(?P<number>\d{4})_[a-z0-9_]+\.sql")


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of the schema.

    Attributes:
        version: the `user_version` after it; they count 1, 2, 3 without a gap.
        sql: its statements, without BEGIN or COMMIT.
    """

    version: int
    sql: str


def load_migrations(folder: Path = MIGRATIONS_FOLDER) -> tuple[Migration, ...]:
    """Return every migration in order.

    Raises:
        ValueError: if a number is missing or used twice: a mistake in this package.
    """
    found = []
    for file in sorted(folder.glob("*.sql")):
        match = _NAME.fullmatch(file.name)
        if match is None:
            raise ValueError(f"{file.name} is no name of a migration")
        found.append(Migration(int(match["number"]), file.read_text(encoding="utf-8")))
    if [migration.version for migration in found] != list(range(1, len(found) + 1)):
        raise ValueError("migrations must count 1, 2, 3 without a gap")
    return tuple(found)


def migrate(connection: sqlite3.Connection, migrations: tuple[Migration, ...]) -> None:
    """Bring the schema up to the last migration; each step is whole or not there at all.

    Raises:
        sqlite3.Error: if a step fails; the schema is then as it was before that step.
    """
    # Rebuilding a table that others point to needs this off, and it can't be changed inside a transaction.
    connection.execute("PRAGMA foreign_keys = OFF")
    try:
        for migration in migrations[user_version(connection) :]:
            _apply(connection, migration)
    finally:
        connection.execute("PRAGMA foreign_keys = ON")


def statements(sql: str) -> Iterator[str]:
    """Return the statements of a script one by one; a trigger's body stays in one piece."""
    pending = ""
    for line in sql.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
    if pending.strip():
        yield pending


def _apply(connection: sqlite3.Connection, migration: Migration) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statement in statements(migration.sql):
            connection.execute(statement)
        broken = connection.execute("PRAGMA foreign_key_check").fetchone()
        if broken is not None:
            raise sqlite3.IntegrityError(
                f"migration {migration.version} leaves a row of {broken[0]} without its parent"
            )
        connection.execute(f"PRAGMA user_version = {migration.version}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
