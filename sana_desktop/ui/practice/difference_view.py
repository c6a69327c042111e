"""What differs between two recommendations or two sessions (B29): new, gone, moved, in words as well as marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox

from sana_desktop.base.text import one_line
from sana_desktop.practice.comparison import Comparison, Difference, Fate, SessionComparison
from sana_desktop.practice.repeatability import Repeatability, RepeatVerdict
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.meaning_panel import said
from sana_desktop.ui.practice.naming import crumbs, title_of
from sana_desktop.ui.practice.plain_table import Cell, PlainTable
from sana_desktop.ui.practice.repeat_view import repeat_words
from sana_desktop.ui.practice.study import Banner, Study
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import DropDown, label, text_button

ROWS_IN_SIGHT = 14
SOURCE_CHARACTERS = 60


class Kind(StrEnum):
    """What is laid beside each other."""

    ANSWERS = "answers"
    SESSIONS = "sessions"


@dataclass(frozen=True, slots=True)
class Source:
    """Something that can be one side of a comparison."""

    key: str
    words: str


class DifferenceView(Study):
    """Choose two, see what differs.

    Signals:
        kind_chosen(str): another Kind; its sources are wanted.
        repeat_wanted: check first whether the answer repeats itself.
    """

    kind_chosen = Signal(str)
    repeat_wanted = Signal()

    def __init__(self, theme: Theme, icons: Icons) -> None:
        super().__init__(
            "difference",
            tr("Practice", "What is different?"),
            tr(
                "Practice",
                "Lays two recommendations, or two sessions, beside each other: before and after an answer, two "
                "learners, two set-ups, then and now.",
            ),
            tr("Practice", "Show the difference"),
            theme,
            icons,
        )
        self.kind = DropDown("differenceKind", tr("Practice", "What to compare"))
        self.kind.addItem(tr("Practice", "Two recommendations"), Kind.ANSWERS)
        self.kind.addItem(tr("Practice", "Two sessions"), Kind.SESSIONS)
        self.before = DropDown("differenceBefore", tr("Practice", "First"))
        self.after = DropDown("differenceAfter", tr("Practice", "Second"))
        self.add_control(tr("Practice", "Compare"), self.kind)
        self.add_control(tr("Practice", "First"), self.before)
        self.add_control(tr("Practice", "Second"), self.after)
        self._repeat = Banner("differenceRepeat", icons)
        self.check = text_button(tr("Practice", "Ask the same question twice"), "differenceRepeatButton", kind="link")
        self._repeat.row.addWidget(self.check)
        self._sentences = label("", name="differenceSentences", wrap=True, selectable=True)
        self._table = PlainTable(
            "differenceTable", tr("Practice", "What differs"), theme, icons, most_rows=ROWS_IN_SIGHT, wide=1
        )
        for part in (self._repeat, self._sentences, self._table):
            self.result.addWidget(part)
        self._sentences.hide()
        self._table.hide()
        self.kind.currentIndexChanged.connect(lambda _: self.kind_chosen.emit(self.chosen_kind()))
        self.check.clicked.connect(self.repeat_wanted)

    def chosen_kind(self) -> Kind:
        """Return what is compared."""
        return Kind(self.kind.currentData())

    def chosen(self) -> tuple[str, str]:
        """Return the keys of both sides; empty where there is none."""
        return str(self.before.currentData() or ""), str(self.after.currentData() or "")

    def show_sources(self, sources: Sequence[Source]) -> None:
        """Offer these for both sides; what was chosen stays chosen where it still is there."""
        kept = self.chosen()
        fallback = (min(1, len(sources) - 1), 0)
        for side, box in enumerate((self.before, self.after)):
            _fill(box, sources, kept[side], fallback[side])

    def show_comparison(self, found: Comparison) -> None:
        """Show what differs between two recommendations."""
        self._show(found, [])

    def show_sessions(self, found: SessionComparison) -> None:
        """Show what differs between two sessions."""
        success, *_ = found.words()
        self._show(found.exercises, [said((success,)), *(said((change.words(),)) for change in found.changes)])

    def table(self) -> PlainTable:
        """Return the table."""
        return self._table

    def show_repeatability(self, found: Repeatability | None) -> None:
        """Say whether differences mean anything."""
        sure = found is not None and found.verdict is RepeatVerdict.REPEATABLE
        self._repeat.say(repeat_words(found), "good" if sure else "warn")
        self.check.setVisible(found is None)

    def _show(self, found: Comparison, sentences: Sequence[str]) -> None:
        summary = found.words()[0]
        self.verdict.say(said((summary,)), aloud=True)
        self.show_repeatability(found.repeatability)
        self._sentences.setText("\n".join(sentences))
        self._sentences.setVisible(bool(sentences))
        headers = (
            tr("Practice", "Change"),
            tr("Practice", "Exercise"),
            tr("Practice", "Place"),
            tr("Practice", "Was at"),
            tr("Practice", "Is at"),
        )
        self._table.show_rows(headers, [difference_row(each) for each in found.differences])
        self._table.setVisible(bool(found.differences))


def difference_row(each: Difference) -> tuple[Cell, ...]:
    """Return a row: what became of an exercise, which it is, and where it stood and stands."""
    return (
        fate_cell(each),
        Cell(title_of(each.exercise)),
        Cell(crumbs(each.exercise.path), tone="quiet"),
        _position(each.before),
        _position(each.after),
    )


def fate_cell(each: Difference) -> Cell:
    """Return what became of an exercise, as a mark and a word."""
    match each.fate:
        case Fate.NEW:
            return Cell(tr("Practice", "New"), "plus", "good")
        case Fate.GONE:
            return Cell(tr("Practice", "Gone"), "minus", "bad")
        case Fate.SAME:
            return Cell(tr("Practice", "The same"), "dot", "quiet")
        case Fate.MOVED:
            steps = abs((each.after or 0) - (each.before or 0))
            words = tr("Practice", "Moved up {n}", n=steps) if each.up else tr("Practice", "Moved down {n}", n=steps)
            return Cell(words, "chevron-up" if each.up else "chevron-down", "busy")


def _position(place: int | None) -> Cell:
    return (
        Cell("–", number=True, spoken=tr("Practice", "not there")) if place is None else Cell(str(place), number=True)
    )


def _fill(box: QComboBox, sources: Sequence[Source], kept: str, fallback: int) -> None:
    blocked = box.blockSignals(True)
    box.clear()
    for source in sources:
        box.addItem(one_line(source.words, SOURCE_CHARACTERS), source.key)
    at = box.findData(kept) if kept else -1
    box.setCurrentIndex(at if at >= 0 else fallback)
    box.setEnabled(bool(sources))
    box.blockSignals(blocked)
