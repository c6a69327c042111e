"""The two clients on the wire: what they send, where they refuse to go, and that they can't be mixed up."""

from __future__ import annotations

import asyncio
import base64
import gzip
import inspect

import pytest

from sana_desktop.api.errors import AnswerLost, NotSent
from sana_desktop.api.links import LinkPolicy
from sana_desktop.api.network import Lookup, Timeouts, no_proxy, system_lookup
from sana_desktop.api.origin import Origin, parse_workspace
from sana_desktop.api.transport import ApiTransport, LinkTransport
from sana_desktop.base.errors import LinkError, ProtocolError
from sana_desktop.base.redaction import Secret
from tests.support.api_client import PATIENT, SHORT
from tests.support.fake_server import BEFORE_HEADERS, FakeServer, Reply, Request

DEMO = LinkPolicy(loopback_allowed=True)
PUBLIC = LinkPolicy()
B1_HEADERS = {"host", "user-agent", "accept", "accept-encoding"}
DATA = bytes(range(256)) * 4_000


async def fetch(
    url: str,
    policy: LinkPolicy = DEMO,
    *,
    start: int | None = None,
    if_range: str | None = None,
    lookup: Lookup = system_lookup,
    timeouts: Timeouts = PATIENT,
) -> tuple[int, dict[str, str], bytes]:
    links = LinkTransport(policy, timeouts=timeouts, lookup=lookup, proxy=no_proxy)
    try:
        async with links.open(Secret(url), start=start, if_range=if_range) as answer:
            return answer.status, dict(answer.headers), b"".join([chunk async for chunk in answer.chunks()])
    finally:
        await links.aclose()


def test_law_6_there_is_no_way_to_hand_a_header_to_the_link_client_or_another_host_to_the_api_client() -> None:
    assert set(inspect.signature(LinkTransport.open).parameters) == {"self", "url", "start", "if_range"}
    assert "origin" not in inspect.signature(ApiTransport.send).parameters


@pytest.mark.parametrize("path", ["", "x", "@evil.example/x", "http://evil.example/", ":8443/x"])
async def test_the_api_client_sends_to_no_other_origin(path: str) -> None:
    client = ApiTransport(Origin("https", "acme.sana.ai", 443), proxy=no_proxy)
    with pytest.raises(ValueError, match=r"origin|invalid|Invalid|port"):
        await client.send("GET", path, {})
    await client.aclose()


async def test_a_path_that_looks_like_another_host_stays_at_the_origin() -> None:
    async with FakeServer() as server:
        client = ApiTransport(parse_workspace(server.url))
        answer = await client.send("GET", "//evil.example/x", {})
        assert answer.status == 404
        assert server.requests[0].target == "//evil.example/x"
        await client.aclose()


async def test_cookies_are_neither_kept_nor_sent_by_the_api_client() -> None:
    async with FakeServer() as server:
        server.on("GET", "/x", Reply(headers=[("Set-Cookie", "a=b; Path=/")]))
        client = ApiTransport(parse_workspace(server.url))
        await client.send("GET", "/x", {})
        await client.send("GET", "/x", {})
        assert [request.header("cookie") for request in server.requests] == [None, None]
        await client.aclose()


async def test_get_uses_one_connection_and_every_post_its_own() -> None:
    async with FakeServer() as server:
        server.on("GET", "/x", Reply())
        server.on("POST", "/x", Reply())
        client = ApiTransport(parse_workspace(server.url))
        for method in ("GET", "GET", "POST", "POST", "GET"):
            await client.send(method, "/x", {}, b"" if method == "GET" else b"{}")
        assert [request.connection for request in server.requests] == [0, 0, 1, 2, 0]
        await client.aclose()


