"""The three calls over a real socket: what each fault of the matrix becomes, and how many requests it costs."""

from __future__ import annotations

import asyncio
import itertools
import logging
import tracemalloc
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from sana_desktop.api import transport
from sana_desktop.api.auth import ClientCredentials, Credentials
from sana_desktop.api.errors import AnswerLost, NotSent, ServerTrouble, Throttled
from sana_desktop.api.insights import InsightsClient
from sana_desktop.api.models import Phase, ReportFormat
from sana_desktop.api.origin import Origin
from sana_desktop.base.clock import SystemClock
from sana_desktop.base.errors import (
    AuthError,
    JobGone,
    NetworkError,
    ProtocolError,
    QueryRefused,
    SanaError,
    ServiceError,
    SubmitUnknown,
)
from sana_desktop.base.redaction import Redactor, Secret
from tests.support.api_client import (
    CANARY_SECRET,
    CANARY_TOKEN,
    CLIENT,
    JOB,
    PASTED,
    PATIENT,
    PENDING,
    QUERY,
    SHORT,
    TOKEN,
    Tokens,
    client_of,
)
from tests.support.certificates import Authority
from tests.support.clock import ManualClock
from tests.support.fake_server import BEFORE_HEADERS, FakeServer, Reply, envelope, html_reply, json_reply

CSV = ReportFormat.CSV
RETRY_AFTER = ("Retry-After", "7")


async def test_an_order_is_one_post_with_the_headers_of_the_seed_and_nothing_else() -> None:
    async with FakeServer() as server, client_of(server) as client:
        server.on("POST", QUERY, PENDING)
        job = await client.submit('SELECT "user"', CSV)
        assert (job.job_id, job.status, job.phase) == ("j1", "pending", Phase.PENDING)
        (request,) = server.requests
        assert request.json == {"query": 'SELECT "user"', "format": "csv"}
        assert request.header_names == {
            "host",
            "user-agent",
            "accept",
            "accept-encoding",
            "authorization",
            "content-type",
            "content-length",
        }
        assert request.header("authorization") == f"Bearer {CANARY_TOKEN}"
        assert request.header("accept-encoding") == "identity"


async def test_a_client_id_and_secret_get_a_token_by_form() -> None:
    async with FakeServer() as server, client_of(server, CLIENT) as client:
        tokens = Tokens()
        server.on("POST", TOKEN, tokens)
        server.on("GET", JOB, tokens.guard(PENDING))
        assert (await client.poll("j1")).phase is Phase.PENDING
        await client.poll("j1")
        assert server.count("POST", TOKEN) == 1
        assert server.requests[0].form == {
            "grant_type": "client_credentials",
            "client_id": "client-1",
            "client_secret": CANARY_SECRET,
            "scope": "read,write",
        }
        assert server.requests[0].header("content-type") == "application/x-www-form-urlencoded"


async def test_a_job_id_is_one_segment_of_the_path() -> None:
    async with FakeServer() as server, client_of(server) as client:
        with pytest.raises(JobGone):
            await client.poll("a/../b?c#d é")
        assert server.requests[0].target == "/api/v1/reports/jobs/a%2F..%2Fb%3Fc%23d%20%C3%A9"


async def test_N01_a_host_that_is_not_found_is_surely_not_sent() -> None:
    def nowhere(host: str, port: int) -> list[str]:
        import socket

        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    client = InsightsClient(
        Origin("https", "acm.sana.ai", 443),
        PASTED,
        clock=SystemClock(),
        redactor=Redactor(),
        timeouts=PATIENT,
        lookup=nowhere,
        proxy=lambda url: None,
    )
    with pytest.raises(NotSent) as caught:
        await client.submit("SELECT 1", CSV)
    assert caught.value.code == "E-NET-DNS"
    assert "acm.sana.ai" in caught.value.message
    assert caught.value.retryable
    await client.aclose()


