"""The Reports place: welcome page, the card of a paste, or the editor with the panels of jobs and downloads below."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QMainWindow, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from sana_desktop.ui.icons import Icons
from sana_desktop.ui.reports.editor import EditorArea
from sana_desktop.ui.reports.understood_card import Understood, UnderstoodCard
from sana_desktop.ui.reports.welcome import WelcomePage
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import label

LAYOUT_VERSION = 1
"""Raise it when the panels change, so that an old layout is not applied to new ones."""


class ReportsPage(QWidget):
    """Shows one of three: `welcome`, the `card`, or the work: `editor` and panels.

    Signals:
        paste_accepted: the person went on with what the card says.
        paste_dismissed: the person does not want it.
        clipboard_wanted: empty the clipboard too.
    """

    paste_accepted = Signal()
    paste_dismissed = Signal()
    clipboard_wanted = Signal()

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        editor: EditorArea,
        jobs: QWidget,
        downloads: QWidget,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("reportsPage")
        self.editor = editor
        self.welcome = WelcomePage(icons)
        self.card = UnderstoodCard(theme, icons)
        self._jobs = jobs
        self._downloads = downloads
        self._stack = QStackedWidget()
        self._card_page = _centred(self.card)
        self._work = QMainWindow()
        self._work.setWindowFlags(Qt.WindowType.Widget)
        self._work.setObjectName("reportsWork")
        self._work.setCentralWidget(editor)
        self._jobs_dock = self._dock(jobs, "jobsDock", tr("Reports", "Jobs"))
        self._downloads_dock = self._dock(downloads, "downloadsDock", tr("Reports", "Downloads"))
        self.reset_layout()
        for page in (self.welcome, self._card_page, self._work):
            self._stack.addWidget(page)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._stack)
        self._before: QWidget = self.welcome
        self.card.accepted.connect(self._accepted)
        self.card.dismissed.connect(self._dismissed)
        self.card.clipboard_wanted.connect(self.clipboard_wanted)

    def show_welcome(self) -> None:
        """Show the first page."""
        self._stack.setCurrentWidget(self.welcome)
        self.welcome.box.setFocus()

    def show_work(self) -> None:
        """Show editor and panels."""
        self._stack.setCurrentWidget(self._work)
        edit = self.editor.current_edit()
        if edit is not None:
            edit.setFocus()

    def show_understood(self, understood: Understood) -> None:
        """Show the card; accepting or dismissing it leads back to what was shown before."""
        if self._stack.currentWidget() is not self._card_page:
            self._before = self.welcome if self.showing() == "welcome" else self._work
        self._stack.setCurrentWidget(self._card_page)
        self.card.show_understood(understood)

    def showing(self) -> str:
        """Return "welcome", "card" or "work"."""
        page = self._stack.currentWidget()
        return "welcome" if page is self.welcome else "card" if page is self._card_page else "work"

    def panes(self) -> list[QWidget]:
        """Return what F6 goes through."""
        if self.showing() == "work":
            edit = self.editor.current_edit()
            inside: list[QWidget] = [edit] if edit is not None else []
            return [*inside, self.editor.order_bar, self._jobs, self._downloads]
        return [self.welcome.box] if self.showing() == "welcome" else [self.card]

    def save_layout(self) -> bytes:
        """Return place and size of the panels."""
        return bytes(self._work.saveState(LAYOUT_VERSION).data())

    def restore_layout(self, state: bytes) -> bool:
        """Put the panels where they were; False, and nothing changed, if `state` is of another kind."""
        return self._work.restoreState(QByteArray(state), LAYOUT_VERSION)

    def reset_layout(self) -> None:
        """Put the panels side by side below the editor."""
        area = Qt.DockWidgetArea.BottomDockWidgetArea
        docks = [self._jobs_dock, self._downloads_dock]
        for dock in docks:
            self._work.addDockWidget(area, dock)
        self._work.splitDockWidget(docks[0], docks[1], Qt.Orientation.Horizontal)
        self._work.resizeDocks(docks, [600, 600], Qt.Orientation.Horizontal)
        self._work.resizeDocks(docks, [300, 300], Qt.Orientation.Vertical)

    def swap_panels(self) -> None:
        """Change the places of jobs and downloads: moving them without a mouse."""
        area = Qt.DockWidgetArea.BottomDockWidgetArea
        docks = [self._jobs_dock, self._downloads_dock]
        if self._jobs_dock.x() <= self._downloads_dock.x():
            docks.reverse()
        for dock in docks:
            self._work.addDockWidget(area, dock)
        self._work.splitDockWidget(docks[0], docks[1], Qt.Orientation.Horizontal)

    def _dock(self, panel: QWidget, name: str, title: str) -> QDockWidget:
        dock = QDockWidget(title, self._work)
        dock.setObjectName(name)
        dock.setAccessibleName(title)
        dock.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetMovable)
        dock.setAllowedAreas(Qt.DockWidgetArea.AllDockWidgetAreas)
        bar = QWidget()
        row = QHBoxLayout(bar)
        row.setContentsMargins(12, 10, 12, 6)
        row.addWidget(label(title, role="heading"))
        row.addStretch()
        bar.setProperty("kind", "dock")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        bar.setCursor(Qt.CursorShape.SizeAllCursor)
        bar.setToolTip(tr("Reports", "Drag to move this panel"))
        dock.setTitleBarWidget(bar)
        panel.setProperty("kind", "dock")
        panel.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        dock.setWidget(panel)
        return dock

    def _accepted(self) -> None:
        self.show_work()
        self.paste_accepted.emit()

    def _dismissed(self) -> None:
        self.show_welcome() if self._before is self.welcome else self.show_work()
        self.paste_dismissed.emit()


def _centred(card: QWidget) -> QScrollArea:
    inner = QWidget()
    inner.setProperty("kind", "page")
    outer = QVBoxLayout(inner)
    outer.setContentsMargins(32, 32, 32, 32)
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(card, 100)
    row.addStretch(1)
    outer.addStretch(2)
    outer.addLayout(row)
    outer.addStretch(3)
    area = QScrollArea()
    area.setObjectName("understoodPage")
    area.setWidgetResizable(True)
    area.setWidget(inner)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
