"""The app's own window with a hand at it: `python -m tests.support.driven_window SQL` orders SQL by the button.

It then stays open. It starts as `sana-desktop demo` does and prints `ordered` once there is a row for the job.
"""

from __future__ import annotations

import os
import sys

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QPlainTextEdit, QPushButton, QWidget

from sana_desktop import bootstrap
from sana_desktop.cli.commands import WindowCommand

LOOK_MS = 50


def main(sql: str) -> int:
    app = QApplication(sys.argv[:1])
    hand = QTimer()

    def find(name: str) -> QWidget | None:
        windows = [widget for widget in app.topLevelWidgets() if widget.objectName() == "mainWindow"]
        return windows[0].findChild(QWidget, name) if windows else None

    def order() -> None:
        edit, button, jobs = find("editor"), find("getReportButton"), find("jobsTable")
        if not isinstance(edit, QPlainTextEdit) or not isinstance(button, QPushButton):
            return
        if isinstance(jobs, QAbstractItemView) and jobs.model() is not None and jobs.model().rowCount():
            hand.stop()
            os.write(1, b"ordered\n")
        elif sql not in edit.toPlainText():
            if "SELECT" in edit.toPlainText():  # the example is there
                edit.selectAll()
                edit.insertPlainText(sql)
        elif button.isEnabled() and button.isVisible():
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    hand.timeout.connect(order)
    hand.start(LOOK_MS)
    return bootstrap.run_window(WindowCommand(demo=True))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
