"""`export` as scripts see it: every exit code and kind of BEHAVIOUR.md, its object, its counts, its streams.

Most of it runs in this process, from the arguments to the exit code; what a process alone shows has one of its own.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sana_desktop.sandbox import faults
from sana_desktop.sandbox.server import SandboxServer, running_sandbox
from tests.support.export_command import SQL, Ended, ExportBench, ThisProcess, interrupt, read_until, sha256
from tests.support.sandbox_http import SandboxClient

KEYS = {
    "ok", "job_id", "status", "path", "bytes", "sha256", "rows", "columns", "submitted_at", "finished_at",
    "link_expires_at", "counts",
}  # fmt: skip
ENDED_SECONDS = 15.0
"""On a busy machine too, and far less than what is ended would have gone on for."""
ON_POSIX = pytest.mark.skipif(os.name == "nt", reason="there are no such signals to send on Windows")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxServer]:
    with running_sandbox(rows=2_000, min_job_seconds=0.1) as server:
        yield server


@pytest.fixture
def bench(
    sandbox: SandboxServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> Iterator[ExportBench]:
    folder = tmp_path / "work"
    folder.mkdir()
    sandbox.faults.clear()
    sandbox.requests.clear()
    bench = ExportBench(sandbox, folder, tmp_path / "home", here=ThisProcess(monkeypatch, capsysbinary))
    yield bench
    bench.check_store()


def asked(bench: ExportBench, method: str, start: str, origin: str = "api") -> int:
    """Requests in the sandbox's log."""
    records = bench.server.requests.records()
    return sum(r.method == method and r.path.startswith(start) and r.origin == origin for r in records)


def check_counts(bench: ExportBench, ended: Ended) -> None:
    counts = ended.answer["counts"]
    assert counts["submits"] == asked(bench, "POST", "/api/v1/reports/query")
    assert counts["polls"] == asked(bench, "GET", "/api/v1/reports/jobs/")
    assert counts["downloads"] == asked(bench, "GET", "/", "store")
    ranged = [r for r in bench.server.requests.records() if r.origin == "store" and r.range]
    assert counts["resumes"] == len(ranged)


def failed(bench: ExportBench, ended: Ended, code: int, kind: str) -> None:
    """It ended as it must, and left nothing beside where the file would be."""
    assert (ended.code, ended.kind) == (code, kind), ended
    assert bench.files() == []
    assert "Traceback" not in ended.err


# -- 0


def test_0_the_object_tells_what_happened(bench: ExportBench) -> None:
    began = datetime.now(UTC)
    ended = bench.run("--sql", bench.sql(), "--out", "report.csv", "--json")
    assert ended.code == 0, ended
    answer = ended.answer
    assert answer.keys() == KEYS
    whole = SandboxClient(bench.server).report(bench.sql())
    file = bench.folder / "report.csv"
    assert file.read_bytes() == whole
    assert answer["path"] == str(file)
    assert answer["bytes"] == len(whole)
    assert answer["sha256"] == hashlib.sha256(whole).hexdigest()
    assert answer["rows"] == whole.count(b"\n") - 1
    assert answer["columns"] == whole.split(b"\n", 1)[0].count(b",") + 1
    assert answer["status"] == "successful"
    assert answer["ok"] is True
    times = [datetime.fromisoformat(answer[name]) for name in ("submitted_at", "finished_at", "link_expires_at")]
    assert [moment.utcoffset() for moment in times] == [UTC.utcoffset(None)] * 3
    assert began < times[0] < times[1] < times[2]
    assert answer["counts"] | {"polls": 0} == {"submits": 1, "polls": 0, "downloads": 1, "resumes": 0}
    assert bench.files() == ["report.csv"]


def test_a_process_of_its_own_says_the_same(bench: ExportBench) -> None:
    bench.here = None
    ended = bench.run("--sql", bench.sql(), "--out", "report.csv", "--json", "--quiet")
    assert (ended.code, ended.err) == (0, ""), ended
    assert ended.answer.keys() == KEYS
    assert sha256(bench.folder / "report.csv") == ended.answer["sha256"]
    check_counts(bench, ended)
    ended = bench.run("--sql", "DROP TABLE users", "--out", "other.csv", "--json")
    assert (ended.code, ended.kind) == (4, "query"), ended
    ended = bench.run("--sql", "SELECT 1", "--format", "pdf")
    assert (ended.code, ended.out) == (2, b""), ended
    assert "Traceback" not in ended.err
    assert bench.files() == ["report.csv"]


