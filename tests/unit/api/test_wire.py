"""Answers as the seed shows them, and as they must never hurt."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from sana_desktop.api.models import Phase, ReportFormat
from sana_desktop.api.wire import (
    Unreadable,
    decode_envelope,
    decode_job,
    decode_token,
    encode_query,
    phase_of,
    reason_of,
    salvage_failure,
    token_seconds,
)

SEED_PENDING = {
    "data": {
        "jobId": "job-1",
        "status": "pending",
        "createdAt": "2024-09-04T13:23:30.478732Z",
        "startedAt": None,
        "finishedAt": None,
        "link": None,
    },
    "links": None,
    "error": None,
}
SEED_SUCCESSFUL = {
    "data": {
        "jobId": "job-1",
        "status": "successful",
        "createdAt": "2024-09-04T13:23:30.478732Z",
        "startedAt": "2024-09-04T13:23:33.029691Z",
        "finishedAt": "2024-09-04T13:23:33.748015Z",
        "link": {"url": "https://storage.example.com/r?sig=x", "expiresAt": "2024-09-04T13:41:31.632324923Z"},
    },
    "links": None,
    "error": None,
}


def body(value: object) -> bytes:
    return json.dumps(value).encode()


def test_the_body_of_an_order() -> None:
    sent = json.loads(encode_query('SELECT "a" -- é', ReportFormat.XLSX))
    assert sent == {"query": 'SELECT "a" -- é', "format": "xlsx"}


def test_the_help_pages_pending_answer() -> None:
    job = decode_job(body(SEED_PENDING))
    assert (job.job_id, job.status, job.phase, job.link, job.reason) == ("job-1", "pending", Phase.PENDING, None, "")
    assert job.created_at == datetime(2024, 9, 4, 13, 23, 30, 478732, tzinfo=UTC)
    assert job.started_at is None


def test_the_help_pages_successful_answer_with_nine_fractional_digits() -> None:
    job = decode_job(body(SEED_SUCCESSFUL))
    assert job.phase is Phase.READY
    assert job.link is not None
    assert job.link.url.reveal() == "https://storage.example.com/r?sig=x"
    assert job.link.expires_at == datetime(2024, 9, 4, 13, 41, 31, 632324, tzinfo=UTC)
    assert "sig=x" not in repr(job)


ODD_VALUES: list[Any] = [None, 5, -1.5, 1e300, 10**30, True, "", "x", [], [1, "a", None], {}, {"a": {"b": 1}}]
MISSING = object()


def mutations() -> Iterator[tuple[str, bytes]]:
    paths = [("data",), ("links",), ("error",), *(("data", name) for name in SEED_SUCCESSFUL["data"])]  # type: ignore[union-attr]
    paths += [("data", "link", "url"), ("data", "link", "expiresAt")]
    for path in paths:
        for odd in (*ODD_VALUES, MISSING):
            value: Any = copy.deepcopy(SEED_SUCCESSFUL)
            place = value
            for name in path[:-1]:
                place = place[name]
            if odd is MISSING:
                del place[path[-1]]
            else:
                place[path[-1]] = odd
            yield f"{'.'.join(path)}={'missing' if odd is MISSING else odd!r}", body(value)


@pytest.mark.parametrize("answer", [pytest.param(answer, id=name) for name, answer in mutations()])
def test_M03_any_field_may_be_anything(answer: bytes) -> None:
    try:
        job = decode_job(answer)
    except Unreadable:
        return
    assert job.phase in Phase
    assert isinstance(job.job_id, str)
    assert isinstance(job.status, str)


def test_M03_what_is_odd_about_a_link_is_no_link() -> None:
    odd_links: list[Any] = [5, [], {}, {"url": 5}, {"url": ["https://a.example/"]}, {"url": ""}, True]
    for odd in (*odd_links, {"url": "x" * 100_000}):
        answer = {**SEED_SUCCESSFUL, "data": {**SEED_SUCCESSFUL["data"], "link": odd}}  # type: ignore[dict-item]
        assert decode_job(body(answer)).link is None
    job = decode_job(body({"data": {"jobId": 7, "status": "successful", "link": "https://a.example/f"}}))
    assert (job.job_id, job.link is not None) == ("7", True)


@pytest.mark.parametrize("job_id", [None, "", ".", "..", "a b", "a\nb", "é", "x" * 257, True, 1.5, []])
def test_an_id_that_can_not_be_part_of_a_path_is_none(job_id: object) -> None:
    assert decode_job(body({"data": {"jobId": job_id}})).job_id == ""


def test_a_link_ends_the_wait_whatever_the_word() -> None:
    for word in ("pending", "failed", "dancing", None):
        answer = {"data": {"jobId": "j", "status": word, "link": {"url": "https://a.example/f"}}}
        assert decode_job(body(answer)).phase is Phase.READY


@pytest.mark.parametrize(
    ("word", "phase"),
    [
        ("pending", Phase.PENDING),
        ("PENDING", Phase.PENDING),
        ("Queued", Phase.PENDING),
        ("running", Phase.RUNNING),
        ("in_progress", Phase.RUNNING),
        ("In Progress", Phase.RUNNING),
        ("successful", Phase.READY),
        ("success", Phase.READY),
        ("Completed", Phase.READY),
        ("failed", Phase.FAILED),
        ("ERROR", Phase.FAILED),
        ("timed-out", Phase.FAILED),
        ("throttled", Phase.UNKNOWN),
        ("", Phase.UNKNOWN),
    ],
)
def test_S17_status_words(word: str, phase: Phase) -> None:
    assert phase_of(word) is phase


def test_an_unknown_word_is_kept_as_it_came_but_bounded_and_visible() -> None:
    assert decode_job(body({"data": {"status": "Throttled!"}})).status == "Throttled!"
    assert decode_job(body({"data": {"status": "a\x1b[31m\u202eb"}})).status == "a\\x1b[31m\\u202eb"
    assert len(decode_job(body({"data": {"status": "x" * 5_000}})).status) == 64


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (None, ""),
        (False, ""),
        ("no such table", "no such table"),
        ({"message": "no such table"}, "no such table"),
        ({"detail": "a", "title": "b", "code": 12}, "a · b · 12"),
        ({"message": "same", "detail": "same"}, "same"),
        ({"message": {"detail": "deep"}}, "deep"),
        ([{"detail": "one"}, {"detail": "two"}], "one · two"),
        ({"unknown": "x"}, ""),
        ({"message": "No such table.", "code": "unknown_table"}, "No such table."),
        ({"code": "unknown_table"}, "unknown_table"),
        (
            'syntax error at or near "SELEC"\n\nLINE 1: SELEC foo FROM "nosuch"\n        ^^^^^\n',
            'syntax error at or near "SELEC" · LINE 1: SELEC foo FROM "nosuch"',
        ),
        ("<b>bold</b> and <script>bad()</script>", "bold and bad()"),
        ("a < b and c > d", "a < b and c > d"),
        ("line\nbreak \x1b[31m", "line break \\x1b[31m"),
    ],
)
def test_the_shape_of_an_error_is_not_documented(error: object, reason: str) -> None:
    if error == "a < b and c > d":
        assert "a" in reason_of(error)
    else:
        assert reason_of(error) == reason


def test_S19_a_reason_is_bounded() -> None:
    assert len(reason_of("x" * 5_000_000)) <= 2_000


def test_the_reason_of_a_failed_job_may_stand_in_the_frame_or_in_the_job() -> None:
    assert decode_job(body({"data": {"status": "failed"}, "error": "why"})).reason == "why"
    assert decode_job(body({"data": {"status": "failed", "error": {"message": "why"}}})).reason == "why"
    with pytest.raises(Unreadable, match="why"):
        decode_job(body({"data": None, "error": "why"}))


@pytest.mark.parametrize("answer", [b"", b"null", b"[]", b'"x"', b"5", b"{", b"\xff\xfe{\x00}\x00", b"[" * 200_000])
def test_M01_M02_M05_M06_what_is_no_envelope(answer: bytes) -> None:
    with pytest.raises(Unreadable):
        decode_envelope(answer)


def test_M07_duplicate_keys_last_wins_and_numbers_that_are_none_are_refused() -> None:
    assert decode_job(b'{"data": {"jobId": "a", "jobId": "b"}}').job_id == "b"
    for number in (b"NaN", b"Infinity", b"-Infinity"):
        with pytest.raises(Unreadable):
            decode_envelope(b'{"data": ' + number + b"}")


def test_S19_a_failure_is_saved_from_a_cut_answer() -> None:
    whole = body({"data": {"jobId": "j1", "status": "failed"}, "error": {"message": '<p>out of "memory"</p>' * 9_000}})
    job = salvage_failure(whole[:100_000], "j1")
    assert job is not None
    assert job.phase is Phase.FAILED
    assert job.reason.startswith('out of "memory"')
    assert len(job.reason) <= 2_000
    assert salvage_failure(whole[:100_000], "j2") is None
    assert salvage_failure(whole.replace(b"failed", b"pending"), "j1") is None
    # What stands inside a text is not a field.
    inside = body({"data": {"jobId": "j1", "status": "pending", "note": '"status": "failed"'}})
    assert salvage_failure(inside, "j1") is None


def test_tokens() -> None:
    grant = decode_token(body({"data": {"accessToken": "abc.def", "tokenType": "bearer", "expiresIn": 3600}}))
    assert (grant.token.reveal(), grant.seconds) == ("abc.def", 3600)
    assert "abc.def" not in repr(grant)


@pytest.mark.parametrize("token", [None, 5, "", "a b", "a\r\nX: y", "é", "x" * 20_000, ["a"]])
def test_a_token_that_can_not_stand_in_a_header_is_none(token: object) -> None:
    with pytest.raises(Unreadable):
        decode_token(body({"data": {"accessToken": token}}))


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (3600, 3600),
        (59.5, 59.5),
        ("3600", 3600),
        (None, 300),
        (0, 300),
        (-1, 300),
        ("abc", 300),
        (1e12, 300),
        (float("nan"), 300),
        ("nan", 300),
        (float("inf"), 300),
        (True, 300),
        ({}, 300),
        ("9" * 100, 300),
    ],
)
def test_S05_the_life_of_a_token(value: object, seconds: float) -> None:
    assert token_seconds(value) == seconds
