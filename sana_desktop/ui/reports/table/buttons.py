"""The quick acts of one row of a record table, as real buttons in the place that is kept for them at its end."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QKeyCombination, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from sana_desktop.ui.icons import Icons
from sana_desktop.ui.reports.table.actions import Act
from sana_desktop.ui.reports.table.header import BUTTON_EDGES
from sana_desktop.ui.tr import tr


class RowButtons(QWidget):
    """One widget that moves from row to row; through it the colour of the row is seen.

    The last one opens the menu with all acts; from there leftwards each act has its place, the same in every row and
    however many have room.

    Signals:
        pressed: name of the act.
        menu_wanted: the menu with all acts.
    """

    pressed = Signal(str)
    menu_wanted = Signal()

    def __init__(self, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        self._icons = icons
        self._shown: list[Act] = []
        self._icon_pixels = 0
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 1, 0, 1)
        self._row.setSpacing(0)
        self.hide()

    def offer(self, acts: list[Act], icon_pixels: int) -> None:
        """Show these acts."""
        if (acts, icon_pixels) == (self._shown, self._icon_pixels):
            return
        self._shown, self._icon_pixels = list(acts), icon_pixels
        while (item := self._row.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                # The one being pressed is still at work: it goes when the event loop is reached.
                widget.hide()
                widget.deleteLater()
        for button in (*(self._act_button(act) for act in reversed(acts)), self._more_button()):
            self._row.addWidget(button)
            button.show()  # what comes into a widget that is shown already is hidden
        self._row.activate()

    def point_at(self, place: QPoint | None) -> None:
        """Shade the button at a place of the screen, and no other; None shades none.

        Qt tells a button that the mouse is over it when the mouse comes, not when the button does.
        """
        for button in self._buttons():
            under = place is not None and button.rect().contains(button.mapFromGlobal(place))
            if under != button.underMouse():
                button.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, under)
                button.update()

    def tip_at(self, place: QPoint) -> str:
        """Return what the button at a place of the screen does, "" if there is none."""
        found = (one for one in self._buttons() if one.isVisible() and one.rect().contains(one.mapFromGlobal(place)))
        return next((button.toolTip() for button in found), "")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QEnterEvent):
            self.point_at(event.globalPosition().toPoint())
        return False

    def _buttons(self) -> list[QToolButton]:
        items = (self._row.itemAt(position) for position in range(self._row.count()))
        widgets = (item.widget() for item in items if item is not None)
        return [widget for widget in widgets if isinstance(widget, QToolButton)]

    def _act_button(self, act: Act) -> QToolButton:
        button = self._button(f"rowAction-{act.name}", act.icon, act.words, act.key)
        button.setEnabled(act.enabled)
        button.clicked.connect(lambda: self.pressed.emit(act.name))
        return button

    def _more_button(self) -> QToolButton:
        key = QKeySequence(QKeyCombination(Qt.KeyboardModifier.ShiftModifier, Qt.Key.Key_F10))
        button = self._button("rowMore", "more", tr("records", "All that can be done with it"), key)
        button.clicked.connect(self.menu_wanted)
        return button

    def _button(self, name: str, icon: str, words: str, key: QKeySequence) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        written = key.toString(key.SequenceFormat.NativeText)
        button.setToolTip(f"{words} ({written})" if written else words)
        button.setAccessibleName(words)
        # The table keeps the focus; every act is in its menu and has the key that the tooltip tells.
        button.setFocusPolicy(button.focusPolicy().NoFocus)
        button.setIconSize(QSize(self._icon_pixels, self._icon_pixels))
        button.setFixedWidth(self._icon_pixels + BUTTON_EDGES)
        self._icons.bind(button, icon)
        button.installEventFilter(self)
        return button
