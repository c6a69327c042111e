"""What a look at a job is made of."""

from __future__ import annotations

from datetime import UTC, datetime

from sana_desktop.api.models import DownloadLink, JobSnapshot, Phase, ReportFormat
from sana_desktop.base.redaction import Secret


def test_the_words_of_the_seed_are_the_formats() -> None:
    assert [report_format.value for report_format in ReportFormat] == ["csv", "xlsx"]


def test_T2_a_snapshot_can_be_logged_without_its_link() -> None:
    link = DownloadLink(Secret("https://storage.example.com/r?sig=canary"), datetime(2026, 3, 4, tzinfo=UTC))
    shown = repr(JobSnapshot("j1", "successful", Phase.READY, link=link))
    assert "canary" not in shown
    assert "storage.example.com" not in shown
    assert "j1" in shown


def test_a_snapshot_of_a_new_job_knows_nothing_yet() -> None:
    job = JobSnapshot("j1", "pending", Phase.PENDING)
    assert (job.created_at, job.started_at, job.finished_at, job.link, job.reason) == (None, None, None, None, "")
