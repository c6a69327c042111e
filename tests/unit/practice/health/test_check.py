"""The health check: each flaw is caught by its test, a sound recommender passes, what can't be told is not told."""

from __future__ import annotations

import asyncio
import itertools
import random
import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import pytest

from sana_desktop.api.practice_models import Constraints, Exercise, ExerciseOutcome, NextQuery, Recommendation, Result
from sana_desktop.base.tasks import Supervisor
from sana_desktop.practice.exercises.catalogue import Catalogue
from sana_desktop.practice.exercises.places import fits, normal
from sana_desktop.practice.health import levels as health_levels
from sana_desktop.practice.health import rules as health_rules
from sana_desktop.practice.health.bench import HealthBench
from sana_desktop.practice.health.check import TESTS, HealthCheck, HealthTest
from sana_desktop.practice.health.report import Finding, HealthProgress, HealthReport, HealthVerdict
from sana_desktop.practice.health.rules import _related
from sana_desktop.practice.learner_models import logistic
from tests.support.clock import ManualClock
from tests.support.practice_askers import ScriptedAsker, exercise

PASS, FAIL, CANNOT_TELL = HealthVerdict.PASS, HealthVerdict.FAIL, HealthVerdict.CANNOT_TELL
REVIEW = tuple(test for test in TESTS if test.name == "review")
BANK = [
    exercise(f"s{s}-t{t}-{n:02}", f"/s{s}/t{t}/l{n % 2}/", f"tag{(s + t + n) % 5}", f"year{n % 3}", b=n / 5 - 3)
    for s in range(2)
    for t in range(3)
    for n in range(30)
]


@dataclass
class Sound:
    """A small, honest recommender: an ability a learner, and the exercises nearest to what is asked."""

    learners: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    met: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def learn(self, user: str, outcomes: Sequence[ExerciseOutcome]) -> None:
        for each in outcomes:
            b = exercise_b(each.exercise)
            success = float(each.outcome.result is Result.CORRECT)
            self.learners[user] += 0.4 * (success - logistic(self.learners[user] - b))
            self.met[user].add(normal(each.exercise.path))

    def __call__(self, query: NextQuery) -> Sequence[Exercise]:
        aim = self.learners[query.user_id] + 4 * ((query.challenge_level or 0.3) - 0.5)
        fitting = [each for each in BANK if fits(each, query.constraints)]
        if query.constraints.is_review:
            fitting = [each for each in fitting if normal(each.path) in self.met[query.user_id]]
        return sorted(fitting, key=lambda each: (abs(exercise_b(each) - aim), each.id))[: query.num_exercises or 1]


def exercise_b(each: Exercise) -> float:
    return float((each.metadata or "0").partition(":")[2].strip(" }") or 0)


Flawed = Callable[[NextQuery, Sequence[Exercise]], Sequence[Exercise]]


@dataclass
class Recommender(ScriptedAsker):
    """The sound one with something wrong about its answers."""

    sound: Sound = field(default_factory=Sound)

    async def post(self, user_id: str, outcomes: Sequence[ExerciseOutcome]) -> None:
        self.log.append((user_id, tuple(outcomes)))
        self.sound.learn(user_id, outcomes)


def recommender(flaw: Flawed = lambda _, sound: sound) -> Recommender:
    sound = Sound()
    return Recommender(lambda query: flaw(query, sound(query)), sound=sound)


def check_of(
    asker: ScriptedAsker, catalogue: Catalogue | None = None, tests: tuple[HealthTest, ...] = TESTS
) -> HealthCheck:
    names = (f"fresh-{number}" for number in itertools.count())

    async def make() -> str:
        return next(names)

    return HealthCheck(asker, make, ManualClock(), catalogue, tests=tests)


async def verdicts(asker: ScriptedAsker, catalogue: Catalogue | None = None) -> dict[str, HealthVerdict]:
    return {line.name: line.verdict for line in (await check_of(asker, catalogue).run()).lines}


def without_constraints(kind: str) -> Flawed:
    def flaw(query: NextQuery, sound: Sequence[Exercise]) -> Sequence[Exercise]:
        return BANK[: query.num_exercises] if getattr(query.constraints, kind) else sound

    return flaw


def shuffled(seed: int) -> Flawed:
    source = random.Random(seed)
    return lambda query, _: source.sample(BANK, query.num_exercises or 1)


