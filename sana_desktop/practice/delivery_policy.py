"""How outcomes are sent: how fast, how often, how patiently (BEHAVIOUR.md B7, O04)."""

from __future__ import annotations

from dataclasses import dataclass

from sana_desktop.base.clock import LONGEST_NAP_SECONDS, Clock


@dataclass(frozen=True, slots=True)
class DeliveryPolicy:
    """The measures of delivery.

    Attributes:
        per_second: most requests a second to one workspace; a service on this computer is not held back. The page asks
            to be told above 200 a second over all endpoints; 5 leaves room for the partner's own product.
        at_once: most learners whose outcomes travel at the same time.
        patience_seconds: longest wait inside one flush; what needs longer is tried again later, by itself.
        rest_seconds: pause before outcomes that could not be sent are tried again; infinite: only when asked to.
        asks: tries of a request for exercises before its failure is shown (O06: the last list stays).
        read_at_once: waiting outcomes looked at together; about as many as fit into one request.
        stop_seconds: how long a stop waits for the answer to what was sent: a known fate is worth more than the time.
    """

    per_second: float = 5.0
    at_once: int = 8
    patience_seconds: float = 20.0
    rest_seconds: float = 60.0
    asks: int = 3
    read_at_once: int = 100
    stop_seconds: float = 1.5


class Pace:
    """When the next request to a connection's service may start."""

    def __init__(self, clock: Clock, per_second: float) -> None:
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
        """Wait for the next free turn; without `paced` only for the rest that the service asked for."""
        start = self._clock.monotonic() + self.held_for(connection_id)
        if paced:
            start = max(start, self._next.get(connection_id, 0.0))
            self._next[connection_id] = start + self._gap
        await wait_until(self._clock, start)


async def wait_until(clock: Clock, moment: float) -> None:
    """Wait for a moment of the clock's monotonic time, in naps (B9)."""
    while (left := moment - clock.monotonic()) > 0:
        await clock.sleep(min(left, LONGEST_NAP_SECONDS))
