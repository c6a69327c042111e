"""The few things a download does to the file system, in one place, so that tests can make each of them fail."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
import sys
from pathlib import Path
from typing import Protocol

from sana_desktop.reports.disk import placeholder
from sana_desktop.store import private

_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EACCES, errno.EINVAL}
DEVICES = Path("/dev")
"""Where a system keeps its devices; Windows has no such folder."""
_BINARY: int = getattr(os, "O_BINARY", 0)
_NOFOLLOW: int = getattr(os, "O_NOFOLLOW", 0)


class Files(Protocol):
    """Blocking file operations of a download; every one raises OSError."""

    def create(self, path: Path) -> int:
        """Make a new file that only the user may read, following no link, and return its descriptor (B6, D17, D18)."""

    def reopen(self, path: Path) -> int:
        """Open an existing plain file for reading and writing, following no link."""

    def write(self, descriptor: int, data: bytes) -> None:
        """Write all of `data` at the current position."""

    def truncate(self, descriptor: int, size: int) -> None:
        """Cut the file to `size` bytes and go to its new end."""

    def sync(self, descriptor: int) -> None:
        """Return once the file's bytes are on the disk itself."""

    def begin_sync(self, descriptor: int, start: int, size: int) -> None:
        """Have the system begin to bring these bytes to the disk, where it lets one ask; waits for nothing."""

    def sync_folder(self, folder: Path) -> None:
        """Return once the folder's entries are on the disk, where a system lets one ask for that."""

    def move_new(self, source: Path, target: Path) -> None:
        """Give `source` the name `target`; FileExistsError if that name is taken, by a dangling link too (D09, D18)."""

    def replace(self, source: Path, target: Path) -> None:
        """Give `source` the name `target`, replacing what has it."""

    def remove(self, path: Path) -> None:
        """Remove the file; no error if there is none."""

    def free_bytes(self, folder: Path) -> int:
        """Return the room left for the user on the folder's disk."""


class DiskFiles:
    """The real ones."""

    def create(self, path: Path) -> int:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _BINARY | _NOFOLLOW, private.FILE_MODE)
        if hasattr(os, "fchmod"):
            # Only an odd umask makes this necessary; a disk that keeps no rights may refuse it.
            with contextlib.suppress(OSError):
                os.fchmod(descriptor, private.FILE_MODE)
        return descriptor

    def reopen(self, path: Path) -> int:
        descriptor = os.open(path, os.O_RDWR | _BINARY | _NOFOLLOW)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise OSError(errno.EINVAL, "not a plain file", str(path))
        return descriptor

    def write(self, descriptor: int, data: bytes) -> None:
        done = os.write(descriptor, data)
        while done < len(data):
            done += os.write(descriptor, memoryview(data)[done:])

    def truncate(self, descriptor: int, size: int) -> None:
        os.ftruncate(descriptor, size)
        os.lseek(descriptor, size, os.SEEK_SET)

    def sync(self, descriptor: int) -> None:
        private.sync_open(descriptor)

    def begin_sync(self, descriptor: int, start: int, size: int) -> None:
        if sys.platform == "linux":
            # Linux answers "not needed any more" by writing dirty pages out, and drops only those that were clean.
            os.posix_fadvise(descriptor, start, size, os.POSIX_FADV_DONTNEED)

    def sync_folder(self, folder: Path) -> None:
        private.sync_folder(folder)

    def move_new(self, source: Path, target: Path) -> None:
        if sys.platform == "win32":
            source.rename(target)  # fails there if the name is taken
            return
        try:
            os.link(source, target, follow_symlinks=False)
        except FileExistsError:
            raise
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            self._move_without_links(source, target)
            return
        source.unlink()

    def _move_without_links(self, source: Path, target: Path) -> None:
        # Nobody else's file is ever replaced: the name is taken first.
        placeholder.claim(target, source.name)
        try:
            source.replace(target)
        except OSError:
            target.unlink()
            raise

    def replace(self, source: Path, target: Path) -> None:
        source.replace(target)

    def remove(self, path: Path) -> None:
        path.unlink(missing_ok=True)

    def free_bytes(self, folder: Path) -> int:
        return shutil.disk_usage(folder).free


def is_replaceable(path: Path) -> bool:
    """Return whether a report may take the name `path` from what has it, if anything has. Blocks.

    A plain file may be replaced, and a link to one or to nothing: the link goes, what it led to stays (D18). A device,
    pipe or socket may not, nor a link to one, nor anything where devices are: `/dev/stdout` may lead to a plain file.

    Raises:
        OSError: if that can't be told.
    """
    if path.parent.resolve() == DEVICES:
        return False
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError as error:
        if error.errno in {errno.ENOENT, errno.ENOTDIR, errno.ELOOP}:
            return True
        raise


def mark_from_the_web(path: Path, origin: str) -> None:
    """Mark the file as coming from the internet, with the origin alone, never the signed link (B6, T2, T7).

    Only Windows and its own file systems know this mark; elsewhere nothing happens. A disk that can't hold it (FAT)
    is no reason to lose the report.
    """
    if sys.platform != "win32":
        return
    with contextlib.suppress(OSError):
        Path(f"{path}:Zone.Identifier").write_text(f"[ZoneTransfer]\r\nZoneId=3\r\nHostUrl={origin}/\r\n")
