"""Which earlier order a command may go on with."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from sana_desktop.cli import leftovers
from sana_desktop.reports.job import JobState, Order
from sana_desktop.reports.ledger import Ledger
from sana_desktop.reports.transfer import TransferState
from sana_desktop.store.database import Database
from tests.support import records

SINCE = records.START - timedelta(hours=1)


@pytest.fixture
async def ledger(tmp_path: Path) -> AsyncIterator[Ledger]:
    database = Database(tmp_path / "sana.db")
    await database.open()
    yield Ledger(database)
    await database.close()


def to(folder: Path, name: str) -> Order:
    return replace(records.order(), target=str(folder / name))


async def test_a_name_of_our_own_differs_by_its_time_alone(ledger: Ledger, tmp_path: Path) -> None:
    left = to(tmp_path, "acme_Course-completions_20260304-0959_12345678.csv")
    await ledger.save_job(replace(records.job(), order=left))
    now = to(tmp_path, "acme_Course-completions_20260304-1000_87654321.csv")
    assert await leftovers.same_wish_elsewhere(ledger, now, SINCE) == [left]
    others = [
        to(tmp_path, "acme_Something-else_20260304-1000_87654321.csv"),
        to(tmp_path / "elsewhere", "acme_Course-completions_20260304-1000_87654321.csv"),
        to(tmp_path, "chosen.csv"),
        replace(now, sql="SELECT 2"),
        replace(now, connection_id="another"),
        replace(now, target=None),
        left,
    ]
    for other in others:
        assert await leftovers.same_wish_elsewhere(ledger, other, SINCE) == []
    assert await leftovers.same_wish_elsewhere(ledger, now, records.START + timedelta(seconds=1)) == []


@pytest.mark.parametrize("state", [JobState.FAILED, JobState.STOPPED, JobState.SUBMIT_UNKNOWN, JobState.GONE])
async def test_what_came_to_an_end_is_no_leftover(ledger: Ledger, tmp_path: Path, state: JobState) -> None:
    left = to(tmp_path, "a_b_20260304-0959_12345678.csv")
    await ledger.save_job(replace(records.job(state=state), order=left))
    assert await leftovers.same_wish_elsewhere(ledger, to(tmp_path, "a_b_20260304-1000_1.csv"), SINCE) == []


async def test_p05_only_a_file_between_rename_and_note_is_our_own(ledger: Ledger, tmp_path: Path) -> None:
    order = to(tmp_path, "report.csv")
    await ledger.save_job(replace(records.job(state=JobState.READY), order=order))
    assert not await leftovers.is_own_file(ledger, order, SINCE)
    for state in TransferState:
        await ledger.save_transfer(records.transfer(state=state))
        assert await leftovers.is_own_file(ledger, order, SINCE) is (state is TransferState.FINALIZING)
    await ledger.save_transfer(records.transfer(state=TransferState.FINALIZING))
    assert not await leftovers.is_own_file(ledger, replace(order, overwrite=True), SINCE)
    assert not await leftovers.is_own_file(ledger, to(tmp_path, "another.csv"), SINCE)
