"""Going on where a dead process stopped, and leaving alone what belongs to a living one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from sana_desktop.api.models import DownloadLink
from sana_desktop.base.backoff import RetryQuota
from sana_desktop.base.redaction import Secret
from sana_desktop.base.tasks import Supervisor
from sana_desktop.reports.queue.poller import JobPoller
from sana_desktop.reports.queue.recovery import Recovery
from sana_desktop.reports.queue.registry import JobRegistry
from sana_desktop.reports.queue.scheduler import RequestScheduler
from sana_desktop.reports.queue.submission import Submission
from sana_desktop.reports.records.job import APP_STARTED, SENDING, JobRecord, JobState, TimelineEntry
from sana_desktop.reports.records.ledger import Ledger
from sana_desktop.reports.records.transfer import TransferState
from tests.support.clock import ManualClock
from tests.support.job_bench import InlineDatabase, VirtualSite
from tests.support.records import START, job, order, transfer


class Room:
    """What a dead process left, and a recovery over real tables."""

    def __init__(self) -> None:
        self.clock = ManualClock(START + timedelta(minutes=3))
        self.site = VirtualSite(self.clock, takes=1e9)
        self.supervisor = Supervisor("test")
        self.ledger = Ledger(InlineDatabase())
        self.desk = JobRegistry(self.ledger, self.clock, self.supervisor, "me")
        self.scheduler = RequestScheduler(
            self.clock, self.supervisor, woke=lambda: None, postponed=lambda key, due: None
        )
        quota = RetryQuota(self.clock)
        watching = JobPoller(self.desk, self.site, self.scheduler, quota, lambda: 0.5)
        submission = Submission(self.desk, self.site, self.scheduler, watching, quota, lambda: 0.5)
        self.asked: list[str] = []
        self.recovery = Recovery(self.desk, self.scheduler, watching, submission, self._is_alive)
        self.seen: list[JobRecord] = []
        self.desk.changed.subscribe(self.seen.append)
        self.scheduler.start()

    def _is_alive(self, owner: str) -> bool:
        self.asked.append(owner)
        return owner == "alive"

    async def left(self, identity: str, state: JobState, owner: str = "dead", **changes: object) -> JobRecord:
        number = None if state in {JobState.QUEUED, JobState.SUBMITTING} else identity
        link = DownloadLink(Secret("https://store.example/report"), None) if state is JobState.READY else None
        given = {"owner": owner, "job_id": number, "order": order(identity), "link": link} | changes
        record = job(identity, state, **given)
        await self.ledger.save_job(record)
        return record

    async def state_of(self, identity: str) -> tuple[JobState, str]:
        record = await self.ledger.job(identity)
        assert record is not None
        return record.state, record.owner


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    room = Room()
    yield room
    await room.scheduler.stop(1.0)
    await room.supervisor.stop()


async def test_p01_everything_open_is_taken_over_and_goes_on(room: Room) -> None:
    for state in JobState:
        await room.left(state.value, state)
    restored = await room.recovery.restore()
    assert sorted(record.id for record in restored) == ["paused", "queued", "ready", "watching"]
    assert await room.state_of("submitting") == (JobState.SUBMIT_UNKNOWN, "me")
    for state in (JobState.WATCHING, JobState.PAUSED, JobState.READY):
        assert await room.state_of(state.value) == (state, "me")
    for state in (JobState.FAILED, JobState.GONE, JobState.STOPPED, JobState.SUBMIT_UNKNOWN):
        assert await room.state_of(state.value) == (state, "dead")
    await room.clock.advance(2)
    assert {call.job_id for call in room.site.calls if call.kind == "poll"} >= {"watching"}
    assert len(room.site.times("submit")) == 1
    assert {record.id for record in room.seen} >= {"watching", "queued", "paused", "submitting"}


async def test_p02_an_order_that_was_being_sent_is_never_sent_by_itself(room: Room) -> None:
    await room.left("j1", JobState.SUBMITTING, submits=1)
    await room.recovery.restore()
    await room.clock.advance(3_600)
    assert room.site.calls == []
    story = await room.ledger.timeline("j1")
    # That it was sent is told, also where only its end would have told it.
    assert [line.event for line in story] == [SENDING, APP_STARTED, "submit_unknown"]
    await room.ledger.save_job(job("j2", JobState.SUBMITTING, job_id=None, owner="dead"), story[0])
    await room.recovery.restore()
    assert [line.event for line in await room.ledger.timeline("j2")] == [SENDING, APP_STARTED, "submit_unknown"]


async def test_a_story_tells_that_the_app_had_ended_in_between_and_not_each_time_it_did(room: Room) -> None:
    for state in (JobState.READY, JobState.PAUSED):
        await room.left(state.value, state)
    await room.recovery.restore()
    for identity, told in (("ready", [APP_STARTED]), ("paused", [])):
        assert [line.event for line in await room.ledger.timeline(identity)] == told
    record = await room.ledger.job("ready")
    assert record is not None
    again = TimelineEntry(room.clock.now() + timedelta(days=1), APP_STARTED)
    await room.ledger.adopt([record], "next", again)
    assert len(await room.ledger.timeline("ready")) == 1, "nothing had happened since"


async def test_jobs_of_living_processes_are_left_alone_and_each_owner_is_asked_about_once(room: Room) -> None:
    for name in ("a", "b"):
        await room.left(name, JobState.WATCHING, owner="alive")
    await room.left("c", JobState.QUEUED, owner="me")
    assert [record.id for record in await room.recovery.restore()] == ["c"]
    assert room.asked == ["alive"]
    assert list(room.desk.watches) == ["c"]
    assert await room.state_of("a") == (JobState.WATCHING, "alive")


async def test_an_order_that_the_site_asked_to_hold_back_is_still_held_back(room: Room) -> None:
    await room.left("j1", JobState.QUEUED, next_look_at=room.clock.now() + timedelta(seconds=50))
    await room.recovery.restore()
    await room.clock.advance(49)
    assert room.site.calls == []
    await room.clock.advance(2)
    assert len(room.site.times("submit")) == 1


async def test_c03_a_clock_that_was_a_year_ahead_does_not_hold_an_order_back_for_a_year(room: Room) -> None:
    then = room.clock.now() + timedelta(days=365)
    await room.left("j1", JobState.QUEUED, changed_at=then, next_look_at=then + timedelta(seconds=50))
    await room.recovery.restore()
    await room.clock.advance(49)
    assert room.site.calls == []
    await room.clock.advance(2)
    assert len(room.site.times("submit")) == 1


async def test_b09_reports_that_wait_for_their_download_are_among_what_goes_on(room: Room) -> None:
    for minutes in (9, 4, 6):
        link = DownloadLink(Secret(f"https://store.example/{minutes}"), START + timedelta(minutes=minutes))
        await room.left(f"in {minutes}", JobState.READY, link=link)
    await room.left("no end", JobState.READY)
    await room.left("done", JobState.READY, link=DownloadLink(Secret("https://store.example/x"), START))
    await room.ledger.save_transfer(replace(transfer("t", TransferState.DONE), job="done"))
    restored = await room.recovery.restore()
    assert sorted(record.id for record in restored) == ["in 4", "in 6", "in 9", "no end"]


async def test_nothing_left_is_nothing_to_do(room: Room) -> None:
    assert await room.recovery.restore() == []
    assert (room.seen, room.asked) == ([], [])


SINCE = START - timedelta(hours=1)


@pytest.mark.parametrize(
    ("state", "taken"),
    [
        (JobState.QUEUED, JobState.QUEUED),
        (JobState.SUBMITTING, JobState.SUBMIT_UNKNOWN),
        (JobState.WATCHING, JobState.WATCHING),
        (JobState.READY, JobState.READY),
        (JobState.PAUSED, None),
        (JobState.FAILED, None),
        (JobState.GONE, None),
        (JobState.STOPPED, None),
        (JobState.SUBMIT_UNKNOWN, None),
    ],
)
async def test_a_wish_is_taken_over_in_the_states_in_which_it_can_go_on(
    room: Room, state: JobState, taken: JobState | None
) -> None:
    record = await room.left("wish", state)
    found = await room.recovery.take_over(record.order, SINCE)
    assert (found.state if found else None) is taken
    if found is not None:
        assert (found.id, found.owner) == ("wish", "me")
    await room.clock.advance(1)
    assert len(room.site.times("submit")) == int(state is JobState.QUEUED)
    assert bool(room.site.times("poll")) is (state in {JobState.WATCHING, JobState.QUEUED})


@pytest.mark.parametrize(
    "change",
    [{"title": "Other"}, {"sql": "SELECT 2"}, {"target": "/x/y.csv"}, {"overwrite": True}, {"connection_id": "o"}],
)
async def test_all_of_a_wish_must_be_the_same(room: Room, change: dict[str, object]) -> None:
    record = await room.left("wish", JobState.WATCHING)
    other = replace(record.order, **change)  # type: ignore[arg-type]
    assert await room.recovery.take_over(other, SINCE) is None


async def test_an_older_wish_a_delivered_one_and_one_of_a_living_process_are_not_taken_over(room: Room) -> None:
    wish = (await room.left("wish", JobState.WATCHING)).order
    assert await room.recovery.take_over(wish, START + timedelta(seconds=1)) is None
    done = (await room.left("done", JobState.READY)).order
    await room.ledger.save_transfer(replace(transfer("t", TransferState.DONE), job="done"))
    assert await room.recovery.take_over(done, SINCE) is None
    theirs = (await room.left("theirs", JobState.WATCHING, owner="alive")).order
    assert await room.recovery.take_over(theirs, SINCE) is None
    assert room.desk.watches == {}


async def test_what_is_in_hand_already_is_the_answer(room: Room) -> None:
    wish = (await room.left("wish", JobState.WATCHING)).order
    first = await room.recovery.take_over(wish, SINCE)
    assert await room.recovery.take_over(wish, SINCE) == room.desk.watches["wish"].record
    assert first is not None
    assert len(room.desk.watches) == 1
