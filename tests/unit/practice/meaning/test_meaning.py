"""What a session means: the figures against the same figures counted the long way, and their words."""

from __future__ import annotations

import time
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.api.practice_models import Constraints, Exercise, Result
from sana_desktop.practice.exercises.catalogue import Catalogue
from sana_desktop.practice.meaning.challenge import MIN_ANSWERS, ChallengeBin
from sana_desktop.practice.meaning.figures import MAX_POINTS, wilson
from sana_desktop.practice.meaning.meaning import MAX_PARTS, WINDOW, Meaning
from sana_desktop.practice.meaning.shapes import MeaningSnapshot
from tests.support.practice_askers import exercise, outcome

EXERCISES = [
    exercise(str(i), f"/s{i % 2}/t{i % 3}/l", f"tag{i % 4}", b=i / 3 - 2 if i % 5 else None) for i in range(12)
]
EVENTS = st.lists(
    st.tuples(st.sampled_from(EXERCISES), st.sampled_from(Result), st.sampled_from([None, 0.2, 0.5])), max_size=60
)
Events = list[tuple[Exercise, Result, float | None]]


def told(events: Events, catalogue: Catalogue | None = None) -> MeaningSnapshot:
    meaning = Meaning(catalogue)
    for each, result, challenge in events:
        meaning.offered([each])
        meaning.answered(each, outcome(result), challenge)
    return meaning.snapshot()


@given(EVENTS)
def test_the_figures_are_those_of_counting(events: Events) -> None:
    now = told(events)
    counted = [(each, result, level) for each, result, level in events if result is not Result.SKIPPED]
    right = [result is Result.CORRECT for _, result, _ in counted]
    assert (now.success.answers, now.success.right) == (len(counted), sum(right))
    assert dict(now.results) == {result: Counter(each[1] for each in events)[result] for result in Result}
    if right:
        assert now.success.points[-1].value == pytest.approx(sum(right[-WINDOW:]) / len(right[-WINDOW:]))
    for level in now.challenge.bins:
        failures = [result is not Result.CORRECT for _, result, asked in counted if asked == level.asked]
        assert (level.failures, level.answers) == (sum(failures), len(failures))
    assert sum(level.answers for level in now.challenge.bins) == len(counted)
    assert sum(part.offered for part in now.coverage.paths) == len(events)
    assert sum(part.answers for part in now.coverage.tags) == len(counted)
    assert now.repeats.again == len(events) - len({each.id for each, _, _ in events})
    assert now.ability.answers == sum(each.metadata is not None for each, _, _ in counted)


@given(EVENTS)
def test_streaks_are_those_of_counting(events: Events) -> None:
    right = [result is Result.CORRECT for _, result, _ in events if result is not Result.SKIPPED]
    longest, run = {True: 0, False: 0}, 0
    for index, one in enumerate(right):
        run = run + 1 if index and right[index - 1] is one else 1
        longest[one] = max(longest[one], run)
    streaks = told(events).streaks
    assert (streaks.longest_right, streaks.longest_wrong, streaks.current) == (longest[True], longest[False], run)


@given(EVENTS)
def test_every_picture_has_its_words(events: Events) -> None:
    for words in told(events).words():
        assert str(words).endswith((".", "."))
        assert "{" not in words


def test_asked_against_got_says_whether_it_agrees() -> None:
    agrees = ChallengeBin(0.5, 100, 52, wilson(52, 100))
    differs = ChallengeBin(0.2, 100, 52, wilson(52, 100))
    assert agrees.agrees is True
    assert differs.agrees is False
    assert ChallengeBin(None, 10, 5, wilson(5, 10)).agrees is None
    assert str(differs.words()) == (
        "Challenge 0.20 was asked for, and 52 % of the answers were not fully right"
        " (answers: 100; between 42 % and 62 %, 95 % sure):"
        " that differs from the 13 % to 27 % that were to be expected."
    )
    assert str(agrees.words()).endswith(": that agrees with the 43 % to 57 % that were to be expected.")


def test_few_answers_tell_nothing_however_far_they_lie() -> None:
    for asked, failures, answers in ((0.0, 1, 2), (0.5, 0, 1), (0.9, 0, MIN_ANSWERS - 1)):
        few = ChallengeBin(asked, answers, failures, wilson(failures, answers))
        assert (few.agrees, few.is_too_few) == (None, True)
        assert str(few.words()).endswith(": too few to tell; it takes 10.")
    enough = ChallengeBin(0.9, MIN_ANSWERS, 0, wilson(0, MIN_ANSWERS))
    assert (enough.agrees, enough.is_too_few) == (False, False)


