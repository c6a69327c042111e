"""Connections as the page sees them, on a real book, real clients and a store that can be locked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from sana_desktop.api.origin import parse_workspace
from sana_desktop.api.practice_hosts import parse_practice_origin
from sana_desktop.base.clock import SystemClock
from sana_desktop.base.errors import StorageError, UserError
from sana_desktop.base.redaction import Redactor, Secret
from sana_desktop.store.secrets import SecretName, SecretStore
from sana_desktop.ui.connections.presenter import EDIT_ACTIONS
from sana_desktop.ui.connections.service import WorkspaceConnections, _action
from sana_desktop.ui.connections.views import Access, ConnectionEntry
from sana_desktop.workspace import connections
from sana_desktop.workspace.checkup import Action
from sana_desktop.workspace.connections import ConnectionStore
from sana_desktop.workspace.demo import demo_connection
from tests.support.fake_server import FakeServer, json_reply
from tests.support.workspaces import JobRegistry, desk


class Bench:
    """The service with what it tells others."""

    def __init__(self, room: JobRegistry, folder: Path) -> None:
        self.room = room
        self.redactor = Redactor()
        self.opened: list[str] = []
        self.working: list[str] = []
        self.service = WorkspaceConnections(
            room.book,
            room.clients,
            room.secrets,
            self.redactor,
            lambda connection_id: folder,
            lambda: self.opened.append("settings"),
            self.working.append,
        )


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    async with desk(tmp_path / "data") as room:
        yield Bench(room, tmp_path)


def entry(site: str = "acme", identity: str | None = None, access: Access = "client") -> ConnectionEntry:
    return ConnectionEntry(
        identity,
        "Acme",
        site,
        "teal",
        "live",
        access,
        "id-1",
        Secret("secret-canary"),
    )


async def test_what_is_saved_is_shown_and_its_secret_is_in_the_store_alone(bench: Bench) -> None:
    identity = await bench.service.save(entry())
    (view,) = await bench.service.load()
    assert (view.id, view.name, view.site, view.client_id) == (identity, "Acme", "https://acme.sana.ai", "id-1")
    assert view.secret_place == "Its secret is kept in a test store."
    assert "secret-canary" in bench.room.vault.entries.values()
    assert "secret-canary" not in repr(view)
    assert "secret-canary" not in bench.redactor.clean("it is secret-canary")


async def test_a_store_that_refuses_loses_nothing_and_a_second_try_makes_no_second_site(bench: Bench) -> None:
    bench.room.vault.locked = True
    identity = await bench.service.save(entry())
    assert [one.id for one in bench.room.book.list()] == [identity]
    client = await bench.room.clients.client(identity)
    assert client.origin == parse_workspace("acme"), "the secret is held in memory, so one can sign in"
    assert bench.room.vault.entries == {}
    bench.room.vault.locked = False
    assert await bench.service.save(entry(identity=identity)) == identity
    assert "secret-canary" in bench.room.vault.entries.values()


async def test_a_pass_goes_nowhere_but_memory(bench: Bench) -> None:
    await bench.service.save(entry(access="pasted"))
    assert bench.room.vault.entries == {}
    (view,) = await bench.service.load()
    assert "memory" in view.secret_place


async def test_forgetting_deletes_the_secret_too(bench: Bench) -> None:
    identity = await bench.service.save(entry())
    await bench.service.forget(identity)
    assert bench.room.vault.entries == {}
    assert list(await bench.service.load()) == []


async def test_the_example_is_not_said_to_have_a_secret_of_yours(bench: Bench) -> None:
    bench.room.book.lend(demo_connection(parse_workspace("http://127.0.0.1:1"), "c"))
    (line,) = [check for check in await bench.service.test("demo") if check.name == "Password store"]
    assert line.sentence == "Not needed: there is no secret of yours."


async def test_the_example_can_be_neither_changed_nor_forgotten(bench: Bench) -> None:
    bench.room.book.lend(demo_connection(parse_workspace("http://127.0.0.1:1"), "c"))
    for act in (bench.service.forget("demo"), bench.service.save(entry(identity="demo"))):
        with pytest.raises(UserError):
            await act
    assert bench.room.book.get("demo") is not None


async def test_a_good_test_tells_that_it_works_and_a_bad_one_does_not(bench: Bench) -> None:
    async with FakeServer() as server:
        server.on("POST", "/api/token", json_reply({"data": {"accessToken": "token-1", "expiresIn": 3600}}))
        refusal = json_reply({"data": None, "links": None, "error": "query is missing"}, status=400)
        server.on("POST", "/api/v1/reports/query", refusal)
        identity = await bench.service.save(entry(site=server.url))
        checks = await bench.service.test(identity)
        assert "bad" not in {check.state for check in checks}
        assert bench.working == [identity]
        server.on("POST", "/api/token", json_reply({"error": "no"}, status=401))
        bench.room.clients.sign_out(identity)
        checks = await bench.service.test(identity)
        assert "bad" in {check.state for check in checks}
        assert all(check.action and check.action_words for check in checks if check.state == "bad")
        assert bench.working == [identity]
    assert list(await bench.service.test("gone")) == []


@pytest.mark.parametrize("action", Action)
async def test_every_button_of_a_check_does_something(action: Action, bench: Bench) -> None:
    key, words = _action(action)
    assert bool(key) == bool(words)
    if not key:
        assert action in {Action.NONE, Action.SET_CLOCK}
        return
    done_by_the_page = EDIT_ACTIONS | {"try-again", "write-to-it", "try-store-again"}
    if key not in done_by_the_page:
        await bench.service.act("any", key)
        assert bench.opened == ["settings"]


async def test_the_place_of_secrets_is_named(bench: Bench) -> None:
    assert await bench.service.store_sentence() == "Secrets are kept in a test store."


async def test_a_pass_is_said_to_be_there_only_while_it_is(bench: Bench) -> None:
    identity = await bench.service.save(entry(access="pasted"))
    (view,) = await bench.service.load()
    assert view.secret_place == "Its pass is kept in memory until you close the app."
    bench.room.clients.sign_out(identity)  # as after a restart
    (view,) = await bench.service.load()
    assert view.secret_place.startswith("The pass is gone")


async def test_a_secret_without_a_store_is_said_to_be_there_only_while_it_is(bench: Bench, tmp_path: Path) -> None:
    identity = await bench.service.save(entry())
    bench.room.book.hold_secret(identity, Secret("secret-canary"))
    (view,) = await bench.service.load()
    assert view.secret_place == "Its secret is kept in memory until you close the app."
    none = WorkspaceConnections(
        bench.room.book,
        bench.room.clients,
        SecretStore(bench.redactor, choose=lambda: None),
        bench.redactor,
        lambda connection_id: tmp_path,
        lambda: None,
    )
    (view,) = await none.load()
    assert view.secret_place == "Its secret was put into a password store, which is not to be had now."


async def test_card_and_test_say_what_is_so_for_this_secret_not_that_there_is_a_store(bench: Bench) -> None:
    nowhere = SecretStore(bench.redactor, choose=lambda: None)
    book = ConnectionStore(bench.room.database, nowhere, SystemClock())
    added = await book.add(parse_workspace("http://127.0.0.1:1"), client_id="x", name="Nordlys")
    await book.keep_secret(added.id, Secret("secret-canary"))
    await bench.room.book.load()  # the app was closed, and now there is a store
    (view,) = await bench.service.load()
    assert view.secret_place == "Its secret is not on this computer. Enter it again to use it."
    lines = {check.name: check for check in await bench.service.test(added.id)}
    assert lines["Sign-in"].sentence == "The client secret for Nordlys is not on this computer."
    assert (lines["Password store"].state, lines["Password store"].action) == ("warn", "sign-in")
    assert lines["Password store"].sentence == "There is no secret for this connection in a test store."
    bench.room.book.hold_secret(added.id, Secret("secret-canary"))
    lines = {check.name: check for check in await bench.service.test(added.id)}
    assert lines["Password store"].sentence.startswith("Your secret is in memory only, until you close the app.")
    await bench.room.book.keep_secret(added.id, Secret("secret-canary"))
    lines = {check.name: check for check in await bench.service.test(added.id)}
    assert lines["Password store"].sentence == "Your secret is kept in a test store."


async def test_a_pasted_practice_key_is_no_pass(bench: Bench) -> None:
    site = parse_practice_origin("api.sanalabs.com")
    await bench.room.book.add(site, access=connections.Access.PASTED, practice=site)
    (view,) = await bench.service.load()
    assert view.secret_place.startswith("For practice alone.")


async def test_k02_what_a_store_does_not_let_go_of_stays_there_and_is_named(bench: Bench) -> None:
    identity = await bench.service.save(replace(entry(), practice="https://api.sanalabs.com", api_key=Secret("key")))
    kept = dict(bench.room.vault.entries)
    bench.room.vault.locked = True
    with pytest.raises(StorageError) as caught:
        await bench.service.forget(identity)
    assert caught.value.code == "E-KR-LOCKED"
    assert len(await bench.service.load()) == 1
    stays = await bench.service.secret_stays(identity)
    assert "stays in a test store" in stays
    start = stays.split("“")[1].split("”")[0]
    assert len(kept) == 2
    assert all(service.startswith(start) for service, _ in kept)
    reads = bench.room.vault.reads
    await bench.service.forget(identity, leave_secret=True)
    assert await bench.service.load() == []
    assert (bench.room.vault.entries, bench.room.vault.reads) == (kept, reads), "nobody is asked a second time"


async def test_what_is_held_in_memory_goes_with_the_connection_in_any_case(bench: Bench) -> None:
    bench.room.vault.locked = True
    identity = await bench.service.save(replace(entry(), practice="https://api.sanalabs.com", api_key=Secret("key")))
    connection = bench.room.book.get(identity)
    assert connection is not None
    owners = [(connection.owner_of(name), name) for name in SecretName]
    assert all(bench.room.secrets.holds(*owner) for owner in owners)
    await bench.service.forget(identity, leave_secret=True)
    assert not any(bench.room.secrets.holds(*owner) for owner in owners)
