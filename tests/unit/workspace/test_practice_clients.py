"""Practice clients on a real server: which key goes where, and when."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sana_desktop.api.origin import parse_workspace
from sana_desktop.api.practice_hosts import parse_practice_origin
from sana_desktop.base.clock import SystemClock
from sana_desktop.base.errors import AuthError, UserError
from sana_desktop.base.redaction import DOTS, Redactor, Secret
from sana_desktop.store.secrets import SecretName
from sana_desktop.workspace.connections import Connection
from sana_desktop.workspace.demo import demo_connection
from sana_desktop.workspace.practice_clients import KeyState, PracticeClients
from tests.support.fake_server import FakeServer
from tests.support.practice_client import ASK, NEXT, recommended
from tests.support.workspaces import JobRegistry, desk

ACME = parse_workspace("acme")


@pytest.fixture
async def server() -> AsyncIterator[FakeServer]:
    async with FakeServer() as server:
        server.on("POST", NEXT, recommended("a"))
        yield server


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[JobRegistry]:
    async with desk(tmp_path) as room:
        yield room


async def practising(room: JobRegistry, server: FakeServer, key: str | None = "stored-key") -> Connection:
    entry = await room.book.add(ACME, client_id="x", practice=parse_practice_origin(server.url))
    if key is not None:
        await room.book.keep_secret(entry.id, Secret(key), SecretName.API_KEY)
    return entry


async def key_sent(room: JobRegistry, server: FakeServer, connection_id: str) -> str | None:
    await (await room.practice.client(connection_id)).next_exercises(ASK)
    return server.requests[-1].header("x-api-key")


async def test_one_client_a_connection_with_the_stored_key(room: JobRegistry, server: FakeServer) -> None:
    entry = await practising(room, server)
    clients = await asyncio.gather(*(room.practice.client(entry.id) for _ in range(10)))
    assert len(set(map(id, clients))) == 1
    assert await key_sent(room, server, entry.id) == "stored-key"
    assert await room.practice.state(entry.id) is KeyState.READY


async def test_without_key_address_or_connection_it_says_so(room: JobRegistry, server: FakeServer) -> None:
    entry = await practising(room, server, key=None)
    off = await room.book.add(ACME, client_id="x")
    for connection_id, kind, code in (
        (entry.id, AuthError, "E-KEY-MISSING"),
        (off.id, UserError, "E-PRACTICE-OFF"),
        ("nobody", AuthError, "E-CONNECTION-GONE"),
    ):
        with pytest.raises(kind) as caught:
            await room.practice.client(connection_id)
        assert caught.value.code == code
    assert await room.practice.state(entry.id) is KeyState.MISSING
    assert await room.practice.state(off.id) is KeyState.OFF
    assert server.requests == []


async def test_a_given_key_is_used_told_and_never_stored(room: JobRegistry, server: FakeServer) -> None:
    entry = await practising(room, server)
    await room.practice.client(entry.id)
    told: list[str] = []
    room.practice.signed_in.subscribe(told.append)
    room.practice.give_key(entry.id, Secret("given-key"))
    assert told == [entry.id]
    assert await key_sent(room, server, entry.id) == "given-key"
    assert list(room.vault.entries.values()) == ["stored-key"]
    room.practice.sign_out(entry.id)
    assert await key_sent(room, server, entry.id) == "stored-key"


async def test_a_new_key_makes_a_new_client_and_is_told_and_leaves_the_site_signed_in(
    room: JobRegistry, server: FakeServer
) -> None:
    entry = await practising(room, server)
    old = await room.practice.client(entry.id)
    told: list[str] = []
    site: list[str] = []
    room.practice.signed_in.subscribe(told.append)
    room.clients.signed_in.subscribe(site.append)
    await room.book.keep_secret(entry.id, Secret("newer-key"), SecretName.API_KEY)
    assert (told, site) == ([entry.id], [])
    assert await key_sent(room, server, entry.id) == "newer-key"
    await old.next_exercises(ASK)  # what was under way with the old one is not cut off
    await room.book.keep_secret(entry.id, Secret("the site's secret"))
    assert told == [entry.id]


async def test_a_given_key_does_not_follow_to_another_service(room: JobRegistry, server: FakeServer) -> None:
    entry = await practising(room, server, key=None)
    room.practice.give_key(entry.id, Secret("given-key"))
    client = await room.practice.client(entry.id)
    await room.book.change(entry.id, name="renamed")
    assert await room.practice.client(entry.id) is client
    async with FakeServer() as other:
        await room.book.change(entry.id, practice=parse_practice_origin(other.url))
        with pytest.raises(AuthError):
            await room.practice.client(entry.id)
        assert other.connections == 0
    await room.book.change(entry.id, practice=None)
    assert await room.practice.state(entry.id) is KeyState.OFF


async def test_a_lent_connection_practises_with_the_key_it_was_given(room: JobRegistry, server: FakeServer) -> None:
    demo = demo_connection(parse_workspace(server.url), "c", parse_practice_origin(server.url))
    room.book.lend(demo)
    room.practice.give_key(demo.id, Secret("demo-key"))
    assert await key_sent(room, server, demo.id) == "demo-key"
    room.book.drop(demo.id)
    with pytest.raises(AuthError):
        await room.practice.client(demo.id)


async def test_K02_a_locked_store_is_not_called_a_missing_key(room: JobRegistry, server: FakeServer) -> None:
    entry = await practising(room, server)
    room.vault.locked = True
    assert await room.practice.state(entry.id) is KeyState.LOCKED
    reads = room.vault.reads
    assert await room.practice.state(entry.id) is KeyState.LOCKED
    assert room.vault.reads == reads  # nobody is asked twice for one click
    room.vault.locked = False
    room.practice.retry(entry.id)
    assert await room.practice.state(entry.id) is KeyState.READY


async def test_what_is_no_key_is_missing_one(room: JobRegistry, server: FakeServer) -> None:
    entry = await practising(room, server, key="two words")
    assert await room.practice.state(entry.id) is KeyState.MISSING
    with pytest.raises(UserError) as caught:
        await room.practice.client(entry.id)
    assert caught.value.code == "E-KEY-FORM"


async def test_the_redactor_knows_every_key(room: JobRegistry, server: FakeServer) -> None:
    redactor = Redactor()
    entry = await practising(room, server, key=None)
    clients = PracticeClients(room.book, room.secrets, SystemClock(), redactor)
    clients.give_key(entry.id, Secret("canary-key-9"))
    assert redactor.clean("canary-key-9") == DOTS
    await clients.aclose()
