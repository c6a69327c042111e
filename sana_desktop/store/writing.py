"""Several changes in one commit, each whole or undone by itself: a thousand waiting writes need not cost a thousand
flushes of the disk."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sana_desktop.store.sqlite import Trouble, trouble_of


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a piece of work gave: its value, or the exception it raised."""

    value: Any = None
    error: BaseException | None = None


class TransactionEnded(Exception):
    """A piece of work committed or rolled back: a mistake in it."""


def run_batch(connection: sqlite3.Connection, works: Sequence[Callable[[sqlite3.Connection], Any]]) -> list[Outcome]:
    """Run every work in one transaction, each under a savepoint of its own, and return when that is on the disk.

    Raises:
        sqlite3.Error: the transaction could not begin, go on or be committed; nothing was changed.
        TransactionEnded: a work ended the transaction itself.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        outcomes = [_run(connection, work) for work in works]
        connection.execute("COMMIT")
    except BaseException:
        # After a full disk or a failed read SQLite has rolled back by itself.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return outcomes


def _run(connection: sqlite3.Connection, work: Callable[[sqlite3.Connection], Any]) -> Outcome:
    connection.execute("SAVEPOINT work")
    try:
        value = work(connection)
    except Exception as error:
        if not connection.in_transaction or trouble_of(error) is not Trouble.OTHER:
            raise
        connection.execute("ROLLBACK TO work")
        connection.execute("RELEASE work")
        return Outcome(error=error)
    if not connection.in_transaction:
        raise TransactionEnded(f"{work!r} ended the transaction it runs in")
    connection.execute("RELEASE work")
    return Outcome(value)
