"""What became of the answers of the session in view, shown at their steps as it is heard of."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace

from sana_desktop.api.practice_models import Exchange
from sana_desktop.base.errors import SanaError
from sana_desktop.base.tasks import Supervisor
from sana_desktop.practice.outcomes.delivery import Delivery
from sana_desktop.practice.outcomes.outbox import OutboxEntry
from sana_desktop.ui.practice.session.history import HistoryModel
from sana_desktop.ui.practice.session.live import LiveSession
from sana_desktop.ui.practice.session.steps import Fate, Step, fate_of, fate_of_dropped
from sana_desktop.ui.turns import in_turns

log = logging.getLogger(__name__)

MAX_OPEN = 10_000
"""Answers of a session on their way that are shown at their steps when it is opened again."""


class Fates:
    """Follows the outbox for the session in view.

    Args:
        live: returns the session in view.
        exchange: returns the newest exchange that belongs to it.
    """

    def __init__(
        self,
        steps: HistoryModel,
        delivery: Delivery,
        tasks: Supervisor,
        live: Callable[[], LiveSession | None],
        exchange: Callable[[], Exchange | None],
    ) -> None:
        self._steps = steps
        self._delivery = delivery
        self._tasks = tasks
        self._live = live
        self._exchange = exchange
        self._heard: dict[int, Fate] = {}
        delivery.changed.subscribe(self._entry_changed)
        delivery.removed.subscribe(lambda _number: self._dropped())

    def begin(self, live: LiveSession | None) -> None:
        """Another session is shown."""
        self._heard.clear()
        if live is not None:
            self._tasks.start("see what became of answers", self._show(live))

    def as_heard(self, step: Step) -> Step:
        """Return a step with what is known of it by now: an answer may be sent before it is taken in here."""
        return replace(step, fate=self._heard.get(step.entry, step.fate)) if step.entry is not None else step

    def _entry_changed(self, entry: OutboxEntry) -> None:
        live, exchange = self._live(), self._exchange()
        if live is None or entry.session != live.id:
            return
        fate = self._heard[entry.number] = fate_of(entry)
        self._steps.show_fate(entry.number, fate)
        if fate in {Fate.SENT, Fate.UNKNOWN, Fate.REFUSED} and exchange is not None:
            self._steps.show_exchange(entry.number, exchange)

    def _dropped(self) -> None:
        live = self._live()
        if live is not None:
            self._tasks.start("see what became of answers", self._show(live), key="practice fates")

    async def _show(self, live: LiveSession) -> None:
        """Show which answers of a session that was opened again are not there yet; all others arrived."""
        try:
            entries = await self._delivery.entries(live.connection_id, session=live.id, limit=MAX_OPEN)
            dropped = await self._delivery.dropped(live.id)
        except SanaError as error:
            log.warning("what became of the answers can't be read: %s", error.code)
            return
        if self._live() is not live:
            return

        def each() -> Iterator[None]:
            for entry in entries:
                # What was heard of it while this was read is newer. Its step may come later: then this is known of it.
                if self._live() is live:
                    self._steps.show_fate(entry.number, self._heard.setdefault(entry.number, fate_of(entry)))
                yield

        await in_turns(each())
        if self._live() is not live:
            return
        for number, was in dropped.items():
            fate = self._heard[number] = fate_of_dropped(was)
            self._steps.show_fate(number, fate)
