"""Start-up: from the spawning of the process to the painted window, beside a bare PySide6 window's process."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.benchmarks.table import Row, show
from tests.support.environment import Unavailable, x11_display
from tests.support.project import ROOT

RUNS = 9
BOUND = 1.5
DRIVER = Path(__file__).with_name("first_paint.py")


def _seconds(kind: str, variables: dict[str, str], home: Path) -> float:
    spawned = {"SPAWNED_NS": str(time.monotonic_ns()), "SANA_DESKTOP_HOME": str(home)}
    command = [sys.executable, str(DRIVER), kind]
    done = subprocess.run(command, env=variables | spawned, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return float(done.stdout)


def _variables(compiled: Path) -> dict[str, str]:
    """As an installed app starts: with its bytecode, whatever this shell says, and without coverage."""
    left_out = ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "COVERAGE_PROCESS_START")
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    return kept | {"PYTHONPYCACHEPREFIX": str(compiled)}


@pytest.mark.parametrize("platform", ["offscreen", "xcb"])
def test_start_to_painted_window(platform: str, tmp_path: Path) -> None:
    variables = _variables(tmp_path / "bytecode") | {"QT_QPA_PLATFORM": platform}
    if platform == "offscreen":
        misses = _measure(platform, variables, tmp_path)
    else:
        try:
            with x11_display() as display:
                misses = _measure(platform, variables | {"DISPLAY": display}, tmp_path)
        except Unavailable as reason:
            pytest.skip(str(reason))
    assert not misses


def _measure(platform: str, variables: dict[str, str], folder: Path) -> list[str]:
    used = folder / "used"
    for kind in ("bare", "frame", "full"):  # compiles the bytecode, fills the disk's cache, makes the used home
        _seconds(kind, variables, used)
    taken: dict[str, list[float]] = {"bare": [], "frame": [], "frame, fresh": [], "full": []}
    for run in range(RUNS):
        taken["bare"].append(_seconds("bare", variables, used))
        taken["frame"].append(_seconds("frame", variables, used))
        taken["frame, fresh"].append(_seconds("frame", variables, folder / f"fresh-{run}"))
        taken["full"].append(_seconds("full", variables, used))
    middle = {kind: statistics.median(seconds) for kind, seconds in taken.items()}
    bare = middle["bare"]
    return show(
        f"Start to painted window, {platform}, median of {RUNS}; the peer is a bare QMainWindow",
        [
            Row("first painted window, used home", middle["frame"], peer=bare, bound=bare * BOUND),
            Row("first painted window, fresh home", middle["frame, fresh"], peer=bare, bound=bare * BOUND),
            Row("with editor and panels painted", middle["full"], peer=bare),
        ],
        "fastest of each: " + ", ".join(f"{kind} {min(seconds):.3f} s" for kind, seconds in taken.items()),
    )
