"""Splitting outcomes: order kept, each exactly once, no body too long, no body more than needed."""

from __future__ import annotations

import json
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.api.practice_split import split_outcomes
from sana_desktop.api.practice_wire import MAX_REQUEST_BYTES, encode_outcomes, outcomes_from_json
from tests.support.practice_client import outcome

LEARNERS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60).filter(str.strip)
FILLINGS = st.tuples(st.sampled_from(["", "x", "é", "😀", '"', "\\", "\x00", "\u2028"]), st.integers(0, 2_000))


@given(LEARNERS, st.lists(FILLINGS, max_size=40))
def test_in_order_each_once_and_never_too_long(user_id: str, fillings: list[tuple[str, int]]) -> None:
    outcomes = [outcome(number, metadata=text * count) for number, (text, count) in enumerate(fillings)]
    batches = split_outcomes(user_id, outcomes)
    bodies = [encode_outcomes(user_id, batch) for batch in batches]
    read = [json.loads(body) for body in bodies]
    assert [one for body in read for one in outcomes_from_json(body["exercise_outcomes"])] == outcomes
    assert {body["user_id"] for body in read} <= {user_id}
    assert all(len(body) <= MAX_REQUEST_BYTES for body in bodies)
    for batch, following in pairwise(batches):  # greedy in order is the fewest: no batch had room for one more
        assert len(encode_outcomes(user_id, [*batch, following[0]])) > MAX_REQUEST_BYTES
