"""The process of the demo workspace: started once, ended with us, replaced when it died, plain when it can't start."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from sana_desktop.base.errors import ServiceError
from sana_desktop.workspace.demo_server import DemoServer
from tests.support.waiting import until

ADDRESS = (
    '{"insights_url": "http://127.0.0.1:1", "practice_url": "http://127.0.0.1:2", "client_id": "c",'
    ' "client_secret": "canary-1", "token": "canary-2", "api_key": "canary-3"}'
)
STAND_IN = f"""
import sys, os
with open(sys.argv[1], 'a') as book: book.write(f'{{os.getpid()}}\\n')
print('{ADDRESS}', flush=True)
sys.stdin.read()
with open(sys.argv[1], 'a') as book: book.write('left\\n')
"""
"""Stands in for the sandbox, whose own tests start it: says where it serves, and ends with its standard input."""


@asynccontextmanager
async def server(*command: str) -> AsyncIterator[DemoServer]:
    made = DemoServer([sys.executable, *command])
    try:
        yield made
    finally:
        await made.stop()


def told(book: Path) -> list[str]:
    return book.read_text().split() if book.exists() else []


def is_running(pid: str) -> bool:
    """Whether there is a process of this number, be it a zombie."""
    try:
        os.kill(int(pid), 0)
    except OSError:
        return False
    return True


async def test_it_is_started_once_and_leaves_when_asked(tmp_path: Path) -> None:
    book = tmp_path / "book"
    async with server("-c", STAND_IN, str(book)) as demo:
        assert demo.address is None
        first, second = await asyncio.gather(demo.start(), demo.start())
        assert first is second
        assert first.insights_url == "http://127.0.0.1:1"
        assert "canary" not in repr(first)
        await demo.stop()
        assert demo.address is None
        pid, end = told(book)
        assert end == "left"
        assert not is_running(pid)
        await demo.start()
    assert [line for line in told(book) if line == "left"] == ["left", "left"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
async def test_one_that_died_is_replaced_and_leaves_no_zombie(tmp_path: Path) -> None:
    book = tmp_path / "book"
    async with server("-c", STAND_IN, str(book)) as demo:
        await demo.start()
        (pid,) = told(book)
        os.kill(int(pid), signal.SIGKILL)
        async with asyncio.timeout(10):
            while len(told(book)) < 2:
                await demo.start()  # until the system has told that it is gone, it counts as there
        assert told(book)[1] not in {pid, "left"}
        assert not is_running(pid)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
async def test_one_that_will_not_go_is_made_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sana_desktop.workspace.demo_server.STOP_SECONDS", 0.2)
    stubborn = STAND_IN.replace("sys.stdin.read()", "import threading; threading.Event().wait()")
    book = tmp_path / "book"
    async with server("-c", stubborn, str(book)) as demo:
        await demo.start()
        await demo.stop()
        (pid,) = told(book)
        assert not is_running(pid)


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9")
def test_it_ends_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    book = tmp_path / "book"
    parent = textwrap.dedent(
        f"""
        import asyncio, sys
        from sana_desktop.workspace.demo_server import DemoServer
        async def main():
            await DemoServer([sys.executable, "-c", {STAND_IN!r}, {str(book)!r}]).start()
            print("up", flush=True)
            await asyncio.Event().wait()
        asyncio.run(main())
        """
    )
    with subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        process.kill()
        # The child holds the other end of nothing of ours: that it has left is in its book.
        process.wait(10)
    deadline = time.monotonic() + 10
    while told(book)[-1] != "left":
        assert time.monotonic() < deadline, "it outlived its parent"
        time.sleep(0.01)


SILENT = STAND_IN.replace(f"print('{ADDRESS}', flush=True)", "")


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
async def test_one_whose_start_is_given_up_is_ended(tmp_path: Path) -> None:
    book = tmp_path / "book"
    async with server("-c", SILENT, str(book)) as demo:
        starting = asyncio.get_running_loop().create_task(demo.start())
        await until(lambda: told(book))
        starting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await starting
        await until(lambda: not is_running(told(book)[0]))


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("end", ["cancelled", "stopped"])
async def test_one_whose_start_is_given_up_while_it_is_made_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    book, release, popen = tmp_path / "book", threading.Event(), subprocess.Popen

    def slow(*arguments: Any, **options: Any) -> Any:
        made = popen(*arguments, **options)
        release.wait(20)
        return made

    monkeypatch.setattr(subprocess, "Popen", slow)
    async with server("-c", STAND_IN, str(book)) as demo:
        starting = asyncio.get_running_loop().create_task(demo.start())
        await until(lambda: told(book))
        if end == "cancelled":
            starting.cancel()
        else:
            await demo.stop()
            release.set()
        with pytest.raises((asyncio.CancelledError, ServiceError)):
            await starting
        release.set()
        await until(lambda: not is_running(told(book)[0]))
        assert demo.address is None


@pytest.mark.parametrize(
    "command",
    [
        ["-c", "raise SystemExit(1)"],
        ["-c", "print('canary, not an address')"],
        ["-c", 'print(\'{"insights_url": "http://127.0.0.1:1"}\')'],
    ],
    ids=["dies", "babbles", "says half"],
)
async def test_one_that_can_not_start_is_said_in_plain_words(command: list[str]) -> None:
    async with server(*command) as demo:
        with pytest.raises(ServiceError) as raised:
            await demo.start()
    assert raised.value.message == "The example data could not start on this computer."
    assert raised.value.next_step
    assert raised.value.__suppress_context__, "what it printed may hold its secrets"
    assert demo.address is None


async def test_a_program_that_is_not_there_is_said_so_too(tmp_path: Path) -> None:
    demo = DemoServer([str(tmp_path / "no such program")])
    with pytest.raises(ServiceError):
        await demo.start()
