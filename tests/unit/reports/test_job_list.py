"""The list of jobs to hand over: every fact of an audit, and nothing that a spreadsheet runs."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import timedelta

from sana_desktop.reports.job import JobState
from sana_desktop.reports.job_list import COLUMNS, to_csv
from sana_desktop.reports.transfer import TransferState
from tests.support.records import START, job, order, transfer

READY = job(
    state=JobState.READY,
    order=replace(order("=1+1"), sql="SELECT 'a,\nb'"),
    ready_at=START + timedelta(seconds=20),
    service_started_at=START + timedelta(seconds=2),
    site_name="@Acme",
    site_address="https://acme.sana.ai",
    app_version="1.2.3",
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


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_M5_a_line_says_where_a_report_came_from_and_what_it_is() -> None:
    (line,) = read(to_csv([(READY, FILE)]))
    assert tuple(line) == COLUMNS
    assert (line["site_address"], line["query"], line["app_version"]) == (
        "https://acme.sana.ai",
        "SELECT 'a,\nb'",
        "1.2.3",
    )
    assert (line["ordered_at"], line["data_as_of"]) == ("2026-03-04T10:00:00.000000Z", "2026-03-04T10:00:02.000000Z")
    assert (line["rows"], line["columns"], line["bytes"], line["sha256"]) == ("18204", "7", "1200000", "ab" * 32)
    assert (line["times_sent"], line["times_asked"], line["site_job_id"]) == ("1", "14", "remote-1")
    assert (line["state"], line["file_state"], line["file_name"]) == ("ready", "done", "report.csv")


def test_T7_no_cell_is_a_formula() -> None:
    (line,) = read(to_csv([(READY, FILE)]))
    assert (line["report"], line["site"]) == ("'=1+1", "'@Acme")


def test_M1_the_file_of_today_stands_beside_the_job_of_then() -> None:
    gone = replace(FILE, lost_at=START + timedelta(hours=1))
    changed = replace(FILE, verified_ok=False)
    ended = transfer(state=TransferState.LINK_ENDED, received=9, error_message="The link ended.")
    states = [line["file_state"] for line in read(to_csv([(READY, gone), (READY, changed), (READY, ended)]))]
    assert states == ["missing", "changed", "link_ended"]
    (line,) = read(to_csv([(READY, ended)]))
    assert (line["bytes"], line["error"]) == ("", "The link ended.")


def test_a_job_without_a_file_has_a_line_all_the_same() -> None:
    (line,) = read(to_csv([(job(), None)]))
    assert (line["state"], line["file_state"], line["sha256"]) == ("watching", "", "")
