"""Run as a process of its own: prints seconds from its spawning to a painted window, and ends at once.

`bare` shows an empty QMainWindow. `frame` and `full` start the real app by its real way in: `frame` ends with the first
paint of its window (menus, rail, status line), `full` when editor and panels are painted too. SPAWNED_NS holds the
monotonic clock's nanoseconds just before the process was made.
"""

from __future__ import annotations

import os
import sys
import time

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget


def _painted() -> None:
    seconds = (time.monotonic_ns() - int(os.environ["SPAWNED_NS"])) / 1e9
    sys.stdout.write(f"{seconds:.4f}\n")
    sys.stdout.flush()
    os._exit(0)


def _paint_event(widget: QWidget, event: QPaintEvent) -> None:
    # A window paints before its children, all in one turn of the loop; a timer waits for the next turn.
    QTimer.singleShot(0, _painted)


def _bare() -> None:
    bare = type("Bare", (QMainWindow,), {"paintEvent": _paint_event})
    app = QApplication(sys.argv[:1])
    window = bare()
    window.resize(1280, 800)
    window.show()
    app.exec()


def _frame() -> None:
    from sana_desktop.__main__ import main
    from sana_desktop.ui.window import MainWindow

    MainWindow.paintEvent = _paint_event  # type: ignore[method-assign]
    main([])


def _full() -> None:
    from sana_desktop.__main__ import main
    from sana_desktop.ui import frame

    class Frame(frame.Frame):
        """Looks at the page when the app asks for it: that is as late as an import of ours may be."""

        def _page(self, key: str) -> QWidget:
            page = super()._page(key)
            type(page).paintEvent = _paint_event  # type: ignore[method-assign]
            return page

    frame.Frame = Frame  # type: ignore[misc]
    main([])


if __name__ == "__main__":
    {"bare": _bare, "frame": _frame, "full": _full}[sys.argv[1]]()
