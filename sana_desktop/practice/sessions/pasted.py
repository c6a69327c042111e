"""Answers that were pasted, sent as every other answer is: over the outbox, as a session of their own."""

from __future__ import annotations

from collections.abc import Sequence

from sana_desktop.api.practice_models import ExerciseOutcome
from sana_desktop.api.practice_split import split_outcomes
from sana_desktop.practice.learners import Consent, Guard, LearnerStore
from sana_desktop.practice.outcomes.delivery import Delivery
from sana_desktop.practice.outcomes.outbox import Lane
from sana_desktop.practice.sessions.answering import keep_answers
from sana_desktop.practice.sessions.session import Answered, SessionRecord, Setup
from sana_desktop.practice.sessions.sessions import SessionStore


def requests_for(user_id: str, outcomes: Sequence[ExerciseOutcome]) -> int:
    """Return in how many requests answers travel.

    Raises:
        UserError: E-OUT-TOOBIG or E-PRACTICE-VALUE: one of them can't be sent at all.
    """
    return len(split_outcomes(user_id, outcomes))


async def keep_pasted(
    delivery: Delivery,
    sessions: SessionStore,
    learners: LearnerStore,
    lane: Lane,
    setup: Setup,
    title: str,
    outcomes: Sequence[ExerciseOutcome],
    *,
    consent: Consent | None = None,
) -> SessionRecord:
    """Begin a session with these answers, and put them into the outbox, to be sent in their order.

    They were recommended by nobody here, as those of a report, and have the times they came with.

    Args:
        lane: the ids of connection and learner; the set-up is of the same learner.
        consent: what a real person's answers need; used up by this call (B26).

    Returns:
        The session as it is on disk.

    Raises:
        UserError: E-LEARNER-LOCKED, E-LEARNER-REAL; E-OUT-TOOBIG, E-PRACTICE-VALUE. Nothing was written then.
        StorageError: they were not kept.
    """
    # First what may be refused, so that no empty session is left behind.
    requests_for(lane[1], outcomes)
    if learners.guard(*lane) is not Guard.TEST and consent is None:
        learners.admit(*lane)
    record = await sessions.begin(lane[0], setup, title)
    answers = [Answered(each.outcome.timestamp, each.exercise, each.outcome, None) for each in outcomes]
    await keep_answers(delivery, sessions, lane, record.id, answers, consent=consent, release=True)
    return await sessions.load(record.id)
