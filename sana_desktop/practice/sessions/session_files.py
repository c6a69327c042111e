"""Sessions as files: a table for people, JSON to open again here or elsewhere (A45). Thousands of events: a thread."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec

from sana_desktop.base.errors import UserError
from sana_desktop.base.files import TooLong, read_text
from sana_desktop.base.text import harmless, one_line
from sana_desktop.base.timestamps import format_utc, parse_timestamp
from sana_desktop.practice.sessions.event_rows import event_from_json, event_to_json, setup_from_json, setup_to_json
from sana_desktop.practice.sessions.session import Answered, Asked, Event, SessionRecord
from sana_desktop.practice.sessions.sessions import MAX_TITLE_LENGTH

FORMAT = "sana-desktop-session"
VERSION = 1
MAX_FILE_BYTES = 64 * 1024 * 1024
"""Of a session to import."""
_CHOOSE_ANOTHER = "Choose a file that was saved as a session."
COLUMNS = (
    "number",
    "time",
    "question",
    "exercise_id",
    "path",
    "tags",
    "difficulty_level",
    "max_score",
    "asked_challenge_level",
    "result",
    "score",
    "time_spent_ms",
    "learner",
    "simulated_by",
    "simulated_seed",
    "metadata",
    "sent",
)
NOTHING_KNOWN: Mapping[int, str] = MappingProxyType({})


def to_csv(record: SessionRecord, not_sent: Mapping[int, str] = NOTHING_KNOWN) -> str:
    """Return the answers as a table, oldest first, with a header; what a spreadsheet would run is quoted (T7).

    Args:
        not_sent: why answers were not sent and taken, by their numbers in the outbox; all the others were. Of those
            without a number, as in a session from a file, nothing is said.
    """
    file = io.StringIO()
    table = csv.writer(file)
    table.writerow(COLUMNS)
    questions = 0
    question_of: dict[int, tuple[int, float | None]] = {}
    learner_of: dict[int | None, str] = {}
    number = 0
    for index, event in enumerate(record.events):
        if isinstance(event, Asked):
            questions += 1
            question_of[index] = (questions, event.query.challenge_level)
            learner_of[index] = event.query.user_id
            continue
        number += 1
        # An answer that no question came before, as in a replay from a report, has none in the table.
        question, challenge = (None, None) if event.asked is None else question_of.get(event.asked, (None, None))
        exercise, outcome = event.exercise, event.outcome
        cells: tuple[object, ...] = (
            number, format_utc(outcome.timestamp), question, exercise.id, exercise.path, ";".join(exercise.tags),
            exercise.difficulty_level, exercise.max_score, challenge, outcome.result.value, outcome.score,
            outcome.time_spent_ms, learner_of.get(event.asked, record.setup.user_id), event.persona, event.seed,
            outcome.metadata, None if event.entry is None else not_sent.get(event.entry, "yes"),
        )  # fmt: skip
        table.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in cells])
    return file.getvalue()


def to_json(record: SessionRecord) -> str:
    """Return the whole session, as `from_json` reads it."""
    told = {
        "format": FORMAT,
        "version": VERSION,
        "title": record.title,
        "created_at": format_utc(record.created_at),
        "changed_at": format_utc(record.changed_at),
        "setup": setup_to_json(record.setup),
        "events": [event_to_json(event) for event in record.events],
    }
    return json.dumps(told, ensure_ascii=False, indent=1)


def read_session(path: Path, most_bytes: int = MAX_FILE_BYTES) -> SessionRecord:
    """Return the session in a file, as `from_json`. Blocks.

    Raises:
        UserError: E-SESSION-FILE.
        OSError: the file can't be read.
    """
    try:
        text = read_text(path, most_bytes)
    except TooLong:
        raise UserError(
            "{name} is too large to be a session of this app.",
            code="E-SESSION-FILE",
            next_step=_CHOOSE_ANOTHER,
            values={"name": path.name},
        ) from None
    except UnicodeDecodeError as error:
        raise _no_session(error) from None
    return from_json(text)


def from_json(text: str) -> SessionRecord:
    """Return a session from a file; it belongs to no connection and has no id until `SessionStore.bring_in`.

    Numbers of the outbox are left out: they mean nothing elsewhere.

    Raises:
        UserError: E-SESSION-FILE.
    """
    try:
        told, raw_events = _read(text)
        if told["format"] != FORMAT:
            raise ValueError("another kind of file")
        if told["version"] != VERSION:
            raise _refused("“{name}” was written by a newer version of this app.", "Install the newer version.", told)
        created, changed = parse_timestamp(told["created_at"]), parse_timestamp(told["changed_at"])
        if created is None or changed is None:
            raise ValueError("no time")
        events = [event_from_json({**json.loads(bytes(event)), "entry": None}) for event in raw_events]
        if not all(isinstance(event, Asked) or _has_its_question(event, events) for event in events):
            raise ValueError("an answer without its question")
        title = one_line(str(told["title"]), MAX_TITLE_LENGTH)
        return SessionRecord("", "", title, setup_from_json(told["setup"]), tuple(events), created, changed)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, msgspec.DecodeError) as error:
        raise _no_session(error) from None


def _read(text: str) -> tuple[dict[str, Any], list[msgspec.Raw]]:
    """Return what a file says, and its events still as they are written.

    Also in a thread, the window stands still while megabytes are read in one go; found first and read one by one, none
    of them takes long.
    """
    parts = msgspec.json.decode(text, type=dict[str, msgspec.Raw])
    events = msgspec.json.decode(parts.pop("events"), type=list[msgspec.Raw])
    return {name: json.loads(bytes(part)) for name, part in parts.items()}, events


def _has_its_question(answer: Answered, events: Sequence[Event]) -> bool:
    asked = answer.asked
    return asked is None or (0 <= asked < len(events) and isinstance(events[asked], Asked))


def _no_session(error: Exception) -> UserError:
    return UserError(
        "This file holds no session of this app, or it is damaged.",
        code="E-SESSION-FILE",
        next_step=_CHOOSE_ANOTHER,
        detail=str(error),
    )


def _refused(template: str, next_step: str, told: Any) -> UserError:
    title = one_line(str(told.get("title", "")), MAX_TITLE_LENGTH)
    return UserError(template, code="E-SESSION-FILE", next_step=next_step, values={"name": title})
