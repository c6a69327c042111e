"""Faults on demand: each does what it says, once or as often as told, and is gone when cleared."""

from __future__ import annotations

import csv
import http.client
import io
import socket
import time
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

import openpyxl
import pytest

from sana_desktop.sandbox import faults
from sana_desktop.sandbox.server import SandboxServer, running_sandbox
from tests.support.sandbox_http import SEED_QUERY, Reply, SandboxClient, call, exchange, until


@pytest.fixture(scope="module")
def server() -> Iterator[SandboxServer]:
    with running_sandbox(rows=500, min_job_seconds=0.0) as running:
        yield running


@pytest.fixture
def client(server: SandboxServer) -> Iterator[SandboxClient]:
    yield SandboxClient(server)
    server.faults.clear()


@pytest.fixture
def job(client: SandboxClient) -> str:
    made = client.submit(SEED_QUERY)
    client.finished(made)
    return made


@pytest.fixture
def link(client: SandboxClient, job: str) -> str:
    return str(client.poll(job).json["data"]["link"]["url"])


# --- answers of the API ---------------------------------------------------------------------------------


def test_a_status_so_many_times(client: SandboxClient, server: SandboxServer, job: str) -> None:
    server.add_fault(faults.Reply(429, retry_after=7), "poll", times=2)
    server.add_fault(faults.Reply(401), "poll")
    answers = [client.poll(job) for _ in range(4)]
    assert [answer.status for answer in answers] == [429, 429, 401, 200]
    assert [answer.headers.get("retry-after") for answer in answers] == ["7", "7", None, None]
    assert answers[0].json["error"]["message"]


def test_retry_after_as_a_date(client: SandboxClient, server: SandboxServer, job: str) -> None:
    server.add_fault(faults.Reply(503, retry_after=90, retry_after_date=True), "api")
    answer = client.poll(job)
    wait = parsedate_to_datetime(answer.headers["retry-after"]) - parsedate_to_datetime(answer.headers["date"])
    assert 90 <= wait.total_seconds() <= 92


@pytest.mark.parametrize("status", [400, 401, 403, 404, 408, 429, 500, 502, 503, 504])
@pytest.mark.parametrize("route", ["token", "submit", "poll"])
def test_any_status_on_any_route(client: SandboxClient, server: SandboxServer, status: int, route: str) -> None:
    asked: dict[str, Callable[[], Reply]] = {
        "token": client.token,
        "submit": lambda: client.post({"query": "SELECT 1", "format": "csv"}),
        "poll": lambda: client.poll("x"),
    }
    server.add_fault(faults.Reply(status), route)  # type: ignore[arg-type]
    assert asked[route]().status == status
    assert asked[route]().status == (404 if route == "poll" else 200)


def test_bodies_that_are_no_answer(client: SandboxClient, server: SandboxServer, job: str) -> None:
    for kind in ("html", "empty", "truncated_json", "oversized_json", "deep_json"):
        server.add_fault(faults.Reply(200, body=kind, size=3_000_000), "poll")
    page, empty, cut, big, deep = (client.poll(job) for _ in range(5))
    assert page.headers["content-type"].startswith("text/html")
    assert page.body.startswith(b"<!DOCTYPE html>")
    assert empty.body == b""
    assert cut.body.startswith(b"{")
    with pytest.raises(ValueError, match="Unterminated"):
        _ = cut.json
    assert len(big.body) > 3_000_000
    assert deep.body[:3] == b"[[["


def test_the_answer_of_a_submit_is_lost_but_the_job_is_there(client: SandboxClient, server: SandboxServer) -> None:
    server.add_fault(faults.LoseAnswer(), "submit")
    server.requests.clear()
    with pytest.raises(http.client.RemoteDisconnected):
        client.submit("SELECT 42")
    assert server.requests.counts() == {"POST /api/v1/reports/query": 1}
    until(lambda: "SELECT 42" in server.job_queries())


