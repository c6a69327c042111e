"""A small table of words and numbers: the twin of a picture, or the result of a comparison; rows change in place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QSizePolicy, QTableView, QWidget

from sana_desktop.api.practice_models import Exercise
from sana_desktop.base.text import one_line
from sana_desktop.practice.number_words import figure
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import plain_tip

CELL_CHARACTERS = 300
MAX_ROWS_IN_SIGHT = 8
"""A longer table scrolls in itself."""
MEASURED_ROWS = 50
"""Of a long table, for the width of its columns."""
MIN_WIDE = 96
MAX_COLUMN = 360
"""Pixels: what is left of the column that is cut first, and what no column is wider than by itself."""
ROW_HEIGHT = 28
ICON = 16
ROW_PADDING = 10
TONE_ROLES = {"": "text", "quiet": "text_quiet", "good": "good", "warn": "warn", "bad": "bad", "busy": "accent"}

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one place of a table.

    Attributes:
        text: as it is read; text from outside is harmless here.
        icon: name of an icon before it.
        tone: "", "quiet", "good", "warn", "bad" or "busy"; never the only sign.
        number: set to the right.
        spoken: what assistive tools say instead, where a sign stands for words.
        tip: what is said on hover; "" for the words themselves.
    """

    text: str
    icon: str = ""
    tone: str = ""
    number: bool = False
    spoken: str = ""
    tip: str = ""


Row = Sequence[Cell]


def number_cell(value: object) -> Cell:
    """Return a cell with a number; a whole one has its thousands apart."""
    return Cell(f"{value:,}" if isinstance(value, int) else str(value), number=True)


def tagged_level_header() -> str:
    """Return what stands above `tagged_level_cell`: the measured difficulty is another number."""
    return tr("Practice", "Tagged level")


def tagged_level_cell(exercise: Exercise) -> Cell:
    """Return how hard the partner says that it is."""
    if exercise.difficulty_level is None:
        return Cell("", number=True, spoken=tr("Practice", "not known"))
    return Cell(figure(exercise.difficulty_level), number=True)


class CellsModel(QAbstractTableModel):
    """Rows of cells. What is shown anew changes the rows that differ, and adds or takes away at the end."""

    def __init__(self, theme: Theme, icons: Icons, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._headers: tuple[str, ...] = ()
        self._names: tuple[str, ...] = ()
        self._rows: list[tuple[Cell, ...]] = []
        theme.changed.connect(self._retint)

    def show_rows(self, headers: Sequence[str], rows: Sequence[Row], names: Sequence[str] = ()) -> None:
        """Show these rows below these headers; `names` stand left of the rows, one each."""
        self._show_headers(tuple(headers))
        fresh = [tuple(row) for row in rows]
        common = min(len(fresh), len(self._rows))
        if self._names != tuple(names):
            self._names = tuple(names)
            if common:
                self.headerDataChanged.emit(Qt.Orientation.Vertical, 0, common - 1)
        for at in range(common):
            if self._rows[at] != fresh[at]:
                self._rows[at] = fresh[at]
                self.dataChanged.emit(self.index(at, 0), self.index(at, len(self._headers) - 1))
        if len(fresh) > common:
            self.beginInsertRows(QModelIndex(), common, len(fresh) - 1)
            self._rows += fresh[common:]
            self.endInsertRows()
        elif len(self._rows) > common:
            self.beginRemoveRows(QModelIndex(), common, len(self._rows) - 1)
            del self._rows[common:]
            self.endRemoveRows()

    def cell(self, row: int, column: int) -> Cell:
        """Return what stands in a place; an empty cell beyond the end of a short row."""
        cells = self._rows[row]
        return cells[column] if column < len(cells) else Cell("")

    def headers(self) -> tuple[str, ...]:
        """Return what stands above the columns."""
        return self._headers

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._headers)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        words = self._headers if orientation is Qt.Orientation.Horizontal else self._names
        text = words[section] if section < len(words) else ""
        if role == Qt.ItemDataRole.TextAlignmentRole and orientation is Qt.Orientation.Horizontal:
            number = bool(self._rows) and self.cell(0, section).number
            return (
                Qt.AlignmentFlag.AlignRight if number else Qt.AlignmentFlag.AlignLeft
            ) | Qt.AlignmentFlag.AlignVCenter
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return text
        return plain_tip(text) if role == Qt.ItemDataRole.ToolTipRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        cell = self.cell(index.row(), index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return one_line(cell.text, CELL_CHARACTERS)
            case Qt.ItemDataRole.AccessibleTextRole:
                return one_line(cell.spoken or cell.text, CELL_CHARACTERS) or tr("Practice", "empty")
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(cell.tip or cell.spoken or cell.text)
            case Qt.ItemDataRole.DecorationRole:
                return self._icons.icon(cell.icon, TONE_ROLES[cell.tone or "quiet"]) if cell.icon else None
            case Qt.ItemDataRole.ForegroundRole:
                return self._theme.colour(TONE_ROLES[cell.tone])
            case Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignRight if cell.number else Qt.AlignmentFlag.AlignLeft
                return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def _show_headers(self, headers: tuple[str, ...]) -> None:
        before = len(self._headers)
        if headers == self._headers:
            return
        if len(headers) > before:
            self.beginInsertColumns(QModelIndex(), before, len(headers) - 1)
            self._headers = headers
            self.endInsertColumns()
        elif len(headers) < before:
            self.beginRemoveColumns(QModelIndex(), len(headers), before - 1)
            self._headers = headers
            self.endRemoveColumns()
        self._headers = headers
        if headers:
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(headers) - 1)

    def _retint(self) -> None:
        if self._rows and self._headers:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(self._headers) - 1))


