"""The object model of the Web API (Personalized Practice), as types; source: the developer page, "Object Model"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Result(StrEnum):
    """How an exercise ended, in the API's words."""

    CORRECT = "correct"
    PARTIALLY_CORRECT = "partially_correct"
    INCORRECT = "incorrect"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise. What is None is not sent.

    Attributes:
        id: the partner's own.
        path: place in the content hierarchy, such as `/IB/math/vectors/`, as it came.
        tags: taggings that constraints may name.
        difficulty_level: the partner's own tagging, any scale.
        max_score: highest possible score.
        metadata: a text, by recommendation JSON.
        extra: fields this version does not know, kept as they came.
    """

    id: str
    path: str
    tags: tuple[str, ...] = ()
    difficulty_level: float | None = None
    max_score: float | None = None
    metadata: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a learner did. What is None is not sent.

    Attributes:
        timestamp: when the exercise was completed, UTC.
        time_spent_ms: milliseconds, 0 or more.
        score: points given, where the exercise has partial scoring.
        metadata: a text, by recommendation JSON.
        extra: fields this version does not know, kept as they came.
    """

    timestamp: datetime
    result: Result
    time_spent_ms: int | None = None
    score: float | None = None
    metadata: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class ExerciseOutcome:
    """An exercise with what a learner made of it."""

    exercise: Exercise
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Constraints:
    """Which exercises may be recommended. What is None or empty is not sent and constrains nothing.

    Attributes:
        is_review: only exercises of concepts that the learner has met.
        paths: any level of the hierarchy; an exercise below any of them will do.
        tags: an exercise with any of them will do.
    """

    is_review: bool | None = None
    paths: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NextQuery:
    """One request for exercises.

    Attributes:
        num_exercises: 1 or more; None leaves it to the API, which then gives one.
        challenge_level: 0.0 to 1.0; None is "fully personalized": Sana decides.
        outcomes: posted along with the request (the page's combined mode).
    """

    user_id: str
    num_exercises: int | None = None
    constraints: Constraints = Constraints()
    challenge_level: float | None = None
    outcomes: tuple[ExerciseOutcome, ...] = ()


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and what came back, for the fold that shows it. Neither text holds the key.

    Attributes:
        path: `/v1/exercise-outcomes` or `/v1/next-exercises`.
        at: when it was sent, UTC by this computer.
        request: the JSON body as sent.
        status: None where no answer came.
        response: the answer's body as text, bounded; empty where none came.
        latency_seconds: from the call to the last byte; None where no answer came.
        trouble: the plain sentence of what went wrong; empty where nothing did.
        user_id: the learner it is about; empty in one that was kept, where it stands with what it belongs to, and the
            same exchange all the same.
    """

    path: str
    at: datetime
    request: str = field(repr=False)
    status: int | None
    response: str = field(repr=False)
    latency_seconds: float | None
    trouble: str = ""
    user_id: str = field(default="", compare=False)

    @property
    def request_bytes(self) -> int:
        """Size of the body as sent, in bytes of UTF-8."""
        return len(self.request.encode())


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What `next-exercises` answered.

    Attributes:
        exercises: in the recommended order; empty if nothing fits.
        exchange: request and answer as they were.
        unusable: how many entries of the answer could not be read, or came twice, and were left out (M13).
        repeated: how many of those came twice.
    """

    exercises: tuple[Exercise, ...]
    exchange: Exchange
    unusable: int = 0
    repeated: int = 0
