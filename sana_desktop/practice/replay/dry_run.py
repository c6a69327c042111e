"""A dry run of a replay: what of a file would be sent, and why the rest would not (B34). Blocks: use a thread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from sana_desktop.api.practice_models import Exercise, ExerciseOutcome, Result
from sana_desktop.base.errors import UserError
from sana_desktop.base.words import Words
from sana_desktop.practice.replay.columns import Field, Mapping, Place, names_a_person
from sana_desktop.practice.replay.file import file_sha256, numbered_rows, read_columns, with_days
from sana_desktop.practice.replay.packing import Packing
from sana_desktop.practice.replay.results import plain
from sana_desktop.practice.replay.rows import RowReader
from sana_desktop.practice.replay.times import DayOrder

MAX_PROBLEMS = 100
"""So many bad rows are named; the rest is counted."""
MAX_PEOPLE = 200
MAX_UNDERSTOOD = 40
"""So many values of the results' column are shown with what they were taken for."""


FIRST_YEAR = 2_000
"""An answer from before is most likely a date that was written or read wrongly."""
AHEAD = timedelta(days=1)
"""A time without a zone is taken as UTC: by so much it may seem to be ahead."""
MAX_COMPARED = 1_000_000
"""Rows that are remembered to tell which come twice."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that can't be used; rows count from 1, the header not among them."""

    row: int
    words: Words


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the file, and how many rows are theirs. The id never leaves this computer."""

    id: str
    rows: int


@dataclass(frozen=True, slots=True)
class Understood:
    """A value of the results' column, what it was taken for, and in how many rows; None: it was not understood.

    An empty value stands for scores, where they say how it ended. `chosen`: somebody said what it means.
    """

    value: str
    result: Result | None
    rows: int
    chosen: bool = False


class Odd(StrEnum):
    """What makes somebody look again at an answer that can be sent."""

    FUTURE = "future"
    LONG_AGO = "long ago"
    TWICE = "twice"
    """The same exercise at the same time."""


@dataclass(frozen=True, slots=True)
class Remark:
    """How many answers are odd in one way, and the row of the first one, counted as in `Problem`."""

    kind: Odd
    count: int
    row: int


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a replay would do. Nothing was sent.

    Attributes:
        rows: of the file, or of the chosen person.
        usable: how many of them can be sent.
        problems: the first rows that can't, with the reason; `problem_count` is how many there are.
        requests, bytes: about what it takes to send them.
        people: those with the most rows; `people_count` is how many there are, 0 if no column tells.
        person: the first row of the chosen person, 0 if none was chosen or none is theirs.
        first_at, last_at: the earliest and the latest time.
        in_order: whether the usable rows are in the order of their times already.
        file_sha256: of the file as it was.
        understood: how the answers were understood, the most frequent first; `understood_count` is how many there are.
        left_out: how many cells of each column that need not be there couldn't be read.
        days: what came first in dates such as 02/03/2026; None with `asks_days` if nothing tells.
        asks_days: whether there are such dates.
        maybe_person: a column that nothing was chosen for and that seems to name several people; "" if there is none.
        remarks: what is odd about answers that can be sent.
        places: where exercises are that are known here, for `Mapping.places`.
        placed: how many rows take their topic from there.
    """

    rows: int
    usable: int
    problems: tuple[Problem, ...]
    problem_count: int
    requests: int
    bytes: int
    people: tuple[Person, ...]
    people_count: int
    person: int
    first_at: datetime | None
    last_at: datetime | None
    in_order: bool
    file_sha256: str
    understood: tuple[Understood, ...] = ()
    understood_count: int = 0
    left_out: tuple[tuple[Field, int], ...] = ()
    days: DayOrder | None = None
    asks_days: bool = False
    maybe_person: str = ""
    remarks: tuple[Remark, ...] = ()
    places: Table[str, Place] = field(default_factory=dict)
    placed: int = 0


