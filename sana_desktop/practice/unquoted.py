"""Numbers and yes or no that stand in quotes in a pasted request, read as they are meant; pure."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from typing import Any

from sana_desktop.base.words import Words

_NUMBER = re.compile(r"[-+]?(?:\d{1,300}\.?\d{0,300}|\.\d{1,300})(?:[eE][-+]?\d{1,3})?")
_WHOLE = re.compile(r"[-+]?\d{1,18}")
_FLAGS = {"true": True, "false": False}
_NUMBERS = (("num_exercises",), ("target", "challenge_level"))
_FLAG = ("constraints", "is_review")
_NUMBERS_OF_ANSWERS = (
    ("exercise", "difficulty_level"),
    ("exercise", "max_score"),
    ("outcome", "score"),
    ("outcome", "time_spent_ms"),
)


def unquoted(fields: dict[str, Any]) -> tuple[dict[str, Any], tuple[Words, ...]]:
    """Return the fields of a request with what stood in quotes and needs none, and what was repaired in sentences."""
    said: list[Words] = []
    changes: list[tuple[tuple[str, ...], Callable[[str], object]]] = [
        *((place, _number) for place in _NUMBERS),
        (_FLAG, _flag),
    ]
    for place, read in changes:
        fields = _replaced(fields, place, read, said)
    answers = fields.get("exercise_outcomes")
    if isinstance(answers, list):
        fields = {**fields, "exercise_outcomes": list(_answers(answers, said))}
    return fields, tuple(dict.fromkeys(said))


def _answers(answers: list[Any], said: list[Words]) -> Iterator[Any]:
    for each in answers:
        answer = each
        for place in _NUMBERS_OF_ANSWERS if isinstance(each, dict) else ():
            answer = _replaced(answer, place, _number, said)
        yield answer


def _replaced(
    fields: dict[str, Any], place: tuple[str, ...], read: Callable[[str], object], said: list[Words]
) -> dict[str, Any]:
    """Return `fields` with what `read` makes of the text at a place; the same ones where it makes nothing of it."""
    name, *inner = place
    content = fields.get(name)
    if inner:
        fresh: object = _replaced(content, tuple(inner), read, said) if isinstance(content, dict) else content
        return fields if fresh is content else {**fields, name: fresh}
    meant = read(content.strip()) if isinstance(content, str) else None
    if meant is None:
        return fields
    said.append(Words("The quotes around the value of “{field}” were taken away.", field=name))
    return {**fields, name: meant}


def _number(text: str) -> int | float | None:
    if _WHOLE.fullmatch(text):
        return int(text)
    if not _NUMBER.fullmatch(text) or not math.isfinite(float(text)):
        return None
    return float(text)


def _flag(text: str) -> bool | None:
    return _FLAGS.get(text.lower())
