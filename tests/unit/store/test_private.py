from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from sana_desktop.store import private
from sana_desktop.store.private import (
    make_folder,
    private_file,
    private_folder,
    sync_file,
    sync_folder,
    sync_open,
    write_private,
)


def test_D17_a_new_file_is_for_this_user_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        private_file(tmp_path / "a")
    finally:
        os.umask(before)
    assert (tmp_path / "a").read_bytes() == b""
    if os.name == "posix":
        assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600


def test_D18_what_is_there_already_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for name in ("a", "link"):
        with pytest.raises(FileExistsError):
            private_file(tmp_path / name)
    assert (tmp_path / "a").read_text() == "mine"
    assert not (tmp_path / "elsewhere").exists()


def test_D17_a_file_that_is_replaced_is_for_this_user_alone_too(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        (tmp_path / "a").write_text("before")
        write_private(tmp_path / "a", b"after")
    finally:
        os.umask(before)
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a").read_bytes() == b"after"
    if os.name == "posix":
        assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600


def test_a_written_file_is_on_the_disk_before_it_has_its_name_and_the_name_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a"
    path.write_text("before")
    steps: list[tuple[str, int | bytes]] = []

    def flushed(descriptor: int) -> None:
        steps.append(("file", os.fstat(descriptor).st_size))
        steps.append(("still", path.read_bytes()))

    monkeypatch.setattr(private, "sync_open", flushed)
    monkeypatch.setattr(private, "sync_folder", lambda folder: steps.append(("folder", path.read_bytes())))
    write_private(path, b"after!")
    assert steps == [("file", 6), ("still", b"before"), ("folder", b"after!")]


def test_what_was_there_stays_and_no_part_is_left_if_a_file_can_not_be_written(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "inside").write_text("mine")
    with pytest.raises(OSError):  # noqa: PT011 - which one depends on the system
        write_private(tmp_path / "a", b"after")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a" / "inside").read_text() == "mine"


@pytest.mark.skipif(os.name != "posix", reason="an open file keeps its name on Windows")
def test_t6_what_takes_the_name_of_a_part_gets_nothing_written_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.write_text("theirs")
    real = os.open

    def open_and_lose_the_name(path: Path, flags: int, mode: int = 0o777) -> int:
        descriptor = real(path, flags, mode)
        if flags & os.O_EXCL:
            path.unlink()
            path.symlink_to(other)
        return descriptor

    monkeypatch.setattr(os, "open", open_and_lose_the_name)
    write_private(tmp_path / "a", b"mine")
    assert other.read_text() == "theirs"


def test_syncing_keeps_what_was_written(tmp_path: Path) -> None:
    private_folder(tmp_path / "deep" / "folder")
    file = tmp_path / "deep" / "folder" / "a"
    private_file(file)
    file.write_bytes(b"content")
    sync_file(file)
    sync_folder(file.parent)
    assert file.read_bytes() == b"content"
    with pytest.raises(FileNotFoundError):
        sync_file(tmp_path / "missing")


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_D17_a_folder_we_make_is_private_and_one_that_is_there_keeps_its_rights(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        make_folder(tmp_path / "Sana reports" / "deep")
        (tmp_path / "shared").mkdir(mode=0o755)
        make_folder(tmp_path / "shared")
    finally:
        os.umask(before)
    modes = [(tmp_path / name).stat().st_mode & 0o777 for name in ("Sana reports", "Sana reports/deep", "shared")]
    assert modes == [0o700, 0o700, 0o755]


def test_a_file_in_the_way_of_a_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(OSError):  # noqa: PT011 - which one depends on the system
        make_folder(tmp_path / "file")
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.skipif(sys.platform != "linux", reason="needs a folder that can't be flushed, and a kernel to say so")
def test_where_a_file_system_has_no_such_flush_the_one_it_has_is_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    sync_folder(Path("/proc"))
    file = tmp_path / "a"
    file.write_bytes(b"x")
    # The number that macOS uses, which this kernel refuses as a network drive of macOS does.
    monkeypatch.setattr(fcntl, "F_FULLFSYNC", 51, raising=False)
    monkeypatch.setattr(sys, "platform", "darwin")
    sync_file(file)


def test_d04_a_flush_that_fails_is_told(tmp_path: Path) -> None:
    descriptor = os.open(tmp_path / "a", os.O_CREAT | os.O_WRONLY)
    sync_open(descriptor)
    os.close(descriptor)
    with pytest.raises(OSError, match="Bad file descriptor"):
        sync_open(descriptor)
