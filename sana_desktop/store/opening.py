"""Opening the database: what is checked, what is set aside, and the ladder back to a good one (B11, P12-P14, P21)."""

from __future__ import annotations

import logging
import shutil
import sqlite3
import uuid
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from sana_desktop.base.errors import StorageError
from sana_desktop.base.words import Words
from sana_desktop.store.backups import Backup, find_backups, is_good, make_backup
from sana_desktop.store.filesystem import is_network_folder
from sana_desktop.store.ownership import ProcessMark
from sana_desktop.store.private import private_file, private_folder, sync_file, sync_folder
from sana_desktop.store.schema import Migration, migrate
from sana_desktop.store.sqlite import (
    Trouble,
    connect,
    is_damage,
    is_sound,
    read_only_uri,
    trouble_of,
    user_version,
)

log = logging.getLogger(__name__)

_MAGIC = b"SQLite format 3\x00"
_HEADER_BYTES = 100
_FORMATS_AT = slice(18, 20)
_VERSION_AT = slice(60, 64)
_APPLICATION_AT = slice(68, 72)
"""Where the header keeps its write and read formats, `user_version` and `application_id` (sqlite.org/fileformat2.html,
section 1.3)."""
_KNOWN_FORMATS = {1, 2}
APPLICATION_ID = int.from_bytes(b"SANA", "big")
"""Written into every database of ours: a number beyond ours is then a newer version's, and not damage."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the person should know about the store, under a stable code."""

    code: str
    words: Words


@dataclass(frozen=True, slots=True)
class OpenReport:
    """How the opening went.

    Attributes:
        created: there was no database before: a first run.
        unclean: a process that had it open died.
        quarantined: the folder that the damaged files were moved to.
        restored_from: when the backup now in use was made, UTC.
        rescan: the download folder should be looked through: it may hold files that the store no longer knows.
        network: it lies on a network folder, so the slower rollback journal is in use.
        notices: what to tell the person.
    """

    created: bool = False
    unclean: bool = False
    quarantined: Path | None = None
    restored_from: datetime | None = None
    rescan: bool = False
    network: bool = False
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """The files of one database: itself, what SQLite keeps beside it, its backups, what was set aside."""

    path: Path

    @property
    def files(self) -> tuple[Path, ...]:
        """The file set that belongs together."""
        return tuple(self.path.with_name(self.path.name + suffix) for suffix in ("", "-wal", "-shm", "-journal"))

    @property
    def wal(self) -> Path:
        """The write-ahead log."""
        return self.files[1]

    @property
    def backups(self) -> Path:
        """The folder of backups."""
        return self.path.parent / "backups"

    @property
    def set_aside(self) -> Path:
        """The folder of damaged file sets."""
        return self.path.parent / "set-aside"

    @property
    def users(self) -> Path:
        """The folder of marks of the processes that have it open."""
        return self.path.with_name(self.path.name + ".users")

    @property
    def opening(self) -> Path:
        """The lock under which one process at a time opens it."""
        return self.path.with_name(self.path.name + ".opening")

    @property
    def ballast(self) -> Path:
        """The file that only takes up room."""
        return self.path.with_name("ballast.bin")

    def fresh(self) -> Path:
        """Return a new name for a file that becomes the database once it is whole."""
        return self.path.with_name(f".{self.path.name}.{uuid.uuid4().hex[:8]}.new")

    def leftovers(self) -> list[Path]:
        """Return what a killed process was just making."""
        return list(self.path.parent.glob(f".{self.path.name}.*.new*"))


