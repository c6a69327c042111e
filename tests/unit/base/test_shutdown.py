"""Stages run in order, each with its deadline, and all of them whatever one does."""

from __future__ import annotations

import asyncio
import logging

import pytest

from sana_desktop.base.shutdown import Shutdown


async def test_stages_run_in_order_and_failures_do_not_stop_the_stop(caplog: pytest.LogCaptureFixture) -> None:
    order: list[str] = []
    shutdown = Shutdown()

    async def quick() -> None:
        order.append("quick")

    async def hangs() -> None:
        order.append("hangs")
        await asyncio.Event().wait()

    async def fails() -> None:
        order.append("fails")
        raise RuntimeError("no")

    shutdown.add("hangs", hangs, 0.05)
    shutdown.add("fails", fails, 1.0)
    shutdown.add("quick", quick, 1.0)
    assert not shutdown.started
    with caplog.at_level(logging.ERROR):
        await shutdown.run()
    assert order == ["hangs", "fails", "quick"]
    assert "'hangs' was not over" in caplog.text
    assert "'fails' failed" in caplog.text
    assert shutdown.started


async def test_a_second_run_waits_for_the_first() -> None:
    order: list[str] = []
    gate = asyncio.Event()
    shutdown = Shutdown()

    async def slow() -> None:
        await gate.wait()
        order.append("stage")

    shutdown.add("slow", slow, 5.0)
    async with asyncio.TaskGroup() as group:
        group.create_task(shutdown.run())
        await asyncio.sleep(0)
        assert shutdown.started
        second = group.create_task(shutdown.run())
        second.add_done_callback(lambda task: order.append("second run"))
        await asyncio.sleep(0)
        gate.set()
    assert order == ["stage", "second run"]


async def test_a_run_that_is_cancelled_does_not_leave_the_next_one_waiting_for_ever() -> None:
    gate = asyncio.Event()
    ran: list[str] = []
    shutdown = Shutdown()

    async def waits() -> None:
        await gate.wait()

    async def last() -> None:
        ran.append("last")

    shutdown.add("waits", waits, 5.0)
    shutdown.add("last", last, 5.0)
    async with asyncio.TaskGroup() as group:
        first = group.create_task(shutdown.run())
        await asyncio.sleep(0)
        first.cancel()
    async with asyncio.timeout(2):
        await shutdown.run()
