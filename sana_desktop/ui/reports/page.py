"""The Reports place: welcome page, the card of a paste, or the editor with the panels of jobs and downloads below."""

from __future__ import annotations

from functools import cached_property
from typing import Literal

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QMainWindow, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from sana_desktop.ui.icons import Icons
from sana_desktop.ui.reports.editor.editor import EditorArea
from sana_desktop.ui.reports.paste.understood_card import Understood, UnderstoodCard
from sana_desktop.ui.reports.paste.welcome import WelcomePage
from sana_desktop.ui.reports.records.panel import RecordPanel
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import label

Showing = Literal["welcome", "card", "work"]

LAYOUT_VERSION = 1
"""Raise it when the panels change, so that an old layout is not applied to new ones."""

JOBS_SHARE = 52
"""Percent of the width that jobs have at first; their rows have more to say than those of the downloads."""
PANELS_SHARE = 46
"""Percent of the height that the panels have at first: most queries are short."""
SHARE_MARK = b"\njobs share "
"""Stands between Qt's state of the panels and the part of their width that jobs have, in thousandths."""
LAYOUT_STEPS = 12
"""Steps of the keyboard from one end of the page to the other."""


class ReportsPage(QWidget):
    """Shows one of three: `welcome`, the `card`, or the work: `editor` and panels. The first two are made when wanted.

    Signals:
        pasted(str): text pasted into welcome box or editor that must be understood first. It may hold a token.
        example_wanted: try with example data.
        connect_wanted: connect a site.
        letter_wanted: write to IT.
        paste_accepted: the person went on with what the card says.
        paste_dismissed: the person does not want it.
        clipboard_wanted: empty the clipboard too.
        paste_again_wanted: look at the clipboard again.
        sight_wanted: something here wants to be seen, wherever in the window the person is.
    """

    pasted = Signal(str)
    example_wanted = Signal()
    connect_wanted = Signal()
    letter_wanted = Signal()
    paste_accepted = Signal()
    paste_dismissed = Signal()
    clipboard_wanted = Signal()
    paste_again_wanted = Signal()
    sight_wanted = Signal()

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
        self._theme = theme
        self._icons = icons
        self._jobs = jobs
        self._downloads = downloads
        self._showing: Showing = "work"
        self._before: Showing = "work"
        self._card_page = QWidget()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        self._stack = QStackedWidget()
        box.addWidget(self._stack)
        # Parts are put into what is already in place: each later move would style them once more.
        self._work = _Work()
        self._work.height_changed.connect(self._share_change)
        self._work.setWindowFlags(Qt.WindowType.Widget)
        self._work.setObjectName("reportsWork")
        self._stack.addWidget(self._work)
        self._work.setCentralWidget(editor)
        self._jobs_dock = self._dock(jobs, "jobsDock", tr("Reports", "Jobs"))
        self._downloads_dock = self._dock(downloads, "downloadsDock", tr("Reports", "Downloads"))
        self.reset_layout()
        self._shared_out = False
        editor.pasted.connect(self.pasted)
        editor.sight_wanted.connect(self.come_back)
        editor.connect_wanted.connect(self.connect_wanted)

    @cached_property
    def welcome(self) -> WelcomePage:
        """The first page."""
        made = WelcomePage(self._icons)
        self._stack.addWidget(made)
        made.pasted.connect(self.pasted)
        made.example_wanted.connect(self.example_wanted)
        made.connect_wanted.connect(self.connect_wanted)
        made.letter_wanted.connect(self.letter_wanted)
        made.back_wanted.connect(self.come_back)
        return made

    @cached_property
    def card(self) -> UnderstoodCard:
        """The card of a paste."""
        made = UnderstoodCard(self._theme, self._icons)
        self._card_page = centred(made)
        self._stack.addWidget(self._card_page)
        made.accepted.connect(self._accepted)
        made.dismissed.connect(self._dismissed)
        made.clipboard_wanted.connect(self.clipboard_wanted)
        made.again_wanted.connect(self.paste_again_wanted)
        return made

    def show_welcome(self, *, visit: bool = False) -> None:
        """Show the first page; on a mere visit there is work to go back to, and the page says so."""
        self.welcome.offer_back(visit)
        self._stack.setCurrentWidget(self.welcome)
        self._showing = "welcome"
        self.welcome.box.setFocus()

    def site_came(self) -> None:
        """With a site of their own, who comes back to this place wants the work, not the first page."""
        if self._showing == "welcome":
            self.welcome.offer_back(True)
            if not self.isVisible():
                self.show_work()

    def come_back(self) -> None:
        """Show editor and panels as they were left, wherever the person is; a card that is open is put away."""
        if self._showing == "card":
            self.paste_dismissed.emit()
        if self._showing != "work":
            self.show_work()
        self.sight_wanted.emit()

    def chosen_again(self) -> None:
        """The person chose this place although it is in sight: what they want is the work."""
        if self._showing == "welcome":
            self.come_back()

    def show_work(self) -> None:
        """Show editor and panels."""
        self._stack.setCurrentWidget(self._work)
        self._showing = "work"
        edit = self.editor.current_edit()
        if edit is not None:
            edit.setFocus()

    def show_understood(self, understood: Understood) -> None:
        """Show the card, before the person's eyes; accepting or dismissing it leads back to what was shown before."""
        if self._showing != "card":
            self._before = self._showing
        self.sight_wanted.emit()
        card = self.card
        self._stack.setCurrentWidget(self._card_page)
        self._showing = "card"
        card.show_understood(understood)

    def showing(self) -> Showing:
        """Return what is shown."""
        return self._showing

    def panes(self) -> list[QWidget]:
        """Return what F6 goes through."""
        if self.showing() == "work":
            edit = self.editor.current_edit()
            inside: list[QWidget] = [edit] if edit is not None else []
            return [*inside, self.editor.order_bar, *_panes(self._jobs), *_panes(self._downloads)]
        return [self.welcome.box] if self.showing() == "welcome" else [self.card]

    def save_layout(self) -> bytes:
        """Return place and size of the panels."""
        jobs, both = self._jobs_dock.width(), self._jobs_dock.width() + self._downloads_dock.width()
        return bytes(self._work.saveState(LAYOUT_VERSION).data()) + SHARE_MARK + b"%d" % round(1_000 * jobs / both)

    def restore_layout(self, state: bytes) -> bool:
        """Put the panels where they were; False, and nothing changed, if `state` is of another kind."""
        places, _, share = state.partition(SHARE_MARK)
        restored = self._work.restoreState(QByteArray(places), LAYOUT_VERSION)
        self._shared_out = self._shared_out or restored
        if restored and share.isdigit() and self._jobs_dock.x() != self._downloads_dock.x():
            # Qt restores pixels: in a window of another width, all the difference would be that of one panel.
            both = self._jobs_dock.width() + self._downloads_dock.width()
            jobs = min(round(both * int(share) / 1_000), both)
            docks = [self._jobs_dock, self._downloads_dock]
            self._work.resizeDocks(docks, [max(jobs, 1), max(both - jobs, 1)], Qt.Orientation.Horizontal)
        return restored

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._shared_out:
            # Only now the page has the height that there is to share.
            self._shared_out = True
            self._share_out()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._showing == "welcome" and self.welcome.is_visit() and not event.spontaneous():
            # Who went elsewhere and comes back wants the work.
            self.show_work()

    def reset_layout(self) -> None:
        """Put the panels side by side below the editor."""
        area = Qt.DockWidgetArea.BottomDockWidgetArea
        docks = [self._jobs_dock, self._downloads_dock]
        for dock in docks:
            self._work.addDockWidget(area, dock)
        self._work.splitDockWidget(docks[0], docks[1], Qt.Orientation.Horizontal)
        self._share_out()

    def _share_out(self) -> None:
        docks = [self._jobs_dock, self._downloads_dock]
        width, height = self.width(), self.height()
        jobs = width * JOBS_SHARE // 100
        self._work.resizeDocks(docks, [jobs, width - jobs], Qt.Orientation.Horizontal)
        self._work.resizeDocks(docks, [height * PANELS_SHARE // 100] * 2, Qt.Orientation.Vertical)

    def _share_change(self, before: int) -> None:
        """A window that grows or shrinks gives editor and panels their part of it: most queries stay short."""
        below = Qt.DockWidgetArea.BottomDockWidgetArea
        docks = [dock for dock in (self._jobs_dock, self._downloads_dock) if self._work.dockWidgetArea(dock) is below]
        if docks and self._shared_out and self.isVisible():
            heights = [round(dock.height() * self._work.height() / before) for dock in docks]
            self._work.resizeDocks(docks, heights, Qt.Orientation.Vertical)

    def resize_panels(self, step: int) -> None:
        """Make the panels taller by a twelfth of the page, or lower with a negative step."""
        docks = [self._jobs_dock, self._downloads_dock]
        height = self._jobs_dock.height() + step * (self.height() // LAYOUT_STEPS)
        self._work.resizeDocks(docks, [height] * 2, Qt.Orientation.Vertical)

    def share_panels(self, step: int) -> None:
        """Give jobs a twelfth of the page's width more and downloads less, or the other way with a negative step."""
        change = step * (self.width() // LAYOUT_STEPS)
        widths = [self._jobs_dock.width() + change, self._downloads_dock.width() - change]
        docks = [self._jobs_dock, self._downloads_dock]
        self._work.resizeDocks(docks, [max(width, 1) for width in widths], Qt.Orientation.Horizontal)

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
        row.setContentsMargins(16, 6, 16, 4)
        row.addWidget(label(title, role="heading"))
        row.addStretch()
        if isinstance(panel, RecordPanel):
            row.addWidget(panel.filter)
            panel.filter.place()
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
        if self._before == "welcome":
            self.show_welcome(visit=self.welcome.is_visit())
        else:
            self.show_work()
        self.paste_dismissed.emit()


class _Work(QMainWindow):
    """Holds editor and panels.

    Signals:
        height_changed: it is higher or lower than these pixels now; its parts have their place already.
    """

    height_changed = Signal(int)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        before = event.oldSize().height()
        if before > 0 and before != event.size().height():
            self.height_changed.emit(before)


def _panes(panel: QWidget) -> list[QWidget]:
    given = getattr(panel, "panes", None)
    return given() if callable(given) else [panel]


def centred(card: QWidget) -> QScrollArea:
    """Return a page that scrolls, with a card in its middle."""
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
