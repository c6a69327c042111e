"""Why is it empty, why not this one: on a recommender that keeps the constraints."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.api.practice_models import Constraints, Exercise, NextQuery
from sana_desktop.practice.places import fits
from sana_desktop.practice.why import (
    LOOK_AT,
    Part,
    WhyNotVerdict,
    most_calls,
    parts_of_query,
    why_empty,
    why_not,
    without,
)
from tests.support.practice_askers import ScriptedAsker, answered, exercise

BANK = [
    *(exercise(f"law{i}", "/law/gdpr", "GDPR") for i in range(2)),
    *(exercise(f"fire{i}", "/safety/fire", "Drill") for i in range(12)),
    exercise("both", "/safety/data", "GDPR"),
]


def honest(query: NextQuery) -> Sequence[Exercise]:
    if query.constraints.is_review or (query.challenge_level or 0) > 0.9:
        return []
    return [each for each in BANK if fits(each, query.constraints)][: query.num_exercises]


def asked(
    review: bool = False, paths: tuple[str, ...] = (), tags: tuple[str, ...] = (), challenge: float | None = None
) -> NextQuery:
    return NextQuery("u", 5, Constraints(review or None, paths, tags), challenge)


async def test_one_constraint_blocks() -> None:
    found = await why_empty(ScriptedAsker(honest), asked(paths=("/safety/fire",), tags=("GDPR",)))
    assert [str(words) for words in found.words()] == [
        "Nothing fits.",
        "Without the tag GDPR there would be 12.",
        "Without the path /safety/fire there would be 3.",
    ]
    assert found.calls == 3


async def test_only_both_together_block() -> None:
    found = await why_empty(ScriptedAsker(honest), asked(review=True, paths=("/nowhere", "/no"), tags=("Drill",)))
    assert [blocking.parts for blocking in found.blocking] == [(Part.PATHS, Part.REVIEW)]
    assert [str(words) for words in found.words()][1:] == [
        "Only without all of these there would be 12:",
        "the paths /nowhere, /no",
        "“review only”",
    ]


async def test_it_is_not_empty_or_always_empty() -> None:
    full = await why_empty(ScriptedAsker(honest), asked(tags=("GDPR",)))
    assert (full.found, full.calls) == (3, 1)
    assert full.words() == ("It is not empty: 3 exercises fit.",)
    never = await why_empty(ScriptedAsker(lambda _: []), asked(tags=("GDPR",)))
    assert never.words() == ("Nothing fits, not even without any constraint.",)
    bare = await why_empty(ScriptedAsker(lambda _: []), asked())
    assert bare.words() == ("Nothing fits, and nothing was asked that could be dropped.",)


async def test_many_are_said_to_be_many() -> None:
    many = [exercise(str(i)) for i in range(80)]
    asker = ScriptedAsker(lambda query: [] if query.constraints.tags else many[: query.num_exercises])
    found = await why_empty(asker, asked(tags=("a", "b")))
    assert found.words()[1] == f"Without the tags a, b there would be {LOOK_AT} or more."


@given(st.booleans(), st.booleans(), st.booleans(), st.sampled_from([None, 0.5, 0.95]))
async def test_the_set_is_minimal_and_the_number_of_calls_kept(
    review: bool, path: bool, tag: bool, challenge: float | None
) -> None:
    query = asked(review, ("/safety/fire",) if path else (), ("GDPR",) if tag else (), challenge)
    asker = ScriptedAsker(honest)
    found = await why_empty(asker, query)
    assert len(asker.log) == found.calls <= most_calls(query)
    for blocking in found.blocking:
        assert honest(without(query, blocking.parts))
        for part in blocking.parts:
            assert not honest(without(query, tuple(each for each in blocking.parts if each is not part)))
    assert bool(found.blocking) == (not honest(query))


async def test_why_not_this_one() -> None:
    fire, law = BANK[2], BANK[0]
    there = await why_not(ScriptedAsker(honest), asked(paths=("/safety",)), fire)
    assert (there.verdict, there.place) == (WhyNotVerdict.IT_IS, 1)
    blocked = await why_not(ScriptedAsker(honest), asked(paths=("/law",), tags=("GDPR",)), fire)
    assert blocked.against == (Part.TAGS, Part.PATHS)
    assert [str(words) for words in blocked.words()] == [
        "It does not have the tag GDPR.",
        "It is not in the path /law.",
        "fire0 comes only without all of these:",
        "the tag GDPR",
        "the path /law",
    ]
    assert blocked.calls == 2, "what the exercise contradicts must go, whatever else is tried"
    hard = await why_not(ScriptedAsker(honest), asked(challenge=0.95), law)
    assert hard.words() == ("law0 comes without the challenge 0.95.",)


async def test_outranked_or_unknown() -> None:
    def only_first(query: NextQuery) -> Sequence[Exercise]:
        return honest(query)[:1]

    outranked = await why_not(ScriptedAsker(only_first), asked(), BANK[-1])
    assert outranked.verdict is WhyNotVerdict.OUTRANKED
    unknown = await why_not(ScriptedAsker(honest), asked(tags=("GDPR",)), exercise("never", "/x", "GDPR"))
    assert unknown.verdict is WhyNotVerdict.UNKNOWN
    assert unknown.words()


async def test_a_question_with_outcomes_is_refused() -> None:
    asker = ScriptedAsker(honest)
    with pytest.raises(ValueError, match="changes the learner"):
        await why_empty(asker, NextQuery("u", outcomes=(answered(BANK[0]),)))
    assert asker.log == []


def test_what_can_be_dropped() -> None:
    assert parts_of_query(asked(True, ("/a",), ("b",), 0.1)) == (Part.TAGS, Part.PATHS, Part.REVIEW, Part.CHALLENGE)
    assert parts_of_query(NextQuery("u", constraints=Constraints(is_review=False))) == ()
    assert without(asked(True, ("/a",), ("b",), 0.1), tuple(Part)).constraints == Constraints()
