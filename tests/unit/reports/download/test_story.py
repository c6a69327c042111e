"""What the story of a job says of the pauses and ends of its file."""

from __future__ import annotations

import pytest

from sana_desktop.reports.download.story import LINK_ENDED, NO_FILE, ending_line, paused_line
from sana_desktop.reports.records.job import FileEvent
from sana_desktop.reports.records.transfer import TransferState
from tests.support.records import START, transfer


def test_a_pause_is_told_with_its_reason_and_anything_else_is_none() -> None:
    paused = transfer(state=TransferState.PAUSED, error_message="No such folder.", changed_at=START)
    (line,) = paused_line(paused)
    assert (line.at, line.event, line.detail) == (START, FileEvent.PAUSED, "No such folder.")
    assert paused_line(transfer(state=TransferState.WAITING)) == ()


@pytest.mark.parametrize(
    ("state", "event"),
    [(TransferState.FAILED, NO_FILE), (TransferState.LINK_ENDED, LINK_ENDED), (TransferState.PAUSED, None)],
)
def test_an_end_that_is_tried_again_stays_told(state: TransferState, event: str | None) -> None:
    told = ending_line(transfer(state=state, error_message="Why.", changed_at=START))
    assert [(line.at, line.event, line.detail) for line in told] == ([(START, event, "Why.")] if event else [])
