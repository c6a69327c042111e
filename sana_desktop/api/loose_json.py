"""JSON as people paste it: read strictly where it is strict, repaired where that is safe, and every repair said.

Source of the leniency: the vendor's own samples are not strict JSON (`1.` as a number, a missing comma), and mail
programs change quotes and break lines. What is cut off is never completed: half a query is another query.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TypeAlias

from sana_desktop.api.pasted_text import straighten
from sana_desktop.base.errors import UserError
from sana_desktop.base.text import one_line
from sana_desktop.base.words import Words

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

MAX_NAME_LENGTH = 60
MAX_DEPTH = 64
"""Deepest nesting that is read; a request body has four levels."""

LINE_BREAKS = Words("Line breaks inside a quoted text were kept as they are.")
BACKSLASHES = Words("Backslashes that belonged to the terminal were taken away.")
DOUBLED = Words("Doubled quotes, as Windows wants them, were made single.")
CURLY = Words("Curly quotes, as Word and Teams make them, were made straight.")
TRAILING = Words("A comma too many was taken away.")
MISSING = Words("A missing comma was put in.")
INNER = Words("Quotes inside the query that had lost their backslash were kept as part of the query.")
SINGLE = Words("Single quotes around names or texts were read as double ones.")
BARE = Words("Names without quotes were read as if they had them.")
NUMBERS = Words("A number was written in an unusual way and read as meant.")
COMMENTS = Words("Comments between the fields were skipped.")

_SPACE = re.compile(r"[\s]*")
_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_NUMBER = re.compile(r"[-+]?(?:\d{1,400}\.?\d{0,400}|\.\d{1,400})(?:[eE][-+]?\d{1,4})?")
_BARE_WORD = re.compile(r"[A-Za-z_][\w-]{0,80}")
_IN_STRING = re.compile(r"[^\"\\]+")
_IN_SINGLE = re.compile(r"[^'\\]+")
_BLANK = r"(?:\s|//[^\n]{0,400}(?:\n|\Z)|/\*(?:[^*]|\*(?!/)){0,400}\*/)"
"""A blank or a comment, of a length that many quotes in a row can be looked at with."""
_ENDS_VALUE = re.compile(
    rf"{_BLANK}*+(?:[}}\]]|\Z|,{_BLANK}*+"
    r"(?:[}\]]|\"[^\"\\\n]{1,80}\"\s*:|'[^'\\\n]{1,80}'\s*:|[A-Za-z_]\w{0,40}\s*:(?!:)))"
)
_ENDS_ITEM = re.compile(rf"{_BLANK}*+[,\]]")
_ENDS_KEY = re.compile(rf"{_BLANK}*+:")
_NEXT_KEY = re.compile(rf"{_BLANK}++\"[A-Za-z_]\w{{0,80}}\"\s*:")
_WORDS: dict[str, Json] = {"true": True, "false": False, "null": None, "True": True, "False": False, "None": None}
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "/": "/", "\\": "\\", '"': '"', "'": "'"}
_HEX4 = re.compile(r"[0-9A-Fa-f]{4}")


@dataclass(frozen=True, slots=True)
class Loose:
    """What was read, and what had to be repaired to read it."""

    value: Json
    repaired: tuple[Words, ...] = ()


def read_loose(text: str) -> Loose:
    """Return the JSON value in `text`.

    Raises:
        UserError: if it is cut off, nested too deep, or can't be read; the sentence has the line and nothing of the
            text itself.
    """
    strict = _strict(text)
    if strict is not None:
        return strict
    for change, words in ((_unescaped, BACKSLASHES), (_undoubled, DOUBLED)):
        changed = change(text)
        if changed is not None and (strict := _strict(changed)) is not None:
            return Loose(strict.value, (words, *strict.repaired))
    straight = straighten(text)
    first_quote = re.search("[\"“”„'‘’]", text)
    if straight != text and first_quote and first_quote.group() not in "\"'":
        read = _Reader(straight).read()
        return Loose(read.value, (CURLY, *read.repaired))
    return _Reader(text).read()


def _strict(text: str) -> Loose | None:
    twice: list[Words] = []

    def object_of(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = Counter(name for name, _ in pairs)
            twice.extend(given_twice(name) for name, count in names.items() if count > 1)
        return found

    try:
        return Loose(json.loads(text, object_pairs_hook=object_of), tuple(dict.fromkeys(twice)))
    except (ValueError, RecursionError):
        twice.clear()
    try:
        value = json.loads(text, strict=False, object_pairs_hook=object_of)
        return Loose(value, (LINE_BREAKS, *dict.fromkeys(twice)))
    except (ValueError, RecursionError):
        return None


def given_twice(name: str) -> Words:
    """Return that a name stood in an object more than once, and which value was taken."""
    return Words("“{field}” was given more than once; the last was taken.", field=one_line(name, MAX_NAME_LENGTH))


_BACKSLASH_QUOTED = re.compile(r"\s*[{\[]\s*\\\"")
_DOUBLE_QUOTED = re.compile(r"\s*[{\[]\s*\"\"\w")


def _unescaped(text: str) -> str | None:
    """One level of the backslashes that a Windows program takes away."""
    if not _BACKSLASH_QUOTED.match(text):
        return None
    return re.sub(r"(\\+)\"", lambda run: "\\" * (len(run[1]) // 2) + '"', text)


def _undoubled(text: str) -> str | None:
    return text.replace('""', '"') if _DOUBLE_QUOTED.match(text) else None


@dataclass(slots=True)
class _Reader:
    text: str
    at: int = 0
    repaired: list[Words] = field(default_factory=list)

    def read(self) -> Loose:
        self._skip()
        value = self._value(0)
        self._skip()
        if self.at < len(self.text):
            raise self._unreadable()
        return Loose(value, tuple(dict.fromkeys(self.repaired)))

    def _unreadable(self) -> UserError:
        return UserError(
            "The part in curly brackets can't be read in line {line}.",
            code="E-PASTE-JSON",
            values={"line": self.text.count("\n", 0, self.at) + 1},
            next_step="Copy it again from the widget, or paste the SQL alone.",
        )

    def _cut(self) -> UserError:
        return UserError(
            "The part in curly brackets is cut off: it has no end.",
            code="E-PASTE-CUT",
            next_step="Copy the whole command again, to its very last character.",
        )

    def _skip(self) -> None:
        while True:
            space = _SPACE.match(self.text, self.at)
            self.at = space.end() if space else self.at
            comment = _COMMENT.match(self.text, self.at) if self.text.startswith("/", self.at) else None
            if not comment:
                return
            self.repaired.append(COMMENTS)
            self.at = comment.end()

    def _value(self, depth: int, *, in_list: bool = False) -> Json:
        if depth > MAX_DEPTH:
            raise self._unreadable()
        if self.at >= len(self.text):
            raise self._cut()
        character = self.text[self.at]
        if character == "{":
            return self._object(depth)
        if character == "[":
            return self._list(depth)
        if character in "\"'":
            return self._string(_ENDS_ITEM if in_list else _ENDS_VALUE)
        if number := _NUMBER.match(self.text, self.at):
            self.at = number.end()
            return self._number(number.group())
        if word := _BARE_WORD.match(self.text, self.at):
            if word.group() not in _WORDS:
                raise self._unreadable()
            self.at = word.end()
            return _WORDS[word.group()]
        raise self._unreadable()

    def _number(self, text: str) -> Json:
        try:
            value: Json = json.loads(text)
        except ValueError:
            self.repaired.append(NUMBERS)
            value = float(text)
        return value

    def _object(self, depth: int) -> dict[str, Json]:
        found: dict[str, Json] = {}
        self.at += 1
        while self._another("}", first=not found):
            key = self._key()
            self._skip()
            if self.at >= len(self.text):
                raise self._cut()
            if self.text[self.at] not in ":=":
                raise self._unreadable()
            self.at += 1
            self._skip()
            if key in found:
                self.repaired.append(given_twice(key))
            found[key] = self._value(depth + 1)
        return found

    def _list(self, depth: int) -> list[Json]:
        found: list[Json] = []
        self.at += 1
        while self._another("]", first=not found):
            found.append(self._value(depth + 1, in_list=True))
        return found

    def _another(self, closing: str, *, first: bool) -> bool:
        """Step over what stands between two items; return whether another one comes."""
        self._skip()
        commas = 0
        while self.text.startswith(",", self.at):
            commas += 1
            self.at += 1
            self._skip()
        if self.at >= len(self.text):
            raise self._cut()
        if self.text[self.at] == closing:
            self.at += 1
            if commas:
                self.repaired.append(TRAILING)
            return False
        if not first and not commas:
            self.repaired.append(MISSING)
        elif commas > 1 or (first and commas):
            self.repaired.append(TRAILING)
        return True

    def _key(self) -> str:
        if self.text[self.at] in "\"'":
            return self._string(_ENDS_KEY)
        word = _BARE_WORD.match(self.text, self.at)
        if not word:
            raise self._unreadable()
        self.repaired.append(BARE)
        self.at = word.end()
        return word.group()

    def _string(self, ends: re.Pattern[str]) -> str:
        """Read a text. A quote ends it only where a text may end: people lose the backslashes of inner quotes."""
        text, quote = self.text, self.text[self.at]
        plain = _IN_STRING if quote == '"' else _IN_SINGLE
        if quote == "'":
            self.repaired.append(SINGLE)
        at, parts = self.at + 1, list[str]()
        while True:
            if run := plain.match(text, at):
                parts.append(run.group())
                at = run.end()
            if at >= len(text):
                raise self._cut()
            if text[at] == quote:
                if ends.match(text, at + 1) or _NEXT_KEY.match(text, at + 1):
                    self.at = at + 1
                    break
                self.repaired.append(INNER)
                parts.append(quote)
                at += 1
            else:
                part, at = self._escape(at)
                parts.append(part)
        value = "".join(parts)
        if "\n" in value and "\n" in text[self.at - len(value) - 2 : self.at]:
            self.repaired.append(LINE_BREAKS)
        return value

    def _escape(self, at: int) -> tuple[str, int]:
        following = self.text[at + 1 : at + 2]
        if following in _ESCAPES and following:
            return _ESCAPES[following], at + 2
        if following == "u" and (code := _HEX4.match(self.text, at + 2)):
            return _code_unit(self.text, at, int(code.group(), 16))
        if not following:
            raise self._cut()
        return "\\" + following, at + 2


def _code_unit(text: str, at: int, value: int) -> tuple[str, int]:
    if 0xD800 <= value <= 0xDBFF and text.startswith("\\u", at + 6) and (low := _HEX4.match(text, at + 8)):
        second = int(low.group(), 16)
        if 0xDC00 <= second <= 0xDFFF:
            return chr(0x10000 + ((value - 0xD800) << 10) + second - 0xDC00), at + 12
    return ("\ufffd" if 0xD800 <= value <= 0xDFFF else chr(value)), at + 6
