"""What is wrong, or may be, with a query, and where exactly (BEHAVIOUR.md A09).

Only what is certain is an error: a quotation or bracket without an end, and blanks not filled in. Our parser is not the
site's: what it can't read is a warning, never a block.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from sana_desktop.base.words import Words
from sana_desktop.reports.sql.limit import row_limit
from sana_desktop.reports.sql.words import Lexeme, Token, blanks, lex, statements

MAX_CHECKED_CHARACTERS = 200_000
"""Longest text that is checked: the parser takes about a second for it."""
MAX_DEPTH = 60
"""Deepest nesting that is handed to the parser, which calls itself for each level."""


NO_REPORT = frozenset({"writes", "not_select"})
"""Codes of what is said of a statement that begins with neither SELECT nor WITH."""
SEVERAL = "several"
"""Code of what is said where a second statement begins."""


class Severity(StrEnum):
    """How much a finding matters: an error blocks ordering, the others only say something."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about a query.

    Attributes:
        severity: how much it matters.
        start, end: the characters it is about; never outside the text, and empty only where the text ends.
        message: the plain sentence.
        code: stable short name, for tests and for the window's quick fixes.
    """

    severity: Severity
    start: int
    end: int
    message: Words
    code: str


def obstacles(text: str) -> tuple[Finding, ...]:
    """Return, of what `check` says, what must be settled before a report is ordered, in the order of its places:
    errors, a second statement, and a statement that is none of a report's. Without the parser: it takes milliseconds.
    """
    if len(text) > MAX_CHECKED_CHARACTERS:
        return ()
    found = _without_parser(text, _pieces(text))
    grave = [one for one in found if one.severity is Severity.ERROR or one.code in {SEVERAL, *NO_REPORT}]
    return tuple(sorted(grave, key=lambda one: (one.start, one.end)))


def check(text: str) -> tuple[Finding, ...]:
    """Return what is to be said about a query, in the order of its places.

    May take 300 ms the first time (the parser is imported) and up to a second for the longest text: call it off the
    window's thread.
    """
    if len(text) > MAX_CHECKED_CHARACTERS:
        words = Words("This query is too long to be checked here. It can be ordered all the same.")
        return (Finding(Severity.HINT, 0, 0, words, "too_long"),)
    pieces = _pieces(text)
    if not any(token.kind not in {Lexeme.COMMENT, Lexeme.SEMICOLON} for token in pieces):
        return (Finding(Severity.HINT, len(text), len(text), Words("There is no query here yet."), "empty"),)
    found = _without_parser(text, pieces)
    if not any(one.severity is Severity.ERROR for one in found):
        found += _named_user(text, pieces)
        if not any(one.code in {SEVERAL, *NO_REPORT} for one in found):
            unreadable = list(_unreadable(text, pieces))
            found += unreadable or [*_everything(text, pieces), *_some_of_all(text)]
    return tuple(sorted(found, key=lambda one: (one.start, one.end)))


def _pieces(text: str) -> list[Token]:
    return [token for token in lex(text) if token.kind is not Lexeme.COMMENT or not token.closed]


def _without_parser(text: str, pieces: list[Token]) -> list[Finding]:
    found = [*_unclosed(text, pieces), *_blanks(text), *_parameters(text, pieces), *_curly_quotes(text, pieces)]
    return found + list(_one_reading_statement(text, pieces))


_PAIRS = {"(": ")", "[": "]", "{": "}"}


def _unclosed(text: str, pieces: list[Token]) -> Iterator[Finding]:
    opened: list[Token] = []
    for token in pieces:
        if not token.closed:
            yield _no_end(text, token)
            return
        if token.kind is Lexeme.OPEN:
            opened.append(token)
        elif token.kind is Lexeme.CLOSE:
            if opened and _PAIRS[opened[-1].of(text)] == token.of(text):
                opened.pop()
                continue
            words = Words("This closing bracket has no opening one.")
            yield Finding(Severity.ERROR, token.start, token.end, words, "bracket_extra")
            return
        elif token.kind is Lexeme.SEMICOLON and opened:
            break
    if opened:
        words = Words("This bracket is never closed.")
        yield Finding(Severity.ERROR, opened[-1].start, opened[-1].end, words, "bracket_open")


def _no_end(text: str, token: Token) -> Finding:
    words = {
        Lexeme.STRING: Words("The text that begins at this quote has no end."),
        Lexeme.QUOTED: Words("The name that begins at this quote has no end."),
    }.get(token.kind, Words("The comment that begins here has no end."))
    code = "comment_open" if token.kind is Lexeme.COMMENT else "quote_open"
    length = 2 if token.kind is Lexeme.COMMENT else 1
    return Finding(Severity.ERROR, token.start, token.start + length, words, code)


def _blanks(text: str) -> Iterator[Finding]:
    for blank in blanks(text):
        words = Words("This blank is still to be filled in: {name}.", name=blank.name)
        yield Finding(Severity.ERROR, blank.start, blank.end, words, "blank")


def _parameters(text: str, pieces: list[Token]) -> Iterator[Finding]:
    depth = 0
    for token in pieces:
        piece = token.of(text)
        depth += {"[": 1, "]": -1, "{": 1, "}": -1}.get(piece, 0)
        if token.kind is Lexeme.PARAMETER and not (piece.startswith(":") and depth > 0):
            words = Words("{name} looks like a blank for a program to fill in. The site gets it as it is.", name=piece)
            yield Finding(Severity.WARNING, token.start, token.end, words, "parameter")


def _curly_quotes(text: str, pieces: list[Token]) -> Iterator[Finding]:
    for token in pieces:
        if token.kind is Lexeme.OPERATOR and token.of(text) in "“”„‘’‚":
            words = Words("This is a curly quote, as Word makes them. SQL wants the straight ones: ' or \".")
            yield Finding(Severity.ERROR, token.start, token.end, words, "curly_quote")
            return


_WRITING = frozenset(
    "insert update delete create drop alter grant revoke truncate copy attach detach merge replace set".split()  # noqa: SIM905
)


def _one_reading_statement(text: str, pieces: list[Token]) -> Iterator[Finding]:
    parts = statements(text)
    first = next((token for token in pieces if token.kind not in {Lexeme.SEMICOLON, Lexeme.OPEN, Lexeme.COMMENT}), None)
    if len(parts) > 1:
        second = next(t for t in pieces if t.start >= parts[1].start and t.kind is not Lexeme.SEMICOLON)
        words = Words("A second query begins here. The site takes one at a time.")
        yield Finding(Severity.WARNING, second.start, max(second.end, second.start), words, SEVERAL)
    if first is None:
        return
    word = first.of(text).lower() if first.kind is Lexeme.WORD else ""
    if word in _WRITING:
        words = Words("{word} would change data. Reports only read: begin with SELECT or WITH.", word=word.upper())
        yield Finding(Severity.WARNING, first.start, first.end, words, "writes")
    elif word not in {"select", "with"} and first.kind not in {Lexeme.BLANK, Lexeme.PARAMETER}:
        words = Words("A query for a report begins with SELECT or WITH.")
        yield Finding(Severity.WARNING, first.start, first.end, words, "not_select")


def _named_user(text: str, pieces: list[Token]) -> Iterator[Finding]:
    """Unquoted `user` is no column but the account that runs the query, in Postgres and in DuckDB: a silent trap."""
    for before, token, after in zip([None, *pieces], pieces, [*pieces[1:], None], strict=False):
        if token.kind is not Lexeme.WORD or token.of(text).lower() != "user":
            continue
        previous = before.of(text).lower() if before else ""
        following = after.of(text) if after else ""
        if previous in {".", "as", "from", "join"} or following in {".", "("}:
            continue
        words = Words('Without its quotes this means the account that runs the query. Write "user" for the column.')
        yield Finding(Severity.WARNING, token.start, token.end, words, "quote_user")


def _unreadable(text: str, pieces: list[Token]) -> Iterator[Finding]:
    depth = deepest = 0
    for token in pieces:
        depth += {Lexeme.OPEN: 1, Lexeme.CLOSE: -1}.get(token.kind, 0)
        deepest = max(deepest, depth)
    try:
        place = _first_trouble(text) if deepest <= MAX_DEPTH else None
    except RecursionError:
        deepest = MAX_DEPTH + 1
    if deepest > MAX_DEPTH:
        words = Words("This query is nested too deeply to be checked here. The site may still accept it.")
        yield Finding(Severity.HINT, 0, 0, words, "too_deep")
    elif place is not None:
        yield _trouble(text, *place)


_RESERVED = frozenset(
    "all and any as asc case cast desc distinct else end except from group having in inner intersect into is join left "  # noqa: SIM905
    "like limit natural not null offset on or order outer right select table then to union user using when where "
    "with".split()
)


def _trouble(text: str, start: int, end: int) -> Finding:
    piece = text[start:end]
    if not end:
        words = Words("I can't read this query; the site may still accept it.")
    elif not piece:
        words = Words("The query seems to stop too early. I can't check it; the site may still accept it.")
    elif piece.lower() in _RESERVED:
        words = Words(
            "I can't read the query from {word} on; the site may still accept it. "
            'If {word} is a column, write "{word}".',
            word=piece,
        )
    else:
        words = Words("I can't read the query from {word} on; the site may still accept it.", word=piece)
    return Finding(Severity.WARNING, start, end, words, "unreadable")


def _first_trouble(text: str) -> tuple[int, int] | None:
    """Return where the parser stops, or None if it reads the whole query in one of the two likely dialects.

    Raises:
        RecursionError: a chain of operators, a CASE or a call is nested too deeply for it.
    """
    import sqlglot
    from sqlglot.errors import ParseError, SqlglotError

    place: tuple[int, int] | None = None
    for dialect in ("duckdb", "postgres"):
        try:
            sqlglot.parse(text, read=dialect)
        except ParseError as error:
            place = place or _place(text, error.errors[0] if error.errors else {})
        except SqlglotError:
            place = place or (0, 0)
        else:
            return None
    return place


def _place(text: str, error: dict[str, object]) -> tuple[int, int]:
    """Turn the parser's line, column and piece into characters of the text.

    Its column is that of the piece's last character, counted from 1. Where the query ends too early it names the last
    piece; the place is then the end of that piece.
    """
    line, column = error.get("line"), error.get("col")
    piece = error.get("highlight")
    if not isinstance(line, int) or not isinstance(column, int) or not isinstance(piece, str):
        return 0, 0
    at = 0
    for _ in range(line - 1):
        at = text.find("\n", at) + 1
    end = min(at + column, len(text))
    start = max(end - len(piece), 0)
    if text[start:end] != piece:
        before = error.get("start_context")
        found = text.find((before if isinstance(before, str) else "") + piece)
        if found < 0:
            return 0, 0
        start = found + len(before if isinstance(before, str) else "")
        end = start + len(piece)
    if not error.get("end_context") and not text[end:].strip(" \t\r\n;") and _ends_early(error):
        return end, end
    return start, end


def _ends_early(error: dict[str, object]) -> bool:
    description = str(error.get("description", ""))
    return "SENTINEL" in description or "missing" in description or "Expect" in description


_DATE_WORDS = frozenset("date timestamp interval current_date current_timestamp now today date_trunc".split())  # noqa: SIM905


def _everything(text: str, pieces: list[Token]) -> Iterator[Finding]:
    words = [token.of(text).lower() for token in pieces if token.kind is Lexeme.WORD]
    if "from" not in words or "limit" in words or "fetch" in words or "group" in words:
        return
    filtered = words[words.index("where") :] if "where" in words else []
    if not filtered or not _mentions_date(text, pieces, filtered):
        hint = Words("There is no limit and no filter on a date: this gets everything there is, which may take long.")
        first = next(token for token in pieces if token.kind is Lexeme.WORD)
        yield Finding(Severity.HINT, first.start, first.end, hint, "everything")


def _some_of_all(text: str) -> Iterator[Finding]:
    limit = row_limit(text)
    if limit is not None and limit.leaves_it_open:
        words = Words("The query does not say which rows of all these are: the next run may bring others.")
        yield Finding(Severity.HINT, limit.at.start, limit.at.end, words, "some_of_all")


def _mentions_date(text: str, pieces: list[Token], words: list[str]) -> bool:
    if not _DATE_WORDS.isdisjoint(words):
        return True
    behind = False
    for token in pieces:
        piece = token.of(text)
        behind = behind or (token.kind is Lexeme.WORD and piece.lower() == "where")
        if behind and token.kind is Lexeme.STRING and piece[1:5].isdigit() and piece[5:6] == "-":
            return True
    return False
