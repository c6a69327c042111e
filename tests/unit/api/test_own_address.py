"""The own address towards a peer, and what a change of it means for a connection that has fallen silent (N10)."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing

import pytest

from sana_desktop.api import own_address as module
from sana_desktop.api.own_address import AddressWatch, own_address
from tests.support.fake_server import FakeServer
from tests.support.waiting import until


def test_packets_to_this_computer_leave_from_this_computer() -> None:
    assert own_address(("127.0.0.1", 80)) == "127.0.0.1"


def test_six_is_as_good_as_four() -> None:
    with closing(socket.socket(socket.AF_INET6)) as probe:
        try:
            probe.bind(("::1", 0))
        except OSError:
            pytest.skip("no IPv6 here")
    assert own_address(("::1", 80, 0, 0)) == "::1"


def test_what_has_no_way_has_no_address() -> None:
    assert own_address(("no-address", 80)) is None


@asynccontextmanager
async def connected() -> AsyncIterator[asyncio.BaseTransport]:
    async with FakeServer() as server:
        _, writer = await asyncio.open_connection(server.host, server.port)
        yield writer.transport
        writer.close()
        await writer.wait_closed()


async def test_a_change_is_told_once_and_only_in_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.01)
    mine, asked, told = ["192.0.2.1"], [0], [0]

    def find(peer: tuple[object, ...]) -> str:
        asked[0] += 1
        return mine[0]

    def moved() -> None:
        told[0] += 1

    async with connected() as transport:
        watch = AddressWatch(transport, find, moved)
        await until(lambda: asked[0] > 2)  # it looks, and all is as it was
        assert told == [0]
        mine[0] = "192.0.2.7"
        await until(lambda: told == [1])
        looks, others = asked[0], [0]

        def find_too(peer: tuple[object, ...]) -> str:
            others[0] += 1
            return "192.0.2.1"

        another = AddressWatch(transport, find_too, moved)
        await until(lambda: others[0] > 3)
        assert (asked, told) == ([looks], [1])
        for one in (watch, another):
            one.stop()


async def test_where_something_comes_nobody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.02)
    asked = [0]

    def find(peer: tuple[object, ...]) -> str:
        asked[0] += 1
        return "192.0.2.1"

    async with connected() as transport:
        watch = AddressWatch(transport, find, lambda: None)
        loop = asyncio.get_running_loop()
        end = loop.time() + 0.1
        while loop.time() < end:
            watch.heard()
            await asyncio.sleep(0)
        watch.stop()
        assert asked == [1]


async def test_a_connection_that_is_over_is_not_watched() -> None:
    def never(peer: tuple[object, ...]) -> str | None:
        raise AssertionError("nobody to ask about")

    AddressWatch(None, never, lambda: None).stop()
