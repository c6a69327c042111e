"""Elapsed time across suspends and set clocks, and the site's own time (B9)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from sana_desktop.base.clock import NOTICE_SECONDS, Countdown, ServerClock, Stopwatch, SystemClock
from tests.support.clock import ManualClock

SITE = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


async def test_the_system_clock_is_utc_and_never_goes_back() -> None:
    clock = SystemClock()
    before = clock.monotonic()
    await clock.sleep(-1)
    await clock.sleep(0.01)
    assert clock.monotonic() - before >= 0.005
    assert clock.now().tzinfo is UTC


async def test_a_stopwatch_counts_through_a_suspend_and_a_clock_set_back() -> None:
    clock = ManualClock()
    watch = Stopwatch(clock)
    await clock.advance(5)
    assert watch.elapsed() == 5
    clock.suspend(3_600)
    assert watch.elapsed() == 3_605
    clock.set_wall(datetime(1970, 1, 1, tzinfo=UTC))
    assert watch.elapsed() == 5


@pytest.mark.parametrize("asleep", [0.0, 300.0, 5 * 3_600.0])
async def test_b09_no_wait_grows_by_a_suspend(asleep: float) -> None:
    clock = ManualClock()
    begun, waiting = clock.now(), asyncio.get_running_loop().create_task(Countdown(clock, 900.0).wait())
    await clock.advance(10.0)
    clock.suspend(asleep)
    while not waiting.done():
        await clock.advance(1.0)
    took = (clock.now() - begun).total_seconds()
    assert max(900.0, 10.0 + asleep) <= took <= max(900.0, 10.0 + asleep) + NOTICE_SECONDS


async def test_a_clock_set_back_does_not_lengthen_a_wait() -> None:
    clock = ManualClock()
    waiting = asyncio.get_running_loop().create_task(Countdown(clock, 60.0).wait())
    await clock.advance(10.0)
    clock.set_wall(datetime(1970, 1, 1, tzinfo=UTC))
    await clock.advance(49.0)
    assert not waiting.done()
    await clock.advance(1.0)
    assert waiting.done()


async def test_a_wait_that_is_past_is_over_at_once() -> None:
    clock = ManualClock()
    for seconds in (0.0, -5.0):
        countdown = Countdown(clock, seconds)
        assert countdown.left() == 0.0
        await countdown.wait()
    assert clock.sleepers == 0


@pytest.mark.parametrize("skew_hours", [-24, 0, 24])
async def test_C01_C02_the_sites_time_does_not_depend_on_the_local_clock(skew_hours: int) -> None:
    clock = ManualClock(SITE + timedelta(hours=skew_hours))
    server = ServerClock(clock)
    assert not server.known
    assert server.now() == clock.now()
    assert server.skew() == timedelta()
    server.observe(SITE)
    await clock.advance(90)
    assert server.known
    assert server.now() == SITE + timedelta(seconds=90)
    assert server.skew() == timedelta(hours=skew_hours)


def test_S24_an_answer_without_a_date_changes_nothing() -> None:
    clock = ManualClock(SITE)
    server = ServerClock(clock)
    server.observe(SITE - timedelta(hours=1))
    server.observe(None)
    assert server.now() == SITE - timedelta(hours=1)


def test_C06_the_sites_time_goes_on_during_a_suspend() -> None:
    clock = ManualClock(SITE)
    server = ServerClock(clock)
    server.observe(SITE)
    clock.suspend(1_000)
    assert server.now() == SITE + timedelta(seconds=1_000)
