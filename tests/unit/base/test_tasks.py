"""The supervisor: names, keys, failures reported once, everything stopped at the end."""

from __future__ import annotations

import asyncio
import logging

import pytest

from sana_desktop.base.tasks import Supervisor


async def wait(event: asyncio.Event) -> str:
    await event.wait()
    return "done"


async def test_a_task_has_a_name_and_a_result() -> None:
    supervisor, gate = Supervisor("queue"), asyncio.Event()
    task = supervisor.start("poll", wait(gate))
    assert task is not None
    assert task.get_name() == "queue: poll"
    gate.set()
    assert await task == "done"


async def test_U01_one_task_of_a_key_runs_at_a_time() -> None:
    supervisor, gate = Supervisor("queue"), asyncio.Event()
    first = supervisor.start("submit", wait(gate), key="j1")
    assert first is not None
    assert supervisor.running("j1")
    assert supervisor.start("submit", wait(gate), key="j1") is None
    other = supervisor.start("submit", wait(gate), key="j2")
    assert other is not None
    gate.set()
    await asyncio.gather(first, other)
    assert not supervisor.running("j1")
    again = supervisor.start("submit", wait(gate), key="j1")
    assert again is not None
    await again


async def test_a_key_is_free_as_soon_as_its_work_is_done() -> None:
    """Not a turn of the loop later: what changed in between would be looked at by nobody."""
    supervisor, stale, read = Supervisor("list"), ["first"], list[str]()

    async def refresh() -> None:
        while stale:
            read.append(stale.pop())

    def change() -> None:
        stale.append("second")
        supervisor.start("refresh", refresh(), key="list")

    supervisor.start("refresh", refresh(), key="list")
    asyncio.get_running_loop().call_soon(change)  # in the very turn in which the task ends, before it is told of
    for _ in range(4):
        await asyncio.sleep(0)
    assert read == ["first", "second"]


async def test_a_key_may_be_cancelled_and_cancellation_is_no_failure(caplog: pytest.LogCaptureFixture) -> None:
    failures: list[str] = []
    supervisor = Supervisor("queue", lambda name, error: failures.append(name))
    task = supervisor.start("submit", wait(asyncio.Event()), key="j1")
    assert task is not None
    supervisor.cancel("nothing of this key")
    supervisor.cancel("j1")
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not supervisor.running("j1")
    assert failures == []
    assert caplog.text == ""


async def test_P16_a_failure_is_reported_exactly_once(caplog: pytest.LogCaptureFixture) -> None:
    failures: list[tuple[str, str]] = []
    supervisor = Supervisor("queue", lambda name, error: failures.append((name, str(error))))

    async def fail() -> None:
        raise RuntimeError("no")

    with caplog.at_level(logging.ERROR):
        task = supervisor.start("poll", fail())
        assert task is not None
        await asyncio.wait([task])
        await asyncio.sleep(0)
    assert failures == [("queue: poll", "no")]
    assert len(caplog.records) == 1


async def test_stop_cancels_awaits_and_takes_no_more() -> None:
    supervisor, gate = Supervisor("queue"), asyncio.Event()
    cleaned: list[str] = []

    async def work() -> None:
        try:
            await gate.wait()
        finally:
            await asyncio.sleep(0)
            cleaned.append("cleaned")

    supervisor.start("a", work())
    supervisor.start("b", work())
    await asyncio.sleep(0)
    await supervisor.stop()
    assert cleaned == ["cleaned", "cleaned"]
    assert supervisor.start("late", wait(gate)) is None


async def test_a_task_may_stop_its_own_supervisor() -> None:
    supervisor = Supervisor("queue")

    async def stop() -> str:
        await supervisor.stop()
        return "stopped"

    task = supervisor.start("stop", stop())
    assert task is not None
    assert await task == "stopped"


async def test_a_task_that_will_not_stop_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    supervisor, gate = Supervisor("queue"), asyncio.Event()

    async def stubborn() -> None:
        while not gate.is_set():
            try:
                await gate.wait()
            except asyncio.CancelledError:
                continue

    task = supervisor.start("stubborn", stubborn())
    assert task is not None
    await asyncio.sleep(0)
    with caplog.at_level(logging.ERROR):
        await supervisor.stop(0.05)
    assert "'queue: stubborn' did not stop" in caplog.text
    gate.set()
    await task
