"""What-if: what a sweep says before, asks, and finds, on recommenders whose nature is known."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.api.practice_models import Constraints, Exercise, NextQuery, Recommendation
from sana_desktop.base.clock import SystemClock
from sana_desktop.base.errors import NetworkError
from sana_desktop.base.tasks import Supervisor
from sana_desktop.practice.compare import sweep
from sana_desktop.practice.compare.sweep import Sweep, SweepProgress
from sana_desktop.practice.compare.sweep_result import CellMark, SweepResult, SweepVerdict, likeness, result_of
from tests.support.practice_askers import Choose, ScriptedAsker, answered, exercise

BANK = [exercise(f"e{number:02}", b=number / 10 - 2) for number in range(40)]
QUERY = NextQuery("u", 5)
IDS = st.lists(st.sampled_from("ABCDE"), max_size=5, unique=True)


def by_challenge(query: NextQuery) -> Sequence[Exercise]:
    start = round((query.challenge_level or 0) * 30)
    return BANK[start : start + 5]


def noisy(seed: int, by_level: bool) -> Choose:
    source = random.Random(seed)

    def choose(query: NextQuery) -> Sequence[Exercise]:
        where = round((query.challenge_level or 0) * 30) if by_level else 0
        return source.sample(BANK[where : where + 10], 5) if by_level else source.sample(BANK, 5)

    return choose


async def swept(choose: Choose, levels: tuple[sweep.Level, ...], repeats: int = 3) -> SweepResult:
    return await Sweep(ScriptedAsker(choose), sweep.plan(levels, repeats), SystemClock()).run()


async def test_a_difference_is_found_and_marked() -> None:
    found = await swept(by_challenge, sweep.challenge_levels(QUERY, [0.0, 0.1, 0.9]))
    assert found.verdict is SweepVerdict.DIFFERENCE
    rows = {row.exercise.id: [cell.mark for cell in row.cells] for row in found.rows}
    assert rows["e00"] == [CellMark.STAYS, CellMark.LEAVES, CellMark.ABSENT]
    assert rows["e04"] == [CellMark.STAYS, CellMark.STAYS, CellMark.LEAVES]
    assert rows["e06"] == [CellMark.ABSENT, CellMark.ENTERS, CellMark.LEAVES]
    first = found.rows[0].cells[0]
    assert (first.times, first.place) == (3, 1.0)
    said = [str(words) for words in found.words()]
    assert "makes a difference" in said[0]
    assert said[1] == "Each setting by itself got the same answer each time it was asked."
    assert said[2] == "Challenge 0.1: 3 enter, 3 leave, 2 stay."


async def test_a_constant_recommender_gives_no_difference() -> None:
    found = await swept(lambda _: BANK[:5], sweep.challenge_levels(QUERY))
    assert found.verdict is SweepVerdict.NO_DIFFERENCE
    assert found.words()[0].startswith("No difference found")


@pytest.mark.parametrize("seed", range(6))
async def test_noise_is_not_taken_for_a_difference(seed: int) -> None:
    found = await swept(noisy(seed, by_level=False), sweep.challenge_levels(QUERY), 4)
    assert found.verdict is SweepVerdict.NO_DIFFERENCE
    assert found.repeatability is not None
    assert "varied" in found.words()[1]


@pytest.mark.parametrize("seed", range(4))
async def test_a_difference_is_found_through_noise(seed: int) -> None:
    found = await swept(noisy(seed, by_level=True), sweep.challenge_levels(QUERY, [0.0, 0.5, 1.0]), 4)
    assert found.verdict is SweepVerdict.DIFFERENCE
    assert found.within < 1.0


async def test_too_little_to_tell() -> None:
    two = sweep.challenge_levels(QUERY, [0.0, 1.0])
    assert (await swept(by_challenge, two, 1)).verdict is SweepVerdict.CANNOT_TELL
    assert (await swept(by_challenge, two[:1], 3)).verdict is SweepVerdict.CANNOT_TELL
    # Twice two answers that vary can be dealt in three ways: chance makes any of them often.
    assert (await swept(noisy(1, by_level=True), two, 2)).verdict is SweepVerdict.CANNOT_TELL
    assert (await swept(by_challenge, two, 2)).verdict is SweepVerdict.DIFFERENCE


async def test_all_levels_are_asked_in_turn_with_progress() -> None:
    asker = ScriptedAsker(by_challenge)
    plan = sweep.plan(sweep.challenge_levels(QUERY, [None, 0.5]), 2, seconds_a_call=0.5)
    assert (plan.calls, plan.seconds) == (4, 2.0)
    assert "4 questions, about 2 s" in plan.words()[0]
    runs = Sweep(asker, plan, SystemClock())
    seen: list[SweepProgress] = []
    runs.progressed.subscribe(seen.append)
    found = await runs.run()
    assert [query.challenge_level for query in asker.queries] == [None, 0.5, None, 0.5]
    assert seen == [SweepProgress(done, 4, (done - 1) % 2) for done in (1, 2, 3, 4)]
    assert found.complete
    assert asker.posts == []


async def test_stopped_it_says_what_it_has() -> None:
    asker = ScriptedAsker(by_challenge)
    runs = Sweep(asker, sweep.plan(sweep.challenge_levels(QUERY, [0.0, 1.0]), 50), SystemClock())

    def stop(progress: SweepProgress) -> None:
        if progress.done == 3:
            runs.stop()

    runs.progressed.subscribe(stop)
    found = await runs.run()
    assert len(asker.queries) == 3
    assert not found.complete
    assert found.asked == (2, 1)
    assert "It was stopped before the end." in found.words()


async def test_stopped_while_a_question_hangs_it_says_what_it_has() -> None:
    hangs, asked = asyncio.Event(), asyncio.Event()

    class Hanging(ScriptedAsker):
        async def next(self, query: NextQuery) -> Recommendation:
            if len(self.queries) == 3:
                asked.set()
                await hangs.wait()
            return await super().next(query)

    runs = Sweep(Hanging(by_challenge), sweep.plan(sweep.challenge_levels(QUERY, [0.0, 1.0]), 5), SystemClock())
    assert not runs.stop(), "there is nothing to keep"
    running = Supervisor("test").start("sweep", runs.run())
    assert running is not None
    await asked.wait()
    assert runs.stop()
    found = await running
    assert (found.asked, found.complete, found.trouble) == ((2, 1), False, None)


async def test_an_outage_leaves_what_was_found_before() -> None:
    def once_more(query: NextQuery) -> Sequence[Exercise]:
        if len(asker.queries) > after:
            raise NetworkError("{host} can't be reached.", code="E-NET", values={"host": "acme"})
        return by_challenge(query)

    asker, after = ScriptedAsker(once_more), 3
    planned = sweep.plan(sweep.challenge_levels(QUERY, [0.0, 1.0]), 5)
    found = await Sweep(asker, planned, SystemClock()).run()
    assert found.asked == (2, 1)
    said = [str(words) for words in found.words()]
    assert said[said.index("It was stopped before the end.") + 1] == "acme can't be reached."
    assert len(asker.queries) == 4, "nothing more is asked"
    after = 0
    with pytest.raises(NetworkError):
        await Sweep(asker, planned, SystemClock()).run()


def test_levels_of_every_kind() -> None:
    query = NextQuery("u", 5, Constraints(paths=("/x",), tags=("t",)), 0.3)
    assert [level.query.constraints.paths for level in sweep.path_levels(query, ["/a"])] == [(), ("/a",)]
    assert [level.query.constraints.tags for level in sweep.tag_levels(query, ["q"])] == [(), ("q",)]
    assert [level.query.constraints.is_review for level in sweep.review_levels(query)] == [False, True]
    counts = sweep.count_levels(query, [1, 9])
    assert [level.query.num_exercises for level in counts] == [1, 9]
    assert [str(level.name) for level in counts] == ["1 exercise", "9 exercises"]
    assert [str(level.name) for level in sweep.challenge_levels(query, [None, 0.25])] == [
        "Sana decides",
        "Challenge 0.25",
    ]
    # What is not varied stays.
    assert all(level.query.challenge_level == 0.3 for level in sweep.tag_levels(query, ["q"]))
    assert all(level.query.constraints.paths == ("/x",) for level in sweep.tag_levels(query, ["q"]))


async def test_levels_without_an_order_are_laid_beside_the_first_of_them() -> None:
    bank = {"/a": [Exercise("a", "/a", difficulty_level=1.0)], "/b": [Exercise("b", "/b", difficulty_level=2.0)]}

    def choose(query: NextQuery) -> list[Exercise]:
        paths = query.constraints.paths or tuple(bank)
        return [each for path in paths for each in bank[path]]

    found = await swept(choose, sweep.path_levels(QUERY, ["/a", "/b"]))
    rows = {row.exercise.id: [cell.mark for cell in row.cells] for row in found.rows}
    stays, leaves = CellMark.STAYS, CellMark.LEAVES
    assert rows == {"a": [stays, stays, leaves], "b": [stays, leaves, stays]}, "b did not enter after a"
    assert [str(words) for words in found.words()][-3:] == [
        "Any topic: level 1.50 as tagged, on average.",
        "a, beside Any topic: 0 more, 1 fewer, 1 in both; level 1.00 as tagged, on average.",
        "b, beside Any topic: 0 more, 1 fewer, 1 in both; level 2.00 as tagged, on average.",
    ]


def test_a_plan_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a level"):
        sweep.plan((), 3)
    carrying = sweep.Level(sweep.challenge_levels(QUERY, [None])[0].name, NextQuery("u", outcomes=(answered(BANK[0]),)))
    with pytest.raises(ValueError, match="changes the learner"):
        sweep.plan((carrying,), 3)
    assert "chance" in sweep.plan(sweep.challenge_levels(QUERY), 1).words()[-1]
    assert "min" in sweep.plan(sweep.challenge_levels(QUERY), 300).words()[0]


@given(IDS, IDS)
def test_likeness_is_a_likeness(first: list[str], second: list[str]) -> None:
    assert likeness(first, second) == likeness(second, first)
    assert 0.0 <= likeness(first, second) <= 1.0
    assert (likeness(first, second) == 1.0) == (first == second)


def test_nothing_came_anywhere() -> None:
    levels = [level.name for level in sweep.challenge_levels(QUERY, [0.1, 0.9])]
    found = result_of(levels, [[(), ()], [(), ()]])
    assert found.verdict is SweepVerdict.NO_DIFFERENCE
    assert found.rows == ()
