"""A walk over every page and state: names on all that can be used, plain text, nothing cut, in both themes and larger."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollBar,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from sana_desktop.ui.icons import Icons
from sana_desktop.ui.theme.theme import Choice, Theme
from sana_desktop.ui.window import MainWindow
from tests.support.shots import settle
from tests.ui.scenes import SCENES

INTERACTIVE = (QAbstractButton, QLineEdit, QPlainTextEdit, QComboBox, QAbstractItemView, QTabBar)
CHOICES: tuple[Choice, ...] = ("light", "dark")


@pytest.fixture(params=sorted(SCENES))
def scene(request: pytest.FixtureRequest, qtbot: QtBot, theme: Theme, icons: Icons, qapp: QApplication) -> QWidget:
    make, size = SCENES[request.param]
    widget = make(theme, icons)
    finish = widget.close_for_good if isinstance(widget, MainWindow) else widget.close
    qtbot.addWidget(widget, before_close_func=lambda _: finish())
    if size is not None:
        widget.resize(size)
    widget.show()
    settle(qapp)
    return widget


def visible(root: QWidget) -> list[QWidget]:
    return [widget for widget in root.findChildren(QWidget) if widget.isVisible()]


def is_inner(widget: QWidget) -> bool:
    """Qt's own parts of a widget: they speak through it."""
    if isinstance(widget, (QScrollBar, QHeaderView)):
        return True
    parent = widget.parentWidget()
    if isinstance(parent, (QComboBox, QTabBar)) and not isinstance(widget, QLineEdit):
        return not (isinstance(widget, QAbstractButton) and widget.objectName())
    return (
        isinstance(parent, (QLineEdit, QAbstractItemView))
        or widget.objectName().startswith("qt_")
        or widget.metaObject().className().startswith(("QComboBoxPrivate", "QTableCornerButton"))
    )


def words_of(widget: QWidget) -> str:
    return widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")


def test_everything_that_can_be_used_has_a_name(scene: QWidget) -> None:
    nameless = [
        f"{type(widget).__name__} {widget.objectName()!r}"
        for widget in visible(scene)
        if isinstance(widget, INTERACTIVE) and not is_inner(widget) and not words_of(widget).strip()
    ]
    assert nameless == []


def test_every_button_and_field_can_be_found_by_tests(scene: QWidget) -> None:
    anonymous = [
        f"{type(widget).__name__} {words_of(widget)!r}"
        for widget in visible(scene)
        if isinstance(widget, (QAbstractButton, QComboBox)) and not is_inner(widget) and not widget.objectName()
    ]
    assert anonymous == []


def test_labels_show_text_literally(scene: QWidget) -> None:
    for label in scene.findChildren(QLabel):
        if label.textFormat() is not Qt.TextFormat.PlainText and label.text():
            assert label.buddy() is not None, f"{label.text()!r} may read markup and is not one of our own field labels"


def cut(root: QWidget) -> list[str]:
    """Return what is cut: text larger than its widget, or a widget that sticks out of its parent."""
    found = []
    for widget in visible(root):
        if is_inner(widget):
            continue
        if isinstance(widget, QLabel) and widget.text() and not is_elastic(widget):
            area = widget.contentsRect()
            flags = Qt.TextFlag.TextWordWrap if widget.wordWrap() else Qt.TextFlag.TextSingleLine
            text = widget.text().replace("&", "")
            needs = QFontMetrics(widget.font()).boundingRect(QRect(0, 0, area.width(), 10_000), int(flags), text)
            if needs.width() > area.width() or needs.height() > area.height():
                found.append(f"label {widget.text()[:50]!r} needs {needs.size()}, has {area.size()}")
        if isinstance(widget, QPushButton) and widget.text():
            # Style sheets add padding: the hint knows it.
            if widget.width() < widget.sizeHint().width() or widget.height() < widget.sizeHint().height():
                found.append(f"button {widget.text()!r}")
        if isinstance(widget, QComboBox):
            text_width = widget.fontMetrics().horizontalAdvance(widget.currentText())
            if widget.width() < text_width + 24:
                found.append(f"choice {widget.currentText()!r}")
        parent = widget.parentWidget()
        in_scroll = parent is not None and isinstance(parent.parentWidget(), QAbstractScrollArea)
        if (
            parent is not None
            and not in_scroll
            and not widget.isWindow()
            and isinstance(widget, (QLabel, QAbstractButton))
        ):
            if not parent.rect().contains(widget.geometry()):
                found.append(f"{type(widget).__name__} {widget.objectName()!r} sticks out")
    return found


def is_elastic(label: QLabel) -> bool:
    """Lines that may be cut on purpose say all of it on hover."""
    return bool(label.toolTip()) and label.toolTip().replace("\n", " ").startswith(label.text()[:20].rstrip("…"))


@pytest.mark.parametrize("choice", CHOICES)
def test_nothing_is_cut(scene: QWidget, theme: Theme, qapp: QApplication, choice: Choice) -> None:
    theme.set_choice(choice)
    settle(qapp)
    assert cut(scene) == []


def test_nothing_is_cut_with_larger_text(scene: QWidget, theme: Theme, qapp: QApplication) -> None:
    theme.set_scale(1.5)
    if not isinstance(scene, MainWindow):
        scene.resize(scene.sizeHint().expandedTo(QSize(scene.width() * 3 // 2, scene.height() * 3 // 2)))
    settle(qapp)
    assert cut(scene) == []


def test_both_themes_paint_their_own_background(scene: QWidget, theme: Theme, qapp: QApplication) -> None:
    for choice in CHOICES:
        theme.set_choice(choice)
        settle(qapp)
        image = scene.grab().toImage()
        shown = image.pixelColor(image.width() - 2, 2).name().upper()
        assert shown in {colour.upper() for colour in theme.colours.values()}
