from __future__ import annotations

import json
import os
import socket
import uuid
from pathlib import Path

import pytest

from sana_desktop.base.errors import StorageError
from sana_desktop.store.ownership import FolderLock, Holder, ProcessMark, in_use_error, wait_for_lock
from tests.support import store_process


def test_a_mark_says_alive_until_it_is_released(tmp_path: Path) -> None:
    mark, other = ProcessMark(tmp_path), ProcessMark(tmp_path)
    assert not mark.is_alive(mark.owner_id)
    owner = mark.acquire()
    assert mark.acquire() == owner
    assert mark.is_alive(owner)
    assert other.is_alive(owner)
    mark.release()
    mark.release()
    assert not other.is_alive(owner)
    assert list(tmp_path.glob("*.lock")) == []


@pytest.mark.parametrize("owner", ["", "nobody", "../../etc/passwd", "0" * 32])
def test_what_is_no_mark_belongs_to_nobody(tmp_path: Path, owner: str) -> None:
    assert not ProcessMark(tmp_path).is_alive(owner)


def test_P09_a_killed_process_is_dead_at_once_whatever_its_id(tmp_path: Path) -> None:
    mark = ProcessMark(tmp_path)
    mark.acquire()
    with store_process.start("mark", tmp_path) as process:
        assert process.stdout is not None
        owner = process.stdout.readline().split()[0]
        assert mark.is_alive(owner)
        assert mark.others() == {owner}
        mark.clean()
        assert mark.is_alive(owner)  # only the dead are cleaned away
        process.kill()
    assert not mark.is_alive(owner)
    assert mark.others() == frozenset()
    mark.release()


def test_dead_marks_are_cleaned_away(tmp_path: Path) -> None:
    dead = tmp_path / f"{uuid.uuid4().hex}.lock"
    dead.touch()
    ProcessMark(tmp_path).clean()
    assert not dead.exists()


def test_P10_one_window_a_folder_and_the_second_hears_who_has_it(tmp_path: Path) -> None:
    lock = FolderLock(tmp_path)
    with store_process.start("window", tmp_path) as process:
        assert process.stdout is not None
        taken, pid = process.stdout.readline().split()
        assert taken == "True"
        assert not lock.try_acquire()
        assert lock.holder() == Holder(int(pid), socket.gethostname())
        with pytest.raises(StorageError) as caught:
            lock.acquire()
        assert caught.value.code == "E-DB-IN-USE"
        assert pid in caught.value.message
        process.kill()
    assert lock.try_acquire()
    lock.release()


def test_P09_a_stale_note_with_a_living_process_id_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "window.json").write_text(json.dumps({"pid": os.getpid(), "host": socket.gethostname()}))
    lock = FolderLock(tmp_path)
    lock.acquire()
    assert lock.try_acquire()
    assert lock.holder() == Holder(os.getpid(), socket.gethostname())
    lock.release()
    lock.release()
    assert lock.holder() is None


def test_P10_another_computer_is_named() -> None:
    error = in_use_error(Holder(7, "marias-laptop"))
    assert "marias-laptop" in error.message
    assert "7" not in error.message


@pytest.mark.parametrize("note", ["", "[]", '{"pid": "x", "host": "h"}', '{"pid": 1}', "[" * 5000])
def test_an_unreadable_note_names_nobody(tmp_path: Path, note: str) -> None:
    (tmp_path / "window.json").write_text(note)
    assert FolderLock(tmp_path).holder() is None
    assert in_use_error(None).code == "E-DB-IN-USE"


def test_waiting_for_a_lock_has_an_end(tmp_path: Path) -> None:
    held = wait_for_lock(tmp_path / "a", 1.0)
    with pytest.raises(TimeoutError):
        wait_for_lock(tmp_path / "a", 0.05)
    held.release()
    wait_for_lock(tmp_path / "a", 1.0).release()
