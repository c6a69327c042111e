"""Faults of links and bodies (BEHAVIOUR.md L01 to L20, N10, N17 to N19), on real sockets and a real disk."""

from __future__ import annotations

import random
from pathlib import Path

from sana_desktop.reports.inspection import SIZE_NOT_CONFIRMED
from sana_desktop.reports.transfer import TransferState
from tests.support.download_rig import Rig, StoredFile, csv_bytes, cut_reply, sha
from tests.support.fake_server import CHUNKED, UNTIL_CLOSE, Reply, Request

DATA = csv_bytes(3_000)


def saved(rig: Rig) -> bytes:
    record = rig.only()
    return (Path(record.folder) / record.name).read_bytes()


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


async def test_L04_a_range_that_is_ignored_begins_anew(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        whole = Reply(200, DATA, (("ETag", '"v1"'),))
        rig.serve(cut_reply(whole, 20_000), whole)
        record = await rig.settled(await rig.ready())
        assert record.sha256 == sha(DATA)
        assert saved(rig) == DATA


async def test_L05_an_object_replaced_between_cuts_is_fetched_whole(tmp_path: Path) -> None:
    other = csv_bytes(3_100, width=39)
    async with Rig(tmp_path) as rig:
        rig.serve(StoredFile(DATA, cuts=[30_000]), StoredFile(other, etag='"v2"'))
        await rig.settled(await rig.ready())
        assert saved(rig) == other


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
        # One attempt that brought something, then five that brought nothing more; on a busy machine the first few may
        # bring nothing at all.
        assert 6 <= rig.store.count("GET", "/report") <= 10
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


async def test_L18_a_look_past_the_end_confirms_it(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        rig.serve(Reply(200, DATA, (("ETag", '"v1"'),), length=UNTIL_CLOSE), StoredFile(DATA))
        record = await rig.settled(await rig.ready())
        assert (record.state, record.notices) == (TransferState.DONE, ())


async def test_L18_without_a_way_to_look_the_size_is_said_to_be_unconfirmed(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        rig.serve(Reply(200, DATA, length=UNTIL_CLOSE))
        record = await rig.settled(await rig.ready())
        assert (record.state, record.notices) == (TransferState.DONE, (SIZE_NOT_CONFIRMED,))
        assert rig.store.count("GET", "/report") == 1


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
