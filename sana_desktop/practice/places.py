"""Places in the content hierarchy: how a path is compared, whatever slashes it came with."""

from __future__ import annotations

from collections.abc import Iterable

from sana_desktop.api.practice_models import Constraints, Exercise


def parts_of(path: str) -> tuple[str, ...]:
    """Return the levels of `path`; a leading or trailing slash makes no difference (developer page, "Constraint")."""
    return tuple(part for part in path.split("/") if part)


def normal(path: str) -> str:
    """Return `path` in the one spelling that is shown and compared: `/a/b`; the top is `/`."""
    return "/" + "/".join(parts_of(path))


def is_below(path: str, place: str) -> bool:
    """Return whether `path` is `place` or anywhere below it, level by level: `/IB/math` does not hold `/IB/maths`."""
    parts, head = parts_of(path), parts_of(place)
    return parts[: len(head)] == head


def group_of(path: str, levels: int = 2) -> str:
    """Return the place `levels` deep above `path`, or `path` itself if it is not so deep."""
    return "/" + "/".join(parts_of(path)[:levels])


def fits(exercise: Exercise, constraints: Constraints) -> bool:
    """Return whether path and tags allow the exercise. What `is_review` allows only the service knows."""
    return _any_path(exercise, constraints.paths) and _any_tag(exercise, constraints.tags)


def _any_path(exercise: Exercise, paths: Iterable[str]) -> bool:
    paths = tuple(paths)
    return not paths or any(is_below(exercise.path, place) for place in paths)


def _any_tag(exercise: Exercise, tags: Iterable[str]) -> bool:
    tags = frozenset(tags)
    return not tags or not tags.isdisjoint(exercise.tags)
