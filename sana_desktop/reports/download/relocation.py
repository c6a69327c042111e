"""Where files of downloads are, go, or were: folders made, partial files moved or swept, finished ones found missing.

Every function blocks: call it in a thread.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from sana_desktop.reports.disk import names, placeholder
from sana_desktop.reports.disk.files import Files
from sana_desktop.reports.download.finalise import forgotten
from sana_desktop.reports.records.transfer import TransferRecord

ORPHAN_AGE = timedelta(days=7)
"""A partial file that no record knows is removed after this time (I8)."""


class Glance(NamedTuple):
    """What can be told of a file without reading it: its size, and when it was changed, in nanoseconds."""

    size: int
    changed_ns: int


def glance(record: TransferRecord) -> Glance | None:
    """Return what can be told of the file of a DONE record; None if there is none."""
    try:
        found = (Path(record.folder) / record.name).stat()
    except OSError:
        return None
    return Glance(found.st_size, found.st_mtime_ns)


def remove_quietly(files: Files, record: TransferRecord) -> None:
    """Remove the partial file of a record; one that can't be removed is left to the sweep."""
    if record.part:
        with contextlib.suppress(OSError):
            files.remove(Path(record.folder) / record.part)


def move_part(files: Files, record: TransferRecord, folder: Path) -> TransferRecord:
    """Move the partial file to `folder` and return the changed record; on another disk it is fetched anew."""
    moved = replace(record, folder=str(folder))
    if not record.part or record.folder == str(folder):
        return moved
    try:
        files.move_new(Path(record.folder) / record.part, folder / record.part)
    except OSError:
        remove_quietly(files, record)
        return forgotten(moved)
    return moved


def _keeps_a_name(entry: Path) -> bool:
    return names.read_report_name(entry.name) is not None and placeholder.is_placeholder(entry)


def sweep_orphans(folders: Collection[str], keep: Collection[str], now: datetime) -> None:
    """Remove partial files in `folders` that are none of `keep`, and names kept for such, older than `ORPHAN_AGE`."""
    for folder in folders:
        with contextlib.suppress(OSError):
            for entry in list(Path(folder).iterdir()):
                if (names.is_part_name(entry.name) and entry.name not in keep) or _keeps_a_name(entry):
                    with contextlib.suppress(OSError):
                        changed = datetime.fromtimestamp(entry.lstat().st_mtime, UTC)
                        if now - changed > ORPHAN_AGE:
                            entry.unlink()
