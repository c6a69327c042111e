"""Records and rows say the same; a link's address is in a row only while its job is ready."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from sana_desktop.api.models import DownloadLink, Phase, ReportFormat
from sana_desktop.base.errors import StorageError
from sana_desktop.base.redaction import Secret
from sana_desktop.reports.records import rows
from sana_desktop.reports.records.job import JobState, Order, RerunRule, TimelineEntry
from sana_desktop.reports.records.transfer import TransferState
from tests.support.records import START, job, transfer

LINK = DownloadLink(Secret("https://store.example/x?sig=canary"), START + timedelta(minutes=5))


def stored(values: Mapping[str, Any]) -> sqlite3.Row:
    """Return what SQLite gives back for these columns."""
    connection = sqlite3.connect(":memory:")
    connection.row_factory = sqlite3.Row
    columns = ", ".join(f":{name} AS {name}" for name in values)
    row: sqlite3.Row = connection.execute(f"SELECT {columns}", values).fetchone()
    connection.close()
    return row


def test_a_job_comes_back_equal() -> None:
    order = Order("acme", "Title", "SELECT 'é'", ReportFormat.XLSX, "/x/y.xlsx", True, RerunRule.ALWAYS, "j0")
    full = job(state=JobState.READY, order=order, link=LINK, phase=Phase.READY, polls=3, ready_at=START, trouble="odd")
    for record in (full, job(), job(job_id=None, submitted_at=None, state=JobState.QUEUED)):
        row = rows.job_row(record)
        assert set(row) == set(rows.JOB_COLUMNS)
        assert rows.job_from(stored(row)) == record


@pytest.mark.parametrize("state", [state for state in JobState if state is not JobState.READY])
def test_the_address_of_a_link_is_stored_for_no_other_state(state: JobState) -> None:
    assert "canary" not in str(rows.job_row(job(state=state, link=LINK)))
    assert rows.job_from(stored(rows.job_row(job(state=state, link=LINK)))).link is None


def test_times_are_stored_in_utc() -> None:
    there = START.astimezone(timezone(timedelta(hours=5)))
    assert rows.job_row(job(ready_at=there))["ready_at"] == rows.job_row(job(ready_at=START))["ready_at"]


@pytest.mark.parametrize(
    ("column", "value"), [("state", "dancing"), ("phase", "x"), ("format", "pdf"), ("rerun_rule", "never")]
)
def test_a_job_of_a_newer_version_is_told_as_what_it_is(column: str, value: str) -> None:
    with pytest.raises(StorageError) as caught:
        rows.job_from(stored(rows.job_row(job()) | {column: value}))
    assert caught.value.code == "E-DB-RECORD"


def test_a_download_comes_back_equal() -> None:
    bare = transfer()
    full = replace(bare, state=TransferState.DONE, notices=("a", "é “b”"), verified_ok=False, overwrite=True, total=7)
    for record in (bare, full, replace(full, verified_ok=True)):
        row = rows.transfer_row(record)
        assert set(row) == set(rows.TRANSFER_COLUMNS)
        assert rows.transfer_from(stored(row)) == record


@pytest.mark.parametrize(("column", "value"), [("state", "dancing"), ("notices", "[")])
def test_a_download_that_can_not_be_read_is_told_as_that(column: str, value: str) -> None:
    with pytest.raises(StorageError):
        rows.transfer_from(stored(rows.transfer_row(transfer()) | {column: value}))


def test_a_line_of_the_story_is_one_bounded_line() -> None:
    row = rows.entry_row("j1", TimelineEntry(START, "failed", "a\nb" + "x" * 1_000))
    assert len(row["detail"]) <= rows.MAX_DETAIL_LENGTH
    assert "\n" not in row["detail"]
    entry = TimelineEntry(START, "ready", "successful")
    assert rows.entry_from(stored(rows.entry_row("j1", entry))) == entry
    with pytest.raises(StorageError):
        rows.entry_from(stored(rows.entry_row("j1", entry) | {"at": "yesterday"}))


def test_equal_queries_and_only_they_have_one_digest() -> None:
    assert rows.sql_digest("SELECT 1") == rows.sql_digest("SELECT 1")
    assert rows.sql_digest("SELECT 1") != rows.sql_digest("select 1")
    assert len(rows.sql_digest("\ud800")) == 64


@pytest.mark.parametrize(
    ("times", "seconds"),
    [
        ((0, 7, 0, 99), 7.0),
        ((None, 7, 0, 9), 9.0),
        ((0, None, 0, 9), 9.0),
        ((5, 5, 0, 9), 9.0),
        ((9, 5, None, 9), None),
        ((None, None, 9, 3), None),
    ],
)
def test_duration_by_the_sites_clock_else_by_ours(times: tuple[int | None, ...], seconds: float | None) -> None:
    names = ("service_created_at", "service_finished_at", "submitted_at", "ready_at")
    moments = {
        name: None if at is None else (datetime(2026, 3, 4, tzinfo=UTC) + timedelta(seconds=at)).isoformat()
        for name, at in zip(names, times, strict=True)
    }
    assert rows.duration(stored(moments)) == seconds
