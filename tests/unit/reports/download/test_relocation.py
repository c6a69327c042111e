"""Where files of downloads are, go, or were (features A27, BEHAVIOUR.md D07, D12, I8), on a real disk."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

from sana_desktop.reports.disk import names
from sana_desktop.reports.disk.files import DiskFiles
from sana_desktop.reports.download import relocation
from sana_desktop.reports.records.transfer import TransferState
from tests.support.records import START, transfer


def test_D12_a_glance_tells_whether_a_finished_file_is_there_and_its_size(tmp_path: Path) -> None:
    record = transfer(state=TransferState.DONE, folder=str(tmp_path), received=3)
    assert relocation.glance(record) is None
    (tmp_path / record.name).write_bytes(b"abc")
    seen = relocation.glance(record)
    assert seen is not None
    assert seen.size == 3
    (tmp_path / record.name).write_bytes(b"abcd")
    assert relocation.glance(record) != seen


def test_D07_a_partial_file_goes_along_and_what_can_not_is_forgotten(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    new.mkdir()
    record = transfer(folder=str(old), part=".a.part", received=3, prefix_sha256="x", etag='"v1"')
    (old / ".a.part").write_bytes(b"abc")
    moved = relocation.move_part(DiskFiles(), record, new)
    assert (moved.folder, moved.part, moved.received) == (str(new), ".a.part", 3)
    assert (new / ".a.part").read_bytes() == b"abc"
    lost = relocation.move_part(DiskFiles(), record, new)  # it is not in the old folder any more
    assert (lost.folder, lost.part, lost.received, lost.etag) == (str(new), "", 0, "")


def test_I8_only_old_partial_files_that_nobody_knows_are_swept(tmp_path: Path) -> None:
    old = (START - relocation.ORPHAN_AGE - timedelta(hours=1)).timestamp()
    known, orphan, young = (names.part_name(f"{name}.csv", "0123abcd") for name in ("known", "orphan", "young"))
    for name in (known, orphan, young, "mine.part"):
        (tmp_path / name).write_text("x")
        os.utime(tmp_path / name, (old, old) if name != young else (START.timestamp(), START.timestamp()))
    relocation.sweep_orphans({str(tmp_path), str(tmp_path / "gone")}, {known}, START)
    assert {entry.name for entry in tmp_path.iterdir()} == {known, young, "mine.part"}


def test_removing_quietly_says_nothing_of_what_is_not_there(tmp_path: Path) -> None:
    relocation.remove_quietly(DiskFiles(), transfer(folder=str(tmp_path / "gone"), part=".a.part"))
    (tmp_path / ".a.part").write_text("x")
    relocation.remove_quietly(DiskFiles(), transfer(folder=str(tmp_path), part=".a.part"))
    assert list(tmp_path.iterdir()) == []
