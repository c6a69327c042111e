"""Metadata as people type it: JSON, or names with values, into the text of JSON that the API recommends; pure."""

from __future__ import annotations

import json
import re
from typing import Any

from sana_desktop.base.errors import UserError
from sana_desktop.base.text import one_line

MAX_NAME_LENGTH = 60
_PART = re.compile(r"\s*([^=;,\s][^=;,]*?)\s*=\s*([^;,]*?)\s*(?:[;,]|\Z)")


def read_metadata(text: str) -> str | None:
    """Return the metadata that a person means, as JSON on one line; None where nothing is typed.

    `{"attempt": 2}` is taken as it is; `attempt = 2, mood = fine` becomes such an object. Numbers, true, false and
    null are what they look like, anything else is text.

    Raises:
        UserError: E-METADATA, with what is wrong.
    """
    text = text.strip()
    if not text:
        return None
    if text[0] in '{["':
        return _json(text)
    found: dict[str, Any] = {}
    at = 0
    while at < len(text):
        part = _PART.match(text, at)
        if part is None:
            raise _unreadable()
        name, value = part.groups()
        if name in found:
            raise UserError(
                "“{name}” is there twice.",
                code="E-METADATA",
                next_step="Leave one of them out.",
                values={"name": one_line(name, MAX_NAME_LENGTH)},
            )
        found[name] = _plain(value)
        at = part.end()
    return json.dumps(found, ensure_ascii=False)


def _json(text: str) -> str:
    try:
        return json.dumps(json.loads(text, parse_constant=_refuse), ensure_ascii=False)
    except (ValueError, RecursionError):
        raise _unreadable() from None


def _plain(value: str) -> Any:
    try:
        read = json.loads(value, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return value
    return read if not isinstance(read, dict | list) else value


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _unreadable() -> UserError:
    return UserError(
        "This metadata can't be read.",
        code="E-METADATA",
        next_step='Write JSON, such as {"attempt": 2}, or names with values, such as attempt = 2, mood = fine.',
    )
