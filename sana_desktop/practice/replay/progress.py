"""How far a replay is, as it tells it, and where it asks along the way."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sana_desktop.base.errors import SanaError
from sana_desktop.practice.replay.record import ReplayRecord
from sana_desktop.practice.sessions.session import Setup


class ReplayState(StrEnum):
    """What a replay is doing."""

    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    FAILED = "failed"
    """It stopped because of `ReplayProgress.error`, and can be gone on with."""


@dataclass(frozen=True, slots=True)
class ReplayProgress:
    """How far a replay is.

    Attributes:
        unknown, parked: answers of its learner whose fate is not known, or that the service did not take.
        passed: how many of the unknown ones a person has decided to go on after.
        error: why it stopped, if it failed.
    """

    record: ReplayRecord
    state: ReplayState
    unknown: int = 0
    parked: int = 0
    passed: int = 0
    error: SanaError | None = None

    @property
    def undecided(self) -> bool:
        """Whether it waits for a decision about answers whose fate is not known."""
        return self.unknown > self.passed and self.error is not None


@dataclass(frozen=True, slots=True)
class Stops:
    """Where a replay asks by itself what is recommended: after every so many answers, by this set-up."""

    every: int
    setup: Setup
