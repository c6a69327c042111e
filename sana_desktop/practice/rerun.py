"""A saved session once more, with another learner: the same questions and answers in order, and what differs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime

from sana_desktop.api.practice_models import Exercise, ExerciseOutcome
from sana_desktop.practice.asker import Asker
from sana_desktop.practice.session import Asked, SessionRecord


@dataclass(frozen=True, slots=True)
class RerunStep:
    """One question, asked again.

    Attributes:
        number: of the question, from 1, of `total`.
        at: when it was asked first.
        then, now: what was recommended, in order.
    """

    number: int
    total: int
    at: datetime
    then: tuple[Exercise, ...]
    now: tuple[Exercise, ...]

    @property
    def same(self) -> bool:
        """Whether the same exercises came in the same order."""
        return [exercise.id for exercise in self.then] == [exercise.id for exercise in self.now]


async def rerun(asker: Asker, record: SessionRecord, user_id: str) -> AsyncIterator[RerunStep]:
    """Put a session's questions again, after the same answers, to `user_id`; the answers are posted before each.

    The outcomes are those of the session, whatever is recommended now: only so can the recommendations be compared.
    Answers after the last question are posted at the end.

    Raises:
        SanaError: as the asker. What was done is done; another rerun wants a fresh learner.
    """
    total, number = record.asked_count, 0
    answers: list[ExerciseOutcome] = []
    for event in record.events:
        if not isinstance(event, Asked):
            answers.append(ExerciseOutcome(event.exercise, event.outcome))
            continue
        if event.query.outcomes:
            # Answers that travelled inside the question do so again, and are events of their own as well.
            aboard = len(event.query.outcomes)
            answers = answers[:-aboard] if aboard <= len(answers) else []
        if answers:
            await asker.post(user_id, answers)
            answers = []
        answer = await asker.next(replace(event.query, user_id=user_id))
        number += 1
        yield RerunStep(number, total, event.at, event.recommendation.exercises, answer.exercises)
    if answers:
        await asker.post(user_id, answers)
