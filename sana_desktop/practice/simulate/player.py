"""A simulated learner plays: recommend, answer, recommend, in the three modes of the developer page."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sana_desktop.api.practice_models import Exchange, Exercise, ExerciseOutcome, NextQuery, Outcome, Recommendation
from sana_desktop.api.practice_split import split_outcomes
from sana_desktop.api.practice_wire import MAX_REQUEST_BYTES, size_of
from sana_desktop.base.clock import Clock
from sana_desktop.base.words import Words
from sana_desktop.practice.asker import Asker
from sana_desktop.practice.sessions.session import Mode, Setup
from sana_desktop.practice.simulate.personas import SimulatedLearner

NOTHING_FITS = Words("Nothing was recommended: no exercise fits what was asked for.")
MIN_GAP = timedelta(milliseconds=1)
"""Between two answers of one learner, so that their order can be told from their times."""


@dataclass(frozen=True, slots=True)
class PlayedStep:
    """One exercise that was recommended, answered, and whose outcome was accepted.

    Attributes:
        number: from 1, over all that this player played.
        query: the question that brought the exercise.
        recommendation: the whole answer to it.
        place: of the exercise in `recommendation`, from 0.
        delivered: the exchange that carried the outcome; None where the asker does not tell.
        chance: that the answer would be right, by the learner's model: the truth that a recommender can't see.
        setup: what was played.
    """

    number: int
    exercise: Exercise
    outcome: Outcome
    query: NextQuery
    recommendation: Recommendation
    place: int
    delivered: Exchange | None
    chance: float
    setup: Setup


@dataclass(frozen=True, slots=True)
class _Due:
    exercise: Exercise
    query: NextQuery
    recommendation: Recommendation
    place: int


class Player:
    """Plays one learner against one asker; one `play` at a time.

    An outcome is handed over once: when that fails, it is not handed over again.

    Attributes:
        ended: why it came to an end before its steps were played; None if it did not.
    """

    def __init__(self, asker: Asker, learner: SimulatedLearner, setup: Setup, clock: Clock) -> None:
        self.ended: Words | None = None
        self._asker = asker
        self._learner = learner
        self._setup = setup
        self._clock = clock
        self._due: deque[_Due] = deque()
        self._answered: list[PlayedStep] = []
        self._number = 0
        self._last: datetime | None = None
        self._stopping = self._leaving = False

    def stop(self) -> None:
        """End `play` after the exercise under way; what was answered is still handed over."""
        self._stopping = True

    def leave(self) -> None:
        """End `play` after the request under way: what is not handed over by then never is. For good."""
        self._stopping = self._leaving = True

    async def play(self, steps: int | None = None) -> AsyncIterator[PlayedStep]:
        """Play `steps` exercises, or until stopped; may be called again and goes on where it was.

        A step comes out once its outcome was accepted. A sequence that was not finished is gone on with.

        Raises:
            SanaError: a question or an outcome came to nothing.
        """
        self._stopping, self.ended = self._leaving, None
        left = steps
        while left != 0 and not self._stopping:
            if not self._due:
                for step in await self._ask():
                    yield step
                if not self._due:
                    self.ended = None if self._leaving else NOTHING_FITS
                    break
            self._answer(self._due.popleft())
            left = None if left is None else left - 1
            if self._setup.mode is Mode.SINGLE or (self._setup.mode is Mode.BATCH and not self._due):
                for step in await self._post():
                    yield step
        for step in await self._post():
            yield step

    async def _ask(self) -> list[PlayedStep]:
        """Ask for exercises; return the steps whose outcomes travelled with the question or had to go before it."""
        accepted: list[PlayedStep] = []
        query = self._setup.query(_outcomes(self._answered))
        if query.outcomes and size_of(query) > MAX_REQUEST_BYTES:
            accepted = await self._post()
            if self._leaving:
                return accepted
            query = self._setup.query()
        travelling, self._answered = self._answered, []
        recommendation = await self._asker.next(query)
        for place, exercise in enumerate(recommendation.exercises):
            self._due.append(_Due(exercise, query, recommendation, place))
        return accepted + [replace(step, delivered=recommendation.exchange) for step in travelling]

    async def _post(self) -> list[PlayedStep]:
        steps, self._answered = self._answered, []
        accepted: list[PlayedStep] = []
        for part in split_outcomes(self._setup.user_id, _outcomes(steps)) if steps else ():
            if self._leaving:
                break
            exchange = await self._asker.post(self._setup.user_id, part)
            done = len(accepted)
            accepted += [replace(step, delivered=exchange) for step in steps[done : done + len(part)]]
        return accepted

    def _answer(self, due: _Due) -> None:
        at = self._clock.now()
        if self._last is not None:
            at = max(at, self._last + MIN_GAP)
        self._last = at
        self._number += 1
        chance = self._learner.chance(due.exercise)
        outcome = self._learner.answer(due.exercise, at)
        step = PlayedStep(
            self._number, due.exercise, outcome, due.query, due.recommendation, due.place, None, chance, self._setup
        )
        self._answered.append(step)


def _outcomes(steps: Sequence[PlayedStep]) -> tuple[ExerciseOutcome, ...]:
    return tuple(ExerciseOutcome(step.exercise, step.outcome) for step in steps)
