"""A value over the answers of a session as a picture: the share that was right, or the difficulty."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from sana_desktop.api.practice_models import Result
from sana_desktop.practice.meaning.figures import Point
from sana_desktop.practice.meaning.meaning import WINDOW
from sana_desktop.practice.number_words import alike
from sana_desktop.ui.practice.meaning.pictures import (
    GAP,
    LEFT,
    LINE,
    MARK,
    RIGHT,
    Picture,
    height_of,
    paint_mark,
)
from sana_desktop.ui.practice.naming import result_words
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr

PLOT_LINES = 6.5
MIN_SPAN = 0.5
END_DOT = 3.5
MAX_POINTS = 120
TICK_STEPS = (0.1, 0.2, 0.5)
"""Between two lines of an axis, and ten times as much, and so on."""
MAX_STEPS = 4


class CurvePicture(Picture):
    """A line of values.

    Args:
        shares: values are shares of 0 to 1, and below them stand the marks of the newest results; otherwise the axis
            spans what is there.
    """

    def __init__(self, name: str, words: str, theme: Theme, *, shares: bool) -> None:
        super().__init__(name, words, theme, PLOT_LINES)
        self._shares = shares
        self._points: Sequence[Point] = ()
        self._results: Sequence[tuple[Result, int]] = ()
        self._latest: Sequence[Result] = ()

    def show_points(
        self,
        points: Sequence[Point],
        description: str,
        results: Sequence[tuple[Result, int]] = (),
        latest: Sequence[Result] = (),
    ) -> None:
        """Show the values, how often each result came, and the `latest` results, oldest first."""
        before = self._legend_rows(self.width())
        self._points = thinned(points)
        self._results = results
        self._latest = latest
        self.setAccessibleDescription(description)
        if len(before) != len(self._legend_rows(self.width())):
            self.updateGeometry()
        self.update()

    def legend(self) -> Sequence[tuple[Result | str, str]]:
        return [(result, f"{result_words(result)} {count:,}") for result, count in self._results if count]

    def plot_height(self) -> float:
        rows = 3 if self._shares else 2
        return super().plot_height() + rows * (self.line_height() + GAP)

    def paint_plot(self, painter: QPainter, plot: QRectF) -> None:
        if not self._points:
            self.write_empty(painter, plot, tr("Practice", "Nothing is answered yet."))
            return
        line = self.line_height()
        self.write(painter, QRectF(0, 0, plot.width(), line), self._caption(), LEFT)
        plot = plot.adjusted(0, line + GAP, 0, 0)
        if self._shares:
            self._paint_latest(painter, QRectF(plot.left(), plot.bottom() - line - GAP / 2, plot.width(), line))
            plot = plot.adjusted(0, 0, 0, -line - GAP)
        ticks = (0.0, 1.0) if self._shares else ticks_of([point.value for point in self._points])
        low, high = ticks[0], ticks[-1]
        words = () if self._shares else alike(ticks)
        inside = self.axis(painter, plot.adjusted(0, 0, 0, -line - GAP), words)
        below = QRectF(inside.left(), inside.bottom() + line / 2 + GAP / 2, inside.width(), line)
        last = self._points[-1].step
        self.write(painter, below, tr("Practice", "answer {n}", n=f"{self._points[0].step:,}"), LEFT)
        if last > self._points[0].step:
            self.write(painter, below, f"{last:,}", RIGHT)
        points = [self._place(point, inside, low, high) for point in self._points]
        # Line by line: a line of many corners costs a picture's worth of time to join and smooth.
        painter.setPen(QPen(self.theme.colour("accent"), LINE, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawLines([QLineF(one, other) for one, other in pairwise(points)])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.colour("accent"))
        painter.drawEllipse(points[-1], END_DOT, END_DOT)

    def _caption(self) -> str:
        if self._shares:
            return tr("Practice", "Fully right of the last {n}", n=WINDOW)
        return tr("Practice", "Mean of the last {n}", n=WINDOW)

    def _paint_latest(self, painter: QPainter, row: QRectF) -> None:
        if not self._latest:
            return
        words = tr("Practice", "newest last:")
        wide = self.fontMetrics().horizontalAdvance(words) + GAP
        self.write(painter, row, words, LEFT)
        apart = min((row.width() - wide - 2 * MARK) / max(len(self._latest) - 1, 1), MARK + GAP)
        for number, result in enumerate(self._latest):
            paint_mark(painter, self.theme, result, QPointF(wide + MARK + number * apart, row.center().y()))

    def _place(self, point: Point, inside: QRectF, low: float, high: float) -> QPointF:
        first, last = self._points[0].step, self._points[-1].step
        across = (point.step - first) / (last - first) if last > first else 0.0
        return QPointF(inside.left() + across * inside.width(), height_of((point.value - low) / (high - low), inside))


def thinned(points: Sequence[Point]) -> Sequence[Point]:
    """Return every so many-th point, the first and the last always: a picture has no room for more."""
    step = -(-len(points) // MAX_POINTS)
    return points if step <= 1 else [*points[:-1:step], points[-1]]


def ticks_of(values: Sequence[float]) -> list[float]:
    """Return where the lines of an axis that shows these stand: at round numbers, evenly, around all of them."""
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    slack = max(MIN_SPAN - (high - low), 0.0) / 2
    low, high = low - slack, high + slack
    ten = 1.0
    while True:
        for step in TICK_STEPS:
            each = step * ten
            first, last = math.floor(round(low / each, 6)), math.ceil(round(high / each, 6))
            if last - first <= MAX_STEPS:
                return [round(at * each, 6) + 0.0 for at in range(first, last + 1)]
        ten *= 10.0