@pytest.mark.parametrize("cut", [5_000, 300_000])
def test_0_counts_agree_with_the_servers_log(bench: ExportBench, cut: int) -> None:
    bench.server.add_fault(faults.Slow(0.8), "job")
    bench.server.add_fault(faults.Cut(cut), "download")
    ended = bench.run("--sql", bench.sql(), "--out", "report.csv", "--json")
    assert ended.code == 0, ended
    assert (ended.answer["counts"]["downloads"], ended.answer["counts"]["resumes"]) == (2, 1)
    check_counts(bench, ended)
    assert sha256(bench.folder / "report.csv") == ended.answer["sha256"]


def test_0_l17_a_short_report_with_something_behind_its_end_comes_at_once(bench: ExportBench) -> None:
    bench.server.add_fault(faults.Framing("longer"), "download", times=None)
    ended = bench.run("--sql", "SELECT 1 AS x", "--out", "report.csv", "--json", "--quiet")
    assert (ended.code, ended.answer["counts"]["downloads"]) == (0, 1), ended
    assert (bench.folder / "report.csv").read_bytes() == b"x\n1\n"


def test_0_l18_a_body_without_a_length_is_whole_only_once_the_site_said_so(bench: ExportBench) -> None:
    bench.server.add_fault(faults.Etag("missing"), "download", times=None)
    bench.server.add_fault(faults.Framing("close"), "download", times=None)
    bench.server.add_fault(faults.Cut(50_000), "download")
    ended = bench.run("--sql", bench.sql(), "--out", "report.csv", "--json", "--quiet")
    assert (ended.code, ended.answer["counts"]["downloads"]) == (0, 4), ended  # each with its look past the end
    assert (bench.folder / "report.csv").read_bytes() == SandboxClient(bench.server).report(bench.sql())


def test_5_l18_what_may_be_cut_is_not_put_in_place(bench: ExportBench) -> None:
    for fault in (faults.Etag("missing"), faults.Framing("close"), faults.Range("ignored")):
        bench.server.add_fault(fault, "download", times=None)
    file = bench.folder / "report.csv"
    file.write_text("mine")
    ended = bench.run("--sql", bench.sql(), "--out", "report.csv", "--overwrite", "--json", "--quiet")
    assert (ended.code, ended.kind) == (5, "network"), ended
    assert "may be cut" in ended.message
    assert file.read_text() == "mine"
    assert bench.files() == ["report.csv"]


def test_0_rows_are_counted_as_a_csv_reader_does(bench: ExportBench) -> None:
    query = "SELECT 'one' || chr(10) || 'two' AS note, range AS n FROM range(7)"
    ended = bench.run("--sql", query, "--out", "report.csv", "--json", "--quiet")
    assert (ended.answer["rows"], ended.answer["columns"]) == (7, 2)
    assert ended.err == ""


def test_0_a_cell_may_hold_any_character(bench: ExportBench) -> None:
    query = "SELECT 'x' || chr(0) || 'y' AS note, range AS n FROM range(3)"
    ended = bench.run("--sql", query, "--out", "report.csv", "--json", "--quiet")
    assert (ended.code, ended.answer["rows"], ended.answer["columns"]) == (0, 3, 2), ended
    assert b"x\0y" in (bench.folder / "report.csv").read_bytes()


def test_0_plain_output_is_the_path_alone_with_a_name_of_its_own(bench: ExportBench) -> None:
    ended = bench.run("--sql", "SELECT 1 AS x", "--format", "xlsx")
    assert ended.code == 0, ended
    path = Path(ended.out.decode().removesuffix("\n"))
    assert path.parent == bench.folder
    assert bench.files() == [path.name]
    assert path.suffix == ".xlsx"
    # B5: the file and the site's job can be matched, as in the window.
    with contextlib.closing(sqlite3.connect(next(bench.home.rglob("sana.db")))) as store:
        (number,) = store.execute("SELECT job_id FROM jobs").fetchone()
    assert path.stem.endswith("_" + re.sub("[^A-Za-z0-9]", "", number)[:8])
    lines = ended.err.splitlines()
    assert lines[0] == "Ordering the report."
    assert lines[-1].startswith("Complete: ")
    assert "\r" not in ended.err


