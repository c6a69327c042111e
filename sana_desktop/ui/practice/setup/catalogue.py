"""The known exercises of the chosen site: given by a file or the example site, learned from what comes, and kept."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sana_desktop.api.practice import sandbox_catalogue
from sana_desktop.api.practice_models import Exercise
from sana_desktop.base.errors import SanaError
from sana_desktop.base.text import one_line
from sana_desktop.base.words import Words
from sana_desktop.practice.exercises.catalogue import Catalogue
from sana_desktop.practice.exercises.catalogue_files import MAX_BYTES, CatalogueFile, read_catalogue
from sana_desktop.practice.exercises.catalogue_store import CatalogueSource
from sana_desktop.practice.services import PracticeServices
from sana_desktop.ui import dialogs
from sana_desktop.ui.practice.context import PracticeContext
from sana_desktop.ui.practice.page import PracticePage
from sana_desktop.ui.practice.parts.strips import offer_undo
from sana_desktop.ui.tr import error_text, error_words, tr
from sana_desktop.ui.widgets import after
from sana_desktop.workspace.connections import Connection, Mark

log = logging.getLogger(__name__)

LEARN_MS = 700
"""What is learned while a simulation runs is counted anew at most so often."""
KEEP_MS = 2_000
"""And written down at most so often: a kill in between loses what can be learned again."""
FORGOTTEN = "exercises"
"""The act of the strip that brings forgotten exercises back."""
SHOWN_NAME = 60
MAX_SAID = 4
"""Problems of a file that are said below it."""
EMPTY = Catalogue()


@dataclass(frozen=True, slots=True)
class _Given:
    """What was given in one piece.

    Attributes:
        name, at: of a file, and when it was loaded; without them it is the example site's.
        problem: what was wrong with it.
    """

    catalogue: Catalogue
    name: str = ""
    at: datetime | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of one site: `all` is what was given with what was learned."""

    given: _Given | None = None
    learned: Catalogue = EMPTY
    all: Catalogue = EMPTY

    def with_given(self, given: _Given | None) -> _Known:
        """Return it with another thing given."""
        whole = self.learned if given is None else given.catalogue.learned(self.learned.exercises)
        return _Known(given, self.learned, whole)

    def with_learned(self, exercises: Sequence[Exercise]) -> _Known:
        """Return it with these learned; itself if they were known as they are."""
        learned = self.learned.learned(exercises)
        return self if learned is self.learned else _Known(self.given, learned, self.all.learned(exercises))


