"""Shows the window and waits for its first paint, before asyncio and what needs it are loaded."""

from __future__ import annotations

from PySide6.QtCore import QDeadlineTimer, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QWidget

MAX_WAIT_MS = 1_000
"""Some desktops show a window late, or not at all while another workspace is in front; the session does not wait."""


def show_and_paint(app: QApplication, window: QWidget) -> bool:
    """Show `window` and return once it is painted; False if it was not in `MAX_WAIT_MS`.

    Call it only where no asyncio loop runs. Keys, clicks and the close button wait for the session.
    """
    deadline = QDeadlineTimer(MAX_WAIT_MS)
    alarm = QTimer()
    alarm.setSingleShot(True)
    alarm.start(MAX_WAIT_MS + 1)  # its event ends the last wait
    window.show()
    handle = window.windowHandle()
    flags = QEventLoop.ProcessEventsFlag
    while not handle.isExposed() and not deadline.hasExpired():
        app.processEvents(flags.WaitForMoreEvents | flags.ExcludeUserInputEvents)
    # Where the system only asked for a paint, this is the turn that does it.
    app.processEvents(flags.ExcludeUserInputEvents)
    return handle.isExposed()
