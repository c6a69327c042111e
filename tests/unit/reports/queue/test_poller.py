"""Looks at jobs, one by one: what each answer, and each silence, means for the next."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from sana_desktop.api.errors import AnswerLost, NotSent, proxy_wants_password, throttled
from sana_desktop.api.models import DownloadLink, JobSnapshot, Phase
from sana_desktop.base.backoff import BACKOFF_CAP_SECONDS, RetryQuota
from sana_desktop.base.errors import AuthError, JobGone, LinkError, ProtocolError, SanaError, ServiceError, UserError
from sana_desktop.base.redaction import Secret
from sana_desktop.base.tasks import Supervisor
from sana_desktop.reports.queue.poller import GONE_BORNE_SECONDS, SAVE_EVERY_POLLS, JobPoller, wants_a_person
from sana_desktop.reports.queue.registry import Insights, JobRegistry, TrackedJob
from sana_desktop.reports.queue.scheduler import RequestScheduler
from sana_desktop.reports.queue.steps import STRANGERS_BORNE
from sana_desktop.reports.records.job import JobState
from sana_desktop.reports.records.ledger import Ledger
from tests.support.clock import ManualClock
from tests.support.job_bench import InlineDatabase, VirtualSite
from tests.support.records import job

SIGN_IN = AuthError("Sign in.", code="E-AUTH")
MAY_NOT = AuthError("May not look.", code="E-SCOPE")
GONE = JobGone("Gone.", code="E-JOB-GONE")
CUT = AnswerLost("Cut.", code="E-NET-LOST", retryable=True)
LINK = DownloadLink(Secret("https://store.example/x?sig=1"), None)


class Site(VirtualSite):
    """A site whose next answers may be laid out beforehand."""

    answers: list[JobSnapshot] = []  # noqa: RUF012 - set anew for each site

    async def poll(self, job_id: str) -> JobSnapshot:
        usual = await super().poll(job_id)
        return self.answers.pop(0) if self.answers else usual


class Room:
    """A watching on real tables and a site in virtual time."""

    def __init__(self, tokens: float = 30.0) -> None:
        self.clock = ManualClock()
        self.site = Site(self.clock, takes=1e9)
        self.site.answers = []
        self.database = InlineDatabase()
        self.failures: list[BaseException] = []
        self.supervisor = Supervisor("test", lambda name, error: self.failures.append(error))
        self.ledger = Ledger(self.database)
        self.desk = JobRegistry(self.ledger, self.clock, self.supervisor, "me")
        self.scheduler = RequestScheduler(
            self.clock, self.supervisor, woke=lambda: None, postponed=lambda key, due: None
        )
        self.watching = JobPoller(self.desk, self, self.scheduler, RetryQuota(self.clock, tokens, 0.0), lambda: 0.5)
        self.scheduler.start()

    async def client(self, connection_id: str) -> Insights:
        return self.site

    def take(self, identity: str = "j1", state: JobState = JobState.WATCHING, **changes: object) -> TrackedJob:
        changes.setdefault("submitted_at", self.clock.now())
        return self.desk.take(job(identity, state, job_id=identity, **changes), self.scheduler.now())

    async def look(self, watch: TrackedJob) -> None:
        """Let exactly the next look happen: it is made now."""
        self.watching.look_now([watch])
        before = len(self.site.calls)
        while len(self.site.calls) == before:
            await self.clock.advance(0.05)

    async def fresh_link(self, watch: TrackedJob, *, refused: bool = True) -> DownloadLink:
        async def find(identity: str) -> TrackedJob:
            return watch

        asked = asyncio.gather(self.watching.fresh_link(watch.id, find, refused=refused))
        await self.clock.advance(90)
        (link,) = await asked
        return link

    @property
    def looks(self) -> int:
        return len(self.site.times("poll"))

    def wait_of(self, watch: TrackedJob) -> float:
        assert watch.record.next_look_at is not None
        return (watch.record.next_look_at - self.clock.now()).total_seconds()


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    room = Room()
    yield room
    room.watching.stop()
    await room.scheduler.stop(1.0)
    await room.supervisor.stop()


@pytest.mark.parametrize(
    ("error", "wants"),
    [(SIGN_IN, True), (MAY_NOT, True), (proxy_wants_password(), True), (GONE, False), (CUT, False)],
)
def test_what_only_a_person_can_mend(error: SanaError, wants: bool) -> None:
    assert wants_a_person(error) is wants


async def test_a_job_is_looked_at_until_it_is_ready_and_no_longer(room: Room) -> None:
    room.site.takes = 3.0
    watch = room.take()
    await room.watching.begin(watch)
    await room.clock.advance(60)
    assert watch.record.state is JobState.READY
    assert watch.record.polls == room.looks
    assert await room.ledger.job("j1") == watch.record


async def test_looks_without_news_are_saved_once_in_a_while(room: Room) -> None:
    watch = room.take(service_status="pending")
    for _ in range(SAVE_EVERY_POLLS - 1):
        await room.look(watch)
    assert room.database.writes == 0
    await room.look(watch)
    assert room.database.writes == 1
    saved = await room.ledger.job("j1")
    assert saved is not None
    assert saved.polls == SAVE_EVERY_POLLS


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (SIGN_IN, JobState.PAUSED),
        (MAY_NOT, JobState.PAUSED),
        (proxy_wants_password(), JobState.PAUSED),
        (UserError("No such site.", code="E-CONNECTION-NONE"), JobState.PAUSED),
        (ServiceError("No.", code="E-REFUSED"), JobState.FAILED),
        (CUT, JobState.WATCHING),
        (NotSent("No way.", code="E-NET-DNS", retryable=True), JobState.WATCHING),
        (NotSent("Untrusted.", code="E-TLS"), JobState.WATCHING),
        (throttled("acme", 429, 9.0), JobState.WATCHING),
        (ProtocolError("A page.", code="E-PROTO", retryable=True), JobState.WATCHING),
        (GONE, JobState.WATCHING),
    ],
)
async def test_what_a_look_that_tells_nothing_means(room: Room, error: SanaError, state: JobState) -> None:
    room.site.failing = lambda: error
    watch = room.take()
    await room.look(watch)
    assert watch.record.state is state
    assert (watch.record.next_look_at is not None) is (state is JobState.WATCHING)
    counted = not isinstance(error, (NotSent, AuthError))
    assert watch.record.polls == int(counted)


@pytest.mark.parametrize(("error", "order_too"), [(SIGN_IN, True), (MAY_NOT, False)])
async def test_s03_a_pass_that_may_not_look_may_still_order(room: Room, error: SanaError, order_too: bool) -> None:
    room.site.failing = lambda: error
    watch, ordered = room.take(), room.take("queued", JobState.QUEUED)
    await room.look(watch)
    assert (ordered.record.state is JobState.PAUSED) is order_too


async def test_s14_s15_a_job_is_gone_only_after_a_minute_awake(room: Room) -> None:
    room.site.failing = lambda: GONE
    young = room.take("young")
    old = room.take("old", submitted_at=room.clock.now() - timedelta(seconds=GONE_BORNE_SECONDS + 1))
    await room.look(young)
    await room.look(old)
    assert (young.record.state, old.record.state) == (JobState.WATCHING, JobState.GONE)
    slept = room.take("slept")
    room.clock.suspend(3_600)
    await room.look(slept)
    assert slept.record.state is JobState.WATCHING


async def test_s22_answers_about_another_job_are_borne_for_a_while_and_never_believed(room: Room) -> None:
    watch = room.take()
    stranger = JobSnapshot("other", "successful", Phase.READY, link=LINK)
    room.site.answers = [stranger] * (STRANGERS_BORNE - 1)
    for _ in range(STRANGERS_BORNE - 1):
        await room.look(watch)
    assert (watch.record.state, watch.strangers) == (JobState.WATCHING, STRANGERS_BORNE - 1)
    await room.look(watch)
    assert watch.strangers == 0
    room.site.answers = [stranger] * STRANGERS_BORNE
    for _ in range(STRANGERS_BORNE):
        await room.look(watch)
    assert (watch.record.state, watch.record.link) == (JobState.FAILED, None)


async def test_a_site_that_asks_to_wait_is_left_alone_as_long(room: Room) -> None:
    room.site.failing = lambda: throttled("acme", 429, 33.0)
    watch, other = room.take(), room.take("other")
    await room.look(watch)
    assert room.wait_of(watch) == pytest.approx(33.0, abs=0.2)
    assert (watch.failures, watch.record.trouble) == (0, "")
    room.watching.look_now([other])
    assert room.wait_of(other) == pytest.approx(33.0, abs=0.2)


async def test_without_retry_quota_gaps_are_long(room: Room) -> None:
    poor = Room(tokens=0.0)
    for there in (room, poor):
        there.site.failing = lambda: CUT
    quick, slow = room.take(), poor.take()
    await room.look(quick)
    await poor.look(slow)
    assert room.wait_of(quick) <= 1.0
    assert poor.wait_of(slow) >= BACKOFF_CAP_SECONDS / 2 - 1
    await poor.scheduler.stop(1.0)
    await poor.supervisor.stop()


async def test_p16_a_bug_in_a_look_is_reported_and_the_job_is_looked_at_again(room: Room) -> None:
    room.site.failing = lambda: ZeroDivisionError("bug")
    watch = room.take()
    await room.look(watch)
    await room.clock.advance(0)
    assert [type(error) for error in room.failures] == [ZeroDivisionError]
    assert room.wait_of(watch) >= BACKOFF_CAP_SECONDS - 1


async def test_look_at_all_is_of_one_connection_or_of_all_and_of_watched_jobs_only(room: Room) -> None:
    room.take("a")
    room.take("b", order=replace(job().order, connection_id="other"))
    room.take("c", JobState.PAUSED)
    room.watching.look_at_all("other")
    await room.clock.advance(0.4)
    assert {call.job_id for call in room.site.calls} == {"b"}
    room.site.calls.clear()
    room.watching.look_at_all()
    await room.clock.advance(0.4)
    assert {call.job_id for call in room.site.calls} == {"a", "b"}


def ready(room: Room, link: DownloadLink | None = LINK, **changes: object) -> TrackedJob:
    watch = room.take("j1", JobState.READY, link=link, **changes)
    del room.desk.watches["j1"]
    return watch


async def test_l21_a_fresh_link_is_the_one_that_the_site_gives_now(room: Room) -> None:
    watch = ready(room)
    new = DownloadLink(Secret("https://store.example/x?sig=2"), None)
    room.site.answers = [JobSnapshot("j1", "successful", Phase.READY, link=new)]
    assert await room.fresh_link(watch) == new
    saved = await room.ledger.job("j1")
    assert saved is not None
    assert (saved.link, saved.state) == (new, JobState.READY)


@pytest.mark.parametrize(
    ("refused", "ends_in", "good"), [(True, 60, False), (False, 600, True), (False, 1, False), (False, None, True)]
)
async def test_l24_the_same_link_again_is_an_answer_only_while_it_lasts_and_was_not_refused(
    room: Room, refused: bool, ends_in: int | None, good: bool
) -> None:
    end = None if ends_in is None else room.clock.now() + timedelta(seconds=ends_in - 2 * (ends_in == 1))
    link = DownloadLink(LINK.url, end)
    room.site.answers = [JobSnapshot("j1", "successful", Phase.READY, link=link)]
    if good:
        assert await room.fresh_link(ready(room, link), refused=refused) == link
    else:
        with pytest.raises(LinkError) as caught:
            await room.fresh_link(ready(room, link), refused=refused)
        assert caught.value.code == "E-LINK-EXPIRED"


@pytest.mark.parametrize(("error", "looks"), [(CUT, 2), (throttled("acme", 429, 5.0), 1), (SIGN_IN, 1)])
async def test_l24_a_link_costs_at_most_two_looks(room: Room, error: SanaError, looks: int) -> None:
    room.site.failing = lambda: error
    with pytest.raises(type(error)):
        await room.fresh_link(ready(room))
    assert room.looks == looks


async def test_l26_a_job_that_is_gone_when_asked_for_a_link_is_gone(room: Room) -> None:
    room.site.failing = lambda: GONE
    watch = ready(room)
    with pytest.raises(JobGone):
        await room.fresh_link(watch)
    assert watch.record.state is JobState.GONE


async def test_all_who_ask_at_once_share_one_look_and_its_failure(room: Room) -> None:
    watch = ready(room)

    async def find(identity: str) -> TrackedJob:
        return watch

    asks = [room.watching.fresh_link("j1", find, refused=True) for _ in range(5)]
    asked = asyncio.gather(*asks, return_exceptions=True)
    await room.clock.advance(1)
    answers = await asked
    assert room.looks == 1
    assert [type(answer) for answer in answers] == [LinkError] * 5


async def test_a_job_without_a_number_has_no_link_to_ask_for(room: Room) -> None:
    watch = ready(room)
    watch.record = replace(watch.record, job_id=None)
    with pytest.raises(LinkError):
        await room.fresh_link(watch)
    assert room.looks == 0


async def test_when_it_stops_nobody_waits_for_a_link_any_more(room: Room) -> None:
    watch = ready(room)

    async def find(identity: str) -> TrackedJob:
        return watch

    asked = asyncio.gather(room.watching.fresh_link("j1", find, refused=True))
    await asyncio.sleep(0)
    room.watching.stop()
    with pytest.raises(asyncio.CancelledError):
        await asked


async def test_b9_after_a_wake_the_looks_are_spread_over_5_s_at_most_and_a_single_one_is_soon(room: Room) -> None:
    watches = [room.take(f"j{number}") for number in range(40)]
    shares = iter(number / 40 for number in range(40))
    room.watching = JobPoller(
        room.desk, room, room.scheduler, RetryQuota(room.clock, 30.0, 0.0), lambda: next(shares, 0.5)
    )
    room.watching.look_at_all()
    waits = [room.wait_of(watch) for watch in watches]
    assert waits == pytest.approx([5.0 * number / 40 for number in range(40)], abs=0.01)
    alone = Room()
    one = alone.take()
    alone.watching.look_at_all()
    assert alone.wait_of(one) <= 0.2
    await alone.scheduler.stop(1.0)
    await alone.supervisor.stop()
