"""The window's frame by keys and mouse: places, panes, paste, close, size, theme, help."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRect, Qt, QUrl
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMenu, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.ui.actions import specs
from sana_desktop.ui.help import AboutDialog, ShortcutSheet
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.rail import Place
from sana_desktop.ui.reports.page import ReportsPage
from sana_desktop.ui.reports.records.jobs_panel import JobsPanel
from sana_desktop.ui.reports.table.act_list import act_list
from sana_desktop.ui.status_line import StatusLine
from sana_desktop.ui.theme.theme import MAX_SCALE, Theme
from sana_desktop.ui.widgets import column, scrolled, text_button
from sana_desktop.ui.window import TITLE_DASH, MainWindow
from sana_desktop.ui.window_memory import FRAME, SMALLEST, START_SIZE, fitted
from tests.support.records import job
from tests.ui.scenes import UNDERSTOOD, make_window

CTRL = Qt.KeyboardModifier.ControlModifier


class Memory:
    """Remembers a window's size, as the settings do."""

    def __init__(self) -> None:
        self.saved: tuple[bytes, bytes] | None = None

    def load(self) -> tuple[bytes, bytes] | None:
        return self.saved

    def save(self, geometry: bytes, state: bytes) -> None:
        self.saved = geometry, state


@pytest.fixture
def window(qtbot: QtBot, theme: Theme, icons: Icons) -> MainWindow:
    made, page = make_window(theme, icons)
    qtbot.addWidget(made, before_close_func=lambda _: made.close_for_good())
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    page.welcome.box.setFocus()
    return made


def rail(window: MainWindow, name: str) -> QToolButton:
    button = window.findChild(QToolButton, name)
    assert isinstance(button, QToolButton)
    return button


def test_a_window_that_was_just_made_does_not_say_that_it_is_ready(qtbot: QtBot, icons: Icons) -> None:
    line = StatusLine(icons)
    qtbot.addWidget(line)
    assert (line.text(), line.tone()) == ("Getting ready…", "busy")


def test_the_stable_names_are_there(window: MainWindow) -> None:
    assert window.objectName() == "mainWindow"
    for name in ("statusLine", "railReports", "railConnections", "railSettings", "welcomePasteBox", "tryExampleButton"):
        assert window.findChild(QWidget, name) is not None, name
    reports = window.findChild(ReportsPage)
    assert isinstance(reports, ReportsPage)
    reports.show_understood(UNDERSTOOD)
    for name in ("connectButton", "understoodCard", "acceptPasteButton", "editor", "formatChoice", "getReportButton"):
        assert window.findChild(QWidget, name) is not None, name
    for name in ("jobsTable", "downloadsTable"):
        assert window.findChild(QWidget, name) is not None, name


def test_undo_with_the_focus_in_a_list_is_for_what_was_removed_from_it(window: MainWindow) -> None:
    class Keeper:
        back = 0

        def can_undo(self) -> bool:
            return not self.back

        def undo_last(self) -> None:
            self.back += 1

    keeper, panel = Keeper(), window.findChild(JobsPanel)
    assert isinstance(panel, JobsPanel)
    panel.takes_back = keeper
    page = window.findChild(ReportsPage)
    assert isinstance(page, ReportsPage)
    page.show_work()
    panel.model.add_earlier([job("a")])
    panel.table.setFocus()
    window.actions_by_name.menu("edit").aboutToShow.emit()
    undo = window.actions_by_name.action("edit.undo")
    assert undo.isEnabled()
    QTest.keyClick(panel.table, Qt.Key.Key_Z, CTRL)
    assert keeper.back == 1
    window.actions_by_name.menu("edit").aboutToShow.emit()
    assert not undo.isEnabled()


def test_places_by_mouse_and_by_number(qtbot: QtBot, window: MainWindow) -> None:
    changed = QSignalSpy(window.place_changed)
    qtbot.mouseClick(rail(window, "railConnections"), Qt.MouseButton.LeftButton)
    assert window.place == "connections"
    for key, place in ((Qt.Key.Key_3, "settings"), (Qt.Key.Key_1, "reports"), (Qt.Key.Key_2, "connections")):
        QTest.keyClick(window, key, CTRL)
        assert window.place == place
        assert rail(window, f"rail{place.capitalize()}").isChecked()
    assert [changed.at(at)[0] for at in range(changed.count())] == ["connections", "settings", "reports", "connections"]


