"""When to look at a job again: pure arithmetic over the seconds since its order was taken (BEHAVIOUR.md B8).

The plain schedule, looks at 0.5, 0.96, 1.67, 2.63, 3.84, 5.3, 7.01, 8.97, 10.97, … s: the first look after 0.5 s, the
next gap is a little shorter and each one after it is 0.25 s longer, up to 2 s; after a minute each is 1.25 times the
one before, up to 15 s, and up to 60 s after an hour. Jitter only shortens a gap, by at most 3 %, so every bound holds
with it:

- 20 s need at most 14 looks and their end is seen at most 2 s late: the 14th look is at 20.97 s, or, with all gaps at
  their shortest, at 20.17;
- against a recipe that looks at 0, 1, 2, … s: a job of 0.7 s is seen at 0.96 s at the latest (recipe 1.0, both with 2
  looks), one of 2.3 s at 2.63 (recipe 3.0, both 4), one of 10.4 s at 10.97, by 9 looks (recipe 11.0 by
  12): with all gaps at their shortest at 10.47. With more jitter the ninth look would often come too early for it, and
  the tenth is 2 s later.

Where history knows how long the query takes, the looks gather there: one just after the usual end, others 0.45 s apart
over the whole tenth before and after it, paid for by fewer looks before. A job that ends far earlier than it used to is
seen later for that. A tenth around T seconds takes 0.4 T looks, and the plain schedule has T / 2 of them in the first
minute only. So beyond 75 s the looks stand as close as they can with no more of them than the plain schedule has.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

FIRST_LOOK_SECONDS = 0.5
EARLY_GAP_SECONDS = 0.46
"""The gap after the first look: what ends in the first second is mostly seen in it."""
EARLY_GAP_STEP_SECONDS = 0.25
EARLY_GAP_CAP_SECONDS = 2.0
EARLY_SECONDS = 60.0
"""How long the gap stays at its early cap."""
LATE_GROWTH = 1.25
LATE_GAP_CAP_SECONDS = 15.0
OLD_SECONDS = 3_600.0
"""From this age on a job is looked at even less often."""
OLD_GAP_CAP_SECONDS = 60.0
JITTER = 0.03
"""Largest part by which a gap is shortened, so that jobs ordered together drift apart. It adds up from look to look."""
IN_VIEW_GAP_SECONDS = 5.0
"""Longest gap of a job whose row is in view (A12)."""
UNKNOWN_WORD_GAP_SECONDS = 5.0
"""Shortest gap after a status word that nobody knows (S17)."""

TOLERANCE = 0.1
"""A job repeats when it ends within this part of its usual time."""
CLOSE_GAP_SECONDS = 0.45
CLOSE_JITTER_SECONDS = 0.02
"""Close looks come up to this much later than planned; with the gap that is less than half a second."""
AFTER_END_SECONDS = 0.03
"""How long after the usual end the look that expects it is made."""
EARLY_GROWTH = 3.0
"""There are at least as many looks before the expected end as if their ages grew by this factor (early failures)."""
EARLY_CURVE = 1.5
"""Exponent by which they draw apart."""
WIDEST_EARLY_GAP_SECONDS = 30.0
"""So far apart they may be at most, if half of the plain schedule's looks are enough for that."""
GAP_SEARCH_STEP = 1.1
"""Factor by which the close looks are drawn apart until no more are needed than the plain schedule has."""
WIDEST_SPREAD = 2.0
"""Where the slow runs of a query take this many times as long as the quick ones, history does not know its duration."""
SPREAD_TAIL = 0.1
"""Part of the runs at each end that a range leaves out."""
MIN_RUNS_FOR_A_RANGE = 2

WAKE_SPREAD_SECONDS = 5.0
"""After a suspend or an outage the open jobs are looked at spread over this time (B9, N09)."""

Uniform = Callable[[], float]


def plain_gap(elapsed: float) -> float:
    """Return the full gap to the next look, `elapsed` seconds after the order was taken.

    A function of age alone, so that a restart or a suspend needs no memory of looks made.
    """
    if elapsed < FIRST_LOOK_SECONDS * (1 - JITTER):
        return FIRST_LOOK_SECONDS
    elapsed = max(elapsed, FIRST_LOOK_SECONDS)  # the first look was made, if a little early
    if elapsed < EARLY_SECONDS:
        # Solves elapsed = first look + sum of n gaps for n: with gaps of `EARLY_GAP_SECONDS` + k steps it is a root.
        half = EARLY_GAP_STEP_SECONDS / 2
        early = half + math.sqrt(
            (EARLY_GAP_SECONDS - half) ** 2 + 2 * EARLY_GAP_STEP_SECONDS * (elapsed - FIRST_LOOK_SECONDS)
        )
        return min(early, EARLY_GAP_CAP_SECONDS)
    # Gaps that grow by a factor grow evenly with age, by (factor - 1) seconds a second.
    slope = LATE_GROWTH - 1
    if elapsed < OLD_SECONDS:
        return min(EARLY_GAP_CAP_SECONDS * LATE_GROWTH + slope * (elapsed - EARLY_SECONDS), LATE_GAP_CAP_SECONDS)
    return min(LATE_GAP_CAP_SECONDS + slope * (elapsed - OLD_SECONDS), OLD_GAP_CAP_SECONDS)


