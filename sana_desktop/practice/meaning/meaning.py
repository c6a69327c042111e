"""What a session means, kept up to date event by event: each costs the same, however long the session is."""

from __future__ import annotations

import heapq
import math
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass

from sana_desktop.api.practice_models import Constraints, Exercise, Outcome, Result
from sana_desktop.practice.exercises.catalogue import Catalogue
from sana_desktop.practice.exercises.places import group_of
from sana_desktop.practice.learner_models import has_measured_difficulty, known_difficulty
from sana_desktop.practice.meaning import shapes
from sana_desktop.practice.meaning.challenge import AskedAgainstGot, ChallengeBin
from sana_desktop.practice.meaning.coverage import Coverage, CoveragePart
from sana_desktop.practice.meaning.figures import AbilityEstimate, Curve, Moving, wilson
from sana_desktop.practice.meaning.shapes import MeaningSnapshot
from sana_desktop.practice.number_words import figure

WINDOW = 20
"""Answers over which success and difficulty are averaged: few enough to see a change, enough to see past luck."""
CHALLENGE_STEP = 0.05
PATH_LEVELS = 2
"""How deep coverage looks into the hierarchy; below that a picture has too many parts."""
MAX_PARTS = 40
"""Paths and tags that are listed, each; the rest is counted."""
MAX_NAMES = 2_000
"""Different paths and tags that are counted, each; what comes later is only summed up."""


@dataclass(slots=True)
class _Tally:
    offered: int = 0
    answers: int = 0
    right: int = 0
    unasked: int = 0


@dataclass(slots=True)
class _Challenge(_Tally):
    """One level of challenge: those asked for that lie so near each other that they are looked at together.

    Attributes:
        asked: their sum.
    """

    asked: float = 0.0


