"""`sana-desktop demo` and the window as processes: the tour, the orderly end, the second start, the sudden death."""

from __future__ import annotations

import hashlib
import json
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from sana_desktop.store.paths import Paths
from sana_desktop.ui.tour_guide import STEP_SECONDS
from tests.support.export_command import PROGRAM, program_environment
from tests.support.sandbox_http import until

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="looks at processes through /proc"),
    pytest.mark.no_cover,  # the processes go where tests/ui went already
]

PATIENCE_SECONDS = 60.0
TOUR_SECONDS = STEP_SECONDS + 120.0
"""More than the tour gives one step, so that it can say which one did not come, and time to get there."""
QUIT_SECONDS = 5.0
"""I10: a quit takes at most so long."""


@contextmanager
def started(*command: str, cwd: Path, environ: Mapping[str, str] | None = None) -> Iterator[subprocess.Popen[str]]:
    child = subprocess.Popen(
        command,
        cwd=cwd,
        env=program_environment({"TMPDIR": str(cwd), **(environ or {})}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield child
    finally:
        child.kill()
        child.wait(PATIENCE_SECONDS)
        for pipe in (child.stdout, child.stderr):
            if pipe is not None:
                pipe.close()


def sandboxes(folder: Path) -> list[int]:
    """Processes that serve a demo workspace out of `folder`."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                words = (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")
            except OSError:
                continue  # it has ended meanwhile
            if "sandbox" in words and any(word.startswith(str(folder)) for word in words):
                found.append(int(entry.name))
    return found


def rows(home: Path, statement: str) -> list[tuple[object, ...]]:
    """What the demo's database says, nothing while there is none yet."""
    database = Paths.below(home).for_demo().database
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10)) as connection:
            return connection.execute(statement).fetchall()
    except sqlite3.OperationalError:
        return []


def check_picture(path: Path) -> None:
    """It is a picture of a window, not of nothing."""
    image = QImage(str(path))
    assert (image.width(), image.height()) >= (1280, 800), path
    seen = {image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)}
    assert len(seen) > 20, f"{path.name} is blank"


