"""Which column of a report holds what: as it was chosen, or guessed from the names of the columns (B34); pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping as Table
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sana_desktop.api.practice_models import Result
from sana_desktop.base.words import Words
from sana_desktop.practice.exercises.column_names import (
    DIFFICULTY_NAMES,
    EXERCISE_NAMES,
    MAX_SCORE_NAMES,
    PATH_NAMES,
    TAG_NAMES,
)
from sana_desktop.practice.replay.times import DayOrder, is_clock
from sana_desktop.practice.tables import number_in

PATH_UNKNOWN = "/replay"
"""The path of exercises where no column names one and nobody chose another; the API wants one."""


SURELY_SECONDS, SURELY_MILLISECONDS = 1_000, 10_000
"""Of times spent in one column: below the one nobody counts milliseconds, from the other on nobody counts seconds."""


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


@dataclass(frozen=True, slots=True)
class Place:
    """Where an exercise is and how hard, as the content that is known here says."""

    path: str
    difficulty: float | None = None


@dataclass(frozen=True, slots=True)
class Mapping:
    """Which column holds what.

    Attributes:
        columns: the name of each field's column; a field without one is not used.
        time_unit: what the time spent counts.
        by_time: send the rows in the order of their times, not of the file.
        path: of all exercises, where no column says where they are.
        days: what comes first in dates such as 02/03/2026; None is as the file gives it away.
        results: what values of the results' column were chosen to mean, by `replay_results.plain`; None leaves their
            rows out. The others mean what is guessed.
        places: of exercises that are known here, by id, where the file does not say it. It is kept with the replay:
            what is known may be other exercises when it is gone on with.
    """

    columns: Table[Field, str] = field(default_factory=dict)
    time_unit: TimeUnit = TimeUnit.MILLISECONDS
    by_time: bool = False
    path: str = PATH_UNKNOWN
    days: DayOrder | None = None
    results: Table[str, Result | None] = field(default_factory=dict)
    places: Table[str, Place] = field(default_factory=dict)

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
            "days": self.days,
            "results": dict(self.results),
            "places": {key: (place.path, place.difficulty) for key, place in self.places.items()},
        }
        return json.dumps(told, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Mapping:
        """Return what `to_json` wrote; raises ValueError if it is not that."""
        told: Any = json.loads(text)
        try:
            columns = {Field(key): str(name) for key, name in told["columns"].items()}
            path = told.get("path", PATH_UNKNOWN)  # one from before it could be chosen has none
            days = told.get("days")
            # One from before they could be chosen, or were looked up, has none.
            results = {str(key): result and Result(result) for key, result in told.get("results", {}).items()}
            places = {
                str(key): Place(str(where), None if level is None else float(level))
                for key, (where, level) in told.get("places", {}).items()
            }
            unit, order = TimeUnit(told["time_unit"]), days and DayOrder(days)
            return cls(columns, unit, bool(told["by_time"]), str(path), order, results, places)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("no mapping") from error


_NAMES: dict[Field, tuple[str, ...]] = {
    Field.TIMESTAMP: (
        "timestamp", "completed at", "answered at", "submitted at", "finished at", "completed on", "answered on",
        "submitted on", "finished on", "taken on", "completion date", "completed", "finished",
        "answer date", "date time", "datetime", "created at", "date", "time",
    ),
    Field.EXERCISE: EXERCISE_NAMES,
    Field.MAX_SCORE: MAX_SCORE_NAMES,
    Field.RESULT: (
        "result", "outcome", "answer result", "is correct", "correct", "correctness", "passed", "success", "status",
    ),
    Field.SCORE: ("score", "points", "grade", "mark"),
    Field.TIME_SPENT: (
        "time spent ms", "time spent", "time spent seconds", "time spent s", "duration ms", "duration seconds",
        "duration s", "duration", "response time", "response time ms", "time taken", "elapsed", "seconds", "minutes",
    ),
    Field.DIFFICULTY: DIFFICULTY_NAMES,
    Field.TAGS: TAG_NAMES,
    Field.PATH: PATH_NAMES,
    Field.USER: (
        "user id", "user", "learner id", "learner", "student id", "student", "participant", "employee id", "employee",
        "person", "email", "e mail", "email address", "username", "user name", "learner name", "student name",
        "employee name", "full name", "name",
    ),
}  # fmt: skip
_WHO = frozenset({
    "user", "learner", "student", "participant", "trainee", "employee", "person", "member", "colleague", "email",
    "mail", "username", "login",
})  # fmt: skip
_ABOUT_WHO = _WHO | frozenset({
    "e", "id", "ids", "no", "nr", "number", "key", "name", "full", "first", "last", "address", "account", "of", "the",
    "s",
})  # fmt: skip
"""Words that a column's name may have beside one of those, to say who somebody is: “User email”."""
_UNITS = {
    TimeUnit.MILLISECONDS: {"ms", "milliseconds", "millis", "msec"},
    TimeUnit.SECONDS: {"s", "sec", "secs", "seconds"},
    TimeUnit.MINUTES: {"m", "min", "mins", "minutes"},
}


def guess_mapping(columns: Sequence[str], samples: Sequence[Sequence[str]] = ()) -> Mapping:
    """Return the mapping that the names of the columns suggest; each column is used once at most.

    Args:
        samples: the first rows, which suggest what the time spent counts.
    """
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
    if Field.USER not in found:
        left = next((name for name in columns if name not in found.values() and names_a_person(name)), None)
        if left is not None:
            found[Field.USER] = left
    time = found.get(Field.TIME_SPENT, "")
    at = columns.index(time) if time in columns else -1
    return Mapping(found, guess_unit(time, [row[at] for row in samples if 0 <= at < len(row)]))


def guess_unit(name: str, values: Sequence[str] = ()) -> TimeUnit:
    """Return what a column of times spent counts: by its name, else by its values, else as the web API calls it."""
    plain = _plain(name)
    words = set(plain.split())
    named = next((unit for unit, names in _UNITS.items() if words & names), None)
    if named is not None:
        return named
    told = [value.strip() for value in values if value.strip()]
    most = max((number for value in told if (number := number_in(value)) is not None), default=None)
    if most is not None and most >= SURELY_MILLISECONDS:
        return TimeUnit.MILLISECONDS
    if (most is not None and most < SURELY_SECONDS) or (most is None and any(map(is_clock, told))):
        return TimeUnit.SECONDS
    return TimeUnit.MILLISECONDS if plain.startswith("time spent") else TimeUnit.SECONDS


def names_a_person(name: str) -> bool:
    """Return whether a column is called as one that says who somebody is."""
    words = set(_plain(name).split())
    return _plain(name) in _NAMES[Field.USER] or (bool(words & _WHO) and words <= _ABOUT_WHO)


def _plain(name: str) -> str:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return " ".join(re.findall(r"[a-z0-9]+", spaced.lower()))


def _fits(name: str, candidate: str, exactly: bool) -> bool:
    if exactly:
        return name == candidate
    # A word of its own inside a longer name; single common words would fit too much.
    return " " in candidate and f" {candidate} " in f" {name} "
