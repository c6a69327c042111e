"""The steps of a session as the window lists them: what was asked and answered, and what became of each answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from itertools import takewhile

from sana_desktop.api.practice_models import Exchange, Result
from sana_desktop.practice.outcomes.outbox import OutboxEntry, OutboxState
from sana_desktop.practice.outcomes.outbox_sites import MOVED


class Fate(Enum):
    """What became of an answer on its way."""

    NONE = ""
    WAITING = "waiting"
    GOING = "going"
    """It is being sent."""
    SENT = "sent"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    UNSENT = "unsent"
    """It never got to the site: no request can hold it."""
    DISCARDED = "discarded"
    """It never got to the site: a person did not want it sent."""


TROUBLED = frozenset({Fate.UNKNOWN, Fate.REFUSED, Fate.UNSENT, Fate.DISCARDED})
_FATE_OF = {
    OutboxState.WAITING: Fate.WAITING,
    OutboxState.SENDING: Fate.GOING,
    OutboxState.ACCEPTED: Fate.SENT,
    OutboxState.UNKNOWN: Fate.UNKNOWN,
    OutboxState.PARKED: Fate.REFUSED,
}


def fate_of(entry: OutboxEntry) -> Fate:
    """Return what became of an answer."""
    if entry.error_code == MOVED:
        return Fate.WAITING  # parked by us: nobody refused it
    fate = _FATE_OF[entry.state]
    return Fate.UNSENT if fate is Fate.REFUSED and not entry.sendable else fate


def fate_of_dropped(was: OutboxState) -> Fate:
    """Return what became of an answer that a person dropped when it was in this state."""
    return Fate.DISCARDED if was is OutboxState.WAITING else _FATE_OF[was]


@dataclass(frozen=True, slots=True)
class Step:
    """One step: exercises were asked for, or one was answered.

    Attributes:
        number: of the event in its session.
        what: the exercise's title, or what was asked for.
        result: None for asking.
        entry: its number in the outbox.
        exchange: what was sent and came back for it, where that is known.
        from_report: it was answered, but recommended by nobody: the answer and its time are from a report.
    """

    number: int
    at: datetime
    what: str
    place: str = ""
    result: Result | None = None
    fate: Fate = Fate.NONE
    entry: int | None = None
    exchange: Exchange | None = None
    from_report: bool = False


class Steps:
    """Steps in the order of their numbers, with where each answer of the outbox stands.

    Attributes:
        is_troubled: whether an answer is or was in trouble, or was discarded.
        is_dated: whether some are from a report, and so of other days.
    """

    def __init__(self, steps: Iterable[Step] = ()) -> None:
        self.is_troubled = False
        self.is_dated = False
        self._steps: list[Step] = []
        self._places: dict[int, int] = {}
        for step in steps:
            self.add(step)

    def __len__(self) -> int:
        return len(self._steps)

    def __getitem__(self, place: int) -> Step:
        return self._steps[place]

    def add(self, step: Step) -> None:
        """Add a newer one."""
        if step.entry is not None:
            self._places[step.entry] = len(self._steps)
        self._steps.append(step)
        self.is_troubled = self.is_troubled or step.fate in TROUBLED
        self.is_dated = self.is_dated or step.from_report

    def since(self, number: int) -> int:
        """Return how many there are from this number on."""
        return sum(1 for _ in takewhile(lambda step: step.number >= number, reversed(self._steps)))

    def cut(self, count: int) -> list[Step]:
        """Take away the newest ones, and return them."""
        left = len(self._steps) - count
        cut, self._steps[left:] = self._steps[left:], []
        for step in cut:
            self._places.pop(step.entry or 0, None)
        return cut

    def change(self, entry: int, *, fate: Fate | None = None, exchange: Exchange | None = None) -> int | None:
        """Say what else is known of an answer; return its place, None if it is not here or that was known."""
        place = self._places.get(entry)
        if place is None:
            return None
        before = self._steps[place]
        after = replace(before, fate=fate or before.fate, exchange=exchange or before.exchange)
        if after is before or (after.fate is before.fate and after.exchange is before.exchange):
            return None
        self._steps[place] = after
        self.is_troubled = self.is_troubled or after.fate in TROUBLED
        return place
