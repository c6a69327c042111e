"""What earlier runs have to say to this one: that the last ended unexpectedly, which files they left (P17, P12)."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sana_desktop.base.errors import StorageError
from sana_desktop.base.words import Words
from sana_desktop.reports.services import OpenServices, Services
from sana_desktop.store.opening import Notice

if TYPE_CHECKING:
    from sana_desktop.ui.reports.records.presenter import RecordsPresenter
    from sana_desktop.ui.reports.status.presenter import StatusPresenter

log = logging.getLogger(__name__)

ROWS_AT_ONCE = 500
"""Rows that a table takes in one turn of the window."""


def telling(open_services: OpenServices, crash: Path | None) -> OpenServices:
    """Return services that tell of a crash, besides what there is to tell of the store.

    Args:
        crash: the file with the stacks of a run that died; None if it did not.
    """
    if crash is None:
        return open_services
    words = Words(
        "The app ended unexpectedly last time. Nothing that was saved is lost, and what was under way goes on. "
        "Where it stopped is in {file}.",
        file=crash,
    )

    @asynccontextmanager
    async def opened() -> AsyncIterator[Services]:
        async with open_services() as services:
            report = services.open_report
            told = (Notice("W-CRASHED", words), *report.notices)
            yield replace(services, open_report=replace(report, notices=told))

    return opened


async def find_again(services: Services, records: RecordsPresenter, status: StatusPresenter) -> None:
    """If the store was lost or is an older one, put the reports that are still in the folder back into the list."""
    if not services.open_report.rescan:
        return
    from sana_desktop.reports.rescan import rescan

    try:
        found = await rescan(services)
    except StorageError as error:
        log.warning("the folder was not looked through: %s", error.code)
        return
    for start in range(0, len(found.records), ROWS_AT_ONCE):
        records.show_older([], list(found.records[start : start + ROWS_AT_ONCE]))
        await asyncio.sleep(0)
    words = found.words()
    if words is not None:
        status.tell_notices([words])


def die() -> None:
    """Die as by a fault in native code: what `--debug-crash segv` is for."""
    signal.raise_signal(signal.SIGSEGV)
