"""The table that jobs and downloads share: acts by mouse, menu and key, and selection over the whole width."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QEvent, QKeyCombination, QModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QFocusEvent, QKeyEvent, QKeySequence, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QMenu, QTableView, QWidget

from sana_desktop.ui.icons import Icons
from sana_desktop.ui.models.records import RECORD_ROLE
from sana_desktop.ui.reports.table.actions import Act, row_buttons
from sana_desktop.ui.reports.table.buttons import RowButtons
from sana_desktop.ui.reports.table.cells import RecordDelegate
from sana_desktop.ui.reports.table.columns import ColumnPlan
from sana_desktop.ui.reports.table.header import CELL_MARGIN, RecordHeader, icon_size
from sana_desktop.ui.reports.table.menu import RECORD_MENU, keep_true, record_menu
from sana_desktop.ui.reports.table.over_bar import OverBar
from sana_desktop.ui.reports.table.said import longest_said
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.widgets import after

ROW_HEIGHT = 28
ROW_PADDING = 12
"""Pixels above and below the text of a row together, at least; with a large text the row grows."""

FITTED_ROWS = 50
"""Of a long list, the newest rows decide how wide a column is."""
MANY_COLUMNS = 99
SETTLED_MS = 300
"""So long after the last change of a row, columns give back the room that they no longer need."""

_SAME_KEYS = {Qt.Key.Key_Enter: Qt.Key.Key_Return}
"""Keys that stand for another one on some keyboards."""


class RecordTable(QTableView):
    """A table of records, with acts by mouse, menu and key.

    Args:
        acts: returns what can be done with a record now.
        buttons: the act that usually stands in each place of a row.

    Signals:
        requested: name of the act and id of the record.
        refused: words of an act whose key was pressed, and id of the record that it can't be done with now.
        current_changed: the record of the current row, or None.
        find_wanted: the key for a search was pressed.
        left: Escape was pressed: the person is done with what stands beside the rows.
    """

    requested = Signal(str, str)
    refused = Signal(str, str)
    current_changed = Signal(object)
    find_wanted = Signal()
    left = Signal()

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        acts: Callable[[Any], list[Act]],
        buttons: Sequence[Act] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._acts = acts
        self._usual = buttons
        self._hovered = -1
        self._pointer: QPoint | None = None
        self._by_key = False
        self._settled = after(self, SETTLED_MS, self._fit_columns)
        self._bar = OverBar(self)
        self._columns = RecordHeader(theme, self)
        self.setHorizontalHeader(self._columns)
        self._buttons = RowButtons(icons, self.viewport())
        self._buttons.pressed.connect(self._pressed)
        self._buttons.menu_wanted.connect(self._open_menu_of_buttons)
        if buttons:
            self._columns.offer(len(buttons) + 1)
        self.setItemDelegate(RecordDelegate(theme, icons, self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(self.verticalHeader().ResizeMode.Fixed)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.horizontalScrollBar().valueChanged.connect(self._scrolled)
        theme.changed.connect(self._theme_changed)
        self._theme_changed()

    def setModel(self, model: QAbstractItemModel | None) -> None:
        super().setModel(model)
        if model is not None:
            model.dataChanged.connect(self._data_changed)
            model.rowsInserted.connect(self._rows_moved)
            model.rowsRemoved.connect(self._rows_moved)
            self.selectionModel().currentRowChanged.connect(self._current_row_changed)

    def set_plan(self, plan: Mapping[int, ColumnPlan]) -> None:
        """Set what the columns need; called once, after the model."""
        self._columns.set_plan(plan)
        self._fit_columns()

    def columns(self) -> RecordHeader:
        """Return the header, which rules the columns."""
        return self._columns

    def rows_in_sight(self) -> tuple[int, int]:
        """Return the first and last row that can be seen; (0, -1) when there are none."""
        first = self.rowAt(0)
        if first < 0 or not self.isVisible():
            return 0, -1
        last = self.rowAt(self.viewport().height() - 1)
        return first, last if last >= 0 else self.model().rowCount() - 1

    def record(self, row: int) -> Any:
        """Return the record of a row, None if there is no such row."""
        return self.model().index(row, 0).data(RECORD_ROLE)

    # -- what the cells ask

    def margins(self, column: int) -> tuple[int, int]:
        """Return the pixels left and right of the text of a column."""
        return self._columns.margins(column)

    def is_first(self, column: int) -> bool:
        """Return whether a column is the leftmost one."""
        return self._columns.sectionViewportPosition(column) == -self._columns.offset()

    def keeps_end(self, column: int) -> bool:
        """Return whether a text that is too long loses its middle rather than its end."""
        plan = self._columns.plan(column)
        return plan is not None and plan.keep_end

    def row_colour(self, row: int, selected: bool) -> QColor:
        """Return the colour behind a row. The selected one stands out only where the keyboard is: rows of two tables
        that have nothing to do with each other must not look like a pair.
        """
        if selected and self.hasFocus():
            return self._theme.colour("selected")
        return self._theme.colour("canvas" if selected or row == self._hovered else "surface")

    def act_at(self, place: QPoint) -> str:
        """Return what the button at a place of the screen does, "" if there is none."""
        return "" if self._buttons.isHidden() else self._buttons.tip_at(place)

    # -- keys and mouse

    def event(self, event: QEvent) -> bool:
        # With the focus in the table its keys are acts on the row, also where a menu of the window has the same one.
        key = event if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride else None
        if key is not None and (_is_find(key) or self._act_of(key)):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._by_key = True
        self._place_buttons()
        name = self._act_of(event)
        if name:
            if not event.isAutoRepeat():
                self.requested.emit(name, self.record(self.currentIndex().row()).id)
            return
        if (words := self._refused_by(event)) and not event.isAutoRepeat():
            self.refused.emit(words, self.record(self.currentIndex().row()).id)
            return
        shift_f10 = event.key() == Qt.Key.Key_F10 and event.modifiers() == Qt.KeyboardModifier.ShiftModifier
        if shift_f10 or event.key() == Qt.Key.Key_Menu:
            # Some platforms make a context menu event of these keys, others leave it to the window.
            self._open_menu_of_current()
            return
        if _is_find(event):
            self.find_wanted.emit()
            return
        if event.key() == Qt.Key.Key_Escape and not event.modifiers():
            self.left.emit()
            return
        super().keyPressEvent(event)

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        # The rows are a list: Qt would go to the first or last cell of the row, which nobody sees.
        if action is QAbstractItemView.CursorAction.MoveHome:
            return self.model().index(0, max(self.currentIndex().column(), 0))
        if action is QAbstractItemView.CursorAction.MoveEnd:
            return self.model().index(self.model().rowCount() - 1, max(self.currentIndex().column(), 0))
        return super().moveCursor(action, modifiers)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            self._open_menu_of_current()
        else:
            self._open_menu(self.rowAt(event.pos().y()), event.pos())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._by_key = False
        self._hover(self.rowAt(int(event.position().y())), event.globalPosition().toPoint())
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.rowAt(int(event.position().y())), event.globalPosition().toPoint())
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
        self._hover(-1)
        super().leaveEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.model().rowCount() and not self.selectionModel().hasSelection():
            # Qt makes a row the current one without selecting it, which nobody could see.
            self.selectRow(max(self.currentIndex().row(), 0))
        self._repaint_row(self.currentIndex().row())
        self._place_buttons()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._by_key = False
        self._repaint_row(self.currentIndex().row())
        self._place_buttons()

    # -- sizes

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._columns.arrange()
        self._bar.follow()
        self._place_buttons()

    def updateGeometries(self) -> None:
        super().updateGeometries()
        self._bar.follow()

    def _theme_changed(self) -> None:
        font = self._theme.tabular()
        self.setFont(font)
        height = max(ROW_HEIGHT, self.fontMetrics().height() + ROW_PADDING)
        self.verticalHeader().setMinimumSectionSize(height)
        self.verticalHeader().setDefaultSectionSize(height)
        self._columns.arrange()
        self._columns.viewport().update()
        self.viewport().update()
        self._place_buttons()

    # -- rows

    def _act_of(self, event: QKeyEvent) -> str:
        """Return the name of the act on the current row that a key stands for, empty if there is none."""
        record = self.record(self.currentIndex().row())
        if record is None:
            return ""
        return next((act.name for act in self._acts(record) if act.key == _pressed(event)), "")

    def _refused_by(self, event: QKeyEvent) -> str:
        """Return the words of an act that a key usually stands for and that the current row does not offer, else ""."""
        if self.record(self.currentIndex().row()) is None:
            return ""
        return next((act.words for act in self._usual if act.key == _pressed(event)), "")

    def _hover(self, row: int, pointer: QPoint | None = None) -> None:
        self._pointer = pointer
        if row != self._hovered:
            before, self._hovered = self._hovered, row
            self._repaint_row(before)
            self._repaint_row(row)
        self._place_buttons()

    def _scrolled(self) -> None:
        # The mouse stands still while the rows pass below it.
        place = self.viewport().mapFromGlobal(self.cursor().pos())
        if self._hovered >= 0:
            inside = self.viewport().rect().contains(place)
            self._hover(self.rowAt(place.y()) if inside else -1, self.cursor().pos() if inside else None)
        self._place_buttons()

    def _rows_moved(self, _parent: QModelIndex, first: int, last: int) -> None:
        if first < FITTED_ROWS:
            self._fit_columns(range(first, min(last + 1, FITTED_ROWS)))
            self._settled.start()
        self._hovered = -1
        self._place_buttons()

    def _data_changed(self, first: QModelIndex, last: QModelIndex) -> None:
        for menu in self.findChildren(QMenu, RECORD_MENU):
            record = self.record(self.currentIndex().row())
            keep_true(menu, record.id if record is not None else "", self._acts(record) if record is not None else [])
        if first.row() < FITTED_ROWS:
            self._fit_columns(range(first.row(), last.row() + 1), first.column(), last.column())
            if first.column() == 0:
                self._settled.start()
        if first.row() <= self._button_row() <= last.row():
            self._place_buttons()

    def _fit_columns(self, rows: range | None = None, first: int = 0, last: int = MANY_COLUMNS) -> None:
        """Let columns that fit have the room that their rows need; for `rows` that changed none is taken away, so that
        nothing moves to and fro while figures run and states follow each other.
        """
        model, metrics = self.model(), self.fontMetrics()
        every = rows if rows is not None else range(min(model.rowCount(), FITTED_ROWS))
        for column in self._columns.fitting():
            if first <= column <= last:
                said = longest_said(model, every, column, metrics, keeps_end=self.keeps_end(column))
                self._columns.fit(column, *said, only_grow=rows is not None)
        self._place_buttons()

    def _current_row_changed(self, current: QModelIndex, before: QModelIndex) -> None:
        self.current_changed.emit(current.siblingAtColumn(0).data(RECORD_ROLE) if current.isValid() else None)
        self._repaint_row(before.row())
        self._place_buttons()

    def _repaint_row(self, row: int) -> None:
        if row >= 0:
            top = self.rowViewportPosition(row)
            self.viewport().update(QRect(0, top, self.viewport().width(), self.rowHeight(row)))

    def _button_row(self) -> int:
        """Return the row under the mouse, or the current one of a person who works by keys.

        A row that merely is the current one keeps its words in sight: what comes next is read more than done.
        """
        if self._hovered >= 0:
            return self._hovered
        return self.currentIndex().row() if self._by_key and self.hasFocus() else -1

    def _place_buttons(self) -> None:
        row = self._button_row()
        record = self.record(row) if row >= 0 else None
        slots = self._columns.slots()
        if record is None or not slots:
            self._buttons.hide()
            return
        self._buttons.offer(row_buttons(self._acts(record), self._usual)[: slots - 1], icon_size(self._theme))
        width = slots * self._columns.button_width()
        top = self.rowViewportPosition(row)
        self._buttons.setGeometry(self._columns.acts_end() - width, top, width, self.rowHeight(row) - 1)
        self._buttons.show()
        self._buttons.point_at(self._pointer if self._hovered >= 0 else None)

    def _pressed(self, name: str) -> None:
        row = self._button_row()
        record = self.record(row)
        if record is not None:
            self.setCurrentIndex(self.model().index(row, 0))
            self.requested.emit(name, record.id)

    def _open_menu_of_buttons(self) -> None:
        """Open the menu below the button that stands for all of its acts."""
        row = self._button_row()
        below = QPoint(
            self._buttons.geometry().right() - self._columns.button_width(), self._buttons.geometry().bottom()
        )
        self._open_menu(row, below)

    def _open_menu_of_current(self) -> None:
        """Open the menu below the current row, wherever the platform thinks the keyboard is; once."""
        row = self.currentIndex().row()
        if row >= 0 and not any(menu.isVisible() for menu in self.findChildren(QMenu, RECORD_MENU)):
            self._open_menu(row, QPoint(CELL_MARGIN, self.rowViewportPosition(row) + self.rowHeight(row)))

    def _open_menu(self, row: int, place: QPoint) -> None:
        record = self.record(row)
        acts = [] if record is None else self._acts(record)
        if not acts:
            return
        self.setCurrentIndex(self.model().index(row, 0))
        menu = record_menu(self, self._icons, acts, record.id, self.requested.emit)
        menu.popup(self.viewport().mapToGlobal(place))


def _is_find(event: QKeyEvent) -> bool:
    return event.matches(QKeySequence.StandardKey.Find)


def _pressed(event: QKeyEvent) -> QKeySequence:
    key = Qt.Key(event.key())
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    return QKeySequence(QKeyCombination(modifiers, _SAME_KEYS.get(key, key)))
