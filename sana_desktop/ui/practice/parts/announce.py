"""Says something once, politely, to whoever listens to the window rather than looks at it."""

from __future__ import annotations

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget


def announce(where: QWidget, sentence: str) -> None:
    """Have a screen reader say `sentence`; an empty one is not said."""
    if sentence and QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(where, sentence))
