"""What becomes of finished files: looked at, verified, found elsewhere; told in the job's story (A27)."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from sana_desktop.base.clock import Clock
from sana_desktop.base.errors import UserError
from sana_desktop.base.files import sha256_of
from sana_desktop.reports.download.registry import DownloadRegistry
from sana_desktop.reports.download.relocation import Glance, glance
from sana_desktop.reports.records.job import FileEvent, TimelineEntry
from sana_desktop.reports.records.transfer import TransferRecord, TransferState


class FileCare:
    """Keeps the records of finished files true; what was so before stands in the story."""

    def __init__(self, registry: DownloadRegistry, clock: Clock) -> None:
        self._registry = registry
        self._clock = clock
        self._changed: dict[str, Glance] = {}

    async def look(self, identity: str) -> TransferRecord:
        """Look whether the file is where it was put, with its size, and return the record as it is then (D12).

        The bytes are read only where there is a doubt: the file was missed before, or was another one.

        Raises:
            UserError: the download is not on the list any more.
        """
        record = await self._registry.known(identity)
        if record.state is not TransferState.DONE:
            return record
        seen = await asyncio.to_thread(glance, record)
        if seen is None:
            if record.lost_at is None:
                await self._note_gone(record)
        elif seen.size != record.received:
            if record.lost_at is not None or record.verified_ok is not False:
                await self._note_check(record, False, FileEvent.CHANGED)
        elif record.lost_at is not None or (record.verified_ok is False and self._changed.get(identity) != seen):
            await self._look_closely(record, seen)
        return self._registry.records.get(identity, record)

    async def verify(self, identity: str) -> TransferRecord:
        """Hash the finished file again and return the record with the result.

        Raises:
            UserError: it is not finished, or not on the list any more.
        """
        record = await self._registry.known(identity)
        if record.state is not TransferState.DONE:
            raise UserError("This download is not finished yet.", code="E-DL-NOTDONE")
        try:
            found = await asyncio.to_thread(sha256_of, Path(record.folder) / record.name)
        except OSError:
            await self._note_gone(record)
        else:
            # Of a file that was found again only the size is known; its hash is taken now.
            good = found == (record.sha256 or found[0], record.received)
            await self._note_check(record, good, FileEvent.VERIFIED if good else FileEvent.CHANGED, found[0])
        return self._registry.records.get(identity, record)

    async def locate(self, identity: str, path: Path) -> bool:
        """Note where a finished file is now, if it is the same file (A27); return whether it is."""
        record = await self._registry.known(identity)
        try:
            found = await asyncio.to_thread(sha256_of, path)
        except OSError:
            return False
        if record.state is not TransferState.DONE or found != (record.sha256, record.received):
            return False
        at = self._clock.now()
        await self._registry.amend(
            identity,
            lambda now: replace(
                now, folder=str(path.parent), name=path.name, verified_at=at, verified_ok=True, lost_at=None
            ),
            TimelineEntry(at, FileEvent.LOCATED, str(path)),
        )
        return True

    async def _look_closely(self, record: TransferRecord, seen: Glance) -> None:
        try:
            found = await asyncio.to_thread(sha256_of, Path(record.folder) / record.name)
        except OSError:
            return  # it went again; the next look tells
        good = found == (record.sha256 or found[0], record.received)
        if good:
            await self._note_check(record, True, FileEvent.BACK, found[0])
            return
        self._changed[record.id] = seen
        if record.lost_at is not None or record.verified_ok is not False:
            await self._note_check(record, False, FileEvent.CHANGED, found[0])

    async def _note_gone(self, record: TransferRecord) -> None:
        at = self._clock.now()
        await self._registry.amend(
            record.id,
            lambda now: replace(now, lost_at=now.lost_at or at),
            TimelineEntry(at, FileEvent.GONE, record.name),
        )

    async def _note_check(self, record: TransferRecord, good: bool, event: str, sha256: str = "") -> None:
        at = self._clock.now()
        await self._registry.amend(
            record.id,
            lambda now: replace(now, sha256=now.sha256 or sha256, verified_at=at, verified_ok=good, lost_at=None),
            TimelineEntry(at, event, f"SHA-256 {sha256}" if sha256 else ""),
        )
