"""What a command looks up in the store: connections, and the authorities that the person trusts besides."""

from __future__ import annotations

from pathlib import Path

import pytest

from sana_desktop.api.origin import parse_workspace
from sana_desktop.api.practice_hosts import parse_practice_origin
from sana_desktop.base.clock import SystemClock
from sana_desktop.base.errors import StorageError
from sana_desktop.base.redaction import Redactor
from sana_desktop.store import settings as keys
from sana_desktop.store.database import Database
from sana_desktop.store.settings import Settings
from sana_desktop.workspace.stored_access import open_stored_access
from tests.support.workspaces import desk


async def test_what_the_window_wrote_is_found(tmp_path: Path) -> None:
    service = parse_practice_origin("https://us.api.sanalabs.com")
    async with desk(tmp_path) as room:
        await room.book.add(parse_workspace("acme"), client_id="i", practice=service)
        settings = Settings(room.database)
        await settings.load()
        await settings.set(keys.EXTRA_CA_FILE, str(tmp_path / "ca.pem"))
        path = room.database.path
    async with open_stored_access(path, SystemClock(), Redactor()) as stored:
        assert [each.practice for each in stored.book.list()] == [service]
        assert stored.extra_ca == tmp_path / "ca.pem"


async def test_a_new_store_knows_nothing_and_one_that_can_not_be_opened_is_said(tmp_path: Path) -> None:
    async with open_stored_access(tmp_path / "sana.db", SystemClock(), Redactor()) as stored:
        assert (stored.book.list(), stored.extra_ca) == ((), None)
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError):
        async with open_stored_access(tmp_path / "file" / "sana.db", SystemClock(), Redactor()):
            pass
    # It was closed: another one can be opened.
    database = Database(tmp_path / "sana.db")
    await database.open()
    await database.close()
