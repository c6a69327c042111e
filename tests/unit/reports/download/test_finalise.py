"""Names taken without ever replacing another file (BEHAVIOUR.md B6, D05, D06, D18)."""

from __future__ import annotations

import errno
import hashlib
import os
from pathlib import Path

import pytest

from sana_desktop.base.clock import SystemClock
from sana_desktop.base.errors import StorageError
from sana_desktop.reports.disk.files import DiskFiles
from sana_desktop.reports.disk.names import part_name
from sana_desktop.reports.download.finalise import Finaliser, check_target, free_name, remove_old_parts
from sana_desktop.reports.records.job import TimelineEntry
from sana_desktop.reports.records.transfer import TransferRecord, TransferState
from tests.support.records import transfer


def test_a_new_name_is_taken(tmp_path: Path) -> None:
    part, target = tmp_path / "part", tmp_path / "a.csv"
    part.write_text("x")
    DiskFiles().move_new(part, target)
    assert (part.exists(), target.read_text(), target.stat().st_nlink) == (False, "x", 1)


@pytest.mark.parametrize("links", [True, False])
@pytest.mark.parametrize("taken", ["file", "dangling link", "folder"])
def test_D09_D18_a_taken_name_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool, taken: str
) -> None:
    if not links:
        _forbid_links(monkeypatch)
    part, target = tmp_path / "part", tmp_path / "a.csv"
    part.write_text("x")
    if taken == "file":
        target.write_text("mine")
    elif taken == "folder":
        target.mkdir()
    else:
        target.symlink_to(tmp_path / "nowhere")
    with pytest.raises(FileExistsError):
        DiskFiles().move_new(part, target)
    assert part.read_text() == "x"
    assert not (tmp_path / "nowhere").exists()


def test_a_disk_without_links_takes_the_name_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _forbid_links(monkeypatch)
    part, target = tmp_path / "part", tmp_path / "a.csv"
    part.write_text("x")
    DiskFiles().move_new(part, target)
    assert (part.exists(), target.read_text()) == (False, "x")


@pytest.mark.skipif(not hasattr(os, "fchmod"), reason="rights are asked for in another way here")
def test_a_disk_that_keeps_no_rights_takes_the_file_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "fchmod", refuse)
    os.close(DiskFiles().create(tmp_path / "part"))
    assert (tmp_path / "part").stat().st_mode & 0o077 == 0


def _forbid_links(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)


def left_by_a_crash(folder: Path, part: str) -> TransferRecord:
    """A record in the middle of being finished, whose whole file has the bytes `wanted`."""
    return transfer(
        state=TransferState.FINALIZING,
        folder=str(folder),
        part=part,
        received=6,
        sha256=hashlib.sha256(b"wanted").hexdigest(),
    )


async def finished(record: TransferRecord) -> TransferRecord:
    saved: list[TransferRecord] = []

    async def save(each: TransferRecord, *entries: TimelineEntry) -> None:
        saved.append(each)

    record = await Finaliser(DiskFiles(), SystemClock(), save).finish(record, exact=False, trusted=False)
    assert saved[-1] == record
    return record


async def test_P05_a_file_of_the_same_name_and_length_is_not_taken_for_ours(tmp_path: Path) -> None:
    (tmp_path / "report.csv").write_text("theirs")
    part = part_name("report.csv", "0123abcd")
    (tmp_path / part).write_text("wanted")
    record = await finished(left_by_a_crash(tmp_path, part))
    assert (record.state, record.name) == (TransferState.DONE, "report (2).csv")
    assert (tmp_path / "report.csv").read_text() == "theirs"
    assert (tmp_path / "report (2).csv").read_text() == "wanted"


async def test_P05_our_file_that_is_in_place_is_done(tmp_path: Path) -> None:
    (tmp_path / "report.csv").write_text("wanted")
    record = await finished(left_by_a_crash(tmp_path, part_name("report.csv", "0123abcd")))
    assert (record.state, record.name, record.verified_ok) == (TransferState.DONE, "report.csv", True)


async def test_B6_the_folder_is_on_the_disk_after_the_rename_and_before_the_row_says_done(tmp_path: Path) -> None:
    (tmp_path / (part := part_name("report.csv", "0123abcd"))).write_text("wanted")
    steps: list[str] = []

    class Watched(DiskFiles):
        def sync_folder(self, folder: Path) -> None:
            steps.append(f"{folder.name} with {sorted(entry.name for entry in folder.iterdir())}")
            super().sync_folder(folder)

    async def save(record: TransferRecord, /, *entries: TimelineEntry) -> None:
        steps.append(record.state.value)

    record = left_by_a_crash(tmp_path, part)
    await Finaliser(Watched(), SystemClock(), save).finish(record, exact=False, trusted=True)
    assert steps[-2:] == [f"{tmp_path.name} with ['report.csv']", "done"]


@pytest.mark.parametrize("left", ["broken", "short"])
async def test_P05_bytes_that_are_not_those_on_record_are_fetched_again(tmp_path: Path, left: str) -> None:
    part = part_name("report.csv", "0123abcd")
    (tmp_path / part).write_text(left)
    record = await finished(left_by_a_crash(tmp_path, part))
    assert (record.state, record.received, record.part) == (TransferState.WAITING, 0, "")
    assert not (tmp_path / "report.csv").exists()


@pytest.mark.parametrize("there", ["file", "link to a file", "dangling link"])
def test_D18_what_has_the_name_is_seen_before_anything_is_ordered(tmp_path: Path, there: str) -> None:
    target, other = tmp_path / "report.csv", tmp_path / "other"
    if there == "file":
        target.write_text("mine")
    else:
        target.symlink_to(other)
        if there == "link to a file":
            other.write_text("mine")
    before = sorted(entry.name for entry in tmp_path.iterdir())
    with pytest.raises(StorageError) as caught:
        check_target(target, False)
    assert caught.value.code == "E-FILE-EXISTS"
    check_target(target, True)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == before


def test_D14_a_free_name_differs_by_more_than_case(tmp_path: Path) -> None:
    (tmp_path / "Report.CSV").write_text("x")
    assert free_name(tmp_path, "report.csv", {"report (2).csv"}) == "report (3).csv"


def test_only_parts_of_this_very_name_are_removed(tmp_path: Path) -> None:
    keep = [part_name("other.csv", "0123abcd"), "report.csv", ".report.csv.part", ".report.csv.zzzzzzzz.part"]
    for name in (*keep, part_name("report.csv", "0123abcd"), part_name("report.csv", "ffffffff")):
        (tmp_path / name).write_text("x")
    remove_old_parts(tmp_path, "report.csv")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == sorted(keep)
