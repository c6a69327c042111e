"""Ctrl-C while a command loads: noted, and raised once it is ready.

In the middle of an import it would become a traceback, or another error altogether: the making of a class turns it into
a RuntimeError.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # `signal` takes milliseconds to load, which is what is to be covered


class _Held:
    def __init__(self) -> None:
        self.pressed = False

    def note(self, number: int, frame: object) -> None:
        self.pressed = True


def hold() -> None:
    """Note Ctrl-C from now on, unless it is ignored or somebody handles it. Call it on the main thread."""
    if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
        _signal.signal(_signal.SIGINT, _Held().note)


def let_go() -> None:
    """Let Ctrl-C be what it was before `hold`.

    Raises:
        KeyboardInterrupt: it was pressed meanwhile.
    """
    if forget():
        raise KeyboardInterrupt


def forget() -> bool:
    """Let Ctrl-C be what it was before `hold`, and return whether it was pressed meanwhile."""
    held = getattr(_signal.getsignal(_signal.SIGINT), "__self__", None)
    if not isinstance(held, _Held):
        return False
    _signal.signal(_signal.SIGINT, _signal.default_int_handler)
    return held.pressed