def test_the_rail_goes_by_arrows(window: MainWindow) -> None:
    button = rail(window, "railReports")
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Down)
    assert window.place == "connections"
    assert rail(window, "railConnections").hasFocus()
    QTest.keyClick(rail(window, "railConnections"), Qt.Key.Key_Down)
    QTest.keyClick(rail(window, "railSettings"), Qt.Key.Key_Down)
    assert window.place == "reports"
    QTest.keyClick(button, Qt.Key.Key_Up)
    assert window.place == "settings"


def test_f6_goes_round_the_panes_and_back(window: MainWindow) -> None:
    window.go_to("reports")
    start = QApplication.focusWidget()
    assert start is not None
    assert start.objectName() == "welcomePasteBox"
    QTest.keyClick(window, Qt.Key.Key_F6)
    assert rail(window, "railReports").hasFocus()
    QTest.keyClick(window, Qt.Key.Key_F6)
    assert QApplication.focusWidget() is start
    QTest.keyClick(window, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert rail(window, "railReports").hasFocus()


def test_f6_in_the_work_reaches_editor_order_bar_and_tables(qtbot: QtBot, theme: Theme, icons: Icons) -> None:
    made, page = make_window(theme, icons, filled=True)
    qtbot.addWidget(made, before_close_func=lambda _: made.close_for_good())
    page.show_work()
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    seen = []
    for _ in range(5):
        QTest.keyClick(made, Qt.Key.Key_F6)
        focus = QApplication.focusWidget()
        assert focus is not None
        seen.append(focus.objectName())
    assert set(seen) == {"railReports", "editor", "connectionChoice", "jobsTable", "downloadsTable"}


def test_shift_f6_goes_the_same_way_back(window: MainWindow) -> None:
    panes = [text_button(name, name) for name in ("one", "two", "three")]
    content = QWidget()
    box = column(content)
    for pane in panes:
        box.addWidget(pane)
    content.panes = lambda: panes  # type: ignore[attr-defined]
    window.add_place(Place("row", "railRow", "reports", "Row", content))
    window.go_to("row")
    panes[2].setFocus()
    for expected in (panes[1], panes[0]):
        QTest.keyClick(window, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
        assert QApplication.focusWidget() is expected


def test_f6_scrolls_to_what_it_goes_to(qtbot: QtBot, window: MainWindow) -> None:
    content = QWidget()
    box = column(content)
    above, far = text_button("Above", "above"), text_button("Far below", "far")
    box.addWidget(above)
    box.addSpacing(3_000)
    box.addWidget(far)
    page = scrolled(content)
    page.panes = lambda: [above, far]  # type: ignore[attr-defined]
    window.add_place(Place("long", "railLong", "reports", "Long", page))
    window.go_to("long")
    QApplication.processEvents()
    for button in (above, far, above):
        while not button.hasFocus():
            window.next_pane()
        assert button.visibleRegion().boundingRect().height() == button.height(), button.objectName()


def test_closing_is_asked_for_and_not_done(window: MainWindow) -> None:
    asked = QSignalSpy(window.close_requested)
    event = QCloseEvent()
    QApplication.sendEvent(window, event)
    assert not event.isAccepted()
    assert window.isVisible()
    QTest.keyClick(window, Qt.Key.Key_Q, CTRL)
    assert asked.count() == 2
    window.begin_closing()
    assert not window.isEnabled()
    assert window.isVisible()
    window.close_for_good()
    assert not window.isVisible()
    assert asked.count() == 2


def test_paste_anywhere_is_handed_on(window: MainWindow) -> None:
    pasted = QSignalSpy(window.pasted)
    QGuiApplication.clipboard().setText("curl https://acme.sana.ai")
    rail(window, "railReports").setFocus()
    QTest.keyClick(window, Qt.Key.Key_V, CTRL)
    assert pasted.at(0) == ["curl https://acme.sana.ai"]


def test_paste_in_a_field_stays_in_the_field(window: MainWindow) -> None:
    pasted = QSignalSpy(window.pasted)
    window.go_to("connections")
    add = window.findChild(QPushButton, "addConnectionButton")
    assert isinstance(add, QPushButton)
    QTest.mouseClick(add, Qt.MouseButton.LeftButton)
    field = window.findChild(QLineEdit, "siteField")
    assert isinstance(field, QLineEdit)
    assert field.hasFocus()
    QGuiApplication.clipboard().setText("acme")
    QTest.keyClick(field, Qt.Key.Key_V, CTRL)
    assert field.text() == "acme"
    window.actions_by_name.action("edit.paste").trigger()
    assert field.text() == "acmeacme"
    assert pasted.count() == 0


def test_an_empty_clipboard_is_handed_on_too_so_that_there_is_a_word_about_it(window: MainWindow) -> None:
    pasted = QSignalSpy(window.pasted)
    QGuiApplication.clipboard().clear()
    rail(window, "railReports").setFocus()
    QTest.keyClick(window, Qt.Key.Key_V, CTRL)
    assert pasted.at(0) == [""]


def test_files_and_text_can_be_dropped(window: MainWindow) -> None:
    files, texts = QSignalSpy(window.file_dropped), QSignalSpy(window.pasted)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("query.sql"), QUrl("https://acme.sana.ai/x")])
    drop(window, data)
    assert files.count() == 1
    assert str(files.at(0)[0]).endswith("query.sql")
    text = QMimeData()
    text.setText("SELECT 1")
    drop(window, text)
    assert texts.at(0) == ["SELECT 1"]


