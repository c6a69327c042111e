"""A command line split into words as bash, cmd.exe or PowerShell would; nothing is expanded, run or read."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from sana_desktop.base.errors import UserError

_BARE = re.compile(r"[^\s'\"\\$`;|&<>()#^]+")
_IN_DOUBLE = re.compile(r"[^\"\\$`]+")
_IN_ANSI = re.compile(r"[^'\\]+")
_SIMPLE_ESCAPES = {
    "n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b", "f": "\f", "v": "\v",
    "\\": "\\", "'": "'", '"': '"', "?": "?",
}  # fmt: skip
_UNICODE_ESCAPE = re.compile(r"u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8})")
_BYTE_ESCAPES = re.compile(r"(?:\\(?:x[0-9A-Fa-f]{1,2}|[0-7]{1,3}))+")
_ONE_BYTE = re.compile(r"\\(?:x([0-9A-Fa-f]{1,2})|([0-7]{1,3}))")
_GOES_ON = re.compile(r"[ \t\n]*+(?=--?[A-Za-z]|[–—]-?[A-Za-z]|[\"']|\$'|\^\"|https?:)")
_MAX_WORDS = 5_000


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a command.

    Attributes:
        text: what the program would have got.
        start: where it begins in the command, in characters.
        substituted: whether the shell would have put the output of another command in; that part stays as written.
    """

    text: str
    start: int
    substituted: bool = False


@dataclass(frozen=True, slots=True)
class Split:
    """The words of the first command of a text, and where the text behind it begins."""

    words: tuple[Word, ...]
    end: int
    cut_lines: bool = False
    """Whether lines were joined that had lost the mark that joins them."""


def goes_on(text: str, position: int) -> int | None:
    """Return where the command goes on behind the line break at `position`, although the break has no mark.

    None if what follows need not belong to the same command.
    """
    found = _GOES_ON.match(text, position)
    return found.end() if found else None


def place_of(text: str, position: int) -> str:
    """Return `line 3` for a place in a text of several lines, for a sentence."""
    return str(text.count("\n", 0, position) + 1)


def unclosed(text: str, position: int) -> UserError:
    """Return the error for a quotation that begins at `position` and does not end. It quotes nothing of the text."""
    return UserError(
        "The command is cut off: a quotation that begins in line {line} has no end.",
        code="E-PASTE-CUT",
        values={"line": place_of(text, position)},
        next_step="Copy the whole command again, to its very last character.",
    )


def _too_many() -> UserError:
    return UserError(
        "This command has thousands of parts; it is not one that the widget copies.",
        code="E-PASTE-SIZE",
        next_step="Copy only the command, from the word curl to its end.",
    )


def split_bash(text: str, start: int = 0) -> Split:
    """Split the command that begins at `start` as bash does.

    Raises:
        UserError: if a quotation has no end.
    """
    return _Bash(text, start).split()


