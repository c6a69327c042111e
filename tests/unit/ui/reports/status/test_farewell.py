"""What is said at a close."""

from __future__ import annotations

import pytest

from sana_desktop.reports.records.job import JobState
from sana_desktop.reports.records.transfer import TransferState
from sana_desktop.ui.reports.status.farewell import farewell_words
from tests.support.records import job, order, transfer


@pytest.mark.parametrize(
    ("jobs", "files", "what"),
    [
        ((), (TransferState.FETCHING,), "1 download"),
        ((JobState.WATCHING,), (), "1 report"),
        ((JobState.READY, JobState.QUEUED), (TransferState.WAITING,) * 2, "1 report and 2 downloads"),
    ],
)
def test_what_is_under_way_goes_on(jobs: tuple[JobState, ...], files: tuple[TransferState, ...], what: str) -> None:
    words = farewell_words(
        [job(f"j{at}", state) for at, state in enumerate(jobs)],
        [transfer(f"t{at}", state) for at, state in enumerate(files)],
    )
    assert words == f"Closing. What is under way goes on at the next start: {what}."


def test_what_has_ended_is_not_counted() -> None:
    assert farewell_words([job("a", JobState.FAILED)], [transfer("a", TransferState.DONE)]) == ""


def test_what_lives_by_a_pass_in_memory_does_not_go_on_and_what_needs_a_person_is_not_said_to() -> None:
    jobs = [job("a", order=order("Users", "pasted")), job("b", order=order("Courses")), job("c", JobState.PAUSED)]
    words = farewell_words(jobs, (), lambda connection: connection == "pasted")
    assert words == (
        "Closing. What is under way goes on at the next start: 1 report. "
        "The pass or secret for “Users” is in memory only: at the next start it waits for you to sign in."
    )
    both = farewell_words(jobs[:2], (), lambda connection: True)
    assert both == (
        "Closing. The passes or secrets for “Users” and “Courses” are in memory only: at the next start they wait for "
        "you to sign in."
    )