async def test_N02_a_refused_connection_is_surely_not_sent_and_one_job_comes_when_it_is_up() -> None:
    server = FakeServer()
    await server.start()
    await server.stop()
    async with client_of(server) as client:
        with pytest.raises(NotSent) as caught:
            await client.submit("SELECT 1", CSV)
        assert caught.value.code == "E-NET-CONNECT"
        server.on("POST", QUERY, PENDING)
        await server.start(server.port)
        assert (await client.submit("SELECT 1", CSV)).job_id == "j1"
        assert server.count("POST", QUERY) == 1
        await server.stop()


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(Reply(cut_at=BEFORE_HEADERS), id="N03 closed without an answer"),
        pytest.param(Reply(cut_at=BEFORE_HEADERS, reset=True), id="N03 reset without an answer"),
        pytest.param(Reply(raw=b"HTTP/1.1 20"), id="N03 cut in the status line"),
        pytest.param(Reply(raw=b"220 mail.example.com ESMTP\r\n"), id="N03 not HTTP at all"),
        pytest.param(json_reply(envelope({"jobId": "j1"}), cut_at=10), id="N04 cut in the JSON"),
        pytest.param(json_reply(envelope({"jobId": "j1"}), cut_at=10, length="until-close"), id="N04 cut, no length"),
        pytest.param(json_reply(envelope({"jobId": "j1"}), cut_at=10, length="chunked"), id="N04 cut, chunked"),
        pytest.param(json_reply(envelope({"jobId": "j1"}), wait=5.0), id="N07 never answered"),
        pytest.param(json_reply(envelope({"jobId": "j1"}), wait_in_body=5.0), id="stalls in the body"),
        pytest.param(Reply(status=500), id="S11 500"),
        pytest.param(html_reply(status=502), id="S12 502"),
        pytest.param(html_reply(status=504), id="S12 504"),
        pytest.param(Reply(status=503), id="503 without Retry-After"),
        pytest.param(Reply(status=408), id="408"),
        pytest.param(Reply(status=303, headers=[("Location", "/login")]), id="303"),
        pytest.param(Reply(status=204), id="204"),
        pytest.param(Reply(), id="M01 empty"),
        pytest.param(html_reply(), id="N11 web page"),
        pytest.param(json_reply(envelope(None)), id="no data"),
        pytest.param(json_reply(envelope({"jobId": None, "status": "pending"})), id="no job id"),
        pytest.param(json_reply(envelope({"jobId": "..", "status": "pending"})), id="an id that would leave the path"),
        pytest.param(json_reply(envelope(None, "busy")), id="an error with 200"),
        pytest.param(Reply(body=b" " * (2**20 + 1)), id="M04 over a mebibyte"),
    ],
)
async def test_N03_N04_S11_S12_an_order_whose_answer_is_no_use_is_unknown_and_was_sent_once(reply: Reply) -> None:
    async with FakeServer() as server, client_of(server, timeouts=SHORT) as client:
        server.on("POST", QUERY, reply)
        with pytest.raises(SubmitUnknown) as caught:
            await client.submit("SELECT 1", CSV)
        assert caught.value.code == "E-SUBMIT-UNKNOWN"
        assert not caught.value.retryable
        assert server.count("POST", QUERY) == 1


async def test_N05_a_reset_while_the_order_is_being_sent_is_unknown() -> None:
    async with FakeServer() as server, client_of(server) as client:
        server.on("POST", QUERY, Reply(read_limit=1000, cut_at=BEFORE_HEADERS, reset=True))
        with pytest.raises(SubmitUnknown):
            await client.submit("SELECT " + "1, " * 700_000, CSV)
        assert server.count("POST", QUERY) <= 1


async def test_N06_an_answer_that_drips_is_given_up_after_the_total_time() -> None:
    # No silence is too long: nothing but the total time can end it.
    patient = replace(SHORT, read=30.0, total=0.5)
    async with FakeServer() as server, client_of(server, timeouts=patient) as client:
        server.on("GET", JOB, Reply(body=b"{" + b" " * 10_000, drip=(1, 0.1)))
        with pytest.raises(AnswerLost) as caught:
            await client.poll("j1")
        assert caught.value.code == "E-NET-SLOW"