FLAWS: dict[str, tuple[Flawed, set[str]]] = {
    "too many": (lambda _, sound: [*sound, BANK[-1]], {"count"}),
    "too few": (lambda _, sound: sound[:3], {"count"}),
    "ignores tags": (without_constraints("tags"), {"constraints", "empty"}),
    "ignores paths": (without_constraints("paths"), {"constraints"}),
    "reviews the unseen": (without_constraints("is_review"), {"review"}),
    "the same again": (lambda _, sound: [*sound[:-1], *sound[:1]] if len(sound) > 1 else sound, {"repeats"}),
    "constant": (lambda query, _: BANK[: query.num_exercises or 1], {"challenge", "adapts"}),
    "random": (shuffled(3), {"stable", "challenge"}),
    "empty when hard": (lambda query, sound: [] if (query.challenge_level or 0) > 0.85 else sound, {"empty"}),
}


async def test_a_sound_recommender_passes_everything() -> None:
    for catalogue in (None, Catalogue(BANK)):
        found = await verdicts(recommender(), catalogue)
        assert found == {test.name: PASS for test in TESTS}


@pytest.mark.parametrize("name", FLAWS)
async def test_each_flaw_is_caught(name: str) -> None:
    flaw, tests = FLAWS[name]
    found = await verdicts(recommender(flaw), Catalogue(BANK))
    assert tests <= {test for test, verdict in found.items() if verdict is FAIL}


async def test_the_wrong_way_round() -> None:
    class Contrary(Sound):
        def learn(self, user: str, outcomes: Sequence[ExerciseOutcome]) -> None:
            before = self.learners[user]
            super().learn(user, outcomes)
            self.learners[user] = 2 * before - self.learners[user]

    sound = Contrary()
    found = await verdicts(Recommender(sound, sound=sound), Catalogue(BANK))
    assert found["all_wrong"] is found["all_right"] is FAIL


async def test_challenge_turned_round_fails() -> None:
    sound = Sound()

    def turned(query: NextQuery) -> Sequence[Exercise]:
        level = query.challenge_level
        return sound(
            NextQuery(query.user_id, query.num_exercises, query.constraints, None if level is None else 1 - level)
        )

    asker = Recommender(turned, sound=sound)
    assert (await verdicts(asker, Catalogue(BANK)))["challenge"] is FAIL


async def test_without_difficulties_it_does_not_pretend() -> None:
    plain = [exercise(each.id, each.path, *each.tags) for each in BANK]
    asker = ScriptedAsker(
        lambda query: [each for each in plain if fits(each, query.constraints)][: query.num_exercises or 1]
    )
    found = await verdicts(asker)
    assert {name for name, verdict in found.items() if verdict is CANNOT_TELL} >= {
        "all_wrong",
        "all_right",
        "challenge",
    }


async def test_where_nothing_comes_nothing_is_told() -> None:
    found = await verdicts(ScriptedAsker(lambda _: []))
    assert set(found.values()) == {CANNOT_TELL}


async def test_what_is_said_before_is_kept() -> None:
    asker = recommender()
    check = check_of(asker)
    plan = check.plan(seconds_a_call=0.5)
    seen: list[HealthProgress] = []
    check.progressed.subscribe(seen.append)
    report = await check.run()
    learners = {entry.user_id if isinstance(entry, NextQuery) else entry[0] for entry in asker.log}
    assert len(asker.log) <= plan.calls
    assert len(learners) == plan.learners
    assert plan.seconds == plan.calls * 0.5
    assert f"{plan.calls} requests" in plan.words()[0]
    assert [progress.line.name for progress in seen if progress.line] == [test.name for test in TESTS]
    assert seen[-1].calls == len(asker.log)
    assert report.words() == ("10 passed, 0 failed, 0 can't tell.",)


async def test_stopped_and_written_down() -> None:
    check = check_of(recommender())

    def stop(progress: HealthProgress) -> None:
        if progress.done == 2:
            check.stop()

    check.progressed.subscribe(stop)
    report = await check.run()
    assert not report.complete
    assert report.words()[-1] == "It was stopped before the end."
    written = report.to_json()
    assert written["complete"] is False
    tests = written["tests"]
    assert isinstance(tests, list)
    assert [entry["name"] for entry in tests] == ["count", "constraints"]
    assert all(entry["evidence"] for entry in tests)


async def test_stopped_twice_while_a_test_hangs_it_says_what_it_has() -> None:
    hangs = asyncio.Event()

    async def hang(bench: HealthBench) -> Finding:
        await hangs.wait()
        raise AssertionError("it was given up")

    check = check_of(recommender(), tests=(TESTS[0], replace(TESTS[1], run=hang)))
    under_way = asyncio.Event()
    check.progressed.subscribe(lambda progress: under_way.set() if progress.done == 1 and not progress.line else None)
    running = Supervisor("test").start("check", check.run())
    assert running is not None
    await under_way.wait()
    await asyncio.sleep(0)
    assert check.stop()
    await asyncio.sleep(0)
    assert not running.done(), "a test is given the time that it takes"
    assert check.stop()
    report = await running
    assert ([line.name for line in report.lines], report.complete) == (["count"], False)


