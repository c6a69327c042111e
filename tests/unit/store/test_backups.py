from __future__ import annotations

import contextlib
import os
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sana_desktop.store.backups import Backup, back_up_if_due, find_backups, is_due, is_good, make_backup, superfluous
from sana_desktop.store.schema import load_migrations, migrate

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)


def backup(days_ago: float, reason: str = "daily") -> Backup:
    return Backup(NOW - timedelta(days=days_ago), reason, Path(f"{reason}-{days_ago}"))


@pytest.fixture
def source(tmp_path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(tmp_path / "source.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    migrate(connection, load_migrations())
    connection.execute("INSERT INTO settings VALUES ('a', '1')")
    return connection


def test_a_backup_is_whole_private_and_one_file(tmp_path: Path, source: sqlite3.Connection) -> None:
    folder = tmp_path / "backups"
    with contextlib.closing(source):
        made = make_backup(source, folder, "daily", NOW)
    assert find_backups(folder) == [made]
    newest = len(load_migrations())
    assert is_good(made.path, newest)
    assert not is_good(made.path, newest - 1)  # a schema that this app does not know
    assert [entry.name for entry in folder.iterdir()] == [made.path.name]
    if os.name == "posix":
        assert made.path.stat().st_mode & 0o777 == 0o600
    with contextlib.closing(sqlite3.connect(made.path)) as connection:
        assert connection.execute("SELECT key FROM settings").fetchall() == [("a",)]


def test_one_that_can_not_be_written_leaves_nothing(tmp_path: Path, source: sqlite3.Connection) -> None:
    folder = tmp_path / "backups"
    (folder / "daily-20260304T100000000000Z.db").mkdir(parents=True)
    with contextlib.closing(source):
        with pytest.raises(OSError, match="irectory"):
            make_backup(source, folder, "daily", NOW)
        assert back_up_if_due(source, folder, NOW + timedelta(days=2)) is not None
    assert not list(folder.glob(".*"))


@pytest.mark.parametrize("content", [b"", b"nonsense" * 1000, b"SQLite format 3\x00" + bytes(5000)])
def test_what_is_no_sound_database_is_no_good(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "daily-20260101T000000000000Z.db"
    path.write_bytes(content)
    assert not is_good(path, 1)
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_it_is_due_once_a_day(tmp_path: Path, source: sqlite3.Connection) -> None:
    assert is_due([], NOW)
    assert is_due([backup(1.01), backup(0.1, "before")], NOW)
    assert not is_due([backup(0.99)], NOW)
    assert is_due([backup(-300)], NOW)  # made while the clock was wrong
    with contextlib.closing(source):
        assert back_up_if_due(source, tmp_path / "b", NOW, largest_bytes=1) is None
        assert back_up_if_due(source, tmp_path / "b", NOW) is not None
        assert back_up_if_due(source, tmp_path / "b", NOW) is None


def test_seven_days_and_four_weeks_are_kept() -> None:
    daily = [backup(days) for days in range(60)]
    kept = sorted(set(daily) - set(superfluous(daily)), reverse=True)
    assert kept[:7] == daily[:7]
    weeks = {entry.made_at.isocalendar()[:2] for entry in kept}
    assert len(weeks) == 4
    assert len(kept) <= 7 + 4


def test_of_one_day_the_newest_is_kept() -> None:
    entries = [backup(0.3), backup(0.2), backup(0.1)]
    assert superfluous(entries) == [entries[1], entries[0]]


def test_a_long_break_deletes_nothing() -> None:
    assert superfluous([backup(days) for days in (0, 100, 200, 300)]) == []


def test_those_before_migrations_are_counted_apart() -> None:
    before = [backup(days, "before") for days in (1, 2, 3, 4, 5)]
    assert superfluous([*before, backup(0)]) == before[3:]


def test_other_files_are_not_backups(tmp_path: Path) -> None:
    for name in (
        "daily-.db",
        "notes.db",
        "daily-20260304T100000000000Z.db.txt",
        ".daily-20260304T100000000000Z.db.part",
    ):
        (tmp_path / name).touch()
    assert find_backups(tmp_path) == []
    assert find_backups(tmp_path / "missing") == []
