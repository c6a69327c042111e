"""How much of each place or tag was met, as bars with their words and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from sana_desktop.base.text import one_line
from sana_desktop.ui.practice.meaning.pictures import GAP, LEFT, RIGHT, Picture
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr

BAR = 4
ROW_GAP = 6
NAME_CHARACTERS = 80
MAX_BARS = 6


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its words, its number as words, and its length from 0 to 1 (None: there is nothing to compare with)."""

    words: str
    number: str
    share: float | None


class BarsPicture(Picture):
    """Words and number above each bar; the most important ones first, the others are in the table below."""

    def __init__(self, name: str, words: str, theme: Theme) -> None:
        super().__init__(name, words, theme, 0)
        self._bars: Sequence[Bar] = ()
        self._more = 0

    def show_bars(self, bars: Sequence[Bar], description: str) -> None:
        """Show the first few of `bars`."""
        before = len(self._bars), bool(self._more)
        self._bars = bars[:MAX_BARS]
        self._more = len(bars) - len(self._bars)
        self.setAccessibleDescription(description)
        if before != (len(self._bars), bool(self._more)):
            self.updateGeometry()
        self.update()

    def plot_height(self) -> float:
        return len(self._bars) * self._row_height() + (self.line_height() if self._more else 0)

    def paint_plot(self, painter: QPainter, plot: QRectF) -> None:
        line = self.line_height()
        for position, bar in enumerate(self._bars):
            top = plot.top() + position * self._row_height()
            room = self.fontMetrics().horizontalAdvance(bar.number)
            words = QRectF(plot.left(), top, plot.width() - room - GAP * 2, line)
            self.write(painter, words, one_line(bar.words, NAME_CHARACTERS), LEFT, "text")
            self.write(painter, QRectF(plot.right() - room - 1, top, room + 1, line), bar.number, RIGHT)
            track = QRectF(plot.left(), top + line + 1, plot.width(), BAR)
            painter.fillRect(track, self.theme.colour("line"))
            if bar.share:
                track.setWidth(max(track.width() * min(bar.share, 1.0), BAR))
                painter.fillRect(track, self.theme.colour("accent"))
        if self._more:
            place = QRectF(plot.left(), plot.bottom() - line, plot.width(), line)
            self.write(painter, place, tr("Practice", "and {n} more, in the table", n=self._more), LEFT)

    def _row_height(self) -> int:
        return self.line_height() + BAR + ROW_GAP
