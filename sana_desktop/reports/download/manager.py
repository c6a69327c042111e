"""The downloads of the app: what starts them and what a person can do with one (A19 to A27, B06 to B08, B8)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sana_desktop.api.models import DownloadLink
from sana_desktop.base.clock import Clock
from sana_desktop.base.errors import UserError
from sana_desktop.base.events import Topic, Unsubscribe
from sana_desktop.base.tasks import Supervisor
from sana_desktop.reports.disk.files import DiskFiles, Files
from sana_desktop.reports.download import errors as words
from sana_desktop.reports.download import finalise, relocation
from sana_desktop.reports.download.admission import Admission
from sana_desktop.reports.download.attempts import Unreached
from sana_desktop.reports.download.context import DownloadContext, LinkSource, Site, TransferLedger
from sana_desktop.reports.download.fetching import Fetch
from sana_desktop.reports.download.file_care import FileCare
from sana_desktop.reports.download.late_counts import LateCounts
from sana_desktop.reports.download.policy import DownloadPolicy
from sana_desktop.reports.download.registry import DownloadRegistry
from sana_desktop.reports.download.slots import DownloadSlots
from sana_desktop.reports.download.story import AFTER_SIGN_IN, BY_HAND, ending_line, paused_line
from sana_desktop.reports.records.job import FileEvent, JobRecord, JobState, RerunRule, TimelineEntry
from sana_desktop.reports.records.transfer import (
    OPEN_TRANSFERS,
    TransferProgress,
    TransferRecord,
    TransferState,
    with_error,
    without_error,
)
from sana_desktop.workspace.demo import DEMO_ID

log = logging.getLogger(__name__)


class DownloadManager:
    """Starts a download when its job is READY, four at a time, the one whose link ends soonest first (B8).

    Args:
        ledger, queue: where records and links come from.
        site: gives what a download needs of a connection, by the connection's id; raises SanaError.
        folder: the download folder of the moment for a connection, by its id; made if it is missing.
        supervisor: owns the tasks.
        mine: whether a job belongs to this process; others' are left alone when restoring.
        server_now: the time at the site of a connection, as far as it is known; without it this computer's is taken.
        discard_on_failure: leave nothing beside the target when a download does not succeed (`export`).

    Attributes:
        changed: every record as it changes, after it was saved. progressed: live figures, at most four a second each.
        removed: ids of downloads taken off the list.
    """

    def __init__(
        self,
        ledger: TransferLedger,
        queue: LinkSource,
        site: Callable[[str], Awaitable[Site]],
        folder: Callable[[str], Path],
        clock: Clock,
        supervisor: Supervisor,
        *,
        files: Files | None = None,
        policy: DownloadPolicy | None = None,
        mine: Callable[[JobRecord], bool] = lambda job: True,
        server_now: Callable[[str], datetime] | None = None,
        discard_on_failure: bool = False,
    ) -> None:
        policy = policy or DownloadPolicy()
        self._registry = DownloadRegistry(ledger)
        self.changed: Topic[TransferRecord] = self._registry.changed
        self.progressed: Topic[TransferProgress] = Topic("download progressed")
        self.removed: Topic[str] = Topic("download removed")
        self._ledger = ledger
        self._queue = queue
        self._site = site
        self._folder = folder
        self._clock = clock
        self._supervisor = supervisor
        self._files = files or DiskFiles()
        self._mine = mine
        self._discard = discard_on_failure
        self._context = DownloadContext(
            self._files, clock, policy, self._registry.save, self.progressed.publish, self._renew
        )
        self._admission = Admission(site, folder, self._registry.reserved, clock)
        at_site = server_now or (lambda connection: clock.now())
        self._slots = DownloadSlots(self._registry, self._carry, self._files, policy, clock, supervisor, at_site)
        self._care = FileCare(self._registry, clock)
        self._counts = LateCounts(supervisor, self._registry.amend)
        self._adopting: set[str] = set()
        self._large: set[str] = set()
        self._misses: dict[str, int] = {}
        self._stopping = False
        self._listening: list[Unsubscribe] = [
            queue.changed.subscribe(self._job_changed),
            queue.removed.subscribe(self._job_removed),
        ]

    # What is there.

    def list(self) -> tuple[TransferRecord, ...]:
        """Return the downloads in hand, oldest first: all open ones, and those that ended since the start."""
        return tuple(self._registry.records.values())

    def get(self, identity: str) -> TransferRecord | None:
        """Return a download in hand."""
        return self._registry.records.get(identity)

    def of_job(self, job: str) -> TransferRecord | None:
        """Return the download in hand that belongs to a job (its local id)."""
        return self._registry.of_job(job)

    async def look(self, identity: str) -> TransferRecord:
        """Look whether a finished file is where it was put, and return the record as it is then; see `FileCare`."""
        return await self._care.look(identity)

    async def verify(self, identity: str) -> TransferRecord:
        """Hash the finished file again and return the record with the result; see `FileCare`.

        Raises:
            UserError: if it is not finished.
        """
        return await self._care.verify(identity)

    def counting(self, identity: str) -> bool:
        """Return whether the rows of a finished report are still being counted: a large one is DONE before that."""
        record = self._registry.records.get(identity)
        return record is not None and record.owes_rows

    async def counted(self, identity: str) -> TransferRecord:
        """Wait until the rows of a finished report are counted and return its record; at once if they are not owed.

        Raises:
            UserError: if it is, or was meanwhile, taken off the list.
        """
        news = asyncio.Event()
        ends = [self.changed.subscribe(lambda _: news.set()), self.removed.subscribe(lambda _: news.set())]
        try:
            while (record := await self._registry.known(identity)).owes_rows:
                self._counts.begin(record)
                news.clear()
                await news.wait()
        finally:
            for end in ends:
                end()
        return record

    # What a person can do.

    async def pause(self, identity: str) -> None:
        """Stop a download; what has arrived is kept."""
        async with self._slots.held(identity):
            record = await self._registry.known(identity)
            if record.state in {TransferState.WAITING, TransferState.FETCHING}:
                now = self._clock.now()
                line = TimelineEntry(now, FileEvent.PAUSED, BY_HAND)
                await self._registry.save(without_error(record).moved(TransferState.PAUSED, now), line)
        self._slots.fill()

    async def resume(self, identity: str, *, allow_large: bool = False) -> None:
        """Go on with a paused download.

        Args:
            allow_large: the person agreed to fetch a report of this size (L41).
        """
        if allow_large:
            self._large.add(identity)
        await self.retry(identity)

    async def retry(self, identity: str, *, why: str = BY_HAND) -> None:
        """Try again what is paused, failed, or whose link ended; what waits for its name or its next try has it now.

        Args:
            why: what the story says of it.
        """
        record = await self._registry.known(identity)
        run = self._slots.run_of(identity)
        if run is not None and record.state not in OPEN_TRANSFERS:
            await asyncio.wait([run])  # it has come to its end and is only tidying up
            record = await self._registry.known(identity)
        if self._slots.run_of(identity) is not None or record.state is TransferState.DONE:
            return
        self._slots.unpark(identity)
        if record.state not in OPEN_TRANSFERS:
            now = self._clock.now()
            told = (*ending_line(record), TimelineEntry(now, FileEvent.GOES_ON, why))
            await self._registry.save(without_error(record).moved(TransferState.WAITING, now), *told)
        self._slots.fill(first=identity)

    async def remove(self, identity: str) -> None:
        """Take a download off the list; an unfinished one leaves nothing behind, a finished file stays."""
        self._counts.end(identity)
        self._misses.pop(identity, None)
        async with self._slots.held(identity):
            record = await self._registry.known(identity)
            if record.part:
                await asyncio.to_thread(relocation.remove_quietly, self._files, record)
            await self._ledger.remove_transfer(identity)
            self._registry.records.pop(identity, None)
        self.removed.publish(identity)
        self._slots.fill()

    async def move_to(self, identity: str, folder: Path) -> None:
        """Save an unfinished download into another folder; what has arrived goes along where the disk allows it (D07).

        Raises:
            UserError: if it is finished.
            StorageError: if the folder can't be used.
        """
        async with self._slots.held(identity):
            record = await self._registry.known(identity)
            if record.state is TransferState.DONE:
                raise UserError("This file is in place; move it with your file manager.", code="E-DL-DONE")
            await asyncio.to_thread(finalise.check_target, folder / record.name, True)
            moved = await asyncio.to_thread(relocation.move_part, self._files, record, folder)
            if not await self._registry.is_exact(record):
                name = await asyncio.to_thread(finalise.free_name, folder, record.name, self._registry.reserved(folder))
                moved = replace(moved, name=name)
            if moved.state is TransferState.FINALIZING:
                moved = moved.moved(TransferState.PAUSED, self._clock.now())
            elif moved.state is TransferState.FETCHING:
                moved = moved.moved(TransferState.WAITING, self._clock.now())
            line = TimelineEntry(self._clock.now(), FileEvent.MOVED, str(folder))
            await self._registry.save(moved, line)
        await self.retry(identity)

    async def locate(self, identity: str, path: Path) -> bool:
        """Note where a finished file is now, if it is the same file (A27); return whether it is."""
        return await self._care.locate(identity, path)

    async def let_go(self, connection_id: str) -> None:
        """A connection was forgotten: its downloads that only wait end here, and say so; bytes that arrive go on."""
        for record in self.list():
            job = await self._registry.job_of(record)
            if job is None or job.order.connection_id != connection_id:
                continue
            if record.state in {TransferState.WAITING, TransferState.PAUSED}:
                await self._give_up(record.id)

    async def _give_up(self, identity: str) -> None:
        async with self._slots.held(identity):
            record = await self._registry.known(identity)
            if record.state in {TransferState.WAITING, TransferState.PAUSED}:
                await asyncio.to_thread(relocation.remove_quietly, self._files, record)
                told = with_error(finalise.forgotten(record), words.site_forgotten())
                await self._registry.save(told.moved(TransferState.FAILED, self._clock.now()))
        self._slots.fill()

    # Start and stop.

    async def restore(self) -> None:
        """Go on where the last run of the app ended, from what is stored (P05, P19, B09)."""
        for record in await self._ledger.open_transfers():
            job = await self._ledger.job(record.job)
            # What began since the start of this very process is in better hands already.
            if job is None or not self._mine(job) or record.id in self._registry.records:
                continue
            self._registry.jobs[job.id] = job
            self._registry.records[record.id] = record
            if record.state is TransferState.FETCHING:
                await self._registry.save(record.moved(TransferState.WAITING, self._clock.now()))
        for job in await self._ledger.undelivered_jobs():
            if self._mine(job):
                self._job_changed(job)
        for record in await self._ledger.transfers():
            if record.owes_rows:
                self._counts.begin(self._registry.records.setdefault(record.id, record))
        await asyncio.to_thread(self._sweep)
        self._slots.fill()

    async def stop(self) -> None:
        """Take nothing new, save how far each download is, and close all files."""
        self._stopping = True
        for unsubscribe in self._listening:
            unsubscribe()
        await self._slots.stop()
        for identity in self._registry.records:
            self._counts.end(identity)
        if self._discard:
            await self._discard_all()

    # How it goes on by itself.

    def _job_changed(self, job: JobRecord) -> None:
        if job.id in self._registry.jobs:
            self._registry.jobs[job.id] = job
        if job.state is not JobState.READY or job.id in self._adopting or self._stopping:
            return
        record = self.of_job(job.id)
        if record is None:
            self._try_away(job.order.connection_id)
            self._adopting.add(job.id)
            self._supervisor.start(f"prepare the download of {job.id}", self._adopt(job))
        elif record.state is TransferState.PAUSED and record.error_kind == "auth" and job.link is not None:
            work = self.retry(record.id, why=AFTER_SIGN_IN)
            self._supervisor.start(f"resume {record.id}", work, key=f"resume {record.id}")

    def _try_away(self, connection_id: str) -> None:
        """A site has finished another report: try what it could not be reached for."""
        for record in self.list():
            job = self._registry.jobs.get(record.job)
            if record.is_away and job is not None and job.order.connection_id == connection_id:
                self._slots.unpark(record.id)
        self._slots.fill()

    def _job_removed(self, job: str) -> None:
        self._adopting.discard(job)
        record = self.of_job(job)
        if record is not None and not self._stopping:
            self._supervisor.start(f"remove {record.id}", self.remove(record.id), key=f"remove {record.id}")

    async def _adopt(self, job: JobRecord) -> None:
        """Write down the download of a READY job, with its folder and name, then let it have its turn."""
        try:
            stored = await self._ledger.transfer_of(job.id)
            record = stored or await self._admission.record_for(job)
            if job.id not in self._adopting:
                return  # taken off the list meanwhile
            self._registry.jobs[job.id] = job
            if stored is None:
                await self._registry.save(record, *paused_line(record))
            else:
                self._registry.records.setdefault(record.id, record)
        except Exception:
            # A job that was taken off the list while this was on its way to the disk has no row to belong to.
            if await self._ledger.job(job.id) is not None:
                raise
            self._registry.jobs.pop(job.id, None)
        finally:
            self._adopting.discard(job.id)
        self._slots.fill()

    async def _carry(self, record: TransferRecord) -> None:
        job = await self._registry.job_of(record)
        if job is None:
            raise words.job_missing()
        exact = job.order.target is not None
        if record.state is TransferState.FINALIZING:
            finaliser = finalise.Finaliser(self._files, self._clock, self._registry.save)
            record = await finaliser.finish(record, exact=exact, trusted=False)
        if record.state in {TransferState.WAITING, TransferState.FETCHING}:
            site = await self._site(job.order.connection_id)
            misses = self._misses.pop(record.id, 0)
            fetch = Fetch(record, job, site, self._context, allow_large=record.id in self._large, misses=misses)
            try:
                record = await fetch.run()
            except Unreached as unreached:
                self._misses[record.id] = unreached.misses
                raise
        if self._discard and record.part:
            await asyncio.to_thread(relocation.remove_quietly, self._files, record)
            await self._registry.save(finalise.forgotten(self._registry.records[record.id]))
        if record.owes_rows:
            self._counts.begin(record)
        if record.state is TransferState.LINK_ENDED:
            await self._run_again(job)

    async def _renew(self, job: str, refused: bool) -> DownloadLink:
        return await self._queue.fresh_link(job, refused=refused)

    async def _run_again(self, job: JobRecord) -> None:
        """Order the report anew where that is the person's rule, but never twice in a row by itself (B08)."""
        if job.order.rerun_rule is not RerunRule.ALWAYS or self._stopping:
            return
        if job.order.rerun_of is not None:
            before = await self._ledger.transfer_of(job.order.rerun_of)
            if before is not None and before.state is TransferState.LINK_ENDED:
                log.info("job %s is a second run whose link ended: it is left to the person", job.id)
                return
        try:
            await self._queue.run_again(job.id)
        except UserError as error:
            log.info("job %s is not run again: %s", job.id, error.code)

    async def _discard_all(self) -> None:
        for record in list(self._registry.records.values()):
            if record.part and record.state is not TransferState.DONE:
                await asyncio.to_thread(relocation.remove_quietly, self._files, record)
                await self._registry.save(finalise.forgotten(record))

    def _sweep(self) -> None:
        folders = {record.folder for record in self._registry.records.values()}
        folders |= {str(self._folder(connection)) for connection in ("", DEMO_ID)}
        keep = {record.part for record in self._registry.records.values() if record.part}
        relocation.sweep_orphans(folders, keep, self._clock.now())
