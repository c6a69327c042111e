"""What a body of the Web API must look like: every rule of the developer page's object model, all offences told.

The page is silent on some points; here: fields it does not name are allowed, null is not a value, a list that may
be left out may be empty, `exercise_outcomes` of the outcomes call holds one or more, what names something is not empty,
and at most 1,000 exercises are given at once.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NoReturn

RESULTS = ("correct", "incorrect", "partially_correct", "skipped")
MAX_EXERCISES = 1000
# Date, time and, if it is there, the offset; the date alone says not when an exercise was completed.
_ISO_8601 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d([.,]\d{1,9})?)?(Z|[+-]\d\d(:?\d\d)?)?", re.ASCII)

Check = Callable[[object], str | None]  # what is wrong with a value, None if nothing is


@dataclass(frozen=True, slots=True)
class Given:
    """One outcome as it came: both objects of the API, and when it was completed (seconds since 1970)."""

    exercise: Mapping[str, Any]
    outcome: Mapping[str, Any]
    completed: float


@dataclass(frozen=True, slots=True)
class OutcomesBody:
    user_id: str
    outcomes: tuple[Given, ...]


@dataclass(frozen=True, slots=True)
class NextBody:
    """A request for exercises, defaults filled in. `challenge` None: the decision is ours."""

    user_id: str
    count: int = 1
    is_review: bool = False
    paths: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    challenge: float | None = None
    outcomes: tuple[Given, ...] = ()


@dataclass(eq=False)
class BadBody(Exception):
    """The body breaks the rules. `details` are sentences, each beginning with the field it is about."""

    details: list[str] = field(default_factory=list)


def outcomes_body(body: bytes) -> OutcomesBody:
    """The body of exercise-outcomes. Raises BadBody."""
    content, errors = _object(body), _Errors()
    user_id = errors.need(content, "user_id", _text, "")
    given = errors.need(content, "exercise_outcomes", _array, "")
    outcomes = errors.outcomes(given or [])
    if given == []:
        errors.add("exercise_outcomes", "must hold one or more outcomes")
    errors.stop()
    return OutcomesBody(user_id, outcomes)


def next_body(body: bytes) -> NextBody:
    """The body of next-exercises. Raises BadBody."""
    content, errors = _object(body), _Errors()
    user_id = errors.need(content, "user_id", _text, "")
    count = errors.may(content, "num_exercises", _count, "")
    limits = errors.may(content, "constraints", _mapping, "") or {}
    is_review = errors.may(limits, "is_review", _bool, "constraints")
    paths = errors.texts(limits, "paths", "constraints")
    tags = errors.texts(limits, "tags", "constraints")
    target = errors.may(content, "target", _mapping, "") or {}
    challenge = errors.may(target, "challenge_level", _challenge, "target")
    outcomes = errors.outcomes(errors.may(content, "exercise_outcomes", _array, "") or [])
    errors.stop()
    return NextBody(
        user_id,
        1 if count is None else count,
        bool(is_review),
        paths,
        tags,
        None if challenge is None else float(challenge),
        outcomes,
    )


class _Errors:
    """Collects what is wrong while the fields are read; a field that is wrong or missing reads as None."""

    def __init__(self) -> None:
        self._details: list[str] = []

    def add(self, name: str, trouble: str) -> None:
        self._details.append(f"{name}: {trouble}.")

    def stop(self) -> None:
        if self._details:
            raise BadBody(self._details)

    def need(self, owner: Mapping[str, Any], name: str, check: Check, place: str) -> Any:
        if name not in owner:
            self.add(_below(place, name), "is mandatory and missing")
            return None
        return self.may(owner, name, check, place)

    def may(self, owner: Mapping[str, Any], name: str, check: Check, place: str) -> Any:
        if name not in owner:
            return None
        value = owner[name]
        trouble = check(value)
        if trouble is None:
            return value
        self.add(_below(place, name), trouble)
        return None

    def texts(self, owner: Mapping[str, Any], name: str, place: str) -> tuple[str, ...]:
        values = self.may(owner, name, _array, place) or []
        for index, value in enumerate(values):
            if not isinstance(value, str):
                self.add(f"{_below(place, name)}[{index}]", _kind("a string", value))
        return tuple(value for value in values if isinstance(value, str))

    def outcomes(self, entries: list[Any]) -> tuple[Given, ...]:
        found = [self._outcome(entry, f"exercise_outcomes[{index}]") for index, entry in enumerate(entries)]
        return tuple(given for given in found if given is not None)

    def _outcome(self, entry: object, place: str) -> Given | None:
        if not isinstance(entry, dict):
            self.add(place, _kind("an object", entry))
            return None
        exercise = self.need(entry, "exercise", _mapping, place)
        outcome = self.need(entry, "outcome", _mapping, place)
        if exercise is not None:
            self._exercise(exercise, f"{place}.exercise")
        completed = None if outcome is None else self._result(outcome, f"{place}.outcome")
        return None if exercise is None or completed is None else Given(exercise, outcome, completed)

    def _exercise(self, exercise: Mapping[str, Any], place: str) -> None:
        self.need(exercise, "id", _text, place)
        self.need(exercise, "path", _text, place)
        self.texts(exercise, "tags", place)
        self.may(exercise, "difficulty_level", _number, place)
        self.may(exercise, "max_score", _number, place)
        self.may(exercise, "metadata", _any_text, place)

    def _result(self, outcome: Mapping[str, Any], place: str) -> float | None:
        stamp = self.need(outcome, "timestamp", _timestamp, place)
        self.may(outcome, "time_spent_ms", _milliseconds, place)
        self.need(outcome, "result", _result, place)
        self.may(outcome, "score", _number, place)
        self.may(outcome, "metadata", _any_text, place)
        return None if stamp is None else _seconds(stamp)


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        text = body.decode("utf-8")
        content = json.loads(text, parse_constant=_no_constant)
        if "\\u" in text:
            json.dumps(content, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except UnicodeError as error:
        raise BadBody(["The body is not UTF-8 text."]) from error
    except (ValueError, RecursionError) as error:
        raise BadBody([f"The body is not JSON: {str(error)[:200]}."]) from error
    if not isinstance(content, dict):
        raise BadBody([f"The body {_kind('an object', content)}."])
    return content


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _below(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


_KINDS: dict[type, str] = {
    bool: "a bool", int: "an int", float: "a float", str: "a string", list: "an array", dict: "an object",
}  # fmt: skip


def _kind(wanted: str, value: object) -> str:
    return f"must be {wanted}, not {_KINDS.get(type(value), 'null')}"


def _any_text(value: object) -> str | None:
    return None if isinstance(value, str) else _kind("a string", value)


def _text(value: object) -> str | None:
    return "must not be empty" if value == "" else _any_text(value)


def _array(value: object) -> str | None:
    return None if isinstance(value, list) else _kind("an array", value)


def _mapping(value: object) -> str | None:
    return None if isinstance(value, dict) else _kind("an object", value)


def _bool(value: object) -> str | None:
    return None if isinstance(value, bool) else _kind("a bool", value)


def _int(value: object) -> str | None:
    return None if type(value) is int else _kind("an int", value)


def _count(value: object) -> str | None:
    return _int(value) or _between(value, 1, MAX_EXERCISES)


def _milliseconds(value: object) -> str | None:
    return _int(value) or ("must not be negative" if isinstance(value, int) and value < 0 else None)


def _number(value: object) -> str | None:
    if type(value) not in (int, float):
        return _kind("a float", value)
    try:
        return None if math.isfinite(value) else "is out of range"  # type: ignore[arg-type]
    except OverflowError:
        return "is out of range"


def _challenge(value: object) -> str | None:
    return _number(value) or _between(value, 0.0, 1.0)


def _between(value: Any, low: float, high: float) -> str | None:
    return None if low <= value <= high else f"must be between {low} and {high}"


def _result(value: object) -> str | None:
    if not isinstance(value, str):
        return _kind("a string", value)
    return None if value in RESULTS else f"must be one of {', '.join(RESULTS)}"


def _timestamp(value: object) -> str | None:
    if not isinstance(value, str):
        return _kind("a string", value)
    try:
        if _ISO_8601.fullmatch(value):
            _seconds(value)
            return None
    except (ValueError, OverflowError):
        pass
    return "must be an ISO 8601 timestamp such as 2018-01-05T15:11:30Z"


def _seconds(stamp: str) -> float:
    """Since 1970; a stamp without an offset is read as UTC."""
    at = datetime.fromisoformat(stamp.replace(",", "."))
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
