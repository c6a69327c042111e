"""The formulas, against values worked out by hand and against their own laws."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.api.practice_models import Exercise
from sana_desktop.practice import learner_models as models
from tests.support.practice_askers import exercise

LOGITS = st.floats(-8, 8)


def test_rasch_at_known_places() -> None:
    assert models.rasch(0.0, 0.0) == 0.5
    assert models.rasch(1.0, 0.0) == pytest.approx(0.731058, abs=1e-6)
    assert models.two_parameter(1.0, 0.0, 2.0) == pytest.approx(0.880797, abs=1e-6)
    assert models.logistic(-800.0) == 0.0


@given(LOGITS, LOGITS, st.floats(0.01, 4))
def test_more_ability_never_hurts(ability: float, difficulty: float, more: float) -> None:
    assert models.rasch(ability + more, difficulty) > models.rasch(ability, difficulty)
    assert models.guess_slip(True, difficulty) > models.guess_slip(False, difficulty)


@given(st.floats(0.01, 0.99), st.floats(-4, 4))
def test_a_right_answer_never_lowers_the_belief(known: float, difficulty: float) -> None:
    before = models.Knowledge(known, learns=0.1)
    right, wrong = before.after(True, difficulty), before.after(False, difficulty)
    assert right.known > wrong.known
    assert 0.0 <= wrong.known <= 1.0
    assert right.known >= known
    assert models.guess_at(difficulty) <= before.chance(difficulty) <= 1.0 - models.slip_at(difficulty)


def test_knowledge_tracing_by_hand() -> None:
    """With guess g and slip s: P(L|right) = P(L)(1-s) / (P(L)(1-s) + (1-P(L))g), then P(T) of the rest is learned."""
    guess, slip = models.guess_at(0.0), models.slip_at(0.0)
    believed = 0.4 * (1 - slip) / (0.4 * (1 - slip) + 0.6 * guess)
    assert models.Knowledge(0.4, 0.2).after(True, 0.0).known == pytest.approx(believed + (1 - believed) * 0.2)


def test_hard_exercises_take_longer() -> None:
    assert models.typical_seconds(0, 0, 20) == 20
    assert models.typical_seconds(0, 2, 20) > 20 > models.typical_seconds(0, -2, 20)
    assert models.typical_seconds(0, 900, 20) < 40


@pytest.mark.parametrize(
    ("metadata", "level", "difficulty"),
    [
        ('{"irt_b": -0.4}', 3.0, -0.4),
        ('{"irt_b": 2}', None, 2.0),
        ("{}", 3.0, 3.0),
        ("not json", 3.0, 3.0),
        ('{"irt_b": "hard"}', None, None),
        ('{"irt_b": true}', None, None),
        ("[1]", None, None),
        (None, 80.0, models.MAX_LOGITS),
        (None, math.nan, None),
        ("[" * 10_000, None, None),
        (None, None, None),
    ],
)
def test_where_the_difficulty_is_said(metadata: str | None, level: float | None, difficulty: float | None) -> None:
    one = Exercise("1", "/a", difficulty_level=level, metadata=metadata)
    assert models.known_difficulty(one) == difficulty
    assert models.difficulty_of(one) == (difficulty or 0.0)


def test_our_own_exercises_say_it() -> None:
    assert models.known_difficulty(exercise("1", b=1.25)) == 1.25
