"""Shows of an answer whose exchange is not at hand what is known all the same: that of a session opened again."""

from __future__ import annotations

from collections.abc import Callable

from sana_desktop.api.practice_models import Exchange
from sana_desktop.base.errors import SanaError
from sana_desktop.base.tasks import Supervisor
from sana_desktop.practice.sessions.carried import alone, carrier
from sana_desktop.practice.sessions.exchange_store import ExchangeStore
from sana_desktop.practice.sessions.session import Answered
from sana_desktop.ui.practice.session.live import LiveSession
from sana_desktop.ui.practice.session.panel import SessionPanel
from sana_desktop.ui.practice.session.steps import Fate, Step
from sana_desktop.ui.tr import tr

_NEVER_SENT = frozenset({Fate.NONE, Fate.WAITING, Fate.GOING, Fate.UNSENT, Fate.DISCARDED})


class SentView:
    """Fills the fold for a chosen step.

    Args:
        exchanges: what was kept of earlier exchanges.
        live: returns the session in view.
    """

    def __init__(
        self, panel: SessionPanel, exchanges: ExchangeStore, tasks: Supervisor, live: Callable[[], LiveSession | None]
    ) -> None:
        self._panel = panel
        self._exchanges = exchanges
        self._tasks = tasks
        self._live = live
        self._chosen: Step | None = None
        panel.history.step_chosen.connect(self._show)

    def begin(self, live: LiveSession | None, newest: Callable[[Exchange], None]) -> None:
        """Another session is shown: `newest` is told the newest exchange that is kept of its answers."""
        if live is not None:
            self._tasks.start("look up the newest request", self._look_up_newest(live, newest))

    async def _look_up_newest(self, live: LiveSession, newest: Callable[[Exchange], None]) -> None:
        try:
            exchange = await self._exchanges.newest(live.id)
        except SanaError:
            return  # what is known without it is shown
        if exchange is not None and self._live() is live:
            newest(exchange)

    def _show(self, step: Step) -> None:
        """Show what is known; a step that has its exchange, or was not sent, is left as it is."""
        self._chosen = step
        live = self._live()
        if live is None or step.exchange is not None or step.fate in _NEVER_SENT:
            return
        events = live.record().events
        answer = events[step.number]
        if not isinstance(answer, Answered):
            return
        instead = tr(
            "Practice",
            "This answer as it is told to the service, alone or with others of its set. With which request it went, "
            "and what came back, is not kept.",
        )
        self._panel.exchange.show_exchange(carrier(events, step.number), instead, alone(live.user_id, answer))
        if step.entry is not None:
            self._tasks.start("look up what was sent", self._look_up(live, step, step.entry))

    async def _look_up(self, live: LiveSession, step: Step, entry: int) -> None:
        try:
            exchange = await self._exchanges.of(entry)
        except SanaError:
            return  # what is known without it is shown
        if exchange is None or self._live() is not live:
            return
        self._panel.history.steps.show_exchange(entry, exchange)
        if self._chosen is step:
            self._panel.exchange.show_exchange(exchange)
