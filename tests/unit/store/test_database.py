"""The database through its own door: real SQLite, real threads, real other processes."""

from __future__ import annotations

import asyncio
import contextlib
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sana_desktop.base.errors import StorageError
from sana_desktop.store.database import Database, OpenReport, StoreHealth, StoreLimits
from tests.support import store_process
from tests.support.clock import ManualClock
from tests.support.project import ROOT
from tests.support.store_process import put, until

QUICK = StoreLimits(busy_seconds=0.05, patience_seconds=0.4, close_seconds=2.0, room_look_seconds=0.02)


@contextlib.asynccontextmanager
async def opened(path: Path, limits: StoreLimits | None = None) -> AsyncIterator[tuple[Database, OpenReport]]:
    database = Database(path, limits=limits)
    report = await database.open()
    try:
        yield database, report
    finally:
        await database.close()


def names(connection: sqlite3.Connection) -> list[str]:
    return [row["key"] for row in connection.execute("SELECT key FROM settings ORDER BY key")]


def names_of(reader: sqlite3.Connection) -> list[str]:
    return [key for (key,) in reader.execute("SELECT key FROM settings ORDER BY key")]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "sana.db"


async def test_what_was_written_is_there_at_the_next_start(path: Path) -> None:
    async with opened(path) as (database, report):
        assert report.created
        assert await database.write(put("a")) == 1
        assert await database.read(names) == ["a"]
    async with opened(path) as (database, report):
        assert report == OpenReport()
        assert await database.read(names) == ["a"]


async def test_B11_every_pragma_holds_on_both_kinds_of_connection(path: Path) -> None:
    def pragmas(connection: sqlite3.Connection) -> dict[str, object]:
        wanted = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "query_only")
        return {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in wanted}

    async with opened(path) as (database, _):
        common = {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 5000}
        assert await database.write(pragmas) == common | {"synchronous": 2, "query_only": 0}
        read = await database.read(pragmas)
        assert {name: read[name] for name in [*common, "query_only"]} == common | {"query_only": 1}


CANARY = b"canary-address"


async def test_what_is_deleted_is_in_no_byte_of_the_store_any_more(path: Path) -> None:
    def kept() -> list[str]:
        return [file.name for file in path.parent.glob("sana.db*") if file.is_file() and CANARY in file.read_bytes()]

    async with opened(path) as (database, _):
        await database.write(put("canary-address"))
        await database.checkpoint()
        assert kept() == ["sana.db"]
        assert await database.read(names) == ["canary-address"]
        await database.write(lambda connection: connection.execute("DELETE FROM settings").rowcount)
        await database.checkpoint()
        assert kept() == []
        await database.write(put("b"))
        assert await database.read(names) == ["b"]


async def test_folding_waits_for_no_reader(path: Path) -> None:
    async with opened(path) as (database, _):
        await database.write(put("a"))
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            assert names_of(reader) == ["a"]
            await database.write(put("b"))
            await database.checkpoint()
            assert names_of(reader) == ["a"]
        assert await database.read(names) == ["a", "b"]


async def test_a_reader_can_change_nothing(path: Path) -> None:
    async with opened(path) as (database, _):
        with pytest.raises(StorageError) as caught:
            await database.read(put("a"))
        assert caught.value.code == "E-DB-IO"
        assert await database.read(names) == []


async def test_work_runs_on_the_stores_own_threads(path: Path) -> None:
    async with opened(path) as (database, _):
        writer = await database.write(lambda _: threading.current_thread())
        reader = await database.read(lambda _: threading.current_thread())
    assert writer.name == "store-writer"
    assert reader.name.startswith("store-reader")
    assert writer.daemon
    assert reader.daemon


async def test_a_failed_write_is_undone_and_its_neighbours_are_not(path: Path) -> None:
    def half(connection: sqlite3.Connection) -> None:
        put("half")(connection)
        raise LookupError("a bug")

    async with opened(path) as (database, _):
        work = [put("a"), half, put("a"), put("b")]
        outcomes = await asyncio.gather(*(database.write(each) for each in work), return_exceptions=True)
        assert [type(outcome) for outcome in outcomes] == [int, LookupError, sqlite3.IntegrityError, int]
        assert await database.read(names) == ["a", "b"]


