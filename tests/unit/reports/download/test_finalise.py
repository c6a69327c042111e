"""Names taken without ever replacing another file (BEHAVIOUR.md B6, D05, D06, D18)."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from sana_desktop.base.clock import SystemClock
from sana_desktop.base.errors import StorageError
from sana_desktop.reports.disk import files
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


async def finished(record: TransferRecord, *, exact: bool = False) -> TransferRecord:
    saved: list[TransferRecord] = []

    async def save(each: TransferRecord, *entries: TimelineEntry) -> None:
        saved.append(each)

    record = await Finaliser(DiskFiles(), SystemClock(), save).finish(record, exact=exact, trusted=False)
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


def something_special(kind: str, folder: Path) -> Path:
    """Make what is no plain file, in a folder of its own, and return a path that leads to it."""
    folder.mkdir()
    path = folder / "report.csv"
    if "pipe" in kind:
        os.mkfifo(path)
    else:
        with socket.socket(socket.AF_UNIX) as listener, contextlib.chdir(folder):
            listener.bind(path.name)  # a whole path may be longer than such an address
    if kind.startswith("link"):
        path = path.rename(folder / "other")
        (folder / "report.csv").symlink_to("other")
    return folder / "report.csv"


ON_POSIX = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such files on Windows")


@ON_POSIX
@pytest.mark.parametrize("kind", ["pipe", "socket", "link to a pipe"])
@pytest.mark.parametrize("overwrite", [True, False])
def test_what_is_no_plain_file_is_never_replaced(tmp_path: Path, kind: str, overwrite: bool) -> None:
    path = something_special(kind, tmp_path / "of its own")
    with pytest.raises(StorageError) as caught:
        check_target(path, overwrite)
    assert (caught.value.code, caught.value.kind) == ("E-FILE-SPECIAL", "file")


@pytest.mark.parametrize("there", ["nothing", "file", "link"])
def test_nothing_is_saved_where_devices_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: str) -> None:
    """As `/dev/stdout` is a link to a plain file where the output goes to one."""
    monkeypatch.setattr(files, "DEVICES", tmp_path.resolve())
    if there == "file":
        (tmp_path / "stdout").write_text("mine")
    elif there == "link":
        (tmp_path / "sub").mkdir()
        (tmp_path / "sub" / "output").write_text("mine")
        (tmp_path / "stdout").symlink_to(tmp_path / "sub" / "output")
    before = sorted(tmp_path.iterdir())
    with pytest.raises(StorageError) as caught:
        check_target(tmp_path / "stdout", True)
    assert caught.value.code == "E-FILE-SPECIAL"
    assert sorted(tmp_path.iterdir()) == before


@ON_POSIX
async def test_a_pipe_that_came_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    folder = something_special("pipe", tmp_path / "of its own").parent
    (folder / (part := part_name("report.csv", "0123abcd"))).write_text("wanted")
    record = replace(left_by_a_crash(folder, part), overwrite=True)
    record = await finished(record, exact=True)
    assert (record.state, record.error_code) == (TransferState.PAUSED, "E-FILE-EXISTS")
    assert (folder / "report.csv").is_fifo()


async def test_D18_a_link_that_may_be_replaced_goes_and_what_it_led_to_stays(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("mine")
    (tmp_path / "report.csv").symlink_to("other")
    (tmp_path / (part := part_name("report.csv", "0123abcd"))).write_text("wanted")
    record = await finished(replace(left_by_a_crash(tmp_path, part), overwrite=True), exact=True)
    assert record.state is TransferState.DONE
    assert not (tmp_path / "report.csv").is_symlink()
    assert [(tmp_path / name).read_text() for name in ("report.csv", "other")] == ["wanted", "mine"]


def test_a_folder_that_takes_no_file_is_not_said_to_be_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: DiskFiles, path: Path) -> int:
        raise FileNotFoundError(errno.ENOENT, "No such file or directory", str(path))  # as /proc says it

    monkeypatch.setattr(DiskFiles, "create", refuse)
    with pytest.raises(StorageError) as caught:
        check_target(tmp_path / "x.csv", False)
    assert caught.value.code == "E-FILE-PERMISSION"


def test_D14_a_free_name_differs_by_more_than_case(tmp_path: Path) -> None:
    (tmp_path / "Report.CSV").write_text("x")
    assert free_name(tmp_path, "report.csv", {"report (2).csv"}) == "report (3).csv"


def test_only_parts_of_this_very_name_are_removed(tmp_path: Path) -> None:
    keep = [part_name("other.csv", "0123abcd"), "report.csv", ".report.csv.part", ".report.csv.zzzzzzzz.part"]
    for name in (*keep, part_name("report.csv", "0123abcd"), part_name("report.csv", "ffffffff")):
        (tmp_path / name).write_text("x")
    remove_old_parts(tmp_path, "report.csv")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == sorted(keep)
