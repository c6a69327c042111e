"""Counts a report's rows so politely that a busy loop hardly notices: in small steps, one at a time in the process.

Writing and hashing let go of the interpreter's lock, counting does not. A thread that computes without a pause makes a
loop that wants the lock wait 5 ms each time; so counting takes a breath after each step. A small file is counted while
it comes, on a thread beside the writer's. A large one would come at half its speed, so it is counted once it is there.
"""

from __future__ import annotations

import threading
from collections import deque
from types import TracebackType

from sana_desktop.reports.table.csv_count import CsvCounter, TableCount

COUNTED_IN_PASSING_BYTES = 16 * 1024 * 1024
"""A larger file is counted after it is in place: this much takes a tenth of a second."""
STEP_BYTES = 256 * 1024
"""Counted in one go: some tenths of a millisecond."""
BREATH_SECONDS = 0.00005
WAITING_BYTES = 4 * 1024 * 1024
"""With more waiting to be counted, `feed` waits: that bounds the memory."""
_TURN = threading.Lock()
"""One step at a time in the whole process: several downloads must not crowd the loop out together."""


class CountingStopped(Exception):
    """Nobody wants the count any more."""


class Steps:
    """Entered around each step of a count, on any thread: waits for its turn, and takes a breath afterwards."""

    def __init__(self) -> None:
        self._breath = threading.Event()
        self._stopped = False

    def stop(self) -> None:
        """Let the next step raise CountingStopped; may be called from any thread."""
        self._stopped = True

    def __enter__(self) -> None:
        if self._stopped:
            raise CountingStopped
        _TURN.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._breath.wait(BREATH_SECONDS)
        _TURN.release()


class CountingThread:
    """A `CsvCounter` behind a thread. `feed`, `result` and `end` are called from one other thread, and may block it."""

    def __init__(self) -> None:
        self._counter = CsvCounter()
        self._line: deque[bytes] = deque()
        self._waiting = 0
        self._over = False
        self._news = threading.Condition()
        self._thread: threading.Thread | None = None
        self._steps = Steps()

    def feed(self, data: bytes) -> None:
        """Count `data` after what came before; returns at once unless too much is waiting."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="count rows", daemon=True)
            self._thread.start()
        with self._news:
            while self._waiting > WAITING_BYTES:
                self._news.wait()
            self._line.append(data)
            self._waiting += len(data)
            self._news.notify_all()

    def result(self) -> TableCount | None:
        """Return the count of everything that was fed, None if it can't be read as a table. Call it once."""
        with self._news:
            while self._waiting:
                self._news.wait()
        self.end()
        return self._counter.result()

    def end(self) -> None:
        """End the thread; what waits is not counted any more. May be called twice."""
        with self._news:
            self._over = True
            self._steps.stop()
            self._news.notify_all()
        if self._thread is not None:
            self._thread.join()

    def _work(self) -> None:
        while True:
            with self._news:
                while not self._line and not self._over:
                    self._news.wait()
                if self._over:
                    return
                data = self._line.popleft()
            view = memoryview(data)
            for start in range(0, len(data), STEP_BYTES):
                try:
                    with self._steps:
                        self._counter.feed(bytes(view[start : start + STEP_BYTES]))
                except CountingStopped:
                    return
            with self._news:
                self._waiting -= len(data)
                self._news.notify_all()
