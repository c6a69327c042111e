"""The models of jobs and downloads: rows change in place, clocks tick, and the model tester stays silent."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractItemModel, Qt, QUrl
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy

from sana_desktop.reports.job import JobRecord, JobState
from sana_desktop.reports.transfer import TransferProgress, TransferRecord, TransferState
from sana_desktop.ui.models.downloads import FRACTION_ROLE, DownloadColumn, DownloadsModel
from sana_desktop.ui.models.jobs import TONE_ROLE, JobColumn, JobsModel
from sana_desktop.ui.reports.state_words import Tone
from tests.support.records import START, job, order, transfer


def jobs_model(now: datetime = START) -> JobsModel:
    return JobsModel(lambda: now, lambda connection: connection.upper(), lambda record: (38.0, 42.0))


def downloads_model(now: datetime = START) -> DownloadsModel:
    return DownloadsModel(lambda: now, lambda record: now)


def text(model: QAbstractItemModel, row: int, column: int) -> str:
    return str(model.index(row, column).data())


@pytest.fixture(autouse=True)
def _app(qapp: object) -> None:
    """Models use translations, which need an application."""


def test_a_row_says_state_time_and_what_comes_next() -> None:
    model = jobs_model(START + timedelta(seconds=12))
    model.put(job(next_look_at=START + timedelta(seconds=16)))
    assert text(model, 0, JobColumn.STATE) == "Being prepared"
    assert text(model, 0, JobColumn.ELAPSED) == "0:12"
    assert text(model, 0, JobColumn.NEXT) == "usually 38–42 s · next look in 4 s"
    assert text(model, 0, JobColumn.SITE) == "ACME"


def test_a_changed_record_changes_its_row_only() -> None:
    model = jobs_model()
    model.fill([job("a"), job("b"), job("c")])
    changed = QSignalSpy(model.dataChanged)
    reset = QSignalSpy(model.modelReset)
    model.put(job("b", JobState.READY))
    assert reset.count() == 0
    assert changed.count() == 1
    assert {changed.at(0)[0].row(), changed.at(0)[1].row()} == {model.row_of("b")}


def test_newest_first_and_rows_are_found_after_removal() -> None:
    model = jobs_model()
    for name in "abc":
        model.put(job(name))
    assert [record.id for record in model.records()] == ["c", "b", "a"]
    model.remove("b")
    assert [model.row_of(name) for name in "abc"] == [1, None, 0]


def test_open_jobs_are_counted_as_they_change() -> None:
    model = jobs_model()
    spy = QSignalSpy(model.open_count_changed)
    model.fill([job("a"), job("b", JobState.FAILED)])
    model.put(job("c"))
    model.put(job("a", JobState.READY))
    model.remove("c")
    assert model.open_count == 0
    assert [spy.at(i)[0] for i in range(spy.count())] == [1, 2, 1, 0]


def test_U05_text_from_outside_is_one_harmless_line() -> None:
    model = jobs_model()
    model.put(job(order=replace(order("<b>x</b>\n\x1b[31m\u202eevil"))))
    shown = text(model, 0, JobColumn.REPORT)
    assert "\n" not in shown
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "<b>x</b>" in shown


def test_tick_touches_open_rows_in_sight_only() -> None:
    model = jobs_model()
    model.fill([job("a"), job("b", JobState.READY), job("c")])
    changed = QSignalSpy(model.dataChanged)
    model.tick(0, 1)
    assert changed.count() == 1


def test_U08_the_model_tester_is_silent_under_random_changes() -> None:
    chance = random.Random(7)
    jobs, downloads = jobs_model(), downloads_model()
    testers = [
        QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
        for model in (jobs, downloads)
    ]
    for _ in range(600):
        name = str(chance.randrange(40))
        match chance.randrange(4):
            case 0:
                jobs.remove(name)
                downloads.remove(name)
            case 1:
                downloads.progress(TransferProgress(name, 5, 10, 1.0, None))
            case _:
                jobs.put(job(name, chance.choice(list(JobState))))
                downloads.put(transfer(name, chance.choice(list(TransferState)), job=name))
    expected: set[str] = {record.id for record in jobs.records()}
    assert all(jobs.record(jobs.row_of(name) or 0).id == name for name in expected)
    assert len(testers) == 2


def test_progress_shows_only_while_fetching_and_only_what_is_known() -> None:
    model = downloads_model()
    model.put(transfer())
    model.progress(TransferProgress("t1", 5_000_000, None, 1_000_000, None))
    cell = model.index(0, DownloadColumn.SIZE)
    assert cell.data() == "5.0 MB · 1.0 MB/s"
    assert cell.data(FRACTION_ROLE) is None
    model.progress(TransferProgress("t1", 5_000_000, 10_000_000, 1_000_000, 5.0))
    assert cell.data(FRACTION_ROLE) == 0.5
    model.put(transfer(state=TransferState.DONE, total=10_000_000, rows=18_204))
    assert cell.data() == "10.0 MB · 18,204 rows"
    assert cell.data(FRACTION_ROLE) is None


def test_link_life_carries_its_tone() -> None:
    model = downloads_model(START)
    model.put(transfer(link_expires_at=START + timedelta(seconds=30)))
    assert model.index(0, DownloadColumn.LINK).data(TONE_ROLE) == Tone.BAD


def test_only_a_finished_row_can_be_dragged_out_as_its_file(tmp_path: Path) -> None:
    model = downloads_model()
    model.put(transfer("t1"))
    model.put(transfer("t2", TransferState.DONE, folder=str(tmp_path), name="report.csv"))
    finished, running = model.index(0, 0), model.index(1, 0)
    assert model.flags(finished) & Qt.ItemFlag.ItemIsDragEnabled
    assert not model.flags(running) & Qt.ItemFlag.ItemIsDragEnabled
    data = model.mimeData([finished, running])
    assert data.urls() == [QUrl.fromLocalFile(str(tmp_path / "report.csv"))]


def test_records_of_an_earlier_session_come_newest_first() -> None:
    model = downloads_model()
    old = transfer("old", TransferState.DONE)
    new = replace(old, id="new", created_at=START + timedelta(days=1))
    records: list[TransferRecord] = [old, new]
    model.fill(records)
    assert [record.id for record in model.records()] == ["new", "old"]
    empty: list[JobRecord] = []
    fresh = jobs_model()
    fresh.fill(empty)
    assert fresh.rowCount() == 0
