"""Loopback listeners: uvicorn's HTTP/1.1 protocol, with a hold on the connection beneath an answer.

A well-behaved ASGI app cannot cut a body, send more than it declared, or close before it answers. Faults
need all three, and big files want the kernel to copy them, so each scope carries a `Wire`.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import struct
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from functools import partial
from typing import Any, BinaryIO, cast

import h11
from uvicorn import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LOOPBACK = "127.0.0.1"
KEEP_ALIVE_SECONDS = 75.0
_WIRE = "sana.wire"

_quiet = logging.getLogger("sana_desktop.sandbox.http")
_quiet.addHandler(logging.NullHandler())
_quiet.propagate = False


class PortTaken(OSError):
    """The port asked for is in use by another program."""


class Wire:
    """The connection that one request came in on."""

    def __init__(self, protocol: H11Protocol) -> None:
        self._protocol = protocol

    @property
    def gone(self) -> bool:
        """Nobody is there any more."""
        return self._protocol.transport.is_closing()

    async def write(self, data: bytes) -> None:
        """Bytes as they are, past all HTTP framing."""
        if self.gone:
            return
        self._protocol.transport.write(data)
        await self._protocol.flow.drain()

    async def send_file(self, file: BinaryIO, offset: int, count: int) -> None:
        """Body bytes straight from the file by the kernel; headers with a length must have been sent."""
        self._protocol.conn.send_with_data_passthrough(h11.Data(data=cast(bytes, _Placeholder(count))))
        await self._protocol.loop.sendfile(self._protocol.transport, file, offset, count)

    async def close(self, receive: Receive, *, reset: bool = False) -> None:
        """End the connection here, politely or with a reset, and wait until it is gone."""
        transport = self._protocol.transport
        if reset:
            _linger_zero(transport)
            transport.abort()
        else:
            transport.close()
        while (await receive())["type"] != "http.disconnect":
            pass


def wire_of(scope: Scope) -> Wire:
    return cast(Wire, scope["extensions"][_WIRE])


class Listener:
    """One ASGI app on one loopback port."""

    def __init__(self, app: App, keep_alive: float) -> None:
        # ws="none" and lifespan="off" keep their imports out; the sandbox writes Date and Server itself.
        self._config = Config(
            app,
            http=_Protocol,
            ws="none",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,
        )
        # uvicorn declares whole seconds and only hands the number to call_later.
        self._config.timeout_keep_alive = keep_alive  # type: ignore[assignment]
        self._state = ServerState()
        self._server: asyncio.Server | None = None
        self.port = 0

    @property
    def origin(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    async def start(self, port: int) -> None:
        """Listen on `port`, 0 for any free one. Raises PortTaken."""
        loop = asyncio.get_running_loop()
        make = partial(_Protocol, config=self._config, server_state=self._state, app_state={})
        try:
            self._server = await loop.create_server(make, LOOPBACK, port, backlog=2048)
        except OSError as error:
            if port == 0:
                raise
            raise PortTaken(error.errno, f"port {port} on {LOOPBACK} is in use by another program") from error
        self.port = self._server.sockets[0].getsockname()[1]

    async def start_preferring(self, ports: Iterable[int]) -> None:
        """The first of `ports` that is free, else any."""
        for port in ports:
            try:
                return await self.start(port)
            except PortTaken:
                continue
        return await self.start(0)

    async def stop(self) -> None:
        """Stop listening and cut what is open. Safe to call twice."""
        if self._server is None:
            return
        self._server.close()
        for connection in list(self._state.connections):
            cast(H11Protocol, connection).transport.abort()
        running = list(self._state.tasks)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await self._server.wait_closed()
        self._server = None


class _Protocol(H11Protocol):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.logger = _quiet
        self.app = partial(_with_wire, cast(App, self.app), Wire(self))


class _Placeholder:
    """A body of `length` bytes that HTTP framing counts and the kernel sends."""

    def __init__(self, length: int) -> None:
        self._length = length

    def __len__(self) -> int:
        return self._length


async def _with_wire(app: App, wire: Wire, scope: Scope, receive: Receive, send: Send) -> None:
    scope["extensions"] = {_WIRE: wire}
    await app(scope, receive, send)


def _linger_zero(transport: asyncio.Transport) -> None:
    raw = transport.get_extra_info("socket")
    if raw is not None:
        # Windows takes two 16-bit fields, everyone else two ints.
        pattern = "hh" if os.name == "nt" else "ii"
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack(pattern, 1, 0))
