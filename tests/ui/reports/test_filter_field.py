"""The field that narrows a list: by mouse and keys, live rows, and ten thousand of them."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from sana_desktop.reports.records.job import JobRecord, JobState
from sana_desktop.reports.records.transfer import TransferState
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.reports.records.downloads_panel import DownloadsPanel
from sana_desktop.ui.reports.records.jobs_panel import JobsPanel
from sana_desktop.ui.theme.theme import Theme
from tests.support.panels import JobRegistry
from tests.support.records import START, job, order, transfer

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def desk(qtbot: QtBot, theme: Theme, icons: Icons) -> JobRegistry:
    return JobRegistry(qtbot, theme, icons)


def placed(panel: JobsPanel | DownloadsPanel) -> JobsPanel | DownloadsPanel:
    """Give the field a place, as the page does in the title of the panel."""
    panel.filter.move(300, 0)
    panel.filter.place()
    panel.filter.raise_()
    return panel


def three(desk: JobRegistry) -> JobsPanel:
    records = [
        job("a", JobState.READY, order=order("Users", "acme"), job_id="remote-77"),
        job("b", JobState.FAILED, order=replace(order("Overdue", "lab"), sql="SELECT risk FROM audits")),
        job("c", JobState.READY, order=order("Users again", "lab")),
    ]
    panel = desk.jobs(records)
    panel.model.show_file(transfer("t", TransferState.DONE, job="c", name="lab_Users_20260304-1000_5ec0.csv"))
    placed(panel)
    return panel


def shown(panel: JobsPanel | DownloadsPanel) -> list[str]:
    return [panel.model.record(row).id for row in range(panel.model.rowCount())]


def look_for(desk: JobRegistry, panel: JobsPanel | DownloadsPanel, text: str) -> None:
    with desk.qtbot.waitSignal(panel.filter.done, timeout=20_000):
        panel.filter.field.clear()
        panel.filter.field.setFocus()
        QTest.keyClicks(panel.filter.field, text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("users", ["a", "c"]),
        ("OVERDUE", ["b"]),
        ("lab", ["b", "c"]),
        ("failed", ["b"]),
        ("5ec0", ["c"]),
        ("remote-77", ["a"]),
        ("from audits", ["b"]),
        ("users lab", ["c"]),
        ("nothing of it", []),
    ],
)
def test_jobs_are_found_by_all_that_a_person_may_remember(desk: JobRegistry, text: str, found: list[str]) -> None:
    panel = three(desk)
    look_for(desk, panel, text)
    assert shown(panel) == found
    count = panel.filter.findChild(QLabel)
    assert isinstance(count, QLabel)
    assert count.text() == f"{len(found)} of 3"
    assert panel.filter.field.accessibleDescription() == count.text()


def test_downloads_are_found_by_file_state_and_site(desk: JobRegistry) -> None:
    files = [
        transfer("x", TransferState.DONE, job="1", name="Acme_Users_20260304-1000_5ec0.csv"),
        transfer("y", TransferState.PAUSED, job="2", name="Acme_Overdue_20260304-1000_9f31.xlsx"),
    ]
    panel = desk.downloads(files)
    placed(panel)
    for text, found in (
        ("users", ["x"]),
        ("paused", ["y"]),
        ("site 9f31", ["y"]),
        (".csv", ["x"]),
        ("acme", ["x", "y"]),
    ):
        look_for(desk, panel, text)
        assert shown(panel) == found, text


def test_keys_lead_to_the_field_and_back_and_the_row_stays(desk: JobRegistry) -> None:
    panel = three(desk)
    panel.table.setFocus()
    panel.table.selectRow(2)
    desk.qtbot.keyClick(panel.table, Qt.Key.Key_F, CONTROL)
    assert panel.filter.field.hasFocus()
    look_for(desk, panel, "users")
    desk.qtbot.keyClick(panel.filter.field, Qt.Key.Key_Down)
    assert panel.table.hasFocus()
    assert panel.model.record(panel.table.currentIndex().row()).id == "c"
    desk.qtbot.keyClick(panel.table, Qt.Key.Key_F, CONTROL)
    desk.qtbot.keyClick(panel.filter.field, Qt.Key.Key_Escape)
    assert panel.table.hasFocus()
    assert shown(panel) == ["a", "b", "c"]
    assert panel.model.record(panel.table.currentIndex().row()).id == "c"
    assert panel.filter.field.text() == ""
    assert not panel.filter.field.accessibleDescription()


@pytest.mark.parametrize("key", [Qt.Key.Key_Enter, Qt.Key.Key_Down])
def test_keys_with_the_modifier_of_the_number_pad_lead_to_the_list_too(desk: JobRegistry, key: Qt.Key) -> None:
    panel = three(desk)
    panel.filter.enter()
    desk.qtbot.keyClick(panel.filter.field, key, Qt.KeyboardModifier.KeypadModifier)
    assert panel.table.hasFocus()


def test_escape_in_the_list_shows_all_of_it_again(desk: JobRegistry) -> None:
    panel = three(desk)
    look_for(desk, panel, "overdue")
    panel.table.setFocus()
    desk.qtbot.keyClick(panel.table, Qt.Key.Key_Escape)
    assert shown(panel) == ["a", "b", "c"]


def test_nothing_found_is_said_and_an_empty_list_has_no_field(desk: JobRegistry) -> None:
    panel = three(desk)
    look_for(desk, panel, "zzz")
    assert not panel.table.isVisible()
    assert "Nothing found" in [text.text() for text in panel.findChildren(QLabel) if text.isVisible()]
    assert panel.filter.field.hasFocus()
    panel.filter.clear()
    assert panel.table.isVisible()
    empty = desk.jobs([])
    placed(empty)
    assert not empty.filter.isVisible()


def test_escape_brings_the_list_back_also_after_its_last_found_row_went(desk: JobRegistry) -> None:
    panel = three(desk)
    look_for(desk, panel, "overdue")
    panel.table.setFocus()
    panel.model.remove("b")
    assert not panel.table.isVisible()
    focus = QApplication.focusWidget()
    assert focus is panel.filter.field
    desk.qtbot.keyClick(focus, Qt.Key.Key_Escape)
    assert shown(panel) == ["a", "c"]


def test_live_rows_come_where_they_are_looked_for_and_no_row_moves(desk: JobRegistry) -> None:
    panel = three(desk)
    look_for(desk, panel, "failed")
    panel.table.selectRow(0)
    panel.model.put(job("d", JobState.WATCHING, created_at=START + timedelta(seconds=5)))
    assert shown(panel) == ["b"]
    assert panel.model.total == 4
    panel.model.put(replace(panel.model.find("d") or job(), state=JobState.FAILED, error_message="No."))
    assert shown(panel) == ["d", "b"]
    panel.model.put(replace(panel.model.record(1), state=JobState.WATCHING, error_message=""))
    assert shown(panel) == ["d", "b"], "a row went from under a person's hand"
    assert panel.model.record(panel.table.currentIndex().row()).id == "b"
    panel.model.remove("a")
    assert panel.model.total == 3
    assert [record.id for record in panel.model.records()] == ["d", "b", "c"]
    panel.filter.clear()
    assert shown(panel) == ["d", "b", "c"]


def test_what_is_hidden_is_still_known_to_the_other_list(desk: JobRegistry) -> None:
    panel = three(desk)
    look_for(desk, panel, "overdue")
    assert panel.model.site_of("a").name == "Acme"
    assert panel.model.row_of("a") is None
    found = panel.model.find("a")
    assert found is not None
    assert found.order.title == "Users"
    assert "SELECT 1" in list(panel.model.told_of("a"))


def many(count: int) -> list[JobRecord]:
    sql = "SELECT a, b, c FROM analytics.users WHERE x = 1 " * 12
    return [job(str(n), JobState.READY, order=replace(order(f"Report {n % 90}"), sql=sql)) for n in range(count)]


@pytest.mark.no_cover
def test_U03_ten_thousand_rows_are_looked_through_without_a_stop_of_the_window(desk: JobRegistry) -> None:
    panel = desk.jobs(many(10_000))
    placed(panel)
    model = panel.model
    for text in ("report 7", "report 77", ""):
        before, longest = time.thread_time(), 0.0
        for _ in model.look_for(text):
            longest = max(longest, time.thread_time() - before)
            before = time.thread_time()
        applied = time.thread_time() - before
        assert longest < 0.016
        assert applied < 0.05  # 9 to 14 ms here; other work of the computer may lie in between
        QApplication.processEvents()
