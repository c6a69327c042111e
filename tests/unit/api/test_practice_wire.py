"""JSON of the Web API: what is not set is left out, what nobody described is kept, what makes no sense is skipped."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from sana_desktop.api.practice_models import Constraints, Exercise, ExerciseOutcome, NextQuery, Result
from sana_desktop.api.practice_wire import (
    MAX_REQUEST_BYTES,
    check_size,
    decode_next,
    encode_next,
    encode_outcome,
    encode_outcomes,
    exercise_from_json,
    exercise_to_json,
    outcome_from_json,
    outcome_to_json,
    outcomes_frame,
    outcomes_from_json,
    query_from_json,
    query_to_json,
    size_of,
)
from sana_desktop.api.wire import Unreadable
from sana_desktop.base.errors import UserError
from tests.support.practice_client import DONE, SAMPLE_NEXT, SAMPLE_OUTCOMES, VECTOR, outcome

GIVEN = {"exercise": {"id": "e", "path": "/p"}}


def test_the_smallest_objects_have_their_mandatory_fields_and_no_other() -> None:
    assert exercise_to_json(Exercise("e", "/p")) == {"id": "e", "path": "/p"}
    told = outcome_to_json(outcome(3))
    assert told == {
        "exercise": {"id": "e3", "path": "/a/b"},
        "outcome": {"timestamp": "2026-01-01T12:00:03Z", "result": "correct"},
    }
    assert json.loads(encode_next(NextQuery("u"))) == {"user_id": "u"}
    assert json.loads(encode_next(NextQuery("u", constraints=Constraints(is_review=False)))) == {
        "user_id": "u",
        "constraints": {"is_review": False},
    }


def test_the_fullest_objects_are_the_samples_of_the_page() -> None:
    assert json.loads(encode_outcomes("user", [DONE])) == SAMPLE_OUTCOMES
    query = NextQuery("user", 5, Constraints(False, ("/IB/math/vectors", "/IB/math/algebra/"), ("tag1", "tag2")), 0.5)
    assert json.loads(encode_next(query)) == SAMPLE_NEXT
    assert query_to_json(replace(query, outcomes=(DONE,)))["exercise_outcomes"] == SAMPLE_OUTCOMES["exercise_outcomes"]


def test_what_is_written_can_be_read_again() -> None:
    query = NextQuery("ü", 2, Constraints(True, ("/a",), ("t",)), 0, (DONE, outcome(1, score=-0.5)))
    assert query_from_json(json.loads(encode_next(query))) == query
    assert outcomes_from_json([outcome_to_json(DONE)]) == (DONE,)
    known_later = replace(VECTOR, extra={"title": "Vectors", "rank": {"a": [1, None]}})
    assert exercise_from_json(exercise_to_json(known_later)) == known_later
    with_extra = ExerciseOutcome(known_later, replace(DONE.outcome, extra={"device": "phone"}))
    assert outcome_from_json(json.loads(encode_outcome(with_extra))) == with_extra


def test_bodies_are_compact_utf8() -> None:
    body = encode_outcomes("Zoë 😀", [outcome(0, metadata='{"a": "å"}')])
    assert "Zoë 😀".encode() in body
    assert b": " not in body.replace(b'\\": ', b"")
    assert b"\\u" not in body
    head, tail = outcomes_frame("Zoë 😀")
    assert body == head + encode_outcome(outcome(0, metadata='{"a": "å"}')) + tail
    assert size_of(NextQuery("Zoë 😀")) == len('{"user_id":"Zoë 😀"}'.encode())


@pytest.mark.parametrize("text", ["x", "é", "😀", '"', "\n"], ids=["plain", "two bytes", "emoji", "escaped", "control"])
def test_O01_a_body_of_16000_bytes_passes_and_one_more_does_not(text: str) -> None:
    def body(count: int, filling: str) -> bytes:
        return encode_outcomes("u", [outcome(0, metadata=text * count + filling)])

    size = len(body(1, "")) - len(body(0, ""))
    count, rest = divmod(MAX_REQUEST_BYTES - len(body(0, "")), size)
    check_size(body(count, "x" * rest))
    with pytest.raises(UserError) as caught:
        check_size(body(count, "x" * (rest + 1)))
    assert caught.value.code == "E-OUT-TOOBIG"
    assert "16,001" in caught.value.message


@pytest.mark.parametrize(
    ("query", "field"),
    [
        (NextQuery(""), "user_id"),
        (NextQuery("u", 0), "num_exercises"),
        (NextQuery("u", challenge_level=1.5), "challenge_level"),
        (NextQuery("u", constraints=Constraints(paths=("",))), "paths"),
        (NextQuery("u", constraints=Constraints(tags=(" ",))), "tags"),
        (NextQuery("u", outcomes=(outcome(0, time_spent_ms=-5),)), "time_spent_ms"),
        (NextQuery("u", outcomes=(outcome(0, score=float("inf")),)), "score"),
        (NextQuery("u", outcomes=(replace(DONE, exercise=Exercise("", "/p")),)), "id"),
        (NextQuery("u", outcomes=(replace(DONE, exercise=Exercise("e", "")),)), "path"),
        (NextQuery("u", outcomes=(replace(DONE, exercise=Exercise("e", "/", extra={"x": float("nan")})),)), "extra"),
        (NextQuery("u", outcomes=(replace(DONE, exercise=Exercise("e", "/", extra={"x": "\ud83d"})),)), "extra"),
        (NextQuery("u", outcomes=(replace(DONE, exercise=Exercise("e", "/", extra={"x": object()})),)), "extra"),
    ],
)
def test_what_is_out_of_range_makes_no_body(query: NextQuery, field: str) -> None:
    with pytest.raises(UserError) as caught:
        encode_next(query)
    assert caught.value.values["field"] == field


def test_no_outcomes_make_no_body() -> None:
    with pytest.raises(UserError):
        encode_outcomes("u", [])


def test_of_an_answer_unknown_fields_are_kept_and_wrong_ones_neither_trusted_nor_lost() -> None:
    exercise = exercise_from_json(
        {"id": "e", "path": "p", "tags": ["a", 1], "difficulty_level": "hard", "max_score": None, "title": {"sv": "x"}}
    )
    assert exercise == Exercise("e", "p", extra={"tags": ["a", 1], "difficulty_level": "hard", "title": {"sv": "x"}})
    assert exercise_to_json(exercise) == {"id": "e", "path": "p", "title": {"sv": "x"}}


def test_M13_bad_entries_and_repeats_are_skipped_and_counted() -> None:
    listed: list[Any] = [
        {"id": "a", "path": "/x"},
        None,
        "<b>html</b>",
        {"id": "b"},
        {"path": "/x"},
        {"id": "", "path": "/x"},
        {"id": 7, "path": "/x"},
        {"id": "a", "path": "/x"},
        {"id": "c", "path": "/x", "metadata": 3},
        [],
    ]
    answer = decode_next(json.dumps({"exercises": listed, "took": 3}).encode())
    assert [exercise.id for exercise in answer.exercises] == ["a", "c"]
    assert (answer.unusable, answer.repeated) == (8, 1)
    assert decode_next(b'\xef\xbb\xbf{"exercises":[]}').exercises == ()


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"<html>", b"{}", b'{"exercises":null}', b'{"exercises":{}}', b"\xff", b"[" * 100_000,
     b'{"exercises":[{"id":"a","path":"b","difficulty_level":NaN}]}'],
)  # fmt: skip
def test_what_has_no_list_of_exercises_can_not_be_read(body: bytes) -> None:
    with pytest.raises(Unreadable):
        decode_next(body)


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ([], "request"),
        ({}, "user_id"),
        ({"user_id": "u", "num_exercises": "5"}, "num_exercises"),
        ({"user_id": "u", "constraints": [1]}, "constraints"),
        ({"user_id": "u", "constraints": {"paths": "/a"}}, "paths"),
        ({"user_id": "u", "constraints": {"is_review": "yes"}}, "is_review"),
        ({"user_id": "u", "target": {"challenge_level": 2}}, "challenge_level"),
        ({"user_id": "u", "exercise_outcomes": {}}, "exercise_outcomes"),
        ({"user_id": "u", "exercise_outcomes": [{}]}, "outcome"),
        ({"user_id": "u", "exercise_outcomes": [{"outcome": {"timestamp": "now"}}]}, "timestamp"),
        ({"user_id": "u", "exercise_outcomes": [{"outcome": {"timestamp": "2018-01-05"}}]}, "exercise"),
        ({"user_id": "u", "exercise_outcomes": [{**GIVEN, "outcome": {"timestamp": "2018-01-05"}}]}, "result"),
    ],
)
def test_a_request_that_makes_no_sense_says_where(value: object, field: str) -> None:
    with pytest.raises(UserError) as caught:
        query_from_json(value)
    assert caught.value.values["field"] == field


def test_null_is_not_set_and_five_point_is_five() -> None:
    value = {"user_id": "u", "num_exercises": 5.0, "constraints": None, "target": {"challenge_level": None}}
    assert query_from_json(value) == NextQuery("u", 5)
    told = outcome_to_json(outcome(0)) | {}
    told["outcome"] |= {"time_spent_ms": 3.0, "score": None, "result": "skipped"}
    read = outcome_from_json(told).outcome
    assert (read.time_spent_ms, read.score, read.result) == (3, None, Result.SKIPPED)
