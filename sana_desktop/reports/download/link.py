"""How long a download link is still good, by the site's clock, and when to ask for a fresh one (BEHAVIOUR.md B9)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

UNKNOWN_LIFE = timedelta(minutes=5)
"""What a link is taken to live when the service did not say so readably."""
RENEW_UNDER_SECONDS = 60.0
SOON_UNDER_SECONDS = 300.0


class Urgency(StrEnum):
    """How loudly the window speaks of a link's end (B06): plain, noticeable, near the end, over."""

    CALM = "calm"
    SOON = "soon"
    NOW = "now"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Lease:
    """Until when a link is good, in UTC by the site's clock; `certain` is False when that is our assumption."""

    ends_at: datetime
    certain: bool

    def seconds_left(self, server_now: datetime) -> float:
        """Return the seconds until the end; negative once it is over."""
        return (self.ends_at - server_now).total_seconds()

    def urgency(self, server_now: datetime) -> Urgency:
        """Return how loudly to speak of it."""
        left = self.seconds_left(server_now)
        if left <= 0:
            return Urgency.ENDED
        if left < RENEW_UNDER_SECONDS:
            return Urgency.NOW
        return Urgency.SOON if left < SOON_UNDER_SECONDS else Urgency.CALM

    def should_renew(self, server_now: datetime, transfer_seconds: float | None = None) -> bool:
        """Return whether to ask for a fresh link before the next request.

        Args:
            server_now: the site's time.
            transfer_seconds: estimated time of what is still to be fetched; None if there is no estimate.
        """
        return self.seconds_left(server_now) < max(RENEW_UNDER_SECONDS, transfer_seconds or 0.0)


def lease(expires_at: datetime | None, seen_at: datetime) -> Lease:
    """Return the lease of a link that was seen at `seen_at` (the site's time) and says it ends at `expires_at`."""
    if expires_at is not None:
        return Lease(expires_at, certain=True)
    return Lease(seen_at + UNKNOWN_LIFE, certain=False)


def transfer_seconds(remaining_bytes: int | None, bytes_per_second: float) -> float | None:
    """Return the estimated seconds for the rest, None while size or speed is not known."""
    if remaining_bytes is None or bytes_per_second <= 0:
        return None
    return remaining_bytes / bytes_per_second


def object_label(url: str) -> str:
    """Return scheme, host, port and a short hash of the path: which object a link means, without being a link.

    Two links with the same label name the same object, so a partial file of one may go on with the other (B4);
    the signature in the query plays no part and is not kept (T2).
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "?", parts.port
    except ValueError:
        return "(unreadable link)"
    default = {"https": 443, "http": 80}.get(parts.scheme)
    shown_port = "" if port in (None, default) else f":{port}"
    digest = hashlib.sha256(parts.path.encode(errors="surrogatepass")).hexdigest()[:16]
    return f"{parts.scheme}://{host}{shown_port}/…{digest}"


def host_of(label: str) -> str:
    """Return the origin part of an `object_label`, such as `https://files.example.com`."""
    return label.split("/…")[0]
