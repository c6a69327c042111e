"""New, gone, moved, the same: in places and in words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.api.practice_models import Exercise, Result
from sana_desktop.practice.comparison import Change, compare, compare_sessions
from sana_desktop.practice.repeatability import judge
from tests.support.practice_askers import answered, exercise

A, B, C, D = (exercise(name) for name in "ABCD")
LISTS = st.lists(st.sampled_from([A, B, C, D]), max_size=8)


def test_each_fate_in_words() -> None:
    found = compare([A, B, C], [A, D, B])
    assert [str(words) for words in found.words()] == [
        "1 new, 1 gone, 1 moved, 1 the same.",
        "Not checked: whether the same question gets the same answer twice.",
        "New: D, at place 2.",
        "Moved down: B, from place 2 to 3.",
        "Gone: C, which was at place 3.",
    ]
    assert compare([A, B], [B, A]).differences[0].words() == "Moved up: B, from place 2 to 1."
    assert compare([A], [A]).differences[0].words() == "The same: A, at place 1."


@given(LISTS, LISTS)
def test_every_exercise_has_one_fate(before: list[Exercise], after: list[Exercise]) -> None:
    found = compare(before, after)
    there = [each for each in found.differences if each.after is not None]
    assert [each.exercise for each in there] == after
    assert sorted(each.before for each in found.differences if each.before) == list(range(1, len(before) + 1))
    assert found.identical == (before == after)
    assert found.count(Change.NEW) - found.count(Change.GONE) == len(after) - len(before)


@given(LISTS)
def test_nothing_changed(exercises: list[Exercise]) -> None:
    found = compare(exercises, exercises)
    assert found.identical
    assert "No difference" in found.words()[0]


def test_the_verdict_on_repeating_is_said_with_the_difference() -> None:
    found = compare([A], [B], judge([["A"], ["B"]]))
    assert "varied" in found.words()[1]


def test_two_sessions() -> None:
    before = [answered(A), answered(B, Result.INCORRECT), answered(C, Result.SKIPPED)]
    after = [answered(B), answered(A, Result.INCORRECT), answered(A), answered(D)]
    found = compare_sessions(before, after)
    assert (found.right_before, found.answers_before, found.right_after, found.answers_after) == (1, 2, 3, 4)
    assert [str(change.words()) for change in found.changes] == ["B was wrong and is now right."]
    assert found.words()[0] == "Fully right: 1 of 2 answers before, 3 of 4 after."
    assert found.exercises.count(Change.GONE) == 1


def test_every_change_of_a_result_has_words() -> None:
    for before in Result:
        for after in Result:
            changes = compare_sessions([answered(A, before)], [answered(A, after)]).changes
            assert [bool(change.words()) for change in changes] == ([] if before is after else [True])