async def test_N07_a_poll_that_is_never_answered_is_given_up_after_the_silence() -> None:
    async with FakeServer() as server, client_of(server, timeouts=SHORT) as client:
        server.on("GET", JOB, Reply(wait=30.0))
        with pytest.raises(AnswerLost) as caught:
            await client.poll("j1")
        assert (caught.value.code, caught.value.retryable) == ("E-NET-SLOW", True)
        assert server.count("GET", JOB) == 1


@pytest.mark.parametrize("reply", [html_reply(), html_reply(status=404), Reply(body=b"\n <!DOCTYPE html><p>Hi")])
async def test_N11_a_sign_in_page_is_named(reply: Reply) -> None:
    async with FakeServer() as server, client_of(server) as client:
        server.on("GET", JOB, reply)
        with pytest.raises(ProtocolError) as caught:
            await client.poll("j1")
        assert caught.value.code == "E-PROTO"
        assert "sign-in page" in caught.value.message
        assert "<" not in caught.value.message + caught.value.detail


async def test_a_firewalls_page_is_not_taken_for_a_missing_scope() -> None:
    async with FakeServer() as server, client_of(server) as client:
        server.on("*", "*", html_reply(status=403))
        server.on("POST", QUERY, html_reply(status=403))
        with pytest.raises(ProtocolError) as caught:
            await client.submit("SELECT 1", CSV)
        assert caught.value.code == "E-BLOCKED"


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("expired", "not valid today"),
        ("other host", "belongs to another name"),
        ("self-signed", "issued by “Corporate Box 7”"),
        ("unknown authority", "issued by “Throw-away Test CA”"),
    ],
)
async def test_N13_N14_N15_a_certificate_that_does_not_pass(fault: str, words: str, tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    hosts = ["learn.example.com"] if fault == "other host" else []
    context = authority.server_context(
        *hosts, expired=fault == "expired", self_signed=fault == "self-signed", common_name="Corporate Box 7"
    )
    trusted = authority.ca_file if fault in {"expired", "other host"} else None
    async with FakeServer(tls=context) as server, client_of(server, extra_ca=trusted) as client:
        with pytest.raises(NotSent) as caught:
            await client.submit("SELECT 1", CSV)
        assert caught.value.code == "E-TLS"
        assert words in caught.value.message
        assert server.requests == []


async def test_N16_an_extra_authority_is_trusted_only_while_it_is_set(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    async with FakeServer(tls=authority.server_context()) as server:
        server.on("GET", JOB, PENDING)
        async with client_of(server, extra_ca=authority.ca_file) as client:
            assert (await client.poll("j1")).phase is Phase.PENDING
        async with client_of(server) as client:
            with pytest.raises(NotSent):
                await client.poll("j1")
        assert len(server.requests) == 1


async def test_N20_a_get_on_a_closed_keep_alive_is_repeated_once_and_a_post_uses_a_fresh_connection() -> None:
    async with FakeServer() as server, client_of(server) as client:
        server.on("GET", JOB, PENDING, Reply(cut_at=BEFORE_HEADERS), PENDING)
        server.on("POST", QUERY, PENDING)
        await client.poll("j1")
        await client.poll("j1")
        first, stale, again = (request.connection for request in server.requests)
        assert stale == first
        assert again != first
        await client.poll("j1")
        await client.submit("SELECT 1", CSV)
        assert server.count("POST", QUERY) == 1
        assert server.requests[-1].connection not in {request.connection for request in server.requests[:-1]}


async def test_N20_idle_connections_that_the_server_closed_are_not_noticed() -> None:
    async with FakeServer() as server, client_of(server) as client:
        server.on("GET", JOB, PENDING)
        await client.poll("j1")
        await server.close_idle()
        await client.poll("j1")
        assert server.count("GET", JOB) == 2


async def test_N20_a_get_on_a_fresh_connection_is_not_repeated() -> None:
    async with FakeServer() as server, client_of(server) as client:
        server.on("GET", JOB, Reply(cut_at=BEFORE_HEADERS))
        with pytest.raises(AnswerLost):
            await client.poll("j1")
        assert server.count("GET", JOB) == 1


async def test_S01_fifty_polls_with_an_ended_token_cost_one_token_request() -> None:
    async with FakeServer() as server, client_of(server, CLIENT) as client:
        tokens = Tokens()
        server.on("POST", TOKEN, tokens)
        server.on("GET", JOB, tokens.guard(PENDING))
        await client.poll("j1")
        tokens.given += 1  # the site forgets the token it gave
        jobs = await asyncio.gather(*(client.poll("j1") for _ in range(50)))
        assert {job.phase for job in jobs} == {Phase.PENDING}
        assert server.count("POST", TOKEN) == 2
        assert server.count("GET", JOB) == 1 + 50 + 50


async def test_S02_a_site_that_refuses_for_ever_is_asked_for_two_tokens_a_minute() -> None:
    clock = ManualClock()
    async with FakeServer() as server, client_of(server, CLIENT, clock=clock) as client:
        server.on("POST", TOKEN, Tokens())
        server.on("GET", JOB, json_reply(envelope(None, "no"), 401))
        for _ in range(5):
            results = await asyncio.gather(*(client.poll("j1") for _ in range(10)), return_exceptions=True)
            assert {type(result) for result in results} == {AuthError}
            assert {result.code for result in results if isinstance(result, AuthError)} == {"E-AUTH"}
        assert server.count("POST", TOKEN) == 2
        await clock.advance(61)
        with pytest.raises(AuthError):
            await client.poll("j1")
        assert server.count("POST", TOKEN) == 3


async def test_S02_a_refused_client_secret_is_not_tried_again_and_again() -> None:
    async with FakeServer() as server, client_of(server, CLIENT) as client:
        server.on("POST", TOKEN, json_reply({"error": "invalid_client"}, 401))
        for _ in range(5):
            with pytest.raises(AuthError) as caught:
                await client.submit("SELECT 1", CSV)
            assert "client id or secret" in caught.value.message
        assert server.count("POST", TOKEN) == 2
        assert server.count("POST", QUERY) == 0


async def test_a_401_to_an_order_renews_once_and_orders_once_more() -> None:
    async with FakeServer() as server, client_of(server, CLIENT) as client:
        tokens = Tokens()
        server.on("POST", TOKEN, tokens)
        server.on("POST", QUERY, json_reply(envelope(None), 401), tokens.guard(PENDING))
        assert (await client.submit("SELECT 1", CSV)).job_id == "j1"
        assert server.count("POST", QUERY) == 2


async def test_a_pasted_pass_that_ended_says_so() -> None:
    async with FakeServer() as server, client_of(server) as client:
        server.on("GET", JOB, json_reply(envelope(None), 401))
        with pytest.raises(AuthError) as caught:
            await client.poll("j1")
        assert caught.value.code == "E-AUTH-PASTED"
        assert caught.value.message.startswith("The pass you pasted has ended")
        assert server.count("GET", JOB) == 1


async def test_S03_a_missing_scope_is_named() -> None:
    async with FakeServer() as server, client_of(server) as client:
        server.on("GET", JOB, json_reply(envelope(None, "forbidden"), 403))
        server.on("POST", QUERY, json_reply(envelope(None, "forbidden"), 403))
        with pytest.raises(AuthError, match="read") as polled:
            await client.poll("j1")
        with pytest.raises(AuthError, match="write") as ordered:
            await client.submit("SELECT 1", CSV)
        assert {polled.value.code, ordered.value.code} == {"E-SCOPE"}


async def test_trouble_at_the_token_never_makes_an_order_unknown() -> None:
    for reply in (Reply(cut_at=BEFORE_HEADERS), html_reply(), Reply(status=301), Reply(body=b"{}")):
        async with FakeServer() as server, client_of(server, CLIENT, clock=_Hurry()) as client:
            server.on("POST", TOKEN, reply)
            with pytest.raises((NotSent, AuthError)):
                await client.submit("SELECT 1", CSV)
            assert server.count("POST", QUERY) == 0


@pytest.mark.parametrize("status", [429, 503])
async def test_S06_S10_a_request_to_wait_is_obeyed_and_the_order_was_not_taken(status: int) -> None:
    async with FakeServer() as server, client_of(server) as client:
        server.on("POST", QUERY, json_reply(envelope(None, "slow down"), status, [RETRY_AFTER]))
        server.on("GET", JOB, json_reply(envelope(None, "slow down"), status, [RETRY_AFTER]))
        for call in (client.submit("SELECT 1", CSV), client.poll("j1")):
            with pytest.raises(Throttled) as caught:
                await call
            assert caught.value.retry_after_seconds == 7.0
            assert caught.value.http_status == status
        assert len(server.requests) == 2


async def test_S07_retry_after_as_a_date_counts_from_the_servers_own_date() -> None:
    server_now = datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC)
    until = format_datetime(server_now + timedelta(seconds=90), usegmt=True)
    async with FakeServer() as server, client_of(server) as client:
        reply = json_reply(envelope(None), 429, [("Retry-After", until)], date=format_datetime(server_now, usegmt=True))
        server.on("GET", JOB, reply)
        with pytest.raises(Throttled) as caught:
            await client.poll("j1")
        assert caught.value.retry_after_seconds == 90.0


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504, 599])
async def test_S13_a_poll_that_meets_a_site_in_trouble_may_be_repeated(status: int) -> None:
    async with FakeServer() as server, client_of(server) as client:
        server.on("GET", JOB, html_reply(status=status))
        with pytest.raises(ServerTrouble) as caught:
            await client.poll("j1")
        assert (caught.value.http_status, caught.value.retryable) == (status, True)