class _Bash:
    """One walk over the text from left to right; every step moves forward, so it takes linear time."""

    def __init__(self, text: str, start: int) -> None:
        self.text = text
        self.at = start
        self.words: list[Word] = []
        self.parts: list[str] = []
        self.word_start: int | None = None
        self.substituted = False
        self.cut_lines = False

    def split(self) -> Split:
        text, size = self.text, len(self.text)
        while self.at < size:
            character = text[self.at]
            if character in " \t":
                self._end_word()
                self.at += 1
            elif character == "\n":
                self._end_word()
                further = goes_on(text, self.at)
                if further is None:
                    break
                self.cut_lines = True
                self.at = further
            elif character in ";|&" or (character == "#" and self.word_start is None):
                break
            else:
                if self.word_start is None:
                    self.word_start = self.at
                self._step(character)
        self._end_word()
        return Split(tuple(self.words), self.at, self.cut_lines)

    def _end_word(self) -> None:
        if self.word_start is None:
            return
        if len(self.words) >= _MAX_WORDS:
            raise _too_many()
        self.words.append(Word("".join(self.parts), self.word_start, self.substituted))
        self.parts, self.word_start, self.substituted = [], None, False

    def _step(self, character: str) -> None:
        text, at = self.text, self.at
        if bare := _BARE.match(text, at):
            self.parts.append(bare.group())
            self.at = bare.end()
        elif character == "'":
            end = text.find("'", at + 1)
            if end < 0:
                raise unclosed(text, at)
            self.parts.append(text[at + 1 : end])
            self.at = end + 1
        elif character == '"':
            self._double(at)
        elif character == "\\":
            self._backslash()
        elif text.startswith("$'", at):
            self._ansi(at)
        elif text.startswith("$(", at):
            self._substitution(at)
        elif character == "`":
            end = text.find("`", at + 1)
            self.substituted = end >= 0
            stop = end + 1 if end >= 0 else at + 1
            self.parts.append(text[at:stop])
            self.at = stop
        else:
            self.parts.append(character)
            self.at += 1

    def _backslash(self) -> None:
        text, after = self.text, self.at + 1
        line_end = after
        while line_end < len(text) and text[line_end] in " \t":
            line_end += 1
        if line_end >= len(text) or text[line_end] == "\n":
            # Blanks behind the mark that joins two lines break the command in a shell; here they are a copying slip.
            self.at = min(line_end + 1, len(text))
            if not self.parts and self.word_start == after - 1:
                self.word_start = None
            if line_end > after:
                self.cut_lines = True
                self._end_word()
        else:
            self.parts.append(text[after])
            self.at = after + 1

    def _double(self, opened: int) -> None:
        text, at = self.text, opened + 1
        while True:
            if plain := _IN_DOUBLE.match(text, at):
                self.parts.append(plain.group())
                at = plain.end()
            if at >= len(text):
                raise unclosed(text, opened)
            character = text[at]
            if character == '"':
                self.at = at + 1
                return
            if character == "\\" and at + 1 < len(text):
                following = text[at + 1]
                if following != "\n":
                    self.parts.append(following if following in '"\\$`' else "\\" + following)
                at += 2
                continue
            if text.startswith("$(", at) or character == "`":
                self.substituted = True
            self.parts.append(character)
            at += 1

    def _substitution(self, opened: int) -> None:
        """Keep `$(…)` whole as text, blanks and all."""
        text, depth, at = self.text, 0, opened + 1
        while at < len(text):
            depth += {"(": 1, ")": -1}.get(text[at], 0)
            at += 1
            if depth == 0:
                break
        else:
            raise unclosed(text, opened)
        self.substituted = True
        self.parts.append(text[opened:at])
        self.at = at

    def _ansi(self, opened: int) -> None:
        text, at = self.text, opened + 2
        while True:
            if plain := _IN_ANSI.match(text, at):
                self.parts.append(plain.group())
                at = plain.end()
            if at >= len(text):
                raise unclosed(text, opened)
            if text[at] == "'":
                self.at = at + 1
                return
            if run := _BYTE_ESCAPES.match(text, at):
                self.parts.append(_bytes_of(run.group()))
                at = run.end()
                continue
            part, at = _ansi_escape(text, at)
            self.parts.append(part)


def _bytes_of(run: str) -> str:
    """Bash's `\\xHH` and `\\NNN` are bytes; a run of them is UTF-8."""
    values = [int(m[1], 16) if m[1] else int(m[2], 8) & 0xFF for m in _ONE_BYTE.finditer(run)]
    return bytes(values).decode("utf-8", "replace")


def _ansi_escape(text: str, at: int) -> tuple[str, int]:
    following = text[at + 1 : at + 2]
    if following in _SIMPLE_ESCAPES:
        return _SIMPLE_ESCAPES[following], at + 2
    if code := _UNICODE_ESCAPE.match(text, at + 1):
        value = int(code[1] or code[2], 16)
        valid = value <= 0x10FFFF and not 0xD800 <= value <= 0xDFFF
        if not valid and 0xD800 <= value <= 0xDBFF:
            return _surrogate_pair(text, code.end(), value)
        return (chr(value) if valid else "\ufffd"), code.end()
    if following == "c" and at + 2 < len(text):
        return chr(ord(text[at + 2]) & 0x1F), at + 3
    return "\\" + following, at + 2


def _surrogate_pair(text: str, at: int, high: int) -> tuple[str, int]:
    """Browsers write a character above U+FFFF as two `\\u` escapes."""
    low = re.compile(r"\\u([dD][c-fC-F][0-9A-Fa-f]{2})").match(text, at)
    if not low:
        return "\ufffd", at
    return chr(0x10000 + ((high - 0xD800) << 10) + (int(low[1], 16) - 0xDC00)), low.end()


