"""Where statements, words, strings, comments and blanks are in an SQL text; pure, linear, and it never fails.

The dialect is that of the widget's SQL: names in double quotes, as in Postgres and DuckDB. Block comments nest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a text: characters from `start` up to, but not with, `end`."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the part of `text` that this is."""
        return text[self.start : self.end]


class Lexeme(StrEnum):
    """What a piece of SQL is."""

    COMMENT = "comment"
    STRING = "string"
    QUOTED = "quoted"
    WORD = "word"
    NUMBER = "number"
    BLANK = "blank"
    PARAMETER = "parameter"
    OPEN = "open"
    CLOSE = "close"
    SEMICOLON = "semicolon"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of SQL. `closed` is False for a string, quoted name or comment that the text ends in."""

    kind: Lexeme
    start: int
    end: int
    closed: bool = True

    def of(self, text: str) -> str:
        """Return the piece itself."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Blank:
    """A place to fill in, such as `{{from}}` or `<start_date>`; `name` is what stands between its marks."""

    start: int
    end: int
    name: str


DOLLAR_QUOTE = r"\$(?:[A-Za-z_]\w{0,60})?\$"
STRING_BODY = r"'[^']*+(?:''[^']*+)*+"
QUOTED_BODY = r"\"[^\"]*+(?:\"\"[^\"]*+)*+"
ESCAPE_STRING_BODY = r"(?<=\b[eE])'(?:[^'\\]++|\\.|'')*+"
NUMBER = r"(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?"
MARKED_BLANK = r"\{\{[^{}\n]{1,80}\}\}|\$\{[A-Za-z_]\w{0,60}\}|(?<![\w)\]\"])<[A-Za-z][\w-]{2,60}>"
PARAMETER = r"\$\w+|(?<![:\w\])\"'])(?<!::):[A-Za-z_]\w*|(?<=[=\s(,])\?(?=[\s),;]|\Z)"

_LEX = re.compile(
    rf"""(?P<space>\s++)|(?P<line>--[^\n]*+)|(?P<block>/\*)
    |(?P<blank>{MARKED_BLANK})
    |(?P<estring>{ESCAPE_STRING_BODY}(?P<eclose>'|\Z))
    |(?P<string>{STRING_BODY}(?P<sclose>'|\Z))
    |(?P<quoted>{QUOTED_BODY}(?P<qclose>"|\Z))
    |(?P<dollar>{DOLLAR_QUOTE})
    |(?P<parameter>{PARAMETER})
    |(?P<number>{NUMBER})
    |(?P<word>[^\W\d][\w$]*+)
    |(?P<semicolon>;)|(?P<open>[(\[{{])|(?P<close>[)\]}}])
    |(?P<operator>::|<>|!=|<=|>=|\|\||->>|->|.)""",
    re.VERBOSE | re.DOTALL,
)
_SIMPLE = {
    "line": Lexeme.COMMENT,
    "blank": Lexeme.BLANK,
    "parameter": Lexeme.PARAMETER,
    "number": Lexeme.NUMBER,
    "word": Lexeme.WORD,
    "semicolon": Lexeme.SEMICOLON,
    "open": Lexeme.OPEN,
    "close": Lexeme.CLOSE,
    "operator": Lexeme.OPERATOR,
}
_QUOTING = {
    "estring": (Lexeme.STRING, "eclose"),
    "eclose": (Lexeme.STRING, "eclose"),
    "string": (Lexeme.STRING, "sclose"),
    "sclose": (Lexeme.STRING, "sclose"),
    "quoted": (Lexeme.QUOTED, "qclose"),
    "qclose": (Lexeme.QUOTED, "qclose"),
}
_BLOCK_MARK = re.compile(r"/\*|\*/")


def lex(text: str, start: int = 0) -> Iterator[Token]:
    """Yield every piece of the text but white space, in order. Whatever the text is, it is cut up somehow."""
    at = start
    while at < len(text):
        found = _LEX.match(text, at)
        if found is None:  # pragma: no cover - the last alternative takes any character
            return
        name, end = found.lastgroup or "", found.end()
        if name in _SIMPLE:
            yield Token(_SIMPLE[name], at, end)
        elif name in _QUOTING:
            kind, close = _QUOTING[name]
            yield Token(kind, at, end, closed=bool(found[close]))
        elif name == "block":
            end, closed = end_of_block(text, at)
            yield Token(Lexeme.COMMENT, at, end, closed)
        elif name == "dollar":
            end, closed = end_of_dollar(text, at, found.group())
            yield Token(Lexeme.STRING, at, end, closed)
        at = end


def end_of_block(text: str, start: int) -> tuple[int, bool]:
    """Return where the block comment that begins at `start` ends, and whether it does end."""
    depth = 0
    for mark in _BLOCK_MARK.finditer(text, start):
        depth += 1 if mark.group() == "/*" else -1
        if depth == 0:
            return mark.end(), True
    return len(text), False


def end_of_dollar(text: str, start: int, mark: str) -> tuple[int, bool]:
    """Return where the text quoted by `mark` (`$$` or `$name$`) at `start` ends, and whether it does end."""
    end = text.find(mark, start + len(mark))
    return (end + len(mark), True) if end >= 0 else (len(text), False)


