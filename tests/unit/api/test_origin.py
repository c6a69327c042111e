"""What people type for their site, and what it means."""

from __future__ import annotations

import pytest

from sana_desktop.api.origin import Origin, is_loopback_host, is_numeric_host, parse_workspace
from sana_desktop.base.errors import UserError

ACME = Origin("https", "acme.sana.ai", 443)


@pytest.mark.parametrize(
    "text",
    [
        "acme",
        " ACME ",
        "acme.sana.ai",
        "Acme.Sana.AI.",
        "acme.sana.ai/",
        "https://acme.sana.ai",
        "HTTPS://ACME.SANA.AI:443/manage/insights?x=1#y",
        "'https://acme.sana.ai/api/v1/reports/query'",
        "“acme.sana.ai”",
        "acme.sana.ai:443/insights",
    ],
)
def test_all_spellings_mean_the_same_site(text: str) -> None:
    assert parse_workspace(text) == ACME


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("http://127.0.0.1:8123/", "http://127.0.0.1:8123"),
        ("127.0.0.1:8123", "http://127.0.0.1:8123"),
        ("localhost:80", "http://localhost"),
        ("localhost", "http://localhost"),
        ("https://localhost:8443", "https://localhost:8443"),
        ("http://[::1]:9", "http://[::1]:9"),
        ("127.8.9.1", "http://127.8.9.1"),
    ],
)
def test_this_computer_may_be_reached_by_http(text: str, url: str) -> None:
    origin = parse_workspace(text)
    assert origin.url == url
    assert origin.is_loopback


def test_another_port_and_another_domain_are_kept() -> None:
    assert parse_workspace("learn.example.com:8443").url == "https://learn.example.com:8443"
    assert not parse_workspace("learn.example.com").is_loopback


def test_an_international_name_is_shown_for_what_it_is() -> None:
    assert parse_workspace("https://аcme.sana.ai").host == "xn--cme-5cd.sana.ai"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "E-SITE-EMPTY"),
        ("  '' ", "E-SITE-EMPTY"),
        ("https://<yourdomain>.sana.ai", "E-SITE-PLACEHOLDER"),
        ("<your_domain>", "E-SITE-PLACEHOLDER"),
        ("http://acme.sana.ai", "E-SITE-HTTP"),
        ("https://user:pw@acme.sana.ai", "E-SITE-USER"),
        ("acme@sana.ai", "E-SITE-USER"),
        ("ftp://acme.sana.ai", "E-SITE"),
        ("file:///etc/passwd", "E-SITE"),
        ("javascript:alert(1)", "E-SITE"),
        ("https://", "E-SITE"),
        ("https:///x", "E-SITE"),
        ("acme sana", "E-SITE"),
        ("acme.sana.ai\\@evil.example", "E-SITE"),
        ("acme\n.sana.ai", "E-SITE"),
        ("acme\u202e.sana.ai", "E-SITE"),
        ("-acme-", "E-SITE"),
        ("acme..sana.ai", "E-SITE"),
        ("https://10.0.0.1", "E-SITE"),
        ("https://2130706433", "E-SITE"),
        ("169.254.169.254", "E-SITE"),
        ("12345", "E-SITE"),
        ("https://acme.sana.ai:99999", "E-SITE"),
        ("https://acme.sana.ai:x", "E-SITE"),
        ("https://[::1", "E-SITE"),
        ("[2001:db8::1]", "E-SITE"),
        ("a" * 70, "E-SITE"),
        ("a." * 3_000 + "ai", "E-SITE"),
    ],
)
def test_what_is_no_site_is_refused_with_an_example(text: str, code: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_workspace(text)
    assert caught.value.code == code
    assert caught.value.next_step
    assert len(caught.value.message) < 300


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f000001", "0x7f.1", "127.1", "::1", "1.2.3.4", "0"])
def test_addresses_are_known_in_every_spelling(host: str) -> None:
    assert is_numeric_host(host)


def test_names_are_no_addresses() -> None:
    assert not is_numeric_host("acme.sana.ai")
    assert not is_numeric_host("1and1.com")
    assert not is_loopback_host("localhost.example.com")
