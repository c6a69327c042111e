"""The figures of the download rules, each with its unit and reason, in one place (ARCHITECTURE.md, law 11)."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace

GIB = 1024**3


@dataclass(frozen=True, slots=True)
class DownloadPolicy:
    """How downloads behave.

    Attributes:
        at_once: downloads under way at a time (B8).
        fruitless_attempts: answers in a row that bring nothing new, then it is PAUSED (B4).
        gives_up_unreached: a try that reached nobody counts among those; else it is made again, more and more rarely.
        doubt_link_from: after so many tries that reached nobody the site is asked for its link once more: it may lead
            to another place by now.
        ask_above_bytes: an announced length above this is asked about before any byte of the body (L41).
        cap_bytes: a body whose length is not announced, or that comes packed, is dropped past this (L40, L42).
        reserve_bytes: room left on the disk besides the report (D01).
        persist_seconds: time between two notes of how far it is; so much is fetched again after a kill.
        progress_seconds: time between two published figures: four a second are all an eye can read.
        room_check_seconds: time between two looks whether the disk has room again (D01).
        first_wait_seconds: pause before going on after a cut that came after progress.
        keep_unconfirmed: keep a table of which nothing says that it is whole, with a mark for a person to see (L18).
        fresh_enough_seconds: a link got so recently is not renewed again before its use, however short its life.
    """

    at_once: int = 4
    fruitless_attempts: int = 5
    gives_up_unreached: bool = False
    doubt_link_from: int = 2
    ask_above_bytes: int = 2 * GIB
    cap_bytes: int = 2 * GIB
    reserve_bytes: int = 200_000_000
    persist_seconds: float = 1.0
    progress_seconds: float = 0.25
    room_check_seconds: float = 5.0
    first_wait_seconds: float = 0.2
    keep_unconfirmed: bool = True
    fresh_enough_seconds: float = 30.0

    def unasked(self) -> DownloadPolicy:
        """Return these for a command, where nobody looks on.

        There is nobody to ask whether a large report is wanted: naming it was the answer. Whoever runs it waits for its
        end. And nobody sees a mark on a file: who schedules an export relies on it that what it calls complete is
        whole, and that a file from before is not replaced by half of a new one.
        """
        return replace(self, ask_above_bytes=sys.maxsize, gives_up_unreached=True, keep_unconfirmed=False)
