"""The session in view: an answer is on its card once, whether the hand or the disk brings it first."""

from __future__ import annotations

import pytest

from sana_desktop.api.practice_models import Exchange, Exercise, Outcome, Recommendation, Result
from sana_desktop.practice.exercises.catalogue import Catalogue
from sana_desktop.practice.sessions.session import Answered, Asked, Mode, SessionRecord, Setup
from sana_desktop.ui.practice.session.live import LiveSession
from tests.support.practice_samples import START

SETUP = Setup(Mode.BATCH, "u", 3)
TWICE = (Exercise("a", "/p"), Exercise("b", "/p"), Exercise("a", "/p"))
"""One set may have the same exercise more than once."""
EXCHANGE = Exchange("/v1/next-exercises", START, "{}", 200, "{}", 0.1)


def answer(name: str, result: Result = Result.CORRECT) -> Answered:
    return Answered(START, Exercise(name, "/p"), Outcome(START, result), 0)


@pytest.fixture
def live() -> LiveSession:
    made = LiveSession(SessionRecord("s", "c", "Title", SETUP, (), START, START), Catalogue())
    made.take(Asked(START, SETUP.query(), Recommendation(TWICE, EXCHANGE)))
    return made


def results(live: LiveSession) -> list[Result | None]:
    return [card.result for card in live.cards()]


def test_an_answer_by_hand_is_on_its_card_before_it_is_on_the_disk(live: LiveSession) -> None:
    live.mark(0, Result.INCORRECT)
    live.take(answer("a", Result.INCORRECT))
    assert results(live) == [Result.INCORRECT, None, None], "not on the other one of the same exercise"
    live.take(answer("a"))
    assert results(live) == [Result.INCORRECT, None, Result.CORRECT]
    assert live.current() == 1
    live.take(answer("a"))
    assert live.answered == 3


def test_an_answer_that_could_not_be_kept_leaves_its_card_to_the_next(live: LiveSession) -> None:
    live.mark(0, Result.INCORRECT)
    live.mark(0, None)
    live.take(answer("a"))
    assert results(live) == [Result.CORRECT, None, None]


def test_another_set_begins_without_answers(live: LiveSession) -> None:
    live.take(answer("a"))
    live.take(Asked(START, SETUP.query(), Recommendation(TWICE, EXCHANGE)))
    live.mark(0, Result.CORRECT)
    live.take(Answered(START, TWICE[0], Outcome(START, Result.CORRECT), 2))
    assert results(live) == [Result.CORRECT, None, None]
