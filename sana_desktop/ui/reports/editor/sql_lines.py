"""Small edits of SQL as text: comment lines out and in, find the other bracket. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from sana_desktop.reports.sql.tokens import Kind, Piece

Tokenise = Callable[[str, int], tuple[list[Piece], int]]
"""Gives the tokens of a line, begun in a state, and the state it ends in."""

OPENING = {"(": ")", "[": "]"}
CLOSING = {close: opening for opening, close in OPENING.items()}
_MARKED = re.compile(r"^(\s*)-- ?")
_OPAQUE = frozenset({Kind.STRING, Kind.COMMENT, Kind.QUOTED_IDENTIFIER})


def toggle_comment(lines: Sequence[str]) -> list[str]:
    """Return `lines` with `-- ` put before each, or taken away if every line that is not blank has it."""
    full = [line for line in lines if line.strip()]
    if full and all(_MARKED.match(line) for line in full):
        return [_MARKED.sub(r"\1", line) for line in lines]
    indent = min((len(line) - len(line.lstrip()) for line in full), default=0)
    return [line[:indent] + "-- " + line[indent:] if line.strip() or not full else line for line in lines]


def brackets_of(line: str, tokens: Sequence[Piece]) -> list[tuple[int, str]]:
    """Return position and character of the brackets of `line` that are code, not part of a string or comment."""
    hidden = [(start, start + length) for start, length, kind in tokens if kind in _OPAQUE]
    return [
        (at, character)
        for at, character in enumerate(line)
        if (character in OPENING or character in CLOSING) and not any(start <= at < end for start, end in hidden)
    ]
