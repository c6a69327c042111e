"""What a simulated learner asks and answers: in its session as it is written, in sight a handful at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from sana_desktop.api.practice_models import Exchange, Exercise, ExerciseOutcome, NextQuery, Recommendation
from sana_desktop.base.errors import SanaError
from sana_desktop.base.tasks import Supervisor
from sana_desktop.practice.asker import Asker
from sana_desktop.practice.outcomes.outbox import OutboxEntry
from sana_desktop.practice.services import PracticeServices
from sana_desktop.practice.sessions.session import Asked, Event, Setup
from sana_desktop.practice.sessions.session_asker import SessionAsker
from sana_desktop.practice.simulate.player import PlayedStep
from sana_desktop.ui.practice.page import PracticePage
from sana_desktop.ui.practice.session.live import LiveSession
from sana_desktop.ui.practice.session.steps import Fate, Step, fate_of

if TYPE_CHECKING:
    from sana_desktop.ui.practice.session.presenter import PracticePresenter

BREATH_SECONDS = 0.1
"""Between the pieces of what is shown while a simulated learner plays."""


class _Play:
    """An asker whose session begins with its first question, and stays its session whatever is in view later.

    Attributes:
        live: that session; None before the first question.
        plays: persona and seed of who answers now.
    """

    def __init__(
        self,
        begin: Callable[[], Awaitable[LiveSession]],
        services: PracticeServices,
        written: Callable[[LiveSession, int, Sequence[Event]], None],
    ) -> None:
        self.live: LiveSession | None = None
        self.plays: tuple[str | None, int | None] = None, None
        self._begin = begin
        self._services = services
        self._written = written
        self._asker: SessionAsker | None = None

    async def next(self, query: NextQuery) -> Recommendation:
        """Ask; see Asker."""
        return await (await self._begun()).next(query)

    async def post(self, user_id: str, outcomes: Sequence[ExerciseOutcome]) -> Exchange | None:
        """Post; see Asker."""
        return await (await self._begun()).post(user_id, outcomes)

    async def _begun(self) -> SessionAsker:
        if self._asker is None:
            live = self.live = await self._begin()
            self._asker = SessionAsker(
                self._services.delivery,
                self._services.sessions,
                live.connection_id,
                live.id,
                written=partial(self._written, live),
                plays=lambda: self.plays,
            )
        return self._asker


class SimulateSession:
    """Gives out the asker for the session in view, and shows there what is played over it."""

    def __init__(
        self,
        page: PracticePage,
        services: PracticeServices,
        presenter: PracticePresenter,
        tasks: Supervisor,
    ) -> None:
        self._panel = page.session
        self._history = page.session.history.steps
        self._services = services
        self._presenter = presenter
        self._tasks = tasks
        self._play = self._new_play()
        self._unseen: dict[int, Step] = {}
        self._came: list[Exercise] = []
        self._numbers: dict[tuple[str, datetime], int] = {}
        services.delivery.changed.subscribe(self._entry_changed)

    def asker(self, plays: Setup) -> Asker:
        """Return who asks for the session in view, the same one for as long as it is in view; `plays` names who."""
        if self._play.live is not None and self._play.live is not self._presenter.live():
            self._play = self._new_play()
            self._forget()
        self._play.plays = plays.persona, plays.seed
        return self._play

    def _new_play(self) -> _Play:
        return _Play(self._presenter.ensure_session, self._services, self._written)

    # -- what is shown

    def take_steps(self, steps: Sequence[PlayedStep]) -> None:
        """Take in with which requests answers went, and what was asked for."""
        for step in steps:
            number = self._numbers.pop((step.exercise.id, step.outcome.timestamp), None)
            if number is None or step.delivered is None:
                continue
            if number in self._unseen:
                self._unseen[number] = replace(self._unseen[number], exchange=step.delivered)
            else:
                self._history.show_exchange(number, step.delivered)
        if self._play.live is not None:
            self._tasks.start("keep the set-up", self._keep_setup(self._play.live, steps[-1]))

    async def _keep_setup(self, live: LiveSession, step: PlayedStep) -> None:
        try:
            await self._presenter.keep_setup(live, step.setup)
        except SanaError as error:
            self._presenter.show_trouble(error)

    def _written(self, live: LiveSession, first: int, events: Sequence[Event]) -> None:
        # Taken at once: their places in the session in view are those that they have on the disk.
        fresh = live.next_of(first, events)
        steps = [live.take(event) for event in fresh or ()]
        shown = self._presenter.live()
        if shown is None or shown.id != live.id:
            return
        if fresh is None or shown is not live:  # somebody else wrote before these, or it was opened again meanwhile
            self._presenter.on_missing(shown)
            return
        for event, step in zip(fresh, steps, strict=True):
            if isinstance(event, Asked):
                self._came += event.recommendation.exercises
            elif event.entry is not None:
                self._numbers[event.exercise.id, event.outcome.timestamp] = event.entry
            fate = Fate.NONE if step.entry is None else Fate.WAITING
            self._unseen[_key(step)] = replace(step, fate=fate)
        self._tasks.start("show what is played", self._show(), key="practice played")

    def _entry_changed(self, entry: OutboxEntry) -> None:
        step = self._unseen.get(entry.number)
        if step is not None:
            self._unseen[entry.number] = replace(step, fate=fate_of(entry))

    async def _show(self) -> None:
        while self._unseen:
            live = self._play.live
            if live is None or self._presenter.live() is not live:
                self._forget()
                return
            steps, self._unseen = list(self._unseen.values()), {}
            came, self._came = self._came, []
            self._history.add(steps)
            if live.last is not None:
                self._presenter.arrived(live.last.recommendation.exchange)
                self._panel.show_last_exchange(live.last.recommendation.exchange)
            self._presenter.learn(came)
            # One piece a frame: all at once would hold the window up while a fast learner plays.
            for show in (self._presenter.show_cards, lambda live=live: self._presenter.on_meaning(live)):
                await asyncio.sleep(BREATH_SECONDS)
                if self._presenter.live() is live:
                    show()
            await asyncio.sleep(BREATH_SECONDS)

    def _forget(self) -> None:
        self._unseen.clear()
        self._came.clear()
        self._numbers.clear()


def _key(step: Step) -> int:
    """Return the number in the outbox, by which more is heard of an answer; of a question one that none has there."""
    return step.entry if step.entry is not None else -1 - step.number
