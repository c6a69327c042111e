"""Numbers and yes or no in quotes are read as meant, and each is said."""

from __future__ import annotations

import pytest

from sana_desktop.api.practice_models import Constraints
from sana_desktop.base.errors import UserError
from sana_desktop.practice.paste import understand_practice
from sana_desktop.practice.unquoted import unquoted


def test_numbers_and_yes_or_no_in_quotes_are_understood_and_said() -> None:
    answer = (
        '{"exercise": {"id": "a", "path": "/a", "max_score": "10", "difficulty_level": "2.5"}, "outcome": '
        '{"timestamp": "2018-01-05T15:11:30Z", "result": "correct", "score": "3.", "time_spent_ms": "1200"}}'
    )
    text = (
        '{"user_id": "7", "num_exercises": "5", "target": {"challenge_level": " 0.5 "}, '
        f'"constraints": {{"is_review": "True", "tags": ["12"]}}, "exercise_outcomes": [{answer}]}}'
    )
    found = understand_practice(text)
    assert found.query is not None
    assert (found.query.num_exercises, found.query.challenge_level, found.user_id) == (5, 0.5, "7")
    assert found.query.constraints == Constraints(is_review=True, tags=("12",)), "a tag may be a number"
    (one,) = found.outcomes
    assert (one.exercise.max_score, one.exercise.difficulty_level) == (10, 2.5)
    assert (one.outcome.score, one.outcome.time_spent_ms) == (3.0, 1200)
    assert found.notes[0] == "The quotes around the value of “num_exercises” were taken away."
    assert len(found.notes) == 7, "each is said, and nothing was left out"


@pytest.mark.parametrize("value", ["many", "", "0x5", "1e999"])
def test_other_words_in_quotes_are_no_number(value: str) -> None:
    with pytest.raises(UserError, match="whole number"):
        understand_practice(f'{{"user_id": "u", "num_exercises": "{value}"}}')


def test_what_needs_no_repair_stays_as_it_is() -> None:
    fields = {"user_id": "7", "num_exercises": 5, "target": "x", "exercise_outcomes": ["no answer"]}
    assert unquoted(fields) == (fields, ())
