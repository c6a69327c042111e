"""What can be one side of a comparison: a question asked now, an answer of this session, a saved session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from sana_desktop.api.practice_models import Exercise, NextQuery
from sana_desktop.base.errors import UserError
from sana_desktop.base.text import one_line
from sana_desktop.practice.asker import Asker
from sana_desktop.practice.learners import TestLearner
from sana_desktop.practice.session import Asked, SessionHead, SessionRecord
from sana_desktop.ui.practice.difference_view import Source
from sana_desktop.ui.practice.naming import clock_words
from sana_desktop.ui.tr import tr

NOW = "now"
LEARNER, ASKED, SESSION = "learner:", "asked:", "session:"
"""How the keys of sources begin: another learner's id, the index of an event, the id of a session follow."""
MOST_ASKED = 30
MOST_LEARNERS = 10
MOST_SESSIONS = 50
TITLE_CHARACTERS = 40


class Sessions(Protocol):
    """The saved sessions."""

    async def list(self, limit: int = MOST_SESSIONS) -> tuple[SessionHead, ...]:
        """Return them, newest first."""

    async def load(self, session_id: str) -> SessionRecord:
        """Return one with its events."""


def answer_sources(
    record: SessionRecord | None, learners: Sequence[TestLearner], heads: Sequence[SessionHead], user_id: str
) -> list[Source]:
    """Return everything that has one recommendation, the nearest first."""
    sources = [Source(NOW, tr("Practice", "Ask now, as it is set up"))]
    events = enumerate(record.events) if record is not None else ()
    asked = [(index, event) for index, event in events if isinstance(event, Asked)]
    for index, event in reversed(asked[-MOST_ASKED:]):
        words = tr("Practice", "This session, asked at {time}", time=clock_words(event.at))
        sources.append(Source(f"{ASKED}{index}", words))
    for learner in [each for each in learners if each.user_id != user_id][:MOST_LEARNERS]:
        words = tr("Practice", "Ask now, for {name}", name=one_line(learner.name or learner.user_id, TITLE_CHARACTERS))
        sources.append(Source(f"{LEARNER}{learner.user_id}", words))
    for head in [each for each in heads if each.asked and (record is None or each.id != record.id)][:MOST_SESSIONS]:
        words = tr("Practice", "Last answer of {title}", title=one_line(head.title, TITLE_CHARACTERS))
        sources.append(Source(f"{SESSION}{head.id}", words))
    return sources


def session_sources(heads: Sequence[SessionHead]) -> list[Source]:
    """Return the saved sessions that have answers."""
    return [
        Source(
            f"{SESSION}{head.id}",
            tr("Practice", "{title}, {n} answers", title=one_line(head.title, TITLE_CHARACTERS), n=head.answered),
        )
        for head in heads[:MOST_SESSIONS]
        if head.answered
    ]


async def exercises_of(
    key: str, question: NextQuery, record: SessionRecord | None, asker: Asker, sessions: Sessions
) -> Sequence[Exercise]:
    """Return the recommendation behind a source.

    Raises:
        UserError: it is not there any more.
        SanaError: a question came to nothing.
    """
    if key == NOW:
        return (await asker.next(question)).exercises
    if key.startswith(LEARNER):
        return (await asker.next(replace(question, user_id=key.removeprefix(LEARNER)))).exercises
    if key.startswith(ASKED) and record is not None:
        event = record.events[int(key.removeprefix(ASKED))]
        if isinstance(event, Asked):
            return event.recommendation.exercises
    if key.startswith(SESSION):
        last = (await sessions.load(key.removeprefix(SESSION))).last_asked
        if last is not None:
            return last[1].recommendation.exercises
    raise UserError(
        "There is nothing to compare with any more.", code="E-COMPARE-GONE", next_step="Choose another one."
    )
