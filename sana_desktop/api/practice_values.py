"""Which values the Web API's fields may have (the developer page, "Object Model"): checked before anything is sent."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from sana_desktop.api.practice_models import Result
from sana_desktop.base.errors import UserError
from sana_desktop.base.text import one_line

CODE = "E-PRACTICE-VALUE"
"""The code of every refusal here; its `values` hold the field's name in the API and the value, bounded."""
MAX_SHOWN_VALUE_LENGTH = 80

_MISSING = {
    "user_id": ("The learner's id is missing.", "Choose a test learner, or enter the id."),
    "id": ("The exercise has no id.", "Give it the id that it has in your content."),
    "path": ("The exercise has no path, which says where it lies in the content.", "Give it one, such as /IB/math/."),
    "paths": ("One of the paths to choose from is empty.", "Take it out, or write it like /IB/math/."),
    "tags": ("One of the tags is empty.", "Take it out, or write what it says."),
    "exercise_outcomes": ("There is no answer to post.", "Answer an exercise first."),
}


def refusal(template: str, field: str, value: object, next_step: str) -> UserError:
    """Return the refusal of a value; the template may name `{field}` and `{value}`."""
    return UserError(
        template,
        code=CODE,
        next_step=next_step,
        values={"field": field, "value": one_line(_shown(value), MAX_SHOWN_VALUE_LENGTH)},
    )


def missing(field: str, value: object = "") -> UserError:
    """Return the refusal of a mandatory text that is empty or no text."""
    template, next_step = _MISSING[field]
    return refusal(template, field, value, next_step)


def name(field: str, value: object) -> str:
    """Return a mandatory text: a learner's or exercise's id, a path, a tag.

    Raises:
        UserError: E-PRACTICE-VALUE, as every function here, if it is empty or can't be sent.
    """
    if not isinstance(value, str) or not value.strip():
        raise missing(field, value)
    return sendable(field, value)


def names(field: str, values: Iterable[object]) -> list[str]:
    """Return texts none of which may be empty."""
    return [name(field, value) for value in values]


def note(field: str, value: object) -> str:
    """Return a text that may be anything, such as metadata."""
    if not isinstance(value, str):
        raise refusal("“{field}” must be a text.", field, value, "Write it as text, or leave it out.")
    return sendable(field, value)


def sendable(field: str, value: str) -> str:
    """Return a text that exists in UTF-8: half a character pair, as a cut emoji leaves it, does not."""
    try:
        value.encode()
    except UnicodeEncodeError:
        raise refusal(
            "“{field}” holds a broken character that can't be sent.", field, value, "Enter it again, or leave it out."
        ) from None
    return value


def number(field: str, value: object) -> int | float:
    """Return an ordinary number: a difficulty, a score."""
    if not _is_number(value):
        raise refusal(
            "“{field}” must be an ordinary number; it is {value}.", field, value, "Enter a number, or leave it empty."
        )
    return value  # type: ignore[return-value]  # told apart above


def challenge(value: object) -> int | float:
    """Return a challenge level: 0.0 to 1.0."""
    if not _is_number(value) or not 0 <= value <= 1:  # type: ignore[operator]
        raise refusal(
            "The challenge must be from 0 to 1; it is {value}.",
            "challenge_level",
            value,
            "Choose a level from 0 to 1, or let Sana decide.",
        )
    return value  # type: ignore[return-value]


def count(value: object) -> int:
    """Return a number of exercises: 1 or more."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value < 2**31:
        raise refusal(
            "The number of exercises must be a whole number from 1 on; it is {value}.",
            "num_exercises",
            value,
            "Ask for 1 or more.",
        )
    return value


def milliseconds(value: object) -> int:
    """Return a time spent: 0 ms or more."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**63:
        raise refusal(
            "The time spent must be whole milliseconds, 0 or more; it is {value}.",
            "time_spent_ms",
            value,
            "Enter it in milliseconds, or leave it empty.",
        )
    return value


def flag(field: str, value: object) -> bool:
    """Return a yes or no."""
    if not isinstance(value, bool):
        raise refusal("“{field}” must be yes or no; it is {value}.", field, value, "Choose one, or leave it out.")
    return value


def moment(value: object) -> str:
    """Return a time as ISO 8601 in UTC with `Z`, as exact as it is: whole seconds without a fraction."""
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise no_time(value)
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def no_time(value: object) -> UserError:
    """Return the refusal of something that is no time."""
    return refusal(
        "The time of an answer is missing, or can't be read: “{value}”.",
        "timestamp",
        "" if value is None else value,
        "Give it in UTC, such as 2018-01-05T15:11:30Z.",
    )


def result(value: object) -> Result:
    """Return how an exercise ended: one of the API's four words."""
    try:
        return Result(str(value))
    except ValueError:
        raise refusal(
            "“{value}” is no result of an exercise.",
            "result",
            value,
            "Use correct, partially_correct, incorrect or skipped.",
        ) from None


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) < 2**63 if isinstance(value, int) else math.isfinite(value)


def _shown(value: object) -> str:
    """Return a value as it may stand in a sentence; never long, for it may come from outside."""
    if isinstance(value, Mapping):
        return "{…}"
    if isinstance(value, list | tuple):
        return "[…]"
    if isinstance(value, int) and abs(value) >= 2**63:
        return "> 9e18" if value > 0 else "< -9e18"
    return str(value)
