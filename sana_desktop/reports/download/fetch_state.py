"""Where one run of a download stands: its record and its partial file, and the steps that change both together."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sana_desktop.base.errors import NetworkError, SanaError
from sana_desktop.base.text import size_text
from sana_desktop.reports.disk.checksums import Checksum
from sana_desktop.reports.disk.partfile import PartFile
from sana_desktop.reports.download import errors as words
from sana_desktop.reports.download import finalise
from sana_desktop.reports.download.attempts import NoRoom
from sana_desktop.reports.download.context import DownloadContext
from sana_desktop.reports.records.job import FileEvent, JobRecord, TimelineEntry
from sana_desktop.reports.records.transfer import TransferRecord, TransferState, with_error, without_error

log = logging.getLogger(__name__)

STORY_REQUESTS = 20
"""After so many requests of one download its story tells of no further cut: the record counts them all."""


class FetchState:
    """What the parts of a run share.

    Attributes:
        record: as last saved, or ahead of that while it changes.
        part: the open partial file; None before `make_part` or `reopen` and after it was closed.
        whole: all bytes are here. size_unconfirmed: but nothing said how many there should be.
        answered: somebody was reached in this run.
        checksums: of the whole file, as the server announced them.
    """

    def __init__(self, record: TransferRecord, job: JobRecord, context: DownloadContext) -> None:
        self.record = record
        self.job = job
        self.context = context
        self.part: PartFile | None = None
        self.whole = False
        self.size_unconfirmed = False
        self.answered = False
        self.checksums: tuple[Checksum, ...] = ()

    @property
    def folder(self) -> Path:
        """Return the folder of target and partial file."""
        return Path(self.record.folder)

    @property
    def received(self) -> int:
        """Return how many bytes were taken, those on their way to the disk included."""
        return 0 if self.part is None else self.part.accepted

    async def make_part(self) -> None:
        """Make the partial file that the saved record names, if it is not open already.

        Raises:
            OSError: if it can't be made.
        """
        if self.part is None:
            self.part = await PartFile.create(self.context.files, self.folder / self.record.part)

    def open_part(self) -> PartFile:
        """Return the partial file, which must be open."""
        if self.part is None:
            raise RuntimeError("an attempt begins with a partial file")
        return self.part

    async def save(self, record: TransferRecord, *entries: TimelineEntry) -> None:
        """Make `record` the record, durably, and add `entries` to the story."""
        self.record = record
        await self.context.save(record, *entries)

    async def save_trouble(self, error: SanaError, state: TransferState, *entries: TimelineEntry) -> None:
        """Save the record in `state`, saying what is wrong."""
        said = words.told(error, self.received, goes_on=state is TransferState.WAITING)
        await self.save(with_error(self.record, said).moved(state, self.context.clock.now()), *entries)

    async def save_away(self, error: NetworkError, wait_seconds: float) -> None:
        """Save that nobody was reached, and when it is tried again. The story has one line of it, however often."""
        said, now = words.away(error, self.received), self.context.clock.now()
        told = () if self.record.is_away else (TimelineEntry(now, FileEvent.UNREACHED, said.message),)
        record = replace(with_error(self.record, said), next_try_at=now + timedelta(seconds=wait_seconds))
        await self.save(record.moved(TransferState.WAITING, now), *told)

    async def save_answered(self) -> None:
        """Note that somebody answered; the first answer after a time without ends that."""
        self.answered = True
        if self.record.is_away:
            now = self.context.clock.now()
            record = without_error(self.record).moved(TransferState.FETCHING, now)
            await self.save(record, TimelineEntry(now, FileEvent.REACHED))

    def line(self, event: FileEvent, size: int, why: str = "") -> tuple[TimelineEntry, ...]:
        """Return the line of the story that says what happened after so many bytes; none of a very long story."""
        if self.record.requests > STORY_REQUESTS or not size:
            return ()
        place = f"{'from' if event is FileEvent.RESUMED else 'after'} {size_text(size)}"
        detail = f"{place} · {why}" if why else place
        return (TimelineEntry(self.context.clock.now(), event, detail),)

    async def check_room(self) -> None:
        """Return if the disk has room for the rest.

        Raises:
            NoRoom: if not; the record is WAITING and says so.
        """
        rest = None if self.record.total is None else max(self.record.total - self.received, 0)
        reserve = self.context.policy.reserve_bytes
        free = await asyncio.to_thread(self.context.files.free_bytes, self.folder)
        now = self.context.clock.now()
        if free >= (rest or 0) + reserve:
            if self.record.lacks_room:
                await self.save(without_error(self.record), TimelineEntry(now, FileEvent.ROOM))
            return
        await self.note_position()
        error = words.disk_full(rest, reserve, free, begun=bool(self.received))
        told = () if self.record.lacks_room else (TimelineEntry(now, FileEvent.NO_ROOM, error.message),)
        await self.save(with_error(self.record, error).moved(TransferState.WAITING, now), *told)
        raise NoRoom((rest or 0) + reserve)

    async def begin_anew(self) -> None:
        """Go back to byte 0 of the same file."""
        self.whole, self.size_unconfirmed = False, False
        if self.part is not None:
            await self.part.restart()
        self.record = replace(
            self.record, received=0, total=None, etag="", prefix_sha256="", sha256="", rows=None, columns=None
        )

    async def drop(self) -> None:
        """Close and remove the partial file; what it held is forgotten."""
        if self.part is not None:
            await self.part.close()
            self.part = None
        if self.record.part:
            try:
                await asyncio.to_thread(self.context.files.remove, self.folder / self.record.part)
            except OSError as error:
                log.warning("a partial file could not be removed: %s", error.strerror)
        self.record = finalise.forgotten(self.record)
        self.whole = False

    async def note_position(self) -> None:
        """Bring the record up to what the thread has written."""
        if self.part is None:
            return
        try:
            mark = await self.part.settle()
        except OSError:
            mark = await self.part.close()
            self.part = None
        self.record = replace(self.record, received=mark.received, prefix_sha256=mark.sha256)

    async def let_go(self) -> None:
        """Close the partial file and save how far it is."""
        if self.part is None:
            return
        mark = await self.part.close()
        self.part = None
        if mark.received != self.record.received:
            await self.save(replace(self.record, received=mark.received, prefix_sha256=mark.sha256))
