"""A short name for a query, for tabs, rows and file names: made of the query's own words, never invented."""

from __future__ import annotations

import re

from sana_desktop.base.text import one_line
from sana_desktop.reports.sql.words import Lexeme, Token, lex

MAX_TITLE_CHARACTERS = 80
_LOOKED_AT_CHARACTERS = 20_000
"""A title is found near the beginning or not at all."""
_INSTRUCTION = "sandbox:"
"""A comment that tells the demo workspace what to do is no name."""
_MAX_GROUPS = 2
_CLAUSE_ENDS = frozenset("having order limit union intersect except window qualify offset fetch".split())  # noqa: SIM905


def title_of(sql: str) -> str:
    """Return a name such as `Course completions, by department`; empty if the query gives no words for one.

    A comment on the first line is taken as the name somebody gave it; else the first table that is read, and what the
    outer query groups by. Pure, and takes a few milliseconds at most.
    """
    sql = sql[:_LOOKED_AT_CHARACTERS]
    tokens = list(lex(sql))
    if not tokens:
        return ""
    named = _from_comment(tokens[0].of(sql)) if tokens[0].kind is Lexeme.COMMENT else ""
    if named:
        return named
    pieces = [token for token in tokens if token.kind is not Lexeme.COMMENT]
    table = _first_table(sql, pieces)
    if not table:
        return ""
    title = human(table)
    groups = _groups(sql, pieces)
    if groups:
        title += ", by " + " and ".join(human(group).lower() for group in groups)
    return one_line(title, MAX_TITLE_CHARACTERS)


def human(name: str) -> str:
    """Return a name of a table or column as words: `user_course_progress` and `userCourseProgress` read alike."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).replace("_", " ").replace("-", " ")
    words = " ".join(spaced.split())
    if not words.isupper() or len(words) > 5:
        words = words.lower() if words.isupper() else words
    return words[:1].upper() + words[1:]


def _from_comment(comment: str) -> str:
    first = comment.strip("-/* \t\n").splitlines()[0].strip() if comment.strip("-/* \t\n") else ""
    if first.startswith(_INSTRUCTION):
        return ""
    return one_line(first, MAX_TITLE_CHARACTERS) if 3 <= len(first) <= 100 and re.search(r"[^\W\d_]", first) else ""


def _name(sql: str, token: Token) -> str:
    piece = token.of(sql)
    return piece[1:-1].replace('""', '"') if token.kind is Lexeme.QUOTED else piece


def _path(sql: str, pieces: list[Token], at: int) -> tuple[list[str], int]:
    """Read `"schema"."table"` at a place; return its parts and the place behind it."""
    parts: list[str] = []
    while at < len(pieces) and pieces[at].kind in {Lexeme.WORD, Lexeme.QUOTED}:
        parts.append(_name(sql, pieces[at]))
        if at + 1 < len(pieces) and pieces[at + 1].of(sql) == ".":
            at += 2
            continue
        return parts, at + 1
    return parts, at


def _defined_at(sql: str, pieces: list[Token], bracket: int) -> str:
    """Return the name of the WITH query whose bracket this is, as in `name (a, b) AS NOT MATERIALIZED (`, else ""."""
    at = bracket - 1
    while at >= 0 and pieces[at].of(sql).lower() in {"not", "materialized"}:
        at -= 1
    if at < 1 or pieces[at].of(sql).lower() != "as":
        return ""
    at -= 1
    if pieces[at].kind is Lexeme.CLOSE:
        while at > 0 and pieces[at].kind is not Lexeme.OPEN:
            at -= 1
        at -= 1
    return _name(sql, pieces[at]).lower() if at >= 0 else ""


def _first_table(sql: str, pieces: list[Token]) -> str:
    defined: set[str] = set()
    selecting = [False]
    for number, token in enumerate(pieces):
        word = token.of(sql).lower()
        if token.kind is Lexeme.OPEN:
            selecting.append(False)
            defined.add(_defined_at(sql, pieces, number))
        elif token.kind is Lexeme.CLOSE and len(selecting) > 1:
            selecting.pop()
        elif token.kind is Lexeme.WORD and word == "select":
            selecting[-1] = True
        elif token.kind is Lexeme.WORD and word == "from" and selecting[-1]:
            if pieces[number - 1].of(sql).lower() == "distinct":
                continue
            parts, after = _path(sql, pieces, number + 1)
            called = after < len(pieces) and pieces[after].kind is Lexeme.OPEN
            if parts and not called and parts[-1].lower() not in {*defined, "select", "lateral"}:
                return parts[-1]
    return ""


def _groups(sql: str, pieces: list[Token]) -> list[str]:
    """Return the plain columns of the outer GROUP BY; none at all if one of them is something else."""
    depth, start = 0, None
    for number, token in enumerate(pieces):
        depth += {Lexeme.OPEN: 1, Lexeme.CLOSE: -1}.get(token.kind, 0)
        following = pieces[number + 1].of(sql).lower() if number + 1 < len(pieces) else ""
        if depth == 0 and token.kind is Lexeme.WORD and token.of(sql).lower() == "group" and following == "by":
            start = number + 2
    if start is None:
        return []
    groups: list[str] = []
    while True:
        parts, start = _path(sql, pieces, start)
        if not parts or len(groups) >= _MAX_GROUPS:
            return []
        groups.append(parts[-1])
        if start >= len(pieces) or pieces[start].of(sql).lower() in _CLAUSE_ENDS or pieces[start].of(sql) == ";":
            return groups
        if pieces[start].of(sql) != ",":
            return []
        start += 1
