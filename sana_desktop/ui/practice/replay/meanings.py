"""How the answers of a report are understood: a table in which the meaning of each word can be chosen (B34)."""

from __future__ import annotations

from collections.abc import Mapping as Table

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from sana_desktop.api.practice_models import Result
from sana_desktop.practice.replay.dry_run import DryRun, Understood
from sana_desktop.practice.replay.results import plain
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.naming import result_words
from sana_desktop.ui.practice.parts.plain_table import Cell, PlainTable
from sana_desktop.ui.practice.replay.words import understood_headers, understood_rows
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import DropDown

LEAVE_OUT = "leave out"
"""Data of the choice that sends no row with this value."""
MEANING = 1
"""The column with the drop-downs."""
BOX_EDGES = 48
"""Pixels of a drop-down that are not its words."""
CELL_EDGES = 24
"""Pixels of a cell that Qt does not give to what stands in it."""
AROUND = 3
"""Pixels above and below a drop-down, so that those of two rows don't touch."""
MAX_ROWS = 8
"""In sight; more scroll."""


class ReplayMeanings(PlainTable):
    """The table; values that a score stands for have nothing to choose.

    Signals:
        changed: a value was chosen to mean something else.
    """

    changed = Signal()

    def __init__(self, theme: Theme, icons: Icons) -> None:
        self._boxes: list[DropDown] = []
        self._values: tuple[str, ...] = ()
        self._chosen: dict[str, Result | None] = {}
        words = tr("Replay", "How the answers are understood")
        super().__init__("replayUnderstood", words, theme, icons, most_rows=MAX_ROWS, wide=0)

    def begin(self, chosen: Table[str, Result | None]) -> None:
        """Forget what was chosen for another file; `chosen` is what was for this one."""
        self._chosen = dict(chosen)

    def chosen(self) -> dict[str, Result | None]:
        """Return what was chosen, as `Mapping.results`."""
        return dict(self._chosen)

    def show_dry(self, dry: DryRun) -> None:
        """Show what each value was taken for; a drop-down that is there already stays, with the focus in it."""
        # A score has no word that could mean something else.
        offered = tuple(each for each in dry.understood if each.value)
        values = tuple(each.value for each in dry.understood)
        rows = understood_rows(dry)
        for at, each in enumerate(dry.understood):
            if each.value:  # the drop-down says it
                rows[at] = (rows[at][0], Cell("", spoken=rows[at][MEANING].text), *rows[at][MEANING + 1 :])
        fresh = values != self._values
        if fresh:
            self._clear()
        self.show_rows(understood_headers(), rows)
        if fresh:
            self._values = values
            for at, each in enumerate(dry.understood):
                if each.value:
                    self._boxes.append(box := self._box(each.value))
                    self.setIndexWidget(self.cells().index(at, MEANING), _held(box))
            self._measure()
        for box, each in zip(self._boxes, offered, strict=True):
            _show(box, each)

    def sizeHintForColumn(self, column: int) -> int:
        hint = super().sizeHintForColumn(column)
        return max(hint, self._boxes[0].minimumWidth() + CELL_EDGES) if column == MEANING and self._boxes else hint

    def _clear(self) -> None:
        self.show_rows(understood_headers(), ())  # the drop-downs go with their rows
        self._boxes = []

    def _box(self, value: str) -> DropDown:
        box = DropDown("replayMeaning", tr("Replay", "What “{value}” means", value=value))
        for result in Result:
            box.addItem(result_words(result), result.value)
        box.addItem(tr("Replay", "leave out"), LEAVE_OUT)
        unclear = tr("Replay", "not understood: left out")
        box.setPlaceholderText(unclear)
        box.ensurePolished()  # so that its words are measured in their own font
        box.setMinimumWidth(box.fontMetrics().horizontalAdvance(unclear) + BOX_EDGES)
        box.currentIndexChanged.connect(lambda _: self._choose(value, str(box.currentData() or LEAVE_OUT)))
        return box

    def _choose(self, value: str, told: str) -> None:
        self._chosen[plain(value)] = None if told == LEAVE_OUT else Result(told)
        self.changed.emit()

    def _measure(self) -> None:
        super()._measure()
        if self._boxes:
            rows = self.verticalHeader()
            rows.setDefaultSectionSize(max(rows.defaultSectionSize(), self._boxes[0].sizeHint().height() + 2 * AROUND))
            self._lay_columns()
            self.updateGeometry()


def _held(box: DropDown) -> QWidget:
    held = QWidget()
    row = QHBoxLayout(held)
    row.setContentsMargins(0, AROUND, 0, AROUND)
    row.addWidget(box)
    return held


def _show(box: DropDown, understood: Understood) -> None:
    told = understood.result.value if understood.result is not None else LEAVE_OUT if understood.chosen else None
    with QSignalBlocker(box):
        box.setCurrentIndex(-1 if told is None else box.findData(told))
