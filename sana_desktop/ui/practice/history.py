"""The steps of a session, newest on top: ten thousand rows that are added and changed one by one, never reset."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from sana_desktop.api.practice_models import Exchange, Result
from sana_desktop.base.text import one_line
from sana_desktop.practice.outbox import OutboxState
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.exercise_list import ANSWER_KEYS
from sana_desktop.ui.practice.naming import RESULT_LOOKS, clock_words, day_words, result_words
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import plain_tip

Index = QModelIndex | QPersistentModelIndex
ROW_HEIGHT = 28
TIME, WHAT, ANSWER, STATE = range(4)
LONGEST_CELL = 200


class Fate(Enum):
    """What became of an answer on its way."""

    NONE = ""
    WAITING = "waiting"
    SENT = "sent"
    UNKNOWN = "unknown"
    REFUSED = "refused"


FATE_OF = {
    OutboxState.WAITING: Fate.WAITING,
    OutboxState.SENDING: Fate.WAITING,
    OutboxState.ACCEPTED: Fate.SENT,
    OutboxState.UNKNOWN: Fate.UNKNOWN,
    OutboxState.PARKED: Fate.REFUSED,
}
_FATES = {Fate.WAITING: ("clock", "text_quiet"), Fate.SENT: ("", "text_quiet")}
_TROUBLED = {Fate.UNKNOWN: ("warning", "warn"), Fate.REFUSED: ("error", "bad")}


@dataclass(frozen=True, slots=True)
class Step:
    """One step: exercises were asked for, or one was answered.

    Attributes:
        number: of the event in its session.
        what: the exercise's title, or what was asked for.
        result: None for asking.
        entry: its number in the outbox.
        exchange: what was sent and came back for it, where that is known.
        from_report: it was answered, but recommended by nobody: the answer and its time are from a report.
    """

    number: int
    at: datetime
    what: str
    place: str = ""
    result: Result | None = None
    fate: Fate = Fate.NONE
    entry: int | None = None
    exchange: Exchange | None = None
    from_report: bool = False


def fate_words(fate: Fate) -> str:
    """Return the word for what became of an answer."""
    return {
        Fate.NONE: "",
        Fate.WAITING: tr("Practice", "Waits"),
        Fate.SENT: tr("Practice", "Sent"),
        Fate.UNKNOWN: tr("Practice", "Not known"),
        Fate.REFUSED: tr("Practice", "Refused"),
    }[fate]


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
        self._steps: list[Step] = []
        self._entries: dict[int, int] = {}
        self.is_troubled = False
        self.is_dated = False
        theme.changed.connect(self._retint)

    def add(self, steps: Iterable[Step]) -> None:
        """Put newer steps on top."""
        fresh = list(steps)
        if not fresh:
            return
        self.beginInsertRows(QModelIndex(), 0, len(fresh) - 1)
        for step in fresh:
            if step.entry is not None:
                self._entries[step.entry] = len(self._steps)
            self._steps.append(step)
            self._look_at(step.fate)
        self.endInsertRows()
        if not self.is_dated and any(step.from_report for step in fresh):
            self.is_dated = True
            self.room_changed.emit()

    def clear(self) -> None:
        """Take all steps away."""
        if self._steps:
            self.beginRemoveRows(QModelIndex(), 0, len(self._steps) - 1)
            self._steps.clear()
            self._entries.clear()
            self.endRemoveRows()
        if self.is_dated:
            self.is_dated = False
            self.room_changed.emit()

    def show_fate(self, entry: int, fate: Fate) -> None:
        """An answer's fate changed."""
        at = self._entries.get(entry)
        if at is not None and self._steps[at].fate is not fate:
            self._put(at, replace(self._steps[at], fate=fate))
            self._look_at(fate)

    def show_exchange(self, entry: int, exchange: Exchange) -> None:
        """It is known with which request an answer went."""
        at = self._entries.get(entry)
        if at is not None:
            self._put(at, replace(self._steps[at], exchange=exchange))

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
                text = self._text(step, column)
                if role == Qt.ItemDataRole.DisplayRole:
                    return text
                if column == WHAT and step.from_report:
                    return tr("Practice", "{exercise}, answered, from a report", exercise=text)
                return text or tr("Practice", "empty")
            case Qt.ItemDataRole.ToolTipRole:
                return self._tip(step, column)
            case Qt.ItemDataRole.DecorationRole:
                icon, colour = self._look(step, column)
                return self._icons.icon(icon, colour) if icon else None
            case Qt.ItemDataRole.ForegroundRole:
                quiet = column == TIME or step.result is None
                return self._theme.colour("text_quiet" if quiet else "text")
        return None

    def _text(self, step: Step, column: int) -> str:
        match column:
            case 0:
                # Those of a report are from other days.
                return day_words(step.at) if step.from_report else clock_words(step.at)[:-3]
            case 1:
                return one_line(step.what, LONGEST_CELL)
            case 2:
                return result_words(step.result) if step.result is not None else ""
        return fate_words(step.fate)

    def _tip(self, step: Step, column: int) -> str:
        if column == TIME:
            return plain_tip(step.at.astimezone().isoformat(" ", "seconds"))
        if column != WHAT:
            return ""
        source = tr("Practice", "Answered, from a report") if step.from_report else ""
        return plain_tip("\n".join(filter(None, (step.what, step.place, source))))

    def _look(self, step: Step, column: int) -> tuple[str, str]:
        if column == ANSWER and step.result is not None:
            return RESULT_LOOKS[step.result]
        if column == STATE:
            return (_FATES | _TROUBLED).get(step.fate, ("", ""))
        if column == WHAT and step.result is None:
            return "practice", "text_quiet"
        return "", ""

    def _look_at(self, fate: Fate) -> None:
        if fate in _TROUBLED and not self.is_troubled:
            self.is_troubled = True
            self.room_changed.emit()

    def _put(self, at: int, step: Step) -> None:
        self._steps[at] = step
        row = len(self._steps) - 1 - at
        self.dataChanged.emit(self.index(row, 0), self.index(row, STATE))

    def _retint(self) -> None:
        if self._steps:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._steps) - 1, STATE))


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
        self.steps = HistoryModel(theme, icons, self)
        self.setModel(self.steps)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setIconSize(QSize(16, 16))
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

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        # By keys one stands on a step, so that it is seen where one is.
        if event.reason() is not Qt.FocusReason.MouseFocusReason and not self.currentIndex().isValid():
            self.setCurrentIndex(self.steps.index(0, 0))

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
        plain, with_icon = 26, 16 + 4 + 28
        looks = _FATES | (_TROUBLED if self.steps.is_troubled else {})
        words = metrics.horizontalAdvance
        header = self.horizontalHeader()
        for column, width in (
            (TIME, words("0000-00-00" if self.steps.is_dated else "00:00") + plain),
            (ANSWER, max(words(result_words(result)) for result in Result) + with_icon),
            (STATE, max(words(fate_words(fate)) + (with_icon if icon else plain) for fate, (icon, _) in looks.items())),
        ):
            title = str(self.steps.headerData(column, Qt.Orientation.Horizontal))
            header.resizeSection(column, max(width, header.fontMetrics().horizontalAdvance(title) + plain))
