"""A catalogue read from a CSV or JSON file that somebody has: what could be used, and what was wrong, in sentences."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sana_desktop.api.loose_json import read_loose
from sana_desktop.api.practice_models import Exercise
from sana_desktop.api.practice_wire import exercise_from_json
from sana_desktop.base.errors import UserError
from sana_desktop.base.text import one_line
from sana_desktop.base.words import Words
from sana_desktop.practice.exercises.catalogue import Catalogue
from sana_desktop.practice.exercises.column_names import (
    DIFFICULTY_NAMES,
    EXERCISE_NAMES,
    MAX_SCORE_NAMES,
    PATH_NAMES,
    TAG_NAMES,
)
from sana_desktop.practice.tables import delimiter_of, encoding_of, is_text, names_in, number_in

MAX_BYTES = 64 * 2**20
CHARACTERS_JUDGED = 256 * 1024
"""By which the delimiter of a table is chosen."""
MAX_PROBLEMS = 20
"""Problems that are told one by one; the rest is counted."""
MAX_NAMED = 120
"""Characters of a head line that are told."""
MAX_REPAIRED_LENGTH = 2_000_000
"""Characters of JSON that is not strict up to which it is repaired: files of that size are not written by hand."""

_COLUMNS = {
    **dict.fromkeys(("id", "exerciseid", "itemid", "questionid", "aufgabe", "aufgabenid", "frageid"), "id"),
    **dict.fromkeys(
        ("path", "exercisepath", "location", "topic", "topics", "topicpath", "category", "subject", "chapter", "thema",
         "themen", "pfad", "kategorie", "bereich"), "path",
    ),
    **dict.fromkeys(("tags", "tag", "labels", "keywords", "schlagwort", "schlagworte", "stichworte"), "tags"),
    **dict.fromkeys(
        ("difficultylevel", "difficulty", "level", "schwierigkeit", "schwierigkeitsgrad", "niveau"), "difficulty_level",
    ),
    **dict.fromkeys(("maxscore", "maximumscore", "points", "punkte", "maxpunkte"), "max_score"),
    "metadata": "metadata",
}  # fmt: skip
"""How columns are called, in English and German, without case, spaces and underscores."""
_ELSE = {
    "id": EXERCISE_NAMES,
    "path": PATH_NAMES,
    "tags": TAG_NAMES,
    "difficulty_level": DIFFICULTY_NAMES,
    "max_score": MAX_SCORE_NAMES,
}
"""What a report of answers calls them, where no column has one of those names; the likeliest first."""
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
    if not data.strip():
        raise _unusable("The file is empty.")
    if len(data) > MAX_BYTES:
        raise _unusable("The file is too large to be a catalogue of exercises.")
    try:
        text = data.decode(encoding_of(data)) if is_text(data) else None
    except UnicodeDecodeError:
        text = None
    if text is None or _is_garbled(text):
        raise _unusable("The file is no text that I can read, and so no table and no JSON.")
    if not text.strip():
        raise _unusable("The file is empty.")
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
    columns = _named(rows[0][1]) if rows else []
    if "id" not in columns or "path" not in columns:
        named = ", ".join(name.strip() for name in rows[0][1] if name.strip()) if rows else ""
        missing = (
            "The first line of the table names no column for the topic, such as “topic” or “path”; it names: {named}."
            if "id" in columns
            else "The first line of the table names no column for the id, such as “id” or “exercise id”; it names: "
            "{named}."
        )
        raise _unusable(missing, named=one_line(named, MAX_NAMED))
    # A name that stands twice: the first one counts.
    used = {name: index for index, name in reversed(list(enumerate(columns))) if name}
    reading = _Reading(columns={name: rows[0][1][index].strip() for name, index in used.items()})
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
    if len(text) > MAX_REPAIRED_LENGTH:
        raise _unusable("The file is not proper JSON.")
    try:
        loose = read_loose(text)
    except UserError as error:
        raise _unusable("The file is not proper JSON. {what}", what=error.message) from None
    return loose.value, loose.repaired


class _Reading:
    """Collects what can be used, and the problems.

    Args:
        columns: of a table, what each field's column is called in it; its entries are known by their lines.
    """

    def __init__(self, problems: list[Words] | None = None, *, columns: Mapping[str, str] | None = None) -> None:
        self._columns = columns or {}
        self._found: dict[str, Exercise] = {}
        self._problems = problems or []
        self._bad = self._again = 0

    def take(self, number: int, entry: object) -> None:
        """Take entry `number` of the file, or note why not."""
        empty = next((name for name in ("id", "path") if self._columns and _is_empty(entry, name)), None)
        if empty is not None:
            self._note(Words("Line {number}: “{field}” is empty.", number=number, field=self._columns[empty]))
            return
        try:
            exercise = exercise_from_json(entry)
        except UserError as error:
            words = "Line {number}: {what}" if self._columns else "Entry {number}: {what}"
            self._note(Words(words, number=number, what=error.message))
            return
        ignored = [name for name in ("tags", "difficulty_level", "max_score", "metadata") if name in exercise.extra]
        if ignored:
            words = (
                "Line {number}: “{field}” can't be read and is left out."
                if self._columns
                else "Entry {number}: “{field}” can't be read and is left out."
            )
            self._note(Words(words, number=number, field=self._columns.get(ignored[0], ignored[0])))
        self._again += exercise.id in self._found
        self._found[exercise.id] = exercise

    def result(self) -> CatalogueFile:
        """Return everything.

        Raises:
            UserError: E-CATALOGUE, there is nothing.
        """
        more = self._bad - MAX_PROBLEMS
        if more > 0:
            many = Words("{count} more entries have problems.", count=f"{more:,}")
            self._problems.append(Words("1 more entry has a problem.") if more == 1 else many)
        if self._again:
            many = Words("{count} entries repeat an id; the last one counts.", count=f"{self._again:,}")
            # First: the person is told of the first few.
            self._problems.insert(0, Words("1 entry repeats an id; the last one counts.") if self._again == 1 else many)
        if not self._found:
            first = f" {self._problems[0]}" if self._problems else ""
            raise _unusable("There is no exercise in it that can be used.{first}", first=first)
        return CatalogueFile(Catalogue(self._found.values()), tuple(self._problems))

    def _note(self, problem: Words) -> None:
        self._bad += 1
        if self._bad <= MAX_PROBLEMS:
            self._problems.append(problem)


def _is_garbled(text: str) -> bool:
    """Whether there are characters that no text has: bytes that were decoded, for any byte can be."""
    return any(character < " " and character not in "\t\n\r\f\v\x1a" for character in text[:CHARACTERS_JUDGED])


def _is_empty(entry: object, field: str) -> bool:
    return isinstance(entry, Mapping) and not entry.get(field)


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


def _named(head: Sequence[str]) -> list[str | None]:
    """Return what each column of a table holds, by its name; None where that says nothing."""
    plain = [_plain(name) for name in head]
    columns = [_COLUMNS.get(name) for name in plain]
    for field, names in _ELSE.items():
        if field not in columns:
            free = {name: at for at, name in reversed(list(enumerate(plain))) if columns[at] is None}
            at = next((free[_plain(name)] for name in names if _plain(name) in free), None)
            if at is not None:
                columns[at] = field
    return columns


def _plain(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())


def _unusable(sentence: str, **values: object) -> UserError:
    return UserError(
        sentence,
        code="E-CATALOGUE",
        next_step="Give a table with the columns id and topic (/maths/vectors), or a JSON list of exercises.",
        values=values,
    )
