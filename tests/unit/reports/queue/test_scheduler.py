"""Whose turn it is: manners toward one connection, and fairness among its jobs (B8)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine

import pytest

from sana_desktop.base.tasks import Supervisor
from sana_desktop.reports.queue.scheduler import MAX_IN_FLIGHT, Kind, RequestScheduler
from tests.support.clock import ManualClock


class Room:
    """An agenda, and work that is noted down and goes on until it is let go."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.supervisor = Supervisor("test")
        self.wakes = 0
        self.put_off: list[str] = []
        self.scheduler = RequestScheduler(
            self.clock, self.supervisor, woke=self._woke, postponed=lambda key, due: self.put_off.append(key)
        )
        self.begun: list[tuple[str, float]] = []
        self.let_go = asyncio.Event()

    def work(self, key: str, *, hold: bool = False) -> Callable[[], Coroutine[object, object, None]]:
        async def run() -> None:
            self.begun.append((key, self.clock.monotonic()))
            if hold:
                await self.let_go.wait()

        return run

    def plan(self, key: str, delay: float = 0.0, lane: str = "acme", kind: Kind = Kind.LOOK, **more: bool) -> None:
        prompt, hold = more.get("prompt", False), more.get("hold", False)
        self.scheduler.plan(key, lane, kind, self.scheduler.now() + delay, self.work(key, hold=hold), prompt=prompt)

    @property
    def keys(self) -> list[str]:
        return [key for key, _ in self.begun]

    def _woke(self) -> None:
        self.wakes += 1


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    room = Room()
    room.scheduler.start()
    yield room
    room.let_go.set()
    await room.scheduler.stop(1.0)
    await room.supervisor.stop()


async def test_work_begins_when_it_is_due_and_not_before(room: Room) -> None:
    room.plan("late", 3.0)
    room.plan("soon", 1.0)
    await room.clock.advance(0.9)
    assert room.keys == []
    await room.clock.advance(0.2)
    assert room.keys == ["soon"]
    await room.clock.advance(2)
    assert room.keys == ["soon", "late"]


async def test_a_later_plan_replaces_the_earlier_and_a_dropped_one_never_begins(room: Room) -> None:
    room.plan("a", 1.0)
    room.plan("a", 5.0)
    room.plan("b", 1.0)
    room.scheduler.drop("b")
    await room.clock.advance(4)
    assert room.keys == []
    await room.clock.advance(2)
    assert room.keys == ["a"]


async def test_five_a_second_for_each_connection(room: Room) -> None:
    for number in range(20):
        room.plan(f"a{number}", lane="acme")
        room.plan(f"b{number}", lane="beta")
    await room.clock.advance(0.9)
    assert len(room.keys) == 10
    await room.clock.advance(3)
    assert len(room.keys) == 40
    starts = [at for key, at in room.begun if key.startswith("a")]
    assert all(later - earlier >= 1.0 - 1e-9 for earlier, later in zip(starts, starts[5:], strict=False))


async def test_fifty_in_flight_and_the_next_when_one_is_over(room: Room) -> None:
    for number in range(MAX_IN_FLIGHT + 5):
        room.plan(f"a{number}", hold=True)
    await room.clock.advance(60)
    assert len(room.keys) == MAX_IN_FLIGHT
    room.let_go.set()
    await room.clock.advance(2)
    assert len(room.keys) == MAX_IN_FLIGHT + 5


async def test_the_prompt_go_first_and_the_patient_still_get_their_turn(room: Room) -> None:
    for number in range(10):
        room.plan(f"patient{number}")
    for number in range(40):
        room.plan(f"prompt{number}", prompt=True)
    await room.clock.advance(4.5)
    assert len(room.keys) == 25
    assert room.keys[:4] == ["prompt0", "prompt1", "prompt2", "prompt3"]
    assert sum(key.startswith("patient") for key in room.keys) == 5


async def test_work_that_comes_due_while_its_like_is_under_way_follows_it(room: Room) -> None:
    room.plan("a", hold=True)
    await room.clock.advance(0.1)
    room.plan("a")
    await room.clock.advance(5)
    assert room.keys == ["a"]
    room.let_go.set()
    await room.clock.advance(1)
    assert room.keys == ["a", "a"]


async def test_a_hold_is_kept_is_never_shortened_and_concerns_its_kind(room: Room) -> None:
    room.plan("order", 1.0, kind=Kind.ORDER)
    room.plan("look", 1.0)
    room.scheduler.hold("acme", Kind.ORDER, room.scheduler.now() + 10)
    room.scheduler.hold("acme", Kind.ORDER, room.scheduler.now() + 2)
    await room.clock.advance(5)
    assert room.keys == ["look"]
    assert room.put_off == ["order"]
    await room.clock.advance(6)
    assert room.keys == ["look", "order"]


async def test_while_a_site_is_out_of_reach_one_look_at_a_time_is_tried_and_orders_go_on(room: Room) -> None:
    room.scheduler.missed("acme", lambda: 1.0)
    for number in range(10):
        room.plan(f"a{number}", hold=True)
    await room.clock.advance(30)
    assert len(room.keys) == 1
    room.plan("order", kind=Kind.ORDER, prompt=True)
    await room.clock.advance(1)
    assert room.keys[-1] == "order"
    assert room.scheduler.reached("acme")
    assert not room.scheduler.reached("acme")
    await room.clock.advance(3)
    assert len(room.keys) == 11


async def test_b9_a_suspend_is_noticed_once_and_its_time_counts(room: Room) -> None:
    room.plan("a", 3_600)
    await room.clock.advance(10)
    room.clock.suspend(3_500)
    await room.clock.advance(2)
    assert room.wakes == 1
    await room.clock.advance(100)
    assert room.keys == ["a"]
    assert room.wakes == 1


async def test_stopping_lets_an_order_end_and_cuts_looks_short() -> None:
    room = Room()
    room.scheduler.start()
    room.plan("order", kind=Kind.ORDER, prompt=True, hold=True)
    room.plan("look", hold=True)
    room.plan("never", 1_000)
    await room.clock.advance(0.1)
    asyncio.get_running_loop().call_later(0.05, room.let_go.set)
    await room.scheduler.stop(5.0)
    assert sorted(room.keys) == ["look", "order"]
    room.plan("too late")
    await room.clock.advance(2_000)
    assert "too late" not in room.keys
    await room.supervisor.stop()
