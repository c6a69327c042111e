"""Stages stop in order, each with its deadline, and all of them whatever one does."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

import pytest

from sana_desktop.base.shutdown import StopStages


def noting(order: list[str], name: str) -> Callable[[], Awaitable[None]]:
    async def work() -> None:
        order.append(name)

    return work


async def hang() -> None:
    await asyncio.Event().wait()


async def fail() -> None:
    raise RuntimeError("no")


async def test_what_was_opened_last_stops_first() -> None:
    order: list[str] = []
    async with StopStages() as stages:
        stages.push_stage("store", noting(order, "store"), 1.0)
        stages.callback(order.append, "mark")
        stages.push_stage("queue", noting(order, "queue"), 1.0)
    assert order == ["queue", "mark", "store"]


async def test_p20_a_stage_that_hangs_or_fails_does_not_stop_the_stop(caplog: pytest.LogCaptureFixture) -> None:
    order: list[str] = []
    with caplog.at_level(logging.ERROR):
        async with asyncio.timeout(5), StopStages() as stages:
            stages.push_stage("the store", noting(order, "the store"), 1.0)
            stages.push_stage("the network", fail, 1.0)
            stages.push_stage("the queue", hang, 0.05)
    assert order == ["the store"]
    assert "the queue was not over in time" in caplog.text
    assert "the network failed" in caplog.text


async def test_what_a_stage_leaves_of_its_share_goes_to_those_after_it() -> None:
    arrived: list[str] = []
    gate = asyncio.Event()

    async def slow() -> None:
        await gate.wait()
        arrived.append("slow")

    async with StopStages() as stages:
        stages.push_stage("slow", slow, 0.0)
        stages.push_stage("quick", noting(arrived, "quick"), 5.0)
        asyncio.get_running_loop().call_later(0.02, gate.set)
    assert arrived == ["quick", "slow"]


async def test_the_shares_added_up_bound_the_whole_stop() -> None:
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with StopStages() as stages:
        for share in (0.02, 0.03, 0.05):
            stages.push_stage("one", hang, share)
    assert 0.1 <= loop.time() - began < 1.0


async def test_a_failure_inside_is_passed_on_after_everything_has_stopped() -> None:
    order: list[str] = []

    async def go_wrong() -> None:
        async with StopStages() as stages:
            stages.push_stage("store", noting(order, "store"), 1.0)
            await fail()

    with pytest.raises(RuntimeError):
        await go_wrong()
    assert order == ["store"]


async def test_a_stop_that_is_cancelled_still_stops_the_rest() -> None:
    order: list[str] = []
    waiting = asyncio.Event()

    async def waits() -> None:
        waiting.set()
        await asyncio.Event().wait()

    async def stop() -> None:
        async with StopStages() as stages:
            stages.push_stage("store", noting(order, "store"), 1.0)
            stages.push_stage("queue", waits, 5.0)

    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        task = group.create_task(stop())
        await waiting.wait()
        task.cancel()
    assert order == ["store"]