def test_the_answer_is_cut_in_its_middle_or_reset(client: SandboxClient, server: SandboxServer, job: str) -> None:
    server.add_fault(faults.LoseAnswer(after_bytes=10), "poll")
    with pytest.raises(http.client.IncompleteRead) as cut:
        client.poll(job)
    assert cut.value.partial == b'{"data":{"'
    server.add_fault(faults.LoseAnswer(act=False, reset=True), "submit")
    before = len(server.job_queries())
    with pytest.raises(OSError):  # noqa: PT011  a reset or an early end, as the machine's stack has it
        client.submit("SELECT 1")
    assert len(server.job_queries()) == before


def test_no_answer_at_all(client: SandboxClient, server: SandboxServer, job: str) -> None:
    server.add_fault(faults.Hang(), "poll")
    host = client.url.removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=0.2)
    connection.request("GET", f"/api/v1/reports/jobs/{job}", headers=client.headers)
    with pytest.raises(TimeoutError):
        connection.getresponse()
    connection.close()
    assert client.poll(job).status == 200


def test_delays_and_drips(client: SandboxClient, server: SandboxServer, job: str) -> None:
    server.add_fault(faults.Delay(0.2), "poll")
    begun = time.monotonic()
    assert client.poll(job).status == 200
    assert time.monotonic() - begun >= 0.2
    server.add_fault(faults.DripAnswer(every=0.01, size=20), "poll")
    begun = time.monotonic()
    assert client.poll(job).json["data"]["jobId"] == job
    assert time.monotonic() - begun >= 0.1


def test_redirects_headers_and_changed_fields(client: SandboxClient, server: SandboxServer, job: str) -> None:
    server.add_fault(faults.Redirect("http://elsewhere.example/x"), "poll")
    answer = client.poll(job)
    assert (answer.status, answer.headers["location"]) == (302, "http://elsewhere.example/x")

    server.add_fault(faults.Headers(set={"X-Filler": "y" * 30_000}, remove=("Date",)), "poll")
    answer = client.poll(job)
    assert "date" not in answer.headers
    assert len(answer.headers["x-filler"]) == 30_000

    server.add_fault(faults.Patch(data={"jobId": "other"}, link={"expiresAt": 12}, remove=("createdAt",)), "poll")
    data = client.poll(job).json["data"]
    assert data["jobId"] == "other"
    assert data["link"]["expiresAt"] == 12
    assert data["link"]["url"]
    assert "createdAt" not in data
    assert client.poll(job).json["data"]["jobId"] == job


# --- jobs -----------------------------------------------------------------------------------------------


def test_slow_job_by_comment(client: SandboxClient) -> None:
    begun = time.monotonic()
    done = client.finished(client.submit("-- sandbox: slow 0.4\nSELECT 1"))
    assert time.monotonic() - begun >= 0.4
    stamps = [datetime.fromisoformat(done["data"][name]) for name in ("createdAt", "finishedAt")]
    assert (stamps[1] - stamps[0]).total_seconds() == pytest.approx(0.4, abs=0.001)


def test_failed_job(client: SandboxClient, server: SandboxServer) -> None:
    done = client.finished(client.submit("-- sandbox: fail The warehouse is closed.\nSELECT 1"))
    assert (done["data"]["status"], done["data"]["link"]) == ("failed", None)
    assert done["error"]["message"] == "The warehouse is closed."
    server.add_fault(faults.Fail("<b>" * 10, word="error"))
    assert client.finished(client.submit("SELECT 1"))["data"]["status"] == "error"


def test_words_nobody_has_seen(client: SandboxClient, server: SandboxServer) -> None:
    job = client.submit("-- sandbox: slow 0.3; running executing\nSELECT 1")
    words: list[str] = []

    def ended() -> bool:
        words.append(client.poll(job).json["data"]["status"])
        return words[-1] == "successful"

    until(ended)
    assert [word for word in ("pending", "executing", "successful") if word in words] == list(dict.fromkeys(words))

    odd = client.finished(client.submit("/* sandbox: status marinating */ SELECT 1"))
    assert (odd["data"]["status"], odd["data"]["link"]) == ("marinating", None)
    server.add_fault(faults.Word(done="completed"))
    other = client.finished(client.submit("SELECT 1"))["data"]
    assert (other["status"], bool(other["link"])) == ("completed", True)


