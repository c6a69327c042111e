"""A pasted request of the practice API: a card says what it is. A question fills the set-up, answers can be sent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from enum import Enum

from sana_desktop.base.errors import SanaError
from sana_desktop.base.redaction import Redactor
from sana_desktop.base.tasks import Supervisor
from sana_desktop.base.words import Words
from sana_desktop.practice.paste import PasteKind, PracticePaste, understand_practice
from sana_desktop.practice.sessions.session import Mode, Setup
from sana_desktop.ui import desktop
from sana_desktop.ui.practice.naming import another_key_words, crumbs, level_figure
from sana_desktop.ui.practice.page import SESSION, PracticePage
from sana_desktop.ui.practice.setup.panel import too_many_words
from sana_desktop.ui.practice.setup.pasted_answers import Offer, PastedAnswers
from sana_desktop.ui.practice.setup.presenter import SetupPresenter
from sana_desktop.ui.reports.paste.understood_card import Note, Understood
from sana_desktop.ui.tr import error_text, error_words, tr
from sana_desktop.workspace.connections import Access, Connection, ConnectionStore
from sana_desktop.workspace.practice_clients import PracticeClients

NO_OFFER = Offer()
LISTED = 6
"""Paths or tags that the card names; the rest is counted."""


class Way(Enum):
    """What the person wants done with a paste."""

    ACCEPT = "accept"
    NOTE = "note"
    HELD = "held"


class PracticePastePresenter:
    """Understands a paste, shows the card, and does what the accepted card says.

    Args:
        answers: sends pasted answers.
        say: a sentence for the status line, with a tone.
    """

    def __init__(
        self,
        page: PracticePage,
        setups: SetupPresenter,
        answers: PastedAnswers,
        book: ConnectionStore,
        clients: PracticeClients,
        redactor: Redactor,
        tasks: Supervisor,
        say: Callable[[str, str], None],
    ) -> None:
        self._page = page
        self._setups = setups
        self._answers = answers
        self._book = book
        self._clients = clients
        self._redactor = redactor
        self._tasks = tasks
        self._say = say
        self._understood: PracticePaste | None = None
        self._offer = NO_OFFER
        self._takes = 0
        page.paste_accepted.connect(lambda: self._accept(Way.ACCEPT))
        page.paste_ways.note_wanted.connect(lambda: self._accept(Way.NOTE))
        page.paste_ways.held.connect(lambda: self._accept(Way.HELD))
        page.paste_ways.let_go.connect(
            lambda: say(tr("Practice", "Let go too early: nothing was sent. Hold it until it is full."), "warn")
        )
        page.paste_dismissed.connect(self._forget)
        page.clipboard_wanted.connect(self._empty_clipboard)

    async def take(self, text: str) -> None:
        """Understand a text and show the card."""
        self._takes += 1
        take = self._takes
        try:
            understood = await asyncio.to_thread(understand_practice, text)
        except SanaError as error:
            title, sentence, step = error_words(error)
            if take == self._takes:
                self._understood = None
                self._page.show_understood(Understood((), (Note(f"{sentence} {step}".strip(), "bad"),), title=title))
            return
        if understood.key is not None:
            self._redactor.add(understood.key)
        offer = NO_OFFER
        if understood.kind is PasteKind.OUTCOMES:
            offer = await self._answers.offer(understood, self._where(understood))
        if take == self._takes:
            self._understood, self._offer = understood, offer
            self._page.show_understood(
                card_of(understood, self._elsewhere(understood), offer),
                note=_note_words(understood) if offer.send else "",
                hold=offer.hold,
            )

    def show_nothing(self) -> None:
        """Say that nothing can be made of what was pasted, and what could be pasted here."""
        self._takes += 1
        self._understood = None
        title = tr("Practice", "I can't make anything of this text.")
        way_on = tr(
            "Practice",
            "What can be pasted here: a request for exercises, or one with answers, as a cURL command or as JSON. "
            "Sana's developer pages have both. A command for a report, or SQL, goes to Reports.",
        )
        self._page.show_understood(Understood((), (Note(way_on),), title=title))

    def _accept(self, way: Way) -> None:
        understood, self._understood = self._understood, None
        if understood is not None:
            self._tasks.start("take over a practice paste", self._take_over(understood, way), key="practice paste")

    def _forget(self) -> None:
        self._understood = None

    def _empty_clipboard(self) -> None:
        desktop.clear_clipboard()
        self._page.card.show_clipboard_empty()

    async def _take_over(self, understood: PracticePaste, way: Way) -> None:
        before = self._setups.site_id()
        try:
            connection = await self._connection(understood)
        except SanaError as error:
            self._say(error_words(error)[1], "bad")
            return
        another = False
        if connection is not None and understood.key is not None:
            another = self._book.has_had_key(connection.id)
            self._clients.give_key(connection.id, understood.key)
        elsewhere = self._elsewhere(understood)
        where = connection.id if connection is not None else self._setups.site_id()
        if understood.kind is PasteKind.OUTCOMES and way is not Way.NOTE and self._offer.send:
            await self._send(understood, where, to_their_own=way is Way.HELD)
            return
        self._setups.exercises.learn([one.exercise for one in understood.outcomes])
        if understood.kind is PasteKind.OUTCOMES:
            # Nothing is asked by it: the learner in view, their session and what is asked for stay as they are.
            noted = _noted(len({one.exercise.id for one in understood.outcomes}))
            self._say(f"{noted} {self._kept(connection, understood, another)}".strip(), "good")
            return
        self._say_where(connection, another=where != before, kept=self._kept(connection, understood, another))
        setup = self._page.setup.setup()
        if understood.query is not None:
            query = understood.query
            count = query.num_exercises or 1
            mode = Mode.COMBINED if query.outcomes else Mode.SINGLE if count == 1 else Mode.BATCH
            setup = Setup(mode, setup.user_id, count, query.constraints, query.challenge_level)
        if understood.user_id:
            setup = replace(setup, user_id=understood.user_id)
        self._setups.turn_to(where, setup)
        self._page.show_tab(SESSION)
        if elsewhere:
            self._say(elsewhere, "warn")

    async def _send(self, understood: PracticePaste, where: str, *, to_their_own: bool) -> None:
        try:
            said = await self._answers.send(understood, where, to_their_own=to_their_own)
        except SanaError as error:
            self._say(error_text(error), "bad")
            return
        self._setups.exercises.learn([one.exercise for one in understood.outcomes])
        self._page.show_tab(SESSION)
        self._say(said, "good")

    def _where(self, understood: PracticePaste) -> str:
        """Return the id of the connection that a paste would go to; "" if one is made for it only when it does."""
        known = [one.id for one in self._book.list() if one.practice == understood.origin]
        chosen = self._setups.site_id()
        if understood.origin is None or chosen in known:
            return chosen
        if known:
            return known[0]
        return "" if understood.key is not None else chosen

    def _elsewhere(self, understood: PracticePaste) -> str:
        """Return that a paste is for a service that is not connected, and which one is asked instead; "" if it is."""
        chosen = self._setups.connection()
        if understood.origin is None or chosen is None or understood.key is not None:
            return ""
        if any(one.practice == understood.origin for one in self._book.list()):
            return ""
        template = "The command is for {host}, which is not connected here. {site} is asked instead."
        if understood.query is None:
            template = "The command is for {host}, which is not connected here. {site} would get its answers instead."
        return tr("Practice", template, host=understood.origin.host, site=chosen.name)

    def _kept(self, connection: Connection | None, understood: PracticePaste, another: bool) -> str:
        """Return what became of the key; `another` says that the connection had one before."""
        if connection is None or understood.key is None:
            return ""
        kept = tr("Practice", "The key is kept in memory for {name}.", name=connection.name)
        return f"{kept} {another_key_words(connection.name)}" if another else kept

    def _say_where(self, connection: Connection | None, *, another: bool, kept: str) -> None:
        said = ""
        if connection is not None and another:
            said = tr("Practice", "Exercises come from {name} now.", name=connection.name)
        if said or kept:
            self._say(f"{said} {kept}".strip(), "good")

    async def _connection(self, understood: PracticePaste) -> Connection | None:
        """Return the connection that a paste is for; one is made for a key whose service is not connected yet."""
        if understood.origin is None:
            return self._setups.connection() if understood.key is not None else None
        known = [one for one in self._book.list() if one.practice == understood.origin]
        if known:
            chosen = self._setups.site_id()
            return next((one for one in known if one.id == chosen), known[0])
        if understood.key is None:
            return None
        return await self._book.add(understood.origin, access=Access.PASTED, practice=understood.origin)


def card_of(understood: PracticePaste, elsewhere: str = "", offer: Offer = NO_OFFER) -> Understood:
    """Return what the card says of a paste; it holds no secret. `elsewhere` is said if another site is asked."""
    notes = [*(Note(_say(note)) for note in understood.notes), *offer.notes]
    if understood.query is not None and (too_many := too_many_words(understood.query.num_exercises or 1)):
        notes.append(Note(too_many, "warn"))
    if elsewhere:
        notes.append(Note(elsewhere, "warn"))
    if understood.key is not None:
        lifted = tr("Practice", "The key was lifted out. It is shown nowhere and never written to disk.")
        notes.append(Note(lifted, "good"))
    if understood.outcomes and not offer.send:
        one = tr("Practice", "Its answer is not sent. Its exercise becomes known here.")
        many = tr("Practice", "Its answers are not sent. Their exercises become known here.")
        notes.append(Note(one if len(understood.outcomes) == 1 else many))
    return Understood(
        rows=(*_rows(understood), *((offer.row,) if offer.row is not None else ())),
        notes=tuple(notes),
        accept=tr("Practice", "Use this set-up")
        if understood.kind is PasteKind.NEXT
        else offer.send or _note_words(understood),
        title=_say(understood.headline),
        clipboard_button=understood.key is not None,
    )


def _note_words(understood: PracticePaste) -> str:
    one, many = tr("Practice", "Note its exercise"), tr("Practice", "Note its exercises")
    return one if len(understood.outcomes) == 1 else many


def _rows(understood: PracticePaste) -> tuple[tuple[str, str], ...]:
    rows = []
    if understood.origin is not None:
        rows.append((tr("Practice", "Service"), understood.origin.host))
    if understood.user_id:
        rows.append((tr("Practice", "Learner"), understood.user_id))
    query = understood.query
    if query is not None:
        rows.append((tr("Practice", "Exercises"), f"{query.num_exercises or 1:,}"))
        if query.constraints.paths:
            rows.append((tr("Practice", "Topics"), _listed([crumbs(path) for path in query.constraints.paths])))
        if query.constraints.tags:
            rows.append((tr("Practice", "Tags"), _listed(list(query.constraints.tags))))
        if query.constraints.is_review:
            rows.append((tr("Practice", "Review"), tr("Practice", "only topics met before")))
        level = query.challenge_level
        challenge = tr("Practice", "Sana decides") if level is None else level_figure(level)
        rows.append((tr("Practice", "Challenge"), challenge))
    if understood.outcomes:
        rows.append((tr("Practice", "Answers"), f"{len(understood.outcomes):,}"))
    return tuple(rows)


def _noted(count: int) -> str:
    if count == 1:
        return tr("Practice", "1 exercise is known from it now. Its answer was not sent.")
    return tr("Practice", "{n} exercises are known from it now. Its answers were not sent.", n=f"{count:,}")


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:LISTED])
    more = len(names) - LISTED
    return tr("Practice", "{names} and {n} more", names=shown, n=more) if more > 0 else shown


def _say(words: Words) -> str:
    return words.say(lambda template: tr("Practice", template))
