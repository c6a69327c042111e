from __future__ import annotations

from pathlib import Path

import pytest

from sana_desktop.api.auth import ClientCredentials, PastedToken
from sana_desktop.api.origin import parse_workspace
from sana_desktop.api.practice_hosts import parse_practice_origin
from sana_desktop.base.errors import AuthError, UserError
from sana_desktop.base.redaction import Redactor, Secret
from sana_desktop.store.secrets import SecretName, SecretStore
from sana_desktop.workspace.connections import Access
from sana_desktop.workspace.credentials import (
    api_key_from_environment,
    credentials_from_environment,
    credentials_of,
    find_profile,
    key_of,
)
from tests.support.workspaces import desk

ACME = parse_workspace("acme")
OTHER = parse_workspace("other")


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, None),
        ({"SANA_TOKEN": " t "}, PastedToken(Secret("t"))),
        ({"SANA_CLIENT_ID": "i", "SANA_CLIENT_SECRET": "s"}, ClientCredentials("i", Secret("s"))),
        ({"SANA_TOKEN": "t", "SANA_CLIENT_ID": "i"}, PastedToken(Secret("t"))),
        ({"SANA_TOKEN": "", "SANA_CLIENT_ID": " ", "SANA_API_KEY": "k"}, None),
    ],
)
def test_the_environment_may_give_credentials(environ: dict[str, str], expected: object) -> None:
    assert credentials_from_environment(environ) == expected


@pytest.mark.parametrize(("given", "key"), [({}, None), ({"SANA_API_KEY": " "}, None), ({"SANA_API_KEY": " k\n"}, "k")])
def test_the_environment_may_give_a_key_for_practice(given: dict[str, str], key: str | None) -> None:
    assert api_key_from_environment(given) == (None if key is None else Secret(key))


async def test_a_connections_key_is_the_stored_one_and_only_a_store_that_keeps_it_back_is_no_lack(
    tmp_path: Path,
) -> None:
    async with desk(tmp_path) as room:
        entry = await room.book.add(ACME, client_id="i")
        with pytest.raises(AuthError) as caught:
            await key_of(entry, room.secrets)
        assert caught.value.code == "E-KEY-MISSING"
        await room.book.keep_secret(entry.id, Secret("k"), SecretName.API_KEY)
        assert await key_of(entry, room.secrets) == Secret("k")
        room.vault.locked = True
        with pytest.raises(AuthError) as caught:
            await key_of(entry, room.secrets)
        assert caught.value.code == "E-KR-LOCKED"


@pytest.mark.parametrize("environ", [{"SANA_CLIENT_ID": "i"}, {"SANA_CLIENT_SECRET": "canary-1"}])
def test_half_a_client_is_said_to_be_half(environ: dict[str, str]) -> None:
    with pytest.raises(AuthError) as caught:
        credentials_from_environment(environ)
    assert caught.value.kind == "auth"
    assert "SANA_CLIENT_ID" in caught.value.message
    assert "SANA_CLIENT_SECRET" in caught.value.message
    assert "canary" not in caught.value.message


async def test_a_connections_own_are_its_id_and_the_stored_secret(tmp_path: Path) -> None:
    async with desk(tmp_path) as room:
        entry = await room.book.add(ACME, client_id="i")
        with pytest.raises(AuthError) as caught:
            await credentials_of(entry, room.secrets)
        assert caught.value.code == "E-AUTH-MISSING"
        await room.book.keep_secret(entry.id, Secret("s"))
        assert await credentials_of(entry, room.secrets) == ClientCredentials("i", Secret("s"))


async def test_a_pasted_pass_is_gone_with_the_session(tmp_path: Path) -> None:
    async with desk(tmp_path) as room:
        entry = await room.book.add(ACME, access=Access.PASTED)
        with pytest.raises(AuthError) as caught:
            await credentials_of(entry, room.secrets)
        assert caught.value.code == "E-AUTH-MISSING"
        assert "memory only" in caught.value.message


async def test_K06_K02_a_store_that_says_no_asks_for_a_sign_in(tmp_path: Path) -> None:
    async with desk(tmp_path) as room:
        entry = await room.book.add(ACME, client_id="i")
        room.vault.locked = True
        with pytest.raises(AuthError) as caught:
            await credentials_of(entry, room.secrets)
        assert (caught.value.code, caught.value.retryable) == ("E-KR-LOCKED", True)


async def test_K01_where_no_store_can_be_looked_into_nothing_is_said_of_what_lies_there(tmp_path: Path) -> None:
    nowhere = SecretStore(Redactor(), choose=lambda: None)
    async with desk(tmp_path) as room:
        entry = await room.book.add(ACME, client_id="i")
        for asked in (credentials_of, key_of):
            with pytest.raises(AuthError, match="no password store to look in now"):
                await asked(entry, nowhere)
            with pytest.raises(AuthError, match="is not on this computer"):
                await asked(entry, room.secrets)


async def test_the_profile_that_a_command_means(tmp_path: Path) -> None:
    async with desk(tmp_path) as room:
        assert find_profile(room.book, None, None) is None
        acme = await room.book.add(ACME, name="Acme", client_id="i")
        other = await room.book.add(OTHER, name="Other", client_id="i")
        assert find_profile(room.book, "acme", None) == acme
        assert find_profile(room.book, "acme", ACME) == acme
        assert find_profile(room.book, None, OTHER) == other
        assert find_profile(room.book, None, parse_workspace("third")) is None
        for profile, origin in (("nobody", None), ("acme", OTHER), (None, None)):
            with pytest.raises(UserError) as caught:
                find_profile(room.book, profile, origin)
            assert caught.value.code == "E-PROFILE"


async def test_a_connection_for_practice_alone_is_no_profile_for_reports(tmp_path: Path) -> None:
    async with desk(tmp_path) as room:
        practice = parse_practice_origin("https://api.sanalabs.com")
        await room.book.add(practice, name="Practice key", access=Access.PASTED, practice=practice)
        assert find_profile(room.book, None, None) is None
        assert find_profile(room.book, None, practice) is None
        acme = await room.book.add(ACME, name="Acme", client_id="i", practice=practice)
        assert find_profile(room.book, None, None) == acme
        with pytest.raises(UserError) as caught:
            find_profile(room.book, "Practice key", None)
        assert caught.value.code == "E-PROFILE"
        assert "no reports" in caught.value.message
