"""A clock whose time moves only when a test moves it, or when something sleeps on it."""

from __future__ import annotations

import asyncio
import heapq
from datetime import UTC, datetime, timedelta


class ManualClock:
    """`sleep` waits until `advance` has carried the clock past the wake-up time.

    Attributes:
        suspended: while True, `advance` moves wall time only, as a suspended computer does.
    """

    def __init__(self, start: datetime = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)) -> None:
        self._wall = start
        self._monotonic = 1_000.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._count = 0

    def now(self) -> datetime:
        return self._wall

    def monotonic(self) -> float:
        return self._monotonic

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._count += 1
        heapq.heappush(self._sleepers, (self._monotonic + seconds, self._count, future))
        await future

    @property
    def sleepers(self) -> int:
        """How many sleeps are under way."""
        return sum(not future.done() for _, _, future in self._sleepers)

    def set_wall(self, moment: datetime) -> None:
        """Set the wall clock as a person or NTP does; monotonic time is untouched."""
        self._wall = moment

    def suspend(self, seconds: float) -> None:
        """Let wall time pass while monotonic time and all sleeps stand still."""
        self._wall += timedelta(seconds=seconds)

    async def advance(self, seconds: float) -> None:
        """Let `seconds` pass, waking sleepers in order and letting the loop run between them."""
        end = self._monotonic + seconds
        await self._settle()
        while self._sleepers and self._sleepers[0][0] <= end:
            due, _, future = heapq.heappop(self._sleepers)
            if future.done():
                continue
            self._step(due)
            future.set_result(None)
            await self._settle()
        self._step(end)
        await self._settle()

    def _step(self, to: float) -> None:
        passed = max(to - self._monotonic, 0.0)
        self._monotonic += passed
        self._wall += timedelta(seconds=passed)

    @staticmethod
    async def _settle() -> None:
        # asyncio's own loop tells when nothing is left to do: most often after a few turns.
        ready = getattr(asyncio.get_running_loop(), "_ready", None)
        for turn in range(20):
            await asyncio.sleep(0)
            if turn > 2 and ready is not None and not ready:
                return
