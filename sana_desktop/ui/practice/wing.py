"""Opens the Practice place when it is first wanted: its modules in a thread, its services, then its presenters."""

from __future__ import annotations

import asyncio
import importlib
import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from sana_desktop.base.errors import SanaError
from sana_desktop.base.tasks import Supervisor
from sana_desktop.ui.actions import ActionSpec
from sana_desktop.ui.tr import error_words, tr
from sana_desktop.ui.turns import dressed, in_turns

if TYPE_CHECKING:
    from sana_desktop.practice.services import PracticeServices
    from sana_desktop.reports.services import Services
    from sana_desktop.ui.practice.page import PracticePage
    from sana_desktop.ui.practice.place import PracticePlace
    from sana_desktop.ui.reports.status.status_text import StatusText
    from sana_desktop.ui.shell import Shell

log = logging.getLogger(__name__)

OpenPractice: TypeAlias = "Callable[[Services], AbstractAsyncContextManager[PracticeServices]]"
"""Builds the services of practice; leaving the context stops them."""

SLOW_MODULES = (
    "sana_desktop.api.practice",
    "sana_desktop.api.practice_curl",
    "sana_desktop.practice.opening",
    "sana_desktop.practice.paste",
    "sana_desktop.practice.health.check",
    "sana_desktop.practice.sessions.session_files",
    "sana_desktop.ui.practice.page",
    "sana_desktop.ui.practice.place",
)
"""Loaded in a thread, once the window is ready."""
PLACE = "practice"


class PracticeWing:
    """What the session holds of practice, before and after it is opened.

    Args:
        open_practice: None where there is none, as in a test of something else.
        sign_in, example, connect: lead to the key of a connection, the example data, a new connection.
        adopt: told the page once it is filled, to remember its layout.
        say: a sentence for the status line, with a tone.
        told: called when what `truth` or `site_name` returns may be another.
    """

    def __init__(
        self,
        shell: Shell,
        services: Services,
        tasks: Supervisor,
        open_practice: OpenPractice | None,
        *,
        sign_in: Callable[[str], None],
        example: Callable[[], None],
        connect: Callable[[], None],
        adopt: Callable[[PracticePage], None],
        say: Callable[[str, str], None],
        told: Callable[[], None] = lambda: None,
    ) -> None:
        self._told = told
        self._shell = shell
        self._services = services
        self._tasks = tasks
        self._open_practice = open_practice
        self._sign_in = sign_in
        self._example = example
        self._connect = connect
        self._adopt = adopt
        self._say = say
        self._stack = AsyncExitStack()
        self._opening = asyncio.Lock()
        self._place: PracticePlace | None = None
        self._closed = False
        self._unlocked: frozenset[str] = frozenset()
        shell.window.place_changed.connect(self._went)
        if open_practice is not None:
            self._add_menu()
            services.book.changed.subscribe(lambda _id: self._show_unlocked())

    def takes(self, text: str) -> bool:
        """Return whether a paste is a request of the practice API; it is shown in the Practice place then."""
        if self._open_practice is None or not (_may_be_practice(text) or (self._in_sight() and _is_for_it(text))):
            return False
        self._tasks.start("take a practice paste", self._take(text))
        return True

    def says_nothing_was_made(self) -> bool:
        """Say of a paste that nothing can be made of it; False while another place is in sight."""
        if self._place is None or not self._in_sight():
            return False
        self._place.pastes.show_nothing()
        return True

    async def go_on(self) -> None:
        """Open by itself if answers of an earlier session wait to be sent, or their fate is not known.

        What the place needs is loaded in any case, in a thread: who goes there does not wait for it then.
        """
        if self._open_practice is None:
            return
        await asyncio.to_thread(_load)
        from sana_desktop.practice.outcomes.outbox import OutboxLedger

        try:
            on_their_way = await OutboxLedger(self._services.database).has_open()
        except SanaError as error:
            log.warning("whether answers are on their way can't be read: %s", error.code)
            return
        if on_their_way:
            await self.open()

    async def open(self) -> PracticePlace | None:
        """Open the place, once; None where it can't be."""
        async with self._opening:
            if self._place is None and self._open_practice is not None and not self._closed:
                try:
                    await self._build(self._open_practice)
                except SanaError as error:
                    title, sentence, step = error_words(error)
                    self._shell.practice.session.show_empty(f"{title}. {sentence} {step}".strip())
                    self._say(sentence, "bad")
                    await self._shell.practice_room.reveal(self._shell.practice, self._shell.practice.come())
        return self._place

    def truth(self) -> StatusText | None:
        """Return what is true of the place; None while another is in sight, or this is not opened yet."""
        return self._place.truth() if self._place is not None and self._in_sight() else None

    def under_way(self) -> str:
        """Return what goes on in the place while another one is in sight; "" if nothing does, or it is in sight."""
        truth = self._place.truth() if self._place is not None and not self._in_sight() else None
        if truth is None or truth.tone != "busy":
            return ""
        return tr("Practice", "In Practice: {what}", what=truth.text)

    def site_name(self) -> str | None:
        """Return the name of the site that is practised with; None where `truth` is None."""
        return self._place.chosen_site() if self._place is not None and self._in_sight() else None

    async def close(self) -> None:
        """Stop what was opened."""
        self._closed = True
        async with self._opening:
            await self._stack.aclose()

    async def _build(self, open_practice: OpenPractice) -> None:
        await asyncio.to_thread(_load)
        services = await self._stack.enter_async_context(open_practice(self._services))
        # Widgets are made on this thread; their modules are small beside what is loaded already.
        from sana_desktop.ui.practice.context import PracticeContext
        from sana_desktop.ui.practice.meaning.panel import MeaningPanel
        from sana_desktop.ui.practice.place import PracticePlace

        page = self._shell.practice_begun
        await in_turns(page.parts)
        meaning = MeaningPanel(self._shell.theme, self._shell.icons, page.sides, at_once=False)
        await in_turns(meaning.parts)
        context = PracticeContext(
            self._shell.theme,
            self._shell.icons,
            self._services.book,
            self._services.settings,
            self._services.clock,
            self._services.redactor,
            self._tasks,
            self._sign_in,
            self._example,
            self._connect,
            self._say,
            self._told,
        )
        self._place = page.life = PracticePlace(page, services, context, meaning)
        self._locks_changed(services)
        services.learners.changed.subscribe(lambda _connection: self._locks_changed(services))
        self._adopt(page)
        await self._place.in_view.restore()
        await in_turns(dressed(page))
        await self._shell.practice_room.reveal(page, page.come())
        self._told()

    def _locks_changed(self, services: PracticeServices) -> None:
        self._unlocked = services.learners.unlocked()
        self._show_unlocked()

    def _show_unlocked(self) -> None:
        """Mark the place, wherever one is, while answers could go from it to real people (B26)."""
        names = [one.name for one in self._services.book.list() if one.id in self._unlocked and one.practice]
        words = tr("Practice", "Unlocked for real people: {names}", names=", ".join(names)) if names else ""
        self._shell.window.rail.mark(PLACE, words)

    def _in_sight(self) -> bool:
        return self._shell.window.place == PLACE

    def _add_menu(self) -> None:
        actions = self._shell.window.actions_by_name
        actions.add_menu("practice", tr("Menu", "&Practice"), specs(), before="view")
        for act in ("get", "learner", "sessions", "report"):
            actions.on(f"practice.{act}", partial(self._act_wanted, act))

    def _act_wanted(self, act: str) -> None:
        self._tasks.start(f"practice: {act}", self._act(act))

    async def _act(self, act: str) -> None:
        self._shell.window.go_to(PLACE)
        place = await self.open()
        if place is not None:
            place.act(act)

    def _went(self, place: str) -> None:
        if place == PLACE:
            self._tasks.start("open practice", self._opened(), key="open practice")

    async def _opened(self) -> None:
        place = await self.open()
        if place is not None:
            place.page.session.answers.setFocus() if place.presenter.live() else place.focus_first()

    async def _take(self, text: str) -> None:
        self._shell.window.go_to(PLACE)
        place = await self.open()
        if place is not None:
            await place.pastes.take(text)