async def test_L01_L02_a_link_is_fetched_with_exactly_the_headers_of_B1_and_byte_for_byte() -> None:
    async with FakeServer() as store:
        target = "/b%2Fx/r%C3%A9port.csv?X-Amz-Credential=A%2F2%2Fs3&X-Amz-Signature=a+b%2B%3D%7E&sp=r&x='()*!|"
        store.on("GET", "/b%2Fx/r%C3%A9port.csv", Reply(body=DATA))
        status, headers, body = await fetch(store.url + target)
        assert (status, body) == (200, DATA)
        assert headers["content-length"] == str(len(DATA))
        (request,) = store.requests
        assert request.target == target
        assert request.header_names == B1_HEADERS
        assert request.header("accept-encoding") == "identity"


async def test_resuming_adds_range_and_if_range_only() -> None:
    async with FakeServer() as store:
        reply = Reply(
            status=206, body=DATA[100:], headers=[("Content-Range", f"bytes 100-{len(DATA) - 1}/{len(DATA)}")]
        )
        store.on("GET", "/f", reply)
        assert (await fetch(store.url + "/f", start=100, if_range='"e1"'))[2] == DATA[100:]
        await fetch(store.url + "/f", start=7)
        first, second = store.requests
        assert first.header_names == {*B1_HEADERS, "range", "if-range"}
        assert (first.header("range"), first.header("if-range")) == ("bytes=100-", '"e1"')
        assert second.header_names == {*B1_HEADERS, "range"}


async def test_what_is_compressed_comes_as_it_is() -> None:
    packed = gzip.compress(DATA)
    async with FakeServer() as store:
        store.on("GET", "/f", Reply(body=packed, headers=[("Content-Encoding", "gzip")]))
        assert (await fetch(store.url + "/f"))[2] == packed


@pytest.mark.parametrize("length", [None, "chunked", 2 * len(DATA)])
async def test_L03_L19_a_cut_is_told_after_what_came(length: int | str | None) -> None:
    async with FakeServer() as store:
        cut = None if isinstance(length, int) else 300_000
        store.on("GET", "/f", Reply(body=DATA, cut_at=cut, length=length, close=True))
        links = LinkTransport(DEMO, timeouts=PATIENT)
        got = bytearray()

        async def read() -> None:
            async with links.open(Secret(store.url + "/f")) as answer:
                async for chunk in answer.chunks():
                    got.extend(chunk)

        with pytest.raises(AnswerLost) as caught:
            await read()
        assert caught.value.code == "E-NET-LOST"
        assert bytes(got) == DATA[: cut or len(DATA)]
        assert len(store.requests) == 1
        await links.aclose()


