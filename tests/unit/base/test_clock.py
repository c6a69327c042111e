"""Elapsed time across suspends and set clocks, and the site's own time (B9)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sana_desktop.base.clock import ServerClock, Stopwatch, SystemClock
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
