"""Suggestions below a field: what is known and holds what was typed, in a framed list of its own."""

from __future__ import annotations

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView

MAX_SUGGESTIONS = 12


def suggest(field: QLineEdit, known: QStringListModel, words: str) -> None:
    """Suggest what is known while somebody types in `field`; `words` name the list for assistive tools."""
    completer = QCompleter(known, field)
    completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    completer.setMaxVisibleItems(MAX_SUGGESTIONS)
    # It lies over the page as a window without a frame, on the page's own ground.
    shown = QListView()
    shown.setProperty("kind", "suggestions")
    shown.setAccessibleName(words)
    completer.setPopup(shown)
    field.setCompleter(completer)
