"""Five megabytes kept in reserve: given back when the disk is full, so that state can still be saved (B11, D02)."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from sana_desktop.store.private import private_file

BALLAST_BYTES = 5 * 1024 * 1024
ROOM_WANTED_BYTES = 200 * 1024 * 1024
"""The ballast is laid down only where this much stays free: it must not be what fills the disk."""


class DiskReserve:
    """One file that only takes up room."""

    def __init__(self, path: Path, size: int = BALLAST_BYTES, room: int = ROOM_WANTED_BYTES) -> None:
        self._path = path
        self._size = size
        self._room = room

    def lay(self) -> bool:
        """Make the file if it is missing and there is plenty of room; return whether it is there."""
        try:
            if self._path.exists():
                return True
            if shutil.disk_usage(self._path.parent).free < self._size + self._room:
                return False
            private_file(self._path)
            # Random: a disk that compresses or leaves out zeros would reserve nothing.
            self._path.write_bytes(os.urandom(self._size))
        except OSError:
            self.release()
            return False
        return True

    def release(self) -> bool:
        """Give the room back; return whether there was any."""
        try:
            self._path.unlink()
        except OSError:
            return False
        return True
