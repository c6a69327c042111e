from __future__ import annotations

import pytest

from sana_desktop.api.practice_hosts import PRACTICE_HOSTS, parse_practice_origin, strange_host
from sana_desktop.base.errors import UserError


@pytest.mark.parametrize("host", PRACTICE_HOSTS)
def test_both_regions_are_known(host: str) -> None:
    origin = parse_practice_origin(host)
    assert origin.url == host
    assert strange_host(origin) is None


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("api.sanalabs.com", "https://api.sanalabs.com"),
        (" https://us.api.sanalabs.com/v1/next-exercises ", "https://us.api.sanalabs.com"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("localhost:8000", "http://localhost:8000"),
        ("[::1]:8000", "http://[::1]:8000"),
        ("practice.example.org", "https://practice.example.org"),
    ],
)
def test_what_people_type(typed: str, url: str) -> None:
    assert parse_practice_origin(typed).url == url


@pytest.mark.parametrize("typed", ["", "acme", "eu", "http://api.sanalabs.com", "https://1.2.3.4", "https://a b.c"])
def test_what_can_not_be_one_is_refused(typed: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_practice_origin(typed)
    assert caught.value.code.startswith("E-SITE")
    assert caught.value.next_step


@pytest.mark.parametrize("typed", ["practice.example.org", "https://api.sanalabs.com.evil.org", "evilsanalabs.com"])
def test_a_strange_host_is_warned_about(typed: str) -> None:
    origin = parse_practice_origin(typed)
    warning = strange_host(origin)
    assert warning is not None
    assert origin.host in warning


def test_this_computer_is_not_strange() -> None:
    assert strange_host(parse_practice_origin("http://127.0.0.1:8000")) is None
