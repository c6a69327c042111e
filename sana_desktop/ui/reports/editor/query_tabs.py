"""The tabs of the editor: named after their query, renamed in place, closed and opened again, moved by hand."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QTabBar, QToolButton, QWidget

from sana_desktop.base.text import one_line
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import icon_button

MAX_TITLE_LENGTH = 60
SHORT_TITLE = 10
"""Characters of a name that is shown whole, however many tabs there are; a longer one gives way down to so many."""
RENAME_WIDTH = 240
TAB_PADDING = 32
"""Pixels beside the name and the cross of a tab."""


class QueryTabs(QWidget):
    """The bar of tabs with its plus.

    Signals:
        chosen(str): id of the tab that is now the current one.
        close_wanted(str): id of a tab whose cross was pressed.
        new_wanted: the plus.
        renamed(str, str): id and new title; "" means named after the query again.
        moved: the order changed.
        rename_ended: the name was typed, or left as it was, by key: the keyboard is free.
    """

    chosen = Signal(str)
    close_wanted = Signal(str)
    new_wanted = Signal()
    renamed = Signal(str, str)
    moved = Signal()
    rename_ended = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self.bar = _Bar()
        self.bar.setObjectName("queryTabs")
        self.bar.setAccessibleName(tr("Editor", "Queries"))
        self._rename = _RenameField(self)
        plus = icon_button(icons, "plus", tr("Editor", "New query (Ctrl+N)"), "newQueryButton")
        plus.clicked.connect(self.new_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 4, 8, 0)
        row.setSpacing(4)
        row.addWidget(self.bar)
        row.addWidget(plus)
        row.addStretch(1)
        self.bar.currentChanged.connect(self._current_changed)
        self.bar.tabMoved.connect(lambda: self.moved.emit())
        self.bar.tabBarDoubleClicked.connect(self.rename)
        self.bar.middle_clicked.connect(lambda index: self.close_wanted.emit(self.id_at(index)))
        self._rename.finished.connect(self._renamed)
        self._rename.ended.connect(self.rename_ended)

    def add(self, key: str, title: str) -> None:
        """Add a tab at the end, without making it the current one unless it is the first."""
        index = self.bar.addTab(title)
        self.bar.setTabData(index, key)
        cross = _cross(self._icons)
        cross.clicked.connect(lambda: self.close_wanted.emit(key))
        self.bar.setTabButton(index, QTabBar.ButtonPosition.RightSide, cross)
        self.set_title(key, title)
        if index == 0:
            self.chosen.emit(key)

    def remove(self, key: str) -> None:
        """Take a tab away; its neighbour becomes the current one."""
        index = self.index_of(key)
        if index >= 0:
            self.bar.removeTab(index)

    def set_title(self, key: str, title: str) -> None:
        """Name a tab; its cross is named after it."""
        index = self.index_of(key)
        shown = one_line(title, MAX_TITLE_LENGTH)
        if self.bar.tabToolTip(index) == shown:
            return  # at most keys nothing is new, and to lay out the bar takes longer than the key
        self.bar.setTabText(index, shown.replace("&", "&&"))
        self.bar.setTabToolTip(index, shown)
        cross = self.bar.tabButton(index, QTabBar.ButtonPosition.RightSide)
        if cross is not None:
            cross.setAccessibleName(tr("Editor", "Close {title}", title=shown))

    def title_of(self, key: str) -> str:
        """Return what the tab says."""
        return self.bar.tabText(self.index_of(key)).replace("&&", "&")

    def select(self, key: str) -> None:
        """Make a tab the current one."""
        self.bar.setCurrentIndex(self.index_of(key))

    def ids(self) -> list[str]:
        """Return the ids in their order."""
        return [self.id_at(index) for index in range(self.bar.count())]

    def id_at(self, index: int) -> str:
        """Return the id of the tab at `index`, "" if there is none."""
        data = self.bar.tabData(index) if 0 <= index < self.bar.count() else None
        return str(data) if data is not None else ""

    def index_of(self, key: str) -> int:
        """Return the place of a tab, -1 if there is none."""
        return next((index for index in range(self.bar.count()) if self.id_at(index) == key), -1)

    def rename(self, index: int = -1) -> None:
        """Let the person type a new name over the tab at `index` (-1: the current one)."""
        index = self.bar.currentIndex() if index < 0 else index
        if self.bar.count():
            place = self.bar.tabRect(index).translated(self.bar.mapTo(self, QPoint(0, 0)))
            self._rename.begin(index, self.title_of(self.id_at(index)), place)

    def step(self, by: int) -> None:
        """Go to the next tab, or with -1 to the one before, round and round."""
        if self.bar.count():
            self.bar.setCurrentIndex((self.bar.currentIndex() + by) % self.bar.count())

    def _current_changed(self, index: int) -> None:
        key = self.id_at(index)
        if key:
            self.chosen.emit(key)

    def _renamed(self, index: int, title: str) -> None:
        key = self.id_at(index)
        if key:
            self.renamed.emit(key, title.strip()[:MAX_TITLE_LENGTH])


class _Bar(QTabBar):
    middle_clicked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setMovable(True)
        self.setExpanding(False)
        self.setDrawBase(False)
        self.setElideMode(Qt.TextElideMode.ElideRight)
        self.setUsesScrollButtons(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Qt forgets to ask for the room of tabs that came while nobody saw them.
        self.updateGeometry()

    def minimumTabSizeHint(self, index: int) -> QSize:
        # Qt would let every name shrink to its first letter; a short one needs no more room than that takes anyway.
        whole = self.tabSizeHint(index)
        cross = self.tabButton(index, QTabBar.ButtonPosition.RightSide)
        beside = TAB_PADDING + (cross.width() if cross is not None else 0)
        least = self.fontMetrics().horizontalAdvance("n" * SHORT_TITLE) + beside
        return QSize(min(whole.width(), least), whole.height())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.MiddleButton:
            index = self.tabAt(event.position().toPoint())
            if index >= 0:
                self.middle_clicked.emit(index)
        super().mouseReleaseEvent(event)


class _RenameField(QLineEdit):
    """Lies over the tab while its name is typed; Enter takes it, Esc leaves it as it was."""

    finished = Signal(int, str)
    ended = Signal()

    def __init__(self, tabs: QWidget) -> None:
        super().__init__(tabs)
        self._tabs = tabs
        self.setObjectName("renameField")
        self.setAccessibleName(tr("Editor", "Name of the query"))
        self.setMaxLength(MAX_TITLE_LENGTH)
        self._index = -1
        self.editingFinished.connect(self._take)
        self.hide()

    def begin(self, index: int, title: str, tab: QRect) -> None:
        """Show the field over the tab at `index`, which is at `tab`, with room for a name."""
        self._index = index
        self.setText(title)
        room = self._tabs.width()
        width = min(max(tab.width(), self.fontMetrics().averageCharWidth() * MAX_TITLE_LENGTH // 2, RENAME_WIDTH), room)
        self.setGeometry(max(min(tab.x(), room - width), 0), tab.y() + 1, width, tab.height() - 2)
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._index = -1
            self.hide()
            self.ended.emit()
        else:
            super().keyPressEvent(event)

    def _take(self) -> None:
        index, self._index = self._index, -1
        by_key = self.hasFocus()
        self.hide()
        if index >= 0:
            self.finished.emit(index, self.text())
            if by_key:
                self.ended.emit()


def _cross(icons: Icons) -> QToolButton:
    button = icon_button(icons, "close", tr("Editor", "Close (Ctrl+W)"), "closeTabButton")
    button.setIconSize(QSize(12, 12))
    # Ctrl+W closes by keyboard; a stop at every cross would only be in the way.
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return button
