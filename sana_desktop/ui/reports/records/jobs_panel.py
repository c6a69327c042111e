"""The panel of jobs: one row a job, and the details of one below."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QSplitter, QWidget

from sana_desktop.ui.icons import Icons
from sana_desktop.ui.models.jobs import JobColumn, JobsModel
from sana_desktop.ui.reports.details.job_details import JobDetails
from sana_desktop.ui.reports.records.panel import RecordPanel
from sana_desktop.ui.reports.table.actions import job_acts, job_buttons
from sana_desktop.ui.reports.table.columns import ColumnPlan
from sana_desktop.ui.reports.table.record_table import RecordTable
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr

ROWS_BESIDE_DETAILS = 3
"""Rows that stay in sight above the details, header not counted, when there is little room."""


class JobsPanel(RecordPanel):
    """Jobs, newest first.

    Signals:
        requested: name of a `JobAction` and the local id of a job.
        details_wanted: local id of the job whose details are to be shown, or None to fold them away.
    """

    requested = Signal(str, str)
    details_wanted = Signal(object)

    def __init__(self, model: JobsModel, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(
            tr("jobs", "Jobs"),
            icons,
            "clock",
            tr("jobs", "No reports yet"),
            tr("jobs", "Write or paste a query above and press “Get the report”. Each report is one row here."),
            parent,
        )
        self.model = model
        self.table = RecordTable(theme, icons, job_acts, job_buttons())
        self.table.setObjectName("jobsTable")
        self.table.setAccessibleName(tr("jobs", "Jobs"))
        self.table.setModel(model)
        self.table.set_plan(_plan())
        self.table.requested.connect(self.requested)
        self.details = JobDetails(theme, icons)
        self.details.hide()
        self.details.closed.connect(lambda: self.details_wanted.emit(None))
        self.table.current_changed.connect(self._follow_current)
        fold = QShortcut(QKeySequence(Qt.Key.Key_Escape), self.details)
        fold.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        fold.activated.connect(self._leave)
        self.hold(self.table, model, "jobsFilter", tr("jobs", "Filter the jobs"))
        self._split = QSplitter(Qt.Orientation.Vertical)
        self._split.setObjectName("jobsSplitter")
        self._split.setAccessibleName(tr("jobs", "Size of the details"))
        self._split.setChildrenCollapsible(False)
        self._split.addWidget(self._stack)
        self._split.addWidget(self.details)
        self._body.addWidget(self._split, 1)
        model.site_count_changed.connect(self._show_sites)
        self._show_sites(model.site_count)

    def panes(self) -> list[QWidget]:
        """Return what F6 goes through: the table, then the details if they are unfolded."""
        return [self.table, self.details]

    def show_details(self) -> None:
        """Unfold the details below the table; the current row stays in sight."""
        if not self.details.isVisibleTo(self):
            self.details.show()
            rows = self.table.horizontalHeader().height() + ROWS_BESIDE_DETAILS * self.table.rowHeight(0)
            above = min(max(self._split.height() // 2, 0), rows) if self.table.model().rowCount() else 0
            self._split.setSizes([above, self._split.height() - above])
            self.table.scrollTo(self.table.currentIndex())

    def hide_details(self) -> None:
        """Fold the details away; a focus that was inside goes back to the table."""
        focus = QApplication.focusWidget()
        inside = focus is not None and self.details.isAncestorOf(focus)
        self.details.hide()
        if inside:
            self.table.setFocus()

    def _leave(self) -> None:
        if self.details.isVisibleTo(self):
            self.details_wanted.emit(None)
        else:
            super()._leave()

    def _show_sites(self, count: int) -> None:
        # With one site its name would only repeat itself; with two it tells the rows apart.
        self.table.columns().want_column(JobColumn.SITE, count > 1)

    def _follow_current(self, record: object) -> None:
        if self.details.isVisibleTo(self) and record is not None:
            self.details_wanted.emit(getattr(record, "id", None))


def _plan() -> dict[int, ColumnPlan]:
    """What the columns need."""
    look = tr("job", "next look in {time}", time="88 s")
    usual = tr("job", "usually {range}", range=tr("job", "{low}–{high} s", low=38, high=42))
    # Where there is no room for all, the name, its state, the time and the site tell the rows apart.
    return {
        JobColumn.REPORT: ColumnPlan(
            "Completions · CSV", "Course completions by department", grows=4, tight="Comple…", tightens=3, fits=True
        ),
        JobColumn.STARTED: ColumnPlan(
            "28 Sept 00:00", "28 Sept 2025 00:00", tight="28 Sept", tightens=4, fits=True, yields=2
        ),
        JobColumn.STATE: ColumnPlan(
            tr("job", "May have started"),
            tr("job", "May have started"),
            icon=True,
            tight=tr("job", "Ready"),
            shrinks=True,
        ),
        JobColumn.ELAPSED: ColumnPlan("00:00", "00:00", yields=6),
        JobColumn.NEXT: ColumnPlan(look, f"{usual} · {look}", fits=True, yields=7),
        # Shown where there are two: then nothing else tells real data from an example.
        JobColumn.SITE: ColumnPlan(
            "Acme sandbox", "Acme sandbox (test)", shown=False, tight="Acme…", tightens=5, fits=True, yields=1
        ),
    }
