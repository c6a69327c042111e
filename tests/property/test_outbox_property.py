"""Whatever is put, flushed, cut, refused or killed between: nothing lost, nothing twice, in order (O03 to O05, O07)."""

from __future__ import annotations

import asyncio
import math
from collections import Counter

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from sana_desktop.api.practice_models import NextQuery
from sana_desktop.base.errors import SanaError
from sana_desktop.practice.outcomes.delivery_policy import DeliveryPolicy
from sana_desktop.practice.outcomes.outbox import OutboxState
from tests.support.outbox_bench import (
    SITE,
    CountingService,
    Fault,
    MemoryDatabase,
    SwiftClock,
    an_outcome,
    busy,
    lost,
    make_bench,
    no_key,
    not_sent,
)

LEARNERS = st.sampled_from([0, 1])
FAULTS = st.lists(
    st.sampled_from(["none", "not sent", "busy", "busy for long", "no key", "lost before", "lost after"]), max_size=4
)
POLICY = DeliveryPolicy(rest_seconds=math.inf)


class Outbox(RuleBasedStateMachine):
    """Delivery and a service; the model is what was put, and what a person ordered to be sent again."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.database = MemoryDatabase()
        self.clock = SwiftClock()
        self.service = CountingService(self.clock)
        self.put: dict[str, list[str]] = {}
        self.again: Counter[str] = Counter()
        self.dropped: set[str] = set()
        self.count = 0
        self.starts = 0

    @initialize()
    def begin(self) -> None:
        self.start()
        made = [self.runner.run(self.bench.learners.make(SITE)) for _ in range(2)]
        self.ids = [learner.user_id for learner in made]

    def start(self) -> None:
        self.starts += 1
        owner = f"process {self.starts}"
        self.bench = self.runner.run(make_bench(self.database, self.service, self.clock, owner=owner, policy=POLICY))

    @rule(learner=LEARNERS, kinds=st.lists(st.sampled_from(["good", "good", "large", "bad"]), min_size=1, max_size=12))
    def put_some(self, learner: int, kinds: list[str]) -> None:
        outcomes = []
        for kind in kinds:
            self.count += 1
            name = f"{'bad' if kind == 'bad' else 'e'}{self.count:04d}"
            outcomes.append(an_outcome(name, metadata="x" * 5_000 if kind == "large" else None))
        user = self.ids[learner]
        self.runner.run(self.bench.delivery.put(SITE, user, outcomes))
        self.put.setdefault(user, []).extend(outcome.exercise.id for outcome in outcomes)

    @rule(learner=LEARNERS, faults=FAULTS)
    def flush(self, learner: int, faults: list[str]) -> None:
        self.meet(faults)
        flushed = self.runner.run(self.bench.delivery.flush(SITE, self.ids[learner]))
        assert (flushed.error is None) == flushed.all_answered

    @rule(learner=LEARNERS, faults=FAULTS, combined=st.booleans())
    def ask(self, learner: int, faults: list[str], combined: bool) -> None:
        self.meet(faults)
        try:
            self.runner.run(self.bench.delivery.next(SITE, NextQuery(self.ids[learner]), combined=combined))
        except SanaError:
            return
        # It was asked: so nothing of this learner waits any more.
        assert not self.runner.run(self.bench.ledger.waiting((SITE, self.ids[learner]), 10))

    @rule(learner=LEARNERS, at=st.integers(0, 3), taken=st.booleans())
    def kill(self, learner: int, at: int, taken: bool) -> None:
        """The process dies while request number `at` is under way; the next one finds what was on disk then."""
        images: list[bytes] = []
        took: dict[str, list[str]] = {}

        def on_wire() -> None:
            images.append(self.database.image())
            took.update({user: list(ids) for user, ids in self.service.taken.items()})

        self.service.faults = [*(Fault() for _ in range(at)), Fault(None if taken else lost, taken, on_wire)]
        self.runner.run(self.bench.delivery.flush(SITE, self.ids[learner]))
        self.service.faults = []
        if not images:
            return
        # What the first life did after the kill has never happened.
        self.service.taken = took
        self.runner.run(self.bench.close())
        self.database = MemoryDatabase(images[0])
        self.start()
        self.service.always = not_sent
        restored = self.runner.run(self.bench.delivery.restore())
        for user in self.put:  # what goes on by itself in the background is over after this
            self.runner.run(self.bench.delivery.flush(SITE, user))
        self.service.always = None
        assert restored.unknown >= 1
        assert self.bench.failures == []

    @rule(data=st.data(), drop=st.booleans())
    def decide_about_one(self, data: st.DataObject, drop: bool) -> None:
        entries = self.runner.run(self.bench.delivery.entries())
        stuck = [entry for entry in entries if entry.state in {OutboxState.UNKNOWN, OutboxState.PARKED}]
        if not stuck:
            return
        entry = data.draw(st.sampled_from(stuck))
        if drop:
            assert self.runner.run(self.bench.delivery.drop(entry.number)) is not None
            self.dropped.add(entry.outcome.exercise.id)
        else:
            self.again[entry.outcome.exercise.id] += 1
            self.runner.run(self.bench.delivery.send_again(entry.number))
            self.runner.run(self.bench.delivery.flush(*entry.lane))

    @invariant()
    def nothing_twice_and_in_order(self) -> None:
        for taken in self.service.taken.values():
            counts = Counter(taken)
            assert all(count <= 1 + self.again[name] for name, count in counts.items()), counts
            by_itself = [name for name in taken if not self.again[name]]
            assert by_itself == sorted(by_itself)

    @invariant()
    def nothing_lost(self) -> None:
        entries = self.runner.run(self.bench.delivery.entries(open_only=False, limit=10_000))
        by_learner: dict[str, list[str]] = {}
        for entry in entries:
            by_learner.setdefault(entry.user_id, []).append(entry.outcome.exercise.id)
            arrived = entry.outcome.exercise.id in self.service.taken.get(entry.user_id, [])
            assert entry.state is not OutboxState.SENDING
            if entry.state is OutboxState.ACCEPTED:
                assert arrived
            elif entry.state is not OutboxState.UNKNOWN and not self.again[entry.outcome.exercise.id]:
                assert not arrived
        for user, names in self.put.items():
            assert by_learner.get(user, []) == [name for name in names if name not in self.dropped]

    def meet(self, names: list[str]) -> None:
        kinds = {
            "none": Fault(),
            "not sent": Fault(not_sent),
            "busy": Fault(lambda: busy(2.0)),
            "busy for long": Fault(lambda: busy(900.0)),
            "no key": Fault(no_key),
            "lost before": Fault(lost),
            "lost after": Fault(lost, taken=True),
        }
        self.service.faults = [kinds[name] for name in names]

    def teardown(self) -> None:
        # Once all goes well, every outcome comes to an end.
        self.service.faults = []
        self.clock.passed += 2_000.0
        for user in self.put:
            flushed = self.runner.run(self.bench.delivery.flush(SITE, user))
            assert flushed.all_answered
            assert flushed.error is None
        self.nothing_lost()
        self.nothing_twice_and_in_order()
        counts = self.runner.run(self.bench.delivery.counts())
        assert (counts.waiting, counts.sending) == (0, 0)
        self.runner.run(self.bench.close())
        self.runner.close()


TestOutbox = Outbox.TestCase
TestOutbox.settings = settings(max_examples=40, stateful_step_count=15, deadline=None)
