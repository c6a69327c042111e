"""Faults of links and of what comes from them (BEHAVIOUR.md L21 to L48, C05 to C09, B08)."""

from __future__ import annotations

import asyncio
import base64
import gzip
import hashlib
import io
import random
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import xlsxwriter

from sana_desktop.api.models import ReportFormat
from sana_desktop.base.errors import AuthError, JobGone, LinkError
from sana_desktop.reports.download import inspection
from sana_desktop.reports.download.policy import DownloadPolicy
from sana_desktop.reports.records.job import RerunRule
from sana_desktop.reports.records.transfer import CAME_AS_CSV, TransferState
from tests.support.download_rig import Rig, StoredFile, csv_bytes, cut_reply
from tests.support.fake_server import FakeServer, Reply, Request, html_reply

DATA = csv_bytes(3_000)
TAG = (("ETag", '"v1"'),)
EXPIRED = Reply(403, b"<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>")
FORGED = Reply(
    403, b"<Error><Code>SignatureDoesNotMatch</Code><CanonicalRequest>X-Amz-Expires=900</CanonicalRequest></Error>"
)


def workbook(rows: int = 50, *, extra: dict[str, bytes] | None = None) -> bytes:
    """Return a real workbook, perhaps with further entries in its zip."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    for row in range(rows + 1):
        sheet.write_row(row, 0, [f"user{row}", "a < b & c", row])
    book.close()
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (extra or {}).items():
            archive.writestr(name, data)
    return out.getvalue()


def content(rig: Rig) -> bytes:
    record = rig.only()
    return (Path(record.folder) / record.name).read_bytes()


async def test_L21_a_link_that_died_before_the_start_is_renewed_once(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        rig.serve(EXPIRED, path="/old")
        rig.serve(StoredFile(DATA))
        record = await rig.settled(await rig.ready(path="/old"))
        assert record.state is TransferState.DONE
        assert content(rig) == DATA
        assert (rig.queue.looks, rig.store.count("GET", "/old"), rig.store.count("GET", "/report")) == (1, 1, 1)


async def test_L22_a_link_that_ends_while_bytes_come_does_not_matter(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        rig.serve(StoredFile(DATA, drip=(len(DATA) // 8, 0.02)))
        record = await rig.settled(await rig.ready(life=65))
        assert (record.state, rig.queue.looks) == (TransferState.DONE, 0)


@pytest.mark.parametrize("same_object", [True, False])
async def test_L23_a_link_that_ends_and_is_cut_goes_on_with_a_fresh_one(tmp_path: Path, same_object: bool) -> None:
    other = csv_bytes(3_000, width=41)
    fresh = StoredFile(DATA) if same_object else StoredFile(other, etag='"v2"')
    async with Rig(tmp_path) as rig:
        rig.serve(cut_reply(Reply(200, DATA, TAG), 60_000), EXPIRED, fresh)
        rig.serve(fresh, path="/elsewhere")
        rig.queue.fresh = ["/report" if same_object else "/elsewhere"]
        record = await rig.settled(await rig.ready())
        assert record.state is TransferState.DONE
        assert content(rig) == (DATA if same_object else other)
        assert rig.queue.looks == 1
        asked = [request.header("range") for request in rig.store.requests]
        assert asked[-1] == ("bytes=60000-" if same_object else None)


async def test_L24_a_dead_link_that_comes_again_ends_it(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        rig.serve(EXPIRED)
        same = rig.link("/report")
        rig.queue.fresh_link = lambda *_, **__: asyncio.sleep(0, same)  # type: ignore[method-assign]
        job = await rig.ready(url=same.url.reveal())
        record = await rig.settled(job)
        assert (record.state, record.error_code) == (TransferState.LINK_ENDED, "E-LINK-EXPIRED")
        assert record.error_next_step == "Run again"
        assert rig.store.count("GET", "/report") == 1
        assert rig.left() == []
        stored = await rig.ledger.job(job.id)
        assert stored is not None
        assert stored.link is None


@pytest.mark.parametrize(
    ("answer", "code"), [(FORGED, "E-LINK-REFUSED"), (Reply(404), "E-LINK-GONE"), (Reply(410), "E-LINK-GONE")]
)
async def test_L25_L26_a_link_with_time_left_that_comes_again_is_not_said_to_have_ended(
    tmp_path: Path, answer: Reply, code: str
) -> None:
    async with Rig(tmp_path) as rig:
        rig.serve(answer)
        same = rig.link("/report")
        rig.queue.fresh_link = lambda *_, **__: asyncio.sleep(0, same)  # type: ignore[method-assign]
        record = await rig.settled(await rig.ready(url=same.url.reveal()))
        assert (record.state, record.error_code) == (TransferState.LINK_ENDED, code)
        assert record.error_http_status == answer.status
        assert rig.store.count("GET", "/report") == 1


@pytest.mark.parametrize("answer", [JobGone("gone", code="E-JOB-GONE"), LinkError("none", code="E-LINK-EXPIRED")])
async def test_L24_a_job_without_another_link_ends_it(tmp_path: Path, answer: JobGone) -> None:
    async with Rig(tmp_path) as rig:
        rig.serve(EXPIRED)
        rig.queue.fresh = [answer]
        record = await rig.settled(await rig.ready())
        assert (record.state, record.error_code) == (TransferState.LINK_ENDED, "E-LINK-EXPIRED")
        assert rig.queue.again == []


async def test_B08_the_rule_runs_it_again_once_and_keeps_both(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        rig.serve(EXPIRED)
        rig.serve(EXPIRED, path="/again")
        rig.queue.fresh = [JobGone("gone", code="E-JOB-GONE")]
        first = await rig.ready(rule=RerunRule.ALWAYS)
        await rig.settled(first)
        await rig.until(lambda: len(rig.manager.list()) == 2)
        second = await rig.settled(await _job(rig, rig.manager.list()[1].job))
        assert second.state is TransferState.LINK_ENDED
        assert rig.queue.again == [first.id]


async def _job(rig: Rig, identity: str):  # type: ignore[no-untyped-def]
    return await rig.ledger.job(identity)


async def test_B08_the_second_run_is_a_file_of_its_own(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        rig.serve(EXPIRED)
        rig.serve(StoredFile(DATA), path="/again")
        rig.queue.fresh = [JobGone("gone", code="E-JOB-GONE")]
        await rig.ready(rule=RerunRule.ALWAYS)
        await rig.until(lambda: any(record.state is TransferState.DONE for record in rig.manager.list()))
        assert [record.state for record in rig.manager.list()] == [TransferState.LINK_ENDED, TransferState.DONE]


@pytest.mark.parametrize(("status", "code"), [(403, "E-LINK-REFUSED"), (404, "E-LINK-GONE"), (410, "E-LINK-GONE")])
async def test_L25_L26_a_refused_or_empty_link_is_renewed_once_and_then_said(
    tmp_path: Path, status: int, code: str
) -> None:
    async with Rig(tmp_path) as rig:
        rig.serve(Reply(status))
        record = await rig.settled(await rig.ready())
        assert (record.state, record.error_code) == (TransferState.LINK_ENDED, code)
        assert (rig.queue.looks, rig.store.count("GET", "/report")) == (1, 2)


async def test_L27_many_links_of_a_minute_are_fetched_soonest_end_first(tmp_path: Path) -> None:
    order: list[str] = []
    running, most = 0, 0

    async with Rig(tmp_path, warp=50) as rig:
        rig.queue.life = 60.0

        def serve(request: Request) -> Reply:
            order.append(request.path)
            return Reply(200, DATA, TAG, drip=(len(DATA) // 4, 0.05))

        rig.store.on("GET", "/many/*", serve)

        def watch(_: object) -> None:
            nonlocal running, most
            running = sum(record.state is TransferState.FETCHING for record in rig.manager.list())
            most = max(most, running)

        rig.manager.changed.subscribe(watch)
        for number in range(20):
            rig.queue.fresh = ["/many/fresh"]
            await rig.ready(path=f"/many/{number}", life=60.0 + (20 - number) * 2)
        await rig.until(lambda: sum(r.state is TransferState.DONE for r in rig.manager.list()) == 20)
        assert most == 4
        assert len({record.name for record in rig.manager.list()}) == 20
        # Those that had to wait for a place come by the end of their links: the last made first.
        waited = [path for path in order[4:8] if path != "/many/fresh"]
        assert waited == sorted(waited, key=lambda path: -int(path.rsplit("/", 1)[1]))


@pytest.mark.parametrize(
    "url",
    [
        "http://files.example.com/report",
        "ftp://files.example.com/report",
        "file:///etc/passwd",
        "data:text/csv,a",
        "javascript:1",
        "\\\\host\\share\\report.csv",
        "https://user:pass@files.example.com/report",
        "https://127.0.0.1/report",
        "https://[::1]/report",
        "https://10.0.0.1/report",
        "https://169.254.169.254/latest",
        "https://2130706433/report",
    ],
)
async def test_L28_to_L31_a_link_that_leads_where_it_must_not_is_refused(tmp_path: Path, url: str) -> None:
    from sana_desktop.api.links import LinkPolicy
    from sana_desktop.api.transport import LinkTransport

    async with Rig(tmp_path) as rig:
        await rig.links.aclose()
        rig.links = LinkTransport(LinkPolicy())
        record = await rig.settled(await rig.ready(url=url))
        assert (record.state, record.error_kind) == (TransferState.FAILED, "link")
        assert rig.store.connections == 0
        assert rig.left() == []


async def test_L34_a_redirect_off_this_computer_is_refused_in_the_demo(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        rig.serve(Reply(302, headers=(("Location", "http://files.example.com/x"),)))
        record = await rig.settled(await rig.ready())
        assert (record.state, record.error_code) == (TransferState.FAILED, "E-LINK-UNSAFE")


async def test_L33_L37_a_redirect_is_followed_without_credentials(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig, FakeServer() as other:
        served = StoredFile(DATA)
        other.on("GET", "/moved", served)
        rig.serve(Reply(302, headers=(("Location", f"{other.url}/moved"), ("Set-Cookie", "id=1"))))
        record = await rig.settled(await rig.ready())
        assert (record.state, served.forbidden) == (TransferState.DONE, 0)


async def test_L36_a_circle_of_redirects_stops(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        rig.serve(Reply(302, headers=(("Location", "/report"),)))
        record = await rig.settled(await rig.ready())
        assert (record.state, record.error_kind) == (TransferState.FAILED, "link")
        assert rig.store.count("GET", "/report") == 6


async def test_L39_a_body_packed_unasked_is_unpacked_and_never_resumed(tmp_path: Path) -> None:
    packed = Reply(200, gzip.compress(DATA), (*TAG, ("Content-Encoding", "gzip")))
    async with Rig(tmp_path) as rig:
        rig.serve(cut_reply(packed, 9_000), packed)
        record = await rig.settled(await rig.ready())
        assert content(rig) == DATA
        assert (record.received, record.rows) == (len(DATA), 3_000)
        assert rig.store.requests[1].header("range") is None


async def test_L39_damage_in_the_packing_is_found(tmp_path: Path) -> None:
    damaged = bytearray(gzip.compress(DATA))
    damaged[-6] ^= 1  # its CRC
    async with Rig(tmp_path) as rig:
        rig.serve(Reply(200, bytes(damaged), (("Content-Encoding", "gzip"),)))
        record = await rig.settled(await rig.ready())
        assert (record.state, record.error_code) == (TransferState.FAILED, "E-DL-PROTO")
        assert rig.left() == []


async def test_L40_a_gzip_bomb_is_dropped_at_the_cap(tmp_path: Path) -> None:
    bomb = gzip.compress(b"a,b\n" + b"1" * 20_000_000, 1)
    async with Rig(tmp_path, policy=DownloadPolicy(cap_bytes=5_000_000)) as rig:
        rig.serve(Reply(200, bomb, (("Content-Encoding", "gzip"),)))
        record = await rig.settled(await rig.ready())
        assert (record.state, record.error_code) == (TransferState.FAILED, "E-DL-TOOBIG")
        assert rig.left() == []
        assert rig.store.count("GET", "/report") == 1


async def test_L41_a_very_large_report_is_asked_about_first(tmp_path: Path) -> None:
    async with Rig(tmp_path, policy=DownloadPolicy(ask_above_bytes=50_000)) as rig:
        rig.serve(StoredFile(DATA))
        job = await rig.ready()
        record = await rig.settled(job)
        assert (record.state, record.error_code, record.received) == (TransferState.PAUSED, "E-DL-LARGE", 0)
        assert rig.left() == []
        await rig.manager.resume(record.id, allow_large=True)
        await rig.until(lambda: rig.only().state is TransferState.DONE)
        assert content(rig) == DATA


async def test_L42_a_body_without_an_end_stops_at_the_cap(tmp_path: Path) -> None:
    endless = Reply(200, csv_bytes(60_000), length="until-close")
    async with Rig(tmp_path, policy=DownloadPolicy(cap_bytes=1_000_000)) as rig:
        rig.serve(endless)
        record = await rig.settled(await rig.ready())
        assert (record.state, record.error_code) == (TransferState.FAILED, "E-DL-TOOBIG")
        assert rig.left() == []


def _digest(name: str, data: bytes) -> str:
    return base64.b64encode(hashlib.new(name, data).digest()).decode()


@pytest.mark.parametrize(
    "header",
    [
        ("Content-MD5", _digest("md5", b"other")),
        ("x-goog-hash", f"crc32c=AAAAAA==,md5={_digest('md5', b'other')}"),
        ("x-amz-checksum-sha256", _digest("sha256", b"other")),
        ("Repr-Digest", f"sha-256=:{_digest('sha256', b'other')}:"),
    ],
)
async def test_L43_a_checksum_that_differs_is_tried_once_more(tmp_path: Path, header: tuple[str, str]) -> None:
    async with Rig(tmp_path) as rig:
        rig.serve(StoredFile(DATA, headers=(header,)))
        record = await rig.settled(await rig.ready())
        assert (record.state, record.error_code) == (TransferState.FAILED, "E-DL-CORRUPT")
        assert rig.store.count("GET", "/report") == 2
        assert rig.left() == []


async def test_L43_a_checksum_that_agrees_is_no_trouble(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        rig.serve(StoredFile(DATA, headers=(("Content-MD5", _digest("md5", DATA)),)))
        assert (await rig.settled(await rig.ready())).state is TransferState.DONE


async def test_L44_a_web_page_is_no_report(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        rig.serve(html_reply())
        record = await rig.settled(await rig.ready())
        assert (record.state, record.error_code) == (TransferState.FAILED, "E-DL-TYPE")
        assert rig.store.count("GET", "/report") == 2
        assert rig.left() == []


async def test_L20_an_empty_workbook_is_no_report(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        rig.serve(Reply(200, b""))
        record = await rig.settled(await rig.ready(kind=ReportFormat.XLSX))
        assert (record.state, record.error_code) == (TransferState.FAILED, "E-DL-TYPE")


async def test_a_workbook_is_counted(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        rig.serve(StoredFile(workbook(50)))
        record = await rig.settled(await rig.ready(kind=ReportFormat.XLSX))
        assert (record.state, record.rows, record.columns, record.notices) == (TransferState.DONE, 50, 3, ())
        assert record.name.endswith(".xlsx")


async def test_L18_a_cut_workbook_fails_its_own_check(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        rig.serve(Reply(200, workbook()[:-100], length="until-close"))
        record = await rig.settled(await rig.ready(kind=ReportFormat.XLSX))
        assert (record.state, record.error_code) == (TransferState.FAILED, "E-DL-TYPE")


async def test_L45_csv_in_place_of_a_workbook_is_saved_as_what_it_is(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        rig.serve(StoredFile(DATA))
        record = await rig.settled(await rig.ready(kind=ReportFormat.XLSX))
        assert record.name.endswith(".csv")
        assert (record.notices, record.came_as) == ((CAME_AS_CSV,), ReportFormat.CSV)
        assert rig.left() == [record.name]


async def test_L46_a_workbook_that_unpacks_huge_is_kept_with_a_warning(tmp_path: Path) -> None:
    bomb = workbook(extra={"xl/media/image1.bin": bytes(30_000_000)})
    async with Rig(tmp_path) as rig:
        rig.serve(StoredFile(bomb))
        record = await rig.settled(await rig.ready(kind=ReportFormat.XLSX))
        assert (record.state, record.notices) == (TransferState.DONE, (inspection.UNPACKS_HUGE,))
        assert content(rig) == bomb


async def test_L47_macros_and_external_links_are_told(tmp_path: Path) -> None:
    data = workbook(extra={"xl/vbaProject.bin": b"x", "xl/externalLinks/externalLink1.xml": b"<x/>"})
    async with Rig(tmp_path) as rig:
        rig.serve(StoredFile(data))
        record = await rig.settled(await rig.ready(kind=ReportFormat.XLSX))
        assert record.notices == (inspection.HAS_MACROS, inspection.HAS_EXTERNAL_LINKS)
        assert content(rig) == data


async def test_L48_cells_like_formulas_are_counted_and_left_alone(tmp_path: Path) -> None:
    data = b'a,b\n=1+1,-5\n+cmd,@x\n\tq,-x\n"=SUM(A1)",3\n'
    async with Rig(tmp_path) as rig:
        rig.serve(StoredFile(data))
        record = await rig.settled(await rig.ready())
        assert record.notices == (inspection.formulas_found(6),)
        assert content(rig) == data


async def test_C08_C09_an_end_that_is_past_or_unknown_still_gets_one_attempt(tmp_path: Path) -> None:
    for life in (-30.0, None):
        async with Rig(tmp_path / str(life)) as rig:
            rig.serve(StoredFile(DATA))
            rig.queue.fresh = [LinkError("the same one", code="E-LINK-EXPIRED")]
            record = await rig.settled(await rig.ready(life=life))
            assert record.state is TransferState.DONE


async def test_C06_a_suspend_during_a_download_goes_on_with_a_fresh_link(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        rig.serve(Reply(200, DATA, TAG, hold_at=50_000, wait_in_body=30.0), EXPIRED, StoredFile(DATA))
        await rig.ready()
        await rig.store.wait_for(lambda store: store.count("GET", "/report") == 1)
        await rig.until(lambda: any(figure.received >= 50_000 for figure in rig.figures))
        port = rig.store.port
        await rig.store.stop()  # what a suspended computer finds of its connections
        await rig.store.start(port)
        await rig.until(lambda: rig.only().state is TransferState.DONE)
        assert content(rig) == DATA
        assert rig.queue.looks == 1


async def test_a_pass_that_ended_pauses_it_until_the_job_has_a_link_again(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        rig.serve(EXPIRED, StoredFile(DATA))
        rig.queue.fresh = [AuthError("sign in again", code="E-AUTH")]
        job = await rig.ready()
        record = await rig.settled(job)
        assert (record.state, record.error_kind) == (TransferState.PAUSED, "auth")
        rig.queue.changed.publish(replace(job, link=rig.link("/report")))
        await rig.until(lambda: rig.only().state is TransferState.DONE)


async def test_the_signed_link_is_in_no_record_figure_or_file_name(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        rig.serve(StoredFile(DATA, cuts=[random.Random(1).randint(1, 60_000)]))
        await rig.settled(await rig.ready())
        assert "canary" not in repr(rig.saved) + repr(rig.figures) + repr(rig.left())


@pytest.mark.parametrize("hours", [-24, 24])
async def test_C02_a_link_without_an_end_is_as_young_as_it_is_whatever_the_clock_here_says(
    tmp_path: Path, hours: int
) -> None:
    async with Rig(tmp_path) as rig:
        rig.site_ahead = timedelta(hours=hours)
        rig.serve(StoredFile(csv_bytes(100)))
        record = await rig.settled(await rig.ready(life=None))
        assert (record.state, rig.queue.looks) == (TransferState.DONE, 0)