def test_successful_without_a_link(client: SandboxClient) -> None:
    job = client.submit("-- sandbox: nolink 2\nSELECT 1")
    first = client.finished(job)["data"]
    assert (first["status"], first["link"]) == ("successful", None)
    assert client.poll(job).json["data"]["link"] is None
    assert client.poll(job).json["data"]["link"] is not None


def test_dead_links(client: SandboxClient) -> None:
    job = client.submit("-- sandbox: dead\nSELECT 1")
    links = {client.finished(job)["data"]["link"]["url"] for _ in range(3)}
    assert len(links) == 1
    assert call("GET", links.pop()).status == 403
    claimed = client.poll(job).json["data"]["link"]["expiresAt"]
    assert datetime.fromisoformat(claimed[:26]).replace(tzinfo=UTC) > datetime.now(UTC)

    other = client.submit("-- sandbox: expired\nSELECT 1")
    first = client.finished(other)["data"]["link"]["url"]
    assert call("GET", first).status == 403
    assert call("GET", client.poll(other).json["data"]["link"]["url"]).status == 200


def test_reports_of_any_size(client: SandboxClient) -> None:
    body = client.report("-- sandbox: size 5e6\nSELECT 1")
    assert len(body) == 5_000_000
    assert len(next(csv.reader(io.StringIO(body[:64].decode())))) == 2


def test_a_comment_that_is_not_understood_is_a_400(client: SandboxClient) -> None:
    for note in ("slow", "slow x", "explode", "cut", "cut 5 sideways"):
        answer = client.post({"query": f"-- sandbox: {note}\nSELECT 1", "format": "csv"})
        assert answer.status == 400
        assert "sandbox" in answer.json["error"]["message"]


# --- downloads ------------------------------------------------------------------------------------------


def test_cut_at_a_byte_then_resumed(client: SandboxClient) -> None:
    link = client.link("-- sandbox: cut 1000\n" + SEED_QUERY)
    with pytest.raises(http.client.IncompleteRead) as cut:
        call("GET", link)
    assert len(cut.value.partial) == 1000
    rest = call("GET", link, headers={"Range": "bytes=1000-"})
    assert rest.status == 206
    assert cut.value.partial + rest.body == call("GET", link).body


def test_cut_chunked_and_cut_without_length(client: SandboxClient) -> None:
    chunked = exchange(client.link("-- sandbox: cut 500 chunked\n" + SEED_QUERY))
    assert b"chunked" in chunked
    assert not chunked.endswith(b"0\r\n\r\n")
    head, _, body = exchange(client.link("-- sandbox: cut 500 nolength\n" + SEED_QUERY)).partition(b"\r\n\r\n")
    assert b"ength" not in head.replace(b"Content-Disposition", b"")
    assert b"chunked" not in head
    assert len(body) == 500


@pytest.mark.parametrize(("how", "difference"), [("longer", 64), ("shorter", -64)])
def test_lengths_that_lie(server: SandboxServer, client: SandboxClient, link: str, how: str, difference: int) -> None:
    server.add_fault(faults.Framing(how))  # type: ignore[arg-type]
    head, _, body = exchange(link).partition(b"\r\n\r\n")
    declared = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
    assert len(body) - declared == difference


def test_framings_that_are_whole(server: SandboxServer, client: SandboxClient, link: str) -> None:
    whole = call("GET", link).body
    server.add_fault(faults.Framing("chunked"))
    answer = call("GET", link)
    assert answer.body == whole
    assert "content-length" not in answer.headers
    server.add_fault(faults.Framing("close"))
    assert call("GET", link).body == whole


def test_a_body_without_end(server: SandboxServer, link: str) -> None:
    size = len(call("GET", link).body)
    server.add_fault(faults.Framing("endless"))
    parts = urlsplit(link)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    connection.request("GET", f"{parts.path}?{parts.query}")
    answer = connection.getresponse()
    assert len(answer.read(size + 1_000_000)) == size + 1_000_000
    answer.close()
    connection.close()
    assert call("GET", link).status == 200


