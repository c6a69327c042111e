"""Replays of a session to a test learner: run with a way out, said for what they are after a kill, gone on with."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace

from sana_desktop.base.errors import SanaError
from sana_desktop.base.tasks import Supervisor
from sana_desktop.base.text import one_line
from sana_desktop.practice.outcomes.outbox import OutboxCounts
from sana_desktop.practice.services import PracticeServices
from sana_desktop.practice.sessions.rerun import RerunFound, RerunStep, goes_on, rerun, steps_before
from sana_desktop.practice.sessions.rerun_asker import RerunAsker
from sana_desktop.practice.sessions.rerun_marks import RerunMark
from sana_desktop.practice.sessions.session import SessionRecord
from sana_desktop.ui.practice.parts.strips import Strip, StripAct
from sana_desktop.ui.practice.session.presenter import PracticePresenter
from sana_desktop.ui.tr import error_words, tr

KEY, LOOKING = "practice session replay", "practice session replay look"
STOP, GO_ON, LEAVE = "stop", "go-on", "leave"
"""The acts of the strip."""
MAX_TITLE_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Stopped:
    """A replay in view that is not through.

    Attributes:
        goes_on: it can be gone on with.
        unknown: answers of its learner of which nobody knows whether they arrived.
    """

    mark: RerunMark
    goes_on: bool
    unknown: int


class SessionReruns:
    """Runs one replay at a time.

    Args:
        reopen: shows a session, its set-up included.
        show: shows what a session asked again came to.
        say: a sentence for the status line, with a tone.
        listed: told that the list of sessions has something else to say.
    """

    def __init__(
        self,
        strip: Strip,
        services: PracticeServices,
        presenter: PracticePresenter,
        tasks: Supervisor,
        *,
        reopen: Callable[[SessionRecord], Awaitable[None]],
        show: Callable[[RerunFound], None],
        say: Callable[[str, str], None],
        listed: Callable[[], None],
    ) -> None:
        self._strip = strip
        self._services = services
        self._presenter = presenter
        self._tasks = tasks
        self._reopen = reopen
        self._show = show
        self._say = say
        self._listed = listed
        self._now: RerunMark | None = None  # the one that runs
        self._stopped: Stopped | None = None
        self._stale = False
        strip.wanted.connect(self._wanted)

    def running(self) -> str:
        """Return the id of the session that is being made; "" while none is."""
        return self._now.session if self._now is not None else ""

    def look(self) -> None:
        """Say what there is to say of the session in view, soon; several wishes at once are one."""
        self._stale = True
        self._tasks.start("look at a replay", self._look(), key=LOOKING)

    async def run(self, record: SessionRecord, connection: str) -> None:
        """Put the questions of a session again, to a learner made for it; show their session, and what differs.

        Raises:
            SanaError: a question came to nothing; what was found before is shown.
        """
        name = tr("Practice", "Replay of {title}", title=record.title)
        learner = await self._services.learners.make(connection, name)
        setup = replace(record.setup, user_id=learner.user_id)
        begin = self._services.reruns.beginning(record)
        made = await self._services.sessions.begin(connection, setup, name, also=begin)
        await self._run(record, made, RerunMark(made.id, record.id, record.title, 0, len(record.events)))

    async def go_on(self, mark: RerunMark) -> None:
        """Go on with a replay that was stopped; raises as `run`."""
        source = await self._services.sessions.load(mark.source)
        record = replace(source, events=source.events[: mark.total])
        made = await self._services.sessions.load(mark.session)
        if goes_on(record, made, mark.done):
            await self._run(record, made, mark)

    async def _run(self, record: SessionRecord, made: SessionRecord, mark: RerunMark) -> None:
        if self._now is not None:
            self._say(tr("Practice", "Another session is being replayed: wait for its end, or stop it."), "warn")
            return
        self._now = mark
        self._show_running()
        steps, error = steps_before(record, made), None
        try:
            sending = self._tasks.start("replay a session", self._put_again(record, made, steps), key=KEY)
            if sending is not None:
                await asyncio.wait([sending])
                error = None if sending.cancelled() else sending.result()
        finally:
            self._now = None
        left = await self._services.reruns.get(made.id)
        if steps or left is not None or not record.asked_count:
            await self._reopen(await self._services.sessions.load(made.id))
        if steps:
            self._show(RerunFound(tuple(steps), record.asked_count))
        self.look()
        self._listed()
        if error is not None:
            raise error
        self._say(*_ended_words(record, len(steps), left))

    async def _put_again(self, record: SessionRecord, made: SessionRecord, steps: list[RerunStep]) -> SanaError | None:
        services = self._services
        asker = RerunAsker(
            services.delivery, services.sessions, services.reruns, record, made, progressed=self._progressed
        )
        try:
            running = rerun(asker, record, made.setup.user_id, len(made.events))
            async with aclosing(running) as each:  # type: ignore[type-var]
                async for step in each:
                    steps.append(step)
        except SanaError as error:
            return error
        return None

    def _progressed(self, done: int) -> None:
        if self._now is not None:
            self._now = replace(self._now, done=done)
            self._show_running()
            self._say(tr("Practice", "Replaying: {n} of {all}", n=f"{done:,}", all=f"{self._now.total:,}"), "busy")

    async def _look(self) -> None:
        while self._stale:
            self._stale = False
            live, found = self._presenter.live(), None
            if live is not None and self._now is None:
                with contextlib.suppress(SanaError):  # deleted for good meanwhile
                    found = await self._stopped_one(live.id)
            if self._now is None and live is self._presenter.live():
                self._stopped = found
                self._show_stopped()

    async def _stopped_one(self, session_id: str) -> Stopped | None:
        """Return what a session that is a replay lacks; None where nothing does, or nothing more is wanted."""
        services = self._services
        mark = await services.reruns.get(session_id)
        if mark is None or mark.is_left:
            return None
        made = await services.sessions.load(session_id)
        lanes = await services.delivery.counts_of_each(made.connection_id)
        unknown = lanes.get(made.setup.user_id, OutboxCounts()).unknown
        try:
            source = await services.sessions.load(mark.source)
        except SanaError:
            return Stopped(mark, False, unknown)
        record = replace(source, events=source.events[: mark.total])
        return Stopped(mark, goes_on(record, made, mark.done), unknown)

    def _show_running(self) -> None:
        now = self._now
        if now is None:
            return
        words = tr(
            "Practice",
            "“{title}” is being replayed to a test learner: {done} of {total} questions and answers.",
            title=one_line(now.title, MAX_TITLE_LENGTH), done=f"{now.done:,}", total=f"{now.total:,}",
        )  # fmt: skip
        self._strip.say(words, "", StripAct(STOP, tr("Practice", "Stop")), icon="refresh")

    def _show_stopped(self) -> None:
        found = self._stopped
        if found is None:
            self._strip.say("")
            return
        acts = [StripAct(LEAVE, tr("Practice", "Leave it so"), "plain")]
        if found.goes_on:
            words = tr("Practice", "Go on after them") if found.unknown else tr("Practice", "Go on")
            acts.insert(0, StripAct(GO_ON, words))
        self._strip.say(stopped_sentence(found), "warn", *acts)

    def _wanted(self, act: str) -> None:
        if act == STOP:
            # What is under way is seen to its end by the outbox, which cuts no request off.
            self._tasks.cancel(KEY)
            return
        found, self._stopped = self._stopped, None
        self._strip.say("")
        if found is not None:
            does = self._leave(found.mark) if act == LEAVE else self.go_on(found.mark)
            self._tasks.start("a replay that was stopped", self._told(does), key=f"{KEY} act")

    async def _leave(self, mark: RerunMark) -> None:
        await self._services.reruns.leave(mark.session)
        self._listed()

    async def _told(self, act: Awaitable[None]) -> None:
        try:
            await act
        except SanaError as error:
            _, sentence, step = error_words(error)
            self._say(f"{sentence} {step}".strip(), "bad")
            self.look()


def stopped_sentence(found: Stopped) -> str:
    """Return what a session lacks that is the replay of another one, and what going on would do."""
    mark = found.mark
    parts = [
        tr(
            "Practice",
            "This is a replay of “{title}”, stopped after {done} of {total} questions and answers.",
            title=one_line(mark.title, MAX_TITLE_LENGTH), done=f"{mark.done:,}", total=f"{mark.total:,}",
        )
    ]  # fmt: skip
    if found.unknown == 1:
        parts.append(tr("Practice", "Of 1 answer it is not known whether it arrived."))
    elif found.unknown:
        words = tr("Practice", "Of {n} answers it is not known whether they arrived.", n=f"{found.unknown:,}")
        parts.append(words)
    if found.unknown and found.goes_on:
        parts.append(tr("Practice", "Going on sends what comes after, and never those again."))
    if not found.goes_on:
        words = tr("Practice", "It can't be gone on with: something else came after, or what it replays is gone.")
        parts.append(words)
    return " ".join(parts)


def mark_words(mark: RerunMark, title: str, *, running: bool) -> str:
    """Return what the list says of a session that has not all of what it replays; `title` is what it is called."""
    values = {"done": f"{mark.done:,}", "total": f"{mark.total:,}"}
    if running:
        return tr("Practice", "being replayed, {done} of {total}", **values)
    if mark.title in title:
        return tr("Practice", "stopped after {done} of {total}", **values)
    name = one_line(mark.title, MAX_TITLE_LENGTH)
    return tr("Practice", "replay of {title}, stopped after {done} of {total}", title=name, **values)


def again_words(record: SessionRecord) -> str:
    """Return what replaying a session does."""
    if not record.asked_count:
        return tr(
            "Practice",
            "Its {answers} answers are sent again in the same order, to a test learner made for it, and their session "
            "is opened. No question was asked in it, so there is nothing to compare.",
            answers=f"{record.answered_count:,}",
        )
    return tr(
        "Practice",
        "{asked} questions and {answers} answers are sent again in the same order, to a test learner made for it. "
        "Then you see what is recommended now that was not then, and their session is opened.",
        asked=record.asked_count,
        answers=record.answered_count,
    )


def _ended_words(record: SessionRecord, asked: int, left: RerunMark | None) -> tuple[str, str]:
    """Return what is said at the end, with its tone; `left` where not all of it was sent."""
    if left is not None:
        done, total = f"{left.done:,}", f"{left.total:,}"
        words = tr("Practice", "The replay was stopped after {done} of {total}.", done=done, total=total)
        return words, "warn"
    if not record.asked_count:
        return tr("Practice", "Replayed: {n} answers were sent again.", n=f"{record.answered_count:,}"), "good"
    return tr("Practice", "Replayed: {n} questions were asked again.", n=asked), "good"
