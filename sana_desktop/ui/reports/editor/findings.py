"""What the check of a query found, as the editor shows it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark on a part of the text.

    Attributes:
        start: first character of the part, counted in characters from the start of the whole text.
        end: the one after its last; equal to `start` for a place between two characters.
        severity: `error` keeps the report from being ordered; `warning` and `note` only speak.
        message: one plain sentence.
    """

    start: int
    end: int
    severity: Severity
    message: str


Check = Callable[[str, int], Awaitable[Sequence[Finding]]]
"""Checks the statement of a text at a character position; may take its time, off the window's thread."""
