"""What is recommended where a replay stands: asked for its learner, a line of its session, as sure as it is known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sana_desktop.api.practice_models import Exercise
from sana_desktop.base.events import Topic
from sana_desktop.practice.compare.repeatability import RepeatabilityStore, RepeatVerdict, judge
from sana_desktop.practice.replay.advice import ReplayAdvice
from sana_desktop.practice.replay.columns import Mapping
from sana_desktop.practice.replay.compare import Met
from sana_desktop.practice.replay.record import ReplayLines, ReplayRecord
from sana_desktop.practice.sessions.session import Answered, Mode, Setup
from sana_desktop.practice.sessions.sessions import SessionStore
from tests.support.outbox_bench import SITE, START, outbox_bench, some_outcomes

SETUP = Setup(Mode.BATCH, "somebody", 2)


async def test_B28_every_place_says_how_sure_its_answer_is_and_one_request_more_tells(tmp_path: Path) -> None:
    async with outbox_bench(tmp_path) as (bench, service, clock):
        sessions, known, lines = SessionStore(bench.ledger._database, clock), RepeatabilityStore(), list[ReplayLines]()
        topic: Topic[ReplayLines] = Topic("lines")
        topic.subscribe(lines.append)
        advice = ReplayAdvice(bench.delivery, sessions, topic, known)
        user = (await bench.learners.make(SITE)).user_id
        session = await sessions.begin(SITE, replace(SETUP, user_id=user))
        record = ReplayRecord("r", SITE, user, None, "", Mapping(), 0, 4, 4, START, START, session.id)
        answers = [Answered(START, each.exercise, each.outcome, None) for each in some_outcomes(4)]
        service.recommends = (Exercise("e00003", "/p"),)
        await sessions.append_many(session.id, answers[:2])
        asked = await advice.ask(record, SETUP)
        assert (asked.query.user_id, service.requests) == (user, [0, 0])
        await sessions.append_many(session.id, answers[2:])
        assert [(line.session, line.first, line.events) for line in lines] == [(session.id, 2, (asked,))]
        await advice.ask(replace(record, session="gone"), SETUP)
        assert (service.requests, len(lines)) == ([0, 0, 0], 1), "known by now, and an answer all the same"
        (stop,) = (await advice.stops(record.connection_id, record.session)).stops
        assert (stop.done, stop.met) == (2, (Met.NEXT,))
        assert stop.repeatability == judge([["e00003"]] * 2)
        # What holds the least counts, whoever found it.
        known.note(SITE, judge([["a"], ["b"]]), asked.query)
        found = await advice.stops(record.connection_id, record.session)
        assert found.repeatability is not None
        assert found.repeatability.verdict is RepeatVerdict.VARIES
        at_the_end = await advice.then_and_now(record, SETUP)
        assert (at_the_end.then, at_the_end.met, at_the_end.repeatability) == ((), (Met.BEFORE,), found.repeatability)
        assert (await advice.stops(record.connection_id, "")).stops == ()
