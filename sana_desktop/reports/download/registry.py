"""The downloads in hand and their jobs: what is known of each, and the one way in which it is changed and saved."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sana_desktop.base.errors import UserError
from sana_desktop.base.events import Topic
from sana_desktop.reports.disk import names
from sana_desktop.reports.download.context import TransferLedger
from sana_desktop.reports.download.link import lease
from sana_desktop.reports.records.job import JobRecord, TimelineEntry
from sana_desktop.reports.records.transfer import TransferRecord, TransferState


class DownloadRegistry:
    """Records by the download's id, jobs by the job's.

    Attributes:
        changed: every record as it changes, after it was saved.
    """

    def __init__(self, ledger: TransferLedger) -> None:
        self.changed: Topic[TransferRecord] = Topic("download changed")
        self.records: dict[str, TransferRecord] = {}
        self.jobs: dict[str, JobRecord] = {}
        self._ledger = ledger
        self._amending = asyncio.Lock()

    def of_job(self, job: str) -> TransferRecord | None:
        """Return the download in hand that belongs to a job."""
        return next((record for record in self.records.values() if record.job == job), None)

    async def known(self, identity: str) -> TransferRecord:
        """Return a download, taken in hand if it was not.

        Raises:
            UserError: if there is none of this id any more.
        """
        record = self.records.get(identity)
        if record is None:
            record = await self._ledger.transfer(identity)
            if record is None:
                raise UserError("This download is not on the list any more.", code="E-DL-UNKNOWN")
            self.records[identity] = record
        return record

    async def job_of(self, record: TransferRecord) -> JobRecord | None:
        """Return the job of a download, None if it is not on the list any more."""
        job = self.jobs.get(record.job) or await self._ledger.job(record.job)
        if job is not None:
            self.jobs[job.id] = job
        return job

    async def is_exact(self, record: TransferRecord) -> bool:
        """Return whether the person chose the very path of the file."""
        job = await self.job_of(record)
        return job is not None and job.order.target is not None

    def link_seconds(self, record: TransferRecord, now: datetime, server_now: Callable[[str], datetime]) -> float:
        """Return for how many seconds the link of a download is still good, infinite if it has none.

        Args:
            now: by this computer's clock, which says when we saw a link whose end is not known.
            server_now: the time at the site of a connection, by which the end of a link is meant (B9, C01).
        """
        job = self.jobs.get(record.job)
        if job is None or job.link is None:
            return float("inf")
        if job.link.expires_at is not None:
            now = server_now(job.order.connection_id)
        return lease(job.link.expires_at, job.ready_at or job.changed_at).seconds_left(now)

    def reserved(self, folder: Path) -> set[str]:
        """Return the folded names that unfinished downloads will give to their files in `folder`."""
        return {
            names.fold(record.name)
            for record in self.records.values()
            if record.folder == str(folder) and record.state is not TransferState.DONE
        }

    async def save(self, record: TransferRecord, *entries: TimelineEntry) -> None:
        """Make a record durable, with what its job's story says of it, then tell the listeners."""
        await self._ledger.save_transfer(record, *entries)
        self.records[record.id] = record
        self.changed.publish(record)

    async def amend(
        self, identity: str, change: Callable[[TransferRecord], TransferRecord], *entries: TimelineEntry
    ) -> None:
        """Change a finished download's record as it is now, if it is there; two such changes do not undo each other."""
        async with self._amending:
            record = self.records.get(identity) or await self._ledger.transfer(identity)
            if record is not None:
                await self.save(change(record), *entries)
