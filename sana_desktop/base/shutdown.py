"""Stopping in stages, each with a deadline, so that quitting takes seconds and loses nothing (P20, I10)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

log = logging.getLogger(__name__)


class StopStages(AsyncExitStack):
    """An exit stack whose stages have deadlines: what was opened last stops first, and nothing that hangs holds it up.

    Every stage brings a share of seconds. What one leaves of its share goes to those after it, so the shares added up
    bound the whole stop, and the last stage, which saves the most, has the most time.
    """

    def __init__(self) -> None:
        super().__init__()
        self._unspent = 0.0

    def push_stage(self, name: str, work: Callable[[], Awaitable[None]], seconds: float) -> None:
        """Await `work` when the stack is left; if it fails or is late that is logged, and the stages below go on.

        Args:
            name: for the log.
            seconds: its share; when that and what earlier stages left is over, `work` is cancelled.
        """
        self.push_async_callback(self._run, name, work, seconds)

    async def _run(self, name: str, work: Callable[[], Awaitable[None]], seconds: float) -> None:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._unspent + seconds
        try:
            async with asyncio.timeout_at(deadline):
                await work()
        except TimeoutError:
            log.error("the stop of %s was not over in time", name)
        except Exception:
            log.exception("the stop of %s failed", name)
        finally:
            self._unspent = max(deadline - loop.time(), 0.0)
