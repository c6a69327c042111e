"""Faults of links and bodies (BEHAVIOUR.md L01 to L20, N10, N17 to N19), on real sockets and a real disk."""

from __future__ import annotations

import asyncio
import base64
import gzip
import hashlib
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from sana_desktop.api import own_address
from sana_desktop.reports.download import resume
from sana_desktop.reports.download.fetch_state import STORY_REQUESTS
from sana_desktop.reports.download.inspection import SIZE_NOT_CONFIRMED
from sana_desktop.reports.download.policy import DownloadPolicy
from sana_desktop.reports.records.job import FileEvent
from sana_desktop.reports.records.transfer import TransferState
from tests.support.download_rig import Rig, StoredFile, csv_bytes, cut_reply, sha
from tests.support.fake_server import BEFORE_HEADERS, CHUNKED, UNTIL_CLOSE, FakeServer, Reply, Request
from tests.support.waiting import until

DATA = csv_bytes(3_000)
TAG = '"v1"'
SOON_SECONDS = 15.0
"""On a busy machine too, and before any silence ends a transfer."""


def saved(rig: Rig) -> bytes:
    record = rig.only()
    return (Path(record.folder) / record.name).read_bytes()


async def story(rig: Rig) -> list[tuple[str, str]]:
    """Return events and details of the job's story; of a cut without its reason."""
    lines = await rig.ledger.timeline(rig.only().job)
    return [(line.event, line.detail.split(" · ")[0] if line.event == FileEvent.CUT else line.detail) for line in lines]


