"""How an attempt at a download ends when it does not succeed: worth another one, over, or waiting for room."""

from __future__ import annotations

from sana_desktop.base.errors import SanaError
from sana_desktop.reports.records.job import TimelineEntry
from sana_desktop.reports.records.transfer import TransferState


class NoRoom(Exception):
    """The disk has no room for the rest: try later (D01). `needed` bytes must be free in the folder."""

    def __init__(self, needed: int) -> None:
        super().__init__(needed)
        self.needed = needed


class Unreached(Exception):
    """Nobody was reached: try again after `wait_seconds`; it was the `misses`th time in a row."""

    def __init__(self, wait_seconds: float, misses: int) -> None:
        super().__init__(wait_seconds, misses)
        self.wait_seconds = wait_seconds
        self.misses = misses


class AttemptFailed(Exception):
    """This attempt failed; another may do better.

    Attributes:
        anew: what has arrived is worth nothing: begin at byte 0.
        once: name of a failure that is tried again only once, then the download FAILED.
        why: what the story says of it instead of the error's sentence.
        free: it does not count as an attempt without progress (the link was dead, that is bounded elsewhere).
    """

    def __init__(
        self, error: SanaError, *, anew: bool = False, once: str = "", free: bool = False, why: str = ""
    ) -> None:
        super().__init__(error.message)
        self.error = error
        self.anew = anew
        self.once = once
        self.free = free
        self.why = why or error.message


class Ending(Exception):
    """The run is over, in `state`, for `error`; the partial file is kept only if `keep`.

    `told`: lines that the story owes.
    """

    def __init__(
        self,
        state: TransferState,
        error: SanaError,
        *,
        keep: bool = False,
        told: tuple[TimelineEntry, ...] = (),
    ) -> None:
        super().__init__(error.message)
        self.state = state
        self.error = error
        self.keep = keep
        self.told = told
