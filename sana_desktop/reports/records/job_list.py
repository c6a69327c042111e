"""The list of jobs as a table to hand over: a line for each, with where its report came from and what became of it.

Headers are English, as in the app's other files; times are UTC: `data_as_of` and `ready_at_site` by the site's clock,
which ran so far ahead of this computer's as the column says, the others by this computer's. States are told twice: in
the words of the window, and by codes that stay the same over versions and languages. Cells that a spreadsheet would run
have an apostrophe before them; of the query, which has to be the one that ran, a column of its own says whether the
first one is such a one, and its hash is that of the query itself.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from sana_desktop.base.text import harmless
from sana_desktop.base.timestamps import format_utc
from sana_desktop.reports.records.job import JobRecord, JobState
from sana_desktop.reports.records.rows import sql_digest
from sana_desktop.reports.records.transfer import TransferRecord, TransferState

COLUMNS = (
    "report",
    "site",
    "site_address",
    "site_mark",
    "state",
    "state_code",
    "file_state",
    "file_state_code",
    "ordered_at",
    "ordered_by",
    "taken_by_site",
    "sent_at",
    "data_as_of",
    "ready_at_site",
    "seen_ready_at",
    "site_clock_ahead_seconds",
    "file_complete_at",
    "file_checked_at",
    "file_noticed_missing_at",
    "format_ordered",
    "format_of_file",
    "rows",
    "columns",
    "bytes",
    "sha256",
    "file_name",
    "folder",
    "site_job_id",
    "job",
    "rerun_of",
    "times_tried_to_order",
    "times_asked_for_state",
    "times_file_requested",
    "times_file_resumed",
    "notices",
    "error",
    "app_version",
    "query_sha256",
    "query_has_added_apostrophe",
    "query",
)

Words = Callable[[JobRecord, TransferRecord | None], tuple[str, str]]
"""Returns the words of the window for the state of a job and of its file ("" without one)."""


def to_csv(pairs: Iterable[tuple[JobRecord, TransferRecord | None]], words: Words) -> str:
    """Return jobs, each with its download if there is one, in the order given; a spreadsheet runs none of it (T7)."""
    file = io.StringIO()
    table = csv.writer(file)
    table.writerow(COLUMNS)
    for job, transfer in pairs:
        cells = _of_job(job) | (_of_file(job, transfer) if transfer is not None else {})
        cells["state"], cells["file_state"] = words(job, transfer)
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
        "site_mark": "example (made-up data)" if job.site_mark == "demo" else job.site_mark,
        "state_code": job.state.value,
        "ordered_at": _time(job.created_at),
        "ordered_by": job.ordered_by,
        "taken_by_site": _taken(job),
        "sent_at": _time(job.submitted_at),
        "data_as_of": _time(job.as_of),
        "ready_at_site": _time(job.service_finished_at) if job.ready_at is not None else "",
        "seen_ready_at": _time(job.ready_at),
        "site_clock_ahead_seconds": _number(job.site_ahead_seconds),
        "format_ordered": job.order.format.value,
        "site_job_id": job.job_id,
        "job": job.id,
        "rerun_of": job.order.rerun_of,
        "times_tried_to_order": str(job.submits),
        "times_asked_for_state": str(job.polls),
        "error": job.error_message,
        "app_version": job.app_version,
        "query_sha256": sql_digest(job.order.sql),
        "query_has_added_apostrophe": "yes" if harmless(job.order.sql) != job.order.sql else "no",
        "query": job.order.sql,
    }


def _taken(job: JobRecord) -> str:
    """Return whether the site has the order: `yes`, `no`, or `unknown` where its answer was lost."""
    if job.job_id is not None or job.state is JobState.READY:
        return "yes"
    return "no" if job.not_taken or job.state is JobState.FAILED else "unknown"


def _of_file(job: JobRecord, transfer: TransferRecord) -> dict[str, object]:
    done = transfer.state is TransferState.DONE
    told: dict[str, object] = {
        "file_state_code": file_state(transfer),
        "format_of_file": (transfer.came_as or job.order.format).value if done else "",
        "times_file_requested": str(transfer.requests),
        "times_file_resumed": str(transfer.resumes),
        "notices": " ".join(transfer.notices),
        "file_complete_at": _time(transfer.finished_at),
        "file_checked_at": _time(transfer.verified_at),
        "file_noticed_missing_at": _time(transfer.lost_at),
        "rows": _number(transfer.rows),
        "columns": _number(transfer.columns),
        "bytes": _number(transfer.received) if done else "",
        "sha256": transfer.sha256 if done else "",
        "file_name": transfer.name if done else "",  # of one that never came there is only the name it was to have
        "folder": str(Path(transfer.folder)) if done else "",
    }
    return told | ({"error": transfer.error_message} if transfer.error_message else {})


def _time(moment: datetime | None) -> str:
    return "" if moment is None else format_utc(moment)


def _number(count: int | None) -> str:
    return "" if count is None else str(count)
