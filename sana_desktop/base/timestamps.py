"""Times as the APIs write them, read leniently and written in one way."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

_ISO = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)"
    r"(?:[T ](?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,18}))?)?)?"
    r"\s*(?P<zone>Z|z|[+-]\d\d(?::?\d\d)?)?"
)
_MILLISECONDS_FROM = 100_000_000_000
"""An epoch number at or above this is taken as milliseconds: as seconds it would be the year 5138."""


def parse_timestamp(value: object) -> datetime | None:
    """Return the UTC time that `value` means, or None if it means none (fault C08).

    Takes ISO 8601 with up to nine (and more) fractional digits, `Z`, an offset or no zone (then UTC), and
    epoch seconds or milliseconds. Digits past the microsecond are cut, never rounded up: a link must not
    seem to live longer than it does.
    """
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (int, float)):
        return _from_epoch(value)
    if not isinstance(value, str) or len(value) > 64:
        return None
    text = value.strip()
    match = _ISO.fullmatch(text)
    if match is not None:
        return _from_iso(match)
    try:
        return _from_epoch(float(text))
    except ValueError:
        return None


def parse_http_date(value: str | None) -> datetime | None:
    """Return the time of an HTTP `Date` or `Retry-After` header (RFC 9110 section 5.6.7), None if it is none."""
    if not value or len(value) > 64:
        return None
    # Imported here: the mail package is large, and the window is painted before any date is read.
    from email.utils import parsedate_to_datetime

    try:
        parsed = parsedate_to_datetime(value)
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def format_utc(moment: datetime) -> str:
    """Return `moment` as ISO 8601 in UTC with microseconds and `Z`, the form of every stored time.

    Raises:
        ValueError: if `moment` has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a stored time needs a time zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _from_epoch(number: float) -> datetime | None:
    try:
        seconds = number / 1000 if abs(number) >= _MILLISECONDS_FROM else number
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _from_iso(match: re.Match[str]) -> datetime | None:
    parts = match.groupdict()
    try:
        return datetime(
            int(parts["year"]),
            int(parts["month"]),
            int(parts["day"]),
            int(parts["hour"] or 0),
            int(parts["minute"] or 0),
            int(parts["second"] or 0),
            int((parts["fraction"] or "0")[:6].ljust(6, "0")),
            tzinfo=_zone(parts["zone"]),
        ).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _zone(text: str | None) -> timezone:
    if text is None or text in {"Z", "z"}:
        return UTC
    digits = text[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return timezone(-offset if text[0] == "-" else offset)
