"""An asker that tells how many requests it made and how long they take, so that a plan can say its time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sana_desktop.api.practice_models import Exchange, ExerciseOutcome, NextQuery, Recommendation
from sana_desktop.base.clock import Clock
from sana_desktop.practice.asker import Asker

NEWEST_WEIGHT = 0.2
"""Of the newest request in the mean of them all; a change of network shows within a few."""


class CallTime:
    """How long a request takes here; None until one was made."""

    def __init__(self) -> None:
        self.seconds: float | None = None

    def add(self, seconds: float) -> None:
        """Take one more request."""
        before = seconds if self.seconds is None else self.seconds
        self.seconds = before + NEWEST_WEIGHT * (seconds - before)


class WatchedAsker:
    """Passes everything on.

    Args:
        told: called with the number of requests so far, after each.

    Attributes:
        calls: requests so far.
    """

    def __init__(self, asker: Asker, clock: Clock, time: CallTime, told: Callable[[int], None]) -> None:
        self.calls = 0
        self._asker = asker
        self._clock = clock
        self._time = time
        self._told = told

    async def next(self, query: NextQuery) -> Recommendation:
        """Ask; see Asker."""
        began = self._clock.monotonic()
        recommendation = await self._asker.next(query)
        self._count(began)
        return recommendation

    async def post(self, user_id: str, outcomes: Sequence[ExerciseOutcome]) -> Exchange | None:
        """Post; see Asker."""
        began = self._clock.monotonic()
        exchange = await self._asker.post(user_id, outcomes)
        self._count(began)
        return exchange

    def _count(self, began: float) -> None:
        self._time.add(self._clock.monotonic() - began)
        self.calls += 1
        self._told(self.calls)
