"""A saved session once more, with another learner: the same questions and answers in order, and what differs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sana_desktop.api.practice_models import Exercise, ExerciseOutcome, Recommendation
from sana_desktop.base.words import Words
from sana_desktop.practice.asker import Asker
from sana_desktop.practice.compare.comparison import Change, Comparison, compare
from sana_desktop.practice.sessions.session import Answered, Asked, Event, SessionRecord

HANDFUL = 50
"""Answers that are posted together; about as many as fit into one request."""


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


def goes_on(record: SessionRecord, made: SessionRecord, done: int) -> bool:
    """Return whether a replay can be gone on with: its session holds the first `done` events again, and no others."""
    return len(made.events) == done <= len(record.events) and all(map(_is_again, record.events, made.events))


def steps_before(record: SessionRecord, made: SessionRecord) -> list[RerunStep]:
    """Return the questions that an earlier run of a replay has put again, as `goes_on` allows it."""
    pairs = [
        (then, now)
        for then, now in zip(record.events, made.events, strict=False)
        if isinstance(then, Asked) and isinstance(now, Asked)
    ]
    total = record.asked_count
    return [
        RerunStep(number, total, then.at, then.recommendation.exercises, now.recommendation)
        for number, (then, now) in enumerate(pairs, 1)
    ]


async def rerun(asker: Asker, record: SessionRecord, user_id: str, done: int = 0) -> AsyncIterator[RerunStep]:
    """Put a session's questions again, after the same answers, to `user_id`; the answers are posted before each.

    The outcomes are those of the session, whatever is recommended now: only so can the recommendations be compared.
    Answers after the last question are posted at the end.

    Args:
        done: events that an earlier run has sent again, or put into the outbox: the first ones.

    Raises:
        SanaError: as the asker. What was done is done; another rerun wants a fresh learner.
    """
    total, number = record.asked_count, 0
    answers: list[ExerciseOutcome] = []
    for index, event in enumerate(record.events):
        if not isinstance(event, Asked):
            if index >= done:
                answers.append(ExerciseOutcome(event.exercise, event.outcome))
            continue
        number += 1
        if index < done:
            continue
        query = replace(event.query, user_id=user_id)
        if query.outcomes and index == done and _holds(record.events[:index], query.outcomes):
            query = replace(query, outcomes=())  # they are in the outbox since then
        elif query.outcomes:
            # Answers that travelled inside the question do so again, and are events of their own as well.
            aboard = len(query.outcomes)
            answers = answers[:-aboard] if aboard <= len(answers) else []
        await _post(asker, user_id, answers)
        answers = []
        yield RerunStep(number, total, event.at, event.recommendation.exercises, await asker.next(query))
    await _post(asker, user_id, answers)


async def _post(asker: Asker, user_id: str, answers: Sequence[ExerciseOutcome]) -> None:
    """Post answers, a handful at a time: between two of them it can be stopped."""
    for at in range(0, len(answers), HANDFUL):
        await asker.post(user_id, answers[at : at + HANDFUL])


def _holds(events: Sequence[Event], outcomes: Sequence[ExerciseOutcome]) -> bool:
    """Return whether these answers are the last of the events."""
    last = events[-len(outcomes) :]
    return len(last) == len(outcomes) and all(
        isinstance(event, Answered) and (event.exercise.id, event.outcome) == (each.exercise.id, each.outcome)
        for event, each in zip(last, outcomes, strict=True)
    )


def _is_again(then: Event, now: Event) -> bool:
    if isinstance(then, Asked) or isinstance(now, Asked):
        return type(then) is type(now)
    return (then.exercise.id, then.outcome) == (now.exercise.id, now.outcome)
