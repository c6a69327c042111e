"""What if (B27): one setting over several levels, as a grid of exercises by levels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem

from sana_desktop.api.practice_models import Exercise
from sana_desktop.base.text import one_line
from sana_desktop.base.words import Words
from sana_desktop.practice.compare.sweep import REPEATS
from sana_desktop.practice.compare.sweep_result import CellMark, SweepCell, SweepResult, SweepVerdict
from sana_desktop.practice.number_words import MINUS
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.compare.study import ComparisonPanel
from sana_desktop.ui.practice.meaning.panel import said
from sana_desktop.ui.practice.naming import crumbs, title_of
from sana_desktop.ui.practice.parts.number_box import NumberBox
from sana_desktop.ui.practice.parts.plain_table import Cell, PlainTable, tagged_level_cell, tagged_level_header
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import DropDown, label

MAX_REPEATS = 20
ROWS_IN_SIGHT = 12
LEVELS_IN_SIGHT = 5
LEVEL_PADDING = 12
MAX_NAMED, MAX_WORDY, MAX_BESIDE_LEVEL = 4, 5, 10
"""Levels. Of more, or the last ones would be out of sight, each is called by its value, and topics are said on hover
alone; then what enters and leaves is told by signs; then how hard an exercise is tagged is said on hover, too."""
LEVELS_WIDTH = 320
MIN_NAME = 220
"""Pixels: an exercise's name is cut in its middle, and its beginning and end tell it from the next."""
TONES = {SweepVerdict.CANNOT_TELL: "warn"}


class SweepSetting(StrEnum):
    """What may be changed, one at a time."""

    CHALLENGE = "challenge"
    PATHS = "paths"
    TAGS = "tags"
    REVIEW = "review"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Choice:
    """A level that may be tried: what it is called, its value, and whether it is chosen at first."""

    words: str
    value: object
    chosen: bool = True


class SweepView(ComparisonPanel):
    """Choose a setting and its levels, see what it takes, run it, read the grid.

    Args:
        at_once: False is for a window that is in use: `parts` is to be taken in turns, and the view shown after that.

    Signals:
        knob_chosen(str): another Knob; its levels are wanted.
        changed: other levels or repeats; another plan is wanted.
    """

    knob_chosen = Signal(str)
    changed = Signal()

    def __init__(self, theme: Theme, icons: Icons, *, at_once: bool = True) -> None:
        super().__init__(
            "sweep",
            tr("Practice", "What if one setting were different?"),
            tr(
                "Practice",
                "Asks the same question with one setting at several levels, each a few times, and shows which "
                "exercises enter and leave. Nothing is answered, so nobody's path is changed.",
            ),
            tr("Practice", "Try them all"),
            theme,
            icons,
        )
        self.knob = DropDown("sweepKnob", tr("Practice", "Setting that changes"))
        for knob, words in (
            (SweepSetting.CHALLENGE, tr("Practice", "Challenge")),
            (SweepSetting.PATHS, tr("Practice", "Topic")),
            (SweepSetting.TAGS, tr("Practice", "Tag")),
            (SweepSetting.REVIEW, tr("Practice", "Only topics met before")),
            (SweepSetting.COUNT, tr("Practice", "Number of exercises")),
        ):
            self.knob.addItem(words, knob)
        self.add_control(tr("Practice", "Change"), self.knob)
        self.parts = self._make_rest()
        if at_once:
            self.finish()

    def _make_rest(self) -> Iterator[None]:
        self.levels = QListWidget()
        self.levels.setObjectName("sweepLevels")
        self.levels.setProperty("kind", "pick")
        self.levels.setAccessibleName(tr("Practice", "Levels to try"))
        self.levels.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.levels.setFixedWidth(LEVELS_WIDTH)
        self.add_control(tr("Practice", "Levels"), self.levels, tall=True)
        self.repeats = NumberBox("sweepRepeats", tr("Practice", "Times each level is asked"), 1, MAX_REPEATS, REPEATS)
        self.add_control(tr("Practice", "Times each"), self.repeats)
        yield
        self._sentences = label("", name="sweepSentences", wrap=True, selectable=True)
        self._grid = PlainTable(
            "sweepGrid",
            tr("Practice", "Exercises by level"),
            self.theme,
            self.icons,
            most_rows=ROWS_IN_SIGHT,
            least=MIN_NAME,
            squeezed=True,
        )
        self._hint = label("", role="caption", name="sweepHint", wrap=True)
        self.result.addWidget(self._sentences)
        self.result.addWidget(self._grid)
        self.result.addWidget(self._hint)
        self._show_parts(False)
        self.knob.currentIndexChanged.connect(lambda _: self.knob_chosen.emit(self.chosen_knob()))
        self.levels.itemChanged.connect(lambda _: self.changed.emit())
        self.repeats.valueChanged.connect(lambda _: self.changed.emit())
        self.knob_chosen.connect(lambda _: self.look_again())
        self.changed.connect(self.look_again)
        self.theme.changed.connect(self._size_levels)

    def chosen_knob(self) -> SweepSetting:
        """Return what changes."""
        return SweepSetting(self.knob.currentData())

    def show_levels(self, choices: Sequence[Choice]) -> None:
        """Offer these levels."""
        with QSignalBlocker(self.levels):
            self.levels.clear()
            for choice in choices:
                item = QListWidgetItem(one_line(choice.words, 120))
                item.setFlags(
                    Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable
                )
                item.setCheckState(Qt.CheckState.Checked if choice.chosen else Qt.CheckState.Unchecked)
                item.setData(Qt.ItemDataRole.UserRole, choice.value)
                self.levels.addItem(item)
        self._size_levels()
        self.look_again()

    def choice(self) -> object:
        return self.chosen_knob(), tuple(self.chosen_levels()), self.repeats.value()

    def chosen_levels(self) -> list[object]:
        """Return the values of the levels that are ticked."""
        items = [self.levels.item(row) for row in range(self.levels.count())]
        return [item.data(Qt.ItemDataRole.UserRole) for item in items if item.checkState() is Qt.CheckState.Checked]

    def offered_levels(self) -> list[object]:
        """Return the values of all levels, ticked or not."""
        return [self.levels.item(row).data(Qt.ItemDataRole.UserRole) for row in range(self.levels.count())]

    def show_result(self, found: SweepResult) -> None:
        """Show the verdict, the sentences and the grid."""
        first, *others = found.words()
        self.verdict.say(said((first,)), TONES.get(found.verdict, ""), aloud=True)
        self._sentences.setText("\n".join(said((words,)) for words in others))
        headers = [
            tr("Practice", "Exercise"),
            tagged_level_header(),
            *(_level_words(name, short=len(found.levels) > MAX_NAMED) for name in found.levels),
            tr("Practice", "Topic"),
        ]
        signs = len(found.levels) > MAX_WORDY
        rows = [
            (
                Cell(title_of(row.exercise), tip=_tip_of(row.exercise)),
                tagged_level_cell(row.exercise),
                *(grid_cell(cell, asked, signs=signs) for cell, asked in zip(row.cells, found.asked, strict=True)),
                Cell(crumbs(row.exercise.path), tone="quiet"),
            )
            for row in found.rows
        ]
        topic, count = len(headers) - 1, len(found.levels)
        self._grid.set_wide(0, cut_first=topic)
        self._grid.show_rows(headers, rows)
        self._grid.leave_out(*((1,) if count > MAX_BESIDE_LEVEL else ()), *((topic,) if count > MAX_NAMED else ()))
        self._grid.show_rows(headers, rows)
        self._hint.setText(_hint_words(signs=signs))
        self._show_parts(True)
        self._grid.setVisible(bool(rows))
        self._hint.setVisible(bool(rows))
        self._sentences.setVisible(bool(others))

    def found_sentences(self) -> list[str]:
        return self._sentences.text().splitlines()

    def found_table(self) -> PlainTable:
        return self._grid

    def grid(self) -> PlainTable:
        """Return the grid."""
        return self._grid

    def _show_parts(self, shown: bool) -> None:
        for part in (self._sentences, self._grid, self._hint):
            part.setVisible(shown)

    def _size_levels(self) -> None:
        row = self.levels.sizeHintForRow(0) if self.levels.count() else self.fontMetrics().height() + LEVEL_PADDING
        self.levels.setFixedHeight(row * min(max(self.levels.count(), 1), LEVELS_IN_SIGHT) + 4)


