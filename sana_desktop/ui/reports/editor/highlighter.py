"""Colours of SQL, in slices: an unclosed comment at the top of a long text does not stall a key."""

from __future__ import annotations

from PySide6.QtGui import QFont, QSyntaxHighlighter, QTextBlock, QTextCharFormat, QTextDocument

from sana_desktop.reports.sql.tokens import Kind, Piece
from sana_desktop.ui.reports.editor.positions import Positions
from sana_desktop.ui.reports.editor.sql_lines import Tokenise
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.widgets import after

LINES_A_SLICE = 100
"""Some 6 ms of work, which a key may have to wait for; what is below comes in later turns of the loop."""
MAX_LINE_LENGTH = 20_000
"""Characters; a longer line stays without colours."""

_ROLES = {
    Kind.KEYWORD: "sql_keyword",
    Kind.STRING: "sql_string",
    Kind.NUMBER: "sql_number",
    Kind.COMMENT: "sql_comment",
    Kind.FUNCTION: "sql_function",
    Kind.PLACEHOLDER: "sql_blank",
}


class SqlHighlighter(QSyntaxHighlighter):
    """Gives each line the colours of its tokens.

    Attributes:
        colouring: whether it works by itself now, with nobody typing.
    """

    def __init__(self, document: QTextDocument, theme: Theme, tokenise: Tokenise) -> None:
        super().__init__(document)
        self.colouring = False
        self._theme = theme
        self._tokenise = tokenise
        self._formats: dict[Kind, QTextCharFormat] = {}
        self._left = LINES_A_SLICE
        self._waiting: tuple[int, int] | None = None
        self._next = after(self, 0, self._go_on)
        self._make_formats()
        theme.changed.connect(self._recolour)
        # Else Qt does it later, for a text that is coloured by then, and reports that as a change of the text.
        self.rehighlight()

    def tokens_of(self, block: QTextBlock) -> list[Piece]:
        """Return the tokens of a line of the document."""
        before = block.previous()
        state = max(before.userState(), 0) if before.isValid() else 0
        return self._tokenise(block.text(), state)[0]

    def highlightBlock(self, text: str) -> None:
        number = self.currentBlock().blockNumber()
        if self._left <= 0:
            # Handing back the state of before ends Qt's walk down the document here.
            self.setCurrentBlockState(self.currentBlock().userState())
            first, last = self._waiting or (number, number)
            self._waiting = (min(first, number), max(last, number))
            return
        self._left -= 1
        self._next.start()
        state = max(self.previousBlockState(), 0)
        if len(text) > MAX_LINE_LENGTH:
            self.setCurrentBlockState(state)
            return
        tokens, end = self._tokenise(text, state)
        self.setCurrentBlockState(end)
        positions = Positions(text)
        for start, length, kind in tokens:
            made = self._formats.get(kind)
            if made is not None:
                begin = positions.to_qt(start)
                self.setFormat(begin, positions.to_qt(start + length) - begin, made)

    def _go_on(self) -> None:
        self._left = LINES_A_SLICE
        waiting, self._waiting = self._waiting, None
        if waiting is None:
            return
        number, last = waiting
        block = self.document().findBlockByNumber(number)
        self.colouring = True
        try:
            while block.isValid() and number <= last and self._left > 0:
                before = self._left
                # Qt walks on by itself as long as the lines below are affected, and that in one step of the document.
                self.rehighlightBlock(block)
                number += max(before - self._left, 1)
                block = self.document().findBlockByNumber(number)
        finally:
            self.colouring = False
        if number <= last:
            first, end = self._waiting or (number, last)
            self._waiting = (min(first, number), max(end, last))
        if self._waiting is not None:
            self._next.start()

    def _make_formats(self) -> None:
        for kind, role in _ROLES.items():
            made = QTextCharFormat()
            made.setForeground(self._theme.colour(role))
            if kind is Kind.KEYWORD:
                made.setFontWeight(QFont.Weight.DemiBold)
            if kind is Kind.COMMENT:
                made.setFontItalic(True)
            self._formats[kind] = made

    def _recolour(self) -> None:
        self._make_formats()
        self._left = LINES_A_SLICE
        self.colouring = True
        try:
            self.rehighlight()
        finally:
            self.colouring = False
