"""The one clock: wall and monotonic time, and the server's own time read from its Date header (BEHAVIOUR.md B9)."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

MAX_NAP_SECONDS = 15.0
"""Longest single sleep: asyncio timers stand still while the computer is suspended, so waits are cut into naps."""

NOTICE_SECONDS = 5.0
"""So soon after a suspend a wait that ended in it is over."""

SUSPEND_JUMP_SECONDS = 30.0
"""When wall time ran ahead of monotonic time by more than this, the computer was suspended."""

MIN_SECONDS = 1e-6
"""What the wall clock can tell apart; a sum of waits that is off by less is right."""


class Clock(Protocol):
    """What the services use for time, so that tests can hand in their own."""

    def now(self) -> datetime:
        """Return the local computer's idea of the time, in UTC."""

    def monotonic(self) -> float:
        """Return seconds that never go back; the zero is arbitrary."""

    async def sleep(self, seconds: float) -> None:
        """Wait for `seconds`; zero or less only lets other tasks run."""


class SystemClock:
    """The computer's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(max(seconds, 0.0))


class Stopwatch:
    """Elapsed seconds since it was made, right across a suspend: the larger of wall and monotonic difference."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._wall = clock.now()
        self._monotonic = clock.monotonic()

    def elapsed(self) -> float:
        """Return the seconds since the start; a wall clock that was set back does not shorten it."""
        monotonic = self._clock.monotonic() - self._monotonic
        wall = (self._clock.now() - self._wall).total_seconds()
        # A wall clock set forward by hand looks like a suspend; a late look is the harmless side to err on.
        return max(monotonic, wall, 0.0)


class Countdown:
    """A wait for some seconds, which a suspend does not lengthen: what passed in it counts (B9)."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._seconds = seconds
        self._since = Stopwatch(clock)

    def left(self) -> float:
        """Return the seconds until its end; 0 from then on."""
        left = self._seconds - self._since.elapsed()
        return left if left >= MIN_SECONDS else 0.0

    async def wait(self) -> None:
        """Return at its end, at once if that is past."""
        while (left := self.left()) > 0:
            await self._clock.sleep(min(left, NOTICE_SECONDS))


class ServerClock:
    """The site's time: its last Date header plus what has passed since (RFC 9110 section 6.6.1).

    Until a Date was seen the local clock is all there is, and `known` is False.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._date: datetime | None = None
        self._since = Stopwatch(clock)

    @property
    def known(self) -> bool:
        """Whether a Date header has been seen."""
        return self._date is not None

    def observe(self, date: datetime | None) -> None:
        """Take the Date of an answer that just came; None leaves things as they were."""
        if date is not None:
            self._date = date
            self._since = Stopwatch(self._clock)

    def now(self) -> datetime:
        """Return the site's time now, in UTC."""
        if self._date is None:
            return self._clock.now()
        return self._date + timedelta(seconds=self._since.elapsed())

    def ahead_seconds(self) -> int | None:
        """Return how far the site's clock runs ahead of the local one, in whole seconds; None until a Date was seen.

        A Date has no fractions: half a second is added for what was cut off. It is as old as its way here, too, so that
        the figure may be a second off.
        """
        return round(0.5 - self.skew().total_seconds()) if self.known else None

    def skew(self) -> timedelta:
        """Return how far the local clock runs ahead of the site's; zero until a Date was seen."""
        return self._clock.now() - self.now() if self.known else timedelta()
