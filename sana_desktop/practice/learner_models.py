"""How likely a learner answers right: the formulas of the literature, pure.

Sources:
    Rasch, G. (1960): Probabilistic Models for Some Intelligence and Attainment Tests. One ability, one difficulty.
    Birnbaum, A. (1968), in Lord & Novick: Statistical Theories of Mental Test Scores. Discrimination (2PL).
    Corbett, A. T. & Anderson, J. R. (1995): Knowledge Tracing. User Modeling and User-Adapted Interaction 4.
        Guess, slip and learning; its form with guess and slip by difficulty is Pardos, Z. A. & Heffernan, N. T.
        (2011): KT-IDEM, UMAP.
    van der Linden, W. J. (2006): A Lognormal Model for Response Times. J. Educational and Behavioral Statistics 31.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import lru_cache

from sana_desktop.api.practice_models import Exercise

MAX_LOGITS = 6.0
"""Further out a difficulty tells nothing more: the chance is below one in 400 or above 399 in 400."""
GUESS_AT_AVERAGE = -1.4
"""Logit of a right guess at an exercise of average difficulty: one in five."""
SLIP_AT_AVERAGE = -2.2
"""Logit of a slip at an exercise of average difficulty: one in ten."""


def logistic(x: float) -> float:
    """Return 1 / (1 + e^-x)."""
    return 1.0 / (1.0 + math.exp(-x)) if x >= 0 else math.exp(x) / (1.0 + math.exp(x))


def rasch(ability: float, difficulty: float) -> float:
    """Return the chance of a right answer, both in logits (Rasch 1960)."""
    return logistic(ability - difficulty)


def two_parameter(ability: float, difficulty: float, discrimination: float) -> float:
    """Return the chance of a right answer (Birnbaum 1968, 2PL)."""
    return logistic(discrimination * (ability - difficulty))


def guess_at(difficulty: float) -> float:
    """Return the chance that somebody who does not know it gets it right (Pardos & Heffernan 2011)."""
    return logistic(GUESS_AT_AVERAGE - difficulty)


def slip_at(difficulty: float) -> float:
    """Return the chance that somebody who knows it gets it wrong (Pardos & Heffernan 2011)."""
    return logistic(SLIP_AT_AVERAGE + difficulty)


def guess_slip(known: bool, difficulty: float) -> float:
    """Return the chance of a right answer, given whether the skill is known (Corbett & Anderson 1995)."""
    return 1.0 - slip_at(difficulty) if known else guess_at(difficulty)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What an observer believes of one skill (Corbett & Anderson 1995).

    Attributes:
        known: the chance that the skill is known now.
        learns: the chance that it becomes known with one exercise.
    """

    known: float
    learns: float

    def chance(self, difficulty: float) -> float:
        """Return the chance of a right answer to the next exercise."""
        return self.known * (1.0 - slip_at(difficulty)) + (1.0 - self.known) * guess_at(difficulty)

    def after(self, correct: bool, difficulty: float) -> Knowledge:
        """Return the belief after an answer: Bayes' rule, then one chance to learn."""
        if_known = 1.0 - slip_at(difficulty) if correct else slip_at(difficulty)
        if_not = guess_at(difficulty) if correct else 1.0 - guess_at(difficulty)
        evidence = self.known * if_known + (1.0 - self.known) * if_not
        believed = self.known * if_known / evidence
        return Knowledge(believed + (1.0 - believed) * self.learns, self.learns)


def typical_seconds(ability: float, difficulty: float, at_ease: float) -> float:
    """Return the median time that an answer takes: longer where it is hard for this learner (van der Linden 2006).

    Args:
        at_ease: seconds where difficulty and ability are equal.
    """
    return at_ease * math.exp(0.2 * max(-3.0, min(3.0, difficulty - ability)))


def known_difficulty(exercise: Exercise) -> float | None:
    """Return the difficulty in logits: `irt_b` of the metadata, else the partner's tagging; None if neither says it.

    A tagging may be on any scale. It is taken as it is, within MAX_LOGITS: a learner needs an order, not a unit.
    """
    value = _irt_b(exercise.metadata) if exercise.metadata else None
    if value is None:
        value = exercise.difficulty_level
    if value is None or not math.isfinite(value):
        return None
    return max(-MAX_LOGITS, min(MAX_LOGITS, value))


def has_measured_difficulty(exercise: Exercise) -> bool:
    """Return whether the difficulty is the one of the metadata, rather than how the partner tagged it."""
    return bool(exercise.metadata) and _irt_b(exercise.metadata or "") is not None


def difficulty_of(exercise: Exercise) -> float:
    """Return the difficulty in logits, 0 (average) where nothing says it."""
    difficulty = known_difficulty(exercise)
    return 0.0 if difficulty is None else difficulty


@lru_cache(maxsize=8_192)
def _irt_b(metadata: str) -> float | None:
    try:
        value = json.loads(metadata)
    except (ValueError, RecursionError):
        return None
    found = value.get("irt_b") if isinstance(value, dict) else None
    return float(found) if isinstance(found, (int, float)) and not isinstance(found, bool) else None
