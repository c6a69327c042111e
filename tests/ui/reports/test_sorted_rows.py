"""Rows that a person sorts: by a click on a header or from the menu, live rows among them, remembered."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from sana_desktop.reports.records.job import JobState
from sana_desktop.reports.records.transfer import TransferState
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.models.downloads import DownloadColumn
from sana_desktop.ui.models.jobs import JobColumn
from sana_desktop.ui.reports.records.downloads_panel import DownloadsPanel
from sana_desktop.ui.reports.records.jobs_panel import JobsPanel
from sana_desktop.ui.theme.theme import Theme
from tests.support.panels import JobRegistry
from tests.support.records import START, job, order, transfer


@pytest.fixture
def desk(qtbot: QtBot, theme: Theme, icons: Icons) -> JobRegistry:
    return JobRegistry(qtbot, theme, icons)


def shown(panel: JobsPanel | DownloadsPanel) -> str:
    return "".join(panel.model.record(row).id for row in range(panel.model.rowCount()))


def four(desk: JobRegistry) -> JobsPanel:
    titles = {"a": "Users", "b": "Audits", "c": "Overdue", "d": "Badges"}
    states = {"a": JobState.READY, "b": JobState.FAILED, "c": JobState.READY, "d": JobState.WATCHING}
    return desk.jobs([job(name, states[name], order=order(title)) for name, title in titles.items()])


def click(desk: JobRegistry, panel: JobsPanel | DownloadsPanel, column: int) -> None:
    header = panel.table.columns()
    place = QPoint(header.sectionViewportPosition(column) + header.sectionSize(column) // 2, header.height() // 2)
    desk.qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_a_click_on_a_header_sorts_and_the_next_turns_it_round(desk: JobRegistry) -> None:
    panel = four(desk)
    for column, once, twice in (
        (JobColumn.REPORT, "bdca", "acdb"),
        (JobColumn.STARTED, "abcd", "dcba"),
        (JobColumn.STATE, "dbac", "acbd"),
    ):
        click(desk, panel, column)
        assert shown(panel) == once, column
        click(desk, panel, column)
        assert shown(panel) == twice, column
    click(desk, panel, JobColumn.ELAPSED)
    assert shown(panel) == "acbd", "what a clock shows is no order"


def test_downloads_are_sorted_by_size_and_name(desk: JobRegistry) -> None:
    sizes = {"a": 5, "b": 900, "c": 70}
    files = [transfer(n, TransferState.DONE, job=n, name=f"{9 - s % 7}{n}.csv", total=s) for n, s in sizes.items()]
    panel = desk.downloads(files)
    click(desk, panel, DownloadColumn.SIZE)
    assert shown(panel) == "bca"
    click(desk, panel, DownloadColumn.FILE)
    assert shown(panel) == "".join(sorted("abc", key=lambda n: f"{9 - sizes[n] % 7}{n}"))


def test_the_current_row_stays_the_current_one_while_rows_come_and_change(desk: JobRegistry) -> None:
    panel = four(desk)
    panel.table.setFocus()
    panel.table.selectRow(2)
    click(desk, panel, JobColumn.REPORT)
    current = panel.table.currentIndex
    assert panel.model.record(current().row()).id == "c"
    panel.model.put(job("e", order=order("Courses"), created_at=START + timedelta(seconds=9)))
    assert shown(panel) == "bdeca"
    assert panel.model.record(current().row()).id == "c"
    click(desk, panel, JobColumn.STATE)
    before = shown(panel)
    panel.model.put(replace(panel.model.record(current().row()), state=JobState.FAILED))
    assert shown(panel) == before, "a row went from under a person's hand"
    panel.model.add_earlier([job("f", order=order("Aaa"), created_at=START - timedelta(days=1))])
    assert panel.model.record(current().row()).id == "c"
    panel.table.columns().usual_columns()
    assert shown(panel) == "eabcdf"


def test_the_order_is_chosen_from_the_menu_and_remembered(desk: JobRegistry) -> None:
    panel = four(desk)
    menu = panel.columns_menu()
    entry = menu.findChild(QAction, f"sortColumn-{int(JobColumn.REPORT)}")
    assert isinstance(entry, QAction)
    entry.trigger()
    assert shown(panel) == "bdca"
    menu.close()
    second = four(desk)
    second.restore_columns(panel.column_state())
    assert shown(second) == "bdca"
    assert second.column_state() == panel.column_state()
    menu = second.columns_menu()
    newest = menu.findChild(QAction, "newestFirst")
    assert isinstance(newest, QAction)
    assert not newest.isChecked()
    newest.trigger()
    menu.close()
    assert shown(second) == "abcd"
    assert second.column_state() == ""


def test_whatever_happens_the_model_is_consistent(desk: JobRegistry) -> None:
    chance = random.Random(7)
    panel = desk.jobs([job(str(n), JobState.READY) for n in range(20)])
    model = panel.model
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    for step in range(400):
        name = str(chance.randrange(40))
        match chance.randrange(7):
            case 0:
                model.remove(name)
            case 1:
                model.sort_by(chance.choice([None, *JobColumn]), descending=chance.random() < 0.5)
            case 2:
                for _ in model.look_for(chance.choice(["", "ready", "users", "failed users", "nobody"])):
                    pass
            case 3:
                model.add_earlier([job(f"old{step}", created_at=START - timedelta(days=step))])
            case 4:
                model.put_back(job(name, order=order(chance.choice(["Users", "Audits"]))))
            case _:
                title = chance.choice(["Users", "Audits", "Badges"])
                model.put(job(name, chance.choice(list(JobState)), order=order(title)))
        assert all(model.row_of(model.record(row).id) == row for row in range(model.rowCount()))
        assert len(model.records()) == model.total == len({record.id for record in model.records()})
    assert tester.model() is model