async def test_stopped_twice_before_any_test_is_done_there_is_nothing_to_keep() -> None:
    check = check_of(recommender())
    assert (check.stop(), check.stop()) == (True, False)


async def test_repeats_that_were_taken_out_before_are_noticed() -> None:
    asker = recommender()
    asker.repeats = 2
    found = await verdicts(asker, Catalogue(BANK))
    assert found["repeats"] is FAIL
    assert found["count"] is FAIL


def test_ten_tests_each_with_plain_words() -> None:
    assert len(TESTS) == len({test.name for test in TESTS}) == 10
    report = HealthReport(())
    assert [report.count(verdict) for verdict in HealthVerdict] == [0, 0, 0]


async def test_a_test_on_its_own_bench() -> None:
    async def make() -> str:
        return "u"

    asker = recommender(lambda _, sound: sound[:1])
    bench = HealthBench(asker, make, ManualClock(), Catalogue(BANK[:1]), seed=1)
    finding: Finding = await health_rules.count_honoured(bench)
    assert finding.verdict is CANNOT_TELL, "there may be no more than one"
    assert (await health_levels.all_right_is_not_easier(bench)).verdict is CANNOT_TELL
    assert isinstance(await asker.next(NextQuery("u")), Recommendation)


async def test_thousands_of_exercises_are_not_looked_through_on_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[int] = []
    looked_through = Catalogue.matching

    def matching(self: Catalogue, constraints: Constraints) -> tuple[Exercise, ...]:
        threads.append(threading.get_ident())
        return looked_through(self, constraints)

    monkeypatch.setattr(Catalogue, "matching", matching)
    asker = recommender()
    found = await verdicts(asker, Catalogue(BANK))
    assert found["constraints"] is found["empty"] is PASS
    assert threads
    assert threading.get_ident() not in threads
    # A tag is asked for together with a path only where both leave something over.
    both = {query.constraints for query in asker.queries if query.constraints.paths and query.constraints.tags}
    assert both
    assert all(any(fits(each, constraints) for each in BANK) for constraints in both)


async def test_a_review_from_a_topic_that_was_not_met_fails_though_it_came_late_and_in_number() -> None:
    """Nothing before the first answer, as it must be; then what was met, and one exercise from elsewhere among it."""
    sound = Sound()
    stranger = exercise("stranger", "/z/elsewhere/far", "quite-another")

    def with_a_stranger(query: NextQuery) -> Sequence[Exercise]:
        came = sound(query)
        return [*came[:-1], stranger] if query.constraints.is_review and sound.met[query.user_id] else came

    (line,) = (await check_of(Recommender(with_a_stranger, sound=sound), Catalogue(BANK), REVIEW).run()).lines
    assert line.verdict is FAIL
    assert "stranger at /z/elsewhere/far" in str(line.finding.evidence[0])
    (honest,) = (await check_of(recommender(), Catalogue(BANK), REVIEW).run()).lines
    assert honest.verdict is PASS
    title, said = str(honest.title), [str(each) for each in honest.finding.evidence]
    assert title == "A review shows only topics that were met before", "as much as it looks at, and no more"
    assert said[0].endswith("all from topics met.")
    assert said[1].startswith("Exercises that had been answered themselves: ")


@pytest.mark.parametrize(
    ("metadata", "level", "scale"),
    [
        ('{"irt_b": 0.5}', 3.0, "This is the measured difficulty."),
        (None, 3.0, "This is the level as tagged; no difficulty was measured."),
    ],
)
async def test_evidence_of_difficulty_says_which_one_it_is(metadata: str | None, level: float, scale: str) -> None:
    bank = [Exercise(f"e{at}", "/a", (), level, metadata=metadata) for at in range(20)]
    only = tuple(test for test in TESTS if test.name == "all_wrong")
    asker = ScriptedAsker(lambda query: bank[: query.num_exercises])
    (line,) = (await check_of(asker, Catalogue(bank), only).run()).lines
    assert str(line.finding.evidence[-1]) == scale


@pytest.mark.parametrize(
    ("one", "other", "related"),
    [
        ("/a/b/c", "/a/b/c/", True),
        ("/a/b/c", "/a/b/d", True),
        ("/a/b", "/a/c", False),
        ("/a/b/c", "/a/d/c", False),
        ("/a/b/c", "/a/b", False),
    ],
)
def test_what_a_topic_met_is(one: str, other: str, related: bool) -> None:
    assert _related(exercise("x", one), exercise("y", other)) is related
