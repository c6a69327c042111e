"""The supervisor: every task has a name, an owner, and its failure reported exactly once (ARCHITECTURE.md, law 4)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

log = logging.getLogger(__name__)

Result = TypeVar("Result")


class Supervisor:
    """Owns tasks: keeps them referenced, reports a failure once, cancels and awaits all of them at the end.

    Args:
        name: what the tasks belong to; part of every log line.
        on_failure: told the task's name and its exception, after it was logged. Never told of a cancellation.
    """

    def __init__(self, name: str, on_failure: Callable[[str, BaseException], None] | None = None) -> None:
        self.name = name
        self.on_failure = on_failure
        self._tasks: set[asyncio.Task[Any]] = set()
        self._keyed: dict[str, asyncio.Task[Any]] = {}
        self._closed = False

    def start(
        self, name: str, work: Coroutine[Any, Any, Result], *, key: str | None = None
    ) -> asyncio.Task[Result] | None:
        """Run `work` as a task.

        Args:
            name: for logs.
            work: the coroutine; it is closed unrun if it may not start.
            key: at most one task of a key runs at a time: against double clicks.

        Returns:
            The task, or None if one of the same key is running or the supervisor was stopped.
        """
        if self._closed or (key is not None and self.running(key)):
            work.close()
            return None
        task = asyncio.get_running_loop().create_task(work, name=f"{self.name}: {name}")
        self._tasks.add(task)
        if key is not None:
            self._keyed[key] = task
        task.add_done_callback(lambda done: self._finished(done, key))
        return task

    def running(self, key: str) -> bool:
        """Return whether a task of this key is under way."""
        # Not whether `_finished` was told: the loop does that a turn later, and a wish in between would be lost.
        task = self._keyed.get(key)
        return task is not None and not task.done()

    def cancel(self, key: str) -> None:
        """Ask the task of this key to stop, if there is one."""
        task = self._keyed.get(key)
        if task is not None:
            task.cancel()

    async def stop(self, seconds: float = 5.0) -> None:
        """Take no more work, cancel what runs and wait for it, at most `seconds`; what hangs longer is logged."""
        self._closed = True
        tasks = [task for task in self._tasks if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=seconds)
            for task in late:
                log.error("task %r did not stop within %.1f s", task.get_name(), seconds)

    def _finished(self, task: asyncio.Task[Any], key: str | None) -> None:
        self._tasks.discard(task)
        if key is not None and self._keyed.get(key) is task:
            del self._keyed[key]
        if task.cancelled():
            return
        error = task.exception()
        if error is None:
            return
        log.error("task %r failed", task.get_name(), exc_info=error)
        if self.on_failure is not None:
            self.on_failure(task.get_name(), error)
