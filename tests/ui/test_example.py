"""The example is lent for a session: usable at once, written nowhere, its secrets known to the redactor."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sana_desktop.base.redaction import Redactor
from sana_desktop.reports.sql.check import check
from sana_desktop.sandbox.server import SandboxServer, running_sandbox
from sana_desktop.ui.example import EXAMPLE_SQL, lend_demo
from sana_desktop.ui.example_presenter import ready_words
from sana_desktop.workspace.demo import DEMO_ID
from sana_desktop.workspace.practice_clients import KeyState
from tests.support.live_window import SandboxAsDemo
from tests.support.workspaces import desk


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxServer]:
    with running_sandbox(rows=200, min_job_seconds=0.1) as server:
        yield server


async def test_it_can_be_signed_in_to_and_leaves_no_trace(tmp_path: Path, sandbox: SandboxServer) -> None:
    redactor, told = Redactor(), sandbox.describe()
    async with desk(tmp_path) as room:
        assert await lend_demo(SandboxAsDemo(sandbox), room.book, room.clients, redactor) == DEMO_ID
        assert await room.practice.state(DEMO_ID) is KeyState.MISSING
        client = await room.clients.client(DEMO_ID)
        assert await client.check()
        assert room.vault.entries == {}
        for name in ("client_secret", "token", "api_key"):
            assert told[name] not in redactor.clean(f"it is {told[name]}")
    assert told["client_secret"].encode() not in everything_in(tmp_path)


async def test_its_practice_service_can_be_used_at_once(tmp_path: Path, sandbox: SandboxServer) -> None:
    redactor, told = Redactor(), sandbox.describe()
    async with desk(tmp_path) as room:
        await lend_demo(SandboxAsDemo(sandbox), room.book, room.clients, redactor, room.practice)
        client = await room.practice.client(DEMO_ID)
        assert client.origin.url == told["practice_url"]
        assert await room.practice.state(DEMO_ID) is KeyState.READY
        assert room.vault.entries == {}
    assert told["api_key"].encode() not in everything_in(tmp_path)


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_nothing_is_said_to_stay_here_where_the_query_goes_to_another_site() -> None:
    assert "nothing of it leaves this computer" in ready_words(None)
    said = ready_words("Acme live")
    assert "leaves this computer" not in said
    assert "The query in sight goes to Acme live." in said


def test_the_vendors_own_query_has_nothing_wrong_with_it() -> None:
    assert [one for one in check(EXAMPLE_SQL) if one.severity == "error"] == []
