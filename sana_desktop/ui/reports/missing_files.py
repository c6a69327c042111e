"""Notices that finished files were moved or deleted: looks at the rows in sight when the person comes back (A27)."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication

from sana_desktop.base.errors import SanaError
from sana_desktop.base.tasks import Supervisor
from sana_desktop.reports.transfer import TransferRecord, TransferState
from sana_desktop.ui.reports.downloads_panel import DownloadsPanel


class Looks(Protocol):
    """What it needs of `reports.download.DownloadManager`."""

    async def missing(self, identity: str) -> bool: ...


class MissingFiles(QObject):
    """Keeps the rows of finished files true.

    A row is looked at when it comes into sight, and again each time the app comes to the front: it is in other
    programs that files are moved.
    """

    def __init__(self, panel: DownloadsPanel, downloads: Looks, supervisor: Supervisor) -> None:
        super().__init__(panel)
        self._panel = panel
        self._model = panel.model
        self._downloads = downloads
        self._supervisor = supervisor
        self._known: set[str] = set()
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.applicationStateChanged.connect(self._app_changed)

    def look(self) -> None:
        """Look at the rows in sight that were not looked at since the app came to the front."""
        if self._fresh():
            self._supervisor.start("look for finished files", self._look(), key="missing files")

    def transfer_changed(self, record: TransferRecord) -> None:
        """A download has a new state; what was found of its file before says nothing any more."""
        self._known.discard(record.id)
        self._model.show_missing(record.id, False)

    async def check(self, transfer: str) -> bool:
        """Look at one file now, show how it is, and return whether it is missing."""
        missing = await self._downloads.missing(transfer)
        self._known.add(transfer)
        self._model.show_missing(transfer, missing)
        return missing

    def _app_changed(self, state: Qt.ApplicationState) -> None:
        if state is Qt.ApplicationState.ApplicationActive:
            self._known.clear()
            self.look()

    def _fresh(self) -> list[str]:
        first, last = self._panel.table.rows_in_sight()
        records = (self._model.record(row) for row in range(first, last + 1))
        return [one.id for one in records if one.state is TransferState.DONE and one.id not in self._known]

    async def _look(self) -> None:
        # One after the other: a drive that does not answer holds one thread, not all of them.
        while fresh := self._fresh():
            for transfer in fresh:
                self._known.add(transfer)
                try:
                    await self.check(transfer)
                except SanaError:
                    continue  # taken off the list meanwhile