_RUN = re.compile(
    rf"(?:[^;'\"$/\-]++|{ESCAPE_STRING_BODY}'|(?<!\b[eE]){STRING_BODY}'|{QUOTED_BODY}\"|--[^\n]*+|/(?!\*)|-(?!-)"
    rf"|\$(?!(?:[A-Za-z_]\w{{0,60}})?\$))*+",
    re.DOTALL,
)
_DOLLAR = re.compile(DOLLAR_QUOTE)


def _semicolons(text: str) -> Iterator[int]:
    """Yield where statements end. One match runs over whole statements, so ten thousand lines take milliseconds."""
    at = 0
    while at < len(text):
        run = _RUN.match(text, at)
        at = run.end() if run else at
        if at >= len(text):
            return
        character = text[at]
        if character == ";":
            yield at
            at += 1
        elif character == "/":
            at, _ = end_of_block(text, at)
        elif character == "$" and (mark := _DOLLAR.match(text, at)):
            at, _ = end_of_dollar(text, at, mark.group())
        else:
            return


@dataclass(frozen=True, slots=True)
class _Piece:
    whole: Span
    core: Span


def _pieces(text: str) -> list[_Piece]:
    pieces: list[_Piece] = []
    start = 0
    for end in (*_semicolons(text), len(text)):
        stop = min(end + 1, len(text))
        if start < stop or not pieces:
            core = _trimmed(text, start, end)
            significant = any(t.kind not in {Lexeme.COMMENT, Lexeme.SEMICOLON} for t in lex(text[start:end]))
            if significant and pieces and pieces[-1].core.start == pieces[-1].core.end:
                pieces[-1] = _Piece(Span(pieces[-1].whole.start, stop), core)
            elif significant or not pieces:
                pieces.append(_Piece(Span(start, stop), core if significant else Span(start, start)))
            else:
                pieces[-1] = _Piece(Span(pieces[-1].whole.start, stop), pieces[-1].core)
        start = stop
    return pieces if text else []


def _trimmed(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    front = len(piece) - len(piece.lstrip())
    return Span(start + front, start + max(len(piece.rstrip()), front))


def statements(text: str) -> tuple[Span, ...]:
    """Return the statements of a text, each with its semicolon and the white space around it.

    Put together they are the whole text. What holds only comments or blanks belongs to the statement before it.
    """
    return tuple(piece.whole for piece in _pieces(text))


def statement_at(text: str, position: int) -> Span:
    """Return the statement at a place of the text, without its semicolon and the white space around it.

    Right behind a semicolon, on the same line, it is still the statement before it. Empty if there is none.
    """
    pieces = _pieces(text)
    for number, piece in enumerate(pieces):
        behind = piece.whole.end
        last = number == len(pieces) - 1
        if position < behind or last or (position == behind and "\n" in _next_gap(text, behind)):
            return piece.core
        if position == behind and text[behind - 1 : behind] == ";" and text[behind : behind + 1].isspace():
            return piece.core
    return Span(0, 0)


def place_among(text: str, statement: Span) -> tuple[int, int]:
    """Return which one of the statements of a text `statement` is, counted from 1, and how many there are."""
    every = statements(text)
    return next((n for n, one in enumerate(every, 1) if one.start <= statement.start < one.end), 0), len(every)


def _next_gap(text: str, start: int) -> str:
    rest = text[start : start + 200]
    return rest[: len(rest) - len(rest.lstrip())]


_HTML_TAGS = "a b i p br hr em li ul ol td th tr div img pre sub sup span body code head html font table strong"
_HTML = frozenset(_HTML_TAGS.split())
_BLANK_IN_STRING = re.compile(r"\{\{[^{}\n]{1,80}\}\}|\$\{[A-Za-z_]\w{0,60}\}")
_WHOLE_BLANK = re.compile(r"['\"]%?\s*(<[A-Za-z][\w -]{0,60}>)\s*%?['\"]\Z")


def blanks(text: str) -> tuple[Blank, ...]:
    """Return the places of an SQL text that are still to be filled in, in order.

    They are `{{name}}` and `${name}` anywhere outside comments, and `<name>` where it is a value of its own or all
    there is between two quotes. A comparison such as `a < b` is none, nor is an HTML tag in a text.
    """
    found: list[Blank] = []
    for token in lex(text):
        if token.kind is Lexeme.BLANK:
            found.append(_blank(text, token.start, token.end))
        elif token.kind in {Lexeme.STRING, Lexeme.QUOTED} and token.closed:
            piece = token.of(text)
            whole = _WHOLE_BLANK.match(piece)
            if whole and whole[1].strip("<>").strip().lower() not in _HTML and "/" not in whole[1]:
                found.append(_blank(text, token.start + whole.start(1), token.start + whole.end(1)))
            else:
                marks = _BLANK_IN_STRING.finditer(piece)
                found.extend(_blank(text, token.start + m.start(), token.start + m.end()) for m in marks)
    return tuple(found)


def _blank(text: str, start: int, end: int) -> Blank:
    return Blank(start, end, text[start:end].strip("<>{}$").strip())


def starts_as_query(text: str) -> bool:
    """Return whether a text begins, behind comments and brackets, as a query that reads, and goes on."""
    for token in lex(text[:20_000]):
        if token.kind is Lexeme.WORD:
            return token.of(text).lower() in {"select", "with"} and token.end < len(text)
        if token.kind not in {Lexeme.COMMENT, Lexeme.OPEN}:
            return False
    return False
