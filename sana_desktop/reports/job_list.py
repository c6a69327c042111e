"""The list of jobs as a table to hand over: a line for each, with where its report came from and what became of it.

Headers and states are the app's own words in English, as in its other files; times are UTC.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from sana_desktop.base.text import harmless
from sana_desktop.base.timestamps import format_utc
from sana_desktop.reports.job import JobRecord
from sana_desktop.reports.transfer import TransferRecord, TransferState

COLUMNS = (
    "report",
    "site",
    "site_address",
    "state",
    "file_state",
    "ordered_at",
    "data_as_of",
    "ready_at",
    "file_complete_at",
    "file_checked_at",
    "file_noticed_missing_at",
    "format",
    "rows",
    "columns",
    "bytes",
    "sha256",
    "file_name",
    "folder",
    "site_job_id",
    "job",
    "rerun_of",
    "times_sent",
    "times_asked",
    "error",
    "app_version",
    "query",
)


def to_csv(pairs: Iterable[tuple[JobRecord, TransferRecord | None]]) -> str:
    """Return jobs, each with its download if there is one, in the order given; a spreadsheet runs none of it (T7)."""
    file = io.StringIO()
    table = csv.writer(file)
    table.writerow(COLUMNS)
    for job, transfer in pairs:
        cells = _of_job(job) | (_of_file(transfer) if transfer is not None else {})
        table.writerow([harmless(str(cells.get(name) or "")) for name in COLUMNS])
    return file.getvalue()


def file_state(transfer: TransferRecord) -> str:
    """Return how the file of a download is now: a state of `TransferState`, `changed` or `missing`."""
    if transfer.state is not TransferState.DONE:
        return transfer.state.value
    if transfer.lost_at is not None:
        return "missing"
    return "changed" if transfer.verified_ok is False else transfer.state.value


def _of_job(job: JobRecord) -> dict[str, object]:
    return {
        "report": job.order.title,
        "site": job.site_name,
        "site_address": job.site_address,
        "state": job.state.value,
        "ordered_at": _time(job.submitted_at),
        "data_as_of": _time(job.as_of),
        "ready_at": _time(job.ready_at),
        "format": job.order.format.value,
        "site_job_id": job.job_id,
        "job": job.id,
        "rerun_of": job.order.rerun_of,
        "times_sent": str(job.submits),
        "times_asked": str(job.polls),
        "error": job.error_message,
        "app_version": job.app_version,
        "query": job.order.sql,
    }


def _of_file(transfer: TransferRecord) -> dict[str, object]:
    done = transfer.state is TransferState.DONE
    told: dict[str, object] = {
        "file_state": file_state(transfer),
        "file_complete_at": _time(transfer.finished_at),
        "file_checked_at": _time(transfer.verified_at),
        "file_noticed_missing_at": _time(transfer.lost_at),
        "rows": _number(transfer.rows),
        "columns": _number(transfer.columns),
        "bytes": _number(transfer.received) if done else "",
        "sha256": transfer.sha256 if done else "",
        "file_name": transfer.name,
        "folder": str(Path(transfer.folder)),
    }
    return told | ({"error": transfer.error_message} if transfer.error_message else {})


def _time(moment: datetime | None) -> str:
    return "" if moment is None else format_utc(moment)


def _number(count: int | None) -> str:
    return "" if count is None else str(count)
