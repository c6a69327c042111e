"""The learner model: what an answer moves, how far, and what time takes away. And the file of answers."""

from __future__ import annotations

import itertools
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.sandbox.learner_model import (
    HALF_LIFE_DAYS,
    MAX_NOTED,
    PRIOR_VARIANCE,
    SECONDS_A_DAY,
    Answer,
    Learner,
    answer_of,
    learn,
    logit,
    means,
    sigmoid,
)
from sana_desktop.sandbox.practice_record import Entry, PracticeRecord

CHAIN = (0, 1, 2)
RIGHT, WRONG = Answer(1.0), Answer(0.0)
NOW = 1.7e9


def believed(learner: Learner, chain: tuple[int, ...] = CHAIN, now: float = NOW) -> float:
    found = means(learner, now)
    return sum(found.get(node, 0.0) for node in chain)


def taught(*answers: Answer, b: float = 0.0, at: float = NOW) -> Learner:
    learner = Learner()
    for number, answer in enumerate(answers):
        learn(learner, CHAIN, b, answer, at)
        learner.note(f"e{number}", ("s", "t"), at)
    return learner


@pytest.mark.parametrize(
    ("result", "score", "most", "expected"),
    [
        ("correct", None, None, Answer(1.0)), ("correct", 0.0, 10.0, Answer(1.0)),
        ("incorrect", 9.0, 10.0, Answer(0.0)),
        ("skipped", None, None, Answer(0.0, 0.5)), ("partially_correct", None, None, Answer(0.5)),
        ("partially_correct", 3.0, 4.0, Answer(0.75)), ("partially_correct", 9.0, 4.0, Answer(1.0)),
        ("partially_correct", -1.0, 4.0, Answer(0.0)), ("partially_correct", 3.0, None, Answer(0.5)),
        ("partially_correct", 3.0, 0.0, Answer(0.5)),
    ],
)  # fmt: skip
def test_what_an_outcome_is_worth(result: str, score: float | None, most: float | None, expected: Answer) -> None:
    assert answer_of(result, score, most) == expected


def test_the_logistic_curve() -> None:
    assert sigmoid(0.0) == 0.5
    assert sigmoid(-1e9) == 0.0
    assert sigmoid(1e9) == 1.0
    assert all(math.isclose(logit(sigmoid(x)), x, abs_tol=1e-9) for x in (-3.0, -0.5, 0.0, 2.0))


def test_the_first_step_is_the_kalman_gain() -> None:
    learner = taught(RIGHT)
    total = sum(PRIOR_VARIANCE)
    assert believed(learner) == pytest.approx(total / (1 + 0.25 * total) * 0.5)
    for node, prior in enumerate(PRIOR_VARIANCE):
        held = learner.estimates[node]
        assert held.mean == pytest.approx(prior / (1 + 0.25 * total) * 0.5)
        assert held.variance == pytest.approx(prior - 0.25 * prior**2 / (1 + 0.25 * total))


def test_a_surprise_moves_more_and_steps_shrink() -> None:
    assert believed(taught(RIGHT, b=2.0)) > believed(taught(RIGHT)) > believed(taught(RIGHT, b=-2.0)) > 0
    assert believed(taught(WRONG)) < believed(taught(Answer(0.0, 0.5))) < believed(taught(Answer(0.5))) == 0
    path = [believed(taught(*[RIGHT, WRONG] * 20, *[RIGHT] * n)) for n in range(4)]
    steps = [after - before for before, after in itertools.pairwise(path)]
    assert steps == sorted(steps, reverse=True)
    assert 0 < steps[0] < believed(taught(RIGHT)) / 3


def test_what_is_learnt_in_a_topic_counts_less_elsewhere() -> None:
    learner = taught(*[RIGHT] * 5)
    assert believed(learner) > believed(learner, (0, 1, 7)) > believed(learner, (0, 8, 9)) > 0


