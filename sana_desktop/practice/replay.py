"""Replay: the outcomes of a report, sent to a test learner in order, in batches, resumable after anything (B34).

How far it has come is written in the same transaction as the outcomes that it puts into the outbox: none is sent twice
and none is left out, whatever dies in between. Ids of real people are not stored and never sent.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import sqlite3
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from sana_desktop.api.network import in_daemon_thread
from sana_desktop.api.practice_errors import outcomes_unknown
from sana_desktop.api.practice_models import ExerciseOutcome
from sana_desktop.base.clock import Clock
from sana_desktop.base.errors import SanaError, UserError
from sana_desktop.base.events import Topic
from sana_desktop.base.tasks import Supervisor
from sana_desktop.base.timestamps import format_utc, parse_timestamp
from sana_desktop.practice import replay_file
from sana_desktop.practice.database import Database
from sana_desktop.practice.delivery import Delivery
from sana_desktop.practice.learners import LearnerBook
from sana_desktop.practice.replay_file import Columns, DryRun
from sana_desktop.practice.replay_map import Mapping

T = TypeVar("T")

BATCH = 50
"""Outcomes put into the outbox together; about as many as fit into one request."""


class ReplayState(StrEnum):
    """What a replay is doing."""

    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    FAILED = "failed"
    """It stopped because of `ReplayProgress.error`, and can be gone on with."""


@dataclass(frozen=True, slots=True)
class ReplayRecord:
    """A replay as it is stored.

    Attributes:
        user_id: the test learner who gets the answers.
        person: SHA-256 of the id whose answers they were; "" if all.
        done: answers put into the outbox so far, of `total`.
    """

    id: str
    connection_id: str
    user_id: str
    path: Path
    file_sha256: str
    mapping: Mapping
    person: str
    done: int
    total: int
    created_at: datetime
    changed_at: datetime

    @property
    def finished(self) -> bool:
        """Whether every answer was put into the outbox."""
        return self.done >= self.total


@dataclass(frozen=True, slots=True)
class ReplayProgress:
    """How far a replay is.

    Attributes:
        unknown, parked: answers of this run whose fate is not known, or that the service did not take.
        error: why it stopped, if it failed.
    """

    record: ReplayRecord
    state: ReplayState
    unknown: int = 0
    parked: int = 0
    error: SanaError | None = None


class ReplayService:
    """Runs replays.

    Attributes:
        progress: how far each one is, after each batch and at its end.
    """

    def __init__(
        self, database: Database, delivery: Delivery, learners: LearnerBook, clock: Clock, supervisor: Supervisor
    ) -> None:
        self.progress: Topic[ReplayProgress] = Topic("replay progress")
        self._database = database
        self._delivery = delivery
        self._learners = learners
        self._clock = clock
        self._supervisor = supervisor
        self._pausing: dict[str, asyncio.Event] = {}

    async def columns(self, path: Path) -> Columns:
        """Return what the head of a file says; errors as `replay_file.read_columns`."""
        return await _beside(partial(replay_file.read_columns, path))

    async def dry_run(self, path: Path, mapping: Mapping, person: str | None = None) -> DryRun:
        """Go through a file without sending anything; errors as `replay_file.dry_run`."""
        return await _beside(partial(replay_file.dry_run, path, mapping, person))

    async def begin(self, path: Path, mapping: Mapping, connection_id: str, user_id: str, dry: DryRun) -> ReplayRecord:
        """Write down a replay, to be started with `start`.

        Args:
            path: of the file, absolute: it is looked for there after a restart.
            dry: the dry run of the same file, mapping and person.

        Raises:
            UserError: E-LEARNER-REAL if this is no test learner; E-REPLAY-PERSON if the answers are of several people
                and none was chosen; E-REPLAY-EMPTY if there is nothing to send.
            StorageError: it can't be saved.
        """
        self._must_be_test(connection_id, user_id)
        if dry.people_count > 1 and not dry.person:
            raise UserError(
                "The file has answers of {count} people. One learner can't have answered for all of them.",
                code="E-REPLAY-PERSON",
                next_step="Choose whose answers to send.",
                values={"count": f"{dry.people_count:,}"},
            )
        if not dry.usable:
            raise UserError(
                "There is no row that can be sent.",
                code="E-REPLAY-EMPTY",
                next_step="Look at the problems, and choose the columns again.",
            )
        now = self._clock.now()
        record = ReplayRecord(
            uuid.uuid4().hex, connection_id, user_id, path, dry.file_sha256, mapping, dry.person, 0,
            dry.usable, now, now,
        )  # fmt: skip
        row = _row(record)
        await self._database.write(lambda connection: connection.execute(_INSERT, row).rowcount)
        return record

    def start(self, replay_id: str, *, per_second: float | None = None) -> bool:
        """Run a replay, or go on with it, in the background.

        Args:
            per_second: most answers a second; None is as fast as delivery allows.

        Returns:
            False if it runs already.
        """
        if self._supervisor.running(_key(replay_id)):
            return False
        self._pausing[replay_id] = asyncio.Event()
        return self._supervisor.start("replay", self._run(replay_id, per_second), key=_key(replay_id)) is not None

    def pause(self, replay_id: str) -> None:
        """Stop after the batch in hand; its progress says when it has."""
        if replay_id in self._pausing:
            self._pausing[replay_id].set()

    async def get(self, replay_id: str) -> ReplayRecord:
        """Return a replay as it is stored. Raises UserError E-REPLAY-GONE."""
        found = await self._select("id = ?", (replay_id,))
        if not found:
            raise UserError("This replay is not there any more.", code="E-REPLAY-GONE", next_step="Begin a new one.")
        return found[0]

    async def unfinished(self) -> tuple[ReplayRecord, ...]:
        """Return the replays that can be gone on with, oldest first."""
        return await self._select("done < total ORDER BY created_at", ())

    async def forget(self, replay_id: str) -> None:
        """Delete a replay; what it sent is sent."""
        self.pause(replay_id)
        await self._database.write(
            lambda connection: connection.execute("DELETE FROM practice_replays WHERE id = ?", (replay_id,)).rowcount
        )

    async def _run(self, replay_id: str, per_second: float | None) -> None:
        progress: ReplayProgress | None = None
        try:
            progress = ReplayProgress(await self.get(replay_id), ReplayState.RUNNING)
            self.progress.publish(progress)
            source = await self._source(progress.record)
            try:
                progress = await self._send_all(progress, source, per_second)
            finally:
                source.close()
        except SanaError as error:
            if progress is None:
                return
            # As it is on disk: the batch in hand may be there or not.
            with contextlib.suppress(SanaError):
                progress = replace(progress, record=await self.get(replay_id))
            progress = replace(progress, state=ReplayState.FAILED, error=error)
        finally:
            self._pausing.pop(replay_id, None)
        self.progress.publish(progress)

    async def _send_all(self, progress: ReplayProgress, source: _Source, per_second: float | None) -> ReplayProgress:
        pausing = self._pausing[progress.record.id]
        size = BATCH if per_second is None else max(min(BATCH, int(per_second)), 1)
        progress = await self._flush(progress)  # what an earlier run left
        while progress.error is None and not pausing.is_set():
            batch = await source.take(size)
            if not batch:
                return replace(progress, state=ReplayState.FINISHED)
            record = progress.record
            await self._put(record, batch)
            record = replace(record, done=record.done + len(batch), changed_at=self._clock.now())
            progress = await self._flush(replace(progress, record=record))
            if progress.error is None:
                self.progress.publish(progress)
                if per_second is not None:
                    await self._clock.sleep(len(batch) / per_second)
        return replace(progress, state=ReplayState.PAUSED if progress.error is None else ReplayState.FAILED)

    async def _put(self, record: ReplayRecord, batch: Sequence[ExerciseOutcome]) -> None:
        values = (record.done + len(batch), format_utc(self._clock.now()), record.id, record.done)

        def advance(connection: sqlite3.Connection, numbers: Sequence[int]) -> None:
            if connection.execute(_ADVANCE, values).rowcount != 1:
                raise UserError(
                    "This replay was changed elsewhere meanwhile.",
                    code="E-REPLAY-GONE",
                    next_step="See how far it is, and go on with it.",
                )

        await self._delivery.put(record.connection_id, record.user_id, batch, also=advance)

    async def _flush(self, progress: ReplayProgress) -> ReplayProgress:
        record = progress.record
        flushed = await self._delivery.flush(record.connection_id, record.user_id)
        return replace(
            progress,
            unknown=progress.unknown + flushed.unknown,
            parked=progress.parked + flushed.parked,
            # With answers whose fate is unknown it stops, for a person to decide about them before others follow.
            error=flushed.error or (outcomes_unknown() if flushed.unknown and not record.finished else None),
        )

    async def _source(self, record: ReplayRecord) -> _Source:
        self._must_be_test(record.connection_id, record.user_id)
        if await _beside(partial(replay_file.file_sha256, record.path)) != record.file_sha256:
            raise UserError(
                "“{name}” is not what it was when this replay began.",
                code="E-REPLAY-CHANGED",
                next_step="Begin a new replay with another test learner.",
                values={"name": record.path.name},
            )
        source = _Source(replay_file.outcomes(record.path, record.mapping, record.person))
        await source.skip(record.done)
        return source

    def _must_be_test(self, connection_id: str, user_id: str) -> None:
        if not self._learners.is_test(connection_id, user_id):
            raise UserError(
                "This is not one of your test learners. A replay goes to a test learner only.",
                code="E-LEARNER-REAL",
                next_step="Make a test learner for it.",
            )

    async def _select(self, clause: str, values: tuple[object, ...]) -> tuple[ReplayRecord, ...]:
        statement = f"SELECT {', '.join(_COLUMNS)} FROM practice_replays WHERE {clause}"  # noqa: S608 - its own

        def work(connection: sqlite3.Connection) -> tuple[ReplayRecord, ...]:
            found = []
            for row in connection.execute(statement, values):
                # One whose row makes no sense is left out: it must not keep the others from being gone on with.
                with contextlib.suppress(ValueError):
                    found.append(_record(row))
            return tuple(found)

        return await self._database.read(work)


class _Source:
    """The outcomes of a file, a slice at a time, read in threads."""

    def __init__(self, outcomes: Iterator[ExerciseOutcome]) -> None:
        self._outcomes = outcomes

    async def take(self, count: int) -> list[ExerciseOutcome]:
        return await _beside(lambda: list(itertools.islice(self._outcomes, count)))

    async def skip(self, count: int) -> None:
        await _beside(lambda: next(itertools.islice(self._outcomes, count, count), None))

    def close(self) -> None:
        """Close the file."""
        close = getattr(self._outcomes, "close", None)
        # After a cancellation a thread may still be reading; the file is closed with the generator then.
        with contextlib.suppress(ValueError):
            if close is not None:
                close()


async def _beside(work: Callable[[], T]) -> T:
    """Read in a thread that holds up no quit: a file may be huge, or on a drive that hangs (P20)."""
    return await in_daemon_thread(work, "replay file")


_COLUMNS = (
    "id", "connection_id", "user_id", "path", "file_sha256", "mapping", "person", "done", "total", "created_at",
    "changed_at",
)  # fmt: skip
_INSERT = f"INSERT INTO practice_replays ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"  # noqa: S608
_ADVANCE = "UPDATE practice_replays SET done = ?, changed_at = ? WHERE id = ? AND done = ?"


def _key(replay_id: str) -> str:
    return f"replay {replay_id}"


def _row(record: ReplayRecord) -> tuple[object, ...]:
    return (
        record.id, record.connection_id, record.user_id, str(record.path), record.file_sha256,
        record.mapping.to_json(), record.person, record.done, record.total, format_utc(record.created_at),
        format_utc(record.changed_at),
    )  # fmt: skip


def _record(row: Sequence[Any]) -> ReplayRecord:
    key, connection_id, user_id, path, sha256, mapping, person, done, total, created_at, changed_at = row
    created, changed = parse_timestamp(created_at), parse_timestamp(changed_at)
    if created is None or changed is None:
        raise ValueError("no time")
    return ReplayRecord(
        key, connection_id, user_id, Path(path), sha256, Mapping.from_json(mapping), person, done, total, created,
        changed,
    )  # fmt: skip
