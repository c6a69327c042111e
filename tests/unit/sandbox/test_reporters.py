"""The processes that write reports: bounded whatever the query, kept while they are good, gone when asked."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from sana_desktop.sandbox import reporters
from sana_desktop.sandbox.engine import EngineLimits, QueryFailed, QueryTooLong, TooManyRows, build
from sana_desktop.sandbox.reporters import Reporters
from tests.support.hostile_sql import BIG, UNINTERRUPTIBLE
from tests.support.sandbox_http import until

pytestmark = pytest.mark.no_cover  # what matters runs in other processes

PATIENT = EngineLimits(seconds=20.0)
HASTY = EngineLimits(seconds=0.3)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("company")
    build(folder, 100)
    return folder


@contextmanager
def pool(company: Path, limits: EngineLimits) -> Iterator[Reporters]:
    made = Reporters(company, limits)
    try:
        yield made
    finally:
        made.stop()
        assert not list(company.glob("reporter-*"))


def processes(company: Path) -> set[str]:
    return {path.name for path in company.glob("reporter-*")}


def test_one_process_writes_one_report_after_the_other(company: Path, tmp_path: Path) -> None:
    with pool(company, PATIENT) as made:
        made.warm()
        first = processes(company)
        etag = made.write("SELECT 1 AS x", tmp_path / "a.csv")
        assert (tmp_path / "a.csv").read_bytes() == b"x\n1\n"
        assert made.write("SELECT 1 AS x", tmp_path / "b.csv") == etag
        assert made.write("SELECT 1 AS x", tmp_path / "c.xlsx") != etag
        assert (tmp_path / "c.xlsx").read_bytes().startswith(b"PK")
        assert processes(company) == first
        assert len(first) == 1


def test_one_that_failed_is_not_asked_again(company: Path, tmp_path: Path) -> None:
    with pool(company, PATIENT) as made:
        made.write("SELECT 1", tmp_path / "a.csv")
        first = processes(company)
        with pytest.raises(QueryFailed, match="no_such_column"):
            made.write("SELECT no_such_column FROM users", tmp_path / "b.csv")
        with pytest.raises(TooManyRows):
            made.write("SELECT * FROM range(1048576)", tmp_path / "c.xlsx")
        made.write("SELECT 1", tmp_path / "d.csv")
        assert not first & processes(company)


def test_one_that_died_while_nobody_asked_is_replaced(company: Path, tmp_path: Path) -> None:
    with pool(company, PATIENT) as made:
        made.warm()
        made._idle[0].kill()
        made.write("SELECT 1", tmp_path / "a.csv")


@pytest.mark.parametrize("name", UNINTERRUPTIBLE)
def test_time_ends_what_nothing_interrupts(company: Path, tmp_path: Path, name: str) -> None:
    with pool(company, HASTY) as made:
        made.warm()
        begun = time.monotonic()
        with pytest.raises(QueryTooLong, match=r"longer than 0\.3 seconds"):
            made.write(UNINTERRUPTIBLE[name], tmp_path / "a.csv")
        assert time.monotonic() - begun < 5.0
        assert not processes(company)


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_every_function_there_is_ends_in_time(tmp_path: Path) -> None:
    """Each with as many long texts as it takes; most are refused for their types, and some take for ever."""
    words = build(tmp_path, 100)
    with duckdb.connect() as engine:
        known = engine.execute(
            "SELECT DISTINCT function_name, len(parameters) FROM duckdb_functions()"
            " WHERE len(parameters) BETWEEN 1 AND 4"
        ).fetchall()
    calls = [(name, count) for name, count in known if name.isidentifier() and "collate_" not in name]
    late = 0
    with pool(tmp_path, HASTY) as made:
        for name, count in sorted(call for call in calls if call[0] in words.functions):
            begun = time.monotonic()
            try:
                made.write(f'SELECT "{name}"({", ".join(["t"] * count)}) AS x FROM {BIG}', tmp_path / "a.csv")
            except QueryTooLong:
                late += 1
            except QueryFailed:
                pass
            assert time.monotonic() - begun < 10.0, name
        made.write("SELECT 1", tmp_path / "a.csv")
    assert late >= len(UNINTERRUPTIBLE) - 1


def test_stopping_ends_what_nothing_interrupts(company: Path, tmp_path: Path) -> None:
    said: list[str] = []

    def ask() -> None:
        try:
            made.write(UNINTERRUPTIBLE["levenshtein"], tmp_path / "a.csv")
        except QueryFailed as error:
            said.append(str(error))

    with pool(company, PATIENT) as made:
        asker = threading.Thread(target=ask)
        asker.start()
        until((tmp_path / "a.csv").exists)
        begun = time.monotonic()
        made.stop()
        asker.join(5.0)
        assert time.monotonic() - begun < 2.0
        with pytest.raises(QueryFailed, match="stopping"):
            made.write("SELECT 1", tmp_path / "b.csv")
    assert said == ["The sandbox is stopping."]


def test_a_packed_app_starts_itself(company: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as packed:
        packed.setattr(sys, "frozen", True, raising=False)
        program, *rest = reporters.command()
        assert program == sys.executable
    monkeypatch.setattr(reporters, "command", lambda: [sys.executable, "-m", "sana_desktop", *rest])
    with pool(company, PATIENT) as made:
        made.write("SELECT 1 AS x", tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_bytes() == b"x\n1\n"
