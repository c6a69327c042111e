"""Folders and files that only this user can read (BEHAVIOUR.md, D17), and writes that survive a power cut."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

from sana_desktop.base.errors import StorageError

FOLDER_MODE = 0o700
FILE_MODE = 0o600
_NOT_OFFERED = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOTTY})
"""What a file system answers that has no such flush: a network drive, a memory card. Not that a flush failed."""


def private_folder(folder: Path) -> None:
    """Make `folder` (and what is missing above it) and close it to other users.

    On Windows the access list of the user's profile does that already, so only POSIX modes are set.

    Raises:
        StorageError: if it can't be made.
    """
    try:
        make_folder(folder)
        if os.name == "posix":
            folder.chmod(FOLDER_MODE)
    except OSError as error:
        raise folder_error(folder, error) from error


def make_folder(folder: Path) -> None:
    """Make `folder` and what is missing above it, closed to other users; a folder that is there keeps its rights.

    Raises:
        OSError: if it can't be made.
    """
    # One by one: mkdir would make the missing ones above with the mode of the umask (BEHAVIOUR.md).
    missing = [above for above in (folder, *folder.parents) if not above.is_dir()]
    for above in reversed(missing):
        above.mkdir(mode=FOLDER_MODE, exist_ok=True)


def private_file(path: Path) -> None:
    """Create an empty file that only this user can read; what is at `path` already is not touched.

    Raises:
        FileExistsError: if something is there, a link to nowhere included (D18).
        OSError: if it can't be made.
    """
    os.close(_new_file(path))


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only this user can read, whole or not at all; what was at `path` is replaced.

    Raises:
        OSError: if it can't be written; what was there is as it was.
    """
    part = path.with_name(f".{os.urandom(8).hex()}.part")
    # Written through what was opened: in a shared folder another file may go by the part's name a moment later (T6).
    file = os.fdopen(_new_file(part), "wb")
    try:
        with file:
            file.write(content)
            file.flush()
            sync_open(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def _new_file(path: Path) -> int:
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    return os.open(path, flags, FILE_MODE)


def sync_file(path: Path) -> None:
    """Return once what was written to `path` is on the medium."""
    with path.open("rb+") as file:
        sync_open(file.fileno())


def sync_open(descriptor: int) -> None:
    """Return once what was written to an open file is on the medium.

    Raises:
        OSError: it did not get there; nothing in the file is to be trusted (D04).
    """
    if sys.platform == "darwin":
        import fcntl

        try:
            # fsync of macOS leaves the data in the drive's cache (B6).
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
            return
        except OSError as error:
            if error.errno not in _NOT_OFFERED:
                raise
    os.fsync(descriptor)


def sync_folder(folder: Path) -> None:
    """Return once a rename in `folder` is on the medium, where a system lets one ask; Windows needs no such call."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _NOT_OFFERED:
            raise
    finally:
        os.close(handle)


def folder_error(folder: Path, error: OSError) -> StorageError:
    """Return the plain-word error for a folder that can't be used."""
    return StorageError(
        "The folder {folder} can't be used: {reason}.",
        code="E-DISK-PATH",
        next_step="Check that the folder exists and that you may write there.",
        values={"folder": folder, "reason": error.strerror or type(error).__name__},
        detail=repr(error),
    )
