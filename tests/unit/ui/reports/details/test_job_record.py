"""The record of a job, sentence by sentence, for every way in which a report can end: what is said is so."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from sana_desktop.reports.queue import steps
from sana_desktop.reports.records.job import FileEvent, JobRecord, JobState, TimelineEntry
from sana_desktop.reports.records.transfer import TransferRecord, TransferState
from sana_desktop.ui.reports.details.job_facts import job_facts, story_lines
from sana_desktop.ui.reports.words.report_words import exact
from tests.support.records import START, job, order, transfer


@pytest.fixture(autouse=True)
def _app(qapp: object) -> None:
    """Words are translated, which needs an application."""


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


READY = job(
    state=JobState.READY,
    site_name="Nordlys",
    site_address="https://nordlys.sana.ai",
    site_mark="test",
    site_ahead_seconds=0,
    service_status="successful",
    submits=1,
    polls=3,
    service_started_at=at(1),
    service_finished_at=at(20),
    ready_at=at(64),
)
DONE = transfer(
    state=TransferState.DONE,
    folder="/reports",
    received=4_096,
    total=4_096,
    rows=12,
    columns=2,
    requests=1,
    sha256="ab" * 32,
    finished_at=at(65),
    verified_at=at(65),
    verified_ok=True,
)
PLACE = str(Path("/reports") / "report.csv")
NEVER = transfer(
    state=TransferState.LINK_ENDED, folder="/reports", requests=1, changed_at=at(66), error_message="The link ended."
)
NOT_SENT = job(state=JobState.STOPPED, job_id=None, submitted_at=None)

CASES: dict[str, tuple[JobRecord, TransferRecord | None, dict[str, str | None]]] = {
    "done": (
        READY,
        DONE,
        {
            "Site": "Nordlys · https://nordlys.sana.ai · test",
            "Data as of": exact(at(1)),
            "Ready at the site": exact(at(20)),
            "Seen ready": exact(at(64)),
            "Clocks": "“Data as of” and “Ready at the site” are by the site's clock, which agreed with this computer's "
            "to 2 s; all others are by this computer's",
            "File": PLACE,
            "File complete": exact(at(65)),
            "Checked": "when it was saved",
            "Last checked": None,
            "In the file": "12 rows · 2 columns · 4,096 bytes",
            "Download": None,
            "SHA-256": "ab" * 32,
            "Requests": "sent once, asked 3 times how it is",
            "The site said last": "successful",
        },
    ),
    "no rows": (READY, replace(DONE, rows=0), {"In the file": "0 rows · 2 columns · 4,096 bytes"}),
    "a site that does not tell its times": (
        replace(READY, service_started_at=None, service_finished_at=None, site_ahead_seconds=None),
        DONE,
        {
            "Data as of": exact(START),
            "Ready at the site": None,
            "Seen ready": exact(at(64)),
            "Clocks": "all times are by this computer's clock",
        },
    ),
    "a site whose clock runs ahead": (
        replace(READY, site_ahead_seconds=3_600 + 240),
        DONE,
        {
            "Clocks": "“Data as of” and “Ready at the site” are by the site's clock, which was about 1 h 4 min ahead "
            "of this computer's; all others are by this computer's"
        },
    ),
    "a site whose clock runs behind": (
        replace(READY, site_ahead_seconds=-12, service_finished_at=None),
        DONE,
        {
            "Clocks": "“Data as of” is by the site's clock, which was about 12 s behind this computer's; all others "
            "are by this computer's"
        },
    ),
    "from before clocks were kept": (
        replace(READY, site_ahead_seconds=None, site_mark=""),
        DONE,
        {
            "Site": "Nordlys · https://nordlys.sana.ai",
            "Clocks": "“Data as of” and “Ready at the site” are by the site's clock, of which it is not known how it "
            "went; all others are by this computer's",
        },
    ),
    "made up": (
        replace(READY, site_name="Example data", site_address="http://127.0.0.1:9", site_mark="demo"),
        DONE,
        {"Site": "Example data · http://127.0.0.1:9 · made-up data of a pretend site on this computer"},
    ),
    "checked again": (
        READY,
        replace(DONE, verified_at=at(900)),
        {"Last checked": f"{exact(at(900))}: unchanged", "Checked": None, "File": PLACE},
    ),
    "changed": (
        READY,
        replace(DONE, verified_at=at(900), verified_ok=False),
        {
            "File": PLACE,
            "Last checked": f"{exact(at(900))}: changed",
            "In the file": None,
            "In the file that was saved": "12 rows · 2 columns · 4,096 bytes",
            "SHA-256": None,
            "SHA-256 of the file that was saved": "ab" * 32,
        },
    ),
    "away": (
        READY,
        replace(DONE, lost_at=at(900)),
        {
            "File": f"was saved as {PLACE}",
            "Last checked": f"noticed to be away at {exact(at(900))}",
            "In the file": None,
            "SHA-256 of the file that was saved": "ab" * 32,
        },
    ),
    "the link ended": (
        READY,
        NEVER,
        {"File": "none: The link ended.", "Download": "requested once", "File complete": None, "SHA-256": None},
    ),
    "no file could be had": (
        READY,
        replace(NEVER, state=TransferState.FAILED, requests=0, error_message="It is no report."),
        {"File": "none: It is no report.", "Download": "never requested"},
    ),
    "on its way": (
        READY,
        transfer(folder="/reports", requests=2, received=1_000, total=4_096),
        {
            "File": f"none yet; it is to be saved as {PLACE}",
            "Received": "1,000 of 4,096 bytes",
            "Download": "requested 2 times",
        },
    ),
    "waiting for its turn": (
        READY,
        transfer(state=TransferState.WAITING),
        {"Received": None, "Download": "not requested yet"},
    ),
    "failed": (
        job(
            state=JobState.FAILED,
            service_created_at=at(0),
            service_started_at=at(1),
            service_finished_at=at(20),
            site_ahead_seconds=1,
        ),
        None,
        {
            "Data as of": None,
            "Ready at the site": None,
            "Seen ready": None,
            "Failed at the site": exact(at(20)),
            "Clocks": "“Failed at the site” is by the site's clock, which agreed with this computer's to 2 s; all "
            "others are by this computer's",
            "File": "none: the report failed",
        },
    ),
    "refused": (
        job(state=JobState.FAILED, job_id=None, submits=1),
        None,
        {"File": "none: the site did not take the order", "Sent": exact(START), "Job id": None},
    ),
    "gone": (
        job(state=JobState.GONE, service_started_at=at(1)),
        None,
        {
            "File": "none: the site did not know the report any more",
            "Data as of": None,
            "Clocks": "all times are by this computer's clock",
        },
    ),
    "answer lost": (
        job(state=JobState.SUBMIT_UNKNOWN, job_id=None, submits=1),
        None,
        {
            "File": "none: it is not known whether the report was ordered",
            "Sent": exact(START),
            "Ordered": exact(START),
            "Job id": None,
        },
    ),
    "stopped before it was sent": (
        NOT_SENT,
        None,
        {"File": "none: nothing was ordered", "Sent": "never", "Asked for": exact(START), "Ordered": None},
    ),
    "not watched any more": (
        job(state=JobState.STOPPED),
        None,
        {"File": "none: the report is not watched any more", "Sent": exact(START)},
    ),
    "under way": (job(), None, {"File": "none yet", "Data as of": None, "Failed at the site": None}),
    "its download was taken off the list": (READY, None, {"File": "not on record any more"}),
    "run again": (
        replace(READY, order=replace(order(), rerun_of="j0")),
        DONE,
        {"Runs again": "j0", "Data as of": exact(at(1))},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_a_record_says_is_so_in_every_end(name: str) -> None:
    record, file, expected = CASES[name]
    facts = dict(job_facts(record, file, None))
    assert {fact: facts.get(fact) for fact in expected} == expected


def test_a_file_that_never_was_is_not_told_of_as_one() -> None:
    for record, file, _ in CASES.values():
        facts = dict(job_facts(record, file, None))
        there = file is not None and file.state is TransferState.DONE
        assert there or facts["File"].startswith(("none", "not on record"))


def test_no_time_of_the_site_stands_without_its_clock() -> None:
    for name, (record, file, _) in CASES.items():
        facts = dict(job_facts(record, file, None))
        told = {"Ready at the site", "Failed at the site"} & set(facts)
        assert all(f"“{fact}”" in facts["Clocks"] for fact in told), name
        assert "Ready" not in facts, "it must say whose"


def test_nothing_in_a_copied_record_is_cut() -> None:
    reason = "The query could not be completed. " * 58
    failed = replace(
        job(state=JobState.WATCHING),
        site_address="https://nordlys.sana.ai/" + "deep/" * 60,
    )
    error = steps.ended(failed, at(5), JobState.FAILED, steps.no_link_error(failed)).record
    story = [TimelineEntry(at(5), "failed", reason), TimelineEntry(at(6), FileEvent.LOCATED, "/a" * 150)]
    file = replace(DONE, folder="/" + "folder/" * 50)
    whole = "\n".join(line.whole for line in story_lines(story, file))
    facts = dict(job_facts(replace(error, error_message=reason), file, None, story))
    assert reason.strip() in whole
    assert "/a" * 150 in whole
    assert "ab" * 32 in whole
    assert facts["File"] == str(Path(file.folder) / "report.csv")
    assert facts["Site"].endswith("deep/" * 60)
    assert "…" not in whole + "".join(facts.values())
    ended = replace(NEVER, error_message=reason)
    assert reason.strip() in story_lines([], ended)[0].whole
    assert dict(job_facts(READY, ended, None))["File"] == f"none: {reason.strip()}"
    assert len(story_lines(story, file)[0].shown) < 300, "what is shown is bounded all the same"
