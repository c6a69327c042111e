"""What a simulated learner asks and posts over: its session begins with the first question, and knows each answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from sana_desktop.api.practice_models import Exchange, ExerciseOutcome, NextQuery, Recommendation
from sana_desktop.practice.delivery import Delivery
from sana_desktop.practice.delivery_asker import DeliveryAsker
from sana_desktop.practice.outbox import OutboxEntry
from sana_desktop.ui.practice.live import LiveSession


class KeptAnswers:
    """The numbers that answers have in the outbox, until they become events of their session."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, datetime], int] = {}

    def keep(self, entries: Sequence[OutboxEntry]) -> None:
        """Take in what was put into the outbox."""
        for entry in entries:
            self._numbers[entry.outcome.exercise.id, entry.outcome.outcome.timestamp] = entry.number

    def take(self, exercise_id: str, at: datetime) -> int | None:
        """Return the number of an answer and forget it; None if it is not known."""
        return self._numbers.pop((exercise_id, at), None)


class SessionAsker:
    """Asks and posts for one session, which is begun when the first question is asked.

    Args:
        begin: returns the session, a new one if there is none.
        kept: told where the answers are in the outbox.
    """

    def __init__(self, delivery: Delivery, begin: Callable[[], Awaitable[LiveSession]], kept: KeptAnswers) -> None:
        self._delivery = delivery
        self._begin = begin
        self._kept = kept
        self._asker: DeliveryAsker | None = None

    async def next(self, query: NextQuery) -> Recommendation:
        """Ask; see Asker."""
        return await (await self._begun()).next(query)

    async def post(self, user_id: str, outcomes: Sequence[ExerciseOutcome]) -> Exchange | None:
        """Post; see Asker."""
        return await (await self._begun()).post(user_id, outcomes)

    async def _begun(self) -> DeliveryAsker:
        if self._asker is None:
            live = await self._begin()
            self._asker = DeliveryAsker(self._delivery, live.connection_id, live.id, kept=self._kept.keep)
        return self._asker
