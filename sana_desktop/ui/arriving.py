"""Stands where a page will stand while that is made in turns: nothing of it is seen or reached before it is whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import after, column, label

QUIET_MS = 300
"""Words that come and go within a moment are unrest: until then only the ground is shown."""


class ArrivingPage(QStackedWidget):
    """An empty ground, then the page.

    Args:
        name: what the page is called by assistive tools.
        keeps: which keys are the page's own, and are nobody else's while it is on its way.
    """

    def __init__(
        self, name: str, keeps: Callable[[QKeyEvent], bool] = lambda _event: False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._keeps = keeps
        self._page: QWidget | None = None
        self._arrived = False
        self._ground = QWidget()
        self._ground.setObjectName("arrivingPage")
        self._ground.setAccessibleName(name)
        self._ground.setProperty("kind", "page")
        self._ground.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._words = label(tr("Window", "One moment: getting ready."), role="quiet")
        self._words.hide()
        column(self._ground).addWidget(self._words, 0, Qt.AlignmentFlag.AlignCenter)
        self.addWidget(self._ground)
        after(self._ground, QUIET_MS, self._words.show).start()

    async def reveal(self, page: QWidget, steps: Iterable[object] = ()) -> None:
        """Show the page, now that it is whole: laid out in one turn of the loop, painted in the next.

        Args:
            steps: show more and more of it, each in a turn of its own, before it is painted.
        """
        if self._page is not None:
            return
        # Imported here: the window's first paint comes before asyncio is loaded.
        import asyncio

        self._page = page
        page.setUpdatesEnabled(False)
        try:
            self.addWidget(page)
            self.setCurrentWidget(page)
            if self.hasFocus():
                page.setFocus()  # or the next key would be the window's
            self.removeWidget(self._ground)
            self._ground.deleteLater()
            await asyncio.sleep(0)
            for _ in steps:
                await asyncio.sleep(0)
        finally:
            self._arrived = True
            page.setUpdatesEnabled(True)

    def has_arrived(self) -> bool:
        """Return whether the whole page is shown."""
        return self._arrived

    def panes(self) -> list[QWidget]:
        """Return what F6 goes through: nothing before there is a page."""
        given = getattr(self._page, "panes", None)
        return given() if callable(given) else []

    def event(self, event: QEvent) -> bool:
        if self._page is not None or event.type() is not QEvent.Type.ShortcutOverride:
            return super().event(event)
        if not isinstance(event, QKeyEvent) or not self._keeps(event):
            return super().event(event)
        event.accept()
        return True
