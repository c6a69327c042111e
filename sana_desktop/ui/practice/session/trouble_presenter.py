"""What could not be done, said where it happened with one button; and why a list came back empty (B33, O06)."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from sana_desktop.api.practice_models import NextQuery
from sana_desktop.base.clock import Clock
from sana_desktop.base.errors import AuthError, OutcomesRefused, OutcomesUnknown, SanaError, UserError
from sana_desktop.base.tasks import Supervisor
from sana_desktop.base.text import one_line
from sana_desktop.practice.compare.why import Blocking, WhyEmpty, plan, why_empty
from sana_desktop.practice.exercises.limits import named_in_a_row, without
from sana_desktop.practice.outcomes.delivery import Delivery
from sana_desktop.practice.outcomes.delivery_asker import DeliveryAsker
from sana_desktop.practice.outcomes.outbox import OutboxEntry, OutboxState
from sana_desktop.practice.outcomes.pace import SECONDS_A_CALL
from sana_desktop.practice.sessions.session import Asked
from sana_desktop.ui.practice.naming import age_words, clock_words, level_figure
from sana_desktop.ui.practice.page import PracticePage
from sana_desktop.ui.practice.parts.held_keys import is_typing
from sana_desktop.ui.practice.parts.strips import StripAct
from sana_desktop.ui.practice.session.live import LiveSession
from sana_desktop.ui.tr import error_words, tr

AGE_MS = 30_000
"""How often the age of a list is said anew, and only while no newer one can be had (O06)."""
WHY = "practice why"
DROP = "drop-"
"""Begins the acts that drop what is in the way; the number of the way out follows."""
MAX_WAYS = 3
"""Ways out that are offered at once."""
MAX_NAMES_LENGTH = 48


class TroublePresenter:
    """Fills the strip above the exercises.

    Args:
        live: returns the session in view.
        ask: asks for exercises.
        sign_in: leads to where the key of the chosen connection can be given.
        told: called when `failed` returns something else than before.
    """

    def __init__(
        self,
        page: PracticePage,
        delivery: Delivery,
        clock: Clock,
        tasks: Supervisor,
        *,
        live: Callable[[], LiveSession | None],
        ask: Callable[[], None],
        sign_in: Callable[[], None],
        told: Callable[[], None],
    ) -> None:
        self._page = page
        self._panel = page.session
        self._delivery = delivery
        self._clock = clock
        self._tasks = tasks
        self._live = live
        self._ask = ask
        self._sign_in = sign_in
        self._told = told
        self._why: WhyEmpty | None = None
        self._passes = False
        self._failed = ""
        self._waits = ""
        self._age = QTimer(page)
        self._age.setInterval(AGE_MS)
        self._age.timeout.connect(self._show_age)
        self._panel.trouble.wanted.connect(self._help)
        delivery.changed.subscribe(self._entry_changed)
        delivery.removed.subscribe(lambda _number: self.forget() if self._waits else None)

    def failed(self) -> str:
        """Return why the latest question got no answer, "" if it did or none was asked."""
        return self._failed

    def show(self, error: SanaError, *, asked: bool = False) -> None:
        """Say what could not be done; the last list stays, with its age. `asked` if it was to get exercises."""
        title, sentence, step = error_words(error)
        if asked:
            self._note_failed(sentence)
        self._passes = not isinstance(error, (AuthError, UserError, OutcomesUnknown, OutcomesRefused))
        live = self._live()
        self._waits = live.user_id if live is not None and error.code == "E-LEARNER-HOLD" else ""
        act = StripAct("again", tr("Practice", "Try again"))
        if isinstance(error, AuthError):
            act = StripAct("sign-in", tr("Practice", "Enter the key"))
        elif isinstance(error, UserError):
            act = StripAct("close", tr("Practice", "Close"), "plain")
        kept = "" if isinstance(error, UserError) else tr("Practice", "Your answers are safe on this computer.")
        if live is not None:
            self._panel.show_work()
        self._panel.trouble.say(" ".join(filter(None, (sentence, step, kept))), "bad", act, heading=title)
        self._show_age()
        self._age.start()

    def forget(self) -> None:
        """Say nothing any more: something newer came."""
        self._why = None
        self._passes = False
        self._waits = ""
        self._note_failed("")
        self._panel.trouble.say("")
        self._age.stop()

    def _note_failed(self, sentence: str) -> None:
        before, self._failed = self._failed, sentence
        if sentence != before:
            self._told()

    def is_looking(self) -> bool:
        """Return whether it is being found out why nothing fits."""
        return self._tasks.running(WHY)

    def explain_nothing(self, live: LiveSession, query: NextQuery) -> None:
        """Find out which constraint is in the way, and offer to drop it."""
        calls = plan(query, SECONDS_A_CALL).calls
        words = tr("Practice", "Nothing fits. Looking for what is in the way, with at most {n} questions…", n=calls)
        self._panel.trouble.say(words, "warn")
        self._tasks.start("explain why it is empty", self._find_why(live, query), key=WHY)

    def about(self, last: Asked) -> str:
        """Return the line above a list: how many, when, how hard."""
        count = len(last.recommendation.exercises)
        many = tr("Practice", "1 exercise") if count == 1 else tr("Practice", "{n} exercises", n=f"{count:,}")
        level = last.query.challenge_level
        hard = (
            tr("Practice", "Sana decided how hard")
            if level is None
            else tr("Practice", "challenge {level}", level=level_figure(level))
        )
        parts = [many, tr("Practice", "asked for at {time}", time=clock_words(last.at)), hard]
        if last.recommendation.unusable:
            parts.append(tr("Practice", "{n} could not be read", n=last.recommendation.unusable))
        return "  ·  ".join(parts)

    def _entry_changed(self, entry: OutboxEntry) -> None:
        """What was said is no longer true: an answer was taken though the site could not be reached, or one that was
        to wait goes.
        """
        live = self._live()
        goes = self._waits == entry.user_id and entry.state is not OutboxState.WAITING
        if not goes and (not self._passes or entry.state is not OutboxState.ACCEPTED):
            return
        if live is not None and live.connection_id == entry.connection_id:
            self.forget()
            if live.last is not None:
                self._panel.show_about(self.about(live.last))

    def _show_age(self) -> None:
        live = self._live()
        if live is not None and live.last is not None:
            age = age_words((self._clock.now() - live.last.at).total_seconds())
            self._panel.show_about(f"{self.about(live.last)}  ·  {age}")

    async def _find_why(self, live: LiveSession, query: NextQuery) -> None:
        try:
            why = await why_empty(DeliveryAsker(self._delivery, live.connection_id, live.id), query)
        except SanaError as error:
            self.show(error)
            return
        if self._live() is not live or live.cards():
            return
        self._why = why
        words = " ".join(line.say(lambda text: tr("Practice", text)) for line in why.words())
        sets = why.blocking[:MAX_WAYS]
        acts = [StripAct(f"{DROP}{at}", drop_words(each, alone=len(sets) == 1)) for at, each in enumerate(sets)]
        self._panel.trouble.say(words, "warn", *acts)
        focus = QApplication.focusWidget()
        elsewhere = focus is not None and self._page.setup.isAncestorOf(focus) and focus is not self._page.setup.next
        if acts and not elsewhere and not is_typing():
            # The cards that had it are gone: what Enter does is what helps here, not what stands next to it.
            self._panel.trouble.buttons()[0].setFocus()

    def _help(self, act: str) -> None:
        if act == "sign-in":
            self._sign_in()
        elif act.startswith(DROP) and self._why is not None:
            blocking = self._why.blocking[int(act.removeprefix(DROP))]
            freed = without(self._why.query, blocking.limits)
            self._page.setup.show_constraints(freed.constraints)
            self._page.setup.challenge.set_level(freed.challenge_level)
            self.forget()
            self._ask()
        elif act == "again":
            self._ask()
        else:
            self.forget()


def drop_words(blocking: Blocking, *, alone: bool) -> str:
    """Return the verb of the button that drops what is in the way; `alone` is whether it is the only way out."""
    if not alone:
        names = " ".join(each.say(lambda text: tr("Practice", text)) for each in named_in_a_row(blocking.limits))
        return tr("Practice", "Drop {constraints}", constraints=one_line(names.removesuffix("."), MAX_NAMES_LENGTH))
    if len(blocking.limits) == 1:
        return tr("Practice", "Drop it and try again")
    return tr("Practice", "Drop them and try again")
