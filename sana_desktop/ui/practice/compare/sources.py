"""What can be one side of a comparison: a question asked now, an answer of this session, a saved session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from sana_desktop.api.practice_models import Exercise, NextQuery
from sana_desktop.base.errors import UserError
from sana_desktop.base.text import one_line
from sana_desktop.practice.asker import Asker
from sana_desktop.practice.compare.repeatability import RepeatabilityStore, ask_known
from sana_desktop.practice.learners import TestLearner
from sana_desktop.practice.sessions.session import Asked, SessionHead, SessionRecord, Setup
from sana_desktop.ui.practice.compare.difference_view import Source
from sana_desktop.ui.practice.compare.question_words import asked_words
from sana_desktop.ui.practice.naming import is_dated, moment_words, players_words, title_of
from sana_desktop.ui.tr import tr

NOW = "now"
AGAIN = "again"
"""What the other side asked, asked now."""
KEPT, LEARNER, ASKED, SESSION = "kept:", "learner:", "asked:", "session:"
"""How the keys of sources begin: when a set-up was kept, another learner's id, the index of an event, the id of a
session follow."""
MAX_KEPT = 10
MAX_ASKED = 30
MAX_LEARNERS = 10
MAX_SESSIONS = 50
TITLE_CHARACTERS = 40


class Sessions(Protocol):
    """The saved sessions."""

    async def list(self, limit: int = MAX_SESSIONS) -> tuple[SessionHead, ...]:
        """Return them, newest first."""

    async def load(self, session_id: str) -> SessionRecord:
        """Return one with its events."""


@dataclass(frozen=True, slots=True)
class KeptSetup:
    """A set-up that somebody laid aside, to compare it with another one."""

    at: datetime
    setup: Setup

    @property
    def key(self) -> str:
        """The key of its source."""
        return f"{KEPT}{self.at.isoformat()}"


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: what was asked, for whom, and what came."""

    query: NextQuery
    exercises: Sequence[Exercise]


def answer_sources(
    record: SessionRecord | None,
    learners: Sequence[TestLearner],
    heads: Sequence[SessionHead],
    user_id: str,
    kept: Sequence[KeptSetup] = (),
) -> list[Source]:
    """Return everything that has one recommendation, the nearest first."""
    sources = [
        Source(NOW, tr("Practice", "Ask now, as it is set up"), asks=True),
        Source(AGAIN, tr("Practice", "Ask now what the other side asked"), asks=True),
    ]
    for each in reversed(kept[-MAX_KEPT:]):
        words = tr("Practice", "Ask now, as it was set up: {question}", question=asked_words(each.setup))
        sources.append(Source(each.key, words, asks=True))
    events = enumerate(record.events) if record is not None else ()
    asked = [(index, event) for index, event in events if isinstance(event, Asked)]
    numbered = [(number, *each) for number, each in enumerate(asked, 1)]
    for number, index, event in reversed(numbered[-MAX_ASKED:]):
        words = tr(
            "Practice",
            "This session, question {n}: {came}",
            n=number,
            came=came_words(event.recommendation.exercises),
        )
        sources.append(Source(f"{ASKED}{index}", words))
    for learner in [each for each in learners if each.user_id != user_id][:MAX_LEARNERS]:
        words = tr("Practice", "Ask now, for {name}", name=one_line(learner.name or learner.user_id, TITLE_CHARACTERS))
        sources.append(Source(f"{LEARNER}{learner.user_id}", words, asks=True))
    for head in [each for each in heads if each.asked and (record is None or each.id != record.id)][:MAX_SESSIONS]:
        words = tr("Practice", "Last recommendation of {session}", session=session_words(head))
        sources.append(Source(f"{SESSION}{head.id}", words))
    return sources


def came_words(exercises: Sequence[Exercise]) -> str:
    """Return what came, by the first of it: by the time alone, questions can't be told apart."""
    if not exercises:
        return tr("Practice", "nothing came")
    first = one_line(title_of(exercises[0]), TITLE_CHARACTERS)
    if len(exercises) == 1:
        return first
    return tr("Practice", "{exercise} and {n} more", exercise=first, n=len(exercises) - 1)


def session_words(head: SessionHead) -> str:
    """Return a session by its title, and by when it was changed where the title has no time in it."""
    title = one_line(head.title, TITLE_CHARACTERS)
    if is_dated(title, head.created_at, head.changed_at):
        return title
    return tr("Practice", "{title}, {when}", title=title, when=moment_words(head.changed_at))


