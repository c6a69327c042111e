"""The process that serves the demo workspace: started on demand, ended with us, never outliving us.

It is a process of its own so that its SQL engine can't slow the window down, and so that a client of ours and the
sandbox share nothing but HTTP.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from sana_desktop.base.errors import ServiceError
from sana_desktop.base.redaction import Secret
from sana_desktop.base.threads import in_daemon_thread

log = logging.getLogger(__name__)

START_SECONDS = 60.0
"""A cold start on a slow disk loads DuckDB and makes the data set; measured about 2 s on two cores."""
STOP_SECONDS = 1.0
"""It leaves within 0.1 s, and has nothing to lose: its journal is written as it goes."""


@dataclass(frozen=True, slots=True)
class DemoAddress:
    """Where the demo workspace is served, and what lets one in."""

    insights_url: str
    practice_url: str
    client_id: str
    client_secret: Secret
    token: Secret
    api_key: Secret


class DemoServer:
    """Starts `command` (the sandbox, told to end with its standard input) and reads where it serves."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = list(command)
        self._process: subprocess.Popen[str] | None = None
        self._address: DemoAddress | None = None
        self._starting = asyncio.Lock()
        # Guards which start is under way, and what process it has: the thread that makes one may be left behind.
        self._handover = threading.Lock()
        self._start: object = None

    @property
    def address(self) -> DemoAddress | None:
        """Where it serves, None before the first start."""
        return self._address

    async def start(self) -> DemoAddress:
        """Start it if it does not run, and return where it serves.

        Raises:
            ServiceError: when it did not come up.
        """
        async with self._starting:
            if self._address is not None and self._process is not None and self._process.poll() is None:
                return self._address
            await self.stop()  # what is left of one that died
            try:
                async with asyncio.timeout(START_SECONDS):
                    self._start = start = object()
                    line = await in_daemon_thread(partial(self._spawn, start), "demo workspace")
                self._address = _read_address(line)
            except asyncio.CancelledError:
                if (process := self._take()) is not None:
                    threading.Thread(target=_end, args=(process,), name="end demo workspace", daemon=True).start()
                raise
            except (OSError, ValueError, KeyError, TypeError, TimeoutError) as error:
                log.error("the demo workspace did not start: %s", type(error).__name__)
                await self.stop()
                raise ServiceError(
                    "The example data could not start on this computer.",
                    code="E-DEMO",
                    next_step="Try again; nothing of yours is affected.",
                    retryable=True,
                ) from None  # what it printed may hold its secrets
            return self._address

    async def stop(self) -> None:
        """End it: closing its standard input is its sign to go; after a moment it is made to."""
        process = self._take()
        if process is not None:
            await in_daemon_thread(partial(_end, process), "end demo workspace")

    def _take(self) -> subprocess.Popen[str] | None:
        """Return the process, which is no longer ours; one that is being made is ended by who makes it."""
        with self._handover:
            process, self._process, self._address, self._start = self._process, None, None, None
        return process

    def _spawn(self, start: object) -> str:
        process = subprocess.Popen(  # noqa: S603 - our own executable with fixed arguments
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0) if sys.platform == "win32" else 0,
            # Ctrl-C in the terminal is for the window, which then stops in order and closes this process's input.
            start_new_session=sys.platform != "win32",
        )
        with self._handover:
            is_wanted = self._start is start
            if is_wanted:
                self._process = process
        if not is_wanted:
            _end(process)
            return ""
        return process.stdout.readline() if process.stdout is not None else ""


def _read_address(line: str) -> DemoAddress:
    given = json.loads(line)
    return DemoAddress(
        insights_url=given["insights_url"],
        practice_url=given["practice_url"],
        client_id=given["client_id"],
        client_secret=Secret(given["client_secret"]),
        token=Secret(given["token"]),
        api_key=Secret(given["api_key"]),
    )


def _end(process: subprocess.Popen[str]) -> None:
    if process.stdin is not None:
        # A process that died with something unread makes this fail; it is gone either way.
        with contextlib.suppress(OSError):
            process.stdin.close()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(STOP_SECONDS)
    if process.stdout is not None:
        process.stdout.close()
