"""A name kept for a report on a disk without hard links (BEHAVIOUR.md B6, I1)."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sana_desktop.reports.disk import placeholder
from sana_desktop.reports.disk.names import part_name
from sana_desktop.reports.download import relocation
from sana_desktop.reports.rescan import look_through

NAME = "acme_Users_20260304-1005_a1b2c3d4.csv"
PART = part_name(NAME, "0a1b2c3d")
NOW = datetime(2026, 3, 4, 10, 5, tzinfo=UTC)


def at(path: Path, moment: datetime) -> Path:
    os.utime(path, (moment.timestamp(), moment.timestamp()))
    return path


def test_a_kept_name_is_known_and_given_back_to_its_own_file_only(tmp_path: Path) -> None:
    target = tmp_path / NAME
    placeholder.claim(target, PART)
    with pytest.raises(FileExistsError):
        placeholder.claim(target, PART)
    assert placeholder.is_placeholder(target)
    assert b"not complete" in target.read_bytes()
    placeholder.give_back(target, part_name(NAME, "ffffffff"), NOW)
    assert target.exists(), "another download keeps it"
    placeholder.give_back(target, PART)
    assert not target.exists()
    placeholder.give_back(target, PART)


@pytest.mark.parametrize(
    ("content", "seconds", "stays"),
    [(b"", 1, False), (b"", -60, True), (b"", 60, True), (b"a\n1\n", 1, True)],
)
def test_only_what_a_kill_left_empty_just_then_is_taken_for_ours(
    tmp_path: Path, content: bytes, seconds: float, stays: bool
) -> None:
    target = tmp_path / NAME
    target.write_bytes(content)
    at(target, NOW + timedelta(seconds=seconds))
    placeholder.give_back(target, PART)
    assert target.exists(), "somebody may be about to fill it"
    placeholder.give_back(target, PART, NOW)
    assert target.exists() == stays
    assert not placeholder.is_placeholder(target)


def test_D18_a_link_is_neither_followed_nor_removed(tmp_path: Path) -> None:
    placeholder.claim(tmp_path / "elsewhere.csv", PART)
    link = tmp_path / NAME
    link.symlink_to(tmp_path / "elsewhere.csv")
    assert not placeholder.is_placeholder(link)
    placeholder.give_back(link, PART, NOW)
    assert link.is_symlink()


def test_a_kept_name_is_no_report_and_goes_in_the_end(tmp_path: Path) -> None:
    placeholder.claim(tmp_path / NAME, PART)
    empty = tmp_path / NAME.replace("Users", "Courses")
    empty.touch()
    (tmp_path / part_name(empty.name, "00000000")).touch()
    lone = tmp_path / NAME.replace("Users", "Groups")
    lone.touch()
    assert [file.name.whole for file in look_through(tmp_path)[0]] == [lone.name], "an empty csv may be a report (L20)"
    relocation.sweep_orphans([str(tmp_path)], [], datetime.now(UTC) + timedelta(days=6))
    assert (tmp_path / NAME).exists()
    relocation.sweep_orphans([str(tmp_path)], [], datetime.now(UTC) + timedelta(days=8))
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([empty.name, lone.name])
