"""Brings the set-up to life: sites, test learners and their guard, what would be sent and its size."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable

from sana_desktop.api.practice_wire import encode_next
from sana_desktop.base.errors import SanaError
from sana_desktop.practice.learners import MAX_NAME_LENGTH, Guard, TestLearner
from sana_desktop.practice.services import PracticeServices
from sana_desktop.practice.sessions.session import Setup
from sana_desktop.store.settings import VIEW_STATES
from sana_desktop.ui import dialogs
from sana_desktop.ui.practice.context import PracticeContext
from sana_desktop.ui.practice.naming import locked_words
from sana_desktop.ui.practice.page import PracticePage
from sana_desktop.ui.practice.parts.rename_dialog import ask_for_title
from sana_desktop.ui.practice.parts.strips import offer_undo, say_real, say_unlocked
from sana_desktop.ui.practice.session.presenter import PracticePresenter
from sana_desktop.ui.practice.setup.catalogue import SetupCatalogue
from sana_desktop.ui.practice.setup.learner_picker import LearnerView
from sana_desktop.ui.practice.setup.panel import SiteChoice
from sana_desktop.ui.tr import error_words, tr
from sana_desktop.workspace.connections import Connection

log = logging.getLogger(__name__)

SITE = "practiceSite"
"""The entry of the view states that holds the id of the site in view."""
REMOVED = "learner"
"""The act of the strip that puts a removed test learner back."""


class SetupPresenter:
    """Knows which site and which learners; `exercises` knows what could come.

    Args:
        changed: called when site or learner changed.
    """

    def __init__(
        self,
        page: PracticePage,
        services: PracticeServices,
        context: PracticeContext,
        *,
        changed: Callable[[], None],
    ) -> None:
        self._page = page
        self._panel = page.setup
        self._services = services
        self._context = context
        self._changed = changed
        self._site = ""
        self._wanted = context.settings.get(VIEW_STATES).get(SITE, "")
        self._learner_of: dict[str, str] = {}
        self._removed: TestLearner | None = None
        self._presenter: PracticePresenter | None = None
        self.playing = False
        """Whether a simulated learner plays: nobody else asks meanwhile."""
        self.exercises = SetupCatalogue(page, services, context, site=self.site_id)
        self._panel.site_chosen.connect(self.choose_site)
        self._panel.learner.new_wanted.connect(
            lambda: context.tasks.start("make a test learner", self._make_learner(focus=True))
        )
        self._panel.learner.remove_wanted.connect(
            lambda: context.tasks.start("remove a test learner", self._remove_learner(), key="practice learner offered")
        )
        self._panel.learner.rename_wanted.connect(
            lambda: context.tasks.start("rename a test learner", self._rename_learner(), key="practice learner offered")
        )
        self._panel.learner.back_wanted.connect(lambda user_id: self._put_back(self._site, user_id))
        self._panel.learner.changed.connect(changed)
        self._panel.changed.connect(self._show_state)
        page.real.wanted.connect(self._guard_wanted)
        page.undo.wanted.connect(self._undo_wanted)
        services.learners.changed.subscribe(self._learners_changed)
        context.book.changed.subscribe(lambda _id: self.show_sites())

    def begin(self, presenter: PracticePresenter) -> None:
        """Show what there is; `presenter` knows what is going on."""
        self._presenter = presenter
        self.show_sites()

    def site_id(self) -> str:
        """Return the id of the chosen connection, "" if there is none."""
        return self._site

    def connection(self) -> Connection | None:
        """Return the chosen connection."""
        return self._context.book.get(self._site)

    def is_offered(self, connection_id: str) -> bool:
        """Return whether a connection is there to practise with."""
        return any(site.id == connection_id for site in self._sites())

    def choose_site(self, connection_id: str) -> None:
        """Turn to another connection, and to that one again at the next start."""
        if connection_id and connection_id != self._wanted:
            self._wanted = connection_id
            self._context.tasks.start("note the site in view", self._note_site(connection_id))
        self._choose(connection_id)

    def _choose(self, connection_id: str) -> None:
        if connection_id == self._site:
            return
        self._learner_of[self._site] = self._panel.learner.user_id()
        self._site = connection_id
        self._context.tasks.start("turn to a site", self._turn_to(connection_id))

    def go_to(self, connection_id: str) -> None:
        """Turn to another connection for the person, who pressed a button elsewhere."""
        self.choose_site(connection_id)
        self._panel.show_sites(self._sites(), connection_id)

    def turn_to(self, connection_id: str, setup: Setup) -> None:
        """Show the set-up of a session, and its site if that is still there."""
        if self._context.book.get(connection_id) is not None:
            self._learner_of[connection_id] = setup.user_id
            self.choose_site(connection_id)
            self._panel.show_sites(self._sites(), connection_id)
        self._panel.show_setup(setup)

    def show_sites(self) -> None:
        """Offer the connections that have practice, the chosen one first of all."""
        sites = self._sites()
        known = {site.id for site in sites}
        chosen = self._site if self._site in known else (sites[-1].id if sites else "")
        if self._wanted in known and (self._presenter is None or self._presenter.live() is None):
            chosen = self._wanted  # the one that was left; the example site comes a moment after the others
        self._panel.show_sites(sites, chosen)
        if chosen != self._site:
            self._choose(chosen) if self._wanted else self.choose_site(chosen)
        else:
            self._show_state()

    async def _note_site(self, connection_id: str) -> None:
        try:
            await self._context.settings.put_entry(VIEW_STATES, SITE, connection_id)
        except SanaError as error:
            log.warning("which site is in view can't be kept: %s", error.code)

    def _sites(self) -> list[SiteChoice]:
        return [SiteChoice(one.id, one.name) for one in self._context.book.list() if one.practice is not None]

    # -- learners

    async def _turn_to(self, connection_id: str) -> None:
        connection = self._context.book.get(connection_id)
        if connection is None:
            self._panel.learner.show_learners((), "")
            self.exercises.show()
            self._changed()
            self._show_state()
            return
        try:
            learners = self._services.learners.list(connection_id)
            if not learners:
                # Nothing is sent by it; so practice can begin with one press.
                learners = (await self._services.learners.make(connection_id),)
        except SanaError as error:
            self._context.say(error_words(error)[1], "bad")
            return
        if connection_id != self._site:
            return
        chosen = self._learner_of.get(connection_id) or learners[-1].user_id
        self._panel.learner.show_learners(self._views(connection_id), chosen)
        self._changed()
        self._show_state()
        await self.exercises.turn_to(connection)

    def _views(self, connection_id: str) -> list[LearnerView]:
        book = self._services.learners
        learners = (*book.list(connection_id), *book.removed(connection_id))
        return [LearnerView(one.user_id, one.name, one.removed_at is not None) for one in learners]

    async def _make_learner(self, *, focus: bool = False) -> None:
        try:
            made = await self._services.learners.make(self._site)
        except SanaError as error:
            self._context.say(error_words(error)[1], "bad")
            return
        self._panel.learner.choose(made.user_id)
        self._context.say(
            tr("Practice", "{name} is made. Nobody's path changes by their answers.", name=made.name), "good"
        )
        if focus:
            self._panel.learner.choice.setFocus()

    def _learners_changed(self, connection_id: str) -> None:
        if connection_id == self._site:
            self._panel.learner.show_learners(self._views(connection_id))
            self._show_state()

    async def _rename_learner(self) -> None:
        learner = self._services.learners.get(self._site, self._panel.learner.user_id())
        if learner is None:
            return
        heading = tr("Practice", "Rename {name}", name=learner.name)
        taken = self._services.learners.names(learner.connection_id) - {learner.name}
        name = await ask_for_title(
            self._page.window(), learner.name, heading=heading, longest=MAX_NAME_LENGTH, taken=taken
        )
        try:
            await self._services.learners.rename(learner.connection_id, learner.user_id, name)
        except SanaError as error:
            self._context.say(error_words(error)[1], "bad")

    async def _remove_learner(self) -> None:
        site, book = self._site, self._services.learners
        try:
            removed = await book.remove(site, self._panel.learner.user_id())
        except SanaError as error:
            self._context.say(error_words(error)[1], "bad")
            return
        if removed is None:
            return
        self._removed = removed
        if site == self._site:
            left = book.list(site)
            self._panel.learner.choose(left[-1].user_id if left else "")
        sentence = tr(
            "Practice",
            "{name} is removed from this app. What Sana knows of this learner stays with Sana, and the saved sessions "
            "stay here.",
            name=removed.name,
        )
        offer_undo(self._page.undo, sentence, REMOVED)

    def _undo_wanted(self, act: str) -> None:
        if act == REMOVED and self._removed is not None:
            removed, self._removed = self._removed, None
            self._page.undo.say("")
            self._put_back(removed.connection_id, removed.user_id)

    def _put_back(self, site: str, user_id: str) -> None:
        self._context.tasks.start("put a learner back", self._offer_again(site, user_id))

    async def _offer_again(self, site: str, user_id: str) -> None:
        try:
            learner = await self._services.learners.put_back(site, user_id)
        except SanaError as error:
            self._context.say(error_words(error)[1], "bad")
            return
        if learner is not None and site == self._site:
            self._panel.learner.show_learners(self._views(site), user_id)
            self._context.say(tr("Practice", "{name} is among your test learners again.", name=learner.name), "good")

    # -- real people

    def _show_guard(self) -> Guard:
        user_id = self._panel.learner.user_id()
        guard = self._services.learners.guard(self._site, user_id) if user_id and self._site else Guard.TEST
        connection = self.connection()
        if guard is Guard.TEST and connection is not None and not self._services.learners.is_locked(self._site):
            say_unlocked(self._page.real, connection.name)
        elif guard is Guard.TEST:
            self._page.real.say("")
        else:
            say_real(self._page.real, user_id, locked=guard is Guard.REAL_LOCKED)
        self._page.session.answers.set_held(guard is not Guard.TEST, locked=guard is Guard.REAL_LOCKED)
        return guard

    def _guard_wanted(self, act: str) -> None:
        if act == "test":
            self._context.tasks.start("use a test learner", self._use_test())
        elif act == "lock":
            self._lock()
        else:
            self._context.tasks.start("unlock", self._unlock(), key="practice lock")

    async def _use_test(self) -> None:
        learners = self._services.learners.list(self._site)
        if learners:
            self._panel.learner.choose(learners[-1].user_id)
        else:
            await self._make_learner()

    def _lock(self) -> None:
        connection = self.connection()
        if connection is not None:
            self._services.learners.lock(connection.id, True)

    async def _unlock(self) -> None:
        connection = self.connection()
        if connection is None:
            return
        question = tr("Practice", "Unlock {name} for real people?", name=connection.name)
        text = tr(
            "Practice",
            "Answers sent to a real person change what this person is offered, and cannot be taken back. To send one, "
            "you hold its button for a second and a half. The site stays unlocked until the app is closed; you can "
            "lock it again before.",
        )
        unlock, keep = tr("Practice", "Unlock"), tr("Practice", "Keep it locked")
        if await dialogs.sure(self._page.window(), question, text, unlock, keep):
            self._services.learners.lock(connection.id, False)

    # -- what is asked for

    def _show_state(self) -> None:
        guard = self._show_guard()
        self._show_request()
        self.exercises.show_fits()
        self._panel.show_ready(self._reason(guard), busy=self._presenter is not None and self._presenter.is_busy())
        self._show_empty()

    def _reason(self, guard: Guard) -> str:
        if not self._site:
            return tr("Practice", "Connect a site with practice first, or try with example data.")
        if not self._panel.learner.user_id():
            return tr("Practice", "Choose a learner first.")
        if guard is Guard.REAL_LOCKED:
            return locked_words()
        if self.playing:
            return tr("Practice", "A simulated learner plays: stop it to go on by hand.")
        return ""

    def _show_request(self) -> None:
        setup: Setup = self._panel.setup()
        outcomes = self._presenter.waiting_outcomes() if self._presenter is not None else ()
        try:
            body = encode_next(setup.query(outcomes)) if setup.user_id else b""
        except SanaError as error:
            self._panel.meter.show_request(error_words(error)[1], 0)
            return
        text = json.dumps(json.loads(body), indent=2, ensure_ascii=False) if body else ""
        self._panel.meter.show_request(text, len(body))

    def _show_empty(self) -> None:
        if self._presenter is None or self._presenter.live() is not None:
            return
        panel = self._page.session
        if not self._site:
            words = tr(
                "Practice", "Try it with example data on this computer, or connect a site with its practice key."
            )
            panel.show_empty(words, example=True, connect=True)
        else:
            words = tr("Practice", "Choose on the left whose exercises and how hard, then get the first ones.")
            panel.show_empty(words, begin=self._panel.next.isEnabled())
