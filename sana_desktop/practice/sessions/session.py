"""A session of practice: what was asked, what came back, how each exercise was answered; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sana_desktop.api.practice_models import (
    Constraints,
    Exercise,
    ExerciseOutcome,
    NextQuery,
    Outcome,
    Recommendation,
    Result,
)

ANY_EXERCISE = Constraints()
PlayedBy = tuple[str, int | None]
"""Persona, by its stable name, and seed of a simulated learner."""


class Mode(StrEnum):
    """The three ways of use that the developer page draws ("Modes of Usage")."""

    SINGLE = "single"
    """One exercise at a time; its outcome is posted before the next is asked for."""
    BATCH = "batch"
    """A sequence in one request; the outcomes are posted afterwards."""
    COMBINED = "combined"
    """The outcome travels inside the request for the next exercise."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What a session asks for.

    Attributes:
        num_exercises: exercises a request, 1 or more; None leaves it to the API.
        challenge_level: 0.0 to 1.0; None lets Sana decide.
        persona: name of the simulated learner; None where a person answers.
        seed: of the simulated learner.
    """

    mode: Mode
    user_id: str
    num_exercises: int | None = None
    constraints: Constraints = ANY_EXERCISE
    challenge_level: float | None = None
    persona: str | None = None
    seed: int | None = None

    def query(self, outcomes: tuple[ExerciseOutcome, ...] = ()) -> NextQuery:
        """Return the request for the next exercises, with `outcomes` on board."""
        return NextQuery(self.user_id, self.num_exercises, self.constraints, self.challenge_level, outcomes)


@dataclass(frozen=True, slots=True)
class Asked:
    """Exercises were asked for, and these came."""

    at: datetime
    query: NextQuery
    recommendation: Recommendation


@dataclass(frozen=True, slots=True)
class Answered:
    """An exercise was answered.

    Attributes:
        asked: index of the `Asked` that recommended it among the session's events; None where no question came before
            it: the answer is from a report or a paste, and `at` is its time there.
        entry: its number in the outbox, where its fate can be looked up; None if it never was there.
        persona: of the simulated learner who answered, by its stable name; None of a person, and where nobody knows.
        seed: of that learner.
    """

    at: datetime
    exercise: Exercise
    outcome: Outcome
    asked: int | None
    entry: int | None = None
    persona: str | None = None
    seed: int | None = None

    @property
    def from_report(self) -> bool:
        """Whether it was recommended by nobody, but taken from a report or a paste."""
        return self.asked is None


Event = Asked | Answered


@dataclass(frozen=True, slots=True)
class Tally:
    """How many events of each kind."""

    asked: int = 0
    answered: int = 0
    correct: int = 0


def tally(events: Iterable[Event]) -> Tally:
    """Return how many of `events` are of each kind."""
    asked = answered = correct = 0
    for event in events:
        if isinstance(event, Asked):
            asked += 1
        else:
            answered += 1
            correct += event.outcome.result is Result.CORRECT
    return Tally(asked, answered, correct)


def players(events: Iterable[Event]) -> tuple[PlayedBy, ...]:
    """Return each simulated learner who answered, in the order of their first answers."""
    found: dict[PlayedBy, None] = {}
    for event in events:
        if isinstance(event, Answered) and event.persona is not None:
            found[event.persona, event.seed] = None
    return tuple(found)


@dataclass(frozen=True, slots=True)
class SessionHead:
    """A session in a list: all but its events.

    Attributes:
        asked, answered, correct: how many events of each kind it has.
        deleted_at: since when it is in the bin; None if it is not.
        players: persona and seed of each simulated learner who played in it, in order; none where a person answered
            alone.
    """

    id: str
    connection_id: str
    user_id: str
    title: str
    mode: Mode
    created_at: datetime
    changed_at: datetime
    asked: int = 0
    answered: int = 0
    correct: int = 0
    deleted_at: datetime | None = None
    players: tuple[PlayedBy, ...] = ()


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """A session with all its events, oldest first. The helpers look through the events: call them once a change."""

    id: str
    connection_id: str
    title: str
    setup: Setup
    events: tuple[Event, ...]
    created_at: datetime
    changed_at: datetime

    @property
    def asked_count(self) -> int:
        """How often exercises were asked for."""
        return tally(self.events).asked

    @property
    def answered_count(self) -> int:
        """How many exercises were answered."""
        return tally(self.events).answered

    @property
    def last_asked(self) -> tuple[int, Asked] | None:
        """The latest recommendation and its index among the events; None if nothing was asked yet."""
        for index in range(len(self.events) - 1, -1, -1):
            event = self.events[index]
            if isinstance(event, Asked):
                return index, event
        return None

    @property
    def pending(self) -> tuple[Exercise, ...]:
        """The exercises of the latest recommendation that have no answer yet, in their order.

        There are none once answers of a report followed it: they are of a learner who has gone on otherwise.
        """
        last = self.last_asked
        if last is None:
            return ()
        index, asked = last
        later = [event for event in self.events[index + 1 :] if isinstance(event, Answered)]
        if any(event.from_report for event in later):
            return ()
        done = Counter(event.exercise.id for event in later if event.asked == index)
        left = []
        for exercise in asked.recommendation.exercises:
            if done[exercise.id]:
                done[exercise.id] -= 1
            else:
                left.append(exercise)
        return tuple(left)

    @property
    def outcomes(self) -> tuple[ExerciseOutcome, ...]:
        """Every answer, oldest first."""
        return tuple(
            ExerciseOutcome(event.exercise, event.outcome) for event in self.events if isinstance(event, Answered)
        )
