"""The small makers of widgets: Enter presses buttons everywhere, and text takes the room it needs, no less, no more."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.ui.icons import Icons
from sana_desktop.ui.reports.page import ReportsPage
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.widgets import ElidedLabel, column, icon_button, label, text_button
from tests.support.shots import settle
from tests.ui.scenes import SCENES, card
from tests.ui.test_every_scene import finish

LONG = "A sentence that is long enough to be wrapped a few times in a narrow place, and once in a wide one. " * 3


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_a_focused_button_is_pressed_by_enter_and_space(qtbot: QtBot, icons: Icons, key: Qt.Key) -> None:
    root = QWidget()
    qtbot.addWidget(root)
    box = column(root)
    buttons = [text_button("Go", "go"), icon_button(icons, "copy", "Copy", "copy")]
    for button in buttons:
        box.addWidget(button)
    root.show()
    for button in buttons:
        pressed = QSignalSpy(button.clicked)
        button.setFocus()
        qtbot.keyClick(button, key)
        assert pressed.count() == 1
        button.setEnabled(False)
        qtbot.keyClick(button, key)
        assert pressed.count() == 1


def test_enter_accepts_the_card_of_a_paste(qtbot: QtBot, qapp: QApplication, theme: Theme, icons: Icons) -> None:
    window = card(theme, icons)
    qtbot.addWidget(window, before_close_func=finish)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    page = window.findChild(ReportsPage)
    assert isinstance(page, ReportsPage)
    accepted = QSignalSpy(page.paste_accepted)
    focused = QApplication.focusWidget()
    assert focused is page.card.accept
    qtbot.keyClick(focused, Qt.Key.Key_Return)
    assert accepted.count() == 1


def test_wrapped_text_is_never_cut_and_never_blank(qtbot: QtBot, qapp: QApplication, theme: Theme) -> None:
    area = QScrollArea()
    qtbot.addWidget(area)
    area.setWidgetResizable(True)
    inside = QWidget()
    box = column(inside)
    words = [label(LONG, wrap=True) for _ in range(6)]
    for one in words:
        box.addWidget(one)
    area.setWidget(inside)
    area.show()
    for width in (800, 300, 1_000):
        area.resize(width, 200)
        settle(qapp)
        assert all(one.height() >= one.heightForWidth(one.width()) for one in words)
        assert blank_below(area) == 0


def blank_below(area: QScrollArea) -> int:
    """Return the pixels of nothing that a person can scroll into, below the last of the content."""
    inner = area.widget()
    assert inner is not None
    if not area.verticalScrollBar().maximum():
        return 0
    kinds = (QLabel, QAbstractButton, QLineEdit)
    seen = [child for child in inner.findChildren(QWidget) if isinstance(child, kinds) and child.isVisible()]
    lowest = max(child.mapTo(inner, child.rect().bottomLeft()).y() for child in seen) + 1
    below = max(inner.height() - lowest, 0)
    return below if below > 64 else 0


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("name", ["connections", "connection-form", "settings", "card"])
def test_no_page_scrolls_into_blank(
    qtbot: QtBot, qapp: QApplication, theme: Theme, icons: Icons, name: str, scale: float
) -> None:
    theme.set_scale(scale)
    scene = SCENES[name][0](theme, icons)
    qtbot.addWidget(scene, before_close_func=finish)
    scene.resize(900, 600)
    scene.show()
    settle(qapp)
    areas = [area for area in scene.findChildren(QScrollArea) if area.isVisible()]
    assert areas
    for area in areas:
        assert blank_below(area) == 0, area.objectName()


def test_a_line_without_room_is_cut_with_dots_and_told_whole(qtbot: QtBot, qapp: QApplication, theme: Theme) -> None:
    line = ElidedLabel("line")
    qtbot.addWidget(line)
    line.show_text(LONG)
    line.resize(200, 24)
    line.show()
    settle(qapp)
    assert line.text().endswith("…")
    assert LONG.strip()[:60] in line.toolTip()
    assert line.accessibleName() == line.whole == LONG
    short = line.text()
    theme.set_scale(2.0)
    settle(qapp)
    assert len(line.text()) < len(short)
    line.show_text("Fits", "More is to be said of it.")
    line.resize(400, 40)
    assert line.text() == "Fits"
    assert "More is to be said" in line.toolTip()
