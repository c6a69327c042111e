from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from sana_desktop.api.origin import Origin, parse_workspace
from sana_desktop.api.practice_hosts import parse_practice_origin
from sana_desktop.base.redaction import Secret
from sana_desktop.store.secrets import SecretName
from sana_desktop.workspace import checkup
from sana_desktop.workspace.checkup import Action, Check, CheckName, CheckState, check_up
from sana_desktop.workspace.connections import Access, Connection
from tests.support.fake_server import FakeServer, json_reply
from tests.support.workspaces import JobRegistry, desk

TOKEN = json_reply({"data": {"accessToken": "token-1", "expiresIn": 3600}})
NO_QUERY = json_reply({"data": None, "links": None, "error": "query is missing"}, status=400)
FORBIDDEN = json_reply({"data": None, "links": None, "error": "forbidden"}, status=403)


@pytest.fixture
async def server() -> AsyncIterator[FakeServer]:
    async with FakeServer() as server:
        server.on("POST", "/api/token", TOKEN)
        server.on("POST", "/api/v1/reports/query", NO_QUERY)
        yield server


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[JobRegistry]:
    async with desk(tmp_path / "data") as room:
        yield room


async def look(room: JobRegistry, origin: Origin | str, downloads: Path, **options: object) -> dict[CheckName, Check]:
    entry = await room.book.add(parse_workspace(origin) if isinstance(origin, str) else origin, client_id="id-1")
    await room.book.keep_secret(entry.id, Secret("secret-1"))
    return await run(room, entry, downloads, **options)


async def run(room: JobRegistry, entry: Connection, downloads: Path, **options: object) -> dict[CheckName, Check]:
    checks = await check_up(
        entry,
        clients=room.clients,
        secrets=room.secrets,
        downloads=downloads,
        **options,  # type: ignore[arg-type]
    )
    lines = [name for name in CheckName if name is not CheckName.PRACTICE or "practice" in options]
    assert [check.name for check in checks] == lines
    assert all(check.sentence for check in checks)
    assert [check for check in checks if check.state is CheckState.BAD and not check.action] == []
    return {check.name: check for check in checks}


def states(checks: dict[CheckName, Check]) -> dict[str, str]:
    return {name.value: check.state.value for name, check in checks.items()}


async def test_B05_all_is_well_and_nothing_was_ordered(room: JobRegistry, server: FakeServer, tmp_path: Path) -> None:
    checks = await look(room, server.url, tmp_path / "not made yet" / "reports")
    expected = dict.fromkeys([name.value for name in checks], "ok") | {"certificate": "skipped"}
    if checks[CheckName.ROOM].state is CheckState.WARN:
        expected["room"] = "warn"
    assert states(checks) == expected
    assert not (tmp_path / "not made yet").exists()
    bodies = [request.body for request in server.requests if request.path == "/api/v1/reports/query"]
    assert bodies == [b"{}"]


async def test_a_pass_that_can_only_look_is_told_apart(room: JobRegistry, server: FakeServer, tmp_path: Path) -> None:
    server.on("POST", "/api/v1/reports/query", FORBIDDEN)
    checks = await look(room, server.url, tmp_path)
    assert (checks[CheckName.READ].state, checks[CheckName.WRITE].state) == (CheckState.OK, CheckState.BAD)
    assert checks[CheckName.WRITE].action is Action.WRITE_TO_IT
    assert "write" in checks[CheckName.WRITE].sentence


async def test_a_refused_client_is_the_accesss_fault(room: JobRegistry, server: FakeServer, tmp_path: Path) -> None:
    server.on("POST", "/api/token", json_reply({"error": "invalid_client"}, status=401))
    checks = await look(room, server.url, tmp_path)
    assert checks[CheckName.REACH].state is CheckState.OK
    assert (checks[CheckName.ACCESS].state, checks[CheckName.ACCESS].action) == (CheckState.BAD, Action.SIGN_IN)
    assert checks[CheckName.WRITE].state is CheckState.SKIPPED