@pytest.mark.timeout(2 * TOUR_SECONDS)
@pytest.mark.parametrize("platform", ["offscreen", "xcb"])
def test_the_tour_drives_the_window_through_its_main_job(
    tmp_path: Path, platform: str, request: pytest.FixtureRequest
) -> None:
    environ = {"QT_QPA_PLATFORM": platform}
    if platform == "xcb":
        environ["DISPLAY"] = request.getfixturevalue("x11_display")
    folder = tmp_path / "made" / "by-the-tour"
    with started(*PROGRAM, "demo", "--tour", str(folder), cwd=tmp_path, environ=environ) as child:
        out, err = child.communicate(timeout=TOUR_SECONDS)
    assert child.returncode == 0, (out, err)
    story = json.loads((folder / "tour.json").read_text("utf-8"))
    assert len(story["pictures"]) >= 8
    for name in story["pictures"]:
        check_picture(folder / name)
    assert {Path(file["name"]).suffix for file in story["files"]} == {".csv", ".xlsx"}
    for file in story["files"]:
        content = (folder / file["name"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == file["sha256"]
        assert len(content) == file["bytes"]
        assert file["rows"] > 0
    made = {*story["pictures"], *(file["name"] for file in story["files"]), "tour.json"}
    assert {entry.name for entry in folder.iterdir()} == made
    assert sandboxes(tmp_path) == []
    assert "Traceback" not in err


def test_without_a_display_demo_says_so_and_takes_the_tour(tmp_path: Path) -> None:
    with started(*PROGRAM, "demo", cwd=tmp_path, environ={"QT_QPA_PLATFORM": "", "DISPLAY": ""}) as child:
        assert child.stdout is not None
        assert "no display" in child.stdout.readline()
        until(lambda: (tmp_path / "tour" / "01-welcome.png").exists())
        child.send_signal(signal.SIGTERM)
        child.communicate(timeout=QUIT_SECONDS)
        assert child.returncode == 130
    assert sandboxes(tmp_path) == []


@pytest.mark.parametrize(("named", "words"), [("", "There is no display here,"), (":7654", "“:7654” does not answer,")])
def test_without_a_display_the_window_says_so(tmp_path: Path, named: str, words: str) -> None:
    with started(*PROGRAM, cwd=tmp_path, environ={"QT_QPA_PLATFORM": "", "DISPLAY": named}) as child:
        out, err = child.communicate(timeout=PATIENCE_SECONDS)
    assert (child.returncode, out) == (1, "")
    assert words in err
    assert len(err.splitlines()) == 1


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A folder as short as a person's own: the path of a socket may have some hundred bytes at most."""
    with tempfile.TemporaryDirectory(prefix="sana-") as folder:
        yield Path(folder)


def test_i10_p08_one_window_a_folder_and_an_orderly_end(tmp_path: Path, short_folder: Path) -> None:
    home = short_folder / "home"
    environ = {"SANA_DESKTOP_HOME": str(home)}
    data = Paths.below(home).for_demo().data
    with started(*PROGRAM, "demo", cwd=tmp_path, environ=environ) as first:
        until(lambda: (data / "window.json").exists())  # so early that it does not listen yet
        other_place = program_environment({**environ, "TMPDIR": str(short_folder)})  # as from another terminal
        second = subprocess.run(
            (*PROGRAM, "demo"),
            cwd=tmp_path,
            env=other_place,
            capture_output=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        assert (second.returncode, second.stdout, second.stderr) == (0, b"", b"")
        assert first.poll() is None
        until(lambda: bool(sandboxes(home)) and (data / "sandbox" / "sandbox.json").exists())
        began = time.monotonic()
        first.send_signal(signal.SIGTERM)
        out, err = first.communicate(timeout=PATIENCE_SECONDS)
        assert time.monotonic() - began < QUIT_SECONDS
        assert (first.returncode, out) == (0, "")
        # Qt's words: the first one was asked to come forward. (On a busy machine it tells of stalls, too.)
        assert err.splitlines().count("This plugin does not support raise()") == 1
        assert "Traceback" not in err
    assert sandboxes(home) == []
    assert rows(home, "PRAGMA integrity_check") == [("ok",)]
    assert not (data / "window.json").exists()
    # The real application was not touched: its first start is still its first.
    assert [entry.name for entry in (home / "data").iterdir()] == ["demo"]


def test_p01_a_killed_window_goes_on_with_its_job_and_its_sandbox_ends_by_itself(tmp_path: Path) -> None:
    home = tmp_path / "home"
    environ = {"SANA_DESKTOP_HOME": str(home)}
    sql = '-- sandbox: slow 6\nSELECT * FROM "analytics"."users" ORDER BY 1'
    with started(sys.executable, "-m", "tests.support.driven_window", sql, cwd=tmp_path, environ=environ) as window:
        assert window.stdout is not None
        assert window.stdout.readline() == "ordered\n"
        until(lambda: rows(home, "SELECT state FROM jobs") == [("watching",)])
        assert len(sandboxes(home)) == 1
        window.kill()
        window.wait()
    until(lambda: sandboxes(home) == [])
    before = rows(home, "SELECT id, job_id, sql FROM jobs")
    with started(*PROGRAM, "demo", cwd=tmp_path, environ=environ) as window:
        until(lambda: rows(home, "SELECT state FROM transfers") == [("done",)])
        window.send_signal(signal.SIGTERM)
        _, err = window.communicate(timeout=PATIENCE_SECONDS)
        assert window.returncode == 0, err
    # The same job, ordered once, its file in place.
    assert rows(home, "SELECT id, job_id, sql FROM jobs") == before
    journal = Paths.below(home).for_demo().sandbox / "jobs.jsonl"
    orders = [json.loads(line) for line in journal.read_text().splitlines()]
    assert sum("query" in order for order in orders) == 1
    ((folder, name, sha),) = rows(home, "SELECT folder, name, sha256 FROM transfers")
    assert hashlib.sha256((Path(str(folder)) / str(name)).read_bytes()).hexdigest() == sha
    assert [entry.name for entry in Path(str(folder)).iterdir()] == [name]
    assert rows(home, "PRAGMA integrity_check") == [("ok",)]
