"""Exit codes and the JSON objects of contracts.md."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path

from sana_desktop.base.errors import SanaError
from sana_desktop.base.timestamps import format_utc
from sana_desktop.reports.job import JobRecord
from sana_desktop.reports.transfer import TransferRecord

EXIT_CODES = {
    "usage": 2,
    "auth": 3,
    "query": 4,
    "network": 5,
    "link": 6,
    "file": 7,
    "unknown_submit": 8,
    "cancelled": 130,
}


def success(job: JobRecord, transfer: TransferRecord) -> dict[str, object]:
    """Return the object that says which file is complete, and how it came to be."""
    return {
        "ok": True,
        "job_id": job.job_id,
        "status": job.service_status,
        "path": str(Path(transfer.folder) / transfer.name),
        "bytes": transfer.total if transfer.total is not None else transfer.received,
        "sha256": transfer.sha256,
        "rows": transfer.rows,
        "columns": transfer.columns,
        "submitted_at": _time(job.submitted_at),
        "finished_at": _time(transfer.finished_at),
        "link_expires_at": _time(transfer.link_expires_at),
        "counts": {
            "submits": job.submits,
            "polls": job.polls,
            "downloads": transfer.requests,
            "resumes": transfer.resumes,
        },
    }


def failure(kind: str, message: str, http_status: int | None = None, job_id: str | None = None) -> dict[str, object]:
    """Return the object that says why there is no file."""
    return {
        "ok": False,
        "error": {"kind": kind, "message": message, "http_status": http_status, "job_id": job_id},
    }


def failure_of(error: SanaError) -> dict[str, object]:
    """Return the object for an error of the tree."""
    return failure(error.kind, sentence(error), error.http_status, error.job_id)


def sentence(error: SanaError) -> str:
    """Return what happened and what to do now, in one string."""
    return f"{error.message} {error.next_step}".strip()


def report(answer: dict[str, object], *, as_json: bool) -> int:
    """Print the result where a script or a person expects it, and return the exit code."""
    error = answer.get("error")
    if as_json:
        print(as_line(answer))
    elif isinstance(error, dict):
        print(error["message"], file=sys.stderr)
    else:
        print(answer["path"])
    return EXIT_CODES[str(error["kind"])] if isinstance(error, dict) else 0


def report_usage(error: SanaError, *, as_json: bool) -> int:
    """Print why the arguments can't be used, and return the exit code."""
    return report(failure_of(error), as_json=as_json)


def as_line(answer: dict[str, object]) -> str:
    """Return the object as one line of JSON."""
    return json.dumps(answer, ensure_ascii=False)


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else format_utc(moment)
