"""Where secrets sit in a request, and what counts as a place that nobody has filled in."""

from __future__ import annotations

import pytest

from sana_desktop.api.secret_places import (
    SECRET_BLANK,
    blanks_in,
    body_secrets,
    is_blank,
    is_secret_header,
    shown_address,
)

CANARY = "canary-7f3a9c2e51b8d604"


@pytest.mark.parametrize(
    "name",
    ["Authorization", "Proxy-Authorization", "X-API-Key", "apikey", "x-auth-token", "X-CSRF-Token", "Cookie",
     "X-Session-Id", "X-Amz-Security-Token", "client_secret", "X-CSRF", "X-JWT", "X-Amz-Signature", "password",
     "access-key"],
)  # fmt: skip
def test_secret_header(name: str) -> None:
    assert is_secret_header(name)


@pytest.mark.parametrize("name", ["Content-Type", "Accept", ":authority", "User-Agent", "Referer", "X-Request-Id"])
def test_harmless_header(name: str) -> None:
    assert not is_secret_header(name)


@pytest.mark.parametrize(
    "value",
    ["", "  ", "<your_token>", "< your token >", "$TOKEN", "${TOKEN}", "$env:TOKEN", "{{token}}", "{token}", "%TOKEN%",
     "[token]", "YOUR_API_KEY", "your-token-here", "xxxx", "***", "…", "...", "$(get-token)", "`get`", "token",
     "REDACTED"],
)  # fmt: skip
def test_blank(value: str) -> None:
    assert is_blank(value)


@pytest.mark.parametrize(
    "value",
    [CANARY, f"<{CANARY}x>", "<eyJhbGciOiJIUzI1NiJ9.eyJ9.x>", "eyJhbGciOi.eyJzdWIi.sig", "a$b", "tokenabc123", "xx",
     "s3cret!", "{12}", "<a><b>"],
)  # fmt: skip
def test_no_blank(value: str) -> None:
    assert not is_blank(value)


def test_blanks_in_an_address_each_once_in_order() -> None:
    text = "https://<yourdomain>.sana.ai/{{path}}/<yourdomain>?t=$TOKEN&u=${USER_ID}&v=%HOME%&w=%20&x=$1"
    assert blanks_in(text) == ("<yourdomain>", "{{path}}", "$TOKEN", "${USER_ID}", "%HOME%")
    assert blanks_in("https://acme.sana.ai/a%20b?c=d<e") == ()


@pytest.mark.parametrize(
    ("body", "left", "secrets", "client"),
    [
        (f"client_id=a%20b&client_secret={CANARY}%2B&x=1", f"client_id=a%20b&client_secret={SECRET_BLANK}&x=1",
         (CANARY + "+",), "a b"),
        (f"refresh_token={CANARY}", f"refresh_token={SECRET_BLANK}", (CANARY,), None),
        ("client_secret=<secret>", f"client_secret={SECRET_BLANK}", (), None),
        (f'{{"clientId": "me", "clientSecret": "{CANARY}"}}', f'{{"clientId": "me", "clientSecret": "{SECRET_BLANK}"}}',
         (CANARY,), "me"),
        (f'  {{"password" : "{CANARY}"}}', f'  {{"password" : "{SECRET_BLANK}"}}', (CANARY,), None),
        ('{"query": "SELECT token=1 FROM t"}', '{"query": "SELECT token=1 FROM t"}', (), None),
        ("my_token_count=3", "my_token_count=3", (), None),
        ("", "", (), None),
    ],
)  # fmt: skip
def test_body(body: str, left: str, secrets: tuple[str, ...], client: str | None) -> None:
    assert body_secrets(body) == (left, secrets, client)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://acme.sana.ai/api/v1/reports/query?x=1", "https://acme.sana.ai/api/v1/reports/query"),
        ("https://acme.sana.ai", "https://acme.sana.ai"),
        (
            "https://<yourdomain>.sana.ai/api/v1/reports/jobs/<id>",
            "https://<yourdomain>.sana.ai/api/v1/reports/jobs/<id>",
        ),
        ("http://127.0.0.1:8080/v1/x", "http://127.0.0.1:8080/v1/x"),
        (f"https://me:{CANARY}@acme.sana.ai/api/x", "https://acme.sana.ai/api/x"),
        (f"https://<host>.example/{CANARY}/r.csv", "https://<host>.example/…"),
        ("ftp://a.example/x", "(unreadable address)"),
        ("https://[::1/x", "(unreadable address)"),
        ("https://", "(unreadable address)"),
    ],
)
def test_shown_address(url: str, shown: str) -> None:
    assert shown_address(url) == shown


@pytest.mark.parametrize(
    "url",
    [
        f"https://files.example/{CANARY}.csv?sig={CANARY}",
        f"https://files.example/api/{CANARY}/" + "x" * 200,
        f"https://me:{CANARY}@files.example/r.csv",
    ],
)
def test_of_a_link_only_the_host_is_shown(url: str) -> None:
    assert shown_address(url).startswith("https://files.example/…")
    assert CANARY not in shown_address(url)
