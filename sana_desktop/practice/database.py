"""What this room needs of the store."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    import sqlite3

T = TypeVar("T")


class Database(Protocol):
    """Runs pieces of work on the app's one database; each may be run a second time and must only talk to it."""

    async def read(self, work: Callable[[sqlite3.Connection], T], /) -> T:
        """Return what `work` reads."""

    async def write(self, work: Callable[[sqlite3.Connection], T], /, *, patience_seconds: float | None = None) -> T:
        """Run `work` in one transaction; return its result when it is durable.

        A store that is locked or full is tried for `patience_seconds`; None is the store's own measure.
        """
