"""A practice exchange as a command for a terminal, without the key (BEHAVIOUR.md A36)."""

from __future__ import annotations

from sana_desktop.api.curl_export import Shell, export_curl
from sana_desktop.api.origin import Origin
from sana_desktop.api.practice_models import Exchange

KEY_BLANK = "<your_api_key>"
"""What a person replaces by the key; a variable, as on the developer page, stands unexpanded between single quotes."""


def curl_of(exchange: Exchange, origin: Origin, shell: Shell = Shell.BASH) -> str:
    """Return the command that sends this request again once its reader has put a key in."""
    headers = [("Content-Type", "application/json"), ("X-API-KEY", KEY_BLANK)]
    return export_curl("POST", origin.url + exchange.path, headers, exchange.request, shell=shell)
