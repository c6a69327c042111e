"""Blocking work in a thread that nobody has to wait for, and the way of what it makes back to the loop."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Result = TypeVar("Result")


class ThreadAnswer(Generic[Result]):
    """What a thread makes and a coroutine waits for; made on the loop, settled once by any thread.

    After the end of the loop nobody waits any more, and settling it does nothing.

    Args:
        unheard: told, on the loop, an error that nobody waits for any more.
    """

    def __init__(self, unheard: Callable[[BaseException], None] = lambda error: None) -> None:
        self._unheard = unheard
        self._loop = asyncio.get_running_loop()
        self._future: asyncio.Future[Result] = self._loop.create_future()

    async def get(self) -> Result:
        """Wait for the result; raises what the thread failed with."""
        return await self._future

    def run(self, work: Callable[[], Result]) -> None:
        """Do the work here, and settle it by what comes of that."""
        try:
            result = work()
        except BaseException as error:
            self.fail(error)
        else:
            self.succeed(result)

    def succeed(self, result: Result) -> None:
        """Settle it with a result."""
        tell_loop(self._loop, self._set_result, result)

    def fail(self, error: BaseException) -> None:
        """Settle it with an error."""
        tell_loop(self._loop, self._set_exception, error)

    def _set_result(self, result: Result) -> None:
        if not self._future.done():
            self._future.set_result(result)

    def _set_exception(self, error: BaseException) -> None:
        if not self._future.done():
            self._future.set_exception(error)
        else:
            self._unheard(error)


def tell_loop(loop: asyncio.AbstractEventLoop, act: Callable[..., object], *arguments: object) -> None:
    """Have a loop call `act`, from any thread; a loop that is closed by now has no use for it."""
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(act, *arguments)


async def in_daemon_thread(work: Callable[[], Result], name: str = "blocking work") -> Result:
    """Run blocking `work` in a thread of its own; `name` is the thread's.

    The default executor is no place for work that may hang: leaving the loop would wait for it (fault P20).
    """
    answer = ThreadAnswer[Result]()
    threading.Thread(target=answer.run, args=(work,), name=name, daemon=True).start()
    return await answer.get()
