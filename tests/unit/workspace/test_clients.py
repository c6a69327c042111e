"""Clients on a real server: who signs in where, and when."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sana_desktop.api.auth import ClientCredentials
from sana_desktop.api.origin import parse_workspace
from sana_desktop.base.errors import AuthError
from sana_desktop.base.redaction import Secret
from sana_desktop.workspace.connections import Access, Connection
from sana_desktop.workspace.demo import demo_connection
from tests.support.fake_server import FakeServer, json_reply
from tests.support.workspaces import JobRegistry, desk

JOB = "/api/v1/reports/jobs/j1"
PENDING = json_reply({"data": {"jobId": "j1", "status": "pending"}, "links": None, "error": None})


@pytest.fixture
async def server() -> AsyncIterator[FakeServer]:
    async with FakeServer() as server:
        server.on("POST", "/api/token", json_reply({"data": {"accessToken": "token-1", "expiresIn": 3600}}))
        server.on("GET", JOB, PENDING)
        yield server


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[JobRegistry]:
    async with desk(tmp_path) as room:
        yield room


async def connected(room: JobRegistry, server: FakeServer) -> Connection:
    entry = await room.book.add(parse_workspace(server.url), client_id="id-1")
    await room.book.keep_secret(entry.id, Secret("secret-1"))
    return entry


async def test_one_client_a_connection_that_signs_in_with_the_stored_secret(
    room: JobRegistry, server: FakeServer
) -> None:
    entry = await connected(room, server)
    clients = await asyncio.gather(*(room.clients.client(entry.id) for _ in range(10)))
    assert len(set(map(id, clients))) == 1
    assert room.vault.reads <= 3  # kept and verified, then read once
    assert (await clients[0].poll("j1")).status == "pending"
    (sign_in,) = [request for request in server.requests if request.path == "/api/token"]
    assert (sign_in.form["client_id"], sign_in.form["client_secret"]) == ("id-1", "secret-1")


async def test_a_pasted_pass_is_used_and_told_and_never_stored(room: JobRegistry, server: FakeServer) -> None:
    entry = await room.book.add(parse_workspace(server.url), access=Access.PASTED)
    with pytest.raises(AuthError) as caught:
        await room.clients.client(entry.id)
    assert caught.value.code == "E-AUTH-MISSING"
    signed_in: list[str] = []
    room.clients.signed_in.subscribe(signed_in.append)
    room.clients.give_token(entry.id, Secret("pasted-1"))
    assert signed_in == [entry.id]
    await (await room.clients.client(entry.id)).poll("j1")
    assert server.requests[-1].header("authorization") == "Bearer pasted-1"
    assert room.vault.entries == {}
    room.clients.sign_out(entry.id)
    with pytest.raises(AuthError):
        await room.clients.client(entry.id)


async def test_a_new_secret_makes_a_new_client_and_is_told(room: JobRegistry, server: FakeServer) -> None:
    entry = await connected(room, server)
    old = await room.clients.client(entry.id)
    signed_in: list[str] = []
    room.clients.signed_in.subscribe(signed_in.append)
    await room.book.keep_secret(entry.id, Secret("secret-2"))
    assert signed_in == [entry.id]
    new = await room.clients.client(entry.id)
    assert new is not old
    await new.poll("j1")
    assert server.requests[-2].form["client_secret"] == "secret-2"
    await old.poll("j1")  # what was under way with the old one is not cut off


async def test_a_new_name_leaves_the_client_and_a_new_site_does_not(room: JobRegistry, server: FakeServer) -> None:
    entry = await connected(room, server)
    client = await room.clients.client(entry.id)
    await room.book.change(entry.id, name="Another name", colour="rose")
    assert await room.clients.client(entry.id) is client
    await room.book.change(entry.id, origin=parse_workspace("http://127.0.0.1:1"))
    with pytest.raises(AuthError) as caught:  # the secret was entrusted to the old site, and is gone
        await room.clients.client(entry.id)
    assert caught.value.code == "E-AUTH-MISSING"


async def test_what_lets_in_is_known_to_be_gone_with_the_app_where_it_is_in_memory(
    room: JobRegistry, server: FakeServer
) -> None:
    entry = await connected(room, server)
    assert not room.clients.is_let_in_from_memory(entry.id), "the password store has its secret"
    room.book.hold_secret(entry.id, Secret("secret-2"))
    assert room.clients.is_let_in_from_memory(entry.id)
    pasted = await room.book.add(parse_workspace("other"), access=Access.PASTED)
    assert not room.clients.is_let_in_from_memory(pasted.id)
    room.clients.give_token(pasted.id, Secret("pass-1"))
    assert room.clients.is_let_in_from_memory(pasted.id)
    assert not room.clients.is_let_in_from_memory("gone")


async def test_what_was_given_for_one_site_goes_to_no_other(room: JobRegistry, server: FakeServer) -> None:
    entry = await connected(room, server)
    room.clients.give_token(entry.id, Secret("for the first site"))
    async with FakeServer() as other:
        other.on("GET", JOB, PENDING)
        await room.book.change(entry.id, origin=parse_workspace(other.url))
        with pytest.raises(AuthError):
            await room.clients.client(entry.id)
        assert other.requests == []


async def test_the_demo_workspace_is_opened_from_memory(room: JobRegistry, server: FakeServer) -> None:
    demo = demo_connection(parse_workspace(server.url), "demo-client")
    with pytest.raises(AuthError) as caught:
        room.clients.give_credentials(demo.id, ClientCredentials("demo-client", Secret("demo-secret")))
    assert caught.value.code == "E-CONNECTION-GONE"
    room.book.lend(demo)
    room.clients.give_credentials(demo.id, ClientCredentials("demo-client", Secret("demo-secret")))
    assert (await (await room.clients.client(demo.id)).poll("j1")).job_id == "j1"
    assert room.vault.entries == {}


async def test_a_forgotten_connection_has_no_client(room: JobRegistry, server: FakeServer) -> None:
    entry = await connected(room, server)
    await room.clients.client(entry.id)
    await room.book.forget(entry.id)
    with pytest.raises(AuthError) as caught:
        await room.clients.client(entry.id)
    assert caught.value.code == "E-CONNECTION-GONE"


async def test_K02_a_locked_store_is_asked_again_only_by_a_click(room: JobRegistry, server: FakeServer) -> None:
    entry = await connected(room, server)
    room.vault.locked = True
    reads = room.vault.reads
    for _ in range(5):
        with pytest.raises(AuthError):
            await room.clients.client(entry.id)
    assert room.vault.reads == reads + 1
    room.vault.locked = False
    signed_in: list[str] = []
    room.clients.signed_in.subscribe(signed_in.append)
    room.clients.retry(entry.id)
    assert signed_in == [entry.id]
    assert await room.clients.client(entry.id)
