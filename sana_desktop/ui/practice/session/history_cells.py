"""The cells of the table of steps, painted whole: through the style each would cost three times as much."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from sana_desktop.base.text import one_line
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.naming import RESULT_LOOKS, clock_words, day_words, result_words
from sana_desktop.ui.practice.session.steps import Fate, Step
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr

if TYPE_CHECKING:
    from sana_desktop.ui.practice.session.history import HistoryTable

Index = QModelIndex | QPersistentModelIndex
TIME, WHAT, ANSWER, STATE = range(4)
MAX_CELL_LENGTH = 200
MARGIN, MARK, GAP = 12, 16, 6
"""Pixels left and right of a cell's words, of its mark beside text of the system's size, and between the two."""
FATE_LOOKS = {
    Fate.WAITING: ("clock", "text_quiet"),
    Fate.GOING: ("outbox", "text_quiet"),
    Fate.SENT: ("", "text_quiet"),
}
TROUBLED_LOOKS = {
    Fate.UNKNOWN: ("warning", "warn"),
    Fate.REFUSED: ("error", "bad"),
    Fate.UNSENT: ("error", "bad"),
    Fate.DISCARDED: ("trash", "text_quiet"),
}
_LOOKS = FATE_LOOKS | TROUBLED_LOOKS
ELSEWHERE = "–"
"""For an answer that was not given here, as in a session from a file."""
_WORDS = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine


def fate_words(fate: Fate) -> str:
    """Return the word for what became of an answer."""
    return {
        Fate.NONE: "",
        Fate.WAITING: tr("Practice", "Waits"),
        Fate.GOING: tr("Practice", "Going"),
        Fate.SENT: tr("Practice", "Sent"),
        Fate.UNKNOWN: tr("Practice", "Not known"),
        Fate.REFUSED: tr("Practice", "Refused"),
        Fate.UNSENT: tr("Practice", "Not sent"),
        Fate.DISCARDED: tr("Practice", "Discarded"),
    }[fate]


def icon_room(theme: Theme) -> int:
    """Return the pixels of a cell that shows its mark alone."""
    return 2 * MARGIN + theme.pixels(MARK)


def cell_words(step: Step, column: int) -> str:
    """Return what a cell says."""
    match column:
        case 0:
            # Those of a report are from other days.
            return day_words(step.at) if step.from_report else clock_words(step.at)[:-3]
        case 1:
            return one_line(step.what, MAX_CELL_LENGTH)
        case 2:
            return result_words(step.result) if step.result is not None else ""
    if step.result is not None and step.fate is Fate.NONE:
        return ELSEWHERE
    return fate_words(step.fate)


def cell_look(step: Step, column: int) -> tuple[str, str]:
    """Return the icon of a cell and its colour role; both are "" where it has none."""
    if column == ANSWER and step.result is not None:
        return RESULT_LOOKS[step.result]
    if column == STATE:
        return _LOOKS.get(step.fate, ("", ""))
    if column == WHAT and step.result is None:
        return "practice", "text_quiet"
    return "", ""


class StepDelegate(QStyledItemDelegate):
    """Paints a step; one that is no answer goes on over the columns that an answer has."""

    def __init__(self, theme: Theme, icons: Icons, table: HistoryTable) -> None:
        super().__init__(table)
        self._theme = theme
        self._icons = icons
        self._table = table

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        step, column, cell = self._table.steps.step(index.row()), index.column(), QRect(option.rect)
        if step.result is None and column > WHAT:
            return
        if step.result is None and column == WHAT:
            cell.setRight(self._table.viewport().width() - 1)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(cell, self._theme.colour("selected"))
        painter.fillRect(cell.left(), cell.bottom(), cell.width(), 1, self._theme.colour("line"))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(self._theme.colour("focus"))
            painter.drawRect(cell.adjusted(0, 0, -1, -1))
        inside = cell.adjusted(MARGIN, 0, -MARGIN, -1)
        icon, colour = cell_look(step, column)
        if icon:
            mark = self._theme.pixels(MARK)
            top = inside.top() + (inside.height() - mark) // 2
            self._icons.icon(icon, colour).paint(painter, QRect(inside.left(), top, mark, mark))
            inside.setLeft(inside.left() + mark + GAP)
        words, metrics = cell_words(step, column), option.fontMetrics
        if column == ANSWER and cell.width() < icon_room(self._theme) + metrics.horizontalAdvance(words):
            return  # the mark alone: a letter or two beside it say nothing
        quiet = (column == TIME or step.result is None) and not chosen
        painter.setPen(self._theme.colour("text_quiet" if quiet else "text"))
        # Names of exercises begin alike, and end in what tells them apart.
        painter.drawText(inside, _WORDS, metrics.elidedText(words, Qt.TextElideMode.ElideMiddle, inside.width()))
