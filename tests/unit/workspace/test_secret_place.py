"""Where a secret is said to be: never in a password store only because there is one."""

from __future__ import annotations

from pathlib import Path

import pytest

from sana_desktop.api.origin import parse_workspace
from sana_desktop.base.clock import SystemClock
from sana_desktop.base.redaction import Redactor, Secret
from sana_desktop.store.secrets import SecretName, SecretStore
from sana_desktop.workspace.connections import ConnectionStore
from sana_desktop.workspace.credentials import credentials_of
from sana_desktop.workspace.secret_place import SecretPlace, secret_place
from tests.support.workspaces import JobRegistry, Vault, desk

ACME = parse_workspace("acme")


async def place(room: JobRegistry, secrets: SecretStore | None = None) -> SecretPlace:
    (entry,) = room.book.list()
    return await secret_place(entry, room.book, secrets or room.secrets)


async def test_a_secret_kept_in_memory_is_not_said_to_be_in_a_store_that_came_later(tmp_path: Path) -> None:
    vault, nowhere = Vault(), SecretStore(Redactor(), choose=lambda: None)
    async with desk(tmp_path, vault) as room:
        # As in a session where no password store runs: the secret lives as long as the app.
        book = ConnectionStore(room.database, nowhere, SystemClock())
        added = await book.add(ACME, client_id="x")
        await book.keep_secret(added.id, Secret("s"))
        assert await secret_place(added, book, nowhere) is SecretPlace.MEMORY
    async with desk(tmp_path, vault) as room:
        assert await place(room) is SecretPlace.ABSENT
        await room.book.keep_secret(added.id, Secret("s"))
        assert await place(room) is SecretPlace.STORE
    async with desk(tmp_path, vault) as room:
        assert await place(room) is SecretPlace.STORE
        assert vault.reads == 2, "to say so nobody is asked: a store may ask the person"
        assert await place(room, SecretStore(Redactor(), choose=lambda: None)) is SecretPlace.UNREACHED


async def test_K06_what_was_deleted_outside_is_known_once_it_was_looked_for(tmp_path: Path) -> None:
    vault = Vault()
    async with desk(tmp_path, vault) as room:
        added = await room.book.add(ACME, client_id="x")
        await room.book.keep_secret(added.id, Secret("s"))
        await credentials_of(added, room.secrets)
        vault.entries.clear()
        assert await room.secrets.get(added.owner_of(SecretName.CLIENT_SECRET), SecretName.CLIENT_SECRET) is None
        assert await place(room) is SecretPlace.ABSENT


async def test_T1_another_site_has_no_secret_yet(tmp_path: Path) -> None:
    async with desk(tmp_path) as room:
        added = await room.book.add(ACME, client_id="x")
        await room.book.keep_secret(added.id, Secret("s"))
        await room.book.change(added.id, origin=parse_workspace("other"))
        assert await place(room) is SecretPlace.ABSENT


@pytest.mark.parametrize(("there", "found"), [(True, SecretPlace.STORE), (False, SecretPlace.ABSENT)])
async def test_a_connection_from_before_is_not_known_until_it_is_used(
    tmp_path: Path, there: bool, found: SecretPlace
) -> None:
    vault = Vault()
    async with desk(tmp_path, vault) as room:
        added = await room.book.add(ACME, client_id="x")
        await room.book.keep_secret(added.id, Secret("s"))
        await room.database.write(lambda c: c.execute("UPDATE connections SET secret_stored = NULL").rowcount)
    if not there:
        vault.entries.clear()
    async with desk(tmp_path, vault) as room:
        assert await place(room) is SecretPlace.UNKNOWN
        await room.secrets.get(added.owner_of(SecretName.CLIENT_SECRET), SecretName.CLIENT_SECRET)
        assert await place(room) is found
