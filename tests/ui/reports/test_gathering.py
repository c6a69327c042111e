"""What changes within the same moment reaches the rows once, in order; what ends, or needs the person, at once."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from sana_desktop.reports.records.job import JobRecord, JobState
from sana_desktop.reports.records.transfer import TransferProgress, TransferRecord, TransferState
from sana_desktop.ui.reports.records.gathering import GATHER_MS, MAX_AT_ONCE, Gathering
from tests.support.records import job, transfer


class Told:
    """Rows that note what they are told."""

    def __init__(self) -> None:
        self.all: list[str] = []
        self.breaks = ""

    def _note(self, what: str) -> None:
        if what == self.breaks:
            raise RuntimeError(what)
        self.all.append(what)

    def job_changed(self, record: JobRecord) -> None:
        self._note(f"{record.id} {record.state.value}")

    def job_removed(self, job: str) -> None:
        self._note(f"{job} removed")

    def transfer_changed(self, record: TransferRecord) -> None:
        self._note(f"{record.id} {record.state.value}")

    def progressed(self, progress: TransferProgress) -> None:
        self._note(f"{progress.id} {progress.received}")

    def transfer_removed(self, transfer: str) -> None:
        self._note(f"{transfer} removed")

    def job(self, job: str) -> JobRecord | None:
        return None


class Bench(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.rows = Told()
        self.gathering = Gathering(self.rows, self)

    def arrives(self, received: int) -> None:
        self.gathering.progressed(TransferProgress("t", received, 100, 1.0, None))


@pytest.fixture
def bench(qtbot: QtBot) -> Bench:
    return Bench()


def test_states_on_the_way_are_told_once_and_soon(bench: Bench, qtbot: QtBot) -> None:
    for state in (JobState.QUEUED, JobState.SUBMITTING, JobState.WATCHING):
        bench.gathering.job_changed(job("j", state))
    assert bench.rows.all == []
    qtbot.waitUntil(lambda: bool(bench.rows.all), timeout=20 * GATHER_MS)
    assert bench.rows.all == ["j watching"]
    bench.gathering.job_changed(job("j", JobState.READY))
    qtbot.waitUntil(lambda: len(bench.rows.all) == 2, timeout=20 * GATHER_MS)
    assert bench.rows.all == ["j watching", "j ready"]


@pytest.mark.parametrize(
    "state", [JobState.FAILED, JobState.GONE, JobState.SUBMIT_UNKNOWN, JobState.PAUSED, JobState.STOPPED]
)
def test_what_ends_or_needs_the_person_is_told_at_once(bench: Bench, state: JobState) -> None:
    bench.gathering.job_changed(job("other"))
    bench.gathering.job_changed(job("j"))
    bench.gathering.job_changed(job("j", state))
    assert bench.rows.all == ["other watching", f"j {state.value}"]


@pytest.mark.parametrize(
    "state", [TransferState.DONE, TransferState.FAILED, TransferState.LINK_ENDED, TransferState.PAUSED]
)
def test_the_end_of_a_download_is_told_at_once_after_what_came_before_it(bench: Bench, state: TransferState) -> None:
    bench.gathering.job_changed(job("j", JobState.READY))
    bench.gathering.transfer_changed(transfer("t", TransferState.FETCHING))
    bench.arrives(40)
    bench.gathering.transfer_changed(transfer("t", TransferState.FINALIZING))
    bench.gathering.transfer_changed(transfer("t", state))
    assert bench.rows.all == ["j ready", "t 40", f"t {state.value}"]


def test_a_download_that_waits_for_a_reason_says_so_at_once(bench: Bench) -> None:
    bench.gathering.transfer_changed(transfer("t", TransferState.WAITING, error_message="The disk is full."))
    assert bench.rows.all == ["t waiting"]


def test_live_figures_come_after_the_state_they_belong_to(bench: Bench) -> None:
    bench.gathering.transfer_changed(transfer("t", TransferState.FETCHING))
    bench.arrives(10)
    bench.arrives(20)
    bench.gathering.hand_on()
    assert bench.rows.all == ["t fetching", "t 20"]


def test_nothing_is_told_of_a_record_after_its_removal(bench: Bench) -> None:
    bench.gathering.job_changed(job("j"))
    bench.gathering.transfer_changed(transfer("t"))
    bench.gathering.transfer_removed("t")
    bench.gathering.job_changed(job("j", JobState.READY))
    bench.gathering.job_removed("j")
    bench.gathering.hand_on()
    assert bench.rows.all == ["j watching", "t fetching", "t removed", "j ready", "j removed"]


def test_many_at_the_same_moment_are_handed_on_in_parts(bench: Bench) -> None:
    for number in range(MAX_AT_ONCE + 1):
        bench.gathering.job_changed(job(f"j{number}"))
    assert len(bench.rows.all) == MAX_AT_ONCE


def test_who_asks_for_a_job_gets_it_as_it_is_now(bench: Bench) -> None:
    bench.gathering.job_changed(job("j", JobState.WATCHING))
    found = bench.gathering.job("j")
    assert found is not None
    assert found.state is JobState.WATCHING
    assert bench.gathering.job("other") is None


def test_a_row_that_fails_does_not_keep_the_others_from_being_told(bench: Bench, qtbot: QtBot) -> None:
    bench.rows.breaks = "broken watching"
    bench.gathering.job_changed(job("broken"))
    bench.gathering.job_changed(job("fine"))
    with pytest.raises(RuntimeError):
        bench.gathering.hand_on()
    qtbot.waitUntil(lambda: bench.rows.all == ["fine watching"], timeout=20 * GATHER_MS)
