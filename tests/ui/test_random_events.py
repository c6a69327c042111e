"""U07: whatever is clicked, typed, turned and sized in whatever order, the window lives, and says no warning."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication

from sana_desktop.sandbox.server import SandboxServer, running_sandbox
from tests.support.live_window import LiveWindow, live_window
from tests.support.monkey import Monkey

PLACES = 4
QUICK_EVENTS = 1_000
SOAK_EVENTS = 10_000
SOAK_SEEDS = range(5)
"""50,000 events in all, each window used for as long as it takes to fill up with jobs, files and answers."""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxServer]:
    with running_sandbox(rows=50, min_job_seconds=0.05) as server:
        yield server


class Outside(QObject):
    """Stands where other programs would be started."""

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        """It is opened by nobody."""


@pytest.fixture(autouse=True)
def _alone(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody outside is reached: no other program, no other computer, no file beyond the test's own folder."""
    outside = Outside()
    schemes = ("file", "https", "http", "mailto")
    for scheme in schemes:
        QDesktopServices.setUrlHandler(scheme, outside, "take")  # type: ignore[arg-type]  # the stub is wrong
    look_up: Callable[..., Any] = socket.getaddrinfo

    def only_here(host: Any, *more: Any, **named: Any) -> Any:
        if host not in {"127.0.0.1", b"127.0.0.1", "localhost", "::1"}:
            raise socket.gaierror(socket.EAI_NONAME, "nobody is looked up here")
        return look_up(host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", only_here)
    monkeypatch.chdir(tmp_path)
    yield
    for scheme in schemes:
        QDesktopServices.unsetUrlHandler(scheme)


def texts(sandbox: SandboxServer) -> list[str]:
    told = sandbox.describe()
    order = '{"query": "SELECT 1 AS one", "format": "xlsx"}'
    return [
        f"curl '{told['insights_url']}/api/v1/reports/query' -H 'Authorization: Bearer {told['token']}' -d '{order}'",
        f"curl {told['practice_url']}/api/v0/exercises -H 'X-API-KEY: {told['api_key']}' -d '{{\"user_id\": \"u\"}}'",
        f"Client ID: {told['client_id']}\nClient secret: {told['client_secret']}",
        'SELECT "user", count(*) FROM "analytics"."user_course_instance_progress" GROUP BY 1',
        "SELECT 1 AS one -- sandbox: slow 0.4; cut 100",
        "SELECT {{what}} FROM (",
        "<img src='file:///etc/passwd'> \u202e\x00\x07" + "long " * 400,
        "curl 'https://acme.sana.ai/api/v1/reports/query' -d @/etc/passwd",
        "a\n" * 3_000,
        "😀",
    ]


async def play(home: Path, sandbox: SandboxServer, seed: int, events: int, *, dress: bool = True) -> Monkey:
    async with live_window(home, sandbox) as window:
        await window.ready()
        window.shell.window.actions_by_name.action("file.quit").setEnabled(False)
        if not dress:
            leave_the_dress(window)
        monkey = Monkey(window.shell.window, seed, texts(sandbox), PLACES, home / "acts.txt")
        await monkey.play(events)
        await _is_alive(window)
    return monkey


def leave_the_dress(window: LiveWindow) -> None:
    """Put what dresses the whole window anew out of order: once takes as long as a hundred other acts."""
    actions = window.shell.window.actions_by_name
    for name in ("system", "light", "dark", "larger", "smaller", "normal"):
        actions.action(f"view.{name}").setEnabled(False)
    window.shell.settings.theme.setEnabled(False)
    window.shell.settings.text_scale.setEnabled(False)


async def _is_alive(window: LiveWindow) -> None:
    await window.until("an enabled window", window.shell.window.isEnabled)
    window.shell.window.go_to("settings")
    assert window.shell.window.place == "settings"
    assert window.truth()


def mistakes(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.mark.no_cover
async def test_U07_random_events_do_no_harm(
    tmp_path: Path, sandbox: SandboxServer, caplog: pytest.LogCaptureFixture
) -> None:
    monkey = await play(tmp_path, sandbox, 1, QUICK_EVENTS, dress=False)
    assert mistakes(caplog) == []
    assert sum(monkey.kinds.values()) == QUICK_EVENTS
    assert len(monkey.kinds) >= 8, "hardly anything was tried"
    assert len(monkey.seen) >= 40, f"only these were used: {sorted(monkey.seen)}"


@pytest.mark.soak
@pytest.mark.timeout(3_600, method="thread")
@pytest.mark.parametrize("seed", SOAK_SEEDS)
async def test_U07_fifty_thousand_random_events_do_no_harm(
    tmp_path: Path, sandbox: SandboxServer, caplog: pytest.LogCaptureFixture, seed: int
) -> None:
    await play(tmp_path, sandbox, 100 + seed, SOAK_EVENTS)
    assert mistakes(caplog) == []
