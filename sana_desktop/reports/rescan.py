"""Finds the reports again that the store no longer knows, after it was lost or an older one put back (B11, P12, P13).

What has the name that the rules give to a finished report is one (B5, B6): nothing gets that name before it is whole.
But there is no record to check it against, and the row says so. What was asked for is gone: it can't be run again.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import stat
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sana_desktop.api.models import Phase
from sana_desktop.base.clock import Clock
from sana_desktop.base.words import Words
from sana_desktop.reports.disk import names, placeholder
from sana_desktop.reports.records.job import JobRecord, JobState, Order
from sana_desktop.reports.records.ledger import Ledger
from sana_desktop.reports.records.transfer import FOUND_AGAIN, TransferRecord, TransferState
from sana_desktop.reports.services import Services
from sana_desktop.store import settings as keys

MAX_FILES = 10_000
"""More is not looked for: the list shows no more either."""
BATCH = 500
"""Rows a transaction: nobody else waits long for the store."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file that looks like a report of ours."""

    name: names.ReportName
    bytes: int
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Rescan:
    """What a look through the folder brought.

    Attributes:
        records: the rows it made, newest first.
        more: there are more files than are looked at.
    """

    folder: Path
    records: tuple[TransferRecord, ...] = ()
    more: bool = False

    def words(self) -> Words | None:
        """Return what a person is told; None if there is nothing to tell."""
        count = len(self.records)
        if not count:
            return None
        if self.more:
            return Words("I found {n} reports again in {folder}, and stopped there.", n=count, folder=self.folder)
        if count == 1:
            return Words("I found 1 report again in {folder}; it is back in the list.", folder=self.folder)
        return Words("I found {n} reports again in {folder}; they are back in the list.", n=count, folder=self.folder)


async def rescan(services: Services) -> Rescan:
    """Take what the download folder and that of the example hold, and the store does not know, into the list.

    Raises:
        StorageError: the store does not serve.
    """
    chosen = services.settings.path(keys.DOWNLOAD_FOLDER)
    sites = {names.clean_words(one.name): one.id for one in services.book.list()}
    folders = [services.paths.reports(example=example, chosen=chosen) for example in (False, True)]
    new: list[tuple[FoundFile, Path]] = []
    more = False
    for folder in dict.fromkeys(folders):
        # In this order: what is finished meanwhile is on record before its file has its name.
        found, left_out = await asyncio.to_thread(look_through, folder, MAX_FILES - len(new))
        known = {names.fold(name) for name in await services.ledger.names_in(folder)}
        new += [(file, folder) for file in found if names.fold(file.name.whole) not in known]
        more = more or left_out
    new.sort(key=lambda one: one[0].changed_at, reverse=True)
    pairs = [_rows(file, folder, sites, services.clock) for file, folder in new]
    await _save(services.ledger, pairs)
    return Rescan(folders[0], tuple(transfer for _, transfer in pairs), more)


def look_through(folder: Path, most: int = MAX_FILES) -> tuple[list[FoundFile], bool]:
    """Return the files of a folder that look like our reports, newest first, at most `most`, and whether that is not
    all; none if it can't be read. Blocks.
    """
    found: list[FoundFile] = []
    more = False
    for file in _reports_in(folder):
        if len(found) == most:
            more = True
            break
        found.append(file)
    return sorted(found, key=lambda file: file.changed_at, reverse=True), more


def _reports_in(folder: Path) -> Iterator[FoundFile]:
    parts: list[str] | None = None
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            name = names.read_report_name(entry.name)
            if name is None:
                continue
            with contextlib.suppress(OSError):
                there = entry.stat(follow_symlinks=False)
                if not stat.S_ISREG(there.st_mode) or placeholder.is_placeholder(Path(entry.path)):
                    continue
                if not there.st_size:
                    # A name that was only taken when the app was killed is empty, too: the partial file is beside it.
                    if parts is None:
                        parts = [other.name for other in folder.iterdir() if names.is_part_name(other.name)]
                    if any(names.is_part_of(part, entry.name) for part in parts):
                        continue
                yield FoundFile(name, there.st_size, datetime.fromtimestamp(there.st_mtime, UTC))


def _rows(file: FoundFile, folder: Path, sites: Mapping[str, str], clock: Clock) -> tuple[JobRecord, TransferRecord]:
    """Return the download, and a job without a query: it carries the download and stands in no list."""
    name, now = file.name, clock.now()
    at = min(name.moment, now)
    site = next((identity for site, identity in sites.items() if name.whole.startswith(f"{site}_")), "")
    order = Order(site, name.report, "", name.kind)
    job = JobRecord(uuid.uuid4().hex, order, JobState.READY, at, now, phase=Phase.READY)
    transfer = TransferRecord(
        uuid.uuid4().hex,
        job.id,
        TransferState.DONE,
        str(folder),
        name.whole,
        at,
        now,
        received=file.bytes,
        total=file.bytes,
        notices=(FOUND_AGAIN,),
        finished_at=file.changed_at,
    )
    return job, transfer


async def _save(ledger: Ledger, pairs: list[tuple[JobRecord, TransferRecord]]) -> None:
    for start in range(0, len(pairs), BATCH):
        await ledger.add_delivered(pairs[start : start + BATCH])
