"""The sandbox as a process of its own: one line when ready, then requests until it is told to end."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from sana_desktop.sandbox.memory import Confinement
from sana_desktop.sandbox.server import DEFAULT_ROWS, SandboxServer

PROCESS_GROWTH = 2_500_000_000
"""Bytes of address space above what the built data set takes: texts that are looked at, threads, and room. Queries
run elsewhere."""
LEAVE_SECONDS = 1.0
"""Whatever is still under way then is left where it is: nothing of it is kept, and the state files are whole at any
moment."""


def serve(
    port: int = 0,
    rows: int = DEFAULT_ROWS,
    ready: Callable[[dict[str, str]], None] | None = None,
    state_dir: Path | None = None,
    until_eof: bool = False,
) -> None:
    """Serve until SIGINT or SIGTERM, with `until_eof` also until standard input ends: a child process must not
    outlive the window that started it. The process ends with it: at the latest LEAVE_SECONDS after it was told to.
    `ready` gets what `SandboxServer.describe` says. Raises PortTaken.
    """
    asyncio.run(_serve(SandboxServer(rows=rows, port=port, state_dir=state_dir), ready, until_eof))


async def _serve(server: SandboxServer, ready: Callable[[dict[str, str]], None] | None, until_eof: bool) -> None:
    serving = asyncio.current_task()
    told: list[bool] = []

    def stop() -> None:
        if serving is not None and not told:
            told.append(True)
            _leave_soon()
            serving.cancel()

    _stop_on_signals(stop)
    if until_eof:
        _stop_at_end_of_input(stop)
    try:
        await server.start()
        Confinement(PROCESS_GROWTH)
        if ready is not None:
            ready(server.describe())
        server.warm()
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        pass  # told to stop, maybe before it was ready
    finally:
        await server.stop()


def _leave_soon() -> None:
    """Threads can't be ended, and Python waits for them."""
    last = threading.Timer(LEAVE_SECONDS, os._exit, (0,))
    last.daemon = True
    last.start()


def _stop_on_signals(stop: Callable[[], None]) -> None:
    loop = asyncio.get_running_loop()
    names = [name for name in ("SIGINT", "SIGTERM", "SIGBREAK") if hasattr(signal, name)]
    for number in (getattr(signal, name) for name in names):
        try:
            loop.add_signal_handler(number, stop)
        except (NotImplementedError, RuntimeError):
            # Windows has no loop-level handlers; not the main thread: the owner stops it otherwise.
            with suppress(ValueError):
                signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop))


def _stop_at_end_of_input(stop: Callable[[], None]) -> None:
    loop = asyncio.get_running_loop()

    def wait_for_end() -> None:
        # The raw descriptor: a thread blocked in a buffered reader holds a lock the interpreter wants at exit.
        with suppress(OSError, ValueError):
            descriptor = sys.stdin.fileno() if sys.stdin is not None else 0
            while os.read(descriptor, 4096):
                pass
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(stop)

    threading.Thread(target=wait_for_end, name="sandbox-stdin", daemon=True).start()
