"""Builds the services of practice, and stops them in order; `bootstrap` calls it when the place is first wanted."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from sana_desktop.base.clock import Clock
from sana_desktop.base.shutdown import StopStages
from sana_desktop.base.tasks import Supervisor
from sana_desktop.practice.catalogue_book import CatalogueBook
from sana_desktop.practice.database import Database
from sana_desktop.practice.delivery import Delivery
from sana_desktop.practice.learners import LearnerBook
from sana_desktop.practice.outbox import OutboxLedger
from sana_desktop.practice.repeatability import RepeatBook
from sana_desktop.practice.replay import ReplayService
from sana_desktop.practice.services import PracticeServices
from sana_desktop.practice.sessions import SessionBook
from sana_desktop.workspace.practice_clients import PracticeClients


@asynccontextmanager
async def open_practice(
    database: Database,
    clients: PracticeClients,
    clock: Clock,
    on_failure: Callable[[str, BaseException], None] | None = None,
    *,
    owner: str,
    is_alive: Callable[[str], bool],
) -> AsyncIterator[PracticeServices]:
    """Build the services, and send on what earlier sessions left; leaving the context stops them.

    Raises:
        StorageError: the store can't be read or written.
    """
    async with StopStages() as stack:
        supervisor = Supervisor("practice", on_failure)
        stack.push_stage("the tasks of practice", supervisor.stop, 0.25)
        learners = LearnerBook(database, clock)
        await learners.load()
        ledger = OutboxLedger(database)
        delivery = Delivery(ledger, clients, learners, clock, supervisor, owner=owner, is_alive=is_alive)
        stack.push_stage("the answers on their way", delivery.stop, 2.0)
        sessions = SessionBook(database, clock)
        repeats = RepeatBook()
        replays = ReplayService(database, delivery, learners, sessions, clock, supervisor, repeats)

        def resume(connection_id: str) -> None:
            supervisor.start("resume answers", delivery.resume(connection_id))

        stack.callback(clients.signed_in.subscribe(resume))
        await delivery.restore()
        catalogues = CatalogueBook(database, clock)
        yield PracticeServices(clients, ledger, delivery, learners, sessions, replays, catalogues, repeats)
