"""What a connection that became another place, or is gone, means for answers: leave given for one is none for another.

A lock that was opened, and the button that was held, were meant for the service at the old address (B26). So are the
answers that wait: at another address they might be a stranger's. With another key it may be another organisation's:
it is locked as well, and what was found of it holds no more.
"""

from __future__ import annotations

import asyncio

from sana_desktop.base.clock import Clock
from sana_desktop.base.events import Unsubscribe
from sana_desktop.base.tasks import Supervisor
from sana_desktop.practice.learners import LearnerStore
from sana_desktop.practice.outcomes.delivery import Delivery
from sana_desktop.practice.outcomes.outbox_sites import OutboxSites
from sana_desktop.workspace.connections import Connection, ConnectionStore, Mark

MAX_OTHERS = 10_000
"""Answers of the same site that are looked through besides."""


class SiteChanges:
    """Follows the connections. Locking is done before anybody else can send; what waits is parked right after.

    Args:
        book: the connections.
        sites: what is on its way, by site.
    """

    def __init__(
        self,
        book: ConnectionStore,
        sites: OutboxSites,
        learners: LearnerStore,
        delivery: Delivery,
        clock: Clock,
        supervisor: Supervisor,
    ) -> None:
        self._book = book
        self._sites = sites
        self._learners = learners
        self._delivery = delivery
        self._clock = clock
        self._supervisor = supervisor
        self._places = {each.id: _place(each) for each in book.list() if each.practice is not None}
        self._one_at_a_time = asyncio.Lock()

    def follow(self) -> Unsubscribe:
        """Begin; return how to end it."""
        ends = (
            self._book.changed.subscribe(self._changed),
            self._book.forgotten.subscribe(self._forgotten),
            self._book.key_replaced.subscribe(self._key_replaced),
        )

        def end() -> None:
            for each in ends:
                each()

        return end

    async def resume(self, connection_id: str) -> None:
        """Send on what waits at a connection, once what it must not send any more is out of the way."""
        async with self._one_at_a_time:
            await self._delivery.resume(connection_id)

    def _changed(self, connection_id: str) -> None:
        connection = self._book.get(connection_id)
        before = self._places.get(connection_id)
        if connection is None or connection.practice is None:
            # Whether it comes back as the same place is seen then.
            self._lock(connection_id)
            return
        now = self._places[connection_id] = _place(connection)
        if connection.mark is Mark.DEMO:
            return  # another address at each start, and always the same place
        if before is not None and before != now:
            self._lock(connection_id)
            self._supervisor.start("park answers for another place", self._park(connection_id))

    def _forgotten(self, connection_id: str) -> None:
        self._places.pop(connection_id, None)
        self._supervisor.start("put answers of a forgotten site aside", self._put_aside(connection_id))

    def _key_replaced(self, connection_id: str) -> None:
        connection = self._book.get(connection_id)
        if connection is not None and connection.mark is not Mark.DEMO:
            self._lock(connection_id)

    def _lock(self, connection_id: str) -> None:
        if not self._learners.is_locked(connection_id):
            self._learners.lock(connection_id, True)

    async def _park(self, connection_id: str) -> None:
        async with self._one_at_a_time:
            numbers = set(await self._sites.park(connection_id, self._clock.now()))
            for entry in await self._delivery.entries(connection_id, limit=len(numbers) + MAX_OTHERS):
                if entry.number in numbers:
                    self._delivery.changed.publish(entry)

    async def _put_aside(self, connection_id: str) -> None:
        async with self._one_at_a_time:
            for number in await self._sites.put_aside(connection_id):
                self._delivery.removed.publish(number)


def place_of(book: ConnectionStore, connection_id: str) -> str:
    """Return what tells the place that a connection leads to from others: its address, and which key of it is used."""
    connection = book.get(connection_id)
    if connection is None or connection.mark is Mark.DEMO:
        return connection_id  # example data is the same at each start
    practice = connection.practice.url if connection.practice is not None else ""
    return " ".join((connection_id, connection.origin.url, practice, book.key_mark(connection_id)))


def _place(connection: Connection) -> tuple[object, object]:
    return connection.origin, connection.practice
