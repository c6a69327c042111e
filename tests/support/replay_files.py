"""Reports of answers as files, for tests of what a replay makes of them."""

from __future__ import annotations

from pathlib import Path

HEADER = "user,exercise,result,timestamp\n"


def a_file(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    """Write a report of answers."""
    path = folder / "answers.csv"
    path.write_bytes(text.encode(encoding))
    return path


def a_row(number: int, user: str = "maria", minute: int | None = None) -> str:
    """Return a row below `HEADER`; each a minute later, unless it is said."""
    return f"{user},q{number},correct,2026-01-05T10:{number if minute is None else minute:02d}:00Z\n"
