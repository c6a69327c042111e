"""What tests of the Practice place share: going there, and looking at what is recommended."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QListView, QMenu, QPushButton, QWidget

from sana_desktop.ui.practice.page import PracticePage
from sana_desktop.ui.practice.place import PracticePlace
from sana_desktop.ui.practice.session.history import HistoryModel
from sana_desktop.ui.practice.sessions.menu import NAME
from tests.support.live_window import LiveWindow


async def go_to_practice(window: LiveWindow) -> PracticePage:
    """Go there by the rail, and wait until exercises can be asked for."""
    window.press("railPractice")
    page = await page_arrived(window)
    await window.until("the place", lambda: page.setup.next.isVisible() and page.setup.next.isEnabled())
    return page


async def page_arrived(window: LiveWindow) -> PracticePage:
    """Wait until the place, gone to already, can be seen and used."""
    await window.until("the page", window.shell.practice_room.has_arrived)
    return window.shell.practice


def place_of(window: LiveWindow) -> PracticePlace:
    """Return what brought the place to life."""
    life = window.shell.practice.life
    assert isinstance(life, PracticePlace)
    return life


def session_actions(page: PracticePage) -> list[QAction]:
    """Return the sessions that the menu offers to reopen, from top to bottom."""
    menu = page.sessions.findChild(QMenu, "practiceSessionsMenu")
    assert isinstance(menu, QMenu)
    return [action for action in menu.actions() if action.objectName().startswith(NAME)]


def recommended(window: LiveWindow) -> list[str]:
    """Return the titles of the cards."""
    found = window.find("recommendations")
    assert isinstance(found, QListView)
    return [str(found.model().index(row, 0).data()) for row in range(found.model().rowCount())]


def steps(window: LiveWindow) -> HistoryModel:
    """Return the steps so far."""
    return window.shell.practice.session.history.steps


def fates(window: LiveWindow) -> list[str]:
    """Return what became of each answer, newest first."""
    model = steps(window)
    rows = [model.step(row) for row in range(model.rowCount())]
    return [step.fate.value for step in rows if step.result is not None]


def click(root: QWidget, name: str) -> None:
    """Click the button of this name that can be seen."""
    found = [one for one in root.findChildren(QPushButton, name) if one.isVisible() and one.isEnabled()]
    assert found, f"there is no {name} to press"
    QTest.mouseClick(found[-1], Qt.MouseButton.LeftButton)


def text_of(root: QWidget, name: str) -> str:
    """Return what the label of this name says."""
    found = root.findChild(QLabel, name)
    assert isinstance(found, QLabel), name
    return found.text()


def can_click(root: QWidget, name: str) -> bool:
    """Return whether there is a button of this name to press."""
    return any(one.isVisible() and one.isEnabled() for one in root.findChildren(QPushButton, name))
