"""The field one query is written in: line numbers, current line, brackets, remarks under the text, a guarded paste."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QMimeData, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragMoveEvent,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QToolTip, QWidget

from sana_desktop.ui.reports.editor.findings import Finding, Severity
from sana_desktop.ui.reports.editor.highlighter import SqlHighlighter
from sana_desktop.ui.reports.editor.paste_guard import is_request
from sana_desktop.ui.reports.editor.positions import Positions
from sana_desktop.ui.reports.editor.sql_lines import CLOSING, OPENING, Tokenise, brackets_of, toggle_comment
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr

TAB_COLUMNS = 4
MIN_HEIGHT = 36
BRACKET_LINES = 2_000
"""How far the other bracket is looked for."""
BRACKET_LINES_READ = 300
"""How many lines with such brackets are read for it: a key with no other half in sight must not take longer."""
MAX_MARKS = 1_000
"""How many finds are painted at once; all are counted."""
_ROLE_OF: dict[Severity, str] = {"error": "bad", "warning": "warn"}


class SqlEdit(QPlainTextEdit):
    """An editor of one query.

    Signals:
        pasted(str): text that was pasted or dropped here and must be understood first; it did not enter the document.
        tab_key_changed(bool): whether the Tab key now moves the focus.
    """

    pasted = Signal(str)
    tab_key_changed = Signal(bool)

    def __init__(self, theme: Theme, tokenise: Tokenise, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "code")
        self.setAccessibleName(tr("Editor", "Query"))
        self.setAccessibleDescription(tr("Editor", "SQL of the report. Ctrl+M lets the Tab key leave the field."))
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.setPlaceholderText(
            tr(
                "Editor",
                "Write or paste a query here, or paste what you copied from the widget anywhere in the window.",
            )
        )
        self._theme = theme
        self._findings: list[tuple[int, int, Finding]] = []
        self._finds: list[tuple[int, int]] = []
        self._find_at = -1
        self._line_height = 1
        # On a small screen find, replace and the panels must fit beside it.
        self.setMinimumHeight(MIN_HEIGHT)
        self.gutter = LineNumbers(self)
        self._highlighter = SqlHighlighter(self.document(), theme, tokenise)
        self.blockCountChanged.connect(self._make_room)
        self.updateRequest.connect(self._scrolled)
        self.cursorPositionChanged.connect(self._mark)
        theme.changed.connect(self._themed)
        self._themed()

    # -- text

    @property
    def only_colours_change(self) -> bool:
        """Whether what is reported as a change of text just now is none."""
        return self._highlighter.colouring

    def blank(self) -> bool:
        """Return whether there is nothing but white space."""
        block = self.document().firstBlock()
        while block.isValid() and not block.text().strip():
            block = block.next()
        return not block.isValid()

    def head(self, limit: int) -> str:
        """Return the first lines, cut at `limit` characters; the rest of the text costs nothing."""
        lines, length = [], 0
        block = self.document().firstBlock()
        while block.isValid() and length < limit:
            lines.append(block.text()[: limit - length])
            length += len(lines[-1]) + 1
            block = block.next()
        return "\n".join(lines)

    def caret(self, text: str | None = None) -> int:
        """Return the caret's place, counted in characters; `text` is the whole text, if it is at hand."""
        whole = self.toPlainText() if text is None else text
        return Positions(whole).from_qt(self.textCursor().position())

    def set_caret(self, position: int) -> None:
        """Put the caret at a character position; beyond the end means the end."""
        cursor = self.textCursor()
        end = self.document().characterCount() - 1
        cursor.setPosition(min(Positions(self.toPlainText()).to_qt(max(position, 0)), end))
        self.setTextCursor(cursor)

    def replace_text(self, text: str) -> None:
        """Put `text` in place of everything, as one step that undo takes back."""
        line = self.textCursor().blockNumber()
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        cursor.endEditBlock()
        block = self.document().findBlockByNumber(min(line, self.blockCount() - 1))
        cursor.setPosition(block.position())
        self.setTextCursor(cursor)

    def toggle_comment(self) -> None:
        """Turn the lines of the selection into comments, or back; one undo step."""
        cursor = self.textCursor()
        document = self.document()
        first = document.findBlock(cursor.selectionStart())
        last = document.findBlock(max(cursor.selectionEnd() - (1 if cursor.hasSelection() else 0), first.position()))
        lines = [document.findBlockByNumber(n).text() for n in range(first.blockNumber(), last.blockNumber() + 1)]
        edit = QTextCursor(first)
        edit.beginEditBlock()
        edit.setPosition(last.position() + last.length() - 1, QTextCursor.MoveMode.KeepAnchor)
        edit.insertText("\n".join(toggle_comment(lines)))
        edit.endEditBlock()

    def toggle_tab_key(self) -> None:
        """Let the Tab key move the focus, or insert again: the way out for who has no mouse."""
        self.setTabChangesFocus(not self.tabChangesFocus())
        self.tab_key_changed.emit(self.tabChangesFocus())

    # -- remarks and finds

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Underline the parts of the text that `findings` speak of."""
        positions = Positions(self.toPlainText())
        end = self.document().characterCount() - 1
        self._findings = []
        for finding in findings:
            start = min(positions.to_qt(finding.start), end)
            stop = min(positions.to_qt(finding.end), end)
            if stop <= start:
                # A place between characters is shown on the one before it, or after it at the start of the text.
                start, stop = (start - 1, start) if start > 0 else (0, min(1, end))
            self._findings.append((start, stop, finding))
        self._mark()

    def show_finds(self, finds: list[tuple[int, int]], current: int = -1) -> None:
        """Paint what the search found: start and length in Qt's units; `current` is the index of the one in view."""
        self._finds = finds
        self._find_at = current
        self._mark()

    # -- paste and drop

    def insertFromMimeData(self, source: QMimeData) -> None:
        if not source.hasText():
            return
        text = source.text()
        if is_request(text, into_empty=self.document().isEmpty()):
            self.pasted.emit(text)
            return
        self.textCursor().insertText(text.replace("\r\n", "\n").replace("\r", "\n"))
        self.ensureCursorVisible()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasText() and not source.hasUrls()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        # A file is the window's business: left alone, the event goes up to it.
        event.ignore() if event.mimeData().hasUrls() else super().dragEnterEvent(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        event.ignore() if event.mimeData().hasUrls() else super().dragMoveEvent(event)

    # -- keys and hover

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        plain = not self.tabChangesFocus() and not self.isReadOnly()
        if plain and key == Qt.Key.Key_Tab and self.textCursor().hasSelection():
            self._indent(1)
        elif plain and key == Qt.Key.Key_Backtab:
            self._indent(-1)
        elif plain and key == Qt.Key.Key_Tab:
            column = self.textCursor().positionInBlock()
            self.textCursor().insertText(" " * (TAB_COLUMNS - column % TAB_COLUMNS))
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.modifiers() and not self.isReadOnly():
            block = self.textCursor().block().text()[: self.textCursor().positionInBlock()]
            self.textCursor().insertText("\n" + block[: len(block) - len(block.lstrip())])
            self.ensureCursorVisible()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            at = self.cursorForPosition(self.viewport().mapFrom(self, event.pos())).position()
            said = [finding.message for start, stop, finding in self._findings if start <= at <= stop]
            QToolTip.showText(event.globalPos(), "\n".join(said), self) if said else QToolTip.hideText()
            return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        area = self.contentsRect()
        self.gutter.setGeometry(QRect(area.left(), area.top(), self.gutter.width_wanted(), area.height()))

    # -- inside

    def line_geometry(self, block: QTextBlock) -> tuple[int, int]:
        """Return top and height of a line, in pixels of the viewport."""
        box = self.blockBoundingGeometry(block).translated(self.contentOffset())
        # The last line's box also holds the margin of the document.
        return round(box.top()), min(round(box.height()), self._line_height)

    def _indent(self, step: int) -> None:
        cursor = self.textCursor()
        document = self.document()
        first = document.findBlock(cursor.selectionStart()).blockNumber()
        last = document.findBlock(max(cursor.selectionEnd() - 1, cursor.selectionStart())).blockNumber()
        edit = QTextCursor(document)
        edit.beginEditBlock()
        for number in range(first, last + 1):
            block = document.findBlockByNumber(number)
            edit.setPosition(block.position())
            if step > 0:
                edit.insertText(" " * TAB_COLUMNS)
            else:
                text = block.text()
                for _ in range(min(TAB_COLUMNS, len(text) - len(text.lstrip(" ")))):
                    edit.deleteChar()
        edit.endEditBlock()

    def _themed(self) -> None:
        font = self._theme.mono()
        self.setFont(font)
        self.document().setDefaultFont(font)
        self._line_height = max(round(QFontMetricsF(font).height()), 1)
        self.setTabStopDistance(QFontMetricsF(font).horizontalAdvance(" ") * TAB_COLUMNS)
        self.gutter.setFont(self._theme.mono("caption"))
        self.gutter.theme = self._theme
        self._make_room()
        self._mark()

    def _make_room(self) -> None:
        self.setViewportMargins(self.gutter.width_wanted(), 0, 0, 0)

    def _scrolled(self, area: QRect, moved: int) -> None:
        if moved:
            self.gutter.scroll(0, moved)
        else:
            self.gutter.update(0, area.y(), self.gutter.width(), area.height())

    def _mark(self) -> None:
        marks: list[QTextEdit.ExtraSelection] = []
        # The band would lie over the placeholder of an empty text.
        if not self.isReadOnly() and not self.document().isEmpty():
            line = QTextEdit.ExtraSelection()
            line.format.setBackground(self._theme.colour("current_line"))
            line.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
            line.cursor = self.textCursor()
            line.cursor.clearSelection()
            marks.append(line)
        for index, (start, length) in enumerate(self._finds[:MAX_MARKS]):
            back = QTextCharFormat()
            back.setBackground(self._theme.colour("find_current_back" if index == self._find_at else "find_back"))
            marks.append(self._selection(start, start + length, back))
        marks += self._bracket_marks()
        for start, stop, finding in self._findings:
            role = _ROLE_OF.get(finding.severity)
            if role is None:
                continue  # a mere hint: the line below the text says it calmly
            wave = QTextCharFormat()
            wave.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            wave.setUnderlineColor(self._theme.colour(role))
            marks.append(self._selection(start, stop, wave))
        self.setExtraSelections(marks)
        self.gutter.update()

    def _selection(self, start: int, stop: int, look: QTextCharFormat) -> QTextEdit.ExtraSelection:
        made = QTextEdit.ExtraSelection()
        made.format = look
        cursor = QTextCursor(self.document())
        end = self.document().characterCount() - 1
        cursor.setPosition(min(start, end))
        cursor.setPosition(min(stop, end), QTextCursor.MoveMode.KeepAnchor)
        made.cursor = cursor
        return made

    def _bracket_marks(self) -> list[QTextEdit.ExtraSelection]:
        pair = self.bracket_pair()
        if pair is None:
            return []
        back = QTextCharFormat()
        back.setBackground(self._theme.colour("bracket_back"))
        return [self._selection(at, at + 1, back) for at in pair]

    def bracket_pair(self) -> tuple[int, int] | None:
        """Return the places, in Qt's units, of the bracket at the caret and its other half; None if there are none."""
        cursor = self.textCursor()
        block, column = cursor.block(), cursor.positionInBlock()
        text = block.text()
        if not any(character in OPENING or character in CLOSING for character in text[max(column - 2, 0) : column + 1]):
            return None
        here = dict(self._brackets(block))
        for at in (column, column - 1):
            character = here.get(at, "")
            if character:
                other = self._other(block, at, character)
                return None if other is None else (block.position() + at, other)
        return None

    def _brackets(self, block: QTextBlock) -> list[tuple[int, str]]:
        text = block.text()
        positions = Positions(text)
        return [(positions.to_qt(at), c) for at, c in brackets_of(text, self._highlighter.tokens_of(block))]

    def _other(self, block: QTextBlock, column: int, character: str) -> int | None:
        down = character in OPENING
        pairs = OPENING if down else CLOSING
        wanted, depth, start, read = pairs[character], 0, column, 0
        for _ in range(BRACKET_LINES):
            text = block.text()
            found = self._brackets(block) if wanted in text or character in text else []
            read += bool(found)
            if read > BRACKET_LINES_READ:
                return None
            for at, other in found if down else reversed(found):
                if (at <= start) if down else (at >= start):
                    continue
                if other == character:
                    depth += 1
                elif other == wanted:
                    if depth == 0:
                        return block.position() + at
                    depth -= 1
            block = block.next() if down else block.previous()
            if not block.isValid():
                return None
            start = -1 if down else 1 << 30
        return None


class LineNumbers(QWidget):
    """The numbers left of the text; the current one is darker."""

    def __init__(self, editor: SqlEdit) -> None:
        super().__init__(editor)
        self.theme: Theme | None = None
        self._editor = editor

    def width_wanted(self) -> int:
        """Return the width for the largest number, at least three digits."""
        digits = max(3, len(str(self._editor.blockCount())))
        return self.fontMetrics().horizontalAdvance("9") * digits + 32

    def sizeHint(self) -> QSize:
        return QSize(self.width_wanted(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.theme is None:
            return
        painter = QPainter(self)
        painter.fillRect(event.rect(), self.theme.colour("surface"))
        current = self._editor.textCursor().blockNumber()
        block = self._editor.firstVisibleBlock()
        while block.isValid():
            top, height = self._editor.line_geometry(block)
            if top > event.rect().bottom():
                break
            if top + height >= event.rect().top():
                here = block.blockNumber() == current and not self._editor.document().isEmpty()
                if here:
                    painter.fillRect(0, top, self.width(), height, self.theme.colour("current_line"))
                painter.setPen(self.theme.colour("text" if here else "text_quiet"))
                area = QRect(0, top, self.width() - 16, height)
                flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                painter.drawText(area, flags, str(block.blockNumber() + 1))
            block = block.next()
        painter.end()