@pytest.mark.parametrize("status", [404, 410])
async def test_S15_a_job_that_the_site_does_not_know(status: int) -> None:
    async with FakeServer() as server, client_of(server) as client:
        server.on("GET", JOB, json_reply(envelope(None, "not found"), status))
        with pytest.raises(JobGone) as caught:
            await client.poll("j1")
        assert (caught.value.code, caught.value.job_id) == ("E-JOB-GONE", "j1")


@pytest.mark.parametrize("status", [400, 413, 422])
async def test_a_refused_query_carries_the_sites_words(status: int) -> None:
    async with FakeServer() as server, client_of(server) as client:
        server.on("POST", QUERY, json_reply(envelope(None, {"message": "no such column “usr”"}), status))
        with pytest.raises(QueryRefused, match="no such column “usr”") as caught:
            await client.submit("SELECT usr", CSV)
        assert caught.value.http_status == status


async def test_any_other_refusal_is_final_and_not_unknown() -> None:
    async with FakeServer() as server, client_of(server) as client:
        server.on("POST", QUERY, json_reply(envelope(None, "gone"), 405))
        with pytest.raises(ServiceError, match="gone") as caught:
            await client.submit("SELECT 1", CSV)
        assert not isinstance(caught.value, SubmitUnknown)


async def test_S19_a_failure_with_megabytes_of_reason_is_still_a_failure() -> None:
    async with FakeServer() as server, client_of(server) as client:
        reason = "<html><b>out of \\ memory</b>" + "<p>x</p>" * 700_000
        server.on("GET", JOB, json_reply(envelope({"jobId": "j1", "status": "failed"}, {"message": reason})))
        job = await client.poll("j1")
        assert job.phase is Phase.FAILED
        assert "out of" in job.reason
        assert len(job.reason) <= 2_000
        assert "<" not in job.reason


