"""Small makers of labels, buttons and lines, so that every one is plain text, named and styled by role."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QFrame, QLabel, QLayout, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from sana_desktop.ui.icons import Icons


def label(
    text: str, *, role: str = "", name: str = "", wrap: bool = False, selectable: bool = False, tone: str = ""
) -> QLabel:
    """Return a label that shows `text` literally, whoever wrote it (BEHAVIOUR.md T12)."""
    made = QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setText(text)
    made.setWordWrap(wrap)
    if wrap:
        # Without this a wrapped label asks for a square and its text is cut in narrow columns.
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        made.setSizePolicy(policy)
    if role:
        made.setProperty("role", role)
    if tone:
        made.setProperty("tone", tone)
    if name:
        made.setObjectName(name)
    if selectable:
        made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


def text_button(text: str, name: str, *, kind: str = "", description: str = "") -> QPushButton:
    """Return a button whose words are also its name for assistive tools.

    Args:
        text: a verb.
        name: objectName.
        kind: "", "primary", "plain", "link" or "danger".
        description: what it does, when the words are not enough; also its tooltip.
    """
    made = QPushButton(text)
    made.setAutoDefault(True)  # Enter presses it too, wherever it stands
    made.setObjectName(name)
    made.setAccessibleName(text.replace("&", ""))
    if kind:
        made.setProperty("kind", kind)
    if description:
        made.setToolTip(description)
        made.setAccessibleDescription(description)
    return made


def icon_button(icons: Icons, icon: str, words: str, name: str, *, checkable: bool = False) -> QToolButton:
    """Return a button that is an icon; its words are tooltip and accessible name."""
    made = QToolButton()
    made.setObjectName(name)
    made.setToolTip(words)
    made.setAccessibleName(words)
    made.setCheckable(checkable)
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    icons.bind(made, icon, checked="accent" if checkable else None)
    return made


def line() -> QFrame:
    """Return a hairline."""
    made = QFrame()
    made.setProperty("kind", "hairline")
    made.setFixedHeight(1)
    return made


def frame(kind: str, name: str = "") -> QFrame:
    """Return a frame of the style sheet's `kind`: card, well, surface, bar, banner."""
    made = QFrame()
    made.setProperty("kind", kind)
    if name:
        made.setObjectName(name)
    return made


def column(parent: QWidget, margins: tuple[int, int, int, int] = (0, 0, 0, 0), spacing: int = 8) -> QVBoxLayout:
    """Return a vertical layout set on `parent`; margins are left, top, right, bottom."""
    made = QVBoxLayout(parent)
    made.setContentsMargins(*margins)
    made.setSpacing(spacing)
    return made


def set_tone(widget: QWidget, tone: str) -> None:
    """Change the `tone` property of a widget and have the style sheet read it again."""
    set_property(widget, "tone", tone)


def set_property(widget: QWidget, name: str, value: object) -> None:
    """Change a property that the style sheet selects on."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def empty_layout(layout: QLayout) -> None:
    """Take everything out of `layout`; its widgets are hidden at once and deleted soon."""
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            empty_layout(inner)


def after(owner: QObject, milliseconds: int, act: Callable[[], None]) -> QTimer:
    """Return a timer that calls `act` once, `milliseconds` after each start."""
    timer = QTimer(owner)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(act)
    return timer
