"""SQL laid out for reading: only white space between its pieces changes, so its meaning can't (BEHAVIOUR.md A07)."""

from __future__ import annotations

from dataclasses import dataclass, field

from sana_desktop.base.words import Words
from sana_desktop.reports.sql.words import Lexeme, Token, lex

MAX_TIDIED_CHARACTERS = 200_000
_INDENT = "  "
_INLINE_SUBQUERY_CHARACTERS = 60
"""A query in brackets that is no longer than this stays on its line."""
_DEEPEST = 200
_WIDEST = 100
"""Characters of a line; in brackets, as of a long IN list, the next item goes on a new line beyond them."""

_CLAUSES = tuple(
    tuple(clause.split())
    for clause in (  # noqa: SIM905
        "union all,union distinct,group by,order by,left outer join,right outer join,full outer join,left join,"
        "right join,full join,inner join,cross join,natural join,select distinct,with recursive,select,from,where,"
        "having,qualify,window,limit,offset,union,intersect,except,join,with"
    ).split(",")
)
_UPPER = frozenset(
    "select distinct from where group by order having qualify window limit offset union all intersect except join "  # noqa: SIM905
    "full outer inner cross natural on using and or not in is null like ilike between as asc desc case when then "
    "else end with".split()
)


@dataclass(frozen=True, slots=True)
class Tidied:
    """The text laid out, or the text as it was and why."""

    text: str
    reason: Words | None = None


def tidy(text: str) -> Tidied:
    """Return the query laid out, one clause a line; every piece of it and every comment stays, in order.

    The result is checked piece by piece against the original before it is handed out. Pure; takes up to half a second
    for the longest text.
    """
    if len(text) > MAX_TIDIED_CHARACTERS:
        return Tidied(text, Words("This query is too long to be tidied here."))
    pieces = list(lex(text))
    if any(not token.closed for token in pieces) or not _balanced(pieces):
        return Tidied(text, Words("A quotation or a bracket has no end, so nothing was changed."))
    laid_out = _Layout(text, pieces).run()
    if _meaning(laid_out) != _meaning(text):
        return Tidied(text, Words("This query could not be tidied without risk, so nothing was changed."))
    return Tidied(laid_out)


def _meaning(text: str) -> list[tuple[Lexeme, str]]:
    """What must stay the same: every piece, with only the case of SQL's own words left open."""
    found: list[tuple[Lexeme, str]] = []
    for token in lex(text):
        piece = token.of(text)
        if token.kind is Lexeme.COMMENT:
            piece = piece.rstrip()
        elif token.kind is Lexeme.WORD and piece.lower() in {*_UPPER, "left", "right"}:
            piece = piece.lower()
        found.append((token.kind, piece))
    return found


def _balanced(pieces: list[Token]) -> bool:
    depth = 0
    for token in pieces:
        depth += {Lexeme.OPEN: 1, Lexeme.CLOSE: -1}.get(token.kind, 0)
        if not 0 <= depth <= _DEEPEST:
            return False
    return depth == 0


@dataclass(slots=True)
class _Level:
    """A stretch that is laid out clause by clause: the whole text, or a longer query in brackets.

    Attributes:
        indent: of its clauses.
        brackets: depth of the brackets inside it that stay on their line.
        spread: whether the current clause has an item a line.
        between: whether the next AND belongs to a BETWEEN.
        cases: depth of CASE … END, which stays on its line.
    """

    indent: int
    brackets: int = 0
    clause: str = ""
    spread: bool = False
    between: bool = False
    cases: int = 0


