from __future__ import annotations

import json
from pathlib import Path

import pytest

from sana_desktop.api.origin import Origin, parse_workspace
from sana_desktop.api.practice_hosts import parse_practice_origin
from sana_desktop.base.clock import SystemClock
from sana_desktop.base.errors import AuthError, StorageError, UserError
from sana_desktop.base.redaction import Redactor, Secret
from sana_desktop.store.resources import read_text
from sana_desktop.store.secrets import Kept, SecretName, SecretStore
from sana_desktop.workspace.connections import COLOURS, Access, Connection, ConnectionStore, Mark
from sana_desktop.workspace.credentials import credentials_of, key_of
from tests.support.workspaces import Vault, desk

ACME = parse_workspace("acme")
OTHER = parse_workspace("other")
EU, US = (parse_workspace(f"https://{host}") for host in ("api.sanalabs.com", "us.api.sanalabs.com"))


def files_with(folder: Path, canary: bytes) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file() and canary in file.read_bytes()]


def test_the_colours_are_the_themes() -> None:
    assert list(COLOURS) == json.loads(read_text("theme/tokens.json"))["connection_colours"]


async def test_a_connection_is_there_at_the_next_start_and_its_secret_in_no_file(tmp_path: Path) -> None:
    vault = Vault()
    async with desk(tmp_path, vault) as first:
        heard: list[str] = []
        first.book.changed.subscribe(heard.append)
        added = await first.book.add(ACME, name="  Acme\nlive ", client_id=" id-1 ", mark=Mark.TEST)
        assert (added.name, added.client_id, added.mark) == ("Acme live", "id-1", Mark.TEST)
        assert await first.book.keep_secret(added.id, Secret("canary-secret-1")) is Kept.STORE
        assert heard == [added.id]
    async with desk(tmp_path, vault) as second:
        assert second.book.list() == (added,)
        assert second.book.get(added.id) == added
        assert second.book.named("acme LIVE") == second.book.named(added.id) == added
        assert second.book.at(ACME) == (added,)
    assert list(vault.entries.values()) == ["canary-secret-1"]
    assert files_with(tmp_path, b"canary") == []


@pytest.mark.parametrize(
    ("site", "mark"), [("acme", Mark.LIVE), ("http://127.0.0.1:8431", Mark.TEST), ("http://localhost:1", Mark.TEST)]
)
async def test_what_runs_on_this_computer_is_taken_for_a_test(tmp_path: Path, site: str, mark: Mark) -> None:
    async with desk(tmp_path) as room:
        assert (await room.book.add(parse_workspace(site), client_id="x")).mark is mark
        assert (await room.book.add(parse_workspace(site), client_id="x", mark=Mark.LIVE)).mark is Mark.LIVE


async def test_names_and_colours_are_given_in_turn(tmp_path: Path) -> None:
    async with desk(tmp_path) as room:
        added = [await room.book.add(ACME, client_id="x") for _ in range(len(COLOURS) + 1)]
        assert [entry.name for entry in added[:3]] == ["acme", "acme 2", "acme 3"]
        assert [entry.colour for entry in added] == [*COLOURS, COLOURS[0]]
        with pytest.raises(UserError) as caught:
            await room.book.add(ACME, name="ACME", client_id="x")
        assert caught.value.code == "E-CONNECTION-NAME"


@pytest.mark.parametrize("client_id", ["", "  ", "x" * 401, "a\nb"])
async def test_a_client_needs_its_id_and_a_pasted_pass_has_none(tmp_path: Path, client_id: str) -> None:
    async with desk(tmp_path) as room:
        with pytest.raises(UserError) as caught:
            await room.book.add(ACME, client_id=client_id)
        assert caught.value.code == "E-CONNECTION-CLIENT"
        assert (await room.book.add(ACME, access=Access.PASTED, client_id=client_id)).client_id == ""


async def test_a_change_is_kept_and_told(tmp_path: Path) -> None:
    async with desk(tmp_path) as room:
        added = await room.book.add(ACME, client_id="x")
        heard: list[str] = []
        room.book.changed.subscribe(heard.append)
        changed = await room.book.change(added.id, name="New", colour="rose", mark=Mark.TEST)
        assert await room.book.change(added.id, name="New") == changed
        assert heard == [added.id]
        with pytest.raises(UserError):
            await room.book.change("nobody", name="x")
    async with desk(tmp_path) as room:
        assert room.book.list() == (changed,)


