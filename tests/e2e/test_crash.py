"""A window that dies of a fault in native code, and what the next one says (BEHAVIOUR.md P17, B12)."""

from __future__ import annotations

import json
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sana_desktop.store.paths import Paths
from tests.support.export_command import program_environment

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="looks at how the process died"),
    pytest.mark.no_cover,  # the processes go where tests/ui went already
]
FAULTS = [-number for number in signal.Signals if number.name in ("SIGSEGV", "SIGBUS")]
"""The stacks of threads that still run are read while it dies, which may be a fault of its own."""

PATIENCE_SECONDS = 60.0
UNEXPECTED = "The app ended unexpectedly last time."


@contextmanager
def window(home: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    child = subprocess.Popen(
        (sys.executable, "-m", "tests.support.telling_window", *arguments),
        cwd=home,
        env=program_environment({"SANA_DESKTOP_HOME": str(home)}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with child:
        try:
            yield child
        finally:
            child.kill()


def says(child: subprocess.Popen[str], *beginnings: str) -> list[str]:
    """What its line says until it says something that begins so."""
    said: list[str] = []
    assert child.stdout is not None
    while not (said and said[-1].startswith(beginnings)):
        said.append(child.stdout.readline().rstrip("\n"))
        assert said[-1], f"it ended; it said {said[:-1]}"
    return said


def test_P17_a_crash_leaves_stacks_without_secrets(tmp_path: Path) -> None:
    paths = Paths.below(tmp_path).for_demo()
    with window(tmp_path, "demo", "--debug-crash", "segv") as child:
        assert child.wait(PATIENCE_SECONDS) in FAULTS
    stacks = paths.log / "crash.log"
    assert "Segmentation fault" in stacks.read_text("utf-8")
    assert "last_run.py" in stacks.read_text("utf-8")
    assert stat.S_IMODE(stacks.stat().st_mode) == 0o600
    # The secrets of the pretend site were in the memory of the process; nothing of them is in what it left to read.
    kept = json.loads((paths.sandbox / "sandbox.json").read_text("utf-8"))["credentials"]
    left = b"".join(file.read_bytes() for file in paths.log.iterdir())
    assert [name for name in ("client_secret", "api_key") if kept[name].encode() in left] == []


def test_P17_the_next_start_tells_of_a_crash_once(tmp_path: Path) -> None:
    logs = Paths.below(tmp_path).log
    with window(tmp_path, "--debug-crash", "segv") as child:
        assert child.wait(PATIENCE_SECONDS) in FAULTS
    stacks = (logs / "crash.log").read_text("utf-8")
    with window(tmp_path) as child:
        notice = says(child, UNEXPECTED)[-1]
        (story,) = logs.glob("crash-*.log")
        assert str(story) in notice
        assert "Nothing that was saved is lost" in notice
        assert story.read_text("utf-8") == stacks
        child.kill()
    # Killed: there is nothing to tell of that, and the crash was told.
    with window(tmp_path) as child:
        assert not [line for line in says(child, "Nothing under way.") if UNEXPECTED in line]
        child.send_signal(signal.SIGTERM)
        assert child.wait(PATIENCE_SECONDS) == 0
    assert not (logs / "crash.log").exists()
