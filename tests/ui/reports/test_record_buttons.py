"""The buttons of a row as a widget of their own."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QToolButton, QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.reports.records.job import JobState
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.reports.table.actions import job_acts
from sana_desktop.ui.reports.table.buttons import RowButtons
from tests.support.records import job


def test_the_width_is_right_as_soon_as_acts_are_offered(qtbot: QtBot, icons: Icons) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    buttons = RowButtons(icons, parent)
    buttons.offer([], 16)
    one = buttons.sizeHint().width()
    buttons.offer(job_acts(job())[:3], 16)
    assert buttons.sizeHint().width() == 4 * one > 0


def test_each_act_has_its_place_from_the_end_however_many_have_room(qtbot: QtBot, icons: Icons) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    buttons = RowButtons(icons, parent)
    names = []
    for count in (0, 1, 3):
        buttons.offer(job_acts(job())[:count], 16)
        row = [one for one in buttons.findChildren(QToolButton) if not one.isHidden()]
        names.append([one.objectName() for one in sorted(row, key=lambda one: -one.x())])
    assert names[0] == ["rowMore"]
    assert names[1] == names[2][:2]
    assert len(names[2]) == 4


def test_the_same_acts_keep_their_buttons(qtbot: QtBot, icons: Icons) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    buttons = RowButtons(icons, parent)
    buttons.offer(job_acts(job()), 16)
    before = buttons.findChildren(QToolButton)
    buttons.offer(job_acts(job()), 16)
    assert buttons.findChildren(QToolButton) == before


def test_a_press_that_changes_the_row_is_still_heard(qtbot: QtBot, icons: Icons) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()
    buttons = RowButtons(icons, parent)
    pressed = QSignalSpy(buttons.pressed)
    buttons.pressed.connect(lambda: buttons.offer(job_acts(job(state=JobState.READY)), 16))
    buttons.offer(job_acts(job()), 16)
    buttons.show()
    button = buttons.findChild(QToolButton, "rowAction-checkNow")
    assert isinstance(button, QToolButton)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert pressed.count() == 1
