"""Counts the rows of large reports once they are in place, one after the other, and brings their records up to date.

That a count is owed is said in the record itself, by a notice that is saved together with DONE; so an interrupted one
is known at the next start.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

from sana_desktop.base.tasks import Supervisor
from sana_desktop.reports.download.inspection import formula_notices
from sana_desktop.reports.records.transfer import ROWS_BEING_COUNTED, TransferRecord
from sana_desktop.reports.table import sniff
from sana_desktop.reports.table.count import count_file
from sana_desktop.reports.table.counting import CountingStopped, Steps
from sana_desktop.reports.table.csv_count import TableCount

log = logging.getLogger(__name__)

Change = Callable[[TransferRecord], TransferRecord]


class LateCounts:
    """Counts in the background.

    Args:
        amend: changes the record of this id as it then stands, durably; does nothing if there is none any more.
    """

    def __init__(self, supervisor: Supervisor, amend: Callable[[str, Change], Awaitable[None]]) -> None:
        self._supervisor = supervisor
        self._amend = amend
        self._turn = asyncio.Lock()

    def begin(self, record: TransferRecord) -> None:
        """Count the rows of `record` when its turn comes; nothing is done twice."""
        self._supervisor.start(f"count the rows of {record.id}", self._count(record), key=_key(record.id))

    def end(self, identity: str) -> None:
        """Count these rows no more; they are still owed."""
        self._supervisor.cancel(_key(identity))

    async def _count(self, record: TransferRecord) -> None:
        async with self._turn:
            steps = Steps()
            try:
                table = await asyncio.to_thread(_counted, record, steps)
            finally:
                steps.stop()  # the thread outlives a cancelled task by one step
            await self._amend(record.id, lambda now: _with_count(now, table))


def _key(identity: str) -> str:
    return f"count {identity}"


def _counted(record: TransferRecord, steps: Steps) -> TableCount | None:
    """Return the count of the record's file, None if it can't be told or is not the file that came. Blocks."""
    path = Path(record.folder) / record.name
    try:
        if path.stat().st_size != record.received:
            return None
        with path.open("rb") as file:
            kind = sniff.kind_of(file.read(sniff.HEAD_BYTES)).report_format
        return None if kind is None else count_file(path, kind, steps)
    except CountingStopped:
        return None
    except OSError as error:
        log.info("the rows of download %s can't be counted: %s", record.id, error.strerror)
        return None


def _with_count(record: TransferRecord, table: TableCount | None) -> TransferRecord:
    notices = tuple(notice for notice in record.notices if notice != ROWS_BEING_COUNTED)
    if table is None:
        return replace(record, notices=notices)
    return replace(record, rows=table.rows, columns=table.columns, notices=(*notices, *formula_notices(table)))
