"""What a question limits itself to, one by one: each tag, each path, “review only”, the challenge; pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from sana_desktop.api.practice_models import Constraints, Exercise, NextQuery
from sana_desktop.base.words import Words
from sana_desktop.practice.exercises.places import SEPARATOR, fits, parts_of

_NAMES = {
    "review": "“review only”",
    "paths": "the topics {what}",
    "one of paths": "the topic {what}",
    "tags": "the tags {what}",
    "one of tags": "the tag {what}",
    "challenge": "the challenge {what}",
}


class Part(Enum):
    """A kind of limit. By the developer page tags are alternatives to each other, and so are paths ("Constraint")."""

    TAGS = "tags"
    PATHS = "paths"
    REVIEW = "review"
    CHALLENGE = "challenge"


@dataclass(frozen=True, slots=True)
class Limit:
    """One thing that is asked for; `value` is the tag, the path or the challenge as it is written, "" for review."""

    part: Part
    value: str = ""

    @property
    def shown(self) -> str:
        """The value as a person reads it: of a path its levels."""
        return SEPARATOR.join(parts_of(self.value)) or self.value if self.part is Part.PATHS else self.value


def limits_of(query: NextQuery) -> tuple[Limit, ...]:
    """Return everything in `query` that can be dropped, the hardest kind first."""
    limits = [Limit(Part.TAGS, tag) for tag in query.constraints.tags]
    limits += [Limit(Part.PATHS, path) for path in query.constraints.paths]
    if query.constraints.is_review:
        limits.append(Limit(Part.REVIEW))
    if query.challenge_level is not None:
        limits.append(Limit(Part.CHALLENGE, f"{query.challenge_level:g}"))
    return tuple(dict.fromkeys(limits))


def by_part(limits: Iterable[Limit]) -> Mapping[Part, tuple[Limit, ...]]:
    """Return limits by their kind, in their order."""
    found: dict[Part, tuple[Limit, ...]] = {}
    for limit in limits:
        found[limit.part] = (*found.get(limit.part, ()), limit)
    return found


def without(query: NextQuery, limits: Collection[Limit]) -> NextQuery:
    """Return `query` with these dropped; what it does not have is passed over."""
    parts = by_part(limits)
    constraints = Constraints(
        None if Part.REVIEW in parts else query.constraints.is_review,
        tuple(path for path in query.constraints.paths if Limit(Part.PATHS, path) not in limits),
        tuple(tag for tag in query.constraints.tags if Limit(Part.TAGS, tag) not in limits),
    )
    challenge = None if Part.CHALLENGE in parts else query.challenge_level
    return replace(query, constraints=constraints, challenge_level=challenge)


def contradicted(exercise: Exercise, query: NextQuery) -> tuple[Limit, ...]:
    """Return the tags and the paths of `query` where none of them is the exercise's."""
    alone = {
        Part.TAGS: Constraints(tags=query.constraints.tags),
        Part.PATHS: Constraints(paths=query.constraints.paths),
    }
    against = {part for part, constraints in alone.items() if not fits(exercise, constraints)}
    return tuple(limit for limit in limits_of(query) if limit.part in against)


def named(limits: Iterable[Limit]) -> tuple[Words, ...]:
    """Return what they are called, kind by kind: "the tag GDPR", "the topics IB › math and IB › art"."""
    return tuple(said_of(_NAMES, same) for same in by_part(limits).values())


def named_in_a_row(limits: Iterable[Limit]) -> tuple[Words, ...]:
    """Return what they are called as the end of a sentence: "the tag GDPR,", then "and the topic IB › math."."""
    *others, last = by_part(limits).values()
    return (
        *(said_of({key: f"{name}," for key, name in _NAMES.items()}, same) for same in others),
        said_of({key: f"and {name}." if others else f"{name}." for key, name in _NAMES.items()}, last),
    )


def listed(names: Sequence[str]) -> str:
    """Return "A", "A and B" or "A, B and C"."""
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def said_of(sentences: Mapping[str, str], limits: Collection[Limit], **values: object) -> Words:
    """Return the sentence for limits of one kind, with their names as `what`.

    Args:
        sentences: by `Part.value`; tags and paths have another one each, "one of tags", for a single one.
    """
    part = next(iter(limits)).part
    single = len(limits) == 1 and part in {Part.TAGS, Part.PATHS}
    what = listed([limit.shown for limit in limits])
    return Words(sentences[f"one of {part.value}" if single else part.value], what=what, **values)
