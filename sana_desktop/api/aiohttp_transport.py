"""httpx's transport interface on aiohttp's connections: carries one request, and knows whether it may have left.

Written against `httpx.AsyncBaseTransport` instead of using httpx-aiohttp's own adapter, which would break three rules:
it reports a connection that the server dropped *after* the request as `ConnectTimeout` (B7: a lost order would be sent
again), it lets the URL be re-quoted (a signed link must go out byte for byte), and it reads in pieces of 16 KiB.

aiohttp itself repeats a GET whose connection broke, fresh or not; here nothing is repeated (`ApiTransport` decides).
"""

from __future__ import annotations

import asyncio
import base64
import io
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from types import SimpleNamespace
from urllib.parse import unquote, urlsplit

import aiohttp
import httpx
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.connector import Connection
from aiohttp.tracing import Trace
from yarl import URL

from sana_desktop.api.aiohttp_line import use_lines
from sana_desktop.api.errors import closing
from sana_desktop.api.network import FindProxy, Lookup, Timeouts
from sana_desktop.api.origin import is_loopback_host
from sana_desktop.api.own_address import AddressWatch, FindAddress, own_address
from sana_desktop.base.threads import in_daemon_thread

MAX_HEADER_BYTES = 16_384
MAX_HEADERS = 128
READ_BUFFER_BYTES = 2**18
MAX_BODY_AT_ONCE_BYTES = 2**18
PROXY_REMEMBERED_SECONDS = 60.0

JOURNEY = "sana_journey"
"""Key of the Journey in `httpx.Request.extensions`."""


@dataclass(slots=True)
class RequestTrace:
    """What is known of a request's way.

    Attributes:
        connected: a connection (with TLS, through the proxy) was ready: from here on bytes may have left. While it is
            False the request was surely not sent.
        reused: the connection had carried a request before.
    """

    connected: bool = False
    reused: bool = False


