"""Times as reports write them: ISO 8601, seconds since 1970, and dates with the day or the month first (B34); pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum

from sana_desktop.base.timestamps import parse_timestamp

LONGEST = 64
"""Characters of a time; more is no time."""
CENTURY = 2_000
"""A year of two digits is one of these."""


class DayOrder(StrEnum):
    """What the first number of a date such as 02/03/2026 is."""

    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"


class TwoWays(ValueError):
    """A date may mean two days: nobody has said whether its day or its month comes first."""


_CLOCK = re.compile(r"\d{1,4}(:[0-5]?\d){1,2}(\.\d+)?")
_DATE = re.compile(
    r"(?:(?P<year>\d{4})[/.](?P<m>\d{1,2})[/.](?P<d>\d{1,2})"
    r"|(?P<first>\d{1,2})(?P<mark>[/.-])(?P<second>\d{1,2})(?P=mark)(?P<last>\d{4}|\d\d))"
    r"(?:[T ,]+(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?:[:.](?P<seconds>\d\d)(?:[.,]\d+)?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?)?"
    r"\s*(?:Z|UTC)?"
)


def read_time(text: str, order: DayOrder | None) -> datetime | None:
    """Return the time that a cell means, UTC where it names no zone; None if it means none.

    Raises:
        TwoWays: it can mean two days, and `order` does not say which.
    """
    if len(text) > LONGEST:
        return None
    match = _DATE.fullmatch(text)
    if match is None:
        return parse_timestamp(text)
    if match["year"]:
        return _moment(match, int(match["year"]), int(match["m"]), int(match["d"]))
    first, second, year = int(match["first"]), int(match["second"]), int(match["last"])
    year += CENTURY if len(match["last"]) == 2 else 0
    chosen = DayOrder.DAY_FIRST if match["mark"] == "." else order or _told_by(first, second)
    if chosen is None:
        if first == second:
            return _moment(match, year, first, second)
        raise TwoWays
    day, month = (first, second) if chosen is DayOrder.DAY_FIRST else (second, first)
    return _moment(match, year, month, day)


def is_clock(text: str) -> bool:
    """Return whether a time spent is written as by a clock: 1:30, 00:01:30."""
    return len(text) <= LONGEST and _CLOCK.fullmatch(text) is not None


def clock_seconds(text: str) -> float:
    """Return the seconds of what `is_clock` knows."""
    seconds = 0.0
    for part in text.split(":"):
        seconds = seconds * 60 + float(part)
    return seconds


def asks_order(text: str) -> bool:
    """Return whether it depends on an order which day a cell means."""
    match = _DATE.fullmatch(text) if len(text) <= LONGEST else None
    return match is not None and match["first"] is not None and match["mark"] != "."


def order_of(texts: Iterable[str]) -> DayOrder | None:
    """Return the order that a number above 12 gives away; None if none does, or they contradict each other."""
    found: set[DayOrder] = set()
    for text in texts:
        match = _DATE.fullmatch(text) if len(text) <= LONGEST else None
        if match is not None and match["first"] and match["mark"] != ".":
            told = _told_by(int(match["first"]), int(match["second"]))
            if told is not None:
                found.add(told)
            if len(found) > 1:
                return None
    return next(iter(found), None)


def _told_by(first: int, second: int) -> DayOrder | None:
    if first > 12 >= second:
        return DayOrder.DAY_FIRST
    return DayOrder.MONTH_FIRST if second > 12 >= first else None


def _moment(match: re.Match[str], year: int, month: int, day: int) -> datetime | None:
    hour = int(match["hour"] or 0)
    half = (match["half"] or "")[:1].lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        return datetime(year, month, day, hour, int(match["minute"] or 0), int(match["seconds"] or 0), tzinfo=UTC)
    except ValueError:
        return None
