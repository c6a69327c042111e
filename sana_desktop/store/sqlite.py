"""SQLite as this app uses it: one way to connect, pragmas that are checked, and plain words for what fails (B11)."""

from __future__ import annotations

import sqlite3
from enum import Enum
from pathlib import Path

from sana_desktop.base.errors import StorageError

BUSY_TIMEOUT_SECONDS = 5.0
"""How long SQLite itself waits for another process's lock (B11)."""
JOURNAL_LIMIT_BYTES = 16 * 1024 * 1024
"""The write-ahead log is cut back to this after a checkpoint."""

FULL_CHECK_BYTES = 64 * 1024 * 1024
"""Up to this size indexes are checked at every opening, in a fraction of a second."""

_SYNCHRONOUS_FULL = 2


class Trouble(Enum):
    """What a failed statement says about the store, where it matters what is done next."""

    LOCKED = "locked"
    FULL = "full"
    DAMAGED = "damaged"
    OTHER = "other"


def connect(
    path: Path, *, wal: bool = True, query_only: bool = False, busy_seconds: float = BUSY_TIMEOUT_SECONDS
) -> sqlite3.Connection:
    """Open an existing database file with every pragma of B11, and check that each took hold.

    The connection is in autocommit mode (statements begin and end transactions themselves), gives `sqlite3.Row`s, and
    may be handed from thread to thread.

    Args:
        path: the file; it is not created.
        wal: False on a network folder, where shared memory does not work: then a rollback journal.
        query_only: refuse every change.
        busy_seconds: how long a statement waits for a lock.

    Raises:
        sqlite3.Error: if it can't be opened.
        StorageError: if a pragma did not take hold.
    """
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw",
        uri=True,
        timeout=busy_seconds,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=256,
    )
    try:
        connection.row_factory = sqlite3.Row
        _set_pragmas(connection, wal=wal, query_only=query_only, busy_seconds=busy_seconds)
    except BaseException:
        connection.close()
        raise
    return connection


def read_only_uri(path: Path) -> str:
    """Return the address under which SQLite reads a file and changes nothing, not even beside it."""
    return f"{path.absolute().as_uri()}?mode=ro"


def user_version(connection: sqlite3.Connection) -> int:
    """Return the schema's version."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def is_sound(connection: sqlite3.Connection) -> bool:
    """Return whether the database holds together; indexes that don't agree with their tables are made anew.

    `quick_check` sees the tables; only the full check sees the indexes, at several times the price, so that is left
    out for a database that got very large.

    Raises:
        sqlite3.Error: if the check can't run for another reason than damage.
    """
    try:
        if not _passes(connection, "quick_check"):
            return False
        if size_bytes(connection) > FULL_CHECK_BYTES or _passes(connection, "integrity_check"):
            return True
        connection.execute("REINDEX")
        return _passes(connection, "integrity_check")
    except sqlite3.Error as error:
        if is_damage(error):
            return False
        raise


def is_damage(error: sqlite3.Error) -> bool:
    """Return whether opening or checking failed because of what is in the file, and not because of the machine."""
    return trouble_of(error) is Trouble.DAMAGED or not is_of_the_disk(error)


def _passes(connection: sqlite3.Connection, check: str) -> bool:
    rows = connection.execute(f"PRAGMA {check}(1)").fetchall()
    return len(rows) == 1 and rows[0][0] == "ok"


def size_bytes(connection: sqlite3.Connection) -> int:
    """Return how large the database is."""
    pages, page_bytes = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
    return int(pages) * int(page_bytes)


def trouble_of(error: BaseException) -> Trouble:
    """Return what kind of trouble `error` is."""
    # Extended result codes carry the primary one in their low byte.
    code = getattr(error, "sqlite_errorcode", None)
    match None if code is None else code & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return Trouble.LOCKED
        case sqlite3.SQLITE_FULL:
            return Trouble.FULL
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return Trouble.DAMAGED
        case _:
            return Trouble.OTHER


def is_of_the_disk(error: sqlite3.Error) -> bool:
    """Return whether it is the machine's doing; a wrong statement or a broken constraint is a bug and stays one."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in _DISK_CODES


_DISK_CODES = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_PERM,
    }
)
_SAFE = "Nothing that was saved before is lost."


def locked_error(detail: str) -> StorageError:
    """Return the plain-word error for a store that another program holds (P11)."""
    return StorageError(
        "Another program is holding the app's own store, so this could not be saved.",
        code="E-DB-LOCKED",
        next_step=f"Close the other program and try again. {_SAFE}",
        retryable=True,
        detail=detail,
    )


def storage_error(error: sqlite3.Error, path: Path) -> StorageError:
    """Return the plain-word error for what SQLite said about the file at `path`."""
    detail = f"{getattr(error, 'sqlite_errorname', 'SQLITE_?')}: {error}"
    match trouble_of(error):
        case Trouble.LOCKED:
            return locked_error(detail)
        case Trouble.FULL:
            return StorageError(
                "The disk that holds the app's own store is full, so this could not be saved.",
                code="E-DISK-FULL",
                next_step=f"Make room on the disk and try again. {_SAFE}",
                retryable=True,
                detail=detail,
            )
        case Trouble.DAMAGED:
            return StorageError(
                "The app's own store is damaged.",
                code="E-DB-DAMAGED",
                next_step="Start the app again: it sets the damaged file aside and goes back to the last backup.",
                detail=detail,
            )
        case _:
            return StorageError(
                "The app's own store at {path} can't be read or written.",
                code="E-DB-IO",
                next_step=f"Check that the disk is there and that you may write to the folder. {_SAFE}",
                values={"path": path},
                retryable=True,
                detail=detail,
            )


def _set_pragmas(connection: sqlite3.Connection, *, wal: bool, query_only: bool, busy_seconds: float) -> None:
    journal = "wal" if wal else "delete"
    if query_only:
        # The journal mode belongs to the file; a reader only looks at it.
        _expect(connection, "journal_mode", journal)
    else:
        _expect(connection, f"journal_mode = {journal}", journal)
        connection.execute("PRAGMA synchronous = FULL")
        # Without this, fsync on macOS leaves commits in the drive's cache; elsewhere it does nothing.
        connection.execute("PRAGMA fullfsync = ON")
        connection.execute(f"PRAGMA journal_size_limit = {JOURNAL_LIMIT_BYTES}").fetchall()
        _expect(connection, "synchronous", _SYNCHRONOUS_FULL)
        # What is deleted is overwritten, so that a forgotten site's address does not stay in a free page.
        _expect(connection, "secure_delete = ON", 1)
    connection.execute("PRAGMA foreign_keys = ON")
    _expect(connection, "foreign_keys", 1)
    connection.execute(f"PRAGMA query_only = {int(query_only)}")
    _expect(connection, "query_only", int(query_only))
    _expect(connection, "busy_timeout", round(busy_seconds * 1000))
    # Names in double quotes that are no column are an error, not a string; a tampered schema runs no functions.
    connection.execute("PRAGMA trusted_schema = OFF")


def _expect(connection: sqlite3.Connection, pragma: str, expected: object) -> None:
    row = connection.execute(f"PRAGMA {pragma}").fetchone()
    if row is None or row[0] != expected:
        raise StorageError(
            "The app's own store could not be opened safely.",
            code="E-DB-PRAGMA",
            next_step="Move the app's data folder to a local disk.",
            detail=f"PRAGMA {pragma}: expected {expected!r}, got {None if row is None else row[0]!r}",
        )
