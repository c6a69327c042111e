"""Ctrl-C is noted while a command loads, and answered with its exit code as soon as it is ready."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from sana_desktop.base import ctrl_c
from tests.support.export_command import PATIENCE_SECONDS, program_environment

ON_POSIX = pytest.mark.skipif(os.name == "nt", reason="there is no such signal to send on Windows")
PRESSED_AT = """\
import os, sys  # and not signal, which loads half of the rest
class Press:
    def find_spec(self, name, path=None, target=None):
        if name == sys.argv[1]:
            sys.meta_path.remove(self)
            os.kill(os.getpid(), 2)
sys.meta_path.insert(0, Press())
from sana_desktop.__main__ import main
sys.exit(main(sys.argv[2:]))
"""


@pytest.fixture(autouse=True)
def handler_as_before() -> Iterator[None]:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@ON_POSIX
def test_it_is_noted_and_raised_when_all_is_ready() -> None:
    ctrl_c.hold()
    signal.raise_signal(signal.SIGINT)
    ctrl_c.hold()
    with pytest.raises(KeyboardInterrupt):
        ctrl_c.let_go()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    ctrl_c.let_go()


def test_what_is_ignored_stays_ignored() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ctrl_c.hold()
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    ctrl_c.let_go()
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN


@ON_POSIX
@pytest.mark.parametrize(
    ("module", "command"),
    [
        ("sana_desktop.base.ctrl_c", "export"),
        ("enum", "export"),
        ("sana_desktop.cli.export", "export"),
        ("sana_desktop.cli.practice", "practice"),
    ],
)
def test_130_whatever_is_being_loaded(module: str, command: str) -> None:
    more = ["--sql", "SELECT 1"] if command == "export" else ["simulate", "--url", "http://127.0.0.1:9", "--user", "x"]
    # Isolated, or what looks for the packages of this environment would load most of it before.
    run = [sys.executable, "-S", "-c", PRESSED_AT, module, command, *more, "--json"]
    found = program_environment(measured=False)
    found["PYTHONPATH"] = os.pathsep.join([found["PYTHONPATH"], *filter(None, sys.path)])
    done = subprocess.run(run, env=found, capture_output=True, timeout=PATIENCE_SECONDS, check=False)
    assert (done.returncode, done.stderr) == (130, b""), done
    assert json.loads(done.stdout)["error"]["kind"] == "cancelled"
