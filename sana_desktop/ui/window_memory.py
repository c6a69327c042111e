"""Size and place of the window: as they were left, and whole on a screen that is there."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow

START_SIZE = QSize(1280, 800)
SMALLEST = QSize(760, 430)
"""What a screen of 1920 × 1080 at 200 % has room for, beside its task bar and the window's frame."""
FRAME = QSize(16, 48)
"""Room for the frame that the desktop puts around the window; its size is known only once the window is shown."""


class WindowMemory(Protocol):
    """Where size and place of the window are remembered; both calls return at once."""

    def load(self) -> tuple[bytes, bytes] | None:
        """Return geometry and state as they were saved, None at the first start."""

    def save(self, geometry: bytes, state: bytes) -> None:
        """Take geometry and state to be written soon."""


def restore(window: QMainWindow, memory: WindowMemory | None) -> None:
    """Give a window its size and place: the remembered ones, or those of the first start."""
    area = window.screen().availableGeometry()
    window.setMinimumSize(SMALLEST.boundedTo(area.size() - FRAME))
    window.resize(START_SIZE.boundedTo(area.size() - FRAME))
    saved = memory.load() if memory is not None else None
    if saved is None:
        return
    geometry, state = saved
    # restoreGeometry itself brings a window back that was on a monitor that is gone.
    window.restoreGeometry(geometry)
    window.restoreState(state)
    if window.isMaximized() or window.isFullScreen():
        return
    screen = QGuiApplication.screenAt(window.geometry().center()) or window.screen()
    window.setGeometry(fitted(window.geometry(), screen.availableGeometry()))


def fitted(wanted: QRect, area: QRect) -> QRect:
    """Return where a window goes that wants to be at `wanted`: whole on the screen's free `area`, with its frame."""
    size = wanted.size().boundedTo(area.size() - FRAME)
    left = max(area.left(), min(wanted.left(), area.right() + 1 - size.width()))
    top = max(area.top(), min(wanted.top(), area.bottom() + 1 - size.height()))
    if size != wanted.size():
        # It filled the screen or more: the frame needs its room above and beside it.
        left, top = area.left() + FRAME.width() // 2, area.top() + FRAME.height() - FRAME.width() // 2
    return QRect(QPoint(left, top), size)
