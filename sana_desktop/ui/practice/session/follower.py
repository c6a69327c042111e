"""What others write into the session in view, in sight as it is written: a replay, and whatever else came between."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sana_desktop.api.practice_models import Exercise
from sana_desktop.base.errors import SanaError
from sana_desktop.base.tasks import Supervisor
from sana_desktop.practice.replay.record import ReplayLines
from sana_desktop.practice.services import PracticeServices
from sana_desktop.practice.sessions.session import Answered, Event
from sana_desktop.ui.practice.page import PracticePage
from sana_desktop.ui.practice.session.live import LiveSession
from sana_desktop.ui.practice.session.presenter import PracticePresenter
from sana_desktop.ui.turns import in_turns
from sana_desktop.ui.widgets import after

SHOWN_MS = 100
"""Figures and pictures are shown anew at most so often; a fast service takes a batch in less."""
PIECE = 50
"""Events that are taken in together; less than a frame for the window."""


class SessionFollower:
    """Takes the lines of replays into the session in view, and those on disk that are missing there."""

    def __init__(
        self,
        page: PracticePage,
        services: PracticeServices,
        presenter: PracticePresenter,
        tasks: Supervisor,
    ) -> None:
        self._panel = page.session
        self._services = services
        self._presenter = presenter
        self._tasks = tasks
        self._soon = after(page, SHOWN_MS, self._show)
        self._behind: set[str] = set()
        services.replays.lines.subscribe(self._written)

    def catch_up(self, live: LiveSession) -> None:
        """Read what lies on disk of the session in view and is missing there."""
        self._behind.add(live.id)
        self._tasks.start("read on in a session", self._read(live.id), key=f"practice session {live.id}")

    def _written(self, lines: ReplayLines) -> None:
        live = self._presenter.live()
        if live is None or live.id != lines.session:
            return
        fresh = live.next_of(lines.first, lines.events)
        if fresh is None:  # it was opened while they were being written
            self.catch_up(live)
        else:
            self._take(live, fresh)

    def _take(self, live: LiveSession, events: Sequence[Event]) -> None:
        if not events:
            return
        self._panel.history.steps.add([self._presenter.as_heard(live.take(event)) for event in events])
        self._presenter.learn([exercise for event in events for exercise in _came(event)])
        if not self._soon.isActive():
            self._soon.start()

    async def _read(self, session_id: str) -> None:
        while session_id in self._behind:
            self._behind.discard(session_id)
            # Each time anew: the same session may have been opened again meanwhile.
            live = self._presenter.live()
            if live is None or live.id != session_id:
                return
            first = live.count
            try:
                events = await self._services.sessions.since(session_id, first)
            except SanaError:
                return
            await in_turns(self._pieces(live, first, events))

    def _pieces(self, live: LiveSession, first: int, events: Sequence[Event]) -> Iterator[None]:
        """Take them in piece by piece; others may come in between, and these may be taken in by whoever wrote them."""
        while self._presenter.live() is live and live.count < first + len(events):
            at = live.count - first
            self._take(live, events[at : at + PIECE])
            yield

    def _show(self) -> None:
        live = self._presenter.live()
        if live is not None:
            self._presenter.show_cards()
            self._presenter.on_meaning(live)


def _came(event: Event) -> tuple[Exercise, ...]:
    return () if isinstance(event, Answered) else event.recommendation.exercises
