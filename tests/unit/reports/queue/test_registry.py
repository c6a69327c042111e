"""Jobs in hand: memory, disk and what is published keep step, whatever the disk does."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

import pytest

from sana_desktop.base.errors import AuthError, StorageError
from sana_desktop.base.tasks import Supervisor
from sana_desktop.reports.queue import steps
from sana_desktop.reports.queue.registry import SAVE_AGAIN_SECONDS, ConnectionPaused, JobRegistry, TrackedJob
from sana_desktop.reports.queue.scheduler import Kind, RequestScheduler
from sana_desktop.reports.queue.steps import Step
from sana_desktop.reports.records.job import OPEN_STATES, JobRecord, JobState
from sana_desktop.reports.records.ledger import Ledger
from tests.support.clock import ManualClock
from tests.support.job_bench import InlineDatabase
from tests.support.records import job, order

Result = TypeVar("Result")

SIGN_IN = AuthError("Sign in.", code="E-AUTH")


def full() -> StorageError:
    return StorageError("Full.", code="E-DISK-FULL")


class SlowDatabase(InlineDatabase):
    """Real tables whose writes may be held up."""

    delay: asyncio.Event | None = None

    async def write(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        if self.delay is not None:
            await self.delay.wait()
        return await super().write(work)


class Room:
    """A desk on real tables, with what it published."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.database = SlowDatabase()
        self.supervisor = Supervisor("test")
        self.ledger = Ledger(self.database)
        self.desk = JobRegistry(self.ledger, self.clock, self.supervisor, "me")
        self.scheduler = RequestScheduler(
            self.clock, self.supervisor, woke=lambda: None, postponed=lambda key, due: None
        )
        self.seen: list[JobRecord] = []
        self.notices: list[ConnectionPaused] = []
        self.desk.changed.subscribe(self.seen.append)
        self.desk.paused.subscribe(self.notices.append)

    def take(self, identity: str = "j1", state: JobState = JobState.WATCHING, **changes: object) -> TrackedJob:
        return self.desk.take(job(identity, state, **changes), self.scheduler.now())


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    room = Room()
    yield room
    await room.supervisor.stop()


async def test_a_job_is_as_old_as_its_record_says_in_both_times(room: Room) -> None:
    sent = room.clock.now() - timedelta(seconds=90)
    watch = room.take(submitted_at=sent)
    assert room.scheduler.now() - watch.began == pytest.approx(90)
    assert room.clock.monotonic() - watch.awake_since == pytest.approx(90)
    assert room.take("j2", submitted_at=None).began == room.scheduler.now()
    assert room.take("j3", submitted_at=room.clock.now() + timedelta(hours=1)).began == room.scheduler.now()


async def test_what_is_in_hand_is_found_by_state_and_connection(room: Room) -> None:
    room.take("a")
    room.take("b", JobState.QUEUED)
    room.take("c", order=order(connection_id="other"))
    assert [watch.id for watch in room.desk.of("acme", {JobState.WATCHING, JobState.QUEUED})] == ["a", "b"]
    assert [watch.id for watch in room.desk.of("acme", {JobState.QUEUED})] == ["b"]
    assert [watch.id for watch in room.desk.of_all(JobState.WATCHING)] == ["a", "c"]


async def test_has_means_this_very_job_in_this_state(room: Room) -> None:
    watch = room.take()
    assert room.desk.has(watch, JobState.WATCHING)
    assert not room.desk.has(watch, JobState.QUEUED)
    room.take()
    assert not room.desk.has(watch, JobState.WATCHING)


async def test_find_looks_in_hand_and_then_on_disk(room: Room) -> None:
    watch = room.take()
    assert await room.desk.find("j1", 0.0) is watch
    await room.ledger.save_job(job("old", JobState.READY))
    found = await room.desk.find("old", room.scheduler.now())
    assert found is not None
    assert found.record.state is JobState.READY
    assert "old" not in room.desk.watches
    assert await room.desk.find("none", 0.0) is None


async def test_a_commit_is_in_memory_on_disk_and_published_with_its_story(room: Room) -> None:
    watch = room.take()
    watch.unsaved_polls = 7
    after = replace(watch.record, trouble="x")
    await room.desk.commit(watch, Step(after, "status", "running"))
    assert watch.record == after == await room.ledger.job("j1")
    assert room.seen == [after]
    assert watch.unsaved_polls == 0
    assert [entry.event for entry in await room.ledger.timeline("j1")] == ["status"]


@pytest.mark.parametrize("state", [JobState.STOPPED, JobState.PAUSED])
async def test_only_open_jobs_stay_in_hand(room: Room, state: JobState) -> None:
    watch = room.take()
    await room.desk.commit(watch, Step(watch.record.moved(state, room.clock.now())))
    assert ("j1" in room.desk.watches) is (state in OPEN_STATES)


