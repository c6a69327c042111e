"""Which column of a report holds what, and what one row of it means as an outcome (B34); pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping as Table
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sana_desktop.api.practice_models import Exercise, ExerciseOutcome, Outcome, Result
from sana_desktop.base.timestamps import parse_timestamp
from sana_desktop.base.words import Words
from sana_desktop.practice.tables import names_in, number_in

PATH_UNKNOWN = "/replay"
"""The path of exercises where no column names one and nobody chose another; the API wants one."""

LEAST_TELLING = 4
"""Characters of an id that tells who somebody is; a shorter one, such as 7, stands in many names by chance."""

MOST_MILLISECONDS = 366 * 24 * 3_600 * 1_000
"""Nobody spends a year on an exercise: a longer time is another kind of number."""


class Field(StrEnum):
    """What a column may hold."""

    USER = "user"
    EXERCISE = "exercise"
    PATH = "path"
    TAGS = "tags"
    DIFFICULTY = "difficulty"
    MAX_SCORE = "max score"
    RESULT = "result"
    SCORE = "score"
    TIME_SPENT = "time spent"
    TIMESTAMP = "timestamp"


TOLD = frozenset({Field.EXERCISE, Field.PATH, Field.TAGS})
"""The fields whose words are sent as they stand in the file."""


class TimeUnit(StrEnum):
    """What the numbers of the time spent count."""

    MILLISECONDS = "milliseconds"
    SECONDS = "seconds"
    MINUTES = "minutes"


_MILLISECONDS = {TimeUnit.MILLISECONDS: 1, TimeUnit.SECONDS: 1_000, TimeUnit.MINUTES: 60_000}


@dataclass(frozen=True, slots=True)
class Mapping:
    """Which column holds what.

    Attributes:
        columns: the name of each field's column; a field without one is not used.
        time_unit: what the time spent counts.
        by_time: send the rows in the order of their times, not of the file.
        path: of all exercises, where no column says where they are.
    """

    columns: Table[Field, str] = field(default_factory=dict)
    time_unit: TimeUnit = TimeUnit.MILLISECONDS
    by_time: bool = False
    path: str = PATH_UNKNOWN

    @property
    def only_path(self) -> str | None:
        """The path of all exercises; None where a column says it for each."""
        return None if Field.PATH in self.columns else self.path

    def problems(self, names: Sequence[str]) -> tuple[Words, ...]:
        """Return what keeps this mapping from being used with a file of these columns, in plain sentences."""
        found = [
            Words("There is no column “{name}”.", name=name) for name in self.columns.values() if name not in names
        ]
        if Field.EXERCISE not in self.columns:
            found.append(Words("Choose the column that says which exercise it was."))
        if Field.RESULT not in self.columns and Field.SCORE not in self.columns:
            found.append(Words("Choose the column that says how it ended: a result, or a score."))
        if Field.TIMESTAMP not in self.columns:
            found.append(Words("Choose the column that says when it was."))
        person = self.columns.get(Field.USER)
        if person is not None and any(name == person and kind in TOLD for kind, name in self.columns.items()):
            found.append(Words("“{name}” says who the person is, so it can't be sent as something else.", name=person))
        if self.only_path is not None and not self.only_path.strip("/ "):
            found.append(Words("Say where the exercises are: no column does."))
        return tuple(found)

    def to_json(self) -> str:
        """Return it as it is stored."""
        columns = {key.value: name for key, name in self.columns.items()}
        told = {
            "columns": columns,
            "time_unit": self.time_unit.value,
            "by_time": self.by_time,
            "path": self.path,
        }
        return json.dumps(told, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Mapping:
        """Return what `to_json` wrote; raises ValueError if it is not that."""
        told: Any = json.loads(text)
        try:
            columns = {Field(key): str(name) for key, name in told["columns"].items()}
            path = told.get("path", PATH_UNKNOWN)  # one from before it could be chosen has none
            return cls(columns, TimeUnit(told["time_unit"]), bool(told["by_time"]), str(path))
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("no mapping") from error


_NAMES: dict[Field, tuple[str, ...]] = {
    Field.TIMESTAMP: (
        "timestamp", "completed at", "answered at", "submitted at", "finished at", "completion date", "completed",
        "answer date", "date time", "datetime", "created at", "date", "time",
    ),
    Field.EXERCISE: (
        "exercise id", "exercise", "question id", "question", "item id", "item", "problem id", "problem", "card id",
        "card", "task id", "task", "content id", "activity id",
    ),
    Field.MAX_SCORE: ("max score", "maximum score", "max points", "points possible", "out of", "max"),
    Field.RESULT: (
        "result", "outcome", "answer result", "is correct", "correct", "correctness", "passed", "success", "status",
    ),
    Field.SCORE: ("score", "points", "grade", "mark"),
    Field.TIME_SPENT: (
        "time spent ms", "time spent", "time spent seconds", "time spent s", "duration ms", "duration seconds",
        "duration s", "duration", "response time", "response time ms", "time taken", "elapsed", "seconds", "minutes",
    ),
    Field.DIFFICULTY: ("difficulty level", "difficulty", "level"),
    Field.TAGS: ("tags", "tag", "labels", "label", "skills", "skill", "keywords"),
    Field.PATH: (
        "path", "exercise path", "hierarchy", "content path", "location", "topic", "chapter", "unit", "lesson",
        "module", "course", "category", "subject",
    ),
    Field.USER: (
        "user id", "user", "learner id", "learner", "student id", "student", "participant", "employee id", "employee",
        "person", "email", "e mail", "email address", "username", "user name", "learner name", "student name",
        "employee name", "full name", "name",
    ),
}  # fmt: skip
_UNITS = {
    TimeUnit.MILLISECONDS: {"ms", "milliseconds", "millis", "msec"},
    TimeUnit.SECONDS: {"s", "sec", "secs", "seconds"},
    TimeUnit.MINUTES: {"m", "min", "mins", "minutes"},
}


def guess_mapping(columns: Sequence[str]) -> Mapping:
    """Return the mapping that the names of the columns suggest; each column is used once at most."""
    plain = {name: _plain(name) for name in columns}
    found: dict[Field, str] = {}
    for exactly in (True, False):
        for kind, candidates in _NAMES.items():
            if kind in found:
                continue
            taken = set(found.values())
            for candidate in candidates:
                match = next(
                    (name for name in columns if name not in taken and _fits(plain[name], candidate, exactly)), None
                )
                if match is not None:
                    found[kind] = match
                    break
    time = plain.get(found.get(Field.TIME_SPENT, ""), "")
    words = set(time.split())
    unit = next((unit for unit, names in _UNITS.items() if words & names), None)
    if unit is None:
        unit = TimeUnit.MILLISECONDS if time.startswith("time spent") else TimeUnit.SECONDS
    return Mapping(found, unit)


def _plain(name: str) -> str:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return " ".join(re.findall(r"[a-z0-9]+", spaced.lower()))


def _fits(name: str, candidate: str, exactly: bool) -> bool:
    if exactly:
        return name == candidate
    # A word of its own inside a longer name; single common words would fit too much.
    return " " in candidate and f" {candidate} " in f" {name} "


_RESULTS: dict[str, Result] = {
    **dict.fromkeys(
        ("correct", "right", "true", "yes", "y", "pass", "passed", "success", "successful", "1", "ok"), Result.CORRECT
    ),
    **dict.fromkeys(
        ("incorrect", "wrong", "false", "no", "n", "fail", "failed", "failure", "0", "error"), Result.INCORRECT
    ),
    **dict.fromkeys(
        ("partially correct", "partially", "partial", "partly", "partly correct", "half"), Result.PARTIALLY_CORRECT
    ),
    **dict.fromkeys(("skipped", "skip", "not answered", "unanswered", "omitted"), Result.SKIPPED),
}


class RowReader:
    """Reads rows of one file by one mapping."""

    def __init__(self, names: Sequence[str], mapping: Mapping) -> None:
        places = {name: place for place, name in enumerate(names)}
        self._places = {kind: places[name] for kind, name in mapping.columns.items() if name in places}
        self._unit = _MILLISECONDS[mapping.time_unit]
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

    def _read(self, cells: Sequence[str]) -> ExerciseOutcome:
        identity = self._cell(cells, Field.EXERCISE)
        if not identity:
            raise _Unusable(Words("It does not say which exercise it was."))
        when = self._cell(cells, Field.TIMESTAMP)
        path = self._cell(cells, Field.PATH)
        if not path and Field.PATH in self._places:
            raise _Unusable(Words("It does not say where the exercise is (its path)."))
        at = parse_timestamp(when)
        if at is None:
            raise _Unusable(
                Words("The time “{value}” can't be read.", value=when)
                if when
                else Words("It does not say when it was.")
            )
        score, most = self._number(cells, Field.SCORE), self._number(cells, Field.MAX_SCORE)
        exercise = Exercise(
            identity,
            path or self._path,
            tags=names_in(self._cell(cells, Field.TAGS)),
            difficulty_level=self._number(cells, Field.DIFFICULTY),
            max_score=most,
        )
        self._must_not_tell_who(cells, exercise)
        result = self._result(cells, score, most)
        return ExerciseOutcome(exercise, Outcome(at, result, self._time_spent(cells), score))

    def _must_not_tell_who(self, cells: Sequence[str], exercise: Exercise) -> None:
        """Refuse a row that would be sent with the person's id in it: it must not leave this computer (B34)."""
        user = self.user(cells)
        if len(user) < LEAST_TELLING:
            return
        if any(_stands_in(user, told) for told in (exercise.id, exercise.path, *exercise.tags)):
            raise _Unusable(Words("It has the person's id in what would be sent."))

    def _result(self, cells: Sequence[str], score: float | None, most: float | None) -> Result:
        told = self._cell(cells, Field.RESULT)
        if told:
            plain = " ".join(told.lower().replace("_", " ").replace("-", " ").split())
            if plain in _RESULTS:
                return _RESULTS[plain]
            share = number_in(told)
            if share is None or not 0 <= share <= 1:
                raise _Unusable(Words("The result “{value}” is none that I know.", value=told))
            return _by_share(share)
        if score is None:
            raise _Unusable(Words("It does not say how it ended."))
        return _by_share(score / most if most else score)

    def _time_spent(self, cells: Sequence[str]) -> int | None:
        told = self._cell(cells, Field.TIME_SPENT)
        if not told:
            return None
        if re.fullmatch(r"\d{1,4}(:[0-5]?\d){1,2}(\.\d+)?", told):
            seconds = 0.0
            for part in told.split(":"):
                seconds = seconds * 60 + float(part)
            return round(seconds * 1_000)
        number = number_in(told)
        if number is None or not 0 <= number * self._unit <= MOST_MILLISECONDS:
            raise _Unusable(Words("The time spent “{value}” can't be read.", value=told))
        return round(number * self._unit)

    def _number(self, cells: Sequence[str], kind: Field) -> float | None:
        told = self._cell(cells, kind)
        if not told:
            return None
        number = number_in(told)
        if number is None:
            raise _Unusable(Words("“{value}” is no number ({field}).", value=told, field=kind.value))
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


def _by_share(share: float) -> Result:
    if share >= 1:
        return Result.CORRECT
    return Result.PARTIALLY_CORRECT if share > 0 else Result.INCORRECT
