"""Faults of the disk and of the process (BEHAVIOUR.md D01 to D18, P05, P19, I8), on a real disk."""

from __future__ import annotations

import asyncio
import errno
import os
import stat
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sana_desktop.base.errors import StorageError
from sana_desktop.base.text import size_text
from sana_desktop.reports.disk import names
from sana_desktop.reports.disk.files import DiskFiles
from sana_desktop.reports.download.finalise import check_target
from sana_desktop.reports.download.policy import DownloadPolicy
from sana_desktop.reports.records.job import FileEvent
from sana_desktop.reports.records.transfer import TransferState
from tests.support.download_rig import Rig, StoredFile, csv_bytes, sha
from tests.support.fake_server import Reply

DATA = csv_bytes(3_000)
TAG = (("ETag", '"v1"'),)
HOLD = Reply(200, DATA, TAG, hold_at=50_000, wait_in_body=30.0)
"""Half of the report, then silence."""


class Faulty(DiskFiles):
    """A disk on which one operation fails for a number of times, or changes what it says."""

    def __init__(self, operation: str = "", error: OSError | None = None, times: int = 1, free: int = 10**12) -> None:
        self.left = times if operation else 0
        self.free = free
        if operation:
            real: Callable[..., object] = getattr(self, operation)

            def fail(*arguments: object) -> object:
                if self.left > 0:
                    self.left -= 1
                    assert error is not None
                    raise error
                return real(*arguments)

            setattr(self, operation, fail)

    def free_bytes(self, folder: Path) -> int:
        del folder
        return self.free


class WindowsError5(PermissionError):
    """What Windows raises while a scanner holds the file."""

    winerror = 5


def content(rig: Rig) -> bytes:
    record = rig.only()
    return (Path(record.folder) / record.name).read_bytes()


async def half_way(rig: Rig) -> None:
    await rig.until(lambda: any(figure.received >= 50_000 for figure in rig.figures))


async def story(rig: Rig) -> list[tuple[str, str]]:
    return [(line.event, line.detail) for line in await rig.ledger.timeline(rig.only().job)]


async def test_D01_without_room_nothing_is_fetched_until_there_is(tmp_path: Path) -> None:
    files = Faulty(free=200_000_000 + len(DATA) - 1)
    async with Rig(tmp_path, files=files) as rig:
        rig.serve(StoredFile(DATA))
        await rig.ready()
        await rig.until(lambda: any(record.error_code == "E-DISK-FULL" for record in rig.saved))
        record = rig.only()
        assert record.state is TransferState.WAITING
        rest, reserve = size_text(len(DATA)), size_text(200_000_000)
        # What is missing is named: the report and what stays free beside it, against what there is.
        needed = f"{rest} for the report and {reserve} that stay free are needed"
        assert record.error_message == f"There is not enough room: {needed}, {reserve} are free."
        assert "by itself" in record.error_next_step
        files.free = 10**12
        await rig.until(lambda: rig.only().state is TransferState.DONE)
        assert content(rig) == DATA
        assert rig.only().error_code == ""
        assert await story(rig) == [(FileEvent.NO_ROOM, record.error_message), (FileEvent.ROOM, "")]


async def test_D01_before_the_size_is_known_only_what_is_known_is_said(tmp_path: Path) -> None:
    async with Rig(tmp_path, files=Faulty(free=6_300_000)) as rig:
        await rig.ready()
        await rig.until(lambda: any(record.lacks_room for record in rig.saved))
        said = rig.only().error_message
        assert said == "There is not enough room: 200 MB must stay free on the disk, 6.3 MB are free."
        assert rig.store.requests == []
        # Looked at again and again, told once.
        await rig.manager.retry(rig.only().id)
        await rig.until(lambda: sum(record.lacks_room for record in rig.saved) >= 2)
        assert [line.event for line in await rig.ledger.timeline(rig.only().job)] == [FileEvent.NO_ROOM]