async def test_a_secret_does_not_follow_to_another_site(tmp_path: Path) -> None:
    async with desk(tmp_path) as room:
        added = await room.book.add(ACME, client_id="x")
        await room.book.keep_secret(added.id, Secret("entrusted to acme"))
        await room.book.change(added.id, name="same site")
        assert room.vault.entries
        await room.book.change(added.id, origin=OTHER)
        assert room.vault.entries == {}


async def test_T1_what_could_not_be_deleted_does_not_follow_to_another_site_either(tmp_path: Path) -> None:
    vault = Vault()
    async with desk(tmp_path, vault) as room:
        added = await room.book.add(ACME, client_id="x", practice=US)
        await room.book.keep_secret(added.id, Secret("entrusted to acme"))
        await room.book.keep_secret(added.id, Secret("entrusted to the us"), SecretName.API_KEY)
    async with desk(tmp_path) as room:
        # A session over a remote shell, where no password store is there to be asked.
        book = ConnectionStore(room.database, SecretStore(Redactor(), choose=lambda: None), SystemClock())
        await book.load()
        await book.change(added.id, origin=OTHER, practice=EU)
    async with desk(tmp_path, vault) as room:
        (entry,) = room.book.list()
        with pytest.raises(AuthError):
            await credentials_of(entry, room.secrets)
        with pytest.raises(AuthError):
            await key_of(entry, room.secrets)
    assert len(vault.entries) == 2


async def test_another_key_is_told_from_those_before_over_a_restart_too(tmp_path: Path) -> None:
    vault, told = Vault(), list[str]()
    async with desk(tmp_path, vault) as room:
        room.book.key_replaced.subscribe(told.append)
        added = await room.book.add(ACME, client_id="x", practice=US)
        assert not room.book.has_had_key(added.id)
        await room.book.keep_secret(added.id, Secret("k-1"), SecretName.API_KEY)
        assert (room.book.has_had_key(added.id), told) == (True, []), "the first one"
        first = room.book.key_mark(added.id)
        await room.book.keep_secret(added.id, Secret("k-2"), SecretName.API_KEY)
        second = room.book.key_mark(added.id)
        room.book.hold_secret(added.id, Secret("k-3"), SecretName.API_KEY)
        third = room.book.key_mark(added.id)
        room.book.key_passes(added.id)
        assert len({first, second, third, room.book.key_mark(added.id)}) == 4
        assert told == [added.id] * 3
        await room.book.change(added.id, name="renamed")
        await room.book.keep_secret(added.id, Secret("secret"))
        assert told == [added.id] * 3, "a site's secret is no key of practice"
    async with desk(tmp_path, vault) as room:
        assert room.book.key_mark(added.id) == second, "one of a session alone is over"
        assert room.book.has_had_key(added.id)


async def test_a_connection_may_have_a_practice_service_whose_key_lies_in_the_store(tmp_path: Path) -> None:
    vault = Vault()
    async with desk(tmp_path, vault) as room:
        secrets: list[str] = []
        keys: list[str] = []
        room.book.secret_changed.subscribe(secrets.append)
        room.book.key_changed.subscribe(keys.append)
        added = await room.book.add(ACME, client_id="x", practice=US)
        assert await room.book.keep_secret(added.id, Secret("canary-key-1"), SecretName.API_KEY) is Kept.STORE
        assert (secrets, keys) == ([], [added.id])  # a pass of the site stays what it is
        assert (await room.book.change(added.id, name="renamed")).practice == US
    async with desk(tmp_path, vault) as room:
        (entry,) = room.book.list()
        assert entry.practice == US
        assert await room.secrets.get(entry.owner_of(SecretName.API_KEY), SecretName.API_KEY) == Secret("canary-key-1")
        room.book.hold_secret(entry.id, Secret("canary-key-2"), SecretName.API_KEY)
        assert await room.secrets.get(entry.owner_of(SecretName.API_KEY), SecretName.API_KEY) == Secret("canary-key-2")
        assert (await room.book.change(entry.id, practice=None)).practice is None
    async with desk(tmp_path, vault) as room:
        assert room.book.list()[0].practice is None
    assert files_with(tmp_path, b"canary") == []


