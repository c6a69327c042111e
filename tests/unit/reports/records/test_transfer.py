"""The states of a download: where it may go, and where it may not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sana_desktop.reports.records.job import IllegalTransition
from sana_desktop.reports.records.transfer import OPEN_TRANSFERS, TransferRecord, TransferState

AT = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)


def record(state: TransferState) -> TransferRecord:
    return TransferRecord("t", "j", state, "folder", "report.csv", AT, AT)


def next_of(state: TransferState) -> set[TransferState]:
    found = set()
    for after in TransferState:
        try:
            record(state).moved(after, AT)
        except IllegalTransition:
            continue
        found.add(after)
    return found - {state}


def test_moving_sets_state_time_and_fields() -> None:
    after = record(TransferState.WAITING).moved(TransferState.FETCHING, AT + timedelta(seconds=1), total=9)
    assert (after.state, after.changed_at, after.total) == (TransferState.FETCHING, AT + timedelta(seconds=1), 9)


def test_i1_done_is_reached_through_finalizing_alone_and_never_left() -> None:
    assert {state for state in TransferState if TransferState.DONE in next_of(state)} == {TransferState.FINALIZING}
    assert next_of(TransferState.DONE) == set()


def test_finalizing_begins_only_with_all_bytes_fetched() -> None:
    before = {state for state in TransferState if TransferState.FINALIZING in next_of(state)}
    assert before == {TransferState.FETCHING}


@pytest.mark.parametrize("state", [TransferState.FAILED, TransferState.LINK_ENDED, TransferState.PAUSED])
def test_what_ended_badly_can_be_tried_again(state: TransferState) -> None:
    assert TransferState.WAITING in next_of(state)


def test_the_open_states_go_on_by_themselves() -> None:
    assert {TransferState.WAITING, TransferState.FETCHING, TransferState.FINALIZING} == OPEN_TRANSFERS