@pytest.mark.parametrize("method", ["submit", "poll"])
@pytest.mark.parametrize("status", [301, 307, 308])
async def test_S20_S21_a_redirect_is_refused_and_the_target_sees_nothing(method: str, status: int) -> None:
    async with FakeServer() as server, FakeServer() as other, client_of(server) as client:
        reply = Reply(status=status, headers=[("Location", f"{other.url}/api/v1/reports/query")])
        server.on("GET", JOB, reply)
        server.on("POST", QUERY, reply)
        with pytest.raises(ProtocolError) as caught:
            await (client.poll("j1") if method == "poll" else client.submit("SELECT 1", CSV))
        assert caught.value.code == "E-REDIRECT"
        assert other.connections == 0


async def test_S22_an_answer_about_another_job_is_not_taken() -> None:
    async with FakeServer() as server, client_of(server) as client:
        server.on("GET", JOB, json_reply(envelope({"jobId": "j2", "status": "successful"})))
        with pytest.raises(ProtocolError) as caught:
            await client.poll("j1")
        assert caught.value.code == "E-PROTO-JOB"


async def test_S24_the_servers_clock_comes_from_its_date_and_garbage_leaves_it_unknown() -> None:
    clock = ManualClock(datetime(2026, 3, 4, 10, 0, tzinfo=UTC))
    async with FakeServer() as server, client_of(server, clock=clock) as client:
        job = envelope({"jobId": "j1", "status": "pending"})
        server.on("GET", JOB, json_reply(job, date="yesterday"), json_reply(job, date="Wed, 04 Mar 2026 09:00:00 GMT"))
        await client.poll("j1")
        assert not client.server_clock.known
        await client.poll("j1")
        assert client.server_clock.now() == datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
        await clock.advance(30)
        assert client.server_clock.now() == datetime(2026, 3, 4, 9, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(Reply(), id="M01 empty"),
        pytest.param(Reply(body=b'{"data": {"jobId": "j'), id="M02 cut JSON of full length"),
        pytest.param(Reply(body=b"[" * 100_000), id="M05 depth bomb, open"),
        pytest.param(Reply(body=b"[" * 100_000 + b"]" * 100_000), id="M05 depth bomb"),
        pytest.param(Reply(body=b'{"data":' * 50_000 + b"1" + b"}" * 50_000), id="M05 object bomb"),
        pytest.param(Reply(body='{"data": {"jobId": "j1"}}'.encode("utf-16")), id="M06 UTF-16"),
        pytest.param(Reply(body=b'{"data": {"jobId": "j1", "status": "\xff"}}'), id="M06 invalid UTF-8"),
        pytest.param(Reply(body=b'{"data": {"jobId": "j1", "n": NaN}}'), id="M07 NaN"),
        pytest.param(json_reply(["data"]), id="not an object"),
        pytest.param(Reply(headers=[("X-Long", "x" * 65_536)]), id="M08 long header"),
        pytest.param(Reply(headers=[(f"X-{n}", "x") for n in range(1_000)]), id="M08 many headers"),
        pytest.param(Reply(headers=[("Content-Encoding", "gzip")], body=b"no gzip"), id="said to be gzip"),
    ],
)
async def test_M01_to_M08_an_answer_that_can_not_be_read_is_a_protocol_error(reply: Reply) -> None:
    async with FakeServer() as server, client_of(server) as client:
        server.on("GET", JOB, reply)
        with pytest.raises(ProtocolError) as caught:
            await client.poll("j1")
        assert caught.value.code == "E-PROTO"


