"""The steps of a session, newest on top: tens of thousands of rows that are added and changed, never reset."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableView,
    QWidget,
)

from sana_desktop.api.practice_models import Exchange, Result
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.naming import result_words
from sana_desktop.ui.practice.session.exercise_list import ANSWER_KEYS
from sana_desktop.ui.practice.session.history_cells import (
    ANSWER,
    ELSEWHERE,
    FATE_LOOKS,
    STATE,
    TIME,
    TROUBLED_LOOKS,
    WHAT,
    StepDelegate,
    cell_words,
    fate_words,
    icon_room,
)
from sana_desktop.ui.practice.session.steps import Fate, Step, Steps
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import plain_tip

Index = QModelIndex | QPersistentModelIndex
ROW_HEIGHT = 28
MIN_WHAT = 18
"""Letters of a step that are to be read, before the answer beside it is told by its mark alone."""


class HistoryModel(QAbstractTableModel):
    """The steps; kept oldest first and shown newest first, so that a position never moves.

    Signals:
        room_changed: a column needs more room, or less: for a fate with an icon, for dates of a report.
    """

    room_changed = Signal()

    def __init__(self, theme: Theme, icons: Icons, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._steps = Steps()
        theme.changed.connect(self._retint)

    @property
    def is_troubled(self) -> bool:
        """Whether a column needs room for an icon."""
        return self._steps.is_troubled

    @property
    def is_dated(self) -> bool:
        """Whether a column needs room for dates."""
        return self._steps.is_dated

    def show(self, steps: Steps) -> None:
        """Show other steps. They are taken as they are: nothing is made of each of them."""
        before = self._room()
        if len(self._steps):
            self.beginRemoveRows(QModelIndex(), 0, len(self._steps) - 1)
            self._steps = Steps()
            self.endRemoveRows()
        if len(steps):
            self.beginInsertRows(QModelIndex(), 0, len(steps) - 1)
            self._steps = steps
            self.endInsertRows()
        self._tell_room(before)

    def add(self, steps: Iterable[Step]) -> None:
        """Put newer steps on top; below those that were shown before their turn, if there are such."""
        fresh = list(steps)
        if not fresh:
            return
        before = self._room()
        early = self._steps.since(fresh[0].number)
        if early:
            fresh = sorted((*self._cut(early), *fresh), key=lambda step: step.number)
        self.beginInsertRows(QModelIndex(), 0, len(fresh) - 1)
        for step in fresh:
            self._steps.add(step)
        self.endInsertRows()
        self._tell_room(before)

    def clear(self) -> None:
        """Take all steps away."""
        self.show(Steps())

    def show_fate(self, entry: int, fate: Fate) -> None:
        """An answer's fate changed."""
        self._change(entry, fate=fate)

    def show_exchange(self, entry: int, exchange: Exchange) -> None:
        """It is known with which request an answer went."""
        self._change(entry, exchange=exchange)

    def step(self, row: int) -> Step:
        """Return the step in a row."""
        return self._steps[len(self._steps) - 1 - row]

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._steps)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else 4

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return (tr("Practice", "Time"), tr("Practice", "Step"), tr("Practice", "Answer"), tr("Practice", "Sent?"))[
            section
        ]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        step = self.step(index.row())
        column = index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                text = cell_words(step, column)
                if role == Qt.ItemDataRole.DisplayRole:
                    return text
                if column == WHAT and step.from_report:
                    return tr("Practice", "{exercise}, answered, from a report or a paste", exercise=text)
                if text == ELSEWHERE:
                    return elsewhere_words()
                return text or tr("Practice", "empty")
            case Qt.ItemDataRole.ToolTipRole:
                return self._tip(step, column)
        return None

    def _tip(self, step: Step, column: int) -> str:
        if column == TIME:
            return plain_tip(step.at.astimezone().isoformat(" ", "seconds"))
        if column == ANSWER and step.result is not None:
            return plain_tip(result_words(step.result))
        if column == STATE and step.result is not None and step.fate is Fate.NONE:
            return plain_tip(elsewhere_words())
        if column != WHAT:
            return ""
        source = tr("Practice", "Answered, from a report or a paste") if step.from_report else ""
        return plain_tip("\n".join(filter(None, (step.what, step.place, source))))

    def _cut(self, count: int) -> list[Step]:
        self.beginRemoveRows(QModelIndex(), 0, count - 1)
        cut = self._steps.cut(count)
        self.endRemoveRows()
        return cut

    def _change(self, entry: int, *, fate: Fate | None = None, exchange: Exchange | None = None) -> None:
        before = self._room()
        place = self._steps.change(entry, fate=fate, exchange=exchange)
        if place is not None:
            row = len(self._steps) - 1 - place
            self.dataChanged.emit(self.index(row, 0), self.index(row, STATE))
            self._tell_room(before)

    def _room(self) -> tuple[bool, bool]:
        return self.is_troubled, self.is_dated

    def _tell_room(self, before: tuple[bool, bool]) -> None:
        if self._room() != before:
            self.room_changed.emit()

    def _retint(self) -> None:
        if len(self._steps):
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._steps) - 1, STATE))


