"""Which processes of this app are alive, and which owns the window: lock files the system itself releases (P08-P10).

A process id can be used again by another program; a lock can't outlive its process. So what counts is the lock, and
the names written beside it are only for the message.
"""

from __future__ import annotations

import errno
import json
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sana_desktop.base.errors import StorageError
from sana_desktop.base.text import one_line
from sana_desktop.store.private import FILE_MODE, folder_error, private_folder

if TYPE_CHECKING:
    from filelock import BaseFileLock

_ID = re.compile(r"[0-9a-f]{32}")
_SUFFIX = ".lock"
_MAX_HOLDER_BYTES = 4_096
TAKEN_AWAY_SECONDS = 1.0
"""How long a mark is tried again that another process took for a dead one's before it was locked (`clean`)."""
_TAKEN = (errno.EAGAIN, errno.EACCES, errno.EDEADLK)
"""What the systems answer when another process has the lock."""


class ProcessMark:
    """This process's own sign of life in a folder of such signs.

    Args:
        folder: where the marks lie; made if missing.

    Attributes:
        owner_id: the random name of this process; a row that it works on carries it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.owner_id = os.urandom(16).hex()
        self._lock: BaseFileLock | None = None

    def acquire(self) -> str:
        """Set the mark and return `owner_id`; it is held until `release` or the end of the process.

        Raises:
            StorageError: if the folder can't be used.
        """
        if self._lock is None:
            private_folder(self._folder)
            lock = _new_lock(self._path(self.owner_id))
            try:
                lock.acquire(timeout=TAKEN_AWAY_SECONDS)
            except OSError as error:
                raise folder_error(self._folder, error) from error
            self._lock = lock
        return self.owner_id

    def release(self) -> None:
        """Take the mark away; done twice it does nothing."""
        if self._lock is not None:
            _remove(self._lock, self._path(self.owner_id))
            self._lock = None

    def is_alive(self, owner_id: str) -> bool:
        """Return whether the process that wrote `owner_id` still runs; an id that is none belongs to nobody."""
        if owner_id == self.owner_id:
            return self._lock is not None
        return _ID.fullmatch(owner_id) is not None and _is_held(self._path(owner_id))

    def others(self) -> frozenset[str]:
        """Return the ids of all other marks, of processes alive and dead."""
        names = (entry.name for entry in self._folder.glob(f"*{_SUFFIX}"))
        ids = (name.removesuffix(_SUFFIX) for name in names)
        return frozenset(mark for mark in ids if _ID.fullmatch(mark) and mark != self.owner_id)

    def clean(self) -> None:
        """Remove the marks of processes that died without taking them away."""
        for mark in self.others():
            lock = _new_lock(self._path(mark))
            if _try(lock):
                _remove(lock, self._path(mark))

    def _path(self, owner_id: str) -> Path:
        return self._folder / f"{owner_id}{_SUFFIX}"


class Holder(NamedTuple):
    """Who has the data folder, as they wrote it down: names for a message, not to be relied on."""

    pid: int
    host: str


class FolderLock:
    """One window per data folder.

    Args:
        folder: the data folder.
    """

    def __init__(self, folder: Path) -> None:
        self._lock_path = folder / "window.lock"
        self._holder_path = folder / "window.json"
        self._handle: int | None = None

    def try_acquire(self) -> bool:
        """Take the folder for this process; False if another process has it. A stale note is no obstacle (P09).

        Raises:
            StorageError: if the folder can't be used.
        """
        if self._handle is not None:
            return True
        private_folder(self._lock_path.parent)
        try:
            self._handle = _open_locked(self._lock_path)
            if self._handle is None:
                return False
            self._note_holder()
        except OSError as error:
            self.release()
            raise folder_error(self._lock_path.parent, error) from error
        return True

    def acquire(self) -> None:
        """Take the folder for this process.

        Raises:
            StorageError: E-DB-IN-USE with the holder's name (P10), or if the folder can't be used.
        """
        if not self.try_acquire():
            raise in_use_error(self.holder())

    def release(self) -> None:
        """Give the folder back; done twice it does nothing."""
        if self._handle is not None:
            self._holder_path.unlink(missing_ok=True)
            os.close(self._handle)
            self._handle = None

    def holder(self) -> Holder | None:
        """Return who has the folder, None if nobody has or the note can't be read."""
        try:
            with self._holder_path.open("rb") as file:
                note = json.loads(file.read(_MAX_HOLDER_BYTES))
            return Holder(int(note["pid"]), one_line(str(note["host"]), 80))
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None

    def _note_holder(self) -> None:
        note = json.dumps({"pid": os.getpid(), "host": _host()}).encode()
        fresh = self._holder_path.with_suffix(f".{os.getpid()}")
        handle = os.open(fresh, os.O_CREAT | os.O_WRONLY | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0), FILE_MODE)
        with os.fdopen(handle, "wb") as file:
            file.write(note)
        fresh.replace(self._holder_path)


