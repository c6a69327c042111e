"""Our own line icons (resources/icons), in the theme's colours, as large as its text asks for, in step with both."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRectF, QSize
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPixmap
from PySide6.QtWidgets import QLabel, QWidget
from shiboken6 import isValid

from sana_desktop.store.resources import read_text
from sana_desktop.ui.theme.theme import Theme

if TYPE_CHECKING:
    from PySide6.QtGui import QIcon

SIZES = (16, 24)
"""Logical pixels that icons on buttons are drawn at, beside text of the system's size."""


class Icons(QObject):
    """Draws icons by name and role, and redraws those it was told of when the theme changes."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._theme = theme
        self._drawn_in = theme.scheme, theme.scale
        self._icons: dict[tuple[str, str, str, str, tuple[int, ...]], QIcon] = {}
        self._pictures: dict[tuple[str, str, int, float], QPixmap] = {}
        self._bound: list[tuple[weakref.ref[QObject], Callable[[QObject], None]]] = []
        theme.changed.connect(self._retint)

    @property
    def theme(self) -> Theme:
        """Whose colours they have."""
        return self._theme

    def icon(self, name: str, role: str = "text_quiet", checked: str | None = None) -> QIcon:
        """Return the icon `name` in the colour of `role`; `checked` is the role for the checked state.

        Raises:
            FileNotFoundError: if there is no such icon.
        """
        return self._icon(name, role, checked or role, SIZES)

    def _icon(self, name: str, role: str, checked: str, sizes: tuple[int, ...]) -> QIcon:
        sizes = tuple(self._theme.pixels(size) for size in sizes)
        key = (self._theme.scheme, name, role, checked, sizes)
        cached = self._icons.get(key)
        if cached is None:
            cached = self._icons[key] = self._draw(name, role, checked, sizes)
        return cached

    def pixmap(self, name: str, role: str, size: int, ratio: float) -> QPixmap:
        """Return one picture of `size` logical pixels for a screen of `ratio` device pixels each."""
        key = name, self._theme.colours[role], size, ratio
        kept = self._pictures.get(key)
        if kept is None:
            kept = self._pictures[key] = self._picture(*key)
        return kept

    def bind(
        self,
        target: QObject,
        name: str,
        role: str = "text_quiet",
        checked: str | None = None,
        sizes: tuple[int, ...] = SIZES,
    ) -> None:
        """Give `target` (a button or an action) the icon, now and after every change of theme.

        Args:
            sizes: logical pixels beside text of the system's size; beside larger text it is larger.
        """
        self._bind(target, lambda widget: _set_icon(widget, self._icon(name, role, checked or role, sizes)))

    def bind_label(self, label: QLabel, name: str, role: str = "text_quiet", size: int = 16) -> None:
        """Show the icon in a label, now and after every change of theme; `size` as `sizes` of `bind`."""
        self._bind(label, lambda widget: self._set_picture(widget, name, role, size))

    def _bind(self, target: QObject, give: Callable[[QObject], None]) -> None:
        self._bound = [
            (ref, old)
            for ref, old in self._bound
            if (other := ref()) is not None and other is not target and isValid(other)
        ]
        self._bound.append((weakref.ref(target), give))
        give(target)

    def _retint(self) -> None:
        if self._drawn_in == (self._theme.scheme, self._theme.scale):
            return  # only what was chosen is another, not what is shown
        self._drawn_in = self._theme.scheme, self._theme.scale
        self._pictures.clear()
        unseen: list[tuple[weakref.ref[QObject], Callable[[QObject], None]]] = []
        for ref, give in self._bound:
            target = ref()
            # The Python half of a widget may outlive the C++ one.
            if target is not None and isValid(target):
                if isinstance(target, QWidget) and target.isVisible():
                    give(target)
                else:
                    unseen.append((ref, give))
        self._theme.later(self._retint_each(unseen))

    @staticmethod
    def _retint_each(bound: Sequence[tuple[weakref.ref[QObject], Callable[[QObject], None]]]) -> Iterator[None]:
        for ref, give in bound:
            target = ref()
            if target is not None and isValid(target):
                give(target)
                yield

    def _set_picture(self, label: QObject, name: str, role: str, size: int) -> None:
        if isinstance(label, QLabel):
            label.setPixmap(self.pixmap(name, role, self._theme.pixels(size), _sharpest()))

    def _draw(self, name: str, role: str, checked: str, sizes: tuple[int, ...]) -> QIcon:
        # Imported where it is needed: the window's frame has none.
        from PySide6.QtGui import QIcon

        icon = QIcon()
        looks = [
            (QIcon.Mode.Normal, QIcon.State.Off, role),
            (QIcon.Mode.Disabled, QIcon.State.Off, "text_disabled"),
        ]
        if checked != role:
            looks.append((QIcon.Mode.Normal, QIcon.State.On, checked))
        for mode, state, colour in looks:
            for size in sizes:
                picture = self._picture(name, self._theme.colours[colour], size, _sharpest())
                icon.addPixmap(picture, mode, state)
                if mode is QIcon.Mode.Normal:
                    # Qt would tint it in a selected row.
                    icon.addPixmap(picture, QIcon.Mode.Selected, state)
        return icon

    @staticmethod
    def _picture(name: str, colour: str, size: int, ratio: float) -> QPixmap:
        # Imported when the first icon is drawn, so that naming this module does not load QtSvg.
        from PySide6.QtSvg import QSvgRenderer

        picture = QPixmap(QSize(round(size * ratio), round(size * ratio)))
        picture.fill(QColor(0, 0, 0, 0))
        renderer = QSvgRenderer(_source(name).replace("currentColor", colour).encode())
        painter = QPainter(picture)
        renderer.render(painter, QRectF(0, 0, size * ratio, size * ratio))
        painter.end()
        picture.setDevicePixelRatio(ratio)
        return picture


@cache
def _source(name: str) -> str:
    return read_text(f"icons/{name}.svg")


def _sharpest() -> float:
    """Return the ratio of the sharpest screen, so that a window may move to it without blurring."""
    return max((screen.devicePixelRatio() for screen in QGuiApplication.screens()), default=1.0)


def _set_icon(target: QObject, icon: QIcon) -> None:
    setter: Callable[[QIcon], None] | None = getattr(target, "setIcon", None)
    if setter is not None:
        setter(icon)
