"""The ranges of the developer page: what is outside is refused with field, value and a way out."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from sana_desktop.api import practice_values as values
from sana_desktop.base.errors import UserError


@pytest.mark.parametrize(
    ("check", "value", "field", "shown"),
    [
        (values.challenge, 1.01, "challenge_level", "1.01"),
        (values.challenge, -0.1, "challenge_level", "-0.1"),
        (values.challenge, math.nan, "challenge_level", "nan"),
        (values.challenge, "0.5", "challenge_level", "0.5"),
        (values.challenge, True, "challenge_level", "True"),
        (values.count, 0, "num_exercises", "0"),
        (values.count, 2.0, "num_exercises", "2.0"),
        (values.count, True, "num_exercises", "True"),
        (values.count, 10**500, "num_exercises", "> 9e18"),
        (values.milliseconds, -1, "time_spent_ms", "-1"),
        (values.milliseconds, 1.5, "time_spent_ms", "1.5"),
        (values.milliseconds, -(2**70), "time_spent_ms", "< -9e18"),
        (lambda value: values.number("score", value), math.inf, "score", "inf"),
        (lambda value: values.number("score", value), False, "score", "False"),
        (lambda value: values.number("max_score", value), [1], "max_score", "[…]"),
        (lambda value: values.name("user_id", value), "", "user_id", ""),
        (lambda value: values.name("id", value), " \n", "id", ""),
        (lambda value: values.name("path", value), None, "path", "None"),
        (lambda value: values.name("id", value), "half \ud83d", "id", "half \\ud83d"),
        (lambda value: values.names("tags", value), ["a", ""], "tags", ""),
        (lambda value: values.note("metadata", value), {"a": 1}, "metadata", "{…}"),
        (lambda value: values.flag("is_review", value), 1, "is_review", "1"),
        (values.result, "right", "result", "right"),
        (values.result, None, "result", "None"),
        (values.moment, datetime(2026, 1, 1), "timestamp", "2026-01-01 00:00:00"),  # noqa: DTZ001
        (values.moment, None, "timestamp", ""),
    ],
)
def test_what_is_out_of_range_is_refused(check: Callable[[Any], object], value: object, field: str, shown: str) -> None:
    with pytest.raises(UserError) as caught:
        check(value)
    error = caught.value
    assert (error.code, error.values["field"], error.values["value"]) == (values.CODE, field, shown)
    assert error.message
    assert error.next_step
    assert "{" not in error.message.replace("{…}", "")


@pytest.mark.parametrize("field", ["user_id", "id", "path", "paths", "tags", "exercise_outcomes"])
def test_each_mandatory_thing_has_its_own_sentence(field: str) -> None:
    assert values.missing(field).values["field"] == field


@pytest.mark.parametrize("value", [0, 0.0, 0.5, 1, 1.0])
def test_the_ends_of_the_challenge_belong_to_it(value: float) -> None:
    assert values.challenge(value) == value


def test_a_value_from_outside_is_bounded_in_the_sentence() -> None:
    with pytest.raises(UserError) as caught:
        values.result("x" * 100_000)
    assert len(caught.value.message) < 200


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (datetime(2018, 1, 5, 15, 11, 30, tzinfo=UTC), "2018-01-05T15:11:30Z"),
        (datetime(2018, 1, 5, 17, 11, 30, tzinfo=timezone(timedelta(hours=2))), "2018-01-05T15:11:30Z"),
        (datetime(2018, 1, 5, 15, 11, 30, 120_000, tzinfo=UTC), "2018-01-05T15:11:30.120000Z"),
    ],
)
def test_times_are_written_in_utc_as_the_page_does(moment: datetime, written: str) -> None:
    assert values.moment(moment) == written
