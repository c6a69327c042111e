"""Paths compare level by level, whatever slashes they came with."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.api.practice_models import Constraints
from sana_desktop.practice.exercises.places import fits, group_of, is_below, normal
from tests.support.practice_askers import exercise

LEVELS = st.lists(st.text("abIB", min_size=1, max_size=3), min_size=0, max_size=4)


@pytest.mark.parametrize("path", ["IB/math", "/IB/math", "IB/math/", "/IB/math/", "//IB/math"])
def test_slashes_at_the_ends_make_no_difference(path: str) -> None:
    assert normal(path) == "/IB/math"
    assert is_below("/IB/math/vectors/", path)


def test_a_level_is_whole() -> None:
    assert not is_below("/IB/maths/vectors", "/IB/math")
    assert not is_below("/IB", "/IB/math")


@given(LEVELS, LEVELS)
def test_everything_is_below_each_level_above_it(above: list[str], below: list[str]) -> None:
    path = "/".join([*above, *below])
    assert is_below(path, "/" + "/".join(above) + "/")
    assert is_below(path, group_of(path))


def test_any_path_and_any_tag_will_do() -> None:
    one = exercise("1", "/IB/math/vectors/", "Year2018", "Exam")
    assert fits(one, Constraints())
    assert fits(one, Constraints(paths=("/x", "IB/math"), tags=("none", "Exam")))
    assert not fits(one, Constraints(paths=("/x",), tags=("Exam",)))
    assert not fits(one, Constraints(paths=("/IB",), tags=("exam",)))
