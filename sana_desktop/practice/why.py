"""Why is it empty, and why not this one (B33): constraints are dropped until it fits, as few as can be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from itertools import combinations

from sana_desktop.api.practice_models import Constraints, Exercise, NextQuery
from sana_desktop.base.words import Words
from sana_desktop.practice.asker import Asker
from sana_desktop.practice.places import fits

LOOK_AT = 50
"""Exercises that are asked for when it is counted what would be there: a request's worth, not the whole catalogue."""


_NAMES = {
    "review": "“review only”",
    "paths": "the paths {what}",
    "one of paths": "the path {what}",
    "tags": "the tags {what}",
    "one of tags": "the tag {what}",
    "challenge": "the challenge {what}",
}
_WITHOUT = {
    "review": "Without “review only” there would be {count}.",
    "paths": "Without the paths {what} there would be {count}.",
    "one of paths": "Without the path {what} there would be {count}.",
    "tags": "Without the tags {what} there would be {count}.",
    "one of tags": "Without the tag {what} there would be {count}.",
    "challenge": "Without the challenge {what} there would be {count}.",
}
_WITHOUT_MORE = {
    "review": "Without “review only” there would be {count} or more.",
    "paths": "Without the paths {what} there would be {count} or more.",
    "one of paths": "Without the path {what} there would be {count} or more.",
    "tags": "Without the tags {what} there would be {count} or more.",
    "one of tags": "Without the tag {what} there would be {count} or more.",
    "challenge": "Without the challenge {what} there would be {count} or more.",
}
_WITHOUT_ALL = "Only without all of these there would be {count}:"
_COMES = {
    "review": "{id} comes without “review only”.",
    "paths": "{id} comes without the paths {what}.",
    "one of paths": "{id} comes without the path {what}.",
    "tags": "{id} comes without the tags {what}.",
    "one of tags": "{id} comes without the tag {what}.",
    "challenge": "{id} comes without the challenge {what}.",
}
_AGAINST = {
    "paths": "It is in none of the paths {what}.",
    "one of paths": "It is not in the path {what}.",
    "tags": "It has none of the tags {what}.",
    "one of tags": "It does not have the tag {what}.",
}


class Part(Enum):
    """What can be dropped from a question. Paths are one part: dropping one of several leaves less, not more."""

    REVIEW = "review"
    PATHS = "paths"
    TAGS = "tags"
    CHALLENGE = "challenge"


@dataclass(frozen=True, slots=True)
class Blocking:
    """A smallest set of parts without which something fits.

    Attributes:
        found: exercises that came without them; `LOOK_AT` means that many or more.
    """

    parts: tuple[Part, ...]
    found: int
    query: NextQuery

    def words(self) -> tuple[Words, ...]:
        """Return it as "Without the tag GDPR there would be 12."."""
        more = self.found >= LOOK_AT
        if len(self.parts) == 1:
            return (_said(_WITHOUT_MORE if more else _WITHOUT, self.parts[0], self.query, count=self.found),)
        head = "Only without all of these there would be {count} or more:" if more else _WITHOUT_ALL
        return (Words(head, count=self.found), *_named(self.parts, self.query))


