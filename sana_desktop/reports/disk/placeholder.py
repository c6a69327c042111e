"""Keeps a name for a report on disks that know no hard links: FAT, exFAT, some network disks (BEHAVIOUR.md B6).

A file can't be given a name there without replacing what has it. So a small file takes the name first, and the report
replaces that. A process that is killed in between leaves the small file: it says what it is, is never taken for a
report (I1), and the next start knows and removes its own. Every function blocks.
"""

from __future__ import annotations

import contextlib
import os
import stat
from datetime import datetime, timedelta
from pathlib import Path

from sana_desktop.store import private

FILL = "This name is kept for a report that is not complete yet. Sana Desktop, {part}\n"
_BEGIN = FILL.partition("{")[0].encode()
_LONGEST = len(FILL.encode()) + 255
JUST_TAKEN = timedelta(seconds=10)
"""A name is filled right after it was taken, and taken right after the record says FINALIZING: what is empty is ours
only if it came within this time. The times of FAT are exact to 2 s."""


def claim(target: Path, part: str) -> None:
    """Take the name `target` for the partial file `part`, a name in the same folder.

    Raises:
        FileExistsError: something has the name, were it a link.
        OSError: it can't be taken.
    """
    nofollow = getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | nofollow, private.FILE_MODE)
    try:
        # Without room for it the name is ours all the same.
        with contextlib.suppress(OSError):
            fill(descriptor, part)
    finally:
        os.close(descriptor)


def fill(descriptor: int, part: str) -> None:
    """Write into a name just taken what it is for."""
    os.write(descriptor, FILL.format(part=part).encode(errors="replace"))


def is_placeholder(path: Path) -> bool:
    """Return whether a file keeps a name for a report, whichever one."""
    return _begin_of(path) is not None


def give_back(target: Path, part: str, since: datetime | None = None) -> None:
    """Remove what a killed process left to keep the name `target` for the partial file `part`, and nothing else.

    Args:
        since: when the record of a process that was killed said FINALIZING; without it what is empty is left, for
            somebody may be about to fill it.
    """
    with contextlib.suppress(OSError):
        ours = _begin_of(target) == FILL.format(part=part).encode(errors="replace")
        if ours or (since is not None and _is_just_taken(target, since)):
            target.unlink()


def _begin_of(path: Path) -> bytes | None:
    try:
        there = path.lstat()
        if not stat.S_ISREG(there.st_mode) or not len(_BEGIN) < there.st_size <= _LONGEST:
            return None
        content = path.read_bytes()
    except OSError:
        return None
    return content if content.startswith(_BEGIN) else None


def _is_just_taken(target: Path, since: datetime) -> bool:
    there = target.lstat()
    if not stat.S_ISREG(there.st_mode) or there.st_size:
        return False
    age = there.st_mtime - since.timestamp()
    return -2.0 <= age <= JUST_TAKEN.total_seconds()
