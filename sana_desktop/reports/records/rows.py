"""Between records and rows: how a job, a download and a line of a story stand in the tables."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from dataclasses import fields
from datetime import datetime
from typing import Any

from sana_desktop.api.models import DownloadLink, Phase, ReportFormat
from sana_desktop.base.errors import StorageError
from sana_desktop.base.redaction import Secret
from sana_desktop.base.text import one_line
from sana_desktop.base.timestamps import format_utc, parse_timestamp
from sana_desktop.reports.records.job import JobRecord, JobState, Order, RerunRule, TimelineEntry
from sana_desktop.reports.records.transfer import TransferRecord, TransferState

MAX_DETAIL_LENGTH = 2_500
"""Characters of a time line's detail that are kept: what a site may say (B13), and the words around it."""

_JOB_TIMES = (
    "created_at",
    "changed_at",
    "submitted_at",
    "next_look_at",
    "service_created_at",
    "service_started_at",
    "service_finished_at",
    "ready_at",
)
_JOB_PLAIN = (
    "id",
    "owner",
    "job_id",
    "service_status",
    "submits",
    "polls",
    "error_kind",
    "error_code",
    "error_message",
    "error_next_step",
    "error_http_status",
    "trouble",
    "site_name",
    "site_address",
    "site_mark",
    "site_ahead_seconds",
    "app_version",
)
_TRANSFER_TIMES = ("created_at", "changed_at", "link_expires_at", "started_at", "finished_at", "verified_at", "lost_at")
_TRANSFER_FLAGS = ("overwrite", "verified_ok")
_TRANSFER_PLAIN = tuple(
    item.name
    for item in fields(TransferRecord)
    if item.name not in {*_TRANSFER_TIMES, *_TRANSFER_FLAGS, "state", "notices", "next_try_at", "error_http_status"}
)


_JOB_SPECIAL = (
    "connection_id",
    "title",
    "sql",
    "sql_sha256",
    "format",
    "target",
    "overwrite",
    "rerun_rule",
    "rerun_of",
    "folder",
    "state",
    "phase",
    "link_url",
    "link_expires_at",
)
JOB_COLUMNS = (*_JOB_PLAIN, *_JOB_TIMES, *_JOB_SPECIAL)
TRANSFER_COLUMNS = (*_TRANSFER_PLAIN, *_TRANSFER_TIMES, *_TRANSFER_FLAGS, "state", "notices")


def sql_digest(sql: str) -> str:
    """Return the hash by which runs of the same query are found, hex."""
    return hashlib.sha256(sql.encode("utf-8", "surrogatepass")).hexdigest()


def job_row(record: JobRecord) -> dict[str, Any]:
    """Return the columns of `record`; the link's address is only among them while the job is READY."""
    order = record.order
    link = record.link if record.state is JobState.READY else None
    row: dict[str, Any] = {name: getattr(record, name) for name in _JOB_PLAIN}
    row |= {name: _stored(getattr(record, name)) for name in _JOB_TIMES}
    return row | {
        "connection_id": order.connection_id,
        "title": order.title,
        "sql": order.sql,
        "sql_sha256": sql_digest(order.sql),
        "format": order.format.value,
        "target": order.target,
        "overwrite": int(order.overwrite),
        "rerun_rule": order.rerun_rule.value,
        "rerun_of": order.rerun_of,
        "folder": order.folder,
        "state": record.state.value,
        "phase": record.phase.value,
        "link_url": link.url.reveal() if link else None,
        "link_expires_at": _stored(record.link.expires_at) if record.link else None,
    }


def job_from(row: sqlite3.Row) -> JobRecord:
    """Return the job that `row` of the table `jobs` describes; who ordered it stands in its story.

    Raises:
        StorageError: if it can't be read.
    """
    try:
        order = Order(
            connection_id=row["connection_id"],
            title=row["title"],
            sql=row["sql"],
            format=ReportFormat(row["format"]),
            target=row["target"],
            overwrite=bool(row["overwrite"]),
            rerun_rule=RerunRule(row["rerun_rule"]),
            rerun_of=row["rerun_of"],
            folder=row["folder"],
        )
        url = row["link_url"]
        values: dict[str, Any] = {name: row[name] for name in _JOB_PLAIN}
        values |= {name: _time(row[name]) for name in _JOB_TIMES}
        return JobRecord(
            order=order,
            state=JobState(row["state"]),
            phase=Phase(row["phase"]),
            link=DownloadLink(Secret(url), _time(row["link_expires_at"])) if url else None,
            **values,
        )
    except ValueError as error:
        raise _unreadable(error) from error


def duration(row: sqlite3.Row) -> float | None:
    """Return the seconds that a finished run took, None if its times do not tell.

    By the service's own times (created to finished), so that a wrong local clock does not matter; by ours (sent to
    known ready) where it did not tell them.
    """
    for start, end in (("service_created_at", "service_finished_at"), ("submitted_at", "ready_at")):
        began, ended = _time(row[start]), _time(row[end])
        if began is not None and ended is not None and ended > began:
            return (ended - began).total_seconds()
    return None


def transfer_row(record: TransferRecord) -> dict[str, Any]:
    """Return the columns of `record`."""
    row: dict[str, Any] = {name: getattr(record, name) for name in _TRANSFER_PLAIN}
    row |= {name: _stored(getattr(record, name)) for name in _TRANSFER_TIMES}
    row |= {name: None if (flag := getattr(record, name)) is None else int(flag) for name in _TRANSFER_FLAGS}
    return row | {"state": record.state.value, "notices": json.dumps(record.notices)}


def transfer_from(row: sqlite3.Row) -> TransferRecord:
    """Return the download that `row` of the table `transfers` describes.

    Raises:
        StorageError: if it can't be read.
    """
    try:
        values: dict[str, Any] = {name: row[name] for name in _TRANSFER_PLAIN}
        values |= {name: _time(row[name]) for name in _TRANSFER_TIMES}
        values |= {name: None if row[name] is None else bool(row[name]) for name in _TRANSFER_FLAGS}
        return TransferRecord(state=TransferState(row["state"]), notices=tuple(json.loads(row["notices"])), **values)
    except ValueError as error:
        raise _unreadable(error) from error


def entry_row(job: str, entry: TimelineEntry) -> dict[str, Any]:
    """Return the columns of one line of the story of `job`."""
    return {
        "job": job,
        "at": format_utc(entry.at),
        "event": entry.event,
        "detail": one_line(entry.detail, MAX_DETAIL_LENGTH),
    }


def entry_from(row: sqlite3.Row) -> TimelineEntry:
    """Return the line that `row` of the table `job_timeline` holds."""
    at = _time(row["at"])
    if at is None:
        raise _unreadable(ValueError("no time"))
    return TimelineEntry(at, row["event"], row["detail"])


def _stored(moment: datetime | None) -> str | None:
    return None if moment is None else format_utc(moment)


def _time(text: str | None) -> datetime | None:
    return parse_timestamp(text)


def _unreadable(error: ValueError) -> StorageError:
    return StorageError(
        "A stored record can't be read. It may have been written by a newer version of the app.",
        code="E-DB-RECORD",
        next_step="Start the newest version you have.",
        detail=str(error),
    )
