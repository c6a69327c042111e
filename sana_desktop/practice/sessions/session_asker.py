"""Asks and posts for one session: an answer is a line of it from the moment that it is in the outbox (O07, I2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sana_desktop.api.practice_models import ExerciseOutcome, NextQuery, Recommendation
from sana_desktop.practice.outcomes.delivery import Delivery
from sana_desktop.practice.outcomes.delivery_asker import DeliveryAsker
from sana_desktop.practice.sessions.answering import keep_answers
from sana_desktop.practice.sessions.session import Answered, Asked, Event
from sana_desktop.practice.sessions.sessions import SessionStore


class SessionAsker(DeliveryAsker):
    """Asks and posts over the outbox, and writes the session as it goes.

    The answers that are posted are those to the latest question. It becomes a line with the first of them, in the same
    transaction: a question that nobody answered is no line.

    Args:
        written: told the events of each transaction, in their order, once they are durable; and the index of the
            first of them in the session.
        plays: who answers now: the persona and the seed of a simulated learner; each answer says so.
    """

    def __init__(
        self,
        delivery: Delivery,
        sessions: SessionStore,
        connection_id: str,
        session: str,
        *,
        written: Callable[[int, Sequence[Event]], None] = lambda first, events: None,
        plays: Callable[[], tuple[str | None, int | None]] = lambda: (None, None),
    ) -> None:
        super().__init__(delivery, connection_id, session)
        self._sessions = sessions
        self._lines_of = session
        self._written = written
        self._plays = plays
        self._question: Asked | None = None
        self._asked: int | None = None

    async def next(self, query: NextQuery) -> Recommendation:
        """Ask for exercises; outcomes in the query are those to the question before. Raises as `Delivery.next`."""
        recommendation = await super().next(query)
        self._question, self._asked = Asked(recommendation.exchange.at, query, recommendation), None
        return recommendation

    async def _keep(self, user_id: str, outcomes: Sequence[ExerciseOutcome]) -> None:
        if not outcomes:
            return
        question = self._question if self._asked is None else None
        if question is None and self._asked is None:
            raise RuntimeError("answers to a question that was not asked here")
        persona, seed = self._plays()
        answers = [
            Answered(each.outcome.timestamp, each.exercise, each.outcome, self._asked, persona=persona, seed=seed)
            for each in outcomes
        ]
        lane = (self._connection_id, user_id)
        kept = await keep_answers(self._delivery, self._sessions, lane, self._lines_of, answers, question=question)
        self._asked = kept.answers[0].asked
        if question is None:
            self._written(kept.first, kept.answers)
        else:
            self._written(kept.first - 1, (question, *kept.answers))
