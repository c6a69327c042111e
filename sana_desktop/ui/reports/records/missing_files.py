"""Notices that finished files were moved or deleted: looks at the rows in sight when the person comes back (A27)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain
from typing import Protocol

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication

from sana_desktop.base.errors import SanaError
from sana_desktop.base.tasks import Supervisor
from sana_desktop.reports.records.transfer import TransferRecord, TransferState
from sana_desktop.ui.reports.records.downloads_panel import DownloadsPanel


class Looks(Protocol):
    """What it needs of `reports.download.DownloadManager`."""

    async def look(self, identity: str) -> TransferRecord: ...


class MissingFiles(QObject):
    """Keeps the rows of finished files true.

    A row is looked at when it comes into sight, and again each time the app comes to the front: it is in other
    programs that files are moved.

    Args:
        also: returns downloads that are told of elsewhere in the window, in rows in sight.
    """

    def __init__(
        self,
        panel: DownloadsPanel,
        downloads: Looks,
        supervisor: Supervisor,
        also: Callable[[], Iterable[TransferRecord]] = tuple,
    ) -> None:
        super().__init__(panel)
        self._panel = panel
        self._model = panel.model
        self._downloads = downloads
        self._supervisor = supervisor
        self._also = also
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

    async def check(self, transfer: str) -> bool:
        """Look at one file now and return whether it is missing; a change of its record tells the rows."""
        record = await self._downloads.look(transfer)
        self._known.add(transfer)
        return record.lost_at is not None

    def _app_changed(self, state: Qt.ApplicationState) -> None:
        if state is Qt.ApplicationState.ApplicationActive:
            self._known.clear()
            self.look()

    def _fresh(self) -> list[str]:
        first, last = self._panel.table.rows_in_sight()
        records = chain((self._model.record(row) for row in range(first, last + 1)), self._also())
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
