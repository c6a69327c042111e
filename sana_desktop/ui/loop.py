"""asyncio on Qt's event loop: the only place that knows qasync, and the watch over that loop."""

from __future__ import annotations

import asyncio
import faulthandler
import gc
import logging
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar, cast

# qasync asks this variable which Qt to load, at its import.
os.environ["QT_API"] = "pyside6"

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

log = logging.getLogger(__name__)

Result = TypeVar("Result")

STALL_SECONDS = 0.128
"""A turn of the window's thread longer than this is logged with its stack (BEHAVIOUR.md I7, P18)."""
WATCH_EVERY_SECONDS = 0.1
COLLECT_EVERY_MS = 500
MOST_AT_ONCE = 30_000
"""Objects that a collection may look at: some 6 ms."""
UNSEEN_MS = 10_000
"""So long in the background, nobody notices a fifth of a second."""
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
    with GarbageHere(), asyncio.Runner(loop_factory=new_event_loop) as runner:
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


class GarbageHere:
    """While entered, cyclic garbage is collected on this thread only, and never for long while somebody looks.

    Python collects on whichever thread happens to allocate. A widget that is part of a cycle would then be destroyed
    by a thread of the store or of a download, and Qt's objects do not survive that.

    A collection looks at each object of its generation: 200,000 of a long session hold the window up for 50 to 200 ms.
    So where many have come and stay (modules, the window, a session), all that is there is set aside (`gc.freeze`); no
    later collection looks at it, and what is not part of a cycle is freed as ever. Once the app has been in the
    background for a while, everything is looked at.
    """

    def __init__(self) -> None:
        self._newer = 0
        self._older = 0
        """About how many objects have come since and survived: one collection, or more."""
        self._set_aside = False
        self._timer = QTimer()
        self._timer.setInterval(COLLECT_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._unseen = QTimer()
        self._unseen.setSingleShot(True)
        self._unseen.setInterval(UNSEEN_MS)
        self._unseen.timeout.connect(self.look_at_all)

    def __enter__(self) -> GarbageHere:
        gc.disable()
        gc.freeze()
        self._timer.start()
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.applicationStateChanged.connect(self._turned)
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.stop()
        self._unseen.stop()
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.applicationStateChanged.disconnect(self._turned)
        gc.enable()

    def look(self) -> None:
        """Collect what is due, or set aside what is too much."""
        count, threshold = gc.get_count(), gc.get_threshold()
        due = [generation for generation in (2, 1, 0) if count[generation] > threshold[generation]]
        if not due:
            return
        generation, young = due[0], count[0]
        if self._newer + young > MOST_AT_ONCE or (
            generation == 2 and self._older + self._newer + young > 2 * MOST_AT_ONCE
        ):
            if young <= MOST_AT_ONCE:
                gc.collect(0)
            gc.freeze()
            self._set_aside = True
            self._newer = self._older = 0
            return
        survived = self._newer + max(young - gc.collect(generation), 0)
        if generation == 0:
            self._newer = survived
        else:
            self._newer, self._older = 0, self._older + survived

    def look_at_all(self) -> None:
        """Collect also among what was set aside: this may take long."""
        if self._set_aside:
            self._set_aside = False
            self._newer = self._older = 0
            gc.unfreeze()
            gc.collect()
            gc.freeze()

    def waits(self) -> bool:
        """Return whether the app is in the background, and all is about to be looked at."""
        return self._unseen.isActive()

    def _turned(self, state: Qt.ApplicationState) -> None:
        if state is Qt.ApplicationState.ApplicationActive:
            self._unseen.stop()
        else:
            self._unseen.start()


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


class StallWatch:
    """A thread that logs the window thread's stack when it did not turn for `STALL_SECONDS`.

    Start and stop it on the window's thread.

    Attributes:
        stalls: seconds of each stall that ended or was seen, newest last; at most a hundred.
    """

    def __init__(self, stall_seconds: float = STALL_SECONDS) -> None:
        self.stalls: list[float] = []
        self._limit = stall_seconds
        self._beat = time.monotonic()
        self._timer = QTimer()
        self._timer.setInterval(round(WATCH_EVERY_SECONDS * 1000))
        self._timer.timeout.connect(self._turn)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._watched = 0

    def start(self) -> None:
        """Begin to watch the calling thread."""
        self._watched = threading.get_ident()
        self._beat = time.monotonic()
        self._timer.start()
        self._thread = threading.Thread(target=self._watch, name="loop watch", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the watch."""
        self._timer.stop()
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _turn(self) -> None:
        self._beat = time.monotonic()

    def _watch(self) -> None:
        told = 0.0
        while not self._stop.wait(WATCH_EVERY_SECONDS):
            beat = self._beat
            # A beat may lawfully be as old as the timer's own gap.
            late = time.monotonic() - beat - WATCH_EVERY_SECONDS
            if late < self._limit or beat == told:
                continue
            told = beat
            frame = sys._current_frames().get(self._watched)
            stack = "".join(traceback.format_stack(frame)) if frame is not None else "(no stack)"
            self.stalls = [*self.stalls[-99:], late]
            log.warning("the window did not react for %.0f ms or more; it was at\n%s", late * 1000, stack)
