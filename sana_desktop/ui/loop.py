"""asyncio on Qt's event loop, and the signals that end it: the only place that knows qasync."""

from __future__ import annotations

import asyncio
import faulthandler
import os
import signal
import sys
import threading
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar, cast

# qasync asks this variable which Qt to load, at its import.
os.environ["QT_API"] = "pyside6"

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from sana_desktop.ui.garbage import MainThreadGarbage

Result = TypeVar("Result")

LEAVE_SECONDS = 2.0
"""So long a process that is done may wait for threads that hang, as at a network drive that is gone (I10)."""
IDLE_SIGNAL_CHECK_MS = 250
"""Windows only: how often Python gets a turn to see Ctrl-C while the window is idle."""


def new_event_loop() -> asyncio.AbstractEventLoop:
    """Return an asyncio loop that runs on the QApplication, which must exist."""
    from qasync import QEventLoop

    app = QApplication.instance()
    if app is None:
        raise RuntimeError("the loop needs a QApplication")
    return cast("asyncio.AbstractEventLoop", QEventLoop(app))


def run(
    main: Callable[[], Coroutine[Any, Any, Result]],
    on_signal: Callable[[], None] | None = None,
    *,
    ends_process: bool = False,
) -> Result:
    """Run `main` to its end on Qt's loop and return its result.

    Args:
        main: builds everything and waits for the end.
        on_signal: called on the window's thread for SIGINT or SIGTERM, to ask for an orderly stop; a second
            signal while that stop runs cancels `main`. None: the first one cancels it.
        ends_process: nothing of weight comes afterwards, so `LEAVE_SECONDS` after `main` the process ends anyway, with
            exit code 1 and the stacks of its threads on its error output.
    """
    # The loop is closed within: what its last threads still do must not collect a window either.
    with MainThreadGarbage(), asyncio.Runner(loop_factory=new_event_loop) as runner:
        loop = runner.get_loop()

        async def supervised() -> Result:
            task = asyncio.current_task()
            cancel = task.cancel if task is not None else lambda: False
            try:
                with _Signals(loop, on_signal, cancel):
                    return await main()
            finally:
                # Closing the loop waits for its threads without a limit, and so does the interpreter's own end.
                if ends_process:
                    _end_soon()

        return runner.run(supervised())


def _end_soon() -> None:
    # A program without a console has no error output on Windows.
    told = sys.stderr if sys.stderr is not None else Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    faulthandler.dump_traceback_later(LEAVE_SECONDS, exit=True, file=told)


class _Signals:
    """Ctrl-C and termination, delivered on the window's thread while it is open."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        on_signal: Callable[[], None] | None,
        cancel: Callable[[], object],
    ) -> None:
        self._loop = loop
        self._on_signal = on_signal
        self._cancel = cancel
        self._asked = False
        self._previous: dict[int, Any] = {}
        self._timer: QTimer | None = None

    def __enter__(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            return
        if sys.platform == "win32":
            self._previous[signal.SIGINT] = signal.signal(signal.SIGINT, lambda *_: self._arrived())
            # Python looks at signals between bytecodes only; an idle Qt loop runs none.
            self._timer = QTimer()
            self._timer.timeout.connect(lambda: None)
            self._timer.start(IDLE_SIGNAL_CHECK_MS)
        else:
            for number in (signal.SIGINT, signal.SIGTERM):
                self._previous[number] = signal.getsignal(number)
                self._loop.add_signal_handler(number, self._arrived)

    def __exit__(self, *_: object) -> None:
        if self._timer is not None:
            self._timer.stop()
        for number, previous in self._previous.items():
            if sys.platform != "win32":
                self._loop.remove_signal_handler(number)
            signal.signal(number, previous)

    def _arrived(self) -> None:
        if self._on_signal is None or self._asked:
            self._cancel()
            return
        self._asked = True
        self._on_signal()
