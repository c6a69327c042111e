"""The sandbox as a process: its one line, its end, its memory between runs."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from sana_desktop.sandbox.server import LASTING_PORTS, running_sandbox
from sana_desktop.sandbox.wire import PortTaken
from tests.support.hostile_sql import BIG
from tests.support.sandbox_http import SEED_QUERY, SandboxClient, call, until

pytestmark = pytest.mark.no_cover  # the other tests of the sandbox see the same lines in their own process

COMMAND = [sys.executable, "-m", "sana_desktop.sandbox", "--rows", "200"]
PATIENCE_SECONDS = 30


@contextmanager
def process(tmp_path: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    scratch = tmp_path / "scratch"
    scratch.mkdir(exist_ok=True)
    child = subprocess.Popen(
        [*COMMAND, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(scratch), "TEMP": str(scratch), "TMP": str(scratch)},
    )
    try:
        yield child
    finally:
        child.kill()
        child.wait(PATIENCE_SECONDS)
        for pipe in (child.stdin, child.stdout, child.stderr):
            if pipe is not None:
                pipe.close()


def announced(child: subprocess.Popen[str]) -> dict[str, str]:
    assert child.stdout is not None
    described = json.loads(child.stdout.readline())
    assert isinstance(described, dict)
    return described


def children_of(pid: int) -> list[int]:
    """Empty where the platform has no such file."""
    found = [path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    return [int(child) for children in found for child in children.split()]


def is_alive(pid: int) -> bool:
    """A zombie that nobody collects is none."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


@pytest.mark.skipif(os.name == "nt", reason="there are no such signals to send on Windows")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_one_line_then_it_serves_then_it_ends(tmp_path: Path, number: signal.Signals) -> None:
    with process(tmp_path) as child:
        described = announced(child)
        assert described.keys() == {
            "insights_url",
            "practice_url",
            "client_id",
            "client_secret",
            "token",
            "api_key",
        }
        client = SandboxClient.of(described)
        assert client.token().status == 200
        assert client.report("SELECT 1 AS x") == b"x\n1\n"
        child.send_signal(number)
        out, err = child.communicate(timeout=PATIENCE_SECONDS)
        assert (child.returncode, out, err) == (0, "", "")
    assert list((tmp_path / "scratch").iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="there are no such signals to send on Windows")
@pytest.mark.parametrize(
    ("number", "orders"),
    [
        ("SIGTERM", [f"SELECT {n}, levenshtein(t, t) FROM {BIG}" for n in range(4)]),
        ("SIGINT", [f"-- sandbox: size 4e9\nSELECT {n}" for n in range(2)]),
    ],
    ids=["queries that nothing interrupts", "files that take long"],
)
def test_it_ends_within_two_seconds_whatever_runs(tmp_path: Path, number: str, orders: list[str]) -> None:
    with process(tmp_path) as child:
        client = SandboxClient.of(announced(child))
        for order in orders:
            client.submit(order)
        until(lambda: len(list((tmp_path / "scratch").glob("*/reports/*.csv"))) == 2)
        helpers = children_of(child.pid)
        begun = time.monotonic()
        child.send_signal(signal.Signals[number])
        assert child.wait(PATIENCE_SECONDS) == 0
        assert time.monotonic() - begun < 2.0
    assert list((tmp_path / "scratch").iterdir()) == []
    until(lambda: not any(is_alive(helper) for helper in helpers))


@pytest.mark.skipif(os.name == "nt", reason="there are no such signals to send on Windows")
def test_it_ends_within_two_seconds_while_it_makes_its_data(tmp_path: Path) -> None:
    with process(tmp_path, "--rows", "5000000") as child:
        until(lambda: bool(list((tmp_path / "scratch").glob("*/company.duckdb"))))
        begun = time.monotonic()
        child.send_signal(signal.SIGTERM)
        out, err = child.communicate(timeout=PATIENCE_SECONDS)
        assert time.monotonic() - begun < 2.0
        assert (child.returncode, out, err) == (0, "", "")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the children of a process in a file")
def test_no_helper_outlives_a_kill(tmp_path: Path) -> None:
    with process(tmp_path) as child:
        client = SandboxClient.of(announced(child))
        client.submit(f"SELECT levenshtein(t, t) FROM {BIG}")
        until(lambda: bool(list((tmp_path / "scratch").glob("*/reports/*.csv"))))
        helpers = children_of(child.pid)
        assert helpers
        child.kill()
        child.wait(PATIENCE_SECONDS)
        until(lambda: not any(is_alive(helper) for helper in helpers))


