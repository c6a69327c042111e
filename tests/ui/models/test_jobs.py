"""The model of jobs: rows change in place, clocks tick, and the model tester stays silent."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy

from sana_desktop.reports.job import JobState
from sana_desktop.ui.models.jobs import JobColumn, JobsModel
from sana_desktop.ui.models.records import SHORTER_ROLE
from tests.support.records import START, job, order


def jobs_model(now: datetime = START) -> JobsModel:
    return JobsModel(lambda: now, lambda connection: connection.upper(), lambda record: (38.0, 42.0))


def text(model: JobsModel, row: int, column: int) -> str:
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


def test_what_comes_next_has_shorter_words_that_keep_what_matters() -> None:
    model = jobs_model(START + timedelta(seconds=12))
    calm = job("a", next_look_at=START + timedelta(seconds=16))
    troubled = replace(calm, id="b", trouble="Connection trouble, still trying.")
    model.fill([calm, troubled])
    rows = [model.row_of(name) or 0 for name in "ab"]
    assert model.index(rows[0], JobColumn.NEXT).data(SHORTER_ROLE) == ["next look in 4 s"]
    assert text(model, rows[1], JobColumn.NEXT) == "Connection trouble, still trying · next look in 4 s"
    assert model.index(rows[1], JobColumn.NEXT).data(SHORTER_ROLE)[-1] == "Connection trouble, still trying"


def test_A13_a_job_that_takes_very_long_says_so_and_goes_on() -> None:
    late = START + timedelta(minutes=31)
    model = jobs_model(late)
    model.put(job(next_look_at=late + timedelta(seconds=30)))
    assert text(model, 0, JobColumn.NEXT) == "still not ready after 31 min · next look in 30 s"


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


def test_nothing_to_fill_in_is_no_change() -> None:
    model = jobs_model()
    inserted = QSignalSpy(model.rowsInserted)
    model.fill([])
    model.remove("nobody")
    assert inserted.count() == 0
    assert model.rowCount() == 0


def test_U05_text_from_outside_is_one_harmless_line() -> None:
    model = jobs_model()
    evil = "<b>x</b>\n\x1b[31m\u202eevil"
    model.put(job(state=JobState.FAILED, order=replace(order(evil)), error_message=evil))
    for column in (JobColumn.REPORT, JobColumn.NEXT):
        shown = text(model, 0, column)
        assert not {"\n", "\x1b", "\u202e"} & set(shown)
        assert "<b>x</b>" in shown


def test_tick_touches_open_rows_in_sight_only() -> None:
    model = jobs_model()
    model.fill([job("a"), job("b", JobState.READY), job("c")])
    changed = QSignalSpy(model.dataChanged)
    model.tick(0, 1)
    assert changed.count() == 1


def test_numbers_stand_right_and_words_left() -> None:
    model = jobs_model()
    for column in JobColumn:
        side = Qt.AlignmentFlag(model.headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole))
        assert bool(side & Qt.AlignmentFlag.AlignRight) is (column is JobColumn.ELAPSED)


@pytest.mark.no_cover
def test_U08_the_model_tester_is_silent_under_random_changes() -> None:
    chance = random.Random(7)
    model = jobs_model()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    for _ in range(400):
        name = str(chance.randrange(40))
        if chance.randrange(4):
            model.put(job(name, chance.choice(list(JobState))))
        else:
            model.remove(name)
        if not chance.randrange(20):
            model.tick(0, 3)
    names = {record.id for record in model.records()}
    assert names
    assert all(model.record(model.row_of(name) or 0).id == name for name in names)
    assert tester.model() is model
