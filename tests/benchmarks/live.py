"""The running app in this process, on Qt's loop, with the sandbox in a process of its own."""

from __future__ import annotations

import asyncio
import json
import sys
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QWidget

from sana_desktop.base.tasks import Supervisor
from sana_desktop.bootstrap import open_practice, open_services
from sana_desktop.reports.services import Services
from sana_desktop.store.first_look import FirstLook
from sana_desktop.store.paths import Paths
from sana_desktop.ui.app import _live, make_application, read_site
from sana_desktop.ui.frame import Frame
from sana_desktop.ui.garbage import MainThreadGarbage
from sana_desktop.ui.shell import Shell
from sana_desktop.workspace.demo_server import DemoAddress, DemoServer

PATIENCE = 60.0
Prepare = Callable[[Services, DemoAddress], Awaitable[None]]


@dataclass
class LiveApp:
    """The window, its services, and where its demo workspace is served."""

    shell: Shell
    services: Services
    address: DemoAddress

    async def until(self, what: str, look: Callable[[], object], patience: float = PATIENCE) -> None:
        """Wait until `look` returns something true."""
        async with asyncio.timeout(patience):
            while not look():  # noqa: ASYNC110 - a widget has no event for what a person sees
                await asyncio.sleep(0.02)

    def requests(self) -> dict[str, int]:
        """Return how often the sandbox was asked for what: `METHOD /path`. Blocks."""
        found = ask(self.address, "/_sandbox/requests")["counts"]
        return {name: count for name, count in found.items() if isinstance(found, dict)}


def ask(address: DemoAddress, path: str, body: object = None) -> dict[str, dict[str, int]]:
    """Ask the sandbox with its ready-made token; a body makes it a POST. Blocks."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {address.token.reveal()}", "Content-Type": "application/json"}
    request = urllib.request.Request(address.insights_url + path, data, headers)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=PATIENCE) as answer:
        content: dict[str, dict[str, int]] = json.load(answer)
    return content


def sandbox_process(folder: Path) -> DemoServer:
    """Return the sandbox, not yet started, with few rows."""
    command = [sys.executable, "-m", "sana_desktop", "sandbox", "--rows", "2000", "--until-eof", "--state", str(folder)]
    return DemoServer(command)


@asynccontextmanager
async def live_app(home: Path, prepare: Prepare | None = None) -> AsyncIterator[LiveApp]:
    """Open the window on the demo workspace and close it in order at the end; garbage is collected as the app does.

    Args:
        home: a new folder.
        prepare: called with the open services before the session begins.
    """
    paths = Paths.below(home)
    paths.ensure()
    app = make_application()
    server = sandbox_process(home / "sandbox")
    address = await server.start()
    shell = Shell(Frame(app, FirstLook()), read_site)
    shell.window.show()
    opened: list[Services] = []

    @asynccontextmanager
    async def services_here() -> AsyncIterator[Services]:
        async with open_services(paths, adopts_others=True) as services:
            if prepare is not None:
                await prepare(services, address)
            opened.append(services)
            yield services

    owner = Supervisor("benchmark")
    session = owner.start("session", _live(shell, paths, services_here, server, open_practice, None, demo=True))
    assert session is not None
    try:
        with MainThreadGarbage():
            live = LiveApp(shell, services=None, address=address)  # type: ignore[arg-type]
            button = shell.window.findChild(QWidget, "getReportButton")
            assert button is not None
            await live.until("the session", lambda: opened and button.isEnabled())
            live.services = opened[0]
            yield live
    finally:
        shell.window.close()
        assert await asyncio.wait_for(session, PATIENCE)
        shell.window.deleteLater()
