"""The card "I understood this": what a paste was taken for, in words, before anything is sent (B01, B02)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from sana_desktop.base.text import bounded, one_line, visible
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import label, line, text_button

CARD_WIDTH = 680
MAX_SENTENCE_LENGTH = 400
MAX_FOLDED_LENGTH = 20_000

NoteTone = Literal["quiet", "good", "warn", "bad"]


@dataclass(frozen=True, slots=True)
class Note:
    """A remark below the rows, such as what was ignored or lifted out."""

    text: str
    tone: NoteTone = "quiet"


@dataclass(frozen=True, slots=True)
class Understood:
    """What the card says. No field may hold a secret.

    Attributes:
        rows: label and sentence: Site, Report, Dates, Format, Access.
        notes: remarks.
        accept: the verb on the primary button; "" if there is nothing to accept.
        title: the first line.
        folded: the technical layer, such as the SQL; "" for none.
        folded_words: what the fold is called.
        clipboard_button: whether to offer to empty the clipboard.
        again_button: whether to offer to look at the clipboard again, where there is nothing to accept.
    """

    rows: tuple[tuple[str, str], ...]
    notes: tuple[Note, ...] = ()
    accept: str = ""
    title: str = ""
    folded: str = ""
    folded_words: str = ""
    clipboard_button: bool = False
    again_button: bool = False


class UnderstoodCard(QFrame):
    """The card.

    Signals:
        accepted: go on with what was understood.
        dismissed: forget it; Esc does the same.
        clipboard_wanted: empty the clipboard too.
        again_wanted: something else was copied, look at the clipboard again.
    """

    accepted = Signal()
    dismissed = Signal()
    clipboard_wanted = Signal()
    again_wanted = Signal()

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("understoodCard")
        self.setProperty("kind", "card")
        self.setAccessibleName(tr("Paste", "What I understood"))
        self.setMaximumWidth(CARD_WIDTH)
        self._theme = theme
        self._icons = icons
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(32, 28, 32, 24)
        self._box.setSpacing(0)
        self._content: QWidget | None = None
        self.accept = text_button("", "acceptPasteButton", kind="primary")
        self.again = text_button(tr("Paste", "Paste again"), "pasteAgainButton", kind="primary")
        self.dismiss = text_button(tr("Paste", "Not this"), "dismissPasteButton", kind="plain")
        self.clipboard = text_button(tr("Paste", "Empty the clipboard too"), "emptyClipboardButton", kind="link")
        self._foot = QHBoxLayout()
        self._foot.setSpacing(8)
        self._foot.addStretch()
        for button in (self.dismiss, self.again, self.accept):
            self._foot.addWidget(button)
        self._box.addSpacing(12)
        # On a line of its own: beside the others it has no room where the text is large.
        self._box.addWidget(self.clipboard, 0, Qt.AlignmentFlag.AlignLeft)
        self._box.addSpacing(12)
        self._box.addLayout(self._foot)
        self.accept.clicked.connect(self.accepted)
        self.again.clicked.connect(self.again_wanted)
        self.dismiss.clicked.connect(self.dismissed)
        self.clipboard.clicked.connect(self.clipboard_wanted)

    def show_understood(self, understood: Understood) -> None:
        """Show what was understood and put the focus on the button that goes on."""
        if self._content is not None:
            self._box.removeWidget(self._content)
            self._content.hide()
            self._content.deleteLater()
        self._content = self._make(understood)
        self._box.insertWidget(0, self._content)
        self._content.show()
        self.accept.setText(understood.accept)
        self.accept.setAccessibleName(understood.accept)
        self.accept.setVisible(bool(understood.accept))
        self.again.setVisible(understood.again_button)
        self.clipboard.setVisible(understood.clipboard_button)
        self.clipboard.setEnabled(True)
        self.clipboard.setText(tr("Paste", "Empty the clipboard too"))
        self.setAccessibleDescription("\n".join(f"{name}: {sentence}" for name, sentence in understood.rows))
        self._focus_first()

    def add_row(self, widget: QWidget) -> None:
        """Put something right above the buttons, on a line of its own."""
        # Above what is there already: the space and the buttons.
        self._box.insertWidget(self._box.count() - 2, widget)

    def show_clipboard_empty(self) -> None:
        """Say that the clipboard was emptied."""
        self.clipboard.setText(tr("Paste", "The clipboard is empty"))
        if self.clipboard.hasFocus():
            # Else Qt gives it to the next button, which would throw away what is nowhere else any more.
            self._focus_first()
        self.clipboard.setEnabled(False)

    def _focus_first(self) -> None:
        buttons = (self.accept, self.again, self.dismiss)
        first = next(button for button in buttons if not button.isHidden())
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismissed.emit()
        else:
            super().keyPressEvent(event)

    def _make(self, understood: Understood) -> QWidget:
        content = QWidget()
        box = QVBoxLayout(content)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(12)
        title = understood.title or tr("Paste", "I understood this")
        box.addWidget(label(one_line(title, 120), role="title", wrap=True))
        grid = QGridLayout()
        grid.setContentsMargins(0, 8, 0, 0)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(1, 1)
        for row, (name, sentence) in enumerate(understood.rows):
            grid.addWidget(label(one_line(name, 40), role="quiet"), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label(one_line(sentence, MAX_SENTENCE_LENGTH), wrap=True, selectable=True), row, 1)
        box.addLayout(grid)
        if understood.notes:
            box.addSpacing(4)
            box.addWidget(line())
            box.addSpacing(4)
        for note in understood.notes:
            box.addLayout(self._note(note))
        if understood.folded:
            self._add_fold(box, understood)
        return content

    def _note(self, note: Note) -> QHBoxLayout:
        looks = {"quiet": ("info", "text_quiet"), "good": ("good", "good"), "warn": ("warning", "warn")}
        icon, role = looks.get(note.tone, ("error", "bad"))
        row = QHBoxLayout()
        row.setSpacing(10)
        mark = QLabel()
        self._icons.bind_label(mark, icon, role)
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(label(one_line(note.text, MAX_SENTENCE_LENGTH), role="quiet", wrap=True), 1)
        return row

    def _add_fold(self, box: QVBoxLayout, understood: Understood) -> None:
        words = understood.folded_words or tr("Paste", "Show the SQL")
        toggle = text_button(words, "showFoldButton", kind="link")
        toggle.setCheckable(True)
        self._icons.bind(toggle, "chevron-right", "accent")
        field = QPlainTextEdit(bounded(visible(understood.folded, keep_newlines=True), MAX_FOLDED_LENGTH))
        field.setObjectName("foldedText")
        field.setAccessibleName(words)
        field.setReadOnly(True)
        field.setTabChangesFocus(True)
        field.setProperty("kind", "field")
        field.setFont(self._theme.mono())
        field.setFixedHeight(160)
        field.hide()

        def fold(opened: bool) -> None:
            field.setVisible(opened)
            toggle.setText(tr("Paste", "Hide the SQL") if opened else words)
            self._icons.bind(toggle, "chevron-down" if opened else "chevron-right", "accent")

        toggle.toggled.connect(fold)
        row = QHBoxLayout()
        row.addWidget(toggle)
        row.addStretch()
        box.addLayout(row)
        box.addWidget(field)
