"""The same question twice."""

from __future__ import annotations

import itertools

import pytest

from sana_desktop.api.practice_models import NextQuery
from sana_desktop.practice.compare.repeatability import (
    RepeatabilityStore,
    RepeatVerdict,
    ask_again,
    ask_known,
    judge,
    least_of,
    mean_agreement,
)
from tests.support.practice_askers import ScriptedAsker, answered, exercise

A, B, C = (exercise(name) for name in "ABC")


@pytest.mark.parametrize(
    ("answers", "verdict", "agreement"),
    [
        ([["A", "B"], ["A", "B"]], RepeatVerdict.REPEATABLE, 1.0),
        ([["A", "B"], ["B", "A"], ["A", "B"]], RepeatVerdict.OTHER_ORDER, 1.0),
        ([["A", "B"], ["A", "C"]], RepeatVerdict.VARIES, 1 / 3),
        ([["A", "A"], ["A"]], RepeatVerdict.VARIES, 1.0),
        ([[], []], RepeatVerdict.REPEATABLE, 1.0),
        ([[], ["A"]], RepeatVerdict.VARIES, 0.0),
    ],
)
def test_verdicts(answers: list[list[str]], verdict: RepeatVerdict, agreement: float) -> None:
    found = judge(answers)
    assert (found.verdict, found.asked) == (verdict, len(answers))
    assert found.agreement == pytest.approx(agreement)
    assert found.words()


async def test_it_asks_the_very_same_and_posts_nothing() -> None:
    answers = itertools.cycle([[A, B], [B, A]])
    asker = ScriptedAsker(lambda _: next(answers))
    query = NextQuery("u", 2)
    found = await ask_again(asker, query, 4)
    assert found.verdict is RepeatVerdict.OTHER_ORDER
    assert asker.log == [query] * 4


async def test_what_would_change_the_learner_is_refused() -> None:
    asker = ScriptedAsker(lambda _: [A])
    with pytest.raises(ValueError, match="never the same"):
        await ask_again(asker, NextQuery("u", outcomes=(answered(C),)))
    with pytest.raises(ValueError, match="one answer"):
        await ask_again(asker, NextQuery("u"), 1)
    with pytest.raises(ValueError, match="one answer"):
        judge([["A"]])
    assert asker.log == []
    assert mean_agreement([["A"]]) == 1.0


async def test_what_is_compared_is_asked_twice_unless_it_is_known_what_that_gives() -> None:
    answers = itertools.cycle([[A, B], [B, A]])
    asker, book, query = ScriptedAsker(lambda _: next(answers)), RepeatabilityStore(), NextQuery("u", 2)
    assert (await ask_known(asker, book, "site", query)).exercises == (A, B), "the first answer counts"
    found = book.of("site", [query])
    assert found is not None
    assert (found.verdict, asker.log) == (RepeatVerdict.OTHER_ORDER, [query] * 2)
    await ask_known(asker, book, "site", query)
    assert asker.log == [query] * 3


SAME, ORDER, OTHER = judge([["A"], ["A"]]), judge([["A", "B"], ["B", "A"]]), judge([["A"], ["B"]])


def test_a_comparison_is_no_surer_than_the_side_that_holds_the_least() -> None:
    assert least_of([SAME, OTHER, ORDER]) is OTHER
    assert least_of([SAME, ORDER]) is ORDER
    assert least_of([]) is None


def test_what_was_found_is_kept_by_site_and_question() -> None:
    book = RepeatabilityStore()
    one, two = NextQuery("u", 1), NextQuery("u", 2)
    assert book.of("a", [one]) is None
    book.note("a", SAME, one)
    book.note("a", OTHER)
    assert book.knows("a", one)
    assert book.of("a", [one]) is SAME
    assert not book.knows("a", two)
    assert book.of("b", [one]) is None, "another site is another recommender"
    elsewhere = book.of("a", [two])
    assert elsewhere is not None
    assert (elsewhere.verdict, elsewhere.elsewhere) == (RepeatVerdict.VARIES, True)
    assert elsewhere.words()[0] == "Only another question was checked so far."
    book.note("a", ORDER, two)
    assert book.of("a", [one, two]) is ORDER
