"""The table of records under a person's hands: mouse, keys, menu, focus, sizes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QImage
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from sana_desktop.reports.records.job import JobState
from sana_desktop.reports.records.transfer import TransferProgress, TransferState
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.models.jobs import JobColumn
from sana_desktop.ui.reports.records.jobs_panel import JobsPanel
from sana_desktop.ui.reports.table.actions import DownloadAction, JobAction, download_acts, job_acts
from sana_desktop.ui.reports.table.buttons import RowButtons
from sana_desktop.ui.reports.table.header import EDGE_MARGIN
from sana_desktop.ui.reports.table.record_table import RecordTable
from sana_desktop.ui.theme.theme import Theme
from tests.support.panels import JobRegistry, every_job, every_transfer, open_menu, row_buttons
from tests.support.records import job, transfer

CONTROL = Qt.KeyboardModifier.ControlModifier


def wide(panel: JobsPanel) -> RecordTable:
    """Give a panel room for every button of a row."""
    panel.resize(1_000, 300)
    QApplication.processEvents()
    return panel.table


@pytest.fixture
def desk(qtbot: QtBot, theme: Theme, icons: Icons) -> JobRegistry:
    return JobRegistry(qtbot, theme, icons)


def emitted(spy: QSignalSpy) -> list[list[object]]:
    return [spy.at(position) for position in range(spy.count())]


def picture(table: RecordTable) -> QImage:
    return table.viewport().grab().toImage()


def test_hover_shows_the_buttons_of_that_row_and_leaving_hides_them(desk: JobRegistry) -> None:
    table = wide(desk.jobs([job("a", JobState.FAILED), job("b", JobState.WATCHING)]))
    desk.rest(table)
    desk.hover(table, 1)
    assert set(row_buttons(table)) == {"checkNow", "stopWatching", "details"}
    top = table.rowViewportPosition(1)
    for button in row_buttons(table).values():
        place = button.mapTo(table.viewport(), button.rect().center())
        assert top <= place.y() < top + table.rowHeight(1)
        assert table.viewport().rect().contains(place)
    desk.hover(table, 0)
    assert set(row_buttons(table)) == {"runAgain", "details"}
    QApplication.sendEvent(table, QEvent(QEvent.Type.Leave))
    assert row_buttons(table) == {}


def test_a_click_on_a_row_button_asks_for_that_act_on_that_row(desk: JobRegistry) -> None:
    table = desk.jobs([job("a", JobState.FAILED), job("b", JobState.WATCHING)]).table
    asked = QSignalSpy(table.requested)
    desk.hover(table, 1)
    desk.qtbot.mouseClick(row_buttons(table)["checkNow"], Qt.MouseButton.LeftButton)
    assert emitted(asked) == [[JobAction.CHECK_NOW, "b"]]
    assert table.currentIndex().row() == 1


def test_buttons_follow_the_state_of_the_row_below_the_mouse(desk: JobRegistry) -> None:
    panel = desk.jobs([job("a")])
    desk.hover(wide(panel), 0)
    panel.model.put(job("a", JobState.READY))
    assert set(row_buttons(panel.table)) == {"runAgain", "details"}


def test_row_buttons_have_names_and_tooltips_and_take_no_focus(desk: JobRegistry) -> None:
    for table in (desk.jobs(every_job()).table, desk.downloads(every_transfer()).table):
        for row in range(table.model().rowCount()):
            table.scrollTo(table.model().index(row, 0))
            desk.hover(table, row)
            for button in row_buttons(table).values():
                assert button.accessibleName()
                assert button.accessibleName() in button.toolTip()
                assert button.focusPolicy() is Qt.FocusPolicy.NoFocus


def test_the_menu_offers_exactly_the_acts_of_each_state(desk: JobRegistry) -> None:
    for panel, acts in ((desk.jobs(every_job()), job_acts), (desk.downloads(every_transfer()), download_acts)):
        table = panel.table
        for row in range(table.model().rowCount()):
            table.scrollTo(table.model().index(row, 0))
            event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, desk.point(table, row), QPoint())
            QApplication.sendEvent(table.viewport(), event)
            wanted = acts(table.record(row))
            if not wanted:
                assert not QApplication.activePopupWidget()
                continue
            menu = open_menu(table)
            assert [entry.text() for entry in menu.actions()] == [act.words for act in wanted]
            assert [entry.shortcut() for entry in menu.actions()] == [act.key for act in wanted]
            assert not any(entry.icon().isNull() for entry in menu.actions())
            menu.close()


def test_a_menu_entry_asks_for_its_act_once(desk: JobRegistry) -> None:
    table = desk.downloads([transfer("a", TransferState.DONE), transfer("b", TransferState.DONE)]).table
    asked = QSignalSpy(table.requested)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, desk.point(table, 1), QPoint())
    QApplication.sendEvent(table.viewport(), event)
    menu = open_menu(table)
    entry = menu.findChild(QAction, "menuAction-verifyAgain")
    assert isinstance(entry, QAction)
    desk.qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(entry).center())
    assert emitted(asked) == [[DownloadAction.VERIFY, "b"]]


def test_the_menu_by_keyboard_is_that_of_the_current_row(desk: JobRegistry) -> None:
    table = desk.jobs([job("a", JobState.FAILED), job("b", JobState.WATCHING)]).table
    table.setFocus()
    table.setCurrentIndex(table.model().index(1, 0))
    # Where the platform puts a menu asked for by key has nothing to do with the row.
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(5, 5), QPoint())
    QApplication.sendEvent(table.viewport(), event)
    assert [entry.text() for entry in open_menu(table).actions()] == [act.words for act in job_acts(table.record(1))]
    open_menu(table).close()


@pytest.mark.parametrize(
    ("key", "modifier"),
    [(Qt.Key.Key_Menu, Qt.KeyboardModifier.NoModifier), (Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)],
)
def test_the_keys_for_a_menu_open_one_on_every_platform(
    desk: JobRegistry, key: Qt.Key, modifier: Qt.KeyboardModifier
) -> None:
    table = desk.jobs([job("a")]).table
    table.setFocus()
    desk.qtbot.keyClick(table, key, modifier)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(5, 5), QPoint())
    QApplication.sendEvent(table.viewport(), event)  # what a platform may make of the same key
    open_menu(table).close()


def test_a_place_without_a_row_has_no_menu(desk: JobRegistry) -> None:
    table = desk.jobs([job("a")]).table
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(20, 200), QPoint())
    QApplication.sendEvent(table.viewport(), event)
    assert not QApplication.activePopupWidget()


@pytest.mark.parametrize(
    ("state", "key", "modifier", "act"),
    [
        (JobState.WATCHING, Qt.Key.Key_F5, Qt.KeyboardModifier.NoModifier, JobAction.CHECK_NOW),
        (JobState.FAILED, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, JobAction.DETAILS),
        (JobState.FAILED, Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier, JobAction.DETAILS),
        (JobState.FAILED, Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier, JobAction.REMOVE),
        (JobState.FAILED, Qt.Key.Key_R, CONTROL, JobAction.RUN_AGAIN),
        (JobState.FAILED, Qt.Key.Key_C, CONTROL, JobAction.COPY_ID),
    ],
)
def test_keys_are_acts_on_the_current_job(
    desk: JobRegistry, state: JobState, key: Qt.Key, modifier: Qt.KeyboardModifier, act: JobAction
) -> None:
    table = desk.jobs([job("a", JobState.READY), job("b", state)]).table
    table.setFocus()
    table.setCurrentIndex(table.model().index(1, 0))
    asked = QSignalSpy(table.requested)
    desk.qtbot.keyClick(table, key, modifier)
    assert emitted(asked) == [[act, "b"]]


@pytest.mark.parametrize(
    ("state", "key", "modifier", "act"),
    [
        (TransferState.DONE, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, DownloadAction.OPEN),
        (TransferState.DONE, Qt.Key.Key_C, CONTROL, DownloadAction.COPY_PATH),
        (TransferState.DONE, Qt.Key.Key_R, CONTROL, DownloadAction.RUN_AGAIN),
        (TransferState.DONE, Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier, DownloadAction.REMOVE),
        (TransferState.FETCHING, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier, DownloadAction.PAUSE),
        (TransferState.PAUSED, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier, DownloadAction.RESUME),
    ],
)
def test_keys_are_acts_on_the_current_download(
    desk: JobRegistry, state: TransferState, key: Qt.Key, modifier: Qt.KeyboardModifier, act: DownloadAction
) -> None:
    table = desk.downloads([transfer("a", state)]).table
    table.setFocus()
    asked = QSignalSpy(table.requested)
    desk.qtbot.keyClick(table, key, modifier)
    assert emitted(asked) == [[act, "a"]]


def test_a_key_that_means_nothing_here_asks_for_nothing(desk: JobRegistry) -> None:
    table = desk.jobs([job("a")]).table
    table.setFocus()
    asked = QSignalSpy(table.requested)
    desk.qtbot.keyClick(table, Qt.Key.Key_Delete)  # a job under way is not thrown away
    assert asked.count() == 0


def test_a_key_of_the_row_wins_over_the_same_key_of_a_menu(desk: JobRegistry) -> None:
    panel = desk.downloads([transfer("a", TransferState.DONE)])
    copy = QAction("Copy", panel)
    copy.setShortcut("Ctrl+C")
    panel.addAction(copy)
    panel.table.setFocus()
    asked, stolen = QSignalSpy(panel.table.requested), QSignalSpy(copy.triggered)
    desk.qtbot.keyClick(panel.table, Qt.Key.Key_C, CONTROL)
    assert emitted(asked) == [[DownloadAction.COPY_PATH, "a"]]
    assert stolen.count() == 0


def test_double_click_is_what_return_is(desk: JobRegistry) -> None:
    table = desk.downloads([transfer("a"), transfer("b", TransferState.DONE)]).table
    asked = QSignalSpy(table.requested)
    for row in (1, 0):  # what is not there yet can't be opened
        desk.qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=desk.point(table, row))
    assert emitted(asked) == [[DownloadAction.OPEN, "b"]]


def test_backspace_removes_nothing(desk: JobRegistry) -> None:
    table = desk.jobs([job("a", JobState.FAILED)]).table
    table.setFocus()
    table.selectRow(0)
    asked = QSignalSpy(table.requested)
    desk.qtbot.keyClick(table, Qt.Key.Key_Backspace)
    assert emitted(asked) == []


def test_focus_gives_a_current_row_and_a_key_shows_its_buttons(desk: JobRegistry) -> None:
    table = wide(desk.jobs([job("a", JobState.FAILED), job("b")]))
    desk.rest(table)
    assert row_buttons(table) == {}
    table.setFocus()
    assert table.currentIndex().row() == 0
    assert row_buttons(table) == {}, "the words of a row that merely is the current one are covered"
    desk.qtbot.keyClick(table, Qt.Key.Key_Down)
    assert "checkNow" in row_buttons(table)
    desk.qtbot.keyClick(table, Qt.Key.Key_Up)
    assert "runAgain" in row_buttons(table)
    table.clearFocus()
    table.setFocus()
    assert row_buttons(table) == {}


def test_focus_can_be_seen(desk: JobRegistry) -> None:
    table = desk.jobs([job("a")]).table
    table.setFocus()
    strip = QPoint(1, table.rowHeight(0) // 2)
    assert picture(table).pixelColor(strip) == desk.theme.colour("focus")
    beside = strip + QPoint(8, 8)
    assert picture(table).pixelColor(beside) == desk.theme.colour("selected")
    table.clearFocus()
    # Two tables with a row each in the colour of a choice would look as if these belonged together.
    assert {picture(table).pixelColor(at).name() for at in (strip, beside)} == {desk.theme.colour("canvas").name()}


def test_a_selected_row_is_painted_over_the_whole_width(desk: JobRegistry) -> None:
    table = desk.jobs([job(str(n), JobState.READY) for n in range(60)]).table
    table.setCurrentIndex(table.model().index(1, 0))
    table.clearFocus()
    assert table.viewport().width() == table.width()
    image = table.grab().toImage()
    y = table.viewport().y() + table.rowViewportPosition(1) + 3
    colours = {image.pixelColor(x, y).name() for x in (0, 200, 400, table.width() - 13, table.width() - 1)}
    assert colours == {desk.theme.colour("canvas").name()}


def test_the_bar_over_the_rows_scrolls_them(desk: JobRegistry) -> None:
    table = desk.jobs([job(str(n)) for n in range(60)]).table
    bar = next(child for child in table.findChildren(type(table.verticalScrollBar())) if child.parent() is table)
    assert bar.isVisible()
    assert bar.maximum() == table.verticalScrollBar().maximum()
    bar.setValue(bar.maximum())
    assert table.rows_in_sight()[1] == 59
    table.scrollToTop()
    assert bar.value() == 0
    few = desk.jobs([job("a")]).table
    assert not [child for child in few.findChildren(type(bar)) if child.parent() is few and child.isVisible()]


def test_the_row_below_a_resting_mouse_changes_as_rows_are_scrolled(desk: JobRegistry) -> None:
    table = desk.jobs([job(str(n), JobState.FAILED if n else JobState.WATCHING) for n in range(60)]).table
    desk.rest(table)
    desk.hover(table, 0)
    assert "checkNow" in row_buttons(table)
    table.verticalScrollBar().setValue(table.verticalScrollBar().maximum())
    assert "checkNow" not in row_buttons(table)


def test_words_begin_where_the_header_and_the_panel_title_begin(desk: JobRegistry) -> None:
    table = desk.jobs([job("a", JobState.READY)]).table
    desk.rest(table)
    header = table.columns()
    for image, background in ((picture(table), "surface"), (header.viewport().grab().toImage(), "surface")):
        plain = desk.theme.colour(background).name()
        ink = [x for x in range(EDGE_MARGIN + 60) for y in range(4, 22) if image.pixelColor(x, y).name() != plain]
        assert EDGE_MARGIN <= min(ink) <= EDGE_MARGIN + 3


def test_a_theme_switch_paints_rows_and_icons_anew(desk: JobRegistry) -> None:
    table = desk.jobs([job("a", JobState.READY)]).table
    desk.rest(table)
    light = picture(table)
    desk.theme.set_choice("dark")
    dark = picture(table)
    place = QPoint(table.width() - 4, 4)
    assert light.pixelColor(place).name() != dark.pixelColor(place).name()
    assert dark.pixelColor(place) == desk.theme.colour("surface")
    left = table.columnViewportPosition(JobColumn.STATE)
    names = {dark.pixelColor(x, y).name() for x in range(left, left + 26) for y in range(2, 26)}
    assert desk.theme.colour("good").name() in names


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_rows_and_header_grow_with_the_text(desk: JobRegistry, scale: float) -> None:
    desk.theme.set_scale(scale)
    table = desk.jobs([job("a", JobState.READY)]).table
    desk.rest(table)
    text = table.fontMetrics()
    assert table.font().pointSizeF() == pytest.approx(desk.theme.points(), abs=0.01)
    assert table.rowHeight(0) >= max(28, text.height() + 8)
    assert table.columns().height() >= text.height() * 0.9
    image = picture(table)
    edge = {image.pixelColor(x, y).name() for x in range(300) for y in (0, 1, table.rowHeight(0) - 2)}
    assert edge == {desk.theme.colour("surface").name()}, "a letter touches the edge of its row"


def test_text_that_grows_while_the_table_is_there_grows_the_rows(desk: JobRegistry) -> None:
    table = desk.jobs([job("a")]).table
    before = table.rowHeight(0)
    desk.theme.set_scale(2.0)
    assert table.rowHeight(0) > before


def test_rows_in_sight(desk: JobRegistry) -> None:
    panel = desk.jobs([job(str(n)) for n in range(100)])
    first, last = panel.table.rows_in_sight()
    assert first == 0
    assert 5 < last < 12
    panel.table.scrollToBottom()
    assert panel.table.rows_in_sight()[1] == 99
    panel.hide()
    assert panel.table.rows_in_sight() == (0, -1)
    assert desk.jobs([]).table.rows_in_sight() == (0, -1)


def test_U03_ten_thousand_rows_and_a_thousand_changes_are_changes_of_rows(desk: JobRegistry) -> None:
    jobs = desk.jobs([job(str(n), JobState.READY) for n in range(10_000)])
    downloads = desk.downloads([transfer(str(n), job=str(n)) for n in range(10_000)])
    for model in (jobs.model, downloads.model):
        assert model.rowCount() == 10_000
    models = (jobs.model, downloads.model)
    resets = [QSignalSpy(signal) for model in models for signal in (model.modelReset, model.layoutChanged)]
    changed = [QSignalSpy(model.dataChanged) for model in (jobs.model, downloads.model)]
    asked = 0
    real = jobs.model.data

    def counting(*arguments: object) -> object:
        nonlocal asked
        asked += 1
        return real(*arguments)  # type: ignore[arg-type]

    jobs.model.data = counting  # type: ignore[assignment]
    for n in range(1_000):
        row = str(5_000 + n)  # out of sight
        jobs.model.put(job(row, JobState.WATCHING))
        downloads.model.progress(TransferProgress(row, n, 1_000, 1.0, None))
    assert all(spy.count() == 0 for spy in resets)
    assert [spy.count() for spy in changed] == [1_000, 1_000]
    rows = {changed[0].at(n)[0].row() for n in range(1_000)}
    assert rows == set(range(5_000, 6_000))
    QApplication.processEvents()
    assert asked <= 2_000, "a change of a row out of sight asks for cells"


def test_a_button_that_comes_under_the_mouse_is_the_one_that_is_shaded_and_says_what_it_does(desk: JobRegistry) -> None:
    table = desk.downloads(
        [transfer(str(n), TransferState.DONE, name=f"{n}.csv", sha256="ab" * 32) for n in "abc"]
    ).table
    desk.hover(table, 0)
    for row in (1, 2):
        place = row_buttons(table)["open"].mapTo(table.viewport(), row_buttons(table)["open"].rect().center())
        place.setY(desk.point(table, row).y())
        desk.qtbot.mouseMove(table.viewport(), place)  # the mouse jumps onto the place where the button will be
        buttons = row_buttons(table)
        assert [name for name, button in buttons.items() if button.underMouse()] == ["open"]
        assert table.act_at(table.viewport().mapToGlobal(place)) == buttons["open"].toolTip()
    QApplication.sendEvent(table, QEvent(QEvent.Type.Leave))
    assert table.act_at(table.viewport().mapToGlobal(place)) == ""


def test_the_buttons_stand_on_the_colour_of_their_row(desk: JobRegistry) -> None:
    table = desk.jobs([job("a"), job("b", JobState.FAILED)]).table
    desk.rest(table)
    desk.hover(table, 1)
    desk.click(table, 1)
    table.setFocus()
    buttons = table.viewport().findChild(RowButtons)
    assert isinstance(buttons, RowButtons)
    top = table.rowViewportPosition(1)
    image = picture(table)
    edges = {image.pixelColor(x, top + 2).name() for x in range(buttons.geometry().left(), buttons.geometry().right())}
    assert edges == {desk.theme.colour("selected").name()}


def test_buttons_without_room_for_all_of_them_are_fewer_and_the_last_opens_the_menu(desk: JobRegistry) -> None:
    panel = desk.jobs([job("a", JobState.FAILED), job("b")])
    panel.resize(400, 300)
    QApplication.processEvents()
    table = panel.table
    desk.rest(table)
    desk.hover(table, 1)
    assert len(row_buttons(table)) < 2
    more = table.viewport().findChild(QToolButton, "rowMore")
    assert isinstance(more, QToolButton)
    assert more.accessibleName()
    asked = QSignalSpy(table.requested)
    desk.qtbot.mouseClick(more, Qt.MouseButton.LeftButton)
    assert [entry.text() for entry in open_menu(table).actions()] == [act.words for act in job_acts(table.record(1))]
    open_menu(table).close()
    assert asked.count() == 0


@pytest.mark.parametrize("width", [420, 640, 1_000])
def test_a_click_on_the_words_of_a_row_selects_it_wherever_they_are(desk: JobRegistry, width: int) -> None:
    done = [transfer(str(n), TransferState.DONE, job=str(n), total=30_000_000, rows=468_749) for n in range(3)]
    for panel in (desk.jobs([job(str(n), JobState.FAILED) for n in range(3)]), desk.downloads(done)):
        panel.resize(width, 300)
        QApplication.processEvents()
        table, header = panel.table, panel.table.columns()
        asked = QSignalSpy(table.requested)
        last = max(header.shown(), key=header.sectionViewportPosition)
        end = header.sectionViewportPosition(last) + header.sectionSize(last) - table.margins(last)[1]
        for x in range(2, end, 9):
            table.selectRow(0)
            place = desk.point(table, 2, x)
            desk.qtbot.mouseMove(table.viewport(), place)
            below = table.viewport().childAt(place) or table.viewport()
            desk.qtbot.mouseClick(below, Qt.MouseButton.LeftButton, pos=below.mapFrom(table.viewport(), place))
            assert table.currentIndex().row() == 2, x
        assert asked.count() == 0
        assert row_buttons(table) or width < 640


@pytest.mark.parametrize("key", [Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp])
def test_keys_go_through_the_rows_as_through_any_list(desk: JobRegistry, key: Qt.Key) -> None:
    table = desk.jobs([job(str(n)) for n in range(60)]).table
    table.setFocus()
    table.selectRow(30)
    desk.qtbot.keyClick(table, key)
    row = table.currentIndex().row()
    assert [index.row() for index in table.selectionModel().selectedRows()] == [row]
    first, last = table.rows_in_sight()
    assert first <= row <= last
    page = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}.get(key)
    if page is None:
        assert row == (0 if key is Qt.Key.Key_Home else 59)
    else:
        assert 4 <= (row - 30) * page <= 12
        for _ in range(12):
            desk.qtbot.keyClick(table, key)
        assert table.currentIndex().row() == (59 if page > 0 else 0)
