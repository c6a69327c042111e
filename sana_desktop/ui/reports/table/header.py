"""The header of a record table: words above their cells, widths that fit, and a menu of the columns to show."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QAction, QFontMetrics, QPainter
from PySide6.QtWidgets import QHeaderView, QMenu, QTableView

from sana_desktop.ui.reports.table.columns import Choices, ColumnPlan, Need, choices_from, left_out, share
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
NAME_BESIDE_ACTS = 40
"""Pixels of a row's first words that its buttons leave in sight."""


def icon_size(theme: Theme) -> int:
    """Return the pixels of an icon for the text size in force."""
    return max(ICON_SIZE, round(ICON_SIZE * theme.scale))


class RecordHeader(QHeaderView):
    """Shares the width of the table among its columns, as long as the person has not chosen otherwise."""

    def __init__(self, theme: Theme, parent: QTableView) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self._plan: Mapping[int, ColumnPlan] = {}
        self._choices = Choices()
        self._wanted: dict[int, bool] = {}
        self._arranging = False
        self._out: list[int] = []
        self._shown: list[int] = []
        self._longest: dict[int, str] = {}
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

    def plan(self, column: int) -> ColumnPlan | None:
        """Return what a column needs."""
        return self._plan.get(column)

    def fitting(self) -> list[int]:
        """Return the columns that take no more than the rows have to say."""
        return [column for column, plan in self._plan.items() if plan.fits]

    def fit(self, column: int, longest: str, *, only_grow: bool = False) -> None:
        """Let a column be as wide as its longest text needs, and no wider."""
        metrics = QFontMetrics(self._theme.tabular())
        change = metrics.horizontalAdvance(longest) - metrics.horizontalAdvance(self._longest.get(column, ""))
        if change > 0 or (change < 0 and not only_grow):
            self._longest[column] = longest
            self.arrange()

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

    def choices_text(self) -> str:
        """Return what the person chose, to be remembered; empty if nothing."""
        return self._choices.to_text()

    def restore(self, text: str) -> None:
        """Bring remembered choices back; what can't be read is ignored."""
        self._choices = choices_from(text, self.count())
        if self._choices.order:
            self._order(self._choices.order)
        self.arrange()

    def margins(self, column: int) -> tuple[int, int]:
        """Return the pixels left and right of the text of a column."""
        visible = self._visible()
        if not visible:
            return CELL_MARGIN, CELL_MARGIN
        left = EDGE_MARGIN if column == visible[0] else CELL_MARGIN
        return left, EDGE_MARGIN if column == visible[-1] else CELL_MARGIN

    def arrange(self) -> None:
        """Give every column the width that is right for the room there is."""
        table = self.parent()
        if not self._plan or self._arranging or not isinstance(table, QTableView):
            return
        self._arranging = True
        try:
            room = table.viewport().width()
            # What is shown is decided first: a column that came for a moment would lay out and paint the whole table.
            wanted = self._shown = [column for column in self._in_order() if self._is_wanted(column)]
            out = [wanted[one] for one in sorted(left_out(room, [self._need(column) for column in wanted]))]
            visible = self._shown = [column for column in wanted if column not in out]
            for column in self._plan:
                if self.isSectionHidden(column) is (column in visible):
                    self.setSectionHidden(column, column not in visible)
            if out != self._out:
                self._out = out
                self._say_what_is_left_out()
            needs = [self._need(column) for column in visible]
            if sum(need.least for need in needs) > room:
                needs = [self._need(column, tight=True) for column in visible]
            for column, width in zip(visible, share(room, needs), strict=True):
                self.resizeSection(column, width)
        finally:
            self._arranging = False

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

    def acts_place(self) -> tuple[int, int]:
        """Return from where to where the buttons of a row may lie, in the viewport, so that they cover no words that
        must be read.
        """
        table = self.parent()
        width = table.viewport().width() if isinstance(table, QTableView) else self.width()
        plans = [(self._end(column), self._plan[column]) for column in self._visible() if column in self._plan]
        right = max((end for end, plan in plans if plan.acts), default=width)
        left = max((end for end, plan in plans if plan.essential and end <= right), default=0)
        return left or EDGE_MARGIN + round(NAME_BESIDE_ACTS * self._theme.scale), right

    def _end(self, column: int) -> int:
        return self.sectionViewportPosition(column) + self.sectionSize(column)

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
            entry.setEnabled(self.isSectionHidden(column) or len(self._visible()) > 1)
            entry.triggered.connect(lambda shown, column=column: self.show_column(column, shown))
            menu.addAction(entry)
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
        more = f" +{len(self._out)}" if self._out and column == self._visible()[-1] else ""
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

    def _visible(self) -> list[int]:
        """Return the columns that are shown, from left to right; kept, for every cell that is painted asks for it."""
        if not self._shown:
            self._shown = [column for column in self._in_order() if not self.isSectionHidden(column)]
        return self._shown

    def _in_order(self) -> list[int]:
        return [self.logicalIndex(position) for position in range(self.count())]

    def _need(self, column: int, *, tight: bool = False) -> Need:
        plan = self._plan[column]
        # What the person chose to show stays, also where the table must be scrolled for it.
        yields = 0 if self._choices.shown.get(column) else plan.yields
        if (chosen := self._choices.widths.get(column)) is not None:
            return Need(chosen, chosen, yields=yields)
        words = self._words(column)
        left, right = self.margins(column)
        around = left + right + (icon_size(self._theme) + ICON_GAP if plan.icon else 0)
        metrics = QFontMetrics(self._theme.tabular())
        title = QFontMetrics(self._theme.tabular("caption")).horizontalAdvance(words) + left + right
        # One pixel more than measured: a text that fits exactly is sometimes elided for the part of a pixel.
        least = metrics.horizontalAdvance((plan.tight if tight else "") or plan.least)
        wish = metrics.horizontalAdvance(plan.wish)
        if plan.fits:
            longest = metrics.horizontalAdvance(self._longest.get(column, ""))
            least, wish = min(least, longest), min(wish, longest)
        least = max(least + around, SMALLEST if tight and plan.tight else title, SMALLEST) + 1
        return Need(least, max(wish + around + 1, least), plan.grows, yields)

    def _order(self, columns: list[int]) -> None:
        self._arranging = True
        try:
            for position, column in enumerate(columns):
                self.moveSection(self.visualIndex(column), position)
        finally:
            self._arranging = False

    def _resized(self, column: int, _before: int, width: int) -> None:
        if not self._arranging and width > 0 and column in self._plan:
            self._choices.widths[column] = width
            self.arrange()

    def _moved(self) -> None:
        self._shown = []
        if not self._arranging:
            self._choices.order = [self.logicalIndex(position) for position in range(self.count())]
            # The margins at the edges belong to other columns now.
            self.arrange()
            self.viewport().update()
