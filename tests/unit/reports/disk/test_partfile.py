"""The partial file and its threads (BEHAVIOUR.md B6, D10, D11), on a real disk."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import threading
from pathlib import Path

import pytest

from sana_desktop.reports.disk.files import DiskFiles
from sana_desktop.reports.disk.partfile import FULL_BYTES, MIN_SYNC_AHEAD_BYTES, Mark, PartChanged, PartFile
from sana_desktop.reports.table.counting import COUNTED_IN_PASSING_BYTES

CHUNK = b"1,two,3.5\n" * 10_000


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


async def test_what_is_fed_is_written_hashed_and_counted(tmp_path: Path) -> None:
    part = await PartFile.create(DiskFiles(), tmp_path / ".a.part")
    for _ in range(30):
        part.feed(CHUNK)
        await part.room()
    written = await part.seal()
    assert (written.size, written.sha256) == (30 * len(CHUNK), sha(CHUNK * 30))
    assert written.table is not None
    assert (written.table.rows, written.table.columns) == (299_999, 3)
    assert (tmp_path / ".a.part").read_bytes() == CHUNK * 30


async def test_what_was_left_is_taken_up_and_counted_from_the_start(tmp_path: Path) -> None:
    path = tmp_path / ".a.part"
    part = await PartFile.create(DiskFiles(), path)
    part.feed(CHUNK)
    left = await part.close()
    assert left == Mark(len(CHUNK), sha(CHUNK))
    with path.open("ab") as file:
        file.write(b"bytes nobody vouched for")
    part = await PartFile.reopen(DiskFiles(), path, left)
    assert part.accepted == len(CHUNK)
    part.feed(CHUNK)
    written = await part.seal()
    assert (written.sha256, path.read_bytes()) == (sha(CHUNK * 2), CHUNK * 2)
    assert written.table is not None
    assert written.table.rows == 19_999


async def test_a_restart_forgets_everything(tmp_path: Path) -> None:
    part = await PartFile.create(DiskFiles(), tmp_path / ".a.part")
    part.feed(CHUNK)
    await part.restart()
    part.feed(b"a,b\n1,2\n")
    written = await part.seal()
    assert (written.size, written.sha256) == (8, sha(b"a,b\n1,2\n"))
    assert written.table is not None
    assert written.table.rows == 1


@pytest.mark.parametrize("change", ["edited", "shorter", "gone", "folder"])
async def test_D11_what_was_touched_is_not_taken_up(tmp_path: Path, change: str) -> None:
    path = tmp_path / ".a.part"
    part = await PartFile.create(DiskFiles(), path)
    part.feed(CHUNK)
    left = await part.close()
    if change == "edited":
        path.write_bytes(b"9" + CHUNK[1:])
    elif change == "shorter":
        path.write_bytes(CHUNK[:-1])
    else:
        path.unlink()
        if change == "folder":
            path.mkdir()
    with pytest.raises(PartChanged):
        await PartFile.reopen(DiskFiles(), path, left)


async def test_an_existing_file_is_not_taken_for_a_new_one(tmp_path: Path) -> None:
    path = tmp_path / ".a.part"
    path.write_text("somebody's")
    with pytest.raises(FileExistsError):
        await PartFile.create(DiskFiles(), path)
    assert path.read_text() == "somebody's"


@pytest.mark.parametrize("change", ["gone", "another"])
async def test_D10_a_file_that_lost_its_name_is_not_whole(tmp_path: Path, change: str) -> None:
    path = tmp_path / ".a.part"
    part = await PartFile.create(DiskFiles(), path)
    part.feed(CHUNK)
    await part.settle()
    path.unlink()
    if change == "another":
        path.write_bytes(CHUNK)
    with pytest.raises(PartChanged):
        await part.seal()


class SlowDisk(DiskFiles):
    """A disk that takes nothing until it is told to."""

    def __init__(self) -> None:
        self.go = threading.Event()

    def write(self, descriptor: int, data: bytes) -> None:
        self.go.wait()
        super().write(descriptor, data)


async def test_a_slow_disk_holds_the_line_back_and_bounds_the_memory(tmp_path: Path) -> None:
    disk = SlowDisk()
    part = await PartFile.create(disk, tmp_path / ".a.part")
    fed = 0
    while not part.full:
        part.feed(CHUNK)
        fed += len(CHUNK)
    assert FULL_BYTES <= fed < FULL_BYTES + 2 * len(CHUNK)
    waiting = asyncio.ensure_future(part.room())  # noqa: TID251 - a test's own task
    await asyncio.sleep(0)
    assert not waiting.done()
    disk.go.set()
    await waiting
    assert (await part.seal()).size == fed


class FullDisk(DiskFiles):
    """A disk on which the second write fails."""

    def __init__(self) -> None:
        self.writes = 0

    def write(self, descriptor: int, data: bytes) -> None:
        self.writes += 1
        if self.writes > 1:
            raise OSError(errno.ENOSPC, "No space left on device")
        super().write(descriptor, data)


async def test_D02_what_was_written_before_the_disk_was_full_is_known(tmp_path: Path) -> None:
    part = await PartFile.create(FullDisk(), tmp_path / ".a.part")
    part.feed(CHUNK)
    await part.settle()
    part.feed(CHUNK)
    with pytest.raises(OSError, match="No space"):
        await part.settle()
    with pytest.raises(OSError, match="No space"):
        await part.room()
    part.feed(CHUNK)
    assert await part.close() == Mark(len(CHUNK), sha(CHUNK))


async def test_P19_a_closing_that_was_broken_off_can_be_asked_for_again(tmp_path: Path) -> None:
    disk = SlowDisk()
    part = await PartFile.create(disk, tmp_path / ".a.part")
    part.feed(CHUNK)
    first = asyncio.ensure_future(part.close())  # noqa: TID251 - a test's own task
    await asyncio.sleep(0)
    first.cancel()
    again = asyncio.ensure_future(part.close())  # noqa: TID251 - a test's own task
    await asyncio.sleep(0)
    disk.go.set()
    async with asyncio.timeout(5.0):
        assert (await again).received == len(CHUNK)
        assert (await part.close()).received == len(CHUNK)


async def test_no_thread_outlives_its_file(tmp_path: Path) -> None:
    for number in range(5):
        part = await PartFile.create(DiskFiles(), tmp_path / f".{number}.part")
        assert f"write .{number}.part" in [thread.name for thread in threading.enumerate()]
        part.feed(CHUNK)
        await (part.close() if number % 2 else part.seal())
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("write .")] == []


class WatchedDisk(DiskFiles):
    """A disk that remembers what it was asked to begin with, and can't do it."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, int]] = []

    def begin_sync(self, descriptor: int, start: int, size: int) -> None:
        super().begin_sync(descriptor, start, size)
        self.asked.append((start, size))
        raise OSError(errno.EINVAL, "Invalid argument")


