"""What the style sheet owes the Practice place: an act looks like one, and a list of suggestions has an edge."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.parts.strips import Strip, StripAct
from sana_desktop.ui.practice.parts.suggestions import suggest
from sana_desktop.ui.theme.theme import Choice, Theme
from tests.support.shots import settle


def edge(widget: QWidget) -> set[str]:
    """Return the colours in the middle of a widget's left edge."""
    image: QImage = widget.grab().toImage()
    return {image.pixelColor(x, image.height() // 2).name() for x in range(2)}


@pytest.mark.parametrize("choice", ["light", "dark"])
def test_each_act_of_a_strip_has_an_edge(
    qtbot: QtBot, theme: Theme, icons: Icons, qapp: QApplication, choice: Choice
) -> None:
    theme.set_choice(choice)
    strip = Strip(icons, "strip")
    qtbot.addWidget(strip)
    strip.say(
        "Locked.", "warn", StripAct("test", "Use a test learner"), StripAct("unlock", "Unlock this site…", "plain")
    )
    strip.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    strip.show()
    settle(qapp)
    strip.setFocus()  # so that none of them shows that it has it
    line = theme.colour("line_button").name()
    assert [line in edge(button) for button in strip.buttons()] == [True, True]


@pytest.mark.parametrize("choice", ["light", "dark"])
def test_suggestions_have_an_edge(qtbot: QtBot, theme: Theme, qapp: QApplication, choice: Choice) -> None:
    theme.set_choice(choice)
    field = QLineEdit()
    qtbot.addWidget(field)
    field.show()
    suggest(field, QStringListModel(["vectors-001", "waves-002"]), "Exercises")
    completer = field.completer()
    assert completer is not None
    completer.setCompletionPrefix("ve")
    completer.complete()
    settle(qapp)
    popup = completer.popup()
    assert popup is not None
    assert popup.accessibleName() == "Exercises"
    assert theme.colour("line_strong").name() in edge(popup)
    popup.hide()
