"""What must hold when an export is killed and the same command is given again (P01 to P05, I1 to I3, I6, I8)."""

from __future__ import annotations

import time
from dataclasses import dataclass

from tests.support.export_command import Ended, ExportBench, sha256

FILE = "report.csv"


@dataclass(frozen=True, slots=True)
class Left:
    """What a killed export left: the job's state ("" if there is no row) and its download's, and whether FILE is."""

    job: str
    transfer: str
    file: bool
    submits: int


def look(bench: ExportBench, whole: str) -> Left:
    """Check what must be true right after a kill, and return what is there.

    Args:
        whole: the sha256 of the whole report.
    """
    bench.check_store()
    files = bench.files()
    parts = [name for name in files if name.startswith(f".{FILE}.") and name.endswith(".part")]
    assert set(files) <= {FILE, *parts}, files
    if FILE in files:
        assert sha256(bench.folder / FILE) == whole, "a file under the final name is not the whole report"
    state, number, transfer = _rows(bench)
    submits = bench.submits
    assert submits <= 1
    if submits:
        assert state, "the job is forgotten"
        assert number or state == "submitting"
    if FILE in files:
        assert transfer in {"finalizing", "done"}, "I1"
    return Left(state, transfer, FILE in files, submits)


def go_on(bench: ExportBench, whole: str, left: Left, *arguments: str) -> None:
    """Give the same command again and check that it keeps the promise of the first."""
    again = bench.run(*arguments, "--out", FILE, "--json", "--quiet")
    if left.transfer == "done":
        assert again.kind == "file"  # it was complete; nobody was there to say so
    elif left.job == "submitting":
        assert (again.code, again.kind) == (8, "unknown_submit"), again
        assert bench.submits == left.submits
        again = bench.run(*arguments, "--out", FILE, "--json", "--quiet")
        _check_success(bench, whole, again)
        assert bench.submits == left.submits + 1
    else:
        _check_success(bench, whole, again)
        assert bench.submits == 1, "the report was ordered twice"
    assert bench.files() == [FILE]
    assert sha256(bench.folder / FILE) == whole
    bench.check_store()


def kill_after(bench: ExportBench, seconds: float, *arguments: str) -> None:
    """Start the command and kill it without warning so many seconds later, wherever it is."""
    with bench.started(*arguments, "--out", FILE, "--json", "--quiet") as child:
        end = time.monotonic() + seconds
        while time.monotonic() < end and child.poll() is None:
            time.sleep(0.002)
        child.kill()
        child.wait()


def _check_success(bench: ExportBench, whole: str, ended: Ended) -> None:
    assert ended.code == 0, ended
    assert ended.answer["sha256"] == whole


def _rows(bench: ExportBench) -> tuple[str, str | None, str]:
    if not (bench.home / "data" / "sana.db").exists():
        return "", None, ""
    if not bench.rows("SELECT 1 FROM sqlite_master WHERE name = 'jobs'"):
        return "", None, ""
    jobs = bench.rows("SELECT state, job_id FROM jobs")
    assert len(jobs) <= 1
    transfers = bench.rows("SELECT state FROM transfers")
    assert len(transfers) <= 1
    state, number = jobs[0] if jobs else ("", None)
    return str(state), number, str(transfers[0][0]) if transfers else ""
