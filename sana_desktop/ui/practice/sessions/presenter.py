"""Sessions save themselves; here they are reopened, renamed, deleted with a way back, exported, imported, replayed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from sana_desktop.base.errors import SanaError
from sana_desktop.base.tasks import Supervisor
from sana_desktop.practice.outcomes.outbox import OutboxState
from sana_desktop.practice.services import PracticeServices
from sana_desktop.practice.sessions.rerun import RerunFound
from sana_desktop.practice.sessions.session import SessionHead, SessionRecord
from sana_desktop.practice.sessions.session_files import read_session, to_csv, to_json
from sana_desktop.practice.sessions.sessions import DELETED_KEPT
from sana_desktop.store.private import write_private
from sana_desktop.ui import dialogs
from sana_desktop.ui.practice.naming import is_dated, moment_words, players_words
from sana_desktop.ui.practice.page import COMPARE, SESSION, PracticePage
from sana_desktop.ui.practice.parts.rename_dialog import ask_for_title
from sana_desktop.ui.practice.parts.strips import offer_undo
from sana_desktop.ui.practice.session.presenter import PracticePresenter
from sana_desktop.ui.practice.sessions.dialog import SessionsDialog
from sana_desktop.ui.practice.sessions.menu import SessionView
from sana_desktop.ui.practice.sessions.reruns import SessionReruns, again_words, mark_words
from sana_desktop.ui.tr import error_text, error_words, tr

log = logging.getLogger(__name__)
LATEST, ALL = 200, 10_000
"""Sessions that are listed: for the menu, and in the dialog."""
DELETED = "undo"
"""The act of the strip that brings a deleted session back."""


class SessionsPresenter:
    """Stands between the sessions' menu and the book of sessions.

    Args:
        site_name: what a connection is called, where several are connected; else "".
        begin_anew: shows no session.
        reopen: shows one, its set-up included.
        replay_report: opens the replay from a report.
        then_and_now: shows again what the replay in a session found, by the ids of connection and session.
        show_rerun: shows what a session asked again came to.
        say: a sentence for the status line, with a tone.
    """

    def __init__(
        self,
        page: PracticePage,
        services: PracticeServices,
        presenter: PracticePresenter,
        tasks: Supervisor,
        *,
        connection: Callable[[], str],
        site_name: Callable[[str], str],
        begin_anew: Callable[[], None],
        reopen: Callable[[SessionRecord], Awaitable[None]],
        replay_report: Callable[[], None],
        then_and_now: Callable[[str, str], None],
        show_rerun: Callable[[RerunFound], None],
        say: Callable[[str, str], None],
    ) -> None:
        self._page = page
        self._services = services
        self._presenter = presenter
        self._tasks = tasks
        self._connection = connection
        self._site_name = site_name
        self._begin_anew = begin_anew
        self._reopen = reopen
        self._replay_report = replay_report
        self._then_and_now = then_and_now
        self.reruns = SessionReruns(
            page.session.rerun, services, presenter, tasks, reopen=reopen, show=show_rerun, say=say, listed=self.refresh
        )
        self._say = say
        self._deleted: list[SessionHead] = []  # what Undo brings back
        self._dialog: SessionsDialog | None = None
        self._stale = False
        self._opens = ""  # the key of the task that opens a session
        page.sessions.open_wanted.connect(self.open)
        page.sessions.wanted.connect(self._wanted)
        page.sessions.opening.connect(self._offer_then_and_now)
        page.undo.wanted.connect(self._undo_wanted)
        services.sessions.changed.subscribe(lambda _id: self.refresh())

    def refresh(self) -> None:
        """Read the list again, soon; several wishes at once are one."""
        self._stale = True
        self._tasks.start("list the sessions", self._refresh(), key="practice sessions list")

    def open(self, session_id: str) -> None:
        """Reopen a session; another one that is being opened is not wanted any more."""
        key = _opening(session_id)
        if key != self._opens:
            self._tasks.cancel(self._opens)
            self._opens = key
        self._tasks.start("open a session", self._open(session_id), key=key)

    def show_title(self) -> None:
        """Show what the session in view is called."""
        live = self._presenter.live()
        if live is None:
            self._page.sessions.show_current("", False)
        else:
            self._page.sessions.show_current(live.title, True, live.id)
            self._offer_then_and_now()
        self.reruns.look()

    def _offer_then_and_now(self) -> None:
        live = self._presenter.live()
        self._page.sessions.offer_then_and_now(live is not None and live.from_report > 0 and live.last is not None)

    async def _refresh(self) -> None:
        await asyncio.sleep(0)  # what changed in this turn is one change
        while self._stale:  # again, if something changed while it was read
            self._stale = False
            await self._read()

    async def _read(self) -> None:
        try:
            heads = await self._services.sessions.list(ALL if self._dialog is not None else LATEST)
            deleted = await self._services.sessions.bin() if self._dialog is not None else ()
            views = await self._views(heads)
        except SanaError as error:
            log.warning("the sessions can't be listed: %s", error.code)
            return
        self._page.sessions.show_recent(views)
        if self._dialog is not None:
            self._dialog.show_sessions(views)
            self._dialog.show_deleted(*_latest(deleted))

    async def _views(self, heads: Sequence[SessionHead]) -> list[SessionView]:
        marks, running = await self._services.reruns.all(), self.reruns.running()
        said = {
            head.id: mark_words(marks[head.id], head.title, running=head.id == running)
            for head in heads
            if head.id in marks
        }
        return [view_of(head, self._site_name(head.connection_id), said.get(head.id, "")) for head in heads]

    async def _open(self, session_id: str) -> None:
        live = self._presenter.live()
        if live is None or live.id != session_id:  # the one in view stays, with what is on its way to it
            try:
                record = await self._services.sessions.load(session_id)
            except SanaError as error:
                self._say(error_words(error)[1], "bad")
                return
            await self._reopen(record)
        if self._page.tab() == COMPARE:
            self._page.show_tab(SESSION)  # who opens a session wants to see it

    def _wanted(self, act: str) -> None:
        acts = {
            "all": self._show_all,
            "rename": self._rename,
            "csv": lambda: self._export("csv"),
            "json": lambda: self._export("json"),
            "import": self._import,
            "rerun": self._rerun,
        }
        if act == "new":
            self._begin_anew()
        elif act == "report":
            self._replay_report()
        elif act in {"then", "delete"}:
            live = self._presenter.live()
            if live is not None and act == "then":
                self._then_and_now(live.connection_id, live.id)
            elif live is not None:
                # Each has a key of its own: the one before may still be at it.
                self._tasks.start(
                    "delete a session",
                    self._guarded(partial(self._delete_one, live.id)),
                    key=f"practice session delete {live.id}",
                )
        else:
            self._tasks.start(f"sessions: {act}", self._guarded(acts[act]), key=f"practice sessions {act}")

    async def _guarded(self, act: Callable[[], object]) -> None:
        try:
            await act()  # type: ignore[misc]
        except SanaError as error:
            self._say(error_text(error), "bad")
        except OSError as error:
            self._say(tr("Practice", "The file can't be used: {why}.", why=error.strerror or "?"), "bad")

    async def _show_all(self) -> None:
        views = await self._views(await self._services.sessions.list(ALL))
        deleted = await self._services.sessions.bin()
        self._dialog = SessionsDialog(views, self._page.window())
        self._dialog.show_deleted(*_latest(deleted))
        self._dialog.open_wanted.connect(self.open)
        self._dialog.delete_wanted.connect(
            lambda key: self._tasks.start("delete a session", self._guarded(lambda: self._delete_one(key)))
        )
        self._dialog.bring_back_wanted.connect(
            lambda key: self._tasks.start("bring a session back", self._guarded(lambda: self._bring_one_back(key)))
        )
        self.refresh()  # something may have changed while the lists were read
        try:
            await dialogs.finished(self._dialog)
        finally:
            self._dialog = None

    async def _rename(self) -> None:
        live = self._presenter.live()
        if live is None:
            return
        title = await ask_for_title(self._page.window(), live.title)
        if title:
            await self._services.sessions.rename(live.id, title)
            live.rename((await self._services.sessions.load(live.id)).title)
            self.show_title()

    async def _delete_one(self, session_id: str) -> None:
        self._tasks.cancel(_opening(session_id))
        heads = {head.id: head for head in await self._services.sessions.list(ALL)}
        await self._services.sessions.delete(session_id)
        if not self._page.undo.offers(DELETED):
            self._deleted.clear()
        self._deleted += [heads[session_id]] if session_id in heads else []
        live = self._presenter.live()
        if live is not None and live.id == session_id:
            self._begin_anew()
        self._offer_undo()

    def _offer_undo(self) -> None:
        if not self._deleted:
            self._page.undo.withdraw(DELETED)
            return
        count = len(self._deleted)
        self._deleted = self._deleted[-DELETED_KEPT:]  # the others are gone for good
        title = self._deleted[-1].title
        one = tr("Practice", "“{title}” was deleted. Answers that were sent stay sent.", title=title)
        many = tr("Practice", "{n} sessions were deleted. Answers that were sent stay sent.", n=len(self._deleted))
        if count > DELETED_KEPT:
            many = tr("Practice", "The {n} sessions that were deleted last can be brought back.", n=DELETED_KEPT)
        sentence = many if len(self._deleted) > 1 else one
        offer_undo(self._page.undo, sentence, DELETED)

    async def _bring_one_back(self, session_id: str) -> None:
        """Bring back one from the list, which stays; those that are left can still be brought back by the strip."""
        await self._services.sessions.undelete(session_id)
        if any(head.id == session_id for head in self._deleted) and self._page.undo.offers(DELETED):
            self._deleted = [head for head in self._deleted if head.id != session_id]
            self._offer_undo()

    def _undo_wanted(self, act: str) -> None:
        if act == DELETED:
            self._tasks.start("bring a session back", self._bring_back())

    async def _bring_back(self) -> None:
        deleted, self._deleted = self._deleted, []
        self._page.undo.say("")
        for head in deleted:
            await self._guarded(partial(self._services.sessions.undelete, head.id))
        if deleted and self._presenter.live() is None:  # else another one is in view, which stays
            self.open(deleted[-1].id)

    async def _export(self, form: str) -> None:
        live = self._presenter.live()
        if live is None:
            return
        record = live.record()
        name = "".join(c if c.isalnum() or c in " -_." else "-" for c in live.title).strip() or "session"
        title = tr("Practice", "Export the session")
        filters = [f"{form.upper()} (*.{form})"]
        path = await dialogs.choose_save_file(self._page.window(), title, Path.home() / f"{name}.{form}", filters)
        if path is None:
            return
        await self.export_to(path, record, form)

    async def export_to(self, path: Path, record: SessionRecord, form: str) -> None:
        """Write a session as `csv` or `json`; raises OSError."""
        write = partial(to_csv, record, await self._not_sent(record)) if form == "csv" else partial(to_json, record)
        await asyncio.to_thread(lambda: write_private(path, write().encode()))
        self._say(tr("Practice", "The session is in {name}.", name=path.name), "good")

    async def _not_sent(self, record: SessionRecord) -> dict[int, str]:
        """Return why answers of a session were not taken, by their numbers in the outbox, in the words of a file."""
        delivery = self._services.delivery
        entries = await delivery.entries(record.connection_id, limit=ALL)
        dropped = await delivery.dropped(record.id)
        states = {entry.number: entry.state for entry in entries if entry.session == record.id}
        discarded = {number: "discarded" for number, was in dropped.items() if was is OutboxState.WAITING}
        return {number: state.value for number, state in (states | dropped).items()} | discarded

    async def _import(self) -> None:
        title = tr("Practice", "Import a session")
        path = await dialogs.choose_open_file(self._page.window(), title, None, ["JSON (*.json)"])
        if path is not None:
            await self.import_from(path)

    async def import_from(self, path: Path) -> None:
        """Take in a session from a file of ours; raises OSError, UserError."""
        record = await asyncio.to_thread(read_session, path)
        # Its original may be listed beside it.
        record = replace(record, title=tr("Practice", "Imported: {title}", title=record.title))
        added = await self._services.sessions.bring_in(record, self._connection())
        await self._reopen(added)
        self._say(tr("Practice", "“{title}” is imported.", title=added.title), "good")

    async def _rerun(self) -> None:
        live = self._presenter.live()
        connection = self._connection()
        if live is None or not connection:
            return
        if self.reruns.running():
            self._say(tr("Practice", "Another session is being replayed: wait for its end, or stop it."), "warn")
            return
        record = live.record()
        question = tr("Practice", "Replay this session to a new test learner?")
        text = again_words(record)
        answers = [
            dialogs.Answer("keep", tr("Practice", "Not now")),
            dialogs.Answer("go", tr("Practice", "Replay it"), "primary"),
        ]
        if await dialogs.ask(self._page.window(), dialogs.Question(question, text, answers, safe="keep")) == "go":
            await self.reruns.run(record, connection)


def _opening(session_id: str) -> str:
    return f"practice session open {session_id}"


def _latest(deleted: Sequence[SessionHead]) -> tuple[str, str]:
    return (deleted[0].id, deleted[0].title) if deleted else ("", "")


def view_of(head: SessionHead, site: str = "", mark: str = "") -> SessionView:
    """Return a session as the list shows it.

    Args:
        site: what its site is called, where that does not go without saying.
        mark: what it lacks, of a replay that is not through.
    """
    parts = [words for words in (mark, site) if words]
    parts += [] if is_dated(head.title, head.created_at, head.changed_at) else [moment_words(head.changed_at)]
    parts.append(
        tr("Practice", "1 answer") if head.answered == 1 else tr("Practice", "{n} answers", n=f"{head.answered:,}")
    )
    parts.append(players_words(head.players))
    return SessionView(head.id, head.title, ", ".join(filter(None, parts)))
