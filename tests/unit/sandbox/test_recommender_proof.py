"""The recommender's figures, on simulated learners whose ability is known because the test made them up.

A learner of ability θ answers an exercise of difficulty b rightly with probability 1 / (1 + exp(b - θ)) (Rasch 1960);
the difficulty is read from the exercise's metadata as anyone outside would.
"""

from __future__ import annotations

import json
import math
import random
import statistics
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from sana_desktop.sandbox.clock import SandboxClock
from sana_desktop.sandbox.practice_book import PracticeBook
from sana_desktop.sandbox.practice_checks import Given, NextBody
from sana_desktop.sandbox.practice_record import PracticeRecord

pytestmark = pytest.mark.no_cover  # thousands of answers through the same lines

SEED = 20_261_121
ANSWERS = 60
MINUTE = 60.0

Ability = Callable[[Mapping[str, Any]], float]


def always(ability: float) -> Ability:
    """As able in everything."""
    return lambda _: ability


def a_book() -> PracticeBook:
    return PracticeBook(SandboxClock(), PracticeRecord(None))


def failures(
    book: PracticeBook, user: str, ability: Ability, dice: random.Random, asked: NextBody, answers: int
) -> int:
    """Let a learner answer what is recommended; how many answers were wrong."""
    wrong, at, left = 0, 1.7e9, answers
    while left > 0:
        found = book.next(asked)
        assert len(found) == asked.count
        given = []
        for item in found:
            b = float(json.loads(str(item.content["metadata"]))["irt_b"])
            right = dice.random() < 1.0 / (1.0 + math.exp(b - ability(item.content)))
            wrong += not right
            at += MINUTE
            given.append(Given(item.content, {"result": "correct" if right else "incorrect"}, at))
        book.take(user, given)
        left -= len(found)
    return wrong


@pytest.mark.parametrize("challenge", [None, 0.5])
def test_estimated_and_true_ability_agree_after_sixty_answers(challenge: float | None) -> None:
    dice, book = random.Random(SEED), a_book()
    true = [dice.gauss(0.0, 1.0) for _ in range(100)]
    for number, ability in enumerate(true):
        user = f"u{number}"
        failures(book, user, always(ability), dice, NextBody(user, challenge=challenge), ANSWERS)
    estimated = [book.ability(f"u{number}") for number in range(len(true))]
    # Even an efficient estimate reaches only 0.96 to 0.97: sixty answers leave a spread of about 0.27 logits.
    assert statistics.correlation(true, estimated) > 0.9
    assert abs(statistics.fmean(estimated) - statistics.fmean(true)) < 0.1


@pytest.mark.parametrize("challenge", [0.2, 0.35, 0.5, 0.65, 0.8])
def test_the_challenge_asked_for_is_the_challenge_given(challenge: float) -> None:
    """From the first answer on, averaged over learners as they come."""
    dice, book = random.Random(SEED), a_book()
    wrong = 0
    for number in range(25):
        user, ability = f"u{number}", dice.gauss(0.0, 1.0)
        asked = NextBody(user, challenge=challenge)
        wrong += failures(book, user, always(ability), dice, asked, ANSWERS)
    # Half of the 0.07 allowed: two standard deviations of 1,500 answers are 0.026.
    assert wrong / (25 * ANSWERS) == pytest.approx(challenge, abs=0.035)


@pytest.mark.parametrize("ability", [-2.0, 0.0, 2.0])
@pytest.mark.parametrize("challenge", [0.2, 0.5, 0.8])
def test_it_is_given_to_each_single_learner_once_they_are_known(ability: float, challenge: float) -> None:
    dice, book = random.Random(SEED), a_book()
    asked = NextBody("u", challenge=challenge)
    failures(book, "u", always(ability), dice, asked, ANSWERS)
    assert failures(book, "u", always(ability), dice, asked, 400) / 400 == pytest.approx(challenge, abs=0.07)


@pytest.mark.parametrize(
    "limits",
    [{"paths": ("/compliance/gdpr/",)}, {"tags": ("Refresher",)}, {"count": 10}, {"count": 10, "is_review": True}],
)
def test_it_is_given_under_constraints_and_in_sets(limits: dict[str, Any]) -> None:
    dice, book = random.Random(SEED), a_book()
    failures(book, "u", always(0.4), dice, NextBody("u"), 40)
    asked = NextBody("u", challenge=0.35, **limits)
    assert failures(book, "u", always(0.4), dice, asked, 400) / 400 == pytest.approx(0.35, abs=0.07)


def test_strong_here_and_weak_there_is_seen() -> None:
    """True abilities two logits apart: what is served at the same challenge is at least one apart."""
    dice, book = random.Random(SEED), a_book()

    def ability(exercise: Mapping[str, Any]) -> float:
        return 1.0 if str(exercise["path"]).startswith("/compliance/") else -1.0

    failures(book, "u", ability, dice, NextBody("u", challenge=0.5, paths=("compliance", "sales")), 150)
    strong, weak = (
        statistics.fmean(item.b for item in book.next(NextBody("u", 20, challenge=0.5, paths=(place,))))
        for place in ("compliance", "sales")
    )
    assert weak < 0 < strong
    assert strong - weak > 1.0


def test_it_follows_learners_who_change() -> None:
    """Two logits less from one answer to the next: after 100 answers the challenge is right again."""
    dice, book = random.Random(SEED), a_book()
    soon = late = 0
    for user in ("a", "b", "c", "d", "e"):
        asked = NextBody(user, challenge=0.5)
        failures(book, user, always(1.0), dice, asked, ANSWERS)
        soon += failures(book, user, always(-1.0), dice, asked, 20)
        failures(book, user, always(-1.0), dice, asked, 80)
        late += failures(book, user, always(-1.0), dice, asked, 100)
    assert soon / 100 > 0.65
    assert late / 500 == pytest.approx(0.5, abs=0.07)


def test_an_unknown_learner_is_average() -> None:
    assert a_book().ability("nobody") == 0.0
