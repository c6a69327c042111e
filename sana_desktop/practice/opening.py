"""Builds the services of practice, and stops them in order; `bootstrap` calls it when the place is first wanted."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

from sana_desktop.api.origin import Origin
from sana_desktop.base.clock import Clock
from sana_desktop.base.shutdown import StopStages
from sana_desktop.base.tasks import Supervisor
from sana_desktop.practice.compare.repeatability import Repeatability, RepeatabilityStore
from sana_desktop.practice.database import Database
from sana_desktop.practice.exercises.catalogue_store import CatalogueStore
from sana_desktop.practice.findings import FindingStore
from sana_desktop.practice.learners import LearnerStore
from sana_desktop.practice.outcomes.delivery import Delivery
from sana_desktop.practice.outcomes.outbox import OutboxLedger
from sana_desktop.practice.outcomes.outbox_sites import OutboxSites
from sana_desktop.practice.replay.service import ReplayService
from sana_desktop.practice.services import PracticeServices
from sana_desktop.practice.sessions.exchange_store import ExchangeStore
from sana_desktop.practice.sessions.rerun_marks import RerunMarks
from sana_desktop.practice.sessions.sessions import SessionStore
from sana_desktop.practice.site_changes import SiteChanges, place_of
from sana_desktop.workspace.connections import ConnectionStore
from sana_desktop.workspace.demo import DEMO_ID
from sana_desktop.workspace.practice_clients import PracticeClients


@asynccontextmanager
async def open_practice(
    database: Database,
    book: ConnectionStore,
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
        learners = LearnerStore(database, clock)
        await learners.load()
        ledger = OutboxLedger(database)
        exchanges = ExchangeStore(database, clock, supervisor, partial(_practice_of, book))
        stack.push_stage("what was sent", exchanges.write, 0.25)
        delivery = Delivery(ledger, clients, learners, clock, supervisor, owner=owner, is_alive=is_alive)
        stack.push_stage("the answers on their way", delivery.stop, 2.0)
        sessions = SessionStore(database, clock)
        place = partial(place_of, book)
        findings = FindingStore(database, clock, place)

        def keep(connection_id: str, found: Repeatability) -> None:
            supervisor.start("keep a verdict", findings.keep_repeatability(connection_id, found))

        repeats = RepeatabilityStore(await findings.repeatability(), keep, place)
        replays = ReplayService(database, delivery, learners, sessions, clock, supervisor, repeats)

        sites = OutboxSites(database)
        changes = SiteChanges(book, sites, learners, delivery, clock, supervisor)

        def resume(connection_id: str) -> None:
            supervisor.start("resume answers", changes.resume(connection_id))

        stack.callback(changes.follow())
        stack.callback(clients.exchanged.subscribe(exchanges.exchanged))
        delivery.changed.subscribe(exchanges.settled)
        stack.callback(clients.signed_in.subscribe(resume))
        await delivery.restore()
        await sites.put_aside_forgotten(DEMO_ID)
        catalogues = CatalogueStore(database, clock)
        yield PracticeServices(
            clients, ledger, delivery, learners, sessions, replays, catalogues, repeats, findings, sites, exchanges,
            RerunMarks(database),
        )  # fmt: skip


def _practice_of(book: ConnectionStore, connection_id: str) -> Origin | None:
    connection = book.get(connection_id)
    return connection.practice if connection is not None else None