class Meaning:
    """Takes the events of one session and gives back pictures in words and points.

    Args:
        catalogue: what is known of the exercises; None where nothing is. Coverage is of it, until it is said of what.
        path_levels: how deep coverage looks into the hierarchy.
    """

    def __init__(self, catalogue: Catalogue | None = None, path_levels: int = PATH_LEVELS) -> None:
        self._catalogue = catalogue
        self._path_levels = path_levels
        self._given: Catalogue | None = None
        self._known: _Known | None = None
        self._outside = 0
        self._results: Counter[Result] = Counter()
        self._latest: deque[Result] = deque(maxlen=WINDOW)
        self._success, self._success_mean = Curve(), Moving(WINDOW)
        self._difficulty, self._difficulty_mean = Curve(), Moving(WINDOW)
        self._unknown_difficulty = 0
        self._with_difficulty = 0
        self._measured = False
        self._challenges: dict[int | None, _Challenge] = {}
        self._unasked = 0
        self._paths: dict[str, _Tally] = {}
        self._tags: dict[str, _Tally] = {}
        self._levels: dict[int, _Tally] = {}
        self._offered: set[str] = set()
        self._beyond: set[str] = set()
        self._answered: Counter[str] = Counter()
        self._again = 0
        self._most: tuple[str, int] | None = None
        self._run, self._run_right, self._longest = 0, True, {True: 0, False: 0}
        self._ability = AbilityEstimate()
        self._newest: deque[tuple[bool, float]] = deque(maxlen=WINDOW)
        self._constraints = Constraints()
        self._fitting: frozenset[str] | None = None
        self.count_within(catalogue)

    @property
    def counted(self) -> int:
        """Answers that count: all but the skipped ones."""
        return self._results.total() - self._results[Result.SKIPPED]

    def count_within(self, given: Catalogue | None) -> None:
        """Choose what coverage is of from now on; None where it is not known what could come up."""
        self._given = given if given is not None and len(given) else None
        self._known = self._fitting = None  # counted when they are asked for
        self._outside = sum(self._is_outside(each) for each in self._offered)

    def asked_for(self, constraints: Constraints) -> None:
        """Take which exercises may come from now on; coverage is of those, too."""
        if constraints != self._constraints:
            self._constraints, self._fitting = constraints, None

    def offered(self, exercises: Iterable[Exercise]) -> None:
        """Take what was recommended."""
        for exercise in exercises:
            if exercise.id not in self._offered:
                self._offered.add(exercise.id)
                self._outside += self._is_outside(exercise.id)
            for tally in self._tallies(exercise):
                tally.offered += 1

    def answered(
        self, exercise: Exercise, outcome: Outcome, challenge: float | None = None, *, recommended: bool = True
    ) -> None:
        """Take an answer to an exercise that came when `challenge` was asked for.

        Args:
            recommended: whether it came from Sana at all; one of a report says nothing of its challenge.
        """
        self._results[outcome.result] += 1
        self._latest.append(outcome.result)
        self._note_repeat(exercise)
        if outcome.result is Result.SKIPPED:
            return
        right = outcome.result is Result.CORRECT
        self._success.add(self.counted, self._success_mean.add(float(right)))
        tallies = list(self._tallies(exercise))
        if recommended:
            level = self._challenge(challenge)
            level.asked += challenge or 0.0
            tallies.append(level)
        else:
            self._unasked += 1
        for tally in tallies:
            tally.answers += 1
            tally.right += right
            tally.unasked += not recommended
        self._run = self._run + 1 if right is self._run_right else 1
        self._run_right = right
        self._longest[right] = max(self._longest[right], self._run)
        told = self._telling(exercise)
        difficulty = known_difficulty(told)
        if difficulty is None:
            self._unknown_difficulty += 1
            return
        self._with_difficulty += 1
        self._measured = self._measured or has_measured_difficulty(told)
        self._difficulty.add(self._with_difficulty, self._difficulty_mean.add(difficulty))
        self._ability.add(right, difficulty)
        self._newest.append((right, difficulty))

    def snapshot(self) -> MeaningSnapshot:
        """Return everything as it is now; its size and cost are bounded."""
        counted = self.counted
        mean, error = self._ability.ability() if self._ability.answers else (None, None)
        return MeaningSnapshot(
            success=shapes.SuccessOverTime(
                self._success.points(), WINDOW, counted, self._results[Result.CORRECT],
                self._results[Result.PARTIALLY_CORRECT], self._results[Result.SKIPPED], tuple(self._latest),
            ),
            difficulty=shapes.DifficultyOverTime(
                self._difficulty.points(), WINDOW, self._unknown_difficulty, self._measured
            ),
            challenge=AskedAgainstGot(tuple(
                _challenge_bin(level, each)
                for level, each in sorted(self._challenges.items(), key=lambda c: math.inf if c[0] is None else c[0])
            ), self._unasked),
            coverage=self._coverage(),
            streaks=shapes.Streaks(self._run, self._run_right, self._longest[True], self._longest[False],
                                   self._results[Result.SKIPPED] > 0),
            repeats=shapes.Repeats(self._results.total(), self._again, self._most),
            ability=shapes.Ability(mean, error, self._ability.answers, self._ability_now(), WINDOW),
            results=tuple((result, self._results[result]) for result in Result),
        )  # fmt: skip

    def _ability_now(self) -> tuple[float, float] | None:
        """Return what the newest answers say alone, once there are more than those."""
        if self._ability.answers <= WINDOW:
            return None
        newest = AbilityEstimate()
        for right, difficulty in self._newest:
            newest.add(right, difficulty)
        return newest.ability()

    def _note_repeat(self, exercise: Exercise) -> None:
        times = self._answered[exercise.id] + 1
        self._answered[exercise.id] = times
        self._again += times > 1
        if self._most is None or times > self._most[1]:
            self._most = (exercise.id, times)

    def _challenge(self, challenge: float | None) -> _Challenge:
        key = None if challenge is None else round(challenge / CHALLENGE_STEP)
        return self._challenges.setdefault(key, _Challenge())

    def _tallies(self, exercise: Exercise) -> tuple[_Tally, ...]:
        found = [self._named(self._paths, group_of(exercise.path, self._path_levels))]
        found += [self._named(self._tags, tag) for tag in dict.fromkeys(exercise.tags)]
        difficulty = known_difficulty(self._telling(exercise))
        if difficulty is not None:
            found.append(self._levels.setdefault(_level(difficulty), _Tally()))
        return tuple(found)

    def _telling(self, exercise: Exercise) -> Exercise:
        """Return it as the catalogue has it, where only that says how difficult it is: a report seldom does."""
        if self._catalogue is None or known_difficulty(exercise) is not None:
            return exercise
        return self._catalogue.get(exercise.id) or exercise

    def _is_outside(self, exercise_id: str) -> bool:
        return self._given is not None and exercise_id not in self._given

    def _named(self, tallies: dict[str, _Tally], name: str) -> _Tally:
        if name not in tallies and len(tallies) >= MAX_NAMES:
            self._beyond.add(name) if len(self._beyond) < MAX_NAMES else None
            return _Tally()
        return tallies.setdefault(name, _Tally())

    def _coverage(self) -> Coverage:
        if self._known is None and self._given is not None:
            self._known = _Known(self._given, self._path_levels)
        known = self._known
        paths = _listed(self._paths, known.paths if known else None)
        tags = _listed(self._tags, known.tags if known else None)
        levels = tuple(
            _part(_level_name(level), tally, None if known is None else known.levels[level])
            for level, tally in sorted(self._levels.items())
        )
        left_out = len(self._paths) - len(paths) + len(self._tags) - len(tags) + len(self._beyond)
        total = known.total if known else None
        fitting = self._fits()
        fit, came = (None, 0) if fitting is None else (len(fitting), len(fitting & self._offered))
        return Coverage(paths, tags, levels, len(self._offered), total, left_out, self._outside, fit, came)

    def _fits(self) -> frozenset[str] | None:
        """Return the known exercises that fit what was asked for last; None where that leaves out none."""
        if self._given is None or not (self._constraints.paths or self._constraints.tags):
            return None
        if self._fitting is None:
            self._fitting = frozenset(each.id for each in self._given.matching(self._constraints))
        return self._fitting


