"""The window is on the screen before anything slow is loaded."""

from __future__ import annotations

import os
import subprocess
import sys

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.ui.first_paint import show_and_paint
from tests.support.project import ROOT


class Painted(QWidget):
    """Counts its paints."""

    def __init__(self) -> None:
        super().__init__()
        self.paints = 0

    def paintEvent(self, event: QPaintEvent) -> None:
        self.paints += 1


def test_it_is_painted_when_it_returns(qtbot: QtBot) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    window = Painted()
    qtbot.addWidget(window)
    assert show_and_paint(app, window)
    assert window.paints


def test_the_frame_needs_nothing_slow() -> None:
    look = "import sys, sana_desktop.__main__, sana_desktop.bootstrap, sana_desktop.ui.app; print(*sys.modules)"
    # Measuring coverage in the child would load what it looks for.
    clean = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    command = [sys.executable, "-c", look]
    asked = subprocess.run(command, cwd=ROOT, env=clean, capture_output=True, text=True, check=True)
    loaded = set(asked.stdout.split())
    assert "sana_desktop.ui.window" in loaded
    slow = {"asyncio", "dataclasses", "filelock", "sqlite3", "socket", "email", "sana_desktop.ui.shell", "qasync"}
    assert not loaded & slow
