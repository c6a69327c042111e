"""The list of jobs to hand over: every fact of an audit, and nothing that a spreadsheet runs."""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import replace
from datetime import timedelta

import pytest

from sana_desktop.api.models import ReportFormat
from sana_desktop.reports.records.job import JobRecord, JobState
from sana_desktop.reports.records.job_list import COLUMNS, to_csv
from sana_desktop.reports.records.transfer import CAME_AS_CSV, TransferRecord, TransferState
from tests.support.records import START, job, order, transfer

READY = job(
    state=JobState.READY,
    order=replace(order("=1+1"), sql="SELECT 'a,\nb'"),
    ready_at=START + timedelta(seconds=20),
    service_started_at=START + timedelta(seconds=2),
    site_name="@Acme",
    site_address="https://acme.sana.ai",
    site_mark="test",
    site_ahead_seconds=-4,
    service_finished_at=START + timedelta(seconds=15),
    app_version="1.2.3",
    ordered_by="zoe on desk-7",
    submits=1,
    polls=14,
)
FILE = transfer(
    state=TransferState.DONE,
    received=1_200_000,
    rows=18_204,
    columns=7,
    sha256="ab" * 32,
    finished_at=START + timedelta(seconds=21),
)


def listed(*pairs: tuple[JobRecord, TransferRecord | None]) -> str:
    return to_csv(pairs, lambda record, file: ("Ready here", "Complete here" if file is not None else ""))


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_M5_a_line_says_where_a_report_came_from_and_what_it_is() -> None:
    (line,) = read(listed((READY, FILE)))
    assert tuple(line) == COLUMNS
    assert (line["site_address"], line["query"], line["app_version"]) == (
        "https://acme.sana.ai",
        "SELECT 'a,\nb'",
        "1.2.3",
    )
    assert (line["ordered_at"], line["data_as_of"]) == ("2026-03-04T10:00:00.000000Z", "2026-03-04T10:00:02.000000Z")
    assert (line["rows"], line["columns"], line["bytes"], line["sha256"]) == ("18204", "7", "1200000", "ab" * 32)
    assert (line["sent_at"], line["ordered_by"]) == (line["ordered_at"], "zoe on desk-7")
    assert (line["times_tried_to_order"], line["times_asked_for_state"], line["site_job_id"]) == ("1", "14", "remote-1")
    assert (line["state_code"], line["file_state_code"], line["file_name"]) == ("ready", "done", "report.csv")
    assert (line["site_mark"], line["site_clock_ahead_seconds"]) == ("test", "-4")
    assert (line["ready_at_site"], line["seen_ready_at"]) == (
        "2026-03-04T10:00:15.000000Z",
        "2026-03-04T10:00:20.000000Z",
    )
    assert (line["state"], line["file_state"]) == ("Ready here", "Complete here")
    assert (line["format_ordered"], line["format_of_file"], line["taken_by_site"]) == ("csv", "csv", "yes")


def test_T7_no_cell_is_a_formula() -> None:
    (line,) = read(listed((READY, FILE)))
    assert (line["report"], line["site"]) == ("'=1+1", "'@Acme")


def test_M1_the_file_of_today_stands_beside_the_job_of_then() -> None:
    gone = replace(FILE, lost_at=START + timedelta(hours=1))
    changed = replace(FILE, verified_ok=False)
    ended = transfer(state=TransferState.LINK_ENDED, received=9, error_message="The link ended.")
    states = [line["file_state_code"] for line in read(listed((READY, gone), (READY, changed), (READY, ended)))]
    assert states == ["missing", "changed", "link_ended"]
    (line,) = read(listed((READY, ended)))
    assert (line["bytes"], line["error"]) == ("", "The link ended.")
    assert (line["file_name"], line["folder"]) == ("", ""), "there never was such a file (c8)"


def test_a_job_without_a_file_has_a_line_all_the_same() -> None:
    (line,) = read(listed((job(), None)))
    assert (line["state_code"], line["file_state_code"], line["sha256"]) == ("watching", "", "")


@pytest.mark.parametrize(
    ("record", "taken", "sent"),
    [
        (job(state=JobState.STOPPED, job_id=None, submitted_at=None, submits=3), "no", ""),
        (job(state=JobState.FAILED, job_id=None), "no", "2026-03-04T10:00:00.000000Z"),
        (job(state=JobState.SUBMIT_UNKNOWN, job_id=None), "unknown", "2026-03-04T10:00:00.000000Z"),
        (job(state=JobState.STOPPED), "yes", "2026-03-04T10:00:00.000000Z"),
    ],
)
def test_what_the_site_never_had_is_not_said_to_be_sent(record: JobRecord, taken: str, sent: str) -> None:
    (line,) = read(listed((record, None)))
    assert (line["taken_by_site"], line["sent_at"]) == (taken, sent)
    assert line["ordered_at"] == "2026-03-04T10:00:00.000000Z"


def test_L45_a_file_of_another_format_than_was_ordered_says_so() -> None:
    ordered = replace(READY, order=replace(READY.order, format=ReportFormat.XLSX))
    (line,) = read(listed((ordered, replace(FILE, notices=(CAME_AS_CSV,)))))
    assert (line["format_ordered"], line["format_of_file"], line["notices"]) == ("xlsx", "csv", CAME_AS_CSV)


def test_made_up_data_are_called_so() -> None:
    (line,) = read(listed((replace(READY, site_mark="demo"), FILE)))
    assert line["site_mark"] == "example (made-up data)"


@pytest.mark.parametrize(
    ("sql", "added"),
    [("-- all of them\nSELECT 1", "yes"), ("=SUM(1)", "yes"), ("SELECT 1 -- '", "no"), ("'SELECT 1", "no")],
)
def test_T7_the_query_can_be_had_as_it_ran(sql: str, added: str) -> None:
    (line,) = read(listed((replace(READY, order=replace(READY.order, sql=sql)), FILE)))
    assert line["query_has_added_apostrophe"] == added
    ran = line["query"][1:] if added == "yes" else line["query"]
    assert hashlib.sha256(ran.encode()).hexdigest() == line["query_sha256"]
    assert not line["query"].startswith(("-", "="))
