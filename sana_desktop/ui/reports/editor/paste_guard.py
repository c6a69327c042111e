"""Which pasted text must not enter the editor: what may hold a token would stay in its undo history (B01, T13)."""

from __future__ import annotations

import re

from sana_desktop.api.secret_places import query_secrets

_LOOKED_AT = 200_000
"""Characters; a longer paste is not looked at here but understood off the window's thread."""

_COMMAND = re.compile(
    r"(?im)^[ \t$>#%]*(?:(?:[\w.\\/:-]*[\\/])?curl(?:\.exe)?\s|invoke-(?:web|rest)\w*\s|iwr\s|irm\s|wget\s"
    r"|https?\s+(?:get|post)\s|\$session\s*=)"
)
_SECRET = re.compile(
    r"(?i)\bbearer\s+\S{6,}|\bauthorization['\"]?\s*[:=]|\bx-api-key\b|\bclient_?secret['\"]?\s*[:=]|\baccess_?token['\"]?\s*[:=]"
)
_JWT = re.compile(r"\beyJ[\w-]{6,}\.[\w-]{6,}\.[\w-]*")
_LINK = re.compile(r"(?i)\s*https?://\S+\s*")
_BODY = re.compile(r"\s*[{\[]\s*[\"'{}\]]", re.DOTALL)
_FILE = re.compile(r"(?i)\s*(?:[a-z]:\\|\\\\|/|~/|file:)[^\n;]*\.(?:csv|xlsx)\s*")
_JOB_ID = re.compile(r"(?i)\s*[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\s*")


def is_request(text: str, into_empty: bool) -> bool:
    """Return whether pasted `text` is something to be understood first, rather than SQL to be put in as it is.

    Errs on the side of understanding first: nothing is lost by that, a token in the undo history would be.

    Args:
        text: what is pasted.
        into_empty: whether the document is empty; a bare id is then no part of a query.
    """
    if len(text) > _LOOKED_AT or _COMMAND.search(text) or _SECRET.search(text) or _JWT.search(text):
        return True
    if query_secrets(text)[1]:
        return True
    if _LINK.fullmatch(text) or _BODY.match(text) or _FILE.fullmatch(text):
        return True
    return into_empty and _JOB_ID.fullmatch(text) is not None
