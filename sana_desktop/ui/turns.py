"""Work that only the window's thread can do, in short turns: keys, mouse and paint have theirs in between."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Iterator

from PySide6.QtWidgets import QWidget

TURN_SECONDS = 0.002
"""After so long the window has its turn; together with the step that began before, that stays within a frame."""


async def in_turns(steps: Iterable[object]) -> None:
    """Take all `steps`, as many in one turn of the loop as are short, in no turn with what is before or after."""
    await asyncio.sleep(0)
    began = time.perf_counter()
    for _ in steps:
        if time.perf_counter() - began >= TURN_SECONDS:
            await asyncio.sleep(0)
            began = time.perf_counter()
    await asyncio.sleep(0)


def dressed(widget: QWidget) -> Iterator[None]:
    """Give `widget`, and each one in it, its looks: Qt would do all of them at once when they are first shown."""
    # The innermost first: dressing one dresses what is in it too.
    for each in (*reversed(widget.findChildren(QWidget)), widget):
        each.ensurePolished()
        yield


class InParts(QWidget):
    """A widget that is made part by part. Until it is whole, it is neither to be seen nor used.

    Attributes:
        parts: makes one part of what is missing with each step.
        whole: whether nothing is missing.
    """

    whole = False  # of the class: the first events come before anything is made

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # Shown with its parent, it would be laid out while what it looks at is missing.
        self.hide()
        self.parts = self._make_all()

    def finish(self) -> None:
        """Make now what is missing."""
        for _ in self.parts:
            pass

    def _make_all(self) -> Iterator[None]:
        yield from self._make()
        self.whole = True

    def _make(self) -> Iterator[None]:
        raise NotImplementedError
