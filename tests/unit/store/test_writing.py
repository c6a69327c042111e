from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from sana_desktop.store.writing import Outcome, TransactionEnded, run_batch


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute("CREATE TABLE t (a INTEGER PRIMARY KEY)")
        yield connection


def put(number: int) -> object:
    return lambda connection: connection.execute("INSERT INTO t VALUES (?)", (number,)).lastrowid


def rows(connection: sqlite3.Connection) -> list[int]:
    return [row[0] for row in connection.execute("SELECT a FROM t ORDER BY a")]


def test_each_is_whole_or_undone_by_itself(connection: sqlite3.Connection) -> None:
    def half(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO t VALUES (10)")
        raise LookupError

    first, second, third, fourth = run_batch(connection, [put(1), half, put(1), put(2)])  # type: ignore[list-item]
    assert (first, fourth) == (Outcome(1), Outcome(2))
    assert isinstance(second.error, LookupError)
    assert isinstance(third.error, sqlite3.IntegrityError)
    assert rows(connection) == [1, 2]
    assert not connection.in_transaction


def test_savepoints_of_its_own_are_a_works_own_business(connection: sqlite3.Connection) -> None:
    def nested(connection: sqlite3.Connection) -> str:
        connection.execute("SAVEPOINT work")
        connection.execute("INSERT INTO t VALUES (5)")
        connection.execute("ROLLBACK TO work")
        connection.execute("RELEASE work")
        return "done"

    assert run_batch(connection, [nested, put(1)]) == [Outcome("done"), Outcome(1)]  # type: ignore[list-item]
    assert rows(connection) == [1]


def test_a_full_disk_undoes_the_whole_batch(connection: sqlite3.Connection) -> None:
    def too_much(connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA max_page_count = 3")
        connection.execute("CREATE TABLE big AS SELECT zeroblob(100000) AS a")

    with pytest.raises(sqlite3.OperationalError):
        run_batch(connection, [put(1), too_much, put(2)])  # type: ignore[list-item]
    assert not connection.in_transaction
    assert rows(connection) == []


@pytest.mark.parametrize("how", ["COMMIT", "ROLLBACK"])
def test_ending_the_transaction_is_a_bug_with_a_name(connection: sqlite3.Connection, how: str) -> None:
    with pytest.raises(TransactionEnded):
        run_batch(connection, [lambda inner: inner.execute(how)])
    assert not connection.in_transaction