class AiohttpTransport(httpx.AsyncBaseTransport):
    """Carries requests with exactly the headers they have: no cookies, redirects, decompression, netrc or repeats.

    Args:
        tls: makes the TLS context; called once, in a thread, at the first https request.
        lookup: blocking look-up of a host; connections go to the addresses it returned and to no others.
        judge: called with every address that a host's name led to, just before the connection (B2); a SanaError that it
            raises passes through unchanged. Not called for a proxy's addresses.
        proxy: blocking search for a proxy; never asked for loopback hosts.
        find_own: finds this computer's own address towards a peer (N10).
        keep_alive: whether connections are kept for later requests; False means a fresh one every time.
        whole_exchange_limited: whether `timeouts.total` applies.
    """

    def __init__(
        self,
        *,
        timeouts: Timeouts,
        tls: Callable[[], ssl.SSLContext],
        lookup: Lookup,
        proxy: FindProxy,
        keep_alive: bool,
        whole_exchange_limited: bool,
        judge: Callable[[str], None] | None = None,
        find_own: FindAddress = own_address,
        connections: int = 16,
    ) -> None:
        self._timeouts = timeouts
        self._make_tls = tls
        self._resolver = _Resolver(lookup, judge, timeouts.connect)
        self._find_proxy = proxy
        self._find_own = find_own
        self._keep_alive = keep_alive
        self._connections = connections
        self._tls: ssl.SSLContext | None = None
        self._session: aiohttp.ClientSession | None = None
        self._closed = False
        self._proxies: dict[tuple[str, str], tuple[float, str | None]] = {}
        self._timeout = aiohttp.ClientTimeout(
            total=timeouts.total if whole_exchange_limited else None,
            connect=timeouts.pool,
            sock_connect=timeouts.connect,
            sock_read=timeouts.read,
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send `request` once and return the answer's head; the body is read from its stream, undecoded.

        Raises:
            httpx.ConnectError, ConnectTimeout, ProxyError, LocalProtocolError: surely not sent.
            httpx.ReadError, ReadTimeout, RemoteProtocolError: it may have been sent.
            SanaError: what `judge` raised, or E-CLOSING; surely not sent.
        """
        journey: RequestTrace = request.extensions.setdefault(JOURNEY, RequestTrace())
        session = await self._ready(request.url.scheme)
        failure: Exception | None = None
        try:
            proxy, proxy_headers = await self._proxy_for(request.url)
            answer = await session.request(
                request.method,
                URL(str(request.url), encoded=True),
                headers=[(name.decode("ascii"), value.decode("latin-1")) for name, value in request.headers.raw],
                data=_in_pieces(request.content),
                allow_redirects=False,
                ssl=self._tls if self._tls is not None else True,
                proxy=proxy,
                proxy_headers=proxy_headers,
                trace_request_ctx=journey,
            )
        except (aiohttp.ClientError, _Dropped, OSError, TimeoutError) as error:
            failure = _translate(error, journey.connected)
        if failure is not None:
            # Raised out here: as its context, aiohttp's error would drag along the request's headers with the token.
            raise failure
        return httpx.Response(
            answer.status, headers=answer.raw_headers, stream=_Body(answer, self._find_own), request=request
        )

    async def aclose(self) -> None:
        """Close every connection, also those in use; nothing is carried any more."""
        self._closed = True
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _ready(self, scheme: str) -> aiohttp.ClientSession:
        if scheme == "https" and self._tls is None:
            self._tls = await in_daemon_thread(self._make_tls)
        if self._closed:
            raise closing()
        if self._session is None:
            kind = aiohttp.TCPConnector if self._keep_alive else _OneShotConnector
            connector = kind(resolver=self._resolver, use_dns_cache=False, limit=self._connections)
            use_lines(connector)
            self._session = aiohttp.ClientSession(
                connector=connector,
                timeout=self._timeout,
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                trust_env=False,
                skip_auto_headers=("Accept", "Accept-Encoding", "User-Agent", "Content-Type"),
                read_bufsize=READ_BUFFER_BYTES,
                max_line_size=MAX_HEADER_BYTES,
                max_field_size=MAX_HEADER_BYTES,
                max_headers=MAX_HEADERS,
                trace_configs=[_witness()],
                middlewares=(_no_repeats,),
            )
        return self._session

    async def _proxy_for(self, url: httpx.URL) -> tuple[URL | None, dict[str, str]]:
        if is_loopback_host(url.host):
            return None, {}
        key, now = (url.scheme, url.netloc.decode("ascii")), asyncio.get_running_loop().time()
        known = self._proxies.get(key)
        if known is None or known[0] < now:
            # On Windows the search may ask the DNS, so it does not run here.
            target = f"{url.scheme}://{key[1]}/"
            known = (now + PROXY_REMEMBERED_SECONDS, await in_daemon_thread(lambda: self._find_proxy(target)))
            self._proxies[key] = known
        address, headers = _split_proxy(known[1])
        if address is not None and address.raw_host is not None:
            self._resolver.proxy_hosts.add(address.raw_host)
        return address, headers


class _OneShotConnector(aiohttp.TCPConnector):
    """Uses every connection once. aiohttp's own `force_close` would add a `Connection` header to the request (B1)."""

    async def connect(
        self, req: aiohttp.ClientRequest, traces: list[Trace], timeout: aiohttp.ClientTimeout
    ) -> Connection:
        connection = await super().connect(req, traces, timeout)
        if connection.protocol is not None:
            connection.protocol.force_close()
        return connection


class _Dropped(Exception):
    """A broken connection, as a type that aiohttp does not take as a reason to repeat a GET."""


async def _no_repeats(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    try:
        return await handler(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise _Dropped(str(error)) from error


def _witness() -> aiohttp.TraceConfig:
    trace = aiohttp.TraceConfig()

    async def made(session: aiohttp.ClientSession, context: SimpleNamespace, params: object) -> None:
        context.trace_request_ctx.connected = True

    async def reused(session: aiohttp.ClientSession, context: SimpleNamespace, params: object) -> None:
        context.trace_request_ctx.connected = True
        context.trace_request_ctx.reused = True

    trace.on_connection_create_end.append(made)
    trace.on_connection_reuseconn.append(reused)
    return trace


class _Resolver(AbstractResolver):
    """Look-ups in daemon threads, within the limit; aiohttp connects to what it returns and looks nothing up itself."""

    def __init__(self, lookup: Lookup, judge: Callable[[str], None] | None, seconds: float) -> None:
        self._lookup = lookup
        self._judge = judge
        self._seconds = seconds
        self.proxy_hosts: set[str] = set()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        async with asyncio.timeout(self._seconds):
            addresses = await in_daemon_thread(lambda: self._lookup(host, port))
        if not addresses:
            raise socket.gaierror(socket.EAI_NONAME, "the name has no address")
        if self._judge is not None and host not in self.proxy_hosts:
            # One forbidden address among several is enough: names that point both ways are what rebinding looks like.
            for address in addresses:
                self._judge(address)
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST,
            )
            for address in addresses
        ]

    async def close(self) -> None:
        """Nothing is held."""


class _Body(httpx.AsyncByteStream):
    def __init__(self, answer: aiohttp.ClientResponse, find_own: FindAddress) -> None:
        self._answer = answer
        self._find_own = find_own
        self._watch: AddressWatch | None = None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        failure: Exception | None = None
        line = self._answer.connection
        self._watch = watch = AddressWatch(line.transport if line is not None else None, self._find_own, self._abandon)
        try:
            async for chunk in self._answer.content.iter_any():
                watch.heard()
                yield chunk
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            failure = _translate(error, connected=True)
        finally:
            watch.stop()
        if failure is not None:
            # aiohttp's reader raises before it hands out what had come: a resume would begin that much earlier (L03).
            if rest := _left_in(self._answer.content):
                yield rest
            raise failure

    def _abandon(self) -> None:
        # Said to the reader first: a connection that ends could be the end of a body without a length (F3).
        self._answer.content.set_exception(aiohttp.ClientOSError("this computer has another address now"))
        self._answer.close()

    async def aclose(self) -> None:
        if self._watch is not None:
            self._watch.stop()
        # A body read to its end has given its connection back already; any other connection is of no more use.
        self._answer.close()


def _left_in(content: aiohttp.StreamReader) -> bytes:
    try:
        return content._read_nowait(-1)
    except TimeoutError:  # the whole exchange ran out of its time
        return b""


def _translate(error: Exception, connected: bool) -> Exception:
    """Return httpx's exception for aiohttp's, with the system's own error (if any) as its cause.

    Nothing else of aiohttp's error goes on: it holds the URL and the headers.
    """
    failure = _failure(error, connected)
    failure.__cause__ = _system_error(error)
    return failure


def _system_error(error: BaseException | None) -> BaseException | None:
    for _ in range(5):
        if error is None or not isinstance(error, (aiohttp.ClientError, _Dropped)):
            return error
        error = getattr(error, "certificate_error", None) or getattr(error, "os_error", None) or error.__cause__
    return None


def _failure(error: Exception, connected: bool) -> Exception:
    """Choose the class by evidence first, by type second."""
    text = type(error).__name__
    if not connected:
        if isinstance(error, aiohttp.ClientHttpProxyError):
            return httpx.ProxyError(str(error.status))
        if isinstance(error, aiohttp.ClientProxyConnectionError):
            return httpx.ProxyError(text)
        if isinstance(error, TimeoutError):
            return httpx.ConnectTimeout(text)
        if isinstance(error, aiohttp.InvalidURL):
            return httpx.LocalProtocolError(text)
        return httpx.ConnectError(text)
    if isinstance(error, TimeoutError):
        return httpx.ReadTimeout(text)
    if isinstance(error, aiohttp.ClientResponseError):
        return httpx.RemoteProtocolError(text)
    return httpx.ReadError(text)


def _in_pieces(body: bytes) -> bytes | io.BytesIO | None:
    """Return the body as aiohttp writes it without blocking: a long one piece by piece."""
    return io.BytesIO(body) if len(body) > MAX_BODY_AT_ONCE_BYTES else body or None


def _split_proxy(proxy: str | None) -> tuple[URL | None, dict[str, str]]:
    """Return the proxy's address, and the header that carries the user name and password its URL may hold."""
    if proxy is None:
        return None, {}
    try:
        parts = urlsplit(proxy)
        address = URL.build(scheme=parts.scheme, host=parts.hostname or "", port=parts.port)
    except ValueError as error:
        raise httpx.ProxyError("the proxy's address can't be read") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise httpx.ProxyError("a proxy of this kind can't be used")
    if parts.username is None:
        return address, {}
    login = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return address, {"Proxy-Authorization": "Basic " + base64.b64encode(login.encode()).decode()}
