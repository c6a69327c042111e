"""Outcomes on their way to a service that keeps count: sizes, order, refusals, outages, the guard (O01 to O07, B26)."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from sana_desktop.api.practice_models import ExerciseOutcome, NextQuery
from sana_desktop.api.practice_wire import MAX_REQUEST_BYTES, encode_outcomes
from sana_desktop.base.errors import AuthError, NetworkError, OutcomesUnknown, SanaError, StorageError, UserError
from sana_desktop.practice.outcomes.delivery_asker import DeliveryAsker
from sana_desktop.practice.outcomes.delivery_policy import DeliveryPolicy
from sana_desktop.practice.outcomes.outbox import OutboxEntry, OutboxState
from tests.support.clock import ManualClock
from tests.support.outbox_bench import (
    HERE,
    SITE,
    CountingService,
    Fault,
    MemoryDatabase,
    OutboxBench,
    SwiftClock,
    an_outcome,
    busy,
    lost,
    make_bench,
    no_key,
    not_sent,
    outbox_bench,
    refused,
    some_outcomes,
)
from tests.support.waiting import until

MARIA = "maria@acme.example"


async def a_learner(bench: OutboxBench) -> str:
    return (await bench.learners.make(SITE)).user_id


def ids(outcomes: list[ExerciseOutcome]) -> list[str]:
    return [outcome.exercise.id for outcome in outcomes]


def of_size(user: str, size: int, filler: str) -> ExerciseOutcome:
    """An outcome whose request has exactly `size` bytes, full of a character."""
    bare = len(encode_outcomes(user, [an_outcome("e", metadata="")]))
    each = len(json.dumps(filler, ensure_ascii=False).encode()) - 2
    room = size - bare
    return an_outcome("e", metadata=filler * (room // each) + "x" * (room % each))


@pytest.mark.parametrize("filler", ["x", "é", "😀", '"', "\\", "\n"])
async def test_o01_the_size_is_counted_in_bytes_of_what_is_sent(tmp_path: Path, filler: str) -> None:
    async with outbox_bench(tmp_path) as (bench, service, _):
        user = await a_learner(bench)
        fits, too_big = of_size(user, MAX_REQUEST_BYTES, filler), of_size(user, MAX_REQUEST_BYTES + 1, filler)
        assert len(encode_outcomes(user, [fits])) == MAX_REQUEST_BYTES
        await bench.delivery.put(SITE, user, [fits])
        with pytest.raises(UserError) as caught:
            await bench.delivery.put(SITE, user, [an_outcome("small"), too_big])
        assert caught.value.code == "E-OUT-TOOBIG"
        assert "16,001" in caught.value.message
        assert "exercise.metadata" in caught.value.message
        assert (await bench.delivery.flush(SITE, user)).accepted == 1
        assert service.taken == {user: ["e"]}  # of the refused put nothing was written
        assert (await bench.delivery.counts()).open == 0


async def test_o02_too_long_for_the_service_is_parked_and_the_queue_goes_on(tmp_path: Path) -> None:
    async with outbox_bench(tmp_path) as (bench, service, _):
        user = await a_learner(bench)
        await bench.delivery.put(SITE, user, some_outcomes(2))
        service.faults = [Fault(lambda: refused(413)), Fault(lambda: refused(413))]
        flushed = await bench.delivery.flush(SITE, user)
        assert (flushed.accepted, flushed.parked, flushed.waiting) == (1, 1, 0)
        assert service.requests == [2, 1, 1]
        (parked,) = await bench.delivery.entries()
        assert (parked.state, parked.outcome.exercise.id) == (OutboxState.PARKED, "e00000")


@pytest.mark.parametrize("taken", [True, False])
async def test_o03_cut_after_sending_it_takes_effect_once_at_most(tmp_path: Path, taken: bool) -> None:
    async with outbox_bench(tmp_path) as (bench, service, _):
        user = await a_learner(bench)
        (first,) = await bench.delivery.put(SITE, user, some_outcomes(1))
        service.faults = [Fault(lost, taken)]
        flushed = await bench.delivery.flush(SITE, user)
        assert (flushed.unknown, flushed.all_answered) == (1, True)
        (entry,) = await bench.delivery.entries(SITE)
        assert (entry.number, entry.state, entry.error_code) == (first.number, OutboxState.UNKNOWN, "E-OUT-UNKNOWN")
        # It stands in nobody's way, and goes nowhere by itself.
        await bench.delivery.put(SITE, user, some_outcomes(1, start=1))
        await bench.delivery.flush(SITE, user)
        await bench.delivery.restore()
        assert service.taken[user] == (["e00000", "e00001"] if taken else ["e00001"])
        # A person may send it again, or forget it.
        await bench.delivery.send_again(entry.number)
        await until(lambda: bench.seen[-1].state is OutboxState.ACCEPTED)
        assert service.taken[user][-1] == "e00000"
        assert (await bench.delivery.counts()).open == 0


async def test_o04_a_thousand_put_while_offline_are_delivered_once_in_order_and_politely(tmp_path: Path) -> None:
    async with outbox_bench(tmp_path) as (bench, service, clock):
        users = [await a_learner(bench) for _ in range(3)]
        service.always = not_sent
        outcomes = some_outcomes(1_000)
        for start in range(0, 1_000, 50):
            user = users[start // 50 % 3]
            await bench.delivery.put(SITE, user, outcomes[start : start + 50])
        flushed = await bench.delivery.flush(SITE, users[0])
        assert (flushed.accepted, flushed.all_answered) == (0, False)
        assert flushed.error is not None
        assert flushed.error.code == "E-NET-CONNECT"
        assert flushed.again_in is not None
        assert len(service.requests) == 3
        assert (await bench.delivery.counts()).waiting == 1_000
        service.always = None
        service.times.clear()
        began = clock.passed
        await bench.delivery.resume(SITE)
        await until(lambda: sum(len(taken) for taken in service.taken.values()) == 1_000)
        await asyncio.gather(*(bench.delivery.flush(SITE, user) for user in users))
        for place, user in enumerate(users):
            mine = [name for number, name in enumerate(ids(outcomes)) if number // 50 % 3 == place]
            assert service.taken[user] == mine
        assert len(service.times) < 50
        assert clock.passed - began >= 0.2 * (len(service.times) - 1) - 1e-6
        assert (await bench.delivery.counts()).open == 0


DAMAGE = [
    ("outcome = substr(outcome, 1, 40)", "cut off"),
    ("outcome = '{}'", "not an outcome"),
    ("outcome = '[' || outcome || ']'", "a list"),
    ('outcome = replace(outcome, \'"result":"correct"\', \'"result":7\')', "of a wrong type"),
]


@pytest.mark.parametrize("damage", [change for change, _ in DAMAGE], ids=[what for _, what in DAMAGE])
@pytest.mark.parametrize("combined", [False, True])
async def test_a_damaged_row_is_parked_and_the_rest_goes_on(tmp_path: Path, damage: str, combined: bool) -> None:
    async with outbox_bench(tmp_path) as (bench, service, _):
        user = await a_learner(bench)
        entries = await bench.delivery.put(SITE, user, some_outcomes(4))
        broken = entries[1].number
        statement = f"UPDATE practice_outbox SET {damage}, created_at = 'x' WHERE number = ?"
        await bench.ledger._database.write(lambda c: c.execute(statement, (broken,)).rowcount)
        if combined:
            await bench.delivery.next(SITE, NextQuery(user), combined=True)
        else:
            flushed = await bench.delivery.flush(SITE, user)
            assert (flushed.accepted, flushed.parked, flushed.waiting, flushed.error) == (3, 1, 0, None)
        assert service.taken[user] == ["e00000", "e00002", "e00003"]
        (parked,) = await bench.delivery.entries()
        assert (parked.number, parked.state, parked.error_code) == (broken, OutboxState.PARKED, "E-OUT-DAMAGED")
        assert "makes no sense" in parked.error_message
        assert parked.damaged
        # Sent again it is parked again: what can't be read is never sent.
        await bench.delivery.send_again(broken)
        await until(lambda: [each.state for each in bench.seen[-2:]] == [OutboxState.WAITING, OutboxState.PARKED])
        assert await bench.delivery.drop(broken) is not None
        assert (await bench.delivery.counts()).open == 0
        assert len(service.taken[user]) == 3


async def test_a_damaged_row_of_a_dead_process_keeps_no_start_from_going_on(tmp_path: Path) -> None:
    async with outbox_bench(tmp_path) as (bench, service, clock):
        user = await a_learner(bench)
        first, second = await bench.delivery.put(SITE, user, some_outcomes(2))
        await bench.ledger.claim([first], "dead", clock.now())
        statement = "UPDATE practice_outbox SET outcome = 'x' WHERE number = ?"
        await bench.ledger._database.write(lambda c: c.execute(statement, (first.number,)).rowcount)
        assert (await bench.delivery.restore()).unknown == 1
        await until(lambda: (bench.seen[-1].number, bench.seen[-1].state) == (second.number, OutboxState.ACCEPTED))
        assert service.taken[user] == ["e00001"]
        assert [each.number for each in await bench.delivery.entries(SITE)] == [first.number]


async def test_o05_one_refused_is_parked_and_the_others_are_delivered(tmp_path: Path) -> None:
    async with outbox_bench(tmp_path) as (bench, service, _):
        user = await a_learner(bench)
        names = ["e1", "e2", "bad3", "e4", "e5", "bad6", "e7"]
        await bench.delivery.put(SITE, user, [an_outcome(name) for name in names])
        flushed = await bench.delivery.flush(SITE, user)
        assert (flushed.accepted, flushed.parked, flushed.waiting) == (5, 2, 0)
        assert service.taken[user] == ["e1", "e2", "e4", "e5", "e7"]
        entries = await bench.delivery.entries()
        assert [(entry.outcome.exercise.id, entry.state.value, entry.error_code) for entry in entries] == [
            ("bad3", "parked", "E-OUT-REFUSED"),
            ("bad6", "parked", "E-OUT-REFUSED"),
        ]
        removed: list[int] = []
        bench.delivery.removed.subscribe(removed.append)
        assert await bench.delivery.drop(entries[0].number) == entries[0]
        assert await bench.delivery.drop(entries[0].number) is None
        assert removed == [entries[0].number]


@pytest.mark.parametrize("trouble", [no_key, lambda: refused(404)], ids=["the key", "the address"])
async def test_what_no_outcome_can_mend_leaves_them_waiting(tmp_path: Path, trouble: object) -> None:
    async with outbox_bench(tmp_path) as (bench, service, _):
        user = await a_learner(bench)
        await bench.delivery.put(SITE, user, some_outcomes(3))
        service.faults = [Fault(trouble)]  # type: ignore[arg-type]
        flushed = await bench.delivery.flush(SITE, user)
        assert (flushed.waiting, flushed.again_in, len(service.requests)) == (3, None, 1)
        assert isinstance(flushed.error, SanaError)
        assert (await bench.delivery.flush(SITE, user)).accepted == 3


async def test_rest_that_the_service_asks_for_is_never_shortened(tmp_path: Path) -> None:
    async with outbox_bench(tmp_path) as (bench, service, clock):
        user = await a_learner(bench)
        await bench.delivery.put(SITE, user, some_outcomes(1))
        service.faults = [Fault(lambda: busy(5.0))]
        began = clock.passed
        assert (await bench.delivery.flush(SITE, user)).accepted == 1
        assert clock.passed - began >= 5.0
        await bench.delivery.put(SITE, user, some_outcomes(1, start=1))
        service.faults = [Fault(lambda: busy(1_200.0))]
        assert (await bench.delivery.flush(SITE, user)).waiting == 1
        count = len(service.requests)
        with pytest.raises(NetworkError):
            await bench.delivery.next(SITE, NextQuery(user))
        assert len(service.requests) == count  # nothing is sent before the time
        clock.passed += 1_200.0
        await bench.delivery.next(SITE, NextQuery(user))
        assert service.taken[user] == ["e00000", "e00001"]


async def test_the_next_exercises_are_asked_for_after_the_last_outcomes_answer(tmp_path: Path) -> None:
    async with outbox_bench(tmp_path) as (bench, service, _):
        user = await a_learner(bench)
        await bench.delivery.put(SITE, user, some_outcomes(3))
        service.gate = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            asked = group.create_task(bench.delivery.next(SITE, NextQuery(user)))
            await until(lambda: service.requests == [3])
            service.gate.set()
        assert service.requests == [3, 0]
        assert asked.result().exercises[0].id == "next"
        service.faults = [Fault(no_key)]
        await bench.delivery.put(SITE, user, some_outcomes(1, start=3))
        with pytest.raises(AuthError):
            await bench.delivery.next(SITE, NextQuery(user))
        assert service.requests == [3, 0, 1]


async def test_outcomes_travel_in_the_question_if_they_fit(tmp_path: Path) -> None:
    async with outbox_bench(tmp_path) as (bench, service, _):
        user = await a_learner(bench)
        await bench.delivery.put(SITE, user, some_outcomes(2))
        query = NextQuery(user, outcomes=(an_outcome("e00002"),))
        await bench.delivery.next(SITE, query, combined=True)
        assert (service.requests, service.taken[user]) == ([3], ["e00000", "e00001", "e00002"])
        await bench.delivery.put(SITE, user, [an_outcome(f"f{number}", metadata="x" * 9_000) for number in range(2)])
        await bench.delivery.next(SITE, NextQuery(user), combined=True)
        assert service.requests == [3, 1, 1, 0]
        # A question that is refused may be refused for what it carries: then each goes its own way.
        await bench.delivery.put(SITE, user, [an_outcome("g1"), an_outcome("bad2")])
        await bench.delivery.next(SITE, NextQuery(user), combined=True)
        assert service.taken[user][-1] == "g1"
        assert (await bench.delivery.counts()).parked == 1
        service.faults = [Fault(lost, taken=True)]
        with pytest.raises(OutcomesUnknown):
            await bench.delivery.next(SITE, NextQuery(user, outcomes=(an_outcome("h1"),)), combined=True)
        assert (await bench.delivery.counts()).unknown == 1


async def test_o06_a_service_that_is_down_is_given_up_after_some_tries(tmp_path: Path) -> None:
    async with outbox_bench(tmp_path) as (bench, service, _):
        user = await a_learner(bench)
        service.always = not_sent
        with pytest.raises(NetworkError):
            await bench.delivery.next(SITE, NextQuery(user))
        assert service.requests == [0, 0, 0]


async def test_B26_nothing_goes_to_a_real_person_by_accident(tmp_path: Path) -> None:
    async with outbox_bench(tmp_path) as (bench, service, _):
        asker = DeliveryAsker(bench.delivery, SITE)
        attempts = (
            lambda: bench.delivery.put(SITE, MARIA, some_outcomes(1)),
            lambda: bench.delivery.next(SITE, NextQuery(MARIA, outcomes=(an_outcome("e"),)), combined=True),
            lambda: asker.post(MARIA, some_outcomes(1)),
            lambda: asker.next(NextQuery(MARIA, outcomes=(an_outcome("e"),))),
        )
        for code in ("E-LEARNER-LOCKED", "E-LEARNER-REAL"):
            for attempt in attempts:
                with pytest.raises(UserError) as caught:
                    await attempt()
                assert caught.value.code == code
            bench.learners.lock(SITE, False)
        assert service.requests == []
        assert await bench.delivery.entries() == ()
        # Held: sent once. Locked before it went out: it stays here.
        await held(bench, 0)
        assert (await bench.delivery.flush(SITE, MARIA)).accepted == 1
        await held(bench, 1)
        bench.learners.lock(SITE, True)
        flushed = await bench.delivery.flush(SITE, MARIA)
        assert (flushed.waiting, flushed.again_in) == (1, None)
        assert flushed.error is not None
        assert flushed.error.code == "E-LEARNER-LOCKED"
        assert service.taken == {MARIA: ["e00000"]}


async def held(bench: OutboxBench, number: int, *, release: bool = True) -> None:
    """Answer for a real person, with the consent of a held button."""
    consent = bench.learners.consent(SITE, MARIA)
    await bench.delivery.put(SITE, MARIA, some_outcomes(1, number), "s", consent=consent, release=release)


async def test_B26_what_waits_for_a_real_person_goes_by_a_hold_for_them_and_by_nothing_else(tmp_path: Path) -> None:
    async with outbox_bench(tmp_path) as (bench, service, _):
        bench.learners.lock(SITE, False)
        await held(bench, 0, release=False)
        await bench.delivery.resume(SITE)
        await bench.delivery.restore()
        for combined in (False, True):
            with pytest.raises(UserError) as caught:
                await bench.delivery.next(SITE, NextQuery(MARIA), combined=combined)
            assert caught.value.code == "E-LEARNER-HOLD"
        with pytest.raises(UserError):
            await bench.delivery.send(SITE, MARIA)
        with pytest.raises(UserError):
            await bench.delivery.send(SITE, MARIA, consent=bench.learners.consent(SITE, "peter"))
        assert service.requests == []
        # The hold for the last of a set sends all of it.
        await held(bench, 1)
        assert (await bench.delivery.flush(SITE, MARIA)).accepted == 2
        assert service.taken == {MARIA: ["e00000", "e00001"]}


async def test_answers_of_a_set_that_is_not_done_wait_for_its_end_over_a_restart(tmp_path: Path) -> None:
    async with outbox_bench(tmp_path) as (bench, _, _):
        user = (await bench.learners.make(SITE)).user_id
        await bench.delivery.put(SITE, user, some_outcomes(1))
        await bench.delivery.put(SITE, user, some_outcomes(1, 1), "s", held=True)
        await bench.delivery.put(SITE, user, some_outcomes(1, 2), "other", held=True)
    async with outbox_bench(tmp_path) as (bench, service, _):
        assert (await bench.delivery.restore()).waiting_learners == 1
        await until(lambda: service.taken == {user: ["e00000"]})
        await bench.delivery.resume(SITE)
        bench.delivery.deliver(SITE, user)
        await until(lambda: not bench.delivery._running)
        assert service.taken == {user: ["e00000"]}, "nothing of a set goes by itself"
        assert (await bench.delivery.counts()).waiting == 2
        await bench.delivery.put(SITE, user, some_outcomes(1, 3), "s", release=True)
        bench.delivery.deliver(SITE, user)
        await until(lambda: service.taken == {user: ["e00000", "e00001"]} and not bench.delivery._running)
        assert [entry.held for entry in await bench.delivery.entries()] == [True, False], "what comes after it waits"
        await bench.delivery.send(SITE, user)
        await until(lambda: service.taken == {user: ["e00000", "e00001", "e00002", "e00003"]})


@pytest.mark.parametrize("combined", [False, True])
async def test_asking_for_more_sends_a_set_that_is_not_done_and_goes_on_with_it_by_itself(
    tmp_path: Path, combined: bool
) -> None:
    async with outbox_bench(tmp_path) as (bench, service, _):
        user = (await bench.learners.make(SITE)).user_id
        await bench.delivery.put(SITE, user, some_outcomes(2), "s", held=True)
        service.faults = [Fault(no_key)]
        with pytest.raises(SanaError):
            await bench.delivery.next(SITE, NextQuery(user), combined=combined)
        assert [entry.held for entry in await bench.delivery.entries()] == [False, False]
        bench.delivery.deliver(SITE, user)
        await until(lambda: service.taken == {user: ["e00000", "e00001"]})


async def test_B26_what_was_released_and_did_not_get_out_needs_another_hold_after_a_restart(tmp_path: Path) -> None:
    async with outbox_bench(tmp_path) as (bench, service, _):
        bench.learners.lock(SITE, False)
        await held(bench, 0)
        service.faults = [Fault(no_key)]
        assert (await bench.delivery.flush(SITE, MARIA)).waiting == 1
    async with outbox_bench(tmp_path) as (bench, service, _):
        await bench.delivery.restore()
        assert bench.learners.is_locked(SITE)
        bench.learners.lock(SITE, False)
        flushed = await bench.delivery.flush(SITE, MARIA)
        assert (flushed.waiting, flushed.again_in) == (1, None)
        # Another answer's hold is not for what another session left.
        consent = bench.learners.consent(SITE, MARIA)
        await bench.delivery.put(SITE, MARIA, some_outcomes(1, 1), "later", consent=consent, release=True)
        assert (await bench.delivery.flush(SITE, MARIA)).waiting == 2
        assert service.requests == []
        assert (await bench.delivery.counts_of_each(SITE))[MARIA].waiting == 2
        await bench.delivery.send(SITE, MARIA, consent=bench.learners.consent(SITE, MARIA))
        await until(lambda: service.taken == {MARIA: ["e00000", "e00001"]})


@pytest.mark.parametrize("combined", [False, True])
async def test_B26_the_lock_counts_at_the_moment_of_sending(tmp_path: Path, combined: bool) -> None:
    async with outbox_bench(tmp_path) as (bench, service, _):
        bench.learners.lock(SITE, False)
        await held(bench, 0)

        def lock(entry: OutboxEntry) -> None:
            if entry.state is OutboxState.SENDING:  # written down, and not sent yet
                bench.learners.lock(SITE, True)

        bench.delivery.changed.subscribe(lock)
        with pytest.raises(UserError) as caught:
            await bench.delivery.next(SITE, NextQuery(MARIA), combined=combined)
        assert caught.value.code == "E-LEARNER-LOCKED"
        assert service.requests == []
        # Unlocked again: it needs another hold.
        bench.learners.lock(SITE, False)
        assert (await bench.delivery.flush(SITE, MARIA)).waiting == 1
        assert service.requests == []


async def test_B26_sending_again_to_a_real_person_needs_another_hold(tmp_path: Path) -> None:
    async with outbox_bench(tmp_path) as (bench, service, _):
        bench.learners.lock(SITE, False)
        await held(bench, 0)
        (entry,) = await bench.delivery.entries()
        service.faults = [Fault(lost)]
        await bench.delivery.flush(SITE, MARIA)
        with pytest.raises(UserError):
            await bench.delivery.send_again(entry.number)
        await bench.delivery.send_again(entry.number, consent=bench.learners.consent(SITE, MARIA))
        await until(lambda: service.taken == {MARIA: ["e00000"]})


async def test_a_consent_is_not_used_up_by_what_can_never_be_sent(tmp_path: Path) -> None:
    async with outbox_bench(tmp_path) as (bench, _, _):
        bench.learners.lock(SITE, False)
        consent = bench.learners.consent(SITE, MARIA)
        with pytest.raises(UserError):
            await bench.delivery.put(SITE, MARIA, [an_outcome("e", metadata="x" * 20_000)], consent=consent)
        assert await bench.delivery.put(SITE, MARIA, some_outcomes(1), consent=consent)


async def test_a_caller_that_gives_up_does_not_cut_the_request(tmp_path: Path) -> None:
    async with outbox_bench(tmp_path) as (bench, service, _):
        user = await a_learner(bench)
        await bench.delivery.put(SITE, user, some_outcomes(2))
        service.gate = asyncio.Event()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.05):
                await bench.delivery.flush(SITE, user)
        service.gate.set()
        await until(lambda: [entry.state for entry in bench.seen[-2:]] == [OutboxState.ACCEPTED] * 2)
        assert service.requests == [2]


async def test_a_stop_waits_a_moment_and_marks_what_has_no_answer(tmp_path: Path) -> None:
    async with outbox_bench(tmp_path, origin=HERE) as (bench, service, _):
        user, other = await a_learner(bench), await a_learner(bench)
        await bench.delivery.put(SITE, user, some_outcomes(1))
        service.gate = asyncio.Event()
        bench.delivery.deliver(SITE, user)
        await until(lambda: service.requests == [1])
        asyncio.get_running_loop().call_later(0.05, service.gate.set)
        await bench.delivery.stop()
        assert await bench.states() == ["accepted"]
        await bench.delivery.put(SITE, other, some_outcomes(1))
        with pytest.raises(NetworkError) as caught:
            await bench.delivery.flush(SITE, other)
        assert caught.value.code == "E-OUT-CLOSING"
        assert await bench.states() == ["accepted", "waiting"]


async def test_what_hangs_at_a_stop_is_unknown_afterwards(tmp_path: Path) -> None:
    async with outbox_bench(tmp_path) as (bench, service, _):
        user = await a_learner(bench)
        await bench.delivery.put(SITE, user, some_outcomes(1))
        service.gate = asyncio.Event()
        bench.delivery.deliver(SITE, user)
        await until(lambda: service.requests == [1])
        await bench.supervisor.stop()
        assert await bench.states() == ["unknown"]


async def test_two_processes_do_not_send_for_one_learner_at_once(tmp_path: Path) -> None:
    async with outbox_bench(tmp_path) as (bench, service, clock):
        user = await a_learner(bench)
        await bench.delivery.put(SITE, user, some_outcomes(3))
        claimed = (await bench.ledger.waiting((SITE, user), 10))[:1]
        await bench.ledger.claim(claimed, "another", clock.now())
        flushed = await bench.delivery.flush(SITE, user)
        assert flushed.error is not None
        assert (flushed.waiting, flushed.error.code, service.requests) == (2, "E-OUT-BUSY", [])
        # While that one lives its rows are its own; when it is dead they are unknown.
        other = await make_bench(bench.ledger._database, service, clock, owner="third", is_alive=lambda owner: True)
        assert (await other.delivery.restore()).unknown == 0
        await other.delivery.flush(SITE, user)
        assert service.requests == []
        restored = await bench.delivery.restore()
        assert (restored.unknown, restored.waiting_learners) == (1, 1)
        await bench.delivery.flush(SITE, user)
        assert service.taken[user] == ["e00001", "e00002"]
        await other.close()


async def test_a_service_on_this_computer_is_not_held_back(tmp_path: Path) -> None:
    async with outbox_bench(tmp_path, origin=HERE) as (bench, _, clock):
        user = await a_learner(bench)
        began = clock.passed
        for number in range(20):
            await bench.delivery.put(SITE, user, some_outcomes(1, start=number))
            await bench.delivery.flush(SITE, user)
        assert clock.passed == began


async def test_the_asker_says_what_was_not_taken(tmp_path: Path) -> None:
    async with outbox_bench(tmp_path) as (bench, service, _):
        user = await a_learner(bench)
        asker = DeliveryAsker(bench.delivery, SITE, "a session")
        exchange = await asker.post(user, some_outcomes(1))
        assert exchange is not None
        assert exchange.path == "/v1/exercise-outcomes"
        assert bench.seen[-1].session == "a session"
        assert (await asker.next(NextQuery(user))).exercises
        service.faults = [Fault(lost)]
        with pytest.raises(OutcomesUnknown):
            await asker.post(user, some_outcomes(1, 1))
        with pytest.raises(SanaError) as caught:
            await asker.post(user, [an_outcome("bad")])
        assert caught.value.code == "E-OUT-REFUSED"
        service.always = not_sent
        with pytest.raises(NetworkError):
            await asker.post(user, some_outcomes(1, 2))


async def test_a_closed_store_is_said(tmp_path: Path) -> None:
    async with outbox_bench(tmp_path) as (bench, _, _):
        user = await a_learner(bench)
    with pytest.raises(StorageError):
        await bench.delivery.put(SITE, user, some_outcomes(1))


def test_the_counting_service_counts() -> None:
    service = CountingService(SwiftClock())
    asyncio.run(service.post_outcomes("u", some_outcomes(2)))
    assert service.taken == {"u": ["e00000", "e00001"]}


async def test_b26_nothing_is_asked_about_a_real_person_of_a_locked_site(tmp_path: Path) -> None:
    async with outbox_bench(tmp_path) as (bench, service, _):
        with pytest.raises(UserError) as caught:
            await DeliveryAsker(bench.delivery, SITE).next(NextQuery(MARIA, 3))
        assert caught.value.code == "E-LEARNER-LOCKED"
        assert service.requests == []
        bench.learners.lock(SITE, False)
        await DeliveryAsker(bench.delivery, SITE).next(NextQuery(MARIA, 3))
        assert service.requests == [0]


@pytest.mark.parametrize(
    ("faults", "rest"),
    [
        pytest.param([lost, lost, *[not_sent] * 3], 60.0, id="a sooner try after a longer rest"),
        pytest.param([*[not_sent] * 3, lost, lost], 120.0, id="a longer rest after a sooner try"),
    ],
)
async def test_B7_what_was_learned_last_says_when_it_is_tried_again(
    faults: list[Callable[[], SanaError]], rest: float
) -> None:
    clock = ManualClock()
    service = CountingService(clock, faults=[Fault(error) for error in faults])
    bench = await make_bench(MemoryDatabase(), service, clock, policy=DeliveryPolicy(rest_seconds=60.0))
    user = await a_learner(bench)
    # Two to a request: what waits behind an unknown one is still there.
    await bench.delivery.put(SITE, user, [an_outcome(f"e{number}", metadata="x" * 7_000) for number in range(10)])
    for _ in range(3):
        flushing = asyncio.get_running_loop().create_task(bench.delivery.flush(SITE, user))
        while not flushing.done():
            await clock.advance(0.5)
        assert (await flushing).again_in is not None
    assert not service.faults
    asked = len(service.requests)
    await clock.advance(rest - 1.0)
    assert len(service.requests) == asked
    await clock.advance(2.0)
    assert len(service.requests) > asked
    await bench.close()
