"""Ctrl+Enter: in the Practice place it gets exercises, everywhere else a report."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent


def is_go(event: QKeyEvent) -> bool:
    """Return whether these keys are pressed."""
    enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
    return enter and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
