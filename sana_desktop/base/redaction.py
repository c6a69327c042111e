"""Secrets as a type, and the one filter that keeps them, and links, out of logs (BEHAVIOUR.md B12)."""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import re
import threading
from urllib.parse import quote, quote_plus, urlsplit

from sana_desktop.base.text import visible

DOTS = "••••••"
MIN_SECRET_LENGTH = 6
"""Shorter values are not searched for in text: they would blank innocent words."""

_URL = re.compile(r"https?://[^\s'\"<>\\)\]}]+", re.IGNORECASE)
_AUTHORIZATION = re.compile(r"(?i)\b(authorization|x-api-key)(['\"]?\s*[:=]\s*['\"]?)((?:bearer|basic)\s+)?[^\s'\",;]+")
_BEARER = re.compile(r"(?i)\bbearer\s+[A-Za-z0-9._~+/=-]{6,}")
_FIELD = re.compile(
    r"(?i)(client_secret|clientSecret|access_?token|api_?key|password)(['\"]?\s*[:=]\s*['\"]?)[^\s'\"&,}]+"
)


class Secret:
    """A value whose repr, str and format are dots. Only `reveal()` gives it out, so every use can be found."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the value itself."""
        return self._value

    def __repr__(self) -> str:
        return DOTS

    __str__ = __repr__

    def __format__(self, format_spec: str) -> str:
        return DOTS

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a secret is not written anywhere")


def link_label(url: str) -> str:
    """Return what may be shown or stored of a link: scheme, host and a short hash of its path; never its query."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or "?"
    except ValueError:
        return "(unreadable link)"
    digest = hashlib.sha256(parts.path.encode()).hexdigest()[:8]
    return f"{parts.scheme}://{host}/…{digest}"


class Redactor:
    """Blanks known secret values (raw, URL-encoded, base64, JSON-escaped) and what looks like one.

    Thread-safe: secrets are added from whichever thread meets them.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: tuple[str, ...] = ()
        self._origins: frozenset[str] = frozenset()

    def add(self, secret: Secret) -> None:
        """Blank this value from now on."""
        value = secret.reveal()
        if len(value) < MIN_SECRET_LENGTH:
            return
        encoded = base64.b64encode(value.encode()).decode()
        forms = {
            value,
            quote(value, safe=""),
            quote(value),
            quote_plus(value),
            encoded.rstrip("="),
            json.dumps(value)[1:-1],
            json.dumps(value, ensure_ascii=False)[1:-1],
        }
        with self._lock:
            self._known = tuple(sorted({*self._known, *forms}, key=len, reverse=True))

    def trust_origin(self, origin: str) -> None:
        """Leave paths and queries of this origin readable: it is a workspace's own API, whose URLs hold no secret."""
        with self._lock:
            self._origins = self._origins | {origin.lower().rstrip("/")}

    def clean(self, text: str) -> str:
        """Return `text` with every secret and every foreign link's path and query blanked."""
        text = self.without_secrets(text)
        text = _AUTHORIZATION.sub(rf"\1\2{DOTS}", text)
        text = _BEARER.sub(f"Bearer {DOTS}", text)
        text = _FIELD.sub(rf"\1\2{DOTS}", text)
        return _URL.sub(self._clean_url, text)

    def without_secrets(self, text: str) -> str:
        """Return `text` with the known secrets blanked and nothing else: for what is shown and kept as it came."""
        for value in self._known:
            if value in text:
                text = text.replace(value, DOTS)
        return text

    def _clean_url(self, match: re.Match[str]) -> str:
        url = match.group()
        try:
            parts = urlsplit(url)
            origin = f"{parts.scheme}://{parts.netloc}".lower()
        except ValueError:
            return "(unreadable link)"
        if origin in self._origins or (parts.path in {"", "/"} and not parts.query):
            return url
        return link_label(url)


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        # Raised here it would reach whoever logs; the handler's own safety net comes after the filters.
        return f"{record.msg} {record.args!r}"


class RedactingFilter(logging.Filter):
    """Put on the handlers of the root logger: cleans message and traceback, and keeps a record on one line each."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__()
        self._redactor = redactor

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = visible(self._redactor.clean(_message(record)).replace("\r", "\\r").replace("\n", "\\n"))
        record.args = None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = visible(self._redactor.clean(record.exc_text), keep_newlines=True)
        if record.stack_info:
            record.stack_info = visible(self._redactor.clean(record.stack_info), keep_newlines=True)
        return True