def test_0_polls_survive_429_503_500_and_a_torn_answer(bench: ExportBench) -> None:
    add = bench.server.add_fault
    add(faults.Slow(2.0), "job")
    add(faults.Reply(429, retry_after=0.5), "poll")
    add(faults.Reply(503, retry_after=0.2), "poll")
    add(faults.Reply(500), "poll")
    ended = bench.run("--sql", bench.sql(), "--out", "report.csv", "--json", "--quiet")
    assert ended.code == 0, ended
    check_counts(bench, ended)


def test_0_s09_a_submit_told_to_wait_is_sent_again_and_makes_one_job(bench: ExportBench) -> None:
    bench.server.add_fault(faults.Reply(429, retry_after=0.2), "submit", times=2)
    ended = bench.run("--sql", bench.sql(), "--out", "report.csv", "--json", "--quiet")
    assert (ended.code, bench.submits) == (0, 1), ended
    check_counts(bench, ended)


def test_0_l21_an_expired_link_is_renewed(bench: ExportBench) -> None:
    ended = bench.run("--sql", bench.sql("expired"), "--out", "report.csv", "--json", "--quiet")
    assert (ended.code, bench.submits) == (0, 1), ended
    whole = SandboxClient(bench.server).report(bench.sql())
    assert ended.answer["sha256"] == hashlib.sha256(whole).hexdigest()
    assert ended.answer["counts"]["downloads"] >= 1


def test_0_a_client_signs_in_by_itself(bench: ExportBench) -> None:
    described = bench.server.describe()
    client = {"SANA_CLIENT_ID": described["client_id"], "SANA_CLIENT_SECRET": described["client_secret"]}
    ended = bench.run(
        "--sql", bench.sql(), "--out", "report.csv", "--json", "--quiet", environ={**client, "SANA_TOKEN": ""}
    )
    assert ended.code == 0, ended
    assert asked(bench, "POST", "/api/token") == 1


def test_0_an_order_that_never_left_is_not_counted(bench: ExportBench) -> None:
    bench.server.add_fault(faults.Reply(200, body="html"), "token")
    described = bench.server.describe()
    client = {"SANA_CLIENT_ID": described["client_id"], "SANA_CLIENT_SECRET": described["client_secret"]}
    ended = bench.run("--sql", "SELECT 1 AS x", "--out", "report.csv", "--json", environ={**client, "SANA_TOKEN": ""})
    assert ended.code == 0, ended
    assert (asked(bench, "POST", "/api/token"), ended.answer["counts"]["submits"]) == (2, 1)
    check_counts(bench, ended)


# -- 2


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (["--sql", "SELECT 1", "--format", "pdf"], "pdf"),
        (["--sql-file", "missing.sql"], "--sql-file"),
        (["--sql", "SELECT 1", "--profile", "nobody", "--out", "x.csv"], "nobody"),
    ],
)
def test_2_what_is_unusable_is_named(bench: ExportBench, arguments: list[str], names: str) -> None:
    ended = bench.run(*arguments, "--json")
    failed(bench, ended, 2, "usage")
    assert names in ended.message
    assert bench.server.requests.records() == ()


def test_2_no_site_is_named_anywhere(bench: ExportBench) -> None:
    (bench.folder.parent / "q.sql").write_text("SELECT 1")
    ended = bench.run("--workspace", "", "--sql-file", "../q.sql", "--json", environ={"SANA_TOKEN": ""})
    failed(bench, ended, 2, "usage")
    assert "--workspace" in ended.message


# -- 3


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"SANA_TOKEN": ""}, "SANA_TOKEN"),
        ({"SANA_TOKEN": "not-a-pass"}, ""),
        ({"SANA_TOKEN": "", "SANA_CLIENT_ID": "x", "SANA_CLIENT_SECRET": "wrong"}, ""),
    ],
)
def test_3_credentials_missing_or_wrong(bench: ExportBench, changes: dict[str, str], says: str) -> None:
    ended = bench.run("--sql", bench.sql(), "--out", "report.csv", "--json", environ=changes)
    failed(bench, ended, 3, "auth")
    assert says in ended.message
    assert bench.submits == 0
    assert "wrong" not in ended.err.split()


def test_3_s03_not_allowed(bench: ExportBench) -> None:
    bench.server.add_fault(faults.Reply(403, code="insufficient_scope", message="The scope write is missing."), "api")
    ended = bench.run("--sql", bench.sql(), "--out", "report.csv", "--json")
    failed(bench, ended, 3, "auth")
    assert ended.answer["error"]["http_status"] == 403
    assert "write" in ended.message


