"""Brings the set-up to life: sites, test learners and their guard, the known exercises, the size of the request."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from sana_desktop.api.practice import sandbox_catalogue
from sana_desktop.api.practice_models import Exercise
from sana_desktop.api.practice_wire import encode_next
from sana_desktop.base.errors import SanaError
from sana_desktop.base.tasks import Supervisor
from sana_desktop.base.words import Words
from sana_desktop.practice.catalogue import Catalogue
from sana_desktop.practice.catalogue_files import MOST_BYTES, CatalogueFile, read_catalogue
from sana_desktop.practice.learners import Guard
from sana_desktop.practice.services import PracticeServices
from sana_desktop.practice.session import Setup
from sana_desktop.ui import dialogs
from sana_desktop.ui.practice.learner_picker import LearnerView
from sana_desktop.ui.practice.page import PracticePage
from sana_desktop.ui.practice.presenter import PracticePresenter
from sana_desktop.ui.practice.setup_panel import SiteChoice
from sana_desktop.ui.practice.strips import say_real
from sana_desktop.ui.tr import error_words, tr
from sana_desktop.ui.widgets import after
from sana_desktop.workspace.connections import Connection, ConnectionBook

log = logging.getLogger(__name__)

LEARN_MS = 700
"""What is learned while a simulation runs is counted anew at most so often."""


class SetupPresenter:
    """Knows which site, which learners, which exercises.

    Args:
        say: a sentence for the status line, with a tone.
        changed: called when site or learner changed.
    """

    def __init__(
        self,
        page: PracticePage,
        services: PracticeServices,
        book: ConnectionBook,
        tasks: Supervisor,
        *,
        say: Callable[[str, str], None],
        changed: Callable[[], None],
    ) -> None:
        self._page = page
        self._panel = page.setup
        self._services = services
        self._book = book
        self._tasks = tasks
        self._say = say
        self._changed = changed
        self._catalogues: dict[str, Catalogue] = {}
        self._sources: dict[str, tuple[str, str]] = {}
        self._shown: Catalogue | None = None
        self._site = ""
        self._learner_of: dict[str, str] = {}
        self._presenter: PracticePresenter | None = None
        self._soon = after(page, LEARN_MS, self._show_catalogue)
        self._panel.site_chosen.connect(self.choose_site)
        self._panel.learner.new_wanted.connect(
            lambda: tasks.start("make a test learner", self._make_learner(focus=True))
        )
        self._panel.learner.changed.connect(self._learner_changed)
        self._panel.changed.connect(self._show_state)
        self._panel.source_wanted.connect(self._source_wanted)
        page.real.wanted.connect(self._guard_wanted)
        services.learners.changed.subscribe(self._learners_changed)
        book.changed.subscribe(lambda _id: self.show_sites())

    def begin(self, presenter: PracticePresenter) -> None:
        """Show what there is; `presenter` knows what is going on."""
        self._presenter = presenter
        self.show_sites()

    def site_id(self) -> str:
        """Return the id of the chosen connection, "" if there is none."""
        return self._site

    def connection(self) -> Connection | None:
        """Return the chosen connection."""
        return self._book.get(self._site)

    def catalogue(self) -> Catalogue:
        """Return what is known of the exercises of the chosen site."""
        return self._catalogues.get(self._site) or Catalogue()

    def learn(self, exercises: Sequence[Exercise]) -> None:
        """Take in exercises that came."""
        before = self.catalogue()
        after = before.learned(exercises)
        if after is not before:
            self._catalogues[self._site] = after
            if self._site not in self._sources or not self._sources[self._site][0]:
                self._sources[self._site] = ("", "")
            self._soon.start()

    def choose_site(self, connection_id: str) -> None:
        """Turn to another connection."""
        if connection_id == self._site:
            return
        self._learner_of[self._site] = self._panel.learner.user_id()
        self._site = connection_id
        self._tasks.start("turn to a site", self._turn_to(connection_id))

    def turn_to(self, connection_id: str, setup: Setup) -> None:
        """Show the set-up of a session, and its site if that is still there."""
        if self._book.get(connection_id) is not None:
            self._learner_of[connection_id] = setup.user_id
            self.choose_site(connection_id)
            self._panel.show_sites(self._sites(), connection_id)
        self._panel.show_setup(setup)

    def show_sites(self) -> None:
        """Offer the connections that have practice, the chosen one first of all."""
        sites = self._sites()
        known = {site.id for site in sites}
        chosen = self._site if self._site in known else (sites[-1].id if sites else "")
        self._panel.show_sites(sites, chosen)
        if chosen != self._site:
            self.choose_site(chosen)
        else:
            self._show_state()

    def _sites(self) -> list[SiteChoice]:
        return [SiteChoice(one.id, one.name) for one in self._book.list() if one.practice is not None]

    # -- learners

    async def _turn_to(self, connection_id: str) -> None:
        if not connection_id:
            self._panel.learner.show_learners((), "")
            self._changed()
            self._show_state()
            return
        try:
            learners = await self._services.learners.list(connection_id)
            if not learners:
                # Nothing is sent by it; so practice can begin with one press.
                learners = (await self._services.learners.make(connection_id),)
        except SanaError as error:
            self._say(error_words(error)[1], "bad")
            return
        if connection_id != self._site:
            return
        views = [LearnerView(one.user_id, one.name) for one in learners]
        self._panel.learner.show_learners(views, self._learner_of.get(connection_id) or learners[-1].user_id)
        self._show_catalogue()
        self._changed()
        self._show_state()
        connection = self._book.get(connection_id)
        if connection is not None and connection.practice is not None and connection.practice.is_loopback:
            await self._load_demo(connection_id)

    async def _make_learner(self, *, focus: bool = False) -> None:
        try:
            made = await self._services.learners.make(self._site)
        except SanaError as error:
            self._say(error_words(error)[1], "bad")
            return
        self._panel.learner.choose(made.user_id)
        self._say(tr("Practice", "{name} is made. Nobody's path changes by their answers.", name=made.name), "good")
        if focus:
            self._panel.learner.choice.setFocus()

    def _learners_changed(self, connection_id: str) -> None:
        if connection_id == self._site:
            self._tasks.start("show the learners", self._show_learners(connection_id))

    async def _show_learners(self, connection_id: str) -> None:
        learners = await self._services.learners.list(connection_id)
        if connection_id == self._site:
            self._panel.learner.show_learners([LearnerView(one.user_id, one.name) for one in learners])
            self._show_state()

    def _learner_changed(self) -> None:
        self._changed()

    # -- real people

    def _show_guard(self) -> Guard:
        user_id = self._panel.learner.user_id()
        guard = self._services.learners.guard(self._site, user_id) if user_id and self._site else Guard.TEST
        if guard is Guard.TEST:
            self._page.real.say("")
        else:
            say_real(self._page.real, user_id, locked=guard is Guard.REAL_LOCKED)
        self._page.session.answers.set_held(guard is not Guard.TEST)
        return guard

    def _guard_wanted(self, act: str) -> None:
        if act == "test":
            self._tasks.start("use a test learner", self._use_test())
        else:
            self._tasks.start("lock or unlock", self._lock(act == "lock"), key="practice lock")

    async def _use_test(self) -> None:
        learners = await self._services.learners.list(self._site)
        if learners:
            self._panel.learner.choose(learners[-1].user_id)
        else:
            await self._make_learner()

    async def _lock(self, locked: bool) -> None:
        connection = self.connection()
        if connection is None:
            return
        if not locked:
            question = tr("Practice", "Unlock {name} for real people?", name=connection.name)
            text = tr(
                "Practice",
                "Answers sent to a real person change what this person is offered, and cannot be taken back. To send "
                "one, you hold its button for a second and a half. You can lock the site again at any time.",
            )
            unlock, keep = tr("Practice", "Unlock"), tr("Practice", "Keep it locked")
            if not await dialogs.sure(self._page.window(), question, text, unlock, keep):
                return
        try:
            await self._services.learners.lock(connection.id, locked)
        except SanaError as error:
            self._say(error_words(error)[1], "bad")

    # -- exercises

    def _source_wanted(self, source: str) -> None:
        if source == "demo":
            self._tasks.start("load the exercises", self._load_demo(self._site), key="practice catalogue")
        elif source == "file":
            self._tasks.start("load the exercises", self._load_file(), key="practice catalogue")
        else:
            live = self._presenter.live() if self._presenter is not None else None
            events = live.record().events if live is not None else ()
            learned = Catalogue().learned([event.exercise for event in events if hasattr(event, "exercise")])
            self._keep_catalogue(self._site, learned, "", "")

    async def _load_demo(self, site: str) -> None:
        try:
            client = await self._services.clients.client(site)
            exercises = await sandbox_catalogue(client)
        except SanaError as error:
            log.info("no catalogue of the example site: %s", error.code)
            return
        catalogue = await asyncio.to_thread(_with_tree, Catalogue(exercises))
        words = tr("Practice", "From the example site: {n} exercises", n=f"{len(catalogue):,}")
        self._keep_catalogue(site, catalogue, words, "")

    async def _load_file(self) -> None:
        title = tr("Practice", "A file with the exercises")
        filters = [tr("Practice", "CSV or JSON (*.csv *.json *.txt)"), tr("Practice", "All files (*)")]
        path = await dialogs.choose_open_file(self._page.window(), title, None, filters)
        if path is not None:
            await self.load_file(path)

    async def load_file(self, path: Path) -> None:
        """Take the exercises from a file; what can't be read is said where they are."""
        site = self._site
        try:
            found = await asyncio.to_thread(_read, path)
        except OSError:
            words = tr("Practice", "{name} can't be read.", name=path.name)
            self._panel.show_source(self._source_words(), words)
            return
        except SanaError as error:
            _, sentence, step = error_words(error)
            self._panel.show_source(self._source_words(), f"{sentence} {step}".strip())
            return
        words = tr("Practice", "From {name}: {n} exercises", name=path.name, n=f"{len(found.catalogue):,}")
        problems = " ".join(_say_words(one) for one in found.problems[:3])
        self._keep_catalogue(site, found.catalogue, words, problems)

    def _keep_catalogue(self, site: str, catalogue: Catalogue, words: str, problem: str) -> None:
        self._catalogues[site] = catalogue
        self._sources[site] = (words, problem)
        if site == self._site:
            self._show_catalogue()

    def _source_words(self) -> str:
        words = self._sources.get(self._site, ("", ""))[0]
        count = len(self.catalogue())
        if words:
            return words
        if not count:
            return tr("Practice", "None known yet: they are learned from what comes back.")
        return tr("Practice", "Learned from what came back: {n} exercises", n=f"{count:,}")

    def _show_catalogue(self) -> None:
        catalogue = self.catalogue()
        connection = self.connection()
        is_demo = connection is not None and connection.practice is not None and connection.practice.is_loopback
        self._panel.offer_source("demo", is_demo)
        self._panel.show_source(self._source_words(), self._sources.get(self._site, ("", ""))[1])
        if catalogue is not self._shown:
            self._shown = catalogue
            self._panel.paths.show_places(catalogue.tree.children)
            self._panel.tags.show_tags([(tag.name, tag.count) for tag in catalogue.tags])
        self._show_fits()

    # -- what is asked for

    def _show_state(self) -> None:
        guard = self._show_guard()
        self._show_request()
        self._show_fits()
        self._panel.show_ready(self._reason(guard), busy=self._presenter is not None and self._presenter.is_busy())
        self._show_empty()

    def _reason(self, guard: Guard) -> str:
        if not self._site:
            return tr("Practice", "Connect a site with practice first, or try with example data.")
        if not self._panel.learner.user_id():
            return tr("Practice", "Choose a learner first.")
        if guard is Guard.REAL_LOCKED:
            return tr("Practice", "Locked: this is a real person.")
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

    def _show_fits(self) -> None:
        catalogue, constraints = self.catalogue(), self._panel.constraints()
        if not len(catalogue) or not (constraints.paths or constraints.tags):
            self._panel.show_fits("")
            return
        count = len(catalogue.matching(constraints))
        one = tr("Practice", "1 of the known exercises fits.")
        many = tr("Practice", "{n} of the known exercises fit.", n=f"{count:,}")
        self._panel.show_fits(one if count == 1 else many)

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


def _with_tree(catalogue: Catalogue) -> Catalogue:
    """Count on this thread what the pickers show."""
    _ = catalogue.tree, catalogue.tags  # both are kept
    return catalogue


def _read(path: Path) -> CatalogueFile:
    with path.open("rb") as file:
        found = read_catalogue(file.read(MOST_BYTES + 1))
    _with_tree(found.catalogue)
    return found


def _say_words(words: Words) -> str:
    return words.say(lambda text: tr("Practice", text))
