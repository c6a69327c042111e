"""The end of the window's process: it comes within seconds, whatever hangs (BEHAVIOUR.md P20, I10)."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from sana_desktop.api.models import DownloadLink
from sana_desktop.api.origin import parse_workspace
from sana_desktop.base.clock import SystemClock
from sana_desktop.base.redaction import Redactor, Secret
from sana_desktop.reports.records.job import JobState
from sana_desktop.reports.records.ledger import Ledger
from sana_desktop.store.database import Database
from sana_desktop.store.paths import Paths
from sana_desktop.store.secrets import SecretStore
from sana_desktop.workspace.connections import Access, ConnectionStore
from tests.support.export_command import program_environment
from tests.support.records import job, order

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="asks for the end by a signal"),
    pytest.mark.no_cover,  # the processes go where tests/ui went already
]

PATIENCE_SECONDS = 60.0
QUIT_SECONDS = 5.0


async def leave_work(paths: Paths) -> None:
    """A report to look for at a site whose secret is in the password store, and one to fetch by its link."""
    paths.ensure()
    clock = SystemClock()
    database = Database(paths.database)
    await database.open()
    try:
        book = ConnectionStore(database, SecretStore(Redactor(), choose=lambda: None), clock)
        acme = await book.add(parse_workspace("acme"), access=Access.CLIENT, client_id="id-of-acme")
        beta = await book.add(parse_workspace("beta"), access=Access.PASTED)
        ledger = Ledger(database)
        await ledger.save_job(replace(job("watched"), order=order("Watched", acme.id)))
        link = DownloadLink(Secret("https://files.example.com/report.csv"), clock.now() + timedelta(hours=1))
        ready = job("ready", JobState.READY, job_id="remote-2", link=link)
        await ledger.save_job(replace(ready, order=order("Ready", beta.id)))
    finally:
        await database.close()


@pytest.mark.parametrize("locked", [False, True], ids=["", "and the store is locked"])
def test_P20_names_and_passwords_that_never_come_do_not_hold_up_the_end(tmp_path: Path, locked: bool) -> None:
    paths = Paths.below(tmp_path / "home")
    asyncio.run(leave_work(paths))
    child = subprocess.Popen(
        (sys.executable, "-m", "tests.support.hung_window"),
        cwd=tmp_path,
        env=program_environment({"SANA_DESKTOP_HOME": str(tmp_path / "home")}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with child, ExitStack() as stack:
        try:
            assert child.stdout is not None
            assert {child.stdout.readline(), child.stdout.readline()} == {"names\n", "passwords\n"}
            if locked:
                other = stack.enter_context(closing(sqlite3.connect(paths.database, isolation_level=None)))
                other.execute("BEGIN IMMEDIATE")
            began = time.monotonic()
            child.send_signal(signal.SIGTERM)
            _, err = child.communicate(timeout=PATIENCE_SECONDS)
            took = time.monotonic() - began
        finally:
            child.kill()
    assert (child.returncode, err) == (0, "")
    assert took < QUIT_SECONDS
    assert "Traceback" not in paths.log_file.read_text("utf-8")
