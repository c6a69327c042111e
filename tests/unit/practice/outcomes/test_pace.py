"""The pace of requests: evenly spaced, apart by connection, and at rest where the service asked for it."""

from __future__ import annotations

import asyncio

import pytest

from sana_desktop.practice.outcomes.pace import REQUESTS_PER_SECOND, Pace
from tests.support.clock import ManualClock
from tests.support.outbox_bench import SwiftClock


async def turns(pace: Pace, clock: SwiftClock, count: int, *, paced: bool) -> list[float]:
    begun = clock.monotonic()
    taken = []
    for _ in range(count):
        await pace.turn("site", paced=paced)
        taken.append(clock.monotonic() - begun)
    return taken


async def test_b08_turns_are_evenly_spaced() -> None:
    clock = SwiftClock()
    taken = await turns(Pace(clock), clock, 11, paced=True)
    assert taken == pytest.approx([number / REQUESTS_PER_SECOND for number in range(11)])


async def test_a_service_on_this_computer_is_not_held_back() -> None:
    clock = SwiftClock()
    assert await turns(Pace(clock), clock, 50, paced=False) == [0.0] * 50


@pytest.mark.parametrize("paced", [True, False])
async def test_rest_that_was_asked_for_is_kept_and_never_shortened(paced: bool) -> None:
    clock = SwiftClock()
    pace = Pace(clock)
    pace.hold("site", 30.0)
    pace.hold("site", 5.0)
    assert pace.held_for("site") == pytest.approx(30.0)
    assert pace.held_for("another") == 0.0
    assert (await turns(pace, clock, 1, paced=paced))[0] == pytest.approx(30.0)
    assert pace.held_for("site") == 0.0


async def test_b09_rest_ends_with_a_suspend_and_those_who_waited_go_on_at_the_pace() -> None:
    clock = ManualClock()
    pace = Pace(clock)
    pace.hold("site", 900.0)
    begun: list[float] = []

    async def ask() -> None:
        await pace.turn("site", paced=True)
        begun.append(clock.monotonic())

    asking = [asyncio.get_running_loop().create_task(ask()) for _ in range(3)]
    await clock.advance(10.0)
    clock.suspend(3_600.0)
    assert pace.held_for("site") == 0.0
    await clock.advance(10.0)
    await asyncio.gather(*asking)
    assert [later - begun[0] for later in begun] == pytest.approx([0.0, 0.2, 0.4])


async def test_rest_asked_for_while_one_waits_for_it_is_kept_too() -> None:
    clock = ManualClock()
    pace = Pace(clock)
    pace.hold("site", 10.0)
    asking = asyncio.get_running_loop().create_task(pace.turn("site", paced=False))
    await clock.advance(5.0)
    pace.hold("site", 20.0)
    await clock.advance(19.0)
    assert not asking.done()
    await clock.advance(1.0)
    assert asking.done()
