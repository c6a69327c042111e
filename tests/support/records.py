"""Job and download records for tests, with only what a test cares about spelled out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from sana_desktop.api.models import ReportFormat
from sana_desktop.reports.records.job import JobRecord, JobState, Order
from sana_desktop.reports.records.transfer import TransferRecord, TransferState

START = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)


def order(title: str = "Course completions", connection_id: str = "acme") -> Order:
    return Order(connection_id, title, "SELECT 1", ReportFormat.CSV)


def job(identity: str = "j1", state: JobState = JobState.WATCHING, **changes: object) -> JobRecord:
    record = JobRecord(identity, order(), state, START, START, job_id="remote-1", submitted_at=START)
    return replace(record, **changes)  # type: ignore[arg-type]


def transfer(identity: str = "t1", state: TransferState = TransferState.FETCHING, **changes: object) -> TransferRecord:
    record = TransferRecord(identity, "j1", state, "folder", "report.csv", START, START)
    return replace(record, **changes)  # type: ignore[arg-type]
