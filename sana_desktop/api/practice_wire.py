"""JSON of the Web API to types and back (the developer page, "Object Model").

What we write is strict: a value out of its range is refused, what is not set is left out. What we read is lenient: of
an answer, the exercises that make no sense are left out and counted, and fields nobody described are kept (M13).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sana_desktop.api import practice_values as values
from sana_desktop.api.practice_models import Constraints, Exercise, ExerciseOutcome, NextQuery, Outcome
from sana_desktop.api.wire import Unreadable, decode_object
from sana_desktop.base.errors import UserError
from sana_desktop.base.timestamps import parse_timestamp

MAX_REQUEST_BYTES = 16_000
"""Longest body that is sent. The page says 16 KB "without exception", not which kilobyte: the smaller one is safe."""

TOO_BIG = "E-OUT-TOOBIG"

EXERCISE_FIELDS = frozenset({"id", "path", "tags", "difficulty_level", "max_score", "metadata"})
OUTCOME_FIELDS = frozenset({"timestamp", "time_spent_ms", "result", "score", "metadata"})
QUERY_FIELDS = frozenset({"user_id", "num_exercises", "constraints", "target", "exercise_outcomes"})

Read = TypeVar("Read")

_OBJECT = "“{field}” must be an object in curly brackets."
_LIST = "“{field}” must be a list in square brackets."
_LOOK_UP = "Compare it with the example on Sana's developer page."


def encode_outcomes(user_id: str, outcomes: Sequence[ExerciseOutcome]) -> bytes:
    """Return the body that posts outcomes, whatever its size.

    Raises:
        UserError: E-PRACTICE-VALUE, the field and its value in the sentence.
    """
    if not outcomes:
        raise values.missing("exercise_outcomes")
    head, tail = outcomes_frame(user_id)
    return head + b",".join(encode_outcome(outcome) for outcome in outcomes) + tail


def encode_outcome(outcome: ExerciseOutcome) -> bytes:
    """Return one element of `exercise_outcomes`; errors as `encode_outcomes`."""
    return _dump(outcome_to_json(outcome))


def outcomes_frame(user_id: str) -> tuple[bytes, bytes]:
    """Return what stands before and after the outcomes, which commas separate; errors as `encode_outcomes`."""
    return _dump({"user_id": values.name("user_id", user_id)})[:-1] + b',"exercise_outcomes":[', b"]}"


def encode_next(query: NextQuery) -> bytes:
    """Return the body that asks for exercises, whatever its size; errors as `encode_outcomes`."""
    return _dump(query_to_json(query))


def size_of(query: NextQuery) -> int:
    """Return how many bytes the request for exercises has; errors as `encode_outcomes`."""
    return len(encode_next(query))


def check_size(body: bytes) -> None:
    """Let a body pass that may be sent (O01).

    Raises:
        UserError: E-OUT-TOOBIG.
    """
    if len(body) > MAX_REQUEST_BYTES:
        raise UserError(
            "This request has {size} bytes; at most {most} can be sent.",
            code=TOO_BIG,
            next_step="Send fewer answers at a time, or choose fewer paths and tags.",
            values={"size": f"{len(body):,}", "most": f"{MAX_REQUEST_BYTES:,}"},
        )


def exercise_to_json(exercise: Exercise) -> dict[str, Any]:
    """Return an exercise in the API's words; errors as `encode_outcomes`."""
    told: dict[str, Any] = {"id": values.name("id", exercise.id), "path": values.name("path", exercise.path)}
    if exercise.tags:
        told["tags"] = values.names("tags", exercise.tags)
    if exercise.difficulty_level is not None:
        told["difficulty_level"] = values.number("difficulty_level", exercise.difficulty_level)
    if exercise.max_score is not None:
        told["max_score"] = values.number("max_score", exercise.max_score)
    if exercise.metadata is not None:
        told["metadata"] = values.note("metadata", exercise.metadata)
    return told | _unknown(exercise.extra, EXERCISE_FIELDS)


def outcome_to_json(outcome: ExerciseOutcome) -> dict[str, Any]:
    """Return an exercise with its outcome in the API's words; errors as `encode_outcomes`."""
    how = outcome.outcome
    told: dict[str, Any] = {"timestamp": values.moment(how.timestamp)}
    if how.time_spent_ms is not None:
        told["time_spent_ms"] = values.milliseconds(how.time_spent_ms)
    told["result"] = values.result(how.result).value
    if how.score is not None:
        told["score"] = values.number("score", how.score)
    if how.metadata is not None:
        told["metadata"] = values.note("metadata", how.metadata)
    return {"exercise": exercise_to_json(outcome.exercise), "outcome": told | _unknown(how.extra, OUTCOME_FIELDS)}


def query_to_json(query: NextQuery) -> dict[str, Any]:
    """Return a request for exercises in the API's words; errors as `encode_outcomes`."""
    told: dict[str, Any] = {"user_id": values.name("user_id", query.user_id)}
    if query.num_exercises is not None:
        told["num_exercises"] = values.count(query.num_exercises)
    if constraints := _constraints(query.constraints):
        told["constraints"] = constraints
    if query.challenge_level is not None:
        told["target"] = {"challenge_level": values.challenge(query.challenge_level)}
    if query.outcomes:
        told["exercise_outcomes"] = [outcome_to_json(outcome) for outcome in query.outcomes]
    return told


