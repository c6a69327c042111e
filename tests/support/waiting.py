"""Waiting for what has no event of its own: what a person sees in the window."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from sana_desktop.base.tasks import Supervisor


def is_idle(supervisor: Supervisor) -> bool:
    """Return whether nothing is under way that a supervisor owns: what was begun has come to its end."""
    return not supervisor._tasks


async def until(condition: Callable[[], object], seconds: float = 60.0) -> None:
    """Let the loop turn until `condition` holds.

    Raises:
        TimeoutError: it does not hold within `seconds`.
    """
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - a widget has no event for what is seen
            await asyncio.sleep(0.002)
