"""kill -9 at each step from the order to the file, and again while recovering (BEHAVIOUR.md P01 to P05, B6, F12)."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import os
import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from sana_desktop.reports.disk import placeholder
from sana_desktop.reports.rescan import look_through
from sana_desktop.sandbox.server import SandboxServer
from tests.support.dying_download import NEVER, Mortals, Ran

pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="forks, and kills as kill -9 does"),
    pytest.mark.no_cover,  # a killed process leaves no traces of where it was
]

QUERY = (
    'SELECT {run} AS run, "user", "course" FROM "analytics"."user_course_instance_progress" ORDER BY "user", "course"'
)
READY = "after save of job ready"
PLACES = (
    "before create",
    "after create",
    "in the middle of write",
    "before sync",
    "before save of transfer finalizing",
    "after save of transfer finalizing",
    "after link",
    "after move_new",
    "before save of transfer done",
)
"""create → write → seal → FINALIZING → rename → DONE."""
SUBMITTING = frozenset({"before save of job submitting", "after save of job submitting", "before save of job watching"})


@dataclass
class Bench:
    """Runs reports in homes of their own against one sandbox."""

    server: SandboxServer
    mortals: Mortals
    base: Path
    runs: int = 0

    def new_home(self) -> Path:
        self.runs += 1
        return self.base / str(self.runs)

    def kept(self, home: Path, name: str) -> Path:
        """Return a copy of a home as it is now."""
        return shutil.copytree(home, self.base / name)

    async def run(self, home: Path, sql: str, die_at: int | str = NEVER, *, links: bool = True) -> Ran:
        return await asyncio.to_thread(self.mortals.run, home, self.server.describe(), sql, die_at, links=links)

    def submits(self, sql: str) -> int:
        return sum(query == sql for query in self.server.job_queries())


@pytest_asyncio.fixture
async def server() -> AsyncIterator[SandboxServer]:
    server = SandboxServer(rows=300, min_job_seconds=0.0)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
def bench(server: SandboxServer, tmp_path: Path) -> Iterator[Bench]:
    with Mortals() as mortals:
        yield Bench(server, mortals, tmp_path)


def bring_back(home: Path, kept: Path) -> None:
    """Let a home be as it was; in its own place, for the records in it name their folder."""
    shutil.rmtree(home)
    shutil.copytree(kept, home)


def files(home: Path) -> list[Path]:
    folder = home / "Sana reports"
    return sorted(folder.iterdir()) if folder.is_dir() else []


def transfer(home: Path) -> tuple[str, str, str] | None:
    """State, name and hash of the one download, read from a copy: looking must not mend what a kill left."""
    copy = home.parent / "looked at"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(home / "data", copy)
    store = sqlite3.connect(copy / "sana.db")
    try:
        assert store.execute("PRAGMA integrity_check").fetchone() == ("ok",), "I6"
        found = store.execute("SELECT state, name, sha256 FROM transfers").fetchall()
    except sqlite3.OperationalError:  # killed before there was a table
        return None
    finally:
        store.close()
    assert len(found) <= 1
    return found[0] if found else None


def check_killed(home: Path) -> None:
    """I1: what has a final name is whole, and its row says so."""
    named = [path for path in files(home) if not path.name.endswith(".part")]
    if named:
        (path,) = named
        row = transfer(home)
        assert row is not None
        assert row[0] in {"finalizing", "done"}
        assert row[1:] == (path.name, hashlib.sha256(path.read_bytes()).hexdigest())


def check_recovered(bench: Bench, home: Path, ended: Ran, sql: str) -> None:
    """I1, I3 and I8 once everything has come to its end."""
    assert not ended.died
    if (ended.job, ended.transfer) == ("submit_unknown", "none"):
        assert files(home) == []
    else:
        assert (ended.job, ended.transfer) == ("ready", "done")
        (path,) = files(home)
        assert path.suffix == ".csv"
        assert path.read_bytes().count(b"\n") == 301
        row = transfer(home)
        assert row == ("done", path.name, hashlib.sha256(path.read_bytes()).hexdigest())
    assert bench.submits(sql) <= 1, "ordered twice"


async def whole_run(bench: Bench) -> Ran:
    home = bench.new_home()
    sql = QUERY.format(run=bench.runs)
    ran = await bench.run(home, sql)
    check_recovered(bench, home, ran, sql)
    assert ran.transfer == "done"
    return ran


async def at_ready(bench: Bench) -> tuple[Path, str]:
    """Return a home whose job was killed when it was just READY, to begin many runs from."""
    home = bench.new_home()
    sql = QUERY.format(run=bench.runs)
    ran = await bench.run(home, sql, READY)
    assert ran.died
    assert ran.steps[-1] == READY
    return home, sql


@pytest.mark.timeout(120)
async def test_P02_killed_at_a_step_of_the_download_the_file_is_whole_or_absent(bench: Bench) -> None:
    home, sql = await at_ready(bench)
    ready = bench.kept(home, "ready")
    for place in PLACES:
        bring_back(home, ready)
        ran = await bench.run(home, sql, place)
        assert ran.died
        assert ran.steps[-1] == place
        check_killed(home)
        check_recovered(bench, home, await bench.run(home, sql), sql)


@pytest.mark.parametrize("place", ["before fill", "after fill"])
async def test_P02_without_hard_links_a_name_that_was_only_kept_is_given_back(bench: Bench, place: str) -> None:
    home, sql = await at_ready(bench)
    ran = await bench.run(home, sql, place, links=False)
    assert ran.died
    assert ran.steps[-1] == place
    (kept,) = [path for path in files(home) if not path.name.endswith(".part")]
    assert placeholder.is_placeholder(kept) == (place == "after fill")
    found, _ = look_through(kept.parent)
    assert found == [], "it is no report"
    check_recovered(bench, home, await bench.run(home, sql, links=False), sql)
    assert files(home) == [kept], "the report has the name that was kept for it"


async def test_P01_killed_around_the_order_it_is_not_sent_twice(bench: Bench) -> None:
    home = bench.new_home()
    sql = QUERY.format(run=bench.runs)
    ran = await bench.run(home, sql, "before save of job watching")
    assert ran.died
    assert bench.submits(sql) == 1
    ended = await bench.run(home, sql)
    assert ended.job == "submit_unknown"
    check_recovered(bench, home, ended, sql)


@pytest.mark.soak
@pytest.mark.timeout(1_800)
async def test_P02_every_step_with_a_second_kill_at_every_step_of_the_recovery(bench: Bench) -> None:
    first = (await whole_run(bench)).steps
    orders = range(1, first.index(READY) + 2)
    for die_at in orders:
        home = bench.new_home()
        sql = QUERY.format(run=bench.runs)
        assert (await bench.run(home, sql, die_at)).died
        check_killed(home)
        ended = await bench.run(home, sql)
        check_recovered(bench, home, ended, sql)
        assert (ended.job == "submit_unknown") <= (first[die_at - 1] in SUBMITTING)
    home, sql = await at_ready(bench)
    ready = bench.kept(home, "ready")
    combinations = 0
    for die_at in itertools.count(1):
        bring_back(home, ready)
        if not (await bench.run(home, sql, die_at)).died:
            break
        check_killed(home)
        killed = bench.kept(home, f"killed at {die_at}")
        for again in itertools.count(1):
            bring_back(home, killed)
            ended = await bench.run(home, sql, again)
            check_killed(home)
            if not ended.died:
                check_recovered(bench, home, ended, sql)
                break
            check_recovered(bench, home, await bench.run(home, sql), sql)
            combinations += 1
    assert combinations > 198  # as many as the reference protocol was tried with
    print(f"{len(orders)} kills around the order, {combinations} double kills of the download")
