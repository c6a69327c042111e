"""Positions in text: Python counts characters, Qt counts UTF-16 units. They differ after an emoji."""

from __future__ import annotations

import re
from bisect import bisect_left

_WIDE = re.compile("[\U00010000-\U0010ffff]")


class Positions:
    """Turns character positions of one text into Qt's and back; free of cost for text within the BMP."""

    def __init__(self, text: str) -> None:
        # Positions of the characters that take two units, as characters count them.
        self._wide = [] if text.isascii() else [found.start() for found in _WIDE.finditer(text)]
        self._wide_qt = [at + number for number, at in enumerate(self._wide)]

    def to_qt(self, position: int) -> int:
        """Return the UTF-16 position of a character position."""
        return position + bisect_left(self._wide, position)

    def from_qt(self, position: int) -> int:
        """Return the character position of a UTF-16 position; one inside a pair means its character."""
        return position - bisect_left(self._wide_qt, position)
