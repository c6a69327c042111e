"""The states of a job: where it may go, and where it may not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sana_desktop.api.models import DownloadLink, ReportFormat
from sana_desktop.base.redaction import Secret
from sana_desktop.reports.records.job import (
    OPEN_STATES,
    IllegalTransition,
    JobRecord,
    JobState,
    Order,
    check_transition,
)

AT = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)


def record(state: JobState) -> JobRecord:
    return JobRecord("a", Order("acme", "Title", "SELECT 1", ReportFormat.CSV), state, AT, AT)


def reachable(start: JobState) -> set[JobState]:
    found = {start}
    while True:
        more = {after for after in JobState for before in found if _may(before, after)}
        if more <= found:
            return found
        found |= more


def _may(before: JobState, after: JobState) -> bool:
    try:
        check_transition(before, after)
    except IllegalTransition:
        return False
    return True


def test_moving_sets_state_time_and_fields_and_leaves_the_old_record_alone() -> None:
    before = record(JobState.QUEUED)
    after = before.moved(JobState.SUBMITTING, AT + timedelta(seconds=1), submits=1)
    assert (after.state, after.changed_at, after.submits) == (JobState.SUBMITTING, AT + timedelta(seconds=1), 1)
    assert (before.state, before.changed_at, before.submits) == (JobState.QUEUED, AT, 0)


def test_a_forbidden_move_is_a_bug() -> None:
    with pytest.raises(IllegalTransition):
        record(JobState.SUBMIT_UNKNOWN).moved(JobState.QUEUED, AT)


@pytest.mark.parametrize("state", JobState)
def test_staying_is_always_allowed(state: JobState) -> None:
    assert record(state).moved(state, AT).state is state


def test_every_state_can_be_reached_from_the_first() -> None:
    assert reachable(JobState.QUEUED) == set(JobState)


@pytest.mark.parametrize("state", [JobState.FAILED, JobState.GONE])
def test_what_is_over_stays_over(state: JobState) -> None:
    assert reachable(state) == {state}


def test_i3_an_order_is_sent_only_out_of_the_queue() -> None:
    assert {state for state in JobState if _may(state, JobState.SUBMITTING)} == {JobState.QUEUED, JobState.SUBMITTING}


def test_i3_only_what_surely_did_not_arrive_or_was_paused_comes_back_to_the_queue() -> None:
    back = {state for state in JobState if _may(state, JobState.QUEUED)} - {JobState.QUEUED}
    assert back == {JobState.SUBMITTING, JobState.PAUSED}


def test_the_open_states_are_those_with_something_left_to_do() -> None:
    assert {JobState.QUEUED, JobState.SUBMITTING, JobState.WATCHING, JobState.PAUSED} == OPEN_STATES


def test_t2_a_record_in_a_log_shows_no_link() -> None:
    link = DownloadLink(Secret("https://store.example/x?sig=canary"), AT)
    ready = record(JobState.WATCHING).moved(JobState.READY, AT, link=link)
    assert "canary" not in repr(ready)
    assert "store.example" not in repr(ready)
