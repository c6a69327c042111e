"""Find and replace: a bar above the text that counts, and that Esc closes before anything else."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRegularExpression, Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLineEdit, QWidget

from sana_desktop.ui.icons import Icons
from sana_desktop.ui.reports.editor.sql_edit import SqlEdit
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import after, icon_button, label, set_tone, text_button

MAX_FINDS = 20_000
RECOUNT_AFTER_MS = 150


class FindBar(QFrame):
    """Searches the editor it was given.

    Signals:
        closed: the bar was closed; the focus goes back to the text.
    """

    closed = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("findBar")
        self.setProperty("kind", "surface")
        self._editor: SqlEdit | None = None
        self._finds: list[tuple[int, int]] = []
        self._at = -1
        self._recount = after(self, RECOUNT_AFTER_MS, self._search)
        self.find_field = self._field("findField", tr("Find", "Find"))
        self.replace_field = self._field("replaceField", tr("Find", "Replace with"))
        self.case = icon_button(icons, "case", tr("Find", "Capital letters matter"), "findCase", checkable=True)
        self.word = icon_button(icons, "word", tr("Find", "Whole words"), "findWord", checkable=True)
        self.regex = icon_button(icons, "regex", tr("Find", "Regular expression"), "findRegex", checkable=True)
        self.count = label("", role="quiet", name="findCount")
        self._previous = icon_button(icons, "chevron-up", tr("Find", "Previous (Shift+F3)"), "findPrevious")
        self._next = icon_button(icons, "chevron-down", tr("Find", "Next (F3)"), "findNext")
        self._close = icon_button(icons, "close", tr("Find", "Close (Esc)"), "findClose")
        self._one = text_button(tr("Find", "Replace"), "replaceOne")
        self._all = text_button(tr("Find", "Replace all"), "replaceAll")
        self._replacing = QWidget()
        self._lay_out()
        self._wire()
        # Who has typed what to find types next what to put in its place.
        QWidget.setTabOrder(self.find_field, self.replace_field)
        QWidget.setTabOrder(self.replace_field, self.case)
        self.hide()

    def attach(self, editor: SqlEdit | None) -> None:
        """Search in `editor` from now on."""
        if self._editor is not None:
            self._editor.show_finds([])
            self._editor.textChanged.disconnect(self._recount_soon)
        self._editor = editor
        if editor is not None:
            editor.textChanged.connect(self._recount_soon)
            if self.isVisible():
                self._search()

    def open(self, *, replace: bool) -> None:
        """Show the bar, with what is selected as what to find."""
        self.replace_field.setVisible(replace)
        self._replacing.setVisible(replace)
        self.show()
        if self._editor is not None:
            chosen = self._editor.textCursor().selectedText()
            if chosen and "\u2029" not in chosen:
                self.find_field.setText(chosen)
        self.find_field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.find_field.selectAll()
        self._search()

    def close_bar(self) -> None:
        """Hide the bar and its marks."""
        self.hide()
        if self._editor is not None:
            self._editor.show_finds([])
            self._editor.setFocus(Qt.FocusReason.OtherFocusReason)
        self.closed.emit()

    def step(self, by: int) -> None:
        """Go to the next (1) or previous (-1) find, round the end."""
        if not self.isVisible() and self.find_field.text():
            self._search()
        if not self._finds or self._editor is None:
            return
        cursor = self._editor.textCursor()
        if by > 0:
            here = cursor.selectionEnd() if cursor.hasSelection() else cursor.position()
            later = (i for i, (start, _) in enumerate(self._finds) if start >= here)
            self._at = next(later, 0)
        else:
            here = cursor.selectionStart()
            before = (i for i in range(len(self._finds) - 1, -1, -1) if sum(self._finds[i]) <= here)
            self._at = next(before, len(self._finds) - 1)
        self._show_current()

    def replace_one(self) -> None:
        """Replace the find that is selected and go to the next; if none is, only go to the next."""
        if self._editor is None:
            return
        cursor = self._editor.textCursor()
        chosen = (cursor.selectionStart(), cursor.selectionEnd() - cursor.selectionStart())
        if chosen in self._finds:
            cursor.insertText(self._replacement(cursor.selectedText()))
            self._editor.setTextCursor(cursor)
            self._search()
        self.step(1)

    def replace_all(self) -> int:
        """Replace every find in one undo step and return how many there were."""
        if self._editor is None:
            return 0
        self._search()
        finds = self._finds
        cursor = QTextCursor(self._editor.document())
        cursor.beginEditBlock()
        for start, length in reversed(finds):
            cursor.setPosition(start)
            cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
            cursor.insertText(self._replacement(cursor.selectedText()))
        cursor.endEditBlock()
        self._search()
        self.count.setText(tr("Find", "{count} replaced", count=len(finds)))
        return len(finds)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
            if enter and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
                self.replace_one() if watched is self.replace_field else self.step(-1 if back else 1)
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        else:
            super().keyPressEvent(event)

    def _field(self, name: str, words: str) -> QLineEdit:
        made = QLineEdit()
        made.setObjectName(name)
        made.setPlaceholderText(words)
        made.setAccessibleName(words)
        made.installEventFilter(self)
        return made

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(16, 8, 12, 8)
        grid.setHorizontalSpacing(4)
        grid.setVerticalSpacing(8)
        self.find_field.setMinimumWidth(280)
        grid.addWidget(self.find_field, 0, 0)
        row = QHBoxLayout()
        row.setSpacing(4)
        for button in (self.case, self.word, self.regex):
            row.addWidget(button)
        row.addSpacing(8)
        row.addWidget(self.count)
        row.addStretch()
        for button in (self._previous, self._next, self._close):
            row.addWidget(button)
        grid.addLayout(row, 0, 1)
        grid.addWidget(self.replace_field, 1, 0)
        pair = QHBoxLayout(self._replacing)
        pair.setContentsMargins(4, 0, 0, 0)
        pair.setSpacing(8)
        pair.addWidget(self._one)
        pair.addWidget(self._all)
        pair.addStretch()
        grid.addWidget(self._replacing, 1, 1)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(1, 3)

    def _wire(self) -> None:
        self.find_field.textChanged.connect(lambda: self._search(move=True))
        for box in (self.case, self.word, self.regex):
            box.toggled.connect(lambda: self._search())
        self._previous.clicked.connect(lambda: self.step(-1))
        self._next.clicked.connect(lambda: self.step(1))
        self._close.clicked.connect(self.close_bar)
        self._one.clicked.connect(self.replace_one)
        self._all.clicked.connect(self.replace_all)

    def _recount_soon(self) -> None:
        if self.isVisible():
            self._recount.start()

    def _expression(self) -> QRegularExpression:
        text = self.find_field.text()
        pattern = text if self.regex.isChecked() else QRegularExpression.escape(text)
        if self.word.isChecked():
            pattern = rf"\b(?:{pattern})\b"
        options = QRegularExpression.PatternOption.MultilineOption
        options |= QRegularExpression.PatternOption.UseUnicodePropertiesOption
        if not self.case.isChecked():
            options |= QRegularExpression.PatternOption.CaseInsensitiveOption
        return QRegularExpression(pattern, options)

    def _search(self, *, move: bool = False) -> None:
        self._recount.stop()
        self._finds, self._at = [], -1
        expression = self._expression()
        wrong = bool(self.find_field.text()) and not expression.isValid()
        set_tone(self.find_field, "bad" if wrong else "")
        if self._editor is None or not self.find_field.text() or wrong:
            self.count.setText(tr("Find", "Not a valid expression") if wrong else "")
            if self._editor is not None:
                self._editor.show_finds([])
            return
        found = expression.globalMatch(self._editor.toPlainText())
        while found.hasNext() and len(self._finds) < MAX_FINDS:
            match = found.next()
            if match.capturedLength():
                self._finds.append((match.capturedStart(), match.capturedLength()))
        cursor = self._editor.textCursor()
        here = cursor.selectionStart()
        if move and self._finds:
            self._at = next((i for i, (start, _) in enumerate(self._finds) if start >= here), 0)
            self._show_current()
            return
        chosen = (here, cursor.selectionEnd() - here)
        self._at = self._finds.index(chosen) if chosen in self._finds else -1
        self._say()

    def _show_current(self) -> None:
        if self._editor is None:
            return
        start, length = self._finds[self._at]
        cursor = QTextCursor(self._editor.document())
        cursor.setPosition(start)
        cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
        self._editor.setTextCursor(cursor)
        self._editor.ensureCursorVisible()
        self._say()

    def _say(self) -> None:
        total = len(self._finds)
        if self._editor is not None:
            self._editor.show_finds(self._finds, self._at)
        if total == 0:
            self.count.setText(tr("Find", "Nothing found"))
        elif self._at >= 0:
            self.count.setText(tr("Find", "{at} of {total}", at=self._at + 1, total=total))
        else:
            self.count.setText(tr("Find", "{total} found", total=total))

    def _replacement(self, found: str) -> str:
        text = self.replace_field.text()
        if not self.regex.isChecked():
            return text
        match = self._expression().match(found.replace("\u2029", "\n"))
        for group in range(match.lastCapturedIndex(), -1, -1):
            text = text.replace(f"\\{group}", match.captured(group))
        return text
