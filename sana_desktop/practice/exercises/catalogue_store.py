"""The exercises that are known, kept over a restart: for each connection a file's and the learned ones, in bounds."""

from __future__ import annotations

import contextlib
import json
import logging
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial

from sana_desktop.api.practice_models import Exercise
from sana_desktop.api.practice_wire import exercise_from_json, exercise_to_json
from sana_desktop.base.clock import Clock
from sana_desktop.base.errors import UserError
from sana_desktop.base.text import one_line
from sana_desktop.base.threads import in_daemon_thread
from sana_desktop.base.timestamps import format_utc, parse_timestamp
from sana_desktop.practice.database import Database
from sana_desktop.practice.exercises.catalogue import Catalogue

log = logging.getLogger(__name__)

MAX_BYTES = 16 * 2**20
"""Of one catalogue as text: some 100,000 exercises, which take a tenth of it on the disk. A larger one is not kept."""
MAX_NAME_LENGTH = 200


class CatalogueSource(StrEnum):
    """Where exercises became known from."""

    FILE = "file"
    """A file that a person has."""
    ANSWERS = "answers"
    """Whatever the service recommended, and what came with pasted outcomes."""


@dataclass(frozen=True, slots=True)
class KeptCatalogue:
    """Exercises as they are kept.

    Attributes:
        name: of the file, without its folder; empty where there was none.
        at: when the file was loaded, or the last exercise was learned.
    """

    catalogue: Catalogue
    source: CatalogueSource
    name: str
    at: datetime


class CatalogueStore:
    """The kept catalogues. Nothing in it is a promise: all of it can be loaded or learned again."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def keep(
        self, connection_id: str, catalogue: Catalogue, source: CatalogueSource, name: str = ""
    ) -> KeptCatalogue | None:
        """Keep a catalogue in place of the one of the same source; what is left of connections that are gone goes.

        Returns:
            What is kept; None if it is larger than `MAX_BYTES`: then what was kept before stays.

        Raises:
            StorageError: it can't be saved.
        """
        kept = KeptCatalogue(catalogue, source, one_line(name, MAX_NAME_LENGTH), self._clock.now())
        packed = await in_daemon_thread(partial(pack, catalogue.exercises), "pack exercises")
        if packed is None:
            return None
        row = (connection_id, source.value, kept.name, format_utc(kept.at), packed)

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(_KEEP, row)
            connection.execute(_LEAVE_NO_ORPHANS, (connection_id,))

        await self._database.write(work)
        return kept

    async def load(self, connection_id: str) -> dict[CatalogueSource, KeptCatalogue]:
        """Return what is kept for a connection, its tree and tags counted; what makes no sense is left out.

        Raises:
            StorageError: the store can't be read.
        """
        statement = "SELECT source, name, loaded_at, exercises FROM practice_catalogues WHERE connection_id = ?"
        rows = await self._database.read(lambda connection: connection.execute(statement, (connection_id,)).fetchall())
        found = {}
        for source, name, loaded_at, packed in rows:
            at = parse_timestamp(loaded_at)
            catalogue = await in_daemon_thread(partial(_unpacked, packed), "unpack exercises")
            if at is None or not len(catalogue):
                log.warning("the exercises kept from %s make no sense", source)
                continue
            kept = KeptCatalogue(catalogue, CatalogueSource(source), name, at)
            found[kept.source] = kept
        return found

    async def forget(self, connection_id: str, *sources: CatalogueSource) -> None:
        """Forget what is kept from these sources. Raises StorageError."""
        rows = [(connection_id, source.value) for source in sources]
        statement = "DELETE FROM practice_catalogues WHERE connection_id = ? AND source = ?"
        await self._database.write(lambda connection: connection.executemany(statement, rows).rowcount)


_KEEP = """
    INSERT INTO practice_catalogues (connection_id, source, name, loaded_at, exercises) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET name = excluded.name, loaded_at = excluded.loaded_at, exercises = excluded.exercises
"""
_LEAVE_NO_ORPHANS = """
    DELETE FROM practice_catalogues WHERE connection_id <> ? AND connection_id NOT IN (SELECT id FROM connections)
"""


def pack(exercises: Iterable[Exercise]) -> bytes | None:
    """Return exercises as packed lines of JSON; None if their text is longer than `MAX_BYTES`."""
    packer = zlib.compressobj()
    size, parts = 0, []
    for exercise in exercises:
        # Line by line: one long piece of JSON would not let the window have its turn.
        with contextlib.suppress(UserError):
            line = json.dumps(exercise_to_json(exercise), separators=(",", ":")).encode() + b"\n"
            size += len(line)
            parts.append(packer.compress(line))
        if size > MAX_BYTES:
            return None
    return b"".join((*parts, packer.flush()))


def unpack(packed: bytes) -> Iterator[Exercise]:
    """Return what `pack` packed, as far as it makes sense and `MAX_BYTES` go."""
    try:
        text = zlib.decompressobj().decompress(packed, MAX_BYTES)
    except zlib.error:
        return
    for line in text.split(b"\n"):
        with contextlib.suppress(UserError, ValueError, RecursionError):
            yield exercise_from_json(json.loads(line))


def _unpacked(packed: bytes) -> Catalogue:
    return Catalogue(unpack(packed)).counted()
