"""The two HTTP clients (ARCHITECTURE.md, law 6): one bound to a site's origin, one without credentials for links.

Neither follows a redirect by itself, keeps a cookie, decompresses, or repeats anything but one GET on a kept-alive
connection that turned out to be closed (fault N20). Importing this module is cheap; what carries the requests
(httpx, aiohttp) is imported in a thread at the first use.
"""

from __future__ import annotations

import asyncio
import importlib
import zlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import urljoin

from sana_desktop import __version__
from sana_desktop.api.errors import closing, from_httpx, is_certificate_error, proxy_wants_password, unreadable
from sana_desktop.api.issuer import issuer_of
from sana_desktop.api.links import MAX_REDIRECTS, LinkPolicy, check_address, check_link
from sana_desktop.api.network import (
    FindProxy,
    Lookup,
    Timeouts,
    no_proxy,
    system_lookup,
    system_proxy,
    tls_context,
)
from sana_desktop.api.origin import Origin
from sana_desktop.api.own_address import FindAddress, own_address
from sana_desktop.base.errors import LinkError, NetworkError
from sana_desktop.base.redaction import Secret
from sana_desktop.base.threads import in_daemon_thread
from sana_desktop.base.timestamps import parse_http_date

if TYPE_CHECKING:
    import httpx

    from sana_desktop.api.aiohttp_transport import AiohttpTransport

MAX_BODY_BYTES = 2**20
"""Longest API answer that is read (B3): decoding more would stall the window."""
USER_AGENT = f"SanaDesktop/{__version__}"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


async def load() -> None:
    """Import what carries requests, in a thread; the first request does it by itself."""
    await in_daemon_thread(_import_carrier)


def _import_carrier() -> None:
    importlib.import_module("sana_desktop.api.aiohttp_transport")


