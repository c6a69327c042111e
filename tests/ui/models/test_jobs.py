"""The model of jobs: rows change in place, clocks tick, and the model tester stays silent."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy

from sana_desktop.api.models import ReportFormat
from sana_desktop.reports.queue import steps
from sana_desktop.reports.records.job import JobState
from sana_desktop.reports.records.transfer import TransferProgress, TransferState
from sana_desktop.ui.models.jobs import JobColumn, JobsModel
from sana_desktop.ui.models.records import SHORTER_ROLE, TONE_ROLE
from sana_desktop.ui.reports.words.state_words import Tone
from tests.support.records import START, job, order, transfer


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
    model.add_earlier([calm, troubled])
    rows = [model.row_of(name) or 0 for name in "ab"]
    assert model.index(rows[0], JobColumn.NEXT).data(SHORTER_ROLE) == ["next look in 4 s"]
    assert text(model, rows[1], JobColumn.NEXT) == "Connection trouble, still trying · next look in 4 s"
    assert model.index(rows[1], JobColumn.NEXT).data(SHORTER_ROLE)[-1] == "Connection trouble, still trying"


def test_A13_a_job_that_takes_very_long_says_so_and_goes_on() -> None:
    late = START + timedelta(minutes=31)
    model = jobs_model(late)
    note = steps.note(job(), 0, None, 1_860.0, steps.LONG_WAIT_SECONDS)
    model.put(job(next_look_at=late + timedelta(seconds=30), trouble=note))
    assert text(model, 0, JobColumn.NEXT) == "Still not ready after 30 minutes · next look in 30 s"
    model.put(job(next_look_at=late + timedelta(seconds=30)))
    assert text(model, 0, JobColumn.NEXT) == "usually 38–42 s · next look in 30 s", "the person keeps watching"


def test_a_changed_record_changes_its_row_only() -> None:
    model = jobs_model()
    model.add_earlier([job("a"), job("b"), job("c")])
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


def test_a_record_that_comes_is_found_and_sorted_by_its_site_at_once() -> None:
    model = jobs_model()
    model.put(job("a", order=order("Users", "acme")))
    for _ in model.look_for("acme"):
        pass
    model.put(job("n", order=order("News", "acme")))
    model.add_earlier([job("o", order=order("Old", "acme"), created_at=START - timedelta(days=1))])
    assert [model.record(row).id for row in range(model.rowCount())] == ["n", "a", "o"]
    for _ in model.look_for(""):
        pass
    model.sort_by(JobColumn.SITE)
    model.add_earlier([job("b", order=order("B", "abc"), created_at=START - timedelta(days=2))])
    model.put(job("m", order=order("M", "mid")))
    assert [model.record(row).id for row in range(model.rowCount())] == ["b", "n", "a", "o", "m"]


def test_a_job_comes_where_what_is_looked_for_is_told_by_its_file() -> None:
    model = jobs_model()
    model.add_earlier([job("a", JobState.READY), job("b", JobState.READY)])
    for _ in model.look_for("waiting"):
        pass
    assert model.rowCount() == 0
    model.show_file(transfer("t", TransferState.WAITING, job="a", error_message="No way.", error_code="E-NET-DNS"))
    assert [model.record(row).id for row in range(model.rowCount())] == ["a"]
    model.show_file(transfer("t", TransferState.DONE, job="a"))
    assert model.rowCount() == 1, "a row went from under a person's hand"


def test_nothing_to_fill_in_is_no_change() -> None:
    model = jobs_model()
    inserted = QSignalSpy(model.rowsInserted)
    model.add_earlier([])
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
    model.add_earlier([job("a"), job("b", JobState.READY), job("c")])
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
    for _ in range(200):
        name = str(chance.randrange(15))
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


def test_rows_of_the_same_name_say_their_format_and_only_those() -> None:
    model = jobs_model()
    users = replace(order("Users"), format=ReportFormat.XLSX)
    model.put(job("a", order=users))
    assert text(model, 0, JobColumn.REPORT) == "Users"
    changed = QSignalSpy(model.dataChanged)
    model.put(job("b", order=order("Users")))
    assert [text(model, row, JobColumn.REPORT) for row in (0, 1)] == ["Users · CSV", "Users · XLSX"]
    assert changed.count() == 1, "the row above is not painted anew"
    tip = str(model.index(1, JobColumn.REPORT).data(Qt.ItemDataRole.ToolTipRole))
    assert tip.startswith("Users · XLSX\nOrdered 2026-03-04")
    assert tip.endswith("SELECT 1")
    model.remove("b")
    assert text(model, 0, JobColumn.REPORT) == "Users"


def test_a_ready_job_says_how_far_its_file_is() -> None:
    model = jobs_model()
    model.put(job(state=JobState.READY))
    file = transfer("t", received=1_000, total=10_000)
    model.show_file(file)
    assert text(model, 0, JobColumn.NEXT) == "Fetching the file, 10 %"
    model.show_progress("j1", TransferProgress("t", 3_000, 10_000, 1.0, None))
    assert text(model, 0, JobColumn.NEXT) == "Fetching the file, 30 %"
    model.show_file(replace(file, state=TransferState.FINALIZING))
    assert text(model, 0, JobColumn.NEXT) == "Checking the file"
    model.show_file(replace(file, state=TransferState.DONE, rows=5))
    assert text(model, 0, JobColumn.NEXT) == ""


def test_why_a_job_failed_comes_down_to_the_words_of_the_site() -> None:
    model = jobs_model()
    why = "The site could not run this query. It said: “No such table.”"
    model.put(job(state=JobState.FAILED, error_message=why))
    cell = model.index(0, JobColumn.NEXT)
    assert (cell.data(), cell.data(SHORTER_ROLE)) == (why, ["No such table."])


def test_that_a_report_has_no_rows_is_said_in_amber() -> None:
    model = jobs_model()
    model.put(job(state=JobState.READY))
    model.show_file(transfer("t", TransferState.DONE, rows=0))
    assert "no rows" in text(model, 0, JobColumn.NEXT)
    assert model.index(0, JobColumn.NEXT).data(TONE_ROLE) == Tone.WARN


def test_a_row_says_what_its_site_was_for_when_it_was_ordered() -> None:
    model = jobs_model()
    counts = QSignalSpy(model.site_count_changed)
    live = job("a", site_name="Acme", site_address="https://acme.sana.ai", site_mark="live")
    model.add_earlier([live, replace(live, id="b", site_mark="test"), replace(live, id="c", site_mark="")])
    told = [model.index(row, JobColumn.SITE).data() for row in range(3)]
    assert told == ["Acme · live", "Acme · test", "Acme"]
    assert model.index(1, JobColumn.SITE).data(SHORTER_ROLE) == ["Acme"]
    assert model.index(1, JobColumn.SITE).data(Qt.ItemDataRole.ToolTipRole) == "https://acme.sana.ai · test"
    assert "Acme · https://acme.sana.ai · test" in model.index(1, JobColumn.REPORT).data(Qt.ItemDataRole.ToolTipRole)
    assert counts.at(0) == [3], "what was for something else then is told apart"
    example = job("d", site_name="Example data", site_mark="demo")
    model.put(example)
    assert model.site_of("d").marked == "Example data"


def test_N01_an_order_that_is_tried_again_says_when_as_does_a_file_whose_place_is_away() -> None:
    now = START + timedelta(seconds=20)
    model = jobs_model(now)
    unsent = {"trouble": "No way.", "error_code": "E-NET-DNS", "error_message": "No way."}
    model.put(job("a", JobState.QUEUED, next_look_at=now + timedelta(seconds=40), **unsent))
    assert (text(model, 0, JobColumn.STATE), model.index(0, JobColumn.STATE).data(TONE_ROLE)) == (
        "Not sent yet",
        Tone.WARN,
    )
    assert text(model, 0, JobColumn.NEXT) == "No way · next try in 40 s"
    assert model.index(0, JobColumn.NEXT).data(SHORTER_ROLE) == ["No way", "next try in 40 s"]
    model.put(job("b", JobState.READY, created_at=now))
    away = transfer(
        "t", TransferState.WAITING, job="b", error_code="E-NET-CONNECT", error_message="Away.", next_try_at=now
    )
    model.show_file(replace(away, next_try_at=now + timedelta(seconds=12)))
    row = model.row_of("b") or 0
    assert text(model, row, JobColumn.NEXT) == "Away · next try in 12 s"
    assert model.index(row, JobColumn.NEXT).data(SHORTER_ROLE) == ["Away", "next try in 12 s"]
    changed = QSignalSpy(model.dataChanged)
    model.tick(row, row)
    assert changed.count() == 1
    model.show_file(away)
    assert text(model, row, JobColumn.NEXT) == "Away · trying now"
