"""An answer kept: into outbox and session in one transaction, so that a kill leaves both or neither (O07, I2)."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sana_desktop.api.practice_models import ExerciseOutcome
from sana_desktop.practice.learners import Consent
from sana_desktop.practice.outcomes.delivery import Delivery
from sana_desktop.practice.outcomes.outbox import Also, Lane
from sana_desktop.practice.sessions.session import Answered, Asked
from sana_desktop.practice.sessions.sessions import SessionStore


@dataclass(frozen=True, slots=True)
class Kept:
    """Answers as they were written.

    Attributes:
        first: the index of the first of them among the session's events; 0 if there is none.
        answers: each with its number in the outbox.
    """

    first: int
    answers: tuple[Answered, ...]


async def keep_answers(
    delivery: Delivery,
    sessions: SessionStore,
    lane: Lane,
    session_id: str,
    answers: Sequence[Answered],
    *,
    consent: Consent | None = None,
    release: bool = False,
    held: bool = False,
    question: Asked | None = None,
    also: Also = lambda connection, numbers: None,
) -> Kept:
    """Write answers down to be sent, and as events of their session. Durable when it returns; nothing is sent.

    Args:
        lane: the ids of the session's connection and learner.
        consent: what a real person's answers need; used up by this call.
        release, held: they are to be sent now, or once their set is done; see `Delivery.put`.
        question: what they answer, where that is no event yet: it becomes one before them, at which they point.
        also: more work of the same transaction.

    Raises:
        UserError: E-SESSION-GONE, or as `Delivery.put`. Nothing was written then.
        StorageError: nothing was written.
    """
    outcomes = [ExerciseOutcome(answer.exercise, answer.outcome) for answer in answers]
    # A transaction may be done again, and tells both again then.
    asked: int | None = None
    first = 0

    def point(index: int) -> None:
        nonlocal asked
        asked = index

    def begin(index: int) -> None:
        nonlocal first
        first = index

    def numbered(numbers: Sequence[int]) -> tuple[Answered, ...]:
        return tuple(
            replace(answer, entry=number, asked=answer.asked if asked is None else asked)
            for answer, number in zip(answers, numbers, strict=True)
        )

    ask = None if question is None else sessions.adding(session_id, lambda _numbers: (question,), first=point)
    add = sessions.adding(session_id, numbered, first=begin)

    def work(connection: sqlite3.Connection, numbers: Sequence[int]) -> None:
        if ask is not None:
            ask(connection, numbers)
        add(connection, numbers)
        also(connection, numbers)

    entries = await delivery.put(*lane, outcomes, session_id, consent=consent, release=release, held=held, also=work)
    if entries:
        sessions.changed.publish(session_id)
    return Kept(first, numbered([entry.number for entry in entries]))
