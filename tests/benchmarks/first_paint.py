"""Run as a process of its own: prints the seconds from its spawning to the first painted window, and ends at once.

`bare` shows an empty QMainWindow, `app` the real window by its real way in. SPAWNED_NS holds the monotonic clock's
nanoseconds just before the process was made.
"""

from __future__ import annotations

import os
import sys
import time

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QMainWindow


def _painted() -> None:
    seconds = (time.monotonic_ns() - int(os.environ["SPAWNED_NS"])) / 1e9
    sys.stdout.write(f"{seconds:.4f}\n")
    sys.stdout.flush()
    os._exit(0)


def _paint_event(window: QMainWindow, event: QPaintEvent) -> None:
    # The window paints first, its children after it in the same turn of the loop; a timer waits for the next turn.
    QTimer.singleShot(0, _painted)


def _bare() -> None:
    class Bare(QMainWindow):
        paintEvent = _paint_event

    app = QApplication(sys.argv[:1])
    window = Bare()
    window.resize(1280, 800)
    window.show()
    app.exec()


def _app() -> None:
    # Only the window's class is loaded early here; every import happens once in both orders.
    from sana_desktop.__main__ import main
    from sana_desktop.ui.window import MainWindow

    MainWindow.paintEvent = _paint_event  # type: ignore[method-assign]
    main([])


if __name__ == "__main__":
    {"bare": _bare, "app": _app}[sys.argv[1]]()
