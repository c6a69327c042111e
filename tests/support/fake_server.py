"""A scripted HTTP/1.1 server on loopback, on raw sockets, for faults that no polite server would commit.

    async with FakeServer() as server:
        server.on("POST", "/api/token", json_reply({"data": {"accessToken": "t", "expiresIn": 3600}}))
        server.on("GET", "/api/v1/reports/jobs/j1", Reply(status=500), json_reply({...}))  # the last one for ever
        server.on("GET", "/file", lambda request: Reply(body=DATA, cut_at=1_000))  # or a function of the request
        ...
        assert server.count("POST", "/api/token") == 1
        assert server.requests[0].header("authorization") is None

A route nobody scripted answers 404 with an `error` envelope. Every request is recorded before it is answered, with its
headers in the order and the case of the wire. With `tls=` (see `certificates.py`) it speaks HTTPS.
"""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import struct
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import formatdate
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

BEFORE_HEADERS = -1
"""As `cut_at`: the request is read, and the connection closed without one byte of an answer."""

UNTIL_CLOSE = "until-close"
CHUNKED = "chunked"


@dataclass(frozen=True)
class Request:
    """One request as it arrived.

    Attributes:
        target: path and query exactly as on the wire.
        headers: name and value, in order, unchanged.
        connection: number of the connection it came on, from 0; equal numbers mean keep-alive was used.
    """

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    connection: int

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.target).query)

    @property
    def form(self) -> dict[str, str]:
        """The body as a form, first value of each name."""
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}

    @property
    def json(self) -> object:
        return json.loads(self.body)

    @property
    def header_names(self) -> set[str]:
        return {name.lower() for name, _ in self.headers}

    def header(self, name: str) -> str | None:
        """Return the first value of the header, whatever its case; None if it was not sent."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass(frozen=True)
class Reply:
    """What to answer, and how to fail at it.

    Attributes:
        headers: sent as they are, after Date and the length.
        date: the Date header; None takes the real time, "" leaves the header out.
        length: None declares the body's true length; a number declares that instead; CHUNKED or UNTIL_CLOSE.
        cut_at: bytes of the body after which the connection is closed; BEFORE_HEADERS closes before the status line.
            With CHUNKED the cut leaves the last chunk without its terminator.
        reset: close with RST instead of FIN (only matters with `cut_at` or `close`).
        wait: seconds, or an event, to wait for before the answer.
        wait_in_body: seconds, or an event, to wait for after the headers and `hold_at` bytes of the body.
        drip: (bytes, seconds): write the body in pieces of that size with that pause between.
        read_limit: read only so many bytes of the request's body, then answer (or cut) at once.
        close: close the connection after the answer (without saying so unless `headers` does).
        raw: these very bytes instead of everything above; the connection is closed after them.
    """

    status: int = 200
    body: bytes = b""
    headers: Sequence[tuple[str, str]] = ()
    date: str | None = None
    length: int | str | None = None
    cut_at: int | None = None
    reset: bool = False
    wait: float | asyncio.Event = 0.0
    hold_at: int = 0
    wait_in_body: float | asyncio.Event = 0.0
    drip: tuple[int, float] | None = None
    read_limit: int | None = None
    close: bool = False
    raw: bytes | None = None


Script = Reply | Callable[[Request], Reply]


def json_reply(value: object, status: int = 200, headers: Sequence[tuple[str, str]] = (), **more: object) -> Reply:
    """Return a Reply with `value` as JSON; `more` are further fields of Reply."""
    body = json.dumps(value).encode()
    return Reply(status, body, (("Content-Type", "application/json"), *headers), **more)  # type: ignore[arg-type]


def html_reply(text: str = "<html><body>Please sign in</body></html>", status: int = 200) -> Reply:
    """Return a web page, as captive portals and gateways send."""
    return Reply(status, text.encode(), (("Content-Type", "text/html; charset=utf-8"),))


def envelope(data: object, error: object = None) -> dict[str, object]:
    """Return the envelope of every Insights answer."""
    return {"data": data, "links": None, "error": error}


@dataclass
class _Route:
    replies: list[Script]
    served: int = 0

    def next(self) -> Script:
        script = self.replies[min(self.served, len(self.replies) - 1)]
        self.served += 1
        return script


@dataclass
class FakeServer:
    """The server; use it as an async context manager.

    Attributes:
        tls: speak HTTPS with this context.
        requests: everything that arrived, oldest first.
        connections: how many connections were opened (after TLS, if any).
        drop_connections: close (RST) every new connection at once while True.
    """

    tls: ssl.SSLContext | None = None
    host: str = "127.0.0.1"
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    drop_connections: bool = False
    port: int = 0
    _routes: dict[tuple[str, str], _Route] = field(default_factory=dict)
    _server: asyncio.Server | None = None
    _open: dict[int, asyncio.StreamWriter] = field(default_factory=dict)
    _idle: set[int] = field(default_factory=set)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self, port: int = 0) -> None:
        """Listen on `port`, by default any free one; after `stop`, pass the old port to come back at the same place."""
        self._server = await asyncio.start_server(self._serve, self.host, port, ssl=self.tls, limit=2**20)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Refuse new connections and break the open ones."""
        if self._server is not None:
            self._server.close()
        for writer in list(self._open.values()):
            writer.transport.abort()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._server is not None:
            await self._server.wait_closed()
            self._server = None

    @property
    def url(self) -> str:
        """Scheme, host and port; no slash at the end."""
        return f"{'https' if self.tls else 'http'}://{self.host}:{self.port}"

    def on(self, method: str, path: str, *replies: Script) -> None:
        """Answer `method` on `path` with each reply in turn, the last one for ever. A final `*` makes it a prefix."""
        self._routes[(method, path)] = _Route(list(replies))

    def count(self, method: str, path: str) -> int:
        """Return how many requests came for this method and path (`*` at its end makes it a prefix)."""
        return sum(request.method == method and _matches(path, request.path) for request in self.requests)

    async def wait_for(self, condition: Callable[[FakeServer], bool], seconds: float = 60.0) -> None:
        """Wait until `condition(server)` holds; it is looked at after each request and each closed connection.

        Raises:
            TimeoutError: if it did not come true in time.
        """
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(lambda: condition(self))

    async def close_idle(self) -> None:
        """Close every kept-alive connection that waits for a next request (N20)."""
        for number in list(self._idle):
            writer = self._open[number]
            writer.close()
            with suppress(OSError, ssl.SSLError):
                await writer.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        number = self.connections
        self.connections += 1
        self._open[number] = writer
        try:
            if self.drop_connections:
                _reset(writer)
                return
            await self._converse(reader, writer, number)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError):
            pass
        finally:
            self._open.pop(number, None)
            self._idle.discard(number)
            self._tasks.discard(task)
            writer.close()
            with suppress(OSError, asyncio.CancelledError):
                await writer.wait_closed()
            await self._announce()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int) -> None:
        while True:
            self._idle.add(number)
            head = await reader.readuntil(b"\r\n\r\n")
            self._idle.discard(number)
            method, target, headers = _parse_head(head)
            script = self._find(method, urlsplit(target).path)
            limit = script.read_limit if isinstance(script, Reply) else None
            body = await _read_body(reader, headers, limit)
            request = Request(method, target, headers, body, number)
            self.requests.append(request)
            await self._announce()
            reply = script if isinstance(script, Reply) else script(request)
            if not await _answer(writer, request, reply):
                return

    def _find(self, method: str, path: str) -> Script:
        route = self._routes.get((method, path))
        if route is None:
            prefixes = [
                key for key in self._routes if key[0] == method and key[1].endswith("*") and _matches(key[1], path)
            ]
            route = self._routes[max(prefixes, key=lambda key: len(key[1]))] if prefixes else None
        if route is None:
            return json_reply(envelope(None, {"message": "no such thing"}), 404)
        return route.next()

    async def _announce(self) -> None:
        async with self._changed:
            self._changed.notify_all()


