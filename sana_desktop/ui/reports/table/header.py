"""The header of a record table: words above their cells, widths that fit, and a menu of the columns to show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QAction, QFontMetrics, QMouseEvent, QPainter
from PySide6.QtWidgets import QApplication, QHeaderView, QMenu, QTableView

from sana_desktop.ui.reports.table.columns import Choices, ColumnPlan, Need, choices_from, give_way, share
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import plain_tip

EDGE_MARGIN = 16
CELL_MARGIN = 8
"""Pixels beside a text: at the table's two edges, where titles start as well, and between columns."""
ICON_SIZE = 16
"""Pixels of an icon beside a text of the usual size; with a larger text it grows."""
ICON_GAP = 6
SMALLEST = 48
BUTTON_EDGES = 10
"""Pixels around the icon of a row's button."""
BAR_ROOM = 12
"""Pixels at the end of a row, where the bar that scrolls the rows lies."""


def icon_size(theme: Theme) -> int:
    """Return the pixels of an icon for the text size in force."""
    return max(ICON_SIZE, round(ICON_SIZE * theme.scale))


class RecordHeader(QHeaderView):
    """Shares the width of the table among its columns, as long as the person has not chosen otherwise.

    Signals:
        sorted: the column by which the rows are to stand, or None, and whether the last ones come first.
    """

    sorted = Signal(object, bool)

    def __init__(self, theme: Theme, parent: QTableView) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self._plan: Mapping[int, ColumnPlan] = {}
        self._choices = Choices()
        self._wanted: dict[int, bool] = {}
        self._arranging = False
        self._out: list[int] = []
        self._shown: list[int] = []
        self._said: dict[int, tuple[str, str]] = {}
        self._sorts: Mapping[int, bool] = {}
        self._pressed = QPoint()
        self._offered = 0
        self._slots = 0
        self.setHighlightSections(False)
        self.setSectionsMovable(True)
        self.setSectionsClickable(False)
        self.setMinimumSectionSize(SMALLEST)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(lambda place: self.columns_menu().popup(self.mapToGlobal(place)))
        self.sectionResized.connect(self._resized)
        self.sectionMoved.connect(self._moved)

    def set_plan(self, plan: Mapping[int, ColumnPlan]) -> None:
        """Set what the columns need; called once, when the table has its model."""
        self._plan = plan
        self.arrange()

    def set_sorts(self, sorts: Mapping[int, bool]) -> None:
        """Let a click on these columns sort the rows; each with whether the last ones come first then."""
        self._sorts = sorts

    def sort_by(self, column: int | None) -> None:
        """Sort the rows by a column, by the same one the other way round; None for the newest first."""
        if column is None:
            self._choices.sort = None
        elif column in self._sorts:
            before = self._choices.sort
            again = before is not None and before[0] == column
            self._choices.sort = column, not before[1] if again and before is not None else self._sorts[column]
        self._say_order()

    def _say_order(self) -> None:
        column, descending = self._choices.sort or (None, False)
        self.arrange()
        self.viewport().update()
        self.sorted.emit(column, descending)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        place = event.position().toPoint()
        moved = (place - self._pressed).manhattanLength() >= QApplication.startDragDistance()
        # On the edge of a column, which is dragged, the mouse has another shape.
        on_edge = self.viewport().cursor().shape() is Qt.CursorShape.SplitHCursor or self.cursor().shape() is (
            Qt.CursorShape.SplitHCursor
        )
        if event.button() is Qt.MouseButton.LeftButton and not moved and not on_edge:
            self.sort_by(self.logicalIndexAt(place))

    def plan(self, column: int) -> ColumnPlan | None:
        """Return what a column needs."""
        return self._plan.get(column)

    def fitting(self) -> list[int]:
        """Return the columns that take no more than the rows have to say."""
        return [column for column, plan in self._plan.items() if plan.fits or plan.shrinks]

    def fit(self, column: int, longest: str, least: str, *, only_grow: bool = False) -> None:
        """Let a column be as wide as its longest text needs, and no wider, but always have room for `least`."""
        width = QFontMetrics(self._theme.tabular()).horizontalAdvance
        said = self._said.get(column, ("", ""))
        if only_grow:
            longest, least = max(said[0], longest, key=width), max(said[1], least, key=width)
        if (width(longest), width(least)) != (width(said[0]), width(said[1])):
            self._said[column] = longest, least
            self.arrange()

    def offer(self, buttons: int) -> None:
        """Keep room at the end of the rows for so many buttons, as many of them as there is room for beside what the
        columns say; but one, if any.
        """
        self._offered = buttons
        self.arrange()

    def slots(self) -> int:
        """Return how many buttons of a row have room, from the right."""
        return self._slots

    def button_width(self) -> int:
        """Return the pixels of one button of a row."""
        return icon_size(self._theme) + BUTTON_EDGES

    def acts_end(self) -> int:
        """Return where the buttons of a row end, in the viewport."""
        return self.length() - self.offset() - BAR_ROOM

    def want_column(self, column: int, wanted: bool) -> None:
        """Show or hide a column by what the rows hold now; what the person chose goes before it."""
        self._wanted[column] = wanted
        self.arrange()

    def show_column(self, column: int, shown: bool) -> None:
        """Show or hide a column because the person says so."""
        self._choices.shown[column] = shown
        self.arrange()

    def usual_columns(self) -> None:
        """Forget what the person chose."""
        self._choices = Choices()
        self._order(list(range(self.count())))
        self.arrange()
        self._say_order()

    def choices_text(self) -> str:
        """Return what the person chose, to be remembered; empty if nothing."""
        return self._choices.to_text()

    def restore(self, text: str) -> None:
        """Bring remembered choices back; what can't be read is ignored."""
        self._choices = choices_from(text, self.count())
        if self._choices.order:
            self._order(self._choices.order)
        self.arrange()
        if self._choices.sort is not None:
            self._say_order()

    def margins(self, column: int) -> tuple[int, int]:
        """Return the pixels left and right of the text of a column."""
        visible = self.shown()
        if not visible:
            return CELL_MARGIN, CELL_MARGIN
        left = EDGE_MARGIN if column == visible[0] else CELL_MARGIN
        return left, CELL_MARGIN + (self._room_at_end() if column == visible[-1] else 0)

    def _room_at_end(self) -> int:
        """Return the pixels beyond the usual margin that stay free at the end of a row: for its buttons, no text."""
        return self._slots * self.button_width() + BAR_ROOM if self._slots else EDGE_MARGIN - CELL_MARGIN

    def arrange(self) -> None:
        """Give every column the width that is right for the room there is."""
        table = self.parent()
        if not self._plan or self._arranging or not isinstance(table, QTableView):
            return
        self._arranging = True
        try:
            self._slots = min(self._offered, 1)
            room = table.viewport().width() - self._room_at_end()
            # What is shown is decided first: a column that came for a moment would lay out and paint the whole table.
            wanted = self._shown = [column for column in self._in_order() if self._is_wanted(column)]
            needs = [self._need(column) for column in wanted]
            tight, left = give_way(room, needs)
            out = [wanted[position] for position in sorted(left)]
            self._shown = [column for column in wanted if column not in out]
            for column in self._plan:
                if self.isSectionHidden(column) is (column in self._shown):
                    self.setSectionHidden(column, column not in self._shown)
            if out != self._out:
                self._out = out
                self._say_what_is_left_out()
            kept = [position for position in range(len(needs)) if position not in left]
            self._slots = self._affordable(room, [needs[position] for position in kept])
            needs = [
                replace(needs[position], least=needs[position].tight) if position in tight else needs[position]
                for position in kept
            ]
            room = table.viewport().width() - self._room_at_end()
            for column, width in zip(self._shown, share(room, needs), strict=True):
                self.resizeSection(column, width + (self._room_at_end() if column == self._shown[-1] else 0))
        finally:
            self._arranging = False

    def _affordable(self, room: int, needs: Sequence[Need]) -> int:
        """Return how many buttons of a row have room: that of the menu always, that of the likeliest act before columns
        have more than their least, the others after their wishes.
        """
        if not self._slots:
            return 0
        beside_least = room - sum(need.least for need in needs)
        beside_wishes = room - sum(max(need.least, need.wish) for need in needs)
        more = max(beside_wishes // self.button_width(), min(beside_least // self.button_width(), 1), 0)
        return min(self._slots + more, self._offered)

    def _say_what_is_left_out(self) -> None:
        """Columns without room do not go without a word: the last header counts them, its tip names them."""
        names = ", ".join(self._words(column) for column in self._out)
        way = tr("records", "Make the panel wider, or choose columns with a right click.")
        words = f"{tr('records', 'No room for: {names}.', names=names)} {way}"
        self.setToolTip(plain_tip(words) if names else "")
        self.setAccessibleDescription(words if names else "")
        self.viewport().update()

    def _words(self, column: int) -> str:
        return str(self.model().headerData(column, self.orientation()) or "")

    def columns_menu(self) -> QMenu:
        """Return a menu of the columns; it deletes itself when it closes."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for column in self._plan:
            words = str(self.model().headerData(column, Qt.Orientation.Horizontal))
            entry = QAction(words, menu)
            entry.setObjectName(f"showColumn-{column}")
            entry.setCheckable(True)
            entry.setChecked(not self.isSectionHidden(column))
            # The last column must stay: an empty table has no header to bring one back.
            entry.setEnabled(self.isSectionHidden(column) or len(self.shown()) > 1)
            entry.triggered.connect(lambda shown, column=column: self.show_column(column, shown))
            menu.addAction(entry)
        menu.addSeparator()
        for column in self._sorts:
            entry = QAction(tr("records", "Sort by “{column}”", column=self._words(column)), menu)
            entry.setObjectName(f"sortColumn-{int(column)}")
            entry.setCheckable(True)
            entry.setChecked(self._choices.sort is not None and self._choices.sort[0] == column)
            entry.triggered.connect(lambda _=False, column=column: self.sort_by(column))
            menu.addAction(entry)
        newest = QAction(tr("records", "Newest first"), menu)
        newest.setObjectName("newestFirst")
        newest.setCheckable(True)
        newest.setChecked(self._choices.sort is None)
        newest.triggered.connect(lambda: self.sort_by(None))
        menu.addAction(newest)
        menu.addSeparator()
        usual = QAction(tr("records", "Usual columns"), menu)
        usual.setObjectName("usualColumns")
        usual.triggered.connect(self.usual_columns)
        menu.addAction(usual)
        return menu

    def sizeHint(self) -> QSize:
        size = super().sizeHint()
        size.setHeight(QFontMetrics(self._theme.tabular("caption")).height() + 12)
        return size

    def paintSection(self, painter: QPainter, rect: QRect, column: int) -> None:
        painter.save()
        painter.fillRect(rect, self._theme.colour("surface"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, self._theme.colour("line"))
        left, right = self.margins(column)
        words = self._words(column)
        if self._choices.sort is not None and self._choices.sort[0] == column:
            words = f"{words} {'↓' if self._choices.sort[1] else '↑'}"
        more = f" +{len(self._out)}" if self._out and column == self.shown()[-1] else ""
        side = self.model().headerData(column, self.orientation(), Qt.ItemDataRole.TextAlignmentRole)
        font = self._theme.tabular("caption")
        inside = rect.adjusted(left, 0, -right, -1)
        painter.setFont(font)
        painter.setPen(self._theme.colour("text_quiet"))
        metrics = QFontMetrics(font)
        room = inside.width() - metrics.horizontalAdvance(more)
        text = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room) + more
        painter.drawText(inside, Qt.AlignmentFlag(side), text)
        painter.restore()

    def _is_wanted(self, column: int) -> bool:
        if (chosen := self._choices.shown.get(column)) is not None:
            return chosen
        return self._wanted.get(column, self._plan[column].shown)

    def shown(self) -> list[int]:
        """Return the columns that are shown, from left to right; kept, for every cell that is painted asks for it."""
        if not self._shown:
            self._shown = [column for column in self._in_order() if not self.isSectionHidden(column)]
        return self._shown

    def _in_order(self) -> list[int]:
        return [self.logicalIndex(position) for position in range(self.count())]

    def _need(self, column: int) -> Need:
        """Return what a column needs, without the room at the end of a row."""
        plan = self._plan[column]
        # What the person chose to show stays, also where the table must be scrolled for it.
        yields = 0 if self._choices.shown.get(column) else plan.yields
        if (chosen := self._choices.widths.get(column)) is not None:
            return Need(chosen, chosen, yields=yields)
        left = self.margins(column)[0]
        around = left + CELL_MARGIN + (icon_size(self._theme) + ICON_GAP if plan.icon else 0)
        width = QFontMetrics(self._theme.tabular()).horizontalAdvance
        arrow = " ↓" if self._choices.sort is not None and self._choices.sort[0] == column else ""
        title = QFontMetrics(self._theme.tabular("caption")).horizontalAdvance(self._words(column) + arrow)
        title += left + CELL_MARGIN
        least, wish = width(plan.least), width(plan.wish)
        if plan.fits or plan.shrinks:
            longest, needed = self._said.get(column, ("", ""))
            least = min(least, width(needed))
            wish = min(wish, width(longest)) if plan.fits else wish
        # One pixel more than measured: a text that fits exactly is sometimes elided for the part of a pixel.
        least = max(least + around, title, SMALLEST) + 1
        tight = max(width(plan.tight) + around, SMALLEST) + 1 if plan.tight else 0
        return Need(least, max(wish + around + 1, least), plan.grows, tight, plan.tightens, yields)

    def _order(self, columns: list[int]) -> None:
        self._arranging = True
        try:
            for position, column in enumerate(columns):
                self.moveSection(self.visualIndex(column), position)
        finally:
            self._arranging = False

    def _resized(self, column: int, _before: int, width: int) -> None:
        if not self._arranging and width > 0 and column in self._plan:
            # Its own width: another one may be the last of the row later.
            at_end = self._room_at_end() if column == self.shown()[-1] else 0
            self._choices.widths[column] = max(width - at_end, SMALLEST)
            self.arrange()

    def _moved(self) -> None:
        self._shown = []
        if not self._arranging:
            self._choices.order = [self.logicalIndex(position) for position in range(self.count())]
            # The margins at the edges belong to other columns now.
            self.arrange()
            self.viewport().update()
