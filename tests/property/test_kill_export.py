"""kill -9 of a running export, anywhere: the file is whole or absent, the job never forgotten or doubled (P01-P05)."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sana_desktop.sandbox import faults
from sana_desktop.sandbox.server import SandboxServer, running_sandbox
from tests.support.export_command import ExportBench, ThisProcess, read_until, sha256
from tests.support.killed_exports import FILE, Left, go_on, kill_after, look
from tests.support.sandbox_http import until

pytestmark = pytest.mark.no_cover  # a killed process leaves no traces of where it was

RUN_SECONDS = 3.0
"""About what an undisturbed run takes: start 0.6, wait 0.6, download 0.5."""
SCRIPT = "slow 0.6; pace 700000"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxServer]:
    with running_sandbox(rows=2_000, min_job_seconds=0.1) as server:
        yield server


@pytest.fixture(scope="module")
def whole(sandbox: SandboxServer, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The sha256 of the whole report."""
    bench = a_bench(sandbox, tmp_path_factory.mktemp("whole"))
    ended = bench.run("--sql", bench.sql(), "--out", FILE, "--json", "--quiet")
    assert ended.code == 0, ended
    return sha256(bench.folder / FILE)


@pytest.fixture
def bench(
    sandbox: SandboxServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> ExportBench:
    """What is to be killed is a process; what goes on after it runs here."""
    sandbox.faults.clear()
    bench = a_bench(sandbox, tmp_path)
    bench.here = ThisProcess(monkeypatch, capsysbinary)
    return bench


def a_bench(sandbox: SandboxServer, folder: Path) -> ExportBench:
    (folder / "work").mkdir()
    return ExportBench(sandbox, folder / "work", folder / "home")


def killed_anywhere(sandbox: SandboxServer, folder: Path, seconds: float, whole: str) -> Left:
    folder.mkdir()
    bench = a_bench(sandbox, folder)
    arguments = ("--sql", bench.sql(SCRIPT))
    kill_after(bench, seconds, *arguments)
    left = look(bench, whole)
    go_on(bench, whole, left, *arguments)
    return left


def kill_many(sandbox: SandboxServer, folder: Path, whole: str, count: int, seed: int) -> list[Left]:
    uniform = random.Random(seed)
    # One from each slice of the run, so that chance can't leave a phase out.
    moments = [RUN_SECONDS * (number + uniform.random()) / count for number in range(count)]
    uniform.shuffle(moments)
    sandbox.faults.clear()
    with ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        work = [
            pool.submit(killed_anywhere, sandbox, folder / str(number), moment, whole)
            for number, moment in enumerate(moments)
        ]
        return [each.result() for each in work]


def test_p01_kills_at_random_moments(sandbox: SandboxServer, tmp_path: Path, whole: str) -> None:
    left = kill_many(sandbox, tmp_path, whole, 5, seed=1)
    assert any(not each.job for each in left), "no kill came before the order"
    moment = RUN_SECONDS
    while not any(each.submits for each in left):  # on a busy machine it came later
        moment *= 2
        left.append(killed_anywhere(sandbox, tmp_path / f"{moment}", moment, whole))


@pytest.mark.soak
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", range(2, 7))
def test_p01_hundreds_of_kills(sandbox: SandboxServer, tmp_path: Path, whole: str, seed: int) -> None:
    kill_many(sandbox, tmp_path, whole, 80, seed)


@pytest.mark.parametrize(
    ("words", "state", "transfer"),
    [
        ("took the order", {"watching"}, {""}),
        ("is ready", {"ready"}, {"", "waiting", "fetching"}),
        ("Fetching", {"ready"}, {"fetching"}),
        ("checking", {"ready"}, {"finalizing", "done"}),
    ],
    ids=["watching", "ready", "mid-download", "finalise"],
)
def test_p02_kills_at_each_step(
    bench: ExportBench, whole: str, words: str, state: set[str], transfer: set[str]
) -> None:
    arguments = ("--sql", bench.sql(SCRIPT))
    with bench.started(*arguments, "--out", FILE) as child:
        assert read_until(child, words)
        child.kill()
        child.wait()
    left = look(bench, whole)
    assert left.job in state
    assert left.transfer in transfer
    go_on(bench, whole, left, *arguments)


def test_p03_killed_after_the_order_was_sent_it_is_said_once_and_not_sent_again(bench: ExportBench, whole: str) -> None:
    bench.server.requests.clear()
    bench.server.add_fault(faults.Delay(20.0), "submit")
    arguments = ("--sql", bench.sql())
    with bench.started(*arguments, "--out", FILE) as child:
        assert read_until(child, "Ordering")
        until(lambda: any(record.method == "POST" for record in bench.server.requests.records()))
        child.kill()
        child.wait()
    bench.server.faults.clear()
    left = look(bench, whole)
    assert left.job == "submitting"
    go_on(bench, whole, left, *arguments)


def test_p03_killed_before_anything_was_sent_it_is_ordered_once(bench: ExportBench, whole: str) -> None:
    bench.server.add_fault(faults.Delay(20.0), "token")
    described = bench.server.describe()
    bench.environ |= {"SANA_TOKEN": "", "SANA_CLIENT_ID": described["client_id"]}
    bench.environ["SANA_CLIENT_SECRET"] = described["client_secret"]
    arguments = ("--sql", bench.sql())
    with bench.started(*arguments, "--out", FILE) as child:
        assert read_until(child, "Ordering")
        child.kill()
        child.wait()
    bench.server.faults.clear()
    left = look(bench, whole)
    # The line is printed about when the row changes: the kill may come on either side of that.
    assert left.job in {"queued", "submitting"}
    assert left.submits == 0
    go_on(bench, whole, left, *arguments)


def test_p05_killed_after_the_rename_the_file_is_recognised(bench: ExportBench, whole: str) -> None:
    arguments = ("--sql", bench.sql())
    assert bench.run(*arguments, "--out", FILE, "--quiet").code == 0
    bench.change("UPDATE transfers SET state = 'finalizing', part = ?, finished_at = NULL", [f".{FILE}.0123abcd.part"])
    bench.server.requests.clear()
    again = bench.run(*arguments, "--out", FILE, "--json")
    assert again.code == 0, again
    assert again.answer["sha256"] == whole
    assert bench.server.requests.records() == ()
    # A file of somebody else at that place is not taken for it.
    bench.change("UPDATE transfers SET state = 'finalizing'")
    (bench.folder / FILE).write_text("mine")
    again = bench.run(*arguments, "--out", FILE, "--json")
    assert again.kind == "file"
    assert (bench.folder / FILE).read_text() == "mine"
    assert bench.submits == 1


def test_p01_a_name_of_its_own_is_kept_over_a_kill(bench: ExportBench, whole: str) -> None:
    arguments = ("--sql", bench.sql("slow 0.6; pace 700000"))
    with bench.started(*arguments) as child:
        assert read_until(child, "Fetching")
        child.kill()
        child.wait()
    again = bench.run(*arguments, "--json", "--quiet")
    assert again.code == 0, again
    assert bench.files() == [Path(again.answer["path"]).name]
    assert bench.submits == 1
    # A finished one is an older wish: the next command is a new report.
    third = bench.run(*arguments, "--json", "--quiet")
    assert third.code == 0
    assert len(bench.files()) == 2
    assert bench.submits == 2


def test_contract_overwrite_keeps_the_old_file_over_a_kill(bench: ExportBench, whole: str) -> None:
    (bench.folder / FILE).write_text("mine")
    arguments = ("--sql", bench.sql(SCRIPT), "--out", FILE, "--overwrite")
    with bench.started(*arguments) as child:
        assert read_until(child, "Fetching")
        child.kill()
        child.wait()
    assert (bench.folder / FILE).read_text() == "mine"
    # Without leave to replace it, it is another wish.
    assert bench.run("--sql", bench.sql(SCRIPT), "--out", FILE, "--json").kind == "file"
    assert (bench.folder / FILE).read_text() == "mine"
    assert bench.run(*arguments, "--quiet").code == 0
    assert (bench.files(), bench.submits) == ([FILE], 1)
    assert sha256(bench.folder / FILE) == whole
