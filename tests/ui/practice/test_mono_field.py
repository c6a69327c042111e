"""The field of the technical layer: one ground all over."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget
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


def test_the_wheel_turns_it_only_for_whoever_went_into_it(qtbot: QtBot, theme: Theme, qapp: QApplication) -> None:
    both = QWidget()
    qtbot.addWidget(both)
    box = QVBoxLayout(both)
    field, button = MonoField(theme, "field", "What was sent", 120), QPushButton("beside")
    box.addWidget(field)
    box.addWidget(button)
    field.setPlainText("line\n" * 60)
    both.show()
    both.activateWindow()

    def turned() -> tuple[bool, int]:
        still, none = QPointF(20, 20), QPoint()
        buttons, keys = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
        phase = Qt.ScrollPhase.NoScrollPhase
        event = QWheelEvent(still, still, none, QPoint(0, -120), buttons, keys, phase, False)
        QApplication.sendEvent(field.viewport(), event)
        return event.isAccepted(), field.verticalScrollBar().value()

    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    assert turned() == (False, 0), "the column in which it stands turns"
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    taken, value = turned()
    assert taken
    assert value > 0
