"""Whatever the service answers and the person does, in whatever order: a job moves only as its states allow."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from sana_desktop.api.errors import NotSent, submit_unknown
from sana_desktop.api.models import DownloadLink, JobSnapshot, Phase, ReportFormat
from sana_desktop.base.errors import AuthError, JobGone
from sana_desktop.base.redaction import Secret
from sana_desktop.reports.queue import steps
from sana_desktop.reports.records.job import IllegalTransition, JobRecord, JobState, Order, check_transition
from sana_desktop.reports.records.rows import job_row

START = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
LINK = DownloadLink(Secret("https://store.example/x?sig=canary"), None)
NOT_SENT = NotSent("No way.", code="E-NET-DNS", retryable=True)
SIGN_IN = AuthError("Sign in.", code="E-AUTH")
GONE = JobGone("Gone.", code="E-JOB-GONE")

snapshots = st.builds(
    JobSnapshot,
    job_id=st.just("r1"),
    status=st.sampled_from(["pending", "running", "successful", "failed", "odd"]),
    phase=st.sampled_from(Phase),
    link=st.sampled_from([None, LINK]),
    reason=st.text(max_size=20),
)
acts = st.one_of(
    st.sampled_from(["send", "not sent", "unknown", "refused", "pause", "resume", "gone", "stop", "relink nothing"]),
    snapshots,
)


def act_on(record: JobRecord, act: object, at: datetime) -> JobRecord:
    """Do what the queue does: an act that has no meaning in a state is not done."""
    state = record.state
    if isinstance(act, JobSnapshot):
        if state is JobState.SUBMITTING or (state is JobState.STOPPED and record.submits and record.job_id is None):
            return steps.answered(record, act, at).record
        if state is JobState.WATCHING:
            return steps.looked(record, act, at).record
        return steps.relinked(record, act, at).record if state is JobState.READY else record
    if act == "send" and state is JobState.QUEUED:
        return steps.sending(record, at).record
    if act == "not sent" and state is JobState.SUBMITTING:
        return steps.not_sent(record, at, at, NOT_SENT).record
    if act == "unknown" and state in {JobState.SUBMITTING, JobState.STOPPED}:
        return steps.ended(record, at, JobState.SUBMIT_UNKNOWN, submit_unknown()).record
    if act == "refused" and state in {JobState.SUBMITTING, JobState.WATCHING}:
        return steps.ended(record, at, JobState.FAILED, GONE).record
    if act == "pause" and state in {JobState.QUEUED, JobState.SUBMITTING, JobState.WATCHING}:
        return steps.paused(record, at, SIGN_IN).record
    if act == "resume" and (state is JobState.PAUSED or (state is JobState.STOPPED and record.job_id)):
        return steps.resumed(record, at).record
    if act == "gone" and state in {JobState.WATCHING, JobState.READY}:
        return steps.ended(record, at, JobState.GONE, GONE).record
    if act == "stop" and state in {
        JobState.QUEUED,
        JobState.SUBMITTING,
        JobState.WATCHING,
        JobState.PAUSED,
        JobState.SUBMIT_UNKNOWN,
    }:
        return steps.stopped(record, at).record
    if act == "relink nothing" and state is JobState.READY:
        return steps.relinked(record, JobSnapshot("r1", "pending", Phase.PENDING), at).record
    return record


@settings(deadline=None)
@given(st.lists(acts, max_size=40))
def test_every_story_keeps_the_invariants(story: list[object]) -> None:
    order = Order("acme", "Title", "SELECT 1", ReportFormat.CSV)
    record = JobRecord("a", order, JobState.QUEUED, START, START)
    for minute, act in enumerate(story):
        before, record = record, act_on(record, act, START + timedelta(minutes=minute))
        check_transition(before.state, record.state)
        assert record.submits - before.submits == (
            record.state is JobState.SUBMITTING and before.state is JobState.QUEUED
        )
        assert (record.state is JobState.WATCHING) <= (record.job_id is not None)
        assert (record.state in {JobState.READY, JobState.GONE}) <= (record.job_id is not None)
        assert (record.state is JobState.READY) <= (record.link is not None and record.ready_at is not None)
        assert (record.state in {JobState.FAILED, JobState.GONE, JobState.PAUSED}) <= bool(record.error_message)
        assert (job_row(record)["link_url"] is not None) <= (record.state is JobState.READY)
        if before.job_id is not None:
            assert record.job_id == before.job_id
        if before.state is JobState.READY:
            assert record.state in {JobState.READY, JobState.GONE}


@settings(deadline=None)
@given(st.sampled_from(JobState), st.sampled_from(JobState))
def test_only_a_queued_job_can_be_sent_and_nothing_lost_is_sent_again(before: JobState, after: JobState) -> None:
    try:
        check_transition(before, after)
    except IllegalTransition:
        return
    if after is JobState.SUBMITTING and before is not after:
        assert before is JobState.QUEUED
    if before is JobState.SUBMIT_UNKNOWN:
        assert after in {JobState.SUBMIT_UNKNOWN, JobState.STOPPED}
    if before is JobState.STOPPED:
        assert after in {JobState.STOPPED, JobState.WATCHING}
