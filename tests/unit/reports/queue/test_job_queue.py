"""The job queue on real parts: a scripted server on a socket, the app's own client and database (N, S, P, U, L24)."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sana_desktop.api.auth import Credentials
from sana_desktop.api.network import Timeouts
from sana_desktop.base.errors import JobGone, LinkError, UserError
from sana_desktop.base.redaction import Secret
from sana_desktop.reports.queue.policy import OrderPolicy
from sana_desktop.reports.queue.resumption import LET_IN
from sana_desktop.reports.records.job import ORDERED_BY, JobRecord, JobState, TimelineEntry
from sana_desktop.reports.records.ledger import Ledger
from sana_desktop.store.database import Database
from tests.support.api_client import CLIENT, JOB, PASTED, PATIENT, PENDING, QUERY, SHORT, TOKEN, Tokens, client_of
from tests.support.fake_server import BEFORE_HEADERS, FakeServer, Reply, envelope, json_reply
from tests.support.job_bench import Bench, an_order, real_bench

LINK = "https://store.example/report.csv?sig=canary"


def described(status: str = "pending", job_id: str = "j1", link: str | None = None, **more: object) -> Reply:
    expires = (datetime.now(UTC) + timedelta(hours=9)).isoformat()
    there = {"url": link, "expiresAt": expires} if link else None
    return json_reply(envelope({"jobId": job_id, "status": status, "link": there, **more}))


DONE = described("successful", link=LINK)


@asynccontextmanager
async def bench_of(
    server: FakeServer,
    path: Path,
    credentials: Credentials = PASTED,
    owner: str = "me",
    *,
    timeouts: Timeouts = PATIENT,
    policy: OrderPolicy | None = None,
) -> AsyncIterator[Bench]:
    async with (
        client_of(server, credentials, timeouts=timeouts) as client,
        real_bench(path, client, owner=owner, policy=policy) as bench,
    ):
        yield bench


async def quiet(bench: Bench) -> bool:
    """Return whether nothing is left for the queue to do."""
    return await bench.ledger.open_jobs() == []


async def test_from_the_click_to_the_link_with_a_story_on_disk(tmp_path: Path) -> None:
    async with FakeServer() as server, bench_of(server, tmp_path) as bench:
        server.on("POST", QUERY, PENDING)
        server.on("GET", JOB, described(), described("running"), DONE)
        record = await bench.queue.order(an_order())
        ready = await bench.until_state(JobState.READY, record.id)
        assert bench.states(record.id) == [JobState.QUEUED, JobState.SUBMITTING, JobState.WATCHING, JobState.READY]
        assert (ready.submits, ready.polls, ready.job_id) == (1, 3, "j1")
        assert ready.link is not None
        assert ready.link.url.reveal() == LINK
        assert await bench.ledger.job(record.id) == ready
        story = [entry.event for entry in await bench.queue.timeline(record.id)]
        assert story == ["wanted", "sending", "accepted", "status", "ready"]
        assert server.count("POST", QUERY) == 1
        other = await bench.queue.order(an_order("Another"), told="query 2 of 3")
        assert (await bench.queue.timeline(other.id))[0].detail == "query 2 of 3"


async def test_the_row_says_submitting_before_the_server_sees_the_order(tmp_path: Path) -> None:
    seen: list[tuple[str, int]] = []

    def look(request: object) -> Reply:
        with sqlite3.connect(tmp_path / "sana.sqlite3") as connection:
            seen.extend(connection.execute("SELECT state, submits FROM jobs"))
        return PENDING

    async with FakeServer() as server, bench_of(server, tmp_path) as bench:
        server.on("POST", QUERY, look)
        server.on("GET", JOB, DONE)
        record = await bench.queue.order(an_order())
        await bench.until_state(JobState.READY, record.id)
    assert seen == [("submitting", 1)]


async def test_u01_ten_clicks_order_once(tmp_path: Path) -> None:
    async with FakeServer() as server, bench_of(server, tmp_path) as bench:
        server.on("POST", QUERY, PENDING)
        server.on("GET", JOB, DONE)
        records = await asyncio.gather(*(bench.queue.order(an_order()) for _ in range(10)))
        assert len({record.id for record in records}) == 1
        await bench.until_state(JobState.READY, records[0].id)
        again = await asyncio.gather(*(bench.queue.run_again(records[0].id) for _ in range(10)))
        assert len({record.id for record in again}) == 1
        assert again[0].order.rerun_of == records[0].id
        await bench.until_state(JobState.READY, again[0].id)
        assert server.count("POST", QUERY) == 2


async def test_u01_the_same_click_never_orders_twice_and_two_clicks_do(tmp_path: Path) -> None:
    async with FakeServer() as server, bench_of(server, tmp_path) as bench:
        server.on("POST", QUERY, PENDING, described(job_id="j2"))
        server.on("GET", "/api/v1/reports/jobs/*", lambda request: described("successful", request.path[-2:], LINK))
        first = await bench.queue.order(an_order(), click="a")
        await bench.until_state(JobState.READY, first.id)
        assert (await bench.queue.order(an_order("Changed"), click="a")).id == first.id
        second = await bench.queue.order(an_order(), click="b")
        assert second.id != first.id
        await bench.until_state(JobState.READY, second.id)
        assert server.count("POST", QUERY) == 2


async def test_u02_a_job_stopped_while_it_is_ordered_keeps_its_number(tmp_path: Path) -> None:
    gate = asyncio.Event()
    async with FakeServer() as server, bench_of(server, tmp_path) as bench:
        server.on("POST", QUERY, replace(PENDING, wait=gate))
        record = await bench.queue.order(an_order())
        await server.wait_for(lambda there: there.count("POST", QUERY) == 1)
        await bench.queue.stop_watching(record.id)
        gate.set()
        stopped = await bench.until(lambda one: one.job_id is not None, record.id)
        assert stopped.state is JobState.STOPPED
        assert await bench.ledger.job(record.id) == stopped
        server.on("GET", JOB, DONE)
        await bench.queue.check_now(record.id)
        await bench.until_state(JobState.READY, record.id)
        assert server.count("POST", QUERY) == 1


@pytest.mark.parametrize("by_hand", [False, True])
async def test_n02_an_order_that_cannot_be_sent_stays_as_not_sent_and_goes_when_the_site_is_back(
    tmp_path: Path, by_hand: bool
) -> None:
    async with FakeServer() as server, bench_of(server, tmp_path) as bench:
        port = server.port
        await server.stop()
        record = await bench.queue.order(an_order())
        waiting = await bench.until(lambda one: one.state is JobState.QUEUED and one.submits == 5, record.id)
        assert (waiting.error_kind, waiting.error_code) == ("network", "E-NET-CONNECT")
        assert (waiting.job_id, waiting.submitted_at) == (None, None)
        assert bench.notices == []
        server.on("POST", QUERY, PENDING)
        server.on("GET", JOB, DONE)
        await server.start(port)
        if by_hand:
            await bench.queue.check_now(record.id)
        await bench.until_state(JobState.READY, record.id)
        assert server.count("POST", QUERY) == 1
        assert JobState.PAUSED not in bench.states(record.id)


async def test_n02_a_command_is_told_after_three_tries(tmp_path: Path) -> None:
    async with FakeServer() as server, bench_of(server, tmp_path, policy=OrderPolicy().unasked()) as bench:
        await server.stop()
        record = await bench.queue.order(an_order())
        paused = await bench.until_state(JobState.PAUSED, record.id)
        assert (paused.submits, paused.error_kind, paused.error_code) == (3, "network", "E-NET-CONNECT")
        await bench.queue.resume_paused("acme")
        assert bench.latest(record.id).state is JobState.PAUSED


async def test_s02_an_order_that_is_let_in_lets_those_go_on_that_were_not(tmp_path: Path) -> None:
    refused = json_reply(envelope(None, "unauthorized"), 401)
    async with FakeServer() as server, bench_of(server, tmp_path) as bench:
        server.on("POST", QUERY, refused)
        first = await bench.queue.order(an_order())
        await bench.until_state(JobState.PAUSED, first.id)
        numbers = iter(range(100))
        server.on("POST", QUERY, lambda request: described(job_id=f"j{next(numbers)}"))
        server.on(
            "GET", "/api/v1/reports/jobs/*", lambda request: described("done", request.path.rsplit("/")[-1], LINK)
        )
        second = await bench.queue.order(an_order("Second"))
        for record in (second, first):
            await bench.until_state(JobState.READY, record.id)
        story = await bench.queue.timeline(first.id)
        assert [entry.detail for entry in story if entry.event == "resumed"] == [LET_IN]


async def test_s03_an_order_that_is_let_in_changes_nothing_for_what_a_pass_may_not_do(tmp_path: Path) -> None:
    async with FakeServer() as server, bench_of(server, tmp_path) as bench:
        server.on("POST", QUERY, json_reply(envelope(None, "missing scope"), 403), PENDING)
        server.on("GET", JOB, DONE)
        first = await bench.queue.order(an_order())
        await bench.until_state(JobState.PAUSED, first.id)
        second = await bench.queue.order(an_order("Second"))
        await bench.until_state(JobState.READY, second.id)
        assert bench.latest(first.id).state is JobState.PAUSED


async def test_n01_one_that_never_left_and_is_given_up_was_never_with_the_site(tmp_path: Path) -> None:
    async with FakeServer() as server, bench_of(server, tmp_path) as bench:
        await server.stop()
        record = await bench.queue.order(an_order())
        await bench.until(lambda one: one.state is JobState.QUEUED and one.submits == 3, record.id)
        await bench.queue.stop_watching(record.id)
        stopped = await bench.until_state(JobState.STOPPED, record.id)
        assert (stopped.not_taken, stopped.submits, stopped.error_code, stopped.trouble) == (True, 3, "", "")
        assert (await bench.queue.timeline(record.id))[-1].event == "given up"


async def test_jobs_of_a_forgotten_site_end_at_once_and_say_so(tmp_path: Path) -> None:
    async with FakeServer() as server, bench_of(server, tmp_path) as bench:
        numbers = iter(range(10))
        server.on("POST", QUERY, lambda request: described(job_id=f"j{next(numbers)}"))
        server.on("GET", "/api/v1/reports/jobs/*", lambda request: described(job_id=request.path.rsplit("/")[-1]))
        watched = await bench.queue.order(an_order())
        other = await bench.queue.order(an_order(connection_id="other"))
        for record in (watched, other):
            await bench.until_state(JobState.WATCHING, record.id)
        assert [record.id for record in bench.queue.open_orders("acme")] == [watched.id]
        await bench.queue.let_go("acme")
        ended = bench.latest(watched.id)
        assert (ended.state, ended.error_code, ended.error_next_step) == (JobState.STOPPED, "E-SITE-FORGOTTEN", "")
        assert "may go on there" in ended.error_message
        assert await bench.ledger.job(watched.id) == ended
        assert (bench.queue.open_orders("acme"), bench.latest(other.id).state) == ([], JobState.WATCHING)


async def test_who_ordered_stands_in_the_record_and_first_in_the_story(tmp_path: Path) -> None:
    async with (
        FakeServer() as server,
        client_of(server, PASTED) as client,
        real_bench(tmp_path, client, person="zoe on desk-7") as bench,
    ):
        server.on("POST", QUERY, PENDING)
        server.on("GET", JOB, DONE)
        record = await bench.queue.order(an_order())
        assert record.ordered_by == "zoe on desk-7"
        await bench.until_state(JobState.READY, record.id)
        kept = await bench.ledger.job(record.id)
        assert kept is not None
        assert kept.ordered_by == "zoe on desk-7"
        first, second = (await bench.queue.timeline(record.id))[:2]
        assert (first.event, second.event, second.detail) == ("wanted", ORDERED_BY, "zoe on desk-7")


async def test_n02_a_site_that_comes_up_at_the_second_try_gets_exactly_one_order(tmp_path: Path) -> None:
    async with FakeServer() as server, bench_of(server, tmp_path) as bench:
        server.on("POST", QUERY, PENDING)
        server.on("GET", JOB, DONE)
        port = server.port
        await server.stop()
        record = await bench.queue.order(an_order())
        await bench.until(lambda one: one.state is JobState.QUEUED and bool(one.trouble), record.id)
        await server.start(port)
        ready = await bench.until_state(JobState.READY, record.id)
        assert ready.submits == 2
        assert server.count("POST", QUERY) == 1


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(Reply(cut_at=BEFORE_HEADERS), id="n03"),
        pytest.param(replace(PENDING, cut_at=12), id="n04"),
        pytest.param(json_reply(envelope(None, "oops"), 500), id="s11"),
        pytest.param(Reply(502, b"bad gateway"), id="s12"),
        pytest.param(Reply(504, b"timeout"), id="s12-504"),
    ],
)
async def test_an_order_whose_answer_is_lost_is_never_repeated_by_itself(tmp_path: Path, reply: Reply) -> None:
    async with FakeServer() as server:
        server.on("POST", QUERY, reply)
        async with bench_of(server, tmp_path) as bench:
            record = await bench.queue.order(an_order())
            unknown = await bench.until_state(JobState.SUBMIT_UNKNOWN, record.id)
            assert unknown.error_kind == "unknown_submit"
            with pytest.raises(UserError):
                await bench.queue.check_now(record.id)
            bench.queue.look_at_all()
            await bench.queue.resume_paused("acme")
            assert await quiet(bench)
        async with bench_of(server, tmp_path, owner="next process") as bench:
            assert await bench.queue.restore() == []
            assert await quiet(bench)
            assert server.count("POST", QUERY) == 1
            server.on("POST", QUERY, PENDING)
            server.on("GET", JOB, DONE)
            again = await asyncio.gather(*(bench.queue.order_again(record.id) for _ in range(3)))
            assert len({one.id for one in again}) == 1
            await bench.until_state(JobState.READY, again[0].id)
            assert bench.latest(record.id).state is JobState.STOPPED
            assert server.count("POST", QUERY) == 2


async def test_s09_two_429_on_an_order_are_waited_out(tmp_path: Path) -> None:
    busy = json_reply(envelope(None, "slow down"), 429, [("Retry-After", "3")])
    async with FakeServer() as server, bench_of(server, tmp_path) as bench:
        server.on("POST", QUERY, busy, busy, PENDING)
        server.on("GET", JOB, DONE)
        record = await bench.queue.order(an_order())
        waiting = await bench.until(lambda one: one.state is JobState.QUEUED and bool(one.trouble), record.id)
        assert waiting.next_look_at is not None
        assert 2.0 < (waiting.next_look_at - waiting.changed_at).total_seconds() < 4.5
        ready = await bench.until_state(JobState.READY, record.id)
        assert (server.count("POST", QUERY), ready.submits) == (3, 3)


async def test_s10_a_503_that_says_when_is_waited_out_once(tmp_path: Path) -> None:
    away = json_reply(envelope(None, "maintenance"), 503, [("Retry-After", "2")])
    async with FakeServer() as server, bench_of(server, tmp_path) as bench:
        server.on("POST", QUERY, away, PENDING)
        server.on("GET", JOB, DONE)
        record = await bench.queue.order(an_order())
        await bench.until_state(JobState.READY, record.id)
        server.on("POST", QUERY, away)
        other = await bench.queue.order(an_order("Other"))
        paused = await bench.until_state(JobState.PAUSED, other.id)
        assert paused.error_http_status == 503
        assert server.count("POST", QUERY) == 4


async def test_s01_s02_when_the_access_ends_all_jobs_pause_with_one_notice_and_can_go_on(tmp_path: Path) -> None:
    tokens = Tokens()
    refused = json_reply(envelope(None, "unauthorized"), 401)
    async with FakeServer() as server, bench_of(server, tmp_path, CLIENT) as bench:
        numbers = iter(range(100))
        server.on("POST", TOKEN, tokens)
        server.on("POST", QUERY, lambda request: described(job_id=f"j{next(numbers)}"))
        server.on("GET", "/api/v1/reports/jobs/*", lambda request: described(job_id=request.path.rsplit("/")[-1]))
        records = [await bench.queue.order(an_order(f"Report {n}")) for n in range(8)]
        for record in records:
            await bench.until_state(JobState.WATCHING, record.id)
        server.on("GET", "/api/v1/reports/jobs/*", refused)
        server.on("POST", QUERY, refused)
        for record in records:
            paused = await bench.until_state(JobState.PAUSED, record.id)
            assert paused.error_kind == "auth"
        assert [notice.jobs for notice in bench.notices] == [8]
        looks = server.count("GET", "/api/v1/reports/jobs/*")
        late = await bench.queue.order(an_order("One more"))
        await bench.until_state(JobState.PAUSED, late.id)
        assert len(bench.notices) == 1
        assert tokens.given <= 3
        # A look that was under way when its job was paused may still arrive; a new one must not be made.
        assert server.count("GET", "/api/v1/reports/jobs/*") <= looks + len(records)
        server.on("POST", QUERY, lambda request: described(job_id="j99"))
        server.on(
            "GET", "/api/v1/reports/jobs/*", lambda request: described("done", request.path.rsplit("/")[-1], LINK)
        )
        await bench.queue.resume_paused("acme")
        for record in [*records, late]:
            await bench.until_state(JobState.READY, record.id)


async def test_s03_a_pass_that_may_not_order_pauses_the_order_and_not_the_looks(tmp_path: Path) -> None:
    async with FakeServer() as server, bench_of(server, tmp_path) as bench:
        server.on("POST", QUERY, PENDING, json_reply(envelope(None, "missing scope"), 403))
        server.on("GET", JOB, described())
        first = await bench.queue.order(an_order())
        await bench.until_state(JobState.WATCHING, first.id)
        second = await bench.queue.order(an_order("Second"))
        paused = await bench.until_state(JobState.PAUSED, second.id)
        assert paused.error_code == "E-SCOPE"
        assert "write" in paused.error_message
        server.on("GET", JOB, DONE)
        await bench.until_state(JobState.READY, first.id)


async def test_s19_a_refused_and_a_failed_query_say_why(tmp_path: Path) -> None:
    async with FakeServer() as server, bench_of(server, tmp_path) as bench:
        server.on("POST", QUERY, json_reply(envelope(None, {"message": "no such column: usr"}), 400), PENDING)
        server.on("GET", JOB, json_reply({"data": {"jobId": "j1", "status": "failed"}, "error": "<b>" + "x" * 5_000}))
        refused = await bench.queue.order(an_order())
        failed = await bench.until_state(JobState.FAILED, refused.id)
        assert (failed.error_kind, failed.error_http_status) == ("query", 400)
        assert "no such column: usr" in failed.error_message
        other = await bench.queue.order(an_order("Other"))
        failed = await bench.until_state(JobState.FAILED, other.id)
        assert failed.error_code == "E-JOB-FAILED"
        assert len(failed.error_message) < 2_200
        assert await quiet(bench)


async def test_n07_looks_that_are_never_answered_make_a_quiet_note_and_no_failure(tmp_path: Path) -> None:
    gate = asyncio.Event()
    silent = Reply(wait=gate, close=True)
    async with FakeServer() as server, bench_of(server, tmp_path, timeouts=SHORT) as bench:
        server.on("POST", QUERY, PENDING)
        server.on("GET", JOB, silent, silent, silent, DONE)
        record = await bench.queue.order(an_order())
        noted = await bench.until(lambda one: one.state is JobState.WATCHING and bool(one.trouble), record.id)
        assert noted.trouble == "Connection trouble, still trying."
        assert server.count("GET", JOB) == 3
        gate.set()
        ready = await bench.until_state(JobState.READY, record.id)
        assert ready.trouble == ""


async def test_s18_done_without_a_link_is_looked_at_five_times_and_given_up(tmp_path: Path) -> None:
    async with FakeServer() as server, bench_of(server, tmp_path) as bench:
        server.on("POST", QUERY, PENDING)
        server.on("GET", JOB, described("successful"))
        record = await bench.queue.order(an_order())
        failed = await bench.until_state(JobState.FAILED, record.id)
        assert (failed.error_code, failed.error_kind) == ("E-PROTO", "network")
        assert server.count("GET", JOB) == 5


async def test_s22_answers_about_another_job_are_ignored_twice(tmp_path: Path) -> None:
    stranger = described("successful", "somebody-else", LINK)
    async with FakeServer() as server, bench_of(server, tmp_path) as bench:
        server.on("POST", QUERY, PENDING, described(job_id="j2"))
        server.on("GET", JOB, stranger, stranger, DONE)
        server.on("GET", "/api/v1/reports/jobs/j2", stranger)
        borne = await bench.queue.order(an_order())
        ready = await bench.until_state(JobState.READY, borne.id)
        assert ready.job_id == "j1"
        given_up = await bench.queue.order(an_order("Other"))
        failed = await bench.until_state(JobState.FAILED, given_up.id)
        assert failed.error_code == "E-PROTO"
        assert server.count("GET", "/api/v1/reports/jobs/j2") == 3


async def test_s23_two_orders_with_one_number_are_flagged_and_never_merged(tmp_path: Path) -> None:
    async with FakeServer() as server, bench_of(server, tmp_path) as bench:
        server.on("POST", QUERY, PENDING)
        server.on("GET", JOB, described())
        first = await bench.queue.order(an_order())
        await bench.until_state(JobState.WATCHING, first.id)
        second = await bench.queue.order(an_order("Second"))
        flagged = await bench.until(lambda one: "same number" in one.trouble, second.id)
        assert flagged.job_id == "j1"
        assert "same number" not in bench.latest(first.id).trouble
        server.on("GET", JOB, DONE)
        await bench.until_state(JobState.READY, first.id)
        await bench.until_state(JobState.READY, second.id)


async def test_n11_a_sign_in_page_changes_nothing_and_says_so(tmp_path: Path) -> None:
    page = Reply(200, b"<html>Hotel Wi-Fi</html>", [("Content-Type", "text/html")])
    async with FakeServer() as server, bench_of(server, tmp_path) as bench:
        server.on("POST", QUERY, PENDING)
        server.on("GET", JOB, page, DONE)
        record = await bench.queue.order(an_order())
        noted = await bench.until(lambda one: "sign-in page" in one.trouble, record.id)
        assert (noted.state, noted.service_status) == (JobState.WATCHING, "pending")
        await bench.until_state(JobState.READY, record.id)


async def ready_job(bench: Bench, server: FakeServer) -> JobRecord:
    server.on("POST", QUERY, PENDING)
    server.on("GET", JOB, DONE)
    record = await bench.queue.order(an_order())
    return await bench.until_state(JobState.READY, record.id)


async def test_l21_a_fresh_link_is_fetched_saved_and_shared_by_all_who_ask(tmp_path: Path) -> None:
    async with FakeServer() as server, bench_of(server, tmp_path) as bench:
        ready = await ready_job(bench, server)
        server.on("GET", JOB, described("successful", link=LINK + "2"))
        links = await asyncio.gather(*(bench.queue.fresh_link(ready.id) for _ in range(5)))
        assert {link.url.reveal() for link in links} == {LINK + "2"}
        assert server.count("GET", JOB) == ready.polls + 1
        saved = await bench.ledger.job(ready.id)
        assert saved is not None
        assert saved.link == links[0]
        assert bench.latest(ready.id) == saved


async def test_l24_the_same_dead_link_again_ends_it_within_two_polls(tmp_path: Path) -> None:
    async with FakeServer() as server, bench_of(server, tmp_path) as bench:
        ready = await ready_job(bench, server)
        with pytest.raises(LinkError) as caught:
            await bench.queue.fresh_link(ready.id)
        assert caught.value.code == "E-LINK-EXPIRED"
        assert server.count("GET", JOB) <= ready.polls + 2
        assert (await bench.queue.fresh_link(ready.id, refused=False)).url == Secret(LINK)


async def test_s16_a_ready_job_said_to_be_pending_stays_ready(tmp_path: Path) -> None:
    async with FakeServer() as server, bench_of(server, tmp_path) as bench:
        ready = await ready_job(bench, server)
        server.on("GET", JOB, described())
        with pytest.raises(LinkError):
            await bench.queue.fresh_link(ready.id)
        saved = await bench.ledger.job(ready.id)
        assert saved is not None
        assert (saved.state, saved.link) == (JobState.READY, ready.link)
        assert (await bench.queue.timeline(ready.id))[-1].event == "odd answer"


async def test_l26_a_job_gone_when_asked_for_a_link_is_gone_and_its_link_wiped(tmp_path: Path) -> None:
    async with FakeServer() as server, bench_of(server, tmp_path) as bench:
        ready = await ready_job(bench, server)
        server.on("GET", JOB, json_reply(envelope(None, "unknown"), 404))
        with pytest.raises(JobGone):
            await bench.queue.fresh_link(ready.id)
        assert bench.latest(ready.id).state is JobState.GONE
    with sqlite3.connect(tmp_path / "sana.sqlite3") as connection:
        assert connection.execute("SELECT link_url FROM jobs").fetchall() == [(None,)]


async def written(path: Path, *records: JobRecord) -> None:
    """Leave these rows behind, as a process that died."""
    database = Database(path / "sana.sqlite3")
    await database.open()
    ledger = Ledger(database)
    for record in records:
        await ledger.save_job(record, TimelineEntry(record.created_at, "wanted"))
    await database.close()


def left(identity: str, state: JobState, **changes: object) -> JobRecord:
    at = datetime.now(UTC) - timedelta(minutes=3)
    record = JobRecord(identity, an_order(identity), state, at, at, owner="dead")
    return replace(record, **changes)  # type: ignore[arg-type]


async def test_p01_p03_a_new_process_goes_on_where_the_dead_one_was(tmp_path: Path) -> None:
    sent = datetime.now(UTC) - timedelta(minutes=2)
    await written(
        tmp_path,
        left("watching", JobState.WATCHING, job_id="j1", submitted_at=sent, submits=1),
        left("sending", JobState.SUBMITTING, submits=1, submitted_at=sent),
        left("queued", JobState.QUEUED),
        left("paused", JobState.PAUSED, error_kind="auth", error_code="E-SCOPE"),
        left("stopped", JobState.STOPPED),
    )
    async with FakeServer() as server, bench_of(server, tmp_path, owner="alive") as bench:
        server.on("POST", QUERY, described(job_id="j2"))
        server.on("GET", "/api/v1/reports/jobs/*", lambda request: described("done", request.path[-2:], LINK))
        restored = await bench.queue.restore()
        assert sorted(record.id for record in restored) == ["paused", "queued", "watching"]
        await bench.until_state(JobState.READY, "watching")
        await bench.until_state(JobState.READY, "queued")
        assert bench.latest("sending").state is JobState.SUBMIT_UNKNOWN
        assert server.count("POST", QUERY) == 1
        for identity in ("watching", "sending", "queued", "paused"):
            saved = await bench.ledger.job(identity)
            assert saved is not None
            assert saved.owner == "alive"
        again = await bench.queue.restore()
        assert [record.state for record in again].count(JobState.READY) == 2


async def test_two_processes_do_not_share_a_job(tmp_path: Path) -> None:
    await written(tmp_path, left("theirs", JobState.WATCHING, job_id="j1", owner="other"))
    async with (
        FakeServer() as server,
        client_of(server) as client,
        real_bench(tmp_path, client, is_alive=lambda owner: owner == "other") as bench,
    ):
        assert await bench.queue.restore() == []
        assert server.requests == []


async def test_p07_stopping_keeps_the_number_of_an_order_under_way(tmp_path: Path) -> None:
    async with FakeServer() as server:
        server.on("POST", QUERY, replace(PENDING, wait=0.1))
        server.on("GET", JOB, DONE)
        async with bench_of(server, tmp_path) as bench:
            record = await bench.queue.order(an_order())
            await server.wait_for(lambda there: there.count("POST", QUERY) == 1)
            await bench.queue.stop()
            with pytest.raises(UserError):
                await bench.queue.order(an_order("Late"))
            saved = await bench.ledger.job(record.id)
            assert saved is not None
            assert (saved.state, saved.job_id) == (JobState.WATCHING, "j1")
        async with bench_of(server, tmp_path) as bench:
            await bench.queue.restore()
            await bench.until_state(JobState.READY, record.id)
        assert server.count("POST", QUERY) == 1


async def test_removing_forgets_the_row_and_is_refused_while_it_is_ordered(tmp_path: Path) -> None:
    gate = asyncio.Event()
    removed: list[str] = []
    async with FakeServer() as server, bench_of(server, tmp_path) as bench:
        bench.queue.removed.subscribe(removed.append)
        server.on("POST", QUERY, replace(PENDING, wait=gate))
        server.on("GET", JOB, described())
        record = await bench.queue.order(an_order())
        await server.wait_for(lambda there: there.count("POST", QUERY) == 1)
        with pytest.raises(UserError):
            await bench.queue.remove(record.id)
        gate.set()
        await bench.until_state(JobState.WATCHING, record.id)
        await bench.queue.remove(record.id)
        assert removed == [record.id]
        assert await bench.ledger.job(record.id) is None
        assert await bench.queue.timeline(record.id) == []
        with pytest.raises(UserError):
            await bench.queue.check_now(record.id)


async def test_a_job_that_is_removed_while_a_fresh_link_is_fetched_stays_removed(tmp_path: Path) -> None:
    gate = asyncio.Event()
    async with FakeServer() as server, bench_of(server, tmp_path) as bench:
        server.on("POST", QUERY, PENDING)
        server.on("GET", JOB, DONE, replace(described("successful", link=f"{LINK}2"), wait=gate))
        record = await bench.queue.order(an_order())
        await bench.until_state(JobState.READY, record.id)
        asking = bench.supervisor.start("ask", bench.queue.fresh_link(record.id))
        assert asking is not None
        await server.wait_for(lambda there: there.count("GET", JOB) == 2)
        await bench.queue.remove(record.id)
        told = len(bench.seen)
        gate.set()
        assert (await asking).url.reveal() == f"{LINK}2"
        assert await bench.ledger.job(record.id) is None
        assert len(bench.seen) == told


async def test_a_job_that_is_watched_again_is_of_the_process_that_watches_it(tmp_path: Path) -> None:
    await written(tmp_path, left("stopped", JobState.STOPPED, job_id="j1"))
    async with FakeServer() as server, bench_of(server, tmp_path, owner="alive") as bench:
        server.on("GET", JOB, described())
        await bench.queue.check_now("stopped")
        stored = await bench.ledger.job("stopped")
        assert stored is not None
        assert (stored.state, stored.owner) == (JobState.WATCHING, "alive")


async def test_a_wish_that_a_dead_process_had_is_taken_over_and_not_ordered_twice(tmp_path: Path) -> None:
    since = datetime.now(UTC) - timedelta(hours=1)
    sent = datetime.now(UTC) - timedelta(minutes=2)
    await written(
        tmp_path,
        left("watching", JobState.WATCHING, job_id="j1", submitted_at=sent, submits=1),
        left("sending", JobState.SUBMITTING, submits=1, submitted_at=sent),
    )
    async with FakeServer() as server, bench_of(server, tmp_path, owner="alive") as bench:
        server.on("GET", JOB, DONE)
        taken = await bench.queue.take_over(an_order("watching"), since)
        assert taken is not None
        ready = await bench.until_state(JobState.READY, taken.id)
        assert (ready.id, ready.owner) == ("watching", "alive")
        lost = await bench.queue.take_over(an_order("sending"), since)
        assert lost is not None
        assert lost.state is JobState.SUBMIT_UNKNOWN
        assert await bench.queue.take_over(an_order("another"), since) is None
        assert await bench.queue.take_over(an_order("watching"), datetime.now(UTC)) is None
        again = await bench.queue.take_over(an_order("watching"), since)
        assert again == ready
        assert server.count("POST", QUERY) == 0
