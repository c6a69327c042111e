"""A saved session once more, with another learner: the same questions and answers in order, and what differs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime

from sana_desktop.api.practice_models import Exercise, ExerciseOutcome, Recommendation
from sana_desktop.base.words import Words
from sana_desktop.practice.asker import Asker
from sana_desktop.practice.compare.comparison import Change, Comparison, compare
from sana_desktop.practice.sessions.session import Asked, SessionRecord


@dataclass(frozen=True, slots=True)
class RerunStep:
    """One question, asked again.

    Attributes:
        number: of the question, from 1, of `total`.
        at: when it was asked first.
        then: what was recommended, in order.
        recommendation: what is recommended now.
    """

    number: int
    total: int
    at: datetime
    then: tuple[Exercise, ...]
    recommendation: Recommendation

    @property
    def now(self) -> tuple[Exercise, ...]:
        """What is recommended now, in order."""
        return self.recommendation.exercises

    @property
    def same(self) -> bool:
        """Whether the same exercises came in the same order."""
        return [exercise.id for exercise in self.then] == [exercise.id for exercise in self.now]

    @property
    def comparison(self) -> Comparison:
        """What is new, gone and moved."""
        return compare(self.then, self.now)

    def words(self) -> Words:
        """Return what differs as a sentence."""
        found = self.comparison
        if self.same:
            return Words("Question {number}: the same as then.", number=self.number)
        return Words(
            "Question {number}: {new} new, {gone} gone, {moved} moved, {same} the same.",
            number=self.number, new=found.count(Change.NEW), gone=found.count(Change.GONE),
            moved=found.count(Change.MOVED), same=found.count(Change.SAME),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class RerunFound:
    """What a session asked again came to.

    Attributes:
        steps: one a question, as far as it came.
        total: questions of the session.
    """

    steps: tuple[RerunStep, ...]
    total: int

    @property
    def different(self) -> tuple[RerunStep, ...]:
        """The questions that got another answer."""
        return tuple(step for step in self.steps if not step.same)

    @property
    def identical(self) -> bool:
        """Whether every question of the session was put, and got the answer of then."""
        return 0 < self.total == len(self.steps) and not self.different

    def words(self) -> tuple[Words, ...]:
        """Return it in sentences, the summary first; then what differs, question by question."""
        asked, same = len(self.steps), len(self.steps) - len(self.different)
        said = []
        if not self.total:
            return (Words("No question was asked in this session, so there is nothing to compare."),)
        if asked < self.total:
            said.append(Words("Only {asked} of {total} questions could be asked again.", asked=asked, total=self.total))
        if same == asked:
            said.append(Words("Asked again, every question got the same recommendation as then: {n} of {n}.", n=asked))
        else:
            template = "Asked again, {same} of {asked} questions got the same recommendation as then."
            said.append(Words(template, same=same, asked=asked))
        return (*said, *(step.words() for step in self.different))


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
        yield RerunStep(number, total, event.at, event.recommendation.exercises, answer)
    if answers:
        await asker.post(user_id, answers)
