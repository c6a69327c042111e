"""What a status means to every call."""

from __future__ import annotations

import pytest

from sana_desktop.api.answers import is_not_processed, is_page, raise_for_status, reason_in, retry_after
from sana_desktop.api.errors import NotSent, ServerTrouble, Throttled
from sana_desktop.api.transport import Answer
from sana_desktop.base.errors import ProtocolError, SanaError, ServiceError
from sana_desktop.base.timestamps import parse_http_date

DATE = "Wed, 04 Mar 2026 09:00:00 GMT"


def answer(status: int, body: bytes = b"", **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, named, body, parse_http_date(DATE), 0.0)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (302, ProtocolError),
        (400, ServiceError),
        (401, ServiceError),
        (404, ServiceError),
        (407, NotSent),
        (408, ServerTrouble),
        (418, ServiceError),
        (429, Throttled),
        (500, ServerTrouble),
        (503, ServerTrouble),
        (599, ServerTrouble),
    ],
)
def test_every_no_has_its_kind(status: int, kind: type[SanaError]) -> None:
    with pytest.raises(kind) as caught:
        raise_for_status(answer(status), "acme.sana.ai")
    assert caught.value.http_status == status


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_a_yes_is_no_error(status: int) -> None:
    raise_for_status(answer(status), "acme.sana.ai")


def test_S10_a_503_is_not_processed_only_with_retry_after() -> None:
    assert is_not_processed(answer(503, retry_after="5"))
    assert not is_not_processed(answer(503))
    assert not is_not_processed(answer(503, retry_after="soon"))
    assert is_not_processed(answer(429))


def test_S07_retry_after() -> None:
    assert retry_after(answer(429, retry_after="7")) == 7
    assert retry_after(answer(429, retry_after="Wed, 04 Mar 2026 09:01:30 GMT")) == 90
    assert retry_after(answer(429)) is None


def test_N11_pages_are_known_by_type_or_by_content() -> None:
    assert is_page(answer(200, b"x", content_type="text/html; charset=utf-8"))
    assert is_page(answer(200, b"\xef\xbb\xbf  <!doctype HTML>"))
    assert is_page(answer(403, b"<?xml version='1.0'?><Error/>"))
    assert not is_page(answer(200, b'{"data": "<html>"}', content_type="application/json"))


def test_the_words_of_the_service() -> None:
    assert reason_in(answer(400, b'{"error": {"message": "no"}}')) == "no"
    assert reason_in(answer(400, b"<html>no</html>")) == ""
    assert reason_in(answer(400, b"no")) == ""
