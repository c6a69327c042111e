"""What an exercise, a place in the hierarchy and a result are called, everywhere in the Practice place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from sana_desktop.api.practice_models import Exercise, Result
from sana_desktop.base.text import one_line
from sana_desktop.practice.exercises.places import SEPARATOR
from sana_desktop.practice.number_words import figure
from sana_desktop.practice.sessions.session import PlayedBy
from sana_desktop.practice.simulate.personas import persona
from sana_desktop.ui.tr import tr

MAX_TITLE_LENGTH = 120
MAX_CRUMBS_LENGTH = 160
MAX_NAMES = 3
"""Simulated learners whose names stand in one line; more are counted."""
MAX_KEPT = 4_096
"""Names that are kept ready: a session names the same ones again and again."""
RESULT_LOOKS: dict[Result, tuple[str, str]] = {
    Result.CORRECT: ("good", "good"),
    Result.PARTIALLY_CORRECT: ("partly", "warn"),
    Result.INCORRECT: ("error", "bad"),
    Result.SKIPPED: ("skip", "text_quiet"),
}
"""Icon and colour role of each result; the word always stands beside them."""


def title_of(exercise: Exercise) -> str:
    """Return what an exercise is called: its id, on one visible line."""
    return _title(exercise.id)


@lru_cache(MAX_KEPT)
def _title(exercise_id: str) -> str:
    return one_line(exercise_id, MAX_TITLE_LENGTH)


@lru_cache(MAX_KEPT)
def crumbs(path: str) -> str:
    """Return a path as a person reads it: `/IB/math/vectors/` becomes IB › math › vectors."""
    parts = [part for part in path.split("/") if part.strip()]
    return one_line(SEPARATOR.join(parts), MAX_CRUMBS_LENGTH) if parts else tr("Practice", "everything")


def level_words(exercise: Exercise) -> str:
    """Return the difficulty as the partner tagged it, "" where there is none."""
    if exercise.difficulty_level is None:
        return ""
    return tr("Practice", "difficulty {level}", level=figure(exercise.difficulty_level))


def level_figure(level: float) -> str:
    """Return an asked challenge exactly as it was asked, with two decimals at least."""
    return max(f"{level:.2f}", f"{level:.15g}", key=len)


def result_words(result: Result) -> str:
    """Return the word for a result."""
    return {
        Result.CORRECT: tr("Practice", "Correct"),
        Result.PARTIALLY_CORRECT: tr("Practice", "Partly"),
        Result.INCORRECT: tr("Practice", "Incorrect"),
        Result.SKIPPED: tr("Practice", "Skipped"),
    }[result]


def players_words(players: Sequence[PlayedBy]) -> str:
    """Return which simulated learners played, "" if none did; more than a line has room for are counted."""
    names = list(dict.fromkeys(_persona_title(name) for name, _seed in players))
    if len(names) > MAX_NAMES:
        return tr("Practice", "simulated: {n} learners", n=len(names))
    if len(players) > 1:
        return tr("Practice", "simulated: {personas}", personas=", ".join(names))
    for name, seed in players:
        if seed is not None:
            return tr("Practice", "simulated: {persona}, seed {seed}", persona=_persona_title(name), seed=seed)
        return tr("Practice", "simulated: {persona}", persona=_persona_title(name))
    return ""


def _persona_title(name: str) -> str:
    """Return what a persona is called, by its stable name; one that this app does not have is called by that."""
    try:
        return persona(name).title.say(lambda template: tr("Practice", template))
    except KeyError:
        return one_line(name, MAX_TITLE_LENGTH)


def locked_words() -> str:
    """Return why nothing is asked: the chosen learner is real, and the site is locked for real people (B26)."""
    return tr("Practice", "Locked: this is a real person.")


def another_key_words(site: str) -> str:
    """Return what another API key of a site means: it may be another organisation's (B26, B28)."""
    return tr(
        "Practice",
        "{site} has another API key, maybe of another organisation: it is locked for real people, and what was checked "
        "of it before holds no more.",
        site=site,
    )


def clock_words(at: datetime) -> str:
    """Return the time of day of this computer."""
    return at.astimezone().strftime("%H:%M:%S")


def day_words(at: datetime) -> str:
    """Return the day of this computer."""
    return at.astimezone().strftime("%Y-%m-%d")


def moment_words(at: datetime) -> str:
    """Return day and time of this computer, as a session is called by them."""
    return at.astimezone().strftime("%d %b %H:%M")


def is_dated(title: str, *moments: datetime) -> bool:
    """Return whether a title says one of these moments, so that it need not be said again beside it."""
    return any(moment_words(at) in title for at in moments)


def age_words(seconds: float) -> str:
    """Return how old something is."""
    if seconds < 60:
        return tr("Practice", "less than a minute old")
    minutes = int(seconds // 60)
    if minutes < 60:
        return tr("Practice", "1 minute old") if minutes == 1 else tr("Practice", "{n} minutes old", n=minutes)
    hours = minutes // 60
    return tr("Practice", "1 hour old") if hours == 1 else tr("Practice", "{n} hours old", n=hours)
