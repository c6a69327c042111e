"""What was promised and how far it is kept: jobs, their stories and their downloads on disk (BEHAVIOUR.md B11, T2).

A method that writes returns when the change is durable. The address of a download link is the one secret among the
columns: it is stored for READY jobs alone, and wiped with the write that marks their download done, its link ended, or
takes it off the list.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol, TypeVar

from sana_desktop.base.timestamps import format_utc
from sana_desktop.reports.records import rows
from sana_desktop.reports.records.job import OPEN_STATES, ORDERED_BY, JobRecord, JobState, TimelineEntry
from sana_desktop.reports.records.transfer import TransferRecord, TransferState

Result = TypeVar("Result")
Work = Callable[[sqlite3.Connection], Result]

LINK_USED_UP = frozenset({TransferState.DONE, TransferState.LINK_ENDED, TransferState.FAILED})
"""States of a download after which its link is stored no more (T2); another attempt asks the site for a fresh one."""
ENDED_LINK_KEPT = timedelta(hours=1)
"""So long past its end a link is still stored: this computer's clock may be wrong."""
"""States of a download after which its link is stored no longer."""
RUNS_REMEMBERED = 20
"""How many earlier runs of a query its usual duration is made from, newest first."""

_ORDER_COLUMNS = frozenset(
    {"connection_id", "title", "sql", "sql_sha256", "format", "target", "folder", "overwrite", "created_at"}
    | {"site_name", "site_address", "site_mark", "app_version"}
)


class Database(Protocol):
    """What the ledger needs of the store."""

    async def read(self, work: Work[Result], /) -> Result:
        """Return what `work` reads."""

    async def write(self, work: Work[Result], /) -> Result:
        """Run `work` in one transaction; return its result when it is durable."""


@dataclass(frozen=True, slots=True)
class JobChange:
    """A record as it now stands, and the lines of its story that tell how it came to that."""

    record: JobRecord
    entries: tuple[TimelineEntry, ...] = ()


