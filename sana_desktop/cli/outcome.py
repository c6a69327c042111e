"""Exit codes and the JSON objects of BEHAVIOUR.md."""

from __future__ import annotations

import io
import json
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import TextIO

from sana_desktop.base.errors import SanaError
from sana_desktop.base.timestamps import format_utc
from sana_desktop.cli.wording import message_here, step_here
from sana_desktop.reports.records.job import JobRecord
from sana_desktop.reports.records.transfer import TransferRecord

EXIT_CODES = {
    "usage": 2,
    "auth": 3,
    "query": 4,
    "network": 5,
    "link": 6,
    "file": 7,
    "unknown_submit": 8,
    "cancelled": 130,
    "internal": 1,
}
"""By kind, as in BEHAVIOUR.md; `internal` is a fault of this app, which nobody may rely on."""


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
            "submits": job.submits - job.unsent,
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
    return told(error.code, error.message, error.next_step)


def told(code: str, message: str, next_step: str) -> str:
    """Return the same for the parts of an error, as a stored job or download has them."""
    return joined(message_here(message), step_here(code, next_step))


def joined(message: str, next_step: str) -> str:
    """Return both as sentences; a next step that is the word on a button gets its full stop."""
    sentences = [text if text[-1] in ".?!”" else f"{text}." for text in (message.strip(), next_step.strip()) if text]
    return " ".join(sentences)


def report(answer: dict[str, object], *, as_json: bool) -> int:
    """Print the result where a script or a person expects it, and return the exit code."""
    error = answer.get("error")
    if as_json:
        _print(as_line(answer), sys.stdout)
    elif isinstance(error, dict):
        _print(str(error["message"]), sys.stderr)
    else:
        _print(str(answer["path"]), sys.stdout)
    return EXIT_CODES[str(error["kind"])] if isinstance(error, dict) else 0


def report_usage(error: SanaError, *, as_json: bool) -> int:
    """Print why the arguments can't be used, and return the exit code."""
    return report(failure_of(error), as_json=as_json)


def say(text: str) -> None:
    """Print a line for a person."""
    _print(text, sys.stdout)


def close_stdout() -> None:
    """Let what is still to be written go nowhere: whoever read it has gone."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def as_line(answer: dict[str, object]) -> str:
    """Return the object as one line of JSON, in ASCII: a pipe's encoding is not ours to know."""
    return json.dumps(answer)


def _print(text: str, stream: TextIO | None) -> None:
    """Print a line; a reader that has gone, or none at all, does not change the outcome."""
    if stream is None:
        return
    try:
        if isinstance(stream, io.TextIOWrapper):
            # The name of a file can hold bytes or characters that the stream's encoding has not.
            stream.reconfigure(errors="surrogateescape" if stream.encoding.lower() == "utf-8" else "backslashreplace")
        print(text, file=stream, flush=True)
    except OSError:
        # Or the interpreter tries once more at its end, and says so.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else format_utc(moment)
