"""What an answer means for a partial file (BEHAVIOUR.md B4, L04 to L19)."""

from __future__ import annotations

import pytest

from sana_desktop.reports.download import resume
from sana_desktop.reports.download.resume import (
    AllHere,
    Continue,
    DeadLink,
    Framing,
    Later,
    OnDisk,
    Restart,
    Unusable,
    Whole,
)

HALF = OnDisk(500, 1_000, '"v1"')
TAG = {"etag": '"v1"'}


def span(text: str) -> dict[str, str]:
    return {**TAG, "content-range": text}


@pytest.mark.parametrize(
    ("disk", "start"),
    [
        (HALF, 500),
        (OnDisk(500, 1_000, ""), 0),
        (OnDisk(500, None, '"v1"'), 0),
        (OnDisk(0, 1_000, '"v1"'), 0),
        (OnDisk(1_000, 1_000, '"v1"'), 0),
    ],
)
def test_a_range_is_asked_for_only_with_a_strong_etag_and_a_length(disk: OnDisk, start: int) -> None:
    assert resume.range_start(disk) == start


@pytest.mark.parametrize(("value", "kept"), [('"a"', '"a"'), ('W/"a"', ""), ("a", ""), (None, ""), ('"', "")])
def test_L08_only_strong_etags_count(value: str | None, kept: str) -> None:
    assert resume.strong_etag(value) == kept


@pytest.mark.parametrize(
    ("name", "status", "headers", "expected"),
    [
        ("L04", 200, {**TAG, "content-length": "1000"}, Whole(1_000, '"v1"', Framing.LENGTH)),
        ("L05", 200, {"etag": '"v2"', "content-length": "900"}, Whole(900, '"v2"', Framing.LENGTH)),
        ("good", 206, span("bytes 500-999/1000"), Continue(500, 1_000)),
        ("short part", 206, span("bytes 500-700/1000"), Continue(500, 1_000)),
        ("L06", 206, {"etag": '"v2"', "content-range": "bytes 500-999/1000"}, Restart),
        ("L06 no tag", 206, {"content-range": "bytes 500-999/1000"}, Restart),
        ("L09", 206, span("bytes 400-999/1000"), Restart),
        ("L10", 206, span("bytes 500-1099/1100"), Restart),
        ("total hidden", 206, span("bytes 500-999/*"), Restart),
        ("ends outside", 206, span("bytes 500-1000/1000"), Restart),
        ("turned round", 206, span("bytes 500-499/1000"), Restart),
        ("no range said", 206, TAG, Restart),
        ("L12", 206, {**span("bytes 500-999/1000"), "content-type": "multipart/byteranges; boundary=x"}, Restart),
        ("L39", 206, {**span("bytes 500-999/1000"), "content-encoding": "gzip"}, Restart),
        ("plain", 206, {**span("bytes 500-999/1000"), "content-encoding": "identity"}, Continue(500, 1_000)),
        ("L13 announced longer", 416, {"content-range": "bytes */500"}, Restart),
        ("L14", 416, {"content-range": "bytes */400"}, Restart),
        ("L15", 416, {}, Restart),
        ("L21", 403, {}, DeadLink(403)),
        ("L26", 410, {}, DeadLink(410)),
        ("busy", 503, {}, Later(503)),
        ("odd", 302, {}, Unusable),
    ],
)
def test_answers_to_a_range(name: str, status: int, headers: dict[str, str], expected: object) -> None:
    decision = resume.read_answer(500, HALF, status, headers)
    assert isinstance(decision, expected) if isinstance(expected, type) else decision == expected


@pytest.mark.parametrize("total", [None, 500])
def test_L13_a_416_that_names_what_is_here_is_the_end_unless_another_length_was_announced(total: int | None) -> None:
    answer = {"content-range": "bytes */500"}
    assert resume.read_answer(500, OnDisk(500, total, '"v1"'), 416, answer) == AllHere()
    assert isinstance(resume.read_answer(500, HALF, 416, answer), Restart)


@pytest.mark.parametrize("status", [206, 416])
def test_L11_answers_to_a_question_nobody_asked(status: int) -> None:
    assert isinstance(resume.read_answer(0, OnDisk(), status, span("bytes 0-999/1000")), Unusable)


@pytest.mark.parametrize(
    ("headers", "framing", "total"),
    [
        ({"content-length": "7"}, Framing.LENGTH, 7),
        ({"transfer-encoding": "chunked"}, Framing.CHUNKED, None),
        ({"transfer-encoding": "gzip, chunked", "content-length": "7"}, Framing.CHUNKED, None),
        ({}, Framing.CLOSE, None),
        ({"content-length": "-7"}, Framing.CLOSE, None),
        ({"content-length": "7, 7"}, Framing.CLOSE, None),
    ],
)
def test_how_the_end_of_a_body_is_known(headers: dict[str, str], framing: Framing, total: int | None) -> None:
    assert resume.read_answer(0, OnDisk(), 200, headers) == Whole(total, "", framing)


def test_L18_a_look_past_the_end() -> None:
    assert resume.read_probe(500, '"v1"', 416, {"content-range": "bytes */500"}) == AllHere()
    assert resume.read_probe(500, '"v1"', 206, span("bytes 500-999/1000")) == Continue(500, 1_000)
    for size in (400, 600):
        assert isinstance(resume.read_probe(500, '"v1"', 416, {"content-range": f"bytes */{size}"}), Restart)
    assert resume.read_probe(500, '"v1"', 416, {"content-range": "bytes */many"}) is None
    assert resume.read_probe(500, '"v1"', 200, {}) is None
    assert resume.read_probe(500, '"v1"', 503, {}) == Later(503)


@pytest.mark.parametrize("etag", ["", '"v1"'])
@pytest.mark.parametrize(
    ("status", "answer", "cut"),
    [
        (416, "bytes */600", True),
        (416, "bytes */400", False),
        (206, "bytes 500-999/1000", True),
        (206, "bytes 500-999/*", True),
        (206, "bytes 0-999/1000", True),
        (206, "bytes 0-399/400", False),
        (206, "bytes 0-499/500", None),
        (206, "bytes 0-999/*", None),
        (206, "500-999", None),
        (200, "", None),
        (404, "", None),
    ],
)
def test_L18_a_look_past_the_end_without_an_etag_that_holds(
    etag: str, status: int, answer: str, cut: bool | None
) -> None:
    found = resume.read_probe(500, etag, status, {"etag": 'W/"v1"', "content-range": answer})
    if cut is None:
        assert found is None
    else:
        assert isinstance(found, Restart)
        assert found.cut is cut


def test_L18_that_there_is_nothing_more_is_believed_without_an_etag_too() -> None:
    assert resume.read_probe(500, "", 416, {"content-range": "bytes */500"}) == AllHere()
    assert resume.read_probe(0, "", 416, {"content-range": "bytes */0"}) == AllHere()