def test_it_ends_in_the_middle_of_everything(tmp_path: Path) -> None:
    with process(tmp_path, "--until-eof") as child:
        client = SandboxClient.of(announced(child))
        client.submit("SELECT count(*) FROM range(1000000000000)")
        client.control("POST", "faults", {"fault": "hang", "on": "poll", "times": None})
        host, _, port = client.url.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port)), timeout=PATIENCE_SECONDS) as idle:
            idle.sendall(b"GET /api/v1/reports/jobs/x HTTP/1.1\r\nHost: x\r\n\r\n")
            assert child.stdin is not None
            child.stdin.close()
            assert child.wait(PATIENCE_SECONDS) == 0
    assert list((tmp_path / "scratch").iterdir()) == []


def test_a_taken_port_is_said_plainly(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with process(tmp_path, "--port", str(port)) as child:
            _, err = child.communicate(timeout=PATIENCE_SECONDS)
            assert child.returncode == 2
            assert f"port {port} on 127.0.0.1 is in use" in err
            assert "Traceback" not in err
        with pytest.raises(PortTaken), running_sandbox(rows=100, port=port):
            pass
    assert list((tmp_path / "scratch").iterdir()) == []


def test_a_state_folder_survives_a_kill(tmp_path: Path) -> None:
    state = tmp_path / "state"
    slow = "-- sandbox: slow 0.8\nSELECT name FROM analytics.users ORDER BY name"
    with process(tmp_path, "--state-dir", str(state)) as child:
        first = announced(child)
        client = SandboxClient.of(first)
        # Not of those that a neighbour may be handed between the kill and the start.
        assert urlsplit(client.url).port in LASTING_PORTS
        done = client.finished(client.submit(SEED_QUERY))
        issued = client.token().json["data"]["accessToken"]
        whole = call("GET", done["data"]["link"]["url"])
        assert urlsplit(done["data"]["link"]["url"]).port in LASTING_PORTS
        under_way = client.submit(slow)
        child.kill()
        child.wait(PATIENCE_SECONDS)
    with process(tmp_path, "--state-dir", str(state)) as child:
        again = announced(child)
        assert again == first
        assert len(list((state / "work").iterdir())) == 1
        client = SandboxClient.of(again)
        answer = client.poll(done["data"]["jobId"]).json["data"]
        assert answer["status"] == "successful"
        for name in ("createdAt", "startedAt", "finishedAt"):
            assert answer[name] == done["data"][name]
        # The old link, the fresh link and the bytes behind them are what they were.
        for url in (done["data"]["link"]["url"], answer["link"]["url"]):
            report = call("GET", url)
            assert (report.body, report.headers["etag"]) == (whole.body, whole.headers["etag"])
        assert (
            call("GET", client.url + "/api/v1/reports/jobs/x", headers={"Authorization": f"Bearer {issued}"}).status
            == 404
        )
        later = client.finished(under_way)["data"]
        assert call("GET", later["link"]["url"]).body.startswith(b"name\n")
    if os.name != "nt":
        assert (state / "sandbox.json").stat().st_mode & 0o077 == 0
        assert state.stat().st_mode & 0o077 == 0


def test_a_lasting_port_that_was_taken_meanwhile_is_replaced_by_another_lasting_one(tmp_path: Path) -> None:
    with running_sandbox(rows=100, state_dir=tmp_path) as server:
        port = urlsplit(server.describe()["insights_url"]).port
    with (
        socket.create_server(("127.0.0.1", port or 0)),
        running_sandbox(rows=100, state_dir=tmp_path) as server,
    ):
        again = urlsplit(server.describe()["insights_url"]).port
    assert again != port
    assert again in LASTING_PORTS


def test_a_torn_record_is_survived(tmp_path: Path) -> None:
    (tmp_path / "jobs.jsonl").write_text(
        '{"id": "a", "query": "SELECT 1", "format": "csv", "created": 5}\n{"id": "b", "que'
    )
    (tmp_path / "sandbox.json").write_text("{")
    with running_sandbox(rows=100, state_dir=tmp_path) as server:
        client = SandboxClient(server)
        assert client.finished("a")["data"]["status"] == "successful"
        assert client.poll("b").status == 404


def test_a_thousand_watched_jobs_cost_one_run() -> None:
    with running_sandbox(rows=100, min_job_seconds=0.0) as server:
        client = SandboxClient(server)
        jobs: list[str] = []

        def order() -> None:
            jobs.extend(client.submit(SEED_QUERY) for _ in range(50))

        threads = [threading.Thread(target=order) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(set(jobs)) == 200
        etags = {call("HEAD", client.finished(job)["data"]["link"]["url"]).headers["etag"] for job in jobs[:20]}
        assert len(etags) == 1
        assert len(list((server.folder / "reports").iterdir())) == 1
