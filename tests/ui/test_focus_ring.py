"""The current row of a list or table has a ring while it has the keyboard, and only then."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QListWidget, QTableWidget, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.ui.theme.theme import Theme


def a_list() -> QAbstractItemView:
    made = QListWidget()
    made.addItems(["one", "two"])
    return made


def a_table() -> QAbstractItemView:
    return QTableWidget(2, 2)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("make", [a_list, a_table])
def test_the_ring_is_where_the_keyboard_is(
    qtbot: QtBot, theme: Theme, make: Callable[[], QAbstractItemView], scheme: str
) -> None:
    theme.set_choice("dark" if scheme == "dark" else "light")
    window = QWidget()
    qtbot.addWidget(window)
    box, view, other = QVBoxLayout(window), make(), QLineEdit()
    box.addWidget(view)
    box.addWidget(other)
    with qtbot.waitActive(window):
        window.show()
    view.setCurrentIndex(view.model().index(1, 0))

    def ring() -> set[int]:
        """Return how many sides of the current cell are drawn in the colour of the focus."""
        cell = view.visualRect(view.currentIndex())
        image = view.viewport().grab().toImage()
        focus = theme.colour("focus").name()
        middle = cell.center()
        sides = {
            0: range(cell.left(), cell.left() + 3),
            1: range(cell.right() - 2, cell.right() + 1),
            2: range(cell.top(), cell.top() + 3),
            3: range(cell.bottom() - 2, cell.bottom() + 1),
        }
        places = {side: [(x, middle.y()) if side < 2 else (middle.x(), x) for x in at] for side, at in sides.items()}
        return {side for side, at in places.items() if any(image.pixelColor(*one).name() == focus for one in at)}

    view.setFocus()
    assert ring() == {0, 1, 2, 3}
    other.setFocus()
    assert ring() == set()
