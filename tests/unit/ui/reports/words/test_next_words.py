"""What comes next beside the state of a job: how far its file is, what a refusal comes down to."""

from __future__ import annotations

import pytest

from sana_desktop.reports.records.job import JobState
from sana_desktop.reports.records.transfer import TransferProgress, TransferState
from sana_desktop.ui.reports.words.next_words import fetching, is_query_at_fault, refusal
from tests.support.records import job, transfer

READY = job(state=JobState.READY)


@pytest.mark.parametrize(
    ("state", "total", "words"),
    [
        (TransferState.WAITING, None, ["Its file is fetched in its turn.", "Fetched in its turn"]),
        (TransferState.FETCHING, 4_000, ["Fetching the file, 25 %", "Fetching, 25 %", "25 %"]),
        (TransferState.FETCHING, None, ["Fetching the file, 1.0 kB", "Fetching, 1.0 kB", "1.0 kB"]),
        (TransferState.FINALIZING, 4_000, ["Checking the file"]),
        (TransferState.DONE, 4_000, []),
        (TransferState.PAUSED, 4_000, []),
    ],
)
def test_how_far_the_file_is(qapp: object, state: TransferState, total: int | None, words: list[str]) -> None:
    file = transfer(state=state, received=1_000, total=total)
    assert fetching(READY, file, None) == words
    assert fetching(job(), file, None) == [], "the job itself is not finished"
    assert fetching(READY, transfer(state=state, error_message="No room."), None) == [], "trouble is said instead"


def test_what_is_live_is_newer_than_what_is_on_record(qapp: object) -> None:
    live = TransferProgress("t1", 3_000, 4_000, 1.0, None)
    assert fetching(READY, transfer(received=1_000, total=4_000), live)[0] == "Fetching the file, 75 %"


def test_a_refusal_comes_down_to_what_the_site_said() -> None:
    assert refusal("It said: “No “such” table.”.")[-1] == "No “such” table."
    assert refusal("It did not say why.") == ["It did not say why."]


def test_only_a_failed_query_is_changed() -> None:
    assert is_query_at_fault(job(state=JobState.FAILED, error_code="E-QUERY"))
    assert is_query_at_fault(job(state=JobState.FAILED, error_code="E-JOB-FAILED"))
    assert not is_query_at_fault(job(state=JobState.FAILED, error_code="E-NET"))
    assert not is_query_at_fault(job(state=JobState.PAUSED, error_code="E-QUERY"))
