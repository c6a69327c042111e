"""An answer in pieces of any cut reaches its reader whole, whatever follows it."""

from __future__ import annotations

import asyncio

import pytest

from sana_desktop.api.aiohttp_line import Line

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody"
SURPLUS = b"\r\n\r\nand more\r\n\r\n"


async def read(*pieces: bytes) -> tuple[list[int], bytes]:
    """Return the status of each head and what was read of the last one's body."""
    line = Line(asyncio.get_running_loop())
    line.set_response_params(read_bufsize=2**16)
    for piece in pieces:
        line.data_received(piece)
    codes, body = [], b""
    while len(line):
        message, content = await line.read()
        codes.append(message.code)
        body = content.read_nowait()
    return codes, body


@pytest.mark.parametrize("at", range(len(ANSWER + SURPLUS)))
async def test_L17_what_follows_a_body_does_not_take_its_answer_along(at: int) -> None:
    wire = ANSWER + SURPLUS
    assert await read(wire[:at], wire[at:]) == ([200], b"body")


async def test_an_interim_answer_is_not_the_last_head() -> None:
    assert await read(b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + ANSWER + SURPLUS) == ([103, 200], b"body")


async def test_what_is_no_answer_is_an_error_all_the_same() -> None:
    line = Line(asyncio.get_running_loop())
    line.set_response_params()
    line.data_received(b"220 smtp ready\r\n\r\n220 ready\r\n\r\n")
    assert line.exception() is not None
    assert not len(line)


async def test_the_next_answer_of_a_kept_connection_is_read_alike() -> None:
    line = Line(asyncio.get_running_loop())
    for _ in range(2):
        line.set_response_params()
        line.data_received(ANSWER)
        message, content = await line.read()
        assert (message.code, content.read_nowait()) == (200, b"body")