async def test_L01_a_whole_report_is_saved_counted_and_hashed(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        rig.serve(StoredFile(DATA))
        record = await rig.settled(await rig.ready())
        assert (record.state, record.sha256, record.received) == (TransferState.DONE, sha(DATA), len(DATA))
        assert (record.rows, record.columns, record.verified_ok) == (3_000, 3, True)
        assert saved(rig) == DATA
        assert rig.left() == [record.name]
        assert (record.requests, record.resumes, record.part) == (1, 0, "")
        stored = await rig.ledger.transfer_of(record.job)
        assert stored == record


async def test_L02_nothing_but_the_allowed_headers_travels(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        served = StoredFile(DATA, cuts=[10_000])
        rig.serve(served)
        await rig.settled(await rig.ready())
        assert served.forbidden == 0
        plain = {"host", "user-agent", "accept", "accept-encoding"}
        first, second = rig.store.requests
        assert first.header_names - {"connection"} == plain
        assert second.header_names - {"connection"} == plain | {"range", "if-range"}
        assert first.header("accept-encoding") == "identity"


async def test_L03_the_story_tells_of_a_cut_and_of_how_it_went_on(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        rig.serve(StoredFile(DATA, cuts=[30_000]))
        record = await rig.settled(await rig.ready())
        cut, on = await rig.ledger.timeline(record.job)
        assert (cut.event, on.event) == (FileEvent.CUT, FileEvent.RESUMED)
        assert cut.detail.startswith("after 30.0 kB · ")
        assert (on.detail, cut.at < on.at) == ("from 30.0 kB", True)


async def test_L07_the_story_tells_that_what_had_come_was_of_no_use(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        rig.serve(StoredFile(DATA, etag="", cuts=[30_000]))
        record = await rig.settled(await rig.ready())
        assert await story(rig) == [
            (FileEvent.CUT, "after 30.0 kB"),
            (FileEvent.ANEW, "after 30.0 kB · no mark of its version (a strong ETag) came with it"),
        ]
        assert (record.requests, record.resumes) == (2, 0)


async def test_L03_fifty_cuts_at_random_places_cost_nothing_twice(tmp_path: Path) -> None:
    chance = random.Random(7)
    data = csv_bytes(20_000)
    cuts = [chance.randint(1, 24_000) for _ in range(50)]
    async with Rig(tmp_path, warp=2_000) as rig:
        rig.serve(StoredFile(data, cuts=list(cuts)))
        record = await rig.settled(await rig.ready())
        assert record.state is TransferState.DONE
        assert saved(rig) == data
        asked = [int(str(r.header("range"))[6:-1]) for r in rig.store.requests if r.header("range")]
        assert asked == sorted(asked)
        # A cut loses at most what the line had not handed over: nothing that arrived is asked for again.
        sent = sum(min(cut, len(data)) for cut in cuts) + len(data) - asked[-1]
        assert sent - len(data) <= 50 * 2**20
        assert record.resumes == 50
        assert len(await rig.ledger.timeline(record.job)) <= 2 * STORY_REQUESTS


async def test_L04_a_range_that_is_ignored_begins_anew(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        whole = Reply(200, DATA, (("ETag", '"v1"'),))
        rig.serve(cut_reply(whole, 20_000), whole)
        record = await rig.settled(await rig.ready())
        assert record.sha256 == sha(DATA)
        assert saved(rig) == DATA
        # It was asked to go on and did not: the evidence says what came, not what was hoped for.
        assert (record.requests, record.resumes) == (2, 0)
        assert await story(rig) == [
            (FileEvent.CUT, "after 20.0 kB"),
            (FileEvent.ANEW, f"after 20.0 kB · {resume.why_whole(TAG, TAG)}"),
        ]
        assert "sends no parts" in resume.why_whole(TAG, TAG)


async def test_L05_an_object_replaced_between_cuts_is_fetched_whole(tmp_path: Path) -> None:
    other = csv_bytes(3_100, width=39)
    async with Rig(tmp_path) as rig:
        rig.serve(StoredFile(DATA, cuts=[30_000]), StoredFile(other, etag='"v2"'))
        record = await rig.settled(await rig.ready())
        assert saved(rig) == other
        assert (record.requests, record.resumes) == (2, 0)
        assert (await story(rig))[1:] == [(FileEvent.ANEW, "after 30.0 kB · the file was replaced since")]


async def test_L06_a_range_of_the_new_object_is_never_mixed_in(tmp_path: Path) -> None:
    other = csv_bytes(3_000, width=40)[::-1]
    span = f"bytes 30000-{len(DATA) - 1}/{len(DATA)}"
    async with Rig(tmp_path) as rig:
        rig.serve(
            StoredFile(DATA, cuts=[30_000]),
            Reply(206, other[30_000:], (("ETag", '"v2"'), ("Content-Range", span))),
            StoredFile(other, etag='"v2"'),
        )
        await rig.settled(await rig.ready())
        assert saved(rig) == other
        assert rig.store.requests[2].header("range") is None
        assert rig.only().resumes == 0


async def test_L07_without_an_etag_no_range_is_ever_sent(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        rig.serve(StoredFile(DATA, etag="", cuts=[30_000]))
        await rig.settled(await rig.ready())
        assert saved(rig) == DATA
        assert [request.header("range") for request in rig.store.requests] == [None, None]


async def test_L08_a_weak_etag_is_none(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        rig.serve(StoredFile(DATA, etag='W/"v1"', cuts=[30_000]))
        await rig.settled(await rig.ready())
        assert [request.header("range") for request in rig.store.requests] == [None, None]


async def test_L11_a_partial_answer_nobody_asked_for_is_not_taken(tmp_path: Path) -> None:
    odd = Reply(206, DATA[100:], (("Content-Range", f"bytes 100-{len(DATA) - 1}/{len(DATA)}"),))
    async with Rig(tmp_path) as rig:
        rig.serve(odd)
        record = await rig.settled(await rig.ready())
        assert (record.state, record.error_code) == (TransferState.FAILED, "E-DL-PROTO")
        assert rig.store.count("GET", "/report") == 2
        assert rig.left() == []


async def test_L12_several_ranges_are_not_taken(tmp_path: Path) -> None:
    parts = Reply(206, b"--x\r\n", (("Content-Type", "multipart/byteranges; boundary=x"), ("ETag", '"v1"')))
    async with Rig(tmp_path) as rig:
        rig.serve(StoredFile(DATA, cuts=[30_000]), parts, StoredFile(DATA))
        await rig.settled(await rig.ready())
        assert saved(rig) == DATA


async def test_L39_a_rest_that_comes_packed_is_never_put_behind_plain_bytes(tmp_path: Path) -> None:
    data = csv_bytes(4_000)
    plain = StoredFile(data, cuts=[60_000])

    def packed(request: Request) -> Reply:
        start = int((request.header("range") or "").removeprefix("bytes=").rstrip("-"))
        span = ("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        return Reply(206, gzip.compress(data[start:]), (("ETag", plain.etag), span, ("Content-Encoding", "gzip")))

    async with Rig(tmp_path) as rig:
        rig.serve(plain, packed, plain)
        record = await rig.settled(await rig.ready())
        assert (record.state, record.sha256) == (TransferState.DONE, sha(data))
        assert saved(rig) == data


async def test_L13_a_416_that_names_fewer_than_were_announced_begins_anew(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        fewer = Reply(416, headers=(("Content-Range", "bytes */30000"),))
        rig.serve(StoredFile(DATA, cuts=[30_000]), fewer, StoredFile(DATA))
        await rig.settled(await rig.ready())
        assert saved(rig) == DATA


async def test_L15_a_416_without_a_length_begins_anew(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        rig.serve(StoredFile(DATA, cuts=[30_000]), Reply(416), StoredFile(DATA))
        await rig.settled(await rig.ready())
        assert saved(rig) == DATA


async def test_L16_a_body_that_is_always_short_pauses_after_five_fruitless_attempts(tmp_path: Path) -> None:
    def short(request: Request) -> Reply:
        return cut_reply(Reply(200, DATA), 5_000)

    async with Rig(tmp_path, warp=500) as rig:
        rig.serve(short)
        record = await rig.settled(await rig.ready())
        assert record.state is TransferState.PAUSED
        assert record.error_kind == "network"
        # One attempt that brought something, then five that brought nothing more.
        assert rig.store.count("GET", "/report") == 6
        assert not (rig.folder / record.name).exists()


async def test_L17_what_is_longer_than_announced_ends_at_the_announced_length(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        head = f'HTTP/1.1 200 OK\r\nContent-Length: {len(DATA)}\r\nETag: "v1"\r\n\r\n'.encode()
        rig.serve(Reply(raw=head + DATA + b"excess"))
        record = await rig.settled(await rig.ready())
        assert record.state is TransferState.DONE
        assert saved(rig) == DATA


async def test_L18_a_look_past_the_end_finds_the_rest(tmp_path: Path) -> None:
    cut = Reply(200, DATA[:50_000], (("ETag", '"v1"'),), length=UNTIL_CLOSE)
    async with Rig(tmp_path) as rig:
        rig.serve(cut, StoredFile(DATA))
        record = await rig.settled(await rig.ready())
        assert saved(rig) == DATA
        assert record.notices == ()
        assert rig.store.requests[1].header("range") == "bytes=50000-"


async def test_L13_L18_a_look_past_the_end_confirms_it(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        rig.serve(Reply(200, DATA, (("ETag", '"v1"'),), length=UNTIL_CLOSE), StoredFile(DATA))
        record = await rig.settled(await rig.ready())
        assert (record.state, record.notices) == (TransferState.DONE, ())


async def test_L18_a_look_that_names_another_size_begins_anew(tmp_path: Path) -> None:
    cut = Reply(200, DATA[:50_000], (("ETag", '"v1"'),), length=UNTIL_CLOSE)
    other = Reply(416, b"", (("Content-Range", f"bytes */{len(DATA)}"),))
    async with Rig(tmp_path) as rig:
        rig.serve(cut, other, StoredFile(DATA))
        record = await rig.settled(await rig.ready())
        assert record.state is TransferState.DONE
        assert saved(rig) == DATA
        assert record.notices == ()


def open_ended(data: bytes, etag: str = "", cuts: int = 0) -> Callable[[Request], Reply]:
    """A file whose answers name no length, as a host sends it that knows ranges; the first `cuts` of them are cut."""
    left = [cuts]
    tag = (("ETag", etag),) if etag else ()

    def answer(request: Request) -> Reply:
        start = int((request.header("range") or "0").removeprefix("bytes=").rstrip("-"))
        if request.header("range") and start >= len(data):
            return Reply(416, headers=(("Content-Range", f"bytes */{len(data)}"),))
        if request.header("range"):
            span = (("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}"),)
            return Reply(206, data[start:], (*tag, *span), length=UNTIL_CLOSE)
        left[0] -= 1
        return Reply(200, data[:50_000] if left[0] >= 0 else data, tag, length=UNTIL_CLOSE)

    return answer


@pytest.mark.parametrize("etag", ["", 'W/"v1"'])
@pytest.mark.parametrize("cuts", [0, 2])
async def test_L18_it_is_asked_without_an_etag_too_whether_that_was_all(tmp_path: Path, etag: str, cuts: int) -> None:
    async with Rig(tmp_path) as rig:
        rig.serve(open_ended(DATA, etag, cuts))
        record = await rig.settled(await rig.ready())
        assert (record.state, record.notices, record.sha256) == (TransferState.DONE, (), sha(DATA))
        asked = [(request.header("range"), request.header("if-range")) for request in rig.store.requests]
        cut = [(None, None), ("bytes=50000-", None)]
        assert asked == [*cut * cuts, (None, None), (f"bytes={len(DATA)}-", None)]


async def test_L18_what_is_cut_each_time_is_never_done(tmp_path: Path) -> None:
    async with Rig(tmp_path, warp=500) as rig:
        rig.serve(open_ended(DATA, cuts=1_000))
        record = await rig.settled(await rig.ready())
        assert (record.state, record.error_code) == (TransferState.PAUSED, "E-DL-TRUNCATED")
        assert not (rig.folder / record.name).exists()


async def test_L18_nothing_at_all_is_looked_behind_too(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        rig.serve(Reply(200, b"", length=UNTIL_CLOSE), open_ended(DATA))
        await rig.settled(await rig.ready())
        assert saved(rig) == DATA


async def test_L18_a_host_that_is_busy_is_asked_again_whether_that_was_all(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        rig.serve(Reply(200, DATA, length=UNTIL_CLOSE), Reply(503), Reply(cut_at=BEFORE_HEADERS), open_ended(DATA))
        record = await rig.settled(await rig.ready())
        assert (record.state, record.notices) == (TransferState.DONE, ())
        assert rig.store.count("GET", "/report") == 4


async def test_L18_without_an_answer_the_size_is_said_to_be_unconfirmed(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        rig.serve(Reply(200, DATA, length=UNTIL_CLOSE))
        record = await rig.settled(await rig.ready())
        assert (record.state, record.notices) == (TransferState.DONE, (SIZE_NOT_CONFIRMED,))
        assert rig.store.count("GET", "/report") == 2


async def test_L18_a_checksum_of_the_whole_confirms_it(tmp_path: Path) -> None:
    digest = base64.b64encode(hashlib.sha256(DATA).digest()).decode()
    async with Rig(tmp_path) as rig:
        rig.serve(Reply(200, DATA, (("Repr-Digest", f"sha-256=:{digest}:"),), length=UNTIL_CLOSE))
        record = await rig.settled(await rig.ready())
        assert (record.state, record.notices) == (TransferState.DONE, ())


async def test_L18_where_nobody_sees_a_mark_what_may_be_cut_is_no_report(tmp_path: Path) -> None:
    target = tmp_path / "mine.csv"
    target.write_bytes(b"from before")
    async with Rig(tmp_path, policy=DownloadPolicy().unasked(), discard=True) as rig:
        rig.serve(Reply(200, DATA, length=UNTIL_CLOSE))
        record = await rig.settled(await rig.ready(target=target, overwrite=True))
        assert (record.state, record.error_code) == (TransferState.FAILED, "E-DL-UNCONFIRMED")
        assert target.read_bytes() == b"from before"
        assert [name for name in rig.left(tmp_path) if "part" in name] == []


async def test_L18_a_table_that_ends_inside_a_quotation_is_never_done(tmp_path: Path) -> None:
    async with Rig(tmp_path, warp=500) as rig:
        rig.serve(Reply(200, DATA + b'7,"cut he', length=UNTIL_CLOSE))
        record = await rig.settled(await rig.ready())
        assert (record.state, record.error_code) == (TransferState.PAUSED, "E-DL-TRUNCATED")
        assert not (rig.folder / record.name).exists()


async def test_L19_chunks_without_their_end_are_never_taken_for_whole(tmp_path: Path) -> None:
    headers = (("ETag", '"v1"'),)
    async with Rig(tmp_path) as rig:
        rig.serve(Reply(200, DATA, headers, length=CHUNKED, cut_at=40_000), Reply(200, DATA, headers, length=CHUNKED))
        record = await rig.settled(await rig.ready())
        assert record.state is TransferState.DONE
        assert saved(rig) == DATA


async def test_L20_an_empty_csv_is_a_report_without_rows(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        rig.serve(Reply(200, b""))
        record = await rig.settled(await rig.ready())
        assert (record.state, record.rows, record.notices) == (TransferState.DONE, 0, ("The file is empty.",))


async def test_N10_a_host_that_has_another_address_is_found_there(tmp_path: Path) -> None:
    addresses = ["127.0.0.1"]
    async with Rig(tmp_path, warp=1, lookup=lambda host, port: list(addresses)) as rig:
        rig.serve(Reply(200, DATA, (("ETag", '"v1"'),), hold_at=50_000, wait_in_body=asyncio.Event()))
        await rig.ready(url=f"http://localhost:{rig.store.port}/report?signature=x")
        await rig.until(lambda: any(figure.received == 50_000 for figure in rig.figures))
        elsewhere = FakeServer(host="127.0.0.2")
        elsewhere.on("GET", "/report", StoredFile(DATA))
        try:
            await elsewhere.start(rig.store.port)
        except OSError:
            pytest.skip("this system has one loopback address")
        try:
            addresses[:] = ["127.0.0.2"]
            await rig.store.stop()
            await rig.until(lambda: rig.only().state is TransferState.DONE, SOON_SECONDS)
            assert [request.header("range") for request in elsewhere.requests] == ["bytes=50000-"]
        finally:
            await elsewhere.stop()
        assert saved(rig) == DATA


@pytest.mark.parametrize(("length", "again"), [(None, "bytes=50000-"), (UNTIL_CLOSE, None)])
async def test_N10_a_computer_that_has_another_address_goes_on_with_a_new_connection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, length: str | None, again: str | None
) -> None:
    policy = DownloadPolicy()
    assert 2 * own_address.LOOK_SECONDS + policy.first_wait_seconds < 5.0
    monkeypatch.setattr(own_address, "LOOK_SECONDS", 0.1)
    mine: list[str | None] = ["192.0.2.1"]
    asked: list[tuple[object, ...]] = []

    def find_own(peer: tuple[object, ...]) -> str | None:
        asked.append(peer)
        return mine[0]

    async with Rig(tmp_path, warp=1, find_own=find_own) as rig:
        # As by a connection whose address is gone: no byte and no error.
        silent = Reply(200, DATA, (("ETag", '"v1"'),), length=length, hold_at=50_000, wait_in_body=asyncio.Event())
        rig.serve(silent, StoredFile(DATA))
        await rig.ready()
        await rig.until(lambda: any(figure.received == 50_000 for figure in rig.figures))
        mine[0] = None  # no network at all is no reason to give it up
        looks = len(asked)
        await until(lambda: len(asked) > looks + 1)
        assert rig.store.count("GET", "/report") == 1
        mine[0] = "192.0.2.7"
        await rig.until(lambda: rig.only().state is TransferState.DONE, SOON_SECONDS)
        assert saved(rig) == DATA
        # Without a length the end of the connection could be that of the file: it is not taken for it (F3, B4).
        assert [request.header("range") for request in rig.store.requests] == [None, again]
        assert {peer[:2] for peer in asked} == {("127.0.0.1", rig.store.port)}


async def test_N17_a_slow_line_runs_on_though_its_link_has_ended(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        # 8 KB a second take longer than the link lives, and a fresh one lives no longer.
        rig.queue.life = 10.0
        rig.serve(StoredFile(DATA, drip=(4_000, 0.5 / rig.clock.factor)))
        record = await rig.settled(await rig.ready(life=10.0))
        assert record.state is TransferState.DONE
        assert record.link_expires_at is not None
        assert record.finished_at is not None
        assert record.link_expires_at < record.finished_at
        assert (rig.store.count("GET", "/report"), saved(rig)) == (1, DATA)


async def test_N19_single_bytes_are_put_together(tmp_path: Path) -> None:
    data = csv_bytes(20)
    async with Rig(tmp_path) as rig:
        rig.serve(StoredFile(data, drip=(1, 0.0)))
        record = await rig.settled(await rig.ready())
        assert (saved(rig), record.rows, record.resumes) == (data, 20, 0)


async def test_N18_a_standstill_is_cut_and_taken_up(tmp_path: Path) -> None:
    slow = StoredFile(DATA, drip=(1, 0.2))
    async with Rig(tmp_path, warp=400) as rig:
        rig.serve(slow, StoredFile(DATA))
        record = await rig.settled(await rig.ready())
        assert saved(rig) == DATA
        assert record.resumes == 1


async def test_A21_figures_are_few_and_end_at_the_size(tmp_path: Path) -> None:
    data = csv_bytes(40_000)
    async with Rig(tmp_path, warp=1) as rig:
        rig.serve(StoredFile(data, drip=(len(data) // 12, 0.1)))
        job = await rig.ready()
        record = await rig.settled(job)
        assert record.state is TransferState.DONE
        assert 3 <= len(rig.figures) <= 8
        assert all(figure.total == len(data) and figure.received <= len(data) for figure in rig.figures)
        assert rig.figures[-1].bytes_per_second > 0
        assert [figure.received for figure in rig.figures] == sorted(figure.received for figure in rig.figures)