def elsewhere_words() -> str:
    """Return what is said of an answer that no outbox of this computer has."""
    return tr("Practice", "Not given here: whether it was sent is not known.")


class HistoryTable(QTableView):
    """Shows the steps (`objectName` practiceHistory).

    Signals:
        step_chosen(Step): the person went to a step.
    """

    step_chosen = Signal(object)

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("practiceHistory")
        self.setAccessibleName(tr("Practice", "What happened so far, newest first"))
        self._laid_for = -1
        self.steps = HistoryModel(theme, icons, self)
        self.setModel(self.steps)
        self.setItemDelegate(StepDelegate(theme, icons, self))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._theme = theme
        self.verticalHeader().setVisible(False)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(WHAT, QHeaderView.ResizeMode.Stretch)
        theme.changed.connect(self._measure)
        self.steps.room_changed.connect(self._measure)
        self._measure()
        self.selectionModel().currentRowChanged.connect(self._went)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ANSWER_KEYS and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            event.ignore()  # an answer
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.viewport().width() != self._laid_for:
            self._measure()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        # By keys one stands on a step, so that it is seen where one is.
        if event.reason() is not Qt.FocusReason.MouseFocusReason and not self.currentIndex().isValid():
            self.setCurrentIndex(self.steps.index(0, 0))

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()  # what the cards leave over comes to it besides

    def minimumSizeHint(self) -> QSize:
        head = self.horizontalHeader().sizeHint().height()
        return QSize(200, head + 3 * self.verticalHeader().defaultSectionSize() + 2)

    def _went(self, current: QModelIndex) -> None:
        if current.isValid():
            self.step_chosen.emit(self.steps.step(current.row()))

    def _measure(self) -> None:
        metrics = self.fontMetrics()
        self.verticalHeader().setDefaultSectionSize(max(ROW_HEIGHT, metrics.height() + 10))
        # Fixed widths, measured once: sizing to contents would look at every row of ten thousand.
        icon = icon_room(self._theme)
        plain, with_icon = 26, icon + 8
        looks = FATE_LOOKS | (TROUBLED_LOOKS if self.steps.is_troubled else {})
        words = metrics.horizontalAdvance
        header = self.horizontalHeader()
        widths = {
            TIME: words("0000-00-00" if self.steps.is_dated else "00:00") + plain,
            ANSWER: max(words(result_words(result)) for result in Result) + with_icon,
            STATE: max(words(fate_words(fate)) + (with_icon if mark else plain) for fate, (mark, _) in looks.items()),
        }
        for column, width in widths.items():
            title = str(self.steps.headerData(column, Qt.Orientation.Horizontal))
            widths[column] = max(width, header.fontMetrics().horizontalAdvance(title) + plain)
        if self.viewport().width() - sum(widths.values()) < MIN_WHAT * words("x"):
            # The mark tells an answer as well; what it was given to is told by nothing else. The title stays whole.
            title = str(self.steps.headerData(ANSWER, Qt.Orientation.Horizontal))
            widths[ANSWER] = max(icon, header.fontMetrics().horizontalAdvance(title) + plain)
            widths[STATE] = min(widths[STATE], words(fate_words(Fate.WAITING)) + with_icon)
        self._laid_for = self.viewport().width()
        for column, width in widths.items():
            header.resizeSection(column, width)
