"""What the Insights API answers, as types: one look at a job, and the link it may carry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sana_desktop.base.redaction import Secret


class ReportFormat(StrEnum):
    """The two formats a report can be ordered in."""

    CSV = "csv"
    XLSX = "xlsx"


class Phase(StrEnum):
    """What a status word means to us. The word itself is kept beside it and shown as it came when unknown."""

    PENDING = "pending"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class DownloadLink:
    """A temporary link. It is a secret: whoever has it can read the report.

    Attributes:
        url: the whole signed address.
        expires_at: when it ends, in UTC by the service's clock; None if the service did not say so readably (then it
            is taken to be good for five minutes, B9).
    """

    url: Secret
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class JobSnapshot:
    """One look at a job, as the service described it.

    Attributes:
        job_id: the service's id.
        status: the status word as it came, bounded.
        phase: what we take it to mean. READY whenever a link is present, whatever the word.
        created_at, started_at, finished_at: UTC, None where null or unreadable.
        link: present once the report can be fetched.
        reason: the service's words about a failure, plain text of at most 2,000 characters; else empty.
    """

    job_id: str
    status: str
    phase: Phase
    created_at: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    link: DownloadLink | None = None
    reason: str = ""
