"""What a change of theme or text size costs the widgets that are there, and what it leaves alone."""

from __future__ import annotations

import weakref
from collections import Counter

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.ui.icons import Icons
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.widgets import column, icon_button, label

DEPTH = 12


class Dressings(QObject):
    """Counts how often each widget is dressed."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: Counter[int] = Counter()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.StyleChange:
            self.seen[id(watched)] += 1
        return False


class Captioned(QWidget):
    """Has a font of its own, as a picture or a table has."""

    def __init__(self, theme: Theme, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._theme = theme
        theme.changed.connect(self._measure)
        self._measure()

    def _measure(self) -> None:
        self.setFont(self._theme.tabular("caption"))


def colour_of(widget: QWidget) -> QColor:
    return widget.palette().windowText().color()


def nested(qtbot: QtBot) -> tuple[QWidget, QLabel]:
    """Return a window with a label deep inside, as deep as those of the Practice place."""
    window = QWidget()
    qtbot.addWidget(window)
    inner = window
    for _ in range(DEPTH):
        box = QFrame()
        column(inner).addWidget(box)
        inner = box
    words = label("Words", role="title")
    column(inner).addWidget(words)
    window.show()
    return window, words


@pytest.mark.parametrize("change", ["scheme", "size"])
def test_a_change_dresses_each_widget_once(theme: Theme, qtbot: QtBot, change: str) -> None:
    window, words = nested(qtbot)
    height, colour = words.sizeHint().height(), words.palette().windowText().color()
    dressings = Dressings()
    for widget in (window, *window.findChildren(QWidget)):
        widget.installEventFilter(dressings)
    theme.set_choice("dark") if change == "scheme" else theme.set_scale(1.5)
    assert dressings.seen.total() > DEPTH
    theme.settle()
    assert max(dressings.seen.values()) == 1
    # It is dressed as it should be, all the same.
    assert (words.palette().windowText().color() != colour) is (change == "scheme")
    assert (words.sizeHint().height() > height) is (change == "size")


def test_the_application_has_a_sheet_after_each_change(theme: Theme, qapp: QApplication) -> None:
    light = qapp.styleSheet()
    theme.set_choice("dark")
    assert theme.colours["text"] in qapp.styleSheet() != light
    theme.set_choice("light")
    assert qapp.styleSheet() == light


def test_icons_are_drawn_anew_for_other_colours_and_another_size_only(theme: Theme, qtbot: QtBot) -> None:
    icons = Icons(theme)
    button = icon_button(icons, "copy", "Copy", "copyButton")
    qtbot.addWidget(button)
    button.show()
    first = button.icon().cacheKey()
    theme.set_scale(1.5)
    assert button.icon().cacheKey() != first
    theme.set_scale(1.0)
    assert button.icon().cacheKey() == first
    theme.set_choice("dark")
    dark = button.icon().cacheKey()
    assert dark != first
    button.hide()
    theme.set_choice("light")
    assert button.icon().cacheKey() == dark, "what is not in sight has its turn"
    theme.settle()
    assert button.icon().cacheKey() == first, "what was drawn before is not drawn again"


def test_what_is_not_in_sight_keeps_the_font_that_the_change_gave_it(theme: Theme, qtbot: QtBot) -> None:
    _window, words = nested(qtbot)
    picture = Captioned(theme, words.parentWidget())
    picture.show()
    page = words.parentWidget()
    assert page is not None
    page.hide()
    theme.set_scale(1.5)
    theme.settle()
    assert picture.font().pointSizeF() == pytest.approx(theme.points("caption"))
    page.show()
    theme.set_scale(2.0)
    theme.settle()
    assert picture.font().pointSizeF() == pytest.approx(theme.points("caption"))


def test_what_is_not_in_sight_is_dressed_in_turns_of_its_own(theme: Theme, qtbot: QtBot) -> None:
    window, words = nested(qtbot)
    page = words.parentWidget()
    assert page is not None
    page.hide()
    was = colour_of(words)
    theme.set_choice("dark")
    assert colour_of(words) == was
    assert colour_of(window) != was
    qtbot.waitUntil(lambda: colour_of(words) == theme.colour("text"))


@pytest.mark.parametrize("change", ["scheme", "size"])
def test_what_comes_into_sight_before_its_turn_is_dressed_then(theme: Theme, qtbot: QtBot, change: str) -> None:
    _, words = nested(qtbot)
    page = words.parentWidget()
    assert page is not None
    page.hide()
    words.hide()
    theme.set_choice("dark") if change == "scheme" else theme.set_scale(1.5)
    page.show()
    assert colour_of(page) == theme.colour("text")
    words.show()
    assert colour_of(words) == theme.colour("text")
    assert words.font().pointSizeF() == pytest.approx(theme.points("title"), abs=0.01)


def test_a_second_change_before_all_had_their_turn_counts(theme: Theme, qtbot: QtBot) -> None:
    _, words = nested(qtbot)
    words.hide()
    theme.set_choice("dark")
    theme.set_choice("light")
    theme.set_scale(1.5)
    theme.settle()
    assert colour_of(words) == theme.colour("text")
    assert words.font().pointSizeF() == pytest.approx(theme.points("title"), abs=0.01)


def test_a_window_that_waits_for_its_turn_can_go(theme: Theme, qtbot: QtBot) -> None:
    closed = QWidget()
    column(closed).addWidget(QLabel("Words"))
    closed.show()
    closed.hide()
    theme.set_choice("dark")
    gone = weakref.ref(closed)
    del closed
    assert gone() is None
    theme.settle()
