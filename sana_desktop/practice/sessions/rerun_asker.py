"""Asks and posts for the learner that a session is replayed to, and writes the session of the replay as it goes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime

from sana_desktop.api.practice_models import ExerciseOutcome, NextQuery, Recommendation
from sana_desktop.practice.outcomes.delivery import Delivery
from sana_desktop.practice.outcomes.delivery_asker import DeliveryAsker
from sana_desktop.practice.sessions.answering import keep_answers
from sana_desktop.practice.sessions.rerun_marks import RerunMarks
from sana_desktop.practice.sessions.session import Answered, Asked, SessionRecord
from sana_desktop.practice.sessions.sessions import SessionStore


class RerunAsker(DeliveryAsker):
    """Drives a `rerun`. An answer is a line from the moment that it is in the outbox, in one transaction (O07, I2).

    Every question is a line once it has its answer, also one that nobody answered. Each exercise that was answered
    points at the question that it points at in the session that is replayed.

    Args:
        marks: told how far it is, in the transaction that writes it.
        record: what is replayed.
        made: the session of the replay, with what an earlier run sent again: the first events of `record`.
        progressed: told how many events were sent again so far.
    """

    def __init__(
        self,
        delivery: Delivery,
        sessions: SessionStore,
        marks: RerunMarks,
        record: SessionRecord,
        made: SessionRecord,
        progressed: Callable[[int], object] = lambda done: None,
    ) -> None:
        super().__init__(delivery, made.connection_id, made.id)
        self._sessions = sessions
        self._marks = marks
        self._made = made
        self._done = len(made.events)
        self._progressed = progressed
        asked = [index for index, event in enumerate(record.events) if isinstance(event, Asked)]
        self._questions = deque(index for index in asked if index >= self._done)
        self._places = {index: index for index in asked if index < self._done}
        self._answers: dict[tuple[str, datetime], deque[Answered]] = {}
        for event in record.events[self._done :]:
            if isinstance(event, Answered):
                key = event.exercise.id, event.outcome.timestamp
                self._answers.setdefault(key, deque()).append(event)

    async def next(self, query: NextQuery) -> Recommendation:
        """Ask the next of the questions; raises as `Delivery.next`, and as `SessionStore.append`."""
        recommendation = await super().next(query)
        asked = Asked(recommendation.exchange.at, query, recommendation)
        also = self._marks.advancing(self._made.id, 1)
        self._places[self._questions.popleft()] = await self._sessions.append(self._made.id, asked, also=also)
        self._advance(1)
        return recommendation

    async def _keep(self, user_id: str, outcomes: Sequence[ExerciseOutcome]) -> None:
        answers = [self._again(each) for each in outcomes]
        if answers:
            lane = (self._made.connection_id, user_id)
            advance = self._marks.advancing(self._made.id, len(answers))
            await keep_answers(
                self._delivery, self._sessions, lane, self._made.id, answers,
                also=lambda connection, _numbers: advance(connection),
            )  # fmt: skip
            self._advance(len(answers))

    def _advance(self, count: int) -> None:
        self._done += count
        self._progressed(self._done)

    def _again(self, answer: ExerciseOutcome) -> Answered:
        """Return an answer with who gave it then, and where its question stands now; nowhere of one from a report."""
        outcome = answer.outcome
        same = self._answers.get((answer.exercise.id, outcome.timestamp))
        before = same.popleft() if same else None
        if before is None or before.asked is None:
            return Answered(outcome.timestamp, answer.exercise, outcome, None)
        place = self._places.get(before.asked)
        return Answered(outcome.timestamp, answer.exercise, outcome, place, persona=before.persona, seed=before.seed)
