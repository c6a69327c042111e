"""The panel of jobs: one row a job, and the details of one below."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHeaderView, QSplitter, QWidget

from sana_desktop.ui.icons import Icons
from sana_desktop.ui.models.jobs import JobColumn, JobsModel
from sana_desktop.ui.reports.actions import job_acts
from sana_desktop.ui.reports.job_details import JobDetails
from sana_desktop.ui.reports.panel import RecordPanel
from sana_desktop.ui.reports.record_table import RecordTable
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr


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
        self.table = RecordTable(theme, icons, job_acts)
        self.table.setObjectName("jobsTable")
        self.table.setAccessibleName(tr("jobs", "Jobs"))
        self.table.setModel(model)
        self.table.requested.connect(self.requested)
        columns = self.table.horizontalHeader()
        columns.setStretchLastSection(False)
        for column, width in {
            JobColumn.REPORT: 180,
            JobColumn.STATE: 160,
            JobColumn.ELAPSED: 56,
            JobColumn.NEXT: 220,
            JobColumn.SITE: 110,
            JobColumn.STARTED: 90,
        }.items():
            columns.resizeSection(column, width)
        columns.setSectionResizeMode(JobColumn.NEXT, QHeaderView.ResizeMode.Stretch)
        self.table.setColumnHidden(JobColumn.SITE, True)
        self.table.setColumnHidden(JobColumn.STARTED, True)
        self.details = JobDetails(theme, icons)
        self.details.hide()
        self.details.closed.connect(lambda: self.details_wanted.emit(None))
        self.table.current_changed.connect(self._follow_current)
        self.hold(self.table)
        self._split = QSplitter(Qt.Orientation.Vertical)
        self._split.setChildrenCollapsible(False)
        holder = QWidget()
        self._body.removeItem(self._stack)
        holder.setLayout(self._stack)
        self._split.addWidget(holder)
        self._split.addWidget(self.details)
        self._body.addWidget(self._split, 1)

    def show_details(self) -> None:
        """Unfold the details below the table."""
        if not self.details.isVisibleTo(self):
            self.details.show()
            half = self._split.height() // 2
            self._split.setSizes([half, half])

    def hide_details(self) -> None:
        """Fold the details away and give the focus back to the table."""
        self.details.hide()
        self.table.setFocus()

    def _follow_current(self, record: object) -> None:
        if self.details.isVisibleTo(self) and record is not None:
            self.details_wanted.emit(getattr(record, "id", None))
