"""The field of the technical layer: one ground all over."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sana_desktop.ui.practice.parts.mono_field import MonoField
from sana_desktop.ui.theme.theme import Theme
from tests.support.shots import settle


@pytest.mark.parametrize("choice", ["light", "dark"])
def test_where_two_scroll_bars_meet_is_the_field_s_ground(
    qtbot: QtBot, theme: Theme, qapp: QApplication, choice: str
) -> None:
    theme.set_choice(choice)  # type: ignore[arg-type]
    field = MonoField(theme, "field", "What was sent", 120)
    qtbot.addWidget(field)
    field.resize(160, 120)
    field.setPlainText("a long line of it " * 20 + "\n" * 30)
    field.show()
    settle(qapp)
    upright, level = field.verticalScrollBar(), field.horizontalScrollBar()
    assert upright.isVisible()
    assert level.isVisible()
    corner = field.grab().toImage()
    right, bottom = corner.width() - 3, corner.height() - 3  # within the frame
    seen = {
        corner.pixelColor(x, y).name()
        for x in range(right - upright.width(), right)
        for y in range(bottom - level.height(), bottom)
    }
    assert seen == {theme.colour("surface").name()}
