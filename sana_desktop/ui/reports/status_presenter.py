"""Keeps the status line true: what is going on, and for a few seconds what was just said."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QObject, QTimer

from sana_desktop.reports.job import OPEN_STATES, JobRecord
from sana_desktop.reports.transfer import OPEN_TRANSFERS, TransferRecord, TransferState
from sana_desktop.ui.reports.truth import truth_of
from sana_desktop.ui.status_line import Tone
from sana_desktop.ui.tr import tr
from sana_desktop.ui.window import MainWindow

SAID_FOR_MS = 8_000
"""How long an answer to an act stays before the line says again what is going on."""
GATHER_MS = 40
"""Changes that come together are told once."""


class StatusPresenter(QObject):
    """Follows jobs and downloads.

    Args:
        site: returns the name of the chosen site; empty for none.
    """

    def __init__(self, window: MainWindow, site: Callable[[], str]) -> None:
        super().__init__(window)
        self._window = window
        self._site = site
        self._jobs: dict[str, JobRecord] = {}
        self._transfers: dict[str, TransferRecord] = {}
        self._last_done = ""
        self._urgent = False
        self._ready = False
        self._gather = _timer(self, GATHER_MS, self._tell)
        self._said = _timer(self, SAID_FOR_MS, self._tell)
        window.show_truth(tr("Status line", "Getting ready…"), "busy")

    def ready(self) -> None:
        """What earlier sessions left is known now: from here on the line can tell the truth."""
        self._ready = True
        self.refresh()

    def job_changed(self, record: JobRecord) -> None:
        """A job has a new state."""
        if record.state in OPEN_STATES:
            self._jobs[record.id] = record
        else:
            self._jobs.pop(record.id, None)
        self.refresh()

    def job_removed(self, job: str) -> None:
        """A job was forgotten."""
        self._jobs.pop(job, None)
        self.refresh()

    def transfer_changed(self, record: TransferRecord) -> None:
        """A download has a new state."""
        if record.state in OPEN_TRANSFERS or record.state is TransferState.PAUSED:
            self._transfers[record.id] = record
        else:
            self._transfers.pop(record.id, None)
        if record.state is TransferState.DONE:
            self._last_done = record.name
        self.refresh()

    def transfer_removed(self, transfer: str) -> None:
        """A download was taken off the list."""
        self._transfers.pop(transfer, None)
        self.refresh()

    def refresh(self) -> None:
        """Say what is true now, soon. A warning just said stays its time; anything calmer gives way to news."""
        if self._said.isActive() and self._urgent:
            return
        self._said.stop()
        if not self._gather.isActive():
            self._gather.start()

    def say(self, text: str, tone: str = "quiet") -> None:
        """Say something for some seconds, and to a screen reader once."""
        self._gather.stop()
        self._urgent = tone in {"warn", "bad"}
        self._window.show_truth(text, cast("Tone", tone), announce=True)
        self._said.start()

    def _tell(self) -> None:
        if self._ready and self._window.isEnabled():
            truth = truth_of(self._jobs.values(), self._transfers.values(), self._last_done, self._site())
            self._window.show_truth(truth.text, truth.tone)


def _timer(owner: QObject, milliseconds: int, act: Callable[[], None]) -> QTimer:
    timer = QTimer(owner)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(act)
    return timer
