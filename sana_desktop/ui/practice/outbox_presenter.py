"""The strip that says what waits to be sent and what nobody knows the fate of, and does what the person decides."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from PySide6.QtCore import QTimer

from sana_desktop.base.errors import SanaError
from sana_desktop.base.tasks import Supervisor
from sana_desktop.practice.learners import Consent, Guard
from sana_desktop.practice.outbox import OutboxCounts, OutboxEntry, OutboxState
from sana_desktop.practice.services import PracticeServices
from sana_desktop.ui import dialogs
from sana_desktop.ui.practice.page import PracticePage
from sana_desktop.ui.practice.strips import say_outbox
from sana_desktop.ui.tr import error_words, tr

SOON_MS = 150
"""An answer that is sent at once is not announced as waiting."""


class OutboxPresenter:
    """Counts what is on its way at the chosen connection.

    Args:
        connection: returns its id, "" if there is none.
        on_purpose: returns how many answers wait because their set is not done; that is no news.
        say: a sentence for the status line, with a tone.
        counted: called after each count.

    Attributes:
        counts: what the last count found; without what waits on purpose.
    """

    def __init__(
        self,
        page: PracticePage,
        services: PracticeServices,
        tasks: Supervisor,
        *,
        connection: Callable[[], str],
        on_purpose: Callable[[], int],
        say: Callable[[str, str], None],
        counted: Callable[[], None] = lambda: None,
    ) -> None:
        self.counts = OutboxCounts()
        self._counted = counted
        self._page = page
        self._services = services
        self._tasks = tasks
        self._connection = connection
        self._on_purpose = on_purpose
        self._say = say
        self._soon = QTimer(page)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SOON_MS)
        self._soon.timeout.connect(lambda: tasks.start("count the outbox", self._count(), key="practice outbox"))
        page.session.outbox.wanted.connect(self._wanted)
        services.delivery.changed.subscribe(lambda _entry: self.refresh())
        services.delivery.removed.subscribe(lambda _number: self.refresh())

    def refresh(self) -> None:
        """Count again, soon."""
        if not self._soon.isActive():
            self._soon.start()

    async def _count(self) -> None:
        connection = self._connection()
        strip = self._page.session.outbox
        if not connection:
            self.counts = OutboxCounts()
            strip.say("")
            self._counted()
            return
        try:
            counts = await self._services.delivery.counts(connection)
            parked = await self._entries(OutboxState.PARKED) if counts.parked else []
        except SanaError as error:
            self._say(error_words(error)[1], "bad")
            return
        reason = parked[0].error_message if parked else ""
        waiting = max(counts.waiting - self._on_purpose(), 0)
        self.counts = replace(counts, waiting=waiting)
        say_outbox(strip, waiting=waiting, unknown=counts.unknown, parked=counts.parked, reason=reason)
        self._counted()

    def _wanted(self, act: str) -> None:
        self._tasks.start(f"outbox: {act}", self._do(act), key="practice outbox act")

    async def _do(self, act: str) -> None:
        delivery, connection = self._services.delivery, self._connection()
        try:
            if act == "send":
                await delivery.resume(connection)
            elif act == "again":
                await self._send_again()
            elif act == "leave":
                for entry in await self._entries(OutboxState.UNKNOWN):
                    await delivery.drop(entry.number)
            elif act == "drop":
                for entry in await self._entries(OutboxState.PARKED):
                    await delivery.drop(entry.number)
        except SanaError as error:
            _, sentence, step = error_words(error)
            self._say(f"{sentence} {step}".strip(), "bad")
        self.refresh()

    async def _send_again(self) -> None:
        entries = await self._entries(OutboxState.UNKNOWN)
        learners = self._services.learners
        real = {entry.user_id for entry in entries if learners.guard(*entry.lane) is not Guard.TEST}
        if real and not await self._sure(", ".join(sorted(real)[:3])):
            entries = [entry for entry in entries if entry.user_id not in real]
        for entry in entries:
            consent: Consent | None = None
            if entry.user_id in real:
                with suppress(SanaError):
                    consent = learners.consent(*entry.lane)
            await self._services.delivery.send_again(entry.number, consent=consent)

    async def _sure(self, names: str) -> bool:
        return await dialogs.sure(
            self._page.window(),
            tr("Practice", "Send again to a real person?"),
            tr(
                "Practice",
                "It is not known whether this answer arrived; sent again, it may count twice for {names}. That cannot "
                "be taken back.",
                names=names,
            ),
            tr("Practice", "Send again"),
            tr("Practice", "Leave it"),
        )

    async def _entries(self, state: OutboxState) -> list[OutboxEntry]:
        entries = await self._services.delivery.entries(self._connection())
        return [entry for entry in entries if entry.state is state]
