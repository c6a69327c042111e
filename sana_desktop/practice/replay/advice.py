"""What is recommended where a replay stands: asked, a line of its session, and laid beside what the person did."""

from __future__ import annotations

import contextlib
from collections.abc import Container, Iterable, Iterator
from dataclasses import replace
from functools import partial

from sana_desktop.api.practice_models import ExerciseOutcome, NextQuery
from sana_desktop.base.errors import UserError
from sana_desktop.base.events import Topic
from sana_desktop.practice.compare.repeatability import Repeatability, RepeatabilityStore, ask_known
from sana_desktop.practice.outcomes.delivery import Delivery
from sana_desktop.practice.outcomes.delivery_asker import DeliveryAsker
from sana_desktop.practice.replay import file as replay_file
from sana_desktop.practice.replay.compare import StopsFound, ThenAndNow, look_around, reported, stops_of
from sana_desktop.practice.replay.record import ReplayLines, ReplayRecord
from sana_desktop.practice.replay.source import beside
from sana_desktop.practice.sessions.session import Asked, Setup
from sana_desktop.practice.sessions.sessions import SessionStore


class ReplayAdvice:
    """Asks for replays.

    Args:
        lines: told what is written into a session.
        known: what was found about answers repeating themselves (B28); told what is found here.
    """

    def __init__(
        self, delivery: Delivery, sessions: SessionStore, lines: Topic[ReplayLines], known: RepeatabilityStore
    ) -> None:
        self._delivery = delivery
        self._sessions = sessions
        self._lines = lines
        self._known = known

    async def ask(self, record: ReplayRecord, setup: Setup) -> Asked:
        """Ask for a replay's learner, and write it into the session; twice, the first time that it is this question.

        Args:
            setup: what to ask for; the learner is the replay's.

        Raises:
            SanaError: as `Delivery.next`.
        """
        query = replace(setup, user_id=record.user_id).query()
        asker = DeliveryAsker(self._delivery, record.connection_id)
        recommendation = await ask_known(asker, self._known, record.connection_id, query)
        asked = Asked(recommendation.exchange.at, query, recommendation)
        if record.session:
            # Without a session that somebody has deleted for good, it is an answer all the same.
            with contextlib.suppress(UserError):
                first = await self._sessions.append(record.session, asked)
                self._lines.publish(ReplayLines(record.session, first, (asked,)))
        return asked

    async def then_and_now(self, record: ReplayRecord, setup: Setup, known: Container[str] | None = None) -> ThenAndNow:
        """Ask, and lay it beside what the person did next. Raises as `ask`, and as `replay_file.outcomes`.

        Args:
            known: the ids of the content, as far as it is known.
        """
        # Of one that is finished, all of the file is in the session; where the file lies is forgotten.
        answers: Iterable[ExerciseOutcome] = ()
        if record.path is None:
            session = await self._sessions.load(record.session)
            answers = await beside(lambda: reported(session))
        asked = await self.ask(record, setup)
        if record.path is not None:
            answers = replay_file.outcomes(record.path, record.mapping, record.person)
        now = asked.recommendation.exercises
        count, names = max(setup.num_exercises or 1, len(now)), {exercise.id for exercise in now}
        watched = _Watched(answers, known)
        then, places = await beside(lambda: look_around(watched, record.done, count, names))
        found = self._repeatability(record.connection_id, [asked.query])
        where = tuple(places[exercise.id] for exercise in now)
        return ThenAndNow(record.done, record.total, then, asked, where, found, watched.strange)

    async def stops(self, connection_id: str, session_id: str, record: ReplayRecord | None = None) -> StopsFound:
        """Return all places of a replay where it was asked, by its session.

        Args:
            record: the replay, where it is not finished: what comes next in its file is looked at, too.

        Raises:
            UserError: E-SESSION-GONE.
            SanaError: the session can't be read, or as `replay_file.outcomes`.
        """
        if not session_id:
            return StopsFound(())
        session = await self._sessions.load(session_id)

        def look() -> StopsFound:
            answers: list[ExerciseOutcome] | None = None
            if record is not None and record.path is not None:
                answers = list(replay_file.outcomes(record.path, record.mapping, record.person))
            return stops_of(session, partial(self._repeatability, connection_id), answers)

        return await beside(look)

    def _repeatability(self, site: str, queries: Iterable[NextQuery]) -> Repeatability | None:
        return self._known.of(site, queries)


class _Watched:
    """Answers that are gone through, with whether none of their exercises is known."""

    def __init__(self, answers: Iterable[ExerciseOutcome], known: Container[str] | None) -> None:
        self._answers = answers
        self._known = known
        self.strange = known is not None

    def __iter__(self) -> Iterator[ExerciseOutcome]:
        for each in self._answers:
            if self.strange and self._known is not None and each.exercise.id in self._known:
                self.strange = False
            yield each
