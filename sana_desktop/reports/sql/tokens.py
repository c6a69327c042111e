"""Colours for SQL, a line at a time: pure, and fast enough for every key in ten thousand lines.

The highlighter hands in a line and the state in which the line before it ended, and keeps the state that comes back.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from enum import StrEnum
from typing import TypeAlias

from sana_desktop.reports.sql.words import DOLLAR_QUOTE, MARKED_BLANK, NUMBER, PARAMETER


class Kind(StrEnum):
    """What a piece of a line is, for its colour."""

    KEYWORD = "keyword"
    IDENTIFIER = "identifier"
    QUOTED_IDENTIFIER = "quoted_identifier"
    STRING = "string"
    NUMBER = "number"
    COMMENT = "comment"
    OPERATOR = "operator"
    FUNCTION = "function"
    PLACEHOLDER = "placeholder"


Piece: TypeAlias = tuple[int, int, Kind]
"""Start in the line, length, kind."""

START = 0
"""The state at the beginning of a text. A highlighter's own "no state" (-1) means the same."""
_STRING, _QUOTED, _ESCAPE_STRING = 1, 2, 3
_COMMENT = 16
_DEEPEST_COMMENT = 1_000
_DOLLAR = 1 << 28
"""A dollar quote's state also holds 24 bits of its name's checksum; all states fit the highlighter's 32-bit number."""

KEYWORDS = frozenset(
    """
    all and any array as asc at between both by case cast collate cross cube current current_date current_time
    current_timestamp date day desc distinct else end escape except exclude exists extract false fetch filter first
    following for from full group grouping having hour if ilike in inner intersect interval into is join last lateral
    leading left like limit localtime localtimestamp materialized minute month natural next not null nulls of offset on
    only or order outer over overlaps partition preceding qualify quarter range recursive right rollup row rows second
    select semi sets similar some table then ties time timestamp to trailing true unbounded union unique using values
    week when where window with within without year zone insert update delete create drop alter grant revoke truncate
    set begin commit rollback copy attach detach pragma call execute merge replace
    """.split()  # noqa: SIM905 - a list of words reads better as words
)

_LEX = re.compile(
    rf"""(?P<comment>--.*)|(?P<block>/\*)
    |(?P<escape>(?<=\b[eE])')
    |(?P<string>')|(?P<quoted>")
    |(?P<dollar>{DOLLAR_QUOTE})
    |(?P<placeholder>{MARKED_BLANK}|{PARAMETER})
    |(?P<number>{NUMBER})
    |(?P<word>[^\W\d][\w$]*+)(?P<call>\s*\()?
    |(?P<operator>[-+*/%=<>!|&^~:?@\#]+?(?=--|/\*|')|[-+*/%=<>!|&^~:?@\#])""",
    re.VERBOSE,
)
_STRING_END = re.compile(r"[^']*+(?:''[^']*+)*+'(?!')")
_QUOTED_END = re.compile(r"[^\"]*+(?:\"\"[^\"]*+)*+\"(?!\")")
_ESCAPE_END = re.compile(r"(?:[^'\\]++|\\.|'')*+'")
_BLOCK_MARK = re.compile(r"/\*|\*/")
_DOLLAR_MARK = re.compile(DOLLAR_QUOTE)
_ENDS = {
    _STRING: (_STRING_END, Kind.STRING),
    _QUOTED: (_QUOTED_END, Kind.QUOTED_IDENTIFIER),
    _ESCAPE_STRING: (_ESCAPE_END, Kind.STRING),
}


def tokens(line: str, state: int = START) -> tuple[list[Piece], int]:
    """Return the pieces of one line that have a colour, and the state in which the line ends.

    Args:
        line: one line, without its line break.
        state: what this function returned for the line before; anything it does not know counts as `START`.
    """
    pieces: list[Piece] = []
    at = 0
    if state > START:
        at, state = _leave(line, 0, 0, state, pieces)
        if state:
            return pieces, state
    while found := _LEX.search(line, at):
        start, name = found.start(), found.lastgroup
        if name == "word" or name == "call":
            word = found["word"].lower()
            called = found["call"] is not None
            kind = Kind.KEYWORD if word in KEYWORDS else Kind.FUNCTION if called else Kind.IDENTIFIER
            at = found.end("word")
            pieces.append((start, at - start, kind))
        elif name in _PLAIN:
            at = found.end()
            pieces.append((start, at - start, _PLAIN[name]))
        else:
            opened = _state_of(name or "", found.group())
            at, state = _leave(line, start, found.end(), opened, pieces)
            if state:
                return pieces, state
    return pieces, START


_PLAIN = {
    "comment": Kind.COMMENT,
    "placeholder": Kind.PLACEHOLDER,
    "number": Kind.NUMBER,
    "operator": Kind.OPERATOR,
}


def _state_of(name: str, mark: str) -> int:
    if name == "dollar":
        return _dollar_state(mark)
    return {"block": _COMMENT + 1, "escape": _ESCAPE_STRING, "quoted": _QUOTED}.get(name, _STRING)


def _dollar_state(mark: str) -> int:
    return _DOLLAR | (zlib.crc32(mark.encode()) & 0xFFFFFF)


def _leave(line: str, start: int, at: int, state: int, pieces: list[Piece]) -> tuple[int, int]:
    """Go on inside something that began at `start`, from `at`; return where and in which state the line goes on."""
    if state in _ENDS:
        pattern, kind = _ENDS[state]
        found = pattern.match(line, at)
        end, state = (found.end(), START) if found else (len(line), state)
    elif state >= _DOLLAR:
        kind = Kind.STRING
        closing = next(_closings(line, at, state), None)
        end, state = (closing, START) if closing is not None else (len(line), state)
    elif _COMMENT < state <= _COMMENT + _DEEPEST_COMMENT:
        kind = Kind.COMMENT
        end, state = _leave_comment(line, at, state)
    else:
        return at, START
    if end > start:
        pieces.append((start, end - start, kind))
    return end, state


def _closings(line: str, at: int, state: int) -> Iterator[int]:
    while found := _DOLLAR_MARK.search(line, at):
        if _dollar_state(found.group()) == state:
            yield found.end()
        at = found.end() - 1
    return


def _leave_comment(line: str, at: int, state: int) -> tuple[int, int]:
    depth = state - _COMMENT
    for mark in _BLOCK_MARK.finditer(line, at):
        depth = min(depth + 1, _DEEPEST_COMMENT) if mark.group() == "/*" else depth - 1
        if depth == 0:
            return mark.end(), START
    return len(line), _COMMENT + depth
