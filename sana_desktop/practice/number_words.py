"""Numbers as they are read: a real minus sign, and no line that ends between a figure and its percent sign."""

from __future__ import annotations

import re
from collections.abc import Sequence

_BEFORE_PERCENT = re.compile(r"(?<=\d) (?=%)")

MAX_DECIMALS = 6
MINUS = "\N{MINUS SIGN}"


def percent(share: float) -> str:
    """Return a share as whole percent."""
    return f"{100 * share:.0f} %"


def unbroken(text: str) -> str:
    """Return a text whose lines don't end between a figure and its percent sign, for a label that wraps."""
    return _BEFORE_PERCENT.sub("\N{NO-BREAK SPACE}", text)


def tenths(value: float) -> str:
    """Return a number with one digit after the point; nothing is never less than nothing."""
    return f"{round(value, 1) + 0.0:.1f}".replace("-", MINUS)


def hundredths(value: float) -> str:
    """Return a number with two digits after the point; nothing is never less than nothing."""
    return f"{round(value, 2) + 0.0:.2f}".replace("-", MINUS)


def alike(values: Sequence[float]) -> list[str]:
    """Return numbers that stand below each other, such as those of an axis: all with as many decimals as one needs."""
    digits = next((count for count in range(MAX_DECIMALS) if all(_fits(each, count) for each in values)), MAX_DECIMALS)
    return [f"{round(each, digits) + 0.0:,.{digits}f}".replace("-", MINUS) for each in values]


def _fits(value: float, digits: int) -> bool:
    return abs(value - round(value, digits)) < 0.5 * 10.0**-MAX_DECIMALS


def figure(value: float) -> str:
    """Return a number with as many digits as it has."""
    return f"{value:g}".replace("-", MINUS)