def specs() -> tuple[ActionSpec, ...]:
    """Return the commands of the place, in menu order."""
    return (
        ActionSpec("practice.get", tr("Menu", "&Get exercises"), ("F9",)),
        ActionSpec("practice.learner", tr("Menu", "New test &learner"), ("Ctrl+Shift+L",)),
        ActionSpec("practice.sessions", tr("Menu", "All &sessions…"), ("Ctrl+Shift+P",), separator=True),
        ActionSpec("practice.report", tr("Menu", "&Replay from a report…"), ("Ctrl+Shift+R",)),
        ActionSpec("practice.go", tr("Menu", "Get exercises, in the Practice place"), ("Ctrl+Return",), help_only=True),
        ActionSpec("practice.correct", tr("Menu", "Answer: correct"), ("1",), help_only=True),
        ActionSpec("practice.partly", tr("Menu", "Answer: partly"), ("2",), help_only=True),
        ActionSpec("practice.incorrect", tr("Menu", "Answer: incorrect"), ("3",), help_only=True),
        ActionSpec("practice.skipped", tr("Menu", "Answer: skipped"), ("4",), help_only=True),
    )


def _load() -> None:
    for name in SLOW_MODULES:
        importlib.import_module(name)


def _is_for_it(text: str) -> bool:
    from sana_desktop.practice.paste import names_the_service

    return names_the_service(text)


def _may_be_practice(text: str) -> bool:
    # The same cheap look as `practice.paste.looks_like_practice`, whose module is not loaded for every paste.
    start = text[:20_000]
    if "next-exercises" in start or "exercise-outcomes" in start:
        return True
    if not any(word in start for word in ("exercise_outcomes", "num_exercises", "challenge_level", "user_id")):
        return False
    from sana_desktop.practice.paste import looks_like_practice

    return looks_like_practice(text)