class PlainTable(QTableView):
    """Shows cells; as high as its rows, up to some.

    Args:
        name: objectName.
        words: for assistive tools: what the table is.
        most_rows: how many are seen before it scrolls in itself.
        wide: the column that takes the room that is left.
        row_names: whether the rows have names at their left.
        least: pixels that are left of the wide column.
        cut_first: the column that is cut before the wide one is, such as a topic beside an exercise; None is the wide
            one itself.
        squeezed: whether the widest of the others are cut after that, such as levels that are called by long names.
    """

    def __init__(
        self,
        name: str,
        words: str,
        theme: Theme,
        icons: Icons,
        *,
        most_rows: int = MAX_ROWS_IN_SIGHT,
        wide: int = 0,
        row_names: bool = False,
        least: int = MIN_WIDE,
        cut_first: int | None = None,
        squeezed: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(words)
        self._theme = theme
        self._most_rows = most_rows
        self._wide = wide
        self._least = least
        self._cut_first = cut_first
        self._squeezed = squeezed
        self._needed = 0
        self._laid_for = 0
        self._unseen: frozenset[int] = frozenset()
        self._cells = CellsModel(theme, icons, self)
        self.setModel(self._cells)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setWordWrap(False)
        # Names of exercises begin alike, and end in what tells them apart.
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().setVisible(row_names)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(24)
        header.setResizeContentsPrecision(MEASURED_ROWS)
        theme.changed.connect(self._measure)
        self._measure()

    def show_rows(self, headers: Sequence[str], rows: Sequence[Row], names: Sequence[str] = ()) -> None:
        """Show these rows; see CellsModel.show_rows."""
        self._cells.show_rows(headers, rows, names)
        self._lay_columns()
        self.updateGeometry()

    def set_wide(self, column: int, *, cut_first: int | None = None) -> None:
        """Let another column take the room that is left, from the next rows on; `cut_first` as in the class."""
        self._wide = column
        self._cut_first = cut_first

    def leave_out(self, *columns: int) -> None:
        """Keep these columns out of sight, from the next rows on; what is handed on has them all the same."""
        for at in self._unseen ^ frozenset(columns):
            self.setColumnHidden(at, at in columns)
        self._unseen = frozenset(columns)

    def cells(self) -> CellsModel:
        """Return what is shown."""
        return self._cells

    def contents(self) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
        """Return headers and rows whole, in words where a sign stands for them; nothing while it is hidden."""
        if self.isHidden():
            return (), ()
        headers, count = self._cells.headers(), self._cells.rowCount()
        cells = (tuple(self._cells.cell(row, at) for at in range(len(headers))) for row in range(count))
        return headers, tuple(tuple(cell.spoken or cell.text for cell in row) for row in cells)

    def sizeHint(self) -> QSize:
        rows = min(self._cells.rowCount(), self._most_rows)
        bar = self.horizontalScrollBar().sizeHint().height() if self._needed > self._room() else 0
        head = self.horizontalHeader().sizeHint().height()
        return QSize(240, head + rows * self.verticalHeader().defaultSectionSize() + 2 * self.frameWidth() + bar)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # The event tells of the viewport, whose width may stay while that of the table changes.
        if self._laid_for != self.width():
            self._lay_columns()
            self.updateGeometry()

    def _room(self) -> int:
        longer = self._cells.rowCount() > self._most_rows
        bar = self.verticalScrollBar().sizeHint().width() if longer else 0
        side = self.verticalHeader().sizeHint().width() if self.verticalHeader().isVisible() else 0
        return self.width() - bar - side - 2 * self.frameWidth()

    def _lay_columns(self) -> None:
        """Give each column what its words need, and the rest to the one that takes it; where there is not enough, that
        one is cut first, so that the others come into sight, unless another one is to be."""
        self._laid_for = self.width()
        whole = [
            0 if at in self._unseen else max(self.sizeHintForColumn(at), self.horizontalHeader().sectionSizeHint(at))
            for at in range(self._cells.columnCount())
        ]
        needs = [min(each, MAX_COLUMN) for each in whole]
        if self._cut_first is not None and max(self._cut_first, self._wide) < len(needs):
            for at in (self._wide, self._cut_first):
                needs[at] = whole[at]
            spare = max(needs[self._cut_first] - (0 if self._cut_first in self._unseen else MIN_WIDE), 0)
            needs[self._cut_first] -= min(spare, max(sum(needs) - self._room(), 0))
        if self._wide < len(needs):
            spare = max(needs[self._wide] - self._least, 0)
            needs[self._wide] -= min(spare, max(sum(needs) - self._room(), 0))
        over = sum(needs) - self._room()
        if over > 0 and self._wide < len(needs):
            # Its words are cut before a number leaves the frame; the tooltip has them whole.
            needs[self._wide] = max(needs[self._wide] - over, min(needs[self._wide], self._least))
        if self._squeezed and self._wide < len(needs):
            others = [*needs[: self._wide], 0, *needs[self._wide + 1 :]]
            others = squeezed_to(others, self._room() - needs[self._wide])
            needs = [need if at == self._wide else others[at] for at, need in enumerate(needs)]
        self._needed = sum(needs)
        # Said, not left to Qt: each of the two bars would take the room for which the other one is needed then.
        self.setVerticalScrollBarPolicy(_bar(self._cells.rowCount() > self._most_rows))
        self.setHorizontalScrollBarPolicy(_bar(self._needed > self._room()))
        for at, need in enumerate(needs):
            self.setColumnWidth(at, need + (max(self._room() - self._needed, 0) if at == self._wide else 0))

    def _measure(self) -> None:
        self.setIconSize(QSize(1, 1) * self._theme.pixels(ICON))
        self.verticalHeader().setDefaultSectionSize(max(ROW_HEIGHT, self.fontMetrics().height() + ROW_PADDING))
        self._lay_columns()
        self.updateGeometry()


def squeezed_to(needs: Sequence[int], room: int) -> list[int]:
    """Return widths that fit into so much room, the widest cut first and alike; none below `MIN_WIDE` for it."""
    fitting = sorted(needs)
    most = max(fitting, default=0)
    for at, need in enumerate(fitting):
        share = (room - sum(fitting[:at])) // (len(fitting) - at)
        if share < need:
            most = max(share, MIN_WIDE)
            break
    return [min(need, most) for need in needs]


def _bar(needed: bool) -> Qt.ScrollBarPolicy:
    return Qt.ScrollBarPolicy.ScrollBarAsNeeded if needed else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
