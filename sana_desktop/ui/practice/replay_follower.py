"""What a replay writes into its session, in sight as it is written, where that session is the one in view."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sana_desktop.api.practice_models import Exercise
from sana_desktop.base.errors import SanaError
from sana_desktop.base.tasks import Supervisor
from sana_desktop.practice.replay import ReplayLines
from sana_desktop.practice.services import PracticeServices
from sana_desktop.practice.session import Answered, Event
from sana_desktop.ui.practice.history import Fate
from sana_desktop.ui.practice.page import PracticePage
from sana_desktop.ui.practice.presenter import PracticePresenter
from sana_desktop.ui.widgets import after

SHOWN_MS = 100
"""Figures and pictures are shown anew at most so often; a fast service takes a batch in less."""


class ReplayFollower:
    """Takes the lines of replays into the session in view.

    Args:
        learn: told the exercises that came.
    """

    def __init__(
        self,
        page: PracticePage,
        services: PracticeServices,
        presenter: PracticePresenter,
        tasks: Supervisor,
        learn: Callable[[Sequence[Exercise]], None],
    ) -> None:
        self._panel = page.session
        self._services = services
        self._presenter = presenter
        self._tasks = tasks
        self._learn = learn
        self._soon = after(page, SHOWN_MS, self._show)
        self._behind = False
        services.replays.lines.subscribe(self._written)

    def _written(self, lines: ReplayLines) -> None:
        live = self._presenter.live()
        if live is None or live.id != lines.session:
            return
        if live.count < lines.first:
            # It was opened while they were being written: what lies between is on disk.
            self._behind = True
            self._tasks.start("read a replay's session", self._read(lines.session), key="practice replay session")
            return
        self._take(lines.events[live.count - lines.first :], Fate.WAITING)

    def _take(self, events: Sequence[Event], fate: Fate) -> None:
        live = self._presenter.live()
        if live is None or not events:
            return
        history = self._panel.history.steps
        history.add([live.take(event) for event in events])
        for event in events:
            if not isinstance(event, Answered):
                self._learn(event.recommendation.exercises)
            elif event.entry is not None:
                history.show_fate(event.entry, fate)
        if not self._soon.isActive():
            self._soon.start()

    async def _read(self, session_id: str) -> None:
        while self._behind:
            self._behind = False
            try:
                record = await self._services.sessions.load(session_id)
            except SanaError:
                return  # deleted meanwhile
            live = self._presenter.live()
            if live is None or live.id != session_id:
                return
            self._take(record.events[live.count :], Fate.SENT)

    def _show(self) -> None:
        live = self._presenter.live()
        if live is not None:
            self._presenter.show_cards()
            self._presenter.on_meaning(live)
