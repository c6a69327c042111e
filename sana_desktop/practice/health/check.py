"""A health check of a recommender: ten plain tests on fresh test learners (B32)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sana_desktop.base.clock import Clock
from sana_desktop.base.events import Topic
from sana_desktop.base.words import Words
from sana_desktop.practice.asker import Asker
from sana_desktop.practice.exercises.catalogue import Catalogue
from sana_desktop.practice.health import levels, rules
from sana_desktop.practice.health.bench import HealthBench, MakeLearner
from sana_desktop.practice.health.report import Finding, HealthLine, HealthPlan, HealthProgress, HealthReport
from sana_desktop.practice.outcomes.pace import REQUESTS_PER_SECOND

SEED = 1
FIRST_LOOK_CALLS, FIRST_LOOK_LEARNERS = 1, 1
"""Where no catalogue is at hand."""


@dataclass(frozen=True, slots=True)
class HealthTest:
    """One test.

    Attributes:
        name: stable.
        calls: requests that it takes at most.
        learners: fresh test learners that it takes.
    """

    name: str
    title: Words
    calls: int
    learners: int
    run: Callable[[HealthBench], Awaitable[Finding]]


TESTS = (
    HealthTest("count", Words("As many exercises come as were asked for"), 5, 1, rules.count_honoured),
    HealthTest("constraints", Words("Only exercises of the chosen topics and tags come"), 5, 1,
               rules.constraints_honoured),
    HealthTest("review", Words("A review shows only topics that were met before"), 4, 1, rules.review_shows_seen),
    HealthTest("all_wrong", Words("Wrong answers do not make it harder"), 9, 1, levels.all_wrong_is_not_harder),
    HealthTest("all_right", Words("Right answers do not make it easier"), 9, 1, levels.all_right_is_not_easier),
    HealthTest("challenge", Words("A higher challenge is harder"), 24, 1, levels.higher_challenge_is_harder),
    HealthTest("repeats", Words("No exercise comes twice in one set"), 5, 1, rules.no_repeats_in_a_set),
    HealthTest("stable", Words("Nothing changes while nothing is answered"), 7, 1, rules.stable_when_nothing_changed),
    HealthTest("adapts", Words("It adapts within ten answers"), 11, 2, levels.adapts_within_answers),
    HealthTest("empty", Words("It is empty only when nothing fits"), 8, 1, rules.empty_only_when_it_must_be),
)  # fmt: skip
"""In the order in which they are run and shown."""


class HealthCheck:
    """Runs the tests, one after the other, each on learners of its own.

    Args:
        make_learner: makes a fresh test learner and returns their id; answers go to nobody else.
        catalogue: what there is to recommend; None lets the check learn it from one answer.
        seed: of the simulated learner and the choice of paths and tags.
    """

    def __init__(
        self,
        asker: Asker,
        make_learner: MakeLearner,
        clock: Clock,
        catalogue: Catalogue | None = None,
        *,
        seed: int = SEED,
        tests: tuple[HealthTest, ...] = TESTS,
    ) -> None:
        self.progressed: Topic[HealthProgress] = Topic("health check")
        self._tests = tests
        self._looks_first = catalogue is None or not len(catalogue)
        self._bench = HealthBench(asker, make_learner, clock, catalogue or Catalogue(), seed)
        self._stopping = False
        self._lines: list[HealthLine] = []
        self._test: asyncio.Timeout | None = None

    def plan(self, seconds_a_call: float = 1.0 / REQUESTS_PER_SECOND) -> HealthPlan:
        """Return what will be done; `seconds_a_call` as measured, or as fast as the pace allows."""
        calls = sum(test.calls for test in self._tests) + FIRST_LOOK_CALLS * self._looks_first
        learners = sum(test.learners for test in self._tests) + FIRST_LOOK_LEARNERS * self._looks_first
        return HealthPlan(tuple(test.title for test in self._tests), calls, learners, calls * seconds_a_call)

    def stop(self) -> bool:
        """End after the test under way; asked for again, now, without that test, which may hang.

        Returns:
            False if it was asked for again and no test is done: it goes on, and can be cancelled.
        """
        again, self._stopping = self._stopping, True
        if again and not self._lines:
            return False
        if again and self._test is not None:
            self._test.reschedule(0.0)
        return True

    async def run(self) -> HealthReport:
        """Run all tests and return what came of them.

        Raises:
            SanaError: a question or an outcome came to nothing.
        """
        self._stopping = False
        lines = self._lines = []
        for test in self._tests:
            if self._stopping:
                break
            before = self._bench.calls
            self.progressed.publish(HealthProgress(len(lines), len(self._tests), before, None))
            try:
                async with asyncio.timeout(None) as self._test:
                    finding = await test.run(self._bench)
            except TimeoutError:
                break  # stopped
            finally:
                self._test = None
            line = HealthLine(test.name, test.title, finding, self._bench.calls - before)
            lines.append(line)
            self.progressed.publish(HealthProgress(len(lines), len(self._tests), self._bench.calls, line))
        return HealthReport(tuple(lines), complete=len(lines) == len(self._tests))
