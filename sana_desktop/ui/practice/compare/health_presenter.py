"""Runs the health check of the Compare page, and hands its report on: to a file or the clipboard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sana_desktop.base.clock import Clock
from sana_desktop.base.tasks import Supervisor
from sana_desktop.practice.health import HealthCheck
from sana_desktop.practice.health_report import HealthProgress, HealthReport
from sana_desktop.ui.practice.compare import health_export
from sana_desktop.ui.practice.compare.evidence_file import EvidenceFile, Forms, SaveFile
from sana_desktop.ui.practice.compare.health_view import HealthView
from sana_desktop.ui.practice.compare.study_runner import StudyRunner
from sana_desktop.ui.practice.meaning.panel import said


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
        self._make_check = make_check
        self._site = site
        self._report: tuple[HealthReport, str] | None = None
        self.file = EvidenceFile(view, supervisor, clock, "health-check", self._forms, save_file)

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

    def _forms(self, at: datetime) -> Forms:
        if self._report is None:
            return {}
        report, site = self._report
        return {
            ".txt": lambda: health_export.as_text(report, site, at),
            ".csv": lambda: health_export.as_csv(report),
            ".json": lambda: health_export.as_json(report, site, at),
        }
