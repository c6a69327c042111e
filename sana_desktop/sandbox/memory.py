"""Memory of this process: a watch that ends a query when it, or its time, is used up; a bound for a whole process."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

LOOK_SECONDS = 0.02
"""A text that doubles with each step takes longer than this for the step that matters."""
_STATM = Path("/proc/self/statm")


def resident_bytes() -> int | None:
    """Memory that this process has in use now; None where the platform does not tell it cheaply."""
    pages = _statm()
    return None if pages is None else pages[1]


class Confinement:
    """Lets this process take at most `growth` more bytes of address space from now on, where the platform does so.

    A request for more fails where it is made: the engine says so of the query.
    """

    def __init__(self, growth: int) -> None:
        self._growth = growth
        pages = _statm()
        self._start = None if pages is None else pages[0]
        if self._start is None or sys.platform == "win32":
            return
        import resource

        most = resource.getrlimit(resource.RLIMIT_AS)[1]
        wanted = self._start + growth
        if most != resource.RLIM_INFINITY:
            wanted = min(wanted, most)
        resource.setrlimit(resource.RLIMIT_AS, (wanted, most))

    def is_roomy(self) -> bool:
        """Whether most of it is left, as far as the platform tells: memory that was given back may stay taken."""
        pages = _statm()
        return pages is None or self._start is None or pages[0] - self._start < self._growth / 2


def _statm() -> tuple[int, int] | None:
    """Address space and memory in use, in bytes."""
    if sys.platform != "linux":
        return None
    import resource

    try:
        size, resident = _STATM.read_text("ascii").split()[:2]
    except (OSError, ValueError):
        return None
    page = resource.getpagesize()
    return int(size) * page, int(resident) * page


class Watch:
    """Interrupts a query after `seconds`, or when this process grows by more than `growth` bytes meanwhile.

    Attributes:
        swelled: it was the memory.
    """

    def __init__(self, interrupt: Callable[[], None], seconds: float, growth: int) -> None:
        self.swelled = False
        self._interrupt = interrupt
        self._until = time.monotonic() + seconds
        self._most = None if (now := resident_bytes()) is None else now + growth
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="query-watch", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """From here on nothing is interrupted any more."""
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while True:
            left = self._until - time.monotonic()
            if self._over.wait(max(min(left, left if self._most is None else LOOK_SECONDS), 0.0)):
                return
            self.swelled = self._most is not None and (resident_bytes() or 0) > self._most
            if self.swelled or time.monotonic() >= self._until:
                self._interrupt()
                return
