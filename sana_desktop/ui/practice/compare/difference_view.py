"""What differs between two recommendations or two sessions (B29): new, gone, moved, in words as well as marks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QSizePolicy

from sana_desktop.base.text import one_line
from sana_desktop.base.words import Words
from sana_desktop.practice.compare.comparison import Change, Comparison, Difference, SessionComparison
from sana_desktop.practice.compare.repeatability import Repeatability
from sana_desktop.practice.sessions.rerun import RerunFound
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.compare.repeat_view import say_repeatability
from sana_desktop.ui.practice.compare.study import ComparisonPanel
from sana_desktop.ui.practice.meaning.panel import said
from sana_desktop.ui.practice.naming import crumbs, title_of
from sana_desktop.ui.practice.parts.plain_table import Cell, PlainTable, Row, number_cell
from sana_desktop.ui.practice.parts.strips import Strip
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import DropDown, label, plain_tip, text_button

ROWS_IN_SIGHT = 14
SOURCE_CHARACTERS = 120
SIDE_CHARACTERS = 20
MAX_SENTENCES = 12
"""Of the questions that got another answer; the table has them all."""


class Kind(StrEnum):
    """What is laid beside each other."""

    ANSWERS = "answers"
    SESSIONS = "sessions"


@dataclass(frozen=True, slots=True)
class Source:
    """Something that can be one side of a comparison; `asks` if the site is asked for it."""

    key: str
    words: str
    asks: bool = False


class DifferenceView(ComparisonPanel):
    """Choose two, see what differs.

    Args:
        at_once: False is for a window that is in use: `parts` is to be taken in turns, and the view shown after that.

    Signals:
        kind_chosen(str): another Kind; its sources are wanted.
        sides_chosen: another side; another plan is wanted.
        keep_wanted: lay the set-up aside, to be compared with another one.
        repeat_wanted: check first whether the answer repeats itself.
    """

    kind_chosen = Signal(str)
    sides_chosen = Signal()
    keep_wanted = Signal()
    repeat_wanted = Signal()

    def __init__(self, theme: Theme, icons: Icons, *, at_once: bool = True) -> None:
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
        self.add_control(tr("Practice", "Compare"), self.kind)
        self._asks: frozenset[str] = frozenset()
        self._sides: tuple[str, ...] = ()
        self._rerun = False
        self.parts = self._make_rest()
        if at_once:
            self.finish()

    def _make_rest(self) -> Iterator[None]:
        self.before = DropDown("differenceBefore", tr("Practice", "First"))
        self.after = DropDown("differenceAfter", tr("Practice", "Second"))
        for words, box in ((tr("Practice", "First"), self.before), (tr("Practice", "Second"), self.after)):
            # As wide as there is room, not as what it held when it was first shown; the tooltip has the rest.
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(SIDE_CHARACTERS)
            box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            self.add_control(words, box, wide=True)
        self.keep = text_button(tr("Practice", "Keep this set-up"), "differenceKeepButton")
        self.keep.setToolTip(
            plain_tip(
                tr("Practice", "What is set up now stays on both lists, to be compared with what you set up next.")
            )
        )
        self.add_control("", self.keep)
        yield
        self._repeat = Strip(self.icons, "differenceRepeat", most_acts=0)
        self.check = text_button(tr("Practice", "Ask the same question twice"), "differenceRepeatButton", kind="link")
        self._repeat.add_beside(self.check)
        self._sentences = label("", name="differenceSentences", wrap=True, selectable=True)
        self._table = PlainTable(
            "differenceTable", tr("Practice", "What differs"), self.theme, self.icons, most_rows=ROWS_IN_SIGHT, wide=1
        )
        for part in (self._repeat, self._sentences, self._table):
            self.result.addWidget(part)
        self._sentences.hide()
        self._table.hide()
        self.kind.currentIndexChanged.connect(lambda _: self.kind_chosen.emit(self.chosen_kind()))
        for box in (self.before, self.after):
            box.currentIndexChanged.connect(lambda _: self.sides_chosen.emit())
            box.setPlaceholderText(tr("Practice", "None yet"))
            box.currentTextChanged.connect(lambda words, box=box: box.setToolTip(plain_tip(words)))
        self.keep.clicked.connect(self.keep_wanted)
        self.check.clicked.connect(self.repeat_wanted)
        for turned in (self.kind_chosen, self.sides_chosen, self.run_wanted):
            turned.connect(self._turn)

    def choice(self) -> object:
        # What a replay found is of neither side: it stays until something is chosen here.
        return "rerun" if self._rerun else (self.chosen_kind(), *self.chosen())

    def chosen_kind(self) -> Kind:
        """Return what is compared."""
        return Kind(self.kind.currentData())

    def chosen(self) -> tuple[str, str]:
        """Return the keys of both sides; empty where there is none."""
        return str(self.before.currentData() or ""), str(self.after.currentData() or "")

    def choose_first(self, key: str) -> None:
        """Choose the first side, as if the person had."""
        self.before.setCurrentIndex(self.before.findData(key))

    def asking_sides(self) -> int:
        """Return for how many of both sides the site is asked."""
        return sum(key in self._asks for key in self.chosen())

    def show_sources(self, sources: Sequence[Source]) -> None:
        """Offer these for both sides; what was chosen stays chosen where it still is there."""
        kept = self.chosen()
        self._asks = frozenset(source.key for source in sources if source.asks)
        keys = [source.key for source in sources]
        then = next((at for at, source in enumerate(sources) if at and not source.asks), min(1, len(sources) - 1))
        before = keys.index(kept[0]) if kept[0] in keys else then
        after = keys.index(kept[1]) if kept[1] in keys else 0
        if before == after and self.chosen_kind() is Kind.SESSIONS and not (kept[0] == kept[1] in keys):
            # A session beside itself tells nothing, unless somebody chose it so.
            if kept[0] in keys or kept[1] not in keys:
                after = next((at for at in range(len(keys)) if at != before), -1)
            else:
                before = next((at for at in range(len(keys)) if at != after), -1)
        _fill(self.before, sources, before)
        _fill(self.after, sources, after)
        self.show_control(self.keep, self.chosen_kind() is Kind.ANSWERS)
        self.look_again()

    def show_comparison(self, found: Comparison, questions: Sequence[Words] = ()) -> None:
        """Show what differs between two recommendations; `questions` say what differs between what was asked."""
        self._show(found, [said((words,)) for words in questions])

    def show_sessions(self, found: SessionComparison) -> None:
        """Show what differs between two sessions."""
        success = [said((words,)) for words in found.success_words()]
        self._show(found.exercises, [*success, *(said((change.words(),)) for change in found.changes)])

    def show_rerun(self, found: RerunFound, repeatability: Repeatability | None = None) -> None:
        """Show what is recommended now that was not then, question by question."""
        # The two that are chosen above are others.
        self._rerun = True
        self._sides = (tr("Practice", "The session that was replayed: then, and now with its test learner."),)
        words = [said((each,)) for each in found.words()]
        summary = words[: len(words) - len(found.different)]
        self.verdict.say(" ".join(summary), "good" if found.identical else "warn", aloud=True)
        self.show_repeatability(repeatability)
        sentences = [*self._sides, *words[len(summary) :]]
        if len(sentences) > MAX_SENTENCES + 1:
            rest = tr("Practice", "And {n} more questions.", n=len(sentences) - MAX_SENTENCES - 1)
            sentences = [*sentences[: MAX_SENTENCES + 1], rest]
        rows = [
            (number_cell(step.number), *difference_row(each))
            for step in found.different
            for each in step.comparison.differences
            if each.change is not Change.SAME
        ]
        self._show_parts(sentences, (tr("Practice", "Question"), *difference_headers()), rows, wide=2)

    def found_sentences(self) -> list[str]:
        return [*self._sides, self._repeat.text(), *self._sentences.text().splitlines()]

    def found_table(self) -> PlainTable:
        return self._table

    def table(self) -> PlainTable:
        """Return the table."""
        return self._table

    def show_repeatability(self, found: Repeatability | None) -> None:
        """Say whether differences mean anything."""
        say_repeatability(self._repeat, found)
        self.check.setVisible(found is None or found.elsewhere)

    def _turn(self, *_: object) -> None:
        self._rerun = False
        self.look_again()

    def _show(self, found: Comparison, sentences: Sequence[str]) -> None:
        self._sides = (
            tr("Practice", "First: {side}", side=self.before.currentText()),
            tr("Practice", "Second: {side}", side=self.after.currentText()),
        )
        summary = found.words()[0]
        self.verdict.say(said((summary,)), aloud=True)
        self.show_repeatability(found.repeatability)
        rows = [difference_row(each, beside=found.beside) for each in found.differences]
        self._show_parts(sentences, difference_headers(beside=found.beside), rows, wide=1)

    def _show_parts(self, sentences: Sequence[str], headers: Sequence[str], rows: Sequence[Row], *, wide: int) -> None:
        self._sentences.setText("\n".join(sentences))
        self._sentences.setVisible(bool(sentences))
        self._table.set_wide(wide, cut_first=wide + 1)
        self._table.show_rows(headers, rows)
        self._table.setVisible(bool(rows))


def difference_headers(before: str = "", after: str = "", *, beside: bool = False) -> tuple[str, ...]:
    """Return what stands above the rows; `before` and `after` are what the two sides are called."""
    if beside:
        before, after = before or tr("Practice", "In the first"), after or tr("Practice", "In the second")
    return (
        tr("Practice", "Change"),
        tr("Practice", "Exercise"),
        tr("Practice", "Topic"),
        before or tr("Practice", "Was at"),
        after or tr("Practice", "Is at"),
    )


def difference_row(each: Difference, *, beside: bool = False) -> tuple[Cell, ...]:
    """Return a row: what became of an exercise, which it is, and where it stood and stands.

    Args:
        beside: neither side is the earlier one; see `Comparison.beside`.
    """
    return (
        side_cell(each) if beside else change_cell(each),
        Cell(title_of(each.exercise)),
        Cell(crumbs(each.exercise.path), tone="quiet"),
        _position(each.before),
        _position(each.after),
    )


def change_cell(each: Difference) -> Cell:
    """Return what became of an exercise, as a mark and a word."""
    match each.change:
        case Change.NEW:
            return Cell(tr("Practice", "New"), "plus", "good")
        case Change.GONE:
            return Cell(tr("Practice", "Gone"), "minus", "bad")
        case Change.SAME:
            return Cell(tr("Practice", "The same"), "dot", "quiet")
        case Change.MOVED:
            steps = abs((each.after or 0) - (each.before or 0))
            words = tr("Practice", "Moved up {n}", n=steps) if each.up else tr("Practice", "Moved down {n}", n=steps)
            return Cell(words, "chevron-up" if each.up else "chevron-down", "busy")


def side_cell(each: Difference) -> Cell:
    """Return on which side an exercise is, of two that stand beside each other, as a mark and a word."""
    match each.change:
        case Change.NEW:
            return Cell(tr("Practice", "Only in the second"), "plus", "busy")
        case Change.GONE:
            return Cell(tr("Practice", "Only in the first"), "minus", "busy")
        case Change.SAME:
            return Cell(tr("Practice", "The same"), "dot", "quiet")
        case Change.MOVED:
            steps = abs((each.after or 0) - (each.before or 0))
            words = (
                tr("Practice", "{n} earlier", n=f"{steps:,}")
                if each.up
                else tr("Practice", "{n} later", n=f"{steps:,}")
            )
            return Cell(words, "chevron-up" if each.up else "chevron-down", "quiet")


def _position(place: int | None) -> Cell:
    return (
        Cell("–", number=True, spoken=tr("Practice", "not there")) if place is None else Cell(f"{place:,}", number=True)
    )


def _fill(box: QComboBox, sources: Sequence[Source], chosen: int) -> None:
    with QSignalBlocker(box):
        box.clear()
        for source in sources:
            box.addItem(one_line(source.words, SOURCE_CHARACTERS), source.key)
            box.setItemData(box.count() - 1, plain_tip(source.words), Qt.ItemDataRole.ToolTipRole)
        box.setCurrentIndex(chosen)
        box.setToolTip(plain_tip(box.currentText()))
        box.setEnabled(bool(sources))