def open_database(
    place: Place, migrations: tuple[Migration, ...], mark: ProcessMark, now: datetime, busy_seconds: float
) -> tuple[sqlite3.Connection, OpenReport]:
    """Return a writing connection on a sound, current database, and how that was reached.

    To be called with the lock at `place.opening` held. A new file gets its final name only when it is whole, so one
    without a schema is always damage and never a first run that was cut off (P13, P21).

    Raises:
        StorageError: a newer version wrote it (P14), or another process that is alive is in the way.
        sqlite3.Error, OSError: what the disk says.
    """
    for leftover in place.leftovers():
        leftover.unlink(missing_ok=True)
    alive = [mark.is_alive(owner) for owner in mark.others()]
    opener = _Opener(
        place=place,
        migrations=migrations,
        network=is_network_folder(place.path.parent),
        busy_seconds=busy_seconds,
        now=now,
        unclean=not all(alive),
        shared=any(alive),
        had_log=place.wal.exists(),
    )
    connection, report = opener.open()
    try:
        # A first read makes SQLite lay down its log: from the mark on, a missing log is a lost one.
        user_version(connection)
        mark.acquire()
    except BaseException:
        connection.close()
        raise
    return connection, report


_NETWORK = Notice(
    "W-DB-NETWORK",
    Words("The app's data folder lies on a network drive. That works, but is slower and less safe than a local disk."),
)
_LOG_MISSING = Notice(
    "W-DB-LOG-MISSING",
    Words(
        "A part of the app's own store is missing after it was cut off, so its last changes may be lost. "
        "Saved reports are not affected."
    ),
)
_EMPTIED = Notice(
    "W-DB-EMPTIED",
    Words(
        "The app's own store was damaged and there was no good backup. It was set aside, and the app starts with "
        "empty lists. Saved reports are not affected."
    ),
)


def _restored(backup: Backup) -> Notice:
    words = Words(
        "The app's own store was damaged. It was set aside, and the backup of {time} is in use. Saved reports are not "
        "affected; what was ordered after that time may be missing from the lists.",
        time=f"{backup.made_at:%Y-%m-%d %H:%M} UTC",
    )
    return Notice("W-DB-RESTORED", words)


