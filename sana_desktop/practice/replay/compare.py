"""Then and now: what a person did next in a report, beside what is recommended at that place today (B34); pure.

They did not follow today's advice, so neither side is a mistake: the comparison says how far the two go together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sana_desktop.api.practice_models import Exercise, ExerciseOutcome, NextQuery
from sana_desktop.base.words import Words
from sana_desktop.practice.compare.comparison import Change, Comparison, compare
from sana_desktop.practice.compare.repeatability import Repeatability
from sana_desktop.practice.sessions.session import Answered, Asked, SessionRecord


class Met(StrEnum):
    """When the person met a recommended exercise, seen from one place of the file."""

    NEXT = "next"
    """Among as many answers as were recommended."""
    LATER = "later"
    BEFORE = "before"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class InFile:
    """Where an exercise stands in the file, seen from one place of it.

    Attributes:
        before: answers to it before that place.
        ahead: which of the answers after the place is the first to it, from 1; None if none is.
    """

    before: int = 0
    ahead: int | None = None

    def met(self, window: int) -> Met:
        """Return when it was met, with `window` answers being the next ones."""
        if self.ahead is not None:
            return Met.NEXT if self.ahead <= window else Met.LATER
        return Met.BEFORE if self.before else Met.NEVER


@dataclass(frozen=True, slots=True)
class ThenAndNow:
    """One place of a file, and what is recommended there now.

    Attributes:
        done: answers before the place, of `total`.
        then: the exercises that the person did next, as many as were asked for; fewer at the end of the file.
        asked: the question of now, with the answer.
        places: where each recommended exercise stands in the file.
        repeatability: whether the same question gets the same answer at all (B28); None if it was not asked.
        strange: whether the content is known and has none of the exercises of the file.
    """

    done: int
    total: int
    then: tuple[Exercise, ...]
    asked: Asked
    places: tuple[InFile, ...]
    repeatability: Repeatability | None = None
    strange: bool = False

    @property
    def now(self) -> tuple[Exercise, ...]:
        """What is recommended now."""
        return self.asked.recommendation.exercises

    @property
    def comparison(self) -> Comparison:
        """What is new, gone and moved: from what they did next to what is recommended."""
        return compare(self.then, self.now, self.repeatability)

    @property
    def met(self) -> tuple[Met, ...]:
        """When the person met each recommended exercise."""
        return tuple(place.met(len(self.then)) for place in self.places)

    def words(self) -> tuple[Words, ...]:
        """Return it in sentences, the most important first."""
        if not self.now:
            return (Words("Nothing is recommended at this point with this set-up, so there is nothing to compare."),)
        if not self.then:
            return (
                Words(
                    "The file ends here, so there is nothing that they did next. Recommended now: {count}.",
                    count=len(self.now),
                ),
                *_met_words(self.met, strange=self.strange),
            )
        found = self.comparison
        if found.identical:
            return (Words("Now as then: what is recommended is what they did next, in the same order."),)
        head = Words(
            "Of {now} recommended now, {both} among the next {then} that they did ({same} at the same place).",
            now=len(self.now), then=len(self.then), both=found.count(Change.SAME) + found.count(Change.MOVED),
            same=found.count(Change.SAME),
        )  # fmt: skip
        return (head, *_met_words(self.met, strange=self.strange))


@dataclass(frozen=True, slots=True)
class StopsFound:
    """All places of a replay where it was asked what is recommended, oldest first.

    Attributes:
        repeatability: as in `ThenAndNow`, of all questions: what holds the least counts.
    """

    stops: tuple[ThenAndNow, ...]
    repeatability: Repeatability | None = None

    def words(self) -> tuple[Words, ...]:
        """Return it in sentences; none where nothing was asked."""
        met = [each for stop in self.stops for each in stop.met]
        if not self.stops:
            return ()
        if not met:
            return (Words("Nothing was recommended wherever it was asked."),)
        values = {"stops": len(self.stops), "all": len(met), "next": met.count(Met.NEXT)}
        head = (
            Words("Asked at one point: of {all} recommended, {next} done next.", **values)
            if len(self.stops) == 1
            else Words("Asked at {stops} points: of {all} recommended, {next} done next.", **values)
        )
        return (head, *_met_words(met))


def look_around(
    outcomes: Iterable[ExerciseOutcome], done: int, count: int, names: Collection[str]
) -> tuple[tuple[Exercise, ...], dict[str, InFile]]:
    """Go through the answers of a file once.

    Args:
        done: how many lie before the place that is looked from.
        count: how many after it are wanted.
        names: ids of the exercises to look for.

    Returns:
        The exercises of the next answers, and where each of `names` stands.
    """
    then: list[Exercise] = []
    before: Counter[str] = Counter()
    ahead: dict[str, int] = {}
    for number, each in enumerate(outcomes):
        name = each.exercise.id
        if number < done:
            if name in names:
                before[name] += 1
            continue
        if len(then) < count:
            then.append(each.exercise)
        if name in names:
            ahead.setdefault(name, number - done + 1)
    return tuple(then), {name: InFile(before[name], ahead.get(name)) for name in names}


def reported(record: SessionRecord) -> list[ExerciseOutcome]:
    """Return the answers of a session that are from a report, oldest first."""
    return [
        ExerciseOutcome(event.exercise, event.outcome)
        for event in record.events
        if isinstance(event, Answered) and event.from_report
    ]


def stops_of(
    record: SessionRecord,
    known: Callable[[Iterable[NextQuery]], Repeatability | None],
    answers: Sequence[ExerciseOutcome] | None = None,
) -> StopsFound:
    """Return the places of a replay's session where it was asked what is recommended, before answers of the file.

    It looks through all answers for each of them: thousands take a thread.

    Args:
        known: returns what was found about the answers to some questions repeating themselves.
        answers: all of the file; None where they are those of the session.
    """
    answers = reported(record) if answers is None else answers
    done, found = 0, list[ThenAndNow]()
    for event in record.events:
        if isinstance(event, Answered):
            done += event.from_report
        elif done < len(answers):
            now = event.recommendation.exercises
            count = max(event.query.num_exercises or 1, len(now))
            then, places = look_around(answers, done, count, {exercise.id for exercise in now})
            found.append(
                ThenAndNow(
                    done,
                    len(answers),
                    then,
                    event,
                    tuple(places[each.id] for each in now),
                    known([event.query]),
                )
            )
    return StopsFound(tuple(found), known([stop.asked.query for stop in found]))


def _met_words(met: Sequence[Met], *, strange: bool = False) -> tuple[Words, ...]:
    """Return what became of those that they did not do next; `strange` as in `ThenAndNow`."""
    later, before, never = met.count(Met.LATER), met.count(Met.BEFORE), met.count(Met.NEVER)
    if not later + before + never:
        return ()
    if never == len(met):
        if strange:
            return (
                Words(
                    "None of them is in the file, and none of its exercises is one of your content: see whether they "
                    "have the names that Sana knows them by."
                ),
            )
        return (Words("It is not in the file.") if never == 1 else Words("None of them is in the file."),)
    return (
        Words(
            "Of the others: {later} later in the file, {before} done before, {never} not in it.",
            later=later, before=before, never=never,
        ),
    )  # fmt: skip
