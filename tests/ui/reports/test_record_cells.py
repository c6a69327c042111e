"""Cells: literal text, the longest words that fit, tones that can be read on every row colour."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QImage
from PySide6.QtWidgets import QApplication, QStyleOptionViewItem, QToolTip
from pytestqt.qtbot import QtBot

from sana_desktop.reports.records.job import JobState
from sana_desktop.reports.records.transfer import TransferState
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.models.downloads import DownloadColumn
from sana_desktop.ui.models.jobs import JobColumn
from sana_desktop.ui.models.records import KEEP_ROLE, SHORTER_ROLE
from sana_desktop.ui.reports.table.cells import TONE_COLOURS, RecordDelegate, fitting, reads_rightwards
from sana_desktop.ui.reports.table.record_table import RecordTable
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.theme.tokens import TEXT_CONTRAST, contrast, load_tokens
from sana_desktop.ui.widgets import plain_tip
from tests.support.panels import NOW, JobRegistry
from tests.support.records import START, job, order, transfer


@pytest.fixture
def desk(qtbot: QtBot, theme: Theme, icons: Icons) -> JobRegistry:
    return JobRegistry(qtbot, theme, icons)


def ink(image: QImage, table: RecordTable, row: int, column: int) -> set[str]:
    """Return the colours in a cell."""
    left, top = table.columnViewportPosition(column), table.rowViewportPosition(row)
    xs = range(left, min(left + table.columnWidth(column), image.width()))
    return {image.pixelColor(x, y).name() for x in xs for y in range(top, top + table.rowHeight(row))}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("background", ["surface", "canvas", "selected"])
def test_every_tone_can_be_read_on_every_row(scheme: str, background: str) -> None:
    colours = load_tokens().colours["light" if scheme == "light" else "dark"]
    for role in ("text", *TONE_COLOURS.values()):
        assert contrast(colours[role], colours[background]) >= TEXT_CONTRAST, role


def test_a_selected_row_keeps_the_tone_of_its_state(desk: JobRegistry) -> None:
    table = desk.jobs([job("a", JobState.FAILED, error_message="No.")]).table
    table.setCurrentIndex(table.model().index(0, 0))
    found = ink(table.viewport().grab().toImage(), table, 0, JobColumn.STATE)
    assert {desk.theme.colour("bad").name(), desk.theme.colour("selected").name()} <= found


def test_what_has_arrived_is_a_line_of_that_length(desk: JobRegistry) -> None:
    record = transfer(received=250, total=1_000, name="a.csv")
    table = desk.downloads([record]).table
    desk.rest(table)
    image = table.viewport().grab().toImage()
    y = table.rowHeight(0) - 1
    left, width = table.columnViewportPosition(DownloadColumn.SIZE), table.columnWidth(DownloadColumn.SIZE)
    accent = desk.theme.colour("accent").name()
    filled = sum(image.pixelColor(x, y).name() == accent for x in range(left, left + width))
    margins = sum(table.margins(DownloadColumn.SIZE))
    assert filled == pytest.approx((width - margins) / 4, abs=1)


def test_without_a_known_size_there_is_no_line(desk: JobRegistry) -> None:
    table = desk.downloads([transfer(received=250, total=None)]).table
    desk.rest(table)
    image = table.viewport().grab().toImage()
    accent = desk.theme.colour("accent").name()
    y = table.rowHeight(0) - 1
    assert accent not in {image.pixelColor(x, y).name() for x in range(image.width())}


def test_the_longest_words_that_fit_are_taken(qapp: QApplication) -> None:
    metrics = QFontMetrics(qapp.font())
    words = ("until 10:18, 18 min", "until 10:18")
    assert fitting(words, metrics, 1_000) == words[0]
    assert fitting(words, metrics, metrics.horizontalAdvance(words[0]) - 1) == words[1]
    assert fitting(words, metrics, 5) is None


def test_a_cell_has_shorter_words_for_less_room(desk: JobRegistry) -> None:
    model = desk.downloads([transfer(link_expires_at=NOW + timedelta(minutes=18))]).model
    cell = model.index(0, DownloadColumn.LINK)
    (short,) = cell.data(SHORTER_ROLE)
    assert cell.data().startswith(f"{short}, ")
    assert cell.data(Qt.ItemDataRole.AccessibleTextRole) == cell.data(), "a screen reader hears the whole"


def test_U05_a_tooltip_shows_markup_as_text_and_opens_nothing() -> None:
    tip = plain_tip("<img src='file:///etc/passwd'> & <a href='x'>\nsecond\u202e line")
    assert "<img" not in tip
    assert "<a " not in tip
    assert "&lt;img" in tip
    assert "\u202e" not in tip
    assert plain_tip("") == ""
    assert len(plain_tip("<" * 50_000)) < 10_000


def test_U05_hovering_a_cell_shows_its_tooltip_as_text(desk: JobRegistry) -> None:
    table = desk.jobs([job(order=order("<b>bold</b>"))]).table
    place = desk.point(table, 0)
    event = QHelpEvent(QHelpEvent.Type.ToolTip, place, table.viewport().mapToGlobal(place))
    QApplication.sendEvent(table.viewport(), event)
    assert "&lt;b&gt;bold&lt;/b&gt;" in QToolTip.text()
    QToolTip.hideText()


def test_reading_direction_is_that_of_the_first_letter() -> None:
    assert reads_rightwards("Weekly كشف")
    assert not reads_rightwards("(1) كشف Weekly")
    assert reads_rightwards("12:30")


def test_a_cut_name_keeps_its_ending_its_day_and_its_time(desk: JobRegistry) -> None:
    """Whatever the width, what is written of a file is a whole end, never a part of a time."""
    made = START - timedelta(days=8)
    stamp = made.astimezone().strftime("%Y%m%d-%H%M")
    files = [
        transfer("a", TransferState.DONE, name=f"Acme_Users_{stamp}_9f31c2ab.csv", total=30_000_000, rows=468_749),
        transfer("b", TransferState.DONE, name=f"Acme_Users_{stamp}_77aa0012.csv", job="j2"),
        transfer("c", TransferState.DONE, name=f"Acme_Course-completions_{stamp}_55aa0012.xlsx", job="j3"),
    ]
    panel = desk.downloads(files)
    panel.show_sites(2)
    delegate = panel.table.itemDelegate()
    assert isinstance(delegate, RecordDelegate)
    for width in range(360, 900, 20):
        panel.resize(width, 300)
        QApplication.processEvents()
        room = panel.table.columnWidth(DownloadColumn.FILE) - sum(panel.table.margins(DownloadColumn.FILE))
        for row in range(3):
            index = panel.model.index(row, DownloadColumn.FILE)
            shown = delegate._text(index, room)
            assert shown == index.data() or shown.endswith(index.data(KEEP_ROLE)), (width, shown)
            assert shown[0] != "…", (width, shown)


def test_a_cell_asks_for_the_room_its_words_need(desk: JobRegistry) -> None:
    table = desk.jobs([job("a")]).table
    delegate, model = table.itemDelegate(), table.model()
    option = QStyleOptionViewItem()
    title, state = (delegate.sizeHint(option, model.index(0, c)) for c in (JobColumn.REPORT, JobColumn.STATE))
    words = table.fontMetrics().horizontalAdvance(model.index(0, JobColumn.REPORT).data())
    assert title.width() > words
    assert state.width() > table.fontMetrics().horizontalAdvance(model.index(0, JobColumn.STATE).data()) + 16
    assert QPoint(0, title.height()).y() <= table.rowHeight(0)
