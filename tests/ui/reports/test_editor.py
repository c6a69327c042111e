"""The editor by keys and mouse: nothing typed is lost, nothing secret gets in, every command has its key."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPlainTextEdit, QTabBar, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.reports.records.drafts import Draft
from sana_desktop.ui.actions import Actions
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.reports.editor.editor import SAVE_AFTER_MS, EditorArea
from sana_desktop.ui.reports.editor.findings import Finding
from sana_desktop.ui.reports.editor.highlighter import LINES_A_SLICE
from sana_desktop.ui.reports.editor.order_bar import ConnectionChoice, OrderBar
from sana_desktop.ui.reports.editor.sql_edit import BRACKET_LINES_READ, SqlEdit
from sana_desktop.ui.reports.page import ReportsPage
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.window import MainWindow
from tests.ui.scenes import make_window

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
SITES = [ConnectionChoice("a", "Acme", "teal", "live"), ConnectionChoice("b", "Test", "rose", "test")]
CURL = "curl 'https://acme.sana.ai/api/v1/reports/query' -H 'Authorization: Bearer canary-7f3a'"


@pytest.fixture
def window(qtbot: QtBot, theme: Theme, icons: Icons) -> MainWindow:
    made, page = make_window(theme, icons)
    qtbot.addWidget(made, before_close_func=lambda _: made.close_for_good())
    page.show_work()
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    edit = page.editor.current_edit()
    assert edit is not None
    edit.setFocus()
    return made


@pytest.fixture
def area(window: MainWindow) -> EditorArea:
    found = window.findChild(EditorArea)
    assert isinstance(found, EditorArea)
    found.show_connections(SITES)
    return found


def editor(area: EditorArea) -> SqlEdit:
    found = area.findChild(SqlEdit, "editor")
    assert isinstance(found, SqlEdit)
    assert found is area.current_edit()
    return found


def press(widget: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(widget, key, modifiers)


def colours(edit: SqlEdit, line: int = 0) -> dict[str, str]:
    """Return the pieces of a line that have a colour, and that colour."""
    block = edit.document().findBlockByNumber(line)
    layout = block.layout()
    assert layout is not None
    return {
        block.text()[one.start : one.start + one.length]: one.format.foreground().color().name().upper()
        for one in layout.formats()
    }


def label_text(area: EditorArea, name: str) -> str:
    found = area.findChild(QLabel, name)
    assert isinstance(found, QLabel)
    return found.text()


def test_sql_gets_its_colours_and_they_follow_the_theme(area: EditorArea, theme: Theme) -> None:
    edit = editor(area)
    QTest.keyClicks(edit, "SELECT 'x' -- y")
    seen = colours(edit)
    assert seen["SELECT"] == theme.colours["sql_keyword"]
    assert seen["'x'"] == theme.colours["sql_string"]
    assert seen["-- y"] == theme.colours["sql_comment"]
    saved = QSignalSpy(area.drafts_changed)
    area.flush()
    theme.set_choice("dark")
    assert colours(edit)["SELECT"] == theme.colours["sql_keyword"]
    area.flush()
    assert saved.count() == 1, "a change of colours is no change of text"


def test_colours_are_right_after_an_emoji(area: EditorArea, theme: Theme) -> None:
    edit = editor(area)
    edit.insertPlainText("'😀' FROM")
    block = edit.document().firstBlock()
    layout = block.layout()
    assert layout is not None
    spans = [(one.start, one.length) for one in layout.formats()]
    assert spans == [(0, 4), (5, 4)]


def test_an_unclosed_comment_colours_everything_below_in_slices(qtbot: QtBot, area: EditorArea, theme: Theme) -> None:
    edit = editor(area)
    lines = LINES_A_SLICE * 4
    edit.setPlainText("\n".join(["SELECT 1"] * lines))
    comment = QColor(theme.colours["sql_comment"]).name().upper()
    last = edit.document().findBlockByNumber(lines - 1)
    qtbot.waitUntil(lambda: "SELECT" in colours(edit, lines - 1))
    QApplication.processEvents()
    press(edit, Qt.Key.Key_Home, CTRL)
    QTest.keyClicks(edit, "/*")
    assert colours(edit, 1) == {"SELECT 1": comment}
    assert "SELECT" in colours(edit, lines - 1), "the rest is for later turns of the loop"
    qtbot.waitUntil(lambda: colours(edit, lines - 1) == {"SELECT 1": comment})
    assert last.isValid()


def test_the_tab_is_named_after_its_query(area: EditorArea) -> None:
    QTest.keyClicks(editor(area), 'SELECT * FROM "analytics"."course_instances"')
    assert area.shown_title(area.current_id()) == "Course instances"


def test_a_key_below_the_first_lines_reads_neither_the_name_nor_the_text(
    qtbot: QtBot, theme: Theme, icons: Icons, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def named(text: str) -> str:
        asked.append(text)
        return "Named"

    area = EditorArea(theme, icons, title_of=named)
    qtbot.addWidget(area)
    area.new_query("SELECT 1\n" * 2_000)
    edit = area.current_edit()
    assert edit is not None
    assert [len(text) for text in asked] == [4_000]
    press(edit, Qt.Key.Key_End, CTRL)
    whole = edit.toPlainText()
    # The whole text of ten thousand lines takes milliseconds to read, and a key must not.
    monkeypatch.setattr(edit, "toPlainText", lambda: pytest.fail("read for a key"))
    QTest.keyClicks(edit, "-- last")
    assert len(asked) == 1
    press(edit, Qt.Key.Key_Home, CTRL)
    QTest.keyClicks(edit, "--")
    assert len(asked) == 3
    monkeypatch.undo()
    assert edit.toPlainText() == f"--{whole}-- last"


def test_a_change_of_colours_is_no_change_of_the_text(area: EditorArea, theme: Theme) -> None:
    editor(area).setPlainText("SELECT 1")
    area.flush()
    changed = QSignalSpy(area.drafts_changed)
    theme.set_choice("dark")
    QApplication.processEvents()
    area.flush()
    assert changed.count() == 0


def test_rename_by_double_click(qtbot: QtBot, area: EditorArea) -> None:
    bar = area.findChild(QTabBar, "queryTabs")
    assert isinstance(bar, QTabBar)
    qtbot.mouseDClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(0).center())
    field = area.findChild(QLineEdit, "renameField")
    assert isinstance(field, QLineEdit)
    assert field.isVisible()
    qtbot.keyClicks(field, "Mine & yours")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert area.shown_title(area.current_id()) == "Mine & yours"
    QTest.keyClicks(editor(area), "SELECT 1 FROM t")
    assert area.shown_title(area.current_id()) == "Mine & yours"
    area.flush()
    assert area.draft(area.current_id()).title == "Mine & yours"


def test_escape_leaves_the_name(qtbot: QtBot, window: MainWindow, area: EditorArea) -> None:
    before = area.shown_title(area.current_id())
    press(window, Qt.Key.Key_F2)
    field = area.findChild(QLineEdit, "renameField")
    assert isinstance(field, QLineEdit)
    qtbot.keyClicks(field, "nothing")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert not field.isVisible()
    assert area.shown_title(area.current_id()) == before


def test_close_and_reopen_by_keys(window: MainWindow, area: EditorArea) -> None:
    closed = QSignalSpy(area.draft_closed)
    QTest.keyClicks(editor(area), "SELECT 'first'")
    first = area.current_id()
    press(window, Qt.Key.Key_N, CTRL)
    QTest.keyClicks(editor(area), "SELECT 'second'")
    second = area.current_id()
    assert second != first
    press(window, Qt.Key.Key_W, CTRL)
    assert area.current_id() == first
    assert closed.at(0) == [second]
    press(window, Qt.Key.Key_T, CTRL | SHIFT)
    assert area.current_id() == second
    assert editor(area).toPlainText() == "SELECT 'second'"


def test_closing_by_the_cross_keeps_the_others(qtbot: QtBot, area: EditorArea) -> None:
    QTest.keyClicks(editor(area), "SELECT 1")
    first = area.current_id()
    second = area.new_query("SELECT 2")
    cross = area.tabs.bar.tabButton(area.tabs.index_of(first), QTabBar.ButtonPosition.RightSide)
    assert isinstance(cross, QToolButton)
    qtbot.mouseClick(cross, Qt.MouseButton.LeftButton)
    assert area.tabs.ids() == [second]
    assert editor(area).toPlainText() == "SELECT 2"


def test_the_last_tab_is_followed_by_an_empty_one(window: MainWindow, area: EditorArea) -> None:
    press(window, Qt.Key.Key_W, CTRL)
    assert len(area.tabs.ids()) == 1
    assert editor(area).toPlainText() == ""


def test_nothing_closed_here_asks_the_store(qtbot: QtBot, window: MainWindow, area: EditorArea) -> None:
    with qtbot.waitSignal(area.reopen_wanted):
        press(window, Qt.Key.Key_T, CTRL | SHIFT)


def test_every_key_is_handed_over_within_half_a_second_also_while_typing(qtbot: QtBot, area: EditorArea) -> None:
    assert SAVE_AFTER_MS <= 500
    area.flush()
    saved = QSignalSpy(area.drafts_changed)
    with qtbot.waitSignal(area.drafts_changed, timeout=SAVE_AFTER_MS * 4):
        while not saved.count():
            # A debounce that starts anew at each key would never fire here.
            QTest.keyClick(editor(area), Qt.Key.Key_A)
            QTest.qWait(10)
    drafts = saved.at(0)[0]
    assert drafts[0].text.startswith("aaa")
    assert drafts[0].cursor == len(drafts[0].text)


def test_tabs_come_back_as_they_were(area: EditorArea) -> None:
    area.flush()
    saved = QSignalSpy(area.drafts_changed)
    drafts = [
        Draft("one", 0, "SELECT 1", cursor=3, connection_id="b", format="xlsx"),
        Draft("two", 1, "SELECT '😀'", cursor=10),
    ]
    area.restore(drafts, current="one")
    assert area.tabs.ids()[-2:] == ["one", "two"]
    assert editor(area).caret() == 3
    assert area.order_bar.connection_id() == "b"
    assert area.order_bar.chosen_format() == "xlsx"
    assert area.draft("two").cursor == 10
    area.flush()
    assert saved.count() == 0


def test_moving_a_tab_is_remembered(area: EditorArea) -> None:
    area.restore([Draft("one", 0, "1"), Draft("two", 1, "2")])
    area.flush()
    saved = QSignalSpy(area.drafts_changed)
    area.tabs.bar.moveTab(area.tabs.index_of("two"), 0)
    area.flush()
    assert {draft.id: draft.position for draft in saved.at(0)[0]}["two"] == 0


def test_format_is_one_undo_step(window: MainWindow, area: EditorArea) -> None:
    wanted = QSignalSpy(area.tidy_wanted)
    QTest.keyClicks(editor(area), "select 1 from t")
    press(window, Qt.Key.Key_F, CTRL | SHIFT)
    key, revision, text = wanted.at(0)
    assert text == "select 1 from t"
    area.show_tidied(key, revision, "SELECT\n    1\nFROM t")
    assert editor(area).toPlainText() == "SELECT\n    1\nFROM t"
    press(editor(area), Qt.Key.Key_Z, CTRL)
    assert editor(area).toPlainText() == "select 1 from t"
    press(editor(area), Qt.Key.Key_Z, CTRL | SHIFT)
    assert editor(area).toPlainText() == "SELECT\n    1\nFROM t"


def test_a_tidied_text_that_is_out_of_date_is_dropped(area: EditorArea) -> None:
    wanted = QSignalSpy(area.tidy_wanted)
    QTest.keyClicks(editor(area), "select 1")
    area.ask_for_tidy()
    key, revision, _ = wanted.at(0)
    QTest.keyClicks(editor(area), "2")
    area.show_tidied(key, revision, "SELECT 1")
    assert editor(area).toPlainText() == "select 12"


def test_comments_by_key(window: MainWindow, area: EditorArea) -> None:
    edit = editor(area)
    edit.setPlainText("a\nb")
    press(edit, Qt.Key.Key_A, CTRL)
    press(window, Qt.Key.Key_Slash, CTRL)
    assert edit.toPlainText() == "-- a\n-- b"
    press(edit, Qt.Key.Key_A, CTRL)
    press(window, Qt.Key.Key_Slash, CTRL)
    assert edit.toPlainText() == "a\nb"
    press(edit, Qt.Key.Key_Z, CTRL)
    assert edit.toPlainText() == "-- a\n-- b"


def test_the_tab_key_has_a_way_out(qtbot: QtBot, window: MainWindow, area: EditorArea) -> None:
    edit = editor(area)
    press(edit, Qt.Key.Key_Tab)
    assert edit.toPlainText() == "    "
    press(window, Qt.Key.Key_M, CTRL)
    press(edit, Qt.Key.Key_Tab)
    assert edit.toPlainText() == "    "
    assert not edit.hasFocus()
    edit.setFocus()
    press(window, Qt.Key.Key_M, CTRL)
    press(edit, Qt.Key.Key_Tab)
    assert edit.toPlainText() == " " * 8


def test_tab_indents_a_selection_and_back(area: EditorArea) -> None:
    edit = editor(area)
    edit.setPlainText("a\nb")
    press(edit, Qt.Key.Key_A, CTRL)
    press(edit, Qt.Key.Key_Tab)
    assert edit.toPlainText() == "    a\n    b"
    press(edit, Qt.Key.Key_Backtab)
    assert edit.toPlainText() == "a\nb"


@pytest.mark.parametrize(("between", "found"), [("x", True), ("(x)", False)], ids=["plain lines", "lines to be read"])
def test_the_other_bracket_is_not_looked_for_too_far(area: EditorArea, between: str, found: bool) -> None:
    edit = editor(area)
    lines = [between] * BRACKET_LINES_READ
    edit.setPlainText("\n".join(["(", *lines, ")"]))
    edit.set_caret(0)
    assert (edit.bracket_pair() is not None) is found


def test_brackets_match_across_lines_but_not_in_strings(area: EditorArea) -> None:
    edit = editor(area)
    edit.setPlainText("f(')',\n  (1)\n)")
    edit.set_caret(2)
    assert edit.bracket_pair() == (1, len("f(')',\n  (1)\n"))
    edit.set_caret(len("f(')',\n  (1)\n)"))
    assert edit.bracket_pair() == (len("f(')',\n  (1)\n"), 1)
    edit.set_caret(4)
    assert edit.bracket_pair() is None


# -- find and replace


def test_find_counts_and_goes_round(window: MainWindow, area: EditorArea) -> None:
    edit = editor(area)
    edit.setPlainText("one two\nOne two\none")
    press(edit, Qt.Key.Key_Home, CTRL)
    press(window, Qt.Key.Key_F, CTRL)
    field = area.find_bar.find_field
    assert field.hasFocus()
    QTest.keyClicks(field, "one")
    assert label_text(area, "findCount") == "1 of 3"
    press(field, Qt.Key.Key_Return)
    assert label_text(area, "findCount") == "2 of 3"
    press(window, Qt.Key.Key_F3)
    press(window, Qt.Key.Key_F3)
    assert label_text(area, "findCount") == "1 of 3"
    press(window, Qt.Key.Key_F3, SHIFT)
    assert label_text(area, "findCount") == "3 of 3"
    assert edit.textCursor().selectedText() == "one"


def test_case_whole_word_and_expression(qtbot: QtBot, window: MainWindow, area: EditorArea) -> None:
    edit = editor(area)
    edit.setPlainText("cat Cat concat cat1")
    press(window, Qt.Key.Key_F, CTRL)
    bar = area.find_bar
    QTest.keyClicks(bar.find_field, "cat")
    assert label_text(area, "findCount").endswith("4")
    qtbot.mouseClick(bar.case, Qt.MouseButton.LeftButton)
    assert label_text(area, "findCount").endswith("3") or label_text(area, "findCount").startswith("3")
    qtbot.mouseClick(bar.word, Qt.MouseButton.LeftButton)
    assert "1" in label_text(area, "findCount")
    qtbot.mouseClick(bar.word, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(bar.regex, Qt.MouseButton.LeftButton)
    bar.find_field.setText(r"cat\d")
    assert label_text(area, "findCount") == "1 of 1"
    bar.find_field.setText("(")
    assert label_text(area, "findCount") == "Not a valid expression"


def test_nothing_found_says_so(window: MainWindow, area: EditorArea) -> None:
    press(window, Qt.Key.Key_F, CTRL)
    QTest.keyClicks(area.find_bar.find_field, "zebra")
    assert label_text(area, "findCount") == "Nothing found"


def test_replace_one_by_one_and_all_at_once(qtbot: QtBot, window: MainWindow, area: EditorArea) -> None:
    edit = editor(area)
    edit.setPlainText("a1 a2 a3")
    press(edit, Qt.Key.Key_Home, CTRL)
    press(window, Qt.Key.Key_H, CTRL)
    bar = area.find_bar
    QTest.keyClicks(bar.find_field, "a")
    QTest.keyClicks(bar.replace_field, "b")
    press(bar.replace_field, Qt.Key.Key_Return)
    assert edit.toPlainText() == "b1 a2 a3"
    qtbot.mouseClick(bar.regex, Qt.MouseButton.LeftButton)
    bar.find_field.setText(r"a(\d)")
    bar.replace_field.setText(r"\1c")
    assert bar.replace_all() == 2
    assert edit.toPlainText() == "b1 2c 3c"
    assert label_text(area, "findCount") == "2 replaced"
    edit.setFocus()
    press(edit, Qt.Key.Key_Z, CTRL)
    assert edit.toPlainText() == "b1 a2 a3"


def test_from_what_to_find_tab_leads_to_what_to_put_in_its_place(area: EditorArea) -> None:
    area.find_bar.open(replace=True)
    press(area.find_bar.find_field, Qt.Key.Key_Tab)
    assert area.find_bar.replace_field.hasFocus()
    press(area.find_bar.replace_field, Qt.Key.Key_Tab)
    assert area.find_bar.case.hasFocus()
    area.find_bar.open(replace=False)
    press(area.find_bar.find_field, Qt.Key.Key_Tab)
    assert area.find_bar.case.hasFocus()


def test_escape_closes_only_the_bar(window: MainWindow, area: EditorArea) -> None:
    closing = QSignalSpy(window.close_requested)
    press(window, Qt.Key.Key_F, CTRL)
    press(area.find_bar.find_field, Qt.Key.Key_Escape)
    assert not area.find_bar.isVisible()
    assert editor(area).hasFocus()
    press(editor(area), Qt.Key.Key_Escape)
    assert window.isVisible()
    assert closing.count() == 0


def test_the_selection_is_what_is_looked_for(window: MainWindow, area: EditorArea) -> None:
    edit = editor(area)
    edit.setPlainText("alpha beta alpha")
    press(edit, Qt.Key.Key_Home, CTRL)
    press(edit, Qt.Key.Key_Right, CTRL | SHIFT)
    press(window, Qt.Key.Key_F, CTRL)
    assert area.find_bar.find_field.text().strip() == "alpha"


# -- paste


def test_a_token_never_enters_text_or_undo(window: MainWindow, area: EditorArea) -> None:
    edit = editor(area)
    QTest.keyClicks(edit, "SELECT 1")
    pasted = QSignalSpy(area.pasted)
    QGuiApplication.clipboard().setText(CURL)
    press(edit, Qt.Key.Key_V, CTRL)
    assert pasted.at(0) == [CURL]
    assert edit.toPlainText() == "SELECT 1"
    for _ in range(10):
        press(edit, Qt.Key.Key_Z, CTRL)
        assert "canary" not in edit.toPlainText()
    for _ in range(10):
        press(edit, Qt.Key.Key_Z, CTRL | SHIFT)
        assert "canary" not in edit.toPlainText()
    assert edit.toPlainText() == "SELECT 1"


def test_sql_is_pasted_as_plain_text(area: EditorArea) -> None:
    edit = editor(area)
    data = QMimeData()
    data.setText("SELECT 1\r\nFROM t")
    data.setHtml("<b>SELECT</b>")
    QGuiApplication.clipboard().setMimeData(data)
    pasted = QSignalSpy(area.pasted)
    press(edit, Qt.Key.Key_V, CTRL)
    assert edit.toPlainText() == "SELECT 1\nFROM t"
    assert pasted.count() == 0


def test_an_understood_query_fills_a_blank_tab_else_a_new_one(area: EditorArea) -> None:
    first = area.insert_query("SELECT 1", connection_id="b", form="xlsx")
    assert len(area.tabs.ids()) == 1
    assert area.order_bar.connection_id() == "b"
    assert area.order_bar.chosen_format() == "xlsx"
    second = area.insert_query("SELECT 2")
    assert area.tabs.ids() == [first, second]
    assert editor(area).toPlainText() == "SELECT 2"


# -- check and order


def test_an_error_is_marked_said_and_keeps_the_report_from_being_ordered(area: EditorArea, theme: Theme) -> None:
    asked = QSignalSpy(area.check_wanted)
    QTest.keyClicks(editor(area), "SELECT 1 FORM t")
    assert asked.wait(2000)
    key, revision, text, caret = asked.at(asked.count() - 1)
    assert (text, caret) == ("SELECT 1 FORM t", 15)
    area.show_findings(
        key, revision, [Finding(9, 13, "error", "FORM is not a word of SQL here."), Finding(0, 6, "note", "n")]
    )
    assert label_text(area, "remarkLine") == "FORM is not a word of SQL here. (and 1 more)"
    marks = [one.cursor.selectedText() for one in editor(area).extraSelections() if one.cursor.hasSelection()]
    assert "FORM" in marks
    button = area.order_bar.button
    assert not button.isEnabled()
    assert button.toolTip() == "The query can't run as it is."
    assert label_text(area, "formatAdvice") == "The query can't run as it is."
    QTest.keyClicks(editor(area), " ")
    assert button.isEnabled()


def test_an_answer_to_an_older_text_is_dropped(area: EditorArea) -> None:
    QTest.keyClicks(editor(area), "SELECT 1")
    area.show_findings(area.current_id(), 0, [Finding(0, 1, "error", "old")])
    assert label_text(area, "remarkLine") == ""


@pytest.mark.parametrize("at", [0, 3, 400])
def test_a_remark_at_any_place_is_shown(area: EditorArea, at: int) -> None:
    edit = editor(area)
    edit.setPlainText("abc")
    edit.show_findings([Finding(at, at, "error", "here")])
    edit.clear()
    edit.show_findings([Finding(at, at, "error", "here")])


def test_the_button_says_why_not(area: EditorArea) -> None:
    assert label_text(area, "formatAdvice") == "There is no query yet."
    QTest.keyClicks(editor(area), "SELECT 1")
    assert area.order_bar.button.isEnabled()
    area.show_connections([])
    assert label_text(area, "formatAdvice") == "Choose a site first."
    area.set_reason("Closing.")
    assert label_text(area, "formatAdvice") == "Closing."


def test_ctrl_enter_orders_once(window: MainWindow, area: EditorArea) -> None:
    ordered = QSignalSpy(area.order_wanted)
    press(editor(area), Qt.Key.Key_Return, CTRL)
    assert ordered.count() == 0, "there is nothing to order"
    QTest.keyClicks(editor(area), "SELECT 1")
    press(editor(area), Qt.Key.Key_Return, CTRL)
    assert [ordered.at(0)] == [[area.current_id()]]
    assert ordered.count() == 1
    assert editor(area).toPlainText() == "SELECT 1"


def test_format_and_site_belong_to_the_tab(qtbot: QtBot, area: EditorArea) -> None:
    first = area.current_id()
    QTest.keyClicks(area.order_bar.format, "X")
    assert area.draft(first).format == "xlsx"
    chosen = QSignalSpy(area.connection_chosen)
    press(area.order_bar.connection, Qt.Key.Key_Down)
    assert chosen.at(0) == ["b"]
    area.restore([Draft("two", 1, "SELECT 2", connection_id="a", format="csv")])
    area.tabs.select("two")
    assert area.order_bar.chosen_format() == "csv"
    assert area.order_bar.connection_id() == "a"
    area.tabs.select(first)
    assert area.order_bar.chosen_format() == "xlsx"
    assert area.order_bar.connection_id() == "b"


def test_the_menu_knows_the_format(window: MainWindow, area: EditorArea) -> None:
    actions = window.findChild(Actions)
    assert isinstance(actions, Actions)
    actions.action("query.xlsx").trigger()
    assert area.order_bar.chosen_format() == "xlsx"
    assert actions.action("query.xlsx").isChecked()


def test_the_menu_says_the_same_format_as_the_bar_whoever_chose_it(window: MainWindow, area: EditorArea) -> None:
    actions = window.findChild(Actions)
    assert isinstance(actions, Actions)

    def same() -> bool:
        shown = area.order_bar.chosen_format()
        return all(actions.action(f"query.{form}").isChecked() is (form == shown) for form in ("csv", "xlsx"))

    assert same()
    first = area.insert_query("SELECT 1", form="xlsx")
    assert area.order_bar.chosen_format() == "xlsx"
    assert same(), "a paste chose the format"
    area.restore([Draft("two", 1, "SELECT 2", format="csv")], current="two")
    assert area.order_bar.chosen_format() == "csv"
    assert same(), "a tab of the last session came back"
    area.tabs.select(first)
    assert same(), "another tab"
    area.order_bar.format.setCurrentIndex(0)
    assert same(), "the person chose in the bar"
    area.close_query(first)
    assert same(), "a tab was closed"


def test_a_mere_hint_is_told_but_nothing_is_underlined(area: EditorArea) -> None:
    QTest.keyClicks(editor(area), "SELECT 1")
    key = area.current_id()
    revision = area._tabs[key].revision
    area.show_findings(key, revision, [Finding(0, 6, "note", "Without LIMIT all rows come.")])
    assert label_text(area, "remarkLine") == "Without LIMIT all rows come."
    waves = [one for one in editor(area).extraSelections() if one.cursor.selectedText() == "SELECT"]
    assert waves == []


def test_line_numbers_make_room(area: EditorArea) -> None:
    edit = editor(area)
    narrow = edit.viewportMargins().left()
    edit.setPlainText("\n" * 12_000)
    assert edit.viewportMargins().left() > narrow
    assert edit.gutter.width() > 0 or edit.gutter.width_wanted() > narrow


def test_a_long_line_is_no_trouble(area: EditorArea) -> None:
    edit = editor(area)
    edit.setPlainText("x" * 100_000)
    QTest.keyClicks(edit, "SELECT ")
    assert edit.toPlainText().startswith("SELECT x")


def test_only_the_current_field_is_called_editor(area: EditorArea) -> None:
    area.new_query("SELECT 2")
    area.new_query("SELECT 3")
    named = [edit for edit in area.findChildren(QPlainTextEdit) if edit.objectName() == "editor"]
    assert named == [area.current_edit()]
    assert QApplication.focusWidget() is area.current_edit()


def test_a_remark_can_be_read_by_hovering(qtbot: QtBot, area: EditorArea) -> None:
    from PySide6.QtWidgets import QToolTip

    edit = editor(area)
    edit.setPlainText("SELECT")
    edit.show_findings([Finding(0, 6, "warning", "No date filter.")])
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QHelpEvent

    at = edit.viewport().mapTo(edit, edit.cursorRect().center() - QPoint(2, 0))
    QApplication.sendEvent(edit, QHelpEvent(QEvent.Type.ToolTip, at, edit.mapToGlobal(at)))
    assert QToolTip.text() == "No date filter."
    assert isinstance(edit.window().findChild(ReportsPage), ReportsPage)


def test_the_site_that_was_just_connected_is_that_of_a_query_whose_own_is_gone(area: EditorArea) -> None:
    area.show_connections([ConnectionChoice("z", "Zeta", "teal", "live")])
    assert area.order_bar.connection_id() is None
    sites = [*SITES, ConnectionChoice("new", "New", "teal", "live")]
    area.show_connections(sites)
    chosen = area.order_bar.connection_id()
    area.show_connections(sites, came="new")
    assert area.order_bar.connection_id() == chosen, "a query that has a site keeps it"
    area.show_connections([SITES[0]] if chosen != SITES[0].id else [SITES[1]])
    area.show_connections([ConnectionChoice("new", "New", "teal", "live")], came="new")
    assert area.order_bar.connection_id() == "new"


def test_no_site_is_said_to_be_missing_before_it_is_known(area: EditorArea, icons: Icons, qtbot: QtBot) -> None:
    bar = OrderBar(icons)
    qtbot.addWidget(bar)
    assert bar.connection.currentText() == "One moment…"
    bar.show_connections([])
    assert bar.connection.currentText() == "No site yet"
