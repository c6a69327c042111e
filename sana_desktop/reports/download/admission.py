"""How a READY job becomes a download: its record, with the folder and the name of the file to come (B5, A22)."""

from __future__ import annotations

import asyncio
import logging
import secrets
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path

from sana_desktop.base.clock import Clock
from sana_desktop.base.errors import SanaError
from sana_desktop.reports.disk import names
from sana_desktop.reports.download import errors as words
from sana_desktop.reports.download import finalise
from sana_desktop.reports.download.context import Site
from sana_desktop.reports.records.job import JobRecord
from sana_desktop.reports.records.transfer import TransferRecord, TransferState, with_error
from sana_desktop.store.private import make_folder

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Admission:
    """Makes records.

    Attributes:
        site: what is known of a connection, by its id; may raise SanaError.
        folder: the download folder of the moment for a connection, by its id; made if it is missing.
        reserved: the folded names that other downloads will give to their files in a folder.
        windows: whether a path is as short as Windows wants it.
    """

    site: Callable[[str], Awaitable[Site]]
    folder: Callable[[str], Path]
    reserved: Callable[[Path], set[str]]
    clock: Clock
    windows: bool = sys.platform == "win32"

    async def record_for(self, job: JobRecord) -> TransferRecord:
        """Return the new record of a READY job, not yet saved; PAUSED if its folder can't be used."""
        now = self.clock.now()
        record = TransferRecord(
            secrets.token_hex(8), job.id, TransferState.WAITING, "", "", now, now, overwrite=job.order.overwrite
        )
        if job.order.target is not None:
            target = Path(job.order.target)
            return replace(record, folder=str(target.parent), name=target.name)
        folder = Path(job.order.folder) if job.order.folder is not None else self.folder(job.order.connection_id)
        who = job.order.connection_id
        try:
            who = (await self.site(job.order.connection_id)).name
        except SanaError as error:
            log.info("the name of connection %s is not known: %s", who, error.code)
        moment = (job.report_at or now).astimezone()
        longest = names.longest_name(folder, windows=self.windows)
        name = names.report_file_name(who, job.order.title, moment, job.job_id or job.id, job.order.format, longest)
        record = replace(record, folder=str(folder), name=name, overwrite=False)
        try:
            await asyncio.to_thread(make_folder, folder)
            name = await asyncio.to_thread(finalise.free_name, folder, name, self.reserved(folder))
        except OSError as error:
            return with_error(record, words.from_disk(error, folder / name)).moved(TransferState.PAUSED, now)
        return replace(record, name=name)
