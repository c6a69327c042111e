"""Waits between repeats, Retry-After and the retry quota (B7)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sana_desktop.base.backoff import QUOTA_TOKENS, RetryQuota, backoff_seconds, retry_after_seconds
from tests.support.clock import ManualClock

DATE = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("attempt", "uniform", "seconds"),
    [(0, 0.0, 0.5), (0, 1.0, 1.0), (1, 1.0, 2.0), (5, 0.5, 24.0), (6, 1.0, 60.0), (10**9, 1.0, 60.0)],
)
def test_B7_the_delay_doubles_to_the_cap(attempt: int, uniform: float, seconds: float) -> None:
    assert backoff_seconds(attempt, lambda: uniform) == seconds


def test_the_cap_can_be_lower() -> None:
    assert backoff_seconds(9, lambda: 1.0, cap=5.0) == 5.0


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        (" 7 ", 7.0),
        ("0", 0.0),
        ("-5", 0.0),
        ("1.5", 1.5),
        ("Wed, 04 Mar 2026 09:02:00 GMT", 120.0),
        ("Wed, 04 Mar 2026 08:00:00 GMT", 0.0),
        ("soon", None),
        ("nan", None),
        ("inf", None),
        ("", None),
        (None, None),
    ],
)
def test_S06_S07_retry_after(header: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(header, DATE) == seconds


def test_S07_a_date_without_the_servers_own_means_nothing() -> None:
    assert retry_after_seconds("Wed, 04 Mar 2026 09:02:00 GMT", None) is None


async def test_the_quota_allows_a_burst_and_then_a_trickle() -> None:
    clock = ManualClock()
    quota = RetryQuota(clock)
    assert sum(quota.take() for _ in range(100)) == QUOTA_TOKENS
    await clock.advance(2.5)
    assert [quota.take() for _ in range(3)] == [True, True, False]
    await clock.advance(10_000)
    assert sum(quota.take() for _ in range(100)) == QUOTA_TOKENS
