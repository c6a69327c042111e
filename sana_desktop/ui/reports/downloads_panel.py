"""The panel of downloads: one row a file."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHeaderView, QWidget

from sana_desktop.ui.icons import Icons
from sana_desktop.ui.models.downloads import DownloadColumn, DownloadsModel
from sana_desktop.ui.reports.actions import download_acts
from sana_desktop.ui.reports.panel import RecordPanel
from sana_desktop.ui.reports.record_table import RecordTable
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr


class DownloadsPanel(RecordPanel):
    """Downloads, newest first; a finished row can be dragged out as its file.

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
            tr("downloads", "A finished report is fetched and checked by itself. It appears here."),
            parent,
        )
        self.model = model
        self.table = RecordTable(theme, icons, download_acts)
        self.table.setObjectName("downloadsTable")
        self.table.setAccessibleName(tr("downloads", "Downloads"))
        self.table.setModel(model)
        self.table.setDragEnabled(True)
        # The end of a file name tells the files of one report apart.
        self.table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.table.requested.connect(self.requested)
        columns = self.table.horizontalHeader()
        columns.setStretchLastSection(False)
        for column, width in {
            DownloadColumn.STATE: 130,
            DownloadColumn.SIZE: 220,
            DownloadColumn.LINK: 140,
            DownloadColumn.FINISHED: 90,
        }.items():
            columns.resizeSection(column, width)
        columns.setSectionResizeMode(DownloadColumn.FILE, QHeaderView.ResizeMode.Stretch)
        columns.setMinimumSectionSize(60)
        self.table.setColumnHidden(DownloadColumn.FINISHED, True)
        self.hold(self.table)
        model.unfinished_count_changed.connect(self._show_links)
        self._show_links(model.unfinished_count)

    def _show_links(self, unfinished: int) -> None:
        # A finished file needs no link: the room goes to its name.
        self.table.setColumnHidden(DownloadColumn.LINK, unfinished == 0)
