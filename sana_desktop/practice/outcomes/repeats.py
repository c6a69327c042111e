"""The repeats of one request: which failure is waited out, how long, and when it is enough (B7)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sana_desktop.api.errors import Throttled
from sana_desktop.api.retry import RequestKind, RetryAfter, decide
from sana_desktop.base.backoff import RetryQuota
from sana_desktop.base.clock import Clock, Countdown
from sana_desktop.base.errors import SanaError
from sana_desktop.practice.outcomes.pace import Pace


@dataclass(slots=True)
class Failures:
    """Failures in a row of one request.

    Attributes:
        kind: the row of the retry table.
        most_tries: in all, where somebody waits for the end of it; None is as the table says.
        throttled: how many of them were a wish to be left alone.
        others: the rest.
    """

    kind: RequestKind
    most_tries: int | None = None
    throttled: int = 0
    others: int = 0


class Repeats:
    """Waits until a failed request may be made again.

    Args:
        pace: told what rest the service asks for.
        quota: of the process.
        uniform: returns a number in [0, 1), for the jitter of pauses.
        patience_seconds: longest wait; what needs longer is not waited for.
    """

    def __init__(
        self, clock: Clock, pace: Pace, quota: RetryQuota, uniform: Callable[[], float], patience_seconds: float
    ) -> None:
        self._clock = clock
        self._pace = pace
        self._quota = quota
        self._uniform = uniform
        self._patience = patience_seconds

    async def wait(self, connection_id: str, error: SanaError, failures: Failures) -> bool:
        """Wait as long as the failure asks for, and count it; False if the request is not to be made again now."""
        throttled = isinstance(error, Throttled)
        decision = decide(failures.kind, error, failures.throttled if throttled else failures.others, self._uniform)
        if throttled:
            again = decision.delay_seconds if isinstance(decision, RetryAfter) else 0.0
            self._pace.hold(connection_id, max(again, error.retry_after_seconds or 0.0))
        if not isinstance(decision, RetryAfter) or decision.delay_seconds > self._patience:
            return False
        tries = failures.throttled + failures.others + 1
        if failures.most_tries is not None and tries >= failures.most_tries:
            return False
        if throttled:
            failures.throttled += 1
        elif self._quota.take():
            failures.others += 1
        else:
            return False
        await Countdown(self._clock, decision.delay_seconds).wait()
        return True