@dataclass(frozen=True, slots=True)
class _Opener:
    place: Place
    migrations: tuple[Migration, ...]
    network: bool
    busy_seconds: float
    now: datetime
    unclean: bool
    shared: bool
    """Another process that is alive has the database open."""
    had_log: bool

    def open(self) -> tuple[sqlite3.Connection, OpenReport]:
        if not any(file.exists() for file in self.place.files) and not find_backups(self.place.backups):
            self._create()
            connection, report = self._connect(), OpenReport(created=True)
        elif (current := self._open_current()) is not None:
            connection, report = current, self._report_current()
        else:
            connection, report = self._recover()
        if self.network:
            report = replace(report, network=True, notices=(*report.notices, _NETWORK))
        return connection, report

    def _open_current(self) -> sqlite3.Connection | None:
        """Return a connection on the file in place, None if that is damaged."""
        version = _header_version(self.place.path)
        if version is None:
            return None
        self._refuse_newer(version)
        try:
            connection = self._connect()
        except sqlite3.Error as error:
            if is_damage(error):
                return None
            raise
        try:
            if is_sound(connection):
                self._migrate(connection)
                return connection
        except BaseException:
            connection.close()
            raise
        connection.close()
        return None

    def _report_current(self) -> OpenReport:
        # After a kill the log must still be there. Without it the file is sound, but as of its last checkpoint.
        if self.unclean and not self.shared and not self.had_log and not self.network:
            return OpenReport(unclean=True, rescan=True, notices=(_LOG_MISSING,))
        return OpenReport(unclean=self.unclean)

    def _refuse_newer(self, version: int) -> None:
        newest = len(self.migrations)
        if version <= newest and self.had_log:
            # The log may hold a newer header. A read-only look writes nothing into the file (P14).
            try:
                with closing(
                    sqlite3.connect(read_only_uri(self.place.path), uri=True, timeout=self.busy_seconds)
                ) as connection:
                    version = user_version(connection)
            except sqlite3.Error as error:
                if trouble_of(error) is Trouble.LOCKED:
                    raise
                log.debug("the log could not be read before the opening", exc_info=True)
        if version > newest:
            raise StorageError(
                "The app's own store was written by a newer version of this app. It was not changed.",
                code="E-DB-NEWER",
                next_step="Install the newer version again, or start this one with another data folder.",
                detail=f"schema {version}, this version knows {newest}",
            )

    def _migrate(self, connection: sqlite3.Connection) -> None:
        if user_version(connection) >= len(self.migrations):
            return
        if self.shared:
            raise StorageError(
                "An older version of this app is still running, so its store can't be brought up to date.",
                code="E-DB-IN-USE",
                next_step="Close every window of the app and start it again.",
                retryable=True,
            )
        make_backup(connection, self.place.backups, "before", self.now)
        migrate(connection, self.migrations)

    def _recover(self) -> tuple[sqlite3.Connection, OpenReport]:
        if self.shared:
            raise StorageError(
                "The app's own store is damaged, and another window of the app still has it open.",
                code="E-DB-DAMAGED",
                next_step="Close every window of the app and start it again: it then goes back to the last backup.",
                retryable=True,
            )
        folder = self._set_aside()
        for backup in find_backups(self.place.backups):
            if is_good(backup.path, len(self.migrations)):
                log.warning("the database was damaged; the backup %s is in use", backup.path.name)
                return self._restore(backup), OpenReport(
                    unclean=self.unclean,
                    quarantined=folder,
                    restored_from=backup.made_at,
                    rescan=True,
                    notices=(_restored(backup),),
                )
        log.warning("the database was damaged and no backup is good; starting empty")
        self._create()
        return self._connect(), OpenReport(unclean=self.unclean, quarantined=folder, rescan=True, notices=(_EMPTIED,))

    def _set_aside(self) -> Path | None:
        damaged = [file for file in self.place.files if file.exists()]
        if not damaged:
            return None
        folder = self.place.set_aside / f"{self.now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{uuid.uuid4().hex[:6]}"
        private_folder(self.place.set_aside)
        private_folder(folder)
        # The main file first: after a kill in between, a log without its file is known as damage again.
        for file in damaged:
            file.replace(folder / file.name)
        sync_folder(self.place.path.parent)
        return folder

    def _restore(self, backup: Backup) -> sqlite3.Connection:
        fresh = self.place.fresh()
        private_file(fresh)
        shutil.copyfile(backup.path, fresh)
        self._put_in_place(fresh)
        connection = self._connect()
        try:
            migrate(connection, self.migrations)
        except BaseException:
            connection.close()
            raise
        return connection

    def _create(self) -> None:
        fresh = self.place.fresh()
        private_file(fresh)
        with closing(sqlite3.connect(fresh, isolation_level=None)) as connection:
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            migrate(connection, self.migrations)
        self._put_in_place(fresh)

    def _put_in_place(self, fresh: Path) -> None:
        sync_file(fresh)
        fresh.replace(self.place.path)
        sync_folder(self.place.path.parent)

    def _connect(self) -> sqlite3.Connection:
        return connect(self.place.path, wal=not self.network, busy_seconds=self.busy_seconds)


def _header_version(path: Path) -> int | None:
    """Return the schema version in the file's header, None if it is missing, no database, or none of ours.

    Ours has its schema from the moment it has its name, so the header says so even where the log says more.
    """
    try:
        with path.open("rb") as file:
            header = file.read(_HEADER_BYTES)
    except FileNotFoundError:
        return None
    if len(header) < _HEADER_BYTES or not header.startswith(_MAGIC):
        return None
    if not set(header[_FORMATS_AT]) <= _KNOWN_FORMATS or header[_APPLICATION_AT] != APPLICATION_ID.to_bytes(4, "big"):
        return None
    version = int.from_bytes(header[_VERSION_AT], "big", signed=True)
    return version if version >= 1 else None
