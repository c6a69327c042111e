"""What a job's row says of its file: never that it is there when it is not, and what can be done about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from sana_desktop.api.models import ReportFormat
from sana_desktop.reports.queue import steps
from sana_desktop.reports.records.job import JobState, RerunRule
from sana_desktop.reports.records.transfer import CAME_AS_CSV, CAME_AS_CSV_BY_NAME, TransferRecord, TransferState
from sana_desktop.ui.models.jobs import JobColumn, JobsModel
from sana_desktop.ui.models.records import TONE_ROLE
from sana_desktop.ui.reports.details.job_facts import job_facts
from sana_desktop.ui.reports.table.actions import JobAction, job_acts
from sana_desktop.ui.reports.words.report_words import (
    exact,
    names_of,
    offers_new_run,
    other_format,
    report_name,
    report_words,
    what_now,
)
from sana_desktop.ui.reports.words.state_words import Tone, transfer_words
from tests.support.records import START, job, order, transfer

READY = job(state=JobState.READY)
DONE = transfer(state=TransferState.DONE, finished_at=START, verified_at=START, verified_ok=True)
GONE = replace(DONE, lost_at=START + timedelta(minutes=10))
CHANGED = replace(DONE, verified_ok=False, verified_at=START + timedelta(minutes=10))
ENDED = transfer(state=TransferState.LINK_ENDED, error_message="The link ended.")


@pytest.fixture(autouse=True)
def _app(qapp: object) -> None:
    """Words are translated, which needs an application."""


@pytest.mark.parametrize(
    ("file", "word", "tone"),
    [
        (None, "Ready", Tone.GOOD),
        (DONE, "Ready", Tone.GOOD),
        (transfer(), "Ready", Tone.GOOD),
        (GONE, "File not found", Tone.WARN),
        (CHANGED, "File changed", Tone.BAD),
        (ENDED, "Link ended", Tone.WARN),
        (transfer(state=TransferState.FAILED, error_message="No."), "No file", Tone.BAD),
        (transfer(state=TransferState.PAUSED, error_message="Disk full."), "Needs you", Tone.WARN),
        (transfer(state=TransferState.PAUSED), "Paused", Tone.QUIET),
    ],
)
def test_M1_M2_a_finished_job_is_called_what_its_file_is(file: TransferRecord | None, word: str, tone: Tone) -> None:
    words = report_words(READY, file)
    assert (words.word, words.tone) == (word, tone)
    assert words.sentence
    assert report_words(job(), file).word == "Being prepared", "the site is not done: the file says nothing"


@pytest.mark.parametrize("notice", [CAME_AS_CSV, CAME_AS_CSV_BY_NAME])
def test_L45_a_file_of_another_format_is_said_in_amber(notice: str) -> None:
    ordered = replace(READY, order=replace(READY.order, format=ReportFormat.XLSX))
    came = replace(DONE, notices=(notice,), rows=0)
    words = report_words(ordered, came)
    assert (words.icon, words.tone) == ("warning", Tone.WARN)
    assert words.sentence.startswith("Ordered as XLSX, came as CSV.")
    assert what_now(ordered, came, again=False)[:2] == [
        "Ordered as XLSX, came as CSV. The report has no rows.",
        "Ordered as XLSX, came as CSV",
    ]
    assert ("Format", "Ordered as XLSX, came as CSV") in job_facts(ordered, came, None)
    assert ("Noticed", notice) in job_facts(ordered, came, None)
    assert other_format(ordered, DONE) == other_format(ordered, None) == ""
    model = JobsModel(lambda: START, lambda connection: connection, lambda record: None)
    model.add_earlier([ordered])
    model.show_file(came)
    assert model.index(0, JobColumn.NEXT).data(TONE_ROLE) == Tone.WARN
    assert transfer_words(came).tone == Tone.WARN


def test_a_report_without_rows_is_said_to_have_none() -> None:
    empty = replace(DONE, rows=0)
    assert "The report has no rows." in report_words(READY, empty).sentence
    assert what_now(READY, empty, again=False) == ["The report has no rows.", "0 rows"]
    assert what_now(READY, replace(DONE, rows=1), again=False) == []


def test_what_was_never_with_the_site_is_not_said_to_go_on_there() -> None:
    given_up = job(state=JobState.STOPPED, job_id=None, submitted_at=None, submits=3)
    words = report_words(given_up, None)
    assert (words.word, "may go on" in words.sentence) == ("Not ordered", False)
    facts = dict(job_facts(given_up, None, None))
    assert facts["Asked for"] == exact(given_up.created_at)
    assert (facts["Sent"], facts["Requests"]) == (
        "the site has not taken it",
        "tried 3 times; the site took none of them",
    )
    forgotten = steps.site_forgotten(job(), START).record
    words = report_words(forgotten, None)
    assert (words.word, words.sentence.startswith("Its site was forgotten")) == ("Not watched", True)
    assert JobAction.WATCH_AGAIN not in {act.name for act in job_acts(forgotten)}


def test_a_file_with_just_the_rows_of_the_limit_says_that_there_may_be_more() -> None:
    def said(sql: str, rows: int) -> str:
        return dict(job_facts(job(order=replace(order(), sql=sql)), replace(DONE, rows=rows), None)).get("Rows", "")

    assert said("SELECT a FROM t LIMIT 10", 9) == ""
    assert said("SELECT a FROM t LIMIT 10", 10).endswith("which does not say which of all: there may be more")
    assert said("SELECT a FROM t ORDER BY a LIMIT 10", 10) == "exactly the limit of the query: there may be more"
    assert said("SELECT a FROM t", 10) == ""


def test_a_job_that_was_stopped_says_what_can_be_done_with_it() -> None:
    stopped = job(state=JobState.STOPPED)
    assert what_now(stopped, None, again=False) == ["“Watch again” looks at it.", "Watch again?"]
    given_up = job(state=JobState.STOPPED, job_id=None, submitted_at=None)
    assert what_now(given_up, None, again=False)[0] == "Nothing was ordered. Run it again?"
    forgotten = steps.site_forgotten(job(), START).record
    assert what_now(forgotten, None, again=False) == [], "its own sentence stands there"
    elsewhere = steps.site_changed(job(state=JobState.QUEUED, job_id=None, submitted_at=None), START).record
    assert what_now(elsewhere, None, again=False)[0] == "Nothing was ordered. Run it again?"
    words = report_words(elsewhere, None)
    assert (words.word, words.sentence) == ("Not ordered", elsewhere.error_message)


def test_what_was_never_sent_when_its_site_was_forgotten_was_not_ordered() -> None:
    waiting = job(state=JobState.QUEUED, job_id=None, submitted_at=None, submits=0, ordered_by="zoe on desk-7")
    unsent = steps.site_forgotten(waiting, START).record
    assert report_words(unsent, None).word == "Not ordered"
    facts = dict(job_facts(unsent, None, None))
    assert (facts["Asked for by"], facts["Sent"], facts["Requests"]) == ("zoe on desk-7", "never", "none")
    assert "Ordered" not in facts


def test_the_row_and_the_details_tell_the_same_moment_of_the_order() -> None:
    record = job(state=JobState.READY, created_at=START - timedelta(seconds=1), ordered_by="zoe on desk-7")
    model = JobsModel(lambda: START, lambda connection: connection, lambda record: None)
    model.add_earlier([record])
    facts = dict(job_facts(record, None, None))
    assert str(model.index(0, JobColumn.STARTED).data()) in facts["Ordered"]
    assert (facts["Ordered by"], facts["Sent"]) == ("zoe on desk-7", exact(record.submitted_at))


def test_L03_a_download_that_was_interrupted_says_so() -> None:
    assert dict(job_facts(READY, replace(DONE, requests=2, resumes=1), None))["Download"].startswith("interrupted once")
    assert "Download" not in dict(job_facts(READY, replace(DONE, requests=1), None))


def test_M1_the_row_follows_its_file_and_back() -> None:
    model = JobsModel(lambda: START, lambda connection: connection, lambda record: None)
    model.add_earlier([READY])
    state = model.index(0, JobColumn.STATE)
    for file, word in ((DONE, "Ready"), (GONE, "File not found"), (DONE, "Ready"), (CHANGED, "File changed")):
        model.show_file(file)
        assert state.data() == word
    assert state.data(TONE_ROLE) == Tone.BAD
    model.forget_file("j1")
    assert state.data() == "Ready"


def test_M1_a_file_of_an_earlier_session_is_known_before_and_after_its_row() -> None:
    model = JobsModel(lambda: START, lambda connection: connection, lambda record: None)
    model.know_files([GONE])
    model.add_earlier([READY])
    model.know_files([replace(ENDED, id="t2", job="j2"), replace(GONE, lost_at=None)])
    assert model.index(0, JobColumn.STATE).data() == "File not found", "what is known already is newer"


def test_M2_the_row_asks_whether_to_run_it_again_until_that_was_done() -> None:
    model = JobsModel(lambda: START, lambda connection: connection, lambda record: None)
    model.add_earlier([READY])
    model.show_file(ENDED)
    row = model.row_of("j1")
    assert row == 0
    assert "Run it again?" in model.index(row, JobColumn.NEXT).data()
    model.put(job("j2", order=replace(order(), rerun_of="j1")))
    assert model.index(1, JobColumn.NEXT).data() == "Run again: see the newer row."
    model.put(job("j1", JobState.FAILED, error_message="No such column."))
    assert model.index(1, JobColumn.NEXT).data() == "Run again: see the newer row.", "a failed one as well"
    model.put(READY)
    model.remove("j2")
    assert "Run it again?" in model.index(0, JobColumn.NEXT).data()


def test_M2_where_the_rule_is_to_run_again_nothing_is_asked() -> None:
    always = replace(READY, order=replace(order(), rerun_rule=RerunRule.ALWAYS))
    assert what_now(always, ENDED, again=False)[0] == "A new run is ordered by itself."


@pytest.mark.parametrize(("file", "offered"), [(DONE, False), (GONE, True), (CHANGED, True), (ENDED, True)])
def test_a_new_run_is_offered_where_nothing_else_gives_the_file(file: TransferRecord, offered: bool) -> None:
    assert offers_new_run(READY, file) is offered
    assert not offers_new_run(job(), file)


@pytest.mark.parametrize("title", ["Report", "report", ""])
def test_m7_a_report_without_a_name_is_told_by_its_query(title: str) -> None:
    names = {report_name(replace(order(title), sql=sql)) for sql in ("FROM a", "FROM b")}
    assert len(names) == 2
    assert report_name(order("Completions")) == "Completions"


def test_M5_the_site_is_kept_with_the_job() -> None:
    model = JobsModel(lambda: START, lambda connection: "", lambda record: None)
    model.add_earlier([job("a", site_name="Acme"), job("b", created_at=START - timedelta(days=1))])
    assert [model.index(row, JobColumn.SITE).data() for row in (0, 1)] == ["Acme", "(forgotten)"]


def test_m7_two_of_the_same_minute_differ_by_their_seconds() -> None:
    model = JobsModel(lambda: START, lambda connection: connection, lambda record: None)
    model.add_earlier([job("a"), job("b", created_at=START + timedelta(seconds=20))])
    assert model.index(0, JobColumn.STARTED).data() != model.index(1, JobColumn.STARTED).data()


@pytest.mark.parametrize("code", ["E-NET-CONNECT", "E-DISK-FULL"])
def test_a_file_that_waits_for_something_is_not_said_to_be_ready(code: str) -> None:
    waits = transfer(state=TransferState.WAITING, error_code=code, error_message="Why it waits.")
    said = report_words(job(state=JobState.READY), waits)
    assert (said.word, said.tone, said.sentence) == ("Waiting", Tone.WARN, "Why it waits.")
    assert what_now(job(state=JobState.READY), waits, again=False) == ["Why it waits."]
    cut = replace(waits, error_code="E-NET-LOST")
    assert report_words(job(state=JobState.READY), cut).tone is Tone.QUIET


def test_reports_are_named_in_a_sentence_and_many_are_counted() -> None:
    jobs = [job(name, order=order(name)) for name in ("A", "B", "C", "D")]
    assert [names_of(jobs[:n]) for n in (1, 2, 4)] == ["“A”", "“A” and “B”", "“A”, “B” and 2 more"]
