"""The services of practice on a real store and a real sandbox, and a plain stand-in for the session beside them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from sana_desktop.api.origin import parse_workspace
from sana_desktop.api.practice_hosts import parse_practice_origin
from sana_desktop.base.clock import SystemClock
from sana_desktop.base.redaction import Secret
from sana_desktop.base.tasks import Supervisor
from sana_desktop.bootstrap import open_practice, open_services
from sana_desktop.practice.asker import Asker
from sana_desktop.practice.exercises.catalogue import Catalogue
from sana_desktop.practice.outcomes.delivery_asker import DeliveryAsker
from sana_desktop.practice.services import PracticeServices
from sana_desktop.practice.sessions.session import Mode, SessionRecord, Setup
from sana_desktop.practice.simulate.player import PlayedStep
from sana_desktop.sandbox.server import SandboxServer
from sana_desktop.store.paths import Paths
from sana_desktop.workspace.demo import DEMO_ID, demo_connection

WAIT_SECONDS = 60.0

Found = TypeVar("Found")


@dataclass
class PlainHost:
    """What the session would be: it keeps what it is told."""

    services: PracticeServices | None = None
    connection: str | None = DEMO_ID
    set_up: Setup = field(default_factory=lambda: Setup(Mode.SINGLE, "", 5))
    known: Catalogue = field(default_factory=Catalogue)
    session: SessionRecord | None = None
    handfuls: list[list[PlayedStep]] = field(default_factory=list)
    asks: Asker | None = None

    def connection_id(self) -> str | None:
        return self.connection

    def setup(self) -> Setup:
        return self.set_up

    def catalogue(self) -> Catalogue:
        return self.known

    def record(self) -> SessionRecord | None:
        return self.session

    def asker(self, plays: Setup) -> Asker | None:
        if self.asks is None and self.services is not None and self.connection is not None:
            self.asks = DeliveryAsker(self.services.delivery, self.connection)
        return self.asks

    def take_steps(self, steps: list[PlayedStep]) -> None:
        self.handfuls.append(list(steps))

    def change_setup(self, setup: Setup) -> None:
        self.set_up = setup

    @property
    def steps(self) -> list[PlayedStep]:
        """All steps, in order."""
        return [step for handful in self.handfuls for step in handful]


@dataclass
class PracticeDesk:
    """Open services, a host with a test learner, and a supervisor for what the window would start."""

    services: PracticeServices
    host: PlainHost
    supervisor: Supervisor
    clock: SystemClock

    async def until(self, what: str, look: Callable[[], Found | None]) -> Found:
        """Wait until `look` returns something true, and return it."""
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                while not (seen := look()):  # noqa: ASYNC110 - a widget has no event for what a person sees
                    await asyncio.sleep(0.005)
        except TimeoutError:
            raise AssertionError(f"{what} did not come") from None
        return seen


@asynccontextmanager
async def practice_desk(home: Path, sandbox: SandboxServer) -> AsyncIterator[PracticeDesk]:
    """Open the services on a data folder, with the sandbox as the connection and one test learner."""
    paths = Paths.below(home)
    paths.ensure()
    async with open_services(paths, adopts_others=True) as core, open_practice(core) as services:
        told = sandbox.describe()
        origin = parse_practice_origin(told["practice_url"])
        core.book.lend(demo_connection(parse_workspace(told["insights_url"]), told["client_id"], origin))
        core.practice_clients.give_key(DEMO_ID, Secret(told["api_key"]))
        learner = await services.learners.make(DEMO_ID, "Learner 1")
        supervisor = Supervisor("test")
        host = PlainHost(services, set_up=Setup(Mode.SINGLE, learner.user_id, 5))
        try:
            yield PracticeDesk(services, host, supervisor, SystemClock())
        finally:
            await supervisor.stop()
