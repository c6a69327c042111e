"""What every pool of clients keeps to: one a connection, none cut off, and nobody's access sent elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sana_desktop.api.origin import Origin, parse_workspace
from sana_desktop.base.clock import SystemClock
from sana_desktop.base.errors import AuthError, NetworkError
from sana_desktop.base.events import Topic
from sana_desktop.base.redaction import Redactor, Secret
from sana_desktop.workspace.connections import Connection, Mark
from sana_desktop.workspace.pool import Pool
from tests.support.waiting import until
from tests.support.workspaces import JobRegistry, desk

ACME, OTHER = parse_workspace("acme"), parse_workspace("other")


@dataclass
class Line:
    """A client that only knows where it leads."""

    origin: Origin
    access: str
    open: bool = True

    async def aclose(self) -> None:
        self.open = False
        if self.access == "jammed":
            raise OSError


class Lines(Pool[Line, str]):
    """A pool of them; what is stored is looked up for as long as `hold` is on."""

    purpose = "a test"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.hold = asyncio.Event()
        self.hold.set()
        self.stored = "stored"
        self.reads = 0

    def give(self, connection_id: str, access: str) -> None:
        self._give(connection_id, access)

    def _access_changes(self) -> Topic[str]:
        return self._book.secret_changed

    def _origin(self, connection: Connection) -> Origin:
        return connection.origin

    def _way_in(self, connection: Connection) -> object:
        return None if connection.mark is Mark.TEST else connection.origin

    async def _stored(self, connection: Connection) -> str:
        stored = self.stored
        self.reads += 1
        await self.hold.wait()
        if not stored:
            raise AuthError("There is none.", code="E-KR-LOCKED")
        return f"{stored} for {connection.origin.host}"

    def _open(self, origin: Origin, access: str) -> Line:
        return Line(origin, access)


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[JobRegistry]:
    async with desk(tmp_path) as room:
        yield room


@asynccontextmanager
async def lines(room: JobRegistry) -> AsyncIterator[Lines]:
    made = Lines(room.book, room.secrets, SystemClock(), Redactor())
    try:
        yield made
    finally:
        await made.aclose()


@asynccontextmanager
async def asked(pool: Lines, connection_id: str) -> AsyncIterator[asyncio.Task[Line]]:
    """Yield the client that is on its way, while the store is being asked; it answers at the end."""
    pool.hold.clear()
    asking = asyncio.get_running_loop().create_task(pool.client(connection_id))
    await until(lambda: pool.reads == 1)
    try:
        yield asking
    finally:
        pool.hold.set()


async def test_all_who_wait_get_the_same_client(room: JobRegistry) -> None:
    entry = await room.book.add(ACME, client_id="x")
    async with lines(room) as pool:
        first, *others = await asyncio.gather(*(pool.client(entry.id) for _ in range(5)))
        assert all(other is first for other in others)


async def test_what_a_slow_store_gave_for_another_address_is_not_used(room: JobRegistry) -> None:
    entry = await room.book.add(ACME, client_id="x")
    async with lines(room) as pool:
        pool.hold.clear()

        async def move() -> None:
            await room.book.change(entry.id, origin=OTHER)
            pool.hold.set()

        line, _ = await asyncio.gather(pool.client(entry.id), move())
        assert (line.origin, line.access) == (OTHER, f"stored for {OTHER.host}")


async def test_a_client_that_is_replaced_lives_until_the_end(room: JobRegistry) -> None:
    entry = await room.book.add(ACME, client_id="x")
    told: list[str] = []
    async with lines(room) as pool:
        pool.signed_in.subscribe(told.append)
        first = await pool.client(entry.id)
        await room.book.change(entry.id, name="Another name")
        assert await pool.client(entry.id) is first
        pool.give(entry.id, "given")
        second = await pool.client(entry.id)
        await room.book.keep_secret(entry.id, Secret("new"))
        third = await pool.client(entry.id)
        assert [line.access for line in (first, second, third)] == [
            f"stored for {ACME.host}",
            "given",
            f"stored for {ACME.host}",
        ]
        assert told == [entry.id, entry.id]
        assert first.open
        assert second.open
    assert not any(line.open for line in (first, second, third))


async def test_what_was_given_goes_nowhere_else_and_ends_with_the_service(room: JobRegistry) -> None:
    entry = await room.book.add(ACME, client_id="x")
    async with lines(room) as pool:
        pool.give(entry.id, "given")
        await room.book.change(entry.id, origin=OTHER)
        assert (await pool.client(entry.id)).access == f"stored for {OTHER.host}"
        pool.give(entry.id, "given")
        await room.book.change(entry.id, mark=Mark.TEST)
        await room.book.change(entry.id, mark=Mark.LIVE)
        assert (await pool.client(entry.id)).access == f"stored for {OTHER.host}"


async def test_one_that_does_not_close_keeps_no_other_from_it(room: JobRegistry) -> None:
    first, second = await room.book.add(ACME, client_id="x"), await room.book.add(OTHER, client_id="x")
    async with lines(room) as pool:
        pool.give(first.id, "jammed")
        made = [await pool.client(first.id), await pool.client(second.id)]
    assert not any(line.open for line in made)


async def test_a_connection_that_is_gone_is_said_to_be(room: JobRegistry) -> None:
    async with lines(room) as pool:
        with pytest.raises(AuthError, match="not there any more"):
            await pool.client("gone")


@pytest.mark.parametrize("stored", ["stored", ""], ids=["the store answers", "the store refuses"])
async def test_what_is_given_while_the_store_is_asked_wins(room: JobRegistry, stored: str) -> None:
    entry = await room.book.add(ACME, client_id="x")
    async with lines(room) as pool:
        pool.stored = stored
        async with asked(pool, entry.id) as asking:
            pool.give(entry.id, "given")
        assert (await asking).access == "given"
        assert (await pool.client(entry.id)).access == "given"


async def test_a_secret_kept_while_the_old_one_is_read_wins(room: JobRegistry) -> None:
    entry = await room.book.add(ACME, client_id="x")
    async with lines(room) as pool:
        async with asked(pool, entry.id) as asking:
            pool.stored = "newer"
            room.book.hold_secret(entry.id, Secret("newer"))
        assert (await asking).access == f"newer for {ACME.host}"


async def test_one_signed_out_while_the_store_is_asked_gets_no_client_by_what_it_had(room: JobRegistry) -> None:
    entry = await room.book.add(ACME, client_id="x")
    async with lines(room) as pool:
        async with asked(pool, entry.id) as asking:
            pool.stored = ""
            pool.sign_out(entry.id)
        with pytest.raises(AuthError, match="There is none"):
            await asking


async def test_no_client_is_made_once_the_pool_is_closed(room: JobRegistry) -> None:
    entry = await room.book.add(ACME, client_id="x")
    async with lines(room) as pool:
        async with asked(pool, entry.id) as asking:
            await pool.aclose()
        for late in (asking, pool.client(entry.id)):
            with pytest.raises(NetworkError, match="closing"):
                await late
