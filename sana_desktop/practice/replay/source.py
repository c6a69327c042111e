"""The outcomes of a report's file, a slice at a time, read in threads that hold up no quit."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from sana_desktop.api.practice_models import ExerciseOutcome
from sana_desktop.api.practice_wire import encode_outcome
from sana_desktop.base.errors import UserError
from sana_desktop.base.threads import in_daemon_thread

T = TypeVar("T")


class ReplaySource:
    """Takes outcomes from where it is.

    Attributes:
        read: a digest of all that was taken and left out so far, in its order; "" of nothing.
    """

    def __init__(self, outcomes: Iterator[ExerciseOutcome]) -> None:
        self.read = ""
        self._outcomes = outcomes

    async def take(self, count: int) -> list[ExerciseOutcome]:
        """Return the next outcomes, fewer at the end; raises as `replay_file.outcomes`."""
        return await beside(lambda: list(self._read(count)))

    async def skip(self, count: int) -> None:
        """Leave out the next outcomes; raises as `replay_file.outcomes`."""
        await beside(lambda: deque(self._read(count), maxlen=0))

    def _read(self, count: int) -> Iterator[ExerciseOutcome]:
        for outcome in itertools.islice(self._outcomes, count):
            # Each by itself: the digest is the same whatever the slices are.
            self.read = hashlib.sha256(self.read.encode() + encode_outcome(outcome)).hexdigest()
            yield outcome

    def close(self) -> None:
        """Close the file."""
        close = getattr(self._outcomes, "close", None)
        # After a cancellation a thread may still be reading; the file is closed with the generator then.
        with contextlib.suppress(ValueError):
            if close is not None:
                close()


async def beside(work: Callable[[], T]) -> T:
    """Read in a thread that holds up no quit: a file may be huge, or on a drive that hangs (P20)."""
    return await in_daemon_thread(work, "replay file")


def read_otherwise(path: Path) -> UserError:
    """Return the error of a file whose answers so far are not those that were sent."""
    return UserError(
        "This replay was begun by another version of the app, which read “{name}” otherwise. It is not known where to "
        "go on.",
        code="E-REPLAY-READING",
        next_step="Forget it, and begin a new one with another test learner.",
        values={"name": path.name},
    )


def changed_since(path: Path) -> UserError:
    """Return the error of a file that has other bytes than when its replay began."""
    return UserError(
        "“{name}” is not what it was when this replay began.",
        code="E-REPLAY-CHANGED",
        next_step="Begin a new replay with another test learner.",
        values={"name": path.name},
    )
