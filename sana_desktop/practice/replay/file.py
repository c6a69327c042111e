"""A report of outcomes as a file: its columns, its rows, its outcomes one after another (B34). Blocks: use a thread."""

from __future__ import annotations

import codecs
import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

from sana_desktop.api.practice_models import ExerciseOutcome
from sana_desktop.api.practice_wire import (
    encode_outcome,
    outcome_from_json,
)
from sana_desktop.base.errors import StorageError, UserError
from sana_desktop.base.files import sha256_of
from sana_desktop.base.text import one_line
from sana_desktop.base.words import Words
from sana_desktop.practice.replay.columns import Mapping
from sana_desktop.practice.replay.packing import Packing, surely_fits
from sana_desktop.practice.replay.rows import RowReader
from sana_desktop.practice.replay.times import asks_order, order_of
from sana_desktop.practice.tables import delimiter_of, encoding_of, is_text, rows_of

HEAD_BYTES = 256 * 1024
SAMPLE_ROWS = 5
ROWS_WITH_A_DATE = 1_000
"""Where so many rows have no date whose order could be asked, none is looked for."""
MAX_SORTED = 1_000_000
"""Rows that are put in the order of their times; more would need too much memory."""


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


def outcomes(path: Path, mapping: Mapping, person: int = 0) -> Iterator[ExerciseOutcome]:
    """Yield the outcomes of a file in their order, those that can't be used left out; the same at each call.

    Args:
        person: the first row of the person whose rows are meant; 0 means all.

    Raises:
        UserError: E-REPLAY-FILE.
        StorageError: E-REPLAY-READ.
    """
    found = _usable(path, mapping, person)
    if not mapping.by_time:
        yield from found
        return
    packed = []
    for number, outcome in enumerate(found):
        packed.append((outcome.outcome.timestamp, number, encode_outcome(outcome)))
        if number >= MAX_SORTED:
            raise UserError(
                "The file has more than {most} rows: too many to put them in the order of their times.",
                code="E-REPLAY-FILE",
                next_step="Send them in the order of the file, or sort it first.",
                values={"most": f"{MAX_SORTED:,}"},
            )
    packed.sort(key=lambda entry: entry[:2])
    for _, _, body in packed:
        yield outcome_from_json(json.loads(body))


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file. Raises StorageError E-REPLAY-READ."""
    try:
        return sha256_of(path)[0]
    except OSError as error:
        raise _unreadable(path, error) from error


def numbered_rows(path: Path, columns: Columns) -> Iterator[tuple[int, list[str]]]:
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


def with_days(path: Path, columns: Columns, mapping: Mapping) -> tuple[Mapping, bool]:
    """Return the mapping with what comes first in dates, if the file gives it away; and whether it has such dates."""
    reader = RowReader(columns.names, mapping)
    asks = False

    def dates() -> Iterator[str]:
        nonlocal asks
        for number, cells in numbered_rows(path, columns):
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


def _usable(path: Path, mapping: Mapping, person: int) -> Iterator[ExerciseOutcome]:
    columns = read_columns(path)
    reader = RowReader(columns.names, with_days(path, columns, mapping)[0])
    packing = Packing()
    theirs = ""
    for number, cells in numbered_rows(path, columns):
        if number == person:
            theirs = reader.user(cells)
        if person and (number < person or reader.user(cells) != theirs):
            continue
        outcome = reader.read(cells)
        if not isinstance(outcome, Words) and (surely_fits(cells) or packing.take(outcome) is None):
            yield outcome


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
