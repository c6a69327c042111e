"""Small makers of labels, buttons and lines, so that every one is plain text, named and styled by role."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStyledItemDelegate,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from sana_desktop.base.text import bounded, visible
from sana_desktop.ui.icons import Icons

LIST_EDGES = 24
"""Pixels beside the words of a drop-down's list."""
TIP_CHARACTERS = 1_000
NO_SIDE = Qt.AlignmentFlag(0)


class Paragraph(QLabel):
    """Wrapped text that needs the height its words take at the width it has: no less, and no blank below them.

    A plain QLabel promises too little where a layout does not ask for a height by width, and its text is cut there;
    with a minimum it asks for the height of a square, which a page scrolls through as blank.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setWordWrap(True)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._laid = False

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        return QSize(hint.width(), self.heightForWidth(self.width())) if self._laid else hint

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != self.width():
            self._laid = True
            self.updateGeometry()


class ElidedLabel(QLabel):
    """One line that is cut rather than widening its window; the whole text is its tooltip and accessible name."""

    def __init__(self, name: str, role: str = "") -> None:
        super().__init__()
        self.setObjectName(name)
        if role:
            self.setProperty("role", role)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._whole = ""
        self._tip = ""

    @property
    def whole(self) -> str:
        """All of the text, also where only a part of it is seen."""
        return self._whole

    def show_text(self, text: str, tip: str = "") -> None:
        """Show `text`, as much of it as fits; `tip` is said on hover instead of the whole text, in any case."""
        self._whole = text
        self._tip = tip
        self.setAccessibleName(text)
        self._cut()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._cut()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self._cut()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def _cut(self) -> None:
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, self.width())
        self.setText(shown)
        tip = self._tip or (self._whole if shown != self._whole else "")
        self.setToolTip(plain_tip(tip))


class DropDown(QComboBox):
    """A choice of few things, whose list shows all of them."""

    def __init__(self, name: str, words: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(words)
        # Only this one measures its rows by the style sheet, as it paints them.
        self.setItemDelegate(QStyledItemDelegate(self))
        let_wheel_pass(self)

    def showPopup(self) -> None:
        list_ = self.view()
        list_.setMinimumWidth(list_.sizeHintForColumn(0) + LIST_EDGES)
        super().showPopup()


class _WheelPasses(QObject):
    def eventFilter(self, field: QObject, event: QEvent) -> bool:
        if event.type() is not QEvent.Type.Wheel or not isinstance(field, QWidget) or field.hasFocus():
            return False
        event.ignore()  # so it goes on to what the field stands in
        return True


def let_wheel_pass(field: QWidget) -> None:
    """Let the mouse wheel turn a drop-down, number or slider only while it has the keyboard focus.

    Otherwise who scrolls a page changes whatever the mouse comes upon; nor does the wheel give the focus.
    """
    field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    field.installEventFilter(_WheelPasses(field))


class PushButton(QPushButton):
    """Enter presses it where it has the focus; Qt alone asks that it stands in a dialog.

    Qt gives the Enter of a whole dialog, also one typed in a search field, to the first button that may be its default,
    whatever that one does. None of these may, unless it is made the default by name.
    """

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setAutoDefault(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not _pressed_by_enter(self, event):
            super().keyPressEvent(event)


class _ToolButton(QToolButton):
    """Enter presses it, as it presses any other button."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not _pressed_by_enter(self, event):
            super().keyPressEvent(event)


def _pressed_by_enter(button: QAbstractButton, event: QKeyEvent) -> bool:
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if event.key() not in {Qt.Key.Key_Return, Qt.Key.Key_Enter} or modifiers or event.isAutoRepeat():
        return False
    button.click()
    return True


def plain_tip(text: str) -> str:
    """Return a tooltip that shows `text` literally and in lines of a readable length.

    Qt takes what looks like markup for markup, and what doesn't for one endless line; so it gets markup that holds
    nothing but escaped text (BEHAVIOUR.md T12).
    """
    shown = visible(bounded(text, TIP_CHARACTERS), keep_newlines=True)
    # Imported here: it brings the table of all named characters along.
    import html

    return f"<p style='white-space: pre-wrap; margin: 0'>{html.escape(shown)}</p>" if shown else ""


def label(
    text: str, *, role: str = "", name: str = "", wrap: bool = False, selectable: bool = False, tone: str = ""
) -> QLabel:
    """Return a label that shows `text` literally, whoever wrote it (BEHAVIOUR.md T12)."""
    made = Paragraph() if wrap else QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setText(text)
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
    made = PushButton(text)
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
    made = _ToolButton()
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


def scrolled(content: QWidget, side: Qt.AlignmentFlag = NO_SIDE) -> QScrollArea:
    """Return `content` as a page that scrolls: at the left, as wide as it may be; as high as the page if no `side`."""
    inner = QWidget()
    inner.setProperty("kind", "page")
    row = QHBoxLayout(inner)
    row.setContentsMargins(32, 28, 32, 28)
    row.addWidget(content, 100, side)
    row.addStretch(1)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inner)
    return area


def titled(words: str, widget: QWidget, below: QLabel | None = None) -> QVBoxLayout:
    """Return a field below its heading, whose words may hold an `&` for the key that leads there."""
    box = QVBoxLayout()
    box.setSpacing(6)
    # A label takes a mnemonic only if it may read markup; these words are ours.
    title = QLabel(words)
    title.setProperty("role", "heading")
    title.setBuddy(widget)
    box.addWidget(title)
    box.addWidget(widget)
    if below is not None:
        box.addWidget(below)
    return box


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


def after(owner: QObject, milliseconds: int, act: Callable[[], object]) -> QTimer:
    """Return a timer that calls `act` once, `milliseconds` after each start."""
    timer = QTimer(owner)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(act)
    return timer
