"""Stopping in stages, each with a deadline, so that quitting takes seconds and loses nothing."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the stop: its name for the log, what to await, and how many seconds it may take."""

    name: str
    work: Callable[[], Awaitable[None]]
    seconds: float


class Shutdown:
    """The ordered stages of a stop; a second run waits for the first, and goes on where that was cancelled."""

    def __init__(self) -> None:
        self._stages: deque[Stage] = deque()
        self._started = False
        self._lock = asyncio.Lock()

    def add(self, name: str, work: Callable[[], Awaitable[None]], seconds: float) -> None:
        """Add a stage after those already there."""
        self._stages.append(Stage(name, work, seconds))

    @property
    def started(self) -> bool:
        """Whether the stop has begun: new work is refused from then on."""
        return self._started

    async def run(self) -> None:
        """Run every stage in order; one that fails or is late is logged, and the next goes on."""
        self._started = True
        async with self._lock:
            while self._stages:
                await self._run_stage(self._stages.popleft())

    @staticmethod
    async def _run_stage(stage: Stage) -> None:
        try:
            async with asyncio.timeout(stage.seconds):
                await stage.work()
        except TimeoutError:
            log.error("stage %r was not over after %.1f s", stage.name, stage.seconds)
        except Exception:
            log.exception("stage %r failed", stage.name)