# -- 4


def test_4_a_query_that_is_refused_in_the_services_words(bench: ExportBench) -> None:
    ended = bench.run("--sql", "DROP TABLE users", "--out", "report.csv", "--json")
    failed(bench, ended, 4, "query")
    assert ended.answer["error"]["http_status"] == 400
    assert "Only one SELECT" in ended.message
    assert "DROP would change data." in ended.err, "the window would have asked; here it is at least said (A09)"


def test_4_a_job_that_fails_in_the_services_words(bench: ExportBench) -> None:
    ended = bench.run("--sql", bench.sql("fail The moon is in the way"), "--out", "report.csv", "--json")
    failed(bench, ended, 4, "query")
    assert "The moon is in the way" in ended.message
    assert ended.answer["error"]["job_id"]


# -- 5


def test_5_n02_nobody_is_there(bench: ExportBench) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    site = f"http://127.0.0.1:{port}"
    ended = bench.run("--sql", "SELECT 1", "--workspace", site, "--out", "report.csv", "--json", "--timeout", "20")
    failed(bench, ended, 5, "network")
    assert ended.answer["error"]["job_id"] is None


def test_5_the_time_is_for_the_whole_export(bench: ExportBench) -> None:
    began = time.monotonic()
    ended = bench.run("--sql", bench.sql("slow 60"), "--out", "report.csv", "--json", "--timeout", "1.5")
    failed(bench, ended, 5, "network")
    assert time.monotonic() - began < 1.5 + ENDED_SECONDS
    assert "1.5 s" in ended.message
    assert ended.answer["error"]["job_id"]


def test_5_the_time_ends_in_a_download(bench: ExportBench) -> None:
    ended = bench.run("--sql", bench.sql("pace 5000"), "--out", "report.csv", "--json", "--timeout", "2.5")
    failed(bench, ended, 5, "network")
    # Over is over: a window that is opened later must not fetch it after all.
    assert bench.rows("SELECT state FROM transfers") == [("failed",)]


# -- 6


def test_6_l28_a_link_that_leads_where_it_must_not(bench: ExportBench) -> None:
    bench.server.add_fault(faults.Patch(link={"url": "http://store.invalid/report.csv"}), "poll", times=None)
    ended = bench.run("--sql", bench.sql(), "--out", "report.csv", "--json")
    failed(bench, ended, 6, "link")
    assert asked(bench, "GET", "/", "store") == 0


def test_6_l24_a_link_that_can_not_be_renewed_and_the_next_run_is_a_new_order(bench: ExportBench) -> None:
    ended = bench.run("--sql", bench.sql("dead"), "--out", "report.csv", "--json")
    failed(bench, ended, 6, "link")
    assert asked(bench, "GET", "/", "store") <= 2
    bench.run("--sql", bench.sql("dead"), "--out", "report.csv", "--json")
    assert bench.submits == 2


def test_6_a_job_that_is_gone_when_its_link_ends(bench: ExportBench) -> None:
    bench.server.add_fault(faults.LinkLife(0.0, claims=900.0), "job")
    bench.server.add_fault(faults.Reply(404, code="not_found"), "poll", times=None, skip=1)
    ended = bench.run("--sql", bench.sql(), "--out", "report.csv", "--json")
    failed(bench, ended, 6, "link")


# -- 2 and what was made


def test_2_a_file_is_never_named_for_what_it_is_not(bench: ExportBench) -> None:
    for arguments in (["--out", "u9.pdf"], ["--format", "csv", "--out", "u2.xlsx"]):
        ended = bench.run("--sql", bench.sql(), *arguments, "--json")
        failed(bench, ended, 2, "usage")
    assert bench.server.requests.records() == ()
    ended = bench.run("--sql", bench.sql(), "--out", "u2.xlsx", "--json")
    assert (ended.code, (bench.folder / "u2.xlsx").read_bytes()[:2]) == (0, b"PK")


def test_L45_what_came_otherwise_than_ordered_is_said(bench: ExportBench) -> None:
    ended = bench.run("--sql", bench.sql("size 2000"), "--out", "u2.xlsx")
    assert (ended.code, "The site sent CSV though a workbook was asked for" in ended.err) == (0, True)


