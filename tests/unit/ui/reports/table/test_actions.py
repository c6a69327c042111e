"""Acts: each state offers what makes sense there, keys are unambiguous, and every icon exists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from PySide6.QtGui import QKeySequence

from sana_desktop.reports.queue import steps
from sana_desktop.reports.records.job import OPEN_STATES, JobState
from sana_desktop.reports.records.transfer import FOUND_AGAIN, TransferState
from sana_desktop.store.resources import read_text
from sana_desktop.ui.reports.table.actions import (
    Act,
    DownloadAction,
    JobAction,
    download_acts,
    download_buttons,
    job_acts,
    job_buttons,
    row_buttons,
    ways_on_of,
)
from tests.support.records import START, job, transfer

COMMON_JOB = {JobAction.DETAILS, JobAction.SHOW_SQL, JobAction.COPY_ID}
JOBS = {
    JobState.QUEUED: {JobAction.STOP_WATCHING},
    JobState.SUBMITTING: {JobAction.STOP_WATCHING},
    JobState.WATCHING: {JobAction.CHECK_NOW, JobAction.STOP_WATCHING},
    JobState.PAUSED: {JobAction.SIGN_IN, JobAction.STOP_WATCHING},
    JobState.READY: {JobAction.RUN_AGAIN, JobAction.REMOVE},
    JobState.FAILED: {JobAction.RUN_AGAIN, JobAction.REMOVE},
    JobState.GONE: {JobAction.RUN_AGAIN, JobAction.REMOVE},
    JobState.SUBMIT_UNKNOWN: {JobAction.ORDER_AGAIN, JobAction.REMOVE},
    JobState.STOPPED: {JobAction.WATCH_AGAIN, JobAction.RUN_AGAIN, JobAction.REMOVE},
}
DOWNLOADS = {
    TransferState.WAITING: {DownloadAction.PAUSE},
    TransferState.FETCHING: {DownloadAction.PAUSE},
    TransferState.PAUSED: {DownloadAction.RESUME, DownloadAction.OTHER_FOLDER, DownloadAction.REMOVE},
    TransferState.FINALIZING: set[DownloadAction](),
    TransferState.DONE: {
        DownloadAction.OPEN,
        DownloadAction.SHOW_IN_FOLDER,
        DownloadAction.COPY_PATH,
        DownloadAction.COPY_FILE,
        DownloadAction.COPY_HASH,
        DownloadAction.VERIFY,
        DownloadAction.RUN_AGAIN,
        DownloadAction.REMOVE,
    },
    TransferState.LINK_ENDED: {DownloadAction.RUN_AGAIN, DownloadAction.REMOVE},
    TransferState.FAILED: {
        DownloadAction.RESUME,
        DownloadAction.OTHER_FOLDER,
        DownloadAction.RUN_AGAIN,
        DownloadAction.REMOVE,
    },
}


@pytest.fixture(autouse=True)
def _app(qapp: object) -> None:
    """Words are translated, which needs an application."""


@pytest.mark.parametrize("state", list(JobState))
def test_a_job_offers_what_its_state_allows(state: JobState) -> None:
    acts = job_acts(job(state=state))
    assert {act.name for act in acts} == JOBS[state] | COMMON_JOB
    check(acts)


def test_A13_a_job_that_takes_very_long_may_be_watched_on() -> None:
    late = job(trouble=steps.note(job(), 0, None, 1_860.0, steps.LONG_WAIT_SECONDS))
    acts = job_acts(late)
    assert {act.name for act in acts} == JOBS[JobState.WATCHING] | COMMON_JOB | {JobAction.KEEP_WATCHING}
    check(acts)
    assert JobAction.KEEP_WATCHING in [act.name for act in row_buttons(acts, job_buttons())]
    for other in (replace(late, state=JobState.STOPPED), replace(late, trouble="Connection trouble.")):
        assert JobAction.KEEP_WATCHING not in [act.name for act in job_acts(other)]


@pytest.mark.parametrize("state", list(TransferState))
def test_a_download_offers_what_its_state_allows(state: TransferState) -> None:
    acts = download_acts(transfer(state=state))
    assert {act.name for act in acts} == DOWNLOADS[state]
    check(acts)


@pytest.mark.parametrize("state", sorted(OPEN_STATES))
def test_what_is_under_way_is_stopped_before_it_is_removed(state: JobState) -> None:
    assert JobAction.REMOVE not in {act.name for act in job_acts(job(state=state))}


def test_without_an_id_of_the_site_there_is_nothing_to_copy_or_watch() -> None:
    names = {act.name for act in job_acts(job(state=JobState.STOPPED, job_id=None))}
    assert not names & {JobAction.COPY_ID, JobAction.WATCH_AGAIN}


def check(acts: Sequence[Act]) -> None:
    """Words and icons are there, nothing is offered twice, and no two acts share a key."""
    assert all(act.words for act in acts)
    for act in acts:
        assert read_text(f"icons/{act.icon}.svg")
    assert len({act.name for act in acts}) == len(acts)
    keys = [act.key for act in acts if act.key != QKeySequence()]
    assert len({key.toString() for key in keys}) == len(keys)
    places = [act.place for act in acts if act.place is not None]
    assert len(set(places)) == len(places), "two buttons in one place"


@pytest.mark.parametrize("error", [{"error_kind": "network"}, {"error_code": "E-NET-DNS"}, {"error_code": "E-TLS"}])
def test_a_job_that_could_not_reach_the_site_is_tried_again_not_signed_in(error: dict[str, str]) -> None:
    acts = job_acts(job(state=JobState.PAUSED, **error))
    assert (acts[0].name, acts[0].words) == (JobAction.CHECK_NOW, "Try again")
    assert JobAction.SIGN_IN not in {act.name for act in acts}
    check(acts)


def test_what_asks_first_says_so() -> None:
    acts = [*job_acts(job(state=JobState.FAILED)), *download_acts(transfer(state=TransferState.DONE))]
    assert [act.words for act in acts if act.name in {JobAction.REMOVE, DownloadAction.REMOVE}] == [
        "Remove from list…"
    ] * 2


def test_a_file_that_was_found_again_can_be_used_but_not_run_again() -> None:
    acts = [act.name for act in download_acts(transfer(state=TransferState.DONE, notices=(FOUND_AGAIN,)))]
    assert {DownloadAction.OPEN, DownloadAction.VERIFY, DownloadAction.REMOVE} <= set(acts)
    assert not {DownloadAction.RUN_AGAIN, DownloadAction.COPY_HASH} & set(acts)


def test_M6_a_button_keeps_its_place_whatever_becomes_of_the_record() -> None:
    jobs = [row_buttons(job_acts(job(state=state)), job_buttons()) for state in JobState]
    files = [transfer(state=state) for state in TransferState]
    files.append(transfer(state=TransferState.DONE, lost_at=START))
    downloads = [row_buttons(download_acts(file), download_buttons()) for file in files]
    for rows, usual in ((jobs, job_buttons()), (downloads, download_buttons())):
        assert {len(row) for row in rows} == {len(usual)}
        assert all(act.place == place for row in rows for place, act in enumerate(row))


def test_M6_what_orders_a_report_has_a_place_and_an_icon_of_its_own() -> None:
    ordering = {JobAction.RUN_AGAIN, JobAction.ORDER_AGAIN, DownloadAction.RUN_AGAIN}
    acts = [act for state in JobState for act in job_acts(job(state=state))]
    acts += [act for state in TransferState for act in download_acts(transfer(state=state))]
    acts += download_acts(transfer(state=TransferState.DONE, lost_at=START))
    assert {act.icon for act in acts if act.name in ordering} == {"again"}
    assert not {act.icon for act in acts if act.name not in ordering} & {"again"}
    of_jobs = {act.place for state in JobState for act in job_acts(job(state=state)) if act.name in ordering}
    others = {act.place for state in JobState for act in job_acts(job(state=state)) if act.name not in ordering}
    assert of_jobs == {2}
    assert not of_jobs & others


def test_M6_what_can_not_be_done_now_stands_in_its_place_disabled() -> None:
    row = row_buttons(job_acts(job(state=JobState.WATCHING)), job_buttons())
    assert [(act.name, act.enabled) for act in row] == [
        (JobAction.CHECK_NOW, True),
        (JobAction.STOP_WATCHING, True),
        (JobAction.RUN_AGAIN, False),
        (JobAction.DETAILS, True),
    ]
    row = row_buttons(job_acts(job(state=JobState.READY)), job_buttons())
    assert [act.enabled for act in row] == [False, False, True, True]


def test_what_waits_for_a_place_or_for_room_can_be_tried_at_once() -> None:
    away = transfer(state=TransferState.WAITING, error_code="E-NET-CONNECT")
    cramped = transfer(state=TransferState.WAITING, error_code="E-DISK-FULL")
    both = {DownloadAction.PAUSE, DownloadAction.RESUME}
    assert {act.name for act in download_acts(away)} == both
    assert {act.name for act in download_acts(cramped)} == {*both, DownloadAction.OTHER_FOLDER}
    unsent = job(state=JobState.QUEUED, trouble="No way.", error_code="E-NET-CONNECT", error_kind="network")
    assert [act.words for act in job_acts(unsent) if act.name == JobAction.CHECK_NOW] == ["Try now"]
    throttled = replace(unsent, error_code="")
    assert JobAction.CHECK_NOW not in {act.name for act in job_acts(throttled)}


@pytest.mark.parametrize("state", list(TransferState))
def test_the_ways_on_of_a_file_are_those_of_its_row(state: TransferState) -> None:
    file = transfer(state=state)
    ways = [act.name for act in ways_on_of(job(state=JobState.READY), file)]
    stuck = state in {TransferState.PAUSED, TransferState.FAILED}
    assert ways == ([DownloadAction.RESUME, DownloadAction.OTHER_FOLDER] if stuck else [])
    assert ways_on_of(job(), file) == ways_on_of(job(state=JobState.READY), None) == []
