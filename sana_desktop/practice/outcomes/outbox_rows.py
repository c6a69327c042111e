"""One outcome on its way, as it is and as a row of the table says it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sana_desktop.api.practice_models import Exercise, ExerciseOutcome, Outcome, Result
from sana_desktop.api.practice_split import split_outcomes
from sana_desktop.api.practice_wire import outcome_from_json
from sana_desktop.base.errors import UserError
from sana_desktop.base.timestamps import parse_timestamp

NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands for a time that can't be read."""
NO_OUTCOME = ExerciseOutcome(Exercise("", ""), Outcome(NO_TIME, Result.SKIPPED))
"""Stands for an outcome that can't be read: without an id, no request can hold it."""

Lane = tuple[str, str]
"""A connection's id and a learner's: among the outcomes of these two, order matters."""


class OutboxState(StrEnum):
    """Where an outcome is."""

    WAITING = "waiting"
    SENDING = "sending"
    ACCEPTED = "accepted"
    UNKNOWN = "unknown"
    PARKED = "parked"


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """One outcome.

    Attributes:
        number: the order; later ones have higher numbers.
        outcome: NO_OUTCOME if what is stored of it makes no sense.
        session: the session it was answered in, if there is one.
        error_code, error_message: why it is unknown or parked.
        consented: a person held the button to send it to a real learner (B26).
        held: it goes once its set is done, or when a person wants it sent; not by itself.
    """

    number: int
    connection_id: str
    user_id: str
    outcome: ExerciseOutcome
    state: OutboxState
    session: str | None
    created_at: datetime
    changed_at: datetime
    error_code: str = ""
    error_message: str = ""
    consented: bool = False
    held: bool = False

    @property
    def lane(self) -> Lane:
        """Whose it is."""
        return self.connection_id, self.user_id

    @property
    def damaged(self) -> bool:
        """Whether what is stored of it makes no sense: it can't be sent."""
        return self.outcome == NO_OUTCOME

    @property
    def sendable(self) -> bool:
        """Whether a request can hold it: what makes no sense or is too long never gets to the service."""
        try:
            split_outcomes(self.user_id, [self.outcome])
        except UserError:
            return False
        return True


COLUMNS = (
    "number, connection_id, user_id, outcome, state, session, created_at, changed_at, error_code, error_message,"
    " consented, held"
)


def entry_of(row: tuple[int, str, str, str, str, str | None, str, str, str, str, int, int]) -> OutboxEntry:
    """Return a row of COLUMNS as what it says."""
    number, connection_id, user_id, outcome, state, session, created_at, changed_at, code, message, consented, held = (
        row
    )
    return OutboxEntry(
        number,
        connection_id,
        user_id,
        _outcome(outcome),
        OutboxState(state),
        session,
        _time(created_at),
        _time(changed_at),
        code,
        message,
        bool(consented),
        bool(held),
    )


def _outcome(text: str) -> ExerciseOutcome:
    """Return what a row says; one that makes no sense must not keep the others from being read."""
    try:
        return outcome_from_json(json.loads(text))
    except (UserError, ValueError, RecursionError):
        return NO_OUTCOME


def _time(text: str) -> datetime:
    return parse_timestamp(text) or NO_TIME
