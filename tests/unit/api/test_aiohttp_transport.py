"""The carrier as an httpx transport: which exception says what about the request's fate."""

from __future__ import annotations

import asyncio
import gc
import ssl
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from sana_desktop.api.aiohttp_transport import JOURNEY, AiohttpTransport, RequestTrace, _Body
from sana_desktop.api.errors import NotSent
from sana_desktop.api.network import Lookup, Timeouts, no_proxy, system_lookup, tls_context
from sana_desktop.base.errors import LinkError
from tests.support.api_client import PATIENT, SHORT
from tests.support.certificates import Authority
from tests.support.fake_server import BEFORE_HEADERS, CHUNKED, FakeServer, Reply
from tests.support.waiting import until


@asynccontextmanager
async def carrier_of(
    *,
    keep_alive: bool = False,
    lookup: Lookup = system_lookup,
    judge: Callable[[str], None] | None = None,
    timeouts: Timeouts = PATIENT,
    connections: int = 16,
) -> AsyncIterator[AiohttpTransport]:
    carrier = AiohttpTransport(
        timeouts=timeouts,
        tls=tls_context,
        lookup=lookup,
        judge=judge,
        proxy=no_proxy,
        keep_alive=keep_alive,
        whole_exchange_limited=True,
        connections=connections,
    )
    try:
        yield carrier
    finally:
        await carrier.aclose()


async def carry(carrier: AiohttpTransport, url: str, method: str = "GET") -> tuple[RequestTrace, int, bytes]:
    request = httpx.Request(method, url)
    response = await carrier.handle_async_request(request)
    try:
        return (
            request.extensions[JOURNEY],
            response.status_code,
            b"".join([part async for part in response.aiter_raw()]),
        )
    finally:
        await response.aclose()


async def fate(carrier: AiohttpTransport, url: str, method: str = "GET") -> tuple[type[BaseException], bool]:
    """Return the kind of the failure and whether a connection had been ready."""
    request = httpx.Request(method, url)
    with pytest.raises(httpx.HTTPError) as caught:
        await carrier.handle_async_request(request)
    assert caught.value.__context__ is None
    return type(caught.value), request.extensions[JOURNEY].connected


async def test_an_exchange_is_carried_and_its_way_is_known() -> None:
    async with FakeServer() as server, carrier_of(keep_alive=True) as carrier:
        server.on("GET", "/", Reply(body=b"abc"))
        assert await carry(carrier, server.url) == (RequestTrace(connected=True, reused=False), 200, b"abc")
        assert await carry(carrier, server.url) == (RequestTrace(connected=True, reused=True), 200, b"abc")


async def test_without_keep_alive_no_connection_is_used_twice() -> None:
    async with FakeServer() as server, carrier_of() as carrier:
        server.on("GET", "/", Reply(body=b"abc"))
        for _ in range(3):
            assert (await carry(carrier, server.url))[0] == RequestTrace(connected=True, reused=False)
        assert [request.connection for request in server.requests] == [0, 1, 2]
        assert all("connection" not in request.header_names for request in server.requests)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("reset", [False, True])
async def test_N03_a_connection_dropped_after_the_request_is_a_read_error_and_nothing_is_repeated(
    method: str, reset: bool
) -> None:
    async with FakeServer() as server, carrier_of() as carrier:
        server.on(method, "/", Reply(cut_at=BEFORE_HEADERS, reset=reset))
        assert await fate(carrier, server.url, method) == (httpx.ReadError, True)
        assert len(server.requests) == 1


async def test_what_fails_before_a_connection_is_there_was_surely_not_sent(tmp_path: Path) -> None:
    server = FakeServer()
    await server.start()
    await server.stop()
    async with carrier_of() as carrier:
        assert await fate(carrier, server.url, "POST") == (httpx.ConnectError, False)
    async with (
        FakeServer(tls=Authority(tmp_path).server_context()) as secure,
        carrier_of() as carrier,
    ):
        assert await fate(carrier, secure.url, "POST") == (httpx.ConnectError, False)
        assert secure.requests == []
    impatient = Timeouts(connect=0.3, read=1.0, pool=1.0, total=2.0)
    async with FakeServer() as plain, carrier_of(timeouts=impatient) as carrier:
        assert await fate(carrier, plain.url.replace("http:", "https:"), "POST") == (httpx.ConnectTimeout, False)
        assert plain.requests == []
    async with carrier_of(lookup=lambda host, port: []) as carrier:
        assert await fate(carrier, "http://nowhere.example/", "POST") == (httpx.ConnectError, False)