async def test_M04_reading_stops_at_a_mebibyte() -> None:
    async with FakeServer() as server, client_of(server) as client:
        server.on("GET", JOB, Reply(body=b" " * 2**21, length=200 * 2**20))
        with pytest.raises(ProtocolError):
            await client.poll("j1")


async def test_M04_of_two_hundred_megabytes_one_is_taken() -> None:
    piece, whole = b" " * 65_536, 200 * 2**20
    written = 0

    async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal written
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % whole)
        with suppress(ConnectionError):
            while written < whole:
                writer.write(piece)
                await writer.drain()
                written += len(piece)
        writer.close()

    listener = await asyncio.start_server(endless, "127.0.0.1", 0)
    server = FakeServer(port=listener.sockets[0].getsockname()[1])
    await transport.load()  # modules are loaded at the first call, and are no part of the answer
    async with listener, client_of(server) as client:
        tracemalloc.start()
        try:
            with pytest.raises(ProtocolError):
                await client.poll("j1")
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert peak < 8 * 2**20
    assert written < 32 * 2**20, "more was taken than what lay in buffers on the way"


async def test_M06_a_byte_order_mark_is_no_obstacle() -> None:
    async with FakeServer() as server, client_of(server) as client:
        server.on("GET", JOB, Reply(body=b"\xef\xbb\xbf" + PENDING.body))
        assert (await client.poll("j1")).job_id == "j1"


async def test_an_answer_that_a_gateway_compressed_unasked_is_read() -> None:
    import gzip

    async with FakeServer() as server, client_of(server) as client:
        bomb = gzip.compress(b"[" + b" " * 2**22)
        packed = Reply(headers=[("Content-Encoding", "gzip")], body=gzip.compress(PENDING.body))
        server.on("GET", JOB, packed, Reply(headers=[("Content-Encoding", "gzip")], body=bomb))
        assert (await client.poll("j1")).job_id == "j1"
        with pytest.raises(ProtocolError):
            await client.poll("j1")


