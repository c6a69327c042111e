"""Brings the Practice place to life: builds its presenters and what stands beside the session."""

from __future__ import annotations

import asyncio
import contextlib
import sys

from PySide6.QtGui import QGuiApplication

from sana_desktop.api.curl_export import Shell
from sana_desktop.api.practice_curl import curl_of
from sana_desktop.api.practice_models import Exchange
from sana_desktop.base.errors import SanaError
from sana_desktop.practice.asker import Asker
from sana_desktop.practice.exercises.catalogue import Catalogue
from sana_desktop.practice.learners import Guard
from sana_desktop.practice.replay.record import ReplayRecord
from sana_desktop.practice.services import PracticeServices
from sana_desktop.practice.sessions.rerun import RerunFound
from sana_desktop.practice.sessions.session import Mode, SessionRecord, Setup
from sana_desktop.practice.simulate.player import PlayedStep
from sana_desktop.ui.practice.compare.wing import CompareWing
from sana_desktop.ui.practice.context import PracticeContext
from sana_desktop.ui.practice.meaning.panel import MeaningPanel
from sana_desktop.ui.practice.naming import another_key_words
from sana_desktop.ui.practice.page import COMPARE, PracticePage
from sana_desktop.ui.practice.parts.collapsible import CollapsibleSection
from sana_desktop.ui.practice.replay.presenter import ReplayPresenter
from sana_desktop.ui.practice.replay.then_and_now import ThenAndNow
from sana_desktop.ui.practice.replay.unfinished import UnfinishedReplays
from sana_desktop.ui.practice.session.elsewhere import AnswersElsewhere
from sana_desktop.ui.practice.session.follower import SessionFollower
from sana_desktop.ui.practice.session.in_view import SessionInView
from sana_desktop.ui.practice.session.live import LiveSession
from sana_desktop.ui.practice.session.outbox_presenter import OutboxPresenter
from sana_desktop.ui.practice.session.presenter import PracticePresenter, TakenIn
from sana_desktop.ui.practice.sessions.presenter import SessionsPresenter
from sana_desktop.ui.practice.setup.paste_presenter import PracticePastePresenter
from sana_desktop.ui.practice.setup.pasted_answers import PastedAnswers
from sana_desktop.ui.practice.setup.presenter import SetupPresenter
from sana_desktop.ui.practice.simulate.panel import SimulatePanel
from sana_desktop.ui.practice.simulate.presenter import SimulatePresenter
from sana_desktop.ui.practice.simulate.session import SimulateSession
from sana_desktop.ui.practice.truth import PracticeState, practice_truth
from sana_desktop.ui.reports.status.status_text import StatusText
from sana_desktop.ui.tr import tr
from sana_desktop.workspace.connections import Mark

LONG_SESSION = 500
"""Events; of so many, the pictures come one after the other, when the steps are there."""


