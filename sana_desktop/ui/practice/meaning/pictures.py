"""What the pictures of a practice session share: a frame with axes, marks that differ in shape, a legend in words."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from sana_desktop.api.practice_models import Result
from sana_desktop.practice.number_words import percent
from sana_desktop.ui.theme.theme import Theme

MIN_WIDTH = 240
MARK = 9
GAP = 4
LEGEND_GAP = 12
LINE = 2.0
HAIR = 1.0
"""Pixels: a picture across, a mark, the space beside it, between entries of a legend, a line that means something, a
line that helps."""
MARK_ROLES = {
    Result.CORRECT: "good",
    Result.PARTIALLY_CORRECT: "warn",
    Result.INCORRECT: "bad",
    Result.SKIPPED: "line_strong",
}
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter


def paint_mark(painter: QPainter, theme: Theme, result: Result, centre: QPointF, size: float = MARK) -> None:
    """Paint the mark of a result: a disc, a half disc in a ring, a cross, a dash."""
    colour = theme.colour(MARK_ROLES[result])
    half = size / 2
    painter.setPen(QPen(colour, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if result is Result.CORRECT:
        painter.setBrush(colour)
        painter.drawEllipse(centre, half - 0.8, half - 0.8)
    elif result is Result.PARTIALLY_CORRECT:
        painter.drawEllipse(centre, half - 0.8, half - 0.8)
        painter.setBrush(colour)
        painter.drawPie(QRectF(centre.x() - half + 0.8, centre.y() - half + 0.8, size - 1.6, size - 1.6), 0, -180 * 16)
    elif result is Result.INCORRECT:
        arm = half - 1.2
        painter.drawLine(centre + QPointF(-arm, -arm), centre + QPointF(arm, arm))
        painter.drawLine(centre + QPointF(-arm, arm), centre + QPointF(arm, -arm))
    else:
        painter.drawLine(centre + QPointF(-half + 1, 0), centre + QPointF(half - 1, 0))


class Picture(QWidget):
    """A painted picture in the small face of the theme. Its text twin stands below it and is its description.

    Args:
        name: objectName.
        words: what it is a picture of.
        theme: colours and sizes.
        plot_lines: height of the plot, in lines of text.
    """

    def __init__(self, name: str, words: str, theme: Theme, plot_lines: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(words)
        self.theme = theme
        self._plot_lines = plot_lines
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self._theme_changed)
        self._theme_changed()

    def legend(self) -> Sequence[tuple[Result | str, str]]:
        """Return marks and their words; a mark is a result, "line", "dashes" or "square"."""
        return ()

    def paint_plot(self, painter: QPainter, plot: QRectF) -> None:
        """Paint what it shows into `plot`."""
        raise NotImplementedError

    def plot_height(self) -> float:
        """Return the pixels of the plot."""
        return self._plot_lines * self.line_height()

    def line_height(self) -> int:
        """Return the pixels of a line of text."""
        return self.fontMetrics().height()

    def sizeHint(self) -> QSize:
        return QSize(MIN_WIDTH, self.heightForWidth(max(self.width(), MIN_WIDTH)))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, round(self.plot_height()))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        rows = len(self._legend_rows(width))
        return round(self.plot_height()) + rows * (self.line_height() + 2) + (GAP if rows else 0)

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self.font())
        self.paint_plot(painter, QRectF(0, 0, self.width(), self.plot_height()))
        self._paint_legend(painter)
        painter.end()

    def write(
        self, painter: QPainter, place: QRectF, words: str, how: Qt.AlignmentFlag, role: str = "text_quiet"
    ) -> None:
        """Write one line, cut where there is no room."""
        painter.setPen(self.theme.colour(role))
        shown = self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(place.width()) + 1)
        painter.drawText(place, how, shown)

    def write_empty(self, painter: QPainter, plot: QRectF, words: str) -> None:
        """Say in the middle of the plot what will be seen there; bare axes look like a value of nothing."""
        painter.setPen(self.theme.colour("text_quiet"))
        painter.drawText(plot, CENTRE | Qt.TextFlag.TextWordWrap, words)

    def pen(self, role: str, width: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
        """Return a pen with round ends in the colour of a role."""
        return QPen(self.theme.colour(role), width, style, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)

    def axis(self, painter: QPainter, plot: QRectF, words: Sequence[str] = ()) -> QRectF:
        """Paint lines from the bottom to the top with their words at the left (none: 0, 50 and 100 %).

        Returns:
            The room right of the words: its bottom is the lowest line, its top the highest.
        """
        words = words or [percent(share) for share in (0.0, 0.5, 1.0)]
        wide = max(self.fontMetrics().horizontalAdvance(word) for word in words) + GAP
        half_line = self.line_height() / 2
        inside = plot.adjusted(wide, half_line, -MARK / 2, -half_line)
        for position, word in enumerate(words):
            y = height_of(position / (len(words) - 1), inside)
            painter.setPen(self.pen("line", HAIR))
            painter.drawLine(QPointF(inside.left(), y), QPointF(inside.right(), y))
            self.write(painter, QRectF(0, y - half_line, wide - GAP, 2 * half_line), word, RIGHT)
        return inside

    def _legend_rows(self, width: int) -> list[list[tuple[Result | str, str]]]:
        rows: list[list[tuple[Result | str, str]]] = []
        used = width + 1
        for mark, words in self.legend():
            need = 2 * MARK + GAP + self.fontMetrics().horizontalAdvance(words) + LEGEND_GAP
            if used + need - LEGEND_GAP > width:
                rows.append([])
                used = 0
            rows[-1].append((mark, words))
            used += need
        return rows

    def _paint_legend(self, painter: QPainter) -> None:
        height = self.line_height() + 2
        top = self.plot_height() + GAP
        for row, entries in enumerate(self._legend_rows(self.width())):
            left = 0.0
            middle = top + row * height + height / 2
            for mark, words in entries:
                self._paint_legend_mark(painter, mark, QPointF(left + MARK, middle))
                advance = self.fontMetrics().horizontalAdvance(words)
                beside = left + 2 * MARK + GAP
                place = QRectF(beside, middle - height / 2, min(advance + 1, self.width() - beside), height)
                self.write(painter, place, words, LEFT)
                left += 2 * MARK + GAP + advance + LEGEND_GAP

    def _paint_legend_mark(self, painter: QPainter, mark: Result | str, centre: QPointF) -> None:
        if isinstance(mark, Result):
            paint_mark(painter, self.theme, mark, centre)
        elif mark == "square":
            paint_square(painter, self.theme, centre)
        else:
            dashes = mark == "dashes"
            style = Qt.PenStyle.DashLine if dashes else Qt.PenStyle.SolidLine
            painter.setPen(self.pen("line_strong" if dashes else "accent", LINE if not dashes else 1.4, style))
            painter.drawLine(centre - QPointF(MARK, 0), centre + QPointF(MARK, 0))

    def _theme_changed(self) -> None:
        self.setFont(self.theme.tabular("caption"))
        self.updateGeometry()
        self.update()


def paint_square(painter: QPainter, theme: Theme, centre: QPointF, size: float = MARK - 1) -> None:
    """Paint the mark of something that was measured."""
    painter.fillRect(QRectF(centre.x() - size / 2, centre.y() - size / 2, size, size), theme.colour("accent"))


def height_of(share: float, place: QRectF) -> float:
    """Return where a share of 0 to 1 lies between the bottom and the top of `place`."""
    return place.bottom() - min(max(share, 0.0), 1.0) * place.height()
