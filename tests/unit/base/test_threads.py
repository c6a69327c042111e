"""Work in a thread: its result, its failure, and what becomes of it when nobody waits any more."""

from __future__ import annotations

import asyncio
import threading

import pytest

from sana_desktop.base.threads import ThreadAnswer, in_daemon_thread
from tests.support.waiting import until


async def test_work_in_a_thread_returns_or_raises() -> None:
    assert await in_daemon_thread(lambda: threading.current_thread().daemon)
    with pytest.raises(KeyError):
        await in_daemon_thread(lambda: dict[str, int]()["x"])


async def test_P20_work_that_hangs_can_be_left_behind() -> None:
    release = threading.Event()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await in_daemon_thread(lambda: release.wait(20))
    release.set()


def test_P20_a_thread_that_ends_after_the_loop_does_no_harm() -> None:
    release, started = threading.Event(), threading.Event()

    def work() -> None:
        started.set()
        release.wait(20)

    async def leave() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await in_daemon_thread(work, "hangs")

    asyncio.run(leave())
    assert started.is_set()
    (late,) = [thread for thread in threading.enumerate() if thread.name == "hangs"]
    release.set()
    late.join(5)
    assert not late.is_alive()


async def test_an_answer_comes_once_and_what_nobody_waits_for_is_told() -> None:
    unheard: list[BaseException] = []
    answer = ThreadAnswer[int](unheard.append)
    await asyncio.to_thread(answer.run, lambda: 7)
    assert await answer.get() == 7
    late, error = ThreadAnswer[int](unheard.append), KeyError("late")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.001):
            await late.get()
    await asyncio.to_thread(late.fail, error)
    await until(lambda: unheard)
    assert unheard == [error]


def test_what_comes_after_the_end_of_the_loop_is_dropped() -> None:
    async def make() -> ThreadAnswer[int]:
        return ThreadAnswer[int]()

    answer = asyncio.run(make())
    answer.succeed(7)
    answer.fail(KeyError("late"))
    assert not answer._future.done()
