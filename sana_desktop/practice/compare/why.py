"""Why is it empty, and why not this one (B33): constraints are dropped until it fits, as few as can be."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from enum import Enum
from itertools import combinations
from math import comb

from sana_desktop.api.practice_models import Constraints, Exercise, NextQuery
from sana_desktop.base.words import Words
from sana_desktop.practice.asker import Asker
from sana_desktop.practice.exercises.limits import (
    Limit,
    Part,
    by_part,
    contradicted,
    limits_of,
    named_in_a_row,
    said_of,
    without,
)

LOOK_AT = 50
"""Exercises that are asked for when it is counted what would be there: a request's worth, not the whole catalogue."""
MAX_ONE_BY_ONE = 10
"""Tags, or paths, that are tried one by one; of more than that all are dropped together: questions cost time."""

_WITHOUT = {
    "review": "Without “review only” there would be {count}.",
    "paths": "Without the topics {what} there would be {count}.",
    "one of paths": "Without the topic {what} there would be {count}.",
    "tags": "Without the tags {what} there would be {count}.",
    "one of tags": "Without the tag {what} there would be {count}.",
    "challenge": "Without the challenge {what} there would be {count}.",
}
_WITHOUT_MORE = {
    "review": "Without “review only” there would be {count} or more.",
    "paths": "Without the topics {what} there would be {count} or more.",
    "one of paths": "Without the topic {what} there would be {count} or more.",
    "tags": "Without the tags {what} there would be {count} or more.",
    "one of tags": "Without the tag {what} there would be {count} or more.",
    "challenge": "Without the challenge {what} there would be {count} or more.",
}
_WITHOUT_ALL = "Only without all of these there would be {count}:"
_COMES = {
    "review": "{id} comes without “review only”.",
    "paths": "{id} comes without the topics {what}.",
    "one of paths": "{id} comes without the topic {what}.",
    "tags": "{id} comes without the tags {what}.",
    "one of tags": "{id} comes without the tag {what}.",
    "challenge": "{id} comes without the challenge {what}.",
}
_AGAINST = {
    "paths": "It is in none of the topics {what}.",
    "one of paths": "It is not in the topic {what}.",
    "tags": "It has none of the tags {what}.",
    "one of tags": "It does not have the tag {what}.",
}


@dataclass(frozen=True, slots=True)
class WhyPlan:
    """What finding out takes at most, said before it is done.

    Attributes:
        kinds: kinds of constraint that are asked for; each is dropped as a whole first.
        singles: tags and paths that may then be tried one by one.
        calls: questions at most; no outcome is sent.
        seconds: a rough estimate of the time they take.
    """

    kinds: int
    singles: int
    calls: int
    seconds: float

    def words(self) -> tuple[Words, ...]:
        """Return it as sentences."""
        said = Words("At most {calls} questions, about {time} s.", calls=self.calls, time=max(1, round(self.seconds)))
        if self.singles:
            how = Words("Each kind of constraint is dropped first, then what is in the way tag by tag, topic by topic.")
        elif self.kinds:
            how = Words("Each constraint is dropped by itself, then two of them, until something fits.")
        else:
            how = Words("Nothing is asked for that could be dropped.")
        return (said, how, Words("No answers are sent, so the learner stays as they are."))


@dataclass(frozen=True, slots=True)
class Blocking:
    """A smallest set of constraints without which something fits: not one of them can stay.

    Attributes:
        found: exercises that came without them; `LOOK_AT` means that many or more.
    """

    limits: tuple[Limit, ...]
    found: int

    def words(self) -> tuple[Words, ...]:
        """Return it as "Without the tag GDPR there would be 12."."""
        more = self.found >= LOOK_AT
        if len(by_part(self.limits)) == 1:
            sentences = _WITHOUT_MORE if more else _WITHOUT
            return (said_of(sentences, self.limits, count=self.found), *_how_many(self.limits))
        head = "Only without all of these there would be {count} or more:" if more else _WITHOUT_ALL
        return (Words(head, count=self.found), *named_in_a_row(self.limits))


