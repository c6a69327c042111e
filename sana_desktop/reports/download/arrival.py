"""From the last byte to a report in place: flushed, its checksums compared, looked at, named (B4 to B6)."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from pathlib import Path

from sana_desktop.api.models import ReportFormat
from sana_desktop.reports.disk import checksums, names
from sana_desktop.reports.disk.partfile import PartChanged, Written
from sana_desktop.reports.download import errors as words
from sana_desktop.reports.download import finalise, inspection
from sana_desktop.reports.download.attempts import AttemptFailed, Ending
from sana_desktop.reports.download.fetch_state import FetchState
from sana_desktop.reports.records.transfer import (
    CAME_AS_CSV,
    CAME_AS_CSV_BY_NAME,
    CAME_AS_XLSX,
    CAME_AS_XLSX_BY_NAME,
    TransferRecord,
    TransferState,
    without_error,
)
from sana_desktop.reports.table.count import ends_in_a_quotation

log = logging.getLogger(__name__)

_BY_NAME = {CAME_AS_CSV: CAME_AS_CSV_BY_NAME, CAME_AS_XLSX: CAME_AS_XLSX_BY_NAME}


async def finish_arrival(state: FetchState) -> TransferRecord:
    """Make the partial file the report, and return the record as saved.

    Raises:
        Again: the bytes turned out to be no good. Ending: they may be, and nobody would see it.
        OSError: the disk failed.
    """
    written = await _sealed(state)
    path = state.folder / state.record.part
    wrong = await asyncio.to_thread(checksums.mismatch, path, state.checksums, written.sha256)
    if wrong is not None:
        await state.drop()
        raise AttemptFailed(words.corrupt(wrong.algorithm), anew=True, once="checksum")
    if state.checksums:
        state.size_unconfirmed = False
    wanted = state.job.order.format
    try:
        seen = await asyncio.to_thread(inspection.inspect, path, wanted, written)
    except inspection.WrongContent as error:
        log.info("download %s is no report: %s", state.record.id, error)
        await state.drop()
        raise AttemptFailed(words.wrong_content(), anew=True, once="type") from None
    if state.size_unconfirmed and seen.format is ReportFormat.CSV:
        await _judge_unconfirmed(state, path)
    exact = state.job.order.target is not None
    name = state.record.name
    if not exact and seen.format is not wanted:
        name = await asyncio.to_thread(finalise.free_name, state.folder, names.with_extension(name, seen.format), ())
    told = [_BY_NAME.get(notice, notice) if exact else notice for notice in seen.notices]
    notices = (*told, *((inspection.SIZE_NOT_CONFIRMED,) if state.size_unconfirmed else ()))
    record = replace(
        without_error(state.record),
        name=name,
        received=written.size,
        total=written.size,
        prefix_sha256=written.sha256,
        sha256=written.sha256,
        rows=seen.table.rows if seen.table else None,
        columns=seen.table.columns if seen.table else None,
        notices=notices,
    )
    await state.save(_fetching(state, record).moved(TransferState.FINALIZING, state.context.clock.now()))
    finaliser = finalise.Finaliser(state.context.files, state.context.clock, state.save)
    return await finaliser.finish(state.record, exact=exact, trusted=True)


async def _judge_unconfirmed(state: FetchState, path: Path) -> None:
    """Refuse a table that is surely cut, or that may be where nobody would see it. (A cut workbook has no directory.)

    Raises:
        Again, Ending: it is refused; its bytes are dropped.
    """
    if await asyncio.to_thread(ends_in_a_quotation, path):
        await state.drop()
        raise AttemptFailed(words.truncated(), anew=True)
    if not state.context.policy.keep_unconfirmed:
        raise Ending(TransferState.FAILED, words.size_unconfirmed())


def _fetching(state: FetchState, record: TransferRecord) -> TransferRecord:
    if record.state is TransferState.FETCHING:
        return record
    return record.moved(TransferState.FETCHING, state.context.clock.now())


async def _sealed(state: FetchState) -> Written:
    part = state.open_part()
    await part.settle()  # a write that failed is told apart from a flush that did
    try:
        written = await part.seal()
    except PartChanged as changed:
        log.warning("download %s begins anew: %s", state.record.id, changed)
        await state.drop()
        raise AttemptFailed(words.folder_gone(state.folder), anew=True) from None
    except OSError as error:
        await state.drop()
        raise AttemptFailed(words.from_disk(error, part.path), anew=True) from None
    state.part = None
    if state.record.total is not None and written.size != state.record.total:
        await state.drop()
        raise AttemptFailed(words.truncated(), anew=True)
    return written
