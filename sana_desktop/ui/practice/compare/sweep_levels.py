"""Which levels a sweep may try, from what is known and set up; pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sana_desktop.api.practice_models import NextQuery
from sana_desktop.practice.compare import sweep
from sana_desktop.practice.compare.sweep import CHALLENGES, SweepPlan
from sana_desktop.practice.exercises.catalogue import Catalogue, PathNode
from sana_desktop.practice.exercises.places import normal
from sana_desktop.practice.sessions.session import Setup
from sana_desktop.ui.practice.compare.sweep_view import Choice, SweepSetting
from sana_desktop.ui.practice.naming import crumbs
from sana_desktop.ui.tr import tr

CHALLENGE_STEPS = tuple(round(0.1 * step, 1) for step in range(11))
COUNTS = (1, 3, 5, 10, 20)
CHOSEN_COUNTS = (1, 5, 10)
MAX_CHOICES = 60
CHOSEN_AT_FIRST = 4
PATH_DEPTH = 3


def choices_of(knob: SweepSetting, setup: Setup, catalogue: Catalogue) -> list[Choice]:
    """Return the levels to choose from; what is set up already is chosen."""
    match knob:
        case SweepSetting.CHALLENGE:
            steps = [Choice(f"{value:.1f}", value, value in CHALLENGES) for value in CHALLENGE_STEPS]
            return [*steps, Choice(tr("Practice", "Sana decides"), None, False)]
        case SweepSetting.PATHS:
            paths = [node.path for node in _nodes(catalogue.tree)]
            return _listed(paths, [normal(path) for path in setup.constraints.paths], crumbs)
        case SweepSetting.TAGS:
            return _listed([tag.name for tag in catalogue.tags], setup.constraints.tags, str)
        case SweepSetting.REVIEW:
            return [Choice(tr("Practice", "Off and on"), True)]
        case SweepSetting.COUNT:
            return [Choice(str(count), count, count in CHOSEN_COUNTS) for count in COUNTS]


def plan_of(
    knob: SweepSetting, question: NextQuery, values: Sequence[Any], repeats: int, seconds_a_call: float
) -> SweepPlan:
    """Return what a sweep over these levels will do."""
    match knob:
        case SweepSetting.CHALLENGE:
            levels = sweep.challenge_levels(question, values)
        case SweepSetting.PATHS:
            levels = sweep.path_levels(question, values)
        case SweepSetting.TAGS:
            levels = sweep.tag_levels(question, values)
        case SweepSetting.REVIEW:
            levels = sweep.review_levels(question)
        case SweepSetting.COUNT:
            levels = sweep.count_levels(question, values)
    return sweep.plan(levels, repeats, seconds_a_call)


def _listed(known: Sequence[str], set_up: Sequence[str], words: Any) -> list[Choice]:
    names = list(dict.fromkeys((*set_up, *known)))[:MAX_CHOICES]
    chosen = set(set_up) or set(names[:CHOSEN_AT_FIRST])
    return [Choice(words(name), name, name in chosen) for name in names]


def _nodes(top: PathNode) -> Iterator[PathNode]:
    """Every level down to a depth, the widest first; a top that has but one way down tells nothing apart."""
    row = list(top.children)
    while len(row) == 1:
        row = list(row[0].children)
    for _ in range(PATH_DEPTH):
        yield from row
        row = [child for node in row for child in node.children]