async def test_the_disk_begins_early_with_a_large_file(tmp_path: Path) -> None:
    disk = WatchedDisk()
    part = await PartFile.create(disk, tmp_path / ".a.part")
    while part.accepted < 2 * MIN_SYNC_AHEAD_BYTES + FULL_BYTES:
        part.feed(CHUNK)
        await part.room()
    await part.seal()
    assert len(disk.asked) == 2
    assert disk.asked[1][0] == disk.asked[0][1] >= MIN_SYNC_AHEAD_BYTES
    asked = len(disk.asked)
    part = await PartFile.create(disk, tmp_path / ".b.part")
    part.feed(CHUNK)
    await part.seal()
    assert len(disk.asked) == asked


@pytest.mark.parametrize("told", [True, False])
async def test_a_large_file_is_not_counted_in_passing(tmp_path: Path, told: bool) -> None:
    part = await PartFile.create(DiskFiles(), tmp_path / ".a.part")
    part.total = COUNTED_IN_PASSING_BYTES + 1 if told else None
    while part.accepted <= (0 if told else COUNTED_IN_PASSING_BYTES):
        part.feed(CHUNK)
        await part.room()
    assert (await part.seal()).table is None


async def test_a_workbook_is_not_counted_as_text(tmp_path: Path) -> None:
    part = await PartFile.create(DiskFiles(), tmp_path / ".a.part")
    part.feed(b"PK\x03\x04a,b\n1,2\n")
    assert (await part.seal()).table is None