class Ledger:
    """The tables of jobs, stories and downloads. Every method raises `StorageError` if the disk does not serve."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save_job(self, record: JobRecord, *entries: TimelineEntry) -> None:
        """Write `record` and add `entries` to its story."""
        await self.save_jobs([JobChange(record, entries)])

    async def save_jobs(self, changes: Sequence[JobChange]) -> None:
        """Write all `changes` in one transaction."""
        jobs = [rows.job_row(change.record) for change in changes]
        entries = [rows.entry_row(change.record.id, entry) for change in changes for entry in change.entries]

        def work(connection: sqlite3.Connection) -> None:
            for row in jobs:
                connection.execute(_SAVE_JOB, row)
            connection.executemany(_ADD_ENTRY, entries)

        await self._database.write(work)

    async def job(self, identity: str) -> JobRecord | None:
        """Return one job, None if there is none of this id."""
        found = await self._jobs("WHERE id = ?", (identity,))
        return found[0] if found else None

    async def jobs(
        self,
        limit: int = 200,
        *,
        text: str = "",
        states: Collection[JobState] = (),
        connection_id: str | None = None,
        since: datetime | None = None,
        before: datetime | None = None,
    ) -> list[JobRecord]:
        """Return jobs of the history, newest first (A04).

        Args:
            limit: most jobs to return.
            text: must occur in the title, the query or the service's job id, whatever its case (ASCII).
            states: only these, if any are given.
            connection_id: only those of this connection.
            since, before: created in this span; `before` itself is outside, so it also serves to page on.
        """
        where: list[str] = ["sql <> ''"]  # one without a query only carries a file that was found again
        values: list[Any] = []
        if text.strip():
            pattern = "%" + text.strip().replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%"
            where.append("(title LIKE ? ESCAPE '!' OR sql LIKE ? ESCAPE '!' OR job_id LIKE ? ESCAPE '!')")
            values += [pattern] * 3
        if states:
            where.append(f"state IN ({', '.join('?' * len(states))})")
            values += [state.value for state in states]
        if connection_id is not None:
            where.append("connection_id = ?")
            values.append(connection_id)
        if since is not None:
            where.append("created_at >= ?")
            values.append(format_utc(since))
        if before is not None:
            where.append("created_at < ?")
            values.append(format_utc(before))
        clause = " AND ".join(where)
        return await self._jobs(f"WHERE {clause} ORDER BY created_at DESC, rowid DESC LIMIT ?", (*values, limit))

    async def open_jobs(self) -> list[JobRecord]:
        """Return the jobs with which the queue still has something to do, oldest first."""
        marks = ", ".join("?" * len(OPEN_STATES))
        return await self._jobs(
            f"WHERE state IN ({marks}) ORDER BY created_at, rowid", tuple(state.value for state in OPEN_STATES)
        )

    async def drop_ended_links(self, now: datetime) -> None:
        """Delete the stored links that have ended long before `now` (T2), where a download says what is still owed."""
        statement = (
            "UPDATE jobs SET link_url = NULL WHERE link_url IS NOT NULL AND COALESCE(link_expires_at, ready_at) < ?"
            " AND EXISTS (SELECT 1 FROM transfers WHERE transfers.job = jobs.id)"
        )
        await self._run(statement, (format_utc(now - ENDED_LINK_KEPT),))

    async def undelivered_jobs(self) -> list[JobRecord]:
        """Return the READY jobs whose file is neither in place nor given up, oldest first.

        One with neither a download nor a link had a download that was taken off the list: it is owed no more.
        """
        return await self._jobs(
            "LEFT JOIN transfers ON transfers.job = jobs.id WHERE jobs.state = 'ready'"
            " AND CASE WHEN transfers.id IS NULL THEN link_url IS NOT NULL"
            " ELSE transfers.state NOT IN ('done', 'link_ended', 'failed') END ORDER BY jobs.created_at, jobs.rowid",
            (),
        )

    async def adopt(self, records: Sequence[JobRecord], to_owner: str, entry: TimelineEntry) -> list[JobRecord]:
        """Hand jobs of dead processes to another one; return those that no third process took first, now its own.

        `entry` says so in the story of each that was under way, unless nothing has happened since the last one.
        """

        def work(connection: sqlite3.Connection) -> set[str]:
            statement = "UPDATE jobs SET owner = ? WHERE id = ? AND owner = ?"
            taken = [
                record
                for record in records
                if connection.execute(statement, (to_owner, record.id, record.owner)).rowcount == 1
            ]
            told = [rows.entry_row(record.id, entry) for record in taken if record.state is not JobState.PAUSED]
            connection.executemany(_ADD_NEWS, told)
            return {record.id for record in taken}

        taken = await self._database.write(work)
        return [replace(record, owner=to_owner) for record in records if record.id in taken]

    async def twin_of(self, record: JobRecord) -> JobRecord | None:
        """Return another job of the same connection that carries the same service id (S23), None as it should be."""
        found = await self._jobs(
            "WHERE connection_id = ? AND job_id = ? AND id <> ? LIMIT 1",
            (record.order.connection_id, record.job_id, record.id),
        )
        return found[0] if found else None

    async def timeline(self, identity: str) -> list[TimelineEntry]:
        """Return the story of a job, oldest line first."""
        statement = "SELECT at, event, detail FROM job_timeline WHERE job = ? ORDER BY at, rowid"
        return await self._select(statement, (identity,), rows.entry_from)

    async def durations(self, connection_id: str, sql_sha256: str, report_format: str) -> list[float]:
        """Return how many seconds earlier finished runs of a query took, newest first; see `rows.duration`."""
        found = await self._select(
            "SELECT submitted_at, ready_at, service_created_at, service_finished_at FROM jobs"
            " WHERE connection_id = ? AND sql_sha256 = ? AND format = ? AND ready_at IS NOT NULL"
            " ORDER BY ready_at DESC LIMIT ?",
            (connection_id, sql_sha256, report_format, RUNS_REMEMBERED),
            rows.duration,
        )
        return [seconds for seconds in found if seconds is not None]

    async def remove_job(self, identity: str) -> None:
        """Delete a job with its story and its download's row; files are not touched."""
        await self._run("DELETE FROM jobs WHERE id = ?", (identity,))

    async def save_transfer(self, record: TransferRecord, *entries: TimelineEntry) -> None:
        """Write `record` and add `entries` to its job's story; when it is at an end, its job's stored link goes in the
        same transaction.
        """
        row = rows.transfer_row(record)
        told = [rows.entry_row(record.job, entry) for entry in entries]

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(_SAVE_TRANSFER, row)
            connection.executemany(_ADD_ENTRY, told)
            if record.state in LINK_USED_UP:
                connection.execute("UPDATE jobs SET link_url = NULL WHERE id = ?", (record.job,))

        await self._database.write(work)

    async def add_delivered(self, pairs: Sequence[tuple[JobRecord, TransferRecord]]) -> None:
        """Write jobs with their finished downloads in one transaction."""
        both = [(rows.job_row(job), rows.transfer_row(transfer)) for job, transfer in pairs]

        def work(connection: sqlite3.Connection) -> None:
            for job, transfer in both:
                connection.execute(_SAVE_JOB, job)
                connection.execute(_SAVE_TRANSFER, transfer)

        await self._database.write(work)

    async def names_in(self, folder: Path) -> list[str]:
        """Return the names that downloads have given, or will give, to their files in `folder`."""
        statement = "SELECT name FROM transfers WHERE folder = ?"
        return await self._select(statement, (str(folder),), lambda row: str(row["name"]))

    async def transfers(self, limit: int = 1_000, *, before: datetime | None = None) -> list[TransferRecord]:
        """Return downloads, newest first; with `before` only those made before it, to page on."""
        where, values = ("WHERE created_at < ? ", (format_utc(before),)) if before is not None else ("", ())
        return await self._transfers(f"{where}ORDER BY created_at DESC, rowid DESC LIMIT ?", (*values, limit))

    async def open_transfers(self) -> list[TransferRecord]:
        """Return the downloads that are not at an end (also paused ones), oldest first."""
        return await self._transfers(
            "WHERE state IN ('waiting', 'fetching', 'paused', 'finalizing') ORDER BY created_at, rowid", ()
        )

    async def transfer(self, identity: str) -> TransferRecord | None:
        """Return one download, None if there is none of this id."""
        found = await self._transfers("WHERE id = ?", (identity,))
        return found[0] if found else None

    async def transfer_of(self, job: str) -> TransferRecord | None:
        """Return the download of a job, None if it has none."""
        found = await self._transfers("WHERE job = ?", (job,))
        return found[0] if found else None

    async def remove_transfer(self, identity: str) -> None:
        """Delete a download's row and its job's stored link; its file is not touched."""

        def work(connection: sqlite3.Connection) -> None:
            of_it = "(SELECT job FROM transfers WHERE id = ?)"
            connection.execute(f"UPDATE jobs SET link_url = NULL WHERE id = {of_it}", (identity,))  # noqa: S608
            connection.execute("DELETE FROM transfers WHERE id = ?", (identity,))

        await self._database.write(work)

    async def _jobs(self, clause: str, values: Sequence[Any]) -> list[JobRecord]:
        # Clauses are this module's own; whatever comes from outside is bound.
        return await self._select(f"{_JOBS} {clause}", values, _with_who_ordered)

    async def _transfers(self, clause: str, values: Sequence[Any]) -> list[TransferRecord]:
        return await self._select(f"SELECT * FROM transfers {clause}", values, rows.transfer_from)  # noqa: S608

    async def _select(
        self, statement: str, values: Sequence[Any], make: Callable[[sqlite3.Row], Result]
    ) -> list[Result]:
        def work(connection: sqlite3.Connection) -> list[Result]:
            cursor = connection.cursor()
            cursor.row_factory = sqlite3.Row
            # Made here, on the store's thread: a thousand records take longer than a frame.
            return [make(row) for row in cursor.execute(statement, values)]

        return await self._database.read(work)

    async def _run(self, statement: str, values: Sequence[Any]) -> None:
        def work(connection: sqlite3.Connection) -> None:
            connection.execute(statement, values)

        await self._database.write(work)


