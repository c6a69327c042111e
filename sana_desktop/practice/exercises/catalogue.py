"""The exercises that are known here: a tree of paths with counts, tags with counts, and what constraints leave over."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from sana_desktop.api.practice_models import Constraints, Exercise
from sana_desktop.base.words import Words
from sana_desktop.practice.exercises.places import Filter, parts_of
from sana_desktop.practice.learner_models import known_difficulty
from sana_desktop.practice.number_words import tenths

MAX_LEVELS = 40
"""Of the tree; what a file puts deeper stands at the last one."""


@dataclass(frozen=True, slots=True)
class PathNode:
    """One level of the hierarchy.

    Attributes:
        name: its own word; empty at the top.
        path: `/a/b`, as a constraint may name it; `/` at the top.
        count: exercises here and below.
        children: by name.
    """

    name: str
    path: str
    count: int
    children: tuple[PathNode, ...] = ()


@dataclass(frozen=True, slots=True)
class TagCount:
    """A tag and how many exercises have it."""

    name: str
    count: int


class Catalogue:
    """Exercises by id, in the order in which they became known; never changed, `learned` makes another one."""

    def __init__(self, exercises: Iterable[Exercise] = ()) -> None:
        self._by_id = {exercise.id: exercise for exercise in exercises}

    def __len__(self) -> int:
        return len(self._by_id)

    def __contains__(self, exercise_id: object) -> bool:
        return exercise_id in self._by_id

    @property
    def exercises(self) -> tuple[Exercise, ...]:
        """All of them."""
        return tuple(self._by_id.values())

    def get(self, exercise_id: str) -> Exercise | None:
        """Return the exercise of this id."""
        return self._by_id.get(exercise_id)

    def learned(self, exercises: Iterable[Exercise]) -> Catalogue:
        """Return a catalogue with these as well; this one, if it knew them all as they are."""
        new = {each.id: each for each in exercises if self._by_id.get(each.id) != each}
        return Catalogue((*{**self._by_id, **new}.values(),)) if new else self

    def matching(self, constraints: Constraints) -> tuple[Exercise, ...]:
        """Return those that paths and tags allow; what a review allows only the service knows."""
        return tuple(filter(Filter(constraints).fits, self._by_id.values()))

    @cached_property
    def paths(self) -> Counter[str]:
        """How many exercises lie at each path, as it came: far fewer than there are exercises."""
        return Counter(each.path for each in self._by_id.values())

    @cached_property
    def tree(self) -> PathNode:
        """The hierarchy, for picking."""
        counts: Counter[tuple[str, ...]] = Counter()
        for path, count in self.paths.items():
            counts[parts_of(path)[:MAX_LEVELS]] += count
        return _node(counts)

    @cached_property
    def tags(self) -> tuple[TagCount, ...]:
        """All tags, the most frequent first."""
        counts = Counter(tag for each in self._by_id.values() for tag in dict.fromkeys(each.tags))
        return tuple(TagCount(name, count) for name, count in sorted(counts.items(), key=lambda c: (-c[1], c[0])))

    @cached_property
    def difficulties(self) -> tuple[float, float] | None:
        """The least and the greatest known difficulty; None where none is known."""
        known = [value for each in self._by_id.values() if (value := known_difficulty(each)) is not None]
        return (min(known), max(known)) if known else None

    @cached_property
    def levels(self) -> Counter[int]:
        """How many exercises have a known difficulty from each whole number up to the next."""
        known = (known_difficulty(each) for each in self._by_id.values())
        return Counter(math.floor(value) for value in known if value is not None)

    def counted(self) -> Catalogue:
        """Return it with tree, tags and levels counted: to be called off the loop, for those who need them there."""
        _ = self.tree, self.tags, self.levels  # all are kept
        return self

    def words(self) -> tuple[Words, ...]:
        """Return what it holds, in sentences."""
        if not self._by_id:
            return (Words("No exercises are known yet."),)
        said = [
            Words(
                "Exercises: {count}, topics: {topics}, tags: {tags}.",
                count=f"{len(self):,}", topics=f"{len(set(map(parts_of, self.paths))):,}",
                tags=f"{len(self.tags):,}",
            )
        ]  # fmt: skip
        if self.difficulties is not None:
            low, high = self.difficulties
            said.append(Words("Difficulty from {low} to {high}.", low=tenths(low), high=tenths(high)))
        return tuple(said)


def _node(counts: Mapping[tuple[str, ...], int], above: tuple[str, ...] = ()) -> PathNode:
    depth = len(above)
    below: dict[str, dict[tuple[str, ...], int]] = {}
    for parts, count in counts.items():
        if len(parts) > depth:
            below.setdefault(parts[depth], {})[parts] = count
    children = tuple(_node(below[name], (*above, name)) for name in sorted(below, key=str.casefold))
    return PathNode(above[-1] if above else "", "/" + "/".join(above), sum(counts.values()), children)
