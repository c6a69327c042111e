"""Tables of text as people's programs write them: encoding, delimiter, cells that hold a number or several names."""

from __future__ import annotations

import codecs
import contextlib
import csv
import json
import math
from collections.abc import Sequence

from sana_desktop.base.files import UTF16_MARKS

DELIMITERS = ",;\t|"
LINES_JUDGED = 20
"""Rows by which a delimiter is chosen."""
LINES_A_ROW = 5
"""Lines that a row may take, with quoted line breaks, and still be judged by."""


def encoding_of(head: bytes) -> str:
    """Return the codec of a text by its first bytes, which may end within a character.

    UTF-16 has its mark; what is no UTF-8 is what spreadsheets of Western Windows write.
    """
    if head.startswith(UTF16_MARKS):
        return "utf-16"
    try:
        codecs.getincrementaldecoder("utf-8")("strict").decode(head, final=False)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def is_text(head: bytes) -> bool:
    """Return whether a file with these first bytes may be text: no archive (a spreadsheet is one), no NUL bytes."""
    return not head.startswith(b"PK\x03\x04") and (b"\0" not in head or encoding_of(head) == "utf-16")


def delimiter_of(lines: Sequence[str]) -> str:
    """Return the delimiter by which the first rows have the most columns, all alike."""
    judged = lines[: LINES_JUDGED * LINES_A_ROW]

    def merit(delimiter: str) -> tuple[int, int]:
        rows = rows_of(judged, delimiter)[:LINES_JUDGED]
        width = len(rows[0]) if rows else 0
        alike = sum(len(row) == width for row in rows)
        return (0, 0) if width < 2 else (alike * 100 // len(rows), width)

    return max(DELIMITERS, key=merit)


def rows_of(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    """Return the rows up to the first that can't be read; lines without anything are no rows."""
    rows: list[list[str]] = []
    with contextlib.suppress(csv.Error):
        rows.extend(row for row in csv.reader(lines, delimiter=delimiter) if row)
    return rows


def number_in(cell: str) -> float | None:
    """Return the number that a cell holds, also with a decimal comma; None if it holds none."""
    plain = cell.replace(",", ".") if cell.count(",") == 1 and "." not in cell else cell
    try:
        number = float(plain)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def names_in(cell: str) -> tuple[str, ...]:
    """Return the names that a cell holds, each once: a JSON list, or parted by semicolons, bars or commas."""
    if cell.startswith("["):
        try:
            listed = json.loads(cell)
        except (ValueError, RecursionError):
            listed = None
        if isinstance(listed, list):
            return tuple(dict.fromkeys(name for name in listed if isinstance(name, str) and name))
    mark = next((mark for mark in ";|," if mark in cell), None)
    parts = cell.split(mark) if mark else [cell]
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))
