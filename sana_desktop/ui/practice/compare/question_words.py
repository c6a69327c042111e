"""The question that a set-up asks, in words, so that every comparison says what it compares."""

from __future__ import annotations

from collections.abc import Sequence

from sana_desktop.api.practice_models import Constraints
from sana_desktop.base.text import one_line
from sana_desktop.practice.sessions.session import Setup
from sana_desktop.ui.practice.naming import crumbs, level_figure
from sana_desktop.ui.tr import tr

NAMED = 3
NAME_CHARACTERS = 60


def question_words(setup: Setup, learner: str = "") -> str:
    """Return the question as one sentence; `learner` is what the learner is called, their id without it."""
    who = one_line(learner or setup.user_id, NAME_CHARACTERS)
    return tr("Practice", "The question, as it is set up: {parts}, for {who}.", parts=asked_words(setup), who=who)


def asked_words(setup: Setup) -> str:
    """Return how many, how hard and which, with commas between."""
    count = setup.num_exercises or 1
    parts = [
        tr("Practice", "one exercise") if count == 1 else tr("Practice", "{n} exercises", n=count),
        tr("Practice", "challenge as Sana decides")
        if setup.challenge_level is None
        else tr("Practice", "challenge {level}", level=level_figure(setup.challenge_level)),
        *constraint_words(setup.constraints),
    ]
    return ", ".join(parts)


def constraint_words(constraints: Constraints) -> list[str]:
    """Return each constraint in words; none where nothing is constrained."""
    said = []
    if constraints.paths:
        said.append(tr("Practice", "from {topics}", topics=_any_of([crumbs(path) for path in constraints.paths])))
    if constraints.tags:
        said.append(tr("Practice", "tagged {tags}", tags=_any_of(constraints.tags)))
    if constraints.is_review:
        said.append(tr("Practice", "only topics met before"))
    return said


def _any_of(names: Sequence[str]) -> str:
    shown = [one_line(name, NAME_CHARACTERS) for name in names[:NAMED]]
    if len(names) > NAMED:
        shown.append(tr("Practice", "{n} more", n=len(names) - NAMED))
    return tr("Practice", " or ").join(shown)
