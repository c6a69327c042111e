"""Sessions as they lie on disk and in files: set-ups and events to plain JSON objects and back; pure."""

from __future__ import annotations

from typing import Any

from sana_desktop.api.practice_models import Exchange, ExerciseOutcome, NextQuery, Recommendation
from sana_desktop.api.practice_wire import (
    exercise_from_json,
    exercise_to_json,
    outcome_from_json,
    outcome_to_json,
    query_from_json,
    query_to_json,
)
from sana_desktop.base.errors import UserError
from sana_desktop.base.timestamps import format_utc, parse_timestamp
from sana_desktop.practice.sessions.session import Answered, Asked, Event, Mode, Setup

ASKED, ANSWERED = "asked", "answered"


def kind_of(event: Event) -> str:
    """Return the word by which an event's kind is stored."""
    return ASKED if isinstance(event, Asked) else ANSWERED


def setup_to_json(setup: Setup) -> dict[str, Any]:
    """Return a set-up; its request in the API's own words.

    Raises:
        UserError: E-PRACTICE-VALUE if it asks for what the API does not take.
    """
    told: dict[str, Any] = {"mode": setup.mode.value, "query": query_to_json(setup.query())}
    return told | _played_by(setup.persona, setup.seed)


def setup_from_json(value: Any) -> Setup:
    """Return the set-up that `setup_to_json` wrote.

    Raises:
        ValueError: it is not one.
    """
    try:
        query = query_from_json(value["query"])
        return Setup(
            Mode(value["mode"]),
            query.user_id,
            query.num_exercises,
            query.constraints,
            query.challenge_level,
            _text_or_none(value.get("persona")),
            _number_or_none(value.get("seed")),
        )
    except (UserError, KeyError, TypeError, AttributeError) as error:
        raise ValueError("no set-up") from error


def event_to_json(event: Event) -> dict[str, Any]:
    """Return an event with its time and kind; errors as `setup_to_json`."""
    told: dict[str, Any] = {"at": format_utc(event.at), "kind": kind_of(event)}
    if isinstance(event, Asked):
        answer = event.recommendation
        told["query"] = query_to_json(event.query)
        told["exercises"] = [exercise_to_json(exercise) for exercise in answer.exercises]
        told["exchange"] = _exchange_to_json(answer.exchange)
        if answer.unusable:
            told["unusable"] = answer.unusable
        if answer.repeated:
            told["repeated"] = answer.repeated
        return told
    told |= outcome_to_json(ExerciseOutcome(event.exercise, event.outcome))
    told["asked"] = event.asked
    if event.entry is not None:
        told["entry"] = event.entry
    return told | _played_by(event.persona, event.seed)


def event_from_json(value: Any) -> Event:
    """Return the event that `event_to_json` wrote.

    Raises:
        ValueError: it is not one.
    """
    try:
        at = parse_timestamp(value["at"])
        if at is None:
            raise ValueError("no time")
        if value["kind"] == ASKED:
            exercises = tuple(exercise_from_json(entry) for entry in value["exercises"])
            exchange = _exchange_from_json(value["exchange"])
            answer = Recommendation(
                exercises,
                exchange,
                unusable=_number_or_none(value.get("unusable")) or 0,
                repeated=_number_or_none(value.get("repeated")) or 0,
            )
            query: NextQuery = query_from_json(value["query"])
            return Asked(at, query, answer)
        if value["kind"] == ANSWERED:
            both = outcome_from_json(value)
            asked = value["asked"]
            if asked is not None and _number_or_none(asked) is None:
                raise ValueError("no number of a question")
            return Answered(
                at,
                both.exercise,
                both.outcome,
                asked,
                _number_or_none(value.get("entry")),
                _text_or_none(value.get("persona")),
                _number_or_none(value.get("seed")),
            )
    except (UserError, KeyError, TypeError, AttributeError) as error:
        raise ValueError("no event") from error
    raise ValueError("no kind of event")


def _played_by(persona: str | None, seed: int | None) -> dict[str, Any]:
    told = {"persona": persona, "seed": seed}
    return {name: value for name, value in told.items() if value is not None}


def _exchange_to_json(exchange: Exchange) -> dict[str, Any]:
    return {
        "path": exchange.path,
        "at": format_utc(exchange.at),
        "request": exchange.request,
        "status": exchange.status,
        "response": exchange.response,
        "latency_seconds": exchange.latency_seconds,
        "trouble": exchange.trouble,
    }


def _exchange_from_json(value: Any) -> Exchange:
    at = parse_timestamp(value["at"])
    latency = value.get("latency_seconds")
    if at is None:
        raise ValueError("no time")
    return Exchange(
        path=str(value["path"]),
        at=at,
        request=str(value["request"]),
        status=_number_or_none(value.get("status")),
        response=str(value["response"]),
        latency_seconds=float(latency) if isinstance(latency, int | float) else None,
        trouble=str(value.get("trouble", "")),
    )


def _text_or_none(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _number_or_none(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