async def test_writes_that_wait_together_share_a_commit(path: Path) -> None:
    """A thousand jobs must not cost a thousand flushes."""
    async with opened(path) as (database, _):
        gate = threading.Event()
        blocker = asyncio.gather(database.write(lambda _: gate.wait(10)))
        await asyncio.sleep(0)
        rest = asyncio.gather(*(database.write(put(f"{number:04d}")) for number in range(1000)))
        frames_before = (path.parent / "sana.db-wal").stat().st_size
        await asyncio.sleep(0)  # every order is queued
        gate.set()
        await blocker
        assert await rest == [1] * 1000
        grown = (path.parent / "sana.db-wal").stat().st_size - frames_before
        assert len(await database.read(names)) == 1000
    # A commit writes at least one page of 4 KiB with its header; alone they would be 1,000 of them and more.
    assert grown < 400 * 4120


async def test_writes_keep_their_order(path: Path) -> None:
    seen: list[int] = []
    async with opened(path) as (database, _):
        await asyncio.gather(*(database.write(lambda _, number=number: seen.append(number)) for number in range(300)))  # type: ignore[misc]
    assert seen == list(range(300))


async def test_a_work_that_commits_by_itself_is_a_bug_and_says_so(path: Path) -> None:
    async with opened(path) as (database, _):
        with pytest.raises(Exception, match="ended the transaction"):
            await database.write(lambda connection: connection.execute("COMMIT"))
        assert await database.write(put("a")) == 1


async def test_a_cancelled_write_is_carried_out(path: Path) -> None:
    async with opened(path) as (database, _):
        gate = threading.Event()
        blocker = asyncio.gather(database.write(lambda _: gate.wait(10)))
        await asyncio.sleep(0)  # it stands before the next one
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await database.write(put("a"))
        gate.set()
        await blocker
        assert await database.read(names) == ["a"]


async def test_close_finishes_what_waits_and_refuses_what_comes(path: Path) -> None:
    database = Database(path)
    await database.open()
    writes = asyncio.gather(*(database.write(put(str(number))) for number in range(50)))
    await asyncio.sleep(0)
    await database.close()
    assert await writes == [1] * 50
    for call in (database.write, database.read):
        with pytest.raises(StorageError) as caught:
            await call(put("late"))
        assert caught.value.code == "E-DB-CLOSED"
    await database.close()
    assert not list(path.parent.glob("sana.db-*"))  # the log is folded in


async def test_files_are_for_this_user_alone(path: Path) -> None:
    async with opened(path) as (database, _):
        await database.write(put("a"))
        files = [entry for entry in path.parent.rglob("*") if entry.is_file()]
        assert len(files) >= 4
        if sys.platform != "win32":
            assert {entry.name: entry.stat().st_mode & 0o077 for entry in files if entry.stat().st_mode & 0o077} == {}
            assert path.parent.stat().st_mode & 0o777 == 0o700


async def test_P11_a_locked_store_is_waited_for_while_the_loop_lives(path: Path) -> None:
    async with opened(path, QUICK) as (database, _):
        health: list[StoreHealth] = []
        database.health.subscribe(health.append)
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            write = asyncio.gather(database.write(put("a"), patience_seconds=30.0))
            await until(lambda: StoreHealth.LOCKED in health)  # the loop runs: this very wait shows it
            assert not write.done()
            assert await database.read(names) == []  # readers go on
            other.execute("ROLLBACK")
            (written,) = await write
            assert written == 1
        assert health == [StoreHealth.LOCKED, StoreHealth.GOOD]


async def test_P11_patience_ends_with_plain_words_and_nothing_changed(path: Path) -> None:
    async with opened(path, QUICK) as (database, _):
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StorageError) as caught:
                await database.write(put("a"))
            assert (caught.value.code, caught.value.retryable) == ("E-DB-LOCKED", True)
        assert await database.read(names) == []
        assert await database.write(put("b")) == 1


async def test_P20_a_locked_store_does_not_hold_up_the_end(path: Path) -> None:
    limits = StoreLimits(busy_seconds=0.05, patience_seconds=60.0, close_seconds=0.2)
    database = Database(path, limits=limits)
    await database.open()
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        write = asyncio.gather(database.write(put("a")))
        await asyncio.sleep(0)
        async with asyncio.timeout(3):
            await database.close()
            with pytest.raises(StorageError) as caught:
                await write
    assert caught.value.code == "E-DB-LOCKED"


