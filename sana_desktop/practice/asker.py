"""What everything that asks for exercises by itself is driven against, and the plain form of it over the client."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Protocol, TypeVar

from sana_desktop.api.practice_models import Exchange, ExerciseOutcome, NextQuery, Recommendation
from sana_desktop.api.retry import RequestKind
from sana_desktop.base.backoff import RetryQuota
from sana_desktop.base.clock import Clock
from sana_desktop.base.errors import SanaError
from sana_desktop.practice.outcomes.pace import Pace
from sana_desktop.practice.outcomes.repeats import Failures, Repeats

if TYPE_CHECKING:
    from sana_desktop.api.practice import PracticeClient

MAX_TRIES = 4
"""Tries of one request in all, where B7 would go on: somebody waits for the end of this."""
MAX_WAIT_SECONDS = 60.0
"""Whoever wants to be left alone for longer is not waited for here."""

_ONLY = ""
"""Stands for the one service that an asker has, where delivery has a connection's id."""

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
        self._pace = Pace(clock)
        self._repeats = Repeats(clock, self._pace, RetryQuota(clock), uniform, MAX_WAIT_SECONDS)

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
        failures = Failures(kind, MAX_TRIES)
        while True:
            await self._pace.turn(_ONLY, paced=not self._client.origin.is_loopback)
            try:
                return await once()
            except SanaError as error:
                if not await self._repeats.wait(_ONLY, error, failures):
                    raise
