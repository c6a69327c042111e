"""A report of outcomes as a file: its columns, a dry run, its rows one after another (B34). Blocks: use a thread."""

from __future__ import annotations

import codecs
import csv
import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TextIO

from sana_desktop.api.practice_models import ExerciseOutcome, Result
from sana_desktop.api.practice_wire import (
    MOST_REQUEST_BYTES,
    encode_outcome,
    outcome_from_json,
    outcomes_frame,
)
from sana_desktop.base.errors import StorageError, UserError
from sana_desktop.base.text import one_line
from sana_desktop.base.words import Words
from sana_desktop.practice.learners import TEST_ID_START
from sana_desktop.practice.replay_map import Field, Mapping, names_a_person
from sana_desktop.practice.replay_rows import RowReader
from sana_desktop.practice.replay_times import DayOrder, asks_order, order_of
from sana_desktop.practice.tables import delimiter_of, encoding_of, is_text, rows_of

HEAD_BYTES = 256 * 1024
SAMPLE_ROWS = 5
MOST_PROBLEMS = 100
"""So many bad rows are named; the rest is counted."""
MOST_PEOPLE = 200
MOST_UNDERSTOOD = 12
"""So many values of the results' column are shown with what they were taken for."""
ROWS_WITH_A_DATE = 1_000
"""Where so many rows have no date whose order could be asked, none is looked for."""
MOST_SORTED = 1_000_000
"""Rows that are put in the order of their times; more would need too much memory."""

_SOMEBODY = TEST_ID_START + "00000000"
"""As long as the id of any test learner."""
_BYTES_OF_A_CHARACTER = 6
"""At most: a control character as JSON writes it."""