def test_P12_a_store_that_was_damaged_is_said_here_and_by_the_next_window(bench: ExportBench) -> None:
    database = bench.home / "data" / "sana.db"
    database.parent.mkdir(parents=True)
    database.write_bytes(b"no database at all")
    ended = bench.run("--sql", bench.sql(), "--out", "report.csv")
    assert ended.code == 0
    assert "The app's own store was damaged" in ended.err
    ((kept,),) = bench.rows("SELECT value FROM settings WHERE key = 'untold_notices'")
    assert "W-DB-EMPTIED" in kept


@pytest.mark.parametrize(("status", "says"), [(403, "refused"), (404, "no file"), (410, "no file")])
def test_6_l25_l26_a_link_that_is_refused_says_so_with_its_status(bench: ExportBench, status: int, says: str) -> None:
    bench.server.add_fault(faults.StoreError(status, "No", "No."), "download", times=None)
    ended = bench.run("--sql", "SELECT 1 AS x", "--out", "report.csv", "--json", "--quiet")
    failed(bench, ended, 6, "link")
    assert ended.answer["error"]["http_status"] == status
    assert says in ended.message
    assert "ended" not in ended.message


# -- 7


def test_7_an_existing_file_is_left_as_it_is_and_nothing_is_ordered(bench: ExportBench) -> None:
    (bench.folder / "report.csv").write_text("mine")
    ended = bench.run("--sql", bench.sql(), "--out", "report.csv", "--json")
    assert (ended.code, ended.kind) == (7, "file")
    assert bench.files() == ["report.csv"]
    assert (bench.folder / "report.csv").read_text() == "mine"
    assert bench.server.requests.records() == ()


@pytest.mark.parametrize("out", ["missing/report.csv", "a-folder"])
def test_7_a_place_where_no_file_can_be_and_nothing_is_ordered(bench: ExportBench, out: str) -> None:
    (bench.folder / "a-folder").mkdir()
    ended = bench.run("--sql", bench.sql(), "--out", out, "--overwrite", "--json")
    assert (ended.code, ended.kind) == (7, "file")
    assert bench.files() == ["a-folder"]
    assert bench.server.requests.records() == ()


def test_7_a_folder_that_may_not_be_written(bench: ExportBench) -> None:
    bench.folder.chmod(0o500)
    if os.access(bench.folder, os.W_OK):
        bench.folder.chmod(0o700)
        pytest.skip("this user may write everywhere")
    ended = bench.run("--sql", bench.sql(), "--out", "report.csv", "--json")
    bench.folder.chmod(0o700)
    failed(bench, ended, 7, "file")
    assert bench.server.requests.records() == ()


def test_7_d01_no_room_is_no_reason_to_wait_for_hours(bench: ExportBench) -> None:
    bench.server.add_fault(faults.Framing("shorter", extra=10**15), "download", times=None)
    ended = bench.run("--sql", bench.sql(), "--out", "report.csv", "--json", "--timeout", "30")
    failed(bench, ended, 7, "file")
    assert "room" in ended.message


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are none on Windows")
@pytest.mark.parametrize("name", ["pipe", "pipe.csv"])
def test_7_a_pipe_is_not_replaced_and_nothing_is_ordered(bench: ExportBench, name: str) -> None:
    os.mkfifo(bench.folder / name)
    for option in ((), ("--overwrite",)):
        ended = bench.run("--sql", bench.sql(), "--out", name, "--format", "csv", "--json", "--quiet", *option)
        assert (ended.code, ended.kind) == (7, "file"), ended
        assert "is no plain file" in ended.message
    assert (bench.folder / name).is_fifo()
    assert bench.server.requests.records() == ()


def test_7_overwrite_replaces_only_at_the_end(bench: ExportBench) -> None:
    file = bench.folder / "report.csv"
    file.write_text("mine")
    ended = bench.run("--sql", bench.sql("dead"), "--out", "report.csv", "--overwrite", "--json")
    assert ended.kind == "link"
    assert file.read_text() == "mine"
    ended = bench.run("--sql", bench.sql(), "--out", "report.csv", "--overwrite", "--json")
    assert ended.code == 0
    assert sha256(file) == ended.answer["sha256"]
    assert bench.files() == ["report.csv"]


# -- 8


