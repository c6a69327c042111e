"""The store behind the links: signatures, ends, ranges, refusals, as strict as the strictest such host."""

from __future__ import annotations

import http.client
import json
import logging
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest

from sana_desktop.sandbox import faults
from sana_desktop.sandbox.links import LinkSigner
from sana_desktop.sandbox.server import SandboxServer, running_sandbox
from tests.support.sandbox_http import SEED_QUERY, Reply, SandboxClient, call, until


@pytest.fixture(scope="module")
def server() -> Iterator[SandboxServer]:
    with running_sandbox(rows=500, min_job_seconds=0.0) as running:
        yield running


@pytest.fixture
def client(server: SandboxServer) -> Iterator[SandboxClient]:
    yield SandboxClient(server)
    server.faults.clear()


@pytest.fixture
def link(client: SandboxClient) -> str:
    return client.link(SEED_QUERY)


def code_of(answer: Reply) -> str:
    assert answer.headers["content-type"] == "application/xml"
    return ElementTree.fromstring(answer.body).findtext("Code") or ""  # noqa: S314  our own server


def test_whole_object(link: str) -> None:
    answer = call("GET", link)
    assert answer.status == 200
    assert int(answer.headers["content-length"]) == len(answer.body)
    assert answer.headers["etag"].startswith('"')
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["content-disposition"] == 'attachment; filename="report.csv"'
    assert answer.headers["content-type"].startswith("text/csv")
    assert "date" in answer.headers
    assert "content-encoding" not in answer.headers


def test_head_is_get_without_a_body(link: str) -> None:
    head, get = call("HEAD", link), call("GET", link)
    assert head.body == b""
    names = set(get.headers) - {"date"}
    assert {name: head.headers[name] for name in names} == {name: get.headers[name] for name in names}


def test_one_range(link: str) -> None:
    whole = call("GET", link)
    size = len(whole.body)
    for header, start, stop in (("10-19", 10, 20), ("100-", 100, size), ("-7", size - 7, size)):
        part = call("GET", link, headers={"Range": f"bytes={header}", "If-Range": whole.headers["etag"]})
        assert part.status == 206
        assert part.body == whole.body[start:stop]
        assert part.headers["content-range"] == f"bytes {start}-{stop - 1}/{size}"
        assert part.headers["etag"] == whole.headers["etag"]


def test_ranges_that_are_not_served(link: str) -> None:
    size = len(call("GET", link).body)
    beyond = call("GET", link, headers={"Range": f"bytes={size}-"})
    assert (beyond.status, beyond.headers["content-range"]) == (416, f"bytes */{size}")
    assert code_of(beyond) == "InvalidRange"
    assert call("GET", link, headers={"Range": "bytes=0-1,3-4"}).status == 200
    assert call("GET", link, headers={"Range": "lines=0-1"}).status == 200
    assert call("GET", link, headers={"Range": "bytes=5-9", "If-Range": '"other"'}).status == 200


@pytest.mark.parametrize("name", ["Authorization", "Cookie", "X-API-KEY", "X-Anything", "Proxy-Authorization"])
def test_unwelcome_headers(link: str, name: str) -> None:
    answer = call("GET", link, headers={name: "secret"})
    assert answer.status == 400
    assert code_of(answer) == "InvalidArgument"
    assert b"secret" not in answer.body


def test_signatures(link: str) -> None:
    parts = urlsplit(link)
    bare = f"{parts.scheme}://{parts.netloc}{parts.path}"
    unsigned = call("GET", bare)
    assert (unsigned.status, code_of(unsigned)) == (403, "AccessDenied")
    forged = call("GET", link[:-1] + ("0" if link[-1] != "0" else "1"))
    assert (forged.status, code_of(forged)) == (403, "SignatureDoesNotMatch")
    longer = call("GET", link.replace("X-Sana-Expires=1", "X-Sana-Expires=9"))
    assert longer.status == 403
    other = call("GET", f"{bare.replace('report.csv', 'report.xlsx')}?{parts.query}")
    assert other.status == 403
    assert call("POST", link, "x").status == 405


def test_an_expired_link_is_403_and_a_new_poll_gives_a_fresh_one(client: SandboxClient, server: SandboxServer) -> None:
    server.add_fault(faults.LinkLife(ttl=0.6))
    job = client.submit(SEED_QUERY)
    old = client.finished(job)["data"]["link"]["url"]
    etag = call("GET", old).headers["etag"]
    until(lambda: call("HEAD", old).status == 403)
    gone = call("GET", old)
    assert (gone.status, code_of(gone)) == (403, "AccessDenied")
    assert b"Request has expired" in gone.body
    fresh = client.poll(job).json["data"]["link"]["url"]
    assert fresh != old
    assert urlsplit(fresh)[:3] == urlsplit(old)[:3]
    assert call("GET", fresh).headers["etag"] == etag
    assert client.poll(job).json["data"]["link"]["url"] == fresh


def test_a_missing_object_is_404(tmp_path: Path) -> None:
    with running_sandbox(rows=100, state_dir=tmp_path) as server:
        key = json.loads((tmp_path / "sandbox.json").read_text())["credentials"]["signing_key"]
        signer = LinkSigner(bytes.fromhex(key))
        ends = server.clock.true_ns() + 10**12
        store = server.add_object("there", 1).partition("/objects/")[0]
        for path in ("/reports/none/report.csv", "/objects/none", "/", "/a/b/c/d/e"):
            answer = call("GET", signer.url(store, path, ends))
            assert (answer.status, code_of(answer)) == (404, "NoSuchKey")
        failed = SandboxClient(server).submit("SELECT no_such_column")
        answer = call("GET", signer.url(store, f"/reports/{failed}/report.csv", ends))
        assert answer.status == 404


def test_a_link_of_an_object_ends_too(client: SandboxClient, server: SandboxServer) -> None:
    assert call("GET", server.add_object("there.csv", 10)).body == b"line,text_"
    assert call("GET", server.add_object("there.csv", 10, ttl=-1)).status == 403


def test_a_client_that_leaves_is_no_trouble(server: SandboxServer, caplog: pytest.LogCaptureFixture) -> None:
    url = server.add_object("long.csv", 50_000_000)
    parts = urlsplit(url)
    for _ in range(3):
        with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=20) as wire:
            wire.sendall(f"GET {parts.path}?{parts.query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert wire.recv(1000).startswith(b"HTTP/1.1 200")
    assert call("HEAD", url).status == 200
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


def test_objects_of_any_size(client: SandboxClient) -> None:
    for size in (0, 1, 64, 65, 1_048_576 + 64, 3_000_001):
        url = client.control("POST", "objects", {"name": f"{size}.csv", "size": size}).json["url"]
        body = call("GET", url).body
        assert len(body) == size
        blocks = [body[start : start + 64] for start in range(64, size, 1_048_576)]
        assert len(set(blocks)) == len(blocks)


def test_keep_alive_holds_over_files(server: SandboxServer, link: str) -> None:
    parts = urlsplit(link)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    try:
        bodies = []
        for _ in range(3):
            connection.request("GET", f"{parts.path}?{parts.query}")
            bodies.append(connection.getresponse().read())
        assert len(bodies[0]) > 1000
        assert bodies[0] == bodies[1] == bodies[2]
    finally:
        connection.close()