def in_use_error(holder: Holder | None) -> StorageError:
    """Return the plain-word error for a folder that another window has."""
    if holder is None:
        return StorageError(
            "Another window of this app is using the same data folder.",
            code="E-DB-IN-USE",
            next_step="Use that window, or close it first.",
        )
    if holder.host != _host():
        return StorageError(
            "This app is open on the computer {host} with the same data folder.",
            code="E-DB-IN-USE",
            next_step="Close it there first.",
            values={"host": holder.host, "pid": holder.pid},
        )
    return StorageError(
        "Another window of this app (process {pid}) is using the same data folder.",
        code="E-DB-IN-USE",
        next_step="Use that window, or close it first.",
        values={"host": holder.host, "pid": holder.pid},
    )


def wait_for_lock(path: Path, seconds: float) -> BaseFileLock:
    """Return the lock at `path`, held; waits up to `seconds` for another process to let go of it.

    Raises:
        TimeoutError: if it is still held then.
        OSError: if the file can't be used.
    """
    lock = _new_lock(path)
    lock.acquire(timeout=seconds)
    return lock


def _open_locked(path: Path) -> int | None:
    """Return an open file that this process alone has locked, None if another one has; closing it gives it back.

    By the system's own call and not by filelock, whose import takes half as long as an empty window: this lock is
    the one that the window's first paint waits for.
    """
    handle = os.open(path, os.O_CREAT | os.O_RDWR | getattr(os, "O_NOFOLLOW", 0), FILE_MODE)
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        if error.errno in _TAKEN:
            return None
        raise
    return handle


def _host() -> str:
    if sys.platform != "win32":
        return os.uname().nodename
    import socket

    return socket.gethostname()


def _new_lock(path: Path) -> BaseFileLock:
    # Imported here: the window is painted before it is needed.
    from filelock import FileLock

    # No fallback to locks by existence: those outlive a killed process.
    return FileLock(path, mode=FILE_MODE, thread_local=False, fallback_to_soft=False)


def _try(lock: BaseFileLock) -> bool:
    try:
        lock.acquire(timeout=0)
    except TimeoutError:
        return False
    return True


def _is_held(path: Path) -> bool:
    if not path.exists():
        return False
    lock = _new_lock(path)
    try:
        if not _try(lock):
            return True
    except OSError:
        # Not to be told apart from a live process: the careful side is to leave its work alone.
        return True
    _remove(lock, path)
    return False


def _remove(lock: BaseFileLock, path: Path) -> None:
    if os.name == "posix":
        # While still held, so that nobody can take the same name in between.
        path.unlink(missing_ok=True)
        lock.release()
    else:
        lock.release()
        try:
            path.unlink(missing_ok=True)
        except OSError:
            # Another process is just looking at it; it stays, unlocked, and is cleaned up later.
            pass
