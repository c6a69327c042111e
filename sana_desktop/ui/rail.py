"""The slim rail at the left: one button a place, made from a list, so that a place is added in one line."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QButtonGroup, QFrame, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from sana_desktop.ui.icons import Icons
from sana_desktop.ui.qt_numbers import CLICK_FOCUS, STRONG_FOCUS
from sana_desktop.ui.theme.theme import RAIL_ICON
from sana_desktop.ui.tr import tr

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QPaintEvent

ICON_TOP = 11
"""Pixels from a button's upper edge to its icon; the style sheet keeps the room for it above the words."""
MARK_SIZE = 14
"""Logical pixels, beside text of the system's size."""


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

    def add(self, place: Place) -> None:
        """Add a button for `place`."""
        button = _RailButton(self._icons, place.icon)
        button.setObjectName(place.object_name)
        button.setAccessibleName(place.words)
        button.setText(place.words)
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
        button.mark(shown=bool(words))
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

    # It paints its icon itself: to name QIcon takes 2 ms, and the rail is among what is painted first.

    def __init__(self, icons: Icons, icon: str) -> None:
        super().__init__()
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._icons = icons
        self._icon = icon
        self._marked = False

    def mark(self, *, shown: bool) -> None:
        """Draw a warning beside the icon, or no more."""
        self._marked = shown
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        ratio, painter = self.devicePixelRatioF(), QPainter(self)
        size = self._icons.theme.pixels(RAIL_ICON)
        role = "accent" if self.isChecked() else "text_quiet"
        picture = self._icons.pixmap(self._icon, role if self.isEnabled() else "text_disabled", size, ratio)
        painter.drawPixmap((self.width() - size) // 2, ICON_TOP, picture)
        if self._marked:
            mark = self._icons.theme.pixels(MARK_SIZE)
            picture = self._icons.pixmap("warning", "warn", mark, ratio)
            painter.drawPixmap((self.width() + size) // 2, 4, picture)
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        from PySide6.QtCore import Qt  # here, see ui.qt_numbers

        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.moved.emit(step)
