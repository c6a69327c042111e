"""What both panels share: the page for when there is nothing, and where the focus goes."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from sana_desktop.reports.records.job import JobState
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.reports.records.downloads_panel import DownloadsPanel
from sana_desktop.ui.reports.records.jobs_panel import JobsPanel
from sana_desktop.ui.theme.theme import Theme
from tests.support.panels import JobRegistry
from tests.support.records import job


@pytest.fixture
def desk(qtbot: QtBot, theme: Theme, icons: Icons) -> JobRegistry:
    return JobRegistry(qtbot, theme, icons)


def words(panel: JobsPanel | DownloadsPanel) -> list[str]:
    return [label.text() for label in panel.findChildren(QLabel) if label.isVisible() and label.text()]


def test_an_empty_panel_says_what_comes_here(desk: JobRegistry) -> None:
    assert "No reports yet" in words(desk.jobs())
    assert "No files yet" in words(desk.downloads())


def test_the_first_row_takes_the_place_of_the_sentence_and_gives_it_back(desk: JobRegistry) -> None:
    panel = desk.jobs()
    assert not panel.table.isVisible()
    panel.model.put(job("a", JobState.READY))
    assert panel.table.isVisible()
    assert words(panel) == []
    panel.model.remove("a")
    assert not panel.table.isVisible()


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_sentence_is_never_cut(desk: JobRegistry, scale: float) -> None:
    desk.theme.set_scale(scale)
    for panel in (desk.jobs(), desk.downloads()):
        for label in panel.findChildren(QLabel):
            if label.isVisible() and label.text():
                assert label.height() >= label.heightForWidth(label.width()), label.text()
                assert panel.rect().contains(label.mapTo(panel, label.rect().center()))


def test_focus_on_the_panel_is_focus_on_its_table(desk: JobRegistry) -> None:
    panel = desk.jobs([job("a")])
    panel.table.clearFocus()
    panel.setFocus()
    assert panel.table.hasFocus()


def test_panels_and_tables_have_names(desk: JobRegistry) -> None:
    for panel, name in ((desk.jobs([job("a")]), "jobsTable"), (desk.downloads(), "downloadsTable")):
        assert panel.accessibleName()
        assert panel.table.accessibleName()
        assert panel.table.objectName() == name
