"""Runs the health check of the Compare page, and hands its report on: to a file or the clipboard."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from PySide6.QtGui import QGuiApplication

from sana_desktop.base.clock import Clock
from sana_desktop.base.tasks import Supervisor
from sana_desktop.practice.health import HealthCheck
from sana_desktop.practice.health_report import HealthProgress, HealthReport
from sana_desktop.ui.dialogs import choose_save_file
from sana_desktop.ui.practice import health_export
from sana_desktop.ui.practice.health_view import HealthView
from sana_desktop.ui.practice.meaning_panel import said
from sana_desktop.ui.practice.study_runner import StudyRunner
from sana_desktop.ui.tr import tr

SAVING = "practice health save"
SaveFile = Callable[[str], Awaitable[Path | None]]
"""Asks where a file is to be written, by its proposed name."""


class HealthPresenter:
    """Does what the person wants of the health check.

    Args:
        make_check: a health check of the connection in view.
        site: what that connection is called.
        save_file: None for the dialog.
    """

    def __init__(
        self,
        view: HealthView,
        runner: StudyRunner,
        supervisor: Supervisor,
        clock: Clock,
        make_check: Callable[[], HealthCheck],
        site: Callable[[], str],
        save_file: SaveFile | None = None,
    ) -> None:
        self._view = view
        self._runner = runner
        self._clock = clock
        self._make_check = make_check
        self._site = site
        self._save_file = save_file or self._ask_for_file
        self._report: tuple[HealthReport, str] | None = None
        view.save_wanted.connect(lambda: supervisor.start("save report", self._save(), key=SAVING))
        view.copy_wanted.connect(self._copy)

    def plan(self, seconds_a_call: float) -> None:
        """Say what it takes."""
        self._view.show_plan(said(self._make_check().plan(seconds_a_call).words()))

    async def run(self) -> None:
        """Run it and show what came of it."""
        site, check = self._site(), self._make_check()
        self._runner.can_stop(check.stop)
        self._report = None
        self._view.begin()
        end = check.progressed.subscribe(self._progressed)
        try:
            report = await check.run()
        finally:
            end()
        self._report = report, site
        self._view.show_result(report)

    def _progressed(self, progress: HealthProgress) -> None:
        if progress.line is not None:
            self._view.show_line(progress.line)
        self._runner.progress(self._view, progress.done, progress.of)

    def _copy(self) -> None:
        if self._report is not None:
            QGuiApplication.clipboard().setText(health_export.as_text(*self._report, self._clock.now()))
            self._view.show_note_of_report(tr("Practice", "Copied."), "good")

    async def _save(self) -> None:
        if self._report is None:
            return
        at = self._clock.now()
        path = await self._save_file(f"health-check-{at.astimezone():%Y%m%d-%H%M}.json")
        if path is None:
            return
        report, site = self._report
        table = path.suffix.lower() == ".csv"
        text = health_export.as_csv(report) if table else health_export.as_json(report, site, at)
        try:
            await health_export.write(path, text)
        except OSError as error:
            words = tr("Practice", "It could not be saved: {why}", why=error.strerror or str(error))
            self._view.show_note_of_report(words, "bad")
            return
        self._view.show_note_of_report(tr("Practice", "Saved as {name}.", name=path.name), "good")

    async def _ask_for_file(self, name: str) -> Path | None:
        filters = [tr("Practice", "JSON (*.json)"), tr("Practice", "Table (*.csv)")]
        return await choose_save_file(self._view.window(), tr("Practice", "Save the report"), Path(name), filters)
