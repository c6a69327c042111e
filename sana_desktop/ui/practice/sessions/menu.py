"""The sessions, which save themselves: a menu to begin, reopen, rename, delete, export, import and replay them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from sana_desktop.base.text import one_line
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import PushButton, plain_tip

MAX_IN_MENU = 15
MAX_TITLE_LENGTH = 40
NAME = "session-"
"""How the names of the actions that reopen a session begin."""
MIN_TITLE = 6
"""Characters of the title that are seen however little room there is."""


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session in the list.

    Attributes:
        title: plain text.
        about: when, unless the title says it, and how many answers.
    """

    id: str
    title: str
    about: str


ACTS = ("new", "all", "rename", "csv", "json", "import", "rerun", "report", "then", "delete")


class SessionsButton(PushButton):
    """A button with the current session's title, which opens the menu.

    Signals:
        open_wanted(str): reopen a session.
        wanted(str): one of `ACTS`, about the current session where it needs one.
        opening: the menu is about to be shown.
    """

    open_wanted = Signal(str)
    wanted = Signal(str)
    opening = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setObjectName("practiceSessionsButton")
        self.setProperty("kind", "plain")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        icons.bind(self, "session")
        self._menu = QMenu(self)
        self._menu.setObjectName("practiceSessionsMenu")
        self._recent: list[QAction] = []
        self._current = ""
        self._whole = ""
        self._wished = QSize()
        self._acts: dict[str, QAction] = {}
        self._fill(icons)
        self.clicked.connect(self._open)
        self.show_current("", False)

    def show_current(self, title: str, exists: bool, session_id: str = "") -> None:
        """Show the current session's title, and mark it among the others; what needs one is offered if there is one."""
        self._current = session_id
        self._mark()
        shown = self._whole = one_line(title, MAX_TITLE_LENGTH) or tr("Practice", "Sessions")
        self.setText(shown)
        self._wished = super().sizeHint()
        self._cut()
        self.setAccessibleName(tr("Practice", "Sessions: {title}", title=shown) if exists else shown)
        for key in ("new", "rename", "csv", "json", "rerun", "delete"):
            self._acts[key].setEnabled(exists)
        self.offer_then_and_now(False)

    def offer_then_and_now(self, offered: bool) -> None:
        """Offer to show again what the replay in the current session found, where it is one."""
        self._acts["then"].setVisible(offered)

    def show_recent(self, views: Sequence[SessionView]) -> None:
        """Offer these sessions, newest first."""
        for action in self._recent:
            self._menu.removeAction(action)
            action.deleteLater()
        self._recent = []
        for view in views[:MAX_IN_MENU]:
            words = f"{one_line(view.title, MAX_TITLE_LENGTH)}   {view.about}".replace("&", "&&")
            action = QAction(words, self._menu)
            action.setObjectName(f"{NAME}{view.id}")
            action.setCheckable(True)
            action.triggered.connect(lambda _=False, key=view.id: self._wanted(key))
            self._menu.insertAction(self._acts["all"], action)
            self._recent.append(action)
        self._mark()
        self._acts["all"].setVisible(len(views) > 0)

    def _wanted(self, session_id: str) -> None:
        self._mark()  # Qt has turned the mark over; it follows what is in view
        self.open_wanted.emit(session_id)

    def _mark(self) -> None:
        for action in self._recent:
            action.setChecked(action.objectName() == f"{NAME}{self._current}")

    def sizeHint(self) -> QSize:
        return self._wished

    def minimumSizeHint(self) -> QSize:
        beside = self._wished.width() - self.fontMetrics().horizontalAdvance(self._whole)
        least = self.fontMetrics().averageCharWidth() * MIN_TITLE
        return QSize(min(beside + least, self._wished.width()), self._wished.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._cut()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange} and self._whole:
            self.setText(self._whole)
            self._wished = super().sizeHint()
            self.updateGeometry()
            self._cut()

    def _cut(self) -> None:
        """Shorten the title to the width there is; the tooltip has all of it."""
        beside = self._wished.width() - self.fontMetrics().horizontalAdvance(self._whole)
        room = max(self.width() - beside, 0)
        shown = self._whole
        if self.width() < self._wished.width():
            shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room)
        self.setText(shown)
        self.setToolTip(plain_tip(self._whole) if shown != self._whole else "")

    def act(self, key: str) -> QAction:
        """Return the action of one of `ACTS`."""
        return self._acts[key]

    def _fill(self, icons: Icons) -> None:
        words = {
            "new": ("plus", tr("Practice", "New session")),
            "all": ("", tr("Practice", "All sessions…")),
            "rename": ("", tr("Practice", "Rename this session…")),
            "csv": ("csv", tr("Practice", "Export as CSV…")),
            "json": ("", tr("Practice", "Export as JSON…")),
            "import": ("folder", tr("Practice", "Import a session…")),
            "rerun": ("refresh", tr("Practice", "Replay this session to a test learner…")),
            "report": ("reports", tr("Practice", "Replay from a report…")),
            "then": ("", tr("Practice", "Then and now in this replay…")),
            "delete": ("trash", tr("Practice", "Delete this session")),
        }
        for key in ACTS:
            icon, text = words[key]
            action = QAction(text, self._menu)
            action.setObjectName(f"sessions-{key}")
            if icon:
                icons.bind(action, icon)
            action.triggered.connect(lambda _=False, key=key: self.wanted.emit(key))
            self._acts[key] = action
            if key in {"rename", "rerun", "delete"}:
                self._menu.addSeparator()
            self._menu.addAction(action)
            if key == "new":
                self._menu.addSeparator()

    def _open(self) -> None:
        self.opening.emit()
        self._menu.popup(self.mapToGlobal(self.rect().bottomLeft()))
