"""How an answer was sent is told afterwards as far as it is known: in the next question, or what it says alone."""

from __future__ import annotations

import json
from dataclasses import replace

from sana_desktop.api.practice_models import ExerciseOutcome, NextQuery, Recommendation
from sana_desktop.api.practice_wire import encode_next
from sana_desktop.practice.sessions.carried import alone, carrier
from sana_desktop.practice.sessions.session import Answered, Asked
from tests.support.outbox_bench import START, an_exchange, some_outcomes

FIRST, SECOND = some_outcomes(2)


def asked(*outcomes: ExerciseOutcome) -> Asked:
    query = NextQuery("u1", outcomes=outcomes)
    exchange = replace(an_exchange(), request=encode_next(query).decode())
    return Asked(START, NextQuery("u1"), Recommendation((FIRST.exercise, SECOND.exercise), exchange))


def answered(told: ExerciseOutcome) -> Answered:
    return Answered(told.outcome.timestamp, told.exercise, told.outcome, 0)


def test_an_answer_that_travelled_in_the_next_question_is_told_with_it() -> None:
    events = (asked(), answered(FIRST), answered(SECOND), asked(FIRST, SECOND), answered(FIRST))
    last = events[3]
    assert isinstance(last, Asked)
    for number in (1, 2):
        assert carrier(events, number) is last.recommendation.exchange
    assert carrier(events, 4) is None, "no question follows"
    assert carrier(events, 0) is None, "no answer"


def test_an_answer_that_went_by_itself_is_not_said_to_have_travelled_in_a_question() -> None:
    assert carrier((asked(), answered(FIRST), asked()), 1) is None
    assert carrier((asked(), answered(FIRST), asked(SECOND)), 1) is None


def test_an_answer_alone_is_what_the_service_is_told() -> None:
    body = json.loads(alone("u1", answered(FIRST)))
    assert body["user_id"] == "u1"
    assert [one["exercise"]["id"] for one in body["exercise_outcomes"]] == [FIRST.exercise.id]
    assert alone("", answered(FIRST)) == ""
    nameless = replace(answered(FIRST), exercise=replace(FIRST.exercise, id=""))
    assert alone("u1", nameless) == ""
    assert carrier((nameless, asked(FIRST)), 0) is None
