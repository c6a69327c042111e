"""What a comparison found, as it is handed on: text for a mail, CSV for a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sana_desktop.base.text import harmless


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found, in words, and the table below it.

    Attributes:
        title: the question that was looked into.
        sentences: for whom and what it was found, and what came of it.
        headers, rows: of the table; no rows where the sentences say everything.
    """

    title: str
    sentences: Sequence[str]
    headers: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()


def as_text(found: Evidence, at: datetime) -> str:
    """Return it for a mail; `at` is when it is handed on."""
    lines = [f"{found.title} {at.astimezone():%Y-%m-%d %H:%M}", *found.sentences]
    if found.rows:
        widths = [max(map(len, column)) for column in zip(found.headers, *found.rows, strict=True)]
        lines.append("")
        for row in (found.headers, *found.rows):
            lines.append("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    return "\n".join(lines) + "\n"


def as_csv(found: Evidence) -> str:
    """Return the table, or the sentences where there is none; what a spreadsheet would run is quoted (T7)."""
    out = io.StringIO()
    writer = csv.writer(out)
    if found.rows:
        writer.writerow(map(harmless, found.headers))
        writer.writerows(map(harmless, row) for row in found.rows)
    else:
        writer.writerows((harmless(sentence),) for sentence in found.sentences)
    return out.getvalue()
