"""A second process on a data folder, for tests: `python -m tests.support.store_process TASK FILE [ARGUMENT]`.

Each line it prints is about something that has happened for good. A task may be told to kill itself, as kill -9 does,
at its n-th touch of the disk.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from sana_desktop.base.errors import StorageError
from sana_desktop.store.database import Database, StoreLimits
from sana_desktop.store.ownership import FolderLock, ProcessMark
from sana_desktop.store.schema import Migration, load_migrations
from tests.support.project import ROOT

NOW = len(load_migrations())
"""The version of the schema as it is."""
ONE_MORE = (
    *load_migrations(),
    Migration(
        NOW + 1,
        "CREATE TABLE extra (a INTEGER) STRICT;\nINSERT INTO extra VALUES (1);\nCREATE INDEX by_a ON extra (a);\n",
    ),
)
"""The schema as a later version of the app might have it."""

DISK_EVENTS = frozenset({"open", "os.rename", "os.remove", "os.mkdir", "sqlite3.connect", "shutil.copyfile"})
LARGE = "x" * 300_000
KILLED = -signal.SIGKILL if os.name == "posix" else 1


def start(task: str, path: Path, *arguments: object) -> subprocess.Popen[str]:
    """Start a task; what it prints can be read line by line."""
    command = [sys.executable, "-m", "tests.support.store_process", task, str(path), *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def run(task: str, path: Path, *arguments: object) -> tuple[int, list[str]]:
    """Run a task to its end; return its exit code and the lines it printed."""
    with start(task, path, *arguments) as process:
        printed, _ = process.communicate(timeout=60)
    return process.returncode, printed.splitlines()


def say(*words: object) -> None:
    print(*words, flush=True)


async def until(condition: Callable[[], object]) -> None:
    """Wait for what a thread or another process does; the test's own time limit is the end of it."""
    while not condition():  # noqa: ASYNC110 - there is nothing to be woken by
        await asyncio.sleep(0.005)


def put(name: str, value: str = "1") -> Callable[[sqlite3.Connection], int]:
    """Return a work that adds one row and returns 1."""
    return lambda connection: connection.execute("INSERT INTO settings VALUES (?, ?)", (name, value)).rowcount


async def _write(path: Path, prefix: str) -> None:
    """Write for ever, a few rows at a time; print each row that was acknowledged."""
    database = Database(path)
    await database.open()
    say("open")

    async def one(name: str) -> None:
        await database.write(put(name))
        say(name)

    number = 0
    while True:
        await asyncio.gather(*(one(f"{prefix}{number + offset:06d}") for offset in range(3)))
        number += 3


async def _add(path: Path, prefix: str) -> None:
    """Open, print how, wait for a line, write 50 rows one by one, close."""
    database = Database(path)
    report = await database.open()
    say("created" if report.created else "opened")
    await asyncio.to_thread(sys.stdin.readline)
    for number in range(50):
        await database.write(put(f"{prefix}{number}"))
    await database.close()
    say("done")


async def _open(path: Path, kill_at: str) -> None:
    """Open and close; die at the n-th touch of the disk."""
    _die_at(int(kill_at), path.parent)
    database = Database(path)
    await database.open()
    await database.close()
    say("survived")


async def _migrate(path: Path, kill_at: str) -> None:
    """Bring the schema one version further; die after the n-th statement."""
    from sana_desktop.store import schema

    every, left = schema.statements, int(kill_at)

    def dying(sql: str) -> Any:
        nonlocal left
        for statement in every(sql):
            yield statement
            left -= 1
            if left < 0:
                _die()

    schema.statements = dying
    database = Database(path, migrations=ONE_MORE)
    await database.open()
    await database.close()
    say("survived")


async def _full(path: Path, _: str) -> None:
    """On a small disk of its own: fill it, write on the reserve, find it full, make room, write again."""
    limits = StoreLimits(
        first_backup_seconds=0.0,
        patience_seconds=0.5,
        room_look_seconds=0.05,
        ballast_bytes=2_000_000,
        ballast_room_bytes=0,
    )
    ballast, filler = path.parent / "ballast.bin", path.parent / "filler"
    database = Database(path, limits=limits)
    health: list[str] = []
    database.health.subscribe(lambda state: health.append(state.value))
    await database.open()
    await until(lambda: ballast.exists() and ballast.stat().st_size >= limits.ballast_bytes)
    with filler.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)):
                pass
        except OSError:
            say("filled")
    await database.write(put("first", LARGE))
    say("saved", "with" if ballast.exists() else "without", "reserve")
    try:
        for number in range(100):
            await database.write(put(f"more{number}", LARGE))
    except StorageError as error:
        say(error.code, number)
    waiting = asyncio.get_running_loop().create_task(database.write(put("waited"), patience_seconds=60.0))
    await asyncio.sleep(0)
    filler.unlink()
    await waiting
    count = await database.read(lambda connection: connection.execute("SELECT count(*) FROM settings").fetchone()[0])
    say("rows", count)
    await database.close()
    say(*health)


async def _mark(path: Path, _: str) -> None:
    mark = ProcessMark(path)  # held by this name: without one it would be released at once
    say(mark.acquire(), os.getpid())
    await asyncio.to_thread(sys.stdin.readline)


async def _window(path: Path, _: str) -> None:
    lock = FolderLock(path)
    say(lock.try_acquire(), os.getpid())
    await asyncio.to_thread(sys.stdin.readline)


def _die_at(touch: int, folder: Path) -> None:
    left = touch
    inside = os.fspath(folder)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal left
        if event in DISK_EVENTS and inside in str(arguments[0]):
            left -= 1
            if left < 0:
                _die()

    sys.addaudithook(hook)


def _die() -> None:
    if os.name == "posix":
        os.kill(os.getpid(), signal.SIGKILL)
    os._exit(1)


TASKS: dict[str, Callable[[Path, str], Coroutine[Any, Any, None]]] = {
    "write": _write,
    "add": _add,
    "open": _open,
    "migrate": _migrate,
    "full": _full,
    "mark": _mark,
    "window": _window,
}

if __name__ == "__main__":
    asyncio.run(TASKS[sys.argv[1]](Path(sys.argv[2]), (sys.argv[3:] or [""])[0]))
