"""What a change of theme or text size costs the widgets that are there, and what it leaves alone."""

from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtCore import QEvent, QObject
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
def test_a_change_dresses_no_widget_more_than_twice(theme: Theme, qtbot: QtBot, change: str) -> None:
    window, words = nested(qtbot)
    height, colour = words.sizeHint().height(), words.palette().windowText().color()
    dressings = Dressings()
    for widget in (window, *window.findChildren(QWidget)):
        widget.installEventFilter(dressings)
    theme.set_choice("dark") if change == "scheme" else theme.set_scale(1.5)
    assert dressings.seen.total() > DEPTH
    assert max(dressings.seen.values()) <= 2
    # It is dressed as it should be, all the same.
    assert (words.palette().windowText().color() != colour) is (change == "scheme")
    assert (words.sizeHint().height() > height) is (change == "size")


def test_the_application_has_a_sheet_after_each_change(theme: Theme, qapp: QApplication) -> None:
    light = qapp.styleSheet()
    theme.set_choice("dark")
    assert theme.colours["text"] in qapp.styleSheet() != light
    theme.set_choice("light")
    assert qapp.styleSheet() == light


def test_icons_are_drawn_anew_for_other_colours_only(theme: Theme, qtbot: QtBot) -> None:
    icons = Icons(theme)
    button = icon_button(icons, "copy", "Copy", "copyButton")
    qtbot.addWidget(button)
    first = button.icon().cacheKey()
    theme.set_scale(1.5)
    assert button.icon().cacheKey() == first
    theme.set_choice("dark")
    assert button.icon().cacheKey() != first
