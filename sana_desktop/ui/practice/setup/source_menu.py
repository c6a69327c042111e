"""Where the exercises to choose from come from, as a menu, and what a table of them needs."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from sana_desktop.ui.icons import Icons
from sana_desktop.ui.tr import tr

SOURCE_ICONS = {"demo": "test", "file": "folder", "answers": "practice", "forget": "trash"}


class SourceMenu(QMenu):
    """The places, the one in use with a check mark.

    Signals:
        wanted(str): "demo", "file" or "answers"; or "forget" what is known.
    """

    wanted = Signal(str)

    def __init__(self, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        self._icons = icons
        self._source = ""
        for key, words in (
            ("demo", tr("Practice", "From the example site")),
            ("file", tr("Practice", "From a CSV or JSON file…")),
            ("answers", tr("Practice", "Only what came back so far")),
            ("forget", tr("Practice", "Forget these exercises")),
        ):
            action = QAction(words, self)
            action.setObjectName(f"catalogue-{key}")
            action.setProperty("key", key)
            action.setCheckable(key != "forget")
            action.triggered.connect(lambda _=False, action=action: self._chosen(action))
            self._mark(action)
            self.addAction(action)
        self.addSeparator()
        for words in (
            tr("Practice", "A table needs the columns id and topic, such as /maths/vectors"),
            tr("Practice", "It may have tags (one; another), difficulty (a number) and points"),
            tr("Practice", "Or paste a request anywhere in the window"),
        ):
            told = QAction(words, self)
            told.setEnabled(False)
            self.addAction(told)

    def offer(self, key: str, offered: bool) -> None:
        """Offer one of the places, or to forget the exercises, or not."""
        for action in self.actions():
            if action.objectName() == f"catalogue-{key}":
                action.setVisible(offered)

    def mark(self, key: str) -> None:
        """Mark where the exercises come from now; "" marks nothing."""
        self._source = key
        for action in self.actions():
            if action.isCheckable():
                self._mark(action)

    def _chosen(self, action: QAction) -> None:
        self._mark(action)  # chosen is not loaded yet, and may come to nothing
        self.wanted.emit(str(action.property("key")))

    def _mark(self, action: QAction) -> None:
        key = str(action.property("key"))
        marked = action.isCheckable() and key == self._source
        action.setChecked(marked)
        self._icons.bind(action, "check" if marked else SOURCE_ICONS[key], "accent" if marked else "text_quiet")
