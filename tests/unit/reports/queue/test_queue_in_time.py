"""The job queue over hours of virtual time: schedules, suspends, outages and the manners it keeps (B8, B9)."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable, Coroutine
from datetime import timedelta
from itertools import pairwise
from typing import Any, TypeVar

import pytest

from sana_desktop import __version__
from sana_desktop.api.auth import ClientCredentials, PastedToken
from sana_desktop.api.errors import AnswerLost, NotSent, ServerTrouble, proxy_wants_password, throttled
from sana_desktop.base.errors import JobGone, StorageError, UserError
from sana_desktop.base.redaction import Secret
from sana_desktop.reports.queue.job_queue import CLICK_SECONDS
from sana_desktop.reports.records.job import SENDING, JobState
from sana_desktop.ui.reports.details.job_facts import job_facts
from tests.support.clock import ManualClock
from tests.support.job_bench import InlineDatabase, VirtualSite, an_order, place_of, virtual_bench

Result = TypeVar("Result")


def unreachable() -> NotSent:
    return NotSent("No way.", code="E-NET-DNS", retryable=True)


def reset() -> AnswerLost:
    return AnswerLost("Cut.", code="E-NET-LOST", retryable=True)


def gone() -> JobGone:
    return JobGone("Gone.", code="E-JOB-GONE", http_status=404)


def most_in_a_second(times: list[float]) -> int:
    return max((sum(start <= other < start + 1.0 - 1e-9 for other in times) for start in times), default=0)


async def test_u01_what_was_clicked_is_known_while_it_may_be_clicked_again_and_no_longer() -> None:
    clock = ManualClock()
    async with virtual_bench(VirtualSite(clock, takes=0.5), clock) as bench:
        ordered = [await bench.queue.order(an_order(f"{number}"), click=f"{number}") for number in range(20)]
        for _ in range(2):
            await clock.advance(CLICK_SECONDS - 1.0)
            # A key held down is one act, however long.
            assert (await bench.queue.order(an_order("0"), click="0")).id == ordered[0].id
        assert list(bench.queue._clicks) == ["0"]
        await clock.advance(CLICK_SECONDS)
        assert (await bench.queue.order(an_order("0"), click="0")).id != ordered[0].id


@pytest.mark.parametrize(("takes", "most_late", "most_looks"), [(0.7, 0.31, 2), (2.3, 0.46, 4), (10.4, 0.6, 11)])
async def test_b8_an_unknown_job_is_seen_no_later_and_by_no_more_looks_than_the_recipe(
    takes: float, most_late: float, most_looks: int
) -> None:
    clock = ManualClock()
    site = VirtualSite(clock, takes=takes)
    async with virtual_bench(site, clock) as bench:
        record = await bench.queue.order(an_order())
        await clock.advance(20)
        assert bench.states(record.id)[-1] is JobState.READY
        looks = site.times("poll")
        assert looks[-1] - site.orders["r1"] - takes <= most_late
        assert len(looks) <= most_looks


@pytest.mark.parametrize(("takes", "most_late"), [(0.7, 0.15), (2.3, 0.15), (10.4, 0.15), (60.0, 0.15)])
async def test_b8_a_known_job_is_seen_at_once_by_no_more_looks(takes: float, most_late: float) -> None:
    clock = ManualClock()
    site = VirtualSite(clock, takes=takes)
    async with virtual_bench(site, clock) as bench:
        await bench.queue.order(an_order())
        await clock.advance(takes + 20)
        plain = len(site.times("poll"))
        again = await bench.queue.order(an_order())
        await clock.advance(takes + 20)
        assert bench.states(again.id)[-1] is JobState.READY
        looks = site.times("poll")
        assert looks[-1] - site.orders["r2"] - takes <= most_late
        assert len(looks) - plain <= plain
        low, high = bench.queue.typical(again) or (0, 0)
        assert (low, high) == pytest.approx((takes, takes))


async def test_n09_after_hours_offline_awake_and_asleep_every_open_job_is_polled_once_within_5_s() -> None:
    clock = ManualClock()
    site = VirtualSite(clock, takes=1e9)
    async with virtual_bench(site, clock) as bench:
        records = [await bench.queue.order(an_order(f"Report {n}")) for n in range(12)]
        await clock.advance(60)
        site.failing = unreachable
        await clock.advance(1_800)
        clock.suspend(6 * 3600)
        await clock.advance(1_800)
        assert {bench.latest(record.id).state for record in records} == {JobState.WATCHING}
        site.failing = None
        site.calls.clear()
        await clock.advance(5)
        assert {call.job_id for call in site.calls} == set(site.orders)
        assert most_in_a_second(site.times("poll")) <= 5


async def test_n09_while_nothing_gets_out_one_job_tries_for_all() -> None:
    clock = ManualClock()
    site = VirtualSite(clock, takes=1e9)
    async with virtual_bench(site, clock) as bench:
        records = [await bench.queue.order(an_order(f"Report {n}")) for n in range(30)]
        await clock.advance(60)
        site.failing = unreachable
        await clock.advance(30)
        assert {bench.latest(record.id).trouble for record in records} == {"Connection trouble, still trying."}
        site.calls.clear()
        await clock.advance(600)
        assert len(site.calls) <= 600
        site.failing = None
        await clock.advance(10)
        assert {bench.latest(record.id).trouble for record in records} == {""}


async def test_c05_after_a_suspend_of_hours_each_job_is_polled_within_5_s_of_the_wake_up() -> None:
    clock = ManualClock()
    site = VirtualSite(clock, takes=1e9)
    async with virtual_bench(site, clock) as bench:
        for n in range(10):
            await bench.queue.order(an_order(f"Report {n}"))
        await clock.advance(4000)
        clock.suspend(3 * 3600)
        woke = clock.monotonic()
        site.calls.clear()
        await clock.advance(5)
        assert {call.job_id for call in site.calls} == set(site.orders)
        assert all(call.at - woke <= 5 for call in site.calls)
        assert len(site.calls) <= 12
        assert most_in_a_second(site.times("poll")) <= 5


async def test_c03_a_wall_clock_set_forward_makes_no_burst_and_ends_nothing() -> None:
    clock = ManualClock()
    site = VirtualSite(clock, takes=1e9)
    async with virtual_bench(site, clock) as bench:
        records = [await bench.queue.order(an_order(f"Report {n}")) for n in range(20)]
        await clock.advance(30)
        site.calls.clear()
        clock.set_wall(clock.now() + timedelta(hours=2))
        await clock.advance(30)
        clock.set_wall(clock.now() - timedelta(hours=2))
        await clock.advance(120)
        assert most_in_a_second(site.times("poll")) <= 5
        assert {call.job_id for call in site.calls if call.at > clock.monotonic() - 70} == set(site.orders)
        assert {bench.latest(record.id).state for record in records} == {JobState.WATCHING}


async def test_s08_a_day_of_retry_after_is_shown_and_kept_and_can_be_left() -> None:
    clock = ManualClock()
    site = VirtualSite(clock, takes=1e9, refusing=lambda: throttled("acme", 429, 86_400.0))
    async with virtual_bench(site, clock) as bench:
        record = await bench.queue.order(an_order())
        await clock.advance(5)
        other = await bench.queue.order(an_order("Other"))
        await clock.advance(5)
        shown = bench.latest(record.id)
        assert shown.state is JobState.QUEUED
        assert shown.next_look_at is not None
        assert shown.next_look_at - clock.now() == pytest.approx(timedelta(seconds=86_390), abs=timedelta(seconds=5))
        site.refusing = None
        await bench.queue.check_now(record.id)
        bench.queue.look_at_all()
        clock.suspend(82_000)
        await clock.advance(86_300 - 82_000)
        assert len(site.times("submit")) == 1
        await bench.queue.stop_watching(other.id)
        await clock.advance(200)
        assert len(site.times("submit")) == 2
        assert bench.latest(record.id).state is JobState.WATCHING
        assert bench.latest(other.id).state is JobState.STOPPED


async def test_s06_a_throttled_look_holds_all_looks_of_the_connection_and_no_other() -> None:
    clock = ManualClock()
    site = VirtualSite(clock, takes=1e9)
    async with virtual_bench(site, clock) as bench:
        for n in range(3):
            await bench.queue.order(an_order(f"Report {n}"))
        await clock.advance(30)
        site.failing = lambda: throttled("acme", 429, 7.0)
        while not site.calls or site.calls[-1].at < clock.monotonic() - 0.05:
            await clock.advance(0.05)
        asked_at = site.calls[-1].at
        site.failing = None
        await clock.advance(20)
        after = [call.at for call in site.calls if call.at > asked_at]
        assert min(after) >= asked_at + 7.0
        assert after


async def test_n08_resets_are_borne_with_growing_gaps_and_one_note() -> None:
    clock = ManualClock()
    site = VirtualSite(clock, takes=1.0, failing=reset)
    async with virtual_bench(site, clock) as bench:
        record = await bench.queue.order(an_order())
        while len(site.times("poll")) < 20:
            await clock.advance(10)
        site.failing = None
        await clock.advance(70)
        assert bench.latest(record.id).state is JobState.READY
        looks = site.times("poll")
        gaps = [later - earlier for earlier, later in pairwise(looks)]
        assert all(gap >= min(60, 2**n) / 2 for n, gap in enumerate(gaps))
        notes = [one.trouble for one in bench.seen if one.trouble]
        assert set(notes) == {"Connection trouble, still trying."}
        events = [entry.event for entry in await bench.queue.timeline(record.id)]
        assert events.count("trouble") == 1


async def test_n08_a_note_is_taken_back_when_the_site_answers() -> None:
    clock = ManualClock()
    site = VirtualSite(clock, takes=1e9, failing=reset)
    async with virtual_bench(site, clock) as bench:
        record = await bench.queue.order(an_order())
        await clock.advance(30)
        assert bench.latest(record.id).trouble
        site.failing = None
        await clock.advance(70)
        assert bench.latest(record.id).trouble == ""
        assert "recovered" in [entry.event for entry in await bench.queue.timeline(record.id)]


async def test_s13_an_hour_of_server_trouble_never_fails_a_job_and_gaps_stay_within_a_minute() -> None:
    clock = ManualClock()
    site = VirtualSite(clock, takes=1.0, failing=lambda: ServerTrouble("500.", code="E-SERVER", http_status=500))
    async with virtual_bench(site, clock) as bench:
        record = await bench.queue.order(an_order())
        await clock.advance(3600)
        assert bench.states(record.id)[-1] is JobState.WATCHING
        looks = site.times("poll")
        assert max(later - earlier for earlier, later in pairwise(looks)) <= 61
        assert bench.latest(record.id).trouble


async def test_s14_a_young_job_may_be_unknown_to_the_site_for_a_minute() -> None:
    clock = ManualClock()
    site = VirtualSite(clock, takes=90.0, failing=gone)
    async with virtual_bench(site, clock) as bench:
        record = await bench.queue.order(an_order())
        await clock.advance(55)
        assert bench.latest(record.id).state is JobState.WATCHING
        site.failing = None
        await clock.advance(60)
        assert bench.latest(record.id).state is JobState.READY


async def test_s15_later_a_job_unknown_to_the_site_is_gone_and_its_row_stays() -> None:
    clock = ManualClock()
    site = VirtualSite(clock, takes=1e9)
    async with virtual_bench(site, clock) as bench:
        record = await bench.queue.order(an_order())
        await clock.advance(70)
        site.failing = gone
        await clock.advance(20)
        latest = bench.latest(record.id)
        assert (latest.state, latest.error_code) == (JobState.GONE, "E-JOB-GONE")
        assert await bench.ledger.job(record.id) == latest
        looks = len(site.calls)
        await clock.advance(600)
        assert len(site.calls) == looks


async def test_s17_an_unknown_word_is_shown_looked_at_slowly_and_asks_for_attention_after_a_day() -> None:
    clock = ManualClock()
    site = VirtualSite(clock, takes=1e9, word="throttled")
    async with virtual_bench(site, clock) as bench:
        record = await bench.queue.order(an_order())
        await clock.advance(60)
        assert bench.latest(record.id).service_status == "throttled"
        assert "“throttled”" in bench.latest(record.id).trouble
        looks = site.times("poll")[1:]
        assert all(later - earlier >= 5 - 1e-6 for earlier, later in pairwise(looks))
        clock.suspend(86_400)
        await clock.advance(60)
        assert bench.latest(record.id).state is JobState.WATCHING
        assert "for a day" in bench.latest(record.id).trouble


async def test_a13_a_long_wait_is_said_once_in_half_an_hour_and_can_be_put_off() -> None:
    clock = ManualClock()
    site = VirtualSite(clock, takes=1e9)
    async with virtual_bench(site, clock) as bench:
        record = await bench.queue.order(an_order())
        await clock.advance(1700)
        assert bench.latest(record.id).trouble == ""
        await clock.advance(200)
        assert bench.latest(record.id).trouble.startswith("Still not ready after 3")
        await bench.queue.keep_watching(record.id)
        await clock.advance(1000)
        assert bench.latest(record.id).trouble == ""
        await clock.advance(1000)
        assert bench.latest(record.id).trouble.startswith("Still not ready after 6")


@pytest.mark.no_cover
async def test_b8_a_thousand_jobs_keep_the_manners_all_get_their_turn_and_idle_looks_cost_no_disk() -> None:
    clock = ManualClock()
    site = VirtualSite(clock, takes=1e9)
    database = InlineDatabase()
    async with virtual_bench(site, clock, database) as bench:
        for n in range(1000):
            await bench.queue.order(an_order(f"Report {n}"))
        await clock.advance(250)
        assert len(site.orders) == 1000
        await clock.advance(300)
        database.writes = 0
        site.calls.clear()
        await clock.advance(400)
        assert {call.job_id for call in site.calls} == set(site.orders)
        assert most_in_a_second(site.times("poll")) <= 5
        assert len(site.calls) >= 1900
        assert database.writes <= len(site.calls) / 10
        before = len(site.calls)
        new = await bench.queue.order(an_order("The one you wait for"))
        await clock.advance(4)
        latest = bench.latest(new.id)
        assert latest.polls >= 1
        assert len(site.calls) > before


async def test_a12_a_job_in_view_is_looked_at_more_often() -> None:
    clock = ManualClock()
    site = VirtualSite(clock, takes=1e9)
    async with virtual_bench(site, clock) as bench:
        record = await bench.queue.order(an_order())
        await clock.advance(1000)
        site.calls.clear()
        bench.queue.attend([record.id])
        await clock.advance(60)
        assert 12 <= len(site.calls) <= 15
        bench.queue.attend([])
        await clock.advance(20)
        site.calls.clear()
        await clock.advance(60)
        assert len(site.calls) <= 5


async def test_d16_what_happened_is_kept_in_memory_while_the_disk_is_full_and_saved_later() -> None:
    clock = ManualClock()
    site = VirtualSite(clock, takes=5.0)
    database = InlineDatabase()
    async with virtual_bench(site, clock, database) as bench:
        record = await bench.queue.order(an_order())
        await clock.advance(1)
        database.broken = lambda: StorageError("Full.", code="E-DISK-FULL")
        await clock.advance(10)
        assert bench.latest(record.id).state is JobState.READY
        saved = await bench.ledger.job(record.id)
        assert saved is not None
        assert saved.state is JobState.WATCHING
        with pytest.raises(StorageError):
            await bench.queue.order(an_order("Another"))
        database.broken = None
        await clock.advance(20)
        assert await bench.ledger.job(record.id) == bench.latest(record.id)
        assert len(site.orders) == 1


async def test_law_2_an_order_that_cannot_be_written_down_is_not_sent() -> None:
    clock = ManualClock()
    site = VirtualSite(clock)
    database = InlineDatabase()
    async with virtual_bench(site, clock, database) as bench:
        record = await bench.queue.order(an_order())
        database.broken = lambda: StorageError("Full.", code="E-DISK-FULL")
        await clock.advance(60)
        assert site.calls == []
        assert bench.latest(record.id).trouble == "Full."
        database.broken = None
        await clock.advance(16)
        assert len(site.times("submit")) == 1


async def test_n12_a_proxy_that_wants_a_password_pauses_the_jobs_with_one_notice() -> None:
    clock = ManualClock()
    site = VirtualSite(clock, takes=1e9)
    async with virtual_bench(site, clock) as bench:
        records = [await bench.queue.order(an_order(f"Report {n}")) for n in range(3)]
        await clock.advance(10)
        site.failing = proxy_wants_password
        await clock.advance(10)
        assert {bench.latest(record.id).state for record in records} == {JobState.PAUSED}
        assert [(notice.connection_id, notice.jobs) for notice in bench.notices] == [("acme", 3)]
        site.failing = None
        await bench.queue.resume_paused("acme")
        await clock.advance(5)
        assert {bench.latest(record.id).state for record in records} == {JobState.WATCHING}


async def test_e_tls_while_watching_is_trouble_and_no_end() -> None:
    clock = ManualClock()
    site = VirtualSite(clock, takes=5.0)
    async with virtual_bench(site, clock) as bench:
        record = await bench.queue.order(an_order())
        await clock.advance(1)
        site.failing = lambda: NotSent("Untrusted.", code="E-TLS")
        await clock.advance(600)
        assert bench.latest(record.id).state is JobState.WATCHING
        site.failing = None
        await clock.advance(70)
        assert bench.latest(record.id).state is JobState.READY


async def test_p16_a_bug_in_a_look_does_not_lose_the_job_and_is_reported_once() -> None:
    clock = ManualClock()
    site = VirtualSite(clock, takes=5.0)
    async with virtual_bench(site, clock) as bench:
        record = await bench.queue.order(an_order())
        await clock.advance(1)
        site.failing = lambda: ZeroDivisionError("bug")
        await clock.advance(2)
        site.failing = None
        await clock.advance(100)
        assert bench.latest(record.id).state is JobState.READY
        assert [type(failure) for failure in bench.failures] == [ZeroDivisionError]
        bench.failures.clear()


async def test_p16_a_bug_while_an_order_is_sent_leaves_its_fate_unknown() -> None:
    clock = ManualClock()
    site = VirtualSite(clock, refusing=lambda: ZeroDivisionError("bug"))
    async with virtual_bench(site, clock) as bench:
        record = await bench.queue.order(an_order())
        await clock.advance(100)
        assert bench.latest(record.id).state is JobState.SUBMIT_UNKNOWN
        assert len(site.calls) == 1
        assert len(bench.failures) == 1
        bench.failures.clear()


class GatedDatabase(InlineDatabase):
    """Real tables whose writes wait for `gate`."""

    gate: asyncio.Event | None = None

    async def write(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        if self.gate is not None:
            await self.gate.wait()
        return await super().write(work)


@pytest.mark.parametrize("fails", [True, False])
async def test_i3_an_order_whose_turn_comes_while_it_is_removed_is_sent_only_if_it_is_still_there(fails: bool) -> None:
    clock, database = ManualClock(), GatedDatabase()
    site = VirtualSite(clock, takes=1.0)
    async with virtual_bench(site, clock, database) as bench:
        site.refusing = lambda: throttled("acme.sana.ai", 429, 30.0)
        record = await bench.queue.order(an_order())
        await clock.advance(5)
        site.refusing, database.gate = None, asyncio.Event()
        removing = bench.supervisor.start("remove", swallowed(bench.queue.remove(record.id)))
        assert removing is not None
        await clock.advance(60)
        database.broken = (lambda: StorageError("Full.", code="E-DISK-FULL")) if fails else None
        gate, database.gate = database.gate, None
        gate.set()
        await removing
        database.broken = None
        await clock.advance(60)
        assert len(site.times("submit")) == 1 + fails
        stored = await bench.ledger.job(record.id)
        assert (stored.state if stored else None) is (JobState.READY if fails else None)


async def swallowed(work: Coroutine[Any, Any, None]) -> None:
    with contextlib.suppress(StorageError):
        await work


async def test_d16_a_job_that_could_not_be_removed_is_still_watched() -> None:
    clock, database = ManualClock(), InlineDatabase()
    async with virtual_bench(VirtualSite(clock, takes=20.0), clock, database) as bench:
        record = await bench.queue.order(an_order())
        await clock.advance(2)
        database.broken = lambda: StorageError("Full.", code="E-DISK-FULL")
        with pytest.raises(StorageError):
            await bench.queue.remove(record.id)
        database.broken = None
        await clock.advance(60)
        stored = await bench.ledger.job(record.id)
        assert stored is not None
        assert stored.state is JobState.READY


async def test_M5_the_site_and_the_version_are_kept_with_the_job() -> None:
    clock = ManualClock()
    async with virtual_bench(VirtualSite(clock, 2.0), clock) as bench:
        record = await bench.queue.order(an_order())
        await clock.advance(10)
        kept = await bench.ledger.job(record.id)
        assert kept is not None
        assert (kept.site_name, kept.site_address, kept.site_mark) == place_of(record.order.connection_id)
        assert kept.site_ahead_seconds is None, "the site has not said what time it is"
        assert kept.app_version == __version__
        assert kept.as_of is not None


@pytest.mark.parametrize("ahead", [-3_600, 0, 12])
async def test_how_far_the_site_s_clock_was_off_is_kept_with_the_times_it_told(ahead: int) -> None:
    clock = ManualClock()
    site = VirtualSite(clock, 2.0)
    site.server_clock.observe(clock.now() + timedelta(seconds=ahead))
    async with virtual_bench(site, clock) as bench:
        record = await bench.queue.order(an_order())
        await clock.advance(10)
        kept = await bench.ledger.job(record.id)
        assert kept is not None
        assert kept.state is JobState.READY
        assert kept.site_ahead_seconds == ahead


async def test_the_story_says_what_let_the_order_in_and_no_secret_of_it() -> None:
    clock = ManualClock()
    async with virtual_bench(VirtualSite(clock), clock) as bench:
        record = await bench.queue.order(an_order())
        await clock.advance(2)
        story = await bench.queue.timeline(record.id)
    assert [line.detail for line in story if line.event == SENDING] == ["with client abc"]
    assert dict(job_facts(bench.latest(record.id), None, None, story))["Sent with"] == "client abc"
    assert ClientCredentials("abc", Secret("canary")).told == "client abc"
    assert PastedToken(Secret("canary")).told == "a pass"


async def test_a_report_of_a_forgotten_site_runs_again_where_the_site_is_connected_now() -> None:
    clock = ManualClock()
    connected = {"acme"}
    now_at = {"https://acme.sana.ai": "acme-2"}
    async with virtual_bench(VirtualSite(clock), clock) as bench:
        bench.queue._now_at = lambda connection, address: (
            connection if connection in connected else now_at.get(address, "")
        )
        first = await bench.queue.order(an_order())
        connected.clear()
        assert bench.queue.can_order_anew(first)
        again = await bench.queue.run_again(first.id)
        assert (again.order.connection_id, again.order.rerun_of) == ("acme-2", first.id)
        now_at.clear()
        assert not bench.queue.can_order_anew(first)
        with pytest.raises(UserError) as caught:
            await bench.queue.run_again(first.id)
        assert str(caught.value) == "Its site is not connected any more: Acme · https://acme.sana.ai."
