"""Ends by request of the system count as Ctrl-C does: exit code 130, nothing left behind (BEHAVIOUR.md)."""

from __future__ import annotations

import contextlib
import signal
import sys
from collections.abc import Iterator
from types import FrameType

from sana_desktop.cli import outcome

WORDS = "The export was interrupted."
SIMULATION_WORDS = "The simulation was interrupted."
_WORDS_OF = {"export": WORDS, "practice": SIMULATION_WORDS}


def treat_as_ctrl_c() -> None:
    """Let a termination, a closed terminal and Windows' Ctrl-Break do what Ctrl-C does, from now on.

    What whoever started us wants ignored (`nohup`) stays ignored.
    """
    for name in ("SIGTERM", "SIGHUP", "SIGBREAK"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _interrupt)


@contextlib.contextmanager
def held_back() -> Iterator[None]:
    """Let an interruption wait for the end of something that must not be cut in two; Windows has no such thing."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def report(command: str, *, as_json: bool) -> int:
    """Print that the command was interrupted before it came to anything, and return the exit code."""
    words = _WORDS_OF.get(command)
    if words is None:  # it has no result to tell of
        return outcome.EXIT_CODES["cancelled"]
    return outcome.report(outcome.failure("cancelled", words), as_json=as_json)


def _interrupt(number: int, frame: FrameType | None) -> None:
    # While a loop runs, the handler of Ctrl-C is that of asyncio.Runner, which cancels in order. In the background
    # of a shell there is none: Ctrl-C is not for us there, but this is.
    handler = signal.getsignal(signal.SIGINT)
    if not callable(handler):
        raise KeyboardInterrupt
    handler(signal.SIGINT, frame)
