"""Sending orders: written down before, never sent twice without a click (B7, I3)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest

from sana_desktop.api.errors import AnswerLost, NotSent, query_refused, throttled
from sana_desktop.base.backoff import RetryQuota
from sana_desktop.base.errors import AuthError, SanaError, StorageError, UserError
from sana_desktop.base.tasks import Supervisor
from sana_desktop.reports.queue.poller import JobPoller
from sana_desktop.reports.queue.registry import ConnectionPaused, Insights, JobRegistry, TrackedJob
from sana_desktop.reports.queue.scheduler import RequestScheduler
from sana_desktop.reports.queue.submission import DISK_GAP_SECONDS, Submission
from sana_desktop.reports.records.job import JobState
from sana_desktop.reports.records.ledger import Ledger
from tests.support.clock import ManualClock
from tests.support.job_bench import InlineDatabase, VirtualSite
from tests.support.records import job


def unreachable(*, retryable: bool = True) -> NotSent:
    return NotSent("No way.", code="E-NET-DNS", retryable=retryable)


class Room:
    """A submission on real tables and a site in virtual time, which may also have no client to give."""

    def __init__(self, tokens: float = 30.0) -> None:
        self.clock = ManualClock()
        self.site = VirtualSite(self.clock, takes=1e9)
        self.database = InlineDatabase()
        self.failures: list[BaseException] = []
        self.supervisor = Supervisor("test", lambda name, error: self.failures.append(error))
        self.ledger = Ledger(self.database)
        self.desk = JobRegistry(self.ledger, self.clock, self.supervisor, "me")
        self.scheduler = RequestScheduler(
            self.clock, self.supervisor, woke=lambda: None, postponed=lambda key, due: None
        )
        quota = RetryQuota(self.clock, tokens, 0.0)
        watching = JobPoller(self.desk, self, self.scheduler, quota, lambda: 0.5)
        self.submission = Submission(self.desk, self, self.scheduler, watching, quota, lambda: 0.5)
        self.notices: list[ConnectionPaused] = []
        self.desk.paused.subscribe(self.notices.append)
        self.no_client: Callable[[], SanaError] | None = None
        self.scheduler.start()

    async def client(self, connection_id: str) -> Insights:
        if self.no_client is not None:
            raise self.no_client()
        return await self.site.client(connection_id)

    async def order(self, identity: str = "j1") -> TrackedJob:
        record = job(identity, JobState.QUEUED, job_id=None, submitted_at=None)
        await self.ledger.save_job(record)
        watch = self.desk.take(record, self.scheduler.now())
        self.submission.plan(watch)
        return watch

    @property
    def sent(self) -> int:
        return len(self.site.times("submit"))

    async def close(self) -> None:
        await self.scheduler.stop(1.0)
        await self.supervisor.stop()


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    room = Room()
    yield room
    await room.close()


async def test_an_order_is_sent_once_and_watched(room: Room) -> None:
    watch = await room.order()
    await room.clock.advance(1)
    assert (room.sent, watch.record.state, watch.record.job_id) == (1, JobState.WATCHING, "r1")
    events = [entry.event for entry in await room.ledger.timeline("j1")]
    assert events == ["sending", "accepted"]


async def test_a_planned_delay_is_kept_and_shown(room: Room) -> None:
    watch = await room.order()
    room.submission.plan(watch, 30.0)
    assert watch.record.next_look_at is not None
    assert (watch.record.next_look_at - room.clock.now()).total_seconds() == pytest.approx(30)
    await room.clock.advance(29)
    assert room.sent == 0
    await room.clock.advance(2)
    assert room.sent == 1


async def test_n01_what_surely_did_not_arrive_is_tried_three_times_and_then_waits_for_a_click(room: Room) -> None:
    room.site.refusing = unreachable
    watch = await room.order()
    await room.clock.advance(300)
    assert (room.sent, watch.record.state, watch.record.error_code) == (3, JobState.PAUSED, "E-NET-DNS")
    assert room.notices == []
    assert watch.tries == 0


async def test_what_a_repeat_can_not_mend_is_not_repeated(room: Room) -> None:
    room.site.refusing = lambda: unreachable(retryable=False)
    watch = await room.order()
    await room.clock.advance(300)
    assert (room.sent, watch.record.state) == (1, JobState.PAUSED)


async def test_i3_an_order_whose_answer_was_lost_is_never_sent_again(room: Room) -> None:
    room.site.refusing = lambda: AnswerLost("Cut.", code="E-NET-LOST", retryable=True)
    watch = await room.order()
    await room.clock.advance(3_600)
    assert (room.sent, watch.record.state) == (1, JobState.SUBMIT_UNKNOWN)


async def test_i3_a_bug_while_sending_leaves_the_fate_unknown_and_is_reported(room: Room) -> None:
    room.site.refusing = lambda: ZeroDivisionError("bug")
    watch = await room.order()
    await room.clock.advance(300)
    assert (room.sent, watch.record.state) == (1, JobState.SUBMIT_UNKNOWN)
    assert [type(error) for error in room.failures] == [ZeroDivisionError]


async def test_a_refused_query_has_failed(room: Room) -> None:
    room.site.refusing = lambda: query_refused(400, "no column usr")
    watch = await room.order()
    await room.clock.advance(300)
    assert (room.sent, watch.record.state, watch.record.error_http_status) == (1, JobState.FAILED, 400)


async def test_a_site_that_asks_to_wait_holds_all_orders_as_long(room: Room) -> None:
    room.site.refusing = lambda: throttled("acme", 429, 40.0)
    first = await room.order("a")
    await room.clock.advance(1)
    room.site.refusing = None
    second = await room.order("b")
    await room.clock.advance(37)
    assert room.sent == 1
    assert {first.record.state, second.record.state} == {JobState.QUEUED}
    await room.clock.advance(4)
    assert {first.record.state, second.record.state} == {JobState.WATCHING}


async def test_throttling_does_not_use_up_the_retry_quota() -> None:
    room = Room(tokens=0.0)
    room.site.refusing = lambda: throttled("acme", 429, 5.0)
    waiting = await room.order("a")
    await room.clock.advance(1)
    assert {waiting.record.state} == {JobState.QUEUED}
    room.site.refusing = unreachable
    await room.clock.advance(30)
    assert {waiting.record.state} == {JobState.PAUSED}
    assert room.sent == 2
    await room.close()


async def test_law_2_an_order_that_can_not_be_written_down_is_not_sent_until_it_can(room: Room) -> None:
    watch = await room.order()
    room.database.broken = lambda: StorageError("Full.", code="E-DISK-FULL")
    await room.clock.advance(4 * DISK_GAP_SECONDS)
    assert (room.sent, watch.record.state, watch.record.trouble) == (0, JobState.QUEUED, "Full.")
    room.database.broken = None
    await room.clock.advance(DISK_GAP_SECONDS + 1)
    assert (room.sent, watch.record.state, watch.record.trouble) == (1, JobState.WATCHING, "")


@pytest.mark.parametrize(
    ("error", "paused"),
    [
        (AuthError("Sign in.", code="E-AUTH"), {"ordered", "other", "watched"}),
        (AuthError("May not order.", code="E-SCOPE"), {"ordered", "other"}),
        (UserError("No such site.", code="E-CONNECTION-NONE"), {"ordered"}),
    ],
)
async def test_who_is_paused_with_an_order_that_has_no_client(room: Room, error: SanaError, paused: set[str]) -> None:
    room.no_client = lambda: error
    watches = {
        "ordered": await room.order("ordered"),
        "other": room.desk.take(job("other", JobState.QUEUED, job_id=None), room.scheduler.now()),
        "watched": room.desk.take(job("watched"), room.scheduler.now()),
    }
    await room.clock.advance(5)
    assert {name for name, watch in watches.items() if watch.record.state is JobState.PAUSED} == paused
    assert [notice.jobs for notice in room.notices] == ([len(paused)] if len(paused) > 1 else [])
    assert room.sent == 0


async def test_what_is_no_longer_wanted_is_not_sent(room: Room) -> None:
    watch = await room.order()
    watch.record = watch.record.moved(JobState.STOPPED, room.clock.now())
    await room.clock.advance(5)
    assert room.sent == 0


async def test_s23_an_order_that_gets_the_number_of_another_one_is_flagged(room: Room) -> None:
    await room.ledger.save_job(job("earlier", JobState.READY, job_id="r1"))
    watch = await room.order()
    await room.clock.advance(1)
    assert watch.is_twin
    assert (await room.ledger.timeline("j1"))[-1].event == "odd answer"
    other = await room.order("j2")
    await room.clock.advance(1)
    assert not other.is_twin
