"""The recommended sequence as cards: a model of few or many exercises, painted without a widget for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from sana_desktop.api.practice_models import Exercise, Result
from sana_desktop.base.text import one_line
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.naming import RESULT_LOOKS, crumbs, level_words, result_words, title_of
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import plain_tip

CARD_ROLE = Qt.ItemDataRole.UserRole + 1
GAP = 8
"""Pixels between two cards."""
PADDING = 12
ICON = 16
MAX_TAG_LENGTH = 30
MIN_IN_SIGHT = 2
"""Cards, before what stands around them scrolls."""
MAX_MEASURED = 30
"""Cards that are measured to fit the list; more than fit any window."""
ANSWER_KEYS = frozenset({Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4})
"""Correct, partly, incorrect, skipped: the Practice place takes them, wherever the focus is in it."""

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Card:
    """One recommended exercise as it is shown.

    Attributes:
        result: how it was answered, None while it was not.
        current: it is the one to answer now.
    """

    exercise: Exercise
    result: Result | None = None
    current: bool = False

    def spoken(self, number: int, total: int) -> str:
        """Return all that the card says, in one sentence for a screen reader."""
        if self.result is not None:
            state = result_words(self.result)
        else:
            state = tr("Practice", "to answer now") if self.current else tr("Practice", "to come")
        parts = [title_of(self.exercise), state, crumbs(self.exercise.path), ", ".join(self.exercise.tags[:10])]
        parts += [level_words(self.exercise), tr("Practice", "{n} of {total}", n=number, total=total)]
        return one_line(", ".join(part for part in parts if part), 400)


class ExerciseModel(QAbstractListModel):
    """The cards. A new sequence takes the place of the old one row by row; nothing is reset."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cards: list[Card] = []

    def show_cards(self, cards: Sequence[Card]) -> None:
        """Show these cards."""
        fresh = list(cards)
        common = min(len(fresh), len(self._cards))
        for at in range(common):
            self.put(at, fresh[at])
        if len(fresh) > common:
            self.beginInsertRows(QModelIndex(), common, len(fresh) - 1)
            self._cards += fresh[common:]
            self.endInsertRows()
        elif len(self._cards) > common:
            self.beginRemoveRows(QModelIndex(), common, len(self._cards) - 1)
            del self._cards[common:]
            self.endRemoveRows()

    def put(self, row: int, card: Card) -> None:
        """Change one card."""
        if self._cards[row] != card:
            self._cards[row] = card
            self.dataChanged.emit(self.index(row), self.index(row))

    def cards(self) -> tuple[Card, ...]:
        """Return what is shown."""
        return tuple(self._cards)

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._cards)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        card = self._cards[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return title_of(card.exercise)
            case Qt.ItemDataRole.AccessibleTextRole:
                return card.spoken(index.row() + 1, len(self._cards))
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(card.spoken(index.row() + 1, len(self._cards)))
            case _ if role == CARD_ROLE:
                return card
        return None


class ExerciseDelegate(QStyledItemDelegate):
    """Paints a card: number, title, place, tags, and how it was answered."""

    def __init__(self, theme: Theme, icons: Icons, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        line, small = QFontMetrics(self._bold()).height(), QFontMetrics(self._caption()).height()
        card: Card = index.data(CARD_ROLE)
        tags = small + 10 if card.exercise.tags else 0
        return QSize(160, 2 * PADDING + line + 2 + small + tags + GAP)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        card: Card = index.data(CARD_ROLE)
        box = option.rect.adjusted(1, 1, -1, -GAP)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_frame(painter, box, card, option.state)
        inner = box.adjusted(PADDING + 2, PADDING, -PADDING, -PADDING)
        right = self._paint_state(painter, inner, card, index.row() + 1)
        text = QRect(inner.left(), inner.top(), right - inner.left() - PADDING, inner.height())
        self._paint_words(painter, text, inner, card)
        painter.restore()

    def _paint_frame(self, painter: QPainter, box: QRect, card: Card, state: QStyle.StateFlag) -> None:
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        focused = chosen and bool(state & QStyle.StateFlag.State_HasFocus)
        edge = self._colour("accent" if card.current else "focus" if focused else "line")
        painter.setPen(QPen(edge, 2 if card.current or focused else 1))
        painter.setBrush(self._colour("surface" if card.result is None else "canvas"))
        radius = self._theme.tokens.radius_large
        painter.drawRoundedRect(box, radius, radius)
        if card.current:
            # A mark besides the colour of the edge: the bar of what is now.
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._colour("accent"))
            painter.drawRoundedRect(QRect(box.left() + 5, box.top() + PADDING, 3, box.height() - 2 * PADDING), 1.5, 1.5)

    def _paint_state(self, painter: QPainter, inner: QRect, card: Card, number: int) -> int:
        """Paint how it stands at the right end of the first line; return where that begins."""
        painter.setFont(self._caption())
        metrics = QFontMetrics(self._caption())
        icon, role = "", "text_quiet"
        if card.result is not None:
            icon, role = RESULT_LOOKS[card.result]
            words = result_words(card.result)
        elif card.current:
            icon, role, words = "play", "accent", tr("Practice", "Now")
        else:
            words = str(number)
        width = metrics.horizontalAdvance(words)
        left = inner.right() - width
        line = QFontMetrics(self._bold()).height()
        painter.setPen(self._colour(role))
        painter.drawText(QRect(left, inner.top(), width + 1, line), Qt.AlignmentFlag.AlignVCenter, words)
        if icon:
            size = self._theme.pixels(ICON)
            left -= size + 5
            ratio = painter.device().devicePixelRatioF()
            picture = self._icons.pixmap(icon, role, size, ratio)
            painter.drawPixmap(QPointF(left, inner.top() + (line - size) / 2), picture)
        return left

    def _paint_words(self, painter: QPainter, text: QRect, inner: QRect, card: Card) -> None:
        bold, caption = self._bold(), self._caption()
        line, small = QFontMetrics(bold).height(), QFontMetrics(caption).height()
        elide = Qt.TextElideMode.ElideMiddle
        painter.setFont(bold)
        painter.setPen(self._colour("text" if card.result is None else "text_quiet"))
        title = QFontMetrics(bold).elidedText(title_of(card.exercise), elide, text.width())
        painter.drawText(QRect(text.left(), text.top(), text.width(), line), Qt.AlignmentFlag.AlignVCenter, title)
        painter.setFont(caption)
        painter.setPen(self._colour("text_quiet"))
        metrics = QFontMetrics(caption)
        level = level_words(card.exercise)
        room = inner.width() - (metrics.horizontalAdvance(level) + PADDING if level else 0)
        place = metrics.elidedText(crumbs(card.exercise.path), elide, room)
        second = QRect(inner.left(), text.top() + line + 2, inner.width(), small)
        painter.drawText(second, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, place)
        painter.drawText(second, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, level)
        if card.exercise.tags:
            self._paint_tags(painter, QRect(inner.left(), second.bottom() + 6, inner.width(), small + 4), card)

    def _paint_tags(self, painter: QPainter, row: QRect, card: Card) -> None:
        metrics = QFontMetrics(self._caption())
        x = row.left()
        for at, tag in enumerate(card.exercise.tags):
            left = len(card.exercise.tags) - at
            words = one_line(tag, MAX_TAG_LENGTH)
            rest = f"+{left}"
            width = metrics.horizontalAdvance(words) + 14
            after = metrics.horizontalAdvance(rest) + 14 if left > 1 else 0
            if x + width + after > row.right():
                width = metrics.horizontalAdvance(rest) + 14
                self._chip(painter, QRect(x, row.top(), width, row.height()), rest)
                return
            self._chip(painter, QRect(x, row.top(), width, row.height()), words)
            x += width + 6

    def _chip(self, painter: QPainter, box: QRect, words: str) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colour("sunk"))
        radius = self._theme.tokens.radius_small
        painter.drawRoundedRect(box, radius, radius)
        painter.setPen(self._colour("text_quiet"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

    def _colour(self, role: str) -> QColor:
        return self._theme.colour(role)

    def _bold(self) -> QFont:
        font = self._theme.tabular()
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def _caption(self) -> QFont:
        return self._theme.tabular("caption")


class ExerciseList(QListView):
    """Shows the cards (`objectName` recommendations); the current one is kept in sight."""

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("recommendations")
        self.setProperty("kind", "cards")
        self.setAccessibleName(tr("Practice", "Recommended exercises"))
        self.exercises = ExerciseModel(self)
        self.setModel(self.exercises)
        self.setItemDelegate(ExerciseDelegate(theme, icons, self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        theme.changed.connect(self._measure)

    def show_cards(self, cards: Sequence[Card]) -> None:
        """Show these cards."""
        self.exercises.show_cards(cards)
        self._fit()
        now = next((row for row, card in enumerate(cards) if card.current), None)
        if now is not None:
            self.setCurrentIndex(self.exercises.index(now))
            self.scrollTo(self.exercises.index(now))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ANSWER_KEYS and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            event.ignore()  # an answer; the list alone would search for it
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()  # more only where there is room to spare

    def minimumSizeHint(self) -> QSize:
        heights = self._heights()
        least = min(MIN_IN_SIGHT * max(heights, default=0), sum(heights))
        return QSize(120, least + 2 * self.frameWidth())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())

    def _fit(self) -> None:
        """Take no more room than the cards need: what comes below follows at once."""
        self.setMaximumHeight(sum(self._heights()) + 2 * self.frameWidth())
        self.updateGeometry()

    def _heights(self) -> list[int]:
        return [self.sizeHintForRow(row) for row in range(min(self.exercises.rowCount(), MAX_MEASURED))]

    def _measure(self) -> None:
        self._fit()
        self.scheduleDelayedItemsLayout()
        self.viewport().update()
