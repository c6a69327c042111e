"""Intervals, curves and estimates against values from elsewhere and against their own laws."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.practice.learner_models import rasch
from sana_desktop.practice.meaning.figures import AbilityEstimate, Curve, Interval, Moving, wilson


@pytest.mark.parametrize(
    ("successes", "of", "low", "high"),
    [
        # Newcombe, R. G. (1998), Statistics in Medicine 17, table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_gives_the_published_intervals(successes: int, of: int, low: float, high: float) -> None:
    found = wilson(successes, of)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@given(st.integers(0, 5_000), st.integers(0, 5_000))
def test_an_interval_holds_its_share(successes: int, failures: int) -> None:
    found = wilson(successes, successes + failures)
    assert 0.0 <= found.low <= found.share <= found.high <= 1.0
    mirrored = wilson(failures, successes + failures)
    assert found.low == pytest.approx(1 - mirrored.high)


def test_nothing_observed_says_nothing() -> None:
    assert wilson(0, 0) == Interval(0.0, 0.0, 1.0)
    with pytest.raises(ValueError, match="within"):
        wilson(2, 1)


@given(st.integers(1, 3_000), st.integers(4, 60))
def test_a_curve_is_bounded_and_keeps_its_ends(length: int, most: int) -> None:
    curve = Curve(most)
    for step in range(1, length + 1):
        curve.add(step, float(step))
    points = curve.points()
    assert len(points) <= most
    assert (points[0].step, points[-1].step) == (1, length)
    assert [point.value for point in points] == sorted(point.value for point in points)


def test_an_empty_curve_has_no_points() -> None:
    assert Curve().points() == ()


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=200), st.integers(1, 30))
def test_a_moving_mean_is_the_mean_of_the_last(values: list[float], width: int) -> None:
    moving = Moving(width)
    for value in values:
        last = moving.add(value)
    tail = values[-width:]
    assert last == pytest.approx(sum(tail) / len(tail), abs=1e-9)


@pytest.mark.parametrize("ability", [-2.0, 0.0, 1.5])
def test_the_estimate_comes_near_the_truth(ability: float) -> None:
    chance = random.Random(7)
    estimate = AbilityEstimate()
    for _ in range(400):
        difficulty = chance.uniform(-2, 2)
        estimate.add(chance.random() < rasch(ability, difficulty), difficulty)
    mean, error = estimate.ability()
    assert abs(mean - ability) < 3 * error
    assert error < 0.2


def test_the_estimate_begins_at_average_and_unsure() -> None:
    mean, error = AbilityEstimate().ability()
    assert mean == pytest.approx(0.0)
    assert error > 1.2