def _matches(pattern: str, path: str) -> bool:
    return path.startswith(pattern[:-1]) if pattern.endswith("*") else path == pattern


def _parse_head(head: bytes) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ", 2)
    headers = []
    for line in lines:
        if line:
            name, _, value = line.partition(":")
            headers.append((name, value.strip()))
    return method, target, tuple(headers)


async def _read_body(reader: asyncio.StreamReader, headers: Sequence[tuple[str, str]], limit: int | None) -> bytes:
    names: Mapping[str, str] = {name.lower(): value for name, value in headers}
    if names.get("transfer-encoding", "").lower() == "chunked":
        return await _read_chunks(reader)
    length = int(names.get("content-length", "0"))
    return await reader.readexactly(length if limit is None else min(limit, length))


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    parts = []
    while True:
        size = int((await reader.readline()).split(b";")[0], 16)
        parts.append(await reader.readexactly(size))
        await reader.readexactly(2)
        if size == 0:
            return b"".join(parts)


async def _answer(writer: asyncio.StreamWriter, request: Request, reply: Reply) -> bool:
    """Send the reply; return whether the connection may carry another request."""
    await _wait(reply.wait)
    if reply.cut_at == BEFORE_HEADERS:
        _close(writer, reply)
        return False
    if reply.raw is not None:
        writer.write(reply.raw)
        await writer.drain()
        return False
    writer.write(_head(reply))
    await writer.drain()
    body = b"" if request.method == "HEAD" else reply.body
    cut = reply.cut_at is not None
    await _write_body(writer, reply, body[: reply.cut_at] if cut else body)
    if cut or reply.close or reply.length == UNTIL_CLOSE:
        _close(writer, reply)
        return False
    return True