@dataclass(frozen=True, slots=True)
class Columns:
    """What the head of a file says.

    Attributes:
        names: of the columns, each unique.
        samples: the first rows.
        delimiter, encoding: how it is written, as far as it can be told.
        size: of the file, in bytes.
    """

    names: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...]
    delimiter: str
    encoding: str
    size: int


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

    An empty value stands for scores, where they say how it ended.
    """

    value: str
    result: Result | None
    rows: int


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


def read_columns(path: Path) -> Columns:
    """Return what the head of a file says.

    Raises:
        UserError: E-REPLAY-FILE: it is no table of text.
        StorageError: E-REPLAY-READ: it can't be read.
    """
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
        size = path.stat().st_size
    except OSError as error:
        raise _unreadable(path, error) from error
    encoding = encoding_of(head)
    if not is_text(head):
        raise _no_table(path, "Save it as CSV first, and open that.")
    # The last line may be cut off, in a character even.
    text = codecs.getincrementaldecoder(encoding)("replace").decode(head, final=False)
    lines = text.splitlines(keepends=True)
    if size > len(head) and len(lines) > 1:
        lines.pop()
    delimiter = delimiter_of(lines)
    table = rows_of(lines, delimiter)[: SAMPLE_ROWS + 1]
    if not table or len(table[0]) < 2:
        raise _no_table(path, "Choose a CSV file with a column for each of exercise, result and time.")
    return Columns(_unique(table[0]), tuple(tuple(row) for row in table[1:]), delimiter, encoding, size)


def dry_run(path: Path, mapping: Mapping, person: str | None = None) -> DryRun:
    """Go through a file as a replay would.

    Args:
        person: the id whose rows are meant; None means all.

    Raises:
        UserError: E-REPLAY-MAPPING with the first problem of the mapping; E-REPLAY-FILE.
        StorageError: E-REPLAY-READ.
    """
    columns = read_columns(path)
    for words in mapping.problems(columns.names):
        raise UserError(
            "{problem}", code="E-REPLAY-MAPPING", next_step="Choose the columns again.", values={"problem": words}
        )
    mapping, asks_days = _with_days(path, columns, mapping)
    reader, packing = RowReader(columns.names, mapping), _Packing()
    seeming = _Seeming(columns.names, mapping)
    people: Counter[str] = Counter()
    problems: list[Problem] = []
    rows = bad = usable = first_row = 0
    first = last = latest = None
    in_order = True
    for number, cells in _rows(path, columns):
        user = reader.user(cells)
        if user:
            people[user] += 1
        if person is not None and user != person:
            continue
        rows += 1
        seeming.look(cells)
        first_row = first_row or number
        outcome = reader.read(cells)
        if not isinstance(outcome, Words):
            outcome = packing.take(outcome) or outcome
        if isinstance(outcome, Words):
            bad += 1
            if len(problems) < MOST_PROBLEMS:
                problems.append(Problem(number, outcome))
            continue
        usable += 1
        at = outcome.outcome.timestamp
        in_order = in_order and (latest is None or at >= latest)
        latest = at
        first, last = min(first or at, at), max(last or at, at)
    return DryRun(
        rows, usable, tuple(problems), bad, packing.requests, packing.bytes,
        tuple(Person(name, count) for name, count in people.most_common(MOST_PEOPLE)), len(people),
        0 if person is None else first_row,
        first, last, in_order, file_sha256(path),
        tuple(Understood(*key, count) for key, count in reader.understood.most_common(MOST_UNDERSTOOD)),
        len(reader.understood), tuple(reader.left_out.most_common()), mapping.days, asks_days, seeming.person(),
    )  # fmt: skip


def outcomes(path: Path, mapping: Mapping, person: int = 0) -> Iterator[ExerciseOutcome]:
    """Yield the outcomes of a file in their order, those that can't be used left out; the same at each call.

    Args:
        person: the first row of the person whose rows are meant; 0 means all.

    Raises:
        UserError, StorageError: as `dry_run`.
    """
    found = _usable(path, mapping, person)
    if not mapping.by_time:
        yield from found
        return
    packed = []
    for number, outcome in enumerate(found):
        packed.append((outcome.outcome.timestamp, number, encode_outcome(outcome)))
        if number >= MOST_SORTED:
            raise UserError(
                "The file has more than {most} rows: too many to put them in the order of their times.",
                code="E-REPLAY-FILE",
                next_step="Send them in the order of the file, or sort it first.",
                values={"most": f"{MOST_SORTED:,}"},
            )
    packed.sort(key=lambda entry: entry[:2])
    for _, _, body in packed:
        yield outcome_from_json(json.loads(body))


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file. Raises StorageError E-REPLAY-READ."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise _unreadable(path, error) from error


def _usable(path: Path, mapping: Mapping, person: int) -> Iterator[ExerciseOutcome]:
    columns = read_columns(path)
    reader = RowReader(columns.names, _with_days(path, columns, mapping)[0])
    packing = _Packing()
    theirs = ""
    for number, cells in _rows(path, columns):
        if number == person:
            theirs = reader.user(cells)
        if person and (number < person or reader.user(cells) != theirs):
            continue
        outcome = reader.read(cells)
        if not isinstance(outcome, Words) and (_surely_fits(cells) or packing.take(outcome) is None):
            yield outcome


def _with_days(path: Path, columns: Columns, mapping: Mapping) -> tuple[Mapping, bool]:
    """Return the mapping with what comes first in dates, if the file gives it away; and whether it has such dates."""
    reader = RowReader(columns.names, mapping)
    asks = False

    def dates() -> Iterator[str]:
        nonlocal asks
        for number, cells in _rows(path, columns):
            when = reader.when(cells)
            if asks_order(when):
                asks = True
                yield when
            if not asks and number >= ROWS_WITH_A_DATE:
                return
            if asks and mapping.days is not None:
                return

    order = order_of(dates())
    return (mapping if mapping.days is not None else replace(mapping, days=order)), asks


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


class _Packing:
    """Counts the requests that outcomes make, in one pass, as `split_outcomes` packs them."""

    def __init__(self) -> None:
        self.requests = 0
        self.bytes = 0
        head, tail = outcomes_frame(_SOMEBODY)
        self._frame = len(head) + len(tail)
        self._free = -1

    def take(self, outcome: ExerciseOutcome) -> Words | None:
        """Count an outcome; return why it can't be sent, if it can't."""
        try:
            size = len(encode_outcome(outcome))
        except UserError as error:
            return Words("{problem}", problem=error.message)
        if self._frame + size > MOST_REQUEST_BYTES:
            return Words("It is too long to be sent.")
        if size + 1 > self._free:
            self.requests += 1
            self.bytes += self._frame + size
            self._free = MOST_REQUEST_BYTES - self._frame - size
        else:  # after a comma
            self.bytes += 1 + size
            self._free -= 1 + size
        return None


def _surely_fits(cells: Sequence[str]) -> bool:
    """Return whether a row makes a short request, whatever its characters: most need no closer look."""
    return sum(map(len, cells)) * _BYTES_OF_A_CHARACTER < MOST_REQUEST_BYTES // 2


def _rows(path: Path, columns: Columns) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows after the header, numbered from 1; lines without anything are no rows."""
    try:
        with _opened(path, columns.encoding) as file:
            table = (row for row in csv.reader(file, delimiter=columns.delimiter) if row)
            next(table, None)
            yield from enumerate(table, 1)
    except csv.Error as error:
        raise _no_table(path, "Look for a quotation mark that is never closed.", str(error)) from error
    except OSError as error:
        raise _unreadable(path, error) from error


def _opened(path: Path, encoding: str) -> TextIO:
    return path.open(encoding=encoding, errors="replace", newline="")


def _unique(names: Sequence[str]) -> tuple[str, ...]:
    found: list[str] = []
    for place, name in enumerate(names, 1):
        shown = base = one_line(name.strip(), 120) or f"Column {place}"
        number = 1
        while shown in found:
            number += 1
            shown = f"{base} ({number})"
        found.append(shown)
    return tuple(found)


def _no_table(path: Path, next_step: str, detail: str = "") -> UserError:
    return UserError(
        "“{name}” is no table of text that I can read.",
        code="E-REPLAY-FILE",
        next_step=next_step,
        values={"name": path.name},
        detail=detail,
    )


def _unreadable(path: Path, error: OSError) -> StorageError:
    return StorageError(
        "“{name}” can't be read.",
        code="E-REPLAY-READ",
        next_step="See whether it is still there, and not open in another program.",
        values={"name": path.name},
        detail=type(error).__name__,
    )
