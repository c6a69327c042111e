"""When the next request to a connection's service may start: far below what the vendor allows, and after any rest."""

from __future__ import annotations

from sana_desktop.base.clock import Clock, Countdown

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
        self._next: dict[str, Countdown] = {}
        self._rest: dict[str, Countdown] = {}

    def hold(self, connection_id: str, seconds: float) -> None:
        """Take that the service asked to be left alone; an earlier wish is never shortened."""
        if seconds > self.held_for(connection_id):
            self._rest[connection_id] = Countdown(self._clock, seconds)

    def held_for(self, connection_id: str) -> float:
        """Return the seconds until the service may be asked again; 0 if it did not ask for rest."""
        rest = self._rest.get(connection_id)
        return rest.left() if rest is not None else 0.0

    async def turn(self, connection_id: str, *, paced: bool) -> None:
        """Wait for the next free turn; without `paced` only for the rest that the service asked for.

        Args:
            paced: False for a service on this computer, which is not held back.
        """
        # No turn is given out for a time after the rest: all of those would fall due in one suspend.
        while (rest := self._rest.get(connection_id)) is not None and rest.left():
            await rest.wait()
        if not paced:
            return
        free = self._next.get(connection_id)
        start = free.left() if free is not None else 0.0
        self._next[connection_id] = Countdown(self._clock, start + self._gap)
        await Countdown(self._clock, start).wait()
