"""Pure rules: stamps, signatures, job states, deliveries, tokens, the log of requests."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from sana_desktop.sandbox import faults
from sana_desktop.sandbox.clock import NANOSECONDS, SandboxClock, http_date, micro_stamp, nano_stamp
from sana_desktop.sandbox.delivery import Troubles, deliver
from sana_desktop.sandbox.engine import QueryFailed, QueryTooLong
from sana_desktop.sandbox.envelope import ApiRefusal
from sana_desktop.sandbox.files import StoredFile
from sana_desktop.sandbox.jobs import Job, JobPlan, state_at
from sana_desktop.sandbox.links import LinkSigner, LinkState, store_error
from sana_desktop.sandbox.policy import CheckedQuery
from sana_desktop.sandbox.records import RequestLog
from sana_desktop.sandbox.tokens import Credentials, TokenOffice

SEED_NS = 1_725_457_291_632_324_923
FILE = StoredFile(Path("report.csv"), 1000, '"abc"', "text/csv", SEED_NS)


def test_stamps_as_in_the_seed() -> None:
    assert nano_stamp(SEED_NS) == "2024-09-04T13:41:31.632324923Z"
    assert micro_stamp(SEED_NS) == "2024-09-04T13:41:31.632324Z"
    assert micro_stamp(SEED_NS - SEED_NS % NANOSECONDS) == "2024-09-04T13:41:31.000000Z"
    assert http_date(SEED_NS) == "Wed, 04 Sep 2024 13:41:31 GMT"
    clock = SandboxClock(-3600)
    assert nano_stamp(clock.told(SEED_NS)) == "2024-09-04T12:41:31.632324923Z"


def test_links_are_bound_to_path_and_end() -> None:
    signer = LinkSigner(b"key")
    parts = urlsplit(signer.url("http://h:1", "/reports/ä b", 1000))
    assert parts.path == "/reports/%C3%A4%20b"
    assert signer.check("/reports/ä b", parts.query, 999) is LinkState.GOOD
    assert signer.check("/reports/ä b", parts.query, 1000) is LinkState.EXPIRED
    assert signer.check("/reports/x", parts.query, 999) is LinkState.FORGED
    assert LinkSigner(b"other").check("/reports/ä b", parts.query, 999) is LinkState.FORGED
    for query in ("", "X-Sana-Expires=1", "X-Sana-Signature=1"):
        assert signer.check("/reports/ä b", query, 999) is LinkState.UNSIGNED
    for query in ("X-Sana-Expires=x&X-Sana-Signature=y", "X-Sana-Expires=1&X-Sana-Signature=é"):
        assert signer.check("/reports/ä b", query, 999) is LinkState.FORGED


def test_store_errors_are_well_formed() -> None:
    assert b"<Message>&lt;&amp;&gt;</Message>" in store_error("X", "<&>")


def job(plan: JobPlan, result: Future[StoredFile] | None = None) -> Job:
    return Job("id", "SELECT 1", "csv", CheckedQuery("SELECT 1", True), plan, created_ns=0, result=result)


def done(value: StoredFile | None = None, error: Exception | None = None) -> Future[StoredFile]:
    future: Future[StoredFile] = Future()
    if error is not None:
        future.set_exception(error)
    else:
        future.set_result(value or FILE)
    return future


def at(seconds: float) -> int:
    return int(seconds * NANOSECONDS)


def test_a_job_goes_by_the_clock() -> None:
    made = job(JobPlan(10), done())
    early, later, end = state_at(made, at(1)), state_at(made, at(9.99)), state_at(made, at(10))
    assert (early.status, early.started_ns, early.finished_ns) == ("pending", None, None)
    assert (later.status, later.started_ns, later.finished_ns) == ("pending", at(3), None)
    assert (end.status, end.started_ns, end.finished_ns, end.has_link) == ("successful", at(3), at(10), True)
    assert state_at(job(JobPlan(1), Future()), at(99)).status == "pending"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (QueryFailed("no column x"), "query_failed"),
        (QueryTooLong("too long"), "query_timeout"),
        (OSError("disk"), "internal_error"),
    ],
)
def test_a_job_that_fails(error: Exception, code: str) -> None:
    state = state_at(job(JobPlan(1), done(error=error)), at(2))
    assert (state.status, state.error_code, state.has_link) == ("failed", code, False)
    assert "disk" not in state.error_message


def test_words_and_failures_of_the_plan() -> None:
    plan = JobPlan.of([faults.Slow(4), faults.Word("running", "completed"), faults.NoLink(2)], 1)
    assert plan.no_link == faults.NoLink(2)
    assert state_at(job(plan, done()), at(1)).status == "pending"
    assert state_at(job(plan, done()), at(2)).status == "running"
    assert state_at(job(plan, done()), at(4)).status == "completed"
    failed = state_at(job(JobPlan.of([faults.Fail("why", "code", "error")], 1)), at(1))
    assert (failed.status, failed.error_message, failed.error_code) == ("error", "why", "code")
    with pytest.raises(TypeError):
        JobPlan.of([faults.Cut(1)], 1)


def test_deliveries() -> None:
    whole = deliver(FILE, None, None, Troubles())
    assert (whole.status, whole.declared, whole.headers["ETag"]) == (200, 1000, '"abc"')
    part = deliver(FILE, "bytes=10-", '"abc"', Troubles())
    assert (part.status, part.span.start, part.declared) == (206, 10, 990)
    assert deliver(FILE, "bytes=10-", '"old"', Troubles()).status == 200
    assert deliver(FILE, "bytes=10-", '"abc"', Troubles(etag=faults.Etag("weak"))).status == 200
    lax = Troubles(range=faults.Range("ignores_if_range"))
    assert deliver(FILE, "bytes=10-", '"old"', lax).status == 206
    assert deliver(FILE, "bytes=1000-", None, Troubles()).headers["Content-Range"] == "bytes */1000"
    empty = StoredFile(Path("e.csv"), 0, '"e"', "text/csv", 0)
    assert deliver(empty, None, None, Troubles(range=faults.Range("unasked"))).status == 200
    assert deliver(empty, "bytes=0-", None, Troubles()).status == 416


def test_tokens_of_another_sandbox_are_nothing() -> None:
    clock = SandboxClock()
    credentials = Credentials.generate()
    mine, other = TokenOffice(credentials, clock, 60), TokenOffice(Credentials.generate(), clock, 60)
    mine.check(f"Bearer {mine.pasted_token}", "read")
    mine.check(f"bearer {mine.pasted_token}", "write")
    for header in (f"Bearer {other.pasted_token}", mine.pasted_token, "Bearer ", "", None):
        with pytest.raises(ApiRefusal) as refused:
            mine.check(header, "read")
        assert refused.value.status == 401
    again = TokenOffice(credentials, clock, 60)
    again.check(f"Bearer {mine.pasted_token}", "read")
    mine.expire_all(pasted=True)
    with pytest.raises(ApiRefusal):
        mine.check(f"Bearer {mine.pasted_token}", "read")


class Watch(SandboxClock):
    """A clock that is set by hand."""

    at_ns = 0

    def true_ns(self) -> int:
        return self.at_ns


def test_tokens_end() -> None:
    credentials, watch = Credentials.generate(), Watch()
    office = TokenOffice(credentials, watch, life_seconds=60)
    token = office.issue(credentials.client_id, credentials.client_secret, "read")
    header = f"Bearer {token['accessToken']}"
    watch.at_ns = at(59.999)
    office.check(header, "read")
    watch.at_ns = at(60)
    with pytest.raises(ApiRefusal) as refused:
        office.check(header, "read")
    assert refused.value.status == 401
    office.check(f"Bearer {office.pasted_token}", "write")


def test_the_log_counts_and_keeps_no_values() -> None:
    log = RequestLog()
    record = log.note("api", "GET", "/x", [("authorization", "Bearer s3cret"), ("range", "bytes=1-")], 1.5, 80)
    log.note("store", "GET", "/x", [], 2.5, 81)
    log.answered(record, 401)
    first, second = log.records()
    assert (first.status, first.has_authorization, first.range) == (401, True, "bytes=1-")
    assert (second.status, second.has_authorization) == (None, False)
    assert log.counts() == {"GET /x": 2}
    assert "s3cret" not in str(log.as_json())
    log.clear()
    assert log.records() == ()
