"""An answer kept: into outbox and session in one transaction, so that a kill leaves both or neither (O07, I2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sana_desktop.api.practice_models import ExerciseOutcome
from sana_desktop.practice.delivery import Delivery
from sana_desktop.practice.learners import Consent
from sana_desktop.practice.outbox import Lane
from sana_desktop.practice.session import Answered
from sana_desktop.practice.sessions import SessionBook


async def keep_answers(
    delivery: Delivery,
    sessions: SessionBook,
    lane: Lane,
    session_id: str,
    answers: Sequence[Answered],
    *,
    consent: Consent | None = None,
) -> tuple[Answered, ...]:
    """Write answers down to be sent, and as events of their session. Durable when it returns; nothing is sent.

    Args:
        lane: the ids of the session's connection and learner.
        consent: what a real person's answers need; used up by this call.

    Returns:
        The events as they were written, each with its number in the outbox.

    Raises:
        UserError: E-SESSION-GONE, or as `Delivery.put`. Nothing was written then.
        StorageError: nothing was written.
    """
    outcomes = [ExerciseOutcome(answer.exercise, answer.outcome) for answer in answers]

    def numbered(numbers: Sequence[int]) -> tuple[Answered, ...]:
        return tuple(replace(answer, entry=number) for answer, number in zip(answers, numbers, strict=True))

    also = sessions.adding(session_id, numbered)
    entries = await delivery.put(*lane, outcomes, session_id, consent=consent, also=also)
    if entries:
        sessions.changed.publish(session_id)
    return numbered([entry.number for entry in entries])
