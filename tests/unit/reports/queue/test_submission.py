"""Sending orders: written down before, never sent twice without a click (B7, I3)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from itertools import pairwise
from unittest.mock import ANY

import pytest

from sana_desktop.api.errors import AnswerLost, NotSent, query_refused, throttled
from sana_desktop.base.backoff import RetryQuota
from sana_desktop.base.errors import AuthError, SanaError, StorageError, UserError
from sana_desktop.base.tasks import Supervisor
from sana_desktop.reports.queue import steps
from sana_desktop.reports.queue.policy import OrderPolicy
from sana_desktop.reports.queue.poller import JobPoller
from sana_desktop.reports.queue.registry import ConnectionPaused, Insights, JobRegistry, TrackedJob
from sana_desktop.reports.queue.resumption import Resumption
from sana_desktop.reports.queue.scheduler import RequestScheduler
from sana_desktop.reports.queue.submission import DISK_GAP_SECONDS, Submission
from sana_desktop.reports.records.job import UNREACHED, JobState
from sana_desktop.reports.records.ledger import Ledger
from tests.support.clock import ManualClock
from tests.support.job_bench import InlineDatabase, VirtualSite
from tests.support.records import job, order


def unreachable(*, retryable: bool = True) -> NotSent:
    return NotSent("No way.", code="E-NET-DNS", retryable=retryable)


class Room:
    """A submission on real tables and a site in virtual time, which may also have no client to give."""

    def __init__(self, tokens: float = 30.0, policy: OrderPolicy | None = None) -> None:
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
        self.watching = watching = JobPoller(self.desk, self, self.scheduler, quota, lambda: 0.5)
        self.place = ("Acme", "https://acme.sana.ai", "live")
        self.submission = Submission(
            self.desk, self, self.scheduler, watching, quota, lambda: 0.5, policy, lambda connection: self.place
        )
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


async def events(room: Room, identity: str = "j1") -> list[str]:
    return [entry.event for entry in await room.ledger.timeline(identity)]


async def test_n01_a_command_tries_what_did_not_arrive_three_times() -> None:
    room = Room(policy=OrderPolicy().unasked())
    room.site.refusing = unreachable
    watch = await room.order()
    await room.clock.advance(300)
    assert (room.sent, watch.record.state, watch.record.error_code) == (3, JobState.PAUSED, "E-NET-DNS")
    assert room.notices == []
    assert watch.tries == 0
    await room.close()


async def test_n01_what_surely_did_not_arrive_is_tried_quickly_three_times_and_then_once_a_minute(room: Room) -> None:
    room.site.refusing = unreachable
    watch = await room.order()
    await room.clock.advance(4)
    assert room.sent == 3
    await room.clock.advance(3_596)
    gaps = [after - before for before, after in pairwise(room.site.times("submit"))]
    assert gaps[2:7] == pytest.approx([3.0, 6.0, 12.0, 24.0, 45.0], abs=0.1)
    assert max(gaps) <= 60.0
    record = watch.record
    assert (record.state, record.trouble, record.error_code) == (JobState.QUEUED, "No way.", "E-NET-DNS")
    assert (record.submitted_at, record.submits, record.error_next_step) == (None, room.sent, steps.TRIED_AGAIN)
    assert record.next_look_at is not None
    assert 0 < (record.next_look_at - room.clock.now()).total_seconds() <= 60
    assert room.notices == []
    # Of an hour its story has one line; what was written last is on disk, for a start that goes on with it.
    assert await events(room) == ["sending", "not sent"] * 2 + ["sending", UNREACHED]
    assert await room.ledger.job("j1") == replace(record, next_look_at=ANY)


async def test_n01_the_try_that_arrives_is_told_with_its_time_and_what_let_it_in(room: Room) -> None:
    room.site.refusing = unreachable
    watch = await room.order()
    await room.clock.advance(600)
    room.site.refusing = None
    await room.clock.advance(60)
    assert (watch.record.state, watch.record.error_code, watch.record.trouble) == (JobState.WATCHING, "", "")
    assert len(room.site.orders) == 1
    story = await room.ledger.timeline("j1")
    assert [entry.event for entry in story[-3:]] == [UNREACHED, "sending", "accepted"]
    assert (story[-2].at, story[-2].detail) == (watch.record.submitted_at, "with client abc")


async def test_i3_a_late_try_whose_answer_is_lost_is_told_as_sent_and_never_repeated(room: Room) -> None:
    room.site.refusing = unreachable
    watch = await room.order()
    await room.clock.advance(600)
    room.site.refusing = lambda: AnswerLost("Cut.", code="E-NET-LOST", retryable=True)
    await room.clock.advance(60)
    sent = room.sent
    await room.clock.advance(3_600)
    assert (room.sent, watch.record.state) == (sent, JobState.SUBMIT_UNKNOWN)
    assert (await events(room))[-2:] == ["sending", "submit_unknown"]


async def test_n01_when_the_site_answers_anything_else_all_are_tried_at_once_but_politely(room: Room) -> None:
    room.site.refusing = unreachable
    watches = [await room.order(f"j{number}") for number in range(20)]
    other = room.desk.take(job("other", JobState.QUEUED, order=order("other", connection_id="else")), 0.0)
    await room.clock.advance(600)
    room.site.refusing, sent = None, room.sent
    room.desk.heard.publish("else")
    await room.clock.advance(0.1)
    assert room.sent == sent
    room.desk.heard.publish("acme")
    await room.clock.advance(5)
    assert {watch.record.state for watch in watches} == {JobState.WATCHING}
    assert len(room.site.orders) == 20
    new = room.site.times("submit")[sent:]
    assert max(sum(start <= other < start + 1 - 1e-9 for other in new) for start in new) <= 5
    assert other.record.state is JobState.QUEUED


async def test_a_site_that_answers_all_but_orders_is_not_asked_more_often_for_it(room: Room) -> None:
    room.site.refusing = unreachable
    await room.order()
    await room.clock.advance(600)
    sent = room.sent
    for _ in range(600):
        room.desk.heard.publish("acme")
        await room.clock.advance(1)
    assert room.sent - sent <= 22


async def test_what_a_start_finds_unsent_goes_on_where_it_was(room: Room) -> None:
    room.site.refusing = unreachable
    await room.order()
    await room.clock.advance(600)
    left = await room.ledger.job("j1")
    assert left is not None
    again = room.desk.take(left, room.scheduler.now())
    assert (again.unreached, again.tries) == (True, left.submits)
    lines, sent = len(await events(room)), room.sent
    room.submission.plan(again, 30.0)
    await room.clock.advance(120)
    assert room.sent - sent in {2, 3}
    assert len(await events(room)) == lines


async def test_n01_after_a_sign_in_what_is_still_tried_is_tried_now(room: Room) -> None:
    resumption = Resumption(room.desk, room.watching, room.submission, room.supervisor)
    room.site.refusing = unreachable
    watch = await room.order()
    await room.clock.advance(600)
    room.desk.heard.publish("acme")
    await room.clock.advance(2)
    room.site.refusing = None
    await resumption.resume_paused("acme")
    await room.clock.advance(1)
    assert watch.record.state is JobState.WATCHING


async def test_n01_an_order_that_waits_is_not_sent_to_another_site_that_its_connection_was_given(room: Room) -> None:
    room.site.refusing = unreachable
    orders = [await room.order(name) for name in ("j1", "j2")]
    for watch, address in zip(orders, ("https://acme.sana.ai", ""), strict=True):
        watch.record = replace(watch.record, site_address=address)
    await room.clock.advance(600)
    room.site.refusing, room.place = None, ("Acme", "https://other.sana.ai", "live")
    await room.clock.advance(61)
    record = await room.ledger.job("j1")
    assert record is not None
    assert (record.state, record.error_code, record.not_taken) == (JobState.STOPPED, steps.SITE_CHANGED, True)
    assert (await events(room))[-1] == "site changed"
    assert orders[1].record.state is JobState.WATCHING, "of an old row nobody knows where it was for"
    assert len(room.site.orders) == 1


async def test_an_order_for_the_example_goes_to_where_it_is_now(room: Room) -> None:
    watch = await room.order()
    watch.record = replace(watch.record, site_address="http://127.0.0.1:20001")
    room.place = ("Example", "http://127.0.0.1:20002", "demo")
    await room.clock.advance(1)
    assert watch.record.state is JobState.WATCHING


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
    assert waiting.unreached
    assert room.sent == 5  # as far apart as if the quick tries had been made
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
