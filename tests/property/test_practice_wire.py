"""JSON of the Web API over all values: what is written can be read again, and no answer breaks the reader (M13)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sana_desktop.api.practice_models import Constraints, Exercise, ExerciseOutcome, NextQuery, Outcome, Result
from sana_desktop.api.practice_wire import decode_next, encode_next, query_from_json
from sana_desktop.base.errors import UserError
from sana_desktop.practice.paste import understand_practice

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NAMES = TEXT.filter(str.strip)
NUMBERS = st.none() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=8,
)
EXTRA = st.dictionaries(NAMES.map(lambda name: "x" + name), st.none() | st.booleans() | TEXT, max_size=2)
EXERCISES = st.builds(
    Exercise, NAMES, NAMES, st.lists(NAMES, max_size=3).map(tuple), NUMBERS, NUMBERS, st.none() | TEXT, EXTRA
)
TIMES = st.datetimes(datetime(1970, 1, 2), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
OUTCOMES = st.builds(
    ExerciseOutcome,
    EXERCISES,
    st.builds(
        Outcome, TIMES, st.sampled_from(Result), st.none() | st.integers(0, 2**40), NUMBERS, st.none() | TEXT, EXTRA
    ),
)
QUERIES = st.builds(
    NextQuery,
    NAMES,
    st.none() | st.integers(1, 1_000),
    st.builds(
        Constraints,
        st.none() | st.booleans(),
        st.lists(NAMES, max_size=3).map(tuple),
        st.lists(NAMES, max_size=3).map(tuple),
    ),
    st.none() | st.floats(0, 1),
    st.lists(OUTCOMES, max_size=3).map(tuple),
)
FIELDS = ["id", "path", "tags", "difficulty_level", "max_score", "metadata", "new"]
ENTRIES = st.lists(JSON | st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, JSON)), max_size=6)


@given(QUERIES)
def test_what_is_written_can_be_read_again(query: NextQuery) -> None:
    assert query_from_json(json.loads(encode_next(query))) == query


@settings(max_examples=50)
@given(ENTRIES)
def test_M13_every_entry_of_an_answer_is_used_or_counted(entries: list[Any]) -> None:
    body = json.dumps({"exercises": entries}).replace("NaN", "0").replace("-Infinity", "0").replace("Infinity", "0")
    answer = decode_next(body.encode())
    assert len(answer.exercises) + answer.unusable == len(entries)
    assert len({exercise.id for exercise in answer.exercises}) == len(answer.exercises)
    for exercise in answer.exercises:  # each could be sent back with an outcome
        encode_next(NextQuery("u", outcomes=(ExerciseOutcome(exercise, Outcome(datetime.now(UTC), Result.SKIPPED)),)))


@given(st.text(max_size=60) | JSON.map(json.dumps))
def test_any_paste_is_understood_or_refused_in_words(text: str) -> None:
    assert told(text)


def told(text: str) -> str:
    try:
        return understand_practice(text).headline
    except UserError as refusal:
        return refusal.message and refusal.next_step