async def test_D01_one_that_waits_for_room_leaves_its_place_to_others(tmp_path: Path) -> None:
    files = Faulty(free=200_000_000 + 1_000)
    async with Rig(tmp_path, files=files, policy=DownloadPolicy(at_once=1)) as rig:
        rig.serve(StoredFile(DATA))
        rig.serve(StoredFile(b"a,b\n1,2\n"), path="/small")
        await rig.ready()
        await rig.until(lambda: any(record.error_code == "E-DISK-FULL" for record in rig.saved))
        assert (await rig.settled(await rig.ready(path="/small"))).state is TransferState.DONE


async def test_D02_a_full_disk_pauses_and_goes_on_after_it_was_freed(tmp_path: Path) -> None:
    full = Faulty("write", OSError(errno.ENOSPC, "No space left on device"))
    async with Rig(tmp_path, files=full) as rig:
        rig.serve(StoredFile(DATA))
        record = await rig.settled(await rig.ready())
        assert (record.state, record.error_code) == (TransferState.PAUSED, "E-DISK-FULL")
        assert rig.left() == [record.part]
        stored = await rig.ledger.transfer_of(record.job)
        assert stored == record
        await rig.manager.resume(record.id)
        await rig.until(lambda: rig.only().state is TransferState.DONE)
        assert content(rig) == DATA


async def test_D03_a_disk_error_fails_with_the_path_and_leaves_no_file(tmp_path: Path) -> None:
    broken = Faulty("write", OSError(errno.EIO, "Input/output error"))
    async with Rig(tmp_path, files=broken) as rig:
        rig.serve(StoredFile(DATA))
        record = await rig.settled(await rig.ready())
        assert (record.state, record.error_code) == (TransferState.FAILED, "E-DISK-IO")
        assert record.name in record.error_message
        assert rig.left() == []


async def test_D04_after_a_failed_flush_nothing_written_is_trusted(tmp_path: Path) -> None:
    async with Rig(tmp_path, files=Faulty("sync", OSError(errno.EIO, "Input/output error"))) as rig:
        rig.serve(StoredFile(DATA))
        record = await rig.settled(await rig.ready())
        assert (record.state, content(rig)) == (TransferState.DONE, DATA)
        assert [request.header("range") for request in rig.store.requests] == [None, None]
        parts = {saved.part for saved in rig.saved if saved.part}
        assert len(parts) == 2


async def test_D05_a_scanner_that_holds_the_file_is_waited_out(tmp_path: Path) -> None:
    async with Rig(tmp_path, files=Faulty("move_new", WindowsError5(13, "denied"), times=5)) as rig:
        rig.serve(StoredFile(DATA))
        record = await rig.settled(await rig.ready())
        assert (record.state, content(rig)) == (TransferState.DONE, DATA)


async def test_D06_a_file_held_for_longer_gets_its_name_at_the_next_start(tmp_path: Path) -> None:
    files = Faulty("move_new", WindowsError5(13, "denied"), times=7)
    async with Rig(tmp_path, files=files) as rig:
        rig.serve(StoredFile(DATA))
        await rig.ready()
        await rig.until(lambda: any(record.error_code == "E-DISK-BUSY" for record in rig.saved))
        record = rig.only()
        assert record.state is TransferState.FINALIZING
        await rig.close()
        await rig.open()
        await rig.manager.restore()
        await rig.until(lambda: rig.only().state is TransferState.DONE)
        assert content(rig) == DATA
        assert rig.store.count("GET", "/report") == 1


