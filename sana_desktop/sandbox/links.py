"""Temporary links: what is signed, how a signature is made, and what a store answers to a bad one."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from enum import Enum
from urllib.parse import parse_qs, quote, urlencode
from xml.sax.saxutils import escape

EXPIRES = "X-Sana-Expires"
SIGNATURE = "X-Sana-Signature"


class LinkState(Enum):
    GOOD = "good"
    EXPIRED = "expired"
    FORGED = "forged"
    UNSIGNED = "unsigned"


@dataclass(frozen=True, slots=True)
class LinkSigner:
    """Signs the path and the end (nanoseconds since 1970, UTC) of a link with HMAC-SHA256."""

    key: bytes

    def query(self, path: str, expires_ns: int) -> str:
        return urlencode({EXPIRES: str(expires_ns), SIGNATURE: self._signature(path, str(expires_ns))})

    def url(self, origin: str, path: str, expires_ns: int) -> str:
        return f"{origin}{quote(path)}?{self.query(path, expires_ns)}"

    def check(self, path: str, query_string: str, now_ns: int) -> LinkState:
        """Judged at arrival: a download under way is never cut by the end of its link (L22)."""
        given = parse_qs(query_string, keep_blank_values=True)
        expires, signature = given.get(EXPIRES, [""])[0], given.get(SIGNATURE, [""])[0]
        if not expires or not signature:
            return LinkState.UNSIGNED
        if not hmac.compare_digest(signature.encode(), self._signature(path, expires).encode()):
            return LinkState.FORGED
        return LinkState.GOOD if now_ns < int(expires) else LinkState.EXPIRED

    def _signature(self, path: str, expires: str) -> str:
        return hmac.new(self.key, f"link\n{path}\n{expires}".encode(), hashlib.sha256).hexdigest()


def store_error(code: str, message: str, **details: str) -> bytes:
    """The XML body of an object store's error."""
    more = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in details.items())
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Error><Code>{escape(code)}</Code><Message>{escape(message)}</Message>{more}</Error>"
    ).encode()
