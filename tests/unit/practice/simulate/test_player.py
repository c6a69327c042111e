"""A simulated learner plays: the three modes, in order, each outcome once."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.api.practice_models import Exchange, Exercise, ExerciseOutcome, NextQuery, Recommendation
from sana_desktop.api.practice_wire import MAX_REQUEST_BYTES, encode_outcomes, size_of
from sana_desktop.base.errors import OutcomesUnknown
from sana_desktop.practice.sessions.session import Mode, Setup
from sana_desktop.practice.simulate.personas import STEADY, TIRES, SimulatedLearner
from sana_desktop.practice.simulate.player import NOTHING_FITS, PlayedStep, Player
from tests.support.clock import ManualClock
from tests.support.practice_askers import ScriptedAsker, exercise

BANK = [exercise(f"e{i}", b=i / 10 - 1) for i in range(20)]


class Endless:
    """Recommends as many as are asked for, always the next ones."""

    def __init__(self) -> None:
        self.at = 0

    def __call__(self, query: NextQuery) -> Sequence[Exercise]:
        count = query.num_exercises or 1
        self.at += count
        return [BANK[(self.at - count + i) % len(BANK)] for i in range(count)]


def player_of(asker: ScriptedAsker, mode: Mode, count: int | None = None, seed: int = 1) -> Player:
    setup = Setup(mode, "test-learner", count, challenge_level=0.5)
    return Player(asker, SimulatedLearner(STEADY, seed), setup, ManualClock())


async def played(player: Player, steps: int) -> list[PlayedStep]:
    return [step async for step in player.play(steps)]


async def test_single_posts_each_outcome_before_it_asks_again() -> None:
    asker = ScriptedAsker(Endless())
    steps = await played(player_of(asker, Mode.SINGLE), 3)
    assert [isinstance(entry, NextQuery) for entry in asker.log] == [True, False] * 3
    assert [each.exercise for each in asker.told()] == [step.exercise for step in steps]
    assert all(step.delivered is not None and step.delivered.path.endswith("outcomes") for step in steps)


async def test_batch_posts_a_sequence_at_its_end() -> None:
    asker = ScriptedAsker(Endless())
    steps = await played(player_of(asker, Mode.BATCH, 4), 10)
    assert [len(outcomes) for _, outcomes in asker.posts] == [4, 4, 2]
    assert [step.place for step in steps] == [0, 1, 2, 3] * 2 + [0, 1]
    assert [step.number for step in steps] == list(range(1, 11))


async def test_combined_sends_outcomes_inside_the_next_question_and_the_last_by_itself() -> None:
    asker = ScriptedAsker(Endless())
    steps = await played(player_of(asker, Mode.COMBINED), 4)
    assert [len(query.outcomes) for query in asker.queries] == [0, 1, 1, 1]
    assert len(asker.posts) == 1
    assert [step.delivered.path for step in steps if step.delivered] == ["/v1/next-exercises"] * 3 + [
        "/v1/exercise-outcomes"
    ]


@given(st.sampled_from(Mode), st.integers(1, 6), st.lists(st.integers(0, 7), min_size=1, max_size=4))
async def test_every_outcome_is_handed_over_once_and_in_order(mode: Mode, count: int, parts: list[int]) -> None:
    asker = ScriptedAsker(Endless())
    player = player_of(asker, mode, count)
    steps = [step for part in parts for step in await played(player, part)]
    assert len(steps) == sum(parts)
    assert [(each.exercise, each.outcome) for each in asker.told()] == [(s.exercise, s.outcome) for s in steps]
    times = [step.outcome.timestamp for step in steps]
    assert all(later > earlier for earlier, later in itertools.pairwise(times))
    # A sequence that was begun is gone on with, whatever the steps were cut into.
    assert len(asker.queries) == -(-sum(parts) // count)


@given(st.sampled_from(Mode), st.integers(0, 1000))
async def test_same_seed_same_run(mode: Mode, seed: int) -> None:
    runs = [await played(player_of(ScriptedAsker(Endless()), mode, 3, seed), 12) for _ in range(2)]
    first, second = ([(s.exercise, s.outcome, s.chance) for s in run] for run in runs)
    assert first == second


@pytest.mark.parametrize("mode", Mode)
async def test_stopped_it_still_hands_over_what_was_answered(mode: Mode) -> None:
    asker = ScriptedAsker(Endless())
    player = player_of(asker, mode, 3)
    steps = []
    async for step in player.play():
        steps.append(step)
        if len(steps) == 5:
            player.stop()
    assert [each.exercise for each in asker.told()] == [step.exercise for step in steps]
    assert 5 <= len(steps) <= 7
    assert player.ended is None


@pytest.mark.parametrize("mode", [Mode.BATCH, Mode.COMBINED])
async def test_left_in_the_middle_of_a_large_set_it_hands_over_no_more_than_the_request_under_way(mode: Mode) -> None:
    """Sets of 999 take some twenty requests to hand over: another learner may be chosen after the first of them."""
    many = [exercise(f"e{i}") for i in range(999)]

    class Leaving(ScriptedAsker):
        async def post(self, user_id: str, outcomes: Sequence[ExerciseOutcome]) -> Exchange | None:
            player.leave()
            return await super().post(user_id, outcomes)

    asker = Leaving(lambda query: many[: query.num_exercises])
    player = player_of(asker, mode, 999)
    steps = [step async for step in player.play()]
    assert len(asker.posts) == 1
    assert len(steps) == len(asker.told()) < 150
    assert [step async for step in player.play()] == [], "for good"
    assert len(asker.queries) == 1


async def test_nothing_recommended_ends_it_with_a_sentence() -> None:
    left = [BANK[:2], []]
    player = player_of(ScriptedAsker(lambda _: left.pop(0)), Mode.COMBINED, 2)
    assert len(await played(player, 10)) == 2
    assert player.ended == NOTHING_FITS


@pytest.mark.parametrize("mode", [Mode.BATCH, Mode.COMBINED])
async def test_no_request_is_too_long(mode: Mode) -> None:
    bulky = [replace(each, metadata="ü" * 1_500) for each in BANK]
    asker = ScriptedAsker(lambda query: bulky[: query.num_exercises])
    steps = await played(player_of(asker, mode, 18), 36)
    assert len(steps) == len(asker.told()) == 36
    assert all(size_of(query) <= MAX_REQUEST_BYTES for query in asker.queries)
    assert all(len(encode_outcomes(user, outcomes)) <= MAX_REQUEST_BYTES for user, outcomes in asker.posts)
    assert all(step.delivered is not None for step in steps)


async def test_what_failed_is_not_handed_over_again() -> None:
    class Losing(ScriptedAsker):
        async def next(self, query: NextQuery) -> Recommendation:
            answer = await super().next(query)
            if len(self.queries) == 2:
                raise OutcomesUnknown("lost", code="E-OUT-UNKNOWN")
            return answer

    asker = Losing(Endless())
    player = player_of(asker, Mode.COMBINED)
    with pytest.raises(OutcomesUnknown):
        await played(player, 5)
    await played(player, 2)
    assert len({each.outcome.timestamp for each in asker.told()}) == len(asker.told())


async def test_cancelled_it_ends_at_once() -> None:
    never = asyncio.Event()

    class Hanging(ScriptedAsker):
        async def next(self, query: NextQuery) -> Recommendation:
            await never.wait()
            raise AssertionError

    task = asyncio.get_running_loop().create_task(played(player_of(Hanging(Endless()), Mode.SINGLE), 5))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_pause_is_a_rest_for_who_tires() -> None:
    clock = ManualClock()
    learner = SimulatedLearner(TIRES, 1)
    player = Player(ScriptedAsker(Endless()), learner, Setup(Mode.SINGLE, "u"), clock)
    await played(player, 20)
    tired = learner.ability_at(BANK[0])
    clock.set_wall(clock.now() + timedelta(hours=1))
    await played(player, 1)
    assert learner.ability_at(BANK[0]) > tired
