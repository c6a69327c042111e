"""The strips that say what waits to be sent and what nobody knows the fate of, and do what the person decides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence

from sana_desktop.base.errors import SanaError
from sana_desktop.base.tasks import Supervisor
from sana_desktop.practice.outcomes.outbox import Lane, OutboxCounts, OutboxEntry, OutboxState
from sana_desktop.practice.services import PracticeServices
from sana_desktop.ui import dialogs
from sana_desktop.ui.practice.page import PracticePage
from sana_desktop.ui.practice.parts.strips import say_outbox
from sana_desktop.ui.practice.session.real_outbox import (
    AGAIN,
    AGAIN_PARKED,
    DISCARD,
    LEAVE,
    SEND,
    SHOW,
    RealOutbox,
    say_real_outbox,
    sent_words,
)
from sana_desktop.ui.tr import error_text, error_words, tr
from sana_desktop.ui.widgets import after

SOON_MS = 150
"""An answer that is sent at once is not announced as waiting."""
MAX_LOOKED_AT = 10_000
"""Answers that one press acts on."""
_AGAIN = {"again": OutboxState.UNKNOWN, "again-parked": OutboxState.PARKED}
"""What an act of the strip sends once more."""


class OutboxPresenter:
    """Counts what is on its way at the chosen connection.

    Args:
        connection: returns its id, "" if there is none.
        open_session: shows a session by its id.
        on_purpose: returns how many answers wait because their set is not done; that is no news.
        say: a sentence for the status line, with a tone.
        counted: called after each count.
        replayed: returns whose answers a replay is sending just now; that is said elsewhere.

    Attributes:
        counts: what the last count found; as waiting only what goes by itself.
        apart: how many answers of test learners wait for their set to be done, whose set is not the one in view.
        real: what the last count found for real people.
        kept: how many answers of the chosen learner wait, on purpose or not.
        held: of the chosen real person's answers, how many wait for a button to be held, their set being done.
    """

    def __init__(
        self,
        page: PracticePage,
        services: PracticeServices,
        tasks: Supervisor,
        *,
        connection: Callable[[], str],
        on_purpose: Callable[[], int],
        open_session: Callable[[str], None],
        say: Callable[[str, str], None],
        counted: Callable[[], None] = lambda: None,
        replayed: Callable[[], Collection[Lane]] = tuple,
    ) -> None:
        self.counts = OutboxCounts()
        self.real = RealOutbox()
        self.held = 0
        self.kept = 0
        self.apart = 0
        self._counted = counted
        self._replayed = replayed
        self._page = page
        self._services = services
        self._tasks = tasks
        self._connection = connection
        self._on_purpose = on_purpose
        self._open_session = open_session
        self._say = say
        self._soon = after(page, SOON_MS, lambda: tasks.start("count the outbox", self._count(), key="practice outbox"))
        self._sent: Counter[Lane] = Counter()
        page.session.outbox.wanted.connect(self._wanted)
        page.session.real_outbox.wanted.connect(self._real_wanted)
        page.session.real_outbox.let_go.connect(
            lambda: say(tr("Practice", "Let go too early: nothing was sent. Hold it until it is full."), "warn")
        )
        services.learners.changed.subscribe(lambda _connection: self.refresh())
        services.delivery.changed.subscribe(self._changed)
        services.delivery.removed.subscribe(lambda _number: self.refresh())

    def refresh(self) -> None:
        """Count again, soon."""
        if not self._soon.isActive():
            self._soon.start()

    def _changed(self, entry: OutboxEntry) -> None:
        if entry.state is OutboxState.ACCEPTED and not self._services.learners.is_test(*entry.lane):
            self._sent[entry.lane] += 1
        self.refresh()

    def _say_sent(self) -> None:
        for (_, person), count in self._sent.items():
            self._say(sent_words(person, count), "good")
        self._sent.clear()

    async def _count(self) -> None:
        self._say_sent()
        connection, chosen = self._connection(), self._page.setup.learner.user_id()
        strip, real_strip = self._page.session.outbox, self._page.session.real_outbox
        if not connection:
            self.counts, self.real = OutboxCounts(), RealOutbox()
            self.kept = self.held = self.apart = 0
            strip.say("")
            real_strip.say("")
            self._counted()
            return
        try:
            each = await self._services.delivery.counts_of_each(connection)
            real = {user_id for user_id in each if not self._services.learners.is_test(connection, user_id)}
            parked = sum(counts.parked for counts in each.values())
            reasons = await self._services.ledger.reasons(connection) if parked else {}
            theirs = await self._services.ledger.numbers_waiting((connection, chosen)) if chosen in real else ()
        except SanaError as error:
            self._say(error_words(error)[1], "bad")
            return
        if (connection, chosen) != (self._connection(), self._page.setup.learner.user_id()):
            self.refresh()
            return
        on_purpose = self._on_purpose()
        self.real = self._real(connection, chosen, {name: each[name] for name in each if name in real}, theirs)
        self.held = max(self.real.held_back - on_purpose, 0)
        elsewhere = real | {user_id for site, user_id in self._replayed() if site == connection}
        waiting = sum(counts.waiting for user_id, counts in each.items() if user_id not in elsewhere)
        made = [counts for user_id, counts in each.items() if user_id not in real]
        held = sum(counts.held for counts in made)
        self.apart = max(held - (0 if chosen in real else on_purpose), 0)
        self.kept = each[chosen].waiting if chosen in each else 0
        self.counts = OutboxCounts(
            waiting=max(waiting - held, 0),
            sending=sum(counts.sending for counts in each.values()) + self.real.waiting - self.real.held_back,
            unknown=sum(counts.unknown for counts in each.values()),
            parked=parked,
        )
        say_outbox(
            strip,
            waiting=self.counts.waiting,
            unknown=sum(counts.unknown for counts in made),
            parked=self.counts.parked,
            apart=self.apart,
            reasons=reasons,
            again=any(counts.parked for counts in made),
        )
        say_real_outbox(real_strip, self.real)
        self._counted()

    def _real(
        self, connection: str, chosen: str, real: Mapping[str, OutboxCounts], waiting: Sequence[int]
    ) -> RealOutbox:
        learners = self._services.learners
        theirs = real.get(chosen, OutboxCounts())
        return RealOutbox(
            chosen if chosen in real else "",
            len(waiting),
            theirs.unknown,
            sum(map(learners.is_released, waiting)),
            tuple(name for name, counts in real.items() if name != chosen and counts.open > counts.sending),
            learners.is_locked(connection),
            theirs.parked,
        )

    # -- answers of test learners, and what can't be delivered at all

    def _wanted(self, act: str) -> None:
        self._tasks.start(f"outbox: {act}", self._do(act, self._connection()), key="practice outbox act")

    async def _do(self, act: str, connection: str) -> None:
        delivery, is_test = self._services.delivery, self._services.learners.is_test
        try:
            if act == "send":
                for user_id, counts in (await delivery.counts_of_each(connection)).items():
                    if counts.waiting and is_test(connection, user_id):
                        await delivery.send(connection, user_id)
                return
            for entry in await self._entries(connection):
                if act == "drop" and entry.state is OutboxState.PARKED:
                    await delivery.drop(entry.number)
                elif not is_test(*entry.lane):
                    continue  # a real person's go by another strip, with another button
                elif _AGAIN.get(act) is entry.state:
                    await delivery.send_again(entry.number)
                elif act == "leave" and entry.state is OutboxState.UNKNOWN:
                    await delivery.drop(entry.number)
        except SanaError as error:
            self._fail(error)
        finally:
            self.refresh()

    # -- answers of real people

    def _real_wanted(self, act: str) -> None:
        connection, view = self._connection(), self.real
        if act == SHOW:
            self._page.setup.learner.choose(view.others[0])
            self._tasks.start("show whose answers wait", self._show_session(connection, view.others[0]))
            return
        if view.person != self._page.setup.learner.user_id():
            return  # another person was chosen meanwhile: what was said is not about them
        self._tasks.start(f"outbox: {act}", self._do_real(act, connection, view.person), key="practice outbox act")

    async def _show_session(self, connection: str, person: str) -> None:
        """Show the session in which the newest of a person's open answers was given."""
        try:
            entries = await self._entries(connection)
        except SanaError as error:
            self._fail(error)
            return
        sessions = [entry.session for entry in entries if entry.user_id == person and entry.session]
        if sessions and self._page.setup.learner.user_id() == person:
            self._open_session(sessions[-1])

    async def _do_real(self, act: str, connection: str, person: str) -> None:
        """Do what the held button, or the answered question, is a deliberate act for: one person's answers (B26)."""
        delivery, learners = self._services.delivery, self._services.learners
        try:
            entries = [entry for entry in await self._entries(connection) if entry.user_id == person]
            waiting = [entry.number for entry in _waiting(entries)]
            unknown = [entry.number for entry in entries if entry.state is OutboxState.UNKNOWN]
            parked = [entry.number for entry in entries if entry.state is OutboxState.PARKED]
            if act == SEND:
                await delivery.send(connection, person, consent=learners.consent(connection, person))
            elif act in {AGAIN, AGAIN_PARKED}:
                for number in unknown if act == AGAIN else parked:
                    await delivery.send_again(number, consent=learners.consent(connection, person))
            elif act == LEAVE or (act == DISCARD and await self._sure(person, len(waiting))):
                for number in unknown if act == LEAVE else waiting:
                    await delivery.drop(number)
        except SanaError as error:
            self._fail(error)
        self.refresh()

    async def _sure(self, person: str, count: int) -> bool:
        one = tr("Practice", "Discard 1 answer for {name}?", name=person)
        many = tr("Practice", "Discard {n} answers for {name}?", n=count, name=person)
        kept_one = tr("Practice", "It was not sent, and never will be. The session keeps its line.")
        kept = tr("Practice", "They were not sent, and never will be. The session keeps their lines.")
        return await dialogs.sure(
            self._page.window(),
            one if count == 1 else many,
            kept_one if count == 1 else kept,
            tr("Practice", "Discard"),
            tr("Practice", "Keep"),
        )

    def _fail(self, error: SanaError) -> None:
        self._say(error_text(error), "bad")

    async def _entries(self, connection: str) -> list[OutboxEntry]:
        return list(await self._services.delivery.entries(connection, limit=MAX_LOOKED_AT))


def _waiting(entries: Sequence[OutboxEntry]) -> list[OutboxEntry]:
    return [entry for entry in entries if entry.state is OutboxState.WAITING]