async def test_L19_nonsense_where_a_chunk_should_begin_is_a_loss_and_no_wait_for_ever() -> None:
    async with FakeServer() as store:
        store.on("GET", "/f", Reply(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nZZZ\r\n"))
        with pytest.raises(AnswerLost) as caught:
            async with asyncio.timeout(PATIENT.read):
                await fetch(store.url + "/f")
        assert caught.value.code == "E-NET-LOST"


async def test_silence_in_a_body_ends_after_the_read_limit() -> None:
    async with FakeServer() as store:
        store.on("GET", "/f", Reply(body=DATA, hold_at=1_000, wait_in_body=30.0))
        with pytest.raises(AnswerLost) as caught:
            await fetch(store.url + "/f", timeouts=SHORT)
        assert caught.value.code == "E-NET-SLOW"


async def test_a_slow_body_is_no_silence() -> None:
    async with FakeServer() as store:
        store.on("GET", "/f", Reply(body=DATA, drip=(len(DATA) // 20, 0.1)))
        timeouts = Timeouts(connect=20.0, read=1.9, pool=20.0, total=0.5)
        assert (await fetch(store.url + "/f", timeouts=timeouts))[2] == DATA


@pytest.mark.parametrize("size", [0, 10, 30_000, 300_000, len(DATA) - 1_000])
async def test_L17_a_body_longer_than_declared_ends_at_the_declared_length(size: int) -> None:
    """All in one piece, as a server that does not pause sends it."""
    async with FakeServer() as store:
        store.on("GET", "/f", Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size + DATA[: size + 1_000]))
        assert (await fetch(store.url + "/f"))[2] == DATA[:size]
        assert len(store.requests) == 1


async def test_a_dead_link_is_an_answer_for_the_caller_to_judge() -> None:
    async with FakeServer() as store:
        store.on("GET", "/f", Reply(status=403, body=b"<?xml version='1.0'?><Error/>"))
        assert (await fetch(store.url + "/f"))[0] == 403


@pytest.mark.parametrize("reply", [Reply(cut_at=BEFORE_HEADERS), Reply(cut_at=BEFORE_HEADERS, reset=True)])
async def test_a_link_is_asked_for_once(reply: Reply) -> None:
    async with FakeServer() as store:
        store.on("GET", "/f", reply)
        with pytest.raises(AnswerLost):
            await fetch(store.url + "/f")
        assert len(store.requests) == 1


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("http://store.example.com/f", id="L28"),
        pytest.param("ftp://store.example.com/f", id="L29"),
        pytest.param("https://user:pw@store.example.com/f", id="L30"),
        pytest.param("https://127.0.0.1/f", id="L31 loopback"),
        pytest.param("https://[::1]/f", id="L31 loopback 6"),
        pytest.param("https://2130706433/f", id="L31 decimal"),
    ],
)
async def test_L28_to_L31_a_refused_link_is_not_even_looked_up(url: str) -> None:
    looked_up: list[str] = []

    def lookup(host: str, port: int) -> list[str]:
        looked_up.append(host)
        return ["127.0.0.1"]

    with pytest.raises(LinkError) as caught:
        await fetch(url, PUBLIC, lookup=lookup)
    assert caught.value.code == "E-LINK-UNSAFE"
    assert looked_up == []


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["::1"], ["169.254.169.254"], ["93.184.216.34", "127.0.0.1"]])
async def test_L31_a_name_that_leads_to_a_forbidden_address_is_refused_at_connect(addresses: list[str]) -> None:
    async with FakeServer() as server:
        policy = LinkPolicy(extra_ports=frozenset({server.port}))
        with pytest.raises(LinkError) as caught:
            await fetch(f"https://store.example.com:{server.port}/f", policy, lookup=lambda host, port: addresses)
        assert caught.value.code == "E-LINK-ADDRESS"
        assert server.connections == 0


async def test_L32_the_addresses_that_were_judged_are_those_that_are_connected_to() -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    async with FakeServer() as server:
        server.on("GET", "/f", Reply(body=b"x"))
        links = LinkTransport(DEMO, timeouts=PATIENT, lookup=lambda host, port: next(answers))
        url = Secret(f"http://localhost:{server.port}/f")
        async with links.open(url) as answer:
            assert answer.status == 200
        with pytest.raises(LinkError):
            async with links.open(url):
                pytest.fail("a second look-up must be judged as well")
        assert server.connections == 1
        assert next(answers, None) is None
        await links.aclose()


async def test_L33_a_redirect_is_followed_with_the_headers_of_B1_and_of_the_resume() -> None:
    async with FakeServer() as first, FakeServer() as second:
        first.on("GET", "/f", Reply(status=302, headers=[("Location", f"{second.url}/g?sig=a%2Fb")]))
        second.on("GET", "/g", Reply(status=206, body=b"data"))
        assert (await fetch(first.url + "/f", start=3, if_range='"e"'))[2] == b"data"
        (request,) = second.requests
        assert request.target == "/g?sig=a%2Fb"
        assert request.header_names == {*B1_HEADERS, "range", "if-range"}
        assert request.header("host") == f"127.0.0.1:{second.port}"