def drop(window: MainWindow, data: QMimeData) -> None:
    actions = Qt.DropAction.CopyAction
    enter = QDragEnterEvent(QPoint(5, 5), actions, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    event = QDropEvent(QPointF(5, 5), actions, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(window, event)


def test_the_status_line_is_plain_bounded_and_has_a_word(window: MainWindow) -> None:
    line = window.findChild(QLabel, "statusLine")
    assert isinstance(line, QLabel)
    window.show_truth("<img src='file:///etc/passwd'>\nnext" + "x" * 5_000, "bad", announce=True)
    assert line.text().startswith("<img src='file:///etc/passwd'> next")
    assert line.textFormat() is Qt.TextFormat.PlainText
    assert len(line.text()) <= 300
    assert window.status.tone() == "bad"
    assert line.accessibleDescription() == line.text()


def test_a_sentence_without_room_ends_in_an_ellipsis_and_is_whole_for_who_asks(
    window: MainWindow, theme: Theme
) -> None:
    line = window.findChild(QLabel, "statusLine")
    assert isinstance(line, QLabel)

    def painted(text: str) -> QImage:
        window.show_truth(text, "bad")
        return line.grab().toImage()

    start = "The site said no. " * 14
    # What is cut off at the right edge is not seen; what is in the place of it is the same for both.
    assert painted(start + "one") == painted(start + "two")
    edge = painted(start)
    ink = [x for x in range(edge.width()) for y in range(edge.height()) if edge.pixelColor(x, y) == theme.colour("bad")]
    assert max(ink) < edge.width() - 1, "a letter is cut at the edge"
    path = "Saved and checked: /home/maria/Downloads/" + "reports-of-the-department/" * 8
    assert painted(path + "one.csv") != painted(path + "two.csv"), "the name of the file is cut away"
    assert line.text() == path + "two.csv"


def test_size_comes_back(qtbot: QtBot, theme: Theme, icons: Icons) -> None:
    memory = Memory()
    first = MainWindow(theme, icons, memory)
    qtbot.addWidget(first, before_close_func=lambda _: first.close_for_good())
    first.resize(770, 640)
    first.show()
    first.begin_closing()
    first.close_for_good()
    second = MainWindow(theme, icons, memory)
    qtbot.addWidget(second, before_close_func=lambda _: second.close_for_good())
    assert (second.width(), second.height()) == (770, 640)


def test_the_last_place_comes_back_but_not_over_what_the_person_did(window: MainWindow) -> None:
    window.come_back_to("a place of a later version")
    assert window.place == "reports"
    window.come_back_to("connections")
    assert window.place == "connections"
    window.come_back_to("settings")
    assert window.place == "connections", "they went there themselves"


def test_what_was_remembered_may_be_broken(qtbot: QtBot, theme: Theme, icons: Icons) -> None:
    memory = Memory()
    memory.saved = b"no geometry", b"no state"
    window = MainWindow(theme, icons, memory)
    qtbot.addWidget(window, before_close_func=lambda _: window.close_for_good())
    assert window.size() == START_SIZE.boundedTo(window.screen().availableGeometry().size() - FRAME)


def test_no_window_is_larger_than_its_screen_at_first_and_when_it_comes_back(
    qtbot: QtBot, theme: Theme, icons: Icons
) -> None:
    memory = Memory()
    first = MainWindow(theme, icons, memory)
    qtbot.addWidget(first, before_close_func=lambda _: first.close_for_good())
    free = first.screen().availableGeometry()
    assert first.screen().availableGeometry().width() < START_SIZE.width(), "the test's screen is a small one"
    assert (first.width(), first.height()) == (free.width() - FRAME.width(), free.height() - FRAME.height())
    first.setMinimumSize(0, 0)
    first.resize(2560, 1600)
    first.begin_closing()
    second = MainWindow(theme, icons, memory)
    qtbot.addWidget(second, before_close_func=lambda _: second.close_for_good())
    assert free.contains(second.geometry())
    assert second.height() <= free.height() - FRAME.height()


@pytest.mark.parametrize(
    ("wanted", "area", "expected"),
    [
        (QRect(100, 100, 1280, 752), QRect(0, 0, 1920, 1080), QRect(100, 100, 1280, 752)),
        (QRect(0, 0, 1280, 800), QRect(0, 0, 1280, 800), QRect(8, 40, 1264, 752)),
        (QRect(-30, 300, 800, 500), QRect(0, 24, 1280, 776), QRect(0, 300, 800, 500)),
        (QRect(900, 700, 800, 500), QRect(0, 0, 1280, 800), QRect(480, 300, 800, 500)),
        (QRect(2000, 100, 2560, 1600), QRect(1920, 0, 1280, 800), QRect(1928, 40, 1264, 752)),
    ],
)
def test_a_window_goes_where_there_is_room_for_it(wanted: QRect, area: QRect, expected: QRect) -> None:
    assert fitted(wanted, area) == expected


def test_the_window_may_be_as_small_as_a_large_scale_makes_the_screen(window: MainWindow) -> None:
    window.resize(100, 100)
    # 1920 × 1080 at 200 %, less a task bar and the frame.
    assert window.width() <= 940
    assert window.height() <= 440


def test_title_and_foot_name_the_site(window: MainWindow) -> None:
    window.show_site("Example data")
    assert window.windowTitle() == f"Example data{TITLE_DASH}Sana Desktop"
    aside = window.findChild(QLabel, "statusAside")
    assert isinstance(aside, QLabel)
    assert aside.text() == "Example data"
    window.show_site("")
    assert window.windowTitle() == "Sana Desktop"


def test_the_focus_of_the_rail_goes_along_with_the_place(window: MainWindow) -> None:
    rail(window, "railReports").setFocus()
    QTest.keyClick(window, Qt.Key.Key_3, CTRL)
    assert rail(window, "railSettings").hasFocus()


def test_what_goes_on_after_a_close_is_said_and_can_be_read(window: MainWindow) -> None:
    window.farewell = lambda: "Closing. What is under way goes on at the next start: 1 download."
    assert window.farewell_left() == 0
    window.begin_closing()
    assert window.status.text() == window.farewell()
    assert 0 < window.farewell_left() <= 1.2


def test_a_close_with_nothing_under_way_waits_for_no_reader(window: MainWindow) -> None:
    window.begin_closing()
    assert window.farewell_left() == 0


def test_no_tray_is_no_trouble(window: MainWindow) -> None:
    assert window.notify("Your report is there", "Course completions") is False


def test_light_and_dark_by_menu(window: MainWindow, theme: Theme) -> None:
    actions = window.actions_by_name
    light = window.palette().window().color()
    actions.action("view.dark").trigger()
    assert theme.scheme == "dark"
    assert window.palette().window().color().lightness() < light.lightness()
    assert actions.action("view.dark").isChecked()
    actions.action("view.system").trigger()
    assert theme.choice == "system"
    theme.set_choice("light")
    assert actions.action("view.light").isChecked()


def test_text_grows_to_a_bound_and_back(window: MainWindow, theme: Theme) -> None:
    before = theme.points()
    QTest.keyClick(window, Qt.Key.Key_Plus, CTRL)
    assert theme.points() == pytest.approx(before * 1.1)
    theme.set_scale(MAX_SCALE - 0.1)
    for _ in range(2):
        QTest.keyClick(window, Qt.Key.Key_Plus, CTRL)
    assert theme.points() == pytest.approx(before * MAX_SCALE)
    QTest.keyClick(window, Qt.Key.Key_0, CTRL)
    assert theme.points() == pytest.approx(before)


def test_every_command_is_in_a_menu_and_has_a_key_of_its_own(window: MainWindow) -> None:
    bar = window.menuBar()
    menus = [action.menu() for action in bar.actions()]
    found = [
        action for menu in menus if isinstance(menu, QMenu) for action in menu.actions() if not action.isSeparator()
    ]
    assert {action.objectName() for action in found} >= {spec.name for spec in specs() if not spec.help_only}
    keys: dict[str, str] = {}
    for action in found:
        assert action.shortcuts(), action.objectName()
        for shortcut in action.shortcuts():
            other = keys.setdefault(shortcut.toString(), action.objectName())
            assert other == action.objectName(), f"{shortcut.toString()}: {other} and {action.objectName()}"


def test_mnemonics_are_unique_in_each_menu(window: MainWindow) -> None:
    for entry in window.menuBar().actions():
        menu = entry.menu()
        assert isinstance(menu, QMenu)
        texts = [action.text() for action in menu.actions() if "&" in action.text()]
        letters = [text[text.index("&") + 1].lower() for text in texts]
        assert len(letters) == len(set(letters)), (menu.title(), letters)


def test_the_sheet_of_shortcuts_is_searched_by_typing(qtbot: QtBot, window: MainWindow) -> None:
    sheet = ShortcutSheet(window.actions_by_name, window)
    qtbot.addWidget(sheet)
    sheet.show()
    shown = [label.text() for label in sheet.findChildren(QLabel) if label.isVisible()]
    assert "Get the report" in shown
    assert "Ctrl+Return or Ctrl+Enter" in shown or "Ctrl+Return" in shown
    QTest.keyClicks(sheet.filter, "reopen")
    left = [label.text() for label in sheet.findChildren(QLabel) if label.isVisible()]
    assert "Reopen closed query" in left
    assert "Get the report" not in left
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


def test_the_sheet_lists_what_rows_offer_and_says_when_nothing_is_found(qtbot: QtBot, window: MainWindow) -> None:
    sheet = ShortcutSheet(window.actions_by_name, window, act_list())
    qtbot.addWidget(sheet)
    sheet.show()
    QTest.keyClicks(sheet.filter, "stop")
    left = [label.text() for label in sheet.findChildren(QLabel) if label.isVisible()]
    assert {"On a job", "Stop watching", "right click"} <= set(left)
    assert "On a download" not in left
    nothing = sheet.findChild(QLabel, "noShortcut")
    assert isinstance(nothing, QLabel)
    assert not nothing.isVisible()
    QTest.keyClicks(sheet.filter, "zzz")
    assert nothing.isVisible()
    sheet.filter.clear()
    assert not nothing.isVisible()


def test_about_names_versions(qtbot: QtBot, theme: Theme) -> None:
    about = AboutDialog([("Qt", "6.11")])
    qtbot.addWidget(about)
    assert "6.11" in [label.text() for label in about.findChildren(QLabel)]


def test_a_place_can_be_added_in_one_line(window: MainWindow) -> None:
    from sana_desktop.ui.rail import Place

    window.add_place(Place("practice", "railPractice", "practice", "Practice", QWidget()))
    QTest.keyClick(window, Qt.Key.Key_4, CTRL)
    assert window.place == "practice"
    assert rail(window, "railPractice").y() < rail(window, "railSettings").y()


def test_everything_has_room_in_the_smallest_window(qtbot: QtBot, theme: Theme, icons: Icons) -> None:
    made, page = make_window(theme, icons, filled=True)
    qtbot.addWidget(made, before_close_func=lambda _: made.close_for_good())
    page.show_work()
    page.editor.find_bar.open(replace=True)
    made.show()
    for place in ("reports", "connections", "settings"):
        made.go_to(place)
        QApplication.processEvents()
        needed = made.minimumSizeHint()
        assert needed.boundedTo(SMALLEST) == needed, (place, needed)
