"""The personas: repeatable by seed, and each what its sentence says."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sana_desktop.api.practice_models import Exercise, Outcome, Result
from sana_desktop.practice.simulate import personas
from sana_desktop.practice.simulate.personas import PERSONAS, Persona, PersonaKind, SimulatedLearner, persona
from tests.support.practice_askers import START, exercise

EXERCISES = [
    exercise(f"e{i}", f"/s{i % 2}/t{i % 4}/l{i % 8}", b=(i % 9 - 4) / 2, max_score=4.0 if i % 3 else None)
    for i in range(400)
]


def play(who: SimulatedLearner, exercises: list[Exercise], gap: float = 30.0) -> list[Outcome]:
    return [who.answer(each, START + timedelta(seconds=gap * i)) for i, each in enumerate(exercises)]


def share_right(outcomes: list[Outcome]) -> float:
    return sum(each.result is Result.CORRECT for each in outcomes) / len(outcomes)


@given(st.sampled_from(PERSONAS), st.integers(0, 2**32))
@settings(max_examples=25)
def test_same_seed_same_run(who: Persona, seed: int) -> None:
    exercises = EXERCISES[:40]
    assert play(SimulatedLearner(who, seed), exercises) == play(SimulatedLearner(who, seed), exercises)


@pytest.mark.parametrize("who", PERSONAS, ids=lambda who: str(who.kind))
def test_another_seed_is_another_run(who: Persona) -> None:
    assert play(SimulatedLearner(who, 1), EXERCISES) != play(SimulatedLearner(who, 2), EXERCISES)


@pytest.mark.parametrize("who", PERSONAS, ids=lambda who: str(who.kind))
def test_every_outcome_can_be_sent(who: Persona) -> None:
    for each, outcome in zip(EXERCISES, play(SimulatedLearner(who, 3), EXERCISES), strict=True):
        assert outcome.time_spent_ms is not None
        assert 500 <= outcome.time_spent_ms <= 600_000
        if each.max_score is None or outcome.result is Result.SKIPPED:
            assert outcome.score is None
        else:
            assert outcome.score is not None
            assert 0 <= outcome.score <= each.max_score
        if outcome.result is Result.PARTIALLY_CORRECT:
            assert each.max_score
            assert 0 < (outcome.score or 0) < each.max_score


def test_the_steady_one_is_a_rasch_learner_and_nothing_else() -> None:
    who = SimulatedLearner(persona("steady"), 5, ability=0.8)
    outcomes = play(who, [exercise("x", b=0.3, max_score=2.0)] * 4_000)
    assert {each.result for each in outcomes} == {Result.CORRECT, Result.INCORRECT}
    assert share_right(outcomes) == pytest.approx(0.6225, abs=0.02)
    assert who.chance(exercise("x", b=0.3)) == pytest.approx(0.6225, abs=1e-3)


def test_the_newcomer_learns_a_topic_and_only_that() -> None:
    who = SimulatedLearner(personas.NEWCOMER, 1)
    before = who.chance(exercise("x", "/a/b/c", b=-1.0))
    outcomes = play(who, [exercise("x", "/a/b/c", b=-1.0)] * 60)
    assert share_right(outcomes[30:]) > share_right(outcomes[:10])
    assert who.chance(exercise("x", "/a/b/c", b=-1.0)) > before
    others = [SimulatedLearner(personas.NEWCOMER, seed).chance(exercise("x", "/other/b", b=0.0)) for seed in range(40)]
    assert sum(chance < 0.5 for chance in others) > 30


def test_the_expert_recovers_and_forgets() -> None:
    who = SimulatedLearner(personas.RUSTY, 1)
    here = exercise("x", "/a/b/c", b=0.0)
    rusty = who.ability_at(here)
    play(who, [here] * 6)
    recovered = who.ability_at(here)
    play(who, [exercise("y", "/elsewhere/b/c", b=0.0)] * 200)
    assert rusty < 0 < recovered
    assert who.ability_at(here) < recovered - 1
    assert recovered == pytest.approx(personas.RUSTY.ability, abs=0.2)


def test_strong_here_weak_there_as_named_or_by_chance() -> None:
    named = SimulatedLearner(personas.UNEVEN, 1, strong=["/a"], weak=["Law"])
    assert named.ability_at(exercise("x", "/a/b")) == personas.UNEVEN_BY
    assert named.ability_at(exercise("x", "/z", "Law")) == -personas.UNEVEN_BY
    assert named.ability_at(exercise("x", "/z")) == 0
    by_chance = SimulatedLearner(personas.UNEVEN, 1)
    sides = Counter(by_chance.ability_at(exercise("x", f"/s/{i}/l")) for i in range(60))
    assert set(sides) == {personas.UNEVEN_BY, -personas.UNEVEN_BY}
    assert by_chance.ability_at(exercise("x", "/s/7/l")) == by_chance.ability_at(exercise("y", "/s/7/other"))


HARDNESS = [-4.0, -2.0, 0.0, 2.0, 4.0]


@pytest.mark.parametrize("b", HARDNESS)
def test_simulated_the_guesser_is_right_one_time_in_four_within_seconds_whatever_the_exercise(b: float) -> None:
    outcomes = play(SimulatedLearner(personas.GUESSER, 1), [exercise("x", b=b)] * 2_000)
    assert share_right(outcomes) == pytest.approx(0.25, abs=0.03)
    assert sorted(each.time_spent_ms or 0 for each in outcomes)[1_900] < 10_000


def test_simulated_the_newcomer_knows_little_and_learns_each_topic() -> None:
    early, late = [], []
    for topic in range(40):
        outcomes = play(SimulatedLearner(personas.NEWCOMER, topic), [exercise("x", f"/a/b/{topic}", b=0.0)] * 40)
        early += outcomes[:3]
        late += outcomes[-10:]
    assert share_right(early) < 0.45
    assert share_right(late) > 0.8


def test_simulated_the_expert_is_poor_at_first_good_after_a_few_and_forgets_in_between() -> None:
    first, later, again = [], [], []
    for seed in range(80):
        who = SimulatedLearner(personas.RUSTY, seed)
        here = play(who, [exercise("x", "/a/b/c", b=0.0)] * 8)
        play(who, [exercise("y", "/elsewhere/b/c", b=0.0)] * 150)
        first += here[:1]
        later += here[4:]
        again += play(who, [exercise("x", "/a/b/c", b=0.0)])
    assert share_right(first) < 0.35
    assert share_right(later) > 0.75
    assert share_right(again) < share_right(later) - 0.2


def test_simulated_strong_here_weak_there_is_good_at_some_topics_and_poor_at_others() -> None:
    who = SimulatedLearner(personas.UNEVEN, 1)
    shares = [share_right(play(who, [exercise("x", f"/s/{topic}/l", b=0.0)] * 200)) for topic in range(10)]
    assert all(share < 0.3 or share > 0.7 for share in shares)
    assert min(shares) < 0.3 < 0.7 < max(shares)


def test_simulated_tired_after_ten_is_worse_and_slower_until_a_pause() -> None:
    good, tired, rested = [], [], []
    for seed in range(60):
        who = SimulatedLearner(personas.TIRES, seed)
        outcomes = play(who, [exercise("x", b=0.0)] * 40)
        good += outcomes[:10]
        tired += outcomes[24:]
        rested += [who.answer(exercise("x", b=0.0), START + timedelta(hours=2))]
    assert share_right(good) == pytest.approx(0.67, abs=0.06)
    assert share_right(tired) < 0.35
    assert share_right(rested) > 0.5
    slow, quick = (sorted(each.time_spent_ms or 0 for each in some) for some in (tired, good))
    assert slow[len(slow) // 2] > 1.4 * quick[len(quick) // 2]


def test_simulated_the_steady_one_knows_as_much_at_the_end_as_at_the_beginning() -> None:
    outcomes = play(SimulatedLearner(personas.STEADY, 1), [exercise("x", b=0.0)] * 4_000)
    assert share_right(outcomes[:2_000]) == pytest.approx(share_right(outcomes[2_000:]), abs=0.04)


def test_after_ten_it_gets_worse_until_a_rest() -> None:
    who = SimulatedLearner(personas.TIRES, 1)
    one = exercise("x", b=0.0)
    fresh = who.ability_at(one)
    for number in range(personas.FRESH_FOR):
        who.answer(one, START + timedelta(seconds=number))
    assert who.ability_at(one) == fresh
    for number in range(40):
        who.answer(one, START + timedelta(seconds=20 + number))
    assert who.ability_at(one) == fresh - personas.MAX_TIRED
    who.answer(one, START + timedelta(hours=2))
    assert who.ability_at(one) == fresh


def test_skipping_and_partly_happen_where_they_are_said_to() -> None:
    hard = play(SimulatedLearner(personas.TIRES, 1), [exercise("x", b=4.0, max_score=2.0)] * 500)
    easy = play(SimulatedLearner(personas.TIRES, 1), [exercise("x", b=-5.0)] * 500)
    assert {each.result for each in hard} == set(Result)
    assert {each.result for each in easy} == {Result.CORRECT, Result.INCORRECT}


def test_every_persona_is_found_by_its_name_and_said_in_plain_words() -> None:
    assert [persona(str(each.kind)) for each in PERSONAS] == list(PERSONAS)
    assert {each.kind for each in PERSONAS} == set(PersonaKind)
    for each in PERSONAS:
        assert str(each.sentence).endswith(".")
        assert str(each.model).endswith(".")
        assert each.title
    with pytest.raises(KeyError):
        persona("nobody")