def dry_run(
    path: Path,
    mapping: Mapping,
    person: str | None = None,
    *,
    now: datetime | None = None,
    known: Callable[[str], Exercise | None] | None = None,
) -> DryRun:
    """Go through a file as a replay would.

    Args:
        person: the id whose rows are meant; None means all.
        now: answers from after it are odd; None takes no notice.
        known: looks up an exercise of the content that is known here, for topics and difficulties.

    Raises:
        UserError: E-REPLAY-MAPPING with the first problem of the mapping; E-REPLAY-FILE.
        StorageError: E-REPLAY-READ.
    """
    columns = read_columns(path)
    for words in mapping.problems(columns.names):
        raise UserError(
            "{problem}", code="E-REPLAY-MAPPING", next_step="Choose the columns again.", values={"problem": words}
        )
    mapping, asks_days = with_days(path, columns, mapping)
    reader, tally = RowReader(columns.names, mapping, known), _Tally()
    oddities = _Oddities(now)
    seeming = _Seeming(columns.names, mapping)
    people: Counter[str] = Counter()
    for number, cells in numbered_rows(path, columns):
        user = reader.user(cells)
        if user:
            people[user] += 1
        if person is not None and user != person:
            continue
        seeming.look(cells)
        if (outcome := tally.take(number, reader.read(cells))) is not None:
            oddities.look(number, user, outcome)
    return DryRun(
        tally.rows, tally.usable, tuple(tally.problems), tally.rows - tally.usable,
        tally.packing.requests, tally.packing.bytes,
        tuple(Person(name, count) for name, count in people.most_common(MAX_PEOPLE)), len(people),
        0 if person is None else tally.first_row,
        tally.first_at, tally.last_at, tally.in_order, file_sha256(path),
        tuple(
            Understood(*key, count, plain(key[0]) in mapping.results)
            for key, count in reader.understood.most_common(MAX_UNDERSTOOD)
        ),
        len(reader.understood), tuple(reader.left_out.most_common()), mapping.days, asks_days, seeming.person(),
        oddities.remarks(), reader.places, reader.placed,
    )  # fmt: skip


class _Tally:
    """What the rows come to, one after another."""

    def __init__(self) -> None:
        self.packing = Packing()
        self.problems: list[Problem] = []
        self.rows = self.usable = self.first_row = 0
        self.first_at: datetime | None = None
        self.last_at: datetime | None = None
        self.in_order = True
        self._latest: datetime | None = None

    def take(self, number: int, outcome: ExerciseOutcome | Words) -> ExerciseOutcome | None:
        """Count a row: its outcome, or why there is none; return what can be sent."""
        self.rows += 1
        self.first_row = self.first_row or number
        if not isinstance(outcome, Words):
            outcome = self.packing.take(outcome) or outcome
        if isinstance(outcome, Words):
            if len(self.problems) < MAX_PROBLEMS:
                self.problems.append(Problem(number, outcome))
            return None
        self.usable += 1
        at = outcome.outcome.timestamp
        self.in_order = self.in_order and (self._latest is None or at >= self._latest)
        self._latest = at
        self.first_at, self.last_at = min(self.first_at or at, at), max(self.last_at or at, at)
        return outcome


class _Oddities:
    """Notices answers that are sent as they are, though somebody should look at them first."""

    def __init__(self, now: datetime | None) -> None:
        self._latest = None if now is None else now + AHEAD
        self._found: dict[Odd, tuple[int, int]] = {}
        self._seen: set[int] = set()  # hashes: whole keys of a large file would need much memory

    def look(self, number: int, user: str, outcome: ExerciseOutcome) -> None:
        """Take an answer that can be sent."""
        at = outcome.outcome.timestamp
        if self._latest is not None and at > self._latest:
            self._note(Odd.FUTURE, number)
        if at.year < FIRST_YEAR:
            self._note(Odd.LONG_AGO, number)
        key = hash((user, outcome.exercise.id, at))
        if key in self._seen:
            self._note(Odd.TWICE, number)
        elif len(self._seen) < MAX_COMPARED:
            self._seen.add(key)

    def remarks(self) -> tuple[Remark, ...]:
        """Return what was noticed, in the order of the kinds."""
        return tuple(Remark(kind, *self._found[kind]) for kind in Odd if kind in self._found)

    def _note(self, kind: Odd, number: int) -> None:
        count, first = self._found.get(kind, (0, number))
        self._found[kind] = count + 1, first


class _Seeming:
    """Looks for a column that names several people though none was chosen to: they would become one learner."""

    def __init__(self, names: Sequence[str], mapping: Mapping) -> None:
        taken = set(mapping.columns.values())
        free = [] if Field.USER in mapping.columns else [name for name in names if name not in taken]
        self._seen = {name: (names.index(name), names_a_person(name), set[str]()) for name in free}

    def look(self, cells: Sequence[str]) -> None:
        """Take a row; two different people are enough."""
        for place, named, seen in self._seen.values():
            if len(seen) < 2 and place < len(cells) and (value := cells[place].strip()) and (named or "@" in value):
                seen.add(value)

    def person(self) -> str:
        """Return the column; "" if there is none."""
        return next((name for name, (_, _, seen) in self._seen.items() if len(seen) > 1), "")
