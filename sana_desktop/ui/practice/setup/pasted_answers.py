"""Pasted answers on their card and on their way: to a test learner at a press, to their own person by a hold (B26)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from sana_desktop.base.clock import Clock
from sana_desktop.base.errors import SanaError
from sana_desktop.base.text import one_line
from sana_desktop.practice.learners import Guard
from sana_desktop.practice.paste import PracticePaste
from sana_desktop.practice.services import PracticeServices
from sana_desktop.practice.sessions.pasted import keep_pasted, requests_for
from sana_desktop.practice.sessions.session import Mode, SessionRecord, Setup
from sana_desktop.ui.practice.naming import moment_words
from sana_desktop.ui.reports.paste.understood_card import Note
from sana_desktop.ui.tr import error_text, error_words, tr

SHOWN_NAME = 40
ON_BUTTON = 20
"""Characters of an id on a button; the sentence beside it has more."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be done with pasted answers, as the card says it.

    Attributes:
        row: for whom they would be, with what is said before it; None if they can't be sent.
        notes: what else should be known.
        send: the verb of the button that sends them to a test learner; "" if they can't be sent.
        hold: the words of the button that must be held to send them to their own person; "" if it is not offered.
    """

    row: tuple[str, str] | None = None
    notes: tuple[Note, ...] = ()
    send: str = ""
    hold: str = ""


class PastedAnswers:
    """Says what can be done with pasted answers, and does it.

    Args:
        chosen: returns the learner who is chosen, at the chosen connection.
        reopen: shows a session.
        listen: shows what goes to a connection and comes back.
        site_name: what a connection is called, where several are connected; else "".
    """

    def __init__(
        self,
        services: PracticeServices,
        clock: Clock,
        *,
        chosen: Callable[[], Setup],
        reopen: Callable[[SessionRecord], Awaitable[None]],
        listen: Callable[[str], Awaitable[None]],
        site_name: Callable[[str], str] = lambda connection_id: "",
    ) -> None:
        self._services = services
        self._clock = clock
        self._chosen = chosen
        self._reopen = reopen
        self._listen = listen
        self._site_name = site_name

    async def offer(self, understood: PracticePaste, connection_id: str) -> Offer:
        """Return what the card offers.

        Args:
            connection_id: where they would go; "" if one is made for the key in the paste, or there is none.
        """
        outcomes = understood.outcomes
        if not outcomes or not (connection_id or understood.key):
            return Offer()
        try:
            requests = requests_for(understood.user_id or "x", outcomes)
        except SanaError as error:
            return Offer(notes=(Note(error_text(error), "bad"),))
        name = self._test_name(understood, connection_id)
        target = name or tr("Practice", "a new test learner")
        site = one_line(self._site_name(connection_id), SHOWN_NAME) if connection_id else ""
        if site:
            target = tr("Practice", "{who} of {site}", who=target, site=site)
        if requests > 1:
            target = tr("Practice", "{who}, in {n} requests", who=target, n=f"{requests:,}")
        notes, hold = self._about_their_own(understood, connection_id)
        send = tr("Practice", "Send the answer") if len(outcomes) == 1 else tr("Practice", "Send the answers")
        return Offer((tr("Practice", "Goes to"), target), notes, send, hold)

    async def send(self, understood: PracticePaste, connection_id: str, *, to_their_own: bool) -> str:
        """Send them, show their session, and return what is to be said.

        Args:
            to_their_own: the button for their own person was held long enough: that is the leave.

        Raises:
            SanaError: they were not kept, and nothing is sent.
        """
        services, count = self._services, len(understood.outcomes)
        learners = services.learners
        user_id = understood.user_id if to_their_own else await self._test_id(understood, connection_id)
        lane = (connection_id, user_id)
        consent = learners.consent(*lane) if learners.guard(*lane) is not Guard.TEST else None
        setup = replace(self._chosen(), user_id=user_id, mode=Mode.BATCH if count > 1 else Mode.SINGLE)
        title = tr("Practice", "Pasted answers, {time}", time=moment_words(self._clock.now()))
        record = await keep_pasted(
            services.delivery, services.sessions, learners, lane, setup, title, understood.outcomes, consent=consent
        )
        await self._reopen(record)
        try:
            await self._listen(connection_id)
        except SanaError as error:
            return error_words(error)[1]  # without a key they wait, and their strip says so
        finally:
            services.delivery.deliver(*lane)
        made = learners.get(*lane)
        name = one_line(made.name if made is not None else user_id, SHOWN_NAME)
        if count == 1:
            return tr("Practice", "1 answer is on its way to {name}.", name=name)
        return tr("Practice", "{n} answers are on their way to {name}.", n=f"{count:,}", name=name)

    def _about_their_own(self, understood: PracticePaste, connection_id: str) -> tuple[tuple[Note, ...], str]:
        """Return what is said of the learner they were for, and the words of the button for that person."""
        user_id = understood.user_id
        guard = self._services.learners.guard(connection_id, user_id)
        if not user_id or guard is Guard.TEST:
            return (), ""
        name = one_line(user_id, SHOWN_NAME)
        if guard is Guard.REAL_LOCKED:
            words = tr(
                "Practice",
                "They were for {name}, who is not one of your test learners. Nothing goes to them: the site is locked "
                "for real people.",
                name=name,
            )
            return (Note(words),), ""
        words = tr(
            "Practice",
            "They were for {name}, who is not one of your test learners. What is sent to them changes what they are "
            "offered, and can't be taken back.",
            name=name,
        )
        return (Note(words, "warn"),), tr("Practice", "Hold to send to {name}", name=one_line(user_id, ON_BUTTON))

    def _test_name(self, understood: PracticePaste, connection_id: str) -> str:
        user_id = self._known_test_id(understood, connection_id)
        learner = self._services.learners.get(connection_id, user_id)
        return one_line(learner.name, SHOWN_NAME) if learner is not None else ""

    async def _test_id(self, understood: PracticePaste, connection_id: str) -> str:
        known = self._known_test_id(understood, connection_id)
        return known or (await self._services.learners.make(connection_id)).user_id

    def _known_test_id(self, understood: PracticePaste, connection_id: str) -> str:
        """Return the test learner they go to: the one they were for, else the chosen one, else the latest; "" if none.

        The chosen one counts where it is chosen: an id of another connection is no test learner of this one.
        """
        learners = self._services.learners
        for user_id in (understood.user_id, self._chosen().user_id):
            if user_id and learners.is_test(connection_id, user_id):
                return user_id
        listed = learners.list(connection_id) if connection_id else ()
        return listed[-1].user_id if listed else ""
