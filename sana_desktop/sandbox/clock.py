"""The sandbox's own time: the machine's clock plus an offset, and the spellings the vendor's API uses."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime

NANOSECONDS = 1_000_000_000


@dataclass(slots=True)
class SandboxClock:
    """Two times, both in nanoseconds since 1970: `true_ns`, by which the sandbox judges, and what it tells its
    clients, shifted by `offset_seconds` (fault: clock off by hours; Date header and stamps move together)."""

    offset_seconds: float = 0.0

    def true_ns(self) -> int:
        return time.time_ns()

    def told(self, true_ns: int) -> int:
        return true_ns + int(self.offset_seconds * NANOSECONDS)


def micro_stamp(at_ns: int) -> str:
    """ISO 8601 in UTC with six fractional digits, as `createdAt` in the seed's samples."""
    return f"{_whole_seconds(at_ns)}.{at_ns % NANOSECONDS // 1000:06d}Z"


def nano_stamp(at_ns: int) -> str:
    """ISO 8601 in UTC with nine fractional digits, as `link.expiresAt` in the seed's sample."""
    return f"{_whole_seconds(at_ns)}.{at_ns % NANOSECONDS:09d}Z"


def http_date(at_ns: int) -> str:
    """The fixed date form of RFC 9110, section 5.6.7."""
    return format_datetime(datetime.fromtimestamp(at_ns // NANOSECONDS, UTC), usegmt=True)


def _whole_seconds(at_ns: int) -> str:
    return datetime.fromtimestamp(at_ns // NANOSECONDS, UTC).strftime("%Y-%m-%dT%H:%M:%S")