async def test_d16_a_full_disk_undoes_nothing_and_all_is_saved_later_in_order(room: Room) -> None:
    watch = room.take()
    room.database.broken = full
    await room.desk.commit(watch, Step(replace(watch.record, service_status="running"), "status", "running"))
    await room.desk.commit(watch, Step(replace(watch.record, service_status="late"), "status", "late"))
    assert (watch.record.service_status, len(room.seen)) == ("late", 2)
    assert await room.ledger.job("j1") is None
    await room.clock.advance(SAVE_AGAIN_SECONDS + 1)
    room.database.broken = None
    assert await room.ledger.job("j1") is None
    await room.clock.advance(SAVE_AGAIN_SECONDS + 1)
    assert await room.ledger.job("j1") == watch.record
    assert [entry.detail for entry in await room.ledger.timeline("j1")] == ["running", "late"]
    writes = room.database.writes
    await room.clock.advance(10 * SAVE_AGAIN_SECONDS)
    assert room.database.writes == writes


async def test_d16_a_later_save_takes_along_what_could_not_be_saved_before(room: Room) -> None:
    watch = room.take()
    room.database.broken = full
    await room.desk.commit(watch, Step(watch.record, "first"))
    room.database.broken = None
    await room.desk.commit(watch, Step(watch.record, "second"))
    assert [entry.event for entry in await room.ledger.timeline("j1")] == ["first", "second"]
    await room.clock.advance(SAVE_AGAIN_SECONDS + 1)
    assert [entry.event for entry in await room.ledger.timeline("j1")] == ["first", "second"]


async def test_d16_a_late_failure_of_an_older_save_does_not_bring_the_older_record_back(room: Room) -> None:
    watch = room.take()
    room.database.broken = full
    await room.desk.commit(watch, Step(replace(watch.record, service_status="old"), "status", "old"))
    room.database.delay = asyncio.Event()
    await room.clock.advance(SAVE_AGAIN_SECONDS + 1)
    slow, room.database.delay = room.database.delay, None
    await room.desk.commit(watch, Step(replace(watch.record, service_status="new"), "status", "new"))
    slow.set()
    await room.clock.advance(1)
    room.database.broken = None
    await room.clock.advance(2 * SAVE_AGAIN_SECONDS)
    assert await room.ledger.job("j1") == watch.record
    assert [entry.detail for entry in await room.ledger.timeline("j1")] == ["old", "new"]


async def test_law_2_what_must_be_written_first_is_undone_when_it_was_not(room: Room) -> None:
    watch = room.take(state=JobState.QUEUED, job_id=None)
    before = watch.record
    room.database.broken = full
    with pytest.raises(StorageError):
        await room.desk.save_first(watch, steps.sending(before, room.clock.now()))
    assert watch.record == before
    assert room.seen == []
    room.database.broken = None
    await room.desk.save_first(watch, steps.sending(before, room.clock.now()))
    assert await room.ledger.job("j1") == watch.record == room.seen[-1]
    assert watch.record.state is JobState.SUBMITTING


async def test_i3_an_older_state_is_never_saved_over_the_order_that_was_written_down_after_it(room: Room) -> None:
    watch = room.take(state=JobState.SUBMITTING, job_id=None)
    room.database.broken = full
    at = room.clock.now()
    await room.desk.commit(watch, steps.not_sent(watch.record, at, at, full()))
    with pytest.raises(StorageError):
        await room.desk.save_first(watch, steps.sending(watch.record, at))
    assert watch.record.state is JobState.QUEUED
    room.database.broken = None
    await room.desk.save_first(watch, steps.sending(watch.record, at))
    await room.clock.advance(2 * SAVE_AGAIN_SECONDS)
    stored = await room.ledger.job("j1")
    assert stored is not None
    assert stored.state is JobState.SUBMITTING
    assert [entry.event for entry in await room.ledger.timeline("j1")] == ["not sent", "sending"]


async def test_d16_a_save_that_fails_while_a_newer_one_is_made_does_not_bring_its_record_back(room: Room) -> None:
    watch = room.take()
    gates = asyncio.Event(), asyncio.Event()
    saves = []
    for word, room.database.delay in zip(("old", "new"), gates, strict=True):
        step = Step(replace(watch.record, service_status=word), word)
        saves.append(room.supervisor.start(word, room.desk.commit(watch, step)))
        await asyncio.sleep(0)
    room.database.delay = None
    for gate, save, room.database.broken in zip(gates, saves, (full, None), strict=True):
        gate.set()
        assert save is not None
        await save
    await room.clock.advance(2 * SAVE_AGAIN_SECONDS)
    stored = await room.ledger.job("j1")
    assert stored is not None
    assert stored.service_status == "new"


async def test_d16_what_is_not_saved_yet_is_found_as_it_is_and_not_as_the_disk_has_it(room: Room) -> None:
    watch = room.take()
    await room.ledger.save_job(watch.record)
    room.database.broken = full
    await room.desk.commit(watch, Step(watch.record.moved(JobState.GONE, room.clock.now())))
    found = await room.desk.find("j1", room.scheduler.now())
    assert found is not None
    assert found.record.state is JobState.GONE