async def test_check_tells_what_the_pass_may_do_and_orders_nothing() -> None:
    async with FakeServer() as server, client_of(server) as client:
        server.on("POST", QUERY, json_reply(envelope(None, "query is missing"), 400))
        access = await client.check()
        assert (access.may_read, access.may_write) == (True, True)
        assert access.clock_skew_seconds == pytest.approx(0, abs=5)
        assert next(r for r in server.requests if r.method == "POST").json == {}
        server.on("POST", QUERY, json_reply(envelope(None, "forbidden"), 403))
        server.on("GET", "/api/v1/reports/jobs/*", json_reply(envelope(None, "forbidden"), 403))
        access = await client.check()
        assert (access.may_read, access.may_write) == (False, False)


async def test_check_raises_what_stands_in_the_way() -> None:
    async with FakeServer() as server, client_of(server) as client:
        server.on("GET", "/api/v1/reports/jobs/*", html_reply())
        with pytest.raises(ProtocolError):
            await client.check()
        server.on("GET", "/api/v1/reports/jobs/*", json_reply(envelope(None), 401))
        with pytest.raises(AuthError):
            await client.check()


async def told_of(reply: Reply, where: str, credentials: Credentials) -> list[str]:
    """Return all that is said of a look at a job where `where` answers so."""
    async with FakeServer() as server, client_of(server, credentials, clock=_Hurry(), timeouts=SHORT) as client:
        server.on("POST", TOKEN, Tokens())
        server.on("GET", JOB, reply)
        if where == TOKEN:
            server.on("POST", TOKEN, reply)
        told = []
        try:
            await client.poll("j1")
        except SanaError as error:
            chain: BaseException | None = error
            while chain is not None:
                told.append(f"{chain!r} {chain} {vars(chain)}")
                chain = chain.__cause__ or chain.__context__
        return told


async def test_I5_no_secret_is_in_any_error_or_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    replies = [
        Reply(cut_at=BEFORE_HEADERS),
        Reply(wait=5.0),
        json_reply(envelope(None), 401),
        json_reply(envelope(None), 500),
        Reply(raw=b"garbage\r\n\r\n"),
        html_reply(),
    ]
    passes: tuple[Credentials, ...] = (PASTED, ClientCredentials("client-1", Secret(CANARY_SECRET)))
    # Together: each waits for what never comes.
    found = await asyncio.gather(*(told_of(*case) for case in itertools.product(replies, (TOKEN, JOB), passes)))
    told = [text for texts in found for text in texts]
    assert len(told) > len(found)
    for text in (*told, caplog.text):
        assert CANARY_SECRET not in text
        assert CANARY_TOKEN not in text


async def test_every_error_of_the_client_has_words_a_code_and_a_next_step() -> None:
    async with FakeServer() as server, client_of(server) as client:
        for status in (*range(300, 309), *range(400, 430), 451, 500, 501, 503, 511):
            server.on("GET", JOB, json_reply(envelope(None, "x"), status))
            server.on("POST", QUERY, json_reply(envelope(None, "x"), status))
            for call in (client.poll("j1"), client.submit("SELECT 1", CSV)):
                with pytest.raises(SanaError) as caught:
                    await call
                assert caught.value.code.startswith("E-")
                assert caught.value.next_step
                assert "{" not in caught.value.message
                if isinstance(caught.value, SubmitUnknown):
                    assert status in {302, 303, 300, 304, 305, 306, 408, 500, 501, 503, 511}


class _Hurry(SystemClock):
    """Does not wait, time has passed at once: the number of tries is what is looked at."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self._ahead

    async def sleep(self, seconds: float) -> None:
        self._ahead += seconds
        await asyncio.sleep(0)


def test_the_leaves_of_the_tree_are_network_errors() -> None:
    assert all(issubclass(kind, NetworkError) for kind in (NotSent, AnswerLost, Throttled, ServerTrouble))