@pytest.mark.parametrize(
    "target", ["ftp://127.0.0.1/f", "http://192.168.0.1/f", "//storage.example.com/f", "file:///x"]
)
async def test_L34_L35_a_redirect_to_where_links_must_not_lead_is_refused(target: str) -> None:
    async with FakeServer() as server:
        server.on("GET", "/f", Reply(status=307, headers=[("Location", target)]))
        with pytest.raises(LinkError) as caught:
            await fetch(server.url + "/f")
        assert caught.value.code == "E-LINK-UNSAFE"
        assert len(server.requests) == 1


async def test_L36_a_redirect_loop_ends_after_five_hops() -> None:
    async with FakeServer() as server:
        server.on("GET", "/f", Reply(status=302, headers=[("Location", "/f")]))
        with pytest.raises(LinkError) as caught:
            await fetch(server.url + "/f")
        assert caught.value.code == "E-LINK-LOOP"
        assert len(server.requests) == 6


async def test_a_redirect_without_a_target_is_an_answer() -> None:
    async with FakeServer() as server:
        server.on("GET", "/f", Reply(status=302))
        assert (await fetch(server.url + "/f"))[0] == 302


async def test_L37_a_redirect_back_to_the_api_carries_no_authorization() -> None:
    async with FakeServer() as api, FakeServer() as store:
        transport = ApiTransport(parse_workspace(api.url))
        api.on("GET", "/api/x", Reply())
        await transport.send("GET", "/api/x", {"Authorization": "Bearer t"})
        store.on("GET", "/f", Reply(status=302, headers=[("Location", api.url + "/api/x")]))
        await fetch(store.url + "/f")
        assert [request.header("authorization") for request in api.requests] == ["Bearer t", None]
        await transport.aclose()


async def test_L38_a_cookie_of_the_store_is_never_sent_back() -> None:
    async with FakeServer() as store:
        store.on("GET", "/f", Reply(status=302, headers=[("Set-Cookie", "a=b"), ("Location", "/g")]))
        store.on("GET", "/g", Reply(headers=[("Set-Cookie", "c=d")]))
        await fetch(store.url + "/f")
        await fetch(store.url + "/f")
        assert all(request.header("cookie") is None for request in store.requests)