@dataclass(frozen=True, slots=True)
class Answer:
    """An API answer.

    Attributes:
        headers: names in lower case.
        body: at most MAX_BODY_BYTES; of a cut or longer one, what was read.
        date: the Date header in UTC, None if it was missing or unreadable.
        latency_seconds: from the call to the last byte.
        trouble: why `body` is not whole; None if it is.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    date: datetime | None
    latency_seconds: float
    trouble: NetworkError | None = None


class ApiTransport:
    """The client of one site: it can send to that origin and to no other.

    Args:
        origin: where everything goes.
        timeouts: B3; others only in tests.
        extra_ca: a file of further authorities to trust, as PEM.
        lookup, proxy: how hosts and proxies are found; others only in tests. Loopback never goes through a proxy.
    """

    def __init__(
        self,
        origin: Origin,
        *,
        timeouts: Timeouts | None = None,
        extra_ca: Path | None = None,
        lookup: Lookup = system_lookup,
        proxy: FindProxy = system_proxy,
    ) -> None:
        self.origin = origin
        self._timeouts = timeouts or Timeouts()
        self._extra_ca = extra_ca
        self._lookup = lookup
        self._proxy = no_proxy if origin.is_loopback else proxy
        self._kept: AiohttpTransport | None = None
        self._fresh: AiohttpTransport | None = None
        self._closed = False

    async def send(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes | None = None,
        *,
        fresh: bool = False,
    ) -> Answer:
        """Send one request and read its answer.

        Args:
            path: begins with a slash; may hold a query.
            headers: sent besides Host, User-Agent, Accept and Accept-Encoding.
            fresh: on a connection that carried nothing before. Anything but a GET always is.

        Raises:
            NotSent: surely not sent; E-CLOSING after `aclose`.
            AnswerLost, ProtocolError: maybe sent, and no head of an answer came. (A body that was cut is an Answer with
                `trouble`: its status still counts.)
        """
        if self._kept is None:
            await load()
        kept, alone = self._carriers()
        request = self._request(method, path, headers, body)
        started = asyncio.get_running_loop().time()
        outcome = await _carry(alone if fresh or method != "GET" else kept, request)
        if isinstance(outcome, Exception) and _was_stale(request, outcome):
            outcome = await _carry(alone, self._request(method, path, headers, body))
        if isinstance(outcome, Exception):
            raise await self._explain(outcome)
        return await self._read(outcome, started)

    async def aclose(self) -> None:
        """Close all connections; no other is made."""
        self._closed = True
        for carrier in (self._kept, self._fresh):
            if carrier is not None:
                await carrier.aclose()

    def _carriers(self) -> tuple[AiohttpTransport, AiohttpTransport]:
        from sana_desktop.api.aiohttp_transport import AiohttpTransport

        if self._closed:
            raise closing()
        if self._kept is None or self._fresh is None:
            self._kept, self._fresh = (
                AiohttpTransport(
                    timeouts=self._timeouts,
                    tls=lambda: tls_context(self._extra_ca),
                    lookup=self._lookup,
                    proxy=self._proxy,
                    keep_alive=keep,
                    whole_exchange_limited=True,
                )
                for keep in (True, False)
            )
        return self._kept, self._fresh

    def _request(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> httpx.Request:
        import httpx

        url = httpx.URL(self.origin.url + path)
        default = {"http": 80, "https": 443}[self.origin.scheme]
        if not path.startswith("/") or (url.scheme, url.host, url.port or default) != (
            self.origin.scheme,
            self.origin.host,
            self.origin.port,
        ):
            raise ValueError("a request of this client must stay at its origin")
        own = {"User-Agent": USER_AGENT, "Accept": "application/json", "Accept-Encoding": "identity"}
        return httpx.Request(method, url, headers={**own, **headers}, content=body)

    async def _read(self, response: httpx.Response, started: float) -> Answer:
        headers = {name.lower(): value for name, value in response.headers.items()}
        body = b""
        trouble: NetworkError | None = None
        try:
            body, whole = await _read_bounded(response)
            if not whole:
                trouble = unreadable(self.origin.host, response.status_code, f"over {MAX_BODY_BYTES} bytes")
            elif "content-encoding" in headers:
                body, trouble = self._decode(body, headers["content-encoding"], response.status_code)
        except _httpx_errors() as error:
            trouble = from_httpx(error, self.origin.host)
            trouble.http_status = response.status_code
        finally:
            await response.aclose()
        return Answer(
            status=response.status_code,
            headers=headers,
            body=body,
            date=parse_http_date(headers.get("date")),
            latency_seconds=asyncio.get_running_loop().time() - started,
            trouble=trouble,
        )

    def _decode(self, body: bytes, encoding: str, status: int) -> tuple[bytes, NetworkError | None]:
        """Undo the compression that some gateways apply unasked; bounded, for a bomb is small (F4)."""
        if encoding.strip().lower() in {"", "identity"}:
            return body, None
        inflate = zlib.decompressobj(wbits=47)  # zlib or gzip, told apart by the header
        try:
            plain = inflate.decompress(body, MAX_BODY_BYTES)
        except zlib.error:
            return b"", unreadable(self.origin.host, status, "compressed in a way that was not asked for")
        if not inflate.eof:
            return plain, unreadable(self.origin.host, status, "compressed, and cut or too long")
        return plain, None

    async def _explain(self, error: httpx.HTTPError) -> NetworkError:
        issuer = ""
        if self.origin.scheme == "https" and is_certificate_error(error):
            issuer = await issuer_of(self.origin.host, self.origin.port)
        return from_httpx(error, self.origin.host, issuer)


@dataclass(frozen=True, slots=True)
class LinkAnswer:
    """The head of what a link's host answered; the body is read with `chunks`.

    Attributes:
        headers: names in lower case; a repeated header is joined with commas.
        url_host: the host that answered, after redirects.
        date: the Date header in UTC, None if missing or unreadable.
    """

    status: int
    headers: Mapping[str, str]
    url_host: str
    date: datetime | None
    _response: httpx.Response = field(repr=False)

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the body as it comes, undecoded, in pieces of any size up to some hundred KiB.

        Raises:
            AnswerLost: it broke or fell silent before it was whole; without a declared length that can't be told (F3).
        """
        failure: NetworkError | None = None
        try:
            # Not by httpx's aiter_raw, whose counting and regrouping of pieces is a twentieth of a gigabyte's cost.
            async for chunk in cast("httpx.AsyncByteStream", self._response.stream):
                yield chunk
        except _httpx_errors() as error:
            failure = from_httpx(error, self.url_host)
        if failure is not None:
            raise failure


