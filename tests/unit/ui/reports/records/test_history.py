"""History in pages: all of it, each record once, also where many are of one instant."""

from __future__ import annotations

from datetime import datetime, timedelta

from sana_desktop.reports.records.job import JobRecord, JobState
from sana_desktop.reports.records.transfer import TransferRecord, TransferState
from sana_desktop.ui.reports.records import history
from sana_desktop.ui.reports.records.history import FIRST_ROWS, MAX_ROWS, older
from tests.support.records import START, job, transfer


class DownloadRegistry:
    """A ledger in memory, newest first."""

    def __init__(self, jobs: int, transfers: int, same_instant: int = 1) -> None:
        at = [START - timedelta(seconds=n // same_instant) for n in range(max(jobs, transfers))]
        self.all_jobs = [job(f"j{n}", JobState.READY, created_at=at[n]) for n in range(jobs)]
        self.all_transfers = [transfer(f"t{n}", TransferState.DONE, created_at=at[n]) for n in range(transfers)]
        self.largest = 0

    async def jobs(self, limit: int = 500, *, before: datetime | None = None) -> list[JobRecord]:
        self.largest = max(self.largest, limit)
        return [one for one in self.all_jobs if before is None or one.created_at < before][:limit]

    async def transfers(self, limit: int = 500, *, before: datetime | None = None) -> list[TransferRecord]:
        return [one for one in self.all_transfers if before is None or one.created_at < before][:limit]


async def read(shelf: DownloadRegistry) -> tuple[list[str], list[str]]:
    jobs, transfers = await shelf.jobs(FIRST_ROWS), await shelf.transfers(FIRST_ROWS)
    ids = [one.id for one in jobs], [one.id for one in transfers]
    async for more, files in older(shelf, jobs, transfers):
        ids[0].extend(one.id for one in more)
        ids[1].extend(one.id for one in files)
    return ids


async def test_everything_is_read_once_in_order() -> None:
    shelf = DownloadRegistry(1_730, 1_210)
    jobs, transfers = await read(shelf)
    assert jobs == [one.id for one in shelf.all_jobs]
    assert transfers == [one.id for one in shelf.all_transfers]
    assert shelf.largest <= history.PAGE_ROWS


async def test_what_was_made_in_one_instant_is_not_lost_at_the_cut() -> None:
    jobs, _ = await read(DownloadRegistry(1_300, 0, same_instant=7))
    assert len(set(jobs)) == 1_300


async def test_a_short_history_is_one_page() -> None:
    jobs, transfers = await read(DownloadRegistry(3, 2))
    assert (len(jobs), len(transfers)) == (3, 2)


async def test_there_is_an_end_to_it() -> None:
    jobs, _ = await read(DownloadRegistry(MAX_ROWS + 2_000, 0))
    assert MAX_ROWS <= len(jobs) < MAX_ROWS + history.PAGE_ROWS
