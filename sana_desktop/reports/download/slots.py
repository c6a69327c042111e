"""Whose turn it is to download: a few at once, whose link ends soonest first, and who waits for room (B8, D01)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from sana_desktop.base.clock import Clock, Countdown
from sana_desktop.base.errors import SanaError
from sana_desktop.base.tasks import Supervisor
from sana_desktop.reports.disk.files import Files
from sana_desktop.reports.download import errors as words
from sana_desktop.reports.download.attempts import NoRoom, Unreached
from sana_desktop.reports.download.policy import DownloadPolicy
from sana_desktop.reports.download.registry import DownloadRegistry
from sana_desktop.reports.records.job import FileEvent, TimelineEntry
from sana_desktop.reports.records.transfer import OPEN_TRANSFERS, TransferRecord, TransferState, with_error

log = logging.getLogger(__name__)

STOP_SECONDS = 2.0
"""Within so much every download has saved how far it is and closed its file (P07, P19)."""


class DownloadSlots:
    """Gives places to the downloads of a shelf.

    Args:
        carry: brings a download to an end of its run; may raise NoRoom, Unreached or SanaError.
        server_now: the time at the site of a connection.
    """

    def __init__(
        self,
        registry: DownloadRegistry,
        carry: Callable[[TransferRecord], Awaitable[None]],
        files: Files,
        policy: DownloadPolicy,
        clock: Clock,
        supervisor: Supervisor,
        server_now: Callable[[str], datetime],
    ) -> None:
        self._server_now = server_now
        self._registry = registry
        self._carry = carry
        self._files = files
        self._policy = policy
        self._clock = clock
        self._supervisor = supervisor
        self._runs: dict[str, asyncio.Task[None]] = {}
        self._parked: set[str] = set()
        self._holds: dict[str, asyncio.Lock] = {}
        self._stopping = False

    def run_of(self, identity: str) -> asyncio.Task[None] | None:
        """Return the run of a download that has its turn now."""
        return self._runs.get(identity)

    def fill(self, first: str = "") -> None:
        """Give free places to those that wait: the one asked for, then whose link ends soonest."""
        if self._stopping:
            return
        waiting = [
            record
            for record in self._registry.records.values()
            if record.state in OPEN_TRANSFERS
            and record.id not in self._runs
            and record.id not in self._parked
            and not self._is_held(record.id)
        ]
        now = self._clock.now()
        left = {record.id: self._registry.link_seconds(record, now, self._server_now) for record in waiting}
        waiting.sort(key=lambda record: (record.id != first, left[record.id], record.created_at))
        for record in waiting[: max(self._policy.at_once - len(self._runs), 0)]:
            task = self._supervisor.start(f"download {record.id}", self._run(record.id), key=f"download {record.id}")
            if task is not None:
                self._runs[record.id] = task

    def unpark(self, identity: str) -> None:
        """Let a download that waits for room, or for its next try, compete again."""
        self._supervisor.cancel(f"room {identity}")
        self._parked.discard(identity)

    @asynccontextmanager
    async def held(self, identity: str) -> AsyncIterator[None]:
        """Give a download no turn, so that a person's act on it is not undone; one act at a time holds it.

        On entering, its run is over and how far it came was saved. Until the act has reached the disk the record still
        looks as if it waited for its turn. Whoever held it calls `fill` afterwards.
        """
        async with self._holds.setdefault(identity, asyncio.Lock()):
            await self._halt(identity)
            yield

    def _is_held(self, identity: str) -> bool:
        hold = self._holds.get(identity)
        return hold is not None and hold.locked()

    async def _halt(self, identity: str) -> None:
        self.unpark(identity)
        run = self._runs.get(identity)
        if run is not None and run is not asyncio.current_task():
            run.cancel()
            await asyncio.wait([run])
        self._runs.pop(identity, None)

    async def stop(self) -> None:
        """Give no more turns and end all runs."""
        self._stopping = True
        runs = list(self._runs.values())
        for run in runs:
            run.cancel()
        if runs:
            _, late = await asyncio.wait(runs, timeout=STOP_SECONDS)
            for run in late:
                log.error("%s did not stop in time", run.get_name())

    async def _run(self, identity: str) -> None:
        needed, wait = 0, 0.0
        try:
            await self._carry(self._registry.records[identity])
        except NoRoom as no_room:
            needed = no_room.needed
        except Unreached as unreached:
            wait = unreached.wait_seconds
        except SanaError as error:
            await self._set_aside(identity, error)
        except Exception:
            # A bug: the supervisor reports it; the row must not look busy for ever, nor run into it again by itself.
            await self._set_aside(identity, words.own_fault())
            raise
        finally:
            if not needed and not wait:
                self._runs.pop(identity, None)
        if needed or wait:
            # It leaves its place to others.
            self._runs.pop(identity, None)
            self._parked.add(identity)
            work = self._room(identity, needed) if needed else self._nap(identity, wait)
            self._supervisor.start(f"let {identity} wait", work, key=f"room {identity}")
        self.fill()

    async def _set_aside(self, identity: str, error: SanaError) -> None:
        record = self._registry.records[identity]
        if record.state in {TransferState.WAITING, TransferState.FETCHING, TransferState.FINALIZING}:
            now, said = self._clock.now(), words.told(error, record.received, goes_on=False)
            line = TimelineEntry(now, FileEvent.PAUSED, said.message)
            await self._registry.save(with_error(record, said).moved(TransferState.PAUSED, now), line)

    async def _nap(self, identity: str, wait_seconds: float) -> None:
        """Wait for the next try to reach somebody."""
        try:
            await Countdown(self._clock, wait_seconds).wait()
        finally:
            self._parked.discard(identity)
        self.fill(first=identity)

    async def _room(self, identity: str, needed: int) -> None:
        """Wait until the disk has room (D01)."""
        records = self._registry.records
        try:
            while (record := records.get(identity)) is not None and record.state is TransferState.WAITING:
                await self._clock.sleep(self._policy.room_check_seconds)
                try:
                    free = await asyncio.to_thread(self._files.free_bytes, Path(record.folder))
                except OSError:
                    free = needed  # the folder is gone: the run itself says so
                if free >= needed:
                    break
        finally:
            self._parked.discard(identity)
        self.fill(first=identity)
