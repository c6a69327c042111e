"""The exercises of the made-up company: deterministic, the same on every machine.

The true difficulty of an exercise in this world is `b`, in logits of the Rasch model (G. Rasch, Probabilistic
Models for Some Intelligence and Attainment Tests, 1960): a learner of ability θ fails it with probability
1 / (1 + exp(θ - b)). It stands in `metadata` as `{"irt_b": -0.4}`, so that anyone can check from outside that the
challenge asked for is the challenge given. In every topic it covers the whole range evenly.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TypeVar

from sana_desktop.sandbox.catalogue_words import (
    EXTRA_SHARE,
    EXTRA_TAG,
    FORMATS,
    SUBJECTS,
    YEARS,
    SubjectWords,
    TopicWords,
)

_Choice = TypeVar("_Choice")

PER_LESSON = 10
HARDEST = 4.0  # logits; the easiest is as far below zero
_AS_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_LEVELS = 5
_LOGITS_A_LEVEL = 1.6
_POINTS = (2.0, 4.0, 5.0, 10.0)
_SCORED_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Item:
    """One exercise as the recommender knows it.

    Attributes:
        path: the segments of its path.
        b: difficulty in logits; of an exercise that only came in outcomes, where it starts.
        content: the Exercise object of the API.
        body: the same as JSON text, made once.
    """

    id: str
    path: tuple[str, ...]
    tags: frozenset[str]
    b: float
    content: Mapping[str, object] = field(compare=False)
    body: str = field(compare=False, repr=False)


def item_of(content: Mapping[str, object], b: float) -> Item:
    """An item from an Exercise object whose fields are of the right types."""
    tags = content.get("tags")
    return Item(
        id=str(content["id"]),
        path=segments(str(content["path"])),
        tags=frozenset(map(str, tags)) if isinstance(tags, list) else frozenset(),
        b=b,
        content=content,
        body=_AS_JSON.encode(content),
    )


def segments(path: str) -> tuple[str, ...]:
    """A path's parts; slashes before, after and doubled make no difference."""
    return tuple(part for part in path.split("/") if part)


@cache
def catalogue() -> tuple[Item, ...]:
    """Every exercise, in the order of the hierarchy."""
    return tuple(
        item_of(content, b) for subject in SUBJECTS for topic in subject.topics for content, b in _topic(subject, topic)
    )


def _topic(subject: SubjectWords, topic: TopicWords) -> Iterator[tuple[dict[str, object], float]]:
    size = PER_LESSON * len(topic.lessons)
    step = 2 * HARDEST / size
    for place, lesson in enumerate(topic.lessons):
        for number in range(PER_LESSON):
            identity = f"{subject.name}-{topic.name}-{lesson}-{number + 1:02d}"
            dice = _Dice(identity)
            # Each lesson has one exercise in each of ten bands of difficulty, shifted from lesson to lesson.
            band = number * len(topic.lessons) + place
            b = round(-HARDEST + step * (band + dice.share()), 2) + 0.0  # no -0.0
            path = f"/{subject.name}/{topic.name}/{lesson}/"
            yield _exercise(identity, path, (*subject.tags, *topic.tags), b, dice), b


def _exercise(identity: str, path: str, tags: tuple[str, ...], b: float, dice: _Dice) -> dict[str, object]:
    own = [dice.one_of(FORMATS), dice.one_of(YEARS)]
    if dice.share() < EXTRA_SHARE:
        own.append(EXTRA_TAG)
    level = (_LEVELS + 1) / 2 + b / _LOGITS_A_LEVEL + (dice.share() - 0.5)
    content: dict[str, object] = {
        "id": identity,
        "path": path,
        "tags": list(dict.fromkeys((*tags, *own))),
        "difficulty_level": float(min(_LEVELS, max(1, round(level)))),
    }
    if dice.share() < _SCORED_SHARE:
        content["max_score"] = dice.one_of(_POINTS)
    content["metadata"] = f'{{"irt_b": {b!r}}}'
    return content


class _Dice:
    """Throws that only depend on the text they are made of."""

    def __init__(self, text: str) -> None:
        self._bits = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=32).digest())

    def share(self) -> float:
        """From 0 up to but not including 1."""
        self._bits, low = divmod(self._bits, 1 << 24)
        return low / (1 << 24)

    def one_of(self, choices: tuple[_Choice, ...]) -> _Choice:
        return choices[int(self.share() * len(choices))]
