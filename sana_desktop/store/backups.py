"""Backups of the database: when one is due, which are kept, whether one is good (B11)."""

from __future__ import annotations

import logging
import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sana_desktop.base.errors import StorageError
from sana_desktop.store.private import private_file, private_folder, sync_file, sync_folder
from sana_desktop.store.sqlite import is_sound, size_bytes, user_version

log = logging.getLogger(__name__)

DAILY_KEPT = 7
WEEKLY_KEPT = 4
BEFORE_MIGRATION_KEPT = 3
DUE_AFTER = timedelta(hours=24)

_NAME = re.compile(r"(?P<reason>daily|before)-(?P<time>\d{8}T\d{12}Z)\.db")
_TIME = "%Y%m%dT%H%M%S%fZ"


@dataclass(frozen=True, slots=True, order=True)
class Backup:
    """One backup: when it was made (UTC), why (`daily`, or `before` a migration), and its file."""

    made_at: datetime
    reason: str
    path: Path


def find_backups(folder: Path) -> list[Backup]:
    """Return the backups in `folder`, newest first."""
    found = []
    for entry in folder.glob("*.db"):
        match = _NAME.fullmatch(entry.name)
        if match is not None:
            made_at = datetime.strptime(match["time"], _TIME).replace(tzinfo=UTC)
            found.append(Backup(made_at, match["reason"], entry))
    return sorted(found, reverse=True)


def is_due(backups: Iterable[Backup], now: datetime) -> bool:
    """Return whether a daily backup should be made: none is younger than a day. One from the future does not count."""
    return not any(now - DUE_AFTER < backup.made_at <= now for backup in backups if backup.reason == "daily")


def superfluous(backups: Iterable[Backup]) -> list[Backup]:
    """Return what may be deleted: all but the newest of 7 days and of 4 weeks, and the last few before migrations.

    Days and weeks without a backup are not counted, so a long break deletes nothing.
    """
    days: set[tuple[int, int, int]] = set()
    weeks: set[tuple[int, int]] = set()
    before = 0
    rest = []
    for backup in sorted(backups, reverse=True):
        if backup.reason == "before":
            before += 1
            if before > BEFORE_MIGRATION_KEPT:
                rest.append(backup)
            continue
        day = (backup.made_at.year, backup.made_at.month, backup.made_at.day)
        week = backup.made_at.isocalendar()[:2]
        wanted = (day not in days and len(days) < DAILY_KEPT) or (week not in weeks and len(weeks) < WEEKLY_KEPT)
        if wanted:
            days.add(day)
            weeks.add(week)
        else:
            rest.append(backup)
    return rest


def make_backup(source: sqlite3.Connection, folder: Path, reason: str, now: datetime) -> Backup:
    """Copy what `source` sees into a new backup that is whole or absent; then delete superfluous ones.

    Args:
        source: a connection with no transaction under way; writers of other connections are not held up.
        folder: where backups lie.
        reason: `daily` or `before`.
        now: the time in its name, UTC.

    Raises:
        sqlite3.Error, OSError: if it can't be written.
        StorageError: if the folder can't be made.
    """
    private_folder(folder)
    path = folder / f"{reason}-{now.astimezone(UTC).strftime(_TIME)}.db"
    part = folder / f".{path.name}.part"
    part.unlink(missing_ok=True)
    private_file(part)
    try:
        with closing(sqlite3.connect(part, isolation_level=None)) as target:
            source.backup(target)
            # A backup is one file: without the flag of the write-ahead log nothing is ever made beside it.
            target.execute("PRAGMA journal_mode = DELETE")
        sync_file(part)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    sync_folder(folder)
    _prune(folder)
    return Backup(now, reason, path)


def back_up_if_due(
    connection: sqlite3.Connection, folder: Path, now: datetime, largest_bytes: int | None = None
) -> Backup | None:
    """Make the daily backup if it is due; a failure is logged, for a backup must not stand in anybody's way.

    Args:
        connection: as for `make_backup`.
        folder: where backups lie.
        now: the time, UTC.
        largest_bytes: leave a bigger database for another time.
    """
    try:
        if not is_due(find_backups(folder), now):
            return None
        if largest_bytes is not None and size_bytes(connection) > largest_bytes:
            return None
        return make_backup(connection, folder, "daily", now)
    except (sqlite3.Error, OSError, StorageError):
        log.warning("no backup could be made now", exc_info=True)
        return None


def is_good(path: Path, newest_version: int) -> bool:
    """Return whether a backup is sound and of a schema this app knows."""
    try:
        # Immutable: a look leaves the backup and its folder exactly as they were.
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            return 1 <= user_version(connection) <= newest_version and is_sound(connection)
    except sqlite3.Error:
        return False


def _prune(folder: Path) -> None:
    for backup in superfluous(find_backups(folder)):
        try:
            backup.path.unlink(missing_ok=True)
        except OSError:
            log.warning("an old backup could not be deleted: %s", backup.path.name)
