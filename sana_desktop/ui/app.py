"""The window's process: application, theme, first paint, then the session on Qt's loop."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from sana_desktop import __version__
from sana_desktop.base.errors import SanaError
from sana_desktop.store.crash_log import CrashLog
from sana_desktop.store.first_look import load_first_look, save_first_look
from sana_desktop.store.ownership import FolderLock
from sana_desktop.store.paths import Paths
from sana_desktop.ui.first_paint import show_and_paint
from sana_desktop.ui.frame import Frame
from sana_desktop.ui.theme.theme import IN_FUSION

if TYPE_CHECKING:
    from sana_desktop.reports.services import OpenServices
    from sana_desktop.ui.example import Server
    from sana_desktop.ui.practice.wing import OpenPractice
    from sana_desktop.ui.shell import Shell


def make_application() -> QApplication:
    """Return the one application object, named so that the desktop knows it."""
    QCoreApplication.setApplicationName("sana-desktop")
    QCoreApplication.setApplicationVersion(__version__)
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        # Named here, the style needs no Python class of it.
        app = QApplication([*sys.argv[:1], "-style", "Fusion"])
        app.setProperty(IN_FUSION, True)
    app.setApplicationDisplayName("Sana Desktop")
    app.setDesktopFileName("sana-desktop")
    # The window stays in sight until everything has stopped; closing it is not the end of the program.
    app.setQuitOnLastWindowClosed(False)
    return app


def run_window(
    paths: Paths,
    open_services: OpenServices,
    make_server: Callable[[], Server],
    *,
    demo: bool,
    crash: str | None = None,
    open_practice: OpenPractice | None = None,
) -> int:
    """Open the window, live one session and return the exit code; `crash` is `WindowCommand.debug_crash`."""
    try:
        paths.ensure()
        lock = FolderLock(paths.data)
        first = lock.try_acquire()
    except SanaError as error:
        return _say_and_fail(error)
    if not first:
        return _raise_other(paths, lock)
    crashes = CrashLog(paths.log)
    crashes.start()
    app = make_application()
    frame = Frame(app, load_first_look(paths.config))
    show_and_paint(app, frame.window)
    # All of these are loaded only now: each takes as long as an empty window.
    from sana_desktop.ui.shell import Shell

    shell = Shell(frame, read_site)
    show_and_paint(app, frame.window)
    from sana_desktop.ui.last_run import die, telling
    from sana_desktop.ui.loop import run

    opened, begun = telling(open_services, crashes.earlier), die if crash is not None else None
    try:
        done = run(
            lambda: _live(shell, paths, opened, make_server(), open_practice, begun, demo=demo),
            on_signal=shell.window.close_requested.emit,
            ends_process=True,
        )
    finally:
        crashes.end()
        lock.release()
    return 0 if done else 1


async def _live(
    shell: Shell,
    paths: Paths,
    open_services: OpenServices,
    server: Server,
    open_practice: OpenPractice | None,
    begun: Callable[[], None] | None,
    *,
    demo: bool,
) -> bool:
    import asyncio

    from sana_desktop.ui.lifetime import run_session
    from sana_desktop.ui.single_instance import FirstWindow
    from sana_desktop.ui.stall_watch import StallWatch

    watch = StallWatch()
    watch.start()
    channel = FirstWindow(paths.data, shell.window)
    channel.raise_wanted.connect(shell.window.come_to_front)
    try:
        return await run_session(shell, open_services, server, demo=demo, begun=begun, open_practice=open_practice)
    finally:
        channel.close()
        watch.stop()
        await asyncio.to_thread(save_first_look, paths.config, shell.current_look())
        await asyncio.sleep(shell.window.farewell_left())
        shell.window.close_for_good()


def _raise_other(paths: Paths, lock: FolderLock) -> int:
    from sana_desktop.store.ownership import in_use_error
    from sana_desktop.ui.single_instance import raise_first_window

    core = QCoreApplication.instance() or QCoreApplication(sys.argv[:1])
    core.setApplicationName("sana-desktop")
    if raise_first_window(paths.data):
        return 0
    return _say_and_fail(in_use_error(lock.holder()))


def _say_and_fail(error: SanaError) -> int:
    sys.stderr.write(f"{error.message} {error.next_step}".strip() + "\n")
    return 1


def read_site(text: str) -> str:
    """Return the address that a typed site means; raises UserError if it means none."""
    from sana_desktop.api.origin import parse_workspace

    return parse_workspace(text).url
