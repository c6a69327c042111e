"""The model of downloads: rows change in place, progress where it belongs, and the model tester stays silent."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy

from sana_desktop.reports.records.transfer import TransferProgress, TransferState
from sana_desktop.ui.models.downloads import DownloadColumn, DownloadsModel
from sana_desktop.ui.models.records import FRACTION_ROLE, FRACTION_TONE_ROLE, KEEP_ROLE, SHORTER_ROLE, TONE_ROLE
from sana_desktop.ui.reports.words.site_words import SiteWords
from sana_desktop.ui.reports.words.state_words import Tone
from tests.support.records import START, transfer

SITE = SiteWords("Acme", "Acme · test", "https://acme.sana.ai · test")


def downloads_model(now: datetime = START) -> DownloadsModel:
    return DownloadsModel(lambda: now, lambda record: now, lambda job: SITE)


@pytest.fixture(autouse=True)
def _app(qapp: object) -> None:
    """Models use translations, which need an application."""


def test_progress_shows_only_while_fetching_and_only_what_is_known() -> None:
    model = downloads_model()
    model.put(transfer())
    model.progress(TransferProgress("t1", 5_000_000, None, 1_000_000, None))
    cell = model.index(0, DownloadColumn.SIZE)
    assert cell.data() == "5.0 MB · 1.0 MB/s"
    assert cell.data(FRACTION_ROLE) is None
    model.progress(TransferProgress("t1", 5_000_000, 10_000_000, 1_000_000, 5.0))
    assert cell.data(FRACTION_ROLE) == 0.5
    assert cell.data(SHORTER_ROLE) == ["5.0 of 10.0 MB · 5 s left", "5.0 of 10.0 MB", "50 %"]
    model.put(transfer(state=TransferState.DONE, total=10_000_000, rows=18_204))
    assert cell.data() == "10.0 MB · 18,204 rows"
    assert cell.data(FRACTION_ROLE) is None


def test_a_name_of_ours_keeps_report_and_time_when_it_is_cut() -> None:
    model = downloads_model()
    when = START.astimezone().strftime("%Y%m%d-%H%M")
    model.put(transfer(name=f"Acme_Course-completions_{when}_9f31c2ab.csv"))
    cell = model.index(0, DownloadColumn.FILE)
    time = START.astimezone().strftime("%H:%M")
    assert cell.data() == f"Acme_Course-completions_{when}_9f31c2ab.csv"
    assert cell.data(SHORTER_ROLE) == [f"Course-completions.csv · {time}"]
    assert cell.data(KEEP_ROLE) == f".csv · {time}"
    assert cell.data() in cell.data(Qt.ItemDataRole.ToolTipRole)
    model.put(transfer("t2", name="my own name.csv"))
    assert model.index(0, DownloadColumn.FILE).data(SHORTER_ROLE) == []
    assert model.index(0, DownloadColumn.FILE).data(KEEP_ROLE) is None


def test_the_bar_of_a_paused_download_is_quiet() -> None:
    model = downloads_model()
    model.put(transfer(received=5, total=10))
    cell = model.index(0, DownloadColumn.SIZE)
    assert cell.data(FRACTION_TONE_ROLE) == Tone.BUSY
    model.put(transfer(state=TransferState.PAUSED, received=5, total=10))
    assert cell.data(FRACTION_ROLE) == 0.5
    assert cell.data(FRACTION_TONE_ROLE) == Tone.QUIET


def test_link_life_carries_its_tone_and_shorter_words() -> None:
    model = downloads_model(START)
    model.put(transfer(link_expires_at=START + timedelta(seconds=30)))
    cell = model.index(0, DownloadColumn.LINK)
    assert cell.data(TONE_ROLE) == Tone.BAD
    assert cell.data() == "ends in 30 s"
    assert cell.data(SHORTER_ROLE) == ["30 s left"]


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
    model.add_earlier([old, replace(old, id="new", created_at=START + timedelta(days=1))])
    assert [record.id for record in model.records()] == ["new", "old"]


def test_what_needs_its_link_is_counted_as_it_changes() -> None:
    model = downloads_model()
    spy = QSignalSpy(model.unfinished_count_changed)
    model.put(transfer("a"))
    model.put(transfer("a", TransferState.PAUSED))
    model.put(transfer("b"))
    model.put(transfer("b", TransferState.LINK_ENDED))
    model.put(transfer("a", TransferState.DONE))
    assert [spy.at(n)[0] for n in range(spy.count())] == [1, 2, 1, 0]


def test_A26_the_check_number_of_a_finished_file_is_told() -> None:
    model = downloads_model()
    model.put(transfer(state=TransferState.DONE, total=1_234, sha256="ab" * 32))
    tip = model.index(0, DownloadColumn.SIZE).data(Qt.ItemDataRole.ToolTipRole)
    assert "1,234 bytes" in tip
    assert "ab" * 32 in tip


def test_U05_a_name_from_outside_is_one_harmless_line() -> None:
    model = downloads_model()
    model.put(transfer(name="report\u202evsc.exe\n"))
    shown = model.index(0, DownloadColumn.FILE).data()
    assert not {"\n", "\u202e"} & set(shown)


@pytest.mark.no_cover
def test_U08_the_model_tester_is_silent_under_random_changes() -> None:
    chance = random.Random(7)
    model = downloads_model()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    for _ in range(300):
        name = str(chance.randrange(15))
        match chance.randrange(4):
            case 0:
                model.remove(name)
            case 1:
                model.progress(TransferProgress(name, 5, 10, 1.0, None))
            case _:
                model.put(transfer(name, chance.choice(list(TransferState)), job=name))
    names = {record.id for record in model.records()}
    assert names
    assert all(model.record(model.row_of(name) or 0).id == name for name in names)
    needing = {TransferState.WAITING, TransferState.FETCHING, TransferState.FINALIZING, TransferState.PAUSED}
    assert model.unfinished_count == sum(record.state in needing for record in model.records())
    assert tester.model() is model


def test_m7_two_files_of_the_same_report_and_minute_are_told_apart() -> None:
    model = downloads_model()
    when = START.astimezone().strftime("%Y%m%d-%H%M")
    time = START.astimezone().strftime("%H:%M")
    model.put(transfer("t1", name=f"Acme_Report_{when}_9f31c2ab.csv"))
    model.put(transfer("t2", name=f"Acme_Report_{when}_77aa0012.csv"))
    shown = [model.index(row, DownloadColumn.FILE).data(SHORTER_ROLE) for row in (0, 1)]
    assert shown == [[f"Report.csv · {time} · {job}"] for job in ("77aa", "9f31")]
    kept = [model.index(row, DownloadColumn.FILE).data(KEEP_ROLE) for row in (0, 1)]
    assert kept == [f".csv · {time} · 77aa", f".csv · {time} · 9f31"]
    model.remove("t2")
    assert model.index(0, DownloadColumn.FILE).data(SHORTER_ROLE) == [f"Report.csv · {time}"]
    assert model.index(0, DownloadColumn.FILE).data(KEEP_ROLE) == f".csv · {time}"


def test_two_files_of_another_kind_need_no_number_to_be_told_apart() -> None:
    model = downloads_model()
    when = START.astimezone().strftime("%Y%m%d-%H%M")
    time = START.astimezone().strftime("%H:%M")
    model.put(transfer("t1", name=f"Acme_Report_{when}_9f31c2ab.csv"))
    model.put(transfer("t2", name=f"Acme_Report_{when}_77aa0012.xlsx"))
    shown = [model.index(row, DownloadColumn.FILE).data(SHORTER_ROLE) for row in (0, 1)]
    assert shown == [[f"Report.xlsx · {time}"], [f"Report.csv · {time}"]]


def test_that_a_report_has_no_rows_is_said_in_amber_and_never_left_out() -> None:
    model = downloads_model()
    model.put(transfer("t1", TransferState.DONE, received=5_000, total=5_000, rows=0))
    cell = model.index(0, DownloadColumn.SIZE)
    assert cell.data(TONE_ROLE) == Tone.WARN
    assert (cell.data(), cell.data(SHORTER_ROLE)) == ("5.0 kB · 0 rows", ["0 rows"])
    model.put(transfer("t1", TransferState.DONE, received=5_000, total=5_000, rows=3))
    assert cell.data(TONE_ROLE) is None


def test_a_row_says_what_its_site_was_for() -> None:
    model = downloads_model()
    model.put(transfer())
    cell = model.index(0, DownloadColumn.SITE)
    assert (cell.data(), cell.data(SHORTER_ROLE)) == ("Acme · test", ["Acme"])
    assert cell.data(Qt.ItemDataRole.ToolTipRole) == "https://acme.sana.ai · test"


def test_a_label_has_the_time_of_the_report_not_that_of_its_name() -> None:
    ready = START + timedelta(minutes=7)
    model = DownloadsModel(lambda: START, lambda record: START, lambda job: SITE, report_at=lambda job: ready)
    model.put(transfer(name="Acme_Users_20260304-0101_9f31c2ab.csv"))
    label = f"Users.csv · {ready.astimezone():%H:%M}"
    assert model.index(0, DownloadColumn.FILE).data(SHORTER_ROLE) == [label]
