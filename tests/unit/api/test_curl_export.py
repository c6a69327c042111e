"""A request as a command for three terminals, with the secret left out."""

from __future__ import annotations

import pytest

from sana_desktop.api.curl import parse_curl
from sana_desktop.api.curl_export import Shell, export_curl

URL = "https://acme.sana.ai/api/v1/reports/query"
HEADERS = (("Content-Type", "application/json"), ("Authorization", "Bearer canary-7f3a9c2e"), ("X-API-KEY", "canary-2"))
BODY = '{"query": "SELECT \\"user\\" FROM t WHERE a = \'it\\\\\'\'s\' AND b < 5 & 10% ^ `x` $HOME !", "format": "csv"}'


def test_bash_looks_like_the_vendors_own() -> None:
    text = export_curl("POST", URL, HEADERS[:2], '{"query": "SELECT \'a\'"}')
    assert text == (
        f"curl -X POST '{URL}' \\\n"
        "  -H 'Content-Type: application/json' \\\n"
        "  -H 'Authorization: Bearer <your_token>' \\\n"
        "  --data-raw '{\"query\": \"SELECT '\\''a'\\''\"}'"
    )


@pytest.mark.parametrize("shell", list(Shell))
def test_secrets_are_left_out_and_the_rest_comes_back(shell: Shell) -> None:
    text = export_curl("POST", URL, HEADERS, BODY, shell=shell)
    assert "canary" not in text
    request = parse_curl(text)
    assert (request.method, request.url, request.body) == ("POST", URL, BODY)
    assert dict(request.headers) == {
        "Content-Type": "application/json",
        "Authorization": "Bearer <your_token>",
        "X-API-KEY": "<your_token>",
    }
    assert request.token is None
    assert request.placeholders == ("<your_token>",)
