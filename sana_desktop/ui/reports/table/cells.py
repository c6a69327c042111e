"""The cells of a record table: state as icon and word in its tone, the longest words that fit, what has arrived."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QHelpEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from sana_desktop.ui.icons import Icons
from sana_desktop.ui.models.records import (
    FRACTION_ROLE,
    FRACTION_TONE_ROLE,
    ICON_ROLE,
    KEEP_ROLE,
    SHORTER_ROLE,
    TONE_ROLE,
)
from sana_desktop.ui.reports.table.header import ICON_GAP, icon_size
from sana_desktop.ui.reports.words.state_words import Tone
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.widgets import plain_tip

if TYPE_CHECKING:
    from sana_desktop.ui.reports.table.record_table import RecordTable

FOCUS_STRIP = 3
PROGRESS_HEIGHT = 2

TONE_COLOURS = {
    Tone.QUIET: "text_quiet",
    Tone.BUSY: "accent",
    Tone.GOOD: "good",
    Tone.WARN: "warn",
    Tone.BAD: "bad",
}
"""The colour role of each tone; each keeps 4.5:1 on the colours that a row can have."""

Index = QModelIndex | QPersistentModelIndex

_WHERE = Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_AT_LEFT = Qt.AlignmentFlag.AlignLeft | _WHERE
_AT_RIGHT = Qt.AlignmentFlag.AlignRight | _WHERE


def reads_rightwards(text: str) -> bool:
    """Return whether `text` is read from left to right, as its first letter decides."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in {"L", "R", "AL"}:
            return direction == "L"
    return True


def fitting(texts: Sequence[str], metrics: QFontMetrics, width: int) -> str | None:
    """Return the first of `texts`, longest first, that fits; None if none does."""
    return next((text for text in texts if metrics.horizontalAdvance(text) <= width), None)


class RecordDelegate(QStyledItemDelegate):
    """Paints whole cells itself: margins, tones and the selected row are the same in all of them."""

    def __init__(self, theme: Theme, icons: Icons, table: RecordTable) -> None:
        super().__init__(table)
        self._theme = theme
        self._icons = icons
        self._table = table

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        left, right = self._table.margins(index.column())
        icon = icon_size(self._theme) + ICON_GAP if index.data(ICON_ROLE) is not None else 0
        metrics = QFontMetrics(self._font())
        text = str(index.data() or "")
        return QSize(metrics.horizontalAdvance(text) + left + right + icon + 1, metrics.height() + 10)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect: QRect = option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        left, right = self._table.margins(index.column())
        painter.save()
        painter.fillRect(rect, self._table.row_colour(index.row(), selected))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, self._theme.colour("line"))
        inside = rect.adjusted(left, 0, -right, -1)
        self._paint_progress(painter, QRect(inside.left(), rect.bottom(), inside.width(), 1), index)
        if selected and self._table.hasFocus() and self._table.is_first(index.column()):
            painter.fillRect(rect.left(), rect.top(), FOCUS_STRIP, rect.height() - 1, self._theme.colour("focus"))
        if inside.width() > 0:
            self._paint_inside(painter, inside, index)
        painter.restore()

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        if event.type() != QEvent.Type.ToolTip:
            return super().helpEvent(event, view, option, index)
        # The mouse may be over a button without having come to it: then the button came, and it is what is pointed at.
        tip = self._table.act_at(event.globalPos()) or str(index.data(Qt.ItemDataRole.ToolTipRole) or "")
        tip = plain_tip(tip)
        if tip:
            QToolTip.showText(event.globalPos(), tip, view.viewport(), option.rect)
        else:
            QToolTip.hideText()
        return True

    def _paint_inside(self, painter: QPainter, inside: QRect, index: Index) -> None:
        tone = index.data(TONE_ROLE)
        colour = "text" if tone is None else TONE_COLOURS[Tone(tone)]
        icon = index.data(ICON_ROLE)
        if icon is not None:
            size = icon_size(self._theme)
            if inside.width() < size:
                return
            top = inside.top() + (inside.height() - size + 1) // 2
            self._icons.icon(icon, colour).paint(painter, QRect(inside.left(), top, size, size))
            inside = inside.adjusted(size + ICON_GAP, 0, 0, 0)
        right_aligned = bool(
            Qt.AlignmentFlag(index.data(Qt.ItemDataRole.TextAlignmentRole)) & Qt.AlignmentFlag.AlignRight
        )
        text = self._text(index, inside.width())
        painter.setFont(self._font())
        painter.setPen(self._theme.colour(colour))
        # A file name is read from its first letter to its ending, in every script.
        rightwards = self._table.keeps_end(index.column()) or reads_rightwards(text)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight if rightwards else Qt.LayoutDirection.RightToLeft)
        painter.drawText(inside, _AT_RIGHT if right_aligned else _AT_LEFT, text)

    def _text(self, index: Index, width: int) -> str:
        """Return what is written: the longest wording that fits, else the shortest one cut."""
        full = str(index.data() or "")
        metrics = QFontMetrics(self._font())
        if metrics.horizontalAdvance(full) <= width:
            return full
        shorter: Sequence[str] = index.data(SHORTER_ROLE) or ()
        fits = fitting(shorter, metrics, width)
        if fits is not None:
            return fits
        kept, last = str(index.data(KEEP_ROLE) or ""), shorter[-1] if shorter else full
        room = width - metrics.horizontalAdvance(kept)
        if kept and last.endswith(kept) and room > metrics.horizontalAdvance("mmm"):
            return metrics.elidedText(last.removesuffix(kept), Qt.TextElideMode.ElideRight, room) + kept
        mode = Qt.TextElideMode.ElideRight
        if self._table.keeps_end(index.column()):
            mode = Qt.TextElideMode.ElideLeft if kept else Qt.TextElideMode.ElideMiddle
        return metrics.elidedText(last, mode, width)

    def _paint_progress(self, painter: QPainter, line: QRect, index: Index) -> None:
        """What has arrived grows along the line below the row, so that nothing moves when it is there."""
        fraction = index.data(FRACTION_ROLE)
        if fraction is None:
            return
        tone = Tone(index.data(FRACTION_TONE_ROLE))
        track = line.adjusted(0, 1 - PROGRESS_HEIGHT, 0, 0)
        painter.fillRect(track, self._theme.colour("line"))
        track.setWidth(max(round(track.width() * fraction), PROGRESS_HEIGHT))
        painter.fillRect(track, self._theme.colour(TONE_COLOURS[tone]))

    def _font(self) -> QFont:
        return self._table.font()
