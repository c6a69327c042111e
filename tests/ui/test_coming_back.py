"""No page of the Reports place is a trap: from the welcome page, and from elsewhere, the work is one key away."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from sana_desktop.store.first_look import FirstLook
from sana_desktop.ui.app import read_site
from sana_desktop.ui.frame import Frame
from sana_desktop.ui.shell import Shell
from tests.support.records import job, transfer
from tests.ui.scenes import UNDERSTOOD

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def shell(qapp: QApplication, qtbot: QtBot) -> Iterator[Shell]:
    made = Shell(Frame(qapp, FirstLook(theme="light")), read_site)
    made.editor.restore([])
    made.editor.insert_query("SELECT 7 AS seven")
    made.editor.set_reason("")
    with qtbot.waitExposed(made.window):
        made.window.show()
    made.window.activateWindow()
    yield made
    made.window.close_for_good()
    for widget in (made.reports, made.connections, made.settings, made.window):
        widget.deleteLater()


def visit(shell: Shell) -> None:
    shell.window.go_to("reports")
    shell.reports.show_welcome(visit=True)
    assert shell.reports.showing() == "welcome"


def text(shell: Shell) -> str:
    edit = shell.editor.current_edit()
    return edit.toPlainText() if edit is not None else ""


def test_escape_the_rail_the_key_and_the_words_lead_back(shell: Shell) -> None:
    window = shell.window
    rail = window.findChild(QToolButton, "railReports")
    back = None
    for leave in ("escape", "rail", "key", "words"):
        visit(shell)
        if leave == "escape":
            QTest.keyClick(shell.reports.welcome.box, Qt.Key.Key_Escape)
        elif leave == "rail":
            assert isinstance(rail, QToolButton)
            QTest.mouseClick(rail, Qt.MouseButton.LeftButton)
        elif leave == "key":
            QTest.keyClick(window, Qt.Key.Key_1, CTRL)
        else:
            back = window.findChild(QPushButton, "backToReportsButton")
            assert isinstance(back, QPushButton)
            assert back.isVisible()
            QTest.mouseClick(back, Qt.MouseButton.LeftButton)
        assert shell.reports.showing() == "work", leave
        assert text(shell) == "SELECT 7 AS seven"
        assert shell.editor.tabs.bar.count() == 1


def test_who_goes_elsewhere_and_comes_back_finds_the_work(shell: Shell) -> None:
    visit(shell)
    shell.window.go_to("connections")
    shell.window.go_to("reports")
    assert shell.reports.showing() == "work"


def test_the_first_run_is_no_visit_but_no_trap_either(shell: Shell) -> None:
    shell.reports.show_welcome()
    assert not shell.reports.welcome.back.isVisible()
    shell.window.go_to("connections")
    shell.window.go_to("reports")
    assert shell.reports.showing() == "welcome", "there is nothing yet to come back to"
    QTest.keyClick(shell.window, Qt.Key.Key_1, CTRL)
    assert shell.reports.showing() == "work"


@pytest.mark.parametrize("place", ["reports", "connections"])
def test_with_a_site_of_ones_own_the_first_page_is_a_visit(shell: Shell, place: str) -> None:
    shell.reports.show_welcome()
    shell.window.go_to(place)
    shell.reports.site_came()
    assert shell.reports.showing() == ("welcome" if place == "reports" else "work")
    assert shell.reports.welcome.is_visit()


@pytest.mark.parametrize("place", ["reports", "connections"])
def test_a_new_query_is_seen_wherever_it_was_asked_for(shell: Shell, place: str) -> None:
    visit(shell)
    shell.window.go_to(place)
    QTest.keyClick(shell.window, Qt.Key.Key_N, CTRL)
    assert (shell.window.place, shell.reports.showing()) == ("reports", "work")
    assert shell.editor.tabs.bar.count() == 2
    edit = shell.editor.current_edit()
    assert edit is not None
    assert edit.hasFocus()


def test_a_query_that_cannot_be_seen_is_not_closed(shell: Shell) -> None:
    visit(shell)
    QTest.keyClick(shell.window, Qt.Key.Key_W, CTRL)
    shell.window.go_to("settings")
    QTest.keyClick(shell.window, Qt.Key.Key_W, CTRL)
    assert text(shell) == "SELECT 7 AS seven"


@pytest.mark.parametrize("place", ["connections", "settings"])
def test_the_card_of_a_paste_comes_before_the_eyes(shell: Shell, place: str) -> None:
    shell.window.go_to(place)
    shell.reports.show_understood(UNDERSTOOD)
    assert shell.window.place == "reports"
    assert shell.reports.card.isVisible()
    assert shell.reports.card.accept.hasFocus()


def test_a_card_left_by_a_new_query_is_forgotten(shell: Shell) -> None:
    dismissed = QSignalSpy(shell.reports.paste_dismissed)
    shell.reports.show_understood(UNDERSTOOD)
    QTest.keyClick(shell.window, Qt.Key.Key_N, CTRL)
    assert shell.reports.showing() == "work"
    assert dismissed.count() == 1


def test_a_declined_card_leads_back_to_a_visit_that_is_still_one(shell: Shell) -> None:
    visit(shell)
    shell.reports.show_understood(UNDERSTOOD)
    shell.reports.card.dismiss.click()
    assert shell.reports.showing() == "welcome"
    assert shell.reports.welcome.back.isVisible()


def test_the_farewell_counts_what_is_under_way(shell: Shell) -> None:
    assert shell.window.farewell() == ""
    shell.jobs_model.add_earlier([job("a"), job("b")])
    shell.downloads_model.add_earlier([transfer("a")])
    assert shell.window.farewell() == "Closing. What is under way goes on at the next start: 2 reports and 1 download."
