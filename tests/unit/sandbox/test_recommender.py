"""The recommender: what it may choose, what it prefers, in which order; and the ones with a flaw."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sana_desktop.sandbox.catalogue import Item, catalogue, segments
from sana_desktop.sandbox.content import Content, concept_of
from sana_desktop.sandbox.flaws import FLAWS, Flaw, chooser
from sana_desktop.sandbox.learner_model import SECONDS_A_DAY, Answer, Learner, learn
from sana_desktop.sandbox.recommender import Question, recommend

NOW = 1.7e9
DAY = SECONDS_A_DAY
CONTENT = Content(catalogue())
TAGS = sorted({tag for item in catalogue() for tag in item.tags})
PATHS = sorted({"/".join(item.path[:depth]) for item in catalogue() for depth in (1, 2, 3)})


def answered(learner: Learner, items: Iterable[Item], success: float = 1.0, at: float = NOW) -> Learner:
    for item in items:
        learn(learner, CONTENT.chain(item.path), item.b, Answer(success), at)
        learner.note(item.id, concept_of(item.path), at)
    return learner


def ask(learner: Learner, count: int = 1, now: float = NOW, **limits: object) -> tuple[Item, ...]:
    return recommend(CONTENT, learner, Question(count, **limits), now)  # type: ignore[arg-type]


def mean(items: Iterable[Item]) -> float:
    found = [item.b for item in items]
    return sum(found) / len(found)


histories = st.lists(st.tuples(st.integers(0, 1999), st.sampled_from([0.0, 0.5, 1.0]), st.floats(0, 400)), max_size=30)
challenges = st.none() | st.floats(0, 1)
loose_paths = st.sampled_from(PATHS).flatmap(lambda path: st.sampled_from([path, f"/{path}", f"{path}/", f"/{path}/"]))
questions = st.builds(
    Question,
    count=st.integers(1, 60),
    challenge=challenges,
    is_review=st.booleans(),
    paths=st.lists(loose_paths | st.sampled_from(["", "/", "/no/such", "sale"]), max_size=3).map(tuple),
    tags=st.lists(st.sampled_from([*TAGS, "NoSuchTag"]), max_size=3).map(tuple),
)


def history_of(entries: list[tuple[int, float, float]]) -> Learner:
    learner, at = Learner(), NOW
    for number, success, days in entries:
        at += days * DAY
        answered(learner, [catalogue()[number]], success, at)
    return learner


def allowed(item: Item, learner: Learner, question: Question) -> bool:
    """The constraints in the page's own words."""
    below = [segments(path) for path in question.paths]
    return (
        (not below or any(item.path[: len(start)] == start for start in below))
        and (not question.tags or any(tag in item.tags for tag in question.tags))
        and (not question.is_review or any(item.path[:2] == met for met in learner.met))
    )


@settings(max_examples=150, deadline=None)
@given(histories, questions)
def test_every_constraint_is_obeyed_always(entries: list[tuple[int, float, float]], question: Question) -> None:
    learner = history_of(entries)
    found = recommend(CONTENT, learner, question, learner.last or NOW)
    fitting = sum(allowed(item, learner, question) for item in catalogue())
    assert all(allowed(item, learner, question) for item in found)
    assert len(found) == min(question.count, fitting)
    assert len({item.id for item in found}) == len(found)
    assert recommend(CONTENT, learner, question, learner.last or NOW) == found


@settings(max_examples=60, deadline=None)
@given(histories, st.floats(0, 1), st.floats(0, 1))
def test_a_higher_challenge_is_never_easier(entries: list[tuple[int, float, float]], one: float, other: float) -> None:
    place = segments("sales/demos")
    learner = history_of([entry for entry in entries if catalogue()[entry[0]].path[:2] != place])
    low, high = (ask(learner, 5, challenge=level, paths=("sales/demos",)) for level in sorted((one, other)))
    assert mean(low) <= mean(high)
    assert low[-1].b <= high[-1].b


def test_what_was_done_of_late_is_avoided_where_anything_else_fits() -> None:
    learner, seen = Learner(), list[str]()
    for number in range(120):
        item = ask(learner, challenge=0.5)[0]
        seen.append(item.id)
        answered(learner, [item], number % 2)
    assert len(set(seen)) == 120


def test_the_longest_rested_comes_back_when_nothing_else_is_left() -> None:
    learner, seen = Learner(), list[str]()
    lesson = ("sales/demos/stories",)
    for _ in range(40):
        item = ask(learner, challenge=0.5, paths=lesson)[0]
        assert item.id not in seen[-4:]
        seen.append(item.id)
        answered(learner, [item], 0.5)
    assert len(set(seen)) >= 6


def test_wrong_answers_make_it_easier_and_right_ones_harder() -> None:
    start = mean(ask(Learner(), 10, challenge=0.5))
    for challenge in (None, 0.3, 0.7):
        begin = mean(ask(Learner(), 10, challenge=challenge))
        wrong = answered(Learner(), ask(Learner(), 5, challenge=challenge), 0.0)
        right = answered(Learner(), ask(Learner(), 5, challenge=challenge), 1.0)
        assert mean(ask(wrong, 10, challenge=challenge)) < begin < mean(ask(right, 10, challenge=challenge))
    assert start == pytest.approx(0.0, abs=0.05)