@pytest.mark.parametrize(
    "fault",
    [faults.LoseAnswer(), faults.LoseAnswer(after_bytes=20), faults.Reply(500)],
    ids=["N03", "N04", "S11"],
)
def test_8_a_lost_answer_is_not_repeated(bench: ExportBench, fault: faults.Fault) -> None:
    bench.server.add_fault(fault, "submit", times=None)
    ended = bench.run("--sql", bench.sql(), "--out", "report.csv", "--json")
    failed(bench, ended, 8, "unknown_submit")
    assert asked(bench, "POST", "/api/v1/reports/query") == 1


def test_8_the_time_ends_while_the_order_is_under_way(bench: ExportBench) -> None:
    bench.server.add_fault(faults.Hang(), "submit")
    ended = bench.run("--sql", bench.sql(), "--out", "report.csv", "--json", "--timeout", "1.5")
    failed(bench, ended, 8, "unknown_submit")
    assert asked(bench, "POST", "/api/v1/reports/query") == 1


# -- 130


@ON_POSIX
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_130_interrupted_in_a_download_leaves_nothing(bench: ExportBench, number: signal.Signals) -> None:
    with bench.started("--sql", bench.sql("pace 2000"), "--out", "report.csv", "--json") as child:
        assert read_until(child, "Fetching")
        began = time.monotonic()
        ended = interrupt(child, number)
    assert time.monotonic() - began < ENDED_SECONDS
    failed(bench, ended, 130, "cancelled")
    assert bench.rows("SELECT state FROM transfers") in ([("failed",)], [])


@ON_POSIX
@pytest.mark.parametrize("words", ["", "Ordering", "took the order"])
def test_130_interrupted_before_there_is_a_link(bench: ExportBench, words: str) -> None:
    bench.server.add_fault(faults.Delay(0.5), "submit")
    with bench.started("--sql", bench.sql("slow 30"), "--out", "report.csv", "--json") as child:
        if words:
            assert read_until(child, words)
        else:
            # As early as its own code runs: it has just made its folders.
            until_exists(bench.home, child)
        began = time.monotonic()
        ended = interrupt(child, signal.SIGTERM)
    assert time.monotonic() - began < ENDED_SECONDS
    failed(bench, ended, 130, "cancelled")
    assert bench.submits <= 1
    if words:
        assert bench.rows("SELECT state FROM jobs") == [("stopped",)]


def until_exists(path: Path, child: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 20
    while not path.exists() and child.poll() is None:
        assert time.monotonic() < end
        time.sleep(0.002)


# -- P08, P11: company


def test_p11_two_exports_at_once_share_one_data_folder(bench: ExportBench) -> None:
    with (
        bench.started("--sql", bench.sql(), "--out", "a.csv", "--json", "--quiet") as one,
        bench.started("--sql", bench.sql(), "--out", "b.csv", "--json", "--quiet") as two,
    ):
        first, second = (child.communicate(timeout=60) for child in (one, two))
    assert (one.returncode, two.returncode) == (0, 0), (first, second)
    assert sha256(bench.folder / "a.csv") == sha256(bench.folder / "b.csv")
    assert bench.rows("SELECT count(*) FROM jobs") == [(2,)]
    assert bench.submits == 2


def test_d09_two_exports_to_one_path_make_one_whole_file(bench: ExportBench) -> None:
    arguments = ("--sql", bench.sql(), "--out", "a.csv", "--json", "--quiet")
    with bench.started(*arguments) as one, bench.started(*arguments) as two:
        out = [child.communicate(timeout=60) for child in (one, two)]
    assert sorted([one.returncode, two.returncode]) == [0, 7], out
    assert bench.files() == ["a.csv"]
    assert (bench.folder / "a.csv").read_bytes() == SandboxClient(bench.server).report(SQL)


def test_p11_a_database_locked_for_a_while_is_waited_for(bench: ExportBench) -> None:
    assert bench.run("--sql", "SELECT 1 AS x", "--out", "first.csv").code == 0
    holder = (
        "import sqlite3,sys,time; c=sqlite3.connect(sys.argv[1]); c.execute('BEGIN EXCLUSIVE');"
        "print('held', flush=True); sys.stdin.readline(); c.rollback()"
    )
    database = str(bench.home / "data" / "sana.db")
    with subprocess.Popen(
        [sys.executable, "-c", holder, database], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdin is not None
        other.stdout.readline()
        with bench.started("--sql", "SELECT 2 AS x", "--out", "second.csv", "--json", "--quiet") as child:
            with pytest.raises(subprocess.TimeoutExpired):
                child.wait(1.5)
            other.stdin.close()
            assert child.wait(60) == 0