def test_time_takes_back_half_by_each_levels_half_life() -> None:
    learner = taught(*[RIGHT] * 5)
    for node, days in enumerate(HALF_LIFE_DAYS):
        later = means(learner, NOW + days * SECONDS_A_DAY)
        assert later[node] == pytest.approx(learner.estimates[node].mean / 2)
    assert means(learner, NOW + SECONDS_A_DAY / 2) == means(learner, NOW)
    # After a long pause an answer moves as much as the first one did.
    before = learner.estimates[0].variance
    learn(learner, CHAIN, 0.0, RIGHT, NOW + 100 * 365 * SECONDS_A_DAY)
    fresh = taught(RIGHT)
    assert before < learner.estimates[0].variance == pytest.approx(fresh.estimates[0].variance)
    assert believed(learner, now=learner.last) == pytest.approx(believed(fresh), abs=1e-6)


def test_outcomes_that_come_out_of_order_do_not_turn_time_back() -> None:
    learner = taught(RIGHT, RIGHT)
    learn(learner, CHAIN, 0.0, RIGHT, NOW - 1000 * SECONDS_A_DAY)
    assert learner.last == NOW
    assert believed(learner) == pytest.approx(believed(taught(RIGHT, RIGHT, RIGHT)))


def test_a_learners_own_time() -> None:
    assert Learner().now(5.0) == 5.0
    learner = taught(RIGHT, at=1000.0)  # long ago by the outcome, just now by arrival
    learner.arrived = NOW
    assert learner.now(NOW) == learner.now(NOW + SECONDS_A_DAY - 1) == learner.now(NOW - 5) == 1000.0
    assert learner.now(NOW + 3.5 * SECONDS_A_DAY) == 1000.0 + 3 * SECONDS_A_DAY


def test_what_is_noted_of_one_learner_is_bounded() -> None:
    learner = Learner()
    for number in range(MAX_NOTED + 500):
        learner.note(f"e{number}", ("s", str(number)), NOW)
    assert len(learner.done) <= MAX_NOTED >= len(learner.met) == len(learner.met_at)
    assert f"e{MAX_NOTED + 499}" in learner.done
    assert ("s", str(MAX_NOTED + 499)) in learner.met


@given(
    st.lists(
        st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(-8, 8), st.floats(0, 4e9), st.integers(1, 3)), max_size=60
    )
)
def test_estimates_stay_sane_whatever_comes(answers: list[tuple[float, float, float, float, int]]) -> None:
    learner = Learner()
    for success, weight, b, at, depth in answers:
        learn(learner, CHAIN[:depth], b, Answer(success, weight), at)
    for held in learner.estimates.values():
        assert abs(held.mean) < 40
        assert 0 < held.variance <= PRIOR_VARIANCE[held.level]


# --- the file of answers --------------------------------------------------------------------------------


def entry(number: int, exercise: str | dict[str, object] = "e") -> Entry:
    return Entry(f"ü{number}", exercise, 1.0, 0.5, 10.0 + number, 20.0)


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    record = PracticeRecord(tmp_path / "p.jsonl")
    entries = [entry(1), entry(2, {"id": "own", "path": "/x", "tags": ["å"]})]
    for each in entries:
        record.append(each)
    assert list(record.read()) == entries  # at once: nothing waits in a buffer
    record.close()
    assert list(PracticeRecord(tmp_path / "p.jsonl").read()) == entries


def test_torn_and_foreign_lines_are_skipped(tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    path.write_bytes(b'7\n[]\n{"a": 1}\n["u", "e", 1]\n["u", 5, 1, 1, 1, 1]\n["u", "e", "x", 1, 1, 1]\n\xff\n["u", "e')
    record = PracticeRecord(path)
    assert list(record.read()) == []
    record.append(entry(1))
    record.close()
    assert list(record.read()) == [entry(1)]


def test_the_file_is_bounded_and_the_newest_stay(tmp_path: Path) -> None:
    record = PracticeRecord(tmp_path / "p.jsonl", most_bytes=1000)
    for number in range(200):
        record.append(entry(number))
    record.close()
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 2200
    kept = list(record.read())
    assert kept == [entry(number) for number in range(200 - len(kept), 200)]
    assert len(kept) > 20


def test_without_a_file_nothing_is_kept() -> None:
    record = PracticeRecord(None)
    record.append(entry(1))
    assert list(record.read()) == []