def test_what_is_known_of_one_topic_shows_there_most() -> None:
    learner = Learner()
    for _ in range(3):
        answered(learner, ask(learner, challenge=0.5, paths=("sales/demos",)), 1.0)
    places = ("sales/demos", "sales/pricing", "compliance/gdpr")
    here, beside, elsewhere = (ask(learner, challenge=0.5, paths=(place,))[0].b for place in places)
    assert here > beside > elsewhere > 0


def test_a_set_warms_up_and_topics_alternate() -> None:
    found = ask(Learner(), 12, challenge=0.5)
    difficulties = [item.b for item in found]
    assert difficulties == sorted(difficulties)
    assert len({item.path[:2] for item in found}) >= 10
    two_topics = ask(Learner(), 10, challenge=0.5, paths=("sales/demos", "data-skills/sql"))
    assert all(one.path[:2] != other.path[:2] for one, other in itertools.pairwise(two_topics))
    apart = ask(answered(Learner(), found, 0.0), 20)
    assert all(one.path[:2] != other.path[:2] for one, other in itertools.pairwise(apart))


def test_left_to_itself_it_spreads_over_topics_and_comes_back_to_rested_ones() -> None:
    learner, topics = Learner(), list[tuple[str, ...]]()
    for number in range(40):
        item = ask(learner)[0]
        topics.append(item.path[:2])
        answered(learner, [item], float(number % 4 != 0))
    assert len(set(topics)) >= 12
    assert all(one != other for one, other in itertools.pairwise(topics))
    demos = ask(Learner(), 5, paths=("sales/demos",))
    rested = answered(answered(Learner(), demos), ask(Learner(), 5, paths=("data-skills/sql",)), at=NOW + 200 * DAY)
    again = ask(rested, 6, now=NOW + 200 * DAY, is_review=True)
    assert again[0].path[:2] != again[1].path[:2]
    assert sum(item.path[:2] == ("sales", "demos") for item in again) >= 3


def test_after_a_long_pause_it_starts_from_the_middle_again() -> None:
    learner = answered(Learner(), ask(Learner(), 10, challenge=0.5))
    now, later = (mean(ask(learner, 10, challenge=0.5, now=NOW + days * DAY)) for days in (0, 2000))
    assert now > 1.0
    assert 0 <= later < now / 3


# --- the flawed ones ------------------------------------------------------------------------------------


def flawed(flaw: Flaw) -> Callable[..., tuple[Item, ...]]:
    def ask_it(learner: Learner, count: int = 1, **limits: object) -> tuple[Item, ...]:
        return chooser(flaw)(CONTENT, learner, Question(count, **limits), NOW)  # type: ignore[arg-type]

    return ask_it


def test_without_a_flaw_it_is_the_recommender() -> None:
    assert chooser(None) is recommend


@pytest.mark.parametrize("flaw", FLAWS)
def test_a_flawed_one_still_answers_plain_questions(flaw: Flaw) -> None:
    known = {item.id for item in catalogue()}
    for count in (1, 5):
        found = flawed(flaw)(Learner(), count, challenge=0.4)
        assert len(found) == count + (flaw == "ignores_count")
        assert {item.id for item in found} <= known


def test_each_flaw_is_the_one_it_is_named_for() -> None:
    learner = answered(Learner(), ask(Learner(), 6), 0.0)
    assert len({flawed("random")(learner, 5) for _ in range(5)}) > 1
    assert flawed("constant")(learner, 5) == flawed("constant")(Learner(), 5, challenge=0.9)
    assert {item.path[0] for item in flawed("constant")(learner, 5, paths=("sales",))} == {"sales"}
    assert any("GDPR" not in item.tags for item in flawed("ignores_tags")(learner, 5, tags=("GDPR",)))
    assert any(item.path[0] != "sales" for item in flawed("ignores_paths")(learner, 5, paths=("sales",)))
    assert len(flawed("ignores_count")(learner, 7)) == 8
    easy, hard = (flawed("ignores_challenge")(learner, 5, challenge=level) for level in (0.1, 0.9))
    assert easy == hard
    assert flawed("ignores_answers")(learner, 5, challenge=0.5) == ask(Learner(), 5, challenge=0.5)
    assert len(set(flawed("repeats")(learner, 5))) == 1
    assert learner.done[flawed("repeats")(learner)[0].id] == learner.answers
    assert mean(flawed("harder_after_wrong")(learner, 5, challenge=0.5)) > mean(ask(Learner(), 5, challenge=0.5))
    assert any(item.path[:2] not in learner.met for item in flawed("review_unseen")(learner, 5, is_review=True))
    assert flawed("empty_when_hard")(learner, 5, challenge=0.6) == ()
    assert len(flawed("empty_when_hard")(learner, 5, challenge=0.4)) == 5
