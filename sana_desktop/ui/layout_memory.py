"""Remembers what the person did to the panels: their places, and the columns of both tables (A49)."""

from __future__ import annotations

import base64
import binascii
import logging

from sana_desktop.base.errors import SanaError
from sana_desktop.store import settings as keys
from sana_desktop.store.settings import Settings
from sana_desktop.ui.reports.page import ReportsPage
from sana_desktop.ui.reports.panel import RecordPanel

log = logging.getLogger(__name__)

PANELS = "reportsPanels"
JOBS = "jobsTable"
DOWNLOADS = "downloadsTable"


class LayoutMemory:
    """Brings the layout back at the start and writes it at the end of a session."""

    def __init__(self, settings: Settings, page: ReportsPage, jobs: RecordPanel, downloads: RecordPanel) -> None:
        self._settings = settings
        self._page = page
        self._tables = {JOBS: jobs, DOWNLOADS: downloads}
        self._restored = False

    def restore(self) -> None:
        """Lay out as it was; what can't be read leaves the layout as it is."""
        self._restored = True
        states = self._settings.get(keys.VIEW_STATES)
        for name, panel in self._tables.items():
            if name in states:
                panel.restore_columns(states[name])
        try:
            layout = base64.b64decode(states.get(PANELS, ""), validate=True)
        except (binascii.Error, ValueError):
            return
        if layout:
            self._page.restore_layout(layout)

    async def save(self) -> None:
        """Write how it is laid out now, if that is another layout; not being able to is no loss worth a message."""
        if not self._restored:
            return  # what is laid out now is not what the person made
        before = self._settings.get(keys.VIEW_STATES)
        now = before | {name: panel.column_state() for name, panel in self._tables.items()}
        now[PANELS] = base64.b64encode(self._page.save_layout()).decode()
        if now == before:
            return
        try:
            await self._settings.set(keys.VIEW_STATES, now)
        except SanaError as error:
            log.warning("the layout is not remembered: %s", error.code)
