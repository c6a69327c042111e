"""First run: what is pasted is handed on and kept nowhere; the card says what was understood and sends nothing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from sana_desktop.ui.icons import Icons
from sana_desktop.ui.reports.page import ReportsPage
from sana_desktop.ui.reports.paste.letter import MAX_MAILTO_LENGTH, Letter, LetterDialog, letter_to_it
from sana_desktop.ui.reports.paste.understood_card import Understood
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.window import MainWindow
from tests.ui.scenes import UNDERSTOOD, make_window

CTRL = Qt.KeyboardModifier.ControlModifier
CURL = "curl https://acme.sana.ai -H 'Authorization: Bearer canary-51c0'"


@pytest.fixture
def page(qtbot: QtBot, theme: Theme, icons: Icons) -> ReportsPage:
    window, made = make_window(theme, icons)
    qtbot.addWidget(window, before_close_func=lambda _: window.close_for_good())
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    made.show_welcome()
    return made


def test_a_paste_is_handed_on_and_not_kept(page: ReportsPage) -> None:
    pasted = QSignalSpy(page.welcome.pasted)
    QGuiApplication.clipboard().setText(CURL)
    assert page.welcome.box.hasFocus()
    QTest.keyClick(page.welcome.box, Qt.Key.Key_V, CTRL)
    assert pasted.at(0) == [CURL]
    assert page.welcome.box.toPlainText() == ""
    assert not page.welcome.box.document().isUndoAvailable()


def test_what_is_set_by_assistive_tools_is_a_paste(qtbot: QtBot, page: ReportsPage) -> None:
    with qtbot.waitSignal(page.welcome.pasted) as caught:
        page.welcome.box.setPlainText(CURL)
    assert caught.args == [CURL]
    assert page.welcome.box.toPlainText() == ""


def test_typing_has_a_button_and_a_key(qtbot: QtBot, page: ReportsPage) -> None:
    pasted = QSignalSpy(page.welcome.pasted)
    button = page.findChild(QPushButton, "readPasteButton")
    assert isinstance(button, QPushButton)
    assert not button.isVisible()
    QTest.keyClicks(page.welcome.box, "SELECT 1")
    assert button.isVisible()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert pasted.at(0) == ["SELECT 1"]
    QTest.keyClicks(page.welcome.box, "SELECT 2")
    QTest.keyClick(page.welcome.box, Qt.Key.Key_Return, CTRL)
    assert pasted.at(1) == ["SELECT 2"]


@pytest.mark.parametrize(
    ("name", "signal"),
    [
        ("tryExampleButton", "example_wanted"),
        ("connectButton", "connect_wanted"),
        ("letterButton", "letter_wanted"),
    ],
)
def test_three_ways_to_begin_by_mouse_and_key(qtbot: QtBot, page: ReportsPage, name: str, signal: str) -> None:
    wanted = QSignalSpy(getattr(page.welcome, signal))
    button = page.findChild(QPushButton, name)
    assert isinstance(button, QPushButton)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert wanted.count() == 2


def test_tab_goes_from_the_box_to_the_ways(page: ReportsPage) -> None:
    page.welcome.box.setFocus()
    QTest.keyClick(page.welcome.box, Qt.Key.Key_Tab)
    assert page.welcome.example.hasFocus()
    QTest.keyClick(page.welcome.example, Qt.Key.Key_Tab)
    assert page.welcome.connect_site.hasFocus()


def test_the_card_says_it_and_waits(qtbot: QtBot, page: ReportsPage) -> None:
    accepted = QSignalSpy(page.paste_accepted)
    page.show_understood(UNDERSTOOD)
    assert page.showing() == "card"
    texts = [label.text() for label in page.card.findChildren(QLabel) if label.isVisible()]
    for name, sentence in UNDERSTOOD.rows:
        assert name in texts
        assert sentence in texts
    assert accepted.count() == 0
    assert page.card.accept.hasFocus()
    QTest.keyClick(page.card.accept, Qt.Key.Key_Space)
    assert accepted.count() == 1
    assert page.showing() == "work"


def test_escape_goes_back_to_where_it_was(page: ReportsPage) -> None:
    dismissed = QSignalSpy(page.paste_dismissed)
    page.show_understood(UNDERSTOOD)
    page.show_understood(UNDERSTOOD)
    QTest.keyClick(page.card, Qt.Key.Key_Escape)
    assert page.showing() == "welcome"
    page.show_work()
    page.show_understood(UNDERSTOOD)
    QTest.keyClick(page.card, Qt.Key.Key_Escape)
    assert page.showing() == "work"
    assert dismissed.count() == 2


def test_the_sql_is_one_fold_away(qtbot: QtBot, page: ReportsPage) -> None:
    page.show_understood(UNDERSTOOD)
    field = page.card.findChild(QPlainTextEdit, "foldedText")
    toggle = page.card.findChild(QPushButton, "showFoldButton")
    assert isinstance(field, QPlainTextEdit)
    assert isinstance(toggle, QPushButton)
    assert not field.isVisible()
    qtbot.mouseClick(toggle, Qt.MouseButton.LeftButton)
    assert field.isVisible()
    assert field.toPlainText() == UNDERSTOOD.folded


def test_the_clipboard_is_emptied_on_wish(qtbot: QtBot, page: ReportsPage) -> None:
    wanted = QSignalSpy(page.clipboard_wanted)
    page.show_understood(UNDERSTOOD)
    qtbot.mouseClick(page.card.clipboard, Qt.MouseButton.LeftButton)
    page.card.clipboard.setFocus()
    page.card.show_clipboard_empty()
    assert page.card.accept.hasFocus(), "the next Enter goes on; the paste is nowhere else any more"
    assert wanted.count() == 1
    assert not page.card.clipboard.isEnabled()
    page.show_understood(UNDERSTOOD)
    assert page.card.clipboard.isEnabled()
    assert page.card.clipboard.text() == "Empty the clipboard too"


def test_text_from_outside_is_shown_as_it_came(page: ReportsPage) -> None:
    evil = "<img src='file:///etc/passwd'><b>x</b>\u202egnp"
    page.show_understood(Understood(rows=(("Site", evil),), folded="a\u202eb"))
    shown = [label for label in page.card.findChildren(QLabel) if "passwd" in label.text()]
    assert len(shown) == 1
    assert shown[0].textFormat() is Qt.TextFormat.PlainText
    assert "\u202e" not in shown[0].text()
    field = page.card.findChild(QPlainTextEdit, "foldedText")
    assert isinstance(field, QPlainTextEdit)
    assert "\u202e" not in field.toPlainText()


def test_nothing_to_accept_has_no_such_button(page: ReportsPage) -> None:
    page.show_understood(Understood(rows=(("File", "report.csv"),)))
    assert not page.card.accept.isVisible()
    assert page.card.dismiss.hasFocus()


def test_panels_can_be_moved_and_come_back(page: ReportsPage) -> None:
    page.show_work()
    before = page.save_layout()
    page.swap_panels()
    assert page.save_layout() != before
    assert page.restore_layout(before)
    assert page.save_layout() == before
    assert not page.restore_layout(b"broken")


def test_the_letter_can_be_copied_and_mailed(qtbot: QtBot, theme: Theme) -> None:
    dialog = LetterDialog(letter_to_it("https://acme.sana.ai"))
    qtbot.addWidget(dialog)
    dialog.show()
    mailed = QSignalSpy(dialog.mail_wanted)
    copy = dialog.findChild(QPushButton, "copyLetterButton")
    mail = dialog.findChild(QPushButton, "mailLetterButton")
    qtbot.mouseClick(copy, Qt.MouseButton.LeftButton)
    assert "read and write" in QGuiApplication.clipboard().text()
    assert "https://acme.sana.ai" in QGuiApplication.clipboard().text()
    qtbot.mouseClick(mail, Qt.MouseButton.LeftButton)
    address = str(mailed.at(0)[0])
    assert address.startswith("mailto:?subject=")
    assert "&body=" in address
    assert " " not in address
    assert len(address) <= MAX_MAILTO_LENGTH
    dialog.say("This computer has no mail program.", "warn")
    said = dialog.findChild(QLabel, "letterSaid")
    assert said is not None
    assert "no mail program" in said.text()


def test_a_letter_too_long_for_an_address_is_mailed_without_text() -> None:
    assert Letter("Hello", "x" * MAX_MAILTO_LENGTH).mailto() == "mailto:?subject=Hello"


def test_the_window_stays_one(page: ReportsPage) -> None:
    assert isinstance(page.window(), MainWindow)