def _level_words(name: Words, *, short: bool) -> str:
    """Return what a level is called; `short` is its value alone, where it has one: the setting is named above."""
    return next(iter(name.values.values())) if short and len(name.values) == 1 else said((name,))


def _tip_of(exercise: Exercise) -> str:
    level = tagged_level_cell(exercise).text
    tagged = (tr("Practice", "Tagged level {level}", level=level),) if level else ()
    return "\n".join((title_of(exercise), crumbs(exercise.path), *tagged))


def _hint_words(*, signs: bool) -> str:
    number = tr("Practice", "A number such as 2/3 says in how many of the repeats the exercise came.")
    if not signs:
        return number
    meaning = tr("Practice", "A plus is where it enters, a minus where it leaves.")
    return f"{number} {meaning}"


def grid_cell(cell: SweepCell, asked: int, *, signs: bool = False) -> Cell:
    """Return how an exercise stands at a level: a word, a mark and how often it came.

    Args:
        signs: the mark alone, where there is no room for the words; they are spoken, and said on hover.
    """
    often = f"{cell.times}/{asked}"
    times = tr("Practice", "{n} of {asked} times", n=cell.times, asked=asked)
    match cell.mark:
        case CellMark.ENTERS:
            spoken = tr("Practice", "enters, {times}", times=times)
            if signs:
                return Cell(f"+{often}", tone="good", spoken=spoken)
            return Cell(tr("Practice", "enters {often}", often=often), "plus", "good", spoken=spoken)
        case CellMark.LEAVES:
            leaves = tr("Practice", "leaves")
            return Cell(MINUS, tone="warn", spoken=leaves) if signs else Cell(leaves, "minus", "warn", spoken=leaves)
        case CellMark.STAYS:
            return Cell(often, spoken=times)
        case CellMark.ABSENT:
            return Cell("", spoken=tr("Practice", "not there"))
