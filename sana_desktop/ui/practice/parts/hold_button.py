"""A button that is held down until it is full: what it does can't be taken back (B26)."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton

from sana_desktop.ui.practice.parts.held_keys import HeldKeys
from sana_desktop.ui.theme.theme import Theme

HOLD_MS = 1_500
"""Long enough not to happen by accident, short enough to be done for each answer."""
PAINT_MS = 33
PRESS_KEYS = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space})


class HoldButton(QPushButton):
    """A button that is pressed at once, or must be held.

    Signals:
        done: it was pressed, or held long enough.
        let_go: it has to be held, and was not held long enough.
        began: it has to be held, and a finger is on it now.
    """

    done = Signal()
    began = Signal()
    let_go = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setAutoDefault(False)  # as `widgets.PushButton`
        self._theme = theme
        self._held = False
        self._holding = False
        self._clock = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(PAINT_MS)
        self._timer.timeout.connect(self._tick)
        self._keys = HeldKeys(self)
        self._keys.down.connect(lambda _key: self.begin())
        self._keys.up.connect(lambda _key: self.end())
        self.clicked.connect(self._clicked)
        self.pressed.connect(lambda: self.begin() if self._held else None)
        self.released.connect(lambda: self.end() if self._held else None)

    def set_held(self, held: bool) -> None:
        """Choose whether it has to be held."""
        if held != self._held:
            self._held = self._keys.patient = held
            self._stop()

    def cancel(self) -> None:
        """Begin anew: what it does is another thing from now on."""
        self._stop()

    def begin(self) -> None:
        """A finger is on it: count, or do it at once where it need not be held."""
        if not self.isEnabled() or self._holding:
            return
        if not self._held:
            self.done.emit()
            return
        self._holding = True
        self._clock.start()
        self._timer.start()
        self.update()
        self.began.emit()

    def end(self) -> None:
        """The finger is gone."""
        if self._holding:
            self._stop()
            self.let_go.emit()

    def is_holding(self) -> bool:
        """Return whether a finger is on it that counts."""
        return self._holding

    def progress(self) -> float:
        """Return how much of the time it was held, 0 to 1."""
        return min(self._clock.elapsed() / HOLD_MS, 1.0) if self._holding else 0.0

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in PRESS_KEYS and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self._keys.press(event)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() in PRESS_KEYS:
            self._keys.release(event)
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._keys.forget()
        self.end()
        super().focusOutEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._stop()
        super().hideEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._holding:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour("warn"))
            height = 4.0
            painter.drawRoundedRect(
                QRectF(3, self.height() - height - 3, (self.width() - 6) * self.progress(), height), 2, 2
            )

    def _clicked(self) -> None:
        if not self._held:
            self.done.emit()

    def _tick(self) -> None:
        # The clock decides: a timer may fire early.
        if self._clock.elapsed() >= HOLD_MS:
            self._stop()
            self.done.emit()
        self.update()

    def _stop(self) -> None:
        self._holding = False
        self._timer.stop()
        self.update()
