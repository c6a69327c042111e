"""Work on its way to a thread of the store, and the call on the loop that waits for its answer."""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar

from sana_desktop.base.threads import ThreadAnswer
from sana_desktop.store.writing import Outcome

log = logging.getLogger(__name__)

Result = TypeVar("Result")


class Order(Generic[Result]):
    """One piece of work, and the waiting call it answers."""

    __slots__ = ("_answer", "deadline", "work")

    def __init__(self, work: Callable[[sqlite3.Connection], Result], patience: float) -> None:
        self.work = work
        self.deadline = time.monotonic() + patience
        self._answer = ThreadAnswer[Result](_unheard)

    async def answer(self) -> Result:
        return await self._answer.get()

    def settle(self, outcome: Outcome) -> None:
        """Hand the outcome to the loop that waits; a loop that is gone waits no more."""
        if outcome.error is not None:
            self._answer.fail(outcome.error)
        else:
            self._answer.succeed(outcome.value)


AnyOrder = Order[Any]


def _unheard(error: BaseException) -> None:
    log.error("a change that nobody waits for any more failed", exc_info=error)


def settle_all(orders: Iterable[AnyOrder], outcome: Outcome) -> None:
    """Give every order the same outcome."""
    for order in orders:
        order.settle(outcome)