@dataclass(slots=True)
class _Layout:
    text: str
    pieces: list[Token]
    words: list[str] = field(init=False)
    levels: list[_Level] = field(init=False)
    opened_blocks: list[bool] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.words = [token.of(self.text) for token in self.pieces]
        self.levels = [_Level(0)]

    def run(self) -> str:
        parts: list[str] = []
        pending: int | None = None
        skip = width = 0
        for number, token in enumerate(self.pieces):
            before, after = self._breaks(number, skip)
            skip = max(skip - 1, 0)
            if not skip and self.levels[-1].brackets == 0:
                skip = len(self._clause(number).split())
            comment_here = token.kind is Lexeme.COMMENT and not self._own_line(token)
            wanted = before if before is not None else pending
            if number == 0:
                separator = ""
            elif comment_here and not (number and self.words[number - 1].startswith("--")):
                separator = " "
            elif wanted is not None:
                separator = "\n" + _INDENT * wanted
            elif token.kind is Lexeme.COMMENT and self._own_line(token):
                separator = "\n" + _INDENT * self.levels[-1].indent
            else:
                separator = self._space(number)
                if self._wraps(number, width):
                    separator = "\n" + _INDENT * (self.levels[-1].indent + 2)
            if not comment_here:
                pending = None
            piece = separator + self._shown(number)
            width = len(piece) - piece.rfind("\n") - 1 if "\n" in piece else width + len(piece)
            parts.append(piece)
            if after is not None:
                pending = after
            if token.kind is Lexeme.COMMENT and self.words[number].startswith("--") and pending is None:
                pending = self.levels[-1].indent + (1 if self.levels[-1].clause else 0)
        return "".join(parts).strip() + ("\n" if self.text.endswith("\n") else "")

    def _wraps(self, number: int, width: int) -> bool:
        """Whether an item in brackets that stay on their line has no more room there."""
        if not self.levels[-1].brackets or self.words[number - 1] != ",":
            return False
        # A comment on a line of its own would be laid out otherwise the next time.
        return self.pieces[number].kind is not Lexeme.COMMENT and width + len(self.words[number]) >= _WIDEST

    def _own_line(self, token: Token) -> bool:
        line_start = self.text.rfind("\n", 0, token.start) + 1
        return not self.text[line_start : token.start].strip()

    def _shown(self, number: int) -> str:
        word, token = self.words[number], self.pieces[number]
        following = self.words[number + 1].lower() if number + 1 < len(self.words) else ""
        joins = word.lower() in {"left", "right"} and following in {"join", "outer"}
        if token.kind is Lexeme.WORD and (joins or word.lower() in _UPPER) and not self._is_name(number):
            return word.upper()
        return word.rstrip() if token.kind is Lexeme.COMMENT else word

    def _is_name(self, number: int) -> bool:
        """A word beside a full stop is a name, whatever it says; so is what follows AS, but for a bracket."""
        before = self.words[number - 1].lower() if number else ""
        after = self.words[number + 1] if number + 1 < len(self.words) else ""
        return "." in {before, after} or before == "as"

    def _space(self, number: int) -> str:
        before, here = self.pieces[number - 1], self.pieces[number]
        last, word = self.words[number - 1], self.words[number]
        if last == ",":
            return " "
        if before.kind is Lexeme.OPEN or here.kind is Lexeme.CLOSE or word in {",", ";"}:
            return ""
        return "" if before.end == here.start else " "

    def _clause(self, number: int) -> str:
        if self.pieces[number].kind is not Lexeme.WORD or self._is_name(number):
            return ""
        for words in _CLAUSES:
            if all(
                number + offset < len(self.words) and self.words[number + offset].lower() == word
                for offset, word in enumerate(words)
            ):
                return " ".join(words)
        return ""

    def _breaks(self, number: int, inside_clause: int) -> tuple[int | None, int | None]:
        """Return the indent of a new line before this piece and of one after it; None for no new line."""
        token, word, level = self.pieces[number], self.words[number].lower(), self.levels[-1]
        if token.kind is Lexeme.OPEN:
            return None, self._open(number)
        if token.kind is Lexeme.CLOSE:
            return self._close(), None
        if level.brackets:
            return None, None
        if token.kind is Lexeme.SEMICOLON:
            self.levels = [_Level(0)]
            return None, 0
        if inside_clause > 1:
            last = inside_clause == 2
            return None, level.indent + 1 if last and level.spread else None
        if token.kind is Lexeme.WORD:
            clause = self._clause(number)
            if clause and not (clause == "from" and self._is_distinct_from(number)):
                return self._start(number, clause, level)
        return self._inside(word, level)

    def _inside(self, word: str, level: _Level) -> tuple[int | None, int | None]:
        if word == "case":
            level.cases += 1
        elif word == "end":
            level.cases = max(level.cases - 1, 0)
        elif word == "between":
            level.between = True
        elif word in {"and", "or"} and not level.cases:
            if word == "and" and level.between:
                level.between = False
            else:
                return level.indent + 1, None
        elif word == "," and not level.cases:
            if level.clause.startswith("with"):
                return None, level.indent
            if level.spread:
                return None, level.indent + 1
        return None, None

    def _is_distinct_from(self, number: int) -> bool:
        return number > 0 and self.words[number - 1].lower() == "distinct"

    def _start(self, number: int, clause: str, level: _Level) -> tuple[int | None, int | None]:
        level.clause, level.between, level.cases = clause, False, 0
        length = len(clause.split())
        level.spread = clause.startswith("select") and self._several_items(number + length)
        return level.indent, level.indent + 1 if level.spread and length == 1 else None

    def _several_items(self, number: int) -> bool:
        depth = 0
        while number < len(self.pieces):
            depth += {Lexeme.OPEN: 1, Lexeme.CLOSE: -1}.get(self.pieces[number].kind, 0)
            if depth < 0 or (depth == 0 and self.words[number].lower() in {"from", ";"}):
                return False
            if depth == 0 and self.words[number] == ",":
                return True
            number += 1
        return False

    def _open(self, number: int) -> int | None:
        level = self.levels[-1]
        first = self.words[number + 1].lower() if number + 1 < len(self.words) else ""
        block = level.brackets == 0 and first in {"select", "with"} and not self._is_short(number)
        self.opened_blocks.append(block)
        if not block:
            level.brackets += 1
            return None
        self.levels.append(_Level(level.indent + (2 if level.spread else 1)))
        return self.levels[-1].indent

    def _is_short(self, number: int) -> bool:
        depth, start = 0, self.pieces[number].start
        for token in self.pieces[number:]:
            if token.end - start > _INLINE_SUBQUERY_CHARACTERS:
                return False
            depth += {Lexeme.OPEN: 1, Lexeme.CLOSE: -1}.get(token.kind, 0)
            if depth == 0:
                return True
        return False

    def _close(self) -> int | None:
        block = self.opened_blocks.pop() if self.opened_blocks else False
        if not block:
            self.levels[-1].brackets = max(self.levels[-1].brackets - 1, 0)
            return None
        closed = self.levels.pop()
        return closed.indent - 1
