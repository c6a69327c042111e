"""The real practice client against a FakeServer, and the seed's own objects."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sana_desktop.api.network import Timeouts
from sana_desktop.api.practice import PracticeClient
from sana_desktop.api.practice_hosts import parse_practice_origin
from sana_desktop.api.practice_models import Exercise, ExerciseOutcome, NextQuery, Outcome, Result
from sana_desktop.base.clock import Clock, SystemClock
from sana_desktop.base.redaction import Redactor, Secret
from tests.support.api_client import PATIENT
from tests.support.fake_server import FakeServer, Reply, json_reply

OUTCOMES = "/v1/exercise-outcomes"
NEXT = "/v1/next-exercises"
CANARY_KEY = "canary-key-51b2"

VECTOR = Exercise("exercise_id", "/IB/math/vectors/", ("tag1", "tag2"), 1, 1.0, "")
DONE = ExerciseOutcome(VECTOR, Outcome(datetime(2018, 1, 5, 15, 11, 30, tzinfo=UTC), Result.CORRECT, 2000, 1.0, ""))
"""Exercise and outcome of the developer page's first sample."""

SAMPLE_OUTCOMES: dict[str, Any] = {
    "user_id": "user",
    "exercise_outcomes": [
        {
            "exercise": {
                "id": "exercise_id",
                "path": "/IB/math/vectors/",
                "tags": ["tag1", "tag2"],
                "difficulty_level": 1,
                "max_score": 1.0,
                "metadata": "",
            },
            "outcome": {
                "timestamp": "2018-01-05T15:11:30Z",
                "time_spent_ms": 2000,
                "result": "correct",
                "score": 1.0,
                "metadata": "",
            },
        }
    ],
}
"""The body of the developer page's first sample, as strict JSON."""

SAMPLE_NEXT: dict[str, Any] = {
    "user_id": "user",
    "num_exercises": 5,
    "target": {"challenge_level": 0.5},
    "constraints": {
        "is_review": False,
        "paths": ["/IB/math/vectors", "/IB/math/algebra/"],
        "tags": ["tag1", "tag2"],
    },
}
"""The body of its second sample, as strict JSON and without the empty list of outcomes."""

ASK = NextQuery("user")
EMPTY = Reply(200)


def outcome(number: int = 0, **fields: Any) -> ExerciseOutcome:
    """Return an outcome of its own; `fields` are those of Outcome."""
    when = datetime(2026, 1, 1, 12, number // 60 % 60, number % 60, tzinfo=UTC)
    known: dict[str, Any] = {"timestamp": when, "result": Result.CORRECT, **fields}
    return ExerciseOutcome(Exercise(f"e{number}", "/a/b"), Outcome(**known))


def recommended(*ids: str) -> Reply:
    """Return an answer with these exercises."""
    return json_reply({"exercises": [{"id": one, "path": "/a/b"} for one in ids]})


def errors(status: int, *details: str) -> Reply:
    """Return an answer with the errors array of the developer page."""
    listed = [{"status": status, "detail": detail, "link": "https://example.com/help"} for detail in details]
    return json_reply({"errors": listed}, status)


@asynccontextmanager
async def practice_of(
    server: FakeServer,
    key: str = CANARY_KEY,
    *,
    clock: Clock | None = None,
    redactor: Redactor | None = None,
    timeouts: Timeouts = PATIENT,
    extra_ca: Path | None = None,
) -> AsyncIterator[PracticeClient]:
    """Yield a client of `server`."""
    client = PracticeClient(
        parse_practice_origin(server.url),
        Secret(key),
        clock=clock or SystemClock(),
        redactor=redactor or Redactor(),
        timeouts=timeouts,
        extra_ca=extra_ca,
    )
    try:
        yield client
    finally:
        await client.aclose()