def _head(reply: Reply) -> bytes:
    lines = [f"HTTP/1.1 {reply.status} Scripted"]
    if reply.date != "":
        lines.append(f"Date: {reply.date or formatdate(usegmt=True)}")
    if reply.length == CHUNKED:
        lines.append("Transfer-Encoding: chunked")
    elif reply.length != UNTIL_CLOSE and not (reply.status == 204 and reply.length is None):
        lines.append(f"Content-Length: {len(reply.body) if reply.length is None else reply.length}")
    lines += [f"{name}: {value}" for name, value in reply.headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


async def _write_body(writer: asyncio.StreamWriter, reply: Reply, body: bytes) -> None:
    size, pause = reply.drip or (max(len(body), 1), 0.0)
    at = 0
    if reply.wait_in_body:
        at = min(reply.hold_at, len(body))
        await _write_piece(writer, reply, body[:at])
        await _wait(reply.wait_in_body)
    for start in range(at, len(body), size):
        await _write_piece(writer, reply, body[start : start + size])
        if reply.drip is not None:
            await asyncio.sleep(pause)
    if reply.length == CHUNKED and reply.cut_at is None:
        writer.write(b"0\r\n\r\n")
        await writer.drain()


async def _write_piece(writer: asyncio.StreamWriter, reply: Reply, piece: bytes) -> None:
    if reply.length == CHUNKED and piece:
        piece = b"%x\r\n%s\r\n" % (len(piece), piece)
    writer.write(piece)
    await writer.drain()


async def _wait(what: float | asyncio.Event) -> None:
    if isinstance(what, asyncio.Event):
        await what.wait()
    elif what:
        await asyncio.sleep(what)


def _close(writer: asyncio.StreamWriter, reply: Reply) -> None:
    if reply.reset:
        _reset(writer)
    else:
        writer.close()


def _reset(writer: asyncio.StreamWriter) -> None:
    sock = writer.get_extra_info("socket")
    if sock is not None:
        # Linger for zero seconds: close sends RST and throws unsent bytes away.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