def split_cmd(text: str, start: int = 0, *, doubled: bool = False) -> Split:
    """Split the command that begins at `start` as cmd.exe and then a Windows program do.

    Two readings follow each other: cmd.exe takes the carets away, then the program finds its words by quotes,
    where `\\"` and, inside quotes, `""` are a quote. `^%^` is how browsers keep a per cent sign alive.

    Args:
        doubled: the command doubles its quotes, so a single backslash in front of a doubled one is the text's own.

    Raises:
        UserError: if a quotation has no end.
    """
    line, places, end, cut_lines = _without_carets(text, start)
    return Split(_windows_words(text, line, places, doubled=doubled), end, cut_lines)


class _Places:
    """Which place of the source a place of the caret-free line came from."""

    def __init__(self) -> None:
        self._here = [0]
        self._there = [0]

    def mark(self, here: int, there: int) -> None:
        self._here.append(here)
        self._there.append(there)

    def source(self, here: int) -> int:
        index = bisect_right(self._here, here) - 1
        return self._there[index] + here - self._here[index]


_CMD_PLAIN = re.compile(r"[^\^\"\n&|]+")


def _without_carets(text: str, start: int) -> tuple[str, _Places, int, bool]:
    parts: list[str] = []
    places = _Places()
    length, at, quoted, cut_lines = 0, start, False, False
    places.mark(0, start)
    while at < len(text):
        if plain := _CMD_PLAIN.match(text, at):
            part, at = plain.group(), plain.end()
        elif text[at] == "^" and not quoted:
            part, at = _caret(text, at)
        elif text[at] == '"':
            quoted = not quoted
            part, at = '"', at + 1
        elif quoted:
            part, at = text[at], at + 1
        elif text[at] == "\n" and (further := goes_on(text, at)) is not None:
            cut_lines = True
            part, at = " ", further
        else:
            break
        parts.append(part)
        length += len(part)
        places.mark(length, at)
    return "".join(parts), places, at, cut_lines


def _caret(text: str, at: int) -> tuple[str, int]:
    following = text[at + 1 : at + 2]
    if following in {" ", "\t"}:
        # Blanks behind the caret at the end of a line are a copying slip.
        end = at + 1
        while text[end : end + 1] in {" ", "\t"}:
            end += 1
        if text[end : end + 1] == "\n":
            following, at = "\n", end - 1
    if following != "\n":
        return following, at + 2
    if text[at + 2 : at + 3] == "\n":
        return "\n", at + 3
    return "", at + 2


_WINDOWS_PLAIN = re.compile(r"[^\"\\\s]+")
_WINDOWS_QUOTED = re.compile(r"[^\"\\]+")
_BACKSLASHES = re.compile(r"(\\+)(\"?)")


def _windows_words(source: str, line: str, places: _Places, *, doubled: bool) -> tuple[Word, ...]:
    words: list[Word] = []
    parts: list[str] = []
    word_start: int | None = None
    opened: int | None = None
    at = 0
    while at < len(line):
        character = line[at]
        if opened is None and character.isspace():
            if word_start is not None:
                words.append(Word("".join(parts), places.source(word_start)))
                parts, word_start = [], None
                if len(words) >= _MAX_WORDS:
                    raise _too_many()
            at += 1
            continue
        if word_start is None:
            word_start = at
        pattern = _WINDOWS_PLAIN if opened is None else _WINDOWS_QUOTED
        if plain := pattern.match(line, at):
            parts.append(plain.group())
            at = plain.end()
        elif slashes := _BACKSLASHES.match(line, at):
            count, quote = len(slashes[1]), slashes[2]
            parts.append("\\" * (count // 2 if quote else count))
            at = slashes.end()
            if doubled and opened is not None and count == 1 and line.startswith('""', at - 1):
                parts.append('\\"')
                at += 1
            elif quote and count % 2:
                parts.append('"')
            elif quote:
                at -= 1
        elif opened is not None and line.startswith('""', at):
            parts.append('"')
            at += 2
        else:
            opened = at if opened is None else None
            at += 1
    if opened is not None:
        raise unclosed(source, places.source(opened))
    if word_start is not None:
        words.append(Word("".join(parts), places.source(word_start)))
    return tuple(words)