async def test_netrc_and_proxy_variables_do_not_touch_loopback(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    netrc = tmp_path_factory.mktemp("home") / ".netrc"
    netrc.write_text("machine 127.0.0.1 login a password b\n")
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
        monkeypatch.setenv(name.upper(), "http://127.0.0.1:9")
    async with FakeServer() as server:
        server.on("GET", "/f", Reply(body=b"x"))
        links, api = LinkTransport(DEMO), ApiTransport(parse_workspace(server.url))
        async with links.open(Secret(server.url + "/f")) as answer:
            assert answer.status == 200
        assert (await api.send("GET", "/f", {})).status == 200
        assert all(request.header("authorization") is None for request in server.requests)
        await links.aclose()
        await api.aclose()


async def test_N12_a_proxy_that_wants_a_password_is_named_and_nothing_reached_the_site() -> None:
    async with FakeServer() as proxy:
        proxy.on("CONNECT", "443", Reply(status=407, headers=[("Proxy-Authenticate", "Basic")]))
        api = ApiTransport(Origin("https", "acme.sana.ai", 443), timeouts=PATIENT, proxy=lambda url: proxy.url)
        with pytest.raises(NotSent) as caught:
            await api.send("POST", "/x", {"Authorization": "Bearer t"}, b"{}")
        assert caught.value.code == "E-PROXY-AUTH"
        (request,) = proxy.requests
        assert (request.method, request.target) == ("CONNECT", "acme.sana.ai:443")
        assert request.header("authorization") is None
        await api.aclose()


async def test_a_proxys_user_name_goes_to_the_proxy() -> None:
    async with FakeServer() as proxy:
        proxy.on("CONNECT", "443", Reply(status=502))
        named = f"http://ann:p%40ss@127.0.0.1:{proxy.port}"
        api = ApiTransport(Origin("https", "acme.sana.ai", 443), timeouts=PATIENT, proxy=lambda url: named)
        with pytest.raises(NotSent) as caught:
            await api.send("GET", "/x", {})
        assert caught.value.code == "E-PROXY"
        assert proxy.requests[0].header("proxy-authorization") == "Basic " + base64.b64encode(b"ann:p@ss").decode()
        await api.aclose()


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:9", "http://[bad", "nonsense", "http://127.0.0.1:1"])
async def test_a_proxy_that_can_not_be_used_is_surely_not_sent(proxy: str) -> None:
    api = ApiTransport(Origin("https", "acme.sana.ai", 443), timeouts=PATIENT, proxy=lambda url: proxy)
    with pytest.raises(NotSent) as caught:
        await api.send("GET", "/x", {})
    assert caught.value.code == "E-PROXY"
    await api.aclose()


async def test_a_link_goes_through_a_proxy_in_a_private_network() -> None:
    async with FakeServer() as proxy:
        proxy.on("CONNECT", "443", Reply(status=403))
        links = LinkTransport(
            PUBLIC,
            timeouts=PATIENT,
            lookup=lambda host, port: ["127.0.0.1"],
            proxy=lambda url: f"http://proxy.corp.example:{proxy.port}",
        )
        with pytest.raises(NotSent) as caught:
            async with links.open(Secret("https://store.example.com/f")):
                pytest.fail("the proxy refused")
        assert caught.value.code == "E-PROXY"
        assert proxy.count("CONNECT", "443") == 1
        await links.aclose()


async def test_a_look_up_that_hangs_is_given_up_and_holds_nothing_back() -> None:
    import threading

    release = threading.Event()

    def hang(host: str, port: int) -> list[str]:
        release.wait(20)
        return []

    api = ApiTransport(
        Origin("https", "acme.sana.ai", 443), timeouts=Timeouts(0.2, 0.2, 1.0, 1.0), lookup=hang, proxy=no_proxy
    )
    with pytest.raises(NotSent) as caught:
        await api.send("POST", "/x", {}, b"{}")
    assert caught.value.code == "E-NET-TIMEOUT"
    await api.aclose()
    release.set()


async def test_M08_M11_an_answer_or_link_that_is_no_http_does_not_crash() -> None:
    async with FakeServer() as store:
        store.on("GET", "/f", Reply(raw=b"SSH-2.0-OpenSSH_9.2\r\n\r\n"))
        with pytest.raises(ProtocolError):
            await fetch(store.url + "/f")
    with pytest.raises(LinkError):
        await fetch("http://127.0.0.1:99999/f")


@pytest.mark.parametrize("was_used", [False, True])
async def test_a_closed_client_opens_nothing_any_more(was_used: bool) -> None:
    async with FakeServer() as server:
        server.on("GET", "/x", Reply())
        api, links = ApiTransport(parse_workspace(server.url)), LinkTransport(DEMO, proxy=no_proxy)
        if was_used:
            await api.send("GET", "/x", {})
            async with links.open(Secret(server.url + "/x")):
                pass
        seen = len(server.requests)
        await api.aclose()
        await links.aclose()
        for method in ("GET", "POST"):
            with pytest.raises(NotSent) as refused:
                await api.send(method, "/x", {})
            assert refused.value.code == "E-CLOSING"
        with pytest.raises(NotSent) as refused:
            async with links.open(Secret(server.url + "/x")):
                pass
        assert refused.value.code == "E-CLOSING"
        assert len(server.requests) == seen


async def test_a_fake_reply_may_depend_on_the_request() -> None:
    async with FakeServer() as store:

        def answer(request: Request) -> Reply:
            return Reply(body=(request.header("range") or "none").encode())

        store.on("GET", "/f*", answer)
        assert (await fetch(store.url + "/f/1", start=5))[2] == b"bytes=5-"
        assert (await fetch(store.url + "/f/2"))[2] == b"none"
