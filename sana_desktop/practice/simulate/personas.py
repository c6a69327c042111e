"""The people a simulated learner can be (B30), each in one plain sentence, and how they answer: same seed, same run."""

from __future__ import annotations

import hashlib
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sana_desktop.api.practice_models import Exercise, Outcome, Result
from sana_desktop.base.words import Words
from sana_desktop.practice import learner_models as models
from sana_desktop.practice.exercises.places import group_of, is_below

MIN_SECONDS, MAX_SECONDS = 0.8, 600.0
TIME_SPREAD = 0.35
"""Standard deviation of the logarithm of the time an answer takes."""
OVER_ONE_S_HEAD = 0.35
"""Who skips does so only where the chance of a right answer was below this."""
REST = timedelta(minutes=30)
"""After a pause of this length a tired learner is fresh again."""


class PersonaKind(StrEnum):
    """Stable names, kept in sessions."""

    STEADY = "steady"
    NEWCOMER = "newcomer"
    RUSTY = "rusty"
    UNEVEN = "uneven"
    GUESSER = "guesser"
    TIRES = "tires"


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody to simulate.

    Attributes:
        ability: in logits; 0 gets an exercise of average difficulty right every other time.
        title, sentence: for a person.
        model: the model behind it, for the fold that shows it.
        seconds: median time where an exercise is just right.
        partly: of the wrong answers to an exercise with partial scoring (`max_score`), the share that is partly right.
        skips: of the wrong answers where the chance was below OVER_ONE_S_HEAD, the share that is skipped instead.
    """

    kind: PersonaKind
    title: Words
    sentence: Words
    model: Words
    ability: float
    seconds: float
    partly: float = 0.0
    skips: float = 0.0


STEADY = Persona(
    PersonaKind.STEADY,
    Words("Steady"),
    Words("Knows as much at the end as at the beginning; right or wrong, nothing in between."),
    Words("Rasch model: one ability, one difficulty."),
    ability=0.0,
    seconds=25.0,
)
NEWCOMER = Persona(
    PersonaKind.NEWCOMER,
    Words("New starter"),
    Words("Knows little yet and learns each topic by working at it."),
    Words("Guess, slip and learn (knowledge tracing), a skill for each topic."),
    ability=-1.0,
    seconds=35.0,
    partly=0.25,
    skips=0.1,
)
RUSTY = Persona(
    PersonaKind.RUSTY,
    Words("Rusty expert"),
    Words("Knew it all once: poor at the first exercises of a topic, good again after a few, and forgets in between."),
    Words("Two-parameter model; what is forgotten halves with each exercise of a topic and comes back with time."),
    ability=1.5,
    seconds=22.0,
    partly=0.25,
    skips=0.02,
)
UNEVEN = Persona(
    PersonaKind.UNEVEN,
    Words("Strong here, weak there"),
    Words("Good at some topics and poor at others."),
    Words("Rasch model with an ability for each topic."),
    ability=0.0,
    seconds=25.0,
    partly=0.2,
    skips=0.05,
)
GUESSER = Persona(
    PersonaKind.GUESSER,
    Words("Guesser"),
    Words("Answers within seconds, whatever the exercise: one guess in four is right."),
    Words("The same chance of 0.25 at every exercise, whatever its difficulty."),
    ability=0.0,
    seconds=4.0,
    skips=0.05,
)
TIRES = Persona(
    PersonaKind.TIRES,
    Words("Tires after ten"),
    Words("Good for ten exercises, then worse and slower with each one until a pause of half an hour."),
    Words("Rasch model whose ability falls by 0.15 with each exercise after the tenth, by 2 at most."),
    ability=0.7,
    seconds=22.0,
    partly=0.2,
    skips=0.2,
)
PERSONAS = (NEWCOMER, RUSTY, UNEVEN, GUESSER, TIRES, STEADY)
"""In the order in which they are offered."""

UNEVEN_BY = 1.5
RUST = 2.5
RUST_RETURNS_AFTER = 60.0
"""Exercises elsewhere after which about two thirds of what was recovered is forgotten again."""
RUST_DISCRIMINATION = 1.3
FRESH_FOR, TIRED_BY, MAX_TIRED = 10, 0.15, 2.0
GUESSING = 0.25
LEARNS, KNOWN_AT_FIRST = 0.12, 0.1


def persona(name: str) -> Persona:
    """Return the persona of this stable name.

    Raises:
        KeyError: there is none.
    """
    return _BY_NAME[name]


_BY_NAME = {str(each.kind): each for each in PERSONAS}


@dataclass(slots=True)
class _Topic:
    """What a learner has of one place: whether a newcomer knows it, and how rusty an expert is in it."""

    known: bool
    rust: float
    seen_at: int


class SimulatedLearner:
    """Somebody who answers, deterministic by seed: the same exercises in the same order get the same answers.

    Every answer takes the same number of draws, so that a change at one exercise does not shift all later ones.

    Args:
        ability: in logits, instead of the persona's own.
        strong, weak: paths or tags in which "strong here, weak there" is so; where neither is named, chance (by the
            seed) decides for each topic.
    """

    def __init__(
        self,
        who: Persona,
        seed: int,
        *,
        ability: float | None = None,
        strong: Sequence[str] = (),
        weak: Sequence[str] = (),
    ) -> None:
        self.persona = who
        self.seed = seed
        self.ability = who.ability if ability is None else ability
        self.answered = 0
        self._strong, self._weak = tuple(strong), tuple(weak)
        self._random = random.Random(seed)  # noqa: S311 - a simulation that can be repeated
        self._topics: dict[str, _Topic] = {}
        self._since_rest = 0
        self._last: datetime | None = None

    def chance(self, exercise: Exercise) -> float:
        """Return the chance that the next answer, if it were to this exercise, would be right."""
        difficulty = models.difficulty_of(exercise)
        match self.persona.kind:
            case PersonaKind.NEWCOMER:
                return models.guess_slip(self._topic(exercise).known, difficulty - self.ability + NEWCOMER.ability)
            case PersonaKind.GUESSER:
                return GUESSING
            case PersonaKind.RUSTY:
                return models.two_parameter(self.ability_at(exercise), difficulty, RUST_DISCRIMINATION)
            case _:
                return models.rasch(self.ability_at(exercise), difficulty)

    def ability_at(self, exercise: Exercise) -> float:
        """Return the ability in logits with which the next answer would be given."""
        match self.persona.kind:
            case PersonaKind.RUSTY:
                return self.ability - self._rust(self._topic(exercise))
            case PersonaKind.UNEVEN:
                return self.ability + UNEVEN_BY * self._side(exercise)
            case PersonaKind.TIRES:
                return self.ability - min(MAX_TIRED, TIRED_BY * max(0, self._since_rest - FRESH_FOR))
            case _:
                return self.ability

    def answer(self, exercise: Exercise, at: datetime) -> Outcome:
        """Answer the exercise at the time `at`, and be changed by it."""
        if self._last is not None and at - self._last >= REST:
            self._since_rest = 0
        self._last = at
        chance = self.chance(exercise)
        draw, kind, part, pace = (
            self._random.random(), self._random.random(), self._random.random(), self._random.gauss(0.0, 1.0)
        )  # fmt: skip
        spent = self._seconds(exercise, pace)
        result = self._result(exercise, chance, draw, kind)
        self._learn(exercise)
        self.answered += 1
        self._since_rest += 1
        return Outcome(at, result, round(spent * 1_000), _score(exercise, result, part))

    def _result(self, exercise: Exercise, chance: float, draw: float, kind: float) -> Result:
        if draw < chance:
            return Result.CORRECT
        if chance < OVER_ONE_S_HEAD and kind < self.persona.skips:
            return Result.SKIPPED
        if exercise.max_score is not None and exercise.max_score > 0 and kind >= 1.0 - self.persona.partly:
            return Result.PARTIALLY_CORRECT
        return Result.INCORRECT

    def _seconds(self, exercise: Exercise, pace: float) -> float:
        difficulty = models.difficulty_of(exercise)
        at_ease = self.persona.seconds
        if self.persona.kind is PersonaKind.TIRES:
            at_ease *= 1.0 + 0.03 * min(30, max(0, self._since_rest - FRESH_FOR))
        if self.persona.kind is PersonaKind.GUESSER:
            typical = at_ease  # who does not read it does not mind how hard it is
        else:
            typical = models.typical_seconds(self.ability_at(exercise), difficulty, at_ease)
        return max(MIN_SECONDS, min(MAX_SECONDS, typical * math.exp(TIME_SPREAD * pace)))

    def _topic(self, exercise: Exercise) -> _Topic:
        name = group_of(exercise.path, 3)
        if name not in self._topics:
            known = _fraction(self.seed, name) < KNOWN_AT_FIRST
            self._topics[name] = _Topic(known, RUST, self.answered)
        return self._topics[name]

    def _rust(self, topic: _Topic) -> float:
        idle = self.answered - topic.seen_at
        return RUST - (RUST - topic.rust) * math.exp(-idle / RUST_RETURNS_AFTER)

    def _side(self, exercise: Exercise) -> float:
        if self._strong or self._weak:
            return float(_named(exercise, self._strong)) - float(_named(exercise, self._weak))
        return 1.0 if _fraction(self.seed, group_of(exercise.path)) < 0.5 else -1.0

    def _learn(self, exercise: Exercise) -> None:
        topic = self._topic(exercise)
        topic.rust = self._rust(topic) / 2.0
        topic.seen_at = self.answered + 1
        if self._random.random() < LEARNS:
            topic.known = True


def _score(exercise: Exercise, result: Result, part: float) -> float | None:
    if exercise.max_score is None or result is Result.SKIPPED:
        return None
    if result is Result.PARTIALLY_CORRECT:
        return round(exercise.max_score * (0.25 + 0.5 * part), 2)
    return exercise.max_score if result is Result.CORRECT else 0.0


def _named(exercise: Exercise, places: Sequence[str]) -> bool:
    return any(place in exercise.tags or is_below(exercise.path, place) for place in places)


def _fraction(seed: int, name: str) -> float:
    """A number in [0, 1) that belongs to seed and name, in whatever order topics are met."""
    digest = hashlib.sha256(f"{seed}:{name}".encode()).digest()
    return int.from_bytes(digest[:7], "big") / 2.0**56