class PracticePlace:
    """The presenters of the place, wired to each other. It is the `Host` of those that stand beside the session."""

    def __init__(
        self, page: PracticePage, services: PracticeServices, context: PracticeContext, meaning: MeaningPanel
    ) -> None:
        self.page = page
        self.services = services
        self._looked_at = ""
        self._context = context
        tasks, say = context.tasks, context.say
        self.meaning = meaning
        self.simulate = SimulatePanel(context.icons)
        self.comparison = CompareWing(
            self, services, tasks, context.clock, context.theme, context.icons, self._site_name
        )
        self.comparison.told = context.told
        page.mount_meaning(self.meaning)
        page.offer_compare(self.comparison.open)
        page.setup.mount(
            CollapsibleSection(
                tr("Practice", "Let a simulated learner answer"), "simulateFold", context.icons, self.simulate
            )
        )
        self.setups = SetupPresenter(page, services, context, changed=self._changed)
        self.presenter = PracticePresenter(
            page,
            services,
            context.clock,
            tasks,
            connection=self.setups.site_id,
            catalogue=self.setups.exercises.catalogue,
            given=self.setups.exercises.given,
            learn=self.setups.exercises.learn,
            sign_in=context.sign_in,
            say=say,
        )
        self.replay = ReplayPresenter(
            context.theme,
            context.icons,
            services.replays,
            services.learners,
            tasks,
            context.clock,
            window=page.window,
            connection_id=self.connection_id,
            setup=self.setup,
            paths=lambda: sorted(self.catalogue().paths),
            known=lambda: self.catalogue() or None,
            began=self._replay_began,
            done=self._replayed,
        )
        self.unfinished = UnfinishedReplays(
            page.session.unfinished,
            services.replays,
            tasks,
            connection_id=self.connection_id,
            go_on=self.replay.open,
            told=self._replay_told,
        )
        self.then_and_now = ThenAndNow(
            context.theme, context.icons, services.replays, tasks, context.clock, window=page.window, say=say
        )
        self.follower = SessionFollower(page, services, self.presenter, tasks)
        self.sessions = SessionsPresenter(
            page,
            services,
            self.presenter,
            tasks,
            connection=self.setups.site_id,
            site_name=self._site_among_several,
            begin_anew=lambda: self.show_record(None),
            reopen=self.reopen,
            replay_report=self.replay.open,
            then_and_now=self.then_and_now.open,
            show_rerun=self._show_rerun,
            say=say,
        )
        answers = PastedAnswers(
            services,
            context.clock,
            chosen=self.setup,
            reopen=self.reopen,
            listen=self.presenter.listen,
            site_name=self._site_among_several,
        )
        self.pastes = PracticePastePresenter(
            page, self.setups, answers, context.book, services.clients, context.redactor, tasks, say
        )
        self.outbox = OutboxPresenter(
            page,
            services,
            tasks,
            connection=self.setups.site_id,
            on_purpose=self.presenter.set_under_way,
            open_session=self.sessions.open,
            say=say,
            counted=context.told,
            replayed=lambda: {
                (each.record.connection_id, each.record.user_id) for each in services.replays.under_way()
            },
        )
        self.elsewhere = AnswersElsewhere(
            page.session.elsewhere, services, tasks, context.book, chosen=self.setups.site_id, go_to=self.setups.go_to
        )
        self.played = SimulateSession(page, services, self.presenter, tasks)
        self.simulation = SimulatePresenter(
            self.simulate, self, tasks, context.clock, lambda c, u: services.learners.is_test(c, u)
        )
        self.in_view = SessionInView(
            context.settings, services.sessions, tasks, is_there=self.setups.is_offered, reopen=self.reopen
        )
        self._connect()
        self.setups.begin(self.presenter)
        self.sessions.refresh()
        self.sessions.show_title()

    def _connect(self) -> None:
        """Tie the parts together, once all of them are there."""
        page, context = self.page, self._context
        self.presenter.on_session = self._session_shown
        self.setups.exercises.on_given = self.presenter.count_anew
        self.presenter.on_meaning = self._show_meaning
        self.presenter.on_failed = context.told
        self.presenter.on_missing = self.follower.catch_up
        page.shown.connect(lambda _tab: self._refresh_comparison())
        page.setup.changed.connect(self._refresh_comparison)
        self.services.learners.changed.subscribe(lambda _connection: self._refresh_comparison())
        context.book.key_replaced.subscribe(self._key_replaced)
        page.session.exchange.copy_wanted.connect(self._copy_curl)
        page.session.example_wanted.connect(context.example)
        page.session.connect_wanted.connect(context.connect)
        page.session.answers.answered.connect(lambda *_: page.setup.changed.emit())
        page.setup.changed.connect(context.told)
        # What a simulated learner has not answered yet is the person's, once they ask or answer by hand.
        page.session.answers.answered.connect(lambda *_: self.simulation.put_down())
        for by_hand in (page.next_wanted, page.session.begin_wanted, page.session.done.wanted):
            by_hand.connect(lambda *_: self.simulation.put_down())
        self.simulate.playing_changed.connect(self._playing_changed)

    def truth(self) -> StatusText:
        """Return what the status line says of the place."""
        live, counts = self.presenter.live(), self.outbox.counts
        cards = live.cards() if live is not None else ()
        return practice_truth(
            PracticeState(
                site=self.chosen_site(),
                asking=self.presenter.is_busy(),
                playing=self.simulation.playing(),
                sending=self._being_sent(),
                waiting=counts.waiting + counts.sending,
                apart=self.outbox.apart,
                held=self.outbox.held,
                locked=self.outbox.real.locked,
                unknown=counts.unknown,
                refused=counts.parked,
                failed=self.presenter.failed(),
                compared=self.comparison.requests(self.setups.site_id()),
                done=sum(card.result is not None for card in cards),
                total=len(cards),
                asked=live is not None and live.last is not None and not cards,
                answered=live.answered if live is not None else 0,
                blocked=self.presenter.guard() is Guard.REAL_LOCKED,
                together=self.setup().mode is Mode.BATCH and self.outbox.kept > 0,
            )
        )

    def chosen_site(self) -> str:
        """Return the name of the chosen site, "" if there is none."""
        connection = self.setups.connection()
        return connection.name if connection is not None else ""

    # -- what those beside the session ask (`ui.practice.host.Host`)

    def connection_id(self) -> str | None:
        """Return the chosen connection."""
        return self.setups.site_id() or None

    def setup(self) -> Setup:
        """Return the set-up as it stands."""
        return self.presenter.setup()

    def catalogue(self) -> Catalogue:
        """Return the exercises that are known."""
        return self.setups.exercises.catalogue()

    def record(self) -> SessionRecord | None:
        """Return the session in view."""
        live = self.presenter.live()
        return live.record() if live is not None else None

    def asker(self, plays: Setup) -> Asker | None:
        """Return who asks for this connection and session; without one, it begins with the first question."""
        return self.played.asker(plays) if self.setups.site_id() else None

    def take_steps(self, steps: list[PlayedStep]) -> None:
        """Put what a simulated learner did into the session."""
        self.played.take_steps(steps)

    def change_setup(self, setup: Setup) -> None:
        """Change the set-up, as if the person had."""
        self.page.setup.show_setup(setup)

    def focus_first(self) -> None:
        """Put the keyboard where the person begins."""
        if self.setups.site_id():
            self.page.setup.next.setFocus()

    def act(self, act: str) -> None:
        """Do what a command of the menu wants: "get", "learner", "sessions" or "report"."""
        if act == "get":
            if self.page.setup.next.isEnabled():
                self.presenter.ask()
        elif act == "learner":
            self.page.setup.learner.new_wanted.emit()
        else:
            self.page.sessions.act("all" if act == "sessions" else "report").trigger()

    # -- sessions

    async def reopen(self, record: SessionRecord) -> None:
        """Show a session with its set-up; its thousands of events don't hold the window up."""
        # First, for what is known of the exercises is of its site.
        self.setups.turn_to(record.connection_id, record.setup)
        taken = await self.presenter.take_in(record)
        # The frame first: to lay it out takes as long as to fill it.
        self.page.session.show_work()
        try:
            await asyncio.sleep(0)
        except asyncio.CancelledError:  # another one is wanted, or this one is deleted
            self.page.setup.changed.emit()
            raise
        self.show_record(taken)

    def show_record(self, taken: TakenIn | None) -> None:
        """Show a session that was taken in, with its set-up; None begins anew."""
        live = taken[0] if taken is not None else None
        if live is not None:
            self.setups.turn_to(live.connection_id, live.setup)
        self.presenter.show_record(taken)
        if live is not None:
            # Whoever wrote into it while it was read told the one that was in view until now.
            self.follower.catch_up(live)
        self.simulation.forget()
        if live is not None and live.setup.persona is not None:
            self.simulate.choose(live.setup.persona, live.setup.seed or 0)
        self.page.setup.changed.emit()

    # -- inside

    def _changed(self) -> None:
        self.outbox.refresh()
        self.elsewhere.refresh()
        self.simulation.refresh()
        self.in_view.look_again()
        if self.setups.site_id() != self._looked_at:
            self._looked_at = self.setups.site_id()
            self.unfinished.look()
            self.sessions.refresh()
        live = self.presenter.live()
        if live is not None and (live.connection_id, live.user_id) != (self.setups.site_id(), self.setup().user_id):
            # Another learner is another session; the old one is saved, and in the list.
            self.presenter.show_record(None)
            self.page.setup.changed.emit()

    def _playing_changed(self, playing: bool) -> None:
        self.setups.playing = playing
        self.page.session.done.setEnabled(not playing)
        self.page.setup.changed.emit()

    def _session_shown(self) -> None:
        live = self.presenter.live()
        self.in_view.note(live.id if live is not None else "")
        self.sessions.show_title()

    def _show_meaning(self, live: LiveSession | None) -> None:
        self.outbox.refresh()
        if live is None:
            self.meaning.show_empty()
        else:
            self.meaning.show_meaning(live.snapshot(), at_once=live.count < LONG_SESSION)

    def _refresh_comparison(self) -> None:
        if self.page.tab() == COMPARE:
            self.comparison.refresh()

    def _key_replaced(self, connection_id: str) -> None:
        connection = self._context.book.get(connection_id)
        if connection is not None and connection.mark is not Mark.DEMO:
            self._context.say(another_key_words(connection.name), "warn")
            self._refresh_comparison()

    def _show_rerun(self, found: RerunFound) -> None:
        self.page.show_tab(COMPARE)
        self.comparison.show_rerun(found)

    def _site_name(self, connection_id: str) -> str:
        connection = self._context.book.get(connection_id)
        return connection.name if connection is not None else connection_id

    def _site_among_several(self, connection_id: str) -> str:
        """Return the name of a site where there are several, "" where it goes without saying."""
        sites = [one for one in self._context.book.list() if one.practice is not None]
        return self._site_name(connection_id) if len(sites) > 1 else ""

    async def _replay_began(self, record: ReplayRecord) -> None:
        """Turn to the session of a replay, to see it fill."""
        if not record.session:
            return
        with contextlib.suppress(SanaError):  # deleted for good: it is replayed all the same
            await self.reopen(await self.services.sessions.load(record.session))
        with contextlib.suppress(SanaError):  # without a key the replay says so
            await self.presenter.listen(record.connection_id)

    def _being_sent(self) -> tuple[int, int]:
        """Return how many answers of all running replays were sent, and of how many."""
        records = [progress.record for progress in self.services.replays.under_way()]
        return sum(record.done for record in records), sum(record.total for record in records)

    def _replay_told(self) -> None:
        self.outbox.refresh()
        self._context.told()

    def _replayed(self, record: ReplayRecord) -> None:
        if not record.session:
            self.page.setup.learner.choose(record.user_id)
        self._context.say(tr("Practice", "The replay is done: its answers are a session of their own."), "good")

    def _copy_curl(self, exchange: Exchange) -> None:
        connection = self.setups.connection()
        if connection is None or connection.practice is None:
            return
        shell = Shell.POWERSHELL if sys.platform == "win32" else Shell.BASH
        QGuiApplication.clipboard().setText(curl_of(exchange, connection.practice, shell))
        self._context.say(tr("Practice", "Copied as a cURL command. Your key is not in it."), "good")
