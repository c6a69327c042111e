"""Help that waits to be asked for: the sheet of shortcuts, and About."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from sana_desktop.ui.actions import Actions
from sana_desktop.ui.dialogs import SheetDialog
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import label


class ShortcutSheet(SheetDialog):
    """Every command with its keys, as this platform writes them; a field narrows the list.

    Args:
        more: further commands, which no menu has: where they are offered, their words and how they are reached.
    """

    def __init__(
        self, actions: Actions, parent: QWidget | None = None, more: Sequence[tuple[str, str, list[str]]] = ()
    ) -> None:
        content = QWidget()
        super().__init__(tr("Help", "Keyboard shortcuts"), content, parent)
        self.setObjectName("shortcutSheet")
        self.resize(560, 620)
        self._rows: list[tuple[str, list[QWidget]]] = []
        box = QVBoxLayout(content)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(12)
        self.filter = QLineEdit()
        self.filter.setObjectName("shortcutFilter")
        self.filter.setPlaceholderText(tr("Help", "Find a command"))
        self.filter.setAccessibleName(tr("Help", "Find a command"))
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self._narrow)
        box.addWidget(self.filter)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setAccessibleName(tr("Help", "Commands"))
        area.setWidget(self._list([*actions.sheet(), *more]))
        box.addWidget(area, 1)
        self._nothing = label(tr("Help", "No command is called that."), role="quiet", name="noShortcut")
        box.addWidget(self._nothing)
        self._nothing.hide()
        self.filter.setFocus()

    def _list(self, commands: Sequence[tuple[str, str, list[str]]]) -> QWidget:
        inner = QWidget()
        inner.setProperty("kind", "page")
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 0, 12, 0)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 1)
        row, menu = 0, ""
        for title, words, keys in commands:
            if title != menu:
                menu = title
                heading = label(title, role="heading")
                heading.setContentsMargins(0, 12 if row else 0, 0, 2)
                grid.addWidget(heading, row, 0, 1, 2)
                self._rows.append(("", [heading]))
                row += 1
            name = label(words.removesuffix("…"))
            shown = label(tr("Help", " or ").join(keys[:2]), role="quiet")
            grid.addWidget(name, row, 0)
            grid.addWidget(shown, row, 1, Qt.AlignmentFlag.AlignRight)
            self._rows.append((f"{title} {words} {' '.join(keys)}".casefold(), [name, shown]))
            row += 1
        grid.setRowStretch(row, 1)
        return inner

    def _narrow(self, text: str) -> None:
        wanted = text.casefold().strip()
        below = False
        anything = False
        for words, widgets in reversed(self._rows):
            # A heading comes after what stands below it: it is shown if any of that is.
            found = wanted in words if words else below
            below = (below or found) if words else False
            anything = anything or found
            for widget in widgets:
                widget.setVisible(found)
        self._nothing.setVisible(not anything)


class AboutDialog(SheetDialog):
    """What this is, which versions, and what it promises."""

    def __init__(self, versions: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        content = QWidget()
        super().__init__(tr("Help", "Sana Desktop"), content, parent)
        self.setObjectName("aboutDialog")
        self.setMinimumWidth(480)
        box = QVBoxLayout(content)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(16)
        what = tr("Help", "Reports from your learning site, complete and verified, on your own computer.")
        box.addWidget(label(what, wrap=True))
        promise = tr(
            "Help",
            "No account, no telemetry. Nothing is sent anywhere but to your learning site, to where it keeps its "
            "files, and to its practice service if you use that. "
            "This is an independent program, not a product of the makers of the site.",
        )
        box.addWidget(label(promise, role="quiet", wrap=True))
        box.addLayout(version_grid(versions))
        box.addStretch()


def version_grid(versions: Sequence[tuple[str, str]]) -> QGridLayout:
    """Return names and versions in two columns."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(4)
    for row, (name, version) in enumerate(versions):
        grid.addWidget(label(name, role="quiet"), row, 0)
        grid.addWidget(label(version, selectable=True), row, 1)
    grid.setColumnStretch(1, 1)
    return grid


def page_heading(title: str, sentence: str = "") -> tuple[QHBoxLayout, QVBoxLayout]:
    """Return the row at the top of a place, with room for a button at its right, and its column of words."""
    row = QHBoxLayout()
    words = QVBoxLayout()
    words.setSpacing(4)
    words.addWidget(label(title, role="title"))
    if sentence:
        words.addWidget(label(sentence, role="quiet", wrap=True))
    row.addLayout(words, 1)
    return row, words