def plain_looks(until: float) -> list[float]:
    """Return the looks of the plain schedule without jitter (its fewest), up to the first at or after `until`."""
    looks = [FIRST_LOOK_SECONDS]
    while looks[-1] < until:
        looks.append(looks[-1] + plain_gap(looks[-1]))
    return looks


@dataclass(frozen=True, slots=True)
class Expectation:
    """What history says about a query's duration, in seconds.

    Attributes:
        low, high: between these it is expected to end.
        usual: by then most runs had ended.
    """

    low: float
    high: float
    usual: float


def expectation(durations: Sequence[float]) -> Expectation | None:
    """Return what earlier runs let expect, or None if there were none or they differ too much to tell.

    Args:
        durations: seconds of earlier runs, in any order.
    """
    runs = _usable(durations)
    if not runs:
        return None
    quick, middle, slow = (_quantile(runs, part) for part in (SPREAD_TAIL, 0.5, 1 - SPREAD_TAIL))
    if slow > quick * WIDEST_SPREAD:
        return None
    return Expectation(min(quick, middle * (1 - TOLERANCE)), max(slow, middle * (1 + TOLERANCE)), slow)


def typical_range(durations: Sequence[float]) -> tuple[float, float] | None:
    """Return the seconds that most earlier runs took, low and high, or None if history is too short to say (A17)."""
    runs = _usable(durations)
    if len(runs) < MIN_RUNS_FOR_A_RANGE:
        return None
    return _quantile(runs, SPREAD_TAIL), _quantile(runs, 1 - SPREAD_TAIL)


@lru_cache(maxsize=512)
def gathered_looks(expected: Expectation) -> tuple[float, ...]:
    """Return the planned looks of a job with a known duration: few before, close ones where its end is expected.

    Whenever it ends there, the plan has made no more looks than the plain schedule without jitter.
    """
    plain = plain_looks(expected.high)
    wanted = _fewest_early_looks(expected.low, bisect_left(plain, expected.low))
    # There can't be more close looks than plain ones, so a search over hours need not begin with thousands.
    gap = max(CLOSE_GAP_SECONDS, (expected.high - expected.low) / len(plain))
    while True:
        close = _close_looks(expected, gap)
        spare = _spare_looks(expected, close, plain)
        if spare >= wanted:
            return (*_early_looks(expected.low, spare), *close)
        gap *= GAP_SEARCH_STEP


def next_look(
    elapsed: float,
    planned: Sequence[float],
    uniform: Uniform,
    *,
    in_view: bool = False,
    at_least: float = 0.0,
) -> float:
    """Return the age in seconds at which a job is looked at next.

    Args:
        elapsed: its age now.
        planned: its `gathered_looks`, or nothing.
        uniform: returns a number in [0, 1).
        in_view: whether a person is looking at its row.
        at_least: a shortest gap in seconds.
    """
    position = bisect_right(planned, elapsed + at_least)
    if position < len(planned):
        return planned[position] + CLOSE_JITTER_SECONDS * uniform()
    gap = plain_gap(elapsed)
    if in_view:
        gap = min(gap, IN_VIEW_GAP_SECONDS)
    return elapsed + max(gap * (1 - JITTER * uniform()), at_least)


def _usable(durations: Sequence[float]) -> list[float]:
    return sorted(seconds for seconds in durations if math.isfinite(seconds) and seconds > 0)


def _quantile(ordered: Sequence[float], part: float) -> float:
    place = part * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def _close_looks(expected: Expectation, gap: float) -> list[float]:
    """Return looks `gap` apart, one of them just after the usual end, the last at or after the latest expected end."""
    anchor = expected.usual + AFTER_END_SECONDS
    if expected.high - anchor < AFTER_END_SECONDS:
        anchor = max(anchor, expected.high)
    before = max(math.floor((anchor - expected.low) / gap), 0)
    after = max(math.ceil((expected.high - anchor) / gap), 0)
    return [anchor + step * gap for step in range(-before, after + 1)]


def _spare_looks(expected: Expectation, close: Sequence[float], plain: Sequence[float]) -> int:
    """Return how many earlier looks can be afforded; negative if the close ones alone are too many."""
    spare = bisect_left(plain, expected.low)
    for made, moment in enumerate(close, start=1):
        if moment < expected.high:
            # A job that ends right after this look costs one more here, and by plain the first look after `moment`.
            spare = min(spare, bisect_right(plain, moment) - made)
    return spare


def _fewest_early_looks(low: float, plain: int) -> int:
    """Return how many looks there should be before `low`, where the plain schedule has `plain`."""
    if low <= FIRST_LOOK_SECONDS:
        return 0
    growing = math.ceil(math.log(low / FIRST_LOOK_SECONDS, EARLY_GROWTH))
    # The last early gap is about so many times the mean one.
    even = min(math.ceil(EARLY_CURVE * low / WIDEST_EARLY_GAP_SECONDS), plain // 2)
    return min(max(growing, even), max(plain - 1, 0))


def _early_looks(low: float, count: int) -> list[float]:
    """Return `count` looks before `low`, ever further apart: what fails at once is seen soon."""
    if low <= FIRST_LOOK_SECONDS:
        return []
    room = low - FIRST_LOOK_SECONDS
    return [FIRST_LOOK_SECONDS + room * (step / count) ** EARLY_CURVE for step in range(count)]
