"""Then and now at a place of a replay (B34): what the person did next beside what is recommended, in words and rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QWidget

from sana_desktop.base.text import one_line
from sana_desktop.practice.compare.repeatability import Repeatability
from sana_desktop.practice.replay.compare import InFile, Met, StopsFound, ThenAndNow
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.compare.difference_view import difference_headers, difference_row
from sana_desktop.ui.practice.compare.evidence import Evidence
from sana_desktop.ui.practice.compare.hand_on import HandOn
from sana_desktop.ui.practice.compare.repeat_view import say_repeatability
from sana_desktop.ui.practice.meaning.panel import said
from sana_desktop.ui.practice.parts.plain_table import Cell, PlainTable, Row, number_cell
from sana_desktop.ui.practice.parts.strips import Strip
from sana_desktop.ui.practice.replay.words import question_words
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import DropDown, column, label, line

T = TypeVar("T")
SENTENCE_CHARACTERS = 600
ROWS_IN_SIGHT = 20


class ReplayComparison(QWidget):
    """Shows what a comparison found; hidden until there is one."""

    def __init__(self, theme: Theme, icons: Icons) -> None:
        super().__init__()
        self.setObjectName("replayComparison")
        self._heading = label("", role="heading", name="replayComparedAt", wrap=True)
        self.verdict = Strip(icons, "replayCompared")
        self.repeat = Strip(icons, "replayRepeat")
        self._question = label("", role="caption", name="replayQuestion", wrap=True)
        self.table = PlainTable(
            "replayDifference", tr("Replay", "Then and now"), theme, icons, most_rows=ROWS_IN_SIGHT, wide=2
        )
        self._legend = label("", role="caption", name="replayLegend", wrap=True)
        self.place = DropDown("replayPlace", tr("Replay", "Which place of the file"))
        self.place.hide()
        self.hand_on = HandOn("replay")
        self._all: StopsFound | None = None
        box = column(self, spacing=8)
        box.addWidget(line())
        box.addWidget(self._heading)
        box.addWidget(self.place, 0, Qt.AlignmentFlag.AlignLeft)
        for part in (self.verdict, self.repeat, self.table, self._legend, self._question, self.hand_on):
            box.addWidget(part)
        self.place.currentIndexChanged.connect(self._turn)
        self.hide()

    def show_one(self, found: ThenAndNow, question: str) -> None:
        """Show one place; `question` says what was asked."""
        self._all = None
        self.place.hide()
        self._show_one(found, question)

    def show_stops(self, found: StopsFound) -> None:
        """Show all places where it was asked, a row for each; each can be looked at by itself."""
        self._all = found
        with QSignalBlocker(self.place):
            self.place.clear()
            self.place.addItem(tr("Replay", "All places"))
            for stop in found.stops:
                self.place.addItem(_after_words(stop))
        self.place.show()
        self._turn(0)

    def evidence(self) -> Evidence:
        """Return what is shown, to be handed on."""
        question = "" if self._question.isHidden() else self._question.text()
        legend = "" if self._legend.isHidden() else self._legend.text()
        said = (self.verdict.text(), self.repeat.text(), question, legend)
        return Evidence(self._heading.text(), tuple(filter(None, said)), *self.table.contents())

    def _turn(self, row: int) -> None:
        """Show the place of this row; the first is all of them."""
        if self._all is None or row < 0:
            return
        if row == 0:
            self._show_all(self._all)
        else:
            stop = self._all.stops[row - 1]
            self._show_one(stop, question_words(stop.asked.query))

    def _show_one(self, found: ThenAndNow, question: str) -> None:
        values = {"done": f"{found.done:,}", "total": f"{found.total:,}"}
        if found.then:
            self._heading.setText(tr("Replay", "Then and now, after {done} of {total} answers", **values))
            self._show(said(found.words()), headers(), rows_of(found), found.repeatability, wide=2)
            legend = tr(
                "Replay",
                "Then is what they did next, as the file says; now is what is recommended after the same answers. New: "
                "only now. Gone: only then. They did not follow this advice, so a difference is no mistake.",
            )
        else:
            self._heading.setText(tr("Replay", "Now, after {done} of {total} answers", **values))
            self._show(said(found.words()), now_headers(), now_rows(found), found.repeatability, wide=1)
            legend = tr(
                "Replay",
                "To see it beside what they did next, it has to be asked before the end of the file: pause a replay "
                "and compare, or choose to ask along the way.",
            )
        self._legend.setText(legend)
        self._question.setText(one_line(question, SENTENCE_CHARACTERS))
        self._question.setVisible(bool(question))

    def _show_all(self, found: StopsFound) -> None:
        self._heading.setText(tr("Replay", "Then and now, all in all"))
        rows = [stop_row(each) for each in found.stops]
        self._show(said(found.words()), stop_headers(), rows, found.repeatability, wide=0)
        self._legend.setText(
            tr(
                "Replay",
                "How many of those recommended at each point the person did next, did later, had done before, or never "
                "did in this file.",
            )
        )
        self._question.hide()

    def _show(
        self, words: str, headers: Sequence[str], rows: Sequence[Row], repeats: Repeatability | None, *, wide: int
    ) -> None:
        self.verdict.say(words, aloud=True)
        say_repeatability(self.repeat, repeats)
        self.table.set_wide(wide)
        self.table.show_rows(headers, rows)
        self.table.setVisible(bool(rows))
        self._legend.setVisible(bool(rows))
        self.hand_on.say("")
        self.hand_on.offer(True)
        self.show()


def headers() -> tuple[str, ...]:
    """Return what stands above the rows of one place."""
    return (*difference_headers(tr("Replay", "Then"), tr("Replay", "Now")), tr("Replay", "In the file"))


def rows_of(found: ThenAndNow) -> list[Row]:
    """Return a row for each exercise of either side."""
    # What is recommended comes first, in its order, and so do the places.
    places = [_file_cell(place, len(found.then)) for place in found.places]
    differences = found.comparison.differences
    gone = [Cell(tr("Replay", "next"), tone="quiet")] * (len(differences) - len(places))
    return [(*difference_row(each), cell) for each, cell in zip(differences, (*places, *gone), strict=True)]


def now_headers() -> tuple[str, ...]:
    """Return what stands above the rows where nothing was done next."""
    return _without_then(headers())


def now_rows(found: ThenAndNow) -> list[Row]:
    """Return a row for each exercise that is recommended, where nothing was done next."""
    return [_without_then(row) for row in rows_of(found)]


def _without_then(row: Sequence[T]) -> tuple[T, ...]:
    """Return it without what is changed, and without the place of then."""
    _change, exercise, topic, _then, *others = row
    return exercise, topic, *others


def stop_headers() -> tuple[str, ...]:
    """Return what stands above the rows of all places."""
    return (
        tr("Replay", "After"),
        tr("Replay", "Recommended"),
        tr("Replay", "Next"),
        tr("Replay", "Later"),
        tr("Replay", "Before"),
        tr("Replay", "Not in the file"),
    )


def stop_row(found: ThenAndNow) -> tuple[Cell, ...]:
    """Return one place as figures."""
    met = found.met
    return (
        Cell(tr("Replay", "{n} answers", n=f"{found.done:,}")),
        number_cell(len(found.now)),
        *(number_cell(met.count(each)) for each in (Met.NEXT, Met.LATER, Met.BEFORE, Met.NEVER)),
    )


def _after_words(found: ThenAndNow) -> str:
    if found.done == 1:
        return tr("Replay", "After 1 answer")
    return tr("Replay", "After {n} answers", n=f"{found.done:,}")


def _file_cell(place: InFile, window: int) -> Cell:
    match place.met(window):
        case Met.NEXT:
            return Cell(tr("Replay", "next"))
        case Met.LATER:
            return Cell(tr("Replay", "{n} answers later", n=f"{place.ahead:,}"))
        case Met.BEFORE:
            return (
                Cell(tr("Replay", "before, once"))
                if place.before == 1
                else Cell(tr("Replay", "before, {n} times", n=f"{place.before:,}"))
            )
        case Met.NEVER:
            return Cell(tr("Replay", "not in it"), tone="quiet")
