"""No answer, however odd, raises anything but Unreadable (M01 to M07)."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.api.models import Phase
from sana_desktop.api.wire import Unreadable, decode_job, decode_token, reason_of, salvage_failure, token_seconds

SCALARS: st.SearchStrategy[Any] = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40)
ANY_JSON: st.SearchStrategy[Any] = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
)
NAMES = ("jobId", "status", "createdAt", "startedAt", "finishedAt", "link", "error", "reason", "message")
LINKS = st.fixed_dictionaries({}, optional={"url": ANY_JSON, "expiresAt": ANY_JSON})
JOBS = st.fixed_dictionaries({}, optional=dict.fromkeys(NAMES, ANY_JSON | LINKS))
ENVELOPES = st.fixed_dictionaries({}, optional={"data": JOBS | ANY_JSON, "links": ANY_JSON, "error": ANY_JSON})


@given(ENVELOPES)
def test_M03_any_envelope_is_a_job_or_unreadable(value: object) -> None:
    body = json.dumps(value).encode()
    try:
        job = decode_job(body)
    except Unreadable:
        return
    assert job.phase in Phase
    assert (job.phase is Phase.READY) or job.link is None
    assert len(job.status) <= 64
    assert len(job.reason) <= 2_000
    assert job.job_id not in {".", ".."}
    assert "\n" not in job.status + job.reason + job.job_id


@given(st.binary(max_size=300))
def test_M06_any_bytes_are_a_job_or_unreadable(body: bytes) -> None:
    for decode in (decode_job, decode_token):
        try:
            decode(body)
        except Unreadable:
            pass
    salvage_failure(body, "j1")


@given(ANY_JSON)
def test_S05_any_life_is_positive_and_finite(value: object) -> None:
    assert 0 < token_seconds(value) <= 30 * 86_400


@given(ANY_JSON)
def test_any_error_becomes_one_bounded_line(value: object) -> None:
    reason = reason_of(value)
    assert len(reason) <= 2_000
    assert reason.isprintable() or "\t" in reason or all(not ch.isspace() or ch == " " for ch in reason)
