"""Paints a session in a list: its title at the left, when and how much at the right, so that both are seen."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication, QPainter, QPalette
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

ABOUT_ROLE = Qt.ItemDataRole.UserRole + 2
"""What is said at the right of a row; the row's text ends in it, for search and for assistive tools."""
PADDING = 10
"""Pixels at a row's ends, as in the style sheet."""
GAP = 16
MIN_TITLE = 0.4
"""Of the row's width, before what stands at the right is cut."""


def shares(title: int, about: int, room: int) -> tuple[int, int]:
    """Return the pixels of title and of what stands at the right, from what each needs."""
    both = max(room - GAP, 0)
    right = min(about, both - min(title, round(both * MIN_TITLE)))
    return both - right, right


class SessionRows(QStyledItemDelegate):
    """Takes the place of the list's usual painter."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        title, _about = self._cut(option.fontMetrics, index, option.rect.width())
        option.text = title

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        _title, about = self._cut(option.fontMetrics, index, option.rect.width())
        place = option.rect.adjusted(PADDING, 0, -PADDING, 0)
        painter.save()
        painter.setFont(option.font)
        # Of the application: a style sheet makes its own, fainter one of a list.
        painter.setPen(QGuiApplication.palette().color(QPalette.ColorRole.PlaceholderText))
        painter.drawText(place, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), about)
        painter.restore()

    def _cut(self, metrics: QFontMetrics, index: QModelIndex | QPersistentModelIndex, width: int) -> tuple[str, str]:
        about = str(index.data(ABOUT_ROLE) or "")
        title = str(index.data() or "").removesuffix(about).rstrip()
        needs = (metrics.horizontalAdvance(title), metrics.horizontalAdvance(about))
        left, right = shares(*needs, width - 2 * PADDING)
        how = Qt.TextElideMode.ElideRight
        # One pixel more than measured: a text that fits exactly is sometimes cut for the part of a pixel.
        return metrics.elidedText(title, how, left + 1), metrics.elidedText(about, how, right + 1)
