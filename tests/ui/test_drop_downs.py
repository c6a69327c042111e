"""The list of a drop-down shows all it has, at every text size and in both themes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox, QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.setup.learner_picker import LearnerView
from sana_desktop.ui.practice.setup.panel import SetupPanel
from sana_desktop.ui.theme.theme import Choice, Theme
from tests.support.shots import settle
from tests.ui.scenes import SCENES
from tests.ui.test_every_scene import finish


@pytest.mark.parametrize("name", ["settings", "editing", "connection-form"])
@pytest.mark.parametrize("choice", ["light", "dark"])
@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_every_list_shows_all_its_entries_without_scrolling(
    qtbot: QtBot, qapp: QApplication, theme: Theme, icons: Icons, name: str, choice: Choice, scale: float
) -> None:
    theme.set_choice(choice)
    theme.set_scale(scale)
    make, size = SCENES[name]
    scene = make(theme, icons)
    qtbot.addWidget(scene, before_close_func=finish)
    assert size is not None
    scene.resize(size)
    scene.show()
    settle(qapp)
    choices = [child for child in scene.findChildren(QComboBox) if child.isVisible()]
    assert choices
    for drop_down in choices:
        drop_down.showPopup()
        settle(qapp)
        view = drop_down.view()
        rows = sum(view.sizeHintForRow(row) for row in range(drop_down.count()))
        assert view.viewport().height() >= rows, drop_down.objectName()
        assert view.verticalScrollBar().maximum() == 0, drop_down.objectName()
        last = view.visualRect(view.model().index(drop_down.count() - 1, 0))
        assert view.viewport().rect().contains(last), drop_down.objectName()
        for row in range(drop_down.count()):
            needed = view.fontMetrics().horizontalAdvance(drop_down.itemText(row))
            assert needed + 16 <= view.viewport().width(), drop_down.itemText(row)
        assert view.window().width() >= drop_down.width()
        drop_down.hidePopup()


@pytest.mark.parametrize("focused", [False, True])
def test_the_wheel_changes_only_what_has_the_focus(qtbot: QtBot, theme: Theme, icons: Icons, focused: bool) -> None:
    panel = SetupPanel(theme, icons)
    qtbot.addWidget(panel)
    panel.resize(320, 400)
    panel.learner.show_learners([LearnerView(str(n), f"Learner {n}") for n in range(3)], "1")
    panel.count.setValue(5)
    panel.challenge.set_level(0.5)
    with qtbot.waitActive(panel):
        panel.show()
        panel.activateWindow()
    fields: list[QWidget] = [panel.learner.choice, panel.count, panel.challenge.slider]
    for field in fields:
        before = panel.setup()
        (field if focused else panel.next).setFocus()
        middle = field.rect().center()
        at, turn = QPointF(middle), QPoint(0, -120)
        buttons, keys = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
        wheel = QWheelEvent(
            at, QPointF(field.mapToGlobal(middle)), QPoint(), turn, buttons, keys, Qt.ScrollPhase.NoScrollPhase, False
        )
        QApplication.sendEvent(field, wheel)
        assert (panel.setup() != before) is focused, field.objectName()
        assert field.hasFocus() is focused
