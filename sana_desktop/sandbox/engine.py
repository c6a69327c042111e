"""The database beneath the reports, and the confined connections on which a stranger's SQL runs.

Locks, from the outside in: policy.py lets one SELECT over known names through; it runs in a process that can be
killed (reporters.py); the database file is opened read-only; the engine has no file, network or extension access,
and its settings are locked; memory, spill space, time, rows and bytes have bounds. Nothing a query can say reaches
COPY: the report files are written by files.py from fetched rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from sana_desktop.sandbox import data
from sana_desktop.sandbox.memory import Watch
from sana_desktop.sandbox.policy import CheckedQuery, Vocabulary, first_lines

CATALOG = "sana"
_FILE = "company.duckdb"


@dataclass(frozen=True, slots=True)
class EngineLimits:
    """Bounds for one query."""

    seconds: float = 60.0
    memory: str = "768MB"
    spill: str = "4GB"
    growth: int = 1_200_000_000
    """Bytes by which the process may grow while a query runs: texts and lists are not all under `memory`."""

    @property
    def last_seconds(self) -> float:
        """When a query that did not heed the end of its time is ended with its process."""
        return self.seconds * 1.25


NO_MEMORY = "The query needed more memory than there is for one."
GAVE_UP = "The query can't be answered: the database gave up on it."


def too_long(limits: EngineLimits) -> str:
    """What is said of a query whose time is over."""
    return f"The query took longer than {limits.seconds:g} seconds."


class QueryFailed(Exception):
    """The engine could not answer a query that was allowed; the text is for the person who wrote it."""


class QueryTooLong(QueryFailed):
    """The time limit ended the query."""


class TooManyRows(QueryFailed):
    """More rows than the format asked for can hold."""


def build(folder: Path, rows: int) -> Vocabulary:
    """Make the database file in `folder`, and return what a query may name."""
    with duckdb.connect(str(folder / _FILE), config=locked(EngineLimits(), folder / "spill")) as builder:
        data.build(builder, rows)
        return Vocabulary.read(builder, CATALOG, data.SCHEMA)


def locked(limits: EngineLimits, spill: Path) -> dict[str, str | bool | int | float | list[str]]:
    """Settings with which an engine starts."""
    return {
        # One thread makes every result the same, to the byte, at every run.
        "threads": 1,
        "memory_limit": limits.memory,
        "temp_directory": str(spill),
        "max_temp_directory_size": limits.spill,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
        "python_enable_replacements": False,
        "allow_persistent_secrets": False,
    }


class Engine:
    """Reads the database file in `folder`; what does not fit into memory goes to `spill`, its own folder."""

    def __init__(self, folder: Path, spill: Path, limits: EngineLimits) -> None:
        self._limits = limits
        self._root = duckdb.connect(":memory:", config=locked(limits, spill))
        path = str(folder / _FILE).replace("'", "''")
        self._root.execute(f"ATTACH '{path}' AS {CATALOG} (READ_ONLY)")
        self._root.execute("SET GLOBAL TimeZone = 'UTC'")
        self._root.execute("SET enable_external_access = false")
        self._root.execute("SET lock_configuration = true")

    @contextmanager
    def open(self, query: CheckedQuery) -> Iterator[Reader]:
        """A reader of the query's result under the time limit. Raises QueryFailed, also from the reader."""
        cursor = self._root.cursor()
        watch = Watch(cursor.interrupt, self._limits.seconds, self._limits.growth)
        watch.start()
        try:
            cursor.execute(f"USE {CATALOG}.{data.SCHEMA}")
            yield Reader(cursor, query)
        except duckdb.InterruptException as error:
            if watch.swelled:
                raise QueryFailed(NO_MEMORY) from error
            raise QueryTooLong(too_long(self._limits)) from error
        except (duckdb.InternalException, duckdb.FatalException) as error:
            raise QueryFailed(GAVE_UP) from error  # no words of its own: they tell of its inside
        except (duckdb.Error, MemoryError) as error:
            raise QueryFailed(first_lines(error) or NO_MEMORY) from error
        finally:
            watch.stop()
            cursor.close()

    def close(self) -> None:
        self._root.close()


class Reader:
    """The columns of a result and its rows in batches, either as values or as finished CSV lines."""

    BATCH_ROWS = 4096

    def __init__(self, cursor: duckdb.DuckDBPyConnection, query: CheckedQuery) -> None:
        self._cursor = cursor
        self._query = query
        described = cursor.sql(query.body)
        self.columns: list[str] = described.columns
        self.types: list[str] = [str(kind) for kind in described.types]

    def more_rows_than(self, limit: int) -> bool:
        """Whether the result is longer, found out without reading all of it."""
        counted = f"SELECT count(*) FROM (SELECT 1 FROM (\n{self._query.body}\n) LIMIT {limit + 1})"  # noqa: S608
        row = self._cursor.execute(counted).fetchone()
        return row is not None and int(row[0]) > limit

    def rows(self) -> Iterator[list[tuple[object, ...]]]:
        """Values as the engine's Python types."""
        self._cursor.execute(self._query.body)
        while batch := self._cursor.fetchmany(self.BATCH_ROWS):
            yield batch

    def csv_lines(self) -> Iterator[list[str]]:
        """Each row as one CSV record without its line end, rendered inside the engine: three times as
        fast as Python's csv writer, and its own text form for every type."""
        names = [f"c{index}" for index in range(len(self.columns))]
        fields = " || ',' || ".join(map(_csv_field, names, self.types))
        columns = ", ".join(names)
        # The body has passed the policy: it is one whole SELECT and can't leave its parentheses.
        self._cursor.execute(f"SELECT {fields} FROM (\n{self._query.body}\n) AS report({columns})")  # noqa: S608
        while batch := self._cursor.fetchmany(self.BATCH_ROWS):
            yield [line for (line,) in batch]


_NEVER_QUOTED = frozenset(
    {
        "BIGINT",
        "BOOLEAN",
        "DATE",
        "DOUBLE",
        "FLOAT",
        "HUGEINT",
        "INTEGER",
        "SMALLINT",
        "TIMESTAMP",
        "TINYINT",
        "UBIGINT",
        "UHUGEINT",
        "UINTEGER",
        "USMALLINT",
        "UTINYINT",
        "UUID",
    }
)


def _csv_field(name: str, kind: str) -> str:
    text = f"{name}::VARCHAR"
    if kind in _NEVER_QUOTED:
        return f"coalesce({text}, '')"
    special = " OR ".join(f"contains({text}, {mark})" for mark in ("','", "'\"'", "chr(10)", "chr(13)"))
    quoted = f"'\"' || replace({text}, '\"', '\"\"') || '\"'"
    return f"CASE WHEN {name} IS NULL THEN '' WHEN {special} OR {text} = '' THEN {quoted} ELSE {text} END"
