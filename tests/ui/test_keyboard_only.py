"""From the welcome page to a finished file with the keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from sana_desktop.reports.records.transfer import TransferRecord, TransferState
from sana_desktop.sandbox.server import SandboxServer, running_sandbox
from tests.support.live_window import CTRL, LiveWindow, live_window


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxServer]:
    with running_sandbox(rows=200, min_job_seconds=0.1) as server:
        yield server


def focus(window: LiveWindow) -> str:
    widget = window.shell.window.focusWidget()
    return widget.objectName() if widget is not None else ""


def press_until(window: LiveWindow, key: Qt.Key, name: str, most: int = 12) -> None:
    """Press a key until the focus is where it is wanted."""
    for _ in range(most):
        if focus(window) == name:
            return
        window.key(key)
    assert focus(window) == name


def finished(window: LiveWindow) -> list[TransferRecord]:
    records = window.records("downloadsTable")
    return [one for one in records if isinstance(one, TransferRecord) and one.state is TransferState.DONE]


async def test_from_the_welcome_page_to_a_file(qapp: QApplication, tmp_path: Path, sandbox: SandboxServer) -> None:
    async with live_window(tmp_path, sandbox, demo=False) as window:
        assert focus(window) == "welcomePasteBox"
        press_until(window, Qt.Key.Key_Tab, "tryExampleButton")
        window.key(Qt.Key.Key_Return)
        await window.until("the example", lambda: "analytics" in window.text())
        await window.ready()
        await window.until("the caret in the query", lambda: focus(window) == "editor")
        window.key(Qt.Key.Key_Return, CTRL)
        await window.until("the file", lambda: finished(window))
        assert focus(window) == "editor", "an order does not take the keyboard away from who is typing"
        press_until(window, Qt.Key.Key_F6, "downloadsTable")
        window.key(Qt.Key.Key_C, CTRL)
        record = finished(window)[0]
        await window.until("the path", lambda: qapp.clipboard().text() == str(Path(record.folder) / record.name))
        press_until(window, Qt.Key.Key_F6, "jobsTable")
        window.key(Qt.Key.Key_Return)
        await window.until("the details", lambda: window.shell.jobs_panel.details.isVisible())
        window.key(Qt.Key.Key_3, CTRL)
        assert window.shell.window.place == "connections"
        window.key(Qt.Key.Key_1, CTRL)
        press_until(window, Qt.Key.Key_F6, "editor")
        QTest.keyClick(window.shell.window.focusWidget(), Qt.Key.Key_N, CTRL)
        await window.until("an empty tab", lambda: window.text() == "")
