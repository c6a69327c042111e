"""Icons and tick boxes are as large as the text beside them asks for."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QListWidget, QRadioButton, QStyle, QToolButton
from pytestqt.qtbot import QtBot

from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.parts.plain_table import PlainTable
from sana_desktop.ui.rail import Place, Rail
from sana_desktop.ui.reports.editor.order_bar import OrderBar
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.widgets import PushButton

ROUND_RAIL_ICON = 23
"""Pixels that borders, paddings and the style itself take in a button of the rail, beside its icon and its words."""


@pytest.mark.parametrize(("scale", "pixels"), [(0.8, 16), (1.5, 24), (2.0, 28)])
def test_icons_and_tick_boxes_grow_with_the_text_and_go_back(
    qtbot: QtBot, qapp: QApplication, theme: Theme, icons: Icons, scale: float, pixels: int
) -> None:
    button, tool, picture = PushButton("Save"), QToolButton(), QLabel()
    tick, choice, levels = QCheckBox("All"), QRadioButton("One"), QListWidget()
    rail, bar, table = Rail(icons), OrderBar(icons), PlainTable("t", "t", theme, icons)
    rail.add(Place("reports", "railReports", "reports", "Reports", QLabel()))
    place = rail.findChild(QToolButton)
    assert place is not None
    icons.bind(button, "plus")
    icons.bind(tool, "plus")
    icons.bind_label(picture, "plus")
    for widget in (button, tool, picture, tick, choice, levels, rail, bar, table):
        qtbot.addWidget(widget)
        widget.show()

    def icon_room() -> int:
        return place.sizeHint().height() - place.fontMetrics().height() - ROUND_RAIL_ICON

    def sizes() -> list[int]:
        theme.settle()
        metric = QStyle.PixelMetric
        return [
            button.iconSize().width(),
            tool.iconSize().width(),
            button.icon().availableSizes()[0].width(),
            round(picture.pixmap().deviceIndependentSize().width()),
            tick.style().pixelMetric(metric.PM_IndicatorWidth, None, tick),
            choice.style().pixelMetric(metric.PM_ExclusiveIndicatorWidth, None, choice),
            table.iconSize().width(),
            bar.connection.iconSize().width(),
            icon_room() * 16 // 24,
        ]

    assert set(sizes()) == {16}
    before = tick.sizeHint().height()
    theme.set_scale(scale)
    assert set(sizes()) == {pixels}
    assert scale < 1 or tick.sizeHint().height() > before
    theme.set_scale(1.0)
    assert set(sizes()) == {16}
