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
from collections.abc import Sequence
from dataclasses import dataclass

from sana_desktop.base.errors import ServiceError
from sana_desktop.base.redaction import Secret

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
                    line = await asyncio.to_thread(self._spawn)
                self._address = _read_address(line)
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
        process, self._process, self._address = self._process, None, None
        if process is not None:
            await asyncio.to_thread(_end, process)

    def _spawn(self) -> str:
        self._process = subprocess.Popen(  # noqa: S603 - our own executable with fixed arguments
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
        return self._process.stdout.readline() if self._process.stdout is not None else ""


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
