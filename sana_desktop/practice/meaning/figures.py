"""The arithmetic behind "what it means": intervals, moving shares, thinned curves and an ability estimate, all O(1)."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from functools import lru_cache

Z_95 = 1.959963984540054
"""Standard normal quantile of a two-sided interval of 95 %."""
MAX_POINTS = 300
"""Points of a curve; a picture is not wider than a few hundred pixels."""

_MIN_ABILITY, _ABILITY_STEP, _ABILITIES = -5.0, 0.125, 81
_GRID = tuple(_MIN_ABILITY + _ABILITY_STEP * i for i in range(_ABILITIES))


@dataclass(frozen=True, slots=True)
class Interval:
    """A share with what it may really be. Nothing observed: 0 to 1."""

    share: float
    low: float
    high: float


def wilson(successes: int, of: int, z: float = Z_95) -> Interval:
    """Return the share with its score interval.

    Source: Wilson, E. B. (1927): Probable Inference, the Law of Succession, and Statistical Inference. JASA 22.

    Raises:
        ValueError: unless 0 <= successes <= of.
    """
    if not 0 <= successes <= of:
        raise ValueError("successes must be within the number of trials")
    if of == 0:
        return Interval(0.0, 0.0, 1.0)
    share = successes / of
    centre = share + z * z / (2 * of)
    half = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    scale = 1 + z * z / of
    # The ends are exact where all or none succeeded; rounding must not put them past the share.
    low = 0.0 if successes == 0 else (centre - half) / scale
    high = 1.0 if successes == of else (centre + half) / scale
    return Interval(share, max(0.0, low), min(1.0, high))


@dataclass(frozen=True, slots=True)
class Point:
    """One place of a curve: the step (from 1) and the value there."""

    step: int
    value: float


class Curve:
    """A curve of any length in at most `most` points: every second one goes when it is full."""

    def __init__(self, most: int = MAX_POINTS) -> None:
        self._most = most
        self._points: list[Point] = []
        self._every = 1
        self._last: Point | None = None

    def add(self, step: int, value: float) -> None:
        """Go on to `step`."""
        self._last = Point(step, value)
        if (step - 1) % self._every:
            return
        self._points.append(self._last)
        if len(self._points) >= self._most:
            self._every *= 2
            self._points = [point for point in self._points if (point.step - 1) % self._every == 0]

    def points(self) -> tuple[Point, ...]:
        """Return the points, the newest always among them."""
        if self._last is None or self._points[-1] == self._last:
            return tuple(self._points)
        return (*self._points, self._last)


class Moving:
    """The mean of the last `width` values."""

    def __init__(self, width: int) -> None:
        self._values: deque[float] = deque(maxlen=width)
        self._sum = 0.0

    def add(self, value: float) -> float:
        """Take one more value and return the mean."""
        if len(self._values) == self._values.maxlen:
            self._sum -= self._values[0]
        self._values.append(value)
        self._sum += value
        return self._sum / len(self._values)


class AbilityEstimate:
    """What right and wrong answers say of an ability, in logits, under the Rasch model and a normal prior.

    Source: Bock, R. D. & Mislevy, R. J. (1982): Adaptive EAP Estimation of Ability in a Microcomputer Environment.
    Applied Psychological Measurement 6. The prior is N(0, 1.5²): learners are not so far apart.
    """

    def __init__(self) -> None:
        self._log = [-(ability**2) / (2 * 1.5**2) for ability in _GRID]
        self.answers = 0

    def add(self, correct: bool, difficulty: float) -> None:
        """Take one more answer."""
        right, wrong = _log_chances(round(difficulty, 2))
        self._log = [a + b for a, b in zip(self._log, right if correct else wrong, strict=True)]
        self.answers += 1

    def ability(self) -> tuple[float, float]:
        """Return the mean and its standard error."""
        top = max(self._log)
        weights = [math.exp(value - top) for value in self._log]
        total = math.fsum(weights)
        mean = math.fsum(w * ability for w, ability in zip(weights, _GRID, strict=True)) / total
        variance = math.fsum(w * (ability - mean) ** 2 for w, ability in zip(weights, _GRID, strict=True)) / total
        # The grid can't tell finer than its own step: of many answers all the weight lies on one of its values.
        return mean, max(math.sqrt(variance), _ABILITY_STEP / math.sqrt(12))


@lru_cache(maxsize=2_048)
def _log_chances(difficulty: float) -> tuple[tuple[float, ...], tuple[float, ...]]:
    right = tuple(-math.log1p(math.exp(difficulty - ability)) for ability in _GRID)
    wrong = tuple(-math.log1p(math.exp(ability - difficulty)) for ability in _GRID)
    return right, wrong
