"""A session, comparisons and reports as they come out of practice, for pictures and for tests of what shows them."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sana_desktop.api.practice_models import (
    Constraints,
    Exchange,
    Exercise,
    ExerciseOutcome,
    Outcome,
    Recommendation,
    Result,
)
from sana_desktop.base.words import Words
from sana_desktop.practice.compare.comparison import Comparison, compare
from sana_desktop.practice.compare.repeatability import Repeatability, RepeatVerdict
from sana_desktop.practice.compare.sweep import Level, challenge_levels
from sana_desktop.practice.compare.sweep_result import SweepResult, result_of
from sana_desktop.practice.compare.why import Blocking, WhyEmpty, WhyNot, WhyNotVerdict
from sana_desktop.practice.exercises.catalogue import Catalogue
from sana_desktop.practice.exercises.limits import Limit, Part, limits_of
from sana_desktop.practice.health.check import TESTS
from sana_desktop.practice.health.report import Finding, HealthLine, HealthReport, HealthVerdict
from sana_desktop.practice.meaning.meaning import Meaning
from sana_desktop.practice.meaning.shapes import MeaningSnapshot
from sana_desktop.practice.replay.compare import ThenAndNow, look_around
from sana_desktop.practice.sessions.session import Asked, Mode, Setup
from sana_desktop.practice.simulate.personas import NEWCOMER, SimulatedLearner

START = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
LEARNER = "sana-desktop-test-1a2b3c4d"
SET_UP = Setup(
    Mode.SINGLE, LEARNER, 5, Constraints(paths=("/IB/math/vectors", "/IB/math/algebra"), tags=("GDPR",)), 0.5
)
SUBJECTS, TOPICS = ("math", "physics", "history"), ("vectors", "algebra", "waves", "kings")
CHALLENGES = (0.2, 0.5, 0.8, None)
SURE = Repeatability(RepeatVerdict.REPEATABLE, 3, 1.0)
VARIES = Repeatability(RepeatVerdict.VARIES, 3, 0.62)


def exercises(count: int = 200) -> tuple[Exercise, ...]:
    """Return exercises in a few places, with tags and difficulties."""
    return tuple(
        Exercise(
            f"{TOPICS[i % 4]}-{i:03d}",
            f"/IB/{SUBJECTS[i % 3]}/{TOPICS[i % 4]}/{i % 5}/",
            (("exam", "GDPR", "2025", "basics", "review")[i % 5],),
            difficulty_level=(i % 40) / 10 - 2,
            max_score=1.0,
        )
        for i in range(count)
    )


def meaning(answers: int = 60, *, catalogue: bool = True) -> MeaningSnapshot:
    """Return what a session of so many answers means; the same for the same number."""
    known = Catalogue(exercises())
    found, source = Meaning(known if catalogue else None), random.Random(1)
    learner = SimulatedLearner(NEWCOMER, 3)
    for number in range(answers):
        exercise = source.choice(known.exercises)
        found.offered([exercise])
        outcome = learner.answer(exercise, START + timedelta(seconds=30 * number))
        found.answered(exercise, outcome, CHALLENGES[number * len(CHALLENGES) // answers])
    return found.snapshot()


def sweep(*, differs: bool = True) -> SweepResult:
    """Return what a sweep over five levels of challenge found."""
    levels: tuple[Level, ...] = challenge_levels(SET_UP.query(), (0.1, 0.3, 0.5, 0.7, 0.9))
    known, source = exercises(), random.Random(4)
    answers = [
        [tuple(source.sample(known[2 * at : 2 * at + 6], 4)) if differs else known[:4] for _ in range(3)]
        for at in range(len(levels))
    ]
    return result_of(tuple(level.name for level in levels), answers)


def difference(repeatability: Repeatability | None = SURE) -> Comparison:
    """Return a comparison with something new, gone, moved up, moved down and the same."""
    known = exercises()
    return compare(known[:5], [known[2], known[0], known[7], known[3]], repeatability)


def why_empty() -> WhyEmpty:
    """Return that either the tag or both paths are in the way."""
    query = SET_UP.query()
    tag, *paths = limits_of(query)[:3]
    return WhyEmpty(query, 0, (Blocking((tag,), 12), Blocking(tuple(paths), 50)), 6)


def why_not() -> WhyNot:
    """Return that tag and challenge together are in the way of one exercise."""
    tag, challenge = Limit(Part.TAGS, "GDPR"), Limit(Part.CHALLENGE, "0.5")
    return WhyNot(exercises()[2], WhyNotVerdict.BLOCKED, None, ((tag, challenge),), (tag,), 5)


def health_lines() -> tuple[HealthLine, ...]:
    """Return the ten tests with all three verdicts among them."""
    verdicts = (HealthVerdict.PASS, HealthVerdict.PASS, HealthVerdict.FAIL, HealthVerdict.CANNOT_TELL)
    evidence = (
        Words("Asked for {wanted}, got {came}.", wanted=5, came=5),
        Words("Mean difficulty 0.31 at first and 0.87 after 40 wrong answers."),
    )
    return tuple(
        HealthLine(test.name, test.title, Finding(verdicts[at % 4], evidence), 5) for at, test in enumerate(TESTS)
    )


def health(*, passed: bool = False) -> HealthReport:
    """Return a report with failures, or one where all is well."""
    lines = health_lines()
    if passed:
        lines = tuple(replace(line, finding=Finding(HealthVerdict.PASS, line.finding.evidence)) for line in lines)
    return HealthReport(lines)


def then_and_now(done: int = 350, total: int = 809) -> ThenAndNow:
    """Return what is recommended at a place of a report: some of what came next, some later, before, or never."""
    source = random.Random(done)
    known = exercises()
    did = [
        ExerciseOutcome(source.choice(known[:120]), Outcome(START + timedelta(minutes=number), Result.CORRECT))
        for number in range(total)
    ]
    following = [each.exercise for each in did[done : done + 5]]
    now = (following[1], known[150], following[0], source.choice(known[:120]), known[170])
    exchange = Exchange("/v1/next-exercises", START, "{}", 200, "", 0.02)
    then, places = look_around(did, done, len(now), {each.id for each in now})
    asked = Asked(START, SET_UP.query(), Recommendation(now, exchange))
    return ThenAndNow(done, total, then, asked, tuple(places[each.id] for each in now), SURE)
