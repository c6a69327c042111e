"""A walk over every page and state: names on all that can be used, plain text, nothing cut."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QRect, QSize, Qt
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
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.widgets import ElidedLabel, label, text_button
from sana_desktop.ui.window import MainWindow
from tests.support.shots import settle
from tests.ui.scenes import ALIKE, SCENES

INTERACTIVE = (QAbstractButton, QLineEdit, QPlainTextEdit, QComboBox, QAbstractItemView, QTabBar)
LARGER = (1.5, 2.0)


class Stage:
    """One scene at a time, for all tests that look at it."""

    def __init__(self, app: QApplication) -> None:
        self._app = app
        self._shown: tuple[str, QWidget] | None = None

    def show(self, name: str, theme: Theme, icons: Icons) -> QWidget:
        if self._shown is None or self._shown[0] != name:
            self.clear()
            make, size = SCENES[name]
            widget = make(theme, icons)
            self._shown = name, widget
            if size is not None:
                widget.resize(size)
            widget.show()
            settle(self._app)
        return self._shown[1]

    def clear(self) -> None:
        if self._shown is not None:
            widget = self._shown[1]
            self._shown = None
            finish(widget)
            widget.close()
            widget.deleteLater()
            self._app.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def finish(widget: QWidget) -> None:
    if isinstance(widget, MainWindow):
        widget.close_for_good()


@pytest.fixture(scope="module")
def stage(qapp: QApplication) -> Iterator[Stage]:
    made = Stage(qapp)
    yield made
    made.clear()


@pytest.fixture(scope="module", params=sorted(SCENES.keys() - ALIKE))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def scene(stage: Stage, name: str, theme: Theme, icons: Icons) -> Iterator[QWidget]:
    yield stage.show(name, theme, icons)
    if theme.choice != "light" or theme.scale != 1.0:
        stage.clear()  # to dress it back takes longer than to make it anew


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


def test_everything_has_a_name_and_shows_text_literally(scene: QWidget) -> None:
    controls = [widget for widget in visible(scene) if isinstance(widget, INTERACTIVE) and not is_inner(widget)]
    assert controls
    assert [describe(widget) for widget in controls if not words_of(widget).strip()] == []
    named = [widget for widget in controls if isinstance(widget, (QAbstractButton, QComboBox))]
    assert [describe(widget) for widget in named if not widget.objectName()] == []
    for text in scene.findChildren(QLabel):
        if text.textFormat() is not Qt.TextFormat.PlainText and text.text():
            assert text.buddy() is not None, f"{text.text()!r} may read markup and is not one of our own field labels"


def describe(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.objectName()!r} {words_of(widget)!r}"


def cut(root: QWidget) -> list[str]:
    """Return what is cut: text larger than its widget, or a widget that sticks out of its parent."""
    found = []
    for widget in visible(root):
        if is_inner(widget):
            continue
        if isinstance(widget, ElidedLabel):
            if widget.fontMetrics().horizontalAdvance(widget.text()) > widget.width():
                found.append(f"line {widget.text()[:50]!r} has {widget.width()}")
        elif isinstance(widget, QLabel) and widget.text() and not is_elastic(widget):
            area = widget.contentsRect()
            flags = Qt.TextFlag.TextWordWrap if widget.wordWrap() else Qt.TextFlag.TextSingleLine
            text = widget.text().replace("&", "")
            needs = QFontMetrics(widget.font()).boundingRect(QRect(0, 0, area.width(), 10_000), int(flags), text)
            if needs.width() > area.width() or needs.height() > area.height():
                found.append(f"label {widget.text()[:50]!r} needs {needs.size()}, has {area.size()}")
        elif isinstance(widget, QPushButton):
            # Style sheets add padding: the hint knows it.
            hint = widget.sizeHint()
            narrow = widget.width() < hint.width() and not is_elastic(widget)
            if widget.text() and (narrow or widget.height() < hint.height()):
                found.append(f"button {widget.text()!r}")
        elif isinstance(widget, QComboBox) and widget.width() < text_width(widget) + 24:
            found.append(f"choice {widget.currentText()!r}")
        if isinstance(widget, (QLabel, QAbstractButton)) and sticks_out(widget):
            found.append(f"{type(widget).__name__} {widget.objectName()!r} sticks out")
    return found


def text_width(choice: QComboBox) -> int:
    return choice.fontMetrics().horizontalAdvance(choice.currentText())


def sticks_out(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    if parent is None or isinstance(parent.parentWidget(), QAbstractScrollArea):
        return False
    return not parent.rect().contains(widget.geometry())


def is_elastic(widget: QLabel | QPushButton) -> bool:
    """Lines that may be cut on purpose say all of it on hover."""
    whole = widget.toolTip().replace("\n", " ")
    if isinstance(widget, QPushButton):
        return widget.text().endswith("…") and widget.text().rstrip("…") in whole
    return bool(whole) and whole.startswith(widget.text()[:20].rstrip("…"))


@pytest.mark.no_cover  # the lines of these scenes were seen above
def test_nothing_is_cut_in_either_theme_nor_with_larger_text_nor_in_a_small_window(
    scene: QWidget, theme: Theme, qapp: QApplication
) -> None:
    usual = scene.size()
    check_fits_in_all_sizes(scene, usual, theme, qapp)
    check_colours(scene, theme)
    theme.set_choice("dark")
    settle(qapp)
    assert cut(scene) == []
    check_colours(scene, theme)
    for scale in LARGER:
        theme.set_scale(scale)
        check_fits_in_all_sizes(scene, usual, theme, qapp)


def check_fits_in_all_sizes(scene: QWidget, usual: QSize, theme: Theme, app: QApplication) -> None:
    for small in (True, False):
        scene.resize(size_of(scene, usual, theme.scale, small=small))
        settle(app)
        assert cut(scene) == [], (theme.scale, small)


def check_colours(scene: QWidget, theme: Theme) -> None:
    image = scene.grab().toImage()
    corner = image.pixelColor(image.width() - 2, 2).name().upper()
    assert corner in {colour.upper() for colour in theme.colours.values()}, "not a colour of this theme"


def size_of(scene: QWidget, usual: QSize, scale: float, *, small: bool) -> QSize:
    """A window keeps its size or is as small as it is allowed to be; a part of one grows with its text."""
    if isinstance(scene, MainWindow):
        return QSize(900, 600) if small else usual
    return scene.sizeHint().expandedTo(usual * (1.0 if small else scale))


def test_the_walk_sees_what_is_cut(qtbot: QtBot, theme: Theme, qapp: QApplication) -> None:
    root = QWidget()
    qtbot.addWidget(root)
    root.resize(300, 100)
    short = label("a sentence that is longer than its place")
    short.setParent(root)
    short.setGeometry(10, 10, 60, 20)
    button = text_button("Get the report", "narrow")
    button.setParent(root)
    button.setGeometry(200, 40, 20, 20)
    outside = label("out")
    outside.setParent(root)
    outside.setGeometry(290, 10, 60, 20)
    root.show()
    settle(qapp)
    assert len(cut(root)) == 3
