"""The Insights client against the running sandbox: two readings of the same page must meet."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from sana_desktop.api.auth import ClientCredentials, Credentials, PastedToken
from sana_desktop.api.errors import ServerTrouble, Throttled
from sana_desktop.api.insights import InsightsClient
from sana_desktop.api.models import DownloadLink, JobSnapshot, Phase, ReportFormat
from sana_desktop.api.network import Timeouts
from sana_desktop.api.origin import parse_workspace
from sana_desktop.api.transport import LinkTransport
from sana_desktop.base.clock import SystemClock
from sana_desktop.base.errors import AuthError, JobGone, ProtocolError, QueryRefused, SubmitUnknown
from sana_desktop.base.redaction import Redactor, Secret
from sana_desktop.sandbox.faults import Fail, Hang, LoseAnswer, Redirect, Reply, Word
from sana_desktop.sandbox.server import SandboxServer, running_sandbox

SQL = 'SELECT "user", "course" FROM "analytics"."user_course_instance_progress" ORDER BY "user" LIMIT 50'
SHORT = Timeouts(connect=5.0, read=2.0, pool=5.0, total=10.0)


@pytest.fixture(scope="module")
def server() -> Iterator[SandboxServer]:
    with running_sandbox(rows=500, min_job_seconds=0.1) as running:
        yield running


@pytest.fixture(autouse=True)
def no_fault_is_left(server: SandboxServer) -> Iterator[None]:
    yield
    server.faults.clear()
    server.clock.offset_seconds = 0.0


def credentials_of(server: SandboxServer) -> ClientCredentials:
    told = server.describe()
    return ClientCredentials(told["client_id"], Secret(told["client_secret"]))


@asynccontextmanager
async def client_of(server: SandboxServer, credentials: Credentials | None = None) -> AsyncIterator[InsightsClient]:
    client = InsightsClient(
        parse_workspace(server.describe()["insights_url"]),
        credentials or credentials_of(server),
        clock=SystemClock(),
        redactor=Redactor(),
        timeouts=SHORT,
    )
    try:
        yield client
    finally:
        await client.aclose()


async def finished(client: InsightsClient, job_id: str) -> JobSnapshot:
    async with asyncio.timeout(20):
        while True:
            job = await client.poll(job_id)
            if job.phase not in {Phase.PENDING, Phase.RUNNING}:
                return job
            await asyncio.sleep(0.05)


async def fetched(client: InsightsClient, link: DownloadLink | None) -> tuple[int, bytes]:
    assert link is not None
    links = LinkTransport(client.link_policy(), timeouts=SHORT)
    try:
        async with links.open(link.url) as answer:
            return answer.status, b"".join([chunk async for chunk in answer.chunks()])
    finally:
        await links.aclose()


@pytest.mark.parametrize("report_format", list(ReportFormat))
async def test_from_sql_to_bytes(server: SandboxServer, report_format: ReportFormat) -> None:
    async with client_of(server) as client:
        ordered = await client.submit(SQL, report_format)
        assert (ordered.status, ordered.phase) == ("pending", Phase.PENDING)
        assert ordered.created_at is not None
        assert abs(datetime.now(UTC) - ordered.created_at) < timedelta(minutes=1)
        job = await finished(client, ordered.job_id)
        assert (job.status, job.phase, job.job_id) == ("successful", Phase.READY, ordered.job_id)
        assert job.link is not None
        assert job.link.expires_at is not None
        assert job.link.expires_at > client.server_clock.now()
        status, body = await fetched(client, job.link)
        assert status == 200
        if report_format is ReportFormat.CSV:
            assert len(body.splitlines()) == 51
        else:
            assert body.startswith(b"PK\x03\x04")
        assert hashlib.sha256(body).digest() == hashlib.sha256((await fetched(client, job.link))[1]).digest()


async def test_a_pasted_pass_works(server: SandboxServer) -> None:
    async with client_of(server, PastedToken(Secret(server.describe()["token"]))) as client:
        assert (await client.submit(SQL, ReportFormat.CSV)).job_id


async def test_S01_tokens_that_ended_are_renewed_silently(server: SandboxServer) -> None:
    async with client_of(server) as client:
        ordered = await client.submit(SQL, ReportFormat.CSV)
        server.expire_tokens()
        jobs = await asyncio.gather(*(client.poll(ordered.job_id) for _ in range(10)))
        assert {job.job_id for job in jobs} == {ordered.job_id}


async def test_a_wrong_secret_is_an_auth_error(server: SandboxServer) -> None:
    wrong = ClientCredentials(server.describe()["client_id"], Secret("wrong-wrong-wrong"))
    async with client_of(server, wrong) as client:
        with pytest.raises(AuthError) as caught:
            await client.submit(SQL, ReportFormat.CSV)
        assert caught.value.code == "E-AUTH"


async def test_a_bad_query_is_refused_or_fails_with_the_sites_words(server: SandboxServer) -> None:
    async with client_of(server) as client:
        try:
            job = await finished(client, (await client.submit("SELECT nonsense FROM nowhere", ReportFormat.CSV)).job_id)
        except QueryRefused as error:
            reason = error.message
        else:
            assert job.phase is Phase.FAILED
            reason = job.reason
        assert "nowhere" in reason


async def test_S15_a_job_that_never_was(server: SandboxServer) -> None:
    async with client_of(server) as client:
        with pytest.raises(JobGone):
            await client.poll("00000000-0000-0000-0000-000000000000")


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(LoseAnswer(), id="N03"),
        pytest.param(LoseAnswer(reset=True), id="N03 reset"),
        pytest.param(LoseAnswer(after_bytes=20), id="N04"),
        pytest.param(Hang(), id="N07"),
        pytest.param(Reply(500), id="S11"),
        pytest.param(Reply(502, body="html"), id="S12"),
        pytest.param(Reply(200, body="html"), id="N11"),
        pytest.param(Reply(200, body="truncated_json"), id="M02"),
        pytest.param(Reply(200, body="oversized_json"), id="M04"),
        pytest.param(Reply(200, body="deep_json"), id="M05"),
    ],
)
async def test_N03_N04_S11_S12_a_lost_order_is_unknown_and_never_sent_twice(
    server: SandboxServer, fault: LoseAnswer | Hang | Reply
) -> None:
    async with client_of(server) as client:
        await client.check()
        before = len(server.job_queries())
        server.add_fault(fault, "submit", times=None)
        with pytest.raises(SubmitUnknown):
            await client.submit(SQL, ReportFormat.CSV)
        assert len(server.job_queries()) - before <= 1


async def test_S06_S10_S13_throttling_and_trouble(server: SandboxServer) -> None:
    async with client_of(server) as client:
        job_id = (await client.submit(SQL, ReportFormat.CSV)).job_id
        server.add_fault(Reply(429, retry_after=7), "submit")
        server.add_fault(Reply(503, retry_after=9), "poll")
        with pytest.raises(Throttled) as ordered:
            await client.submit(SQL, ReportFormat.CSV)
        with pytest.raises(Throttled) as polled:
            await client.poll(job_id)
        assert (ordered.value.retry_after_seconds, polled.value.retry_after_seconds) == (7, 9)
        server.add_fault(Reply(500), "poll")
        with pytest.raises(ServerTrouble):
            await client.poll(job_id)
        assert (await client.poll(job_id)).job_id == job_id


async def test_S07_retry_after_as_a_date_of_a_clock_that_is_off_by_a_day(server: SandboxServer) -> None:
    async with client_of(server) as client:
        await client.check()
        server.clock.offset_seconds = 86_400.0
        server.add_fault(Reply(429, retry_after=30, retry_after_date=True), "poll")
        with pytest.raises((Throttled, AuthError)) as caught:
            await client.poll("any")
        assert isinstance(caught.value, Throttled)
        assert caught.value.retry_after_seconds == pytest.approx(30, abs=2)


async def test_S17_S19_words_and_reasons(server: SandboxServer) -> None:
    async with client_of(server) as client:
        server.add_fault(Word(done="Splendid", link=True))
        job = await finished(client, (await client.submit(SQL, ReportFormat.CSV)).job_id)
        assert (job.status, job.phase) == ("Splendid", Phase.READY)
        server.add_fault(Fail(reason="<p>Out of memory</p>" * 300_000))
        job = await finished(client, (await client.submit(SQL, ReportFormat.CSV)).job_id)
        assert job.phase is Phase.FAILED
        assert len(job.reason) <= 2_000
        assert "Out of memory" in job.reason


async def test_S20_a_redirect_is_refused(server: SandboxServer) -> None:
    async with client_of(server) as client:
        server.add_fault(Redirect("http://127.0.0.1:9/", 307), "poll")
        with pytest.raises(ProtocolError) as caught:
            await client.poll("any")
        assert caught.value.code == "E-REDIRECT"


async def test_C01_C02_the_sites_clock_is_followed(server: SandboxServer) -> None:
    async with client_of(server) as client:
        server.clock.offset_seconds = -3_600.0
        access = await client.check()
        assert access.clock_skew_seconds == pytest.approx(3_600, abs=5)


async def test_the_check_orders_nothing_and_knows_both_scopes(server: SandboxServer) -> None:
    async with client_of(server) as client:
        before = len(server.job_queries())
        access = await client.check()
        assert (access.may_read, access.may_write) == (True, True)
        assert len(server.job_queries()) == before
