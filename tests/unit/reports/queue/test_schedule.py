"""The poll schedule at the values its contract names (B8, A17)."""

from __future__ import annotations

import math

import pytest

from sana_desktop.reports.queue import schedule


def middle() -> float:
    return 0.5


def test_the_plain_schedule_as_it_is_written_down() -> None:
    looks = schedule.plain_looks(20.0)
    assert looks == pytest.approx(
        [0.5, 0.96, 1.67, 2.63, 3.84, 5.3, 7.01, 8.97, 10.97, 12.97, 14.97, 16.97, 18.97, 20.97]
    )


def test_after_a_minute_gaps_grow_by_a_quarter_up_to_15_s_and_after_an_hour_to_60() -> None:
    gaps = []
    age = 60.0
    while age < 200:
        gaps.append(schedule.plain_gap(age))
        age += gaps[-1]
    assert gaps[:4] == pytest.approx([2.5, 3.125, 3.90625, 4.8828125])
    assert gaps[-1] == 15.0
    assert schedule.plain_gap(3_599) == 15.0
    assert schedule.plain_gap(3_600) == 15.0
    assert schedule.plain_gap(10_000) == 60.0


@pytest.mark.parametrize(("takes", "recipe_sees", "recipe_looks"), [(0.7, 1.0, 2), (2.3, 3.0, 4), (10.4, 11.0, 12)])
def test_the_three_jobs_of_the_benchmark_with_middling_jitter(
    takes: float, recipe_sees: float, recipe_looks: int
) -> None:
    looks = [0.0]
    while looks[-1] < takes:
        looks.append(schedule.next_look(looks[-1], (), middle))
    assert looks[-1] <= recipe_sees
    assert len(looks) - 1 <= recipe_looks


@pytest.mark.parametrize(("takes", "recipe_late"), [(0.7, 0.3), (2.3, 0.7), (10.4, 0.6)])
def test_with_history_they_are_seen_in_less_than_half_the_time(takes: float, recipe_late: float) -> None:
    expected = schedule.expectation([takes])
    assert expected is not None
    planned = schedule.gathered_looks(expected)
    seen = next(look for look in planned if look >= takes)
    assert seen + schedule.CLOSE_JITTER_SECONDS - takes <= recipe_late / 2


def test_a_job_in_view_is_looked_at_at_least_every_five_seconds() -> None:
    assert schedule.next_look(9_000, (), middle, in_view=True) - 9_000 <= 5
    assert schedule.next_look(9_000, (), middle) - 9_000 > 50


def test_a_shortest_gap_is_kept_with_and_without_a_plan() -> None:
    assert schedule.next_look(3.0, (), middle, at_least=5.0) == 8.0
    assert schedule.next_look(3.0, (4.0, 5.0, 9.0, 12.0), middle, at_least=5.0) >= 9.0


def test_after_the_plan_the_plain_schedule_goes_on() -> None:
    assert schedule.next_look(12.5, (4.0, 12.0), middle) == pytest.approx(12.5 + 2.0 * (1 - schedule.JITTER / 2))


def test_history_without_runs_or_with_wild_ones_expects_nothing() -> None:
    assert schedule.expectation([]) is None
    assert schedule.expectation([math.nan, math.inf, -3.0, 0.0]) is None
    assert schedule.expectation([1.0, 60.0, 2.0, 70.0]) is None


def test_a_range_needs_two_runs_and_leaves_out_the_odd_one() -> None:
    assert schedule.typical_range([40.0]) is None
    assert schedule.typical_range([41.0, 39.0]) == pytest.approx((39.2, 40.8))
    low, high = schedule.typical_range([40.0] * 19 + [400.0]) or (0, 0)
    assert (low, high) == (40.0, 40.0)


def test_the_plan_covers_what_was_seen_when_that_is_wider_than_a_tenth() -> None:
    expected = schedule.expectation([30.0, 40.0, 50.0])
    assert expected is not None
    assert (expected.low, expected.high) == pytest.approx((32.0, 48.0))
    assert schedule.gathered_looks(expected)[-1] >= 48.0
