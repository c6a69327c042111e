"""What the tests of a health check stand on: fresh test learners, questions, answers, and a count of both."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from sana_desktop.api.practice_models import (
    Constraints,
    Exercise,
    ExerciseOutcome,
    NextQuery,
    Outcome,
    Recommendation,
    Result,
)
from sana_desktop.base.clock import Clock
from sana_desktop.practice.asker import Asker
from sana_desktop.practice.exercises.catalogue import Catalogue
from sana_desktop.practice.simulate.personas import SimulatedLearner

MakeLearner = Callable[[], Awaitable[str]]
LOOK_AT = 50
"""Exercises that are asked for to learn what there is, where no catalogue is at hand."""
TIME_SPENT_MS = 20_000

ANYTHING = Constraints()


class HealthBench:
    """Asks and answers for the tests.

    Args:
        make_learner: makes a fresh test learner and returns their id.
        catalogue: what there is to recommend; where it is empty, a first look at it is asked for.
    """

    def __init__(self, asker: Asker, make_learner: MakeLearner, clock: Clock, catalogue: Catalogue, seed: int) -> None:
        self.calls = 0
        self.seed = seed
        self._asker = asker
        self._make = make_learner
        self._clock = clock
        self._catalogue = catalogue
        self._last: datetime | None = None

    async def learner(self) -> str:
        """Return the id of a new test learner who has answered nothing."""
        return await self._make()

    async def known(self) -> Catalogue:
        """Return what can be recommended, as far as it is known."""
        if not len(self._catalogue):
            self._catalogue = Catalogue((await self.ask(await self.learner(), LOOK_AT)).exercises)
        return self._catalogue

    async def ask(
        self,
        user: str,
        count: int | None,
        constraints: Constraints = ANYTHING,
        challenge: float | None = None,
        outcomes: tuple[ExerciseOutcome, ...] = (),
    ) -> Recommendation:
        """Return what is recommended; `outcomes` are posted before."""
        await self.post(user, outcomes)
        self.calls += 1
        return await self._asker.next(NextQuery(user, count, constraints, challenge))

    async def post(self, user: str, outcomes: Sequence[ExerciseOutcome]) -> None:
        """Post outcomes, if there are any."""
        if outcomes:
            self.calls += 1
            await self._asker.post(user, outcomes)

    def all(self, exercises: Sequence[Exercise], result: Result) -> tuple[ExerciseOutcome, ...]:
        """Return an outcome of this result for each exercise."""
        return tuple(
            ExerciseOutcome(exercise, Outcome(self._moment(), result, TIME_SPENT_MS)) for exercise in exercises
        )

    def answers(self, exercises: Sequence[Exercise], learner: SimulatedLearner) -> tuple[ExerciseOutcome, ...]:
        """Return what `learner` makes of each exercise."""
        return tuple(ExerciseOutcome(each, learner.answer(each, self._moment())) for each in exercises)

    def _moment(self) -> datetime:
        now = self._clock.now()
        if self._last is not None:
            now = max(now, self._last + timedelta(milliseconds=1))
        self._last = now
        return now
