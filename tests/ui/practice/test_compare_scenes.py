"""A walk over the states of meaning, simulation, comparison and replay: named, plain text, nothing cut."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QDialog, QLabel, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.ui.icons import Icons
from sana_desktop.ui.theme.theme import Theme
from tests.support.shots import settle
from tests.ui.compare_scenes import COMPARE_SCENES
from tests.ui.compare_state_scenes import MORE_COMPARE_SCENES
from tests.ui.test_every_scene import INTERACTIVE, LARGER, cut, describe, is_inner, visible, words_of

WALKED = (
    "meaning-empty",
    "meaning-tables",
    "simulate-failed",
    "repeat-refused",
    "sweep",
    "difference-unchecked",
    "why-not",
    "health",
    "replay-new",
    "replay-named",
    "replay-paused",
    "replay-compared",
    "repeat-old",
    "replay-unreadable",
    "replay-refused",
    "then-and-now",
)
"""One of each kind; the others differ in their words alone."""


@pytest.fixture(params=WALKED)
def scene(request: pytest.FixtureRequest, qtbot: QtBot, theme: Theme, icons: Icons, qapp: QApplication) -> QWidget:
    make, size = (COMPARE_SCENES | MORE_COMPARE_SCENES)[request.param]
    widget = make(theme, icons)
    qtbot.addWidget(widget)
    if size is not None:
        widget.resize(size)
    widget.show()
    settle(qapp)
    return widget


def beyond(scene: QWidget) -> list[str]:
    """Return what is wider than the view that it is scrolled in: that is nothing to be read at ease."""
    found = []
    for area in scene.findChildren(QScrollArea):
        inside = area.widget()
        if area.isVisible() and inside is not None and inside.width() > area.viewport().width():
            found.append(f"{area.objectName()}: {inside.width()} in {area.viewport().width()}")
    return found


def test_all_is_named_and_nothing_is_cut_in_either_theme_nor_with_larger_text(
    scene: QWidget, theme: Theme, qapp: QApplication
) -> None:
    controls = [widget for widget in visible(scene) if isinstance(widget, INTERACTIVE) and not is_inner(widget)]
    assert [describe(widget) for widget in controls if not words_of(widget).strip()] == []
    named = [widget for widget in controls if isinstance(widget, (QAbstractButton, QComboBox))]
    assert [describe(widget) for widget in named if not widget.objectName()] == []
    for text in scene.findChildren(QLabel):
        assert text.textFormat() is Qt.TextFormat.PlainText or not text.text(), text.text()
    usual = scene.size()
    check_fits_in_all_sizes(scene, usual, theme, qapp)
    theme.set_choice("dark")
    settle(qapp)
    assert cut(scene) == []
    for scale in LARGER:
        theme.set_scale(scale)
        check_fits_in_all_sizes(scene, usual, theme, qapp)


def check_fits_in_all_sizes(scene: QWidget, usual: QSize, theme: Theme, app: QApplication) -> None:
    scene.resize(usual * theme.scale)
    settle(app)
    assert cut(scene) + beyond(scene) == [], theme.scale
    if not isinstance(scene, QDialog):
        # What a window of 900 pixels leaves beside its rail.
        scene.resize(min(usual.width(), 800), usual.height())
        settle(app)
        assert cut(scene) + beyond(scene) == [], f"{theme.scale} in a small window"
