"""The header: widths that fit the room, edges that a person drags, columns that are shown and hidden."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sana_desktop.reports.records.job import JobState
from sana_desktop.reports.records.transfer import TransferState
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.models.downloads import DownloadColumn
from sana_desktop.ui.models.jobs import JobColumn
from sana_desktop.ui.reports.table.header import EDGE_MARGIN, RecordHeader
from sana_desktop.ui.theme.theme import Theme
from tests.support.panels import NOW, JobRegistry, every_job, every_transfer
from tests.support.records import job, order, transfer


@pytest.fixture
def desk(qtbot: QtBot, theme: Theme, icons: Icons) -> JobRegistry:
    return JobRegistry(qtbot, theme, icons)


def total(header: RecordHeader) -> int:
    return sum(header.sectionSize(column) for column in range(header.count()))


def drag_edge(header: RecordHeader, column: int, pixels: int) -> None:
    """Drag the right edge of a column as a person does."""
    edge = header.sectionViewportPosition(column) + header.sectionSize(column) - 1
    y = header.height() // 2
    view = header.viewport()
    QTest.mouseMove(view, QPoint(edge, y))
    QTest.mousePress(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(edge, y))
    QTest.mouseMove(view, QPoint(edge + pixels, y))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(edge + pixels, y))


@pytest.mark.parametrize("width", [560, 595, 900, 1_600])
def test_columns_fill_the_panel_and_nothing_is_scrolled_sideways(desk: JobRegistry, width: int) -> None:
    for panel in (desk.jobs(every_job()), desk.downloads(every_transfer())):
        panel.resize(width, 300)
        QApplication.processEvents()
        assert total(panel.table.columns()) == panel.table.viewport().width() == width
        assert not panel.table.horizontalScrollBar().isVisible()


def test_state_words_fit_beside_names_at_the_usual_size(desk: JobRegistry) -> None:
    jobs, downloads = desk.jobs(every_job()).table, desk.downloads(every_transfer()).table
    for table, column in ((jobs, JobColumn.STATE), (downloads, DownloadColumn.STATE)):
        left, right = table.margins(column)
        room = table.columnWidth(column) - left - right - 22
        words = [table.model().index(row, column).data() for row in range(table.model().rowCount())]
        assert [word for word in words if table.fontMetrics().horizontalAdvance(word) > room] == []


def test_a_file_name_has_the_widest_column_also_while_links_are_alive(desk: JobRegistry) -> None:
    name = "Acme_Completions-by-department-and-region_20260304-1000_9f31c2ab.csv"
    header = desk.downloads([transfer(name=name, link_expires_at=NOW + timedelta(minutes=18))]).table.columns()
    assert not header.isSectionHidden(DownloadColumn.LINK)
    words = {column: header.sectionSize(column) - sum(header.margins(column)) for column in DownloadColumn}
    assert words[DownloadColumn.FILE] == max(words.values())
    assert words[DownloadColumn.FILE] >= 150


def test_a_dragged_edge_stays_and_the_others_make_room(desk: JobRegistry) -> None:
    panel = desk.jobs([job("a")])
    header = panel.table.columns()
    before = header.sectionSize(JobColumn.REPORT)
    drag_edge(header, JobColumn.REPORT, 40)
    assert header.sectionSize(JobColumn.REPORT) == pytest.approx(before + 40, abs=2)
    kept = header.sectionSize(JobColumn.REPORT)
    panel.resize(900, 300)
    QApplication.processEvents()
    assert header.sectionSize(JobColumn.REPORT) == kept
    assert total(header) == 900


def test_columns_are_saved_and_restored(desk: JobRegistry) -> None:
    first = desk.jobs([job("a")])
    drag_edge(first.table.columns(), JobColumn.REPORT, 40)
    first.table.columns().moveSection(2, 1)
    first.table.columns().show_column(JobColumn.SITE, True)
    second = desk.jobs([job("a")])
    second.restore_columns(first.column_state())
    ours, theirs = second.table.columns(), first.table.columns()
    assert ours.sectionSize(JobColumn.REPORT) == theirs.sectionSize(JobColumn.REPORT)
    assert [ours.visualIndex(column) for column in JobColumn] == [theirs.visualIndex(column) for column in JobColumn]
    assert not ours.isSectionHidden(JobColumn.SITE)
    assert second.column_state() == first.column_state()


def test_untouched_columns_are_not_remembered(desk: JobRegistry) -> None:
    panel = desk.jobs([job("a")])
    panel.resize(1_000, 300)
    desk.theme.set_scale(1.5)
    assert panel.column_state() == ""


@pytest.mark.parametrize("state", ["", "x", "{}", '{"order": [5, 5]}', "AAAA"])
def test_a_state_that_cannot_be_read_changes_nothing(desk: JobRegistry, state: str) -> None:
    panel = desk.jobs([job("a")])
    widths = [panel.table.columnWidth(column) for column in JobColumn]
    panel.restore_columns(state)
    assert [panel.table.columnWidth(column) for column in JobColumn] == widths


def test_columns_can_be_shown_hidden_and_set_back(desk: JobRegistry) -> None:
    header = desk.jobs([job("a", JobState.READY)]).table.columns()
    menu = header.columns_menu()
    entry = menu.findChild(QAction, f"showColumn-{int(JobColumn.SITE)}")
    assert isinstance(entry, QAction)
    assert not entry.isChecked()
    entry.trigger()
    assert not header.isSectionHidden(JobColumn.SITE)
    usual = menu.findChild(QAction, "usualColumns")
    assert isinstance(usual, QAction)
    usual.trigger()
    assert header.isSectionHidden(JobColumn.SITE)
    assert header.choices_text() == ""
    menu.close()


def test_the_menu_of_columns_stays_alive_while_a_job_is_under_way(desk: JobRegistry) -> None:
    panel = desk.jobs([job("a", JobState.WATCHING)])
    menu = panel.columns_menu()
    panel.model.tick(0, 0)
    panel.model.put(replace(panel.model.record(0), polls=7))
    site = menu.findChild(QAction, f"showColumn-{int(JobColumn.SITE)}")
    assert isinstance(site, QAction)
    assert site.isEnabled()
    menu.close()


def test_the_last_column_cannot_be_hidden(desk: JobRegistry) -> None:
    header = desk.jobs([job("a")]).table.columns()
    for column in list(JobColumn)[1:]:
        header.show_column(column, False)
    entry = header.columns_menu().findChild(QAction, "showColumn-0")
    assert isinstance(entry, QAction)
    assert not entry.isEnabled()


def test_links_have_a_column_only_while_one_is_needed(desk: JobRegistry) -> None:
    panel = desk.downloads([transfer("a")])
    header = panel.table.columns()
    assert not header.isSectionHidden(DownloadColumn.LINK)
    panel.model.put(transfer("a", TransferState.DONE))
    assert header.isSectionHidden(DownloadColumn.LINK)
    panel.model.put(transfer("b", TransferState.LINK_ENDED, job="j2"))
    assert header.isSectionHidden(DownloadColumn.LINK), "the state says it already"
    header.show_column(DownloadColumn.LINK, True)
    panel.model.put(replace(transfer("c"), job="j3"))
    panel.model.remove("c")
    assert not header.isSectionHidden(DownloadColumn.LINK), "what the person chose goes before"


def test_where_there_are_two_sites_both_tables_tell_them_apart_also_in_a_narrow_window(desk: JobRegistry) -> None:
    live, example = replace(job("a"), site_name="Acme live"), replace(job("b"), site_name="Example data")
    jobs = desk.jobs([live, replace(example, order=order(connection_id="demo"))])
    downloads = desk.downloads([transfer("t", TransferState.DONE, job="a")])
    assert downloads.table.columns().isSectionHidden(DownloadColumn.SITE)
    downloads.show_sites(jobs.model.site_count)
    for panel, column in ((jobs, JobColumn.SITE), (downloads, DownloadColumn.SITE)):
        panel.resize(340, 300)
        QApplication.processEvents()
        assert not panel.table.columns().isSectionHidden(column)
        assert total(panel.table.columns()) == 340
    assert jobs.table.columns().isSectionHidden(JobColumn.STARTED), "the time goes before the site"
    assert downloads.model.index(0, DownloadColumn.SITE).data() == "Site of a"
    downloads.show_sites(1)
    assert downloads.table.columns().isSectionHidden(DownloadColumn.SITE)


def test_the_edges_have_the_margin_of_the_title_wherever_columns_are(desk: JobRegistry) -> None:
    header = desk.jobs([job("a")]).table.columns()
    assert header.margins(JobColumn.REPORT)[0] == EDGE_MARGIN
    end = header.margins(JobColumn.NEXT)[1]
    assert end > EDGE_MARGIN, "the buttons of a row have their place behind the last words"
    header.moveSection(header.visualIndex(JobColumn.STATE), 0)
    assert header.margins(JobColumn.STATE)[0] == EDGE_MARGIN
    assert header.margins(JobColumn.REPORT)[0] < EDGE_MARGIN
    header.moveSection(header.visualIndex(JobColumn.NEXT), 1)
    assert header.margins(JobColumn.NEXT)[1] < EDGE_MARGIN


def test_a_click_on_the_header_selects_nothing(desk: JobRegistry) -> None:
    table = desk.jobs([job("a"), job("b"), job("c")]).table
    table.setCurrentIndex(table.model().index(1, 0))
    desk.qtbot.mouseClick(table.columns().viewport(), Qt.MouseButton.LeftButton, pos=QPoint(40, 10))
    assert [index.row() for index in table.selectionModel().selectedRows()] == [1]


def test_m13_with_large_text_the_size_of_a_file_stays_in_sight(desk: JobRegistry, theme: Theme) -> None:
    panel = desk.downloads([transfer(state=TransferState.DONE, total=4_500_000, received=4_500_000, rows=50_000)])
    theme.set_scale(1.5)
    panel.resize(541, 300)
    QApplication.processEvents()
    header = panel.table.columns()
    assert total(header) <= 541
    assert not header.isSectionHidden(DownloadColumn.SIZE)


def test_m13_columns_that_have_no_room_do_not_go_without_a_word(desk: JobRegistry) -> None:
    panel = desk.jobs([job()])
    header = panel.table.columns()
    panel.resize(900, 300)
    assert header.toolTip() == ""
    panel.resize(340, 300)
    QApplication.processEvents()
    assert header.isSectionHidden(JobColumn.ELAPSED)
    assert "Time" in header.toolTip()
    assert "Time" in header.accessibleDescription()


def test_a_name_takes_the_room_that_what_comes_next_does_not_use(desk: JobRegistry) -> None:
    panel = desk.jobs([job("a", JobState.READY, order=order("User course instance progress"))])
    header = panel.table.columns()
    before = header.sectionSize(JobColumn.REPORT)
    assert panel.table.fontMetrics().horizontalAdvance("User course instance progress") + 24 < before
    panel.model.put(job("b", next_look_at=NOW + timedelta(seconds=4)))
    QApplication.processEvents()
    assert header.sectionSize(JobColumn.REPORT) < before
    wide = header.sectionSize(JobColumn.NEXT)
    panel.model.tick(0, 1)
    assert header.sectionSize(JobColumn.NEXT) == wide, "columns move while a clock runs"
    panel.model.remove("b")
    desk.qtbot.waitUntil(lambda: header.sectionSize(JobColumn.REPORT) == before)


def test_a_narrow_panel_with_large_text_is_not_scrolled_sideways(desk: JobRegistry, theme: Theme) -> None:
    panel = desk.jobs([job("a"), job("b", JobState.FAILED, error_message="The site could not run this query.")])
    theme.set_scale(1.25)
    panel.resize(490, 300)
    QApplication.processEvents()
    assert total(panel.table.columns()) == 490


def test_a_column_without_room_does_not_come_for_a_moment_each_time_widths_are_shared(desk: JobRegistry) -> None:
    panel = desk.jobs(every_job())
    panel.resize(400, 300)
    QApplication.processEvents()
    header = panel.table.columns()
    out = [column for column in range(header.count()) if header.isSectionHidden(column)]
    assert JobColumn.ELAPSED in out
    resized: list[int] = []
    header.sectionResized.connect(lambda column, before, after: resized.append(column))
    header.arrange()
    assert resized == []
    assert [column for column in range(header.count()) if header.isSectionHidden(column)] == out
    panel.resize(1_600, 300)
    QApplication.processEvents()
    assert not header.isSectionHidden(JobColumn.ELAPSED)