@pytest.mark.parametrize("practice", [EU, None])
async def test_a_key_does_not_follow_to_another_practice_service(tmp_path: Path, practice: Origin | None) -> None:
    async with desk(tmp_path) as room:
        added = await room.book.add(ACME, client_id="x", practice=US)
        await room.book.keep_secret(added.id, Secret("entrusted to acme"))
        await room.book.keep_secret(added.id, Secret("entrusted to the us"), SecretName.API_KEY)
        await room.book.change(added.id, practice=US, colour="rose")
        assert len(room.vault.entries) == 2
        await room.book.change(added.id, practice=practice)
        assert list(room.vault.entries.values()) == ["entrusted to acme"]


async def test_K10_forgetting_a_connection_deletes_its_key_as_well(tmp_path: Path) -> None:
    async with desk(tmp_path) as room:
        added = await room.book.add(ACME, client_id="x", practice=US)
        await room.book.keep_secret(added.id, Secret("the secret"))
        await room.book.keep_secret(added.id, Secret("the key"), SecretName.API_KEY)
        assert await room.book.forget(added.id) is True
        assert room.vault.entries == {}


async def test_K10_forget_really_deletes_and_leaves_the_others(tmp_path: Path) -> None:
    async with desk(tmp_path) as room:
        one, two = [await room.book.add(ACME, client_id="x") for _ in range(2)]
        for entry in (one, two):
            await room.book.keep_secret(entry.id, Secret(f"secret of {entry.name}"))
        assert await room.book.forget(one.id) is True
        assert room.book.list() == (two,)
        assert list(room.vault.entries.values()) == [f"secret of {two.name}"]
    async with desk(tmp_path) as room:
        assert room.book.list() == (two,)


async def test_K02_what_a_locked_store_holds_is_not_called_forgotten(tmp_path: Path) -> None:
    async with desk(tmp_path) as room:
        added = await room.book.add(ACME, client_id="x")
        room.vault.locked = True
        with pytest.raises(StorageError) as caught:
            await room.book.forget(added.id)
        assert caught.value.code == "E-KR-LOCKED"
        assert room.book.get(added.id) == added
        assert await room.book.forget(added.id, leave_secret=True) is False
        assert room.book.get(added.id) is None


async def test_K12_a_kill_before_the_secret_leaves_no_secret_without_its_connection(tmp_path: Path) -> None:
    async with desk(tmp_path) as room:
        added = await room.book.add(ACME, client_id="x")
        room.vault.locked = True
        with pytest.raises(StorageError):
            await room.book.keep_secret(added.id, Secret("never written"))
    async with desk(tmp_path) as room:
        assert room.book.list() == (added,)
        room.book.hold_secret(added.id, Secret("for this session"))
        assert room.vault.entries == {}


async def test_what_a_pasted_practice_key_made_is_no_site_for_reports(tmp_path: Path) -> None:
    practice = parse_practice_origin("https://api.sanalabs.com")
    async with desk(tmp_path) as room:
        pasted = await room.book.add(practice, access=Access.PASTED, practice=practice)
        both = await room.book.add(ACME, access=Access.PASTED, practice=practice)
        assert room.book.list() == (pasted, both)
        assert room.book.for_reports() == (both,)


async def test_a_lent_connection_is_never_written(tmp_path: Path) -> None:
    lent = Connection(
        "demo", "Example data", parse_workspace("http://127.0.0.1:1"), "slate", Mark.DEMO, Access.CLIENT, "x"
    )
    async with desk(tmp_path) as room:
        room.book.lend(lent)
        assert room.book.get("demo") == lent
        room.book.drop("demo")
        room.book.drop("demo")
        assert room.book.list() == ()
        room.book.lend(lent)
    async with desk(tmp_path) as room:
        assert room.book.list() == ()


async def test_a_row_that_makes_no_sense_is_left_out_and_not_lost(tmp_path: Path) -> None:
    async with desk(tmp_path) as room:
        added = await room.book.add(ACME, client_id="x")
        broken = """
            INSERT INTO connections
            SELECT 'broken', name, 'http://evil.example', colour, mark, access, '', 0, '', '', 0, NULL FROM connections
        """
        await room.database.write(lambda c: c.execute(broken).rowcount)
    async with desk(tmp_path) as room:
        assert room.book.list() == (added,)
        assert await room.database.read(lambda c: c.execute("SELECT count(*) FROM connections").fetchone()[0]) == 2
