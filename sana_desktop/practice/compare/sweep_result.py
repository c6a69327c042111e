"""What a sweep found: a grid of exercises by levels, and whether the levels differ by more than chance; pure."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import TypeAlias

from sana_desktop.api.practice_models import Exercise
from sana_desktop.base.words import Words
from sana_desktop.practice.compare.repeatability import Repeatability, RepeatVerdict, in_common, judge, least_of
from sana_desktop.practice.number_words import hundredths, percent

Answer: TypeAlias = tuple[Exercise, ...]

SHUFFLES = 999
SURE = 0.05
"""A difference that chance would make in fewer than one of 20 cases counts as one."""


class CellMark(StrEnum):
    """How an exercise stands at a level, beside the level before; beside the first where levels have no order."""

    ABSENT = "absent"
    ENTERS = "enters"
    STAYS = "stays"
    LEAVES = "leaves"
    """Not here, but it was at the level that this one stands beside."""


@dataclass(frozen=True, slots=True)
class SweepCell:
    """One exercise at one level.

    Attributes:
        times: in how many of the repeats it came.
        place: its mean place where it came, from 1; None where it did not.
    """

    times: int
    place: float | None
    mark: CellMark


@dataclass(frozen=True, slots=True)
class SweepRow:
    """One exercise over all levels."""

    exercise: Exercise
    cells: tuple[SweepCell, ...]


class SweepVerdict(StrEnum):
    """Whether the setting makes a difference."""

    DIFFERENCE = "difference"
    NO_DIFFERENCE = "no difference found"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True, slots=True)
class SweepResult:
    """The grid and the verdict.

    Attributes:
        levels: names of the columns.
        asked: how often each level was asked.
        rows: exercises in the order of the level at which they first came, then of their place.
        repeatability: whether asking one level again gave the same (B28): the least repeatable level counts; None if
            no level was asked twice.
        within, between: mean likeness of answers of one level, and of different levels, 0.0 to 1.0.
        complete: False if it was stopped before the end.
        trouble: why it could not go on; None if nothing kept it from that.
        ordered: whether each level stands beside the one before it; False beside the first. Empty is all ordered.
    """

    levels: tuple[Words, ...]
    asked: tuple[int, ...]
    rows: tuple[SweepRow, ...]
    verdict: SweepVerdict
    repeatability: Repeatability | None
    within: float
    between: float
    complete: bool = True
    trouble: Words | None = None
    ordered: tuple[bool, ...] = ()

    def tagged_level(self, level: int) -> float | None:
        """Return the mean tagged level of what came at a level, as often as it came; None where nothing is tagged."""
        told = [
            (row.exercise.difficulty_level, row.cells[level].times)
            for row in self.rows
            if row.exercise.difficulty_level is not None
        ]
        times = sum(each for _, each in told)
        return sum(tagged * each for tagged, each in told) / times if times else None

    def words(self) -> tuple[Words, ...]:
        """Return the result as sentences: the verdict, the noise, then what enters and leaves at each level."""
        said = [self._verdict()]
        if self.repeatability is not None:
            said += self._noise(self.repeatability)
        if not self.complete:
            said.append(Words("It was stopped before the end."))
        if self.trouble is not None:
            said.append(self.trouble)
        if self.verdict is SweepVerdict.DIFFERENCE:
            said += self._steps()
        return tuple(said)

    def _verdict(self) -> Words:
        values = {"within": percent(self.within), "between": percent(self.between)}
        match self.verdict:
            case SweepVerdict.DIFFERENCE:
                return Words(
                    "The setting makes a difference: answers to the same setting are {within} alike, to different"
                    " settings {between}.",
                    **values,
                )
            case SweepVerdict.NO_DIFFERENCE:
                return Words(
                    "No difference found: answers to different settings are as alike ({between}) as answers to the"
                    " same one ({within}).",
                    **values,
                )
            case SweepVerdict.CANNOT_TELL:
                return Words("Too few answers to tell a difference from chance.")

    def _noise(self, found: Repeatability) -> tuple[Words, ...]:
        if found.verdict is RepeatVerdict.REPEATABLE:
            # Not “the answer was the same”: what follows tells how the settings differ.
            return (Words("Each setting by itself got the same answer each time it was asked."),)
        return found.words()

    def _steps(self) -> list[Words]:
        said = []
        for index, name in enumerate(self.levels):
            hard = self.tagged_level(index)
            figure = "" if hard is None else hundredths(hard)
            if index == 0:
                if figure:
                    said.append(Words("{level}: level {tagged} as tagged, on average.", level=name, tagged=figure))
                continue
            beside = index < len(self.ordered) and not self.ordered[index]
            enters = sum(row.cells[index].mark is CellMark.ENTERS for row in self.rows)
            leaves = sum(row.cells[index].mark is CellMark.LEAVES for row in self.rows)
            stays = sum(row.cells[index].mark is CellMark.STAYS for row in self.rows)
            said.append(
                Words(
                    _STEPS[beside, bool(figure)],
                    level=name, enters=enters, leaves=leaves, stays=stays, first=self.levels[0], tagged=figure,
                )
            )  # fmt: skip
        return said


_STEPS = {
    (False, False): "{level}: {enters} enter, {leaves} leave, {stays} stay.",
    (False, True): "{level}: {enters} enter, {leaves} leave, {stays} stay; level {tagged} as tagged, on average.",
    (True, False): "{level}, beside {first}: {enters} more, {leaves} fewer, {stays} in both.",
    (True, True): (
        "{level}, beside {first}: {enters} more, {leaves} fewer, {stays} in both; level {tagged} as tagged, on average."
    ),
}


def result_of(
    levels: Sequence[Words],
    answers: Sequence[Sequence[Answer]],
    *,
    complete: bool = True,
    trouble: Words | None = None,
    ordered: Sequence[bool] = (),
) -> SweepResult:
    """Return the grid and the verdict.

    Args:
        ordered: see SweepResult.
        answers: for each level, what came each time it was asked.
    """
    ids = [[[exercise.id for exercise in answer] for answer in level] for level in answers]
    verdict, within, between = _judge(ids)
    repeated = [judge(level) for level in ids if len(level) > 1]
    return SweepResult(
        tuple(levels),
        tuple(len(level) for level in answers),
        _rows(answers, ordered),
        verdict,
        least_of(repeated),
        within,
        between,
        complete,
        trouble,
        tuple(ordered),
    )


def _rows(answers: Sequence[Sequence[Answer]], ordered: Sequence[bool]) -> tuple[SweepRow, ...]:
    first: dict[str, Exercise] = {}
    for level in answers:
        for answer in level:
            for exercise in answer:
                first.setdefault(exercise.id, exercise)
    return tuple(SweepRow(exercise, _cells(id_, answers, ordered)) for id_, exercise in first.items())


def _cells(id_: str, answers: Sequence[Sequence[Answer]], ordered: Sequence[bool]) -> tuple[SweepCell, ...]:
    cells: list[SweepCell] = []
    for at, level in enumerate(answers):
        places = [
            next(place for place, exercise in enumerate(answer, 1) if exercise.id == id_)
            for answer in level
            if any(exercise.id == id_ for exercise in answer)
        ]
        compared = -1 if at >= len(ordered) or ordered[at] else 0
        before = bool(cells) and cells[compared].times > 0
        if places:
            mark = CellMark.STAYS if before or not cells else CellMark.ENTERS
        else:
            mark = CellMark.LEAVES if before else CellMark.ABSENT
        cells.append(SweepCell(len(places), sum(places) / len(places) if places else None, mark))
    return tuple(cells)


def likeness(first: Sequence[str], second: Sequence[str]) -> float:
    """Return how alike two answers are, 0.0 to 1.0: half for common exercises, half for being at the same place."""
    longest = max(len(first), len(second))
    same_place = sum(one == other for one, other in zip(first, second, strict=False)) / longest if longest else 1.0
    return (in_common(first, second) + same_place) / 2


def _judge(ids: Sequence[Sequence[Sequence[str]]]) -> tuple[SweepVerdict, float, float]:
    """Return the verdict by a permutation test: how often would shuffled levels look as different as the real ones?

    Source: Anderson, M. J. (2001): A new method for non-parametric multivariate analysis of variance. Austral Ecology
    26; with the likeness of two answers in place of a distance.
    """
    flat = [(level, answer) for level, answers in enumerate(ids) for answer in answers]
    alike = [[1.0] * len(flat) for _ in flat]
    for i, j in combinations(range(len(flat)), 2):
        alike[i][j] = alike[j][i] = likeness(flat[i][1], flat[j][1])
    labels = [level for level, _ in flat]
    total = (sum(map(sum, alike)) - len(alike)) / 2
    within, between = _means(alike, labels, total)
    if len(set(labels)) < 2:
        return SweepVerdict.CANNOT_TELL, within, between
    if between >= 1.0:
        return SweepVerdict.NO_DIFFERENCE, within, between
    if len(flat) == len(set(labels)):
        return SweepVerdict.CANNOT_TELL, within, between
    if within >= 1.0:
        return SweepVerdict.DIFFERENCE, within, between  # it never varies by itself
    if _arrangements(ids) * SURE < 1.0:
        return SweepVerdict.CANNOT_TELL, within, between
    shuffled = list(labels)
    source = random.Random(0)  # noqa: S311 - the same data give the same verdict
    as_different = 1
    for _ in range(SHUFFLES):
        source.shuffle(shuffled)
        here, there = _means(alike, shuffled, total)
        as_different += here - there >= within - between - 1e-12
    sure = as_different / (SHUFFLES + 1) <= SURE
    return (SweepVerdict.DIFFERENCE if sure else SweepVerdict.NO_DIFFERENCE), within, between


def _means(alike: Sequence[Sequence[float]], labels: Sequence[int], total: float) -> tuple[float, float]:
    """Return the mean likeness within and between levels; 1.0 where there is no pair. `total` is that of all pairs."""
    places: dict[int, list[int]] = {}
    for index, label in enumerate(labels):
        places.setdefault(label, []).append(index)
    within = [alike[i][j] for members in places.values() for i, j in combinations(members, 2)]
    others = len(labels) * (len(labels) - 1) // 2 - len(within)
    inner = sum(within)
    return (inner / len(within) if within else 1.0), ((total - inner) / others if others else 1.0)


def _arrangements(ids: Sequence[Sequence[Sequence[str]]]) -> float:
    """Return in how many different ways the answers could be dealt to the levels: of few, none is rare."""
    sizes = [len(level) for level in ids if level]
    ways = math.factorial(sum(sizes)) / math.prod(math.factorial(size) for size in sizes)
    return ways / math.prod(math.factorial(times) for times in Counter(sizes).values())
