"""How an attempt at a download ends when it does not succeed: worth another one, over, or waiting for room."""

from __future__ import annotations

from sana_desktop.base.errors import SanaError
from sana_desktop.reports.records.transfer import TransferState


class NoRoom(Exception):
    """The disk has no room for the rest: try later (D01). `needed` bytes must be free in the folder."""

    def __init__(self, needed: int) -> None:
        super().__init__(needed)
        self.needed = needed


class AttemptFailed(Exception):
    """This attempt failed; another may do better.

    Attributes:
        anew: what has arrived is worth nothing: begin at byte 0.
        once: name of a failure that is tried again only once, then the download FAILED.
        free: it does not count as an attempt without progress (the link was dead, that is bounded elsewhere).
    """

    def __init__(self, error: SanaError, *, anew: bool = False, once: str = "", free: bool = False) -> None:
        super().__init__(error.message)
        self.error = error
        self.anew = anew
        self.once = once
        self.free = free


class Ending(Exception):
    """The run is over, in `state`, for `error`; the partial file is kept only if `keep`."""

    def __init__(self, state: TransferState, error: SanaError, *, keep: bool = False) -> None:
        super().__init__(error.message)
        self.state = state
        self.error = error
        self.keep = keep
