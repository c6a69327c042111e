"""`export` where it meets trouble of its own making; its outcomes as scripts see them are in tests/e2e."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from sana_desktop.base.errors import StorageError
from sana_desktop.bootstrap import open_services
from sana_desktop.cli import export
from sana_desktop.cli.arguments import parse
from sana_desktop.cli.commands import ExportCommand
from sana_desktop.reports.disk.files import DiskFiles
from sana_desktop.reports.download import finalise
from sana_desktop.reports.services import OpenServices, Services
from sana_desktop.sandbox.server import running_sandbox
from sana_desktop.store import limits
from sana_desktop.store.database import StoreLimits
from sana_desktop.store.paths import Paths

NOBODY = "http://127.0.0.1:9"


def run(out: Path, url: str, opened: OpenServices, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    command = parse(["export", "--workspace", url, "--sql", "SELECT 1 AS x", "--out", str(out), "--json", "--quiet"])
    assert isinstance(command, ExportCommand)
    code = export.run(command, Paths.below(out.parent / "home"), opened)
    printed, errors = capsys.readouterr()
    assert errors == ""
    return code, json.loads(printed)


def test_a_fault_of_our_own_is_no_traceback(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    @asynccontextmanager
    async def broken() -> AsyncIterator[Services]:
        raise RuntimeError("a bug")
        yield

    code, answer = run(tmp_path / "x.csv", "acme", broken, capsys)
    assert code == 1
    assert answer["error"] == {
        "kind": "internal",
        "message": "The export stopped by a fault of its own. The log says more.",
        "http_status": None,
        "job_id": None,
    }


@pytest.mark.parametrize("trouble", [StorageError("The disk is gone.", code="E-X"), asyncio.CancelledError()])
def test_trouble_in_closing_does_not_undo_a_file_in_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, trouble: BaseException
) -> None:
    @asynccontextmanager
    async def closing_badly() -> AsyncIterator[Services]:
        async with open_services(Paths.below(tmp_path / "home"), adopts_others=False) as services:
            yield services
        raise trouble

    with running_sandbox(rows=10, min_job_seconds=0.0) as server:
        described = server.describe()
        monkeypatch.setenv("SANA_TOKEN", described["token"])
        code, answer = run(tmp_path / "x.csv", described["insights_url"], closing_badly, capsys)
    assert (code, answer["ok"]) == (0, True)
    assert (tmp_path / "x.csv").read_bytes() == b"x\n1\n"


def test_p14_a_data_folder_of_a_newer_version_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SANA_TOKEN", "x")
    paths = Paths.below(tmp_path / "home")
    assert run(tmp_path / "x.csv", NOBODY, lambda: open_services(paths, adopts_others=False), capsys)[0] == 5
    with closing(sqlite3.connect(paths.database)) as connection:
        connection.execute("PRAGMA user_version = 9999")
    before = paths.database.read_bytes()
    code, answer = run(tmp_path / "x.csv", NOBODY, lambda: open_services(paths, adopts_others=False), capsys)
    assert (code, answer["ok"]) == (7, False)
    assert paths.database.read_bytes() == before
    assert not (tmp_path / "x.csv").exists()


@pytest.mark.parametrize("how", ["PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE", "BEGIN IMMEDIATE"])
def test_P11_a_store_that_another_program_holds_is_said_before_anything_is_ordered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setenv("SANA_TOKEN", "x")
    monkeypatch.setattr(limits, "FOR_A_COMMAND", StoreLimits(busy_seconds=0.1, opening_seconds=0.1))
    paths = Paths.below(tmp_path / "home")
    asyncio.run(_open_once(paths))
    with closing(sqlite3.connect(paths.database, isolation_level=None)) as other:
        other.executescript(how)
        began = time.monotonic()
        code, answer = run(tmp_path / "x.csv", NOBODY, lambda: open_services(paths, adopts_others=False), capsys)
        assert time.monotonic() - began < 5.0
    assert (code, answer["error"]["kind"]) == (7, "file")
    assert answer["error"]["message"].startswith("Another program is holding the app's own store")
    with closing(sqlite3.connect(paths.database)) as connection:
        assert connection.execute("SELECT count(*) FROM jobs").fetchone() == (0,)


async def _open_once(paths: Paths) -> None:
    async with open_services(paths, adopts_others=False):
        """It is made."""


def test_7_d06_a_file_that_another_program_holds_ends_the_export_and_nothing_goes_on_later(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def held(self: DiskFiles, source: Path, target: Path) -> None:
        error = PermissionError(13, "held by another program", str(target))
        error.winerror = 32  # type: ignore[attr-defined]
        raise error

    monkeypatch.setattr(DiskFiles, "move_new", held)
    monkeypatch.setattr(finalise, "RENAME_WAITS", ())
    home = tmp_path / "home"
    with running_sandbox(rows=10, min_job_seconds=0.0) as server:
        there = server.describe()
        monkeypatch.setenv("SANA_TOKEN", there["token"])
        opened = partial(open_services, Paths.below(home), adopts_others=False, discard_on_failure=True)
        code, answer = run(tmp_path / "x.csv", there["insights_url"], opened, capsys)
    assert (code, answer["error"]["kind"]) == (7, "file")
    assert "program" in answer["error"]["message"]
    assert [entry.name for entry in tmp_path.iterdir()] == ["home"]
    with closing(sqlite3.connect(Paths.below(home).database)) as connection:
        assert connection.execute("SELECT state FROM transfers").fetchall() == [("failed",)]
