"""The panel of downloads: one row a file, and below the table what is to be said of the current one."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from sana_desktop.reports.records.transfer import TransferRecord
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.models.downloads import DownloadColumn, DownloadsModel
from sana_desktop.ui.reports.records.panel import RecordPanel
from sana_desktop.ui.reports.table.actions import DownloadAction, download_acts, download_buttons
from sana_desktop.ui.reports.table.columns import ColumnPlan
from sana_desktop.ui.reports.table.header import EDGE_MARGIN
from sana_desktop.ui.reports.table.record_table import RecordTable
from sana_desktop.ui.reports.words.file_note import note_of
from sana_desktop.ui.reports.wrapped_text import WrappedText
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr


class DownloadsPanel(RecordPanel):
    """Downloads, newest first; a finished row can be dragged out as its file, and its file can be copied.

    Signals:
        requested: name of a `DownloadAction` and the id of a download.
    """

    requested = Signal(str, str)

    def __init__(self, model: DownloadsModel, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(
            tr("downloads", "Downloads"),
            icons,
            "download",
            tr("downloads", "No files yet"),
            tr("downloads", "A finished report is fetched and checked by itself, and appears here."),
            parent,
        )
        self.model = model
        self.table = RecordTable(theme, icons, download_acts, download_buttons())
        self.table.setObjectName("downloadsTable")
        self.table.setAccessibleName(tr("downloads", "Downloads"))
        self.table.setModel(model)
        self.table.setDragEnabled(True)
        self.table.set_plan(_plan())
        self.table.requested.connect(self._requested)
        self.hold(self.table, model, "downloadsFilter", tr("downloads", "Filter the downloads"))
        self._note = WrappedText("downloadNote", tr("downloads", "About this file"), role="quiet")
        self._about = QWidget()
        inside = QVBoxLayout(self._about)
        inside.setContentsMargins(EDGE_MARGIN, 6, EDGE_MARGIN, 8)
        inside.addWidget(self._note)
        self._body.addWidget(self._about)
        self._about.hide()
        self.table.current_changed.connect(self._say_note)
        model.dataChanged.connect(self._row_changed)
        model.unfinished_count_changed.connect(self._show_links)
        self._show_links(model.unfinished_count)

    def _show_links(self, unfinished: int) -> None:
        # A finished file needs no link: the room goes to its name.
        self.table.columns().want_column(DownloadColumn.LINK, unfinished > 0)

    def show_sites(self, count: int) -> None:
        """Tell of how many sites the reports in the list are: of two, each row says which."""
        self.table.columns().want_column(DownloadColumn.SITE, count > 1)

    def _row_changed(self, first: QModelIndex, last: QModelIndex) -> None:
        current = self.table.currentIndex()
        if current.isValid() and first.row() <= current.row() <= last.row():
            self._say_note(self.model.record(current.row()))

    def _say_note(self, record: TransferRecord | None) -> None:
        note = note_of(record) if record is not None else ""
        self._note.show_text(note)
        self._about.setVisible(bool(note))

    def _requested(self, name: str, transfer: str) -> None:
        row = self.model.row_of(transfer)
        if name == DownloadAction.COPY_FILE and row is not None:
            QGuiApplication.clipboard().setMimeData(self.model.mimeData([self.model.index(row, 0)]))
        self.requested.emit(name, transfer)


def _plan() -> dict[int, ColumnPlan]:
    """What the columns need. The name grows first: it is what a file is known by."""
    amount = tr("size", "{done} of {all}", done="888.8", all="888.8 MB")
    rows = tr("download", "{n} rows", n="88,888")
    return {
        DownloadColumn.FILE: ColumnPlan(
            "Completions….xlsx · 28 Sept 2025 00:00 · 8888",
            "Completions-by-department_20260304-1000.csv",
            grows=3,
            keep_end=True,
            fits=True,
            tight="Com….csv · 00:00",
        ),
        DownloadColumn.STATE: ColumnPlan(
            tr("download", "Downloading"),
            tr("download", "Downloading"),
            icon=True,
            tight=tr("download", "Complete"),
            shrinks=True,
        ),
        DownloadColumn.SIZE: ColumnPlan(
            f"88.8 MB · {rows}",
            f"{amount} · 88.8 MB/s · 88 min left",
            tight="888.8 MB",
            tightens=4,
            fits=True,
            yields=2,
        ),
        DownloadColumn.LINK: ColumnPlan(
            tr("link", "until {until}", until="00:00"),
            tr("link", "{until}, {time}", until="until 00:00", time="88 min"),
            yields=5,
        ),
        DownloadColumn.FINISHED: ColumnPlan("88 min ago", "2026-03-04 ago", shown=False, yields=3),
        DownloadColumn.SITE: ColumnPlan(
            "Acme sandbox", "Acme sandbox (test)", shown=False, tight="Acme…", tightens=3, fits=True, yields=1
        ),
    }