def small_disk(folder: Path) -> list[str]:
    """The start of a command that sees a disk of its own, of 8 MB, at `folder`; skips where that can't be had."""
    if sys.platform != "linux" or shutil.which("unshare") is None:
        pytest.skip("needs Linux with unshare")
    inside = ["unshare", "-rm", "sh", "-c", f'mount -t tmpfs -o size=8m none "{folder}" && exec "$@"', "sh"]
    if subprocess.run([*inside, "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("this machine lets nobody mount a small disk")
    return inside


def test_D02_D16_a_full_disk_uses_the_reserve_then_waits_for_room(tmp_path: Path) -> None:
    command = [*small_disk(tmp_path), sys.executable, "-m", "tests.support.store_process", "full"]
    done = subprocess.run(
        [*command, str(tmp_path / "sana.db")], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[:2] == ["filled", "saved without reserve"]
    code, saved = lines[2].split()
    assert code == "E-DISK-FULL"
    assert lines[3] == f"rows {int(saved) + 2}"  # all that was acknowledged, and the one that waited
    assert lines[4].split() == ["full", "good", "full", "good"]


async def test_two_processes_write_side_by_side(path: Path) -> None:
    async with opened(path) as (database, _):
        with store_process.start("add", path, "theirs-") as other:
            assert other.stdout is not None
            assert other.stdin is not None
            assert (await asyncio.to_thread(other.stdout.readline)).strip() == "opened"
            other.stdin.write("go\n")
            other.stdin.flush()
            for number in range(50):
                await database.write(put(f"ours-{number}"))
            assert (await asyncio.to_thread(other.stdout.readline)).strip() == "done"
        assert len(await database.read(names)) == 100
        assert (path.parent / "sana.db-wal").exists()  # the one that ended left the other's log alone


def test_processes_that_start_together_make_one_database(path: Path) -> None:
    processes = [store_process.start("add", path, f"p{number}-") for number in range(3)]
    lines = [process.communicate("go\n", timeout=60)[0].split() for process in processes]
    assert sorted(first for first, _ in lines) == ["created", "opened", "opened"]
    assert {second for _, second in lines} == {"done"}
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM settings").fetchone() == (150,)


async def kill_a_writer(path: Path, after: int) -> set[str]:
    """Kill a writing process after so many rows; return the rows it knew to be safe."""
    with store_process.start("write", path, f"{after}-") as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "open"
        acknowledged = {process.stdout.readline().strip() for _ in range(after)}
        process.kill()
        rest = process.stdout.read()
        acknowledged |= {line for line in rest.splitlines(keepends=True) if line.endswith("\n")}
    return {line.strip() for line in acknowledged}


async def check_after_kills(path: Path, kills: int, seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(kills):
        safe = await kill_a_writer(path, dice.randrange(1, 60))
        async with opened(path) as (database, report):
            assert report.unclean
            assert not report.notices
            assert safe <= set(await database.read(names))
            assert (
                await database.read(lambda connection: connection.execute("PRAGMA integrity_check").fetchone()[0])
                == "ok"
            )
            await database.write(lambda connection: connection.execute("DELETE FROM settings").rowcount)


@pytest.mark.no_cover
async def test_P01_a_killed_writer_loses_nothing_it_was_told_is_safe(path: Path) -> None:
    await check_after_kills(path, kills=8, seed=20261121)


@pytest.mark.soak
@pytest.mark.timeout(1800)
async def test_P01_a_thousand_kills(path: Path) -> None:
    await check_after_kills(path, kills=1000, seed=8)


async def test_a_backup_is_made_by_itself_and_only_once_a_day(path: Path) -> None:
    clock = ManualClock()
    limits = StoreLimits(first_backup_seconds=0.0, backup_look_seconds=0.01)
    database = Database(path, clock=clock, limits=limits)
    await database.open()
    await database.write(put("a"))
    backups = path.parent / "backups"
    await until(lambda: list(backups.glob("daily-*.db")))
    await clock.advance(25 * 3600)
    await until(lambda: len(list(backups.glob("daily-*.db"))) == 2)
    await database.close()
    assert len(list(backups.glob("*.db"))) == 2


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="kill -9 is POSIX")
async def test_a_short_run_leaves_a_backup_too(path: Path) -> None:
    async with opened(path) as (database, _):
        await database.write(put("a"))
    (backup,) = (path.parent / "backups").glob("daily-*.db")
    with contextlib.closing(sqlite3.connect(backup)) as connection:
        assert connection.execute("SELECT key FROM settings").fetchall() == [("a",)]


async def test_a_folder_that_can_not_be_used_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder belongs")
    with pytest.raises(StorageError) as caught:
        await Database(tmp_path / "data" / "sana.db").open()
    assert caught.value.code == "E-DISK-PATH"
