"""Runs one question of the Compare page at a time: progress in handfuls, a stop in good order, trouble in words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from sana_desktop.base.errors import SanaError
from sana_desktop.base.tasks import Supervisor
from sana_desktop.ui.practice.compare.study import ComparisonPanel
from sana_desktop.ui.tr import error_words, tr
from sana_desktop.ui.widgets import after

if TYPE_CHECKING:
    import asyncio

EVERY_MS = 100
"""Progress is shown at most so often."""


class StudyRunner:
    """Holds the study that runs.

    Args:
        owner: lives as long as this.
    """

    def __init__(self, supervisor: Supervisor, owner: QObject) -> None:
        self._supervisor = supervisor
        self._task: asyncio.Task[None] | None = None
        self._stop: Callable[[], bool] | None = None
        self._under_way: tuple[ComparisonPanel, int, int | None] | None = None
        self._ticker = after(owner, EVERY_MS, self._show)

    def running(self) -> bool:
        """Return whether one runs."""
        return self._task is not None

    def start(self, study: ComparisonPanel, run: Callable[[], Awaitable[None]]) -> None:
        """Run it, unless one runs."""
        if self.running():
            study.show_note(tr("Practice", "Another question is being asked: stop it first."))
        else:
            self._task = self._supervisor.start(study.key, self._run(study, run))

    def can_stop(self, stop: Callable[[], bool]) -> None:
        """Let `stop` end what runs with what was found so far; it returns False where there is nothing to keep."""
        self._stop = stop

    def stop(self) -> None:
        """End what runs, with what was found so far where there is any."""
        if self._task is not None and (self._stop is None or not self._stop()):
            self._task.cancel()

    def progress(self, study: ComparisonPanel, done: int, total: int | None) -> None:
        """Tell how far it is."""
        self._under_way = study, done, total
        if not self._ticker.isActive():
            self._ticker.start()

    async def _run(self, study: ComparisonPanel, run: Callable[[], Awaitable[None]]) -> None:
        words, tone = tr("Practice", "Stopped."), ""
        study.show_running(0, None)
        try:
            await run()
            words = ""
        except SanaError as error:
            words, tone = error_words(error)[1], "bad"
        finally:
            self._task = self._stop = self._under_way = None
            study.show_ended(words, tone)

    def _show(self) -> None:
        if self._under_way is not None:
            study, done, total = self._under_way
            study.show_running(done, total)
