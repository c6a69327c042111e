"""The same question twice (B28): is the answer repeatable at all? Without that no difference means anything."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import combinations

from sana_desktop.api.practice_models import Exercise, NextQuery, Recommendation
from sana_desktop.base.words import Words
from sana_desktop.practice.asker import Asker
from sana_desktop.practice.number_words import percent

REPEATS = 3
"""How often the question is put where nobody says otherwise."""


class RepeatVerdict(StrEnum):
    """What came of asking the same again."""

    REPEATABLE = "repeatable"
    OTHER_ORDER = "same set, other order"
    VARIES = "varies"


@dataclass(frozen=True, slots=True)
class Repeatability:
    """Several answers to one question, with no outcome between them.

    Attributes:
        asked: how often.
        agreement: mean share of common exercises over all pairs of answers (Jaccard index), 0.0 to 1.0.
        elsewhere: whether it was found with another question on the same site than what it is said of.
        before: whether it was found before what it is said of, with the same question.
        earlier: when it was found, where that was before the app was started; which question it was is not known then.
    """

    verdict: RepeatVerdict
    asked: int
    agreement: float
    elsewhere: bool = False
    before: bool = False
    earlier: datetime | None = None

    def words(self) -> tuple[Words, ...]:
        """Return the verdict as a sentence, to be shown with every comparison."""
        match self.verdict:
            case RepeatVerdict.REPEATABLE:
                said = Words("Asked {count} times, the answer was the same each time.", count=self.asked)
            case RepeatVerdict.OTHER_ORDER:
                said = Words(
                    "Asked {count} times, the same exercises came in a different order: places mean little here.",
                    count=self.asked,
                )
            case RepeatVerdict.VARIES:
                said = Words(
                    "Asked {count} times, the answer varied ({share} in common on average):"
                    " a single difference means little here.",
                    count=self.asked, share=percent(self.agreement),
                )  # fmt: skip
        if self.earlier is not None:
            when = f"{self.earlier.astimezone():%d %b %H:%M}"
            return (Words("Checked on {when}.", when=when), said, Words("It may have been another question."))
        if self.elsewhere:
            return (Words("Only another question was checked so far."), said)
        return (said, Words("That was found before, with the same question.")) if self.before else (said,)


def least_of(found: Iterable[Repeatability]) -> Repeatability | None:
    """Return the one that holds the least: a comparison is no surer than that; None if there is none."""
    return max(found, key=lambda each: (tuple(RepeatVerdict).index(each.verdict), -each.agreement), default=None)


class RepeatabilityStore:
    """What was found about answers repeating themselves, site by site, so that it is said with every comparison.

    Args:
        earlier: what was found of each site before the app was started.
        keep: told what was found of a site, to keep it over a restart.
        place: returns what tells the place that a site is now from what it was: with another address or key, what was
            found holds no more.
    """

    def __init__(
        self,
        earlier: Mapping[str, Repeatability] | None = None,
        keep: Callable[[str, Repeatability], object] = lambda site, found: None,
        place: Callable[[str], str] = lambda site: site,
    ) -> None:
        self._exact: dict[tuple[str, NextQuery], Repeatability] = {}
        self._latest = {place(site): found for site, found in (earlier or {}).items()}
        self._keep = keep
        self._place = place

    def note(self, site: str, found: Repeatability, query: NextQuery | None = None) -> None:
        """Keep what was found; `query` None where it was found with several questions."""
        place = self._place(site)
        self._latest[place] = found
        if query is not None:
            self._exact[place, query] = found
        self._keep(site, found)

    def knows(self, site: str, query: NextQuery) -> bool:
        """Return whether this very question was asked again."""
        return (self._place(site), query) in self._exact

    def of(self, site: str, queries: Iterable[NextQuery] = ()) -> Repeatability | None:
        """Return what holds for these questions; else what was found last with any other one; None if nothing was."""
        place = self._place(site)
        exact = [self._exact[place, query] for query in queries if (place, query) in self._exact]
        if exact:
            return least_of(exact)
        latest = self._latest.get(place)
        return replace(latest, elsewhere=True) if latest is not None else None


def judge(answers: Sequence[Sequence[str]]) -> Repeatability:
    """Return the verdict over the ids of several answers.

    Raises:
        ValueError: fewer than two answers.
    """
    if len(answers) < 2:
        raise ValueError("one answer says nothing about repeating it")
    agreement = mean_agreement(answers)
    if all(tuple(answer) == tuple(answers[0]) for answer in answers):
        verdict = RepeatVerdict.REPEATABLE
    elif all(sorted(answer) == sorted(answers[0]) for answer in answers):
        verdict = RepeatVerdict.OTHER_ORDER
    else:
        verdict = RepeatVerdict.VARIES
    return Repeatability(verdict, len(answers), agreement)


def in_common(first: Sequence[str], second: Sequence[str]) -> float:
    """Return the Jaccard index of two answers; two empty ones are alike."""
    one, other = set(first), set(second)
    return len(one & other) / len(one | other) if one or other else 1.0


def mean_agreement(answers: Sequence[Sequence[str]]) -> float:
    """Return the mean Jaccard index over all pairs; 1.0 for a single answer."""
    pairs = [in_common(first, second) for first, second in combinations(answers, 2)]
    return sum(pairs) / len(pairs) if pairs else 1.0


async def ask_known(asker: Asker, known: RepeatabilityStore, site: str, query: NextQuery) -> Recommendation:
    """Ask for what is compared then; once more, unless it is known whether this question gets the same answer twice.

    Returns:
        The first answer.

    Raises:
        SanaError: no usable answer came.
    """
    first = await asker.next(query)
    if not known.knows(site, query):
        again = await asker.next(query)
        found = judge([[each.id for each in answer.exercises] for answer in (first, again)])
        known.note(site, found, query)
    return first


async def ask_again(
    asker: Asker,
    query: NextQuery,
    times: int = REPEATS,
    *,
    heard: Callable[[tuple[Exercise, ...]], object] = lambda exercises: None,
) -> Repeatability:
    """Ask the same `times` times and return the verdict.

    Args:
        heard: told each answer.

    Raises:
        ValueError: `query` carries outcomes, which would change the learner in between; or `times` is below 2.
        SanaError: no usable answer came.
    """
    if query.outcomes:
        raise ValueError("a question that carries outcomes is never the same twice")
    if times < 2:
        raise ValueError("one answer says nothing about repeating it")
    answers = []
    for _ in range(times):
        recommendation = await asker.next(query)
        heard(recommendation.exercises)
        answers.append([exercise.id for exercise in recommendation.exercises])
    return judge(answers)
