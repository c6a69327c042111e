"""The session in view: its events so far, its cards, and what it means, kept up to date event by event."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from sana_desktop.api.practice_models import Exercise, ExerciseOutcome, Outcome, Result
from sana_desktop.practice.exercises.catalogue import Catalogue
from sana_desktop.practice.meaning.meaning import Meaning
from sana_desktop.practice.meaning.shapes import MeaningSnapshot
from sana_desktop.practice.sessions.session import Answered, Asked, Event, SessionRecord, Setup
from sana_desktop.ui.practice.naming import crumbs, title_of
from sana_desktop.ui.practice.session.exercise_list import Card
from sana_desktop.ui.practice.session.steps import Fate, Step
from sana_desktop.ui.tr import tr


class LiveSession:
    """One session while it is shown. Every event costs the same, however many there are.

    Args:
        record: the session as it is on disk; its events are taken in one by one, with `take`.
        catalogue: what is known of the exercises.
        given: what could come up, for coverage; None where that is not known.
    """

    def __init__(self, record: SessionRecord, catalogue: Catalogue, given: Catalogue | None = None) -> None:
        self._record = replace(record, events=())
        self._events: list[Event] = []
        self._cards: list[Card] = []
        self._answers_to: Counter[str] = Counter()  # by exercise, of the latest sequence
        self._asked = -1
        self._answered = 0
        self._from_report = 0
        self.meaning = Meaning(catalogue)
        self.meaning.count_within(given)

    @property
    def id(self) -> str:
        """The session's."""
        return self._record.id

    @property
    def connection_id(self) -> str:
        """Where it is held."""
        return self._record.connection_id

    @property
    def user_id(self) -> str:
        """Whose it is."""
        return self._record.setup.user_id

    @property
    def title(self) -> str:
        """What it is called."""
        return self._record.title

    @property
    def asked(self) -> int:
        """Index of the latest recommendation among the events, -1 before the first."""
        return self._asked

    @property
    def answered(self) -> int:
        """How many were answered."""
        return self._answered

    @property
    def from_report(self) -> int:
        """How many of the answers are from a report."""
        return self._from_report

    @property
    def count(self) -> int:
        """How many events there are."""
        return len(self._events)

    def next_of(self, first: int, events: Sequence[Event]) -> Sequence[Event] | None:
        """Return those of `events` that come next, to be taken in; None if others before them are missing here.

        Args:
            first: index of the first of them in the session on disk. Others may write into it too: so may a replay.
        """
        return None if first > self.count else events[self.count - first :]

    @property
    def last(self) -> Asked | None:
        """The latest recommendation."""
        event = self._events[self._asked] if self._asked >= 0 else None
        return event if isinstance(event, Asked) else None

    @property
    def setup(self) -> Setup:
        """What was asked for last."""
        return self._record.setup

    def change_setup(self, setup: Setup) -> None:
        """Something else is asked for from now on, of the same learner."""
        self._record = replace(self._record, setup=setup)

    def record(self) -> SessionRecord:
        """Return the session with all its events."""
        return replace(self._record, events=tuple(self._events))

    def since_asked(self) -> tuple[ExerciseOutcome, ...]:
        """Return what was answered of the latest recommendation."""
        later = self._events[self._asked + 1 :] if self._asked >= 0 else ()
        answers = (event for event in later if isinstance(event, Answered) and event.asked == self._asked)
        return tuple(ExerciseOutcome(event.exercise, event.outcome) for event in answers)

    def rename(self, title: str) -> None:
        """Give it another title."""
        self._record = replace(self._record, title=title)

    def cards(self) -> Sequence[Card]:
        """Return the latest sequence, with what was answered; the first without an answer is the current one."""
        return self._cards

    def current(self) -> int | None:
        """Return the row of the exercise to answer, None if all are answered."""
        return next((row for row, card in enumerate(self._cards) if card.current), None)

    def mark(self, row: int, result: Result | None) -> None:
        """Show an answer on its card, or take it away again because it could not be kept."""
        self._cards[row] = replace(self._cards[row], result=result)
        self._choose_current()

    def take(self, event: Event) -> Step:
        """Take an event in and return it as a step."""
        number = len(self._events)
        self._events.append(event)
        if isinstance(event, Asked):
            self._asked = number
            self._cards = [Card(exercise) for exercise in event.recommendation.exercises]
            self._answers_to.clear()
            self._choose_current()
            self.meaning.asked_for(event.query.constraints)
            self.meaning.offered(event.recommendation.exercises)
            return Step(number, event.at, _asked_words(event), exchange=event.recommendation.exchange)
        self._answered += 1
        if event.from_report:
            self._from_report += 1
            self._cards = []  # what was recommended before is of a learner who has gone on otherwise
        elif event.asked == self._asked:
            self._mark_card(event.exercise, event.outcome)
        self.meaning.answered(event.exercise, event.outcome, self._challenge(event), recommended=not event.from_report)
        return Step(
            number,
            event.at,
            title_of(event.exercise),
            crumbs(event.exercise.path),
            event.outcome.result,
            Fate.NONE if event.entry is None else Fate.SENT,
            event.entry,
            from_report=event.from_report,
        )

    def snapshot(self) -> MeaningSnapshot:
        """Return what it means so far."""
        return self.meaning.snapshot()

    def skipped(self) -> int:
        """Return how many of the latest sequence were skipped."""
        return sum(card.result is Result.SKIPPED for card in self._cards)

    def correct(self) -> int:
        """Return how many of the latest sequence were answered correctly."""
        return sum(card.result is Result.CORRECT for card in self._cards)

    def _challenge(self, event: Answered) -> float | None:
        at = event.asked
        asked = self._events[at] if at is not None and 0 <= at < len(self._events) else None
        return asked.query.challenge_level if isinstance(asked, Asked) else None

    def _mark_card(self, exercise: Exercise, outcome: Outcome) -> None:
        """Show an answer on its card, unless that shows it already: one by hand is there before it is on the disk."""
        self._answers_to[exercise.id] += 1
        rows = [row for row, card in enumerate(self._cards) if card.exercise.id == exercise.id]
        open_rows = [row for row in rows if self._cards[row].result is None]
        if open_rows and len(rows) - len(open_rows) < self._answers_to[exercise.id]:
            self.mark(open_rows[0], outcome.result)

    def _choose_current(self) -> None:
        now = next((row for row, card in enumerate(self._cards) if card.result is None), None)
        self._cards = [
            card if card.current == (row == now) else replace(card, current=row == now)
            for row, card in enumerate(self._cards)
        ]


def _asked_words(event: Asked) -> str:
    wanted, came = event.query.num_exercises or 1, len(event.recommendation.exercises)
    if came == 0:
        return tr("Practice", "Asked for {n}: nothing came", n=wanted)
    return tr("Practice", "Asked for {n}: {came} came", n=wanted, came=came)
