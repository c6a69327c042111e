"""What-if (B27): one setting over several levels, each asked several times so that noise is visible."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sana_desktop.api.practice_models import NextQuery
from sana_desktop.base.clock import Clock
from sana_desktop.base.errors import SanaError
from sana_desktop.base.events import Topic
from sana_desktop.base.words import Words
from sana_desktop.practice.asker import Asker
from sana_desktop.practice.compare.sweep_result import Answer, SweepResult, result_of
from sana_desktop.practice.exercises.places import SEPARATOR, parts_of
from sana_desktop.practice.outcomes.pace import SECONDS_A_CALL

CHALLENGES = (0.1, 0.3, 0.5, 0.7, 0.9)
REPEATS = 3
LONG_SECONDS = 90
"""From here on a time is said in minutes."""


@dataclass(frozen=True, slots=True)
class Level:
    """One setting that is tried.

    Attributes:
        name: for the column.
        ordered: whether it comes after the level before it in some order, as a challenge does; False is laid beside
            the first level instead, as one topic among others is.
    """

    name: Words
    query: NextQuery
    ordered: bool = True


@dataclass(frozen=True, slots=True)
class SweepPlan:
    """What a sweep will do, said before it is done.

    Attributes:
        seconds: a rough estimate of the time it takes.
    """

    levels: tuple[Level, ...]
    repeats: int
    seconds: float

    @property
    def calls(self) -> int:
        """Questions that will be asked; no outcome is sent."""
        return len(self.levels) * self.repeats

    def words(self) -> tuple[Words, ...]:
        """Return it as sentences."""
        values = {"levels": str(len(self.levels)), "repeats": str(self.repeats), "calls": str(self.calls)}
        if self.seconds < LONG_SECONDS:
            template = "{levels} settings, each asked {repeats} times: {calls} questions, about {time} s."
            said = [Words(template, time=max(1, round(self.seconds)), **values)]
        else:
            template = "{levels} settings, each asked {repeats} times: {calls} questions, about {time} min."
            said = [Words(template, time=round(self.seconds / 60), **values)]
        said.append(Words("No answers are sent, so the learner stays as they are."))
        if self.repeats < 2:
            said.append(Words("Asked only once each, chance can't be told from a real difference."))
        return tuple(said)


@dataclass(frozen=True, slots=True)
class SweepProgress:
    """How far a sweep is; `level` is the setting that was asked last."""

    done: int
    calls: int
    level: int


def challenge_levels(query: NextQuery, challenges: Iterable[float | None] = CHALLENGES) -> tuple[Level, ...]:
    """Return a level for each challenge; None lets Sana decide."""
    return tuple(
        Level(
            Words("Sana decides") if value is None else Words("Challenge {value}", value=f"{value:g}"),
            replace(query, challenge_level=value, outcomes=()),
        )
        for value in challenges
    )


def path_levels(query: NextQuery, paths: Iterable[str]) -> tuple[Level, ...]:
    """Return a level for each path alone, after one with none."""
    return (
        _constrained(Words("Any topic"), query, paths=()),
        *(
            _constrained(Words("{topic}", topic=SEPARATOR.join(parts_of(path)) or path), query, False, paths=(path,))
            for path in paths
        ),
    )


def tag_levels(query: NextQuery, tags: Iterable[str]) -> tuple[Level, ...]:
    """Return a level for each tag alone, after one with none."""
    return (
        _constrained(Words("Any tag"), query, tags=()),
        *(_constrained(Words("Tag {tag}", tag=tag), query, False, tags=(tag,)) for tag in tags),
    )


def review_levels(query: NextQuery) -> tuple[Level, ...]:
    """Return two levels: review off and on."""
    return (
        _constrained(Words("Anything"), query, is_review=False),
        _constrained(Words("Review only"), query, is_review=True),
    )


def count_levels(query: NextQuery, counts: Iterable[int]) -> tuple[Level, ...]:
    """Return a level for each number of exercises."""
    return tuple(
        Level(
            Words("{count} exercise" if count == 1 else "{count} exercises", count=count),
            replace(query, num_exercises=count, outcomes=()),
        )
        for count in counts
    )


def plan(levels: Sequence[Level], repeats: int = REPEATS, seconds_a_call: float = SECONDS_A_CALL) -> SweepPlan:
    """Return what a sweep over `levels` will do.

    Args:
        seconds_a_call: as measured; the pace of B8 is the caller's to know.

    Raises:
        ValueError: no levels, no repeats, or a question that carries outcomes.
    """
    if not levels or repeats < 1:
        raise ValueError("a sweep needs a level and a repeat")
    if any(level.query.outcomes for level in levels):
        raise ValueError("a question that carries outcomes changes the learner")
    return SweepPlan(tuple(levels), repeats, len(levels) * repeats * seconds_a_call)


class Sweep:
    """Runs a plan, one question after the other, all levels in turn: what drifts shows as noise, not as a level."""

    def __init__(self, asker: Asker, what: SweepPlan, clock: Clock) -> None:
        self.plan = what
        self.progressed: Topic[SweepProgress] = Topic("sweep")
        self._asker = asker
        self._clock = clock
        self._stopping = False
        self._done = 0
        self._question: asyncio.Timeout | None = None

    def stop(self) -> bool:
        """End now; what was answered so far is evaluated. The question under way, which may hang, is given up.

        Returns:
            False if nothing was answered yet: it goes on, and can be cancelled.
        """
        if not self._done:
            return False
        self._stopping = True
        if self._question is not None:
            self._question.reschedule(0.0)
        return True

    async def run(self) -> SweepResult:
        """Ask everything and return what came of it, up to a stop or to the first trouble.

        Raises:
            SanaError: the first question came to nothing.
        """
        answers: list[list[Answer]] = [[] for _ in self.plan.levels]
        self._done = 0
        self._stopping = False
        trouble: Words | None = None
        for _ in range(self.plan.repeats):
            for index, level in enumerate(self.plan.levels):
                if self._stopping:
                    break
                try:
                    async with asyncio.timeout(None) as self._question:
                        recommendation = await self._asker.next(level.query)
                except TimeoutError:
                    break  # stopped
                except SanaError as error:
                    if not self._done:
                        raise
                    trouble, self._stopping = Words(error.template, **error.values), True
                    break
                finally:
                    self._question = None
                answers[index].append(recommendation.exercises)
                self._done += 1
                self.progressed.publish(SweepProgress(self._done, self.plan.calls, index))
                await self._clock.sleep(0)
        complete = self._done == self.plan.calls
        levels = self.plan.levels
        names, ordered = tuple(level.name for level in levels), tuple(level.ordered for level in levels)
        # In a thread: comparing everything with everything takes longer than a window may stand still.
        return await asyncio.to_thread(result_of, names, answers, complete=complete, trouble=trouble, ordered=ordered)


def _constrained(name: Words, query: NextQuery, ordered: bool = True, **changes: object) -> Level:
    constraints = replace(query.constraints, **changes)  # type: ignore[arg-type]
    return Level(name, replace(query, constraints=constraints, outcomes=()), ordered)
