"""A catalogue read from a CSV or JSON file that somebody has: what could be used, and what was wrong, in sentences."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sana_desktop.api.loose_json import read_loose
from sana_desktop.api.practice_models import Exercise
from sana_desktop.api.practice_wire import exercise_from_json
from sana_desktop.base.errors import UserError
from sana_desktop.base.words import Words
from sana_desktop.practice.catalogue import Catalogue
from sana_desktop.practice.tables import delimiter_of, encoding_of, is_text, names_in, number_in

MOST_BYTES = 64 * 2**20
CHARACTERS_JUDGED = 256 * 1024
"""By which the delimiter of a table is chosen."""
MOST_PROBLEMS = 20
"""Problems that are told one by one; the rest is counted."""
LONGEST_REPAIRED = 2_000_000
"""Characters of JSON that is not strict up to which it is repaired: files of that size are not written by hand."""

_COLUMNS = {
    "id": "id", "exerciseid": "id", "itemid": "id", "questionid": "id",
    "path": "path", "exercisepath": "path", "location": "path", "topic": "path",
    "tags": "tags", "tag": "tags", "labels": "tags",
    "difficultylevel": "difficulty_level", "difficulty": "difficulty_level", "level": "difficulty_level",
    "maxscore": "max_score", "maximumscore": "max_score", "points": "max_score",
    "metadata": "metadata",
}  # fmt: skip
"""How columns are called, without case, spaces and underscores."""
_LISTS = ("exercises", "exercise_outcomes", "items", "data", "catalogue", "catalog")
"""Fields under which a JSON file may keep its exercises."""


@dataclass(frozen=True, slots=True)
class CatalogueFile:
    """What a file gave.

    Attributes:
        problems: what was left out or repaired; empty if all was well.
    """

    catalogue: Catalogue
    problems: tuple[Words, ...] = ()


def read_catalogue(data: bytes) -> CatalogueFile:
    """Return the exercises in a file of CSV or JSON; which of the two, its first character says.

    Raises:
        UserError: E-CATALOGUE, nothing in it can be used.
    """
    if len(data) > MOST_BYTES:
        raise _unusable("The file is too large to be a catalogue of exercises.")
    try:
        text = data.decode(encoding_of(data)) if is_text(data) else None
    except UnicodeDecodeError:
        text = None
    if text is None:
        raise _unusable("The file is no text that I can read.")
    return from_json(text) if text.lstrip()[:1] in {"{", "["} else from_csv(text)


def from_csv(text: str) -> CatalogueFile:
    """Return the exercises of a table with a head line; only `id` and `path` must be there.

    Raises:
        UserError: E-CATALOGUE.
    """
    delimiter = delimiter_of(text[:CHARACTERS_JUDGED].splitlines(keepends=True))
    rows: list[tuple[int, list[str]]] = []
    reader, line = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((line, row))
            line = reader.line_num + 1  # as an editor counts: a row may take several, and empty ones count
    except csv.Error:
        raise _unusable("The table can't be read.") from None
    columns = [_COLUMNS.get(_plain(name)) for name in rows[0][1]] if rows else []
    missing = [name for name in ("id", "path") if name not in columns]
    if missing:
        raise _unusable("The first line of the table names no column “{missing}”.", missing=missing[0])
    # A name that stands twice: the first one counts.
    used = {name: index for index, name in reversed(list(enumerate(columns))) if name}
    reading = _Reading(in_lines=True)
    for line, row in rows[1:]:
        cells = {name: row[index].strip() for name, index in used.items() if index < len(row)}
        reading.take(line, _from_cells(cells))
    return reading.result()


def from_json(text: str) -> CatalogueFile:
    """Return the exercises of a JSON list, or of an object that has one: an answer, a request with outcomes.

    JSON that is not strict, such as the vendor's own samples, is repaired, which the problems say.

    Raises:
        UserError: E-CATALOGUE.
    """
    value, repaired = _parsed(text)
    if isinstance(value, Mapping):
        value = next((value[name] for name in _LISTS if isinstance(value.get(name), list)), [value])
    if not isinstance(value, list):
        raise _unusable("There is no list of exercises in it.")
    reading = _Reading(list(repaired))
    for number, entry in enumerate(value, 1):
        inner = entry.get("exercise") if isinstance(entry, Mapping) and "id" not in entry else None
        reading.take(number, entry if inner is None else inner)
    return reading.result()


def _parsed(text: str) -> tuple[Any, Iterable[Words]]:
    try:
        return json.loads(text), ()
    except (ValueError, RecursionError):
        pass
    if len(text) > LONGEST_REPAIRED:
        raise _unusable("The file is not proper JSON.")
    try:
        loose = read_loose(text)
    except UserError as error:
        raise _unusable("The file is not proper JSON. {what}", what=error.message) from None
    return loose.value, loose.repaired


class _Reading:
    """Collects what can be used, and the problems; `in_lines` where an entry is known by its line."""

    def __init__(self, problems: list[Words] | None = None, *, in_lines: bool = False) -> None:
        self._in_lines = in_lines
        self._found: dict[str, Exercise] = {}
        self._problems = problems or []
        self._bad = self._again = 0

    def take(self, number: int, entry: object) -> None:
        """Take entry `number` of the file, or note why not."""
        try:
            exercise = exercise_from_json(entry)
        except UserError as error:
            self._bad += 1
            if self._bad <= MOST_PROBLEMS:
                words = "Line {number}: {what}" if self._in_lines else "Entry {number}: {what}"
                self._problems.append(Words(words, number=number, what=error.message))
            return
        ignored = [name for name in ("tags", "difficulty_level", "max_score", "metadata") if name in exercise.extra]
        if ignored:
            self._bad += 1
            if self._bad <= MOST_PROBLEMS:
                words = (
                    "Line {number}: “{field}” can't be read and is left out."
                    if self._in_lines
                    else "Entry {number}: “{field}” can't be read and is left out."
                )
                self._problems.append(Words(words, number=number, field=ignored[0]))
        self._again += exercise.id in self._found
        self._found[exercise.id] = exercise

    def result(self) -> CatalogueFile:
        """Return everything.

        Raises:
            UserError: E-CATALOGUE, there is nothing.
        """
        if self._bad > MOST_PROBLEMS:
            self._problems.append(Words("{count} more entries have problems.", count=self._bad - MOST_PROBLEMS))
        if self._again:
            self._problems.append(Words("{count} entries repeat an id; the last one counts.", count=self._again))
        if not self._found:
            first = f" {self._problems[0]}" if self._problems else ""
            raise _unusable("There is no exercise in it that can be used.{first}", first=first)
        return CatalogueFile(Catalogue(self._found.values()), tuple(self._problems))


def _from_cells(cells: Mapping[str, str]) -> dict[str, Any]:
    entry: dict[str, Any] = {name: cells[name] for name in ("id", "path", "metadata") if cells.get(name)}
    if cells.get("tags"):
        entry["tags"] = list(names_in(cells["tags"]))
    for name in ("difficulty_level", "max_score"):
        if cells.get(name):
            number = number_in(cells[name])
            # What is no number stays as it is, and is told as a problem.
            entry[name] = cells[name] if number is None else number
    return entry


def _plain(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())


def _unusable(sentence: str, **values: object) -> UserError:
    return UserError(
        sentence,
        code="E-CATALOGUE",
        next_step="Give a table with the columns id and path, or a JSON list of exercises.",
        values=values,
    )
