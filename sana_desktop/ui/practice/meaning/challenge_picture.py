"""Challenge asked for against answers that were not fully right, with what is not known yet of them, as a picture."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from sana_desktop.api.practice_models import Result
from sana_desktop.practice.meaning.challenge import ChallengeBin
from sana_desktop.ui.practice.meaning.pictures import CENTRE, GAP, HAIR, LEFT, RIGHT, Picture, height_of, paint_square
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr

PLOT_LINES = 8.0
CAP = 4.0
UNASKED_GAP = 16
"""Pixels: half the width of an interval's end; between the levels that were asked for and what Sana decided."""


class ChallengePicture(Picture):
    """Asked to the right, not fully right upwards; on the dashed line is what was asked for."""

    def __init__(self, theme: Theme) -> None:
        super().__init__("challengePicture", tr("Practice", "Challenge asked for and got"), theme, PLOT_LINES)
        self._bins: Sequence[ChallengeBin] = ()

    def show_bins(self, bins: Sequence[ChallengeBin], description: str) -> None:
        """Show what was measured at each level."""
        before = bool(self._bins)
        self._bins = [each for each in bins if each.answers]
        self.setAccessibleDescription(description)
        if bool(self._bins) is not before:
            self.updateGeometry()
        self.update()

    def legend(self) -> Sequence[tuple[Result | str, str]]:
        if not self._bins:
            return ()
        return (
            ("dashes", tr("Practice", "as asked")),
            ("square", tr("Practice", "what came")),
            ("line", tr("Practice", "room for chance")),
        )

    def paint_plot(self, painter: QPainter, plot: QRectF) -> None:
        if not self._bins:
            self.write_empty(painter, plot, tr("Practice", "Nothing to compare with what was asked for yet."))
            return
        line = self.line_height()
        self.write(painter, QRectF(0, 0, plot.width(), line), tr("Practice", "Answers not fully right"), LEFT)
        unasked = next((each for each in self._bins if each.asked is None), None)
        words = tr("Practice", "Sana decided")
        beside = self.fontMetrics().horizontalAdvance(words) + UNASKED_GAP if unasked is not None else 0
        whole = self.axis(painter, plot.adjusted(0, line, 0, -line))
        inside = whole.adjusted(0, 0, -beside, 0)
        painter.setPen(self.pen("line_strong", 1.4, Qt.PenStyle.DashLine))
        painter.drawLine(inside.bottomLeft(), inside.topRight())
        for each in self._bins:
            if each.asked is not None:
                self._paint_bin(painter, inside, inside.left() + each.asked * inside.width(), each)
        below = QRectF(inside.left(), inside.bottom() + line / 2 + GAP / 2, inside.width(), line)
        for text, how in (("0", LEFT), ("1", RIGHT)):
            self.write(painter, below, text, how)
        ends = self.fontMetrics().horizontalAdvance("0 1 ")
        for text in (tr("Practice", "challenge asked for"), tr("Practice", "asked for")):
            if self.fontMetrics().horizontalAdvance(text) + ends <= inside.width():
                self.write(painter, below, text, CENTRE)
                break
        if unasked is not None:
            room = beside - UNASKED_GAP
            self._paint_bin(painter, inside, whole.right() - room / 2, unasked)
            self.write(painter, QRectF(whole.right() - room, below.top(), room + 1, line), words, CENTRE)

    def _paint_bin(self, painter: QPainter, inside: QRectF, x: float, each: ChallengeBin) -> None:
        low, high = height_of(each.failed.low, inside), height_of(each.failed.high, inside)
        painter.setPen(self.pen("accent", HAIR + 0.5))
        painter.drawLine(QPointF(x, low), QPointF(x, high))
        for y in (low, high):
            painter.drawLine(QPointF(x - CAP, y), QPointF(x + CAP, y))
        paint_square(painter, self.theme, QPointF(x, height_of(each.failed.share, inside)))