def exercise_from_json(value: object) -> Exercise:
    """Return an exercise from the API's words.

    A field nobody described goes to `extra`, and so does an optional one of the wrong type, which is never sent back.

    Raises:
        UserError: E-PRACTICE-VALUE: it is no object, or has no id or path.
    """
    fields = _object("exercise", value)
    extra = {field: content for field, content in fields.items() if field not in EXERCISE_FIELDS}
    return Exercise(
        id=values.name("id", fields.get("id")),
        path=values.name("path", fields.get("path")),
        tags=tuple(_optional("tags", fields, extra, lambda tags: values.names("tags", _list("tags", tags))) or ()),
        difficulty_level=_number("difficulty_level", fields, extra),
        max_score=_number("max_score", fields, extra),
        metadata=_optional("metadata", fields, extra, lambda text: values.note("metadata", text)),
        extra=extra,
    )


def outcome_from_json(value: object) -> ExerciseOutcome:
    """Return an exercise with its outcome from the API's words; unknown and wrong fields as `exercise_from_json`.

    Raises:
        UserError: E-PRACTICE-VALUE: a mandatory field is missing or can't be read.
    """
    both = _object("exercise_outcomes", value)
    fields = _object("outcome", both.get("outcome"))
    extra = {field: content for field, content in fields.items() if field not in OUTCOME_FIELDS}
    timestamp = parse_timestamp(fields.get("timestamp"))
    if timestamp is None:
        raise values.no_time(fields.get("timestamp"))
    return ExerciseOutcome(
        exercise_from_json(both.get("exercise")),
        Outcome(
            timestamp=timestamp,
            result=values.result(fields.get("result")),
            time_spent_ms=_optional("time_spent_ms", fields, extra, lambda time: values.milliseconds(_whole(time))),
            score=_number("score", fields, extra),
            metadata=_optional("metadata", fields, extra, lambda text: values.note("metadata", text)),
            extra=extra,
        ),
    )


def outcomes_from_json(value: object) -> tuple[ExerciseOutcome, ...]:
    """Return a list of exercises with their outcomes; errors as `outcome_from_json`."""
    return tuple(outcome_from_json(entry) for entry in _list("exercise_outcomes", value))


def query_from_json(value: object) -> NextQuery:
    """Return a request for exercises from the API's words; null counts as not set, fields nobody described are dropped.

    Raises:
        UserError: E-PRACTICE-VALUE: something in it can't be read or is out of its range.
    """
    fields = _object("request", value)
    number, outcomes = fields.get("num_exercises"), fields.get("exercise_outcomes")
    constraints = _object("constraints", fields.get("constraints") or {})
    review, level = constraints.get("is_review"), _object("target", fields.get("target") or {}).get("challenge_level")
    return NextQuery(
        user_id=values.name("user_id", fields.get("user_id")),
        num_exercises=None if number is None else values.count(_whole(number)),
        constraints=Constraints(
            is_review=None if review is None else values.flag("is_review", review),
            paths=tuple(values.names("paths", _list("paths", constraints.get("paths") or []))),
            tags=tuple(values.names("tags", _list("tags", constraints.get("tags") or []))),
        ),
        challenge_level=None if level is None else values.challenge(level),
        outcomes=() if outcomes is None else outcomes_from_json(outcomes),
    )


@dataclass(frozen=True, slots=True)
class NextAnswer:
    """What `next-exercises` answered.

    Attributes:
        exercises: those that can be used, in their order, each once.
        unusable: how many entries were left out.
        repeated: how many of those repeat an exercise that is there already.
    """

    exercises: tuple[Exercise, ...]
    unusable: int
    repeated: int


def decode_next(body: bytes) -> NextAnswer:
    """Return the exercises of an answer.

    Raises:
        Unreadable: if there is no list of exercises in it.
    """
    fields = decode_object(body)
    listed = fields.get("exercises")
    if not isinstance(listed, list):
        raise Unreadable("no list of exercises")
    found: dict[str, Exercise] = {}
    broken = repeated = 0
    for entry in listed:
        try:
            exercise = exercise_from_json(entry)
        except UserError:
            broken += 1
            continue
        repeated += exercise.id in found
        found.setdefault(exercise.id, exercise)
    return NextAnswer(tuple(found.values()), broken + repeated, repeated)


def _constraints(constraints: Constraints) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if constraints.is_review is not None:
        told["is_review"] = values.flag("is_review", constraints.is_review)
    if constraints.paths:
        told["paths"] = values.names("paths", constraints.paths)
    if constraints.tags:
        told["tags"] = values.names("tags", constraints.tags)
    return told


def _unknown(extra: Mapping[str, Any], known: Iterable[str]) -> dict[str, Any]:
    return {field: content for field, content in extra.items() if field not in known}


def _dump(value: Mapping[str, Any]) -> bytes:
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    except (TypeError, ValueError, RecursionError):  # only what came along in `extra` is unchecked so far
        raise values.refusal(
            "A field that Sana's page does not describe holds something that can't be sent.", "extra", "", _LOOK_UP
        ) from None


def _object(field: str, value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise values.refusal(_OBJECT, field, value, _LOOK_UP)
    return value


def _list(field: str, value: object) -> Sequence[object]:
    if not isinstance(value, list | tuple):
        raise values.refusal(_LIST, field, value, _LOOK_UP)
    return value


def _whole(value: object) -> object:
    """`5.` in the vendor's samples is a five."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _number(field: str, fields: Mapping[str, Any], extra: dict[str, Any]) -> float | None:
    return _optional(field, fields, extra, lambda content: values.number(field, content))


def _optional(field: str, fields: Mapping[str, Any], extra: dict[str, Any], read: Callable[[Any], Read]) -> Read | None:
    """Return an optional field; one of the wrong type is put into `extra`, where it can be seen."""
    content = fields.get(field)
    if content is None:
        return None
    try:
        return read(content)
    except UserError:
        extra[field] = content
        return None