@dataclass(frozen=True, slots=True)
class WhyEmpty:
    """Why nothing fits a question.

    Attributes:
        found: what came when it was asked as it is; above 0 it is not empty at all.
        blocking: the smallest sets of parts that block, all of one size; empty if dropping everything does not help.
        calls: questions that were asked.
    """

    query: NextQuery
    found: int
    blocking: tuple[Blocking, ...]
    calls: int

    def words(self) -> tuple[Words, ...]:
        """Return it as sentences."""
        if self.found:
            return (Words("It is not empty: {count} exercises fit.", count=self.found),)
        if not parts_of_query(self.query):
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
        blocking: the smallest sets of parts without which it comes.
        against: parts that path and tags of the exercise contradict, whatever the site says.
    """

    exercise: Exercise
    query: NextQuery
    verdict: WhyNotVerdict
    place: int | None
    blocking: tuple[tuple[Part, ...], ...]
    against: tuple[Part, ...]
    calls: int

    def words(self) -> tuple[Words, ...]:
        """Return it as sentences."""
        named = {"id": self.exercise.id}
        against = tuple(_said(_AGAINST, part, self.query) for part in self.against)
        match self.verdict:
            case WhyNotVerdict.IT_IS:
                return (Words("{id} is recommended, at place {place}.", place=self.place, **named),)
            case WhyNotVerdict.BLOCKED:
                return (*against, *(line for parts in self.blocking for line in self._comes(parts)))
            case WhyNotVerdict.OUTRANKED:
                return (
                    *against,
                    Words("{id} comes when its own path is asked for: it fits, and others come first.", **named),
                )
            case WhyNotVerdict.UNKNOWN:
                return (*against, Words("{id} does not come even when its own path is asked for.", **named))

    def _comes(self, parts: tuple[Part, ...]) -> tuple[Words, ...]:
        if len(parts) == 1:
            return (_said(_COMES, parts[0], self.query, id=self.exercise.id),)
        return (Words("{id} comes only without all of these:", id=self.exercise.id), *_named(parts, self.query))


def parts_of_query(query: NextQuery) -> tuple[Part, ...]:
    """Return what `query` asks that can be dropped, the hardest constraint first."""
    asked = {
        Part.TAGS: bool(query.constraints.tags),
        Part.PATHS: bool(query.constraints.paths),
        Part.REVIEW: bool(query.constraints.is_review),
        Part.CHALLENGE: query.challenge_level is not None,
    }
    return tuple(part for part, there in asked.items() if there)


def without(query: NextQuery, parts: tuple[Part, ...]) -> NextQuery:
    """Return `query` with these parts dropped."""
    constraints = Constraints(
        None if Part.REVIEW in parts else query.constraints.is_review,
        () if Part.PATHS in parts else query.constraints.paths,
        () if Part.TAGS in parts else query.constraints.tags,
    )
    challenge = None if Part.CHALLENGE in parts else query.challenge_level
    return replace(query, constraints=constraints, challenge_level=challenge)


def most_calls(query: NextQuery) -> int:
    """Return how many questions `why_empty` asks at most; said before it begins."""
    return int(2 ** len(parts_of_query(query)))


async def why_empty(asker: Asker, query: NextQuery) -> WhyEmpty:
    """Drop one part at a time, then two, until something fits.

    Raises:
        ValueError: `query` carries outcomes.
        SanaError: a question came to nothing.
    """
    query = _wide(query)
    found = len((await asker.next(query)).exercises)
    calls = 1
    blocking: list[Blocking] = []
    there = parts_of_query(query)
    for size in range(1, len(there) + 1) if not found else ():
        for parts in combinations(there, size):
            calls += 1
            exercises = (await asker.next(without(query, parts))).exercises
            if exercises:
                blocking.append(Blocking(parts, len(exercises), query))
        if blocking:
            break
    return WhyEmpty(query, found, tuple(blocking), calls)


async def why_not(asker: Asker, query: NextQuery, exercise: Exercise) -> WhyNot:
    """Find the fewest parts without which `exercise` comes among the first LOOK_AT.

    Raises:
        ValueError: `query` carries outcomes.
        SanaError: a question came to nothing.
    """
    query = _wide(query)
    against = _against(exercise, query)
    place = _place(exercise, (await asker.next(query)).exercises)
    calls = 1
    if place is not None:
        return WhyNot(exercise, query, WhyNotVerdict.IT_IS, place, (), against, calls)
    blocking: list[tuple[Part, ...]] = []
    for size in range(1, len(parts_of_query(query)) + 1):
        for parts in combinations(parts_of_query(query), size):
            if not set(against) <= set(parts):
                continue  # it can't come while a constraint that it contradicts is there
            calls += 1
            if _place(exercise, (await asker.next(without(query, parts))).exercises) is not None:
                blocking.append(parts)
        if blocking:
            return WhyNot(exercise, query, WhyNotVerdict.BLOCKED, None, tuple(blocking), against, calls)
    alone = replace(without(query, parts_of_query(query)), constraints=Constraints(paths=(exercise.path,)))
    came = _place(exercise, (await asker.next(alone)).exercises)
    verdict = WhyNotVerdict.UNKNOWN if came is None else WhyNotVerdict.OUTRANKED
    return WhyNot(exercise, query, verdict, None, (), against, calls + 1)


def _wide(query: NextQuery) -> NextQuery:
    if query.outcomes:
        raise ValueError("a question that carries outcomes changes the learner")
    return replace(query, num_exercises=LOOK_AT)


def _place(exercise: Exercise, exercises: tuple[Exercise, ...]) -> int | None:
    return next((place for place, each in enumerate(exercises, 1) if each.id == exercise.id), None)


def _against(exercise: Exercise, query: NextQuery) -> tuple[Part, ...]:
    alone = {
        Part.TAGS: Constraints(tags=query.constraints.tags),
        Part.PATHS: Constraints(paths=query.constraints.paths),
    }
    return tuple(part for part, constraints in alone.items() if not fits(exercise, constraints))


def _named(parts: tuple[Part, ...], query: NextQuery) -> tuple[Words, ...]:
    return tuple(_said(_NAMES, part, query) for part in parts)


def _said(sentences: dict[str, str], part: Part, query: NextQuery, **values: object) -> Words:
    """Return the sentence of `sentences` for this part: one for several paths or tags, one for a single one."""
    constraints = query.constraints
    several = {Part.PATHS: constraints.paths, Part.TAGS: constraints.tags}.get(part, ())
    sentence = sentences[part.value if len(several) != 1 else f"one of {part.value}"]
    what = f"{query.challenge_level:g}" if part is Part.CHALLENGE else ", ".join(several)
    return Words(sentence, what=what, **values)
