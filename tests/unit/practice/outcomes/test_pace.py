"""The pace of requests: evenly spaced, apart by connection, and at rest where the service asked for it."""

from __future__ import annotations

import pytest

from sana_desktop.practice.outcomes.pace import REQUESTS_PER_SECOND, Pace, wait_until
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


async def test_b09_a_long_wait_is_taken_in_naps() -> None:
    clock = SwiftClock()
    naps: list[float] = []
    real = clock.sleep

    async def nap(seconds: float) -> None:
        naps.append(seconds)
        await real(seconds)

    clock.sleep = nap  # type: ignore[method-assign]
    await wait_until(clock, clock.monotonic() + 40.0)
    assert naps == [15.0, 15.0, 10.0]
