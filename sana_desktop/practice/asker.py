"""What everything that asks for exercises by itself is driven against, and the plain form of it over the client."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Protocol, TypeVar

from sana_desktop.api.practice_models import Exchange, ExerciseOutcome, NextQuery, Recommendation
from sana_desktop.api.retry import Again, RequestKind, decide
from sana_desktop.base.clock import Clock
from sana_desktop.base.errors import SanaError

if TYPE_CHECKING:
    from sana_desktop.api.practice import PracticeClient

REQUESTS_PER_SECOND = 5
"""Far below the 200 a second above which the vendor wants to be asked first; none on this computer itself (B8)."""

MOST_TRIES = 4
"""Tries of one request in all, where B7 would go on: somebody waits for the end of this."""
LONGEST_WAIT_SECONDS = 60.0
"""Whoever wants to be left alone for longer is not waited for here."""

Got = TypeVar("Got")


class Asker(Protocol):
    """Somebody who carries questions and outcomes to the site, one after the other."""

    async def next(self, query: NextQuery) -> Recommendation:
        """Return what is recommended. Outcomes inside `query` are posted with it.

        Raises:
            SanaError: no usable answer came.
        """

    async def post(self, user_id: str, outcomes: Sequence[ExerciseOutcome]) -> Exchange | None:
        """Post outcomes; when it returns they are accepted.

        Returns:
            The (last) exchange that carried them, None where whoever carries them does not tell.

        Raises:
            SanaError: they were not accepted, or it is not known whether they were.
        """


class ClientAsker:
    """Asks through one client, with the repeats of B7 and the pace of B8, and keeps nothing.

    Args:
        uniform: a number in [0, 1) for the jitter of pauses.
    """

    def __init__(self, client: PracticeClient, clock: Clock, uniform: Callable[[], float] = random.random) -> None:
        self._client = client
        self._clock = clock
        self._uniform = uniform
        self._sent: deque[float] = deque(maxlen=REQUESTS_PER_SECOND)

    async def next(self, query: NextQuery) -> Recommendation:
        kind = RequestKind.OUTCOME if query.outcomes else RequestKind.NEXT
        return await self._repeated(kind, lambda: self._client.next_exercises(query))

    async def post(self, user_id: str, outcomes: Sequence[ExerciseOutcome]) -> Exchange | None:
        # Imported here: what only compares answers does without the JSON of the API.
        from sana_desktop.api.practice_split import split_outcomes

        exchange: Exchange | None = None
        for part in split_outcomes(user_id, outcomes):
            exchange = await self._post(user_id, part)
        return exchange

    async def _post(self, user_id: str, part: Sequence[ExerciseOutcome]) -> Exchange:
        return await self._repeated(RequestKind.OUTCOME, lambda: self._client.post_outcomes(user_id, part))

    async def _repeated(self, kind: RequestKind, once: Callable[[], Awaitable[Got]]) -> Got:
        attempt = 0
        while True:
            await self._keep_pace()
            try:
                return await once()
            except SanaError as error:
                decision = decide(kind, error, attempt, self._uniform)
                attempt += 1
                if (
                    not isinstance(decision, Again)
                    or attempt >= MOST_TRIES
                    or decision.delay_seconds > LONGEST_WAIT_SECONDS
                ):
                    raise
                await self._clock.sleep(decision.delay_seconds)

    async def _keep_pace(self) -> None:
        if self._client.origin.is_loopback:
            return
        if len(self._sent) == REQUESTS_PER_SECOND:
            await self._clock.sleep(self._sent[0] + 1.0 - self._clock.monotonic())
        self._sent.append(self._clock.monotonic())
