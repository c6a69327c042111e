"""Tiny recommenders that say exactly what a test wants, and the exercises for them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sana_desktop.api.practice_models import (
    Exchange,
    Exercise,
    ExerciseOutcome,
    NextQuery,
    Outcome,
    Recommendation,
    Result,
)

START = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
Choose = Callable[[NextQuery], Sequence[Exercise]]


def exercise(
    name: str, path: str = "/a/b/c", *tags: str, b: float | None = None, max_score: float | None = None
) -> Exercise:
    """An exercise; `b` is its difficulty in logits."""
    metadata = None if b is None else json.dumps({"irt_b": b})
    return Exercise(name, path, tags, max_score=max_score, metadata=metadata)


def outcome(result: Result = Result.CORRECT, seconds: float = 0.0) -> Outcome:
    """An outcome `seconds` after the start."""
    return Outcome(START + timedelta(seconds=seconds), result)


def answered(what: Exercise, result: Result = Result.CORRECT) -> ExerciseOutcome:
    """An exercise with its outcome."""
    return ExerciseOutcome(what, outcome(result))


def exchange(path: str = "/v1/next-exercises", request: str = "{}") -> Exchange:
    """An exchange that went well."""
    return Exchange(path, START, request, 200, "", 0.002)


@dataclass
class ScriptedAsker:
    """Recommends what `choose` says and keeps what it was asked and told, in order.

    Attributes:
        log: `next` queries and `post` pairs of learner and outcomes as they came.
        repeats: said to be left out of every recommendation as repeated.
    """

    choose: Choose
    log: list[NextQuery | tuple[str, tuple[ExerciseOutcome, ...]]] = field(default_factory=list)
    repeats: int = 0

    async def next(self, query: NextQuery) -> Recommendation:
        self.log.append(query)
        chosen = tuple(self.choose(query))
        return Recommendation(chosen, exchange(), unusable=self.repeats, repeated=self.repeats)

    async def post(self, user_id: str, outcomes: Sequence[ExerciseOutcome]) -> Exchange | None:
        self.log.append((user_id, tuple(outcomes)))
        return exchange("/v1/exercise-outcomes")

    @property
    def queries(self) -> list[NextQuery]:
        """What was asked."""
        return [entry for entry in self.log if isinstance(entry, NextQuery)]

    @property
    def posts(self) -> list[tuple[str, tuple[ExerciseOutcome, ...]]]:
        """What was posted by itself."""
        return [entry for entry in self.log if not isinstance(entry, NextQuery)]

    def told(self) -> list[ExerciseOutcome]:
        """Every outcome in the order in which it was handed over, by itself or inside a question."""
        return [each for entry in self.log for each in (entry.outcomes if isinstance(entry, NextQuery) else entry[1])]
