"""Compare: five questions about what is recommended, the one that all others rest on first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.compare.difference_view import DifferenceView
from sana_desktop.ui.practice.compare.health_view import HealthView
from sana_desktop.ui.practice.compare.repeat_view import RepeatView
from sana_desktop.ui.practice.compare.study import ComparisonPanel
from sana_desktop.ui.practice.compare.sweep_view import SweepView
from sana_desktop.ui.practice.compare.why_view import WhyView
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr
from sana_desktop.ui.turns import InParts
from sana_desktop.ui.widgets import DropDown, column, frame

LIST_PADDING = 56
"""Pixels beside the words of the list of questions."""
MIN_LINE = 100
"""Characters that a question has room for beside the list."""


class ComparePage(InParts):
    """A list of questions, and the one that is chosen.

    Args:
        at_once: False is for a window that is in use: `parts` is to be taken in turns, and the page shown after that.

    Signals:
        study_shown(str): key of a Study that came into sight; what it says is to be up to date.
    """

    study_shown = Signal(str)

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None, *, at_once: bool = True) -> None:
        super().__init__(parent)
        self.setObjectName("comparePage")
        self.setAccessibleName(tr("Practice", "Compare"))
        self._theme, self._icons = theme, icons
        if at_once:
            self.finish()

    def _make(self) -> Iterator[None]:
        theme, icons = self._theme, self._icons
        self.list = QListWidget()
        self.list.setObjectName("compareList")
        self.list.setAccessibleName(tr("Practice", "What to find out"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.choice = DropDown("compareChoice", tr("Practice", "What to find out"))
        self._stack = QStackedWidget()
        self._side, self._top = frame("surface"), frame("surface")
        self._lay_out()
        yield
        self.repeat = RepeatView(theme, icons)
        yield from self._add(self.repeat, tr("Practice", "Same question twice"))
        self.sweep = SweepView(theme, icons, at_once=False)
        yield from self._add(self.sweep, tr("Practice", "What if"))
        self.difference = DifferenceView(theme, icons, at_once=False)
        yield from self._add(self.difference, tr("Practice", "What is different"))
        self.why = WhyView(theme, icons)
        yield from self._add(self.why, tr("Practice", "Why, why not"))
        self.health = HealthView(theme, icons, at_once=False)
        yield from self._add(self.health, tr("Practice", "Health check"))
        self.choice.currentIndexChanged.connect(self.list.setCurrentRow)
        self.list.currentRowChanged.connect(self._turn)
        self.difference.repeat_wanted.connect(lambda: self.show_study("repeat"))
        theme.changed.connect(self._fit)
        self.list.setCurrentRow(0)
        self._fit()

    def studies(self) -> Sequence[ComparisonPanel]:
        """Return all questions, in their order."""
        return (self.repeat, self.sweep, self.difference, self.why, self.health)

    def show_study(self, key: str) -> None:
        """Go to a question: repeat, sweep, difference, why or health."""
        self.list.setCurrentRow([study.key for study in self.studies()].index(key))

    def current(self) -> ComparisonPanel:
        """Return the question in sight."""
        return self.studies()[max(self.list.currentRow(), 0)]

    def set_reason(self, reason: str) -> None:
        """Say in all of them why nothing can be asked now; empty if it can."""
        for study in self.studies():
            study.set_reason(reason)

    def panes(self) -> list[QWidget]:
        """Return what F6 goes through."""
        return [self.choice if self._top.isVisible() else self.list, self._stack]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.whole:
            self._share_out()

    def event(self, event: QEvent) -> bool:
        if not self.whole:
            return super().event(event)
        if event.type() in {QEvent.Type.Polish, QEvent.Type.StyleChange, QEvent.Type.Show}:
            self._fit()
        if event.type() == QEvent.Type.Show:
            self.study_shown.emit(self.current().key)
        return super().event(event)

    def _add(self, study: ComparisonPanel, words: str) -> Iterator[None]:
        yield
        item = QListWidgetItem(words)
        item.setData(Qt.ItemDataRole.UserRole, study.key)
        self.list.addItem(item)
        self._stack.addWidget(study)
        self.choice.addItem(words, study.key)
        yield
        yield from study.parts

    def _lay_out(self) -> None:
        main = column(self)
        main.setSpacing(0)
        main.addWidget(self._top)
        row = QHBoxLayout()
        row.setSpacing(0)
        main.addLayout(row, 1)
        row.addWidget(self._side)
        row.addWidget(self._stack, 1)
        beside = QVBoxLayout(self._side)
        beside.setContentsMargins(8, 16, 8, 8)
        beside.addWidget(self.list)
        above = QHBoxLayout(self._top)
        above.setContentsMargins(32, 8, 32, 8)
        above.addWidget(self.choice)
        above.addStretch()

    def _turn(self, row: int) -> None:
        self._stack.setCurrentIndex(row)
        self.choice.setCurrentIndex(row)
        self.study_shown.emit(self.current().key)

    def _fit(self) -> None:
        """Measure the list anew: its rows are as high and wide as the style sheet has them."""
        self.list.ensurePolished()
        self.list.doItemsLayout()
        self.list.setFixedWidth(self.list.sizeHintForColumn(0) + LIST_PADDING)
        self._share_out()

    def _share_out(self) -> None:
        """Stand the list beside the question, or fold it into a drop-down above where that would be too narrow."""
        narrow = self.width() - self.list.width() < MIN_LINE * self.fontMetrics().averageCharWidth()
        self._side.setVisible(not narrow)
        self._top.setVisible(narrow)
