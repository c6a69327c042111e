"""The watch over the window's thread: each time it stood still is logged with where it was, and for how long."""

from __future__ import annotations

import logging
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QTimer

log = logging.getLogger(__name__)

STALL_SECONDS = 0.128
"""The window's thread standing still for longer is logged with its stack (BEHAVIOUR.md I7, P18)."""
BEAT_SECONDS = 0.05
"""The window's thread tells so often that it turns; no stall is taken for shorter than it was, and none for longer
than this more."""
AHEAD_SECONDS = 0.05
"""The stack is taken so long before the limit: a stall that is over just after it would be gone otherwise."""
MAX_STALLS = 100


@dataclass(frozen=True, slots=True)
class _Stack:
    beat: float
    """The last one before the stall: there is only one stall after it."""
    text: str


class StallWatch:
    """Logs the window thread's stack when that did not turn for `stall_seconds`, and how long it lasted.

    The window's thread calls `beat`, another one `look`; `start` sees to both. What keeps every thread of Python from
    running is measured as well, without a stack.

    Args:
        now: returns seconds that never go back.

    Attributes:
        stalls: seconds of each stall that is over, newest last; at most a hundred.
    """

    def __init__(self, stall_seconds: float = STALL_SECONDS, now: Callable[[], float] = time.monotonic) -> None:
        self.stalls: deque[float] = deque(maxlen=MAX_STALLS)
        self._limit = stall_seconds
        self._now = now
        self._watched = threading.get_ident()
        self._beat = now()
        self._over: deque[tuple[float, float]] = deque()
        """Of each stall that is over and not logged: the beat before it, and its seconds."""
        self._stack: _Stack | None = None
        self._told: float | None = None
        """The beat before the stall that is logged as still going on."""
        self._timer: QTimer | None = None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to watch the calling thread, which is the window's."""
        self._watched = threading.get_ident()
        self._beat = self._now()
        self._timer = QTimer()
        self._timer.setInterval(round(BEAT_SECONDS * 1000))
        self._timer.timeout.connect(self.beat)
        self._timer.start()
        self._thread = threading.Thread(target=self._watch, name="loop watch", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the watch; what was seen is logged."""
        if self._timer is None or self._thread is None:
            return
        self._timer.stop()
        self.beat()
        self._stop.set()
        self._thread.join()
        self.look()

    def beat(self) -> None:
        """Take that the window's thread turns."""
        before, self._beat = self._beat, self._now()
        lasted = self._beat - before
        if lasted > self._limit:
            self.stalls.append(lasted)
            self._over.append((before, lasted))

    def look(self) -> float:
        """Log what there is to log; return the seconds until the next look."""
        while self._over:
            self._tell_end(*self._over.popleft())
        beat = self._beat
        still = self._now() - beat
        ahead = max(self._limit - AHEAD_SECONDS, 0.0)
        if still < ahead:
            return ahead - still
        if self._stack is None or self._stack.beat != beat:
            taken = _Stack(beat, self._where())
            if self._beat != beat:
                return 0.0
            self._stack = taken
        if still <= self._limit:
            return self._limit - still + BEAT_SECONDS / 2
        if self._told != beat:
            self._told = beat
            log.warning("the window does not react, for %.0f ms so far; it is at\n%s", still * 1000, self._stack.text)
        # Not longer: another stall may follow at once.
        return max(ahead, BEAT_SECONDS)

    def _tell_end(self, beat: float, lasted: float) -> None:
        if self._told == beat:
            log.warning("the window did not react for %.0f ms in all", lasted * 1000)
            return
        stack = self._stack.text if self._stack is not None and self._stack.beat == beat else "(no other thread ran)\n"
        log.warning("the window did not react for %.0f ms; it was at\n%s", lasted * 1000, stack)

    def _where(self) -> str:
        frame = sys._current_frames().get(self._watched)
        return "".join(traceback.format_stack(frame)) if frame is not None else "(no stack)\n"

    def _watch(self) -> None:
        wait = 0.0
        while not self._stop.wait(wait):
            wait = self.look()
