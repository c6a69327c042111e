"""What one row of a report means as an outcome, by the mapping of its columns (B34); pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from sana_desktop.api.practice_models import Exercise, ExerciseOutcome, Outcome, Result
from sana_desktop.base.text import one_line
from sana_desktop.base.words import Words
from sana_desktop.practice.replay.columns import PATH_UNKNOWN, Field, Mapping, Place, TimeUnit
from sana_desktop.practice.replay.results import VALUE_CHARACTERS, by_share, percent, plain, result_in
from sana_desktop.practice.replay.times import TwoWays, clock_seconds, is_clock, read_time
from sana_desktop.practice.tables import names_in, number_in

MIN_TELLING = 4
"""Characters of an id that tells who somebody is; a shorter one, such as 7, stands in many names by chance."""

MAX_MILLISECONDS = 366 * 24 * 3_600 * 1_000
"""Nobody spends a year on an exercise: a longer time is another kind of number."""

MAX_VALUES = 1_000
"""Distinct values of the results' column that are told apart."""
BY_SCORE = ""
"""What stands for the value of a row whose score says how it ended."""

MAX_PLACES = 10_000
"""Exercises whose place is looked up and kept with the replay; the rest are where somebody said that all are."""

MILLISECONDS = {TimeUnit.MILLISECONDS: 1, TimeUnit.SECONDS: 1_000, TimeUnit.MINUTES: 60_000}


