"""What a question limits itself to: listed, dropped one by one, and named."""

from __future__ import annotations

from sana_desktop.api.practice_models import Constraints, NextQuery
from sana_desktop.practice.exercises.limits import (
    Limit,
    Part,
    by_part,
    contradicted,
    limits_of,
    listed,
    named,
    named_in_a_row,
    without,
)
from tests.support.practice_askers import exercise

QUERY = NextQuery("u", 5, Constraints(True, ("/a", "/b", "/a"), ("x", "y")), 0.25)


def test_every_tag_and_every_path_is_one_of_its_own() -> None:
    assert limits_of(QUERY) == (
        Limit(Part.TAGS, "x"),
        Limit(Part.TAGS, "y"),
        Limit(Part.PATHS, "/a"),
        Limit(Part.PATHS, "/b"),
        Limit(Part.REVIEW),
        Limit(Part.CHALLENGE, "0.25"),
    )
    assert limits_of(NextQuery("u", constraints=Constraints(is_review=False))) == ()


def test_only_what_is_named_is_dropped() -> None:
    less = without(QUERY, [Limit(Part.TAGS, "x"), Limit(Part.PATHS, "/a"), Limit(Part.PATHS, "/elsewhere")])
    assert less == NextQuery("u", 5, Constraints(True, ("/b",), ("y",)), 0.25)
    assert without(QUERY, limits_of(QUERY)) == NextQuery("u", 5)
    assert without(QUERY, ()) == NextQuery("u", 5, Constraints(True, ("/a", "/b", "/a"), ("x", "y")), 0.25)


def test_names_are_told_kind_by_kind() -> None:
    assert [str(words) for words in named(limits_of(QUERY))] == [
        "the tags x and y",
        "the topics a and b",
        "“review only”",
        "the challenge 0.25",
    ]
    assert str(named([Limit(Part.PATHS, "/a")])[0]) == "the topic a"
    assert list(by_part(limits_of(QUERY))) == list(Part)


def test_names_end_a_sentence() -> None:
    all_kinds = " ".join(named_in_a_row(limits_of(QUERY)))
    assert all_kinds == "the tags x and y, the topics a and b, “review only”, and the challenge 0.25."
    assert named_in_a_row([Limit(Part.REVIEW)]) == ("“review only”.",)
    assert [listed(names) for names in (["a"], ["a", "b"], ["a", "b", "c"])] == ["a", "a and b", "a, b and c"]


def test_what_an_exercise_contradicts_is_the_whole_list_that_it_is_not_in() -> None:
    assert contradicted(exercise("e", "/a/deep", "z"), QUERY) == (Limit(Part.TAGS, "x"), Limit(Part.TAGS, "y"))
    assert contradicted(exercise("e", "/b", "y"), QUERY) == ()
