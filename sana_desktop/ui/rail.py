"""The slim rail at the left: one button a place, made from a list, so that a place is added in one line."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from sana_desktop.ui.icons import Icons
from sana_desktop.ui.qt_numbers import CLICK_FOCUS, STRONG_FOCUS, TEXT_UNDER_ICON
from sana_desktop.ui.tr import tr

ICON_SIZE = 24
"""Logical pixels, beside text of the system's size."""
MARK_SIZE = 14


class Place(NamedTuple):
    """One of the places of the window.

    Attributes:
        key: stable short name, such as "reports".
        object_name: the rail button's, from BEHAVIOUR.md.
        icon: its icon's name.
        words: what stands under the icon.
        page: the widget shown, or what makes it when the person first goes there.
        at_end: at the foot of the rail, apart from the daily places.
    """

    key: str
    object_name: str
    icon: str
    words: str
    page: QWidget | Callable[[], QWidget]
    at_end: bool = False


class Rail(QFrame):
    """The buttons. Up and Down move and choose, as in a list; Tab goes past the rail in one step.

    Signals:
        chosen(str): the key of the place the person went to.
    """

    chosen = Signal(str)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "rail")
        self.setObjectName("rail")
        self.setAccessibleName(tr("Rail", "Places"))
        self._icons = icons
        self._buttons: dict[str, _RailButton] = {}
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 12, 0, 12)
        self._box.setSpacing(4)
        self._box.addStretch()
        self._daily = 0
        icons.theme.changed.connect(self._size_icons)

    def add(self, place: Place) -> None:
        """Add a button for `place`."""
        button = _RailButton()
        button.size_icon(self._icons.theme.pixels(ICON_SIZE))
        button.setObjectName(place.object_name)
        button.setAccessibleName(place.words)
        button.setText(place.words)
        self._icons.bind(button, place.icon, "text_quiet", "accent", sizes=(ICON_SIZE,))
        button.setProperty("kind", "rail")
        button.clicked.connect(lambda: self.chosen.emit(place.key))
        button.moved.connect(lambda step: self._move(place.key, step))
        self._group.addButton(button)
        self._buttons[place.key] = button
        if place.at_end:
            self._box.addWidget(button)
        else:
            self._box.insertWidget(self._daily, button)
            self._daily += 1

    def _size_icons(self) -> None:
        for button in self._buttons.values():
            button.size_icon(self._icons.theme.pixels(ICON_SIZE))

    def show_place(self, key: str) -> None:
        """Mark `key` as where we are; only its button is in the Tab order."""
        focused = any(button.hasFocus() for button in self._buttons.values())
        for name, button in self._buttons.items():
            button.setProperty("focusPolicy", STRONG_FOCUS if name == key else CLICK_FOCUS)
        self._buttons[key].setChecked(True)
        if focused:
            # A frame that stays on another button would make two look chosen.
            self._buttons[key].setFocus()

    def mark(self, key: str, words: str) -> None:
        """Mark a place with what is to be known of it wherever in the window one is; "" takes the mark away."""
        button = self._buttons[key]
        button.mark(self._icons if words else None)
        button.setToolTip(words)
        button.setAccessibleDescription(words)

    def current_button(self) -> QToolButton | None:
        """Return the button of the place we are at."""
        return next((button for button in self._buttons.values() if button.isChecked()), None)

    def _move(self, key: str, step: int) -> None:
        from PySide6.QtCore import Qt  # here, see ui.qt_numbers

        in_sight = sorted(self._buttons, key=lambda name: self._buttons[name].y())
        to = in_sight[(in_sight.index(key) + step) % len(in_sight)]
        self._buttons[to].setFocus(Qt.FocusReason.OtherFocusReason)
        self.chosen.emit(to)


class _RailButton(QToolButton):
    moved = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setCheckable(True)
        self.setProperty("toolButtonStyle", TEXT_UNDER_ICON)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._marks: Icons | None = None

    def size_icon(self, size: int) -> None:
        """Draw the icon with so many logical pixels."""
        self.setIconSize(QSize(size, size))

    def mark(self, icons: Icons | None) -> None:
        """Draw a warning beside the icon, or no more."""
        self._marks = icons
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._marks is not None:
            size = self._marks.theme.pixels(MARK_SIZE)
            picture = self._marks.pixmap("warning", "warn", size, self.devicePixelRatioF())
            QPainter(self).drawPixmap(self.width() // 2 + self.iconSize().width() // 2, 4, picture)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        from PySide6.QtCore import Qt  # here, see ui.qt_numbers

        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.moved.emit(step)
