"""Commands of the menus that need more than one widget, on the whole window."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLineEdit

from sana_desktop.api.curl import QUERY_PATH, parse_curl
from sana_desktop.api.secret_places import TOKEN_BLANK
from sana_desktop.sandbox.server import SandboxServer, running_sandbox
from sana_desktop.ui.help import AboutDialog, ShortcutSheet
from sana_desktop.ui.menu_presenter import _file_name
from sana_desktop.ui.reports.paste.letter import LetterDialog
from sana_desktop.ui.reports.table.states_help import StatesSheet
from tests.support.live_window import CTRL, SHIFT, LiveWindow, live_window


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxServer]:
    with running_sandbox(rows=200, min_job_seconds=0.1) as server:
        yield server


def open_dialogs(window: LiveWindow, kind: type[QDialog]) -> list[QDialog]:
    return [one for one in window.shell.window.findChildren(kind) if one.isVisible()]


async def press(window: LiveWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier = CTRL) -> None:
    """Press a key in the window, which after a dialog is in front again as a window manager sees to it."""
    window.shell.window.activateWindow()
    await window.until("the front", window.shell.window.isActiveWindow)
    window.key(key, modifiers)


async def choose(window: LiveWindow, path: Path) -> None:
    (dialog,) = await window.until("a file dialog", lambda: open_dialogs(window, QFileDialog))
    field = dialog.findChild(QLineEdit, "fileNameEdit")
    assert isinstance(field, QLineEdit)
    field.setText(str(path))
    dialog.accept()


async def test_a_query_is_saved_and_opened_and_help_is_shown(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path / "home", sandbox) as window:
        await window.ready()
        window.write("SELECT 'Zoe' AS who FROM users")
        saved = tmp_path / "mine.sql"
        await press(window, Qt.Key.Key_S)
        await choose(window, saved)
        await window.until("the file", saved.exists)
        await window.until("the word", lambda: window.truth() == "Saved as mine.sql.")
        assert saved.read_text("utf-8") == "SELECT 'Zoe' AS who FROM users"
        window.shell.window.go_to("connections")
        await press(window, Qt.Key.Key_S)
        # What comes after it has happened when this has.
        await press(window, Qt.Key.Key_F1, Qt.KeyboardModifier.NoModifier)
        (sheet,) = await window.until("the sheet", lambda: open_dialogs(window, ShortcutSheet))
        assert open_dialogs(window, QFileDialog) == []
        sheet.reject()
        window.shell.window.go_to("reports")
        await press(window, Qt.Key.Key_S)
        (dialog,) = await window.until("a file dialog", lambda: open_dialogs(window, QFileDialog))
        dialog.reject()
        await window.until("its end", lambda: not open_dialogs(window, QFileDialog))

        await press(window, Qt.Key.Key_O)
        await choose(window, saved)
        await window.until("the card", lambda: window.shell.reports.showing() == "card")
        await press(window, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)

        await press(window, Qt.Key.Key_J, CTRL | SHIFT)
        await window.until("the word", lambda: window.truth() == "There are no jobs to save yet.")

        for key, modifiers, kind in (
            (Qt.Key.Key_F1, CTRL | SHIFT, StatesSheet),
            (Qt.Key.Key_F1, Qt.KeyboardModifier.NoModifier, ShortcutSheet),
            (Qt.Key.Key_F1, CTRL, AboutDialog),
            (Qt.Key.Key_I, CTRL | SHIFT, LetterDialog),
        ):
            await press(window, key, modifiers)
            (dialog,) = await window.until(kind.__name__, lambda kind=kind: open_dialogs(window, kind))  # type: ignore[misc]
            dialog.reject()
            await window.until("its end", lambda kind=kind: not window.shell.window.findChildren(kind))  # type: ignore[misc]

        await press(window, Qt.Key.Key_D, CTRL | SHIFT)
        await window.until("diagnostics", lambda: "Platform plugin" in QGuiApplication.clipboard().text())
        await press(window, Qt.Key.Key_2)
        await press(window, Qt.Key.Key_W, CTRL | SHIFT)
        assert (window.shell.window.place, window.shell.reports.showing()) == ("reports", "welcome")
        await press(window, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
        assert window.shell.reports.showing() == "work"
        assert "Zoe" in window.text()


@pytest.mark.parametrize(
    ("title", "name"),
    [("Users, by country", "Users, by country"), ("a/b\\c:d*?", "abcd"), ("  ", "query"), ("x" * 200, "x" * 80)],
)
def test_a_title_becomes_a_file_name(title: str, name: str) -> None:
    assert _file_name(title) == name


async def test_a_query_is_copied_as_a_command_without_the_pass(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path / "home", sandbox) as window:
        await window.ready()
        window.write("SELECT 'it''s' AS word FROM users")
        actions = window.shell.window.actions_by_name
        for shell in ("bash", "cmd", "powershell"):
            QGuiApplication.clipboard().clear()
            actions.action(f"query.curl_{shell}").trigger()
            text = await window.until(shell, lambda: QGuiApplication.clipboard().text())
            request = parse_curl(text)
            assert request.url == sandbox.describe()["insights_url"] + QUERY_PATH
            assert json.loads(request.body or "")["query"] == "SELECT 'it''s' AS word FROM users"
            assert (request.token, request.placeholders) == (None, (TOKEN_BLANK,))
        window.key(Qt.Key.Key_A, CTRL)
        window.key(Qt.Key.Key_Delete)
        await window.until("an empty editor", lambda: not window.text())
        actions.action("query.curl_bash").trigger()
        await window.until("the sentence", lambda: "no query" in window.truth())