async def test_what_was_removed_is_neither_written_nor_told_of_again(room: Room) -> None:
    watch = room.take()
    room.database.broken = full
    await room.desk.commit(watch, Step(watch.record, "not saved"))
    room.database.broken = None
    await room.desk.remove("j1")
    told = len(room.seen)
    await room.desk.commit(watch, Step(replace(watch.record, service_status="late"), "status", "late"))
    await room.clock.advance(2 * SAVE_AGAIN_SECONDS)
    assert await room.ledger.job("j1") is None
    assert (len(room.seen), room.desk.watches) == (told, {})


async def test_what_could_not_be_removed_goes_on_with_what_became_of_it_meanwhile(room: Room) -> None:
    watch = room.take()
    room.database.broken, room.database.delay = full, asyncio.Event()
    removing = room.supervisor.start("remove", room.desk.remove("j1"))
    assert removing is not None
    await asyncio.sleep(0)
    done = watch.record.moved(JobState.GONE, room.clock.now())
    await room.desk.commit(watch, Step(done))
    room.database.delay.set()
    with pytest.raises(StorageError):
        await removing
    room.database.broken = None
    await room.clock.advance(2 * SAVE_AGAIN_SECONDS)
    assert await room.ledger.job("j1") == done == room.seen[-1]


async def test_show_publishes_a_change_alone_and_saves_nothing(room: Room) -> None:
    watch = room.take()
    room.desk.show(watch, trouble="x")
    room.desk.show(watch, trouble="x")
    assert [record.trouble for record in room.seen] == ["x"]
    assert room.database.writes == 0


async def test_s02_a_pause_is_told_once_until_the_connection_is_admitted_again(room: Room) -> None:
    first, second, other = (
        room.take("a"),
        room.take("b", JobState.QUEUED),
        room.take("c", order=order(connection_id="o")),
    )
    both = {JobState.WATCHING, JobState.QUEUED}
    await room.desk.pause_connection(first, room.scheduler, SIGN_IN, both)
    assert (first.record.state, second.record.state, other.record.state) == (
        JobState.PAUSED,
        JobState.PAUSED,
        JobState.WATCHING,
    )
    late = room.take("d")
    await room.desk.pause_connection(late, room.scheduler, SIGN_IN, both)
    assert [(notice.connection_id, notice.jobs) for notice in room.notices] == [("acme", 2)]
    room.desk.admit("acme")
    await room.desk.pause_connection(room.take("e"), room.scheduler, SIGN_IN, both)
    assert [notice.jobs for notice in room.notices] == [2, 1]


async def test_a_pause_drops_what_was_planned(room: Room) -> None:
    watch = room.take()
    begun: list[str] = []

    async def work() -> None:
        begun.append("look")

    room.scheduler.start()
    room.scheduler.plan(watch.id, "acme", Kind.LOOK, room.scheduler.now() + 5, work)
    await room.desk.pause_connection(watch, room.scheduler, SIGN_IN, set())
    await room.clock.advance(10)
    assert begun == []
    await room.scheduler.stop(1.0)


async def test_durations_are_read_once_until_another_run_is_over(room: Room) -> None:
    def run(identity: str, seconds: int) -> JobRecord:
        sent = room.clock.now()
        return job(identity, JobState.READY, submitted_at=sent, ready_at=sent + timedelta(seconds=seconds))

    await room.ledger.save_job(run("a", 10))
    assert room.desk.known_durations(order()) == []
    assert await room.desk.durations(order()) == [10.0]
    await room.ledger.save_job(run("b", 12))
    assert await room.desk.durations(order()) == [10.0]
    assert await room.desk.durations(order(), afresh=True) == [12.0, 10.0]
    assert room.desk.known_durations(order()) == [12.0, 10.0]
    assert await room.desk.durations(order(connection_id="other")) == []


async def test_wall_is_the_time_of_day_of_a_moment_of_the_agenda(room: Room) -> None:
    assert room.desk.wall(room.scheduler, room.scheduler.now() + 30) == room.clock.now() + timedelta(seconds=30)


async def test_stopping_saves_what_is_newer_in_memory_and_nothing_else(room: Room) -> None:
    counted, idle, unsaved = room.take("counted"), room.take("idle"), room.take("unsaved")
    counted.unsaved_polls = 1
    counted.record = replace(counted.record, polls=5)
    room.database.broken = full
    await room.desk.commit(unsaved, Step(replace(unsaved.record, polls=9), "status"))
    room.database.broken = None
    await room.desk.save_all()
    assert await room.ledger.job("counted") == counted.record
    assert await room.ledger.job("unsaved") == unsaved.record
    assert await room.ledger.job(idle.id) is None
    assert [entry.event for entry in await room.ledger.timeline("unsaved")] == ["status"]
