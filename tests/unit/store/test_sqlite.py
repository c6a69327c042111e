from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from sana_desktop.base.errors import StorageError
from sana_desktop.store import sqlite
from sana_desktop.store.sqlite import Trouble, connect, is_sound, storage_error, trouble_of, user_version


@pytest.fixture
def path(tmp_path: Path) -> Path:
    # Characters that mean something in the address of a database.
    path = tmp_path / "a ?#%41 ü.db"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (a)")
        connection.execute("PRAGMA user_version = 3")
    return path


def error_of(call: Callable[[], object]) -> sqlite3.Error:
    with pytest.raises(sqlite3.Error) as caught:
        call()
    return caught.value


def test_a_connection_has_rows_with_names_and_no_hidden_transactions(path: Path) -> None:
    with contextlib.closing(connect(path)) as connection:
        connection.execute("INSERT INTO t VALUES (1)")
        assert not connection.in_transaction
        assert connection.execute("SELECT a FROM t").fetchone()["a"] == 1
        assert user_version(connection) == 3
        assert is_sound(connection)


def test_a_missing_file_is_not_created(tmp_path: Path) -> None:
    error_of(lambda: connect(tmp_path / "missing.db"))
    assert list(tmp_path.iterdir()) == []


def test_a_pragma_that_does_not_take_hold_refuses_the_store(path: Path) -> None:
    with pytest.raises(StorageError) as caught:
        connect(path, query_only=True)  # the file has no write-ahead log yet, and a reader can't change that
    assert caught.value.code == "E-DB-PRAGMA"


def test_on_a_network_folder_it_is_the_rollback_journal(path: Path) -> None:
    connect(path).close()
    with contextlib.closing(connect(path, wal=False)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "delete"


def test_damage_is_found(path: Path) -> None:
    with contextlib.closing(connect(path)) as connection:
        connection.executemany("INSERT INTO t VALUES (?)", [(str(number) * 500,) for number in range(200)])
    with path.open("r+b") as file:
        file.seek(8192)
        file.write(b"\xff" * 4096)
    with contextlib.closing(connect(path)) as connection:
        assert not is_sound(connection)


def test_an_index_that_lost_a_row_is_made_anew(path: Path) -> None:
    with contextlib.closing(connect(path)) as connection:
        connection.execute("CREATE INDEX by_a ON t (a)")
        entry = tuple(connection.execute("SELECT * FROM sqlite_master WHERE name = 'by_a'").fetchone())
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("DELETE FROM sqlite_master WHERE name = 'by_a'")
    with contextlib.closing(connect(path)) as connection:
        connection.execute("INSERT INTO t VALUES (1)")
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("INSERT INTO sqlite_master VALUES (?, ?, ?, ?, ?)", entry)
    with contextlib.closing(connect(path)) as connection:
        assert "missing" in connection.execute("PRAGMA integrity_check").fetchone()[0]
        assert is_sound(connection)
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def test_trouble_is_told_from_the_code_and_not_from_words(path: Path) -> None:
    with contextlib.closing(connect(path, busy_seconds=0.0)) as ours, contextlib.closing(connect(path)) as theirs:
        theirs.execute("BEGIN IMMEDIATE")
        assert trouble_of(error_of(lambda: ours.execute("BEGIN IMMEDIATE"))) is Trouble.LOCKED
        theirs.execute("ROLLBACK")
        ours.execute("PRAGMA max_page_count = 2")
        full = error_of(lambda: ours.execute("INSERT INTO t VALUES (zeroblob(100000))"))
        assert trouble_of(full) is Trouble.FULL
        assert trouble_of(error_of(lambda: ours.execute("SELECT nonsense"))) is Trouble.OTHER
    nonsense = path.with_name("nonsense.db")
    nonsense.write_text("nonsense" * 1000)
    assert trouble_of(error_of(lambda: connect(nonsense))) is Trouble.DAMAGED
    assert trouble_of(OSError(11, "no SQLite code")) is Trouble.OTHER


@pytest.mark.parametrize(
    ("code", "expected", "retryable"),
    [
        (sqlite3.SQLITE_BUSY_SNAPSHOT, "E-DB-LOCKED", True),
        (sqlite3.SQLITE_FULL, "E-DISK-FULL", True),
        (sqlite3.SQLITE_CORRUPT_VTAB, "E-DB-DAMAGED", False),
        (sqlite3.SQLITE_IOERR_FSYNC, "E-DB-IO", True),
    ],
)
def test_every_trouble_has_plain_words(path: Path, code: int, expected: str, retryable: bool) -> None:
    error = sqlite3.OperationalError("technical words")
    error.sqlite_errorcode = code
    plain = storage_error(error, path)
    assert (plain.code, plain.retryable) == (expected, retryable)
    assert plain.next_step
    assert "technical words" not in plain.message
    assert "technical words" in plain.detail
    assert sqlite.is_of_the_disk(error)


def test_a_wrong_statement_is_a_bug_and_not_the_disks_fault(path: Path) -> None:
    with contextlib.closing(connect(path)) as connection:
        assert not sqlite.is_of_the_disk(error_of(lambda: connection.execute("SELECT nonsense")))
    assert not sqlite.is_of_the_disk(sqlite3.ProgrammingError("closed"))
