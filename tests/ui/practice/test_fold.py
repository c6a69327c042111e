"""A fold brings what it opens into view, and its focus ring is whole."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.parts.collapsible import CollapsibleSection
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.widgets import label
from tests.support.shots import settle

VIEW = 300


@pytest.fixture
def area(qapp: QApplication, theme: Theme) -> Iterator[QScrollArea]:
    page = QWidget()
    QVBoxLayout(page).addSpacing(VIEW - 60)
    made = QScrollArea()
    made.setWidgetResizable(True)
    made.setWidget(page)
    made.resize(280, VIEW)
    yield made
    made.deleteLater()


def fold_in(area: QScrollArea, icons: Icons, content: QWidget) -> CollapsibleSection:
    made = CollapsibleSection("Show it", "someFold", icons, content)
    page = area.widget()
    layout = page.layout() if page is not None else None
    assert layout is not None
    layout.addWidget(made)
    area.show()
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    settle(app)
    return made


def top_of(area: QScrollArea, widget: QWidget) -> int:
    return widget.mapTo(area.viewport(), QPoint(0, 0)).y()


def test_what_a_person_opens_comes_into_view(area: QScrollArea, icons: Icons, qtbot: QtBot) -> None:
    content = label("A sentence that wraps in a narrow pane, and so is only measured when it is seen. " * 3, wrap=True)
    fold = fold_in(area, icons, content)
    QTest.mouseClick(fold.toggle, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: content.visibleRegion().boundingRect() == content.rect())
    assert top_of(area, fold.toggle) >= 0


def test_what_is_too_high_begins_at_the_top(area: QScrollArea, icons: Icons, qtbot: QtBot) -> None:
    content = QLabel()
    content.setFixedHeight(2 * VIEW)
    fold = fold_in(area, icons, content)
    fold.toggle.setFocus()
    QTest.keyClick(fold.toggle, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: 0 <= top_of(area, fold.toggle) <= 20)


def test_what_opens_by_itself_moves_nothing(area: QScrollArea, icons: Icons, qapp: QApplication) -> None:
    content = QLabel()
    content.setFixedHeight(VIEW)
    fold = fold_in(area, icons, content)
    fold.set_open(True)
    settle(qapp)
    assert content.isVisible()
    assert area.verticalScrollBar().value() == 0


@pytest.mark.parametrize("choice", ["light", "dark"])
def test_the_focus_ring_has_four_sides(
    area: QScrollArea, icons: Icons, theme: Theme, qapp: QApplication, choice: str
) -> None:
    theme.set_choice(choice)  # type: ignore[arg-type]
    fold = fold_in(area, icons, QLabel())
    area.activateWindow()
    fold.toggle.setFocus()
    settle(qapp)
    image = fold.toggle.grab().toImage()
    ring = theme.colour("focus").name()
    middle = image.height() // 2, image.width() // 2
    across = [x for x in range(image.width()) if image.pixelColor(x, middle[0]).name() == ring]
    down = [y for y in range(image.height()) if image.pixelColor(middle[1], y).name() == ring]
    assert across[0] == down[0] == 0
    assert (across[-1], down[-1]) == (image.width() - 1, image.height() - 1)