def session_sources(heads: Sequence[SessionHead]) -> list[Source]:
    """Return the saved sessions that have answers."""
    return [
        Source(
            f"{SESSION}{head.id}",
            ", ".join(
                (
                    session_words(head),
                    tr("Practice", "1 answer")
                    if head.answered == 1
                    else tr("Practice", "{n} answers", n=f"{head.answered:,}"),
                    *filter(None, (players_words(head.players),)),
                )
            ),
        )
        for head in heads[:MAX_SESSIONS]
        if head.answered
    ]


@dataclass(frozen=True, slots=True)
class SidesPlan:
    """What fetching both sides takes.

    Attributes:
        asked: questions that are asked.
        again: how many of them are asked once more, to see whether the answer repeats itself.
        sure: False if it may be less: what an earlier answer was to is known only when it is read.
    """

    asked: int
    again: int
    sure: bool = True

    @property
    def calls(self) -> int:
        """Requests at most."""
        return self.asked + self.again


class Sides:
    """Fetches both sides of a comparison. What is asked now is asked twice, unless it is known what that gives (B28).

    Attributes:
        checked: questions of which it was found out now whether their answer repeats itself.

    Args:
        question: as it is set up.
        record: the session in view.
        kept: set-ups that were laid aside.
        known: what was found about answers repeating themselves; told what is found here.
        site: of which that is known.
    """

    def __init__(
        self,
        question: NextQuery,
        record: SessionRecord | None,
        kept: Sequence[KeptSetup],
        sessions: Sessions,
        known: RepeatabilityStore,
        site: str,
    ) -> None:
        self._question = question
        self._record = record
        self._kept = kept
        self._sessions = sessions
        self._known = known
        self._site = site
        self.checked: set[NextQuery] = set()

    def plan(self, before: str, after: str) -> SidesPlan:
        """Return what `fetch` takes."""
        first, second = (after, before) if before == AGAIN else (before, after)
        one = self._query(first, self._question)
        unknown = one is None and second == AGAIN
        two = None if unknown else self._query(second, one or self._question)
        asked = [query for query in (one, two) if query is not None]
        again = {query for query in asked if not self._known.knows(self._site, query)}
        return SidesPlan(len(asked) + unknown, len(again) + unknown, not unknown)

    async def fetch(self, asker: Asker, before: str, after: str) -> tuple[Side, Side]:
        """Return what is behind two sources.

        Raises:
            UserError: one of them is not there any more.
            SanaError: a question came to nothing.
        """
        if before == AGAIN:
            second = await self._side(asker, after, self._question)
            return await self._side(asker, before, second.query), second
        first = await self._side(asker, before, self._question)
        return first, await self._side(asker, after, first.query)

    async def _side(self, asker: Asker, key: str, other: NextQuery) -> Side:
        query = self._query(key, other)
        if query is not None:
            return await self._ask(asker, query)
        event = await self._event(key)
        if event is None:
            raise UserError(
                "There is nothing to compare with any more.", code="E-COMPARE-GONE", next_step="Choose another one."
            )
        return Side(replace(event.query, outcomes=()), event.recommendation.exercises)

    def _query(self, key: str, other: NextQuery) -> NextQuery | None:
        """Return what is to be asked now; None where nothing is."""
        if key == NOW:
            return self._question
        if key == AGAIN:
            return other
        if key.startswith(LEARNER):
            return replace(self._question, user_id=key.removeprefix(LEARNER))
        for each in self._kept:
            if each.key == key:
                return replace(each.setup.query(), user_id=self._question.user_id)
        return None

    async def _event(self, key: str) -> Asked | None:
        if key.startswith(ASKED) and self._record is not None:
            event = self._record.events[int(key.removeprefix(ASKED))]
            return event if isinstance(event, Asked) else None
        if key.startswith(SESSION):
            last = (await self._sessions.load(key.removeprefix(SESSION))).last_asked
            return last[1] if last is not None else None
        return None

    async def _ask(self, asker: Asker, query: NextQuery) -> Side:
        if not self._known.knows(self._site, query):
            self.checked.add(query)
        return Side(query, (await ask_known(asker, self._known, self._site, query)).exercises)
