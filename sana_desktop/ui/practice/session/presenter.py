"""The heart of the Practice place: asks for exercises, takes answers, and shows what became of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

from sana_desktop.api.practice_models import Exchange, Exercise, ExerciseOutcome, Outcome, Result
from sana_desktop.base.clock import Clock
from sana_desktop.base.errors import SanaError
from sana_desktop.base.events import Unsubscribe
from sana_desktop.base.tasks import Supervisor
from sana_desktop.practice.exercises.catalogue import Catalogue
from sana_desktop.practice.learners import Guard
from sana_desktop.practice.services import PracticeServices
from sana_desktop.practice.sessions.answering import keep_answers
from sana_desktop.practice.sessions.session import Answered, Asked, Event, Mode, SessionRecord, Setup
from sana_desktop.ui.practice.naming import moment_words
from sana_desktop.ui.practice.page import PracticePage
from sana_desktop.ui.practice.parts.held_keys import is_typing
from sana_desktop.ui.practice.session.done_strip import say_done
from sana_desktop.ui.practice.session.fates import Fates
from sana_desktop.ui.practice.session.live import LiveSession
from sana_desktop.ui.practice.session.real_outbox import kept_words
from sana_desktop.ui.practice.session.sent_view import SentView
from sana_desktop.ui.practice.session.steps import Step, Steps
from sana_desktop.ui.practice.session.trouble_presenter import TroublePresenter
from sana_desktop.ui.tr import tr
from sana_desktop.ui.turns import in_turns

TakenIn: TypeAlias = "tuple[LiveSession, Steps]"
"""A session that is ready to be shown, and its steps."""


class PracticePresenter:
    """Holds the session in view.

    Args:
        connection: returns the id of the chosen connection, "" if there is none.
        catalogue: returns what is known of the exercises.
        given: returns those of the source that was chosen for them; None where they are learned from what comes.
        learn: told the exercises that came.
        sign_in: leads to where a key can be given.
        say: a sentence for the status line, with a tone.
    """

    def __init__(
        self,
        page: PracticePage,
        services: PracticeServices,
        clock: Clock,
        tasks: Supervisor,
        *,
        connection: Callable[[], str],
        catalogue: Callable[[], Catalogue],
        given: Callable[[], Catalogue | None],
        learn: Callable[[Sequence[Exercise]], None],
        sign_in: Callable[[str], None],
        say: Callable[[str, str], None],
    ) -> None:
        self._page = page
        self._panel = page.session
        self._services = services
        self._clock = clock
        self._tasks = tasks
        self._connection = connection
        self._catalogue = catalogue
        self._given = given
        self.learn = learn
        self._say = say
        self._live: LiveSession | None = None
        self._busy = False
        self._listening: dict[str, tuple[object, Unsubscribe]] = {}
        self._last_exchange: Exchange | None = None
        self.on_session: Callable[[], None] = lambda: None
        """Called when another session is shown, or it got another title."""
        self.on_meaning: Callable[[LiveSession | None], None] = lambda live: None
        """Called after each event, and when another session is shown."""
        self.on_missing: Callable[[LiveSession], None] = lambda live: None
        """Called when something was written into the session in view that it does not have."""
        self.on_failed: Callable[[], None] = lambda: None
        """Called when `failed` returns something else than before."""
        self._trouble = TroublePresenter(
            page,
            services.delivery,
            clock,
            tasks,
            live=self.live,
            ask=self.ask,
            sign_in=lambda: sign_in(connection()),
            told=lambda: self.on_failed(),
        )
        page.next_wanted.connect(self.ask)
        self._panel.begin_wanted.connect(self.ask)
        self._panel.answers.answered.connect(self._answer)
        self._panel.answers.let_go.connect(self._let_go)
        self._panel.answers.both_held.connect(
            lambda: self._say(tr("Practice", "Two answers at once: neither was kept or sent. Hold one."), "warn")
        )
        page.setup.changed.connect(self._show_set)
        self._panel.done.wanted.connect(lambda _act: self.ask())
        self._sent = SentView(self._panel, services.exchanges, tasks, self.live)
        self._fates = Fates(self._panel.history.steps, services.delivery, tasks, self.live, lambda: self._last_exchange)

    # -- what others ask

    def live(self) -> LiveSession | None:
        """Return the session in view."""
        return self._live

    def setup(self) -> Setup:
        """Return what is asked for, as the set-up shows it."""
        return self._page.setup.setup()

    def guard(self) -> Guard:
        """Return what stands between an answer and the chosen learner."""
        return self._services.learners.guard(self._connection(), self.setup().user_id)

    def is_busy(self) -> bool:
        """Return whether exercises are being asked for."""
        return self._busy

    def failed(self) -> str:
        """Return why the latest question got no answer, "" if it did."""
        return self._trouble.failed()

    def set_under_way(self) -> int:
        """Return how many answers wait on purpose: those of a set that is not done yet, unless each goes at once."""
        if self._live is None or self._live.current() is None or self.setup().mode is Mode.SINGLE:
            return 0
        # By the cards, which show an answer at once: its event comes when it is on the disk.
        return sum(card.result is not None for card in self._live.cards())

    def waiting_outcomes(self) -> tuple[ExerciseOutcome, ...]:
        """Return the answers that would travel with the next request."""
        if self._live is None or self.setup().mode is not Mode.COMBINED:
            return ()
        return self._live.since_asked()

    async def take_in(self, record: SessionRecord) -> TakenIn:
        """Take in the events of a session over as many turns as they need; then it is shown in one."""
        live = LiveSession(record, self._catalogue(), self._given())
        steps = Steps()

        def each() -> Iterator[None]:
            for event in record.events:
                steps.add(live.take(event))
                yield

        await in_turns(each())
        return live, steps

    def count_anew(self) -> None:
        """Another source of exercises is chosen: what came up is counted within that."""
        if self._live is not None and self._live.connection_id == self._connection():
            self._live.meaning.count_within(self._given())
            self.on_meaning(self._live)

    def show_record(self, taken: TakenIn | None) -> None:
        """Show another session, or none."""
        self._show(*(taken or (None, Steps())))

    def _show(self, live: LiveSession | None, steps: Steps) -> None:
        self._trouble.forget()
        self._live = live
        self._last_exchange = None
        self._panel.history.steps.show(steps)
        if live is not None:
            self._last_exchange = live.last.recommendation.exchange if live.last is not None else None
        self._fates.begin(live)
        self._sent.begin(live, self._newest_is)
        self._panel.show_last_exchange(self._last_exchange)
        self.show_cards()
        self.on_session()
        self.on_meaning(live)

    async def ensure_session(self) -> LiveSession:
        """Return the session in view if it is of the chosen learner; a new one if it is not.

        Raises:
            StorageError: it could not be written.
        """
        setup, connection = self.setup(), self._connection()
        live = self._live
        if live is not None and (live.connection_id, live.user_id) == (connection, setup.user_id):
            return live
        now = moment_words(self._clock.now())
        title = tr("Practice", "{learner}, {time}", learner=self._page.setup.learner.name(), time=now)
        record = await self._services.sessions.begin(connection, setup, title)
        live = LiveSession(record, self._catalogue(), self._given())
        self._show(live, Steps())
        return live

    def arrived(self, exchange: Exchange) -> None:
        """The service answered: nothing is in the way any more."""
        self._trouble.forget()
        self._last_exchange = exchange

    def show_trouble(self, error: SanaError) -> None:
        """Say what could not be done."""
        self._trouble.show(error)

    # -- asking

    def ask(self) -> None:
        """Get the next exercises."""
        if self._busy:
            return
        setup = self.setup()
        if not setup.user_id or not self._connection():
            return
        if self.guard() is Guard.REAL_LOCKED:
            self._say(tr("Practice", "This site is locked for real people. Nothing was sent."), "warn")
            return
        self._set_busy(True)
        self._tasks.start("get exercises", self._ask(setup))

    async def _ask(self, setup: Setup) -> None:
        live: LiveSession | None = None
        try:
            live = await self.ensure_session()
            self._panel.show_work()
            self._panel.show_asking(True)
            await self.listen(live.connection_id)
            query = setup.query()
            recommendation = await self._services.delivery.next(
                live.connection_id, query, combined=setup.mode is Mode.COMBINED, session=live.id
            )
            await self._take(live, Asked(recommendation.exchange.at, query, recommendation), setup)
        except SanaError as error:
            if live is None or self._in_view(live) is not None:
                self._trouble.show(error, asked=True)
        finally:
            self._panel.show_asking(False)
            self._set_busy(False)

    async def keep_setup(self, live: LiveSession, setup: Setup) -> None:
        """Keep what was asked for, and who played last, to show it again when the session is reopened (B30)."""
        if setup.persona is None:
            setup = replace(setup, persona=live.setup.persona, seed=live.setup.seed)
        if setup != live.setup:
            live.change_setup(setup)
            await self._services.sessions.change_setup(live.id, setup)

    def _in_view(self, live: LiveSession) -> LiveSession | None:
        """Return a session as it is in view, where it may have been opened anew meanwhile; None if another one is."""
        return self._live if self._live is not None and self._live.id == live.id else None

    async def _take(self, asked_in: LiveSession, asked: Asked, setup: Setup) -> None:
        exercises = asked.recommendation.exercises
        # First on the disk, whatever is in view: an answer points at it by its place among the events.
        first = await self._services.sessions.append(asked_in.id, asked)
        live = self._in_view(asked_in)
        if live is None:
            return
        self.arrived(asked.recommendation.exchange)
        self._take_next(live, first, asked)
        self._panel.show_last_exchange(self._last_exchange)
        self.show_cards()
        self.learn(exercises)
        self.on_meaning(live)
        await self.keep_setup(live, setup)
        if not exercises:
            self._trouble.explain_nothing(live, asked.query)
        elif not is_typing():
            self._panel.focus_answers()

    def _take_next(self, live: LiveSession, first: int, event: Event) -> None:
        """Take in what was written at `first`; together with what lies before it, if something was written between."""
        fresh = live.next_of(first, (event,))
        if fresh is None:
            self.on_missing(live)
            return
        self._panel.history.steps.add(self.as_heard(live.take(each)) for each in fresh)

    def as_heard(self, step: Step) -> Step:
        """Return a step with what is known of it by now: an answer may be sent before it is taken in here."""
        return self._fates.as_heard(step)

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self._page.setup.changed.emit()

    # -- answering

    def _answer(self, result: Result, score: float | None, spent_ms: int | None, metadata: str | None) -> None:
        live = self._live
        row = live.current() if live is not None else None
        if live is None or row is None:
            return
        if live.user_id != self.setup().user_id or live.connection_id != self._connection():
            self._say(tr("Practice", "These exercises are another learner's. Get exercises first."), "warn")
            return
        exercise = live.cards()[row].exercise
        outcome = Outcome(self._clock.now(), result, spent_ms, score, metadata)
        # Shown at once, so that the next key is for the next exercise.
        live.mark(row, result)
        self.show_cards()
        # Whether it is the last is known now: the next key may come before this is on the disk.
        self._tasks.start("keep an answer", self._keep(live, row, exercise, outcome, live.current() is None))

    async def _keep(self, live: LiveSession, row: int, exercise: Exercise, outcome: Outcome, done: bool) -> None:
        delivery, learners, sessions = self._services.delivery, self._services.learners, self._services.sessions
        lane = (live.connection_id, live.user_id)
        mode = self.setup().mode
        goes = done or mode is Mode.SINGLE
        asked = live.asked
        try:
            consent = learners.consent(*lane) if learners.guard(*lane) is not Guard.TEST else None
            answer = Answered(outcome.timestamp, exercise, outcome, asked)
            kept = await keep_answers(
                delivery,
                sessions,
                lane,
                live.id,
                (answer,),
                consent=consent,
                release=goes,
                held=not goes,
            )
        except SanaError as error:
            if self._live is live and live.asked == asked:
                live.mark(row, None)
                self.show_cards()
            self._trouble.show(error)
            return
        if consent is not None and not goes:  # of what goes the line says what is true of it, until it is sent
            self._say(kept_words(live.user_id), "good")
        now = self._in_view(live)
        if now is not None:
            self._take_next(now, kept.first, kept.answers[0])
            if now is not live:
                self.show_cards()
            self._panel.show_count(now.answered, now.from_report)
            self.on_meaning(now)
        if done and mode is not Mode.BATCH and now is not None:
            self.ask()  # the answers travel first, or along
        elif goes:
            delivery.deliver(*lane)

    def _let_go(self) -> None:
        self._say(tr("Practice", "Let go too early: nothing was kept or sent. Hold it until it is full."), "warn")

    # -- what became of it

    async def listen(self, connection_id: str) -> None:
        """Show what goes to a connection and comes back for the learner in view. Raises AuthError without a key."""
        client = await self._services.clients.client(connection_id)
        before = self._listening.get(connection_id)
        if before is None or before[0] is not client:
            if before is not None:
                before[1]()
            self._listening[connection_id] = (client, client.exchanged.subscribe(self._exchanged))

    def _exchanged(self, exchange: Exchange) -> None:
        asks = exchange.path.endswith("next-exercises")
        if self._trouble.is_looking() or (asks and not self._busy):
            return  # that question is ours, or a comparison's: not the person's
        if self._live is not None and exchange.user_id == self._live.user_id:
            self._last_exchange = exchange
            self._panel.show_last_exchange(exchange)

    def _newest_is(self, exchange: Exchange) -> None:
        """Show what is kept of an earlier time, unless what is shown is newer."""
        if self._last_exchange is None or exchange.at > self._last_exchange.at:
            self._last_exchange = exchange
            self._panel.show_last_exchange(exchange)

    # -- what is shown

    def show_cards(self) -> None:
        """Show the session in view as it stands: its sequence, and how many were answered."""
        live = self._live
        if live is None:
            self._panel.show_cards((), "")
            self._panel.show_count(0)
            self._panel.done.say("")
            return
        self._panel.show_work()
        # A list that answers of a report came after is not shown any more, and nothing is said of it.
        about = live.last is not None and (live.cards() or not live.last.recommendation.exercises)
        self._panel.show_cards(live.cards(), self._trouble.about(live.last) if live.last and about else "")
        self._panel.show_count(live.answered, live.from_report)
        self._show_set()
        say_done(self._panel.done, live, self.setup().mode)

    def _show_set(self) -> None:
        cards = self._live.cards() if self._live is not None and self.setup().mode is not Mode.SINGLE else ()
        self._panel.answers.show_set(len(cards), sum(card.result is None for card in cards))