class RowReader:
    """Reads rows of one file by one mapping.

    Args:
        known: looks up an exercise of the content that is known here; None reads by the places of the mapping.

    Attributes:
        understood: values of the results' column, with what they were taken for and how often; None is for what was
            not understood. Only of rows with nothing else amiss.
        left_out: cells of columns that need not be there and couldn't be read, in rows that could.
        places: where exercises are that were looked up, for the mapping of the replay.
        placed: rows that take their topic from there.
    """

    def __init__(
        self, names: Sequence[str], mapping: Mapping, known: Callable[[str], Exercise | None] | None = None
    ) -> None:
        self.places: dict[str, Place] = dict(mapping.places)
        self.placed = 0
        self._known = known
        self._results = mapping.results
        self.understood: Counter[tuple[str, Result | None]] = Counter()
        self.left_out: Counter[Field] = Counter()
        self._unread: set[Field] = set()
        self._days = mapping.days
        places = {name: place for place, name in enumerate(names)}
        self._places = {kind: places[name] for kind, name in mapping.columns.items() if name in places}
        self._unit = MILLISECONDS[mapping.time_unit]
        self._path = mapping.path

    def user(self, cells: Sequence[str]) -> str:
        """Return whose row it is; empty if no column says so."""
        return self._cell(cells, Field.USER)

    def read(self, cells: Sequence[str]) -> ExerciseOutcome | Words:
        """Return what a row means, or why it can't be used."""
        try:
            return self._read(cells)
        except _Unusable as unusable:
            return unusable.words

    def when(self, cells: Sequence[str]) -> str:
        """Return when a row says that it was, as it stands there."""
        return self._cell(cells, Field.TIMESTAMP)

    def _read(self, cells: Sequence[str]) -> ExerciseOutcome:
        self._unread.clear()
        identity = self._cell(cells, Field.EXERCISE)
        if not identity:
            raise _Unusable(Words("It does not say which exercise it was."))
        path = self._cell(cells, Field.PATH)
        level = self._number(cells, Field.DIFFICULTY)
        place = self._place(identity) if not path or level is None else None
        if not path and place is None and Field.PATH in self._places:
            raise _Unusable(Words("It does not say which topic the exercise is in."))
        when = self.when(cells)
        try:
            at = read_time(when, self._days)
        except TwoWays:
            raise _Unusable(Words("“{value}” can mean two days: say what comes first.", value=when)) from None
        if at is None:
            raise _Unusable(
                Words("The time “{value}” can't be read. Wanted is one such as 2026-03-02 08:00.", value=when)
                if when
                else Words("It does not say when it was.")
            )
        most = self._number(cells, Field.MAX_SCORE)
        score = self._score(cells, most)
        if score is not None and most and score > most:
            raise _Unusable(
                Words(
                    "The score {score} is more than the highest, {most}.",
                    score=self._cell(cells, Field.SCORE), most=self._cell(cells, Field.MAX_SCORE),
                )
            )  # fmt: skip
        exercise = Exercise(
            identity,
            path or (place.path if place is not None else self._path),
            tags=names_in(self._cell(cells, Field.TAGS)),
            difficulty_level=place.difficulty if level is None and place is not None else level,
            max_score=most,
        )
        self._must_not_tell_who(cells, exercise)
        spent = self._time_spent(cells)
        result = self._result(cells, score, most)
        self.left_out.update(self._unread)
        self.placed += not path and place is not None
        return ExerciseOutcome(exercise, Outcome(at, result, spent, score))

    def _place(self, identity: str) -> Place | None:
        found = self.places.get(identity)
        if found is None and self._known is not None and len(self.places) < MAX_PLACES:
            known = self._known(identity)
            # One that an earlier replay put nowhere is known to be nowhere.
            if known is not None and known.path != PATH_UNKNOWN:
                found = self.places[identity] = Place(known.path, known.difficulty_level)
        return found

    def _must_not_tell_who(self, cells: Sequence[str], exercise: Exercise) -> None:
        """Refuse a row that would be sent with the person's id in it: it must not leave this computer (B34)."""
        user = self.user(cells)
        if len(user) < MIN_TELLING:
            return
        if any(_stands_in(user, told) for told in (exercise.id, exercise.path, *exercise.tags)):
            raise _Unusable(Words("It has the person's id in what would be sent."))

    def _result(self, cells: Sequence[str], score: float | None, most: float | None) -> Result:
        told = self._cell(cells, Field.RESULT)
        if told:
            key = plain(told)
            chosen = key in self._results
            result = self._results[key] if chosen else result_in(told)
            value = one_line(told, VALUE_CHARACTERS), result
            if value in self.understood or len(self.understood) < MAX_VALUES:
                self.understood[value] += 1
            if chosen and result is None:
                raise _Unusable(Words("Rows with the result “{value}” are left out, as it was chosen.", value=told))
            if result is None:
                raise _Unusable(Words("The result “{value}” is none that I know.", value=told))
            return result
        for kind in (Field.SCORE, Field.MAX_SCORE):
            if kind in self._unread:  # what it ended with hangs on it
                raise _Unusable(Words("“{value}” is no number ({field}).", value=self._cell(cells, kind), field=kind))
        if score is None:
            raise _Unusable(Words("It does not say how it ended."))
        result = by_share(score / most if most else score)
        self.understood[BY_SCORE, result] += 1
        return result

    def _time_spent(self, cells: Sequence[str]) -> int | None:
        told = self._cell(cells, Field.TIME_SPENT)
        if not told:
            return None
        if is_clock(told):
            return round(clock_seconds(told) * 1_000)
        number = number_in(told)
        if number is None or not 0 <= number * self._unit <= MAX_MILLISECONDS:
            self._unread.add(Field.TIME_SPENT)
            return None
        return round(number * self._unit)

    def _score(self, cells: Sequence[str], most: float | None) -> float | None:
        """Return the score; a percentage is that share of the highest score, or of 1 where there is none."""
        share = percent(self._cell(cells, Field.SCORE))
        if share is None:
            return self._number(cells, Field.SCORE)
        return share * most if most else share

    def _number(self, cells: Sequence[str], kind: Field) -> float | None:
        told = self._cell(cells, kind)
        if not told:
            return None
        number = number_in(told)
        if number is None:
            number = percent(told)
        if number is None:
            self._unread.add(kind)
        return number

    def _cell(self, cells: Sequence[str], kind: Field) -> str:
        place = self._places.get(kind)
        return cells[place].strip() if place is not None and place < len(cells) else ""


def _stands_in(user: str, told: str) -> bool:
    """Return whether an id stands in a text as a word of its own."""
    low, whole = user.casefold(), told.casefold()
    at = whole.find(low)
    while at >= 0:
        around = whole[max(at - 1, 0) : at] + whole[at + len(low) : at + len(low) + 1]
        if not any(character.isalnum() for character in around):
            return True
        at = whole.find(low, at + 1)
    return False


class _Unusable(Exception):
    def __init__(self, words: Words) -> None:
        super().__init__(words)
        self.words = words
