"""Options of curl: what is understood, what is left out and said so, what is refused."""

from __future__ import annotations

import pytest

from sana_desktop.api.curl_options import read_options
from sana_desktop.api.draft_request import Draft
from sana_desktop.api.shell_words import split_bash
from sana_desktop.base.errors import UserError

CANARY = "canary-7f3a9c2e51b8d604"


def read(line: str) -> Draft:
    return read_options(split_bash(line).words)


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("-XPOST", "method", "POST"),
        ("-X post", "method", "POST"),
        ("--request patch", "method", "PATCH"),
        ("–request patch", "method", "PATCH"),
        ("—data x", "data", ["x"]),
        ("–d x", "data", ["x"]),
        ("-–data x", "data", ["x"]),
        ("-sSLd x", "data", ["x"]),
        ("-dx -d y", "data", ["x", "y"]),
        ("--data-raw @x", "data", ["@x"]),
        ("--data-urlencode 'a=b c&d'", "data", ["a=b+c%26d"]),
        ("--data-urlencode '=b c'", "data", ["b+c"]),
        ("--data-urlencode 'b c'", "data", ["b+c"]),
        ("-F 'a b=c d'", "data", ["a+b=c+d"]),
        ("-H 'A: b:c'", "headers", [("A", "b:c")]),
        ("-H 'authorization Bearer x'", "headers", [("authorization", "Bearer x")]),
        ("-H 'nonsense'", "headers", []),
        ("--oauth2-bearer x", "headers", [("Authorization", "Bearer x")]),
        ("-b a=b", "headers", [("Cookie", "a=b")]),
        ("--json {}", "headers", [("Content-Type", "application/json")]),
        ("-H 'content-type: text/x' --json {}", "headers", [("content-type", "text/x")]),
        ("-u me:pw", "user", "me:pw"),
        ("-G", "data_in_url", True),
        ("-I", "head", True),
        ("https://a.example/x", "url", "https://a.example/x"),
        ("--url https://a.example/x", "url", "https://a.example/x"),
        ("acme.sana.ai/x", "url", "acme.sana.ai/x"),
        ("note https://a.example", "url", "https://a.example"),
        ("https://a.example note", "url", "https://a.example"),
        ("-- - https://a.example", "url", "https://a.example"),
        ("-d $(id)", "substituted", True),
        ("-d '$(id)'", "substituted", False),
    ],
)
def test_option_is_understood(line: str, field: str, value: object) -> None:
    assert getattr(read(line), field) == value


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("-k", "certificates are always checked"),
        ("-K file", "settings file of curl"),
        ("-x http://p", "proxy"),
        ("--socks5 p", "proxy"),
        ("-o file", "you choose where"),
        ("-O", "you choose where"),
        ("-T file", "upload of a file"),
        ("-n", "Stored passwords"),
        ("--netrc-file f", "Stored passwords"),
        ("-c jar", "Cookies"),
        ("--retry 3", "--retry"),
        ("--wobble on", "--wobble"),
        ("-H 'no colon'", "without a colon"),
        ("-H 'Authorization Bearer x'", "colon missing"),
        ("https://a.example left", "belongs to no option"),
    ],
)
def test_what_is_left_out_or_repaired_is_said_once(line: str, said: str) -> None:
    notes = read(f"{line} {line}" if "https" not in line else line).notes
    assert [said in note for note in notes].count(True) == 1


@pytest.mark.parametrize(
    "line",
    ["-sSLvi --compressed --http2 -A me -e page -m 30 --connect-timeout 3", "--get -f -N", "-- - '' https://a.example"],
)
def test_what_nobody_misses_makes_no_note(line: str) -> None:
    assert read(line).notes == []


@pytest.mark.parametrize(
    "line", [f"--Odd-{CANARY} x", f"--nonsense {CANARY}", f"-H '{CANARY}'", f"-o {CANARY}", f"https://a.b {CANARY}"]
)
def test_notes_quote_nothing_that_may_be_a_secret(line: str) -> None:
    assert CANARY not in " ".join(read(line).notes)


def test_an_unknown_option_takes_its_value_along_but_never_the_address() -> None:
    assert read("--wobble on https://a.example").url == "https://a.example"
    assert read("--wobble https://a.example").url == "https://a.example"
    assert read("--wobble -X PUT").method == "PUT"


@pytest.mark.parametrize(
    "line",
    [
        "-d @f",
        "--data-binary @f",
        "--data-ascii @f",
        "--json @f",
        "--data-urlencode @f",
        "--data-urlencode n@f",
        "-F a=@f",
        "-F 'a=<f'",
        "-H @f",
    ],
)
def test_no_file_is_read(line: str) -> None:
    with pytest.raises(UserError) as caught:
        read(line)
    assert caught.value.code == "E-PASTE-FILE"


@pytest.mark.parametrize(
    ("line", "option"), [("-X", "-X"), ("-sSX", "-X"), ("--data", "--data"), ("https://a -H", "-H")]
)
def test_an_option_without_its_value_is_named(line: str, option: str) -> None:
    with pytest.raises(UserError) as caught:
        read(line)
    assert caught.value.code == "E-PASTE-CUT"
    assert f"right after {option}," in caught.value.message
