"""All exercises there are, arranged for quick choosing: the catalogue, and what only ever came in outcomes.

Content that partners post is theirs and is learnt as it comes. It is recommended where a request points at it: by
a path, by a tag, or as a review. Without such a pointer only the catalogue is, whose difficulties are known.
"""

from __future__ import annotations

import json
import math
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from sana_desktop.sandbox.catalogue import HARDEST, Item, item_of, segments
from sana_desktop.sandbox.learner_model import LEVELS, Node

CONCEPT_SEGMENTS = 2  # subject/topic: "concepts already covered" are topics
MAX_LEARNT = 5_000
MAX_NODES = 50_000
MAX_POOLS = 128
_FIRST_STEP = 0.6  # logits; the step of a learnt difficulty shrinks with the answers
_STEP_SHRINKS = 0.05

Concept = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Exercises of one topic, easiest first. `chain` are the nodes of its ability, root first."""

    chain: tuple[Node, ...]
    concept: Concept
    difficulties: tuple[float, ...]
    items: tuple[Item, ...]
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pool:
    """What a request may choose from."""

    groups: tuple[Group, ...]

    @property
    def size(self) -> int:
        return sum(len(group.items) for group in self.groups)


class _Key(NamedTuple):
    """What a pool was gathered by; `pointed` ones hold learnt exercises too."""

    beginnings: frozenset[tuple[str, ...]]
    tags: frozenset[str]
    pointed: bool


@dataclass(slots=True)
class _Learnt:
    """An exercise that is not of the catalogue: its difficulty is estimated too."""

    item: Item
    b: float
    answers: int = 0


@dataclass(slots=True)
class Content:
    """The exercises and the places of the hierarchy. `known` are exercises of known difficulty."""

    known: tuple[Item, ...]
    _by_id: dict[str, Item] = field(init=False)
    _learnt: dict[str, _Learnt] = field(default_factory=dict, init=False)
    _nodes: dict[tuple[str, ...], Node] = field(default_factory=dict, init=False)
    _pools: OrderedDict[_Key, Pool] = field(default_factory=OrderedDict, init=False)

    def __post_init__(self) -> None:
        self._by_id = {item.id: item for item in self.known}
        for item in self.known:
            self.chain(item.path)

    def chain(self, path: tuple[str, ...]) -> tuple[Node, ...]:
        """The nodes of a path, root first, as deep as abilities go; of a new path new ones while there is room."""
        if len(self._nodes) >= MAX_NODES:
            return self.known_chain(path)
        return tuple(
            self._nodes.setdefault(path[:depth], len(self._nodes)) for depth in range(min(LEVELS, len(path) + 1))
        )

    def known_chain(self, path: tuple[str, ...]) -> tuple[Node, ...]:
        """The same as far as there is content, making no new node."""
        depths = range(min(LEVELS, len(path) + 1))
        return tuple(self._nodes[path[:depth]] for depth in depths if path[:depth] in self._nodes)

    def meet(self, exercise: Mapping[str, object]) -> Item:
        """The item of an Exercise object in an outcome; of two of one id the catalogue's, else the newer."""
        identity = str(exercise["id"])
        known = self._by_id.get(identity)
        if known is not None:
            return known
        learnt = self._learnt.get(identity)
        if learnt is not None and learnt.item.content == exercise:
            return learnt.item
        item = item_of(exercise, _told_difficulty(exercise) if learnt is None else learnt.b)
        if learnt is not None or len(self._learnt) < MAX_LEARNT:
            self._learnt[identity] = _Learnt(item, item.b, learnt.answers if learnt else 0)
            self._forget_learnt_pools()
        return item

    def _forget_learnt_pools(self) -> None:
        for key in [key for key in self._pools if key.pointed]:
            del self._pools[key]

    def difficulty(self, item: Item) -> float:
        learnt = self._learnt.get(item.id)
        return item.b if learnt is None else learnt.b

    def is_known(self, item: Item) -> bool:
        """Of the catalogue."""
        return item.id in self._by_id

    def unsettle(self, item: Item, error: float) -> None:
        """Move a learnt difficulty against the answer's error (Elo on the exercise's side; the step shrinks by
        Pelánek's uncertainty function U(n) = a / (1 + b·n), Computers & Education 98, 2016)."""
        learnt = self._learnt.get(item.id)
        if learnt is not None:
            step = _FIRST_STEP / (1.0 + _STEP_SHRINKS * learnt.answers)
            learnt.b = min(2 * HARDEST, max(-2 * HARDEST, learnt.b - step * error))
            learnt.answers += 1
            self._forget_learnt_pools()

    def pool(self, paths: Collection[str], tags: Collection[str], *, is_review: bool = False) -> Pool:
        """Exercises below any of `paths` with any of `tags`; none given constrains nothing."""
        beginnings = frozenset(segments(path) for path in paths)
        wanted = frozenset(tags)
        pointed = bool(paths or wanted or is_review)
        key = _Key(beginnings, wanted, pointed)
        found = self._pools.get(key)
        if found is None:
            found = self._pools[key] = self._gather(beginnings, wanted, pointed)
            while len(self._pools) > MAX_POOLS:
                self._pools.popitem(last=False)
        else:
            self._pools.move_to_end(key)
        return found

    def _gather(self, beginnings: frozenset[tuple[str, ...]], wanted: frozenset[str], pointed: bool) -> Pool:
        lengths = {len(beginning) for beginning in beginnings}
        learnt = [entry.item for entry in self._learnt.values()] if pointed else []
        topics: dict[Concept, list[tuple[float, Item]]] = {}
        for item in (*self.known, *learnt):
            if beginnings and not any(item.path[:length] in beginnings for length in lengths):
                continue
            if wanted and not wanted & item.tags:
                continue
            topics.setdefault(concept_of(item.path), []).append((self.difficulty(item), item))
        return Pool(tuple(self._group(concept, entries) for concept, entries in topics.items()))

    def _group(self, concept: Concept, entries: list[tuple[float, Item]]) -> Group:
        entries.sort(key=lambda entry: entry[0])
        return Group(
            self.chain(concept),
            concept,
            tuple(b for b, _ in entries),
            tuple(item for _, item in entries),
            tuple(item.id for _, item in entries),
        )


def concept_of(path: tuple[str, ...]) -> Concept:
    return path[:CONCEPT_SEGMENTS]


def nearest(difficulties: tuple[float, ...], aim: float) -> Iterable[int]:
    """Indexes of sorted difficulties by their distance from `aim`, nearest first; of two the easier."""
    above = bisect_left(difficulties, aim)
    below = above - 1
    while below >= 0 or above < len(difficulties):
        if above >= len(difficulties) or (below >= 0 and aim - difficulties[below] <= difficulties[above] - aim):
            yield below
            below -= 1
        else:
            yield above
            above += 1


def _told_difficulty(exercise: Mapping[str, object]) -> float:
    """What the metadata of a partner's exercise says of its difficulty, else average."""
    try:
        told = json.loads(str(exercise.get("metadata", "")))["irt_b"]
        b = float(told)
    except (ValueError, LookupError, TypeError, RecursionError, OverflowError):
        return 0.0
    return min(2 * HARDEST, max(-2 * HARDEST, b)) if math.isfinite(b) else 0.0
