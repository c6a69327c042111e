"""A query that takes too much memory is ended, and the process goes on."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from sana_desktop.sandbox.engine import EngineLimits, QueryFailed
from sana_desktop.sandbox.memory import Watch, resident_bytes
from sana_desktop.sandbox.policy import CheckedQuery
from tests.support.sandbox_engine import WholeEngine

TOLD = pytest.mark.skipif(resident_bytes() is None, reason="this platform does not tell a process its memory")
DOUBLING = (
    "WITH RECURSIVE t(s) AS (SELECT 'abcdefgh' UNION ALL SELECT s || s FROM t WHERE length(s) < 4000000000)"
    " SELECT max(length(s)) FROM t"
)
CONFINED = """
import sys
from pathlib import Path
from sana_desktop.sandbox.engine import EngineLimits, QueryFailed
from sana_desktop.sandbox.memory import Confinement
from sana_desktop.sandbox.policy import CheckedQuery
from tests.support.sandbox_engine import WholeEngine

engine = WholeEngine(Path(sys.argv[1]), 100, EngineLimits(seconds=20.0, memory="200MB"))
Confinement(600_000_000)

def run(sql):
    with engine.open(CheckedQuery(sql, True)) as reader:
        return [line for lines in reader.csv_lines() for line in lines]

try:
    run("SELECT length(repeat('x', 2000000000))")
except QueryFailed as error:
    print("failed")
# Not ru_maxrss: a process inherits that of the one that started it.
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(run("SELECT 1 + 1"), int(peak.split()[1]) // 1024)
"""


@TOLD
def test_a_text_that_doubles_for_ever_is_ended_by_the_watch(tmp_path: Path) -> None:
    engine = WholeEngine(tmp_path, 100, EngineLimits(seconds=20.0, growth=60_000_000))
    try:
        with (
            pytest.raises(QueryFailed, match="more memory than there is"),
            engine.open(CheckedQuery(DOUBLING, True)) as reader,
        ):
            list(reader.csv_lines())
        with engine.open(CheckedQuery("SELECT 1", True)) as reader:
            assert list(reader.csv_lines()) == [["1"]]
    finally:
        engine.close()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to such a bound")
def test_a_process_of_its_own_is_bounded_even_where_nothing_can_be_interrupted(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CONFINED, str(tmp_path)], capture_output=True, text=True, timeout=60, check=True
    )
    said, result = done.stdout.splitlines()
    assert (said, result.split("]")[0]) == ("failed", "['2'")
    assert int(result.split()[-1]) < 800


def test_a_watch_that_is_stopped_interrupts_nothing() -> None:
    hit = threading.Event()
    watch = Watch(hit.set, 30.0, 10**12)
    watch.start()
    watch.stop()
    assert (hit.is_set(), watch.swelled) == (False, False)
    late = Watch(hit.set, 0.0, 10**12)
    late.start()
    assert hit.wait(10.0)
    late.stop()
    assert not late.swelled