async def test_a_wait_for_a_free_connection_ends_and_was_surely_not_sent() -> None:
    gate = asyncio.Event()
    timeouts = Timeouts(connect=1.0, read=5.0, pool=0.2, total=5.0)
    async with FakeServer() as server, carrier_of(connections=1, timeouts=timeouts) as carrier:
        server.on("GET", "/", Reply(wait=gate))
        async with asyncio.TaskGroup() as group:
            group.create_task(carry(carrier, server.url))
            await server.wait_for(lambda seen: len(seen.requests) == 1)
            assert await fate(carrier, server.url) == (httpx.ConnectTimeout, False)
            gate.set()
        assert len(server.requests) == 1


async def test_answers_that_are_no_http_are_told_apart_from_lost_ones() -> None:
    async with FakeServer() as server, carrier_of(timeouts=SHORT) as carrier:
        server.on("GET", "/", Reply(raw=b"220 smtp ready\r\n\r\n"), Reply(wait=5.0))
        assert await fate(carrier, server.url) == (httpx.RemoteProtocolError, True)
        assert await fate(carrier, server.url) == (httpx.ReadTimeout, True)


async def test_the_judge_sees_every_address_and_its_word_is_final() -> None:
    seen: list[str] = []

    def judge(address: str) -> None:
        seen.append(address)
        raise LinkError("no", code="E-LINK-ADDRESS")

    async with FakeServer() as server, carrier_of(lookup=lambda host, port: ["127.0.0.1"], judge=judge) as carrier:
        with pytest.raises(LinkError):
            await carry(carrier, f"http://store.example:{server.port}/")
        assert seen == ["127.0.0.1"]
        assert server.connections == 0


async def test_a_body_that_is_not_read_frees_its_connection() -> None:
    async with FakeServer() as server, carrier_of(connections=1) as carrier:
        server.on("GET", "/", Reply(body=b"x" * 10_000_000))
        for _ in range(3):
            response = await carrier.handle_async_request(httpx.Request("GET", server.url))
            await response.aclose()


@pytest.mark.parametrize("length", [200_000, CHUNKED])
async def test_L03_what_came_before_a_line_broke_is_handed_out_even_if_it_was_not_read_until_then(
    length: int | str,
) -> None:
    async with FakeServer() as server, carrier_of() as carrier:
        server.on("GET", "/", Reply(body=b"x" * 100_000, cut_at=100_000, length=length))
        response = await carrier.handle_async_request(httpx.Request("GET", server.url))
        assert isinstance(response.stream, _Body)
        content = response.stream._answer.content
        await until(lambda: content.exception() is not None)
        got = bytearray()

        async def read() -> None:
            async for part in response.aiter_raw():
                got.extend(part)

        with pytest.raises(httpx.ReadError):
            await read()
        assert len(got) == 100_000
        await response.aclose()


async def test_a_cancelled_request_leaves_nothing_behind() -> None:
    async with FakeServer() as server, carrier_of(connections=1) as carrier:
        server.on("GET", "/", Reply(wait=30.0), Reply(body=b"ok"))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await carry(carrier, server.url)
        assert (await carry(carrier, server.url))[2] == b"ok"
        gc.collect()


async def test_one_that_is_closed_while_it_gets_ready_opens_nothing() -> None:
    loop, begun, release = asyncio.get_running_loop(), asyncio.Event(), threading.Event()

    def slow_tls() -> ssl.SSLContext:
        loop.call_soon_threadsafe(begun.set)
        release.wait(20)
        return tls_context()

    carrier = AiohttpTransport(
        timeouts=PATIENT,
        tls=slow_tls,
        lookup=system_lookup,
        proxy=no_proxy,
        keep_alive=True,
        whole_exchange_limited=True,
    )
    asking = loop.create_task(carrier.handle_async_request(httpx.Request("GET", "https://127.0.0.1:9/x")))
    await begun.wait()
    await carrier.aclose()
    release.set()
    with pytest.raises(NotSent) as refused:
        await asking
    assert refused.value.code == "E-CLOSING"
    assert carrier._session is None
