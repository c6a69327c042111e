"""Secrets are dots, in every spelling, in messages, tracebacks and links (B12)."""

from __future__ import annotations

import base64
import copy
import io
import json
import logging
import pickle
from urllib.parse import quote, quote_plus

import pytest

from sana_desktop.base.redaction import DOTS, RedactingFilter, Redactor, Secret, link_label

VALUE = 'pä$s w/ord+"\\=1'
LINK = "https://bucket.s3.amazonaws.com/reports/r.csv?X-Amz-Signature=abcdef0123"


def test_a_secret_shows_in_no_way_but_reveal() -> None:
    secret = Secret(VALUE)
    shown = [repr(secret), str(secret), f"{secret}", f"{secret:>20}", f"{[secret]}", "%s %r" % (secret, secret)]  # noqa: UP031
    assert all(VALUE not in text for text in shown)
    assert secret.reveal() == VALUE
    assert not hasattr(secret, "__dict__")


def test_secrets_compare_by_value_and_are_written_nowhere() -> None:
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a")}) == 1
    assert not Secret("")
    for write in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError):
            write(Secret("a"))


@pytest.mark.parametrize(
    "spelling",
    [
        VALUE,
        quote(VALUE, safe=""),
        quote(VALUE),
        quote_plus(VALUE),
        base64.b64encode(VALUE.encode()).decode(),
        json.dumps(VALUE)[1:-1],
        json.dumps(VALUE, ensure_ascii=False)[1:-1],
    ],
)
def test_B12_known_values_are_blanked_in_every_spelling(spelling: str) -> None:
    redactor = Redactor()
    redactor.add(Secret(VALUE))
    cleaned = redactor.clean(f"before {spelling} after")
    assert spelling not in cleaned
    assert cleaned.startswith("before ")
    assert cleaned.rstrip("=").endswith((" after", " after"))


def test_B12_a_base64_of_user_and_secret_is_blanked() -> None:
    redactor = Redactor()
    redactor.add(Secret("client-secret-1"))
    header = base64.b64encode(b"client-id:client-secret-1").decode()
    assert header not in redactor.clean(f"Authorization: Basic {header}")
    assert header not in redactor.clean(f"authorization={header}")


def test_short_values_do_not_blank_innocent_words() -> None:
    redactor = Redactor()
    redactor.add(Secret("ab"))
    assert redactor.clean("about") == "about"


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer SECRETVALUE1",
        "{'Authorization': 'Bearer SECRETVALUE1'}",
        '"authorization": "Bearer SECRETVALUE1"',
        "X-API-KEY: SECRETVALUE1",
        "-H 'x-api-key: SECRETVALUE1'",
        "bearer SECRETVALUE1",
        "client_secret=SECRETVALUE1&scope=read",
        '{"clientSecret": "SECRETVALUE1"}',
        '{"accessToken":"SECRETVALUE1"}',
        "access_token=SECRETVALUE1",
        "api_key = SECRETVALUE1",
        "password: SECRETVALUE1",
    ],
)
def test_B12_what_looks_like_a_secret_is_blanked(text: str) -> None:
    cleaned = Redactor().clean(text)
    assert "SECRETVALUE1" not in cleaned
    assert DOTS in cleaned


def test_T2_links_keep_host_and_a_hash_only() -> None:
    cleaned = Redactor().clean(f"GET {LINK} 200, again ({LINK})")
    assert "X-Amz" not in cleaned
    assert "r.csv" not in cleaned
    assert cleaned.count(link_label(LINK)) == 2
    assert link_label(LINK).startswith("https://bucket.s3.amazonaws.com/…")
    assert link_label("https://[::1") == "(unreadable link)"


def test_T2_a_link_in_other_letters_or_with_a_user_name_is_still_a_link() -> None:
    assert "sig=x" not in Redactor().clean("HTTPS://Store.Example/f?sig=x")
    cleaned = Redactor().clean("https://ann:pw@store.example/f?sig=x")
    assert "pw" not in cleaned
    assert "sig" not in cleaned


def test_the_apis_own_addresses_stay_readable() -> None:
    redactor = Redactor()
    redactor.trust_origin("https://acme.sana.ai/")
    url = "https://acme.sana.ai/api/v1/reports/jobs/j1"
    assert redactor.clean(url) == url
    assert redactor.clean("https://acme.sana.ai.evil.example/x?y") != "https://acme.sana.ai.evil.example/x?y"
    assert redactor.clean("see https://acme.sana.ai") == "see https://acme.sana.ai"


def logged(redactor: Redactor, log: str = "test") -> tuple[logging.Logger, io.StringIO]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(RedactingFilter(redactor))
    logger = logging.getLogger(f"redaction.{log}")
    logger.handlers, logger.propagate = [handler], False
    logger.setLevel(logging.DEBUG)
    return logger, stream


def test_B12_the_filter_cleans_messages_arguments_and_tracebacks() -> None:
    redactor = Redactor()
    redactor.add(Secret("canary-value"))
    logger, stream = logged(redactor)
    logger.info("token %s for %r at %s", "canary-value", {"a": "canary-value"}, LINK)
    try:
        raise ValueError(f"canary-value at {LINK}")
    except ValueError:
        logger.exception("it failed with canary-value")
    text = stream.getvalue()
    assert "canary-value" not in text
    assert "X-Amz" not in text
    assert "Traceback" in text


def test_M09_a_record_stays_on_one_line() -> None:
    logger, stream = logged(Redactor(), "lines")
    logger.info("first\nERROR forged\r\x0b\x85\u2028second \x1b[31m")
    (line,) = stream.getvalue().splitlines()
    assert "\x1b" not in line
    assert "forged" in line


def test_M09_the_stack_of_a_record_moves_no_cursor() -> None:
    logger, stream = logged(Redactor(), "stack")
    record = logger.makeRecord(logger.name, logging.INFO, "x.py", 1, "here", (), None, sinfo="Stack:\n  \x1b[31m\u202e")
    logger.handle(record)
    text = stream.getvalue()
    assert "Stack:\n" in text
    assert not {"\x1b", "\u202e"} & set(text)


def test_a_record_that_can_not_be_formatted_does_not_break_the_logger() -> None:
    logger, stream = logged(Redactor(), "broken")
    logger.info("%d items", "three")
    assert "items" in stream.getvalue()


def test_two_handlers_clean_the_same_record_twice_without_harm() -> None:
    redactor = Redactor()
    redactor.add(Secret("canary-value"))
    stream = io.StringIO()
    logger = logging.getLogger("redaction.two")
    logger.handlers, logger.propagate = [], False
    for _ in range(2):
        handler = logging.StreamHandler(stream)
        handler.addFilter(RedactingFilter(redactor))
        logger.addHandler(handler)
    logger.error("100%% of %s", "canary-value")
    assert stream.getvalue().splitlines() == [f"100% of {DOTS}"] * 2
