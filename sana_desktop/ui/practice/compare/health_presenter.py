"""Runs the health check of the Compare page, and hands its report on: to a file or the clipboard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sana_desktop.base.clock import Clock
from sana_desktop.base.errors import SanaError
from sana_desktop.base.tasks import Supervisor
from sana_desktop.practice.findings import FindingStore, HealthFound
from sana_desktop.practice.health.check import HealthCheck
from sana_desktop.practice.health.report import HealthProgress
from sana_desktop.ui.practice.compare import health_export
from sana_desktop.ui.practice.compare.evidence_file import EvidenceFile, Forms, SaveFile
from sana_desktop.ui.practice.compare.health_view import HealthView
from sana_desktop.ui.practice.compare.study_runner import StudyRunner
from sana_desktop.ui.practice.meaning.panel import said

LOOKING_UP = "practice last health check"


class HealthPresenter:
    """Does what the person wants of the health check.

    Args:
        findings: keeps the last report of each connection over a restart.
        make_check: a health check of the connection in view.
        site: returns its id, and what it is called.
        save_file: None for the dialog.
    """

    def __init__(
        self,
        view: HealthView,
        runner: StudyRunner,
        supervisor: Supervisor,
        clock: Clock,
        findings: FindingStore,
        make_check: Callable[[], HealthCheck],
        site: Callable[[], tuple[str, str]],
        save_file: SaveFile | None = None,
    ) -> None:
        self._view = view
        self._runner = runner
        self._supervisor = supervisor
        self._findings = findings
        self._make_check = make_check
        self._site = site
        self._report: tuple[HealthFound, str] | None = None
        self._looked_at = ""
        self.file = EvidenceFile(view.hand_on, supervisor, clock, "health-check", self._forms, save_file)

    def plan(self, seconds_a_call: float) -> None:
        """Say what it takes."""
        self._view.show_plan(said(self._make_check().plan(seconds_a_call).words()))

    async def run(self) -> None:
        """Run it and show what came of it."""
        (connection, site), check = self._site(), self._make_check()
        self._looked_at = self._findings.place(connection)
        self._runner.can_stop(check.stop)
        self._report = None
        self._view.begin()
        end = check.progressed.subscribe(self._progressed)
        try:
            report = await check.run()
        finally:
            end()
        at = await self._findings.keep_health(connection, report)
        self._report = HealthFound(report, at), site
        self._view.show_result(report)

    def look_up(self) -> None:
        """Show the last report of the connection in view, once, unless it is being checked just now."""
        place = self._findings.place(self._site()[0])
        if place != self._looked_at and not self._view.is_running():
            self._looked_at = place
            self._supervisor.start("last health check", self._show_last(), key=LOOKING_UP)

    async def _show_last(self) -> None:
        connection, site = self._site()
        try:
            found = await self._findings.health(connection)
        except SanaError:
            return  # it is a comfort, and can be run again
        place = self._findings.place(connection)
        if place != self._looked_at:
            self._looked_at = ""
            self.look_up()
        elif found is not None and not self._view.is_running():
            self._report = found, site
            self._view.show_earlier(found.report, found.at)
            self._view.show_found_for((place,), site)

    def _progressed(self, progress: HealthProgress) -> None:
        if progress.line is not None:
            self._view.show_line(progress.line)
        self._runner.progress(self._view, progress.done, progress.of)

    def _forms(self, _at: datetime) -> Forms:
        if self._report is None:
            return {}
        found, site = self._report
        return {
            ".txt": lambda: health_export.as_text(found.report, site, found.at),
            ".csv": lambda: health_export.as_csv(found.report),
            ".json": lambda: health_export.as_json(found.report, site, found.at),
        }