async def test_D07_a_folder_that_is_gone_is_asked_for(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        rig.serve(HOLD, StoredFile(DATA))
        await rig.ready()
        await half_way(rig)
        record = rig.only()
        await rig.manager.pause(record.id)
        (rig.folder / record.part).unlink()
        rig.folder.rmdir()
        await rig.manager.resume(record.id)
        await rig.until(lambda: rig.only().error_code == "E-DISK-PATH")
        assert rig.only().state is TransferState.PAUSED
        other = tmp_path / "other"
        other.mkdir()
        await rig.manager.move_to(record.id, other)
        await rig.until(lambda: rig.only().state is TransferState.DONE)
        assert content(rig) == DATA
        assert rig.left(other) == [record.name]
        gone = f"The folder {rig.folder} is not there any more."
        assert await story(rig) == [
            (FileEvent.PAUSED, "by hand"),
            (FileEvent.GOES_ON, "by hand"),
            (FileEvent.PAUSED, gone),
            (FileEvent.MOVED, str(other)),
            (FileEvent.GOES_ON, "by hand"),
        ]


async def test_D07_a_folder_that_can_not_be_made_is_told_from_the_first(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        rig.serve(StoredFile(DATA))
        rig.folder.write_text("a file stands there")
        record = await rig.settled(await rig.ready())
        assert await story(rig) == [(FileEvent.PAUSED, record.error_message)]


async def test_D07_another_folder_keeps_what_has_arrived(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    async with Rig(tmp_path) as rig:
        rig.serve(HOLD, StoredFile(DATA))
        await rig.ready()
        await half_way(rig)
        await rig.manager.move_to(rig.only().id, other)
        await rig.until(lambda: rig.only().state is TransferState.DONE)
        assert content(rig) == DATA
        assert rig.store.requests[1].header("range") == "bytes=50000-"
        assert (rig.left(), rig.left(other)) == ([], [rig.only().name])


async def test_D08_a_folder_that_takes_no_files_is_refused_before_the_download(tmp_path: Path) -> None:
    async with Rig(tmp_path, files=Faulty("create", OSError(errno.EROFS, "Read-only file system"))) as rig:
        rig.serve(StoredFile(DATA))
        record = await rig.settled(await rig.ready())
        assert (record.state, record.error_code) == (TransferState.PAUSED, "E-FILE-PERMISSION")
        assert rig.store.requests == []
        assert await story(rig) == [(FileEvent.PAUSED, record.error_message)]


async def test_D09_two_reports_of_one_name_are_both_kept(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        rig.serve(StoredFile(DATA))
        first = await rig.settled(await rig.ready(target=None))
        again = replace(await _job(rig, first.job), id="twin")
        await rig.ledger.save_job(again)
        rig.queue.changed.publish(again)
        await rig.until(lambda: all(r.state is TransferState.DONE for r in rig.manager.list()) and len(rig.left()) == 2)
        second = rig.manager.list()[1]
        assert second.name == first.name.replace(".csv", " (2).csv")


async def _job(rig: Rig, identity: str):  # type: ignore[no-untyped-def]
    return await rig.ledger.job(identity)


async def test_D09_a_name_taken_meanwhile_is_never_overwritten(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        rig.serve(Reply(200, DATA, TAG, hold_at=50_000, wait_in_body=0.15))
        job = await rig.ready()
        await half_way(rig)
        name = rig.only().name
        (rig.folder / name).write_text("somebody's own")
        record = await rig.settled(job)
        assert record.name == name.replace(".csv", " (2).csv")
        assert (rig.folder / name).read_text() == "somebody's own"
        assert content(rig) == DATA


async def test_D10_a_partial_file_deleted_while_running_is_noticed(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        rig.serve(Reply(200, DATA, TAG, hold_at=50_000, wait_in_body=0.15), StoredFile(DATA))
        job = await rig.ready()
        await half_way(rig)
        (rig.folder / rig.only().part).unlink()
        record = await rig.settled(job)
        assert (record.state, content(rig)) == (TransferState.DONE, DATA)
        assert rig.store.count("GET", "/report") == 2


async def test_D11_a_partial_file_that_was_edited_is_not_trusted(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        rig.serve(HOLD, StoredFile(DATA))
        await rig.ready()
        await half_way(rig)
        record = rig.only()
        await rig.manager.pause(record.id)
        part = rig.folder / rig.only().part
        data = bytearray(part.read_bytes())
        data[100] ^= 1
        part.write_bytes(data)
        await rig.manager.resume(record.id)
        await rig.until(lambda: rig.only().state is TransferState.DONE)
        assert content(rig) == DATA
        assert rig.store.requests[-1].header("range") is None


async def test_A20_pause_keeps_what_arrived_and_resume_goes_on(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        rig.serve(HOLD, StoredFile(DATA))
        await rig.ready()
        await half_way(rig)
        await rig.manager.pause(rig.only().id)
        record = rig.only()
        assert (record.state, record.received, record.error_code) == (TransferState.PAUSED, 50_000, "")
        assert record.prefix_sha256 == sha(DATA[:50_000])
        await rig.manager.resume(record.id)
        await rig.until(lambda: rig.only().state is TransferState.DONE)
        assert rig.store.requests[1].header("range") == "bytes=50000-"
        assert (content(rig), rig.only().sha256, rig.only().rows) == (DATA, sha(DATA), 3_000)


async def test_D12_a_finished_file_that_moved_is_noticed_and_can_be_located(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        rig.serve(StoredFile(DATA))
        record = await rig.settled(await rig.ready())
        assert (await rig.manager.look(record.id)).lost_at is None
        moved = tmp_path / "elsewhere.csv"
        (rig.folder / record.name).rename(moved)
        assert (await rig.manager.look(record.id)).lost_at is not None
        assert (await rig.manager.verify(record.id)).lost_at is not None
        assert not await rig.manager.locate(record.id, tmp_path / "state.db")
        assert await rig.manager.locate(record.id, moved)
        assert (await rig.manager.look(record.id)).lost_at is None
        assert (await rig.manager.verify(record.id)).verified_ok is True
        assert rig.store.count("GET", "/report") == 1


async def test_verify_again_sees_a_changed_byte(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        rig.serve(StoredFile(DATA))
        record = await rig.settled(await rig.ready())
        assert (await rig.manager.verify(record.id)).verified_ok is True
        path = rig.folder / record.name
        path.write_bytes(DATA.replace(b"score", b"Score"))
        assert (await rig.manager.verify(record.id)).verified_ok is False


@pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX's")
async def test_D17_a_report_is_the_users_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        async with Rig(tmp_path) as rig:
            rig.serve(StoredFile(DATA))
            record = await rig.settled(await rig.ready())
            assert stat.S_IMODE((rig.folder / record.name).stat().st_mode) == 0o600
    finally:
        os.umask(before)


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
async def test_D18_a_link_at_the_final_name_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    async with Rig(tmp_path) as rig:
        rig.serve(Reply(200, DATA, TAG, hold_at=50_000, wait_in_body=0.15))
        job = await rig.ready()
        await half_way(rig)
        name = rig.only().name
        (rig.folder / name).symlink_to(outside)
        record = await rig.settled(job)
        assert record.name != name
        assert not outside.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
async def test_D18_a_link_in_place_of_the_partial_file_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    async with Rig(tmp_path) as rig:
        rig.serve(HOLD, StoredFile(DATA))
        await rig.ready()
        await half_way(rig)
        await rig.manager.pause(rig.only().id)
        part = rig.folder / rig.only().part
        outside.write_bytes(part.read_bytes())
        part.unlink()
        part.symlink_to(outside)
        await rig.manager.resume(rig.only().id)
        await rig.until(lambda: rig.only().state is TransferState.DONE)
        assert outside.read_bytes() == DATA[:50_000]
        assert content(rig) == DATA
        assert not (rig.folder / rig.only().name).is_symlink()


async def test_P05_killed_after_the_rename_it_is_done_without_a_request(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        rig.serve(StoredFile(DATA))
        record = await rig.settled(await rig.ready())
        (before,) = [saved for saved in rig.saved if saved.state is TransferState.FINALIZING]
        await rig.ledger.save_transfer(before)
        await rig.close()
        await rig.open()
        await rig.manager.restore()
        await rig.until(lambda: rig.only().state is TransferState.DONE)
        assert rig.only().name == record.name
        assert rig.store.count("GET", "/report") == 1
        assert rig.left() == [record.name]


@pytest.mark.parametrize("point", ["before the rename", "between link and unlink", "both gone"])
async def test_P05_killed_around_the_rename(tmp_path: Path, point: str) -> None:
    async with Rig(tmp_path) as rig:
        rig.serve(StoredFile(DATA))
        record = await rig.settled(await rig.ready())
        (before,) = [saved for saved in rig.saved if saved.state is TransferState.FINALIZING]
        final, part = rig.folder / record.name, rig.folder / before.part
        if point == "before the rename":
            final.rename(part)
        elif point == "between link and unlink":
            os.link(final, part)
        else:
            final.unlink()
        job = await _job(rig, record.job)
        await rig.ledger.save_transfer(before)
        await rig.ledger.save_job(replace(job, link=rig.link("/report")))
        await rig.close()
        await rig.open()
        await rig.manager.restore()
        await rig.until(lambda: rig.only().state is TransferState.DONE)
        assert content(rig) == DATA
        assert rig.left() == [record.name]
        assert rig.store.count("GET", "/report") == (2 if point == "both gone" else 1)


async def test_P19_quitting_with_four_downloads_is_quick_and_they_go_on_at_the_next_start(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        served = StoredFile(DATA)
        for number in range(4):
            rig.serve(HOLD, served, path=f"/{number}")
            await rig.ready(path=f"/{number}", title=f"Report {number}")
        await rig.until(lambda: len({f.id for f in rig.figures if f.received >= 50_000}) == 4)
        loop = asyncio.get_running_loop()
        started = loop.time()
        await rig.manager.stop()
        assert loop.time() - started < 2.0
        stored = await rig.ledger.open_transfers()
        assert [record.received for record in stored] == [50_000] * 4
        await rig.close()
        await rig.open()
        await rig.manager.restore()
        await rig.until(lambda: all(record.state is TransferState.DONE for record in rig.manager.list()))
        ranges = [request.header("range") for request in rig.store.requests[4:]]
        assert ranges == ["bytes=50000-"] * 4


async def test_I8_partial_files_nobody_knows_are_swept_after_a_week(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        rig.folder.mkdir()
        old = rig.folder / names.part_name("a.csv", "0123abcd")
        young = rig.folder / names.part_name("b.csv", "0123abcd")
        for path in (old, young, rig.folder / ".mine.part"):
            path.write_text("x")
        week_ago = rig.clock.now().timestamp() - 8 * 86_400
        os.utime(old, (week_ago, week_ago))
        os.utime(rig.folder / ".mine.part", (week_ago, week_ago))
        await rig.manager.restore()
        assert rig.left() == sorted([young.name, ".mine.part"])


async def test_removing_an_unfinished_download_leaves_nothing(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        rig.serve(HOLD)
        job = await rig.ready()
        await half_way(rig)
        await rig.manager.remove(rig.only().id)
        assert (rig.left(), rig.manager.list()) == ([], ())
        assert await rig.ledger.transfer_of(job.id) is None


async def test_removing_a_finished_one_keeps_the_file(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        rig.serve(StoredFile(DATA))
        record = await rig.settled(await rig.ready())
        await rig.manager.remove(record.id)
        assert rig.left() == [record.name]


@pytest.mark.parametrize("finished", [True, False])
async def test_what_was_taken_off_the_list_does_not_come_back_at_the_next_start(tmp_path: Path, finished: bool) -> None:
    async with Rig(tmp_path) as rig:
        if finished:
            rig.serve(StoredFile(DATA))
            record = await rig.settled(await rig.ready())
        else:
            rig.serve(HOLD)
            await rig.ready()
            await half_way(rig)
            record = rig.only()
            await rig.manager.pause(record.id)
        await rig.manager.remove(record.id)
        await rig.close()
        asked = len(rig.store.requests)
        await rig.open()
        await rig.manager.restore()
        assert rig.left() == [record.name] * finished
        # One that is begun has its row by the time that another one, made after it, has its file.
        rig.serve(StoredFile(DATA))
        later = await rig.settled(await rig.ready(path="/report"))
        assert [one.id for one in rig.manager.list()] == [later.id]
        assert len(rig.store.requests) == asked + 1


async def test_a_named_target_is_made_exactly_and_old_parts_of_it_go(tmp_path: Path) -> None:
    target = tmp_path / "out" / "report.csv"
    target.parent.mkdir()
    (target.parent / names.part_name(target.name, "00ff00ff")).write_text("left by a killed run")
    async with Rig(tmp_path) as rig:
        rig.serve(StoredFile(DATA))
        record = await rig.settled(await rig.ready(target=target))
        assert (record.state, target.read_bytes()) == (TransferState.DONE, DATA)
        assert rig.left(target.parent) == [target.name]


async def test_a_named_target_that_appears_meanwhile_is_left_as_it_is(tmp_path: Path) -> None:
    target = tmp_path / "report.csv"
    async with Rig(tmp_path, discard=True) as rig:
        rig.serve(Reply(200, DATA, TAG, hold_at=50_000, wait_in_body=0.15))
        job = await rig.ready(target=target)
        await half_way(rig)
        target.write_text("mine")
        record = await rig.settled(job)
        assert (record.state, record.error_code, record.error_kind) == (TransferState.PAUSED, "E-FILE-EXISTS", "file")
        await rig.manager.stop()
        assert target.read_text() == "mine"
        assert not [name for name in rig.left(tmp_path) if name.endswith(".part")]


async def test_overwriting_is_all_or_nothing(tmp_path: Path) -> None:
    target = tmp_path / "report.csv"
    target.write_text("old")
    async with Rig(tmp_path, discard=True) as rig:
        rig.serve(Reply(404))
        record = await rig.settled(await rig.ready(target=target, overwrite=True))
        assert record.state is TransferState.LINK_ENDED
        assert target.read_text() == "old"
        rig.serve(StoredFile(DATA))
        await rig.settled(await rig.ready(target=target, overwrite=True))
        assert target.read_bytes() == DATA


async def test_a_stop_that_discards_leaves_nothing_beside_the_target(tmp_path: Path) -> None:
    target = tmp_path / "out" / "report.csv"
    target.parent.mkdir()
    async with Rig(tmp_path, discard=True) as rig:
        rig.serve(HOLD)
        await rig.ready(target=target)
        await half_way(rig)
        await rig.manager.stop()
        assert rig.left(target.parent) == []


def test_a_target_is_checked_before_anything_is_ordered(tmp_path: Path) -> None:
    taken = tmp_path / "taken.csv"
    taken.write_text("x")
    check_target(tmp_path / "new.csv", overwrite=False)
    check_target(taken, overwrite=True)
    for path, overwrite, code in (
        (taken, False, "E-FILE-EXISTS"),
        (tmp_path, True, "E-FILE-FOLDER"),
        (tmp_path / f"{'x' * 300}.csv", False, "E-DISK-PATH"),
        (tmp_path / "none" / "a.csv", False, "E-DISK-PATH"),
    ):
        with pytest.raises(StorageError) as caught:
            check_target(path, overwrite)
        assert caught.value.code == code
    assert [entry.name for entry in tmp_path.iterdir()] == ["taken.csv"]


async def two_on_their_way(rig: Rig) -> list[str]:
    """Begin two downloads that take long; return their ids once both have bytes."""
    for path in ("/one", "/two"):
        rig.serve(StoredFile(csv_bytes(5_000), drip=(2_000, 0.02)), path=path)
        await rig.ready(path=path)
    await rig.until(lambda: len({figure.id for figure in rig.figures if figure.received}) == 2)
    return [record.id for record in rig.manager.list()]


async def test_P19_two_that_are_paused_at_once_both_stay_paused(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        await asyncio.gather(*map(rig.manager.pause, await two_on_their_way(rig)))
        asked = len(rig.store.requests)
        for _ in range(20):  # whatever was begun anew would ask within these
            await rig.clock.sleep(0.2)
        assert [record.state for record in rig.manager.list()] == [TransferState.PAUSED] * 2
        assert len(rig.store.requests) == asked


async def test_I8_two_that_are_removed_at_once_leave_no_row_and_no_file(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        await asyncio.gather(*map(rig.manager.remove, await two_on_their_way(rig)))
        asked = len(rig.store.requests)
        for _ in range(20):
            await rig.clock.sleep(0.2)
        assert (rig.manager.list(), await rig.ledger.transfers(), rig.left()) == ((), [], [])
        assert len(rig.store.requests) == asked
