"""What each answer and each act means for a job."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from sana_desktop.api.errors import NotSent, throttled
from sana_desktop.api.models import DownloadLink, JobSnapshot, Phase
from sana_desktop.base.errors import AuthError, JobFailed, JobGone, NetworkError, ProtocolError, SanaError
from sana_desktop.base.redaction import Secret
from sana_desktop.reports.queue import steps
from sana_desktop.reports.records.job import IllegalTransition, JobRecord, JobState, TimelineEntry
from tests.support.records import START, job

AT = START + timedelta(minutes=1)
LINK = DownloadLink(Secret("https://store.example/x?sig=1"), None)
NEW_LINK = DownloadLink(Secret("https://store.example/x?sig=2"), None)
SIGN_IN = AuthError("Sign in.", code="E-AUTH", http_status=401, next_step="Sign in again.")
UNSENT = NotSent("No way.", code="E-NET-DNS", retryable=True)
GONE = JobGone("Gone.", code="E-JOB-GONE")


def snapshot(status: str = "pending", phase: Phase = Phase.PENDING, **more: object) -> JobSnapshot:
    return JobSnapshot("r1", status, phase, **more)  # type: ignore[arg-type]


def test_sending_counts_and_forgets_what_went_wrong_before() -> None:
    step = steps.sending(job(state=JobState.QUEUED, submits=1, trouble="x", error_code="E", error_http_status=500), AT)
    record = step.record
    assert (record.state, record.submits, record.submitted_at) == (JobState.SUBMITTING, 2, AT)
    assert (record.trouble, record.error_code, record.error_http_status, record.next_look_at) == ("", "", None, None)
    assert step.entries(AT) == (TimelineEntry(AT, "sending", ""),)


def test_an_answer_to_the_order_makes_it_watched_and_counts_no_look() -> None:
    created = AT - timedelta(seconds=2)
    step = steps.answered(job(state=JobState.SUBMITTING, job_id=None), snapshot(created_at=created), AT)
    record = step.record
    assert (record.state, record.job_id, record.polls) == (JobState.WATCHING, "r1", 0)
    assert (record.service_status, record.service_created_at) == ("pending", created)
    assert (step.event, step.detail) == ("accepted", "r1")


@pytest.mark.parametrize(
    ("answer", "state"),
    [(snapshot("done", Phase.READY, link=LINK), JobState.READY), (snapshot("failed", Phase.FAILED), JobState.FAILED)],
)
def test_an_order_may_be_over_with_its_first_answer(answer: JobSnapshot, state: JobState) -> None:
    assert steps.answered(job(state=JobState.SUBMITTING, job_id=None), answer, AT).record.state is state


def test_u02_a_job_stopped_while_it_was_sent_keeps_its_number_and_stays_stopped() -> None:
    record = steps.answered(job(state=JobState.STOPPED, job_id=None), snapshot(), AT).record
    assert (record.state, record.job_id) == (JobState.STOPPED, "r1")


def test_a_look_without_news_tells_nothing_and_changes_no_time() -> None:
    step = steps.looked(job(service_status="pending", polls=4), snapshot(), AT)
    assert (step.event, step.record.polls, step.record.changed_at) == ("", 5, START)
    assert step.entries(AT) == ()


def test_a_look_with_news_tells_the_sites_own_word() -> None:
    step = steps.looked(job(service_status="pending"), snapshot("warming up", Phase.UNKNOWN), AT)
    assert (step.event, step.detail, step.record.changed_at) == ("status", "warming up", AT)
    assert step.record.phase is Phase.UNKNOWN


@pytest.mark.parametrize(
    ("status", "phase"), [("successful", Phase.READY), ("pending", Phase.PENDING), ("odd", Phase.UNKNOWN)]
)
def test_a_link_makes_it_ready_whatever_the_word(status: str, phase: Phase) -> None:
    record = steps.looked(job(trouble="x", next_look_at=AT), snapshot(status, phase, link=LINK), AT).record
    assert (record.state, record.phase, record.link, record.ready_at) == (JobState.READY, Phase.READY, LINK, AT)
    assert (record.trouble, record.next_look_at) == ("", None)


def test_done_without_a_link_is_not_ready() -> None:
    assert steps.looked(job(), snapshot("successful", Phase.READY), AT).record.state is JobState.WATCHING


@pytest.mark.parametrize(("reason", "said"), [("no column usr", "“no column usr”"), ("", "did not say why")])
def test_a_failure_says_why(reason: str, said: str) -> None:
    record = steps.looked(job(), snapshot("failed", Phase.FAILED, reason=reason), AT).record
    assert (record.state, record.error_code, record.error_kind) == (JobState.FAILED, "E-JOB-FAILED", JobFailed.kind)
    assert said in record.error_message


def test_an_order_that_did_not_arrive_waits_for_its_next_try() -> None:
    step = steps.not_sent(job(state=JobState.SUBMITTING, job_id=None), AT, AT + timedelta(seconds=2), UNSENT)
    record = step.record
    assert (record.state, record.submitted_at, record.trouble) == (JobState.QUEUED, None, "No way.")
    assert record.next_look_at == AT + timedelta(seconds=2)
    assert (record.error_code, record.error_next_step) == ("E-NET-DNS", steps.TRIED_AGAIN)
    assert steps.is_unreached(record)
    sending = steps.sending(record, AT).record
    busy = steps.not_sent(sending, AT, AT, throttled("acme", 429, 5.0))
    assert (busy.record.error_code, busy.record.trouble != "") == ("", True)
    assert not steps.is_unreached(busy.record)
    stopped = steps.stopped(record, AT).record
    assert (stopped.error_code, stopped.trouble) == ("", "")


@pytest.mark.parametrize(("error", "unsent"), [(UNSENT, 2), (throttled("acme", 429, 5.0), 1)])
def test_an_order_that_never_left_is_known(error: SanaError, unsent: int) -> None:
    sending = job(state=JobState.SUBMITTING, job_id=None, submits=3, unsent=1)
    assert steps.not_sent(sending, AT, AT, error).record.unsent == unsent
    paused = steps.paused(sending, AT, error).record
    assert paused.unsent == unsent
    assert steps.paused(replace(paused, state=JobState.QUEUED), AT, error).record.unsent == unsent
    stopped = replace(sending, state=JobState.STOPPED)
    assert steps.ended(stopped, AT, JobState.STOPPED, error).record.unsent == unsent
    watching = job(state=JobState.WATCHING, submits=3)
    assert steps.paused(watching, AT, error).record.unsent == 0


@pytest.mark.parametrize("job_id", ["r1", None])
def test_a_pause_says_on_what_and_goes_on_where_it_was(job_id: str | None) -> None:
    before = job(state=JobState.WATCHING if job_id else JobState.SUBMITTING, job_id=job_id, next_look_at=AT)
    paused = steps.paused(before, AT, SIGN_IN).record
    assert (paused.state, paused.error_code, paused.error_next_step) == (JobState.PAUSED, "E-AUTH", "Sign in again.")
    assert (paused.error_http_status, paused.next_look_at) == (401, None)
    assert paused.submitted_at == (START if job_id else None)
    resumed = steps.resumed(paused, AT + timedelta(minutes=1)).record
    assert resumed.state is (JobState.WATCHING if job_id else JobState.QUEUED)
    assert (resumed.error_code, resumed.error_http_status) == ("", None)
    assert resumed.next_look_at == AT + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (JobState.WATCHING, JobState.GONE),
        (JobState.WATCHING, JobState.FAILED),
        (JobState.SUBMITTING, JobState.SUBMIT_UNKNOWN),
        (JobState.READY, JobState.GONE),
    ],
)
def test_an_end_has_the_words_of_its_error(before: JobState, after: JobState) -> None:
    step = steps.ended(job(state=before, trouble="x"), AT, after, GONE)
    assert (step.record.state, step.record.error_message, step.record.trouble) == (after, "Gone.", "")
    assert (step.event, step.detail) == (after.value, "Gone.")


def test_a_stopped_job_stays_stopped_whatever_comes() -> None:
    assert steps.ended(job(state=JobState.STOPPED), AT, JobState.GONE, GONE).record.state is JobState.STOPPED


@pytest.mark.parametrize(("error", "taken"), [(UNSENT, False), (SIGN_IN, False), (GONE, True)])
def test_u02_an_order_that_fails_after_the_stop_says_whether_the_site_can_have_it(
    error: SanaError, taken: bool
) -> None:
    record = steps.ended(job(state=JobState.STOPPED, job_id=None), AT, JobState.STOPPED, error).record
    assert (record.not_taken, record.error_next_step) == (not taken, "")


def test_a_job_that_never_left_and_is_stopped_has_nothing_left_to_do() -> None:
    sent = job(state=JobState.SUBMITTING, job_id=None, submits=3)
    step = steps.stopped(steps.paused(sent, AT, SIGN_IN).record, AT)
    assert (step.record.not_taken, step.record.submits, step.event) == (True, 3, "given up")
    assert (step.record.error_code, step.record.error_message, step.record.error_next_step) == ("", "", "")
    watched = steps.stopped(job(), AT)
    assert (watched.record.not_taken, watched.event) == (False, "stopped")
    lost = job(state=JobState.SUBMIT_UNKNOWN, job_id=None, error_message="Lost.", error_next_step="Order again.")
    unsure = steps.stopped(lost, AT).record
    assert (unsure.not_taken, unsure.error_message, unsure.error_next_step) == (False, "Lost.", "")


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (job(), "It may go on there; nothing was taken back."),
        (job(state=JobState.QUEUED, job_id=None, submitted_at=None), "before it was sent: nothing was ordered."),
        (job(state=JobState.PAUSED, error_next_step="Check the address."), "It may go on there"),
    ],
)
def test_a_site_that_is_forgotten_ends_its_jobs_with_a_true_word(record: JobRecord, words: str) -> None:
    step = steps.site_forgotten(record, AT)
    assert (step.record.state, step.record.error_code) == (JobState.STOPPED, steps.SITE_FORGOTTEN)
    assert words in step.record.error_message
    assert (step.record.error_next_step, step.record.next_look_at) == ("", None)


@pytest.mark.parametrize("state", [JobState.FAILED, JobState.GONE])
def test_what_is_over_moves_no_more(state: JobState) -> None:
    for act in (
        lambda record: steps.sending(record, AT),
        lambda record: steps.resumed(record, AT),
        lambda record: steps.stopped(record, AT),
        lambda record: steps.paused(record, AT, SIGN_IN),
        lambda record: steps.looked(record, snapshot("done", Phase.READY, link=LINK), AT),
    ):
        with pytest.raises(IllegalTransition):
            act(job(state=state))


@pytest.mark.parametrize(
    ("answer", "event", "link"),
    [
        (snapshot("successful", Phase.READY, link=NEW_LINK), "link renewed", NEW_LINK),
        (snapshot("successful", Phase.READY, link=LINK), "same link again", LINK),
        (snapshot(), "odd answer", LINK),
        (snapshot("failed", Phase.FAILED), "odd answer", LINK),
    ],
)
def test_s16_asked_for_a_link_it_stays_ready_whatever_the_site_says(
    answer: JobSnapshot, event: str, link: DownloadLink
) -> None:
    step = steps.relinked(job(state=JobState.READY, link=LINK, polls=2), answer, AT)
    assert (step.record.state, step.event, step.record.link, step.record.polls) == (JobState.READY, event, link, 3)


PROTOCOL = ProtocolError("A page came.", code="E-PROTO")
CUT = NetworkError("Cut.", code="E-NET-LOST")


@pytest.mark.parametrize(
    ("fields", "failures", "error", "age", "words"),
    [
        ({}, 0, None, 10.0, ""),
        ({}, 2, CUT, 10.0, ""),
        ({}, 3, CUT, 10.0, "Connection trouble, still trying."),
        ({}, 1, PROTOCOL, 10.0, "A page came."),
        ({}, 0, PROTOCOL, 10.0, ""),
        ({"phase": Phase.UNKNOWN, "service_status": "odd"}, 0, None, 10.0,
         "The site says “odd”, which I do not know. I keep watching."),
        ({"phase": Phase.UNKNOWN, "service_status": "odd"}, 0, None, 86_400.0,
         "The site has said “odd” for a day, which I do not know."),
        ({"phase": Phase.READY}, 0, None, 10.0, "The site says it is ready, but gave no link yet."),
        ({}, 0, None, 1_799.0, ""),
        ({}, 0, None, 1_800.0, "Still not ready after 30 minutes."),
        ({}, 0, None, 3_599.0, "Still not ready after 30 minutes."),
        ({}, 0, None, 3_600.0, "Still not ready after 60 minutes."),
        ({}, 3, CUT, 9_999.0, "Connection trouble, still trying."),
    ],
)  # fmt: skip
def test_quiet_note(
    fields: dict[str, object], failures: int, error: NetworkError | None, age: float, words: str
) -> None:
    assert steps.note(job(**fields), failures, error, age, steps.LONG_WAIT_SECONDS) == words  # type: ignore[arg-type]


def test_errors_that_the_rules_make_name_the_job_and_a_way_on() -> None:
    for error in (steps.no_link_error(job()), steps.stranger_error(job()), steps.link_ended(job())):
        assert error.job_id == "remote-1"
        assert "Run it again" in error.next_step
        assert not error.retryable
    assert steps.link_ended(job()).code == "E-LINK-EXPIRED"
    assert steps.words_of(GONE)["error_kind"] == JobGone.kind
