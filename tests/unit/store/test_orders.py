from __future__ import annotations

import asyncio
import threading
import time

import pytest

from sana_desktop.store.orders import AnyOrder, settle_all
from sana_desktop.store.writing import Outcome


async def test_a_thread_answers_the_loop_that_waits() -> None:
    order = AnyOrder(lambda _: None, patience=10.0)
    threading.Thread(target=order.settle, args=(Outcome("value"),), daemon=True).start()
    assert await order.answer() == "value"
    assert 9.0 < order.deadline - time.monotonic() <= 10.0


async def test_an_error_comes_out_where_it_is_awaited() -> None:
    orders = [AnyOrder(lambda _: None, 1.0) for _ in range(2)]
    settle_all(orders, Outcome(error=LookupError("x")))
    for order in orders:
        with pytest.raises(LookupError):
            await order.answer()


async def test_a_failure_that_nobody_waits_for_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    order = AnyOrder(lambda _: None, 1.0)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.001):
            await order.answer()
    order.settle(Outcome(error=LookupError("unheard")))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert "unheard" in caplog.text


def test_an_answer_after_the_end_of_the_loop_is_dropped() -> None:
    loop = asyncio.new_event_loop()

    async def make() -> AnyOrder:
        return AnyOrder(lambda _: None, 1.0)

    order = loop.run_until_complete(make())
    loop.close()
    order.settle(Outcome("late"))
    assert loop.is_closed()
