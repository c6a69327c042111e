"""PowerShell's Invoke-WebRequest and Invoke-RestMethod, as browsers copy and people write them; nothing is run."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import urlencode

from sana_desktop.api.draft_request import Draft, file_refused
from sana_desktop.api.shell_words import Split, Word, goes_on, unclosed
from sana_desktop.base.words import Words

Value: TypeAlias = "str | dict[str, Value]"

_ASSIGNMENT = re.compile(r"^[ \t]*\$(\w{1,80})[ \t]*=[ \t]*", re.MULTILINE)
_PLAIN_IN_DOUBLE = re.compile(r"[^\"`$]+")
_CHARACTER = re.compile(r"\$\(\[char\]\s*(0x[0-9A-Fa-f]{1,6}|\d{1,7})\)", re.IGNORECASE)
_VARIABLE = re.compile(r"\$(?:\{(\w{1,80})\}|((?:env:)?\w{1,80}))", re.IGNORECASE)
_BARE = re.compile(r"[^\s'\"`;|(){},=]+")
_BARE_WORD = re.compile(r"[^\s'\"`;|&]+")
_GAP = re.compile(r"(?:[ \t]|`[ \t]*\n|#[^\n]*(?=\n))+")
_GAP_AND_LINES = re.compile(r"(?:[\s;,]|`[ \t]*\n|#[^\n]*(?=\n))+")
_PARAMETER = re.compile(r"[-–—]([A-Za-z]{1,40}):?")
_TO_JSON = re.compile(r"(?:[ \t]|`[ \t]*\n)*\|\s*ConvertTo-Json\b[^\n|;)]*", re.IGNORECASE)
_HERE = re.compile(r"@(['\"])[ \t]*\n")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "", "a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "v": "\v"}
_MAX_DEPTH = 20
_KNOWN = frozenset({"uri", "method", "headers", "body", "contenttype"})
_QUIET = frozenset({"usebasicparsing", "useragent", "timeoutsec", "disablekeepalive", "httpversion", "erroraction"})


@dataclass(frozen=True, slots=True)
class Cmdlet:
    """What one call asks for, and where the text behind it begins."""

    draft: Draft
    end: int


def read_cmdlet(text: str, start: int) -> Cmdlet:
    """Return what the cmdlet whose parameters begin at `start` asks for; variables set before it are known.

    Raises:
        UserError: if a quotation has no end, or text comes from a file.
    """
    reader = _Reader(text)
    reader.read_variables(start)
    parameters = reader.read_parameters(start)
    return Cmdlet(_draft_of(parameters, reader), reader.at)


def split_powershell(text: str, start: int = 0) -> Split:
    """Split a call of `curl.exe` as PowerShell does; a quote after a backslash is taken as meant for curl.

    Raises:
        UserError: if a quotation has no end.
    """
    reader = _Reader(text, backslash_quotes=True)
    reader.read_variables(start)
    reader.at = start
    words: list[Word] = []
    cut_lines = False
    while reader.at < len(text):
        if gap := _GAP.match(text, reader.at):
            reader.at = gap.end()
            continue
        if text[reader.at] == "\n":
            further = goes_on(text, reader.at)
            if further is None:
                break
            cut_lines = True
            reader.at = further
            continue
        if text[reader.at] in ";|&":
            break
        if text[reader.at].isspace():
            reader.at += 1
            continue
        words.append(reader.read_word())
    return Split(tuple(words), reader.at, cut_lines)


class _Reader:
    """One walk over the text; every step moves forward."""

    def __init__(self, text: str, *, backslash_quotes: bool = False) -> None:
        self.text = text
        self.at = 0
        self.variables: dict[str, Value] = {}
        self.substituted = False
        self._backslash_quotes = backslash_quotes

    def read_variables(self, before: int) -> None:
        """Take note of what simple assignments in front of the command put into variables."""
        position = 0
        while (found := _ASSIGNMENT.search(self.text, position, before)) is not None:
            self.at = found.end()
            value = self._value(0)
            position = max(self.at, found.end())
            if value is not None:
                self.variables[found[1].lower()] = value

    def read_parameters(self, start: int) -> dict[str, Value]:
        text = self.text
        self.at = start
        parameters: dict[str, Value] = {}
        while self.at < len(text):
            if gap := _GAP.match(text, self.at):
                self.at = gap.end()
            elif text[self.at] == "\n":
                further = goes_on(text, self.at)
                if further is None or text[further] not in "-–—":
                    break
                self.at = further
            elif text[self.at] in ";|&":
                break
            elif parameter := _PARAMETER.match(text, self.at):
                self.at = parameter.end()
                self._parameter(parameter[1].lower(), parameters)
            elif text[self.at] == "@" and (splat := re.compile(r"@(\w{1,80})").match(text, self.at)):
                self.at = splat.end()
                known = self.variables.get(splat[1].lower())
                if isinstance(known, dict):
                    parameters.update({name.lower(): value for name, value in known.items()})
            else:
                before = self.at
                value = self._value(0)
                if isinstance(value, str):
                    parameters.setdefault("uri", value)
                self._skip_rest_of_word()
                self.at = max(self.at, before + 1)
        return parameters

    def read_word(self) -> Word:
        text, start = self.text, self.at
        parts: list[str] = []
        self.substituted = False
        while self.at < len(text) and not text[self.at].isspace() and text[self.at] not in ";|&":
            if here := _HERE.match(text, self.at):
                parts.append(self._here_string(here))
            elif text[self.at] in "'\"":
                parts.append(self._string())
            elif text[self.at] == "`" and self.at + 1 < len(text):
                if _GAP.match(text, self.at):
                    break
                parts.append(text[self.at + 1])
                self.at += 2
            elif bare := _BARE_WORD.match(text, self.at):
                parts.append(bare.group())
                self.at = bare.end()
            else:
                parts.append(text[self.at])
                self.at += 1
        return Word("".join(parts), start, self.substituted)

    def _parameter(self, name: str, parameters: dict[str, Value]) -> None:
        if gap := _GAP.match(self.text, self.at):
            self.at = gap.end()
        if self.at >= len(self.text) or self.text[self.at] == "\n" or _PARAMETER.match(self.text, self.at):
            parameters.setdefault(name, "")
            return
        value = self._value(0)
        parameters[name] = "" if value is None else value
        if isinstance(value, str):
            self._skip_rest_of_word()

    def _skip_rest_of_word(self) -> None:
        """Pass over what is left of a word that was read in part: it is no address, and may be a secret (T13)."""
        while self.at < len(self.text) and not self.text[self.at].isspace() and self.text[self.at] not in ";|&":
            self.at += 1

    def _value(self, depth: int) -> Value | None:
        """Read a string, a table, a variable or a bracket of those; None for what is none of them."""
        text = self.text
        value: Value | None = None
        if self.at >= len(text) or depth > _MAX_DEPTH:
            return None
        character = text[self.at]
        if here := _HERE.match(text, self.at):
            value = self._here_string(here)
        elif character in "'\"":
            value = self._string()
        elif text.startswith("@{", self.at):
            value = self._table(depth)
        elif character == "(":
            value = self._bracket(depth)
        elif variable := _VARIABLE.match(text, self.at):
            self.at = variable.end()
            value = self.variables.get((variable[1] or variable[2]).lower(), variable.group())
        elif bare := _BARE.match(text, self.at):
            self.at = bare.end()
            value = bare.group()
        if value is not None and (to_json := _TO_JSON.match(text, self.at)):
            self.at = to_json.end()
            value = json.dumps(value) if isinstance(value, dict) else value
        return value

    def _bracket(self, depth: int) -> Value | None:
        """Read `( … )`: the first string or table in it, such as in `([Text.Encoding]::UTF8.GetBytes("…"))`."""
        text, found, opened = self.text, None, self.at
        self.at += 1
        while self.at < len(text):
            character = text[self.at]
            if character == ")":
                self.at += 1
                return found
            before = self.at
            if character in "'\"(" or text.startswith("@{", self.at) or _HERE.match(text, self.at):
                value = self._value(depth + 1)
                found = value if found is None else found
            elif character == "$" and found is None:
                found = self._value(depth + 1)
            self.at = max(self.at, before + 1)
        raise unclosed(text, opened)

    def _table(self, depth: int) -> dict[str, Value]:
        text, table, opened = self.text, dict[str, Value](), self.at
        self.at += 2
        while True:
            if gap := _GAP_AND_LINES.match(text, self.at):
                self.at = gap.end()
            if self.at >= len(text):
                raise unclosed(text, opened)
            if text[self.at] == "}":
                self.at += 1
                return table
            before = self.at
            key = self._value(depth + 1)
            if gap := _GAP.match(text, self.at):
                self.at = gap.end()
            if text.startswith("=", self.at):
                self.at += 1
                if gap := _GAP_AND_LINES.match(text, self.at):
                    self.at = gap.end()
                value = self._value(depth + 1)
                if isinstance(key, str) and value is not None:
                    table[key] = value
            self.at = max(self.at, before + 1)

    def _here_string(self, here: re.Match[str]) -> str:
        end = self.text.find("\n" + here[1] + "@", here.end() - 1)
        if end < 0:
            raise unclosed(self.text, here.start())
        self.at = end + 3
        return self.text[here.end() : end]

    def _string(self) -> str:
        if self.text[self.at] == "'":
            return self._single()
        return self._double()

    def _single(self) -> str:
        text, opened, parts = self.text, self.at, list[str]()
        at = opened + 1
        while True:
            end = text.find("'", at)
            if end < 0:
                raise unclosed(text, opened)
            parts.append(text[at:end])
            if not text.startswith("''", end):
                self.at = end + 1
                return "".join(parts)
            parts.append("'")
            at = end + 2

    def _double(self) -> str:
        text, opened, parts = self.text, self.at, list[str]()
        at = opened + 1
        while True:
            if plain := _PLAIN_IN_DOUBLE.match(text, at):
                parts.append(plain.group())
                at = plain.end()
            if at >= len(text):
                raise unclosed(text, opened)
            character = text[at]
            if character == '"':
                if text.startswith('""', at):
                    parts.append('"')
                    at += 2
                elif self._backslash_quotes and text[at - 1] == "\\" and at - 1 > opened:
                    parts.append('"')
                    at += 1
                else:
                    self.at = at + 1
                    return "".join(parts)
            elif character == "`":
                following = text[at + 1 : at + 2]
                parts.append("" if following == "\n" else _ESCAPES.get(following, following))
                at += 2
            else:
                part, at = self._dollar(at)
                parts.append(part)

    def _dollar(self, at: int) -> tuple[str, int]:
        text = self.text
        if code := _CHARACTER.match(text, at):
            number = int(code[1], 16) if code[1].lower().startswith("0x") else int(code[1])
            valid = number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF
            return (chr(number) if valid else "\ufffd"), code.end()
        if variable := _VARIABLE.match(text, at):
            known = self.variables.get((variable[1] or variable[2]).lower())
            return (known if isinstance(known, str) else variable.group()), variable.end()
        if text.startswith("$(", at):
            self.substituted = True
        return "$", at + 1


def _draft_of(parameters: dict[str, Value], reader: _Reader) -> Draft:
    draft = Draft(substituted=reader.substituted)
    texts = {name: value for name, value in parameters.items() if isinstance(value, str)}
    draft.url = texts.get("uri")
    draft.method = texts.get("method", "").upper() or None
    headers = parameters.get("headers")
    for name, value in headers.items() if isinstance(headers, dict) else ():
        if isinstance(value, str):
            draft.headers.append((name, value))
    if texts.get("contenttype"):
        draft.headers.append(("Content-Type", texts["contenttype"]))
    if texts.get("token"):
        draft.headers.append(("Authorization", "Bearer " + texts["token"]))
    body = parameters.get("body", parameters.get("form"))
    if isinstance(body, dict):
        draft.data.append(urlencode({name: value for name, value in body.items() if isinstance(value, str)}))
    elif body:
        draft.data.append(body)
    if "infile" in parameters:
        raise file_refused()
    for name in sorted(set(parameters) - _KNOWN - _QUIET - {"token", "form"}):
        _left_out(draft, name)
    return draft


def _left_out(draft: Draft, name: str) -> None:
    if name == "skipcertificatecheck":
        draft.note(Words("“Do not check certificates” is left out: certificates are always checked."))
    elif name in {"websession", "sessionvariable"}:
        draft.note(Words("The browser's session, with any cookies in it, is left out: it is not needed."))
    elif name in {"outfile", "passthru"}:
        draft.note(Words("The file name of the command is left out: you choose where reports are kept."))
    elif name.startswith("proxy"):
        draft.note(Words("The proxy of the command is left out: this computer's own proxy settings are used."))
    else:
        draft.note(Words("An option that is not known here is left out."))
