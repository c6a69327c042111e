"""Then and now: where recommended exercises stand in a file, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from sana_desktop.api.practice_models import Exercise, ExerciseOutcome, NextQuery, Outcome, Recommendation, Result
from sana_desktop.practice.compare.comparison import Change
from sana_desktop.practice.replay.compare import InFile, Met, StopsFound, ThenAndNow, look_around, stops_of
from sana_desktop.practice.sessions.session import Answered, Asked, Mode, SessionRecord, Setup
from tests.support.outbox_bench import SITE, START, an_exchange

NAMES = "abcabdefa"
"""What a person did, one letter an exercise."""


def exercises(names: str) -> tuple[Exercise, ...]:
    return tuple(Exercise(name, "/p") for name in names)


def outcomes(names: str) -> list[ExerciseOutcome]:
    return [
        ExerciseOutcome(each, Outcome(START + timedelta(minutes=number), Result.CORRECT))
        for number, each in enumerate(exercises(names))
    ]


def asked(names: str, count: int | None = None) -> Asked:
    answer = Recommendation(exercises(names), an_exchange("/v1/next-exercises"))
    return Asked(START, NextQuery("u", count), answer)


def found(now: str, done: int = 3, names: str = NAMES, count: int | None = None) -> ThenAndNow:
    then, places = look_around(outcomes(names), done, count or len(now), set(now))
    return ThenAndNow(done, len(names), then, asked(now, count), tuple(places[name] for name in now))


def sentences(comparison: ThenAndNow | StopsFound) -> list[str]:
    return [words.say(str) for words in comparison.words()]


def test_a_look_around_tells_what_comes_next_and_where_each_stands() -> None:
    then, places = look_around(outcomes(NAMES), 3, 2, {"a", "e", "c", "x"})
    assert [each.id for each in then] == ["a", "b"]
    assert places == {"a": InFile(1, 1), "e": InFile(0, 4), "c": InFile(1, None), "x": InFile()}
    assert look_around(outcomes("ab"), 2, 5, {"a"}) == ((), {"a": InFile(1, None)})
    assert look_around([], 0, 5, ()) == ((), {})


@pytest.mark.parametrize(
    ("place", "window", "met"),
    [
        (InFile(3, 2), 2, Met.NEXT),
        (InFile(3, 3), 2, Met.LATER),
        (InFile(3, None), 2, Met.BEFORE),
        (InFile(), 2, Met.NEVER),
        (InFile(0, 1), 0, Met.LATER),
    ],
)
def test_when_an_exercise_was_met(place: InFile, window: int, met: Met) -> None:
    assert place.met(window) is met


def test_what_differs_is_new_gone_and_moved_and_said() -> None:
    compared = found("bexc")  # then: a b d e
    assert [(each.exercise.id, each.change) for each in compared.comparison.differences] == [
        ("b", Change.MOVED), ("e", Change.MOVED), ("x", Change.NEW), ("c", Change.NEW), ("a", Change.GONE),
        ("d", Change.GONE),
    ]  # fmt: skip
    assert compared.met == (Met.NEXT, Met.NEXT, Met.NEVER, Met.BEFORE)
    assert sentences(compared) == [
        "Of 4 recommended now, 2 among the next 4 that they did (0 at the same place).",
        "Of the others: 0 later in the file, 1 done before, 1 not in it.",
    ]


def test_the_same_then_as_now_is_said() -> None:
    assert sentences(found("abd")) == ["Now as then: what is recommended is what they did next, in the same order."]


def test_names_that_the_content_does_not_have_are_no_finding_about_the_recommender() -> None:
    strange = replace(found("xyz"), strange=True)
    assert sentences(strange) == [
        "Of 3 recommended now, 0 among the next 3 that they did (0 at the same place).",
        (
            "None of them is in the file, and none of its exercises is one of your content: see whether they have the "
            "names that Sana knows them by."
        ),
    ]


def test_where_the_names_are_right_nothing_is_hinted_of_them() -> None:
    assert sentences(found("xyz"))[1:] == ["None of them is in the file."]
    assert sentences(found("x"))[1:] == ["It is not in the file."]


def test_where_nothing_is_recommended_or_nothing_follows_nothing_is_compared() -> None:
    assert sentences(found("", count=3)) == [
        "Nothing is recommended at this point with this set-up, so there is nothing to compare."
    ]
    assert sentences(found("ax", done=len(NAMES))) == [
        "The file ends here, so there is nothing that they did next. Recommended now: 2.",
        "Of the others: 0 later in the file, 1 done before, 1 not in it.",
    ]


def record_of(*events: Answered | Asked) -> SessionRecord:
    return SessionRecord("s", SITE, "t", Setup(Mode.SINGLE, "u"), events, START, START)


def reported(names: str) -> list[Answered]:
    return [Answered(each.outcome.timestamp, each.exercise, each.outcome, None) for each in outcomes(names)]


def test_the_stops_of_a_session_are_those_with_answers_of_the_file_after_them() -> None:
    answers = reported(NAMES)
    by_hand = replace(answers[0], asked=len(answers) + 3)
    record = record_of(
        asked("a"), *answers[:3], asked("bexc", 4), *answers[3:6], asked("f"), *answers[6:], asked("q"), by_hand
    )
    stops = stops_of(record, lambda queries: None)
    assert [(stop.done, stop.total) for stop in stops.stops] == [(0, len(NAMES)), (3, len(NAMES)), (6, len(NAMES))]
    assert stops.stops[1].met == found("bexc").met
    assert sentences(stops) == [
        "Asked at 3 points: of 6 recommended, 3 done next.",
        "Of the others: 1 later in the file, 1 done before, 1 not in it.",
    ]
    assert sentences(stops_of(record_of(*answers), lambda queries: None)) == []
    assert sentences(stops_of(record_of(*answers[:2], asked(""), *answers[2:]), lambda queries: None)) == [
        "Nothing was recommended wherever it was asked."
    ]
