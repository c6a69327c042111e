"""Range arithmetic of RFC 9110, section 14, for one byte range. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SINGLE = re.compile(r"^\s*bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*$", re.IGNORECASE | re.ASCII)
_MAX_DIGITS = 19


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes `start` up to, not including, `stop` of a body."""

    start: int
    stop: int

    @property
    def length(self) -> int:
        return self.stop - self.start

    def content_range(self, total: int) -> str:
        return f"bytes {self.start}-{self.stop - 1}/{total}"


class Unsatisfiable(Exception):
    """416: the range begins at or after the end, or asks for the last zero bytes."""


def single_range(header: str | None, size: int) -> Span | None:
    """The span a Range header asks for; None means the whole body.

    Malformed ranges, other units and several ranges are ignored, as section 14.2 allows.
    Raises Unsatisfiable.
    """
    match = _SINGLE.match(header or "")
    if match is None:
        return None
    first, last = match.groups()
    if not first and not last:
        return None
    if max(len(first), len(last)) > _MAX_DIGITS:
        raise Unsatisfiable
    if not first:
        return _suffix(int(last), size)
    start = int(first)
    if last and int(last) < start:
        return None
    if start >= size:
        raise Unsatisfiable
    return Span(start, min(int(last) + 1, size) if last else size)


def if_range_holds(header: str | None, etag: str | None) -> bool:
    """Whether a range may be served: no If-Range, or one whose strong ETag is the object's (section 13.1.5)."""
    if header is None:
        return True
    return etag is not None and header.strip() == etag and not etag.startswith("W/")


def _suffix(count: int, size: int) -> Span:
    if count == 0 or size == 0:
        raise Unsatisfiable
    return Span(max(0, size - count), size)