def _with_who_ordered(row: sqlite3.Row) -> JobRecord:
    return replace(rows.job_from(row), ordered_by=row["ordered_by"] or "")


def _upsert(table: str, columns: Mapping[str, Any], kept: Collection[str], special: Mapping[str, str]) -> str:
    names = list(columns)
    values = [special.get(name, f":{name}") for name in names]
    changes = [f"{name} = excluded.{name}" for name in names if name not in kept and name != "id"]
    return (
        f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(values)})"  # noqa: S608
        f" ON CONFLICT (id) DO UPDATE SET {', '.join(changes)}"
    )


_JOBS = (
    "SELECT jobs.*, (SELECT detail FROM job_timeline WHERE job = jobs.id AND event ="  # noqa: S608
    f" '{ORDERED_BY}' LIMIT 1) AS ordered_by FROM jobs"
)
_ADD_ENTRY = "INSERT INTO job_timeline (job, at, event, detail) VALUES (:job, :at, :event, :detail)"
_ADD_NEWS = (
    "INSERT INTO job_timeline (job, at, event, detail) SELECT :job, :at, :event, :detail WHERE :event IS NOT"
    " (SELECT event FROM job_timeline WHERE job = :job ORDER BY at DESC, rowid DESC LIMIT 1)"
)
_SAVE_JOB = _upsert(
    "jobs",
    dict.fromkeys(rows.JOB_COLUMNS),
    _ORDER_COLUMNS,
    {
        # A record that was read before its file was done must not bring the link back.
        "link_url": "CASE WHEN NOT EXISTS (SELECT 1 FROM transfers WHERE transfers.job = :id"
        " AND transfers.state IN ('done', 'link_ended', 'failed')) THEN :link_url END"
    },
)
_SAVE_TRANSFER = _upsert("transfers", dict.fromkeys(rows.TRANSFER_COLUMNS), {"job", "created_at"}, {})
