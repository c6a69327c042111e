"""How much the cells of a column have to say now: what its width follows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from PySide6.QtCore import QAbstractItemModel
from PySide6.QtGui import QFontMetrics

from sana_desktop.base.text import ELLIPSIS
from sana_desktop.ui.models.records import KEEP_ROLE, SHORTER_ROLE

NAME_LEFT = "nnn" + ELLIPSIS
"""What is always readable of a name before the end that must be."""
_DIGIT = re.compile(r"[0-9]")


def longest_said(
    model: QAbstractItemModel, rows: Iterable[int], column: int, metrics: QFontMetrics, *, keeps_end: bool
) -> tuple[str, str]:
    """Return the longest text of a column, and the longest that must be readable.

    Digits are all as wide as an 8, so that no column moves while figures run.

    Args:
        keeps_end: a shorter wording does as well as the whole one, and of that the end must be readable.
    """
    said = [_said(model, row, column, keeps_end) for row in rows]
    width = metrics.horizontalAdvance
    return max((one[0] for one in said), key=width, default=""), max((one[1] for one in said), key=width, default="")


def _said(model: QAbstractItemModel, row: int, column: int, keeps_end: bool) -> tuple[str, str]:
    index = model.index(row, column)
    whole = str(index.data() or "")
    if not keeps_end:
        return _wide(whole), _wide(whole)
    shorter: Sequence[str] = index.data(SHORTER_ROLE) or ()
    label = shorter[0] if shorter else whole
    kept = str(index.data(KEEP_ROLE) or "")
    least = min(label, NAME_LEFT + kept, key=len) if kept else label
    return _wide(label), _wide(least)


def _wide(text: str) -> str:
    return _DIGIT.sub("8", text)