def test_idle_connections_end(server: SandboxServer) -> None:
    with running_sandbox(rows=100, keep_alive=0.1) as impatient:
        host, _, port = impatient.describe()["insights_url"].removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port)), timeout=20) as wire:
            wire.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            received = b""
            while part := wire.recv(4096):
                received += part
        assert received.startswith(b"HTTP/1.1 404")


def test_web_pages_have_no_say(client: SandboxClient) -> None:
    answer = call("DELETE", f"{client.url}/_sandbox/faults", headers={"Origin": "http://evil.example"})
    assert answer.status == 403


def test_a_reset_in_the_middle(server: SandboxServer, link: str) -> None:
    server.add_fault(faults.Cut(100, reset=True))
    assert len(exchange(link).partition(b"\r\n\r\n")[2]) <= 100


def test_pace(server: SandboxServer, link: str) -> None:
    size = len(call("GET", link).body)
    server.add_fault(faults.Pace(size / 0.4))
    begun = time.monotonic()
    assert len(call("GET", link).body) == size
    assert time.monotonic() - begun >= 0.35


def test_ranges_misunderstood(server: SandboxServer, link: str) -> None:
    whole = call("GET", link)
    asked = {"Range": "bytes=100-"}
    for how in ("ignored", "wrong_start", "wrong_total", "multipart"):
        server.add_fault(faults.Range(how))
    ignored, start, total, multipart = (call("GET", link, headers=asked) for _ in range(4))
    assert (ignored.status, ignored.body) == (200, whole.body)
    assert start.headers["content-range"].startswith("bytes 50-")
    assert start.body == whole.body[50:]
    assert total.headers["content-range"].endswith(f"/{len(whole.body) + 1000}")
    assert multipart.headers["content-type"].startswith("multipart/byteranges")
    assert whole.body[100:] in multipart.body
    server.add_fault(faults.Range("unasked"))
    unasked = call("GET", link)
    assert (unasked.status, unasked.body) == (206, whole.body)


def test_416_on_demand(server: SandboxServer, link: str) -> None:
    size = len(call("GET", link).body)
    for how in ("right", "smaller", "bare"):
        server.add_fault(faults.Unsatisfied(how))
    answers = [call("GET", link, headers={"Range": "bytes=5-"}) for _ in range(3)]
    assert [answer.status for answer in answers] == [416, 416, 416]
    assert [a.headers.get("content-range") for a in answers] == [f"bytes */{size}", f"bytes */{size // 2}", None]


def test_etags_missing_weak_and_of_another_object(server: SandboxServer, link: str) -> None:
    whole = call("GET", link)
    server.add_fault(faults.Etag("missing"))
    server.add_fault(faults.Etag("weak"))
    assert "etag" not in call("GET", link).headers
    assert call("GET", link).headers["etag"] == f"W/{whole.headers['etag']}"

    server.add_fault(faults.Changed(), times=3)
    resumed = {"Range": "bytes=100-", "If-Range": whole.headers["etag"]}
    other = call("GET", link, headers=resumed)
    assert other.status == 200
    assert other.headers["etag"] != whole.headers["etag"]
    assert len(other.body) == len(whole.body)
    assert other.body[:200] != whole.body[:200]
    server.add_fault(faults.Range("ignores_if_range"))
    mixed = call("GET", link, headers=resumed)
    assert (mixed.status, mixed.body) == (206, other.body[100:])
    assert call("GET", link).body == other.body
    assert call("GET", link).body == whole.body


def test_a_changed_sheet_is_still_a_sheet(client: SandboxClient, server: SandboxServer) -> None:
    link = client.link(SEED_QUERY, "xlsx")
    whole = call("GET", link).body
    server.add_fault(faults.Changed())
    changed = call("GET", link).body
    assert changed != whole
    book = openpyxl.load_workbook(io.BytesIO(changed), read_only=True)
    assert book.worksheets[0].max_row == 501
    book.close()


