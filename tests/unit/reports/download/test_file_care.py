"""Finished files: what became of them is on record, and told once in the story of their job (A27, D12)."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from sana_desktop.base.errors import UserError
from sana_desktop.reports.download.file_care import FileCare
from sana_desktop.reports.download.registry import DownloadRegistry
from sana_desktop.reports.records.job import JobState
from sana_desktop.reports.records.ledger import Ledger
from sana_desktop.reports.records.transfer import TransferState
from sana_desktop.store.database import Database
from tests.support.clock import ManualClock
from tests.support.records import START, job, transfer

DATA = b"name,score\nAda,9\n"


@dataclass
class Room:
    """A finished report on a real disk, with its row and its story in a real store."""

    care: FileCare
    ledger: Ledger
    clock: ManualClock
    file: Path

    async def told(self) -> list[str]:
        return [entry.event for entry in await self.ledger.timeline("j1")]


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    clock = ManualClock(START)
    database = Database(tmp_path / "state.db", clock=clock)
    await database.open()
    ledger = Ledger(database)
    await ledger.save_job(job(state=JobState.READY))
    done = transfer(
        state=TransferState.DONE,
        folder=str(tmp_path),
        received=len(DATA),
        sha256=hashlib.sha256(DATA).hexdigest(),
        verified_ok=True,
    )
    await ledger.save_transfer(done)
    file = tmp_path / done.name
    file.write_bytes(DATA)
    yield Room(FileCare(DownloadRegistry(ledger), clock), ledger, clock, file)
    await database.close()


async def test_a_file_that_is_there_is_no_news(room: Room) -> None:
    assert (await room.care.look("t1")).lost_at is None
    assert await room.told() == []


async def test_D12_a_file_that_went_and_came_back_is_told_once_each(room: Room) -> None:
    away = room.file.rename(room.file.with_name("away.csv"))
    record = await room.care.look("t1")
    since = room.clock.now()
    assert record.lost_at == since
    await room.clock.advance(60)
    await room.care.look("t1")
    stored = await room.ledger.transfer("t1")
    assert stored is not None
    assert stored.lost_at == since, "when it was noticed first, over a restart too"
    away.rename(room.file)
    back = await room.care.look("t1")
    assert (back.lost_at, back.verified_ok) == (None, True)
    assert await room.told() == ["file gone", "file back"]


async def test_D12_another_file_in_its_place_is_changed_until_the_old_one_is_back(room: Room) -> None:
    room.file.write_bytes(DATA + b"more")
    assert (await room.care.look("t1")).verified_ok is False
    assert (await room.care.look("t1")).lost_at is None
    room.file.write_bytes(DATA)
    assert (await room.care.look("t1")).verified_ok is True
    assert await room.told() == ["file changed", "file back"]


async def test_what_came_back_with_another_content_is_no_return(room: Room) -> None:
    room.file.unlink()
    await room.care.look("t1")
    room.file.write_bytes(DATA.swapcase())
    record = await room.care.look("t1")
    assert (record.lost_at, record.verified_ok) == (None, False)
    await room.care.look("t1")
    assert await room.told() == ["file gone", "file changed"]


async def test_each_verification_leaves_a_line_with_its_result(room: Room) -> None:
    assert (await room.care.verify("t1")).verified_ok is True
    await room.clock.advance(60)
    room.file.write_bytes(DATA.swapcase())
    assert (await room.care.verify("t1")).verified_ok is False
    await room.clock.advance(60)
    room.file.unlink()
    assert (await room.care.verify("t1")).lost_at is not None
    story = await room.ledger.timeline("j1")
    assert [entry.event for entry in story] == ["file verified", "file changed", "file gone"]
    assert [entry.at - story[0].at for entry in story] == [timedelta(seconds=60 * n) for n in range(3)]
    assert hashlib.sha256(DATA).hexdigest() in story[0].detail


async def test_a_file_that_was_located_is_the_one_that_was_downloaded(room: Room) -> None:
    room.file.write_bytes(DATA.swapcase())
    await room.care.verify("t1")
    other = room.file.with_name("elsewhere.csv")
    other.write_bytes(DATA)
    assert await room.care.locate("t1", other)
    record = await room.care.look("t1")
    assert (record.name, record.verified_ok, record.lost_at) == ("elsewhere.csv", True, None)
    assert await room.told() == ["file changed", "file located"]
    assert not await room.care.locate("t1", room.file)


async def test_what_is_not_finished_is_left_alone(room: Room) -> None:
    await room.ledger.save_job(job("j2"))
    await room.ledger.save_transfer(transfer("t2", TransferState.FETCHING, job="j2"))
    assert (await room.care.look("t2")).lost_at is None
    with pytest.raises(UserError):
        await room.care.verify("t2")
