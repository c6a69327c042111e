"""aiohttp's side of a connection, with each answer's head given to the parser by itself.

The parser fails at what follows a body of declared length. If that came in one piece with the head, as with a short
report, the failure took the whole answer along (L17). And where it fails inside a body, that body is told: aiohttp let
whoever reads it wait for ever.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.http import RawResponseMessage
from aiohttp.streams import StreamReader

_END = b"\r\n\r\n"


def use_lines(connector: aiohttp.BaseConnector) -> None:
    """Make all connections of `connector`, which has none yet, Lines."""
    line: type[ResponseHandler] = Line
    connector._factory = partial(line, loop=asyncio.get_running_loop())


class Line(ResponseHandler):
    """A connection as seen by aiohttp."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self._in_head = False
        self._seam = b""

    def set_response_params(self, **params: Any) -> None:
        """Called before each request's answer is read."""
        self._in_head, self._seam = True, b""
        super().set_response_params(**params)

    def feed_data(self, data: tuple[RawResponseMessage, StreamReader], size: int = 0) -> None:
        """Called with each head that was read; those of interim answers (1xx) are not the last."""
        self._in_head = data[0].code < 200
        super().feed_data(data, size)

    def data_received(self, data: bytes) -> None:
        """Called with what came; with nothing, to go on with what is here."""
        while self._in_head and (end := self._end_of_head(data)):
            super().data_received(data[:end])
            data = data[end:]
            if not data or self.exception() is not None:
                return
        super().data_received(data)
        if self.exception() is not None:
            self._break_off()

    def _break_off(self) -> None:
        body = self._payload
        if body is not None and not body.is_eof() and body.exception() is None:
            body.set_exception(aiohttp.ClientPayloadError("nonsense between the pieces of a body"))

    def _end_of_head(self, data: bytes) -> int:
        """Return how much of `data` belongs to the head, 0 if its end is not among it."""
        known = len(self._seam)
        at = (self._seam + data).find(_END)
        self._seam = b"" if at >= 0 else (self._seam + data)[1 - len(_END) :]
        return at + len(_END) - known if at >= 0 else 0