@dataclass(frozen=True, slots=True)
class WhyEmpty:
    """Why nothing fits a question.

    Attributes:
        found: what came when it was asked as it is; above 0 it is not empty at all.
        blocking: the smallest sets of constraints that block; empty if dropping everything does not help.
        calls: questions that were asked.
    """

    query: NextQuery
    found: int
    blocking: tuple[Blocking, ...]
    calls: int

    def words(self) -> tuple[Words, ...]:
        """Return it as sentences."""
        if self.found:
            template = (
                "It is not empty: {count} exercises came, as many as are asked for to find out; there may be more."
                if self.found >= LOOK_AT
                else "It is not empty: {count} came. To find out, {asked} are asked for."
            )
            return (Words(template, count=self.found, asked=LOOK_AT),)
        if not limits_of(self.query):
            return (Words("Nothing fits, and nothing was asked that could be dropped."),)
        if not self.blocking:
            return (Words("Nothing fits, not even without any constraint."),)
        return (Words("Nothing fits."), *(line for each in self.blocking for line in each.words()))


class WhyNotVerdict(Enum):
    """Why one exercise is not among the recommended."""

    IT_IS = "it is"
    BLOCKED = "blocked"
    OUTRANKED = "outranked"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why this exercise is not among the recommended.

    Attributes:
        place: its place, from 1, where it came; None where it did not.
        blocking: the smallest sets of constraints without which it comes.
        against: constraints that path and tags of the exercise contradict, whatever the site says.
        calls: questions that were asked.
    """

    exercise: Exercise
    verdict: WhyNotVerdict
    place: int | None
    blocking: tuple[tuple[Limit, ...], ...]
    against: tuple[Limit, ...]
    calls: int

    def words(self) -> tuple[Words, ...]:
        """Return it as sentences."""
        id_ = self.exercise.id
        against = tuple(said_of(_AGAINST, same) for same in by_part(self.against).values())
        match self.verdict:
            case WhyNotVerdict.IT_IS:
                return (Words("{id} is recommended, at place {place}.", place=self.place, id=id_),)
            case WhyNotVerdict.BLOCKED:
                return (*against, *(line for limits in self.blocking for line in self._comes(limits)))
            case WhyNotVerdict.OUTRANKED:
                if against:
                    # That it fits would be untrue: what was asked for leaves it out.
                    first = Words(
                        "Also without any constraint it is not among the first {count} that come.", count=LOOK_AT
                    )
                    return (*against, first, Words("{id} comes when its own topic is asked for.", id=id_))
                template = "{id} comes when its own topic is asked for: it fits, and others come first."
                return (Words(template, id=id_),)
            case WhyNotVerdict.UNKNOWN:
                return (*against, Words("{id} does not come even when its own topic is asked for.", id=id_))

    def _comes(self, limits: tuple[Limit, ...]) -> tuple[Words, ...]:
        if len(by_part(limits)) == 1:
            return (said_of(_COMES, limits, id=self.exercise.id), *_how_many(limits))
        return (Words("{id} comes only without all of these:", id=self.exercise.id), *named_in_a_row(limits))


def plan(query: NextQuery, seconds_a_call: float) -> WhyPlan:
    """Return what `why_empty` and `why_not` take at most.

    Args:
        seconds_a_call: as measured; the pace of B8 is the caller's to know.
    """
    lists = by_part(limits_of(query))
    kinds = len(lists)
    counts = [len(same) for part, same in lists.items() if part in _one_by_one(query)]
    asked, most = 1, 2
    for size in range(1, kinds + 1):
        asked += comb(kinds, size)
        if size == 1:  # without each by itself, then with each put back; of two that is the same
            narrowing = sum(count if count == 2 else 2 * count for count in counts)
        else:  # each list is part of so many sets, and each of its members is put back in each
            narrowing = comb(kinds - 1, size - 1) * sum(counts)
        most = max(most, asked + narrowing, asked + 1)  # one more where an exercise is asked for by its own path
    return WhyPlan(kinds, sum(counts), most, most * seconds_a_call)


async def why_empty(asker: Asker, query: NextQuery) -> WhyEmpty:
    """Find the fewest constraints without which something fits: not one of them can stay.

    Raises:
        ValueError: `query` carries outcomes.
        SanaError: a question came to nothing.
    """
    search = _Search(asker, query, bool)
    found = len(await search.ask())
    blocking = () if found else await search.smallest()
    sets = [Blocking(limits, len(await search.ask(limits))) for limits in blocking]
    return WhyEmpty(query, found, tuple(sets), search.calls)


async def why_not(asker: Asker, query: NextQuery, exercise: Exercise) -> WhyNot:
    """Find the fewest constraints without which `exercise` comes among the first LOOK_AT.

    Raises:
        ValueError: `query` carries outcomes.
        SanaError: a question came to nothing.
    """
    search = _Search(asker, query, lambda exercises: _place(exercise, exercises) is not None)
    against = contradicted(exercise, query)
    place = _place(exercise, await search.ask())
    if place is not None:
        return WhyNot(exercise, WhyNotVerdict.IT_IS, place, (), against, search.calls)
    blocking = await search.smallest(against)
    if blocking:
        return WhyNot(exercise, WhyNotVerdict.BLOCKED, None, blocking, against, search.calls)
    bare = without(query, limits_of(query))
    alone = replace(bare, constraints=Constraints(paths=(exercise.path,)), num_exercises=LOOK_AT)
    came = _place(exercise, (await asker.next(alone)).exercises)
    verdict = WhyNotVerdict.UNKNOWN if came is None else WhyNotVerdict.OUTRANKED
    return WhyNot(exercise, verdict, None, (), against, search.calls + 1)


class _Search:
    """Looks for the smallest sets of constraints whose absence helps.

    Whole kinds go first, for tags are alternatives to each other, and so are paths: where a site keeps to that, to
    drop one of several leaves less, and all of them are in the way together. That is not taken on trust: what helped
    as a whole is then tried one by one.

    Args:
        helped: whether what came is what was wanted.
    """

    def __init__(self, asker: Asker, query: NextQuery, helped: Callable[[tuple[Exercise, ...]], bool]) -> None:
        if query.outcomes:
            raise ValueError("a question that carries outcomes changes the learner")
        self.calls = 0
        self._asker = asker
        self._query = replace(query, num_exercises=LOOK_AT)
        self._helped = helped
        self._kinds = by_part(limits_of(query))
        self._seen: dict[frozenset[Limit], tuple[Exercise, ...]] = {}

    async def ask(self, dropped: Collection[Limit] = ()) -> tuple[Exercise, ...]:
        """Return what comes without these; asked once."""
        key = frozenset(dropped)
        if key not in self._seen:
            self.calls += 1
            self._seen[key] = (await self._asker.next(without(self._query, key))).exercises
        return self._seen[key]

    async def smallest(self, must: Collection[Limit] = ()) -> tuple[tuple[Limit, ...], ...]:
        """Return the smallest sets, of as few kinds as can be; `must` can't be kept, whatever else goes."""
        needed = set(by_part(must))
        for size in range(1, len(self._kinds) + 1):
            found: list[tuple[Limit, ...]] = []
            for parts in combinations(self._kinds, size):
                if needed <= set(parts):
                    found += await self._of_kinds(parts, needed)
            if found:
                return tuple(sorted(found, key=len))
        return ()

    async def _of_kinds(self, parts: tuple[Part, ...], needed: Collection[Part]) -> list[tuple[Limit, ...]]:
        """Return the smallest sets inside these kinds; none if dropping them all does not help."""
        dropped = tuple(limit for part in parts for limit in self._kinds[part])
        if not await self._helps(dropped):
            return []
        single = _one_by_one(self._query) - set(needed)
        doubtful = [limit for limit in dropped if limit.part in single]
        if len(parts) == 1:
            alone: list[tuple[Limit, ...]] = [(limit,) for limit in doubtful if await self._helps((limit,))]
            if alone:
                return alone
        for limit in doubtful:
            fewer = tuple(each for each in dropped if each != limit)
            if await self._helps(fewer):
                dropped = fewer
        return [dropped]

    async def _helps(self, dropped: Collection[Limit]) -> bool:
        return self._helped(await self.ask(dropped))


def _one_by_one(query: NextQuery) -> set[Part]:
    """Return the kinds that have several members, and not too many to try each."""
    return {part for part, same in by_part(limits_of(query)).items() if 1 < len(same) <= MAX_ONE_BY_ONE}


def _place(exercise: Exercise, exercises: tuple[Exercise, ...]) -> int | None:
    return next((place for place, each in enumerate(exercises, 1) if each.id == exercise.id), None)


def _how_many(limits: tuple[Limit, ...]) -> tuple[Words, ...]:
    """Return what is known of several limits of one kind: whether fewer of them would do."""
    if len(limits) == 1:
        return ()
    if len(limits) > MAX_ONE_BY_ONE:
        return (Words("They were dropped all at once: these are too many to try one by one."),)
    return (Words("To drop fewer of them is not enough."),)
