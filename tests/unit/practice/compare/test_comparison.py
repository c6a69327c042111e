"""New, gone, moved, the same: in places and in words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.api.practice_models import Constraints, Exercise, NextQuery, Result
from sana_desktop.practice.compare.comparison import Change, compare, compare_questions, compare_sessions
from sana_desktop.practice.compare.repeatability import judge
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


def test_one_is_said_as_one_and_thousands_are_apart() -> None:
    assert str(compare([A], [A]).words()[0]) == "No difference: the same exercise."
    many = [Exercise(f"x{n}", "/a/") for n in range(1_200)]
    assert str(compare(many, many).words()[0]).startswith("No difference: 1,200 exercises")
    assert str(compare([A], many).words()[0]) == "1,200 new, 1 gone, 0 moved, 0 the same."
    answers = [answered(A)] * 1_100
    assert "1,100 of 1,100 answers in the first" in str(compare_sessions(answers, [answered(A)]).words()[0])


def test_the_verdict_on_repeating_is_said_with_the_difference() -> None:
    found = compare([A], [B], judge([["A"], ["B"]]))
    assert "varied" in found.words()[1]


def test_in_two_sessions_an_exercise_that_came_often_is_one() -> None:
    before = [answered(A), answered(B)] + [answered(A, Result.INCORRECT)] * 1_200
    after = [answered(B), answered(A), answered(C)] + [answered(C)] * 3
    found = compare_sessions(before, after)
    assert [each.exercise.id for each in found.exercises.differences] == ["B", "A", "C"]
    assert [str(words) for words in found.words()][:3] == [
        "Fully right: 2 of 1,202 answers in the first, 6 of 6 in the second.",
        "An exercise that was answered several times is counted once below; its last answer is compared.",
        "1 only in the second, 0 only in the first, 2 at another position, 0 the same.",
    ]
    assert [str(change.words()) for change in found.changes] == ["A: wrong in the first, right in the second."]
    assert not compare_sessions([answered(A)], [answered(A)]).repeated


def test_two_sessions() -> None:
    before = [answered(A), answered(B, Result.INCORRECT), answered(C, Result.SKIPPED)]
    after = [answered(B), answered(A, Result.INCORRECT), answered(A), answered(D)]
    found = compare_sessions(before, after)
    assert (found.right_before, found.answers_before, found.right_after, found.answers_after) == (1, 2, 3, 4)
    assert [str(change.words()) for change in found.changes] == ["B: wrong in the first, right in the second."]
    assert found.words()[0] == "Fully right: 1 of 2 answers in the first, 3 of 4 in the second."
    assert found.exercises.count(Change.GONE) == 1


def test_every_change_of_a_result_has_words() -> None:
    for before in Result:
        for after in Result:
            changes = compare_sessions([answered(A, before)], [answered(A, after)]).changes
            assert [bool(change.words()) for change in changes] == ([] if before is after else [True])


QUESTION = NextQuery("u", None, Constraints(None, ("/a", "/b"), ("x",)), 0.3)


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (QUESTION, "The same question on both sides."),
        (replace(QUESTION, num_exercises=1, constraints=Constraints(False, ("/b", "/a"), ("x",))), "The same question"),
        (replace(QUESTION, user_id="v"), "Asked for another learner."),
        (replace(QUESTION, challenge_level=0.7), "Another challenge: 0.3, then 0.7."),
        (replace(QUESTION, challenge_level=None), "Another challenge: 0.3, then as Sana decides."),
        (replace(QUESTION, num_exercises=5), "Another number of exercises: 1, then 5."),
        (replace(QUESTION, constraints=Constraints(None, ("/a",), ("x",))), "From other topics."),
        (replace(QUESTION, constraints=Constraints(None, ("/a", "/b"), ())), "With other tags."),
        (replace(QUESTION, constraints=Constraints(True, ("/a", "/b"), ("x",))), "“Review only” on one side alone."),
    ],
)
def test_what_two_questions_do_not_have_in_common(other: NextQuery, words: str) -> None:
    (said,) = compare_questions(QUESTION, other)
    assert said.startswith(words)


def test_the_challenge_of_sana_stands_first_where_it_was_first() -> None:
    found = compare_questions(replace(QUESTION, challenge_level=None), replace(QUESTION, user_id="v"))
    assert [str(words) for words in found] == [
        "Asked for another learner.",
        "Another challenge: as Sana decides, then 0.3.",
    ]