def test_at_the_ends_nearly_every_answer_is_as_asked() -> None:
    """Challenge 0 promises that nearly every answer is right, not every one; 1 the other way round."""
    nearly = ChallengeBin(0.0, 295, 8, wilson(8, 295))
    assert nearly.failed.low > 0
    assert nearly.agrees is True
    assert ChallengeBin(1.0, 295, 287, wilson(287, 295)).agrees is True
    assert ChallengeBin(0.0, 295, 60, wilson(60, 295)).agrees is False
    assert str(nearly.words()).endswith("that agrees with the 0 % to 7 % that were to be expected.")


def test_challenges_are_put_together_and_sana_s_own_stands_last() -> None:
    meaning = Meaning()
    for challenge in (None, 0.7, 0.1, 0.72, 1.0, 0.0, 0.83):
        meaning.answered(EXERCISES[0], outcome(), challenge)
    asked = [level.asked for level in meaning.snapshot().challenge.bins]
    assert asked == [0.0, 0.1, 0.71, 0.83, 1.0, None], "what was asked for is what is said"


def test_coverage_beside_a_catalogue() -> None:
    now = told([(EXERCISES[1], Result.CORRECT, None)], Catalogue(EXERCISES))
    assert (now.coverage.exercises, now.coverage.known) == (1, 12)
    assert [(part.name, part.known) for part in now.coverage.paths] == [("/s1/t1", 2)]
    assert [(part.name, part.known) for part in now.coverage.tags] == [("tag1", 3)]
    assert now.coverage.words()[0] == "1 of 12 known exercises came up (8 %)."


def test_a_few_of_many_are_not_none_of_them() -> None:
    many = Catalogue([exercise(str(i)) for i in range(2_000)])
    few = Meaning(many)
    few.offered([exercise(str(i)) for i in range(7)])
    assert few.snapshot().coverage.head() == ("7 of 2,000 known exercises came up (under 1 %).",)
    few.offered([exercise(str(i)) for i in range(1_999)])
    assert few.snapshot().coverage.head() == ("1,999 of 2,000 known exercises came up (over 99 %).",)


def test_what_came_up_is_counted_within_what_is_chosen_and_the_rest_is_said_apart() -> None:
    meaning = Meaning(Catalogue(EXERCISES))
    meaning.count_within(Catalogue(EXERCISES[:3]))
    meaning.offered(EXERCISES[:5])
    assert meaning.snapshot().coverage.head() == (
        "3 of 3 known exercises came up (100 %).",
        "2 more came that are not among them.",
    )
    meaning.count_within(Catalogue(EXERCISES))
    assert meaning.snapshot().coverage.head() == ("5 of 12 known exercises came up (42 %).",)
    meaning.count_within(None)
    assert meaning.snapshot().coverage.head() == ("5 different exercises came up.",)
    assert {part.known for part in meaning.snapshot().coverage.paths} == {None}


def test_without_difficulties_it_says_so() -> None:
    now = told([(exercise("x"), Result.CORRECT, None)])
    assert now.ability.logits is None
    assert now.difficulty.points == ()
    assert (*now.difficulty.words(), *now.ability.words()) == (
        "The exercises do not say how difficult they are, so there is no estimate of ability.",
    )


def test_what_the_catalogue_says_of_difficulty_holds_for_answers_of_a_report() -> None:
    known, bare = exercise("a", "/x", b=-1.5), exercise("a", "/x")
    now = told([(bare, Result.CORRECT, None), (exercise("b", "/x"), Result.CORRECT, None)], Catalogue([known]))
    assert [point.value for point in now.difficulty.points] == [-1.5]
    assert (now.difficulty.measured, now.difficulty.unknown, now.ability.answers) == (True, 1, 1)
    assert [level.name for level in now.coverage.levels] == ["−2 … −1"]


def test_numbers_are_written_as_they_are_read() -> None:
    now = told([(exercise("a", "/x", b=-1.5), Result.CORRECT, None)] * 1_200)
    said = " ".join(now.words())
    assert "1,200 of 1,200 answers were fully right (100 %)." in said
    assert "The first exercise answered had difficulty −1.5; the last 20 had −1.5 on average." in said
    assert "The last 1,200 answers were fully right." in said
    assert "Most often: a, 1,200 times." in said


def test_which_difficulty_it_is_is_said() -> None:
    measured = told([(exercise("x", b=0.4), Result.CORRECT, None)]).difficulty.words()
    assert any("measured difficulty" in words for words in measured)
    tagged = told([(Exercise("x", "/a/", difficulty_level=3.0), Result.CORRECT, None)]).difficulty.words()
    assert any("the level that the exercises are tagged with." in words for words in tagged)


def test_a_partly_right_answer_is_not_fully_right_and_a_skipped_one_counts_neither_way() -> None:
    results = (Result.CORRECT, Result.PARTIALLY_CORRECT, Result.SKIPPED, Result.INCORRECT)
    now = told([(EXERCISES[0], result, 0.5) for result in results])
    assert (now.challenge.bins[0].failures, now.challenge.bins[0].answers) == (2, 3)
    assert now.success.words() == (
        "1 of 3 answers was fully right (33 %).", "1 was partly right.", "1 was skipped and is not counted.",
    )  # fmt: skip
    assert now.success.latest == results


