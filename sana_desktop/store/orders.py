"""Work on its way to a thread of the store, and the call on the loop that waits for its answer."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable, Iterable
from typing import Any

from sana_desktop.store.writing import Outcome

log = logging.getLogger(__name__)

Work = Callable[[sqlite3.Connection], Any]


class Order:
    """One piece of work, and the waiting call it answers."""

    __slots__ = ("_future", "_loop", "deadline", "work")

    def __init__(self, work: Work, patience: float) -> None:
        self.work = work
        self.deadline = time.monotonic() + patience
        self._loop = asyncio.get_running_loop()
        self._future: asyncio.Future[Any] = self._loop.create_future()

    async def answer(self) -> Any:
        return await self._future

    def settle(self, outcome: Outcome) -> None:
        """Hand the outcome to the loop that waits; a loop that is gone waits no more."""
        try:
            self._loop.call_soon_threadsafe(self._set, outcome)
        except RuntimeError:
            log.debug("a result of the store came after its loop was closed")

    def _set(self, outcome: Outcome) -> None:
        if self._future.done():
            if outcome.error is not None:
                log.error("a change that nobody waits for any more failed", exc_info=outcome.error)
        elif outcome.error is not None:
            self._future.set_exception(outcome.error)
        else:
            self._future.set_result(outcome.value)


def settle_all(orders: Iterable[Order], outcome: Outcome) -> None:
    """Give every order the same outcome."""
    for order in orders:
        order.settle(outcome)
