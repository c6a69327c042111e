"""Places in the content hierarchy: how a path is compared, whatever slashes it came with."""

from __future__ import annotations

from sana_desktop.api.practice_models import Constraints, Exercise

SEPARATOR = " › "
"""Between the levels of a path, as a person reads it."""


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


class Filter:
    """What paths and tags of constraints allow. What `is_review` allows only the service knows."""

    def __init__(self, constraints: Constraints) -> None:
        self._heads = [parts_of(place) for place in constraints.paths]
        self._tags = frozenset(constraints.tags)
        # Thousands of exercises lie at a few hundred paths.
        self._allowed: dict[str, bool] = {}

    def fits(self, exercise: Exercise) -> bool:
        """Return whether both allow the exercise."""
        return self._path_fits(exercise.path) and (not self._tags or not self._tags.isdisjoint(exercise.tags))

    def _path_fits(self, path: str) -> bool:
        if not self._heads:
            return True
        if path not in self._allowed:
            parts = parts_of(path)
            self._allowed[path] = any(parts[: len(head)] == head for head in self._heads)
        return self._allowed[path]


def fits(exercise: Exercise, constraints: Constraints) -> bool:
    """Return whether paths and tags allow one exercise; for many of them see `Filter`."""
    return Filter(constraints).fits(exercise)
