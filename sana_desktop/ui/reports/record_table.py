"""The table that jobs and downloads share: state cells, buttons on the row under the mouse, and what empty says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QKeyCombination,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QAction, QColor, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QMenu,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolButton,
    QWidget,
)

from sana_desktop.ui.icons import Icons
from sana_desktop.ui.models.downloads import FRACTION_ROLE
from sana_desktop.ui.models.jobs import ICON_ROLE, RECORD_ROLE, TONE_ROLE
from sana_desktop.ui.reports.actions import Act
from sana_desktop.ui.reports.state_words import Tone
from sana_desktop.ui.theme.theme import Theme

ROW_HEIGHT = 28
ICON_SIZE = 16
CELL_MARGIN = 10

_TONE_ROLES = {
    Tone.QUIET: "text_quiet",
    Tone.BUSY: "accent",
    Tone.GOOD: "good",
    Tone.WARN: "warn",
    Tone.BAD: "bad",
}


class RecordDelegate(QStyledItemDelegate):
    """Paints a state as icon plus word in its tone, and the part that has arrived as a thin line."""

    def __init__(self, theme: Theme, icons: Icons, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        tone = index.data(TONE_ROLE)
        if tone is not None:
            colour = self._theme.colour(_TONE_ROLES[tone])
            option.palette.setColor(QPalette.ColorRole.Text, colour)
            option.palette.setColor(QPalette.ColorRole.HighlightedText, colour)
        icon = index.data(ICON_ROLE)
        if icon is not None and tone is not None:
            option.icon = self._icons.icon(icon, _TONE_ROLES[tone])
            option.features |= QStyleOptionViewItem.ViewItemFeature.HasDecoration

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        fraction = index.data(FRACTION_ROLE)
        if fraction is None:
            return
        rect: QRect = option.rect
        track = QRect(rect.left() + CELL_MARGIN, rect.bottom() - 4, rect.width() - 2 * CELL_MARGIN, 2)
        painter.fillRect(track, self._theme.colour("line"))
        track.setWidth(round(track.width() * fraction))
        painter.fillRect(track, self._theme.colour("accent"))


class RowButtons(QWidget):
    """The quick acts of one row, as real buttons over its right end."""

    pressed = Signal(str)

    def __init__(self, icons: Icons, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._icons = icons
        self._theme = theme
        self._shown: list[str] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(8, 1, 6, 1)
        self._row.setSpacing(0)
        self._background = QColor()
        self.hide()

    def offer(self, acts: list[Act], background: QColor) -> None:
        """Show these acts over a row of this colour."""
        self._background = background
        names = [act.name for act in acts]
        if names == self._shown:
            return
        self._shown = names
        while self._row.count():
            item = self._row.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for act in acts:
            self._row.addWidget(self._button(act))
        self.adjustSize()

    def paintEvent(self, event: object) -> None:
        QPainter(self).fillRect(self.rect(), self._background)

    def _button(self, act: Act) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(f"rowAction-{act.name}")
        key = act.key.toString(act.key.SequenceFormat.NativeText)
        button.setToolTip(f"{act.words} ({key})" if key else act.words)
        button.setAccessibleName(act.words)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._icons.bind(button, act.icon)
        button.clicked.connect(lambda: self.pressed.emit(act.name))
        return button


class RecordTable(QTableView):
    """A table of records, with acts by mouse, menu and key.

    Args:
        acts: returns what can be done with a record now.

    Signals:
        requested: name of the act and id of the record.
        current_changed: the record of the current row, or None.
    """

    requested = Signal(str, str)
    current_changed = Signal(object)

    def __init__(
        self, theme: Theme, icons: Icons, acts: Callable[[Any], list[Act]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._acts = acts
        self._hovered = -1
        self._buttons = RowButtons(icons, theme, self.viewport())
        self._buttons.pressed.connect(self._pressed)
        self._delegate = RecordDelegate(theme, icons, self)
        self.setItemDelegate(self._delegate)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._menu_at)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        columns = self.horizontalHeader()
        columns.setHighlightSections(False)
        columns.setSectionsMovable(True)
        columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.verticalScrollBar().valueChanged.connect(self._place_buttons)
        theme.changed.connect(self._resize_rows)
        self._resize_rows()

    def setModel(self, model: QAbstractItemModel | None) -> None:
        super().setModel(model)
        if model is not None:
            model.dataChanged.connect(self._place_buttons)
            model.rowsInserted.connect(self._place_buttons)
            model.rowsRemoved.connect(self._place_buttons)
            self.selectionModel().currentRowChanged.connect(self._current_row_changed)

    def rows_in_sight(self) -> tuple[int, int]:
        """Return the first and last row that can be seen; (0, -1) when there are none."""
        height = self.viewport().height()
        first = self.rowAt(0)
        if first < 0:
            return 0, -1
        last = self.rowAt(height - 1)
        return first, last if last >= 0 else self.model().rowCount() - 1

    def record(self, row: int) -> Any:
        """Return the record of a row, None if there is no such row."""
        return self.model().index(row, 0).data(RECORD_ROLE)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        record = self.record(self.currentIndex().row())
        if record is not None:
            key = Qt.Key.Key_Return if event.key() == Qt.Key.Key_Enter else Qt.Key(event.key())
            modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            pressed = QKeySequence(QKeyCombination(modifiers, key))
            for act in self._acts(record):
                if act.key == pressed:
                    self.requested.emit(act.name, record.id)
                    return
            if key == Qt.Key.Key_Menu:
                self._menu_at(self.visualRect(self.currentIndex()).center())
                return
        super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hovered = self.rowAt(int(event.position().y()))
        self._place_buttons()
        super().mouseMoveEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        record = self.record(self.rowAt(int(event.position().y())))
        if record is not None and event.button() == Qt.MouseButton.LeftButton:
            for act in self._acts(record):
                if act.key == QKeySequence(Qt.Key.Key_Return):
                    self.requested.emit(act.name, record.id)
                    return
        super().mouseDoubleClickEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = -1
        self._place_buttons()
        super().leaveEvent(event)

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._place_buttons()

    def focusInEvent(self, event: object) -> None:
        super().focusInEvent(event)  # type: ignore[arg-type]
        if not self.currentIndex().isValid() and self.model().rowCount():
            self.setCurrentIndex(self.model().index(0, 0))
        self._place_buttons()

    def focusOutEvent(self, event: object) -> None:
        super().focusOutEvent(event)  # type: ignore[arg-type]
        self._place_buttons()

    def _resize_rows(self) -> None:
        height = max(ROW_HEIGHT, self.fontMetrics().height() + 10)
        self.verticalHeader().setMinimumSectionSize(height)
        self.verticalHeader().setDefaultSectionSize(height)

    def _current_row_changed(self, current: QModelIndex) -> None:
        self.current_changed.emit(current.siblingAtColumn(0).data(RECORD_ROLE) if current.isValid() else None)
        self._place_buttons()

    def _place_buttons(self) -> None:
        row = self._hovered
        if row < 0 and self.hasFocus():
            row = self.currentIndex().row()
        record = self.record(row) if row >= 0 else None
        if record is None:
            self._buttons.hide()
            return
        selected = self.selectionModel().isRowSelected(row)
        quick = [act for act in self._acts(record) if act.quick]
        self._buttons.offer(quick, self._theme.colour("selected" if selected else "surface"))
        top = self.rowViewportPosition(row)
        height = self.rowHeight(row) - 1
        width = self._buttons.sizeHint().width()
        self._buttons.setGeometry(self.viewport().width() - width, top, width, height)
        self._buttons.update()
        self._buttons.show()

    def _pressed(self, name: str) -> None:
        row = self.rowAt(self._buttons.geometry().center().y())
        record = self.record(row)
        if record is not None:
            self.setCurrentIndex(self.model().index(row, 0))
            self.requested.emit(name, record.id)

    def _menu_at(self, place: QPoint) -> None:
        row = self.rowAt(place.y())
        record = self.record(row)
        if record is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for act in self._acts(record):
            entry = QAction(self._icons.icon(act.icon), act.words, menu)
            entry.setObjectName(f"menuAction-{act.name}")
            entry.setShortcut(act.key)
            entry.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            entry.triggered.connect(lambda _=False, name=act.name: self.requested.emit(name, record.id))
            menu.addAction(entry)
        menu.popup(self.viewport().mapToGlobal(place))
