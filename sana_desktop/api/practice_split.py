"""Outcomes cut into bodies that may be sent: in order, each outcome once, and no body more than needed."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sana_desktop.api.practice_models import ExerciseOutcome
from sana_desktop.api.practice_wire import (
    MAX_REQUEST_BYTES,
    TOO_BIG,
    encode_outcome,
    outcome_to_json,
    outcomes_frame,
)
from sana_desktop.base.errors import UserError


def split_outcomes(user_id: str, outcomes: Sequence[ExerciseOutcome]) -> tuple[tuple[ExerciseOutcome, ...], ...]:
    """Return the outcomes in as few batches as can be, each of which makes a body of at most MAX_REQUEST_BYTES.

    Raises:
        UserError: E-OUT-TOOBIG for an outcome that fits into no body of its own; E-PRACTICE-VALUE as
            `practice_wire.encode_outcomes`.
    """
    head, tail = outcomes_frame(user_id)
    room = MAX_REQUEST_BYTES - len(head) - len(tail)
    batches: list[list[ExerciseOutcome]] = []
    filled = room
    for outcome in outcomes:
        size = len(encode_outcome(outcome))
        if size > room:
            raise _too_big(user_id, outcome, len(head) + size + len(tail))
        if filled + 1 + size > room:
            batches.append([])
            filled = -1  # the first one has no comma in front of it
        batches[-1].append(outcome)
        filled += 1 + size
    return tuple(tuple(batch) for batch in batches)


def _too_big(user_id: str, outcome: ExerciseOutcome, size: int) -> UserError:
    field, part = _to_blame(user_id, outcome)
    return UserError(
        "The answer to exercise {exercise} has {size} bytes; at most {most} can be sent. "
        "Most of it is “{field}”, with {part} bytes.",
        code=TOO_BIG,
        next_step="Make that field shorter, or leave it out.",
        values={
            "exercise": outcome.exercise.id[:80],
            "size": f"{size:,}",
            "most": f"{MAX_REQUEST_BYTES:,}",
            "field": field,
            "part": f"{part:,}",
        },
    )


def _to_blame(user_id: str, outcome: ExerciseOutcome) -> tuple[str, int]:
    """Return the name of the longest field, as in `exercise.metadata`, and its size in bytes."""
    told = outcome_to_json(outcome)
    parts = {f"{whole}.{field}": content for whole, fields in told.items() for field, content in fields.items()}
    sizes = {
        field: len(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode())
        for field, content in {"user_id": user_id, **parts}.items()
    }
    longest = max(sizes, key=lambda field: sizes[field])
    return longest, sizes[longest]
