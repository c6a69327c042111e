"""Small marks: the dot of a site has the theme's colour and one place, and a choice with the focus has a ring alone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit, QRadioButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.ui.icons import Icons
from sana_desktop.ui.reports.editor.order_bar import ConnectionChoice, OrderBar
from sana_desktop.ui.theme.theme import Choice, Theme
from tests.support.shots import settle

CHOICES = [ConnectionChoice("a", "Acme", "teal", "live"), ConnectionChoice("b", "Acme lab", "teal", "test")]


def columns_of(image: QImage, colour: str, top: int, bottom: int) -> list[int]:
    """Return from the left the columns of an image that hold a colour."""
    return [
        x for x in range(image.width()) if any(image.pixelColor(x, y).name() == colour for y in range(top, bottom + 1))
    ]


@pytest.mark.parametrize("choice", ["light", "dark"])
def test_the_dot_of_a_site_keeps_its_place_and_colour_in_the_row_that_is_chosen(
    qtbot: QtBot, qapp: QApplication, theme: Theme, icons: Icons, choice: Choice
) -> None:
    theme.set_choice(choice)
    bar = OrderBar(icons)
    qtbot.addWidget(bar)
    bar.show_connections(CHOICES, "b")
    bar.show()
    bar.connection.showPopup()
    settle(qapp)
    view = bar.connection.view()
    image = view.viewport().grab().toImage()
    places = []
    for row in (0, 1):
        cell = view.visualRect(view.model().index(row, 0))
        places.append(columns_of(image, theme.colour("teal").name(), cell.top(), cell.bottom()))
    bar.connection.hidePopup()
    assert places[0] == places[1] != []


def test_the_dot_of_the_chosen_site_follows_the_theme(
    qtbot: QtBot, qapp: QApplication, theme: Theme, icons: Icons
) -> None:
    bar = OrderBar(icons)
    qtbot.addWidget(bar)
    bar.show_connections(CHOICES, "a")
    bar.show()
    for choice in ("light", "dark", "light"):
        theme.set_choice("dark" if choice == "dark" else "light")
        settle(qapp)
        image = bar.connection.grab().toImage()
        assert columns_of(image, theme.colour("teal").name(), 0, image.height() - 1), choice


@pytest.mark.parametrize("choice", ["light", "dark"])
@pytest.mark.parametrize("kind", [QRadioButton, QCheckBox])
def test_a_choice_that_was_reached_by_keys_has_a_ring_and_no_box(
    qtbot: QtBot, qapp: QApplication, theme: Theme, choice: Choice, kind: type[QRadioButton | QCheckBox]
) -> None:
    theme.set_choice(choice)
    page = QWidget()
    page.setProperty("kind", "page")
    page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    qtbot.addWidget(page)
    before, button = QLineEdit(), kind("A way")
    box = QVBoxLayout(page)
    box.addWidget(before)
    box.addWidget(button)
    page.resize(300, 120)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    before.setFocus()
    # Only where the focus went by a key does Qt's own style draw something, too.
    qtbot.keyClick(before, Qt.Key.Key_Tab)
    assert button.hasFocus()
    settle(qapp)
    image, place = page.grab().toImage(), button.geometry()
    column = [image.pixelColor(place.right() - 40, y).name() for y in range(place.top(), place.bottom() + 1)]
    inside, focus = theme.colour("canvas").name(), theme.colour("focus").name()
    assert column[:2] == column[-2:] == [focus] * 2, "the ring of all that has a word beside it"
    assert set(column[3:-3]) == {inside}
