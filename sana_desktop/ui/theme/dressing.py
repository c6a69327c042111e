"""Puts another style sheet on the application: at once on what is in sight, in short turns on all the rest."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from itertools import chain

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import getCppPointer, isValid

TURN_SECONDS = 0.004
"""After so long the window has its turn: a widget takes a tenth of a millisecond."""


class Dressing(QObject):
    """Gives widgets their looks by the newest style sheet.

    Where a sheet takes the place of another, Qt dresses each widget at once: itself, and once more for each widget that
    it stands in. With 1,250 widgets that takes a quarter of a second, and hardly a tenth of them is in sight.
    """

    def __init__(self, app: QApplication, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._app = app
        # Addresses, for a reference would keep a window that was closed. What is new at an old one is dressed, too.
        self._done: set[int] = set()
        self._rest: Iterator[object] = iter(())
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._turn)

    def put_on(self, sheet: str) -> None:
        """Dress what is in sight, now; the rest has its turns, or is dressed when it comes into sight before."""
        if not self._app.styleSheet():
            # The first one: Qt dresses what there is, and each widget when it is first shown.
            self._app.setStyleSheet(sheet)
            return
        self._done.clear()
        # What Qt knows of the old sheet is forgotten first, so there is nothing that it would dress by itself.
        self._app.style().unpolish(self._app)
        self._app.setStyleSheet(sheet)
        for window in self._app.topLevelWidgets():
            self._dress_seen(window)
        self._rest = self._dress_rest()
        self._timer.start()

    def later(self, steps: Iterable[object]) -> None:
        """Take these steps in turns, too, and before what is not in sight is dressed."""
        self._rest = chain(steps, self._rest)
        self._timer.start()

    def settle(self) -> None:
        """Do now what waits for its turn."""
        for _ in self._rest:
            pass
        self._end()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Show and isinstance(watched, QWidget):
            watched.removeEventFilter(self)
            if self._timer.isActive():
                self._dress_seen(watched)
        return False

    def _turn(self) -> None:
        began = time.perf_counter()
        for _ in self._rest:
            if time.perf_counter() - began >= TURN_SECONDS:
                return
        self._end()

    def _end(self) -> None:
        self._timer.stop()
        self._rest = iter(())
        self._done.clear()

    def _dress_seen(self, root: QWidget) -> None:
        """Dress `root` and what is seen in it, and look out for what comes into sight there."""
        if not root.isVisible():
            root.installEventFilter(self)
            return
        self._dress(root)
        for child in root.children():
            if isinstance(child, QWidget) and not child.isWindow():
                self._dress_seen(child)

    def _dress_rest(self) -> Iterator[None]:
        for widget in self._app.allWidgets():
            if isValid(widget):
                self._dress(widget)
                yield

    def _dress(self, widget: QWidget) -> None:
        # Imported here: the first sheet is put on before there is a window, and naming `Qt` takes time (qt_numbers).
        from PySide6.QtCore import Qt

        address = getCppPointer(widget)[0]
        # What was never dressed is so when it is first shown.
        if address in self._done or not widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
            return
        self._done.add(address)
        # One that was given in this change already: Qt would go back to that of the sheet before.
        own = widget.font() if widget.testAttribute(Qt.WidgetAttribute.WA_SetFont) else None
        widget.style().polish(widget)
        if own is not None and widget.font() != own:
            widget.setFont(own)
        QCoreApplication.sendEvent(widget, QEvent(QEvent.Type.StyleChange))