async def test_a_site_that_is_not_there_is_the_lines_fault(room: JobRegistry, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    checks = await look(room, f"http://127.0.0.1:{port}", tmp_path)
    assert checks[CheckName.ADDRESS].state is CheckState.OK
    assert (checks[CheckName.REACH].state, checks[CheckName.REACH].action) == (CheckState.BAD, Action.CHECK_NETWORK)
    assert checks[CheckName.FOLDER].state is CheckState.OK  # the other lines are looked at all the same


async def test_an_unknown_name_is_the_addresss_fault(room: JobRegistry, server: FakeServer, tmp_path: Path) -> None:
    def nobody(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    checks = await look(room, server.url, tmp_path, lookup=nobody)
    assert (checks[CheckName.ADDRESS].state, checks[CheckName.ADDRESS].action) == (CheckState.BAD, Action.FIX_ADDRESS)


async def test_behind_a_proxy_the_name_is_the_proxys_business(room: JobRegistry, tmp_path: Path) -> None:
    entry = await room.book.add(parse_workspace("acme"), client_id="id-1")  # and no secret: nothing is sent
    checks = await run(room, entry, tmp_path, proxy=lambda url: "http://proxy:3128")
    assert checks[CheckName.ADDRESS].state is CheckState.SKIPPED
    assert (checks[CheckName.ACCESS].state, checks[CheckName.ACCESS].action) == (CheckState.BAD, Action.SIGN_IN)
    assert checks[CheckName.REACH].state is CheckState.SKIPPED


@pytest.mark.parametrize(("hours", "word"), [(3, "behind"), (-3, "ahead")])
async def test_C10_a_wrong_clock_is_said_with_its_size(
    room: JobRegistry, server: FakeServer, tmp_path: Path, hours: int, word: str
) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(hours=hours), usegmt=True)
    server.on("POST", "/api/token", replace(TOKEN, date=date))
    server.on("POST", "/api/v1/reports/query", replace(NO_QUERY, date=date))
    checks = await look(room, server.url, tmp_path)
    assert (checks[CheckName.CLOCK].state, checks[CheckName.CLOCK].action) == (CheckState.WARN, Action.SET_CLOCK)
    assert f"180 minutes {word}" in checks[CheckName.CLOCK].sentence


async def practising(room: JobRegistry, server: FakeServer, practice: str, key: str | None = "key-1") -> Connection:
    entry = await room.book.add(parse_workspace(server.url), client_id="id-1", practice=parse_practice_origin(practice))
    await room.book.keep_secret(entry.id, Secret("secret-1"))
    if key is not None:
        await room.book.keep_secret(entry.id, Secret(key), SecretName.API_KEY)
    return entry


@pytest.mark.parametrize(
    ("status", "state", "action"),
    [
        (400, CheckState.OK, Action.NONE),
        (401, CheckState.BAD, Action.SIGN_IN),
        (404, CheckState.BAD, Action.FIX_ADDRESS),
        (500, CheckState.BAD, Action.TRY_AGAIN),
    ],
)
async def test_practice_has_a_line_of_its_own_which_posts_nothing(
    room: JobRegistry, server: FakeServer, tmp_path: Path, status: int, state: CheckState, action: Action
) -> None:
    server.on("POST", "/v1/next-exercises", json_reply({"errors": [{"status": status, "detail": "x"}]}, status))
    checks = await run(room, await practising(room, server, server.url), tmp_path, practice=room.practice)
    line = checks[CheckName.PRACTICE]
    assert (line.state, line.action) == (state, action)
    bodies = [request.body for request in server.requests if request.path.startswith("/v1/")]
    assert bodies == [b"{}"]
    assert all(check.state is not CheckState.BAD for name, check in checks.items() if name is not CheckName.PRACTICE)


async def test_practice_without_a_key_is_said_and_asks_nobody(
    room: JobRegistry, server: FakeServer, tmp_path: Path
) -> None:
    entry = await practising(room, server, server.url, key=None)
    checks = await run(room, entry, tmp_path, practice=room.practice)
    assert (checks[CheckName.PRACTICE].state, checks[CheckName.PRACTICE].action) == (CheckState.BAD, Action.SIGN_IN)
    assert server.count("POST", "/v1/*") == 0


async def test_a_connection_for_practice_alone_is_asked_nothing_about_reports(
    room: JobRegistry, server: FakeServer, tmp_path: Path
) -> None:
    site = parse_practice_origin(server.url)
    entry = await room.book.add(site, access=Access.PASTED, practice=site)
    room.practice.give_key(entry.id, Secret("key-1"))
    checks = await check_up(
        entry, clients=room.clients, secrets=room.secrets, downloads=tmp_path, practice=room.practice
    )
    assert [check.name for check in checks] == [CheckName.ADDRESS, CheckName.PRACTICE]


async def test_a_connection_without_practice_has_no_line_of_it(
    room: JobRegistry, server: FakeServer, tmp_path: Path
) -> None:
    entry = await room.book.add(parse_workspace(server.url), client_id="id-1")
    checks = await check_up(
        entry, clients=room.clients, secrets=room.secrets, downloads=tmp_path, practice=room.practice
    )
    assert CheckName.PRACTICE not in [check.name for check in checks]


async def test_a_locked_store_is_its_own_line(room: JobRegistry, server: FakeServer, tmp_path: Path) -> None:
    entry = await room.book.add(parse_workspace(server.url), client_id="id-1")
    room.vault.locked = True
    checks = await run(room, entry, tmp_path)
    assert (checks[CheckName.ACCESS].state, checks[CheckName.ACCESS].action) == (CheckState.BAD, Action.TRY_STORE_AGAIN)


async def test_D08_a_folder_that_takes_no_file_is_said(room: JobRegistry, server: FakeServer, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    checks = await look(room, server.url, tmp_path / "file" / "reports")
    assert (checks[CheckName.FOLDER].state, checks[CheckName.FOLDER].action) == (CheckState.BAD, Action.CHOOSE_FOLDER)
    assert str(tmp_path / "file") in checks[CheckName.FOLDER].sentence
    assert checks[CheckName.ROOM].state is CheckState.SKIPPED


@pytest.mark.parametrize(
    ("free", "state"), [(100_000_000, CheckState.BAD), (900_000_000, CheckState.WARN), (5_000_000_000, CheckState.OK)]
)
def test_D01_little_room_is_said_before_a_report_needs_it(free: int, state: CheckState) -> None:
    check = checkup._room(free)
    assert check.state is state
    assert "MB" in check.sentence or "GB" in check.sentence


async def test_a_region_that_was_chosen_from_a_list_was_not_misspelt(room: JobRegistry) -> None:
    def nobody(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    entry = await room.book.add(parse_workspace("https://api.sanalabs.com"), client_id="id-1")
    found = await checkup._check_address(entry, nobody, lambda url: None)
    assert (found.sentence, found.action) == ("I can't find api.sanalabs.com.", Action.CHECK_NETWORK)
