"""The first run: one page, one large box, three ways to begin, one promise. Nothing here blocks anything."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from sana_desktop.ui.icons import Icons
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import PushButton, column, label, text_button

CONTENT_WIDTH = 760
WHOLE_PASTE = 16
"""Characters that arrive at once: more than a key press can bring, so it was pasted by some other way."""


class WelcomePage(QWidget):
    """What a person sees before anything exists.

    Signals:
        pasted(str): what was pasted or typed into the box; it is not kept here.
        example_wanted: show me with example data.
        connect_wanted: I have a client id and secret.
        letter_wanted: I have nothing yet.
        back_wanted: back to the editor; Esc does the same.
    """

    pasted = Signal(str)
    example_wanted = Signal()
    connect_wanted = Signal()
    letter_wanted = Signal()
    back_wanted = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("welcomePage")
        self.setProperty("kind", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.box = PasteBox()
        self._go = text_button(tr("Welcome", "Read this"), "readPasteButton", kind="primary")
        self._go.hide()
        self.example = CardButton(
            icons,
            "test",
            tr("Welcome", "Try with example data"),
            tr("Welcome", "Made up, on this computer alone. No account, nothing to set up."),
            "tryExampleButton",
        )
        self.connect_site = CardButton(
            icons,
            "key",
            tr("Welcome", "I have a client id and secret"),
            tr(
                "Welcome",
                "Connect your own site; the secret is kept in this computer's password store, where it has one.",
            ),
            "connectButton",
        )
        self.back = text_button(tr("Welcome", "Back to your reports"), "backToReportsButton", kind="link")
        icons.bind(self.back, "chevron-left", "accent")
        self.back.hide()
        self.letter = text_button(tr("Welcome", "I have nothing yet (write to IT for me)"), "letterButton", kind="link")
        self._lay_out()
        self.box.pasted.connect(self.pasted)
        self.box.textChanged.connect(lambda: self._go.setVisible(bool(self.box.toPlainText().strip())))
        self._go.clicked.connect(self.box.hand_on)
        self.example.clicked.connect(self.example_wanted)
        self.connect_site.clicked.connect(self.connect_wanted)
        self.letter.clicked.connect(self.letter_wanted)
        self.back.clicked.connect(self.back_wanted)

    def offer_back(self, visit: bool) -> None:
        """Say that there is work to go back to, or, at the first run, that there is none."""
        self.back.setVisible(visit)

    def is_visit(self) -> bool:
        """Return whether there is work to go back to."""
        return not self.back.isHidden()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.back_wanted.emit()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        inner = QWidget()
        inner.setProperty("kind", "page")
        area = QScrollArea()
        area.setObjectName("welcomeScroll")
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column(self).addWidget(area)
        outer = QHBoxLayout(inner)
        outer.setContentsMargins(32, 24, 32, 24)
        outer.addStretch(1)
        content = QWidget()
        content.setMaximumWidth(CONTENT_WIDTH)
        outer.addWidget(content, 100)
        outer.addStretch(1)
        box = column(content, spacing=0)
        top = QHBoxLayout()
        top.addWidget(self.back)
        top.addStretch()
        box.addLayout(top)
        box.addStretch(2)
        box.addWidget(
            label(tr("Welcome", "Get a report out of your learning site, safely."), role="display", wrap=True)
        )
        box.addSpacing(12)
        hint = tr(
            "Welcome",
            "In Sana, open Manage, then Insights. Press </> above your widget, then the clipboard, and choose cURL.",
        )
        box.addWidget(label(hint, role="quiet", wrap=True))
        box.addSpacing(24)
        box.addWidget(self.box)
        box.addSpacing(8)
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(self._go)
        box.addLayout(row)
        box.addSpacing(12)
        cards = QHBoxLayout()
        cards.setSpacing(16)
        cards.addWidget(self.example, 1)
        cards.addWidget(self.connect_site, 1)
        box.addLayout(cards)
        box.addSpacing(12)
        quiet = QHBoxLayout()
        quiet.addWidget(self.letter)
        quiet.addStretch()
        box.addLayout(quiet)
        box.addStretch(3)
        promise = tr(
            "Welcome",
            "No account. Nothing is sent anywhere but to your learning site, its practice service, and where it keeps "
            "its files.",
        )
        box.addWidget(label(promise, role="caption", wrap=True))
        # Only when all is in place: its parts are styled once.
        area.setWidget(inner)


class PasteBox(QPlainTextEdit):
    """Takes a paste and hands it on at once; a token in it never becomes part of a document.

    Signals:
        pasted(str): the text.
    """

    pasted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("welcomePasteBox")
        self.setProperty("kind", "welcome")
        self.setAccessibleName(tr("Welcome", "Paste what you copied here"))
        self.setPlaceholderText(
            tr("Welcome", "Paste what you copied here: a cURL command, SQL, or anything from the widget")
        )
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setMinimumHeight(120)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().contentsChange.connect(self._changed)

    def sizeHint(self) -> QSize:
        return QSize(CONTENT_WIDTH, 136)

    def hand_on(self) -> None:
        """Emit what stands in the box and empty it."""
        text = self.toPlainText()
        self.clear()
        if text.strip():
            self.pasted.emit(text)

    def insertFromMimeData(self, source: QMimeData) -> None:
        if source.hasText() and source.text().strip():
            self.pasted.emit(source.text())

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_go(event):
            # Here Ctrl+Enter means this box, not the command of the editor.
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _is_go(event):
            self.hand_on()
        else:
            super().keyPressEvent(event)

    def _changed(self, _at: int, removed: int, added: int) -> None:
        # Assistive tools and input methods set text without a paste event.
        if added - removed >= WHOLE_PASTE:
            QTimer.singleShot(0, self.hand_on)


def _is_go(event: QKeyEvent) -> bool:
    enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
    return enter and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)


class CardButton(PushButton):
    """A button with an icon, a title and one sentence."""

    def __init__(self, icons: Icons, icon: str, title: str, sentence: str, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("kind", "card")
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(16, 14, 16, 14)
        row.setSpacing(12)
        mark = QLabel()
        icons.bind_label(mark, icon, "accent", 24)
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(label(title, role="heading", wrap=True))
        words.addWidget(label(sentence, role="quiet", wrap=True), 1)
        row.addLayout(words, 1)
        for child in self.findChildren(QLabel):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def sizeHint(self) -> QSize:
        return self._row.sizeHint()

    def minimumSizeHint(self) -> QSize:
        return self._row.minimumSize()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._row.totalHeightForWidth(width)
