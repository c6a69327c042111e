"""Runs the questions of the Compare page, one at a time: the plan is said first, and each can be stopped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Protocol

from sana_desktop.api.practice_models import Exercise, NextQuery
from sana_desktop.base.clock import Clock
from sana_desktop.base.errors import UserError
from sana_desktop.base.tasks import Supervisor
from sana_desktop.practice.asker import Asker
from sana_desktop.practice.compare import why
from sana_desktop.practice.compare.repeatability import RepeatabilityStore, ask_again
from sana_desktop.practice.compare.sweep import Sweep, SweepPlan
from sana_desktop.practice.exercises.limits import Limit, without
from sana_desktop.practice.findings import FindingStore
from sana_desktop.practice.health.check import HealthCheck
from sana_desktop.practice.learners import Guard, TestLearner
from sana_desktop.practice.outcomes.pace import SECONDS_A_CALL
from sana_desktop.practice.sessions.rerun import RerunFound
from sana_desktop.ui.practice.compare.difference_presenter import DifferencePresenter
from sana_desktop.ui.practice.compare.difference_view import Kind
from sana_desktop.ui.practice.compare.evidence_file import EvidenceFile, SaveFile, forms_of
from sana_desktop.ui.practice.compare.health_presenter import HealthPresenter
from sana_desktop.ui.practice.compare.page import ComparePage
from sana_desktop.ui.practice.compare.question_words import question_words
from sana_desktop.ui.practice.compare.sources import Sessions
from sana_desktop.ui.practice.compare.study import ComparisonPanel, requests_words
from sana_desktop.ui.practice.compare.study_runner import StudyRunner
from sana_desktop.ui.practice.compare.sweep_levels import choices_of, plan_of
from sana_desktop.ui.practice.compare.watched_asker import CallTime, WatchedAsker
from sana_desktop.ui.practice.compare.why_view import Doubt
from sana_desktop.ui.practice.host import Host
from sana_desktop.ui.practice.meaning.panel import said
from sana_desktop.ui.practice.naming import locked_words
from sana_desktop.ui.tr import tr


class Learners(Protocol):
    """The test learners."""

    async def make(self, connection_id: str, name: str = "", *, for_a_check: bool = False) -> TestLearner:
        """Make another one; one for a check is not listed."""

    def list(self, connection_id: str) -> Sequence[TestLearner]:
        """Return those of a connection."""

    def get(self, connection_id: str, user_id: str) -> TestLearner | None:
        """Return one of them."""

    def guard(self, connection_id: str, user_id: str) -> Guard:
        """Return what stands between the site and a learner."""


class ComparePresenter:
    """Stands between the Compare page and what asks.

    Args:
        asker_of: who asks for a connection, outside of any session.
        known: what was found about answers repeating themselves; told what is found here.
        findings: keeps what was found over a restart.
        site_name: what a connection is called.
        save_file: asks where a report is to be written; None for the dialog.
    """

    def __init__(
        self,
        page: ComparePage,
        host: Host,
        supervisor: Supervisor,
        clock: Clock,
        *,
        asker_of: Callable[[str], Asker],
        sessions: Sessions,
        learners: Learners,
        known: RepeatabilityStore,
        findings: FindingStore,
        site_name: Callable[[str], str] = lambda connection: connection,
        save_file: SaveFile | None = None,
    ) -> None:
        self._page = page
        self._host = host
        self._supervisor = supervisor
        self._clock = clock
        self._asker_of = asker_of
        self._learners = learners
        self._call_times: dict[str, CallTime] = {}
        self._requests: Counter[str] = Counter()
        self._repeats = known
        self._findings = findings
        self._runner = StudyRunner(supervisor, page)
        self._site_name = site_name
        self._words = ""
        self._health = HealthPresenter(
            page.health,
            self._runner,
            supervisor,
            clock,
            findings,
            self._health_check,
            lambda: (self._connection(), site_name(self._connection())),
            save_file,
        )
        self._differences = DifferencePresenter(
            page.difference,
            host,
            supervisor,
            clock,
            asker=lambda calls: self._asker(page.difference, calls or None),
            sessions=sessions,
            learners=learners,
            known=self._repeats,
            seconds=self._seconds,
        )
        self._files = [
            EvidenceFile(study.hand_on, supervisor, clock, stem, partial(forms_of, study.evidence), save_file)
            for study, stem in (
                (page.repeat, "same-question-twice"),
                (page.sweep, "what-if"),
                (page.difference, "what-is-different"),
                (page.why, "why-why-not"),
            )
        ]
        self._connect()

    def _connect(self) -> None:
        page = self._page
        runs: tuple[tuple[ComparisonPanel, Callable[[], Awaitable[None]]], ...] = (
            (page.repeat, self._repeat),
            (page.sweep, self._sweep),
            (page.difference, self._differences.run),
            (page.why, self._why),
            (page.health, self._health.run),
        )
        for study, run in runs:
            study.run_wanted.connect(lambda study=study, run=run: self._start(study, run))
            study.stop_wanted.connect(self._runner.stop)
        page.repeat.times.valueChanged.connect(lambda _: self._plan_repeat())
        page.sweep.knob_chosen.connect(lambda _: self._offer_levels())
        page.sweep.changed.connect(self._plan_sweep)
        page.why.doubt_chosen.connect(lambda _: self._plan_why())
        page.why.drop_wanted.connect(self._drop)
        page.study_shown.connect(lambda _: self.refresh())

    def refresh(self) -> None:
        """Look again at set-up, learner, connection and session: call it when one of them changed."""
        self._page.set_reason(self._reason())
        if self._reason():
            return
        setup = self._host.setup()
        learner = self._learners.get(self._connection(), setup.user_id)
        self._words = question_words(setup, learner.name if learner is not None else "")
        for study in (self._page.repeat, self._page.sweep, self._page.difference, self._page.why):
            study.show_question(self._words, (self._place(), self._question()))
        self._page.health.show_question("", (self._place(),))
        self._page.why.show_exercises([each.id for each in self._host.catalogue().exercises])
        self._offer_levels(keep=True)
        self._plan_repeat()
        self._plan_why()
        self._page.repeat.show_earlier(self._repeats.of(self._connection()))
        self._health.plan(self._seconds())
        self._health.look_up()
        self._differences.look_up_sources()

    def requests(self, connection: str) -> int:
        """Return how many requests were made to a site."""
        return self._requests[connection]

    def _start(self, study: ComparisonPanel, run: Callable[[], Awaitable[None]]) -> None:
        self.refresh()
        if not self._reason():
            self._runner.start(study, lambda: self._find(study, run))

    async def _find(self, study: ComparisonPanel, run: Callable[[], Awaitable[None]]) -> None:
        """Run it, and keep for which question it was: another one may be set up before it is done."""
        subject, words, choice = study.subject(), self._words, study.choice()
        site = self._site_name(self._connection())
        study.hand_on.say("")
        await run()
        if study is not self._page.health:  # its presenter knows whether there is a report
            study.hand_on.offer(True)
        if study is self._page.health:
            words = site
        elif study is self._page.difference and self._page.difference.chosen_kind() is Kind.SESSIONS:
            subject, words = None, site
        study.show_found_for(subject, f"{words} ({site})" if words != site else site, choice)

    def show_rerun(self, found: RerunFound) -> None:
        """Show what a session asked again came to."""
        self._page.show_study("difference")
        self._differences.show_rerun(found)
        self._page.difference.show_found_for(None, "")
        self._page.difference.hand_on.offer(True)

    async def _repeat(self) -> None:
        times = self._page.repeat.times.value()
        site, place, question = self._connection(), self._place(), self._question()
        answers: list[tuple[Exercise, ...]] = []
        found = await ask_again(self._asker(self._page.repeat, times), question, times, heard=answers.append)
        if place == self._place():
            self._repeats.note(site, found, question)
        self._page.repeat.show_result(found, answers)

    async def _sweep(self) -> None:
        plan = self._sweep_plan()
        sweep = Sweep(self._asker(self._page.sweep, plan.calls), plan, self._clock)
        self._runner.can_stop(sweep.stop)
        site, place = self._connection(), self._place()
        found = await sweep.run()
        if found.repeatability is not None and place == self._place():
            self._repeats.note(site, found.repeatability)
        self._page.sweep.show_result(found)

    async def _why(self) -> None:
        view, question = self._page.why, self._question()
        asker = self._asker(view, why.plan(question, self._seconds()).calls)
        if view.chosen_doubt() is Doubt.EMPTY:
            view.show_empty(await why.why_empty(asker, question))
            return
        exercise = self._host.catalogue().get(view.exercise.text().strip())
        if exercise is None:
            raise UserError("No exercise of this name is known here.", code="E-COMPARE-EXERCISE")
        view.show_not(await why.why_not(asker, question, exercise))

    def _health_check(self) -> HealthCheck:
        connection = self._connection()

        async def make() -> str:
            name = tr("Practice", "Health check")
            return (await self._learners.make(connection, name, for_a_check=True)).user_id

        return HealthCheck(self._asker(None), make, self._clock, self._host.catalogue())

    # plans, said before

    def _plan_repeat(self) -> None:
        times = self._page.repeat.times.value()
        self._page.repeat.show_plan(requests_words(times, times * self._seconds()))

    def _plan_why(self) -> None:
        if not self._reason():
            self._page.why.show_plan(said(why.plan(self._question(), self._seconds()).words()))

    def _offer_levels(self, *, keep: bool = False) -> None:
        view = self._page.sweep
        choices = choices_of(view.chosen_knob(), self._host.setup(), self._host.catalogue())
        if not keep or [choice.value for choice in choices] != view.offered_levels():
            view.show_levels(choices)
        self._plan_sweep()

    def _plan_sweep(self) -> None:
        if self._reason():
            return
        view = self._page.sweep
        if not view.chosen_levels():
            view.set_reason(tr("Practice", "Tick a level to try."))
            view.show_plan("")
            return
        view.set_reason("")
        view.show_plan(said(self._sweep_plan().words()))

    def _sweep_plan(self) -> SweepPlan:
        view = self._page.sweep
        return plan_of(
            view.chosen_knob(), self._question(), view.chosen_levels(), view.repeats.value(), self._seconds()
        )

    # small things

    def _drop(self, limits: tuple[Limit, ...]) -> None:
        setup = self._host.setup()
        less = without(setup.query(), limits)
        self._host.change_setup(replace(setup, constraints=less.constraints, challenge_level=less.challenge_level))
        self.refresh()

    def _asker(self, study: ComparisonPanel | None, total: int | None = None) -> Asker:
        """Return who asks now; with a study, its requests are shown as its progress."""

        connection = self._connection()

        def told(calls: int) -> None:
            self._requests[connection] += 1
            if study is not None:
                self._runner.progress(study, calls, total)

        return WatchedAsker(self._asker_of(connection), self._clock, self._call_time(), told)

    def _question(self) -> NextQuery:
        return self._host.setup().query()

    def _connection(self) -> str:
        return self._host.connection_id() or ""

    def _place(self) -> str:
        """Return what tells where it is asked: a connection may have another address or key than before."""
        return self._findings.place(self._connection())

    def _call_time(self) -> CallTime:
        return self._call_times.setdefault(self._connection(), CallTime())

    def _seconds(self) -> float:
        return self._call_time().seconds or SECONDS_A_CALL

    def _reason(self) -> str:
        if self._host.connection_id() is None:
            return tr("Practice", "Connect a site with an API key, or use the example data, and it can be asked.")
        if not self._host.setup().user_id:
            return tr("Practice", "Choose or make a test learner first.")
        if self._learners.guard(self._connection(), self._host.setup().user_id) is Guard.REAL_LOCKED:
            return locked_words()
        return ""
