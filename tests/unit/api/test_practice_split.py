"""Outcomes in bodies: the two ends of the rule; what lies between is in tests/property."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sana_desktop.api.practice_models import ExerciseOutcome
from sana_desktop.api.practice_split import split_outcomes
from sana_desktop.api.practice_wire import MAX_REQUEST_BYTES, encode_outcomes
from sana_desktop.base.errors import UserError
from tests.support.practice_client import DONE, outcome


def filled(size: int, user_id: str = "u") -> ExerciseOutcome:
    """An outcome whose body alone has `size` bytes."""
    bare = len(encode_outcomes(user_id, [outcome(0, metadata="")]))
    return outcome(0, metadata="x" * (size - bare))


def test_nothing_makes_no_body() -> None:
    assert split_outcomes("u", []) == ()


def test_what_fits_is_one_body() -> None:
    few = [outcome(number) for number in range(50)]
    assert split_outcomes("u", few) == (tuple(few),)


def test_a_full_body_takes_nothing_more() -> None:
    full = filled(MAX_REQUEST_BYTES)
    assert len(encode_outcomes("u", [full])) == MAX_REQUEST_BYTES
    assert split_outcomes("u", [DONE, full, DONE]) == ((DONE,), (full,), (DONE,))


def test_two_that_fit_to_the_byte_go_together() -> None:
    rest = MAX_REQUEST_BYTES - len(encode_outcomes("u", [DONE, outcome(0, metadata="")]))
    second = outcome(0, metadata="x" * rest)
    assert split_outcomes("u", [DONE, second]) == ((DONE, second),)
    assert len(encode_outcomes("u", [DONE, second])) == MAX_REQUEST_BYTES
    longer = outcome(0, metadata="x" * (rest + 1))
    assert split_outcomes("u", [DONE, longer]) == ((DONE,), (longer,))


@pytest.mark.parametrize(
    ("one", "field"),
    [
        (filled(MAX_REQUEST_BYTES + 1), "outcome.metadata"),
        (replace(DONE, exercise=replace(DONE.exercise, metadata="é" * 9_000)), "exercise.metadata"),
        (replace(DONE, exercise=replace(DONE.exercise, tags=("tag",) * 4_000)), "exercise.tags"),
        (replace(DONE, exercise=replace(DONE.exercise, extra={"picture": "x" * 20_000})), "exercise.picture"),
    ],
)
def test_one_that_can_not_fit_is_refused_with_its_size_and_the_field_to_blame(one: ExerciseOutcome, field: str) -> None:
    with pytest.raises(UserError) as caught:
        split_outcomes("u", [DONE, one])
    error = caught.value
    assert error.code == "E-OUT-TOOBIG"
    assert f"“{field}”" in error.message
    assert f"{len(encode_outcomes('u', [one])):,}" in error.message
    assert "16,000" in error.message


def test_a_learner_id_can_be_to_blame() -> None:
    with pytest.raises(UserError) as caught:
        split_outcomes("u" * 16_000, [DONE])
    assert caught.value.values["field"] == "user_id"
