"""Text from outside made harmless: bounded, with control and direction marks made visible (BEHAVIOUR.md T12)."""

from __future__ import annotations

import math
import unicodedata

ELLIPSIS = "…"

_UNITS = ("B", "kB", "MB", "GB", "TB")
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")

_DIRECTION_MARKS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def bounded(text: str, limit: int) -> str:
    """Return `text`, cut to `limit` characters with an ellipsis as the last one if it was longer."""
    return text if len(text) <= limit else text[: max(limit - 1, 0)] + ELLIPSIS


def visible(text: str, *, keep_newlines: bool = False) -> str:
    """Return `text` with control, escape and bidirectional marks written as `\\xNN` or `\\uNNNN`.

    Nothing in the result can move a cursor, colour a terminal or turn the reading direction round. A tab
    stays a tab; with `keep_newlines`, a line feed stays as well.
    """
    if text.isprintable():  # none of what is rewritten is: nearly all text is let through at once
        return text
    return "".join(_show(character, keep_newlines) for character in text)


def one_line(text: str, limit: int) -> str:
    """Return `text` as one visible line of at most `limit` characters, with runs of white space folded."""
    return bounded(visible(" ".join(text[: limit * 4].split())), limit)


def size_text(count: float) -> str:
    """Return a number of bytes in decimal units, as file managers and servers count: `950 B`, `4.2 MB`, `123 GB`."""
    value = float(count)
    for unit in _UNITS:
        digits = 0 if unit == _UNITS[0] or value >= 99.95 else 1
        if value < 999.5 or unit == _UNITS[-1]:
            break
        value /= 1000
    return f"{value:.{digits}f} {unit}"


def quoted(text: str) -> str:
    """Return what somebody else said, to the letter, in quotation marks at the end of a sentence of ours: with our full
    stop only where it has no end of its own.
    """
    return f"“{text}”" if text.rstrip().endswith((".", "!", "?", "…")) else f"“{text}”."


def harmless(cell: str) -> str:
    """Return a cell that a spreadsheet shows and does not run: a quotation mark goes before what looks like a formula.

    Numbers such as -5 stay as they are. NUL characters, which hide what follows from some programs, are taken out (T7).
    """
    plain = cell.replace("\0", "")
    if not plain.lstrip(" ").startswith(_STARTS_A_FORMULA) or _is_number(plain):
        return plain
    return f"'{plain}"


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _show(character: str, keep_newlines: bool) -> str:
    if character == "\t" or (keep_newlines and character == "\n"):
        return character
    if character in _DIRECTION_MARKS or unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}:
        code = ord(character)
        return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
    return character
