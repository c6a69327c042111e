"""Remembers what the person did to the panels: their places, the columns of both tables, the tab in view (A49)."""

from __future__ import annotations

import base64
import binascii
import logging
from typing import Protocol

from sana_desktop.base.errors import SanaError
from sana_desktop.store import settings as keys
from sana_desktop.store.settings import Settings
from sana_desktop.ui.reports.page import ReportsPage
from sana_desktop.ui.reports.records.panel import RecordPanel

log = logging.getLogger(__name__)

PANELS = "reportsPanels"
PRACTICE = "practicePanels"
JOBS = "jobsTable"
DOWNLOADS = "downloadsTable"
TAB = "queryTab"


class Sides(Protocol):
    """A page with sides whose widths the person may change."""

    def save_layout(self) -> bytes: ...

    def restore_layout(self, state: bytes) -> bool: ...


class LayoutMemory:
    """Brings the layout back at the start and writes it at the end of a session."""

    def __init__(self, settings: Settings, page: ReportsPage, jobs: RecordPanel, downloads: RecordPanel) -> None:
        self._settings = settings
        self._page = page
        self._tables = {JOBS: jobs, DOWNLOADS: downloads}
        self._restored = False
        self._practice: Sides | None = None

    def restore(self) -> None:
        """Lay out as it was; what can't be read leaves the layout as it is."""
        self._restored = True
        states = self._settings.get(keys.VIEW_STATES)
        for name, panel in self._tables.items():
            if name in states:
                panel.restore_columns(states[name])
        layout = _decoded(states.get(PANELS, ""))
        if layout:
            self._page.restore_layout(layout)

    def tab(self) -> str:
        """Return the id of the query that was in view, "" if that is not known."""
        return self._settings.get(keys.VIEW_STATES).get(TAB, "")

    def adopt(self, practice: Sides) -> None:
        """Bring the sides of the Practice place back, and remember them from now on."""
        self._practice = practice
        layout = _decoded(self._settings.get(keys.VIEW_STATES).get(PRACTICE, ""))
        if layout:
            practice.restore_layout(layout)

    async def save(self) -> None:
        """Write how it is laid out now, if that is another layout; not being able to is no loss worth a message."""
        if not self._restored:
            return  # what is laid out now is not what the person made
        before = self._settings.get(keys.VIEW_STATES)
        now = before | {name: panel.column_state() for name, panel in self._tables.items()}
        now[PANELS] = base64.b64encode(self._page.save_layout()).decode()
        now[TAB] = self._page.editor.current_id() or self.tab()
        if self._practice is not None:
            now[PRACTICE] = base64.b64encode(self._practice.save_layout()).decode()
        if now == before:
            return
        try:
            await self._settings.set(keys.VIEW_STATES, now)
        except SanaError as error:
            log.warning("the layout is not remembered: %s", error.code)


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
