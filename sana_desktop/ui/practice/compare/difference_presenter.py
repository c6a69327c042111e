"""Lays two recommendations, or two sessions, beside each other: what can be compared, what it takes, what differs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from sana_desktop.base.clock import Clock
from sana_desktop.base.errors import SanaError, UserError
from sana_desktop.base.tasks import Supervisor
from sana_desktop.practice.asker import Asker
from sana_desktop.practice.compare.comparison import compare, compare_questions, compare_sessions
from sana_desktop.practice.compare.repeatability import RepeatabilityStore
from sana_desktop.practice.learners import TestLearner
from sana_desktop.practice.sessions.rerun import RerunFound
from sana_desktop.ui.practice.compare.difference_view import DifferenceView, Kind
from sana_desktop.ui.practice.compare.sources import (
    MAX_KEPT,
    SESSION,
    KeptSetup,
    Sessions,
    Sides,
    answer_sources,
    session_sources,
)
from sana_desktop.ui.practice.compare.study import requests_words
from sana_desktop.ui.practice.host import Host
from sana_desktop.ui.tr import error_words, tr


class Learners(Protocol):
    """The test learners."""

    def list(self, connection_id: str) -> Sequence[TestLearner]:
        """Return those of a connection."""


class DifferencePresenter:
    """Does what the person wants of the comparison of two.

    Args:
        asker: who asks now, given how many requests it will be; they are shown as progress.
        known: what was found about answers repeating themselves; it is said with everything that is shown.
        seconds: how long a request takes.
    """

    def __init__(
        self,
        view: DifferenceView,
        host: Host,
        supervisor: Supervisor,
        clock: Clock,
        *,
        asker: Callable[[int], Asker],
        sessions: Sessions,
        learners: Learners,
        known: RepeatabilityStore,
        seconds: Callable[[], float],
    ) -> None:
        self._view = view
        self._host = host
        self._supervisor = supervisor
        self._clock = clock
        self._asker = asker
        self._sessions = sessions
        self._learners = learners
        self._known = known
        self._seconds = seconds
        self._kept: dict[str, list[KeptSetup]] = {}
        view.kind_chosen.connect(lambda _: self.look_up_sources())
        view.sides_chosen.connect(self._plan)
        view.keep_wanted.connect(self._keep)

    async def run(self) -> None:
        """Fetch both sides and show what differs.

        Raises:
            SanaError: one of them is not to be had.
        """
        before, after = self._view.chosen()
        if not before or not after:
            raise UserError("There are no two to compare yet.", code="E-COMPARE-NONE")
        if self._is_sessions():
            await self._sessions_side_by_side(before, after)
        else:
            await self._answers_side_by_side(before, after)

    def show_rerun(self, found: RerunFound) -> None:
        """Show what a session asked again came to."""
        self._view.show_rerun(found, self._known.of(self._site()))

    def look_up_sources(self) -> None:
        """Offer what can be compared now."""
        self._supervisor.start("sources", self._show_sources(), key="practice sources")

    async def _answers_side_by_side(self, before: str, after: str) -> None:
        site = self._site()
        sides = self._both()
        asker = self._asker(sides.plan(before, after).calls)
        first, second = await sides.fetch(asker, before, after)
        repeatability = self._known.of(site, (first.query, second.query))
        found_now = [self._known.of(site, (query,)) for query in sides.checked]
        if repeatability is not None and not repeatability.elsewhere and repeatability not in found_now:
            repeatability = replace(repeatability, before=True)
        two_learners = first.query.user_id != second.query.user_id
        comparison = compare(first.exercises, second.exercises, repeatability, beside=two_learners)
        self._view.show_comparison(comparison, compare_questions(first.query, second.query))
        self._plan()

    async def _sessions_side_by_side(self, before: str, after: str) -> None:
        site = self._site()
        first, second = [await self._sessions.load(key.removeprefix(SESSION)) for key in (before, after)]
        self._view.show_sessions(compare_sessions(first.outcomes, second.outcomes, self._known.of(site)))

    async def _show_sources(self) -> None:
        connection = self._host.connection_id()
        if connection is None:
            return
        try:
            heads = [head for head in await self._sessions.list() if head.connection_id == connection]
        except SanaError as error:
            self._view.set_reason(error_words(error)[1])
            return
        if self._is_sessions():
            self._view.show_sources(session_sources(heads))
        else:
            learners, kept = self._learners.list(connection), self._kept.get(connection, [])
            user_id = self._host.setup().user_id
            self._view.show_sources(answer_sources(self._host.record(), learners, heads, user_id, kept))
        self._plan()

    def _plan(self) -> None:
        asks = not self._is_sessions() and self._view.asking_sides() > 0
        self._view.show_asks(asks)
        if not asks:
            there = all(self._view.chosen())
            self._view.show_plan(tr("Practice", "Both are kept here: nothing is asked.") if there else "")
            return
        plan = self._both().plan(*self._view.chosen())
        words = [requests_words(plan.calls, plan.calls * self._seconds(), at_most=not plan.sure)]
        if plan.again == plan.asked:
            words.append(tr("Practice", "What is asked now is asked twice, to see whether the answer repeats itself."))
        elif plan.again:
            words.append(tr("Practice", "What was not asked before is asked twice, to see whether it repeats itself."))
        else:
            words.append(tr("Practice", "Whether the answer repeats itself was found out before: it is asked once."))
        self._view.show_plan(" ".join(words))

    def _both(self) -> Sides:
        site = self._site()
        question, kept = self._host.setup().query(), self._kept.get(site, [])
        return Sides(question, self._host.record(), kept, self._sessions, self._known, site)

    def _keep(self) -> None:
        """Lay the set-up aside and choose it: what is set up next can be compared with it."""
        kept = KeptSetup(self._clock.now(), self._host.setup())
        self._kept[self._site()] = [*self._kept.get(self._site(), []), kept][-MAX_KEPT:]
        self._supervisor.start("choose what was kept", self._choose(kept.key))

    async def _choose(self, key: str) -> None:
        await self._show_sources()
        self._view.choose_first(key)

    def _is_sessions(self) -> bool:
        return self._view.chosen_kind() is Kind.SESSIONS

    def _site(self) -> str:
        return self._host.connection_id() or ""
