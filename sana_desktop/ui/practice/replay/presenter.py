"""Stands between the dialog of a replay and the service that runs it, which goes on when the dialog is closed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from sana_desktop.base.clock import Clock
from sana_desktop.base.errors import SanaError
from sana_desktop.base.tasks import Supervisor
from sana_desktop.practice.exercises.catalogue import Catalogue
from sana_desktop.practice.learners import LearnerStore
from sana_desktop.practice.replay.columns import Mapping, guess_mapping
from sana_desktop.practice.replay.dry_run import DryRun
from sana_desktop.practice.replay.file import MAX_SORTED, Columns
from sana_desktop.practice.replay.progress import ReplayProgress, ReplayState, Stops
from sana_desktop.practice.replay.record import ReplayRecord
from sana_desktop.practice.replay.service import ReplayService
from sana_desktop.practice.sessions.session import Setup
from sana_desktop.ui.dialogs import choose_open_file, finished, sure
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.compare.evidence_file import EvidenceFile, SaveFile, forms_of
from sana_desktop.ui.practice.meaning.panel import said
from sana_desktop.ui.practice.naming import moment_words
from sana_desktop.ui.practice.replay.asks import ReplayAsks
from sana_desktop.ui.practice.replay.choices import LearnerChoice
from sana_desktop.ui.practice.replay.dialog import ReplayDialog, Unfinished
from sana_desktop.ui.practice.replay.kept import Kept, KeptChoices
from sana_desktop.ui.practice.replay.then_and_now import STEM
from sana_desktop.ui.practice.replay.words import (
    comparing_words,
    finished_words,
    forget_words,
    paused_words,
    sending_words,
    unfinished_words,
)
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import error_text, error_words, tr
from sana_desktop.ui.widgets import after

KEY = "practice replay"
SETTLED_MS = 250
"""After the last change of a mapping, before the file is looked through again."""


class ReplayPresenter:
    """Opens the dialog and does what is wanted in it.

    Args:
        window: returns what the dialog belongs to.
        connection_id: returns the connection in view; None while there is none.
        setup: returns what is asked for, as it is set up; the learner is the replay's.
        paths: returns the places of the known content.
        known: returns the known content; None while there is none.
        open_file, save_file: ask for a file, and where one is to be written; None for the dialog.
        began: told a replay that is started or gone on with; waited for.
        done: told a replay when it is finished, also one whose dialog was closed.
    """

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        replays: ReplayService,
        learners: LearnerStore,
        supervisor: Supervisor,
        clock: Clock,
        *,
        window: Callable[[], QWidget | None],
        connection_id: Callable[[], str | None],
        setup: Callable[[], Setup],
        paths: Callable[[], Sequence[str]] = tuple,
        known: Callable[[], Catalogue | None] = lambda: None,
        open_file: Callable[[], Awaitable[Path | None]] | None = None,
        save_file: SaveFile | None = None,
        began: Callable[[ReplayRecord], Awaitable[None]] | None = None,
        done: Callable[[ReplayRecord], None] = lambda record: None,
    ) -> None:
        self._theme = theme
        self._icons = icons
        self._replays = replays
        self._learners = learners
        self._supervisor = supervisor
        self._clock = clock
        self._window = window
        self._connection_id = connection_id
        self._open_file = open_file or self._ask_for_file
        self._save_file = save_file
        self._asks = ReplayAsks(setup)
        self._paths = paths
        self._known = known
        self._began = began
        self._done = done
        self._dialog: ReplayDialog | None = None
        self._path: Path | None = None
        self._columns: Columns | None = None
        self._kept = KeptChoices()
        self._dry: tuple[DryRun, Mapping] | None = None
        self._current: ReplayRecord | None = None
        self._stops: dict[str, Stops] = {}  # by replay: one that is paused asks as before when it is gone on with
        self._past_unknown = 0  # answers of the current one of which a person was told that their fate is not known
        self._settled: QTimer | None = None
        replays.progress.subscribe(self._progressed)

    def open(self, go_on: str = "") -> None:
        """Open the dialog; one at a time.

        Args:
            go_on: id of an unfinished replay that is gone on with at once.
        """
        self._supervisor.start("replay dialog", self._show(go_on), key=KEY)

    def dialog(self) -> ReplayDialog | None:
        """Return the dialog while it is open."""
        return self._dialog

    async def _show(self, go_on: str) -> None:
        dialog = self._dialog = ReplayDialog(self._theme, self._icons, self._window())
        self._path = self._dry = self._current = None
        self._asks.offer(dialog)
        self._settled = after(dialog, SETTLED_MS, lambda: self._start("look", self._look()))
        dialog.file_wanted.connect(lambda: self._start("file", self._choose()))
        dialog.mapping_changed.connect(self._changed)
        dialog.send_wanted.connect(lambda: self._start("send", self._send()))
        dialog.pause_wanted.connect(self._pause)
        dialog.resume_wanted.connect(self._go_on)
        dialog.compare_wanted.connect(self._compare_wanted)
        dialog.go_on_wanted.connect(lambda key: self._start("go on", self._take_up(key)))
        dialog.forget_wanted.connect(lambda key: self._start("forget", self._forget(key)))
        self._start("fill", self._fill())
        shown = dialog.comparison
        forms = partial(forms_of, shown.evidence)
        _file = EvidenceFile(shown.hand_on, self._supervisor, self._clock, STEM, forms, self._save_file)
        if go_on:
            self._start("go on", self._take_up(go_on))
        try:
            await finished(dialog)
        finally:
            self._dialog = self._settled = None

    async def _fill(self) -> None:
        dialog, connection = self._dialog, self._connection_id()
        if dialog is None or connection is None:
            return
        try:
            found = [each for each in await self._replays.unfinished() if each.connection_id == connection]
            unfinished = [(each, await self._replays.unknown(each)) for each in found]
        except SanaError as error:
            if dialog is self._dialog:
                dialog.show_problem(error_words(error)[1])
            return
        if dialog is not self._dialog:
            return  # closed meanwhile
        dialog.show_learners([LearnerChoice(each.user_id, each.name) for each in self._learners.list(connection)])
        if self._current is None and (running := [each for each in found if self._replays.running(each.id)]):
            self._attach(running[-1])
        if self._current is not None:
            return  # one after the other: what is not finished is offered when nothing is under way here
        dialog.show_unfinished(
            [
                Unfinished(each.id, unfinished_words(each, self._name_of(each), unknown), asks=unknown > 0)
                for each, unknown in unfinished
            ]
        )

    async def _choose(self) -> None:
        path = await self._open_file()
        dialog = self._dialog
        if path is None or dialog is None:
            return
        try:
            columns = await self._replays.columns(path)
        except SanaError as error:
            if dialog is self._dialog:
                self._path = self._dry = None
                dialog.show_no_file(_whole(error))
            return
        if dialog is not self._dialog:
            return
        self._path, self._columns = path, columns
        kept = self._kept.of(path, columns)
        mapping = kept.mapping if kept is not None else guess_mapping(columns.names, columns.samples)
        dialog.columns.show_paths(self._paths())
        settled = kept is not None and kept.settled
        dialog.show_file(path.name, columns, mapping, chosen=kept is not None, settled=settled)
        self._changed()

    def _keep(self) -> None:
        """Keep what is chosen, for when this file is chosen again."""
        if self._dialog is not None and self._path is not None and self._columns is not None:
            settled = self._dialog.columns.order_is_chosen()
            self._kept.keep(self._path, Kept(self._columns, self._dialog.mapping(), settled))

    def _changed(self) -> None:
        self._dry = None
        self._keep()
        if self._dialog is not None and self._settled is not None and self._path is not None:
            self._dialog.show_checking()
            self._settled.start()

    async def _look(self) -> None:
        """Look through the file; again, if something else was chosen meanwhile."""
        while self._dialog is not None and self._path is not None:
            dialog, path = self._dialog, self._path
            mapping, person = dialog.mapping(), dialog.chosen_person()
            columns = dialog.columns.names()
            problems = mapping.problems(columns)
            if problems:
                dialog.show_problem(said(problems))
                return
            known = self._known()
            look_up = known.get if known is not None else None
            try:
                dry = await self._replays.dry_run(path, mapping, person or None, known=look_up)
            except SanaError as error:
                if dialog is self._dialog and path == self._path:
                    dialog.show_problem(_whole(error))
                return
            if dialog is not self._dialog:
                return
            if (path, mapping, person) == (self._path, dialog.mapping(), dialog.chosen_person()):
                dialog.columns.suggest_order(not dry.in_order and dry.usable < MAX_SORTED)
                self._dry = dry, dialog.mapping()
                dialog.show_dry(dry, mapping.only_path)
                return

    async def _send(self) -> None:
        dialog, connection = self._dialog, self._connection_id()
        if dialog is None or connection is None or self._dry is None or self._path is None:
            return
        dry, mapping = self._dry
        every = dialog.chosen_stops()
        try:
            user_id, asks = dialog.chosen_learner(), self._asks.chosen(dialog)
            # Not by the name of the file: it may be a person's.
            title = tr("Replay", "Replay of a report, {time}", time=moment_words(self._clock.now()))
            if not user_id:
                user_id = (await self._learners.make(connection, title)).user_id
            record = await self._replays.begin(self._path, mapping, connection, user_id, dry, setup=asks, title=title)
        except SanaError as error:
            if dialog is self._dialog:
                dialog.show_problem(_whole(error))
            return
        if every is not None:
            self._stops[record.id] = Stops(every, self._asks.enough(asks))
        await self._start_it(record)

    async def _take_up(self, key: str) -> None:
        try:
            record = await self._replays.get(key)
        except SanaError as error:
            if self._dialog is not None:
                self._dialog.show_problem(_whole(error))
            return
        if record.finished:
            await self._fill()
            return
        self._take_over(record)
        await self._start_it(record)

    async def _start_it(self, record: ReplayRecord) -> None:
        # First of all it runs: who closes the dialog or goes elsewhere while its session is opened loses nothing.
        self._begin(record)
        if self._began is not None:
            await self._began(record)

    def _attach(self, record: ReplayRecord) -> None:
        """Show one that is being sent already, as one that was begun here."""
        self._take_over(record)
        told = {progress.record.id: progress for progress in self._replays.under_way()}
        self._current = record
        self._progressed(told.get(record.id) or ReplayProgress(record, ReplayState.RUNNING))

    def _take_over(self, record: ReplayRecord) -> None:
        if self._dialog is not None:
            self._path = self._dry = None
            self._asks.offer(self._dialog, record.user_id)
            self._dialog.show_unfinished(())
            self._dialog.show_taken_up(record.path.name if record.path is not None else "")

    async def _forget(self, key: str) -> None:
        try:
            record = await self._replays.get(key)
            if not self._replays.running(key) and await sure(
                self._dialog, *forget_words(record), tr("Replay", "Forget it"), tr("Replay", "Keep")
            ):
                await self._replays.forget(key)
        except SanaError as error:
            if self._dialog is not None:
                self._dialog.show_problem(_whole(error))
        await self._fill()

    def _begin(self, record: ReplayRecord) -> None:
        if self._current is None or self._current.id != record.id:
            self._past_unknown = 0
        self._current = record
        stops = self._stops.get(record.id)
        self._replays.start(record.id, stops=stops, past_unknown=self._past_unknown)
        if self._dialog is None:
            return
        self._dialog.show_unfinished(())
        if self._replays.running(record.id):
            self._dialog.show_sending(record.done, record.total, sending_words(record, self._past_unknown))
        else:  # it is being compared, since before this dialog was opened
            self._dialog.show_paused(record.done, record.total, comparing_words())

    def _pause(self) -> None:
        if self._current is not None:
            self._replays.pause(self._current.id)

    def _go_on(self) -> None:
        if self._current is not None:
            self._begin(self._current)

    def _progressed(self, progress: ReplayProgress) -> None:
        if progress.state is ReplayState.FINISHED:
            self._done(progress.record)
        dialog = self._dialog
        if self._current is None or progress.record.id != self._current.id:
            if dialog is not None and self._current is None and progress.state is not ReplayState.RUNNING:
                self._start("fill", self._fill())
            return
        record = self._current = progress.record
        # What is said here, or was, is what the next "Go on" decides about.
        self._past_unknown = progress.unknown if progress.undecided else progress.passed
        if dialog is None:
            return
        match progress.state:
            case ReplayState.RUNNING:
                dialog.show_sending(record.done, record.total, sending_words(record, progress.unknown))
            case ReplayState.PAUSED:
                dialog.show_paused(record.done, record.total, paused_words(record, progress.unknown))
            case ReplayState.FAILED:
                words = _whole(progress.error) if progress.error is not None else ""
                tone = "warn" if progress.undecided else "bad"
                dialog.show_paused(record.done, record.total, words, tone, past_unknown=progress.undecided)
            case ReplayState.FINISHED:
                words, tone = finished_words(progress)
                dialog.show_finished(words, tone)
                self._start("stops", self._show_stops(record))

    def _compare_wanted(self) -> None:
        dialog, record = self._dialog, self._current
        if dialog is None or record is None:
            return
        words = dialog.words.text()
        dialog.show_comparing(tr("Replay", "Asking what is recommended now…"))
        self._start("compare", self._compare(dialog, record, words))

    async def _compare(self, dialog: ReplayDialog, record: ReplayRecord, words: str) -> None:
        """Ask what is recommended where the replay stands; `words` say how far that is."""
        try:
            found = await self._replays.compare(record.id, self._asks.of(dialog), self._known())
        except SanaError as error:
            if dialog is self._dialog:
                dialog.show_compared(None, _whole(error), "bad")
        else:
            if dialog is self._dialog:
                dialog.show_compared(found, words)

    async def _show_stops(self, record: ReplayRecord) -> None:
        """Show all places where it was asked, once all of it is sent."""
        try:
            found = await self._replays.stops_in(record.connection_id, record.session)
        except SanaError:
            return  # the session is deleted for good meanwhile
        if self._dialog is not None and self._current is not None and self._current.id == record.id:
            self._dialog.show_stops(found)

    def _name_of(self, record: ReplayRecord) -> str:
        learner = self._learners.get(record.connection_id, record.user_id)
        return learner.name if learner is not None else ""

    def _start(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        self._supervisor.start(f"replay {name}", work, key=f"{KEY} {name}")

    async def _ask_for_file(self) -> Path | None:
        filters = [tr("Replay", "Tables (*.csv *.tsv *.txt)"), tr("Replay", "All files (*)")]
        return await choose_open_file(self._dialog, tr("Replay", "A report with outcomes"), None, filters)


def _whole(error: SanaError) -> str:
    return error_text(error)
