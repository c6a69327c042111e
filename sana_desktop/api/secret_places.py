"""Where secrets sit in a request, and what stands there when nobody has filled one in."""

from __future__ import annotations

import re
from urllib.parse import unquote_plus, urlsplit

from sana_desktop.base.redaction import link_label

TOKEN_BLANK = "<your_token>"  # noqa: S105 - what the vendor's page puts in a secret's place
SECRET_BLANK = "<your_secret>"  # noqa: S105

_SECRET_HEADER = re.compile(
    r"auth(?!ority)|token|secret|api-?key|access-?key|passw|session|signature|credential|csrf|xsrf|jwt|cookie",
    re.IGNORECASE,
)
_BLANK_VALUE = re.compile(
    r"<(?![A-Za-z0-9_-]{24,}>|eyJ)[^<>]{1,80}>|\{\{[^{}]{1,80}\}\}|\{[A-Za-z_ ]{1,40}\}"
    r"|\$\{?[A-Za-z_][\w:]{0,80}\}?|\$\(.*\)|`.*`|%\w{1,80}%|\[[\w -]{1,60}\]"
    r"|(?:your|my|the|insert|paste|enter|replace)[-_ ]?[\w -]{0,40}"
    r"|[xX]{3,}|[*•.…-]{1,200}|token|bearer|access_token|api[_-]?key|secret|redacted|hidden|masked|",
    re.IGNORECASE | re.DOTALL,
)
_BLANK_IN_TEXT = re.compile(
    r"<[A-Za-z][\w -]{0,60}>|\{\{[^{}\n]{1,60}\}\}|\$\{?[A-Z][A-Z0-9_]{2,60}\}?|%[A-Z][A-Z0-9_]{2,60}%"
)
_FIELD_NAME = r"(?:client_?secret|refresh_?token|access_?token|id_?token|assertion|passw(?:or)?d|api_?key|token|secret)"
_FORM_SECRET = re.compile(rf"((?:^|&)\s*{_FIELD_NAME}=)([^&\n]*)", re.IGNORECASE)
_JSON_SECRET = re.compile(rf"([\"']{_FIELD_NAME}[\"']\s*:\s*[\"'])([^\"'\\]*)", re.IGNORECASE)
_FORM_CLIENT = re.compile(r"(?:^|&)\s*client_?id=([^&\n]*)", re.IGNORECASE)
_JSON_CLIENT = re.compile(r"[\"']client_?id[\"']\s*:\s*[\"']([^\"'\\]*)", re.IGNORECASE)
_API_PATH = re.compile(r"/?\Z|/(?:api|v\d{1,2})(?:/[\w<>{}$.~%-]{1,128}){0,8}/?\Z")
_HOST = re.compile(r"[\w.<>{}$:\[\]-]{1,300}\Z")

_PASS = re.compile(r"""(\bbearer\s+)([^\s"',;\\]{6,16384})|()(\beyJ[\w-]{6,}\.[\w-]{6,}\.[\w-]*)""", re.IGNORECASE)
_COMMENT = re.compile(r"--[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
_NAMED_SECRET = re.compile(
    r"""([\w-]*(?:token|secret|passw(?:or)?d|api[_-]?key)["']?\s*[:=]\s*["']?)([\w.~+/=-]{6,})""", re.IGNORECASE
)


def is_secret_header(name: str) -> bool:
    """Return whether a header of this name may carry something secret."""
    return _SECRET_HEADER.search(name) is not None


def is_blank(value: str) -> bool:
    """Return whether a value is a placeholder such as `<your_token>`, `$TOKEN` or `{{token}}`, or nothing."""
    return _BLANK_VALUE.fullmatch(value.strip()[:400]) is not None


def blanks_in(text: str) -> tuple[str, ...]:
    """Return the placeholders left in an address or a header, each once, in order."""
    return tuple(dict.fromkeys(found.group() for found in _BLANK_IN_TEXT.finditer(text)))


def body_secrets(body: str) -> tuple[str, tuple[str, ...], str | None]:
    """Return the body with its secret fields blanked, what stood there, and the client id if it names one."""
    is_json = body.lstrip()[:1] in {"{", "["}
    pattern, client = (_JSON_SECRET, _JSON_CLIENT) if is_json else (_FORM_SECRET, _FORM_CLIENT)
    found: list[str] = []

    def lift(match: re.Match[str]) -> str:
        if not is_blank(match[2]):
            found.append(match[2] if is_json else unquote_plus(match[2]))
        return match[1] + SECRET_BLANK

    name = client.search(body)
    client_id = (name[1] if is_json else unquote_plus(name[1])) if name else None
    return pattern.sub(lift, body), tuple(found), client_id


def query_secrets(sql: str) -> tuple[str, tuple[str, ...]]:
    """Return a query with the passes and keys that stand in it blanked, and what stood there.

    A pass is one wherever it stands. What merely has a telling name, such as `TOKEN=…`, is one in a comment only: in
    the query itself that is a comparison with a column.
    """
    found: list[str] = []

    def lift(match: re.Match[str]) -> str:
        name, value = (part for part in match.groups() if part is not None)
        if is_blank(value):
            return match[0]
        found.append(value)
        return f"{name}…"

    cleaned = _PASS.sub(lift, sql)
    return _COMMENT.sub(lambda comment: _NAMED_SECRET.sub(lift, comment[0]), cleaned), tuple(found)


def shown_address(url: str) -> str:
    """Return what may be shown of an address: all of an API's, only the host of one that may be a signed link."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        return "(unreadable address)"
    if parts.scheme not in {"http", "https"} or not _HOST.match(host):
        return "(unreadable address)"
    if not _API_PATH.match(parts.path):
        return link_label(url) if "<" not in host else f"{parts.scheme}://{host}/…"
    return f"{parts.scheme}://{host}{parts.path}"
