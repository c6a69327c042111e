"""What a process leaves that dies of a fault in native code: stacks in a private file, and nothing else (P17).

The stacks have names of functions and lines, no values, so no secret can get in (B12). An image of the memory would
have them all: none is written.
"""

from __future__ import annotations

import contextlib
import faulthandler
import os
import time
from pathlib import Path

from sana_desktop.store.private import FILE_MODE

FILE_NAME = "crash.log"
KEPT = 3
"""So many stories of earlier crashes are kept; the log folder stays small."""


class CrashLog:
    """The file for the stacks of this process, empty while all is well. One process at a time uses a folder.

    Attributes:
        earlier: what the process before left when it died; None if it ended well or was killed without a word.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME
        self._handle: int | None = None
        self.earlier: Path | None = None

    def start(self) -> None:
        """Keep what is there, and write from here on if this process dies; not being able to is no reason to end."""
        _leave_no_image()
        with contextlib.suppress(OSError):
            self.earlier = self._keep_earlier()
            flags = os.O_CREAT | os.O_TRUNC | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0)
            self._handle = os.open(self._path, flags, FILE_MODE)
            faulthandler.enable(self._handle)

    def end(self) -> None:
        """The process ends as it should. What Windows reports and survives is in the file, too: it goes with it."""
        if self._handle is not None:
            faulthandler.disable()
            os.close(self._handle)
            self._handle = None
            with contextlib.suppress(OSError):
                self._path.unlink()

    def _keep_earlier(self) -> Path | None:
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return None
        if found.st_size == 0:
            return None
        kept = self._path.with_name(f"crash-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime(found.st_mtime))}.log")
        self._path.replace(kept)
        for old in sorted(self._path.parent.glob("crash-*.log"))[:-KEPT]:
            old.unlink(missing_ok=True)
        return kept


def _leave_no_image() -> None:
    if os.name == "posix":
        import resource

        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
