"""Names taken without ever replacing another file (BEHAVIOUR.md B6, D05, D06, D18)."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from sana_desktop.reports.files import DiskFiles
from sana_desktop.reports.finalise import free_name, remove_old_parts
from sana_desktop.reports.names import part_name


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


def _forbid_links(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)


def test_D14_a_free_name_differs_by_more_than_case(tmp_path: Path) -> None:
    (tmp_path / "Report.CSV").write_text("x")
    assert free_name(tmp_path, "report.csv", {"report (2).csv"}) == "report (3).csv"


def test_only_parts_of_this_very_name_are_removed(tmp_path: Path) -> None:
    keep = [part_name("other.csv", "0123abcd"), "report.csv", ".report.csv.part", ".report.csv.zzzzzzzz.part"]
    for name in (*keep, part_name("report.csv", "0123abcd"), part_name("report.csv", "ffffffff")):
        (tmp_path / name).write_text("x")
    remove_old_parts(tmp_path, "report.csv")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == sorted(keep)
