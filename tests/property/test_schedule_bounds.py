"""B8 in numbers, for every duration and every jitter."""

from __future__ import annotations

from bisect import bisect_left
from functools import partial
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sana_desktop.reports.queue import schedule

DURATIONS = st.floats(0.1, 120.0)
JITTERS = st.lists(st.floats(0.0, 1.0, exclude_max=True), min_size=1, max_size=60)


def looks_until(duration: float, jitters: list[float], planned: tuple[float, ...] = ()) -> list[float]:
    """Return the looks of a job that ends after `duration` seconds, the last being the one that sees it."""
    looks = [0.0]
    while looks[-1] < duration:
        looks.append(schedule.next_look(looks[-1], planned, partial(float, jitters[len(looks) % len(jitters)])))
    return looks[1:]


@settings(deadline=None)
@given(st.floats(0.1, 20.0), JITTERS)
def test_b8_a_job_of_up_to_20_s_costs_at_most_14_looks_and_is_seen_within_two(
    duration: float, jitters: list[float]
) -> None:
    looks = looks_until(duration, jitters)
    assert len(looks) <= 14
    assert looks[-1] - duration <= 2.0 + 1e-9


@settings(deadline=None)
@given(DURATIONS, JITTERS)
def test_b8_the_first_look_comes_after_half_a_second_and_gaps_grow_by_a_quarter_to_two(
    duration: float, jitters: list[float]
) -> None:
    looks = looks_until(duration, jitters)
    assert 0.5 * (1 - schedule.JITTER) <= looks[0] <= 0.5
    assert all(look <= plain + 1e-9 for look, plain in zip(looks, schedule.plain_looks(duration), strict=False))
    for before, gap in zip(looks, (later - earlier for earlier, later in pairwise(looks)), strict=False):
        assert schedule.EARLY_GAP_SECONDS * (1 - schedule.JITTER) - 1e-9 <= gap <= schedule.plain_gap(before) + 1e-9
        if before < 60:
            assert gap <= 2.0 + 1e-9


@settings(deadline=None)
@given(st.sampled_from([(0.7, 0.26, 2), (2.3, 0.33, 4), (10.4, 0.57, 9)]), JITTERS)
def test_the_jobs_of_the_benchmark_are_seen_in_time_whatever_the_jitter(
    job: tuple[float, float, int], jitters: list[float]
) -> None:
    takes, latest, most = job
    looks = looks_until(takes, jitters)
    assert looks[-1] - takes <= latest + 1e-9
    assert len(looks) <= most


@settings(deadline=None)
@given(DURATIONS, JITTERS)
def test_the_plain_schedule_never_needs_many_more_looks_than_a_recipe_that_looks_every_second(
    duration: float, jitters: list[float]
) -> None:
    recipe = int(-(-duration // 1)) + 1
    looks = looks_until(duration, jitters)
    assert len(looks) <= recipe + 1
    if duration > 8:
        assert len(looks) < recipe


@settings(deadline=None)
@given(st.floats(60.0, 100_000.0))
def test_b8_late_gaps_stay_within_their_caps_and_never_shrink(age: float) -> None:
    gap = schedule.plain_gap(age)
    assert 2.0 < gap <= (15.0 if age < 3600 else 60.0)
    assert schedule.plain_gap(age + gap) >= gap
    if age + gap < 110:
        assert schedule.plain_gap(age + gap) == pytest.approx(1.25 * gap, abs=1e-6)


@settings(deadline=None)
@given(st.floats(0.1, 75.0), st.floats(0.9, 1.1), JITTERS)
def test_b8_a_job_that_repeats_within_a_tenth_is_seen_within_half_a_second_with_no_more_looks(
    usual: float, factor: float, jitters: list[float]
) -> None:
    expected = schedule.expectation([usual])
    assert expected is not None
    duration = min(max(usual * factor, expected.low), expected.high)
    looks = looks_until(duration, jitters, schedule.gathered_looks(expected))
    assert looks[-1] - duration <= 0.5 + 1e-9
    assert len(looks) <= len(schedule.plain_looks(duration))


@settings(deadline=None)
@given(st.floats(0.1, 30_000.0), st.floats(0.9, 1.1))
def test_b8_however_long_a_known_job_takes_it_costs_no_more_looks_than_an_unknown_one(
    usual: float, factor: float
) -> None:
    expected = schedule.expectation([usual])
    assert expected is not None
    duration = min(max(usual * factor, expected.low), expected.high)
    planned = schedule.gathered_looks(expected)
    seen = bisect_left(planned, duration)
    assert seen + 1 <= len(schedule.plain_looks(duration))
    assert planned[seen] - duration <= schedule.plain_gap(duration) + 0.5


@settings(deadline=None)
@given(st.floats(0.2, 3_600.0))
def test_a_known_job_that_repeats_exactly_is_seen_at_once(usual: float) -> None:
    expected = schedule.expectation([usual])
    assert expected is not None
    planned = schedule.gathered_looks(expected)
    late = planned[bisect_left(planned, usual)] - usual
    assert late <= 2 * schedule.AFTER_END_SECONDS + 1e-6


@settings(deadline=None)
@given(
    st.lists(st.floats(0.01, 10_000.0), max_size=30), st.floats(0.0, 20_000.0), st.floats(0.0, 1.0, exclude_max=True)
)
def test_the_next_look_is_always_ahead_whatever_history_says(
    durations: list[float], age: float, uniform: float
) -> None:
    expected = schedule.expectation(durations)
    planned = schedule.gathered_looks(expected) if expected else ()
    due = schedule.next_look(age, planned, lambda: uniform)
    assert due > age
    assert due - age <= max(2 * schedule.plain_gap(due), 2 * schedule.WIDEST_EARLY_GAP_SECONDS)
    assert list(planned) == sorted(set(planned))


@settings(deadline=None)
@given(st.lists(st.floats(0.01, 10_000.0), min_size=2, max_size=30))
def test_the_typical_range_lies_within_what_was_seen(durations: list[float]) -> None:
    found = schedule.typical_range(durations)
    assert found is not None
    assert min(durations) - 1e-9 <= found[0] <= found[1] + 1e-9 <= max(durations) + 2e-9
