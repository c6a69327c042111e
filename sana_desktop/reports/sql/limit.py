"""How many rows a query asks for at most, and whether it says which of all: told by its words alone, in no time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sana_desktop.reports.sql.words import Lexeme, Span, Token, lex

ANY_ROW = 1
"""Who asks for so few wants to see what rows look like, whichever come."""


@dataclass(frozen=True, slots=True)
class RowLimit:
    """The `LIMIT` of a whole query, not of one inside it.

    Attributes:
        at: where the word stands.
        rows: how many; None for what is no plain number.
        ordered: whether the query says which rows come first.
    """

    at: Span
    rows: int | None
    ordered: bool

    @property
    def leaves_it_open(self) -> bool:
        """Whether the same query may bring other rows the next time."""
        return not self.ordered and (self.rows is None or self.rows > ANY_ROW)


def row_limit(sql: str) -> RowLimit | None:
    """Return what a query of one statement says about it; None if it has no `LIMIT`."""
    outer = _outside_brackets(sql, lex(sql))
    words = [token.of(sql).lower() if token.kind is Lexeme.WORD else "" for token in outer]
    if "limit" not in words:
        return None
    place = len(words) - 1 - words[::-1].index("limit")
    after = outer[place + 1] if place + 1 < len(outer) else None
    number = after.of(sql).replace("_", "") if after is not None and after.kind is Lexeme.NUMBER else ""
    rows = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else None
    return RowLimit(Span(outer[place].start, outer[place].end), rows, ordered="order" in words)


def _outside_brackets(sql: str, tokens: Iterable[Token]) -> list[Token]:
    outer, depth = [], 0
    for token in tokens:
        depth += {Lexeme.OPEN: 1, Lexeme.CLOSE: -1}.get(token.kind, 0)
        if not depth and token.kind not in {Lexeme.COMMENT, Lexeme.CLOSE}:
            outer.append(token)
    return outer