class _Known:
    """How much of everything the catalogue has."""

    def __init__(self, catalogue: Catalogue, path_levels: int) -> None:
        self.total = len(catalogue)
        self.paths: Counter[str] = Counter()
        for path, count in catalogue.paths.items():
            self.paths[group_of(path, path_levels)] += count
        self.tags = Counter({tag.name: tag.count for tag in catalogue.tags})
        self.levels = catalogue.levels


def _listed(tallies: dict[str, _Tally], known: Counter[str] | None) -> tuple[CoveragePart, ...]:
    most = heapq.nsmallest(
        MAX_PARTS,
        tallies.items(),
        key=lambda named: (-(named[1].offered + named[1].unasked), -named[1].answers, named[0]),
    )
    return tuple(_part(name, tally, None if known is None else known[name]) for name, tally in most)


def _part(name: str, tally: _Tally, known: int | None) -> CoveragePart:
    return CoveragePart(
        name, known, tally.offered, tally.answers, tally.right, wilson(tally.right, tally.answers), tally.unasked
    )


def _challenge_bin(level: int | None, tally: _Challenge) -> ChallengeBin:
    failures = tally.answers - tally.right
    asked = None if level is None else round(tally.asked / tally.answers, 9)
    return ChallengeBin(asked, tally.answers, failures, wilson(failures, tally.answers))


def _level(difficulty: float) -> int:
    return math.floor(difficulty)


def _level_name(level: int) -> str:
    return f"{figure(level)} … {figure(level + 1)}"
