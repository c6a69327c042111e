"""How long a pasted pass still lasts, as far as the pass itself says (BEHAVIOUR.md, B02)."""

from __future__ import annotations

import base64
import binascii
import json
import re
from datetime import UTC, datetime, timedelta

from sana_desktop.base.redaction import Secret
from sana_desktop.base.words import Words

MAX_PASS_CHARACTERS = 16_384
"""Longest pass that is looked into; a header of a request has no more room."""

_SIGNED_PASS = re.compile(r"eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{2,}\.[A-Za-z0-9_-]*")
_LATEST = datetime(2100, 1, 1, tzinfo=UTC)


def is_signed_pass(text: str) -> bool:
    """Return whether the text has the form of a JSON Web Token (RFC 7519): three parts, the first an object."""
    return len(text) <= MAX_PASS_CHARACTERS and _SIGNED_PASS.fullmatch(text) is not None


def ends_at(token: Secret) -> datetime | None:
    """Return when a pass says it ends, in UTC; None if it does not say so.

    Nothing is verified: this is for words on a card, the site alone decides.
    """
    value = token.reveal()
    if not is_signed_pass(value):
        return None
    payload = value.split(".")[1]
    try:
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        end = claims.get("exp") if isinstance(claims, dict) else None
        if not isinstance(end, int | float) or isinstance(end, bool):
            return None
        moment = datetime.fromtimestamp(end, UTC)
    except (binascii.Error, ValueError, OverflowError, OSError, RecursionError):
        return None
    return moment if moment < _LATEST else None


def life_in_words(end: datetime | None, now: datetime | None) -> Words:
    """Return what a card says about a pass that ends at `end`; both times in UTC, `now` as the site's clock has it."""
    if end is None:
        return Words("a pass; such passes usually last about an hour; kept in memory only")
    if now is None:
        return Words("a pass that ends at {time} UTC; kept in memory only", time=f"{end:%Y-%m-%d %H:%M}")
    left = end - now
    if left <= timedelta(0):
        return Words("a pass that has already ended: copy the command again for a fresh one")
    minutes = round(left.total_seconds() / 60)
    if minutes < 1:
        return Words("a pass that ends in less than a minute; kept in memory only")
    if minutes == 1:
        return Words("a pass that ends in about a minute; kept in memory only")
    if minutes < 120:
        return Words("a pass that ends in about {count} minutes; kept in memory only", count=minutes)
    if minutes < 48 * 60:
        return Words("a pass that ends in about {count} hours; kept in memory only", count=round(minutes / 60))
    return Words("a pass that ends in about {count} days; kept in memory only", count=round(minutes / 1_440))
