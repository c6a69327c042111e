"""What is chosen about a replay besides its columns: how dates are read, whose answers, to whom, when to ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QLabel, QWidget

from sana_desktop.base.text import one_line
from sana_desktop.practice.replay.dry_run import DryRun, Person
from sana_desktop.practice.replay.times import DayOrder
from sana_desktop.ui.practice.parts.form_grid import FormGrid
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import DropDown, label

NEW_LEARNER = ""
"""Data of the choice "a new test learner"."""
NAME_CHARACTERS = 40
EVERY = (50, 100, 250, 1_000)
"""After how many answers it can be asked along the way."""
REPEATS = 1
"""Requests more, to see whether the answer repeats itself (B28)."""
EVERYBODY = ""


@dataclass(frozen=True, slots=True)
class LearnerChoice:
    """A test learner who may get the answers."""

    user_id: str
    name: str


class ReplayChoices(QWidget):
    """The form; a row that means nothing now is not there.

    Signals:
        changed: the file has to be looked through again.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.days = DropDown("replayDays", tr("Replay", "How dates are read"))
        self.person = DropDown("replayPerson", tr("Replay", "Whose answers"))
        self.learner = DropDown("replayLearner", tr("Replay", "Test learner who gets them"))
        self.stops = DropDown("replayStops", tr("Replay", "When to ask what is recommended"))
        self.asks = DropDown("replayAsks", tr("Replay", "What to ask for"))
        self._names: dict[QComboBox, QLabel] = {}
        self.grid = FormGrid(self, 8)
        for row, (words, choice) in enumerate(
            (
                (tr("Replay", "Dates such as 02/03/2026"), self.days),
                (tr("Replay", "Whose answers"), self.person),
                (tr("Replay", "Send them to"), self.learner),
                (tr("Replay", "Ask what is recommended"), self.stops),
                (tr("Replay", "Ask for"), self.asks),
            )
        ):
            name = self._names[choice] = label(words, role="quiet")
            self.grid.add_pair(row, name, choice)
            self.show_row(choice, False)
        self._show_days(None, None)
        self.days.currentIndexChanged.connect(lambda _: self.changed.emit())
        self.person.currentIndexChanged.connect(lambda _: self.changed.emit())

    def show_row(self, choice: QComboBox, shown: bool) -> None:
        """Show one of the choices, or hide it."""
        choice.setVisible(shown)
        self._names[choice].setVisible(shown)

    def show_sendable(self, sendable: bool) -> None:
        """Offer what is chosen of that which can be sent."""
        self.show_row(self.learner, sendable)
        self.show_row(self.stops, sendable and self.stops.count() > 1)

    def show_asks(self, choices: Sequence[str], chosen: int) -> None:
        """Offer what can be asked for."""
        self.asks.clear()
        self.asks.addItems(list(choices))
        self.asks.setCurrentIndex(chosen)

    def offer(self, *, begun: bool, asks: bool) -> None:
        """Lock what is settled once it is begun; what is asked can be chosen for as long as something can be asked."""
        for choice in self._names:
            choice.setEnabled(not begun)
        self.asks.setEnabled(asks)
        self.show_row(self.asks, asks and self.asks.count() > 1)

    def hide_all(self) -> None:
        """Hide what is settled."""
        for choice in self._names:
            self.show_row(choice, False)

    def begin(self, days: DayOrder | None = None) -> None:
        """Forget what was chosen for another file; `days` is what was for this one."""
        self.show_people(())
        self._show_days(None, days)
        self.show_row(self.days, False)

    def show_dry(self, dry: DryRun) -> None:
        """Offer what has to be chosen of a file that was looked through."""
        self.show_people(dry.people)
        self._show_days(dry.days, self.chosen_days())
        self.show_row(self.days, dry.asks_days)
        self._show_stops(dry.usable)

    def show_people(self, people: Sequence[Person]) -> None:
        """Offer whose answers are meant, where there are several people."""
        kept = self.chosen_person()
        with QSignalBlocker(self.person):
            self.person.clear()
            self.person.addItem(tr("Replay", "Choose one…"), EVERYBODY)
            for person in people:
                words = tr("Replay", "{id}, {n} rows", id=one_line(person.id, NAME_CHARACTERS), n=f"{person.rows:,}")
                self.person.addItem(words, person.id)
            self.person.setCurrentIndex(max(self.person.findData(kept), 0))
        self.show_row(self.person, len(people) > 1)

    def show_learners(self, learners: Sequence[LearnerChoice]) -> None:
        """Offer who may get the answers; a new test learner comes first, for a replay that starts from nothing."""
        kept = self.learner.currentData()
        self.learner.clear()
        self.learner.addItem(tr("Replay", "A new test learner"), NEW_LEARNER)
        for learner in learners:
            self.learner.addItem(one_line(learner.name or learner.user_id, NAME_CHARACTERS), learner.user_id)
        self.learner.setCurrentIndex(max(self.learner.findData(kept), 0))

    def chosen_days(self) -> DayOrder | None:
        """Return what comes first in dates; None where the file says it."""
        told = str(self.days.currentData() or "")
        return DayOrder(told) if told else None

    def chosen_person(self) -> str:
        """Return whose answers are meant; EVERYBODY where nobody was chosen."""
        return str(self.person.currentData() or EVERYBODY)

    def chosen_learner(self) -> str:
        """Return who gets the answers; NEW_LEARNER for one that is made for it."""
        return str(self.learner.currentData() or NEW_LEARNER)

    def chosen_stops(self) -> int | None:
        """Return after how many answers to ask along the way; None if it is not."""
        return int(self.stops.currentData() or 0) or None

    def _show_days(self, found: DayOrder | None, chosen: DayOrder | None) -> None:
        """Offer both orders; first of all what the file gives away, where nothing was chosen."""
        with QSignalBlocker(self.days):
            self.days.clear()
            if chosen is not None:
                self.days.addItem(tr("Replay", "as the file says"), "")
            elif found is None:
                self.days.addItem(tr("Replay", "Choose one…"), "")
            else:
                self.days.addItem(tr("Replay", "{order}, as the file shows", order=day_order_words(found)), "")
            for order in DayOrder:
                self.days.addItem(day_order_words(order), order.value)
            self.days.setCurrentIndex(max(self.days.findData(chosen.value if chosen is not None else ""), 0))

    def _show_stops(self, answers: int) -> None:
        """Offer to ask along the way, with what it takes."""
        kept = self.stops.currentData()
        self.stops.clear()
        self.stops.addItem(tr("Replay", "only when I pause and compare"), 0)
        for every in EVERY:
            asks = (answers - 1) // every
            values = {"n": f"{every:,}", "asks": f"{asks + REPEATS:,}"}
            if asks == 1:
                self.stops.addItem(tr("Replay", "after {n} answers: {asks} requests more", **values), every)
            elif asks > 1:
                self.stops.addItem(tr("Replay", "after every {n} answers: {asks} requests more", **values), every)
        self.stops.setCurrentIndex(max(self.stops.findData(kept), 0))


def day_order_words(order: DayOrder) -> str:
    """Return what comes first in dates."""
    return tr("Replay", "day first") if order is DayOrder.DAY_FIRST else tr("Replay", "month first")