def test_gzip_though_nobody_asked(server: SandboxServer, link: str) -> None:
    whole = call("GET", link).body
    server.add_fault(faults.Gzip())
    answer = call("GET", link)
    assert answer.headers["content-encoding"] == "gzip"
    assert zlib.decompress(answer.body, wbits=31) == whole
    server.add_fault(faults.Gzip(bomb=20_000_000))
    bomb = call("GET", link).body
    assert len(bomb) < 40_000
    assert len(zlib.decompress(bomb, wbits=31)) == 20_000_000


def test_other_things_than_the_file(server: SandboxServer, link: str) -> None:
    server.add_fault(faults.Page())
    server.add_fault(faults.StoreError(503, "SlowDown", "Please reduce your request rate.", retry_after=3), skip=1)
    server.add_fault(faults.StoreRedirect("http://elsewhere.example/"), skip=2)
    server.add_fault(faults.StoreHeaders({"Set-Cookie": "a=b", "Content-MD5": "AAAA"}), skip=3)
    page, slow, moved, extra = (call("GET", link) for _ in range(4))
    assert page.headers["content-type"].startswith("text/html")
    assert (slow.status, slow.headers["retry-after"]) == (503, "3")
    assert b"<Code>SlowDown</Code>" in slow.body
    assert (moved.status, moved.headers["location"]) == (302, "http://elsewhere.example/")
    assert (extra.headers["set-cookie"], extra.headers["content-md5"]) == ("a=b", "AAAA")


# --- rules ----------------------------------------------------------------------------------------------


def test_rules_over_http(client: SandboxClient, job: str) -> None:
    script = [
        {"fault": "reply", "on": "poll", "times": 2, "skip": 1, "status": 502},
        {"fault": "cut", "at": 3, "times": None},
    ]
    assert client.control("POST", "faults", script).status == 200
    assert [client.poll(job).status for _ in range(4)] == [200, 502, 502, 200]
    link = client.poll(job).json["data"]["link"]["url"]
    for _ in range(2):
        with pytest.raises(http.client.IncompleteRead):
            call("GET", link)
    assert client.control("DELETE", "faults").json == {"faults": []}
    assert call("GET", link).status == 200


def test_clock_and_tokens_over_http(client: SandboxClient, server: SandboxServer) -> None:
    assert client.control("POST", "clock", {"offset_seconds": -7200}).status == 200
    told = parsedate_to_datetime(client.poll("x").headers["date"])
    assert (datetime.now(UTC) - told).total_seconds() == pytest.approx(7200, abs=5)
    assert client.control("POST", "clock", {"offset_seconds": 0}).status == 200
    issued = {"Authorization": f"Bearer {client.token().json['data']['accessToken']}"}
    url = f"{client.url}/api/v1/reports/jobs/x"
    assert call("GET", url, headers=issued).status == 404
    assert client.control("DELETE", "tokens").status == 200
    assert call("GET", url, headers=issued).status == 401
    assert client.poll("x").status == 404
    for path, content in (("clock", {"offset_seconds": "x"}), ("objects", {"size": 3}), ("objects", {"name": "a"})):
        assert client.control("POST", path, content).status == 400


@pytest.mark.parametrize(
    "script",
    [
        {"fault": "unheard_of"},
        {"fault": "reply", "status": "x"},
        {"fault": "reply", "colour": "red"},
        {"fault": "cut", "on": "poll", "at": 1},
        {"fault": "reply", "on": "download"},
        "text",
        [1],
    ],
)
def test_bad_scripts_are_refused(client: SandboxClient, script: object) -> None:
    answer = client.control("POST", "faults", script)
    assert answer.status == 400
    assert answer.json["error"]


def test_a_rule_for_one_job_only(client: SandboxClient, server: SandboxServer, job: str) -> None:
    server.add_fault(faults.Reply(500), "poll", times=None, job=job)
    other = client.submit("SELECT 1")
    assert (client.poll(job).status, client.poll(other).status) == (500, 200)


def test_nothing_is_left_on_disk(tmp_path: Path) -> None:
    with running_sandbox(rows=100, min_job_seconds=0.0) as short:
        SandboxClient(short).report("SELECT 1")
        folder = short.folder
        assert folder.exists()
    assert not folder.exists()
