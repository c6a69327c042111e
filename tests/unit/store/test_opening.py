"""Opening after things went wrong: damage, newer versions, kills at every touch of the disk."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import sqlite3
from pathlib import Path

import pytest

from sana_desktop.base.errors import StorageError
from sana_desktop.store.backups import find_backups
from sana_desktop.store.database import Database, OpenReport
from sana_desktop.store.opening import Place
from tests.support import store_process
from tests.support.store_process import KILLED, NOW, ONE_MORE, put


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "sana.db"


async def open_and_look(path: Path) -> tuple[OpenReport, list[str]]:
    """Open, look, close; the database must be sound and writable by then."""
    database = Database(path)
    report = await database.open()
    try:
        found = await database.read(lambda c: [row[0] for row in c.execute("SELECT key FROM settings ORDER BY key")])
        assert await database.read(lambda c: c.execute("PRAGMA integrity_check").fetchone()[0]) == "ok"
        await database.write(lambda c: c.execute("INSERT OR REPLACE INTO settings VALUES ('probe', '1')").rowcount)
        await database.write(lambda c: c.execute("DELETE FROM settings WHERE key = 'probe'").rowcount)
    finally:
        await database.close()
    return report, found


async def fill(path: Path, *keys: str) -> None:
    database = Database(path)
    await database.open()
    for key in keys:
        await database.write(put(key))
    await database.close()


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def overwrite_a_page(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * 4096)


def empty_the_file(path: Path) -> None:
    path.write_bytes(b"")


def write_nonsense(path: Path) -> None:
    path.write_bytes(b"<html>Please sign in</html>" * 1000)


def cut_in_half(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 8192 * 4096])


def delete_the_file(path: Path) -> None:
    path.unlink()


def replace_with_an_empty_database(path: Path) -> None:
    path.unlink()
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE other (a)")


DAMAGES = [
    overwrite_a_page,
    empty_the_file,
    write_nonsense,
    cut_in_half,
    delete_the_file,
    replace_with_an_empty_database,
]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
async def test_P12_P13_a_damaged_store_is_set_aside_and_the_backup_used(path: Path, damage: object) -> None:
    await fill(path, "from the backup")
    assert len(find_backups(path.parent / "backups")) == 1
    damage(path)  # type: ignore[operator]
    was_there = path in path.parent.glob("*")
    before = digest(path) if was_there else ""
    report, found = await open_and_look(path)
    assert found == ["from the backup"]
    assert report.rescan
    assert report.restored_from is not None
    assert [notice.code for notice in report.notices] == ["W-DB-RESTORED"]
    assert f"{report.restored_from:%Y-%m-%d %H:%M}" in report.notices[0].words
    if was_there:
        assert report.quarantined is not None
        assert digest(report.quarantined / path.name) == before  # kept as it was, for support
    report, found = await open_and_look(path)
    assert (report, found) == (OpenReport(), ["from the backup"])


async def test_P12_a_bad_backup_is_passed_over_for_an_older_one(path: Path) -> None:
    await fill(path, "a")
    backups = path.parent / "backups"
    (good,) = find_backups(backups)
    shutil.copy(good.path, backups / "daily-20260101T000000000000Z.db")
    overwrite_a_page(good.path)
    (backups / "daily-20990101T000000000000Z.db").write_text("nonsense")
    overwrite_a_page(path)
    report, found = await open_and_look(path)
    assert found == ["a"]
    assert report.restored_from is not None
    assert report.restored_from.year == 2026
    assert report.restored_from.month == 1


async def test_P12_without_a_good_backup_it_starts_empty_and_says_so(path: Path) -> None:
    await fill(path, "a")
    for backup in find_backups(path.parent / "backups"):
        write_nonsense(backup.path)
    overwrite_a_page(path)
    report, found = await open_and_look(path)
    assert found == []
    assert [notice.code for notice in report.notices] == ["W-DB-EMPTIED"]
    assert report.rescan
    assert report.quarantined is not None


async def test_P13_a_log_lost_after_a_kill_is_noticed(path: Path) -> None:
    with store_process.start("write", path, "row") as process:
        assert process.stdout is not None
        for _ in range(10):
            process.stdout.readline()
        process.kill()
    Place(path).wal.unlink()
    report, _ = await open_and_look(path)
    assert [notice.code for notice in report.notices] == ["W-DB-LOG-MISSING"]
    assert report.rescan
    assert (await open_and_look(path))[0] == OpenReport()


async def test_damage_under_another_live_window_is_not_touched(path: Path) -> None:
    window = Database(path)
    await window.open()
    await window.write(put("a"))
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    overwrite_a_page(path)
    with pytest.raises(StorageError) as caught:
        await Database(path).open()
    assert caught.value.code == "E-DB-DAMAGED"
    assert not Place(path).set_aside.exists()
    await window.close()


@pytest.mark.parametrize("in_the_log", [False, True])
async def test_P14_a_newer_store_is_refused_and_left_as_it_is(path: Path, in_the_log: bool) -> None:
    await fill(path, "a")
    newer = sqlite3.connect(path)
    try:
        newer.execute("PRAGMA user_version = 99")
        if not in_the_log:
            newer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        before = digest(path)
        with pytest.raises(StorageError) as caught:
            await Database(path).open()
        assert caught.value.code == "E-DB-NEWER"
        assert digest(path) == before
        assert newer.execute("PRAGMA user_version").fetchone() == (99,)
    finally:
        newer.close()
    assert not Place(path).set_aside.exists()


async def test_a_migration_keeps_everything_and_a_backup_of_before(path: Path) -> None:
    await fill(path, "a")
    database = Database(path, migrations=ONE_MORE)
    await database.open()
    assert await database.read(lambda c: c.execute("PRAGMA user_version").fetchone()[0]) == NOW + 1
    assert await database.read(lambda c: c.execute("SELECT key FROM settings").fetchone()[0]) == "a"
    await database.close()
    assert [backup.reason for backup in find_backups(path.parent / "backups")].count("before") == 1


async def test_a_migration_does_not_happen_under_a_live_older_window(path: Path) -> None:
    window = Database(path)
    await window.open()
    with pytest.raises(StorageError) as caught:
        await Database(path, migrations=ONE_MORE).open()
    assert caught.value.code == "E-DB-IN-USE"
    await window.write(put("a"))
    await window.close()


@pytest.mark.no_cover
async def test_P06_killed_inside_a_migration_it_is_the_old_or_the_new_schema(path: Path) -> None:
    await fill(path, "a")
    codes = []
    for kill_at in range(4):
        copy = path.parent.parent / f"copy{kill_at}" / path.name
        shutil.copytree(path.parent, copy.parent)
        code, _ = store_process.run("migrate", copy, kill_at)
        codes.append(code)
        with contextlib.closing(sqlite3.connect(copy)) as connection:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            extra = connection.execute("SELECT name FROM sqlite_master WHERE name IN ('extra', 'by_a')").fetchall()
            assert (version, len(extra)) in {(NOW, 0), (NOW + 1, 2)}
            assert connection.execute("SELECT key FROM settings").fetchall() == [("a",)]
        assert [backup.reason for backup in find_backups(copy.parent / "backups")].count("before") == 1
    assert codes == [KILLED, KILLED, KILLED, 0]


@pytest.mark.no_cover
@pytest.mark.timeout(180)
async def test_P21_killed_at_any_touch_of_the_disk_the_first_run_is_clean(path: Path) -> None:
    survived, kill_at = False, 0
    while not survived:
        home = path.parent.parent / f"run{kill_at}"
        code, _ = store_process.run("open", home / path.name, kill_at)
        survived = code == 0
        assert survived or code == KILLED
        report, found = await open_and_look(home / path.name)
        assert (report.notices, found) == ((), [])
        assert not list(home.glob("*.new*"))
        kill_at += 2
    assert kill_at > 8


@pytest.mark.no_cover
@pytest.mark.timeout(180)
async def test_P02_killed_at_any_touch_of_the_disk_the_recovery_goes_on(path: Path) -> None:
    await fill(path, "from the backup")
    overwrite_a_page(path)
    survived, kill_at = False, 0
    while not survived:
        copy = path.parent.parent / f"copy{kill_at}" / path.name
        shutil.copytree(path.parent, copy.parent)
        code, _ = store_process.run("open", copy, kill_at)
        survived = code == 0
        assert survived or code == KILLED
        report, found = await open_and_look(copy)
        assert found == ["from the backup"]
        assert not report.created
        # Killed while the files were set aside, the rest of them goes into a second folder.
        assert len(list((copy.parent / "set-aside").iterdir())) in {1, 2}
        kill_at += 2
    assert kill_at > 12
