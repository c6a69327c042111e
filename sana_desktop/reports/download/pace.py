"""How fast a download runs: its speed of the last seconds, its time left, and whether it has come to a standstill."""

from __future__ import annotations

from collections import deque

WINDOW_SECONDS = 5.0
STEADY_SECONDS = 2.0
"""Before so much has been seen, no time left is told: the first moment's speed says little."""
STALL_SECONDS = 60.0
STALL_BYTES_PER_SECOND = 1024
"""Less than this for STALL_SECONDS is a standstill (B3, N18)."""


class SpeedMeter:
    """Speed over the last few seconds."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def note(self, now: float, received: int) -> None:
        """Take that `received` bytes were here at `now` (monotonic seconds); fewer than before begins anew."""
        if self._seen and received < self._seen[-1][1]:
            self._seen.clear()
        self._seen.append((now, received))
        while len(self._seen) > 2 and self._seen[0][0] < now - WINDOW_SECONDS:
            self._seen.popleft()

    @property
    def bytes_per_second(self) -> float:
        """The speed; 0 while it is not known."""
        if len(self._seen) < 2:
            return 0.0
        (start, before), (end, after) = self._seen[0], self._seen[-1]
        return (after - before) / (end - start) if end > start else 0.0

    def seconds_left(self, total: int | None) -> float | None:
        """Return the time for the rest, None unless the total is known and the speed steady (A21)."""
        if total is None or self.bytes_per_second <= 0 or self._seen[-1][0] - self._seen[0][0] < STEADY_SECONDS:
            return None
        return max(total - self._seen[-1][1], 0) / self.bytes_per_second


class StallWatch:
    """Tells when less than the least rate came for the whole time."""

    def __init__(self, now: float) -> None:
        self._since = now
        self._bytes = 0

    def stalled(self, now: float, arrived: int) -> bool:
        """Take `arrived` more bytes at `now`; return whether it is a standstill."""
        self._bytes += arrived
        if now - self._since < STALL_SECONDS:
            return False
        slow = self._bytes < STALL_BYTES_PER_SECOND * (now - self._since)
        self._since, self._bytes = now, 0
        return slow

    def excuse(self, now: float) -> None:
        """Begin anew: the time until `now` went to our own disk."""
        self._since, self._bytes = now, 0