def test_one_of_something_is_said_in_the_singular() -> None:
    one = " ".join(told([(exercise("x"), Result.INCORRECT, None), (EXERCISES[1], Result.CORRECT, 0.5)]).words())
    assert "1 exercise does not say how difficult it is." in one
    assert "By 1 answer the" in one
    assert "offered once" in one
    for plural in ("1 answers", "1 were", "1 times", "1 exercises"):
        assert f" {plural}" not in one.replace("of 1 answers", ""), one


def test_a_streak_whose_last_answer_was_skipped_says_that_those_are_left_out() -> None:
    results = (Result.INCORRECT, Result.CORRECT, Result.SKIPPED)
    said = told([(EXERCISES[0], result, None) for result in results]).streaks.words()
    assert said[0] == "Skipped ones left out, the last answer was fully right."
    more = told([(EXERCISES[0], result, None) for result in (*results, Result.CORRECT)]).streaks.words()
    assert more[0] == "Skipped ones left out, the last 2 answers were fully right."


def test_who_learns_on_the_way_has_an_ability_of_now_beside_the_one_over_all() -> None:
    events: Events = [(exercise("x", b=0.0), Result.INCORRECT, None)] * 60
    events += [(exercise("x", b=0.0), Result.CORRECT, None)] * WINDOW
    found = told(events).ability
    assert found.latest is not None
    assert found.logits is not None
    assert found.latest[0] > 1.0 > 0.0 > found.logits
    now, over_all, _scale = found.words()
    assert str(now).startswith("By the last 20 answers the learner's ability is about ")
    assert str(over_all).startswith("Over all 80, as if it had stayed the same, it is about −")
    assert told(events[:WINDOW]).ability.latest is None, "over all is of now, while there are no more"


def test_coverage_is_also_of_what_fits_what_was_asked_for() -> None:
    meaning = Meaning(Catalogue(EXERCISES))
    meaning.asked_for(Constraints(paths=("/s0",)))
    meaning.offered([EXERCISES[0], EXERCISES[2]])
    assert [str(words) for words in meaning.snapshot().coverage.head()] == [
        "2 of 12 known exercises came up (17 %).",
        "Of those that fit what was asked for last: 2 of 6 (33 %).",
    ]
    meaning.asked_for(Constraints())
    assert len(meaning.snapshot().coverage.head()) == 1


def test_an_empty_session_has_words_too() -> None:
    now = Meaning().snapshot()
    assert now.success.words() == now.difficulty.words() == ("Nothing is answered yet.",)
    assert now.ability.words() == ()
    assert now.coverage.words() == ("Nothing was offered yet.",)


def test_answers_without_a_recommendation_are_told_as_such() -> None:
    meaning = Meaning()
    meaning.answered(exercise("x", "/a/", b=0.5), outcome(Result.CORRECT))
    head, *parts = meaning.snapshot().coverage.words()
    assert head == "Nothing was offered: these answers were given without a recommendation."
    assert parts
    assert all("not offered, fully right 100 %" in str(part) for part in parts)


def test_ten_thousand_steps_stay_small_and_quick() -> None:
    meaning = Meaning()
    many = [exercise(str(i), f"/s/t{i % 300}", f"tag{i % 900}", b=(i % 40) / 10 - 2) for i in range(2_000)]
    began = time.thread_time()
    for step in range(10_000):
        each = many[step * 7 % 2_000]
        meaning.offered([each])
        meaning.answered(each, outcome(Result.CORRECT if step % 3 else Result.INCORRECT), 0.3)
    seconds = time.thread_time() - began
    now = meaning.snapshot()
    assert len(now.success.points) <= MAX_POINTS
    assert len(now.coverage.tags) == len(now.coverage.paths) == MAX_PARTS
    assert now.coverage.left_out == 300 + 900 - 2 * MAX_PARTS
    assert seconds < 5.0, "an event must cost well under a millisecond"


def test_answers_of_a_report_say_nothing_of_a_challenge() -> None:
    meaning = Meaning()
    for number in range(3):
        meaning.answered(EXERCISES[number], outcome(Result.CORRECT), recommended=False)
    found = meaning.snapshot()
    assert (found.challenge.bins, found.challenge.unasked) == ((), 3)
    assert [words.say(str) for words in found.challenge.words()] == [
        "No challenge was asked for: these answers are from a report or a paste."
    ]
    assert (found.success.answers, found.success.right) == (3, 3), "they count for everything else"
    assert sum(part.answers for part in found.coverage.paths) == 3
    meaning.answered(EXERCISES[0], outcome(Result.CORRECT), 0.5)
    (asked,) = meaning.snapshot().challenge.bins
    assert asked.answers == 1
    assert meaning.snapshot().challenge.words()[-1].say(str) == (
        "3 answers are from a report or a paste: no challenge was asked for them."
    )
