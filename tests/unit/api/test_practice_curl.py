from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from sana_desktop.api.curl import parse_curl
from sana_desktop.api.curl_export import Shell
from sana_desktop.api.practice_curl import KEY_BLANK, curl_of
from sana_desktop.api.practice_hosts import parse_practice_origin
from sana_desktop.api.practice_models import Exchange
from sana_desktop.api.practice_wire import encode_outcomes
from tests.support.practice_client import OUTCOMES, outcome


@pytest.mark.parametrize("shell", list(Shell))
def test_the_command_says_what_was_sent_and_has_a_blank_for_the_key(shell: Shell) -> None:
    body = encode_outcomes("Zoë", [outcome(0, metadata='it\'s 100 % "done"\n$HOME `x`')]).decode()
    exchange = Exchange(OUTCOMES, datetime(2026, 1, 1, tzinfo=UTC), body, 200, "", 0.1)
    command = curl_of(exchange, parse_practice_origin("https://us.api.sanalabs.com"), shell)
    assert KEY_BLANK.strip("<>") in command  # a Windows prompt wants a caret before each bracket
    read = parse_curl(command)
    assert (read.method, read.url) == ("POST", f"https://us.api.sanalabs.com{OUTCOMES}")
    assert json.loads(read.body or "") == json.loads(body)
    assert read.token is None
    assert dict(read.headers)["Content-Type"] == "application/json"
