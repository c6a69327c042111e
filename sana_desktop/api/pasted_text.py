"""What mail, chat and word processors do to a copied command, undone: odd blanks, curly quotes, fences, prompts."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from sana_desktop.base.errors import UserError
from sana_desktop.base.words import Words

MAX_PASTE_CHARACTERS = 1_048_576
"""Longest paste that is looked at (BEHAVIOUR.md M12). A report request is a few thousand characters."""

# The joiners U+200C and U+200D stay: they belong to words and emoji.
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u2060-\u2064\u202a-\u202e\u2066-\u2069\ufeff\u00ad]")
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
_ODD_BLANK = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_CURLY = str.maketrans({"“": '"', "”": '"', "„": '"', "‟": '"', "‘": "'", "’": "'", "‚": "'", "‛": "'"})
_ANY_QUOTE = re.compile("[\"'“”„‟‘’‚‛]")
_FENCE = re.compile(r"^[ \t]*(?:```|~~~)[^\n`]*\n(.*?)(?:^[ \t]*(?:```|~~~)|\Z)", re.MULTILINE | re.DOTALL)
_COMMAND_WORD = r"(?:curl(?:\.exe)?|Invoke-WebRequest|Invoke-RestMethod|iwr|irm)"
COMMAND = re.compile(
    rf"(?<![\w./\\@:-])({_COMMAND_WORD})(?=[\s^`\\]{{1,200}}(?:[-–—\"'“”‘’$@(<{{]|https?:|[\w-]{{1,63}}\.\w))",
    re.IGNORECASE,
)
"""A command's name where a command begins: what follows must look like an option, a quotation or an address."""
_PROMPT = (
    r"(?:PS(?:[ \t]+[^\n>]{0,200})?>|[A-Za-z]:\\[^\n>\"]{0,200}>|[\w.-]{1,64}@[\w.-]{1,64}[^\n$#%]{0,120}[$#%]"
    r"|\([\w.-]{1,40}\)[ \t]*[$#%]|[$#%>❯➜»])"
)
_PROMPTED_COMMAND = re.compile(
    rf"^[ \t]*{_PROMPT}[ \t]*(?={_COMMAND_WORD}\b|\$\w+[ \t]*=)", re.MULTILINE | re.IGNORECASE
)
_CONTINUATION_PROMPT = re.compile(r"^[ \t]*(?:>>?|More\?)[ \t]+(?=\S)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A paste made readable, and what was put right on the way."""

    text: str
    notes: tuple[Words, ...]


def check_size(text: str) -> None:
    """Return if the paste is of a size worth looking at.

    Raises:
        UserError: if it is longer than `MAX_PASTE_CHARACTERS`.
    """
    if len(text) > MAX_PASTE_CHARACTERS:
        raise UserError(
            "This is {count} characters of text, far more than a command from the widget.",
            code="E-PASTE-SIZE",
            values={"count": f"{len(text):,}"},
            next_step="Copy only the command, from the word curl to its end.",
        )


def clean_blanks(text: str) -> Cleaned:
    """Return the text with plain line ends and blanks, and without invisible characters."""
    notes: list[Words] = []
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    text, blanks = _ODD_BLANK.subn(" ", text)
    text, unseen = _INVISIBLE.subn("", text)
    text = _HALF_CHARACTER.sub("\ufffd", text.replace("\0", ""))
    if blanks or unseen:
        notes.append(Words("Special blanks and invisible characters, as mail programs add them, were removed."))
    return Cleaned(text, tuple(notes))


def straighten(text: str) -> str:
    """Return the text with curly quotes made straight."""
    return text.translate(_CURLY)


def clean_command(text: str) -> Cleaned:
    """Return a pasted command as its shell would have wanted it.

    Curly quotes are made straight only where they stand for the shell's own, that is where the first quote of the
    command is a curly one: inside a straight-quoted text they may be meant.
    """
    cleaned = clean_blanks(text)
    text, notes = cleaned.text, list(cleaned.notes)
    if "&quot;" in text and '"' not in text:
        text = html.unescape(text)
        notes.append(Words("Codes such as &quot; of a web page were turned back into characters."))
    text = _inside_fence(text, notes)
    text = _without_prompts(text, notes)
    first = COMMAND.search(text)
    start = first.end() if first else 0
    quote = _ANY_QUOTE.search(text, start)
    if quote and quote.group() not in "\"'":
        text = straighten(text)
        notes.append(Words("Curly quotes, as Word and Teams make them, were made straight."))
    return Cleaned(text, tuple(notes))


def _inside_fence(text: str, notes: list[Words]) -> str:
    for fence in _FENCE.finditer(text):
        if COMMAND.search(fence.group(1)):
            notes.append(Words("Only the part between the ``` marks was read."))
            return fence.group(1)
    stripped = text.strip()
    if len(stripped) > 2 and stripped[0] == stripped[-1] == "`" and COMMAND.match(stripped, 1):
        return stripped.strip("`")
    return text


def _without_prompts(text: str, notes: list[Words]) -> str:
    text, prompts = _PROMPTED_COMMAND.subn("", text)
    lines = text.split("\n")
    first = next((number for number, line in enumerate(lines) if COMMAND.search(line)), None)
    if first is not None:
        tail = [line for line in lines[first + 1 :] if line.strip()]
        marked = [line for line in tail if _CONTINUATION_PROMPT.match(line)]
        if marked and len(marked) == len(tail):
            body = "\n".join(lines[first + 1 :])
            text = "\n".join(lines[: first + 1]) + "\n" + _CONTINUATION_PROMPT.sub("", body)
            prompts += 1
    if prompts:
        notes.append(Words("The prompt of the terminal in front of the command was left out."))
    return text
