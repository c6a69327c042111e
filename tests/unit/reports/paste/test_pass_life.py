"""How long a pass lasts, as far as it says so itself."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest

from sana_desktop.base.redaction import Secret
from sana_desktop.reports.paste.pass_life import MAX_PASS_CHARACTERS, ends_at, is_signed_pass, life_in_words

END = datetime(2026, 11, 6, 21, 20, tzinfo=UTC)


def coded(text: str | bytes) -> str:
    return base64.urlsafe_b64encode(text if isinstance(text, bytes) else text.encode()).decode().rstrip("=")


def signed(payload: object) -> Secret:
    return Secret(f"{coded(json.dumps({'alg': 'none'}))}.{coded(json.dumps(payload))}.c2ln")


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        (signed({"exp": 1}).reveal(), True),
        ("eyJhbGciOi.eyJ9.", True),
        ("eyJhbGciOi.eyJ9", False),
        ("abcdefghij.eyJ9.sig", False),
        ("eyJhbGciOi.eyJ9.sig.more", False),
        ("eyJhbGciOi.ey J9.sig", False),
        ("eyJhbGciOi.eyJ9." + "x" * MAX_PASS_CHARACTERS, False),
        ("", False),
    ],
)
def test_form_of_a_signed_pass(text: str, is_one: bool) -> None:
    assert is_signed_pass(text) is is_one


@pytest.mark.parametrize("exp", [END.timestamp(), int(END.timestamp())])
def test_the_end_it_says(exp: float) -> None:
    assert ends_at(signed({"exp": exp, "sub": "me"})) == END


@pytest.mark.parametrize(
    "payload",
    [{}, {"exp": None}, {"exp": "1793999999"}, {"exp": True}, {"exp": 1e30}, {"exp": -1e30}, {"exp": float("nan")},
     {"exp": 4_102_444_800}, [1], "exp", 5, None],
)  # fmt: skip
def test_an_end_that_can_not_be_told(payload: object) -> None:
    assert ends_at(signed(payload)) is None


@pytest.mark.parametrize("payload", [coded(b"\xff\xfe"), coded("{"), coded("[" * 9_000), "a", "-_-_"])
def test_a_damaged_pass_is_no_trouble(payload: str) -> None:
    assert ends_at(Secret(f"eyJhbGciOi.{payload}xx.sig")) is None
    assert ends_at(Secret(f"eyJhbGciOi.{payload}.sig")) is None


def test_an_opaque_pass_says_nothing() -> None:
    assert ends_at(Secret("canary-7f3a9c2e51b8d604")) is None


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(days=3), "ends in about 3 days"),
        (timedelta(hours=48), "ends in about 2 days"),
        (timedelta(hours=47), "ends in about 47 hours"),
        (timedelta(minutes=120), "ends in about 2 hours"),
        (timedelta(minutes=119), "ends in about 119 minutes"),
        (timedelta(seconds=91), "ends in about 2 minutes"),
        (timedelta(seconds=31), "ends in about a minute"),
        (timedelta(seconds=29), "ends in less than a minute"),
        (timedelta(0), "already ended"),
        (timedelta(days=-1), "already ended"),
    ],
)
def test_time_left(left: timedelta, words: str) -> None:
    assert words in life_in_words(END, END - left)


def test_without_a_clock_the_moment_is_named_and_without_an_end_the_usual_life() -> None:
    assert life_in_words(END, None) == "a pass that ends at 2026-11-06 21:20 UTC; kept in memory only"
    assert "about an hour" in life_in_words(None, END)
    assert life_in_words(None, None) == life_in_words(None, END)
