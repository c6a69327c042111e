"""When the next request to a connection's service may start: far below what the vendor allows, and after any rest."""

from __future__ import annotations

from sana_desktop.base.clock import LONGEST_NAP_SECONDS, Clock

REQUESTS_PER_SECOND = 5
"""To one workspace (B8, O04). Above 200 a second over all endpoints the vendor wants to be asked first; this leaves
room for the partner's own product."""
SECONDS_A_CALL = 1.0 / REQUESTS_PER_SECOND
"""Of a plan, where nothing was measured: as fast as the pace allows."""


class Pace:
    """When the next request to a connection's service may start."""

    def __init__(self, clock: Clock, per_second: float = REQUESTS_PER_SECOND) -> None:
        self._clock = clock
        self._gap = 1.0 / per_second
        self._next: dict[str, float] = {}
        self._not_before: dict[str, float] = {}

    def hold(self, connection_id: str, seconds: float) -> None:
        """Take that the service asked to be left alone; an earlier wish is never shortened."""
        until = self._clock.monotonic() + seconds
        self._not_before[connection_id] = max(until, self._not_before.get(connection_id, until))

    def held_for(self, connection_id: str) -> float:
        """Return the seconds until the service may be asked again; 0 if it did not ask for rest."""
        return max(self._not_before.get(connection_id, 0.0) - self._clock.monotonic(), 0.0)

    async def turn(self, connection_id: str, *, paced: bool) -> None:
        """Wait for the next free turn; without `paced` only for the rest that the service asked for.

        Args:
            paced: False for a service on this computer, which is not held back.
        """
        start = self._clock.monotonic() + self.held_for(connection_id)
        if paced:
            start = max(start, self._next.get(connection_id, 0.0))
            self._next[connection_id] = start + self._gap
        await wait_until(self._clock, start)


async def wait_until(clock: Clock, moment: float) -> None:
    """Wait for a moment of the clock's monotonic time, in naps (B9)."""
    while (left := moment - clock.monotonic()) > 0:
        await clock.sleep(min(left, LONGEST_NAP_SECONDS))
