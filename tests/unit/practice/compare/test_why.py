"""Why is it empty, why not this one: on a recommender that keeps the constraints."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.api.practice_models import Constraints, Exercise, NextQuery
from sana_desktop.practice.compare.why import LOOK_AT, MAX_ONE_BY_ONE, WhyNotVerdict, plan, why_empty, why_not
from sana_desktop.practice.exercises.limits import Limit, Part, limits_of, without
from sana_desktop.practice.exercises.places import fits
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


def wants_all(query: NextQuery) -> Sequence[Exercise]:
    """A site that does not keep to the developer page: every tag must be there, not any."""
    wanted = set(query.constraints.tags)
    return [each for each in BANK if wanted <= set(each.tags)]


def asked(
    review: bool = False, paths: tuple[str, ...] = (), tags: tuple[str, ...] = (), challenge: float | None = None
) -> NextQuery:
    return NextQuery("u", 5, Constraints(review or None, paths, tags), challenge)


async def test_one_constraint_blocks() -> None:
    found = await why_empty(ScriptedAsker(honest), asked(paths=("/safety/fire",), tags=("GDPR",)))
    assert [str(words) for words in found.words()] == [
        "Nothing fits.",
        "Without the tag GDPR there would be 12.",
        "Without the topic safety › fire there would be 3.",
    ]
    assert found.calls == 3


async def test_only_both_together_block() -> None:
    found = await why_empty(ScriptedAsker(honest), asked(review=True, paths=("/nowhere", "/no"), tags=("Drill",)))
    nowhere, no = Limit(Part.PATHS, "/nowhere"), Limit(Part.PATHS, "/no")
    assert [blocking.limits for blocking in found.blocking] == [(nowhere, no, Limit(Part.REVIEW))]
    assert [str(words) for words in found.words()][1:] == [
        "Only without all of these there would be 12:",
        "the topics nowhere and no,",
        "and “review only”.",
    ]


async def test_a_site_that_wants_every_tag_has_single_tags_in_the_way() -> None:
    found = await why_empty(ScriptedAsker(wants_all), asked(tags=("GDPR", "Drill", "Fire")))
    assert [str(words) for words in found.words()][1:] == [
        "Without the tags Drill and Fire there would be 3.",
        "To drop fewer of them is not enough.",
    ], "GDPR can stay"
    either = await why_empty(ScriptedAsker(wants_all), asked(tags=("GDPR", "Drill")))
    assert [str(words) for words in either.words()][1:] == [
        "Without the tag GDPR there would be 12.",
        "Without the tag Drill there would be 3.",
    ]
    assert either.calls == 4, "as it is, without both, without each"


async def test_one_of_several_places_can_be_in_the_way() -> None:
    def chokes(query: NextQuery) -> Sequence[Exercise]:
        """Answers nothing as soon as it does not know a place."""
        return [] if "/typo" in query.constraints.paths else honest(query)

    query = asked(paths=("/law", "/typo", "/safety"), tags=("GDPR",))
    found = await why_empty(ScriptedAsker(chokes), query)
    assert [str(words) for words in found.words()][1:] == ["Without the topic typo there would be 3."]
    missed = await why_not(ScriptedAsker(chokes), query, BANK[-1])
    assert missed.blocking == ((Limit(Part.PATHS, "/typo"),),)


async def test_alternatives_are_only_in_the_way_together() -> None:
    found = await why_empty(ScriptedAsker(honest), asked(paths=("/safety/fire",), tags=("GDPR", "Law")))
    assert [str(words) for words in found.words()][1:] == [
        "Without the topic safety › fire there would be 3.",
        "Without the tags GDPR and Law there would be 12.",
        "To drop fewer of them is not enough.",
    ]


async def test_too_many_are_dropped_at_once() -> None:
    query = asked(tags=tuple(f"t{at}" for at in range(MAX_ONE_BY_ONE + 1)))
    found = await why_empty(ScriptedAsker(honest), query)
    assert (found.calls, found.blocking[0].limits) == (2, limits_of(query))
    assert "too many to try one by one" in found.words()[-1]
    assert plan(query, 0.2).singles == 0


async def test_it_is_not_empty_or_always_empty() -> None:
    full = await why_empty(ScriptedAsker(honest), asked(tags=("GDPR",)))
    assert (full.found, full.calls) == (3, 1)
    assert full.words() == (f"It is not empty: 3 came. To find out, {LOOK_AT} are asked for.",)
    never = await why_empty(ScriptedAsker(lambda _: []), asked(tags=("GDPR",)))
    assert never.words() == ("Nothing fits, not even without any constraint.",)
    bare = await why_empty(ScriptedAsker(lambda _: []), asked())
    assert bare.words() == ("Nothing fits, and nothing was asked that could be dropped.",)


async def test_many_are_said_to_be_many() -> None:
    many = [exercise(str(i)) for i in range(80)]
    asker = ScriptedAsker(lambda query: [] if query.constraints.tags else many[: query.num_exercises])
    found = await why_empty(asker, asked(tags=("a", "b")))
    assert found.words()[1] == f"Without the tags a and b there would be {LOOK_AT} or more."
    full = await why_empty(asker, asked())
    assert full.words() == (
        f"It is not empty: {LOOK_AT} exercises came, as many as are asked for to find out; there may be more.",
    )


SITES = {"any of them": honest, "all of them": wants_all}
TAGS = st.lists(st.sampled_from(["GDPR", "Drill", "none"]), unique=True)
PATHS = st.lists(st.sampled_from(["/safety/fire", "/law", "/nowhere"]), unique=True)


@given(st.sampled_from(sorted(SITES)), st.booleans(), PATHS, TAGS, st.sampled_from([None, 0.5, 0.95]))
async def test_the_set_is_minimal_and_the_number_of_calls_kept(
    site: str, review: bool, paths: list[str], tags: list[str], challenge: float | None
) -> None:
    query = asked(review, tuple(paths), tuple(tags), challenge)
    asker = ScriptedAsker(SITES[site])
    found = await why_empty(asker, query)
    assert len(asker.log) == found.calls <= plan(query, 0.2).calls
    assert len(set(asker.queries)) == found.calls, "nothing is asked twice"
    for blocking in found.blocking:
        assert SITES[site](without(query, blocking.limits))
        for limit in blocking.limits:
            assert not SITES[site](without(query, [each for each in blocking.limits if each != limit]))
    assert bool(found.blocking) == (not SITES[site](query))
    missed = ScriptedAsker(SITES[site])
    assert (await why_not(missed, query, BANK[-1])).calls == len(missed.log) <= plan(query, 0.2).calls


@pytest.mark.parametrize(
    ("query", "calls", "how"),
    [
        (NextQuery("u"), 2, "Nothing is asked for that could be dropped."),
        (asked(True, ("/a",), ("b",), 0.1), 17, "Each constraint is dropped by itself, then two of them"),
        (asked(tags=("a", "b")), 4, "tag by tag"),
        (asked(tags=("a", "b", "c"), paths=("/a", "/b")), 11, "tag by tag"),
    ],
)
def test_what_it_takes_is_said_before(query: NextQuery, calls: int, how: str) -> None:
    found = plan(query, 0.5)
    assert (found.calls, found.seconds) == (calls, calls * 0.5)
    said = " ".join(found.words())
    assert said.startswith(f"At most {calls} questions, about {round(calls * 0.5)} s.")
    assert how in said
    assert said.endswith("No answers are sent, so the learner stays as they are.")


async def test_why_not_this_one() -> None:
    fire, law = BANK[2], BANK[0]
    there = await why_not(ScriptedAsker(honest), asked(paths=("/safety",)), fire)
    assert (there.verdict, there.place) == (WhyNotVerdict.IT_IS, 1)
    blocked = await why_not(ScriptedAsker(honest), asked(paths=("/law",), tags=("GDPR",)), fire)
    assert blocked.against == (Limit(Part.TAGS, "GDPR"), Limit(Part.PATHS, "/law"))
    assert [str(words) for words in blocked.words()] == [
        "It does not have the tag GDPR.",
        "It is not in the topic law.",
        "fire0 comes only without all of these:",
        "the tag GDPR,",
        "and the topic law.",
    ]
    assert blocked.calls == 2, "what the exercise contradicts must go, whatever else is tried"
    hard = await why_not(ScriptedAsker(honest), asked(challenge=0.95), law)
    assert hard.words() == ("law0 comes without the challenge 0.95.",)


async def test_outranked_or_unknown() -> None:
    def only_first(query: NextQuery) -> Sequence[Exercise]:
        return honest(query)[:1]

    outranked = await why_not(ScriptedAsker(only_first), asked(), BANK[-1])
    assert outranked.verdict is WhyNotVerdict.OUTRANKED
    assert "it fits, and others come first" in str(outranked.words()[-1])
    aside = await why_not(ScriptedAsker(only_first), asked(paths=("/law",)), BANK[-1])
    assert (aside.verdict, aside.against) == (WhyNotVerdict.OUTRANKED, (Limit(Part.PATHS, "/law"),))
    assert [str(words) for words in aside.words()] == [
        "It is not in the topic law.",
        f"Also without any constraint it is not among the first {LOOK_AT} that come.",
        "both comes when its own topic is asked for.",
    ], "“it fits” would contradict the line above"
    unknown = await why_not(ScriptedAsker(honest), asked(tags=("GDPR",)), exercise("never", "/x", "GDPR"))
    assert unknown.verdict is WhyNotVerdict.UNKNOWN
    assert unknown.words()


async def test_a_question_with_outcomes_is_refused() -> None:
    asker = ScriptedAsker(honest)
    with pytest.raises(ValueError, match="changes the learner"):
        await why_empty(asker, NextQuery("u", outcomes=(answered(BANK[0]),)))
    assert asker.log == []