class LinkTransport:
    """The client that fetches links: no credentials, no cookies, no headers but those of B1, each hop checked by B2.

    With a proxy the peer's address is the proxy's business; the link itself is still checked.
    """

    def __init__(
        self,
        policy: LinkPolicy,
        *,
        timeouts: Timeouts | None = None,
        extra_ca: Path | None = None,
        lookup: Lookup = system_lookup,
        proxy: FindProxy = system_proxy,
        find_own: FindAddress = own_address,
    ) -> None:
        self._policy = policy
        self._timeouts = timeouts or Timeouts()
        self._extra_ca = extra_ca
        self._lookup = lookup
        self._proxy = no_proxy if policy.loopback_allowed else proxy
        self._find_own = find_own
        self._carrier: AiohttpTransport | None = None
        self._closed = False

    @asynccontextmanager
    async def open(
        self, url: Secret, *, start: int | None = None, if_range: str | None = None
    ) -> AsyncIterator[LinkAnswer]:
        """Ask for what the link leads to, from byte `start` on if given, and only if it is still `if_range`.

        Any status may come; redirects (at most 5) are followed here. Leaving the context drops what was not read.

        Raises:
            LinkError: the link, a redirect or an address is refused by B2; nothing was sent there.
            NotSent, AnswerLost, ProtocolError: as for the API; NotSent with `E-PROXY-AUTH` for a proxy's 407.
        """
        response = await self._follow(url.reveal(), start, if_range)
        headers = {name.lower(): value for name, value in response.headers.items()}
        try:
            yield LinkAnswer(
                response.status_code, headers, response.request.url.host, parse_http_date(headers.get("date")), response
            )
        finally:
            await response.aclose()

    async def aclose(self) -> None:
        """Close all connections, also those in use; no other is made."""
        self._closed = True
        if self._carrier is not None:
            await self._carrier.aclose()

    async def _follow(self, url: str, start: int | None, if_range: str | None) -> httpx.Response:
        for _ in range(MAX_REDIRECTS + 1):
            check_link(url, self._policy)
            response = await self._ask(url, start, if_range)
            if response.status_code == 407:
                await response.aclose()
                raise proxy_wants_password()
            target = response.headers.get("location")
            if response.status_code not in _REDIRECTS or not target:
                return response
            await response.aclose()
            url = urljoin(url, target)
        raise LinkError(
            "The download link leads in a circle.",
            code="E-LINK-LOOP",
            next_step="Run the report again.",
        )

    async def _ask(self, url: str, start: int | None, if_range: str | None) -> httpx.Response:
        if self._carrier is None:
            await load()
        if self._closed:
            raise closing()
        if self._carrier is None:  # another request may have made it meanwhile
            self._carrier = self._make_carrier()
        import httpx

        headers = {"User-Agent": USER_AGENT, "Accept": "*/*", "Accept-Encoding": "identity"}
        if start is not None:
            headers["Range"] = f"bytes={start}-"
            if if_range is not None:
                headers["If-Range"] = if_range
        try:
            request = httpx.Request("GET", url, headers=headers)
        except httpx.InvalidURL:
            raise LinkError(
                "The site gave a download link that can't be read. It was not opened.",
                code="E-LINK-UNSAFE",
                next_step="Run the report again.",
            ) from None
        outcome = await _carry(self._carrier, request)
        if isinstance(outcome, Exception):
            raise from_httpx(outcome, request.url.host)
        return outcome

    def _make_carrier(self) -> AiohttpTransport:
        from sana_desktop.api.aiohttp_transport import AiohttpTransport

        return AiohttpTransport(
            timeouts=self._timeouts,
            tls=lambda: tls_context(self._extra_ca),
            lookup=self._lookup,
            judge=lambda address: check_address(address, self._policy),
            proxy=self._proxy,
            find_own=self._find_own,
            keep_alive=False,
            whole_exchange_limited=False,
        )


def _httpx_errors() -> tuple[type[httpx.HTTPError], ...]:
    import httpx

    return (httpx.HTTPError,)


async def _carry(carrier: AiohttpTransport, request: httpx.Request) -> httpx.Response | httpx.HTTPError:
    """Return the answer's head, or the failure: raised anew outside any handler, it drags no headers along."""
    try:
        return await carrier.handle_async_request(request)
    except _httpx_errors() as error:
        return error


def _was_stale(request: httpx.Request, error: httpx.HTTPError) -> bool:
    """Return whether a GET failed because the server had closed the kept-alive connection it went out on (N20)."""
    import httpx

    from sana_desktop.api.aiohttp_transport import JOURNEY

    return request.method == "GET" and isinstance(error, httpx.ReadError) and request.extensions[JOURNEY].reused


async def _read_bounded(response: httpx.Response) -> tuple[bytes, bool]:
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            return bytes(body[:MAX_BODY_BYTES]), False
    return bytes(body), True
