"""Cyclic garbage of a process with widgets: on the window's thread only, and never long while somebody looks."""

from __future__ import annotations

import gc

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication

COLLECT_EVERY_MS = 500
MAX_AT_ONCE = 30_000
"""Objects that a collection may look at: some 6 ms."""
UNSEEN_MS = 10_000
"""So long in the background, nobody notices a fifth of a second."""


class MainThreadGarbage:
    """While entered, cyclic garbage is collected on this thread only, and never for long while somebody looks.

    Python collects on whichever thread happens to allocate. A widget that is part of a cycle would then be destroyed
    by a thread of the store or of a download, and Qt's objects do not survive that.

    A collection looks at each object of its generation: 200,000 of a long session hold the window up for 50 to 200 ms.
    So where many have come and stay (modules, the window, a session), all that is there is set aside (`gc.freeze`); no
    later collection looks at it, and what is not part of a cycle is freed as ever. Once the app has been in the
    background for a while, everything is looked at.
    """

    def __init__(self) -> None:
        self._newer = 0
        self._older = 0
        """About how many objects have come since and survived: one collection, or more."""
        self._set_aside = False
        self._timer = QTimer()
        self._timer.setInterval(COLLECT_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._unseen = QTimer()
        self._unseen.setSingleShot(True)
        self._unseen.setInterval(UNSEEN_MS)
        self._unseen.timeout.connect(self.look_at_all)

    def __enter__(self) -> MainThreadGarbage:
        gc.disable()
        gc.freeze()
        self._timer.start()
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.applicationStateChanged.connect(self._turned)
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.stop()
        self._unseen.stop()
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.applicationStateChanged.disconnect(self._turned)
        gc.enable()

    def look(self) -> None:
        """Collect what is due, or set aside what is too much."""
        count, threshold = gc.get_count(), gc.get_threshold()
        due = [generation for generation in (2, 1, 0) if count[generation] > threshold[generation]]
        if not due:
            return
        generation, young = due[0], count[0]
        if self._newer + young > MAX_AT_ONCE or (
            generation == 2 and self._older + self._newer + young > 2 * MAX_AT_ONCE
        ):
            if young <= MAX_AT_ONCE:
                gc.collect(0)
            gc.freeze()
            self._set_aside = True
            self._newer = self._older = 0
            return
        survived = self._newer + max(young - gc.collect(generation), 0)
        if generation == 0:
            self._newer = survived
        else:
            self._newer, self._older = 0, self._older + survived

    def look_at_all(self) -> None:
        """Collect also among what was set aside: this may take long."""
        if self._set_aside:
            self._set_aside = False
            self._newer = self._older = 0
            gc.unfreeze()
            gc.collect()
            gc.freeze()

    def waits(self) -> bool:
        """Return whether the app is in the background, and all is about to be looked at."""
        return self._unseen.isActive()

    def _turned(self, state: Qt.ApplicationState) -> None:
        if state is Qt.ApplicationState.ApplicationActive:
            self._unseen.stop()
        else:
            self._unseen.start()