class SetupCatalogue:
    """Stands between the pickers of the set-up and what is known of the exercises.

    Args:
        site: returns the id of the chosen connection, "" if there is none.
    """

    def __init__(
        self,
        page: PracticePage,
        services: PracticeServices,
        context: PracticeContext,
        *,
        site: Callable[[], str],
    ) -> None:
        self._page = page
        self._panel = page.setup
        self._services = services
        self._context = context
        self._site = site
        self._known: dict[str, _Known] = {}
        self._brought: set[str] = set()
        self._shown: Catalogue | None = None
        self._shown_given: Catalogue | None = None
        self.on_given: Callable[[], None] = lambda: None
        """Called when another source is shown for the chosen site."""
        self._to_keep: set[str] = set()
        self._forgotten: tuple[str, _Known] | None = None
        self._show_soon = after(page, LEARN_MS, self.show)
        self._keep_soon = after(page, KEEP_MS, self._keep_learned)
        self._panel.source_wanted.connect(self._source_wanted)
        page.undo.wanted.connect(self._undo_wanted)

    def catalogue(self) -> Catalogue:
        """Return what is known of the exercises of the chosen site."""
        return self._of(self._site()).all

    def given(self) -> Catalogue | None:
        """Return the exercises of the source that was chosen; None where they are learned from what comes."""
        given = self._of(self._site()).given
        return given.catalogue if given is not None else None

    def learn(self, exercises: Sequence[Exercise]) -> None:
        """Take in exercises that came."""
        site = self._site()
        before = self._of(site)
        now = before.with_learned(exercises)
        if now is before:
            return
        self._known[site] = now
        self._show_soon.start()
        self._to_keep.add(site)
        if not self._keep_soon.isActive():
            self._keep_soon.start()

    async def turn_to(self, connection: Connection) -> None:
        """Show what is known of a site, with what is kept of it; the example site tells its own."""
        await self._bring_back(connection.id)
        self.show()
        if connection.practice is not None and connection.practice.is_loopback:
            given = self._of(connection.id).given
            if given is None or not given.name:
                await self._load_demo(connection.id)

    async def load_file(self, path: Path) -> None:
        """Take the exercises from a file; what can't be read is said where they are."""
        site = self._site()
        try:
            found = await asyncio.to_thread(_read, path)
        except OSError:
            self._panel.show_source(self._words(), tr("Practice", "{name} can't be read.", name=path.name))
            return
        except SanaError as error:
            self._panel.show_source(self._words(), error_text(error))
            return
        problem = _problem_words(found.problems)
        given = _Given(found.catalogue, path.name, self._context.clock.now(), problem)
        self._give(site, given)
        await self._keep_file(site, given)

    def show(self) -> None:
        """Show where the exercises of the chosen site come from, and offer their places and tags."""
        connection = self._context.book.get(self._site())
        known = self._of(self._site())
        at_example = known.given is not None and not known.given.name
        is_local = connection is not None and connection.practice is not None and connection.practice.is_loopback
        self._panel.offer_source("demo", is_local)
        self._panel.offer_source("forget", bool(len(known.all)) and not at_example)
        self._panel.mark_source("demo" if at_example else "answers" if known.given is None else "file")
        self._panel.show_source(self._words(), known.given.problem if known.given is not None else "")
        if known.all is not self._shown:
            self._shown = known.all
            self._panel.paths.show_places(known.all.tree.children)
            self._panel.tags.show_tags([(tag.name, tag.count) for tag in known.all.tags])
        if self.given() is not self._shown_given:
            self._shown_given = self.given()
            self.on_given()
        self.show_fits()

    def show_fits(self) -> None:
        """Say how many of the known exercises the constraints leave."""
        catalogue, constraints = self.catalogue(), self._panel.constraints()
        review = tr("Practice", "Of them only those come whose topics this learner has met, which the site knows.")
        if not len(catalogue) or not (constraints.paths or constraints.tags):
            self._panel.show_fits("")
            return
        count = len(catalogue.matching(constraints))
        one = tr("Practice", "1 of the known exercises fits.")
        many = tr("Practice", "{n} of the known exercises fit.", n=f"{count:,}")
        fits = one if count == 1 else many
        self._panel.show_fits(f"{fits} {review}" if constraints.is_review and count else fits)

    # -- what the person wants

    def _source_wanted(self, source: str) -> None:
        site = self._site()
        acts = {
            "demo": lambda: self._load_demo(site),
            "file": self._choose_file,
            "answers": lambda: self._only_answers(site),
            "forget": lambda: self._forget(site),
        }
        self._context.tasks.start("exercises to choose from", self._guarded(acts[source]), key="practice catalogue")

    def _undo_wanted(self, act: str) -> None:
        if act == FORGOTTEN:
            self._context.tasks.start("bring exercises back", self._guarded(self._remember))

    async def _guarded(self, act: Callable[[], object]) -> None:
        try:
            await act()  # type: ignore[misc]
        except SanaError as error:
            self._context.say(error_words(error)[1], "bad")

    async def _choose_file(self) -> None:
        title = tr("Practice", "A file with the exercises")
        filters = [tr("Practice", "CSV or JSON (*.csv *.json *.txt)"), tr("Practice", "All files (*)")]
        path = await dialogs.choose_open_file(self._page.window(), title, None, filters)
        if path is not None:
            await self.load_file(path)

    async def _only_answers(self, site: str) -> None:
        await self._services.catalogues.forget(site, CatalogueSource.FILE)
        self._give(site, None)

    async def _forget(self, site: str) -> None:
        known = self._of(site)
        # First here: what is being kept meanwhile looks whether it was forgotten.
        self._known[site] = _Known()
        self._to_keep.discard(site)
        try:
            await self._services.catalogues.forget(site, *CatalogueSource)
        except SanaError:
            self._known[site] = known.with_learned(self._of(site).learned.exercises)
            raise
        self._forgotten = site, known
        self.show()
        sentence = tr(
            "Practice",
            "Forgotten here: {exercises}. At the site nothing changes, and those that come are learned anew.",
            exercises=_exercises(len(known.all)),
        )
        offer_undo(self._page.undo, sentence, FORGOTTEN)

    async def _remember(self) -> None:
        forgotten, self._forgotten = self._forgotten, None
        self._page.undo.say("")
        if forgotten is None:
            return
        site, known = forgotten
        # What was learned since stays.
        self._known[site] = known.with_learned(self._of(site).learned.exercises)
        self.show()
        self._to_keep.add(site)
        self._keep_learned()
        if known.given is not None and known.given.name:
            await self._keep_file(site, known.given)

    # -- where they come from

    async def _bring_back(self, site: str) -> None:
        if site in self._brought:
            return
        try:
            kept = await self._services.catalogues.load(site)
        except SanaError as error:
            log.warning("the known exercises can't be read: %s", error.code)
            return
        self._brought.add(site)
        known = self._of(site)  # exercises may have come meanwhile
        answers, file = kept.get(CatalogueSource.ANSWERS), kept.get(CatalogueSource.FILE)
        if answers is not None:
            known = _Known(known.given, answers.catalogue).with_learned(known.learned.exercises)
        given = known.given if file is None else _Given(file.catalogue, file.name, file.at)
        self._known[site] = known.with_given(given)

    async def _load_demo(self, site: str) -> None:
        try:
            client = await self._services.clients.client(site)
            exercises = await sandbox_catalogue(client)
        except SanaError as error:
            log.info("no catalogue of the example site: %s", error.code)
            return
        catalogue = await asyncio.to_thread(Catalogue(exercises).counted)
        self._give(site, _Given(catalogue))

    def _give(self, site: str, given: _Given | None) -> None:
        if self._forgotten is not None and self._forgotten[0] == site:
            # Undone now, it would take away what is given.
            self._forgotten = None
            self._page.undo.withdraw(FORGOTTEN)
        self._known[site] = self._of(site).with_given(given)
        if site == self._site():
            self.show()

    # -- what is kept

    async def _keep_file(self, site: str, given: _Given) -> None:
        """Keep it over a restart, and say so where that can't be."""
        if not self._is_kept(site):
            return
        catalogues = self._services.catalogues
        try:
            if await catalogues.keep(site, given.catalogue, CatalogueSource.FILE, given.name) is not None:
                return
            await catalogues.forget(site, CatalogueSource.FILE)
            trouble = tr("Practice", "They are too many to be kept: after a restart, load the file again.")
        except SanaError as error:
            trouble = error_words(error)[1]
        if self._of(site).given is given:
            self._give(site, replace(given, problem=f"{given.problem} {trouble}".strip()))

    def _keep_learned(self) -> None:
        self._context.tasks.start("keep what was learned", self._write_learned(), key="practice learned")

    async def _write_learned(self) -> None:
        catalogues = self._services.catalogues
        while self._to_keep:
            site = self._to_keep.pop()
            await self._bring_back(site)  # what is kept is not to be written over before it was read
            if site not in self._brought:
                continue
            try:
                await catalogues.keep(site, self._of(site).learned, CatalogueSource.ANSWERS)
                if not len(self._of(site).learned):  # forgotten meanwhile
                    await catalogues.forget(site, CatalogueSource.ANSWERS)
            except SanaError as error:
                log.warning("what was learned can't be kept: %s", error.code)

    def _is_kept(self, site: str) -> bool:
        """Whether the file of a site outlives the app: the example site tells its exercises at every start."""
        connection = self._context.book.get(site)
        return connection is not None and connection.mark is not Mark.DEMO

    # -- inside

    def _words(self) -> str:
        known = self._of(self._site())
        count = len(known.all)
        if known.given is None:
            if not count:
                return tr("Practice", "None known yet: they are learned from what comes back.")
            exercises = _exercises(count)
            return tr("Practice", "Came back from this site or were pasted: {exercises}", exercises=exercises)
        given = known.given
        exercises = _exercises(len(given.catalogue))
        if not given.name or given.at is None:
            return tr("Practice", "From the example site: {exercises}", exercises=exercises)
        when = given.at.astimezone().strftime("%d %b %Y %H:%M")
        name = one_line(given.name, SHOWN_NAME)
        said = tr("Practice", "From {name}, loaded {when}: {exercises}", name=name, when=when, exercises=exercises)
        more = count - len(given.catalogue)
        return f"{said} {tr('Practice', '(and {n} that came back or were pasted)', n=f'{more:,}')}" if more else said

    def _of(self, site: str) -> _Known:
        return self._known.get(site) or _Known()


def _read(path: Path) -> CatalogueFile:
    with path.open("rb") as file:
        found = read_catalogue(file.read(MAX_BYTES + 1))
    found.catalogue.counted()
    return found


def _exercises(count: int) -> str:
    return tr("Practice", "1 exercise") if count == 1 else tr("Practice", "{n} exercises", n=f"{count:,}")


def _problem_words(problems: Sequence[Words]) -> str:
    said = [one.say(_translated) for one in problems[:MAX_SAID]]
    more = len(problems) - MAX_SAID
    if more > 0:
        said.append(tr("Practice", "And more: {n}.", n=more))
    return " ".join(said)


def _translated(text: str) -> str:
    return tr("Practice", text)
