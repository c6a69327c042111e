"""Reads the jobs and downloads of earlier sessions in pages, newest first, so that many hold nothing up (A22)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from sana_desktop.reports.records.job import JobRecord
from sana_desktop.reports.records.transfer import TransferRecord

FIRST_ROWS = 500
"""What is on the screen and a few screens more: read before anything goes on."""
PAGE_ROWS = 500
MAX_ROWS = 10_000
"""Older ones stay in the store and are not listed."""


class Record(Protocol):
    """What a page is cut by."""

    @property
    def id(self) -> str: ...

    @property
    def created_at(self) -> datetime: ...


class Book(Protocol):
    """What it needs of `reports.ledger.Ledger`."""

    async def jobs(self, limit: int = ..., *, before: datetime | None = ...) -> list[JobRecord]: ...

    async def transfers(self, limit: int = ..., *, before: datetime | None = ...) -> list[TransferRecord]: ...


Some = TypeVar("Some", bound=Record)


async def older(
    book: Book, jobs: Sequence[JobRecord], transfers: Sequence[TransferRecord]
) -> AsyncIterator[tuple[list[JobRecord], list[TransferRecord]]]:
    """Yield what is older than the first pages, a page of each at a time, until `MAX_ROWS` or the end."""
    listed = len(jobs)
    while listed < MAX_ROWS:
        jobs = await _page(book.jobs, jobs)
        transfers = await _page(book.transfers, transfers)
        if not jobs and not transfers:
            return
        listed += max(len(jobs), len(transfers))
        yield list(jobs), list(transfers)


async def _page(read: Callable[..., Awaitable[list[Some]]], last: Sequence[Some]) -> list[Some]:
    if not last:
        return []
    # Records of the same instant may lie on both sides of the cut: the last instant is read again.
    known = {record.id for record in last}
    before = last[-1].created_at + timedelta(microseconds=1)
    return [record for record in await read(PAGE_ROWS, before=before) if record.id not in known]
