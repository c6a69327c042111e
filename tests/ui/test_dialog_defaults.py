"""What Enter does in a dialog: what its default button says, and never what can't be taken back."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

import sana_desktop.ui
from sana_desktop.practice.replay.compare import StopsFound
from sana_desktop.ui.actions import Actions
from sana_desktop.ui.dialogs import Answer, Question, QuestionDialog, SheetDialog
from sana_desktop.ui.help import AboutDialog, ShortcutSheet
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.parts.rename_dialog import TitleDialog
from sana_desktop.ui.practice.parts.strips import StripAct
from sana_desktop.ui.practice.replay.dialog import ReplayDialog, Unfinished
from sana_desktop.ui.practice.replay.then_and_now import ThenAndNowDialog
from sana_desktop.ui.practice.sessions.dialog import SessionsDialog
from sana_desktop.ui.practice.sessions.menu import SessionView
from sana_desktop.ui.reports.paste.letter import LetterDialog, letter_to_it
from sana_desktop.ui.reports.table.states_help import StatesSheet
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.window import MainWindow

ROOM = Path(inspect.getfile(sana_desktop.ui)).parent
MAKERS = {"widgets.py", "hold_button.py"}
"""Where buttons may be made of Qt's own: those that Enter is given to only if they are made the default by name."""
VIEWS = tuple(SessionView(key, title, "1 answer") for key, title in (("a", "Anna"), ("b", "Bert"), ("c", "Bertha")))


def sessions(theme: Theme, icons: Icons) -> QDialog:
    return SessionsDialog(VIEWS)


def replay(theme: Theme, icons: Icons) -> QDialog:
    made = ReplayDialog(theme, icons)
    made.show_unfinished((Unfinished("1", "3 of 9 were sent"),))
    made.verdict.say("A sentence", "warn", StripAct("drop", "Put aside"), StripAct("again", "Send again"))
    return made


def question(theme: Theme, icons: Icons) -> QDialog:
    answers = [Answer("do", "Delete", "danger"), Answer("other", "Move"), Answer("keep", "Keep", "primary")]
    return QuestionDialog(Question("Delete it?", "It is gone then.", answers, safe="keep"))


DIALOGS: dict[str, Callable[[Theme, Icons], QDialog]] = {
    "SessionsDialog": sessions,
    "ReplayDialog": replay,
    "QuestionDialog": question,
    "TitleDialog": lambda theme, icons: TitleDialog("Anna"),
    "SheetDialog": lambda theme, icons: SheetDialog("A title", QLabel("Words")),
    "ShortcutSheet": lambda theme, icons: ShortcutSheet(_actions(theme, icons)),
    "AboutDialog": lambda theme, icons: AboutDialog((("Qt", "6"),)),
    "StatesSheet": lambda theme, icons: StatesSheet(icons),
    "ThenAndNowDialog": lambda theme, icons: ThenAndNowDialog(theme, icons, StopsFound(())),
    "LetterDialog": lambda theme, icons: LetterDialog(letter_to_it("")),
}


def _actions(theme: Theme, icons: Icons) -> Actions:
    return MainWindow(theme, icons).actions_by_name


def _trees() -> list[tuple[Path, ast.Module]]:
    return [(path, ast.parse(path.read_text(encoding="utf-8"))) for path in sorted(ROOM.rglob("*.py"))]


@pytest.mark.parametrize("name", DIALOGS)
def test_no_button_takes_the_enter_of_a_dialog_by_itself(qtbot: QtBot, theme: Theme, icons: Icons, name: str) -> None:
    dialog = DIALOGS[name](theme, icons)
    qtbot.addWidget(dialog)
    dialog.show()
    buttons = dialog.findChildren(QPushButton)
    assert buttons
    assert [button.objectName() for button in buttons if button.autoDefault() and not button.isDefault()] == []
    defaults = [button for button in buttons if button.isDefault() and button.isVisible()]
    assert len(defaults) == 1, "Enter does one thing"
    harmful = ("delete", "forget", "drop", "discard", "remove", "answer-do")
    assert defaults[0].property("kind") != "danger"
    assert not defaults[0].objectName().lower().startswith(harmful)


def test_every_dialog_is_looked_at_and_every_button_is_one_of_ours() -> None:
    dialogs, strangers = set(), []
    for path, tree in _trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                bases = {base.id for base in node.bases if isinstance(base, ast.Name)}
                if bases & {"QDialog", "SheetDialog"}:
                    dialogs.add(node.name)
                if "QPushButton" in bases and path.name not in MAKERS:
                    strangers.append(f"{path.name}: {node.name}")
            if isinstance(node, ast.Call):
                called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                if (
                    called in {"QPushButton", "QMessageBox", "QInputDialog", "setAutoDefault"}
                    and path.name not in MAKERS
                ):
                    strangers.append(f"{path.name}:{node.lineno} {called}")
    assert dialogs == set(DIALOGS)
    assert strangers == []


def test_enter_in_the_search_of_all_sessions_opens_the_one_found_and_arrows_choose(qtbot: QtBot) -> None:
    dialog = SessionsDialog(VIEWS)
    qtbot.addWidget(dialog)
    opened, deleted = QSignalSpy(dialog.open_wanted), QSignalSpy(dialog.delete_wanted)
    dialog.show()
    words = dialog.findChild(QLabel, "noSessions")
    assert words is not None
    qtbot.keyClicks(dialog.search, "zz")
    assert words.isVisible()
    assert not dialog.list.isVisible()
    assert not dialog.delete_button.isEnabled()
    qtbot.keyClick(dialog.search, Qt.Key.Key_Return)
    assert opened.count() == 0
    assert dialog.isVisible(), "Enter does nothing where there is nothing"
    dialog.search.clear()
    # A letter that Qt has no name for.
    QApplication.sendEvent(
        dialog.search, QKeyEvent(QEvent.Type.KeyPress, 0x410, Qt.KeyboardModifier.NoModifier, "\u0410")
    )
    assert dialog.search.text() == "\u0410"
    dialog.search.clear()
    assert not words.isVisible()
    assert dialog.list.isVisible()
    qtbot.keyClicks(dialog.search, "ber")
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Return):
        qtbot.keyClick(dialog.search, key)
    assert [opened.at(at) for at in range(opened.count())] == [["c"]]
    assert deleted.count() == 0
