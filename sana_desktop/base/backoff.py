"""How long to wait before a repeat: exponential backoff with jitter, Retry-After, and a process-wide retry quota."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime

from sana_desktop.base.clock import Clock
from sana_desktop.base.timestamps import parse_http_date

BACKOFF_CAP_SECONDS = 60.0
QUOTA_TOKENS = 30.0
"""Retries that may happen in a burst over the whole process before further ones are given up at once."""
QUOTA_REFILL_PER_SECOND = 1.0


def backoff_seconds(attempt: int, uniform: Callable[[], float], cap: float = BACKOFF_CAP_SECONDS) -> float:
    """Return the wait before repeat number `attempt` (0 is the first): min(cap, 2^n) s x U[0.5, 1] (B7).

    Args:
        attempt: how many repeats went before.
        uniform: returns a number in [0, 1), such as `random.random`.
        cap: longest nominal wait in seconds.
    """
    nominal = cap if attempt >= 16 else min(cap, float(2**attempt))
    return nominal * (0.5 + 0.5 * uniform())


def retry_after_seconds(header: str | None, date: datetime | None) -> float | None:
    """Return the seconds that a `Retry-After` header asks for (RFC 9110 section 10.2.3), None if it asks nothing.

    Args:
        header: the value: whole seconds or an HTTP date.
        date: the `Date` of the same answer; a date in `header` counts from it, so a wrong local clock does not
            matter (S07). Without it a date can't be judged and None is returned.
    """
    if header is None:
        return None
    text = header.strip()
    try:
        seconds = float(text)
    except ValueError:
        moment = parse_http_date(text)
        if moment is None or date is None:
            return None
        seconds = (moment - date).total_seconds()
    return max(seconds, 0.0) if math.isfinite(seconds) else None


class RetryQuota:
    """A token bucket over all retries of the process, so that an outage does not become a storm (B7)."""

    def __init__(
        self, clock: Clock, tokens: float = QUOTA_TOKENS, refill_per_second: float = QUOTA_REFILL_PER_SECOND
    ) -> None:
        self._clock = clock
        self._capacity = tokens
        self._tokens = tokens
        self._refill = refill_per_second
        self._at = clock.monotonic()

    def take(self) -> bool:
        """Take one retry; False if there is none left now."""
        now = self._clock.monotonic()
        self._tokens = min(self._capacity, self._tokens + (now - self._at) * self._refill)
        self._at = now
        if self._tokens < 1.0:
            return False
        self._tokens -= 1.0
        return True
