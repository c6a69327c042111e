"""What can be known afterwards of how an answer of a session was sent: no more is said than what is stored; pure."""

from __future__ import annotations

from collections.abc import Sequence

from sana_desktop.api.practice_models import Exchange, ExerciseOutcome
from sana_desktop.api.practice_wire import encode_outcome, encode_outcomes
from sana_desktop.base.errors import UserError
from sana_desktop.practice.sessions.session import Answered, Asked, Event


def carrier(events: Sequence[Event], number: int) -> Exchange | None:
    """Return the request for exercises that an answer travelled in, None if it did not travel in the next one.

    Of the events, only requests for exercises have what was sent; `ExchangeStore` may know of others.
    """
    answer = events[number]
    following = next((event for event in events[number + 1 :] if isinstance(event, Asked)), None)
    if following is None or not isinstance(answer, Answered):
        return None
    try:
        told = encode_outcome(ExerciseOutcome(answer.exercise, answer.outcome)).decode()
    except UserError:
        return None
    exchange = following.recommendation.exchange
    return exchange if told in exchange.request else None


def alone(user_id: str, answer: Answered) -> str:
    """Return the body that tells this answer alone; it may have gone with others. Empty if there can be none."""
    try:
        return encode_outcomes(user_id, [ExerciseOutcome(answer.exercise, answer.outcome)]).decode()
    except UserError:
        return ""
