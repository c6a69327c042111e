"""Whether a key is held: X11 repeats a held key as let go and pressed again, and does not always say that it does."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit, QPlainTextEdit

from sana_desktop.ui.widgets import after

GRACE_MS = 60
"""From a release until the key counts as let go: the press of a repetition follows at once, but may be read late."""


def is_typing() -> bool:
    """Return whether the keyboard is in a field: it is not to be taken away from there."""
    return isinstance(QApplication.focusWidget(), (QLineEdit, QPlainTextEdit, QAbstractSpinBox))


class HeldKeys(QObject):
    """Tells real presses and releases from those of repetition.

    A repetition is marked (`isAutoRepeat`), or bears the time of the release before it, or follows within `GRACE_MS`
    of one while `patient`. Events that a test makes have no time: they are taken for real ones.

    Signals:
        down(int): a finger went onto a key (Qt.Key).
        up(int): it is gone.

    Attributes:
        patient: whether a press shortly after a release is the same finger still; where keys are struck in quick
            succession it is not.
    """

    down = Signal(int)
    up = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.patient = False
        self._released: dict[int, int] = {}
        self._leaving: dict[int, QTimer] = {}

    def press(self, event: QKeyEvent) -> None:
        """A press was seen."""
        key = event.key()
        leaving = self._leaving.get(key)
        waits = leaving is not None and leaving.isActive()
        same = event.timestamp() != 0 and self._released.get(key) == event.timestamp()
        if event.isAutoRepeat() or same or (waits and self.patient):
            if leaving is not None:
                leaving.stop()
            return
        if waits:
            self._gone(key)
        self.down.emit(key)

    def release(self, event: QKeyEvent) -> None:
        """A release was seen."""
        if event.isAutoRepeat():
            return
        key = event.key()
        self._released[key] = event.timestamp()
        if key not in self._leaving:
            self._leaving[key] = after(self, GRACE_MS, partial(self._over, key))
        self._leaving[key].start()

    def forget(self) -> None:
        """Forget releases that are waited with: the keys are another's now."""
        for timer in self._leaving.values():
            timer.stop()

    def _over(self, key: int) -> None:
        timer = self._leaving[key]
        if timer.interval():
            # Once more round the loop: after a stall the press of a repetition may still be in the queue.
            timer.start(0)
        else:
            self._gone(key)

    def _gone(self, key: int) -> None:
        self._leaving[key].stop()
        self.up.emit(key)
