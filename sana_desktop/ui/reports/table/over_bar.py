"""The scroll bar of a record table, which lies over the right margin of the rows: they go on below it to the edge."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollBar, QTableView

from sana_desktop.ui.reports.table.header import BAR_ROOM


class OverBar(QScrollBar):
    """Shows and moves what the table's own bar, which is hidden, says."""

    def __init__(self, table: QTableView) -> None:
        super().__init__(Qt.Orientation.Vertical, table)
        self._table = table
        table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        real = table.verticalScrollBar()
        self.valueChanged.connect(real.setValue)
        self.hide()
        real.rangeChanged.connect(self.follow)
        real.valueChanged.connect(self.setValue)

    def follow(self) -> None:
        """Stand where the table is now, with the range that it has now."""
        real = self._table.verticalScrollBar()
        self.setRange(real.minimum(), real.maximum())
        self.setPageStep(real.pageStep())
        self.setSingleStep(real.singleStep())
        self.setValue(real.value())
        view = self._table.viewport().geometry()
        self.setGeometry(view.right() + 1 - BAR_ROOM, view.top(), BAR_ROOM, view.height())
        self.setVisible(real.maximum() > real.minimum())
        self.raise_()
